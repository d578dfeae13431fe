//! Where a request leads, and what is answered there.

use super::clock::time_of_day;
use super::folder::in_words;
use super::guard::{Hosts, Token};
use super::http::{BAD, CONFLICT, FORBIDDEN, Method, NOT_FOUND, NOT_JSON, Request, Response};
use super::room::Room;
use crate::cli::args::Report as ReportArguments;
use crate::cli::report::page_of;
use crate::explore::{
    Answer, Drawn, Fan, Gesture, PAGE_POLICY, Session, answer, branch, changes_csv, curve_svg,
    histories, page, runs_in_words, show, shown_now, temperatures_csv, unplayed,
};
use crate::json::of_bytes;
use crate::store::History;
use clap::Parser;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::num::NonZero;

/// The most runs that one gesture plays.
const RUNS: u64 = 10_000_000;
const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// The addresses of the page and of the one that follows it.
pub(super) struct Doors {
    pub(super) hosts: Hosts,
    /// Who has it may change things.
    pub(super) page: Token,
    /// Who has it may look on.
    pub(super) show: Token,
}

/// What comes of a request.
pub(super) enum Outcome {
    Response(Response),
    /// The connection is told of changes from now on.
    Follow,
}

/// Leads a request to its answer.
pub(super) fn lead(request: &Request, doors: &Doors, room: &Room) -> Outcome {
    if let Err(refusal) = doors.hosts.admit(request) {
        return Outcome::Response(refusal);
    }
    let path = request.path.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.trim_start_matches('/').splitn(3, '/');
    let [door, token, what] = [(); 3].map(|()| parts.next());
    let is_page = door == Some("page") && token.is_some_and(|it| doors.page.is(it));
    let is_show = door == Some("show") && token.is_some_and(|it| doors.show.is(it));
    let what = what.filter(|_| is_page || is_show);
    let response = match (request.method, what) {
        (_, None) => Response::refusal(
            NOT_FOUND,
            "There is nothing here. The whole address of the page stands in the terminal where it was started.\n",
        ),
        (Method::Get, Some("follow")) => return Outcome::Follow,
        (Method::Get, Some(what)) if is_show => look_on(what, room),
        (Method::Get, Some(what)) => get(what, doors, room),
        (Method::Post, Some(_)) if is_show => {
            Response::refusal(FORBIDDEN, "To be looked at only.\n")
        }
        (Method::Post, Some(_)) if !request.is_json => {
            Response::refusal(NOT_JSON, "Only JSON is taken.\n")
        }
        (Method::Post, Some(what)) => post(what, &request.body, room),
    };
    Outcome::Response(response)
}

fn html(text: String) -> Response {
    Response {
        policy: Some(&PAGE_POLICY),
        ..Response::new(HTML, text)
    }
}

fn json(value: &impl Serialize) -> Response {
    Response::new(JSON, serde_json::to_vec(value).unwrap_or_default())
}

fn look_on(what: &str, room: &Room) -> Response {
    match what {
        "" => html(show(&room.session())),
        "now" => html(shown_now(&room.session())),
        _ => nothing(),
    }
}

fn nothing() -> Response {
    Response::refusal(NOT_FOUND, "There is nothing here.\n")
}

/// What is made of the present scenario.
const MADE_OF_IT: [&str; 5] = [
    "branch.jsonl",
    "curve.svg",
    "report.html",
    "scenario.json",
    "temperatures.csv",
];

fn get(what: &str, doors: &Doors, room: &Room) -> Response {
    let named = |kind, name: &str, body: String| Response {
        file: Some(name.to_owned()),
        ..Response::new(kind, body)
    };
    let session = || room.session();
    if MADE_OF_IT.contains(&what)
        && let Err(says) = session().check()
    {
        return Response::refusal(CONFLICT, says);
    }
    match what {
        "" => html(page(&session(), &format!("/show/{}/", doors.show.text()))),
        "version" => json(&session().version()),
        "done" => json(&Done {
            done: room.runs_done(),
        }),
        "curve.svg" => match curve_svg(&session()) {
            Ok(svg) => named("image/svg+xml", "curve.svg", svg),
            Err(error) => Response::refusal(CONFLICT, in_words(&error)),
        },
        "temperatures.csv" => {
            let table = temperatures_csv(&session());
            named("text/csv; charset=utf-8", "temperatures.csv", table)
        }
        "changes.csv" => {
            let table = changes_csv(&session());
            named("text/csv; charset=utf-8", "changes.csv", table)
        }
        "branch.jsonl" => match branch(&session()) {
            Ok(log) => Response {
                file: Some("branch.jsonl".to_owned()),
                ..Response::new("application/jsonl", log)
            },
            Err(says) => Response::refusal(CONFLICT, says),
        },
        "scenario.json" => named(JSON, "scenario.json", session().text()),
        "report.html" => match report(&session()) {
            Ok(page) => named(HTML, "report.html", page),
            Err(error) => Response::refusal(CONFLICT, in_words(&error)),
        },
        _ => nothing(),
    }
}

#[derive(Serialize)]
struct Done {
    done: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Save {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    name: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Runs {
    runs: u64,
}

#[derive(Serialize)]
struct Played {
    html: String,
    says: String,
    is_partial: bool,
    version: u64,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Response> {
    of_bytes(body)
        .map_err(|error| Response::refusal(BAD, format!("This is not understood: {error}\n")))
}

fn post(what: &str, body: &[u8], room: &Room) -> Response {
    let answered = match what {
        "do" => read::<Gesture>(body).map(|gesture| json(&gesture_done(&gesture, room))),
        "save" => read::<Save>(body).map(|asked| save(&asked.name, room)),
        "open" => read::<Open>(body).map(|asked| open(&asked, room)),
        "runs" => read::<Runs>(body).map(|asked| play(asked.runs, room)),
        "stop" => {
            room.stop_runs();
            Ok(json(&true))
        }
        _ => Ok(nothing()),
    };
    answered.unwrap_or_else(|refusal| refusal)
}

fn gesture_done(gesture: &Gesture, room: &Room) -> Answer {
    let answer = {
        let mut session = room.session();
        session.clock(time_of_day());
        answer(&mut session, gesture)
    };
    if answer.plays {
        // What is under way is of what was before.
        room.stop_runs();
    }
    room.tell();
    answer
}

fn save(name: &str, room: &Room) -> Response {
    let folder = room.folder();
    let mut session = room.session();
    if session.is_read_only() {
        return Response::refusal(FORBIDDEN, "This session is read-only.");
    }
    if let Err(says) = session.check() {
        return Response::refusal(CONFLICT, says);
    }
    match folder.save(&mut session, name) {
        Ok(name) => {
            let mut told = answer(&mut session, &Gesture::Again);
            told.says = format!("Saved as {name}; “detente run {name}” plays it.");
            drop(session);
            room.tell();
            json(&told)
        }
        Err(says) => Response::refusal(CONFLICT, says),
    }
}

fn open(asked: &Open, room: &Room) -> Response {
    let folder = room.folder();
    if room.session().is_read_only() {
        return Response::refusal(FORBIDDEN, "This session is read-only.");
    }
    match folder.open(&asked.name, &asked.text) {
        Ok(session) => {
            let own = folder.keyed(session.name());
            room.replace(session, own);
            let mut session = room.session();
            let mut told = answer(&mut session, &Gesture::Again);
            told.says = format!("Opened: {}.", session.file().title);
            told.plays = true;
            drop(session);
            room.tell();
            json(&told)
        }
        Err(says) => Response::refusal(CONFLICT, says),
    }
}

fn play(runs: u64, room: &Room) -> Response {
    let fan = Fan::of(&room.session());
    let Some(fan) = fan else {
        return Response::refusal(CONFLICT, "Nothing is drawn by chance.");
    };
    let runs = runs.clamp(1, RUNS);
    let control = room.begin_runs();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let version = fan.version();
    json(&match fan.play(runs, threads, &control) {
        Ok(played) => Played {
            says: if played.runs < runs {
                format!("Stopped after {}.", runs_in_words(played.runs))
            } else {
                format!("{}.", runs_in_words(played.runs))
            },
            is_partial: played.runs < runs,
            html: played.html,
            version,
        },
        Err(error) => Played {
            html: unplayed(&error),
            says: String::new(),
            is_partial: true,
            version,
        },
    })
}

/// The report of what is drawn.
fn report(session: &Session) -> crate::error::Result<String> {
    let (mut names, mut loaded) = (Vec::new(), Vec::new());
    for (name, drawn) in histories(session) {
        names.push(name);
        loaded.push(match drawn {
            Drawn::Log(base) => History::Log(Box::new(base.clone())),
            Drawn::Scenario(scenario) => History::Scenario(scenario),
        });
    }
    let words = ["detente", "-o", "report.html", "--"].map(str::to_owned);
    let arguments = Arguments::try_parse_from(words.into_iter().chain(names));
    let Ok(Arguments { report }) = arguments else {
        return Err(crate::error::BadFile::Empty.into());
    };
    let page = page_of(&report, &loaded, session.model())?;
    Ok(session.names().said_on_page(&page))
}

/// The arguments of a report, with their defaults.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    report: ReportArguments,
}
