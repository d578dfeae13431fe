//! Events from a spreadsheet, and one by one: what a person without JSON types, and what comes of
//! it.

use crate::cli::{Desk, given};
use detente::history::read_events;
use detente::model::Act;
use std::io::Write;
use std::process::Stdio;

/// A game of two countries that were made up, as a spreadsheet saves it.
const GAME: &str = "\
Date,Source,Target,Audience,Act,Title,Measure,Tone,Stage,Minutes,Agenda,Evidence,Id
2031-03-02,XBL,XRL,,statement,\"Blueland speaks of \"\"pirates\"\"\",,critical,,,fishing:raised,,
2031-03-02,XBL,XRL,,statement,And again,,threatening,,,,,
2031-03-04,XBL,XRL,UN,sanctions imposed?,,tariffs,,,,,,
";

fn appends(sheet: impl Into<Vec<u8>>) -> Desk {
    given([("moves.csv", sheet.into())])
        .when("log append game.jsonl moves.csv --recorded 2031-04-01")
}

fn game() -> String {
    GAME.replace("sanctions imposed?", "sanctions_imposed")
        + "2031-03-06,XBL,XRL,,call,The ministers speak,,,,45,fishing:agreed:high; visas:raised,\
           Note of the umpires | 2031-03-07 | point 2; Tape,ministers-call\n\
           2031-03-09,XRL; XBL,,,agreement,Fishing is shared,,,signed,,fishing:settled,,\n\
           ,,,,,,,,,,,,\n"
}

#[test]
fn a_game_is_kept_in_a_spreadsheet() {
    let desk = appends(game())
        .then_exits(0)
        .when("log show game.jsonl --format jsonl")
        .then_exits(0)
        .when("check game.jsonl")
        .then_exits(0)
        .when("replay game.jsonl --to 2031-03-31")
        .then_exits(0);
    let log = desk.read("game.jsonl");
    // The whole sheet again, with one more row: what is there already stays as it is.
    desk.write(
        "moves.csv",
        game() + "2031-03-11,XRL,XBL,,statement,Redland is glad,,optimistic,,,,,\n",
    );
    let desk = desk
        .when("log append game.jsonl moves.csv --recorded 2031-04-02")
        .then_exits(0);
    assert!(desk.read("game.jsonl").starts_with(&log));
    desk.then_golden("sheet-game");
}

#[test]
fn what_is_wrong_with_a_sheet_is_told_all_at_once_by_row_and_column() {
    appends(format!(
        "{GAME}03.03.2031,XBL,Redlnad,,sttement,,,,,,fish,,\n\
         2031-03-05,XBL,XRL,,call,\"a \"\"b\"\"\",,neutral,,\"6,5\",a:raised:high:x,,call\n\
         2031-03-05,XBL,XRL,,call,\"no end\"s,,,,,,,\n\
         2031-03-05,,XRL,,statement,,,,,,,,,more\n\
         2031-03-05,XBL;XBL,XRL,,statement,,,,,,,,9th\n\
         42763,XBL,XRL,,statement,,,,,,,,\n"
    ))
    .then_exits(2)
    .then_golden("sheet-mistakes");
}

#[test]
fn what_is_no_sheet_yet_is_told_for_what_it_is() {
    let rows: String = game().split_inclusive('\n').skip(1).collect();
    let head = game().lines().next().unwrap().to_owned() + "\n";
    let utf16 = game()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect::<Vec<_>>();
    let files: [(&str, Vec<u8>); 8] = [
        ("rows.csv", rows.clone().into()),
        (
            "semicolons.csv",
            rows.replace(';', "|").replace(',', ";").into(),
        ),
        ("tabs.tsv", rows.replace(',', "\t").into()),
        ("empty.csv", Vec::new()),
        ("blank.csv", b"\n \n".to_vec()),
        ("header.csv", head.into()),
        ("book.xlsx", b"PK\x03\x04\0\0".to_vec()),
        ("wide.csv", [&b"\xff\xfe"[..], &utf16].concat()),
    ];
    let names = files.each_ref().map(|(name, _)| *name);
    let mut desk = given(files);
    for name in names {
        desk = desk
            .when(&format!(
                "log append game.jsonl {name} --recorded 2031-04-01"
            ))
            .then_exits(2)
            .when(&format!("check {name}"))
            .then_exits(2);
    }
    assert!(!desk.path("game.jsonl").exists());
    desk.then_golden("sheet-that-is-none");
}

#[test]
fn a_name_in_the_place_of_a_code_is_told_by_what_log_and_sheet_call_their_actors() {
    let names = "id,date,act,source,target,names\n\
        who,2031-03-01,describes,,,XBL:Blueland;XRL:Redland\n";
    let moves = "date,act,source,target,weight,names\n\
        2031-03-02,demand,Redland,Grenland,,\n\
        2031-03-02,call,\"XRL,XBL\",,,\n\
        2031-03-02,demand,Russia,blueland,\"0,5\",\n\
        2031-03-02,describes,,,,XGL:Greenlands\n\
        ,demand,,Redlnd,,\n";
    given([("names.csv", names), ("moves.csv", moves)])
        .when("log append game.jsonl names.csv --recorded 2031-04-01")
        .then_exits(0)
        .when("log append game.jsonl moves.csv --recorded 2031-04-01")
        .then_exits(2)
        .then_golden("sheet-names-for-codes");
}

#[test]
fn names_that_changed_places_are_told_in_a_sheet_as_in_json() {
    let sheet = "date,act,names\n\
        2031-03-01,describes,Blueland:XBL\n\
        2031-03-01,describes,\"XBL:Blueland,XRL:Redland\"\n\
        2031-03-01,describes,\"XGL:Greenland; Brazil:BRA\"\n";
    let json = r#"{"id": "who", "date": "2031-03-01", "act": "describes",
        "names": {"XGL": "Greenland", "Brazil": "BRA",
            "who": "EU", "XAL": "XBO"}}"#;
    given([("moves.csv", sheet), ("who.json", json)])
        .when("log append game.jsonl moves.csv --recorded 2031-04-01")
        .then_exits(2)
        .when("log append game.jsonl who.json --recorded 2031-04-01")
        .then_exits(2)
        .when("log add game.jsonl --act describes --date 2031-03-01 --names Blueland:XBL")
        .then_exits(2)
        .then_golden("sheet-names-that-changed-places");
}

#[test]
fn a_row_that_was_changed_is_told_how_it_is_mended() {
    let desk = appends(game()).then_exits(0);
    let log = desk.read("game.jsonl");
    desk.write(
        "moves.csv",
        game().replace("Fishing is shared", "Fishing is forbidden"),
    );
    let desk = desk
        .when("log append game.jsonl moves.csv --recorded 2031-04-02")
        .then_exits(2);
    assert_eq!(desk.read("game.jsonl"), log);
    desk.then_golden("sheet-changed-row");
}

#[test]
fn a_row_without_an_id_that_was_corrected_is_told_of_as_the_event_that_it_was() {
    let desk = appends(game()).then_exits(0);
    let dated = |day: &str| {
        let again = format!("{day},XBL,XRL,,statement,And again");
        game().replace("2031-03-02,XBL,XRL,,statement,And again", &again)
    };
    desk.write("moves.csv", dated("2031-03-03"));
    let desk = desk
        .when("log append game.jsonl moves.csv --recorded 2031-04-02 --dry-run")
        .then_exits(0)
        .when("log append game.jsonl moves.csv --recorded 2031-04-02")
        .then_exits(0)
        .when("log retract game.jsonl statement-2031-03-02-2 --recorded 2031-04-02")
        .then_exits(0);
    // What was retracted is nothing that is there twice; and by its fields the same is told.
    desk.write("moves.csv", dated("2031-03-04"));
    desk.when("log append game.jsonl moves.csv --recorded 2031-04-03")
        .then_exits(0)
        .when("log add game.jsonl --act call --date 2031-03-20 --source XBL;XRL --title Talks --recorded 2031-04-03")
        .then_exits(0)
        .when("log add game.jsonl --act call --date 2031-03-21 --source XBL;XRL --title Talks --recorded 2031-04-03")
        .then_exits(0)
        .then_golden("sheet-corrected-row");
}

#[test]
fn a_real_state_a_letter_off_is_told_of_unless_it_is_known() {
    let sheet = |rows: &[&str]| {
        let rows: Vec<_> = (1..)
            .zip(rows)
            .map(|(day, row)| format!("2031-03-0{day},{row},statement\n"))
            .collect();
        format!("date,source,target,act\n{}", rows.concat())
    };
    let [often, once] = ["USA,RUS", "USA,AUS"];
    let append = |log: usize| format!("log append {log}.jsonl moves.csv --recorded 2031-04-01");
    let mut desk = given([("moves.csv", sheet(&[often]))])
        .when(&append(0))
        .then_exits(0);
    for (log, rows) in [
        // Beside what is in the log; and once it is in there itself.
        (0, vec![often, once]),
        (0, vec![often, once, once]),
        // Beside what else is in the sheet.
        (1, vec![often, often, often, often, once]),
        (2, vec![often, often, often, often, often, once]),
        (3, vec![often, often, often, often, often, once, once]),
    ] {
        desk.write("moves.csv", sheet(&rows));
        desk = desk.when(&append(log)).then_exits(0);
    }
    desk.then_golden("sheet-letter-off");
}

#[test]
fn a_mark_that_is_closed_rows_later_is_told_where_it_was_opened_and_its_own_row_is_read() {
    let header = "date,source,target,act,title,tone\n";
    let rows = "2031-13-02,XBL,XRL,statement,\"Blueland speaks,critical\n\
        2031-03-03,XBL,XRL,statement,Again,crtical\n\
        2031-03-04,XBL,XRL,statement,\"And again\",critical\n";
    appends(format!("{header}{rows}"))
        .then_exits(2)
        .then_golden("sheet-mark-over-rows");
}

#[test]
fn several_actors_in_a_cell_are_told_whatever_stands_between_them() {
    let header = "date,source,target,act\n";
    let rows: String = [
        "XAL;XBO",
        "XAL XBO",
        "XAL and XBO",
        "XAL & XBO",
        "XAL, XBO and XCO",
        "XAL XB",
    ]
    .map(|cell| format!("2031-03-02,\"{cell}\",XRL,demand\n"))
    .concat();
    appends(format!("{header}{rows}"))
        .then_exits(2)
        .then_golden("sheet-several-actors");
}

#[test]
fn acts_are_offered_by_their_words_and_what_cannot_be_seen_is_told() {
    let header = "date,source,target,act,title\n";
    let rows: String = [
        "impose_sanctions",
        "sanction",
        "summit",
        "held meeting",
        "sttement",
    ]
    .map(|act| format!("2031-03-02,XBL,XRL,{act},He sp\u{200b}eaks\n"))
    .concat();
    let desk = appends(format!("{header}{rows}")).then_exits(2);
    desk.write("zeros.csv", [0; 64]);
    desk.when("log append game.jsonl zeros.csv")
        .then_exits(2)
        .then_golden("sheet-words-of-acts");
}

#[test]
fn headings_are_told_of_once() {
    appends("Datum,sorce,source,source,act\n2031-03-02,XBL,XBL,XBL,statement\n2031-03-03,XBL,,,attack\n")
        .then_exits(2)
        .then_golden("sheet-headings");
}

#[test]
fn spreadsheets_of_any_language_save_the_same_events() {
    let log = appends(game()).then_exits(0).read("game.jsonl");
    let with = |separator: &str| {
        // No cell of the game has a comma, and those with semicolons stand between marks then.
        let marked = game()
            .lines()
            .map(|line| {
                let cells = line.split(',').map(|cell| {
                    if cell.contains(';') && separator == ";" {
                        format!("\"{cell}\"")
                    } else {
                        cell.to_owned()
                    }
                });
                cells.collect::<Vec<_>>().join(separator)
            })
            .collect::<Vec<_>>();
        marked.join("\r\n") + "\r\n" + &separator.repeat(12) + "\r\n"
    };
    for sheet in [
        with(";"),
        with("\t"),
        format!("\u{feff}{}", with(";")),
        format!("sep=;\r\n{}", with(";")),
    ] {
        assert_eq!(
            appends(sheet.as_str()).then_exits(0).read("game.jsonl"),
            log
        );
    }
}

#[test]
fn what_is_no_text_is_told_by_what_it_is() {
    let utf16: Vec<u8> = [0xff, 0xfe, b'd', 0, b'a', 0].to_vec();
    let latin = "date,source,target,act,title\n2031-03-02,XBL,XRL,statement,Gr\u{fc}n\n"
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    let mut desk = given([("workbook.xlsx", b"PK\x03\x04rest".to_vec())]);
    for (name, bytes) in [("utf16.csv", utf16), ("latin1.csv", latin)] {
        desk.write(name, bytes);
    }
    for name in ["workbook.xlsx", "utf16.csv", "latin1.csv"] {
        desk = desk
            .when(&format!("log append game.jsonl {name}"))
            .then_exits(2);
    }
    desk.then_golden("sheet-not-text");
}

#[test]
fn a_code_that_may_have_lost_its_zero_is_not_guessed() {
    let sheet = |code| format!("date,source,target,act,code\n2031-03-02,XBL,XRL,coded,{code}\n");
    appends(sheet("10")).then_exits(2);
    appends(sheet("010")).then_exits(0);
    appends(sheet("100")).then_exits(0);
    appends(sheet("030")).then_exits(0);
}

#[test]
fn a_dry_run_looks_at_everything_and_writes_nothing() {
    let dry = "log append game.jsonl moves.csv --recorded 2031-04-01 --dry-run";
    let desk = given([("moves.csv", game())]).when(dry).then_exits(0);
    assert!(!desk.path("game.jsonl").exists());
    let desk = desk
        .when("log append game.jsonl moves.csv --recorded 2031-04-01")
        .then_exits(0);
    let log = desk.read("game.jsonl");
    desk.write(
        "moves.csv",
        "date,source,target,act,measure\n2031-03-20,XBL,XRL,sanctions_lifted,tariffs\n",
    );
    let desk = desk.when(dry).then_exits(0);
    desk.write(
        "moves.csv",
        "date,source,target,act,measure\n2031-03-20,XBL,XRL,sanctions_lifted,tarifs\n",
    );
    let desk = desk.when(dry).then_exits(2);
    assert_eq!(desk.read("game.jsonl"), log);
    desk.then_golden("sheet-dry-run");
}

#[test]
fn a_template_has_the_columns_of_its_acts_and_is_itself_a_sheet() {
    given([("unused", "")])
        .when("log template")
        .then_exits(0)
        .when("log template statement call readout")
        .then_exits(0)
        .when("log template attack --semicolons")
        .then_exits(0)
        .when("log template sanctions")
        .then_exits(2)
        .then_golden("sheet-template");
    let desk = given([("unused", "")]);
    let acts = Act::ALL.map(Act::name).join(" ");
    let template = desk.detente(&format!("log template {acts}")).output();
    desk.write("moves.csv", template.unwrap().stdout);
    let read = read_events(&desk.read("moves.csv")).map(|read| read.len());
    assert_eq!(read.unwrap(), Act::ALL.len());
}

#[test]
fn an_event_is_added_by_options() {
    let add =
        "log add game.jsonl --recorded 2031-04-01 --date 2031-03-02 --source XBL --target XRL";
    given([("unused", "")])
        .when(&format!(
            "{add} --act statement --tone threatening --agenda fishing:raised"
        ))
        .then_exits(0)
        .when(&format!(
            "{add} --act statement --tone threatening --agenda fishing:raised"
        ))
        .then_exits(0)
        .when(&format!(
            "{add} --act statement --impact -0.5 --reason umpires"
        ))
        .then_exits(0)
        .when(&format!(
            "{add} --act call --minutes long --caused-by nothing"
        ))
        .then_exits(2)
        .when(&format!(
            "{add} --act call --caused-by statement-2031-03-01"
        ))
        .then_exits(2)
        .when(&format!("{add} --act sttement"))
        .then_exits(2)
        .when(&format!("{add} --act attack --dry-run"))
        .then_exits(0)
        .when("log show game.jsonl")
        .then_exits(0)
        .then_golden("sheet-add");
}

#[test]
fn what_is_mistaken_in_a_field_is_told_as_in_a_cell() {
    let names = "date,act,names\n2031-03-01,describes,XBL:Blueland;XRL:Redland\n";
    let mut desk = given([("names.csv", names)])
        .when("log append game.jsonl names.csv --recorded 2031-04-01")
        .then_exits(0);
    for fields in [
        "--act demand --date 2031-03-02 --source Redland --target Bluelnad",
        "--act call --date 2031-03-02 --source XRL,Blueland",
        "--act demand --date 2.3.2031 --source “XRL” --target XBL --weight 0,5",
        "--act «demand» --date 2031-03-02 --source XRL --target XBL",
    ] {
        desk = desk
            .when(&format!("log add game.jsonl {fields}"))
            .then_exits(2);
    }
    desk.then_golden("sheet-add-mistaken");
}

#[test]
fn an_event_is_added_by_answers() {
    let desk = given([("unused", "")]);
    let mut command = desk.detente("log add game.jsonl --ask --recorded 2031-04-01");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let answers = "cal\ncall\n2.3.2031\n2031-03-02\nXBL\nXBL;XRL\n\nan hour\n60\nfishing\nfishing:raised\n\nA call\n\n\n";
    child
        .stdin
        .take()
        .unwrap()
        .write_all(answers.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    let log = String::from_utf8(desk.read("game.jsonl")).unwrap();
    assert!(log.contains("\"source\":[\"XBL\",\"XRL\"]"), "{log}");
    assert!(log.contains("\"minutes\":60"), "{log}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("sheet-answers", said.replace(": ", ":\n")));
}

#[test]
fn answers_that_end_too_early_add_nothing() {
    let desk = given([("unused", "")]);
    let mut command = desk.detente("log add game.jsonl --ask --act call");
    command.stdin(Stdio::null());
    desk.when_run("log add game.jsonl --ask --act call", command)
        .then_exits(2)
        .then_golden("sheet-unanswered");
}

#[test]
fn a_new_scenario_proposes_the_sides_and_days_of_its_base() {
    let late = "2031-03-12,XRL,,,leader_change,,,,,,,,\n";
    let desk = appends(game() + late).then_exits(0);
    let made = desk
        .detente("new answer --base game.jsonl")
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let scenario = String::from_utf8(desk.read("answer.json")).unwrap();
    for part in [
        "\"source\": [\"XRL\"],\n      \"target\": [\"XBL\"]",
        "{\"after\": \"leader-change-2031-03-12\"}",
        "\"days\": 3}",
        "// \"until\": \"2031-04-11\"",
        "\"dyad\": \"XBL-XRL\"",
    ] {
        assert!(scenario.contains(part), "{part}\n{scenario}");
    }
    assert!(
        !scenario.contains("USA") && !scenario.contains("RUS"),
        "{scenario}"
    );
    desk.when("check answer.json").then_exits(0);
}

#[test]
fn a_sheet_of_one_column_and_actors_that_nobody_has_named_are_told() {
    let header = "date,source,target,act,weight,code";
    let named = "{\"id\":\"names\",\"date\":\"2031-01-01\",\"act\":\"describes\",\"names\":{\"XRL\":\"Redland\"}}\n";
    given([
        ("bars.csv", "date|source|target|act\n2031-03-02|XBL|XRL|call\n".to_owned()),
        ("named.jsonl", named.to_owned()),
        (
            "moves.csv",
            format!("{header}\n2031-03-02,XSA,XRL,coded,\u{2212}1.5,036\n2031-03-03,USA,XRL,coded,\u{2212}2,036\n"),
        ),
        ("of-known.csv", format!("{header}\n2031-03-04,USA,XRL,coded,1,036\n")),
    ])
    .when("log append game.jsonl bars.csv --recorded 2031-04-01")
    .then_exits(2)
    .when("log append game.jsonl named.jsonl --recorded 2031-04-01")
    .then_exits(0)
    .when("log append game.jsonl moves.csv --recorded 2031-04-01")
    .then_exits(0)
    .when("log append game.jsonl of-known.csv --recorded 2031-04-01")
    .then_exits(0)
    .then_golden("sheet-of-one-column-and-of-nobody");
}
