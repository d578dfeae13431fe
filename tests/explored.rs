//! The server of the explorer at its bare sockets: who has no right to ask gets nothing, and what
//! is hostile is harmless.

use crate::cli::{Desk, given};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A program that serves a folder.
struct Served {
    process: Child,
    port: u16,
    page: String,
    show: String,
    desk: Desk,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn served(options: &str) -> Served {
    let scenario = std::fs::read("scenarios/no-call.json").unwrap();
    at_desk(given([("no-call.json", scenario)]), "no-call.json", options)
}

fn at_desk(desk: Desk, history: &str, options: &str) -> Served {
    let mut command: Command = desk.detente(&format!("explore {history} --no-browser {options}"));
    let mut process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let addresses: Vec<String> = lines
        .map_while(Result::ok)
        .filter_map(|line| Some(line.strip_prefix("  http://")?.to_owned()))
        .take(2)
        .collect();
    let path = |place: usize| addresses[place].split_once('/').unwrap();
    let port = path(0).0.rsplit(':').next().unwrap().parse().unwrap();
    Served {
        page: format!("/{}", path(0).1),
        show: format!("/{}", path(1).1),
        process,
        port,
        desk,
    }
}

impl Served {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        stream
    }

    /// Sends bytes and reads what comes back until the end.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // Whoever is refused early may be told while it still sends.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str, fields: &str) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        self.raw(
            format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields}\r\n")
                .as_bytes(),
        )
    }

    fn post(&self, path: &str, fields: &str, body: &str) -> String {
        let host = format!("127.0.0.1:{}", self.port);
        let length = body.len();
        self.raw(
            format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{fields}\r\n{body}")
                .as_bytes(),
        )
    }

    fn ask(&self, what: &str, body: &str) -> String {
        self.post(&format!("{}{what}", self.page), "", body)
    }

    /// That it still answers who may ask.
    #[track_caller]
    fn lives(&self) {
        assert!(self.get(&self.page, "").starts_with("HTTP/1.1 200 OK"));
    }
}

#[track_caller]
fn is(answer: &str, status: u16) {
    let start = format!("HTTP/1.1 {status} ");
    assert!(answer.starts_with(&start), "{status}, not {answer}");
}

/// Whether something is so within some seconds.
fn soon(mut is_so: impl FnMut() -> bool) -> bool {
    (0..400).any(|_| {
        let so = is_so();
        if !so {
            std::thread::sleep(Duration::from_millis(25));
        }
        so
    })
}

const DROP: &str = r#"{"change":{"title":"Another"}}"#;

#[test]
fn only_who_has_the_whole_address_is_answered() {
    let served = served("");
    is(&served.get(&served.page, ""), 200);
    let wrong = served
        .page
        .replace(|letter: char| letter.is_ascii_digit(), "0");
    let short = &served.page[..served.page.len() - 2];
    let longer = format!("{}0/", &served.page[..served.page.len() - 1]);
    let other_door = served.show.replace("/show/", "/page/");
    for path in [
        "/",
        "/page/",
        "/page//",
        &wrong,
        short,
        &longer,
        &other_door,
        "/favicon.ico",
    ] {
        is(&served.get(path, ""), 404);
    }
    is(&served.post(&format!("{wrong}do"), "", DROP), 404);
    is(&served.get(&served.show, ""), 200);
    is(&served.post(&format!("{}do", served.show), "", DROP), 403);
    is(
        &served.get(&format!("{}scenario.json", served.show), ""),
        404,
    );
}

#[test]
fn another_name_and_another_page_are_refused() {
    let served = served("");
    let page = &served.page;
    for host in [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example",
        "",
    ] {
        let request = format!("GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        is(&served.raw(request.as_bytes()), 403);
    }
    let localhost = format!(
        "GET {page} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n",
        served.port
    );
    is(&served.raw(localhost.as_bytes()), 200);
    let without = format!("GET {page} HTTP/1.1\r\nConnection: close\r\n\r\n");
    is(&served.raw(without.as_bytes()), 403);
    let twice = format!("GET {page} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n");
    is(&served.raw(twice.as_bytes()), 400);
    let action = format!("{page}do");
    for origin in [
        "http://evil.example",
        "null",
        "https://127.0.0.1",
        "http://127.0.0.1:1",
    ] {
        let field = format!("Origin: {origin}\r\n");
        is(&served.post(&action, &field, DROP), 403);
    }
    is(
        &served.post(&action, "Sec-Fetch-Site: cross-site\r\n", DROP),
        403,
    );
    is(
        &served.post(&action, "Sec-Fetch-Site: same-site\r\n", DROP),
        403,
    );
    let own = format!("Origin: http://127.0.0.1:{}\r\n", served.port);
    is(&served.post(&action, &own, DROP), 200);
    // A form of another page can send no JSON without asking first.
    let plain = format!(
        "POST {action} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{DROP}",
        served.port,
        DROP.len()
    );
    is(&served.raw(plain.as_bytes()), 415);
}

#[test]
fn nothing_outside_the_folder_is_read_or_written() {
    let served = served("");
    for path in [
        "../no-call.json",
        "..%2f..%2fetc%2fpasswd",
        "../../../../etc/passwd",
        "no-call.json",
        ".no-call.session",
    ] {
        is(&served.get(&format!("{}{path}", served.page), ""), 404);
    }
    is(&served.ask("do", DROP), 200);
    for name in [
        "../out",
        "/tmp/out",
        "a/b",
        "..",
        ".hidden",
        "a\\\\b",
        "",
        "c:x",
        &"x".repeat(300),
    ] {
        is(&served.ask("save", &format!(r#"{{"name":"{name}"}}"#)), 409);
    }
    #[cfg(unix)]
    {
        let outside = tempfile::tempdir().unwrap();
        let target = outside.path().join("target.json");
        std::fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, served.desk.path("link.json")).unwrap();
        is(&served.ask("save", r#"{"name":"link"}"#), 409);
        assert_eq!(std::fs::read(&target).unwrap(), b"kept");
        // Nor by way of the base of what is opened.
        let log = outside.path().join("log.jsonl");
        std::fs::write(&log, crate::cli::RECORDED).unwrap();
        std::os::unix::fs::symlink(&log, served.desk.path("log.jsonl")).unwrap();
        for base in [
            log.display().to_string(),
            "log.jsonl".to_owned(),
            "../x.jsonl".to_owned(),
        ] {
            let text =
                format!(r#"{{"title":"x","base":"{base}","fork":{{"after":"us-ru-call"}}}}"#);
            let asked = serde_json::json!({"name": "x.json", "text": text}).to_string();
            let answer = served.ask("open", &asked);
            is(&answer, 409);
            assert!(answer.contains("not in the folder"), "{answer}");
        }
    }
    served.lives();
}

#[test]
fn a_file_is_saved_over_itself_and_over_no_other() {
    let served = served("");
    let before = String::from_utf8(served.desk.read("no-call.json")).unwrap();
    served.desk.write("other.json", "{}");
    is(&served.ask("do", r#"{"change":{"title":"Another"}}"#), 200);
    is(&served.ask("save", r#"{"name":"other"}"#), 409);
    assert_eq!(served.desk.read("other.json"), b"{}");
    is(&served.ask("save", r#"{"name":"no-call"}"#), 200);
    let after = String::from_utf8(served.desk.read("no-call.json")).unwrap();
    assert!(after.contains("\"title\": \"Another\""));
    let comments = |text: &str| {
        text.lines()
            .filter(|line| line.trim().starts_with("//"))
            .count()
    };
    assert_eq!(comments(&after), comments(&before));
    is(&served.ask("do", r#"{"change":{"title":"A third"}}"#), 200);
    served.desk.write("no-call.json", "somebody else");
    is(&served.ask("save", r#"{"name":"no-call"}"#), 409);
    assert_eq!(served.desk.read("no-call.json"), b"somebody else");
}

#[test]
fn what_is_too_much_is_refused_and_the_rest_goes_on() {
    let served = served("");
    let head = |length: u64| {
        format!(
            "POST {}do HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
            served.page, served.port
        )
    };
    // A body of 100 MB is refused before it is sent.
    is(&served.raw(head(100 << 20).as_bytes()), 413);
    is(&served.raw(head(u64::MAX).as_bytes()), 413);
    let chunked = head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    is(&served.raw(chunked.as_bytes()), 411);
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(64 << 10));
    is(&served.raw(long.as_bytes()), 431);
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(500));
    is(&served.raw(many.as_bytes()), 400);
    for nonsense in [
        &b"\x16\x03\x01\x02\x00"[..],
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"DELETE / HTTP/1.1\r\n\r\n",
    ] {
        let answer = served.raw(&[nonsense, b"\r\n\r\n"].concat());
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
            "{answer}"
        );
    }
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "{\"do\":1}",
        "\"undo",
        &"[".repeat(100_000),
        "{\"row\":-1}",
        "{\"step\":1e99}",
        "{\"look\":\"2017-02-30\"}",
        "{\"look\":\"9999-12-31\"}",
        "{\"follow\":\"RUS\"}",
    ] {
        let answer = served.ask("do", body);
        assert!(
            answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 200"),
            "{body}: {answer}"
        );
    }
    served.lives();
}

#[test]
fn made_up_requests_never_end_it() {
    let served = served("");
    let mut seed = 1_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    let good = format!(
        "POST {}do HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{DROP}",
        served.page,
        served.port,
        DROP.len()
    );
    for _ in 0..150 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=next(4) {
            let place = next(bytes.len() as u64) as usize;
            match next(3) {
                0 => bytes[place] = next(256) as u8,
                1 => bytes.insert(place, next(256) as u8),
                _ => bytes.truncate(place.max(1)),
            }
        }
        let mut stream = served.connect();
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
    }
    let gestures = [
        "\"undo\"",
        "\"redo\"",
        "\"why\"",
        "\"again\"",
        "\"resume\"",
        "\"forget\"",
        "{\"step\":999}",
        "{\"take\":9}",
        "{\"unpin\":9}",
        "{\"row\":999999}",
        "{\"change\":{\"drop\":\"nobody\"}}",
        "{\"change\":{\"move\":{\"event\":\"us-ru-call\",\"to\":\"0001-01-01\"}}}",
        "{\"change\":{\"until\":\"9999-12-31\"}}",
        "{\"form\":{\"event\":\"nobody\"}}",
        "{\"form\":{\"cells\":{\"act\":\"war\"}}}",
        "{\"change\":{\"set\":{\"name\":\"gain\",\"value\":\"NaN\"}}}",
        "{\"change\":{\"set\":{\"name\":\"baselines\",\"value\":\"1\"}}}",
        "{\"pin\":\"a\"}",
    ];
    for _ in 0..60 {
        let gesture = gestures[next(gestures.len() as u64) as usize];
        is(&served.ask("do", gesture), 200);
    }
    served.lives();
}

#[test]
fn a_thousand_visitors_and_a_slow_one_leave_room_for_the_first() {
    let served = served("");
    // One reads nothing of what it asked for, again and again.
    let mut slow = served.connect();
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n",
        served.page, served.port
    );
    slow.set_write_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    for _ in 0..200 {
        if slow.write_all(request.as_bytes()).is_err() {
            break;
        }
    }
    let crowd: Vec<TcpStream> = (0..1_000)
        .filter_map(|_| TcpStream::connect(("127.0.0.1", served.port)).ok())
        .collect();
    // Those that are too many are told so.
    let mut told = 0;
    for mut stream in crowd.iter().rev().take(50) {
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut start = [0; 12];
        if stream.read_exact(&mut start).is_ok() && &start == b"HTTP/1.1 503" {
            told += 1;
        }
    }
    assert!(told > 0, "too many are told so");
    drop(crowd);
    let again = soon(|| served.get(&served.page, "").starts_with("HTTP/1.1 200"));
    assert!(again, "the page is there again");
    drop(slow);
}

#[test]
fn what_was_not_saved_survives_the_death_of_the_program() {
    let first = served("");
    is(
        &first.ask("do", r#"{"change":{"title":"Worth keeping"}}"#),
        200,
    );
    let kept = first.desk.path(".no-call.session");
    assert!(soon(|| kept.exists()), "it is kept within seconds");
    let mut first = first;
    first.process.kill().unwrap();
    let desk = std::mem::replace(&mut first.desk, given::<&str>([]));
    drop(first);
    let again = at_desk(desk, "no-call.json", "");
    let page = again.get(&again.page, "");
    assert!(page.contains("unsaved work"), "it is offered");
    let told = again.ask("do", "\"resume\"");
    assert!(told.contains("Worth keeping"), "{told}");
    is(&again.ask("save", r#"{"name":"no-call"}"#), 200);
    assert!(
        !again.desk.path(".no-call.session").exists(),
        "what is saved is kept no more"
    );
}

/// Kills a program, and gives back its desk.
fn killed(mut served: Served) -> Desk {
    served.process.kill().unwrap();
    std::mem::replace(&mut served.desk, given::<&str>([]))
}

/// Gives the scenario another title, and waits until that is kept.
fn titled(served: &Served, title: &str) {
    let change = format!(r#"{{"change":{{"title":"{title}"}}}}"#);
    is(&served.ask("do", &change), 200);
    let kept = served.desk.path(".no-call.session");
    let is_kept = || std::fs::read_to_string(&kept).is_ok_and(|text| text.contains(title));
    assert!(soon(is_kept), "{title} is kept within seconds");
}

#[test]
fn what_somebody_else_has_made_of_a_file_is_not_saved_over_by_earlier_work() {
    let first = served("");
    titled(&first, "Mine");
    let desk = killed(first);
    let theirs = String::from_utf8(desk.read("no-call.json")).unwrap() + "// Theirs.\n";
    desk.write("no-call.json", &theirs);
    let again = at_desk(desk, "no-call.json", "");
    is(&again.ask("do", "\"resume\""), 200);
    is(&again.ask("save", r#"{"name":"no-call"}"#), 409);
    assert_eq!(again.desk.read("no-call.json"), theirs.as_bytes());
}

#[test]
fn no_session_is_written_over_that_is_not_of_this_program() {
    let first = served("");
    titled(&first, "Offered");
    let again = at_desk(killed(first), "no-call.json", "");
    // The offer is passed over.
    titled(&again, "Later");
    let aside = again.desk.read(".no-call.session-1");
    assert!(String::from_utf8(aside).unwrap().contains("Offered"));
    // Another program kept something meanwhile, or the file was damaged.
    again.desk.write(".no-call.session", "somebody else's");
    titled(&again, "Latest");
    assert_eq!(again.desk.read(".no-call.session-2"), b"somebody else's");
    // What is saved under another name is kept under that name.
    is(&again.ask("save", r#"{"name":"second"}"#), 200);
    assert!(!again.desk.path(".no-call.session").exists());
    is(&again.ask("do", r#"{"change":{"title":"Third"}}"#), 200);
    let kept = again.desk.path(".second.session");
    assert!(soon(|| kept.exists()), "it is kept under its new name");
}

#[cfg(unix)]
#[test]
fn an_interruption_and_the_end_of_the_terminal_end_it_cleanly() {
    crate::interruptions::in_time(it_is_ended_by_signals);
}

#[cfg(unix)]
fn it_is_ended_by_signals() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let mut served = served("");
        is(&served.ask("do", DROP), 200);
        let id = served.process.id().to_string();
        let mut kill = Command::new("kill");
        assert!(kill.args([signal, &id]).status().unwrap().success());
        let status = served.process.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(served.desk.path(".no-call.session").exists(), "{signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_session_goes_through_no_link_and_into_no_pipe() {
    crate::interruptions::in_time(a_session_meets_links_and_is_ended);
}

#[cfg(unix)]
fn a_session_meets_links_and_is_ended() {
    let desk = given([(
        "no-call.json",
        std::fs::read("scenarios/no-call.json").unwrap(),
    )]);
    let outside = tempfile::tempdir().unwrap();
    let target = outside.path().join("elsewhere");
    std::os::unix::fs::symlink(&target, desk.path(".no-call.session")).unwrap();
    let mut served = at_desk(desk, "no-call.json", "");
    is(&served.ask("do", DROP), 200);
    std::thread::sleep(Duration::from_secs(1));
    let id = served.process.id().to_string();
    let mut kill = Command::new("kill");
    assert!(kill.args(["-INT", &id]).status().unwrap().success());
    assert_eq!(served.process.wait().unwrap().code(), Some(0));
    assert!(!target.exists());
}

#[test]
fn a_read_only_session_writes_nothing() {
    let served = served("--read-only");
    let told = served.ask("do", DROP);
    assert!(told.contains("read-only"), "{told}");
    is(&served.ask("save", r#"{"name":"x"}"#), 403);
    is(&served.ask("open", r#"{"name":"x","text":"{}"}"#), 403);
    is(&served.ask("do", r#"{"look":"2017-02-01"}"#), 200);
    assert!(!served.desk.path(".no-call.session").exists());
}

#[test]
fn a_port_that_is_taken_is_said() {
    let served = served("");
    let options = format!("explore recorded --no-browser --port {}", served.port);
    let output = served.desk.detente(&options).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(
        says.contains(&format!("127.0.0.1:{}", served.port)),
        "{says}"
    );
    assert!(says.contains("listen"), "{says}");
}

#[test]
fn what_is_handed_on_is_what_the_page_shows() {
    let served = served("");
    let body = |what: &str| {
        let answer = served.get(&format!("{}{what}", served.page), "");
        is(&answer, 200);
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    };
    assert!(body("curve.svg").starts_with("<svg"));
    assert!(body("temperatures.csv").contains("RUS-USA"));
    assert!(body("changes.csv").starts_with("number,time,change,reason,status"));
    assert!(body("report.html").starts_with("<!DOCTYPE html>"));
    assert_eq!(
        body("scenario.json").as_bytes(),
        served.desk.read("no-call.json")
    );
}

/// What is said when a scenario is played by hand, and how that ends.
fn played(desk: &Desk, history: &str, said: impl AsRef<[u8]>) -> (String, Option<i32>) {
    let mut process = desk
        .detente(&format!("play {history}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    // What ends before everything was said need not hear the rest.
    let _ = input.write_all(said.as_ref());
    drop(input);
    let output = process.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (text, output.status.code())
}

#[test]
fn a_scenario_is_played_by_hand_in_the_terminal() {
    let scenario = std::fs::read("scenarios/summit-by-chance.json").unwrap();
    let desk = given([("summit.json", scenario)]);
    let (text, status) = played(
        &desk,
        "summit.json",
        "choose\nchoose x y\nchoose meeting-fat held\nchoose meeting-fate maybe\nnext\nchoose meeting-fate cancelled\nchoose meeting-fate cancelled\nbecause the umpire says so\ninsert act=statement source=RUS target=USA tone=critical title=\"A word of regret\"\nchanges\nsave mine\nlog branch.jsonl\nundo\nchanges\nchanges changes.csv\nwhy\nquit\n",
    );
    assert_eq!(status, Some(1), "four lines are refused: {text}");
    for part in [
        "The chances to decide are meeting-fate.",
        "There is no chance `x`. Those that there are: meeting-fate.",
        "There is no chance `meeting-fat`; did you mean `meeting-fate`?",
        "“maybe” is none of the options of “meeting-fate”: held, postponed, cancelled.",
        "That is so already: meeting-fate comes out as “cancelled”.",
        "`changes FILE.csv` writes them down",
        "“A word of regret” happens on 2017-07-07 (undone)",
        "The list of changes was saved as changes.csv.",
        "To be decided: meeting-fate",
        "comes out as “cancelled”",
        "because the umpire says so",
        "“A word of regret” happens on 2017-07-07",
        "Saved as mine.json",
        "Undone",
        "add up to the temperature",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let written = String::from_utf8(desk.read("changes.csv")).unwrap();
    let rows: Vec<&str> = written.lines().collect();
    assert!(
        rows[2].ends_with("“cancelled”,the umpire says so,done"),
        "{written}"
    );
    assert!(rows[3].ends_with(",undone"), "{written}");
    // The file and the log come to the same.
    let end = |arguments: &str| {
        let output = desk.detente(arguments).output().unwrap();
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = found["state"]["dyads"].as_array().unwrap().clone();
        rows.into_iter()
            .find(|row| row["dyad"] == "RUS-USA")
            .unwrap()["temperature"]
            .clone()
    };
    let of_file = end("run mine.json --format json");
    assert_eq!(
        end("replay branch.jsonl --to 2018-12-31 --format json"),
        of_file
    );
}

#[test]
fn what_is_not_understood_in_the_terminal_is_said_and_changes_nothing() {
    let desk = given::<&str>([]);
    let (text, status) = played(
        &desk,
        "recorded",
        "nxt\nday 2017-13-01\ninsert act=statment\ninsert x\ndrop us-ru-cal\nkeep us-ru-call\nundo\nredo\nmove us-ru-call\ninsert\nlist\nday 1900-01-01\nback\nsave ../x\nset gain 7\nfollow RUS\nchoose x y\nhold x\n",
    );
    assert_eq!(status, Some(1), "{text}");
    for part in [
        "did you mean `next`",
        "did you mean `statement`",
        "There is no event `us-ru-cal`; did you mean `us-ru-call`?",
        "happens; there is nothing to bring back",
        "nothing to undo",
        "nothing to make again",
        "`move` takes ID DATE, as in `move ",
        "as in `insert act=statement source=RUS target=USA",
        "`list` is not known; `help` lists what is.",
        "1900-01-01 lies before the first day, 2014-03-18.",
        "2014-03-18 is the beginning; nothing comes before it.",
        "Nothing is drawn in this scenario",
        "plain name",
        "comes of no rule",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("changes that were not saved"));
}

#[test]
fn what_is_typed_by_hand_is_mended_as_in_a_sheet() {
    let (text, status) = played(
        &game(),
        "strait.jsonl",
        "insert act=demand source=Redlnad target=XBL\n\
         insert act=call source=XRL,Blueland\n\
         insert act=demand source=“XRL” target=XBL\n\
         insert act=demand source=\"“XRL”\" target=XBL\n\
         insert act=statement title=“A word” source=XRL target=XBL\n\
         insert act=statement title=A word source=XRL target=XBL\n\
         insert act=demand sorce=XRL target=XBL\n\
         insert act=demand source=XRL target=XBL date=4.3.2030\n\
         insert act=demand source=XRL target=XBL weight=0,5\n\
         day 4/3/2030\nmove seized 4.3.2030\n",
    );
    assert_eq!(status, Some(1), "{text}");
    for part in [
        "did you mean `XRL` (Redland)?",
        "write `XRL;XBL`",
        "as in source=\"XRL\".",
        "printed quotation marks stand in `“XRL”`; write `XRL`",
        "as in title=\"A word\".",
        "“word source” is no field. A value of several words stands between quotation marks",
        "`sorce` is no field of an event; did you mean `source`?",
        "`4.3.2030` is not a date of the form YYYY-MM-DD; write 2030-03-04",
        "write it with a point: 0.5",
        "`4/3/2030` is not a date of the form YYYY-MM-DD; write 2030-04-03 or 2030-03-04.",
        "> move seized 4.3.2030\n`4.3.2030` is not a date",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("happens on"), "{text}");
}

/// Blueland and Redland, with a rule that answers in kind.
fn game() -> Desk {
    let events = [
        r#"{"id":"names","date":"2030-01-01","act":"describes","title":"The strait","names":{"XBL":"Blueland","XRL":"Redland"}}"#,
        r#"{"id":"seized","date":"2030-03-04","act":"seizure","source":["XRL"],"target":["XBL"]}"#,
        r#"{"id":"demanded","date":"2030-03-05","act":"demand","source":["XBL"],"target":["XRL"],"agenda":[{"item":"trawler","to":"raised"}]}"#,
    ];
    let desk = given([("events.jsonl", events.join("\n"))]);
    desk.detente("log append strait.jsonl events.jsonl --recorded 2030-04-01")
        .output()
        .unwrap();
    let scenario = r#"{"title": "What comes of it", "base": "strait.jsonl", "fork": {"before": "demanded"},
        "until": "2030-06-30",
        "rules": [{"id": "in-kind", "when": {"act": "statement", "source": "XBL", "target": "XRL"},
          "probability": 1, "delay_days": 1,
          "then": {"act": "statement", "source": ["XRL"], "target": ["XBL"], "tone": "critical"}}]}"#;
    std::fs::write(desk.path("game.json"), scenario).unwrap();
    desk
}

#[test]
fn a_change_that_is_not_legal_is_not_kept_and_the_log_is_of_the_game_that_is_shown() {
    let desk = game();
    let said = "insert id=ban date=2030-03-06 act=statement source=XBL target=XRL tone=critical\n\
        insert id=settled date=2030-03-07 act=concession source=XRL target=XBL agenda=trawler:settled\n\
        drop demanded\ninsert id=c2 date=2030-03-09 act=statement source=Redland target=blueland tone=optimistic\n\
        changes\nlog x.jsonl\nsave game2\n";
    let (text, status) = played(&desk, "game.json", said);
    assert_eq!(status, Some(1), "{text}");
    assert_eq!(text.matches("Not legal: ").count(), 1, "{text}");
    let log = String::from_utf8(desk.read("x.jsonl")).unwrap();
    let ids: Vec<String> = log
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["id"].as_str().unwrap().to_owned()
        })
        .collect();
    for id in ["demanded", "ban", "settled", "c2", "in-kind@ban"] {
        assert!(ids.iter().any(|it| it == id), "{id} in {ids:?} of {text}");
    }
    let digest = blake3::hash(&desk.read("game2.json")).to_hex().to_string();
    assert!(
        log.contains(&digest),
        "the branch is of the file that is saved then"
    );
}

#[test]
fn names_are_taken_where_they_are_shown_and_only_what_is_taken_is_suggested() {
    let desk = game();
    let (text, _) = played(
        &desk,
        "game.json",
        "hold\nhold in-kind\nfollow Blueland-Redland\nfollow XBL-XXR\ninsert id=ban act=statement source=Blueland target=Redland tone=critical\nhold in-kind\nday 2030-06-30\nhold\nkeep\nday 2030-06\nlog empty/x.jsonl\n",
    );
    for part in [
        "> hold\n`hold` takes ID; there is nothing now that it would take.",
        "“in-kind” is a rule, which has not reacted to anything in this run.",
        "there is nobody of the code `XXR`; those that there are: `XBL`, `XRL`.",
        "“in-kind” is a rule; what it reacted with can be held back: in-kind@ban.",
        "`hold` takes ID, as in `hold in-kind@ban`.",
        "`keep` takes ID; there is nothing now that it would take.",
        "did you mean 2030-06-30?\n",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("is not an actor code"), "{text}");
}

#[test]
fn what_is_no_line_of_words_does_not_end_a_play_or_ends_it_at_once() {
    let scenario = std::fs::read("scenarios/no-call.json").unwrap();
    let desk = given([("no-call.json", scenario)]);
    let (says, status) = played(&desk, "no-call.json", b"\xff\nsave other\n");
    assert!(says.contains("not UTF-8"), "{says}");
    assert!(desk.path("other.json").exists(), "{says}");
    assert_eq!(status, Some(1));
    let (says, status) = played(&desk, "no-call.json", vec![0; 1 << 20]);
    assert!(says.contains("65536 bytes at most"), "{says}");
    assert_eq!(status, Some(1));
}

#[test]
fn a_round_that_was_played_does_not_take_the_place_of_its_script() {
    let scenario = std::fs::read("scenarios/summit-by-chance.json").unwrap();
    let desk = given([("summit.json", scenario.clone())]);
    let said = b"next\nchoose meeting-fate held\nsave summit\nsave round\nsave round\n";
    let (says, status) = played(&desk, "summit.json", said);
    assert!(
        says.contains("would lose that meeting-fate is drawn"),
        "{says}"
    );
    assert_eq!(status, Some(1), "{says}");
    assert_eq!(desk.read("summit.json"), scenario);
    assert!(desk.path("round.json").exists());
}
