//! What is wrong with a file is told with its place and what may help, ends with status 2 and
//! changes nothing.

#![expect(clippy::unwrap_used, reason = "tests may")]

use crate::cli::{APPEND, Desk, RECORDED, given, json, statement};
use detente::history::LINE_LIMIT;
use detente::model::{ItemStatus, MeetingStatus};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// The recorded history as `log.jsonl`, and some events as `events.json`.
fn given_events(events: impl Into<Vec<u8>>) -> Desk {
    given([
        ("log.jsonl", RECORDED.to_vec()),
        ("events.json", events.into()),
    ])
}

/// The recorded history takes none of these, each on its own, in the words of a snapshot.
#[track_caller]
fn refuses<Events: Into<Vec<u8>>>(golden: &str, each: impl IntoIterator<Item = Events>) {
    let mut desk = given([("log.jsonl", RECORDED)]);
    for events in each {
        desk.write("events.json", events.into());
        desk = desk.when(APPEND).then_exits(2);
    }
    desk.then_golden(golden);
}

/// Each of these commands is refused, in the words of a snapshot.
#[track_caller]
fn refuses_all(desk: Desk, golden: &str, commands: impl IntoIterator<Item = &'static str>) {
    let refused = |desk: Desk, command| desk.when(command).then_exits(2);
    commands.into_iter().fold(desk, refused).then_golden(golden);
}

/// What Russia and the United States do together.
fn together(id: &str, act: &str, fields: &str) -> String {
    json(&format!(
        "{{'id':'{id}','date':'2017-02-27','source':['RUS','USA'],'target':['RUS','USA'],'act':'{act}'{fields}}}\n"
    ))
}

/// Sanctions by the United States on Russia.
fn sanctions(id: &str, act: &str, measure: &str) -> String {
    json(&format!(
        "{{'id':'{id}','date':'2017-02-27','source':['USA'],'target':['RUS'],'act':'{act}','measure':'{measure}'}}\n"
    ))
}

/// What a command is refused with.
#[track_caller]
fn refusal(desk: &Desk, command: &str) -> String {
    let output = desk.detente(command).output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "\n{says}");
    assert_eq!(output.stdout, b"", "\n{says}");
    says
}

/// How many mistakes are told.
fn mistakes(says: &str) -> usize {
    says.matches("error: ").count()
}

/// Skips a test that the system has no means for, and says so, which the test runner would not.
fn skip(why: &str) {
    let note = format!("skipped: {why}\n");
    std::io::stderr().write_all(note.as_bytes()).unwrap();
}

#[test]
fn what_is_not_json_is_told_where_it_stops_being_json() {
    refuses(
        "bad-input-not-json",
        [
            "hello\n",
            r#"{"id":"e","#,
            r#"{"id":"e" "date":"2017-02-27"}"#,
            r#"{"id":"e","date":"2017-02-27",}"#,
            "{'id':'e'}",
            "\u{feff}{}",
            "7",
            "null",
            &format!("{{\"id\":{}", "[".repeat(100_000)),
        ],
    );
}

#[test]
fn one_mistake_in_an_object_over_several_lines_is_told_once() {
    let lines = [
        "{",
        r#"  "id": "e""#,
        r#"  "date": "2017-02-27","#,
        r#"  "source": ["RUS"],"#,
        r#"  "act": "leader_change""#,
        "}",
    ];
    let says = refusal(&given_events(lines.join("\n")), APPEND);
    assert!(says.starts_with("error: not JSON: "), "{says}");
    assert_eq!(mistakes(&says), 1, "{says}");
}

#[test]
fn columns_are_counted_from_the_start_of_the_line_wherever_the_event_begins() {
    for (events, place) in [
        (r#"{"id":"e f"}"#, ":1:7"),
        (r#"  {"id":"e f"}"#, ":1:9"),
        (r#"[{"id":"e f"}]"#, ":1:8"),
        ("[\n  {\"id\":\"e f\"}\n]", ":2:9"),
        ("[\n  {\n    \"id\": \"e f\"\n  }\n]", ":3:11"),
        (r#"{"id":"e"} {"id":"e f"}"#, ":1:18"),
        ("{\"id\":\"e\"}\nnonsense", ":2:1"),
        (r#"{"id":"e"} nonsense"#, ":1:12"),
    ] {
        let says = refusal(&given_events(events), APPEND);
        let expected = format!("--> events.json{place}\n");
        assert!(says.contains(&expected), "{events} not at {place}\n{says}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_told_where_they_stand() {
    refuses(
        "bad-input-not-utf8",
        [
            b"{\"id\":\"e\xff\"}\n".to_vec(),
            b"{\"id\":\"e\",\n \"title\":\"Caf\xe9\"}\n".to_vec(),
            [statement("e", "").as_bytes(), b"\x80"].concat(),
        ],
    );
}

#[test]
fn an_unknown_field_comes_with_its_near_miss() {
    refuses(
        "bad-input-unknown-field",
        [
            statement("e", ",'titel':'A word'"),
            statement(
                "e",
                ",'evidence':[{'document':'A paper','publisht':'2017-02-28'}]",
            ),
            statement("e", ",'hostility':3"),
        ],
    );
}

#[test]
fn a_misspelt_field_is_not_told_as_a_missing_one_too() {
    let event = together("e", "call", "").replacen("source", "sorce", 1);
    let says = refusal(&given_events(event), APPEND);
    assert!(says.contains("did you mean `source`?"), "{says}");
    assert_eq!(mistakes(&says), 1, "{says}");
}

#[test]
fn a_missing_field_is_told_with_who_needs_it() {
    refuses(
        "bad-input-missing-field",
        [
            json("{'date':'2017-02-27','source':['RUS'],'target':['USA'],'act':'statement'}"),
            json("{'id':'e','source':['RUS'],'target':['USA'],'act':'statement'}"),
            json("{'id':'e','date':'2017-02-27','source':['RUS'],'target':['USA']}"),
            json("{'id':'e','date':'2017-02-27','target':['USA'],'act':'statement'}"),
            json(
                "{'id':'e','date':'2017-02-27','source':['RUS'],'target':['USA'],'act':'readout'}",
            ),
            json("{'id':'e','date':'2017-02-27','source':['RUS'],'target':['USA'],'act':'coded'}"),
            together("e", "meeting_cancelled", ""),
            together("e", "agreement", ""),
        ],
    );
}

#[test]
fn a_field_of_another_act_comes_with_the_acts_it_belongs_to() {
    refuses(
        "bad-input-foreign-field",
        [
            statement("e", ",'minutes':3"),
            statement("e", ",'of':'us-ru-call'"),
        ],
    );
}

#[test]
fn an_unknown_act_comes_with_its_near_miss() {
    refuses(
        "bad-input-unknown-act",
        [
            together("e", "cal", ""),
            together("e", "meeting-held", ""),
            together("e", "war", ""),
        ],
    );
}

#[test]
fn an_unknown_cameo_code_is_refused() {
    let coded =
        |code: &str| statement("e", &format!(",'code':{code}")).replace("statement", "coded");
    refuses(
        "bad-input-unknown-code",
        [coded("'999'"), coded("'0412'"), coded("'4'"), coded("41")].map(|event| json(&event)),
    );
}

#[test]
fn a_date_that_does_not_exist_is_refused_with_what_the_calendar_has() {
    let on = |date: &str| statement("e", "").replace("2017-02-27", date);
    refuses(
        "bad-input-no-such-date",
        [
            on("2017-02-29"),
            on("2017-13-01"),
            on("27.2.2017"),
            on("2017-2-27"),
        ],
    );
}

#[test]
fn a_year_that_the_calendar_does_not_have_is_not_told_of_its_months() {
    let event = statement("e", "").replace("2017-02-27", "0000-01-01");
    let says = refusal(&given_events(event), APPEND);
    assert!(
        says.contains("the date 0000-01-01 does not exist"),
        "{says}"
    );
    assert!(!says.contains("that month has 31 days"), "{says}");
}

#[test]
fn an_actor_that_is_none_comes_with_its_near_miss() {
    let by = |actor: &str| statement("e", "").replace("RUS", actor);
    refuses(
        "bad-input-no-such-actor",
        [
            by("RUSS"),
            by("Russia"),
            by("usa"),
            by("UK"),
            by("NATOO"),
            by("Atlantis"),
            by(""),
        ],
    );
}

#[test]
fn a_wrong_actor_is_not_told_as_parties_that_differ_too() {
    let event = together("e", "call", "").replace("RUS", "RUSS");
    let says = refusal(&given_events(event), APPEND);
    assert!(says.contains("did you mean `RUS`"), "{says}");
    assert_eq!(mistakes(&says), 2, "one a list\n{says}");
}

#[test]
fn an_effect_before_its_cause_and_an_unknown_cause_are_refused() {
    let early = statement("early", ",'caused_by':'us-ru-call'").replace("2017-02-27", "2017-01-27");
    refuses(
        "bad-input-cause",
        [
            early,
            statement("e", ",'caused_by':'us-rucall'"),
            statement("e", ",'caused_by':'zzz'"),
        ],
    );
}

#[test]
fn a_retracted_cause_is_refused() {
    given_events(statement("e", ",'caused_by':'us-de-call'"))
        .when("log retract log.jsonl us-de-call --recorded 2017-03-01")
        .then_exits(0)
        .when(APPEND)
        .then_exits(2)
        .then_golden("bad-input-retracted-cause");
}

#[test]
fn an_id_of_another_event_is_refused() {
    refuses(
        "bad-input-duplicate-id",
        [
            statement("us-ru-call", ""),
            [statement("e", ""), statement("e", ",'tone':'threatening'")].concat(),
            statement("e f", ""),
            statement("", ""),
            statement(&"e".repeat(300), ""),
        ],
    );
}

#[test]
fn each_illegal_step_of_a_measure_is_refused_with_how_it_stands() {
    let before = [
        sanctions("a1", "sanctions_imposed", "imposed"),
        sanctions("b1", "sanctions_imposed", "eased"),
        sanctions("b2", "sanctions_eased", "eased"),
        sanctions("c1", "sanctions_imposed", "lifted"),
        sanctions("c2", "sanctions_lifted", "lifted"),
    ];
    let desk = given_events(before.concat()).when(APPEND).then_exits(0);
    let illegal = [
        sanctions("e1", "sanctions_eased", "new"),
        sanctions("e2", "sanctions_lifted", "new"),
        sanctions("e3", "sanctions_imposed", "imposed"),
        sanctions("e4", "sanctions_eased", "eased"),
        sanctions("e5", "sanctions_eased", "lifted"),
        sanctions("e6", "sanctions_lifted", "lifted"),
        sanctions("e7", "occupation_ended", "imposed"),
        sanctions("e8", "sanctions_lifted", "crimea-sanctions").replace("USA", "FRA"),
    ];
    desk.write("events.json", illegal.concat());
    desk.when(APPEND)
        .then_exits(2)
        .then_golden("bad-input-measures");
}

#[test]
fn each_illegal_step_of_an_agenda_item_is_refused_with_how_it_stands() {
    use ItemStatus::{Agreed, Dropped, InProgress, Raised, Settled, Stalled};
    let all = [Raised, Agreed, InProgress, Settled, Stalled, Dropped];
    let step = |id: String, item: &str, to: ItemStatus| {
        let to = to.name();
        statement(&id, &format!(",'agenda':[{{'item':'{item}','to':'{to}'}}]"))
    };
    let mut before = String::new();
    for status in all {
        let item = format!("was-{}", status.name());
        if !ItemStatus::may_become(None, status) {
            before += &step(format!("{item}.0"), &item, Raised);
        }
        before += &step(format!("{item}.1"), &item, status);
    }
    let desk = given_events(before).when(APPEND).then_exits(0);
    let mut illegal = String::new();
    for from in [None].into_iter().chain(all.map(Some)) {
        let item = from.map_or("new".to_owned(), |from| format!("was-{}", from.name()));
        for to in all
            .into_iter()
            .filter(|&to| !ItemStatus::may_become(from, to))
        {
            illegal += &step(format!("{item}.{}", to.name()), &item, to);
        }
    }
    desk.write("events.json", illegal);
    desk.when(APPEND)
        .then_exits(2)
        .then_golden("bad-input-agenda");
}

#[test]
fn each_illegal_step_of_a_meeting_is_refused_with_how_it_stands() {
    use MeetingStatus::{Cancelled, Held, Planned, Postponed, Proposed, Scheduled};
    let all = [Proposed, Planned, Scheduled, Held, Postponed, Cancelled];
    let step = |id: String, meeting: &str, to: MeetingStatus| {
        let act = format!("meeting_{}", to.name());
        together(&id, &act, &format!(",'meeting':'{meeting}'"))
    };
    let mut before = String::new();
    for status in all {
        let meeting = format!("was-{}", status.name());
        if status != Proposed {
            before += &step(format!("{meeting}.0"), &meeting, Proposed);
        }
        before += &step(format!("{meeting}.1"), &meeting, status);
    }
    let desk = given_events(before).when(APPEND).then_exits(0);
    let mut illegal = String::new();
    for to in [Held, Postponed, Cancelled] {
        illegal += &step(format!("new.{}", to.name()), "new", to);
    }
    for from in all {
        let meeting = format!("was-{}", from.name());
        for to in all
            .into_iter()
            .filter(|&to| !MeetingStatus::may_become(Some(from), to))
        {
            illegal += &step(format!("{meeting}.{}", to.name()), &meeting, to);
        }
    }
    illegal += &together("e", "meeting_scheduled", ",'scheduled_for':'2017-02-26'");
    desk.write("events.json", json(&illegal));
    desk.when(APPEND)
        .then_exits(2)
        .then_golden("bad-input-meetings");
}

#[test]
fn a_readout_of_what_did_not_happen_or_by_who_was_not_there_is_refused() {
    let readout = |id: &str, of: &str| {
        statement(id, &format!(",'of':'{of}'")).replace("statement", "readout")
    };
    let events = [
        readout("e1", "us-ru-call").replace("2017-02-27", "2017-01-27"),
        readout("e2", "us-ru-cal"),
        readout("e3", "crimea-sanctions"),
        readout("e4", "us-de-call"),
    ];
    refuses("bad-input-readouts", [json(&events.concat())]);
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let events = [
        json("{'id':'e f','date':'2017-02-30','source':['RUSS'],'act':'statment','titel':1}\n"),
        statement("fine", ""),
        json("{'id':'g','act':'readout'}\n"),
        "nonsense\n".to_owned(),
        together("h", "agreement", ",'stage':'sealed'"),
    ];
    refuses("bad-input-all-at-once", [events.concat()]);
}

#[test]
fn all_illegal_events_of_a_file_are_told_at_once() {
    let events = [
        statement("one", ",'caused_by':'nothing'"),
        statement("fine", ""),
        sanctions("two", "sanctions_lifted", "no-such-sanctions"),
    ];
    refuses("bad-input-all-illegal", [events.concat()]);
}

#[test]
fn illegal_events_are_told_in_the_order_of_the_file() {
    let late = statement("late", ",'caused_by':'nothing'");
    let early = late
        .replace("late", "early")
        .replace("2017-02-27", "2017-01-27");
    let says = refusal(&given_events(late + &early), APPEND);
    let [first, second] = ["events.json:1:", "events.json:2:"].map(|place| says.find(place));
    assert!(first.is_some() && first < second, "{says}");
}

#[test]
fn past_a_hundred_mistakes_the_rest_is_counted() {
    // Of one mistake only the first are shown; these are as many.
    let event = |number| statement(&format!("e{number}"), &format!(",'tone':'{number}'"));
    let desk = given_events((0..150).map(event).collect::<String>());
    desk.write("broken.jsonl", "{}\n".repeat(50));
    for command in [APPEND, "replay broken.jsonl", "check broken.jsonl"] {
        let says = refusal(&desk, command);
        assert_eq!(mistakes(&says), 100, "{command}");
        assert!(says.ends_with("\nand 50 more\n"), "{command}");
    }
}

#[test]
fn a_line_of_two_megabytes_is_refused_in_a_log_unless_it_is_torn() {
    let long = statement("e", &format!(",'note':'{}'", "x".repeat(2 * LINE_LIMIT)));
    given([
        ("long.jsonl", [RECORDED, long.as_bytes()].concat()),
        (
            "tail.jsonl",
            [RECORDED, long.trim_end().as_bytes()].concat(),
        ),
        ("events.json", statement("fine", "").into_bytes()),
    ])
    .when("replay long.jsonl")
    .then_exits(2)
    .when("check long.jsonl")
    .then_exits(2)
    .when("log verify long.jsonl")
    .then_exits(1)
    .when("log append long.jsonl events.json --recorded 2017-03-01")
    .then_exits(2)
    // Without its end it is what a crash leaves, and moved aside.
    .when("log append tail.jsonl events.json --recorded 2017-03-01")
    .then_exits(0)
    .then_golden("bad-input-long-line");
}

#[test]
fn an_event_of_two_megabytes_is_refused_where_it_stands() {
    let long = statement("e", &format!(",'note':'{}'", "x".repeat(2 * LINE_LIMIT)));
    let says = refusal(&given_events(statement("fine", "") + &long), APPEND);
    assert!(says.contains("is longer than 1048576 bytes"), "{says}");
    assert!(says.contains("--> events.json:2"), "{says}");
}

#[test]
fn an_event_of_two_megabytes_leaves_no_empty_log_behind() {
    let long = statement("e", &format!(",'note':'{}'", "x".repeat(2 * LINE_LIMIT)));
    given([("events.json", long)])
        .when("log append new.jsonl events.json --recorded 2017-03-01")
        .then_exits(2);
}

#[test]
fn a_long_line_does_not_hide_other_mistakes() {
    let long = statement("e", &format!(",'note':'{}'", "x".repeat(2 * LINE_LIMIT)));
    let says = refusal(&given_events(long + &statement("e f", "")), APPEND);
    assert!(says.contains("is longer than"), "{says}");
    assert!(says.contains("`e f` is not a name"), "{says}");
}

#[test]
fn an_empty_file_is_told_as_such() {
    refuses_all(
        given([
            ("empty", ""),
            ("events.json", ""),
            ("blank.json", " \n\n"),
            ("list.json", "[]"),
        ]),
        "bad-input-empty",
        [
            "replay empty",
            "log show empty",
            "log verify empty",
            "check empty",
            "log retract empty us-ru-call --recorded 2017-03-01",
            "log append new.jsonl events.json --recorded 2017-03-01",
            "log append new.jsonl blank.json --recorded 2017-03-01",
            "log append new.jsonl list.json --recorded 2017-03-01",
            "replay --model empty",
        ],
    );
}

#[test]
fn a_directory_is_told_as_such() {
    let desk = given_events(statement("e", ""));
    std::fs::create_dir(desk.path("here")).unwrap();
    refuses_all(
        desk,
        "bad-input-directory",
        [
            "replay here",
            "log show here",
            "log verify here",
            "check here",
            "log append here events.json",
            "log append log.jsonl here",
            "log retract here us-ru-call",
            "replay --model here",
        ],
    );
}

#[test]
fn a_file_that_is_not_there_is_told_as_such() {
    refuses_all(
        given_events(statement("e", "")),
        "bad-input-not-there",
        [
            "replay nowhere.jsonl",
            "log verify nowhere.jsonl",
            "log append log.jsonl nowhere.json",
            "log append no/where.jsonl events.json",
            "log retract nowhere.jsonl us-ru-call",
        ],
    );
}

#[test]
fn a_file_that_is_no_log_at_all_is_not_taken_for_an_empty_one() {
    given([
        ("notes.txt", "Buy milk"),
        ("events.json", &statement("e", "")),
    ])
    .when("replay notes.txt")
    .then_exits(2)
    .when("log append notes.txt events.json --recorded 2017-03-01")
    .then_exits(2);
}

#[test]
fn a_newer_format_is_refused_by_name_and_by_nothing_else() {
    let log = String::from_utf8(RECORDED.to_vec()).unwrap();
    refuses_all(
        given([
            (
                "log.jsonl",
                log.replace("\"seq\":12,", "\"v\":2,\"seq\":12,\"mood\":\"sunny\","),
            ),
            ("events.json", json("{'v':3,'id':'e','when':'2017-02-27'}")),
        ]),
        "bad-input-newer-format",
        [
            "replay log.jsonl",
            "log verify log.jsonl",
            "check log.jsonl",
            "log append log.jsonl events.json",
            "log append new.jsonl events.json",
        ],
    );
}

#[test]
fn a_format_that_never_was_is_not_called_a_newer_one() {
    let says = refusal(&given_events(statement("e", ",'v':0")), APPEND);
    assert!(!says.contains("newer"), "{says}");
}

#[test]
fn a_question_for_what_is_not_there_comes_with_what_there_is() {
    refuses_all(
        given::<&str>([]),
        "bad-input-questions",
        [
            "replay --to us-ru-cal",
            "replay --to zzzzzzzz",
            "replay --to 13",
            "replay --dyad RUS-CHN",
            "replay --format csv --dyad RUS-CHN",
            "replay --dyad RUS-USSA",
            "log show recorded us-ru-cal",
        ],
    );
    refuses_all(
        given([(
            "model.json",
            json("{'preset':'detente','half_life_dais':3,'gain':'much',}"),
        )]),
        "bad-input-models",
        [
            "replay --set half_life_day=240",
            "replay --set half_life_days",
            "replay --set half_life_days=long",
            "replay --set half_life_days=-1",
            "replay --model goldstine",
            "replay --model model.json",
        ],
    );
}

#[test]
fn a_day_that_does_not_exist_is_not_looked_for_among_the_ids() {
    let says = refusal(&given::<&str>([]), "replay --to 2017-02-30");
    assert!(
        says.contains("the date 2017-02-30 does not exist"),
        "{says}"
    );
}

#[test]
fn mistakes_on_standard_input_are_told_as_such() {
    let desk = given([("log.jsonl", RECORDED)]);
    for (command, input) in [("log append log.jsonl", "{}"), ("replay -", "hello\n")] {
        let mut child = piped(desk.detente(command)).spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        let says = String::from_utf8(output.stderr).unwrap();
        assert!(says.contains("--> standard input:1:1"), "{says}");
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(desk.read("log.jsonl"), RECORDED);
}

#[test]
fn what_would_act_on_a_terminal_is_shown_and_does_not() {
    let field = ",'\\u001b[31mred':1,'title':'\u{9b}31m\u{202e}'";
    let says = refusal(&given_events(statement("e", field)), APPEND);
    assert!(says.contains("unknown field `\\u{1b}[31mred`"), "{says}");
    let acts = |character: char| character.is_control() && character != '\n';
    assert!(
        !says.contains(|it| acts(it) || it == '\u{202e}'),
        "{says:?}"
    );
}

#[test]
fn what_is_noted_of_a_file_does_nothing_to_a_terminal() {
    let log = "e\u{1b}[31mvil\u{202e}.jsonl";
    let event = r#"{"id": "said", "date": "2017-02-03", "source": ["USA"], "target": ["RUS"],
        "act": "statement"}"#;
    let desk = given([(log, RECORDED.to_vec()), ("said.json", event.into())]);
    let append = format!("log append {log} said.json --recorded 2017-02-04");
    for _ in 0..2 {
        assert_eq!(
            desk.detente(&append).output().unwrap().status.code(),
            Some(0)
        );
    }
    let output = desk.detente(&append).output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(
        says.contains(r"said is in e\u{1b}[31mvil\u{202e}.jsonl already"),
        "{says}"
    );
    assert!(!says.contains(['\u{1b}', '\u{202e}']), "{says:?}");
}

/// A command with pipes on all sides.
fn piped(mut command: Command) -> Command {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_log_from_standard_input_is_as_good_as_a_file() {
    let desk = given([("log.jsonl", RECORDED)]);
    for command in ["replay LOG --format csv", "log show LOG --format jsonl"] {
        let file = desk
            .detente(&command.replace("LOG", "log.jsonl"))
            .output()
            .unwrap();
        for name in ["-", "/dev/stdin"] {
            let mut child = piped(desk.detente(&command.replace("LOG", name)))
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(RECORDED).unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            assert_eq!(output.stdout, file.stdout);
            assert_eq!(output.stderr, b"");
        }
    }
}

#[test]
fn a_log_from_a_named_pipe_is_as_good_as_a_file() {
    let desk = given([("log.jsonl", RECORDED)]);
    let made = Command::new("mkfifo").arg(desk.path("pipe")).status();
    if !made.is_ok_and(|status| status.success()) {
        return skip("there is no mkfifo");
    }
    let file = desk
        .detente("replay log.jsonl --format csv")
        .output()
        .unwrap();
    let pipe = desk.path("pipe");
    let writer = std::thread::spawn(move || std::fs::write(pipe, RECORDED).unwrap());
    let output = desk.detente("replay pipe --format csv").output().unwrap();
    writer.join().unwrap();
    assert_eq!(output.stdout, file.stdout);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn events_are_only_appended_to_regular_files() {
    refuses_all(
        given([("events.json", statement("e", ""))]),
        "bad-input-not-a-file",
        [
            "log append /dev/null events.json",
            "log retract /dev/null e",
        ],
    );
}

const EVERY_OUTPUT: [&str; 12] = [
    "replay",
    "replay --all-dyads",
    "replay --format csv",
    "replay --format json",
    "replay --format jsonl",
    "replay --state-only",
    "log show",
    "log show --format jsonl",
    "log verify",
    "check log.jsonl",
    "schema event",
    "schema model",
];

#[test]
fn output_into_a_closed_pipe_ends_quietly() {
    let desk = given([("log.jsonl", RECORDED)]);
    for command in EVERY_OUTPUT
        .into_iter()
        .chain(["--help", "replay --help", "--version"])
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = desk.detente(command).stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{command}");
        assert_eq!(output.status.code(), Some(0), "{command}");
    }
}

#[test]
fn whoever_reads_only_the_first_line_gets_it_and_no_complaint() {
    let events: String = (0..500)
        .map(|place| statement(&format!("e{place}"), ""))
        .collect();
    let desk = given_events(events).when(APPEND).then_exits(0);
    let long = desk
        .detente("log show log.jsonl --format jsonl")
        .output()
        .unwrap();
    assert!(long.stdout.len() > 1 << 16, "it fits into the pipe");
    let mut command = desk.detente("replay log.jsonl --format jsonl");
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut reader = BufReader::with_capacity(1, child.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert!(first.contains("\"crimea-annexation\""), "{first}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(target_os = "linux")]
mod on_linux {
    use super::{EVERY_OUTPUT, given_events, refusal, skip};
    use crate::cli::{APPEND, Desk, RECORDED, given, statement};
    use std::fs::{File, OpenOptions, Permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    fn full() -> File {
        OpenOptions::new().write(true).open("/dev/full").unwrap()
    }

    #[test]
    fn output_that_cannot_be_written_is_an_error() {
        let desk = given([("log.jsonl", RECORDED)]);
        for command in EVERY_OUTPUT {
            let output = desk.detente(command).stdout(full()).output().unwrap();
            let says = String::from_utf8(output.stderr).unwrap();
            let expected =
                "error: cannot write the output: no space left on device\n--> standard output\n";
            assert_eq!(
                (&*says, output.status.code()),
                (expected, Some(2)),
                "{command}"
            );
        }
    }

    #[test]
    fn help_that_cannot_be_written_is_an_error() {
        let desk = given::<&str>([]);
        for command in ["--help", "replay --help", "--version"] {
            let output = desk.detente(command).stdout(full()).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{command}");
        }
    }

    #[test]
    fn what_was_appended_stays_when_that_cannot_be_told() {
        let desk = given_events(statement("e", ""));
        let output = desk.detente(APPEND).stdout(full()).output().unwrap();
        // What the command was for is done; that it could not be told is told.
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let says = String::from_utf8(output.stderr).unwrap();
        assert!(
            says.contains("the events are in the log all the same"),
            "{says}"
        );
        let log = String::from_utf8(desk.read("log.jsonl")).unwrap();
        assert!(log.contains("\"id\":\"e\""), "{log}");
        let verified = desk.detente("log verify log.jsonl").output().unwrap();
        assert_eq!(verified.status.code(), Some(0));
    }

    /// The same command, which may not pass over permissions even if it is root that runs it.
    fn bound_by_permissions(command: Command, secret: &Path) -> Option<Command> {
        if File::open(secret).is_err() {
            return Some(command);
        }
        let with = ["--bounding-set=-dac_override,-dac_read_search", "--"];
        let can = Command::new("setpriv").args(with).arg("true").output();
        if !can.is_ok_and(|output| output.status.success()) {
            return None;
        }
        let mut bound = Command::new("setpriv");
        bound.args(with);
        bound.arg(command.get_program()).args(command.get_args());
        bound.current_dir(command.get_current_dir().unwrap());
        Some(bound)
    }

    #[test]
    fn a_file_without_permission_is_told_as_such() {
        let mut desk = given([
            ("log.jsonl", RECORDED.to_vec()),
            ("events.json", statement("e", "").into_bytes()),
            ("secret.jsonl", RECORDED.to_vec()),
            ("secret.json", statement("e", "").into_bytes()),
        ]);
        std::fs::create_dir(desk.path("fixed")).unwrap();
        for (name, mode) in [
            ("secret.jsonl", 0o000),
            ("secret.json", 0o000),
            ("log.jsonl", 0o444),
            ("fixed", 0o555),
        ] {
            std::fs::set_permissions(desk.path(name), Permissions::from_mode(mode)).unwrap();
        }
        for typed in [
            "replay secret.jsonl",
            "log verify secret.jsonl",
            "check secret.jsonl",
            "log append secret.jsonl events.json",
            "log append log.jsonl secret.json",
            "replay --model secret.json",
            "log append log.jsonl events.json",
            "log retract log.jsonl us-de-call",
            "log append fixed/new.jsonl events.json",
        ] {
            let Some(command) =
                bound_by_permissions(desk.detente(typed), &desk.path("secret.json"))
            else {
                return skip("there is no setpriv, and root may read everything");
            };
            desk = desk.when_run(typed, command).then_exits(2);
        }
        desk.then_golden("bad-input-no-permission");
    }

    /// A small file system of its own in a directory, as long as this lives.
    struct SmallDisk(PathBuf);

    impl SmallDisk {
        fn mount(at: PathBuf) -> Option<Self> {
            std::fs::create_dir(&at).unwrap();
            let mut mount = Command::new("mount");
            mount
                .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
                .arg(&at);
            mount
                .output()
                .is_ok_and(|it| it.status.success())
                .then_some(Self(at))
        }
    }

    impl Drop for SmallDisk {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(&self.0).output();
        }
    }

    /// A disk with the recorded history, a filler, and room for one page of 4 KiB more.
    fn given_full_disk() -> Option<(Desk, SmallDisk)> {
        let note = format!(",'note':'{}'", "x".repeat(3000));
        let events: String = (0..5)
            .map(|place| statement(&format!("e{place}"), &note))
            .collect();
        let desk = given_events(events);
        let mounted = SmallDisk::mount(desk.path("disk"))?;
        desk.write("disk/log.jsonl", RECORDED);
        desk.write("disk/filler", vec![0; 12 * 4096]);
        Some((desk, mounted))
    }

    const NO_MOUNT: &str = "a small disk cannot be mounted without root";

    #[test]
    fn a_full_disk_leaves_the_log_as_it_was_and_no_new_one() {
        let Some((desk, mounted)) = given_full_disk() else {
            return skip(NO_MOUNT);
        };
        let desk = desk
            .when("log append disk/log.jsonl events.json --recorded 2017-03-01")
            .then_exits(2)
            .when("log append disk/new.jsonl events.json --recorded 2017-03-01")
            .then_exits(2);
        std::fs::remove_file(desk.path("disk/filler")).unwrap();
        desk.when("log append disk/log.jsonl events.json --recorded 2017-03-01")
            .then_exits(0)
            .when("log verify disk/log.jsonl")
            .then_exits(0)
            .then_golden("bad-input-full-disk");
        drop(mounted);
    }

    const TORN: &[u8] = br#"{"seq":13,"id":"to"#;

    #[test]
    fn a_full_disk_leaves_a_torn_last_line_where_it_is() {
        let Some((desk, mounted)) = given_full_disk() else {
            return skip(NO_MOUNT);
        };
        desk.write("disk/log.jsonl", [RECORDED, TORN].concat());
        desk.write("disk/more", vec![0; 4096]);
        desk.write("events.json", statement("e", ""));
        desk.when("log append disk/log.jsonl events.json --recorded 2017-03-01")
            .then_exits(2)
            .then_golden("bad-input-full-disk-torn");
        drop(mounted);
    }

    #[test]
    fn a_disk_that_is_full_only_for_the_events_loses_no_torn_last_line() {
        let Some((desk, mounted)) = given_full_disk() else {
            return skip(NO_MOUNT);
        };
        desk.write("disk/log.jsonl", [RECORDED, TORN].concat());
        refusal(
            &desk,
            "log append disk/log.jsonl events.json --recorded 2017-03-01",
        );
        let log = desk.read("disk/log.jsonl");
        let tail = log.strip_prefix(RECORDED).unwrap();
        let is_kept = tail == TORN || desk.read("disk/log.jsonl.torn-8967") == TORN;
        assert!(is_kept, "{}", tail.len());
        drop(mounted);
    }
}

/// A text without the colours in it.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        let (_, rest) = part.split_once('m').unwrap();
        plain + rest
    })
}

#[test]
fn colours_are_there_when_asked_for_and_change_no_word() {
    let broken = String::from_utf8(RECORDED.to_vec())
        .unwrap()
        .replace("Both", "Two");
    let desk = given([("log.jsonl", RECORDED), ("broken.jsonl", broken.as_bytes())]);
    for command in ["replay nowhere.jsonl", "check broken.jsonl", "replay"] {
        let run = |arguments: String, no_color: bool| {
            let mut command = desk.detente(&arguments);
            if no_color {
                command.env("NO_COLOR", "1");
            }
            let output = command.output().unwrap();
            String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
        };
        let colourful = run(format!("--color always {command}"), false);
        assert!(colourful.contains("\u{1b}["), "{command}: {colourful}");
        let without = run(format!("--color never {command}"), false);
        assert_eq!(plain(&colourful), without, "{command}");
        assert_eq!(run(command.to_owned(), false), without, "{command}");
        assert_eq!(run(command.to_owned(), true), without, "{command}");
        let all_the_same = run(format!("--color always {command}"), true);
        let is_asked_for = all_the_same == colourful;
        assert!(is_asked_for, "NO_COLOR is for auto alone: {command}");
    }
}

#[test]
fn a_terminal_gets_colours_unless_it_wants_none() {
    let desk = given([("broken.jsonl", "{}\n")]);
    let on_terminal = |arguments: &str, no_color: bool| {
        let mut command = Command::new("script");
        let typed = format!("{} {arguments}", env!("CARGO_BIN_EXE_detente"));
        command.args(["--quiet", "--command", &typed, "/dev/null"]);
        command.current_dir(desk.path("")).stdin(Stdio::null());
        command.env_remove("NO_COLOR").env("TERM", "xterm");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let output = command
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).unwrap())
    };
    for command in ["replay", "check broken.jsonl", "log verify broken.jsonl"] {
        let Some(says) = on_terminal(command, false) else {
            return skip("there is no script to stand for a terminal");
        };
        assert!(says.contains("\u{1b}["), "{command}: {says}");
        for (arguments, no_color) in [
            (command.to_owned(), true),
            (format!("--color never {command}"), false),
        ] {
            let says = on_terminal(&arguments, no_color).unwrap();
            assert!(!says.contains('\u{1b}'), "{arguments}: {says}");
        }
    }
}

#[test]
fn data_on_a_terminal_have_nothing_that_acts_on_it_and_elsewhere_are_as_they_were_written() {
    const ACTING: [char; 5] = ['\u{9b}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{7f}'];
    let title: String = ACTING.iter().collect();
    let desk = given_events(statement("one", &format!(",'title':'\\u001b[31m{title}'")));
    let desk = desk.when(APPEND).then_exits(0);
    for command in [
        "replay log.jsonl --format csv",
        "replay log.jsonl --format json",
        "log show log.jsonl --format jsonl",
        "log show log.jsonl --format json",
        "log show log.jsonl",
    ] {
        let mut typed = Command::new("script");
        let detente = format!("{} --color never {command}", env!("CARGO_BIN_EXE_detente"));
        typed.args(["--quiet", "--command", &detente, "/dev/null"]);
        typed.current_dir(desk.path("")).stdin(Stdio::null());
        let Some(output) = typed.output().ok().filter(|it| it.status.success()) else {
            return skip("there is no script to stand for a terminal");
        };
        let says = String::from_utf8(output.stdout).unwrap();
        let acts = |found: &char| ACTING.contains(found) || *found == '\u{1b}';
        assert_eq!(says.chars().find(acts), None, "{command}");
        assert!(says.contains("200b"), "{command}: {says}");
        let plain = desk.detente(command).output().unwrap();
        let plain = String::from_utf8(plain.stdout).unwrap();
        assert_eq!(
            plain.contains('\u{200b}'),
            command.contains("--format"),
            "{command}"
        );
    }
}

#[test]
fn what_only_follows_from_a_bad_number_is_not_told_beside_it() {
    let event = statement("a", ",'weight':1e400,'reason':'x'");
    let desk = given([("events.json", event)]);
    let run = desk.detente(APPEND).output().unwrap();
    let says = String::from_utf8(run.stderr).unwrap();
    assert_eq!(says.matches("error:").count(), 1, "{says}");
}

#[test]
fn a_scenario_that_is_not_utf8_is_told_where() {
    let desk = given([("odd.json", &b"{\n  \"title\": \"\xff\"}"[..])]);
    let run = desk.detente("check odd.json").output().unwrap();
    let says = String::from_utf8(run.stderr).unwrap();
    assert!(says.contains("odd.json:2:13"), "{says}");
}

#[test]
fn what_stands_in_the_wrong_place_is_told_where_it_belongs() {
    let desk = given([
        (
            "game.csv",
            "date,source,target,act,kind\n2030-01-02,XBL,XRL,embargo,\n",
        ),
        (
            "announced.json",
            &json(
                "{'id':'a','date':'2030-01-02','act':'sanctions_imposed','source':['XBL'],'target':['XRL'],'effective':'2030-02-01'}",
            ),
        ),
    ]);
    refuses_all(
        desk,
        "misplaced",
        [
            "replay game.csv",
            "compare recorded game.csv",
            "log append game.jsonl game.csv --recorded 2030-02-01",
            "log append game.jsonl announced.json --recorded 2030-02-01",
            "replay missile-crisis",
            "run korae-2017-2019",
            "replay recorded --dyad xbl-xrl",
        ],
    );
}

#[test]
fn event_data_in_the_place_of_a_log_are_told_once_with_what_imports_them() {
    let desk = given([
        (
            "rows.csv",
            "\u{feff}GLOBALEVENTID,SQLDATE,Actor1CountryCode,Actor2CountryCode,EventCode\n1,20300102,XBL,XRL,040\n",
        ),
        (
            "own.csv",
            "\"date\";\"source\";\"target\";\"code\"\n2030-01-02;XBL;XRL;040\n",
        ),
        (
            "rows.tab",
            "20300102\tXBL\tXRL\t040\n20300103\tXBL\tXRL\t112\n",
        ),
        (
            "scenario.json",
            "// The first update, with a date, of talks, a ban, and so on.\n{\"title\": \"One\", \"base\": \"recorded\", \"fork\": {\"before\": \"us-jp-call\"}, \"edits\": []}",
        ),
        (
            "onto.json",
            "{\"title\": \"One\", \"base\": \"own.csv\", \"fork\": {\"before\": \"one\"}, \"edits\": []}",
        ),
        (
            "prose.txt",
            "On that date it rained\nand later, too, as some say, it did not\n",
        ),
    ]);
    refuses_all(
        desk,
        "event-data-no-log",
        [
            "replay rows.csv",
            "replay own.csv",
            "replay rows.tab",
            "why rows.tab",
            "report own.csv -o page.html",
            "log show rows.csv",
            "log verify rows.csv",
            "score scenario.json --against rows.csv",
            "check onto.json",
            "replay prose.txt",
        ],
    );
}

#[test]
fn histories_are_listed_where_a_history_is_asked_for_and_nowhere_else() {
    let desk = given([("rows.csv", "")]);
    for (command, is_asked) in [
        ("replay nofile", true),
        ("why nofile", true),
        ("compare recorded nofile", true),
        ("log verify nofile", true),
        ("index nofile", false),
        ("fit nofile", false),
        ("validate nofile", false),
        ("import nofile --dyad RUS-USA -o log.jsonl", false),
        ("cite nofile", false),
        ("replay --model nofile", false),
    ] {
        let said = desk.detente(command).output().unwrap();
        assert_eq!(said.status.code(), Some(2), "{command}");
        let said = String::from_utf8(said.stderr).unwrap();
        assert_eq!(
            said.contains("detente histories"),
            is_asked,
            "{command}: {said}"
        );
        assert!(said.contains("nofile"), "{command}: {said}");
    }
}
