//! A sheet whose rows bring no ids, edited and appended again: whoever follows what is advised has
//! each event once.

use crate::cli::{Desk, given};
use proptest::prelude::*;
use std::collections::BTreeSet;

const LOG: &str = "game.jsonl";

/// A row of a sheet: id, day of the month, target, act and title.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    id: String,
    day: u32,
    target: &'static str,
    act: &'static str,
    title: String,
}

/// What is done to a row of a sheet before it is appended again.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Delete,
    SwapWithNext,
    MoveToEnd,
    Duplicate,
    Add,
    CorrectDay,
    CorrectTarget,
    CorrectAct,
    CorrectTitle,
    WriteTitleAnew,
    GiveId,
}

const EDITS: [Edit; 11] = [
    Edit::Delete,
    Edit::SwapWithNext,
    Edit::MoveToEnd,
    Edit::Duplicate,
    Edit::Add,
    Edit::CorrectDay,
    Edit::CorrectTarget,
    Edit::CorrectAct,
    Edit::CorrectTitle,
    Edit::WriteTitleAnew,
    Edit::GiveId,
];

impl Edit {
    /// Does it to a row. What it writes was never there before, as the round makes it. A row with
    /// an id of its own may only change its place.
    fn apply(self, rows: &mut Vec<Row>, place: usize, round: usize) {
        let is_moved = matches!(self, Self::SwapWithNext | Self::MoveToEnd);
        if !is_moved && !rows[place].id.is_empty() {
            return;
        }
        let new = |text: &str| format!("{text} in round {round}");
        match self {
            Self::Delete => drop(rows.remove(place)),
            Self::SwapWithNext => {
                let next = (place + 1) % rows.len();
                rows.swap(place, next);
            }
            Self::MoveToEnd => {
                let row = rows.remove(place);
                rows.push(row);
            }
            Self::Duplicate => rows.insert(place, rows[place].clone()),
            Self::Add => {
                let title = new("Nobody has said so before");
                let row = Row {
                    title,
                    ..rows[place].clone()
                };
                rows.insert(place, row);
            }
            Self::CorrectDay => rows[place].day = 20 + u32::try_from(round).unwrap(),
            Self::CorrectTarget => rows[place].target = ["XGL", "XYL", "XVL"][round],
            Self::CorrectAct => rows[place].act = ["threat", "appeal", "demand"][round],
            Self::CorrectTitle => rows[place].title.push_str(&"!".repeat(round + 1)),
            Self::GiveId => rows[place].id = format!("own-{round}"),
            Self::WriteTitleAnew => rows[place].title = new("What it was about"),
        }
    }
}

fn sheet(rows: &[Row]) -> String {
    let row = |row: &Row| {
        let Row {
            id,
            day,
            target,
            act,
            title,
        } = row;
        format!("{id},2031-03-{day:02},XBL,{target},{act},{title}\n")
    };
    let rows: String = rows.iter().map(row).collect();
    format!("id,date,source,target,act,title\n{rows}")
}

/// The row of a statement.
fn statement(id: &str, day: u32, title: &str) -> Row {
    Row {
        id: id.to_owned(),
        day,
        target: "XRL",
        act: "statement",
        title: title.to_owned(),
    }
}

/// Every event of the log that counts, as the row that it was.
fn counting(desk: &Desk) -> Vec<Row> {
    let log = String::from_utf8(desk.read(LOG)).unwrap();
    let events: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let retracted: BTreeSet<_> = events
        .iter()
        .filter_map(|it| it["retracts"].as_str())
        .collect();
    let counts = events
        .iter()
        .filter(|it| it["act"] != "retraction" && !retracted.contains(it["id"].as_str().unwrap()));
    let known = |names: &[&'static str], text: &serde_json::Value| {
        let found = names.iter().find(|name| **name == text.as_str().unwrap());
        *found.unwrap()
    };
    let mut rows: Vec<_> = counts
        .map(|it| Row {
            id: it["id"]
                .as_str()
                .filter(|id| id.starts_with("own-"))
                .unwrap_or_default()
                .to_owned(),
            day: it["date"].as_str().unwrap()[8..].parse().unwrap(),
            target: known(&["XRL", "XGL", "XYL", "XVL"], &it["target"][0]),
            act: known(&["statement", "threat", "appeal", "demand"], &it["act"]),
            title: it["title"].as_str().unwrap_or_default().to_owned(),
        })
        .collect();
    rows.sort();
    rows
}

/// Runs a command and gives its exit status and all that it said.
fn run(desk: &Desk, arguments: &str) -> (Option<i32>, String) {
    let output = desk.detente(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// The commands that take back what should not count. A row that stands in the sheet is to count,
/// whatever was retracted.
fn advised(said: &str) -> Vec<String> {
    let lines = said.lines().filter(|line| !line.contains("counts again"));
    let commands = lines.flat_map(|line| line.split("detente ").skip(1));
    let command = |it: &str| it.split(['`', ',', ';']).next().unwrap().to_owned();
    let mut told = BTreeSet::new();
    let commands = commands.map(command);
    commands.filter(|it| told.insert(it.clone())).collect()
}

/// Runs the commands, each of which must work behind those before it.
fn follow(desk: &Desk, commands: &[String], told: &str) {
    for command in commands {
        assert!(command.starts_with("log retract game.jsonl "), "{told}");
        let (status, said) = run(desk, &format!("{command} --recorded 2031-12-01"));
        assert_eq!(status, Some(0), "{said}\n{told}");
    }
}

/// Appends a sheet, and does what is advised until nothing is advised any more.
fn append(desk: &Desk, rows: &mut Vec<Row>) -> String {
    let mut told = String::new();
    for _ in 0..8 {
        desk.write("moves.csv", sheet(rows));
        let (status, said) = run(
            desk,
            &format!("log append {LOG} moves.csv --recorded 2031-12-01"),
        );
        told.push_str(&said);
        let commands = advised(&said);
        follow(desk, &commands, &told);
        if said.contains("stands there twice") {
            let mut seen = BTreeSet::new();
            rows.retain(|row| seen.insert(row.clone()));
        }
        if commands.is_empty() {
            assert_eq!(status, Some(0), "{told}");
            return told;
        }
    }
    unreachable!("it does not end:\n{told}");
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let titles = [
        "",
        "Blueland speaks of pirates",
        "The ministers meet no more",
    ];
    let row = (
        2..4_u32,
        prop::sample::select(vec!["statement", "demand"]),
        0..3_usize,
    );
    let row = row.prop_map(move |(day, act, title)| Row {
        id: String::new(),
        day,
        target: "XRL",
        act,
        title: titles[title].to_owned(),
    });
    // Rows that are the same to the letter are told of from the beginning.
    prop::collection::btree_set(row, 2..5).prop_map(|rows| rows.into_iter().collect())
}

/// A desk at which a sheet of some rows of one act and day was appended, and then others.
fn appended_again(log: &[&str], again: &[&str]) -> Desk {
    let rows = |titles: &[&str]| {
        let rows = titles.iter().map(|title| statement("", 2, title));
        sheet(&rows.collect::<Vec<_>>())
    };
    let append = "log append game.jsonl moves.csv --recorded 2031-04-01";
    let desk = given([("moves.csv", rows(log))]).when(append).then_exits(0);
    desk.write("moves.csv", rows(again));
    desk.when(append)
}

#[test]
fn rows_that_were_taken_out_or_stand_there_twice_are_told_of() {
    let (first, second, third) = ("He speaks", "She answers", "They meet");
    appended_again(&[first, second, third], &[third, first])
        .then_exits(0)
        .then_golden("again-taken-out");
    appended_again(&[first, second], &[first, second, first, third, third])
        .then_exits(0)
        .then_golden("again-twice");
    appended_again(&[first, second, third], &[first, "She answers!", third])
        .then_exits(2)
        .then_golden("again-changed");
    // Rows without words of their own may well be the same.
    appended_again(&["", first], &["", "", first])
        .then_exits(0)
        .then_golden("again-without-words");
}

#[test]
fn an_id_that_is_given_later_is_told_of_and_one_that_is_taken_away_is_known() {
    let without = sheet(&[
        statement("", 2, "He speaks"),
        statement("", 3, ""),
        statement("", 4, "They meet"),
    ]);
    let with = sheet(&[
        statement("first", 2, "He speaks"),
        statement("own", 3, ""),
        statement("", 4, "They meet"),
    ]);
    let json = r#"{"id": "third", "date": "2031-03-04", "source": ["XBL"], "target": ["XRL"],
        "act": "statement", "title": "They meet"}"#;
    let append = |file: &str| format!("log append {LOG} {file} --recorded 2031-04-01");
    given([("without.csv", without), ("with.csv", with), ("third.json", json.to_owned())])
        .when(&append("without.csv"))
        .then_exits(0)
        .when(&(append("with.csv") + " --dry-run"))
        .then_exits(0)
        .when(&append("with.csv"))
        .then_exits(0)
        // Until something is done about it.
        .when(&append("with.csv"))
        .then_exits(0)
        .when("log retract game.jsonl statement-2031-03-02 statement-2031-03-03 --recorded 2031-04-01")
        .then_exits(0)
        .when(&append("with.csv"))
        .then_exits(0)
        // Without ids again.
        .when(&append("without.csv"))
        .then_exits(0)
        .when(&append("third.json"))
        .then_exits(0)
        .when("log add game.jsonl --id fourth --act statement --date 2031-03-04 --source XBL --target XRL --title They --recorded 2031-04-01")
        .then_exits(0)
        .then_golden("again-id-given-later");
}

#[test]
fn events_that_count_and_are_in_no_row_are_counted_however_that_came_about() {
    let (speaks, answers) = ("He speaks", "She answers");
    let first = [
        statement("own-1", 2, speaks),
        statement("own-2", 3, answers),
        statement("own-3", 4, "They meet"),
    ];
    // Without its id a row of another day is another event.
    let corrected = [
        statement("", 12, speaks),
        statement("", 3, answers),
        statement("", 4, "They meet"),
    ];
    let shorter = [statement("", 3, answers), statement("", 4, "They meet")];
    let (of_april, of_may) = (
        [statement("", 20, "They go")],
        [statement("", 21, "They are gone")],
    );
    let append = |file: &str| format!("log append {LOG} {file} --recorded 2031-05-01");
    given([
        ("first.csv", sheet(&first)),
        ("corrected.csv", sheet(&corrected)),
        ("shorter.csv", sheet(&shorter)),
        ("april.csv", sheet(&of_april)),
        ("both.csv", sheet(&[of_april, of_may].concat())),
    ])
    .when(&append("first.csv"))
    .then_exits(0)
    .when(&(append("corrected.csv") + " --dry-run"))
    .then_exits(0)
    .when(&append("corrected.csv"))
    .then_exits(0)
    .when(&append("shorter.csv"))
    .then_exits(0)
    // A table of which the log has nothing is another one.
    .when(&append("april.csv"))
    .then_exits(0)
    .when(&append("both.csv"))
    .then_exits(0)
    .when("log retract game.jsonl own-1 own-2 --recorded 2031-05-01")
    .then_exits(0)
    .when(&append("both.csv"))
    .then_exits(0)
    .then_golden("again-in-no-row");
}

const HEADER: &str = "id,date,source,target,act,measure,title\n";
const BAN: &str = "\
,2031-02-03,XAR,XBO,sanctions_imposed,fish-ban,Arland bans fish
,2031-03-03,XBO,XAR,statement,,Borland protests
,2031-07-01,XAR,XBO,sanctions_lifted,fish-ban,Arland ends the ban
,2031-10-04,XAR,XBO,concession,,Arland yields on the border
";

/// A desk at which a sheet of a ban was appended, and then some others.
fn banned(first: &str, others: &[(&'static str, String)]) -> Desk {
    let append = |file: &str| format!("log append {LOG} {file} --recorded 2032-01-02");
    let files = others.iter().cloned();
    let first = format!("{HEADER}{first}");
    let mut desk = given(files.chain([("first.csv", first)])).when(&append("first.csv"));
    desk = desk.then_exits(0);
    for (file, _) in others {
        desk = desk.when(&append(file));
    }
    desk
}

#[test]
fn what_is_illegal_beside_the_event_that_it_corrects_is_told_as_that() {
    let sheet = |rows: String| format!("{HEADER}{rows}");
    let with_ids = ["e1,", "e2,", "e3,", "e4,"].into_iter().zip(BAN.lines());
    let with_ids = with_ids.map(|(id, row)| format!("{id}{}\n", &row[1..]));
    let twice = BAN.to_owned() + ",2031-05-01,XAR,XBO,sanctions_imposed,fish-ban,Once more\n";
    banned(
        BAN,
        &[
            ("later.csv", sheet(BAN.replace("02-03", "02-05"))),
            // Then the event of the log is the one that would become illegal.
            ("earlier.csv", sheet(BAN.replace("02-03", "02-01"))),
            ("ids.csv", sheet(with_ids.collect())),
            // The log has that row, and this is another one.
            ("twice.csv", sheet(twice)),
        ],
    )
    .then_exits(2)
    .then_golden("again-illegal-beside");
}

#[test]
fn a_row_whose_event_was_retracted_counts_again_since_the_sheet_says_what_counts_and_is_told_of() {
    let corrected = HEADER.to_owned() + &BAN.replace("bans fish", "bans all fish");
    let append = format!("log append {LOG} corrected.csv --recorded 2032-01-02");
    let retract = "log retract game.jsonl sanctions-imposed-2031-02-03 --cascade";
    banned(BAN, &[("corrected.csv", corrected)])
        .then_exits(2)
        .when(&format!("{retract} --recorded 2032-01-02"))
        .then_exits(0)
        .when(&(append.clone() + " --dry-run"))
        .then_exits(0)
        .when(&append)
        .then_exits(0)
        .when(&append)
        .then_exits(0)
        .then_golden("again-counts-again");
}

#[test]
fn of_other_parties_or_but_for_many_fields_it_is_another_event() {
    let new = ",2031-03-03,XCU,XBO,statement,,Cumbra wonders aloud\n";
    let target = BAN.replace("XBO,XAR,statement", "XBO,XCU,statement");
    banned(
        BAN,
        &[
            ("new.csv", HEADER.to_owned() + new),
            ("target.csv", HEADER.to_owned() + &target + new),
        ],
    )
    .then_exits(0)
    .then_golden("again-another");
}

#[test]
fn a_row_with_an_id_of_its_own_that_was_changed_is_told_field_by_field() {
    let own = BAN.replace(",2031-10", "e4,2031-10");
    let changed = own.replace("on the border", "at the border");
    let changed = changed.replace("10-04", "10-06");
    let measure = BAN.replace(",2031-02", "ban,2031-02");
    let with_own = measure.replace("bans fish", "bans all fish");
    banned(&own, &[("changed.csv", HEADER.to_owned() + &changed)])
        .then_exits(2)
        .then_golden("again-changed-own");
    banned(&measure, &[("changed.csv", HEADER.to_owned() + &with_own)])
        .then_exits(2)
        .then_golden("again-changed-own-cascade");
}

/// Rows that hang on each other: id, day of the year, act, measure, meeting and title.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Move {
    id: String,
    day: u32,
    act: &'static str,
    measure: &'static str,
    meeting: &'static str,
    title: String,
}

const DAYS_BETWEEN: u32 = 8;

/// A course of a measure and a meeting, whose days are some apart.
fn course() -> Vec<Move> {
    let moves = [
        ("sanctions_imposed", "fish-ban", "", "Blueland bans fish"),
        ("statement", "", "", ""),
        ("meeting_proposed", "", "summit", "Redland asks for talks"),
        ("sanctions_widened", "fish-ban", "", "Salmon is banned too"),
        ("meeting_scheduled", "", "summit", "A day is found"),
        ("meeting_held", "", "summit", ""),
        ("sanctions_lifted", "fish-ban", "", "Blueland ends the ban"),
        (
            "sanctions_imposed",
            "fish-ban",
            "",
            "It bans fish once more",
        ),
        ("concession", "", "", "Redland yields"),
    ];
    let numbered = (1..).zip(moves);
    let moves = numbered.map(|(place, (act, measure, meeting, title))| Move {
        id: String::new(),
        day: place * DAYS_BETWEEN,
        act,
        measure,
        meeting,
        title: title.to_owned(),
    });
    moves.collect()
}

fn date(day: u32) -> String {
    format!("2031-{:02}-{:02}", 1 + day / 28, 1 + day % 28)
}

/// The sheet of a course, and what of it must count, in its order: whatever its ids are.
fn sheet_of(course: &[Move]) -> (String, Vec<[String; 5]>) {
    let fields = |it: &Move| {
        let names = [it.act, it.measure, it.meeting].map(str::to_owned);
        let [act, measure, meeting] = names;
        [date(it.day), act, measure, meeting, it.title.clone()]
    };
    let mut counting: Vec<_> = course.iter().map(fields).collect();
    let rows = course.iter().zip(&counting);
    let rows = rows.map(|(it, fields)| format!("{},{},XBL,XRL\n", it.id, fields.join(",")));
    let header = "id,date,act,measure,meeting,title,source,target\n";
    let sheet = rows.fold(header.to_owned(), |sheet, row| sheet + &row);
    counting.sort();
    (sheet, counting)
}

/// Every event of the log that counts, as such fields.
fn counting_moves(desk: &Desk) -> Vec<[String; 5]> {
    let log = String::from_utf8(desk.read(LOG)).unwrap();
    let events = log.lines().map(|line| serde_json::from_str(line).unwrap());
    let events: Vec<serde_json::Value> = events.collect();
    let text = |it: &serde_json::Value, field: &str| {
        let text = it[field].as_str();
        text.unwrap_or_default().to_owned()
    };
    let gone: BTreeSet<_> = events.iter().map(|it| text(it, "retracts")).collect();
    let counts =
        |it: &&serde_json::Value| it["act"] != "retraction" && !gone.contains(&text(it, "id"));
    let fields = ["date", "act", "measure", "meeting", "title"];
    let counting = events.iter().filter(counts);
    let mut counting: Vec<_> = counting
        .map(|it| fields.map(|field| text(it, field)))
        .collect();
    counting.sort();
    counting
}

/// Appends a course, and does what is advised until nothing is advised any more: an id that is
/// refused is written as it is advised.
fn append_course(desk: &Desk, course: &mut [Move]) -> String {
    let mut told = String::new();
    for _ in 0..12 {
        desk.write("moves.csv", sheet_of(course).0);
        let append = format!("log append {LOG} moves.csv --recorded 2031-12-01");
        let (status, said) = run(desk, &append);
        told.push_str(&said);
        let commands = advised(&said);
        follow(desk, &commands, &told);
        let ids = said.split("another id, as `").skip(1);
        let ids: Vec<_> = ids.map(|it| it.split('`').next().unwrap()).collect();
        for id in &ids {
            let old = id.strip_suffix("-2").unwrap();
            let renamed = course.iter_mut().find(|it| it.id == old);
            (*id).clone_into(&mut renamed.unwrap().id);
        }
        if commands.is_empty() && ids.is_empty() {
            assert_eq!(status, Some(0), "{told}");
            return told;
        }
    }
    unreachable!("it does not end:\n{told}");
}

#[derive(Clone, Copy, Debug)]
enum Mend {
    Day,
    Title,
    GiveId,
    TakeIdAway,
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        rng_seed: proptest::test_runner::RngSeed::Fixed(2031),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whoever_follows_what_is_advised_has_each_event_once(
        mut rows in rows().prop_shuffle(),
        edits in prop::collection::vec((prop::sample::select(EDITS.to_vec()), any::<prop::sample::Index>()), 1..4),
    ) {
        let desk = given([("moves.csv", "")]);
        append(&desk, &mut rows);
        // Rows that were deleted, and of whose act and day the sheet has no other.
        let mut may_be_left = BTreeSet::new();
        for (round, (edit, place)) in edits.into_iter().enumerate() {
            if rows.len() < 2 {
                break;
            }
            let before = rows.clone();
            edit.apply(&mut rows, place.index(before.len()), round);
            let told = append(&desk, &mut rows);
            if matches!(edit, Edit::Delete) {
                let is_alone = |row: &&Row| {
                    !rows.iter().any(|other| (other.act, other.day) == (row.act, row.day))
                };
                let deleted = before.iter().filter(|row| !rows.contains(row));
                may_be_left.extend(deleted.filter(is_alone).cloned());
            }
            let mut expected = rows.clone();
            expected.sort();
            let mut found = counting(&desk);
            found.retain(|row| rows.contains(row) || !may_be_left.contains(row));
            prop_assert_eq!(found, expected, "{:?}: {:?}\n{}", edit, before, told);
            // Of two events that are alike and both no longer in the sheet nobody can know which
            // one was corrected.
            if !may_be_left.is_empty() {
                break;
            }
        }
    }

    #[test]
    fn a_course_of_a_measure_and_a_meeting_is_mended_by_following_what_is_advised(
        rounds in prop::collection::vec(
            prop::collection::btree_map(
                0..9_usize,
                prop::sample::select(vec![Mend::Day, Mend::Title, Mend::GiveId, Mend::TakeIdAway]),
                1..4,
            ),
            1..3,
        ),
        has_ids in any::<bool>(),
    ) {
        let desk = given([("moves.csv", "")]);
        let mut course = course();
        if has_ids {
            for (place, it) in (1..).zip(&mut course) {
                it.id = format!("e{place}");
            }
        }
        append_course(&desk, &mut course);
        for (round, mends) in (1..).zip(rounds) {
            let before = course.clone();
            for (place, mend) in mends.clone() {
                let it = &mut course[place];
                match mend {
                    Mend::Day => it.day += round,
                    Mend::Title => it.title.push_str("!!"),
                    Mend::GiveId if it.id.is_empty() => it.id = format!("own-{place}-{round}"),
                    Mend::TakeIdAway if !has_ids => it.id.clear(),
                    Mend::GiveId | Mend::TakeIdAway => {}
                }
            }
            let told = append_course(&desk, &mut course);
            let (_, expected) = sheet_of(&course);
            prop_assert_eq!(counting_moves(&desk), expected, "{:?}: {:?}\n{}", mends, before, told);
        }
    }
}
