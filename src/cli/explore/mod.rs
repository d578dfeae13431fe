//! `detente explore`: a history in the browser, served from this machine.

mod clock;
mod http;

mod folder;
mod guard;

mod room;

mod begin;
mod routes;

pub(super) mod play;

use crate::cli::args::Explore as Arguments;
use crate::cli::terminal::output::{Outcome, Output, gone, unwritten};
use crate::cli::terminal::signals;
use crate::error::{BadFile, Error, Result};
use crate::text::shown;
use crate::threads::Control;
use begin::begin;
use guard::{Hosts, Token};
use http::{BUSY, Response};
use room::Room;
use routes::{Doors, Outcome as Led, lead};
use std::io::{BufReader, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::Builder;
use std::time::Duration;

/// How often it is looked whether it is to end.
const LOOK: Duration = Duration::from_millis(100);
/// How long a connection that follows is told nothing before it is told that.
const SILENCE: Duration = Duration::from_secs(10);

pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome> {
    let path = &arguments.history;
    let called = path.display().to_string();
    let (session, folder) = begin(path, !arguments.read_only, output)?;
    let session = if arguments.read_only {
        session.read_only()
    } else {
        session
    };
    let listener = listen(arguments)?;
    let address = listener.local_addr().map_err(BadFile::io("listen"))?;
    let doors = Arc::new(Doors {
        hosts: Hosts::of(address),
        page: Token::new()?,
        show: Token::new()?,
    });
    let room = Arc::new(Room::new(session, folder));
    let url = format!("http://{address}/page/{}/", doors.page.text());
    output.line(&format!("{called} is open at"))?;
    output.line(&format!("  {url}"))?;
    output.line("and for a projector, which follows along, at")?;
    output.line(&format!("  http://{address}/show/{}/", doors.show.text()))?;
    if !address.ip().is_loopback() {
        output.note("note: whoever reaches this machine and has an address above can use the page, and nothing on the way is encrypted");
    }
    output.line("Ctrl-C ends it.")?;
    output.flush().map_err(unwritten)?;
    if !arguments.no_browser && !has_opened(&url) {
        output.note("note: no browser could be opened; open the address above by hand");
    }
    serve(&listener, &doors, &room);
    match room.end() {
        None => {}
        Some(Ok(())) => output
            .note("note: ended; what was not saved is kept and offered again at the next start"),
        Some(Err(says)) => output.note(&format!(
            "warning: ended; what was not saved could not be kept: {}",
            shown(&says)
        )),
    }
    Ok(Outcome::Fine)
}

fn listen(arguments: &Arguments) -> Result<TcpListener> {
    let ip = arguments.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let address = SocketAddr::new(ip, arguments.port.unwrap_or(0));
    let bound = TcpListener::bind(address).map_err(BadFile::io("listen there"));
    bound.map_err(|bad| Error::from(bad).in_file(&address.to_string()))
}

/// Whether a browser was asked to open an address.
fn has_opened(url: &str) -> bool {
    let programs: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["open"]]
    } else if cfg!(windows) {
        &[&["rundll32", "url.dll,FileProtocolHandler"]]
    } else {
        &[&["xdg-open"], &["gio", "open"], &["sensible-browser"]]
    };
    programs.iter().any(|words| {
        let Some((program, arguments)) = words.split_first() else {
            return false;
        };
        let mut command = Command::new(program);
        command.args(arguments).arg(url);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().is_ok()
    })
}

/// Serves until an interruption.
fn serve(listener: &TcpListener, doors: &Arc<Doors>, room: &Arc<Room>) {
    let control = Arc::new(Control::default());
    signals::stop_first_at_any(&control);
    let Ok(own) = listener.try_clone() else {
        return;
    };
    let keeps = Arc::clone(room);
    let is_kept = !room.session().is_read_only();
    if is_kept {
        // What is changed before the thread is up is kept, too.
        let known = room.session().version();
        let _ = Builder::new().spawn(move || keeps.keep_up(known, complain));
    }
    let (doors, accepts) = (Arc::clone(doors), Arc::clone(room));
    let accept = move || {
        for stream in own.incoming() {
            if accepts.is_over() {
                return;
            }
            let Ok(stream) = stream else {
                // Out of files for a moment.
                std::thread::sleep(LOOK);
                continue;
            };
            let (doors, room) = (Arc::clone(&doors), Arc::clone(&accepts));
            let _ = Builder::new().spawn(move || converse(stream, &doors, &room));
        }
    };
    if Builder::new().spawn(accept).is_err() {
        return;
    }
    while !control.stop.load(Ordering::Relaxed) {
        std::thread::sleep(LOOK);
    }
}

/// Says something while the page is served.
fn complain(says: &str) {
    let _ = writeln!(std::io::stderr(), "{says}");
}

/// Answers the requests of a connection.
fn converse(stream: TcpStream, doors: &Doors, room: &Room) {
    let _ = stream.set_nodelay(true);
    let Ok(mut answers) = stream.try_clone() else {
        return;
    };
    let Some(_place) = room.connect() else {
        let _ = Response::refusal(BUSY, "Too many connections.\n").send(&mut answers, true);
        return;
    };
    let mut stream = BufReader::new(stream);
    loop {
        let (response, is_last) = match http::read(&mut stream) {
            Ok(None) => return,
            Err(refusal) => (refusal, true),
            Ok(Some(request)) => match lead(&request, doors, room) {
                Led::Response(response) => {
                    if let Some(says) = gone() {
                        complain(&says);
                    }
                    (response, request.is_last)
                }
                Led::Follow => return follow(&mut answers, room),
            },
        };
        if response.send(&mut answers, is_last).is_err() || is_last || room.is_over() {
            return;
        }
    }
}

/// Tells a connection of each change, until it is gone.
fn follow(stream: &mut TcpStream, room: &Room) {
    let Some(_place) = room.follow() else {
        let _ = Response::refusal(BUSY, "Too many follow.\n").send(stream, true);
        return;
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{}Connection: close\r\n\r\n",
        http::ALWAYS
    );
    let mut known = room.session().version();
    let mut says = format!("{head}data: {known}\n\n");
    while !room.is_over() && http::send_all(stream, says.as_bytes()).is_ok() {
        let now = room.wait(known, SILENCE);
        says = if now == known {
            ": nothing new\n\n".to_owned()
        } else {
            format!("data: {now}\n\n")
        };
        known = now;
    }
}
