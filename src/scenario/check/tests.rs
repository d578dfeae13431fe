//! What is found wrong or doubtful in a scenario, and where; and what is right by one day or one
//! more.
#![expect(clippy::too_many_lines, reason = "a table of cases is one list")]

use super::*;
use crate::error::{BadEvent, BadScenario, Kind};
use crate::history::{Chain, Draft, NAME_LIMIT, Writer, check as check_form};
use crate::scenario::{DAYS_LIMIT, Fate, OPTION_LIMIT, SITE_LIMIT};

/// A meeting that is planned and held, tariffs that come, ease and end, a call with an account of
/// it, thanks for the meeting, and a rumour that was retracted.
const LOG: &str =
    "{'id':'plan','date':'2030-01-01',BOTH,'act':'meeting_planned','meeting':'summit'}
{'id':'tariffs','date':'2030-01-10',BLUE,'act':'sanctions_imposed'}
{'id':'call','date':'2030-01-20',BOTH,'act':'call'}
{'id':'account','date':'2030-01-20',BLUE,'act':'readout','of':'call'}
{'id':'rumour','date':'2030-01-25',RED,'act':'attack'}
{'id':'easing','date':'2030-02-01',BLUE,'act':'sanctions_eased','measure':'tariffs'}
{'id':'held','date':'2030-02-10',BOTH,'act':'meeting_held','meeting':'summit'}
{'id':'thanks','date':'2030-02-11',RED,'act':'statement','caused_by':'held'}
{'id':'lifting','date':'2030-03-01',BLUE,'act':'sanctions_lifted','measure':'tariffs'}
{'id':'no-rumour','date':'2030-03-02','act':'retraction','retracts':'rumour'}
";

/// The words that stand for longer ones in the texts of these tests.
const SHORT: [(&str, &str); 5] = [
    ("SAY", "BLUE,'act':'statement'"),
    ("BOTH", "'source':['XBL','XRL'],'target':['XBL','XRL']"),
    ("BLUE", "'source':['XBL'],'target':['XRL']"),
    ("RED", "'source':['XRL'],'target':['XBL']"),
    ("'", "\""),
];

fn written_out(text: &str) -> String {
    let out = |text: String, (short, long): (&str, &str)| text.replace(short, long);
    SHORT.into_iter().fold(text.to_owned(), out)
}

pub(super) fn base() -> Base {
    let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
    for (seq, line) in (1..).zip(written_out(LOG).lines()) {
        let draft: Draft = serde_json::from_str(line).unwrap();
        let record = check_form(draft).unwrap();
        let day = record.date();
        writer.write(&record.placed(seq, day), &mut log).unwrap();
    }
    Base::read(&log[..], "log").unwrap()
}

/// The scenario that each of some leaves the one before it by, the first of them the log.
fn base_of(bodies: &[&str]) -> Base {
    let next = |base, body: &&str| checked(&text(body), base).unwrap().into_base("scenario");
    bodies.iter().fold(base(), next)
}

/// A whole scenario: the rest of it is given.
fn text(body: &str) -> String {
    let fork = if body.contains("'fork'") {
        ""
    } else {
        "'fork':{'date':'2030-01-10'},"
    };
    written_out(&format!(
        "{{'title':'What if','base':'it',{fork}\n{body}\n}}"
    ))
}

fn checked(text: &str, base: Base) -> Result<Scenario> {
    let read = json::read::<ScenarioFile>(text, Dialect::Commented);
    assert!(read.flaws.is_empty(), "{text}: {:?}", read.flaws);
    let (name, tree) = ("it.json", &read.tree);
    check(Text { name, text, tree }, read.value.unwrap(), base)
}

/// A text without the marks in it, and before which lines and columns they stood.
fn marked(text: &str) -> (String, Vec<[u64; 2]>) {
    let (mut plain, mut marks, mut at) = (String::new(), Vec::new(), [1, 1]);
    for letter in text.chars() {
        match letter {
            '^' => {
                marks.push(at);
                continue;
            }
            '\n' => at = [at[0] + 1, 1],
            _ => at[1] += 1,
        }
        plain.push(letter);
    }
    (plain, marks)
}

fn told(error: &Error) -> Vec<([u64; 2], String)> {
    let told = |kind: &Kind| match kind {
        Kind::Event(BadEvent::Illegal {
            id, date, refusal, ..
        }) => {
            let rule = format!("{:?}", refusal.rejection);
            let rule = rule.split(|letter: char| !letter.is_alphanumeric()).next();
            format!("Illegal {id} {date} {} {}", refusal.field, rule.unwrap())
        }
        Kind::Scenario(BadScenario::ShiftedTooFar {
            id,
            date,
            refusal,
            days,
            bound,
            ..
        }) => {
            let rule = format!("{:?}", refusal.rejection);
            let rule = rule.split(|letter: char| !letter.is_alphanumeric()).next();
            let bound = bound.as_ref().map(|(id, day)| format!("{id} {day}"));
            let bound = bound.unwrap_or_else(|| "nothing".to_owned());
            let rule = rule.unwrap();
            format!("ShiftedTooFar {id} {date} {rule}: {days:?} {bound}")
        }
        Kind::Scenario(BadScenario::Dependants {
            id,
            dependants,
            may_cascade,
        }) => {
            let ids: Vec<_> = dependants.iter().map(|(id, _)| &id[..]).collect();
            format!("Dependants {id} {may_cascade}: {}", ids.join(" "))
        }
        _ => {
            let kind = format!("{kind:?}").replace('"', "'");
            let inner = kind
                .split_once('(')
                .and_then(|(_, rest)| rest.strip_suffix(')'));
            inner.unwrap().to_owned()
        }
    };
    let faults = error.faults().iter();
    let placed = faults.map(|it| {
        (
            [it.place.line.unwrap(), it.place.column.unwrap()],
            told(&it.kind),
        )
    });
    placed.collect()
}

/// Holds what is told of scenarios to what is expected, each at its mark in the order of the text.
#[track_caller]
fn each(
    base: &Base,
    cases: &[(&str, &[&str])],
    tells: impl Fn(Result<Scenario>) -> Vec<([u64; 2], String)>,
) {
    let mut wrong = String::new();
    for (body, expected) in cases {
        let (text, marks) = marked(&text(body));
        let is_marked = marks.len() == expected.len();
        let expected = expected.iter().map(|it| (*it).to_owned());
        let expected: Vec<_> = marks.into_iter().zip(expected).collect();
        let found = tells(checked(&text, base.clone()));
        if found != expected || !is_marked {
            let told = [
                format!("{body}\n found    {found:?}"),
                format!(" expected {expected:?}\n"),
            ];
            wrong.push_str(&told.join("\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What is wrong in scenarios; in those of which nothing is expected, nothing.
#[track_caller]
fn finds(base: &Base, cases: &[(&str, &[&str])]) {
    each(base, cases, |checked| {
        checked.err().as_ref().map(told).unwrap_or_default()
    });
}

/// What is doubtful in scenarios, which are not wrong.
#[track_caller]
fn doubts(base: &Base, cases: &[(&str, &[&str])]) {
    each(base, cases, |checked| {
        let doubts = checked.unwrap().doubts;
        doubts.as_deref().map(told).unwrap_or_default()
    });
}

/// The events of a scenario in their order.
fn course(scenario: &Scenario) -> String {
    let fate = |fate: &Fate| match fate {
        Fate::Dropped(Some(_)) => "Fell".to_owned(),
        Fate::Dropped(None) => "Dropped".to_owned(),
        Fate::Shifted(day) => format!("from {}", &day.to_string()[5..]),
        fate => format!("{fate:?}"),
    };
    let entries = scenario.entries.iter().map(|it| {
        let day = it.record.date().to_string();
        format!("{} {} {}\n", &day[5..], it.record.id(), fate(it.fate))
    });
    entries.collect()
}

/// Holds what comes of a scenario behind its first events to what is expected.
#[track_caller]
fn comes(base: &Base, skipped: usize, body: &str, expected: &str) -> Scenario {
    let scenario = checked(&text(body), base.clone()).unwrap();
    let found = course(&scenario);
    let found: Vec<_> = found.lines().skip(skipped).collect();
    let expected: Vec<_> = expected.split(", ").collect();
    assert_eq!(found, expected, "{body}");
    scenario
}

fn days(text: &str) -> Day {
    text.parse().unwrap()
}

/// So many entries of a list, of which each has its number in it.
fn many(number: usize, entry: impl Fn(usize) -> String) -> String {
    (0..number).map(entry).collect::<Vec<_>>().join(",\n")
}

#[test]
fn what_lies_before_the_fork_is_shared_whichever_way_it_is_written() {
    let forks = [
        ("{'date':'2029-12-31'}", 0, "2030-01-01"),
        ("{'date':'2030-01-19'}", 2, "2030-01-20"),
        ("{'date':'2030-01-20'}", 4, "2030-01-21"),
        ("{'before':'plan'}", 0, "2030-01-01"),
        ("{'after':'plan'}", 1, "2030-01-01"),
        ("{'before':'call'}", 2, "2030-01-20"),
        ("{'after':'call'}", 3, "2030-01-20"),
        ("{'before':'easing'}", 4, "2030-02-01"),
        ("{'after':'account'}", 4, "2030-01-20"),
    ];
    for (fork, shared, first_day) in forks {
        for (tail, rest) in [
            ("keep", Fate::Kept),
            ("cut", Fate::Dropped(Some("the tail is cut".to_owned()))),
        ] {
            let body = format!("'fork':{fork},'tail':'{tail}'");
            let scenario = checked(&text(&body), base()).unwrap();
            let fates: Vec<_> = scenario
                .entries
                .iter()
                .map(|it| (it.fate.clone(), it.forks))
                .collect();
            let (before, behind) = fates.split_at(shared);
            assert!(
                before.iter().all(|it| *it == (Fate::Shared, 0)),
                "{body}: {fates:?}"
            );
            assert!(
                behind.iter().all(|it| *it == (rest.clone(), 1)),
                "{body}: {fates:?}"
            );
            assert_eq!(fates.len(), 8);
            assert_eq!(scenario.fork_day(), Some(days(first_day)), "{body}");
            let dated = fork.contains("date");
            assert_eq!(scenario.forks_on.is_some(), dated, "{body}");
            assert_eq!(
                (scenario.own_fork(), scenario.until),
                (1, days("2030-03-01")),
                "{body}"
            );
        }
    }
    finds(
        &base(),
        &[
            (
                "'fork':{'before':^'cal'}",
                &["UnknownEvent { found: 'cal', near: Some('call') }"],
            ),
            (
                "'fork':{'after':^'nothing-like-it'}",
                &["UnknownEvent { found: 'nothing-like-it', near: None }"],
            ),
            (
                "'fork':{'after':^'rumour'}",
                &["NotInBase { id: 'rumour' }"],
            ),
            (
                "'fork':{'before':^'no-rumour'}",
                &["NotInBase { id: 'no-rumour' }"],
            ),
        ],
    );
}

#[test]
fn nothing_new_lies_before_the_fork_or_after_the_end() {
    finds(
        &base(),
        &[
            (
                "'edits':[{'insert':{'id':'a','date':'2030-01-11',SAY}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':^'2030-01-10',SAY}}]",
                &["BeforeFork { day: 2030-01-10, earliest: 2030-01-11 }"],
            ),
            (
                "'fork':{'after':'tariffs'},'edits':[{'insert':{'id':'a','date':'2030-01-10',SAY}}]",
                &[],
            ),
            (
                "'fork':{'after':'tariffs'},'edits':[{'insert':{'id':'a','date':^'2030-01-09',SAY}}]",
                &["BeforeFork { day: 2030-01-09, earliest: 2030-01-10 }"],
            ),
            (
                "'fork':{'before':'plan'},'edits':[{'insert':{'id':'a','date':'2001-01-01',SAY}}]",
                &[],
            ),
            (
                "'until':'2030-02-20','edits':[{'insert':{'id':'a','date':'2030-02-20',SAY}}]",
                &[],
            ),
            (
                "'until':'2030-02-20','edits':[{'insert':{'id':'a','date':^'2030-02-21',SAY}}]",
                &["AfterEnd { day: 2030-02-21, until: 2030-02-20 }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2031-02-21',SAY}}]",
                &[],
            ),
            ("'until':'2030-01-11'", &[]),
            (
                "'until':^'2030-01-10'",
                &["BeforeFork { day: 2030-01-10, earliest: 2030-01-11 }"],
            ),
            (
                "'until':^'2030-01-10','edits':[{'insert':{'id':'a','date':'2030-04-01',SAY}}]",
                &["BeforeFork { day: 2030-01-10, earliest: 2030-01-11 }"],
            ),
            (
                "'edits':[{'shift':{'event':'call','days':-9,'cascade':true}}]",
                &[],
            ),
            (
                "'edits':[{'shift':{'event':'call','days':^-10,'cascade':true}}]",
                &["BeforeFork { day: 2030-01-10, earliest: 2030-01-11 }"],
            ),
            (
                "'until':'2030-03-10','edits':[{'shift':{'event':'lifting','days':9}}]",
                &[],
            ),
            (
                "'until':'2030-03-10','edits':[{'shift':{'event':'lifting','days':^10}}]",
                &["AfterEnd { day: 2030-03-11, until: 2030-03-10 }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':'plan','days':10},SAY}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':'plan','days':^9},SAY}}]",
                &["BeforeFork { day: 2030-01-10, earliest: 2030-01-11 }"],
            ),
            // Of what hangs on what lies astray nothing is told.
            (
                "'edits':[{'insert':{'id':'a','date':^'2030-01-02',SAY}},{'insert':{'id':'b','after':{'event':'a','days':1},SAY}}]",
                &["BeforeFork { day: 2030-01-02, earliest: 2030-01-11 }"],
            ),
            (
                "'edits':[{'insert':{'id':'b','after':{'event':'a','days':1},SAY}},{'insert':{'id':'a','date':^'2030-01-02',SAY}}]",
                &["BeforeFork { day: 2030-01-02, earliest: 2030-01-11 }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':^'2030-01-02',SAY}},{'insert':{'id':'b','date':^'2030-01-03',SAY}}]",
                &[
                    "BeforeFork { day: 2030-01-02, earliest: 2030-01-11 }",
                    "BeforeFork { day: 2030-01-03, earliest: 2030-01-11 }",
                ],
            ),
            // Draws.
            (
                "'chance':[{'id':'n','date':'2030-01-11','options':[{'label':'x','probability':1}]}]",
                &[],
            ),
            (
                "'chance':[{'id':'n','date':^'2030-01-10','options':[{'label':'x','probability':1}]}]",
                &["BeforeFork { day: 2030-01-10, earliest: 2030-01-11 }"],
            ),
            (
                "'until':'2030-02-20','chance':[{'id':'n','date':'2030-02-20','options':[{'label':'x','probability':1}]}]",
                &[],
            ),
            (
                "'until':'2030-02-20','chance':[{'id':'n','date':^'2030-02-21','options':[{'label':'x','probability':1}]}]",
                &["AfterEnd { day: 2030-02-21, until: 2030-02-20 }"],
            ),
            (
                "'chance':[{'id':'n','after':{'event':'tariffs','days':^0},'options':[{'label':'x','probability':1}]}]",
                &["BeforeFork { day: 2030-01-10, earliest: 2030-01-11 }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':^'2030-01-02',SAY}}],'chance':[{'id':'n','after':{'event':'a','days':0},'options':[{'label':'x','probability':1}]}]",
                &["BeforeFork { day: 2030-01-02, earliest: 2030-01-11 }"],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a','date':'2030-02-01',SAY}]}]}]",
                &[],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a','date':^'2030-01-31',SAY}]}]}]",
                &["BeforeChance { day: 2030-01-31, drawn: 2030-02-01 }"],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a','after':{'event':'call','days':12},SAY}]}]}]",
                &[],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a','after':{'event':'call','days':^11},SAY}]}]}]",
                &["BeforeChance { day: 2030-01-31, drawn: 2030-02-01 }"],
            ),
            // An event of another node has nothing to do with this draw.
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1}]},{'id':'m','date':'2030-01-20','options':[{'label':'x','probability':1,'events':[{'id':'a','date':'2030-01-25',SAY}]}]}]",
                &[],
            ),
            // One that lies before the fork is not told to lie before the draw as well.
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a','date':^'2030-01-02',SAY}]}]}]",
                &["BeforeFork { day: 2030-01-02, earliest: 2030-01-11 }"],
            ),
        ],
    );
    let end = |body: &str| checked(&text(body), base()).unwrap().until;
    assert_eq!(end("'until':'2030-06-01'"), days("2030-06-01"));
    assert_eq!(end("'until':'2030-02-01'"), days("2030-02-01"));
    assert_eq!(
        end("'edits':[{'insert':{'id':'a','date':'2030-03-05',SAY}}]"),
        days("2030-03-05")
    );
}

#[test]
fn a_deadline_lies_between_the_fork_and_the_end() {
    let asked = |fork: &str, by: &str| {
        format!(
            "'fork':{fork},'until':'2030-02-20','outcomes':[{{'id':'o','when':{{'meeting':{{'id':'summit','status':'held'}}}},'by':{by}}}]"
        )
    };
    let wrong =
        |day: &str| format!("Deadline {{ day: {day}, first: 2030-01-10, last: 2030-02-20 }}");
    finds(
        &base(),
        &[
            (&asked("{'date':'2030-01-10'}", "'2030-01-10'"), &[]),
            (
                &asked("{'date':'2030-01-10'}", "^'2030-01-09'"),
                &[&wrong("2030-01-09")],
            ),
            (&asked("{'date':'2030-01-10'}", "'2030-02-20'"), &[]),
            (
                &asked("{'date':'2030-01-10'}", "^'2030-02-21'"),
                &[&wrong("2030-02-21")],
            ),
            (&asked("{'after':'tariffs'}", "'2030-01-10'"), &[]),
            (
                &asked("{'after':'tariffs'}", "^'2030-01-09'"),
                &[&wrong("2030-01-09")],
            ),
            (
                "'fork':{'after':'tariffs'},'until':'2030-01-10','outcomes':[{'id':'o','when':{'since':'2030-01-10'},'by':^'2030-01-11'}]",
                &["Deadline { day: 2030-01-11, first: 2030-01-10, last: 2030-01-10 }"],
            ),
            (
                "'until':^'2030-01-09','outcomes':[{'id':'o','when':{'meeting':{'id':'summit','status':'held'}},'by':'2030-04-01'}]",
                &["BeforeFork { day: 2030-01-09, earliest: 2030-01-11 }"],
            ),
            (
                "'until':'2030-01-11','outcomes':[{'id':'o','when':{'meeting':{'id':'summit','status':'held'}},'by':^'2030-01-12'}]",
                &["Deadline { day: 2030-01-12, first: 2030-01-10, last: 2030-01-11 }"],
            ),
        ],
    );
    let scenario = checked(&text("'outcomes':[{'id':'a','when':{'since':'2030-02-01'}},{'id':'b','when':{'not':{'by':'2030-02-01'}},'by':'2030-02-03'}]"), base()).unwrap();
    let asked: Vec<_> = scenario
        .questions
        .iter()
        .map(|(id, question)| (&id[..], question.by))
        .collect();
    assert_eq!(asked, [("a", None), ("b", Some(days("2030-02-03")))]);
}

#[test]
fn events_of_one_day_stand_in_the_order_of_base_and_file() {
    let base = base();
    // The base's first, then what is shifted and new as it is written.
    comes(
        &base,
        4,
        "'edits':[{'insert':{'id':'z','date':'2030-02-01',SAY}},{'shift':{'event':'call','days':12}},{'insert':{'id':'b','date':'2030-02-01',SAY}},{'drop':{'event':'account'}}],'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a',SAY},{'id':'c',SAY}]}]}]",
        "02-01 z Inserted, 02-01 call from 01-20, 02-01 b Inserted, 02-01 a Inserted, 02-01 c Inserted, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    // Zero days after another it stands directly behind it, ten days after another it does not.
    comes(
        &base,
        2,
        "'edits':[{'insert':{'id':'z','date':'2030-01-20',SAY}},{'insert':{'id':'b','after':{'event':'call','days':0},SAY}},{'insert':{'id':'c','after':{'event':'call','days':0},SAY}},{'insert':{'id':'d','after':{'event':'b','days':0},SAY}},{'insert':{'id':'e','after':{'event':'tariffs','days':10},SAY}}]",
        "01-20 call Kept, 01-20 b Inserted, 01-20 d Inserted, 01-20 c Inserted, 01-20 account Kept, 01-20 z Inserted, 01-20 e Inserted, 02-01 easing Kept, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    // Behind one that is shared it stands directly behind the fork, in front of what is kept.
    comes(
        &base,
        0,
        "'fork':{'after':'call'},'edits':[{'insert':{'id':'z','after':{'event':'call','days':0},SAY}},{'insert':{'id':'b','after':{'event':'call','days':0},SAY}}]",
        "01-01 plan Shared, 01-10 tariffs Shared, 01-20 call Shared, 01-20 z Inserted, 01-20 b Inserted, 01-20 account Kept, 02-01 easing Kept, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    comes(
        &base,
        6,
        "'edits':[{'insert':{'id':'z','date':'2030-02-21',SAY}},{'insert':{'id':'y','date':'2030-02-20',SAY}},{'insert':{'id':'x','date':'2030-02-22',SAY}}]",
        "02-11 thanks Kept, 02-20 y Inserted, 02-21 z Inserted, 02-22 x Inserted, 03-01 lifting Kept",
    );
}

#[test]
fn a_scenario_on_a_scenario_knows_behind_which_forks_its_events_lie() {
    let first =
        "'fork':{'date':'2030-01-20'},'edits':[{'insert':{'id':'a','date':'2030-01-25',SAY}}]";
    let base = base_of(&[first]);
    let scenario = comes(
        &base,
        4,
        "'fork':{'date':'2030-01-10'},'edits':[{'insert':{'id':'b','date':'2030-01-20',SAY}},{'insert':{'id':'c','date':'2030-01-21',SAY}}]",
        "01-20 b Inserted, 01-21 c Inserted, 01-25 a Kept, 02-01 easing Kept, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    let forks: Vec<_> = scenario.entries.iter().map(|it| it.forks).collect();
    assert_eq!(forks, [0, 0, 2, 2, 2, 3, 3, 3, 3, 3, 3]);
    let makers: Vec<_> = scenario.entries.iter().map(|it| it.maker()).collect();
    assert_eq!(
        makers,
        [
            None,
            None,
            None,
            None,
            Some(1),
            Some(1),
            Some(0),
            None,
            None,
            None,
            None
        ]
    );
    assert_eq!(scenario.own_fork(), 2);
    let lineage: Vec<_> = scenario
        .lineage
        .iter()
        .map(|it| it.first_day.to_string())
        .collect();
    assert_eq!(lineage, ["2030-01-21", "2030-01-11"]);
    let base = base_of(&[
        "'fork':{'date':'2030-01-10'}",
        "'fork':{'date':'2030-01-15'}",
    ]);
    let body = "'fork':{'date':'2030-01-08'},'edits':[{'insert':{'id':'a','date':'2030-01-10',SAY}},{'insert':{'id':'b','date':'2030-01-11',SAY}},{'insert':{'id':'c','date':'2030-01-15',SAY}},{'insert':{'id':'d','date':'2030-01-16',SAY}}]";
    let scenario = checked(&text(body), base).unwrap();
    let forks: Vec<_> = scenario.entries.iter().map(|it| it.forks).collect();
    assert_eq!(forks[2..6], [4, 5, 5, 7]);
    // What does not happen, or happens after the end, the next scenario does not have.
    let third = base_of(&[
        first,
        "'fork':{'date':'2030-01-20'},'until':'2030-02-11','edits':[{'drop':{'event':'a'}},{'insert':{'id':'b','date':'2030-02-11',SAY}}]",
    ]);
    let ids: Vec<_> = third.entries.iter().map(|it| it.record.id()).collect();
    assert_eq!(
        ids,
        [
            "plan", "tariffs", "call", "account", "easing", "held", "thanks", "b"
        ]
    );
    let of: Vec<_> = third
        .entries
        .iter()
        .map(|it| it.record.fields().origin.is_some())
        .collect();
    assert_eq!(of, [false, false, false, false, false, false, false, true]);
    finds(
        &third,
        &[
            (
                "'edits':[{'drop':{'event':^'a'}}]",
                &["UnknownEvent { found: 'a', near: None }"],
            ),
            (
                "'edits':[{'drop':{'event':^'lifting'}}]",
                &["NotInBase { id: 'lifting' }"],
            ),
            ("'edits':[{'drop':{'event':'b'}}]", &[]),
            (
                "'edits':[{'insert':{'id':^'b','date':'2030-02-01',SAY}}]",
                &["IdInUse { id: 'b', of_base: true }"],
            ),
        ],
    );
}

#[test]
fn an_edit_is_about_an_event_behind_the_fork_and_the_only_one_about_it() {
    let limit = DAYS_LIMIT;
    let shifted = |mark: &str, days: i32| {
        let event = if days > 0 { "lifting" } else { "call" };
        format!(
            "'fork':{{'before':'plan'}},'edits':[{{'shift':{{'event':'{event}','days':{mark}{days}}}}}]"
        )
    };
    let too_many = |found: i32| format!("TooManyDays {{ found: {found}, limit: {limit} }}");
    finds(
        &base(),
        &[
            ("'edits':[{'drop':{'event':'thanks'}}]", &[]),
            (
                "'edits':[{'drop':{'event':^'thank'}}]",
                &["UnknownEvent { found: 'thank', near: Some('thanks') }"],
            ),
            (
                "'edits':[{'shift':{'event':^'rumour','days':1}}]",
                &["NotInBase { id: 'rumour' }"],
            ),
            (
                "'edits':[{'drop':{'event':^'tariffs'}}]",
                &["Shared { id: 'tariffs' }"],
            ),
            (
                "'edits':[{'replace':{'event':^'tariffs','with':{SAY}}}]",
                &["Shared { id: 'tariffs' }"],
            ),
            (
                "'edits':[{'drop':{'event':'thanks'}},{'shift':{'event':^'thanks','days':1}}]",
                &["EditedTwice { id: 'thanks' }"],
            ),
            (
                "'edits':[{'shift':{'event':'thanks','days':1}},{'drop':{'event':^'thanks'}},{'replace':{'event':^'thanks','with':{SAY}}}]",
                &[
                    "EditedTwice { id: 'thanks' }",
                    "EditedTwice { id: 'thanks' }",
                ],
            ),
            (
                "'tail':'cut','edits':[{'drop':{'event':^'thanks'}}]",
                &["Dropped { id: 'thanks' }"],
            ),
            (&shifted("", limit), &[]),
            (&shifted("^", limit + 1), &[&too_many(limit + 1)]),
            (&shifted("", -limit), &[]),
            (&shifted("^", -limit - 1), &[&too_many(-limit - 1)]),
            (
                "'edits':[{'shift':{'event':^'nobody','days':^40000}}]",
                &[
                    "UnknownEvent { found: 'nobody', near: None }",
                    "TooManyDays { found: 40000, limit: 36525 }",
                ],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'9999-12-31',SAY}},{'insert':{'id':'b','after':{'event':'a','days':0},SAY}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'9999-12-31',SAY}},{'insert':{'id':'b','after':{'event':'a','days':^1},SAY}}]",
                &["BeyondCalendar"],
            ),
            (
                "'edits':[{'replace':{'event':'thanks','with':{BLUE,'act':'statement'}}}]",
                &[],
            ),
            (
                "'edits':[{'replace':{'event':'thanks','with':{^'id':'x',^'date':'2030-02-02',^'after':{'event':'call','days':1},SAY}}}]",
                &[
                    "GivenAlready { field: 'id' }",
                    "GivenAlready { field: 'date' }",
                    "GivenAlready { field: 'after' }",
                ],
            ),
            (
                "'edits':[{'replace':{'event':'thanks','with':{BLUE,'act':^'retraction'}}}]",
                &["Retraction"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-01',^'act':'describes'}}]",
                &["OnlyInLogs { field: 'describes' }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-01',^'seq':1,^'recorded':'2030-02-01',SAY}}]",
                &[
                    "OnlyInLogs { field: 'seq' }",
                    "OnlyInLogs { field: 'recorded' }",
                ],
            ),
            (
                "'edits':[{'insert':{'id':^'1','date':'2030-02-01',SAY}}]",
                &["Name { found: '1', limit: 200 }"],
            ),
        ],
    );
    comes(
        &base(),
        5,
        "'edits':[{'replace':{'event':'held','with':{BOTH,'act':'meeting_cancelled','meeting':'summit'}}},{'drop':{'event':'thanks'}},{'shift':{'event':'lifting','days':-1}}]",
        "02-10 held Replaced, 02-11 thanks Dropped, 02-28 lifting from 03-01",
    );
}

#[test]
fn what_hangs_on_a_shifted_event_is_shifted_with_it_unless_an_edit_is_about_it() {
    let base = base_of(&[
        "'edits':[{'insert':{'id':'a','after':{'event':'call','days':2},SAY}},{'insert':{'id':'b','after':{'event':'a','days':3},SAY}},{'insert':{'id':'c','after':{'event':'held','days':0},SAY}}]",
    ]);
    comes(
        &base,
        2,
        "'edits':[{'shift':{'event':'call','days':1}},{'shift':{'event':'account','days':1}}]",
        "01-21 call from 01-20, 01-21 account from 01-20, 01-23 a from 01-22, 01-26 b from 01-25, 02-01 easing Kept, 02-10 held Kept, 02-10 c Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    comes(
        &base,
        4,
        "'edits':[{'shift':{'event':'a','days':2}}]",
        "01-24 a from 01-22, 01-27 b from 01-25, 02-01 easing Kept, 02-10 held Kept, 02-10 c Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    comes(
        &base,
        4,
        "'edits':[{'shift':{'event':'a','days':2}},{'shift':{'event':'b','days':-1}}]",
        "01-24 a from 01-22, 01-24 b from 01-25, 02-01 easing Kept, 02-10 held Kept, 02-10 c Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    // What lies before the fork stays where it is, whatever it hangs on.
    let earlier = base_of(&[
        "'edits':[{'insert':{'id':'a','after':{'event':'call','days':2},SAY}}]",
        "'edits':[{'shift':{'event':'a','days':-5}}]",
    ]);
    comes(
        &earlier,
        2,
        "'fork':{'date':'2030-01-18'},'edits':[{'shift':{'event':'call','days':1,'cascade':true}}]",
        "01-17 a Shared, 01-20 account Fell, 01-21 call from 01-20, 02-01 easing Kept, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    // What hangs on what is dropped falls with it where it may, and is listed where not.
    let scenario = comes(
        &base,
        2,
        "'edits':[{'drop':{'event':'call','cascade':true}}]",
        "01-20 call Dropped, 01-20 account Fell, 01-22 a Fell, 01-25 b Fell, 02-01 easing Kept, 02-10 held Kept, 02-10 c Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    let reasons = scenario.entries.iter().filter_map(|it| match it.fate {
        Fate::Dropped(Some(reason)) if it.record.id() != "account" => Some(reason.clone()),
        _ => None,
    });
    assert_eq!(
        reasons.collect::<Vec<_>>(),
        ["its time hangs on `call`", "its time hangs on `a`"]
    );
    finds(
        &base,
        &[
            (
                "'edits':[{'drop':{'event':^'call'}}]",
                &["Dependants call true: account a"],
            ),
            (
                "'edits':[{'drop':{'event':^'a'}}]",
                &["Dependants a true: b"],
            ),
            ("'edits':[{'drop':{'event':'b'}}]", &[]),
            (
                "'edits':[{'drop':{'event':'a'}},{'drop':{'event':'b'}}]",
                &[],
            ),
            (
                "'edits':[{'shift':{'event':'a','days':^36526}}]",
                &["TooManyDays { found: 36526, limit: 36525 }"],
            ),
            (
                "'edits':[{'drop':{'event':'b'}},{'insert':{'id':'d','after':{'event':^'b','days':1},SAY}}]",
                &["Dropped { id: 'b' }"],
            ),
            (
                "'edits':[{'drop':{'event':'call','cascade':true}},{'insert':{'id':'d','after':{'event':^'b','days':1},SAY}}]",
                &["Dropped { id: 'b' }"],
            ),
        ],
    );
}

#[test]
fn a_new_event_has_one_time_and_an_id_of_its_own() {
    let node = |time: &str, option: &str| {
        format!(
            "'chance':[^{{'id':'n',{time}'options':[{{'label':'x','probability':1,'events':[{option}]}}]}}]"
        )
    };
    finds(
        &base(),
        &[
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-01','after':^{'event':'call','days':1},SAY}}]",
                &["Either { field: 'date', other: 'after' }"],
            ),
            (
                "'edits':[{'insert':^{'id':'a',SAY}}]",
                &["MissingField { field: 'date', act: None }"],
            ),
            (&node("", ""), &["NoTime"]),
            (
                "'chance':[{'id':'n','date':'2030-02-01','after':^{'event':'call','days':1},'options':[{'label':'x','probability':1}]}]",
                &["Either { field: 'date', other: 'after' }"],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a','date':'2030-02-01','after':^{'event':'call','days':1},SAY}]}]}]",
                &["Either { field: 'date', other: 'after' }"],
            ),
            (
                "'edits':[{'insert':{'id':^'call','date':'2030-02-01',SAY}}]",
                &["IdInUse { id: 'call', of_base: true }"],
            ),
            (
                "'edits':[{'insert':{'id':^'rumour','date':'2030-02-01',SAY}}]",
                &["IdInUse { id: 'rumour', of_base: true }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-01',SAY}},{'insert':{'id':^'a','date':'2030-02-02',SAY}}]",
                &["IdInUse { id: 'a', of_base: false }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-01',SAY}}],'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':^'a',SAY}]}]}]",
                &["IdInUse { id: 'a', of_base: false }"],
            ),
            // Last days.
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-02','until':'2030-02-02',SAY}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-02','until':^'2030-02-01',SAY}}]",
                &["EndsBeforeItBegins { until: 2030-02-01, date: 2030-02-02 }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':'call','days':2},'until':'2030-01-22',SAY}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':'call','days':2},'until':^'2030-01-21',SAY}}]",
                &["EndsBeforeItBegins { until: 2030-01-21, date: 2030-01-22 }"],
            ),
            // What it hangs on.
            (
                "'edits':[{'insert':{'id':'a','after':{'event':^'cal','days':2},SAY}}]",
                &["UnknownEvent { found: 'cal', near: Some('call') }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':^'rumour','days':2},SAY}}]",
                &["NotInBase { id: 'rumour' }"],
            ),
            (
                "'edits':[{'drop':{'event':'thanks'}},{'insert':{'id':'a','after':{'event':^'thanks','days':2},SAY}}]",
                &["Dropped { id: 'thanks' }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':'tariffs','days':^36526},SAY}}]",
                &["TooManyDays { found: 36526, limit: 36525 }"],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':'tariffs','days':36525},SAY}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':^'a','days':1},SAY}}]",
                &["TimeCycle { ids: ['a', 'a'] }"],
            ),
            (
                "'edits':[{'insert':{'id':'b','after':{'event':^'a','days':1},SAY}},{'insert':{'id':'a','after':{'event':'b','days':1},SAY}},{'insert':{'id':'c','after':{'event':'b','days':1},SAY}}]",
                &["TimeCycle { ids: ['b', 'a', 'b'] }"],
            ),
            (
                "'edits':[{'insert':{'id':'c','after':{'event':'b','days':1},SAY}},{'insert':{'id':'b','after':{'event':^'a','days':1},SAY}},{'insert':{'id':'a','after':{'event':'b','days':1},SAY}},{'insert':{'id':'d','after':{'event':^'d','days':1},SAY}}]",
                &[
                    "TimeCycle { ids: ['b', 'a', 'b'] }",
                    "TimeCycle { ids: ['d', 'd'] }",
                ],
            ),
            (
                "'edits':[{'insert':{'id':'a','after':{'event':'b','days':1},SAY}},{'insert':{'id':'b','after':{'event':'c','days':1},SAY}},{'insert':{'id':'c','date':'2030-02-01',SAY}}]",
                &[],
            ),
            (
                "'chance':[{'id':'n','after':{'event':^'a','days':1},'options':[{'label':'x','probability':1,'events':[{'id':'a',SAY}]}]}]",
                &["TimeCycle { ids: ['n', 'a', 'n'] }"],
            ),
            (
                "'edits':[{'insert':{'id':'b','after':{'event':'a','days':1},SAY}}],'chance':[{'id':'n','after':{'event':^'b','days':1},'options':[{'label':'x','probability':1,'events':[{'id':'a','date':'2030-02-10',SAY}]}]}]",
                &["OwnEvent { id: 'b', chance: 'n' }"],
            ),
        ],
    );
}

#[test]
fn what_is_drawn_hangs_on_no_other_option_and_on_nothing_of_its_own() {
    let nodes = |first: &str, second: &str| {
        format!(
            "'chance':[{{'id':'n','date':'2030-02-01','options':[{{'label':'x','probability':0.5,'events':[{{'id':'a',SAY}}]}},{{'label':'y','probability':0.5,'events':[{first}]}}]}},{{'id':'m',{second}'options':[{{'label':'x','probability':1,'events':[{{'id':'c',SAY}}]}}]}}]"
        )
    };
    let at = "'date':'2030-02-05',";
    let after = |mark: &str, event: &str| {
        format!("{{'id':'b','after':{{'event':{mark}'{event}','days':1}},SAY}}")
    };
    finds(
        &base(),
        &[
            (&nodes(&after("", "call").replace(":1}", ":20}"), at), &[]),
            (
                &nodes(&after("^", "a"), at),
                &["OtherOption { id: 'a', chance: 'n' }"],
            ),
            (&nodes(&after("", "c"), at), &[]),
            (&nodes("", "'after':{'event':'a','days':1},"), &[]),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a',SAY},{'id':'b','after':{'event':'a','days':0},SAY}]}]}]",
                &[],
            ),
            // By another event it is the same.
            (
                "'edits':[{'insert':{'id':'z','after':{'event':'a','days':1},SAY}}],'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':0.5,'events':[{'id':'a',SAY}]},{'label':'y','probability':0.5,'events':[{'id':'b','after':{'event':^'z','days':1},SAY}]}]}]",
                &["OtherOption { id: 'z', chance: 'n' }"],
            ),
            (
                "'edits':[{'insert':{'id':'z','after':{'event':'a','days':1},SAY}}],'chance':[{'id':'n','after':{'event':^'z','days':1},'options':[{'label':'x','probability':1,'events':[{'id':'a','date':'2030-02-20',SAY}]}]}]",
                &["OwnEvent { id: 'z', chance: 'n' }"],
            ),
            // So it is with its cause and the call that it is an account of.
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':0.5,'events':[{'id':'a',BOTH,'act':'call'}]},{'label':'y','probability':0.5,'events':[{'id':'b','caused_by':^'a',SAY}]}]}]",
                &["OtherOption { id: 'a', chance: 'n' }"],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':0.5,'events':[{'id':'a',BOTH,'act':'call'}]},{'label':'y','probability':0.5,'events':[{'id':'b',BLUE,'act':'readout','of':^'a'}]}]}]",
                &["OtherOption { id: 'a', chance: 'n' }"],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':1,'events':[{'id':'a',BOTH,'act':'call'},{'id':'b',BLUE,'act':'readout','of':'a','caused_by':'a'}]}]}]",
                &[],
            ),
        ],
    );
    // What the base draws keeps its place, and what the scenario draws stands behind it.
    let base = base_of(&[
        "'chance':[{'id':'n','date':'2030-02-01','options':[{'label':'x','probability':0.5,'events':[{'id':'a',SAY}]},{'label':'y','probability':0.5}]}]",
    ]);
    let body = "'chance':[{'id':'m','date':'2030-02-05','options':[{'label':'x','probability':0.5},{'label':'y','probability':0.5,'events':[{'id':'c',SAY}]}]}]";
    let options = |body: &str| {
        let scenario = checked(&text(body), base.clone()).unwrap();
        let options = scenario
            .entries
            .iter()
            .filter_map(|it| Some((it.record.id().to_owned(), it.option()?)));
        let options = options.map(|(id, option)| (id, option.chance, option.option));
        let ids: Vec<_> = scenario
            .hazards
            .chances
            .iter()
            .map(|it| it.id.clone())
            .collect();
        (options.collect::<Vec<_>>(), ids.join(" "))
    };
    assert_eq!(
        options(body),
        (
            vec![("a".to_owned(), 0, 0), ("c".to_owned(), 1, 1)],
            "n m".to_owned()
        )
    );
    let cut = format!("'tail':'cut',{body}");
    assert_eq!(
        options(&cut),
        (vec![("c".to_owned(), 0, 1)], "m".to_owned())
    );
    finds(
        &base,
        &[
            (
                "'chance':[{'id':'m','after':{'event':'a','days':1},'options':[{'label':'x','probability':1,'events':[{'id':'c',SAY}]}]}]",
                &[],
            ),
            (
                "'chance':[{'id':^'n','date':'2030-02-05','options':[{'label':'x','probability':1}]}]",
                &["SiteTaken { id: 'n', of_base: true }"],
            ),
            (
                "'tail':'cut','chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':1}]}]",
                &[],
            ),
            (
                "'tail':'cut','chance':[{'id':'m','after':{'event':^'a','days':1},'options':[{'label':'x','probability':1}]}]",
                &["Dropped { id: 'a' }"],
            ),
        ],
    );
}

#[test]
fn chance_nodes_have_names_options_and_probabilities_that_add_up() {
    let node = |place: usize| {
        format!(
            "{{'id':'n{place}','date':'2030-02-01','options':[{{'label':'x','probability':1}}]}}"
        )
    };
    let nodes = |mark: &str, number: usize| format!("'chance':{mark}[{}]", many(number, node));
    let options = |mark: &str, number: usize| {
        let option = |place: usize| {
            format!(
                "{{'label':'{place}','probability':{}}}",
                u8::from(place == 0)
            )
        };
        format!(
            "'chance':[{{'id':'n','date':'2030-02-01','options':{mark}[{}]}}]",
            many(number, option)
        )
    };
    let two = |first: &str, second: &str, mark: &str| {
        format!(
            "'chance':[{{'id':'n','date':'2030-02-01','options':{mark}[{{'label':'x','probability':{first}}},{{'label':'y','probability':{second}}}]}}]"
        )
    };
    let named = |id: &str| {
        format!(
            "'chance':[{{'id':{id},'date':'2030-02-01','options':[{{'label':'x','probability':1}}]}}]"
        )
    };
    let label = |first: &str, second: &str| {
        format!(
            "'chance':[{{'id':'n','date':'2030-02-01','options':[{{'label':{first},'probability':1}},{{'label':{second},'probability':0}}]}}]"
        )
    };
    let long = |mark: &str, length: usize| named(&format!("{mark}'{}'", "n".repeat(length)));
    let too_long = format!(
        "Name {{ found: '{}', limit: 200 }}",
        "n".repeat(NAME_LIMIT + 1)
    );
    finds(&base(), &[
        (&nodes("", SITE_LIMIT), &[]),
        (&nodes("^", SITE_LIMIT + 1), &["TooMany { field: 'chance', found: 257, limit: 256 }"]),
        (&options("^", 0), &["NoEntries { field: 'options' }"]),
        (&options("", 1), &[]),
        (&options("", OPTION_LIMIT), &[]),
        (&options("^", OPTION_LIMIT + 1), &["TooMany { field: 'options', found: 65, limit: 64 }"]),
        (&two("0.5", "0.5", ""), &[]),
        (&two("0", "1", ""), &[]),
        (&two("0.5", "0.500001001", "^"), &["Probabilities { sum: 1.000001001 }"]),
        (&two("0.5", "0.500000999", ""), &[]),
        (&two("0.5", "0.499999001", ""), &[]),
        (&two("0.5", "0.499998999", "^"), &["Probabilities { sum: 0.999998999 }"]),
        (&two("^1.5", "0.5", ""), &["Probability { found: 1.5 }"]),
        (&two("^-0.25", "^1.25", ""), &["Probability { found: -0.25 }", "Probability { found: 1.25 }"]),
        (&label("'x'", "'y'"), &[]),
        (&label("'x'", "^'x'"), &["Twice { field: 'options', value: 'x' }"]),
        (&label("^''", "^''"), &["NoEntries { field: 'label' }", "NoEntries { field: 'label' }"]),
        (&long("", NAME_LIMIT), &[]),
        (&long("^", NAME_LIMIT + 1), &[&too_long]),
        (&named("'n@m'"), &[]),
        (&named("^'1'"), &["Name { found: '1', limit: 200 }"]),
        // Of what is too many, and of what needs it, nothing else is told.
        (&format!("{},'outcomes':[{{'id':'o','when':{{'measure':{{'id':'late','status':'in_force'}}}}}}]",
            options("^", OPTION_LIMIT).replace("}]}]", "},{'label':'more','probability':0,'events':[{'id':'late','date':'2030-01-01',BLUE,'act':'sanctions_imposed'}]}]}]")),
            &["TooMany { field: 'options', found: 65, limit: 64 }"]),
        (&format!("'chance':^[{},{{'id':'late','date':'2030-02-01','options':[{{'label':'x','probability':7,'events':[{{'id':'later','date':'2030-01-01',SAY}}]}}]}}],'edits':[{{'insert':{{'id':'a','after':{{'event':'later','days':1}},SAY}}}}]", many(SITE_LIMIT, node)),
            &["TooMany { field: 'chance', found: 257, limit: 256 }"]),
    ]);
    // As many as may be are all decided; where some are left out nothing is.
    let illegal = |mark: &str| {
        format!("'events':[{{'id':'a',BLUE,'act':'sanctions_eased','measure':{mark}'gas'}}]")
    };
    let wrong = "Illegal a 2030-02-01 measure Measure";
    let with = |body: String, mark: &str| {
        body.replacen(
            "'probability':1}",
            &format!("'probability':1,{}}}", illegal(mark)),
            1,
        )
    };
    finds(
        &base(),
        &[
            (&with(options("", OPTION_LIMIT), "^"), &[wrong]),
            (
                &with(options("^", OPTION_LIMIT + 1), ""),
                &["TooMany { field: 'options', found: 65, limit: 64 }"],
            ),
            (&with(nodes("", SITE_LIMIT), "^"), &[wrong]),
            (
                &with(nodes("^", SITE_LIMIT + 1), ""),
                &["TooMany { field: 'chance', found: 257, limit: 256 }"],
            ),
        ],
    );
    // Those of the base count too.
    let base = base_of(&[&nodes("", 1)]);
    let others = |mark: &str, number: usize| nodes(mark, number).replace("'n", "'m");
    finds(
        &base,
        &[
            (&others("", SITE_LIMIT - 1), &[]),
            (
                &others("^", SITE_LIMIT),
                &["TooMany { field: 'chance', found: 257, limit: 256 }"],
            ),
            (&format!("'tail':'cut',{}", others("", SITE_LIMIT)), &[]),
        ],
    );
}

const RULE: &str = "'when':{'act':'call'},'then':{SAY}";

#[test]
fn rules_have_names_and_bounds_and_cause_what_is_whole() {
    let rule = |rest: &str| format!("'rules':[{{'id':'r',{rest}}}]");
    let with = |rest: &str| rule(&format!("{rest},{RULE}"));
    let then = |then: &str| rule(&format!("'when':{{'act':'call'}},'then':{{{then}SAY}}"));
    let rules = |mark: &str, number: usize| {
        format!(
            "'rules':{mark}[{}]",
            many(number, |place| format!("{{'id':'r{place}',{RULE}}}"))
        )
    };
    let by_rule = |field: &str| format!("GivenByRule {{ field: '{field}' }}");
    finds(
        &base(),
        &[
            (&rules("", SITE_LIMIT), &[]),
            (
                &rules("^", SITE_LIMIT + 1),
                &["TooMany { field: 'rules', found: 257, limit: 256 }"],
            ),
            (
                &format!("'rules':[{{'id':^'r@s',{RULE}}}]"),
                &["AtInRule { id: 'r@s' }"],
            ),
            (
                &format!("'rules':[{{'id':^'-',{RULE}}}]"),
                &["Name { found: '-', limit: 200 }"],
            ),
            (
                &format!("'rules':[{{'id':'r',{RULE}}},{{'id':^'r',{RULE}}}]"),
                &["SiteTaken { id: 'r', of_base: false }"],
            ),
            (
                &format!(
                    "'chance':[{{'id':'r','date':'2030-02-01','options':[{{'label':'x','probability':1}}]}}],'rules':[{{'id':^'r',{RULE}}}]"
                ),
                &["SiteTaken { id: 'r', of_base: false }"],
            ),
            (&with("'probability':0"), &[]),
            (&with("'probability':1"), &[]),
            (
                &with("'probability':^1.0001"),
                &["Probability { found: 1.0001 }"],
            ),
            (
                &with("'probability':^-0.0001"),
                &["Probability { found: -0.0001 }"],
            ),
            (&with("'delay_days':{'from':3,'to':3}"), &[]),
            (
                &with("'delay_days':^{'from':4,'to':3}"),
                &["NotRising { expected: '`from` must not be greater than `to`' }"],
            ),
            (&with("'delay_days':{'from':0,'to':36525}"), &[]),
            (
                &with("'delay_days':{'from':0,'to':^36526}"),
                &["TooManyDays { found: 36526, limit: 36525 }"],
            ),
            (&with("'cooldown_days':36525"), &[]),
            (
                &with("'cooldown_days':^36526"),
                &["TooManyDays { found: 36526, limit: 36525 }"],
            ),
            (&then("^'id':'a',"), &[&by_rule("id")]),
            (&then("^'date':'2030-02-01',"), &[&by_rule("date")]),
            (
                &then("^'after':{'event':'call','days':1},"),
                &[&by_rule("after")],
            ),
            (&then("^'caused_by':'call',"), &[&by_rule("caused_by")]),
            (&then("^'until':'2030-02-01',"), &[&by_rule("until")]),
            (
                &rule("'when':{'act':^'retraction'},'then':{SAY}"),
                &["Retraction"],
            ),
            (
                &rule("'when':{'act':'call'},'then':{BLUE,'act':^'retraction'}"),
                &["Retraction"],
            ),
            // What it would have brought is not told as unknown.
            (
                "'rules':[{'id':'r','when':{'act':'call'},'then':{BLUE,'act':'sanctions_imposed','measure':'new',^'minutes':3}}],'outcomes':[{'id':'o','when':{'measure':{'id':'new','status':'in_force'}}}]",
                &[
                    "ForeignField { field: 'minutes', act: SanctionsImposed, belongs_to: [Call, MeetingHeld, Visit] }",
                ],
            ),
            (
                "'rules':[{'id':'r','when':{'act':'call'},'then':{BLUE,'act':'sanctions_imposed','measure':'new'}}],'outcomes':[{'id':'o','when':{'measure':{'id':'new','status':'in_force'}}}]",
                &[],
            ),
        ],
    );
    let base = base_of(&[&with("'probability':1")]);
    finds(
        &base,
        &[
            (
                &format!("'rules':[{{'id':^'r',{RULE}}}]"),
                &["SiteTaken { id: 'r', of_base: true }"],
            ),
            (&rules("", SITE_LIMIT - 1), &[]),
            (
                &rules("^", SITE_LIMIT),
                &["TooMany { field: 'rules', found: 257, limit: 256 }"],
            ),
        ],
    );
    let place = checked(&text(&with("'probability':1")), base_of(&[]))
        .unwrap()
        .hazards
        .rules[0]
        .place
        .clone();
    assert_eq!(place.to_string(), "it.json:2:16");
    let owners = |body: &str| {
        let rules = checked(&text(body), base.clone()).unwrap().hazards.rules;
        rules
            .iter()
            .map(|it| (it.written.id.clone(), it.owner, it.cut_by))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        owners(&rules("", 1)),
        [("r".to_owned(), 0, 0), ("r0".to_owned(), 1, 0)]
    );
    assert_eq!(
        owners(&format!("'tail':'cut',{}", rules("", 1))),
        [("r".to_owned(), 0, 2), ("r0".to_owned(), 1, 0)]
    );
}

#[test]
fn rules_that_trigger_each_other_without_end_are_told_once() {
    let rule = |id: &str, when: &str, rest: &str, then: &str| {
        format!("{{'id':'{id}','when':{{'act':{when}}}{rest},'then':{{BLUE,'act':'{then}'}}}}")
    };
    let two = |mark: &str, rest: &str, back: &str| {
        let start = rule("o", "'offer'", "", "threat");
        let one =
            format!("{{'id':'a','when':{mark}{{'act':'threat'}},'then':{{BLUE,'act':'demand'}}}}");
        format!(
            "'rules':[{start},{one},{}]",
            rule("b", "'demand'", rest, back)
        )
    };
    finds(
        &base(),
        &[
            (
                &two("^", "", "threat"),
                &["RuleCycle { ids: ['a', 'b', 'a'] }"],
            ),
            (&two("", ",'at_most':1", "threat"), &[]),
            (&two("", "", "statement"), &[]),
            (
                "'rules':[{'id':'a','when':^{'act':'threat'},'then':{BLUE,'act':'threat'}}]",
                &["RuleCycle { ids: ['a', 'a'] }"],
            ),
            (
                "'rules':[{'id':'a','when':{'act':'threat','source':'XRL'},'then':{BLUE,'act':'threat'}}]",
                &[],
            ),
            (
                "'rules':[{'id':'a','when':^{'act':'threat','source':'XBL','target':'XRL'},'then':{BLUE,'act':'threat'}}]",
                &["RuleCycle { ids: ['a', 'a'] }"],
            ),
        ],
    );
    let base = base_of(&[&format!(
        "'rules':[{}]",
        rule("a", "'threat'", "", "demand")
    )]);
    finds(
        &base,
        &[
            (
                "'rules':[{'id':'b','when':^{'act':'demand'},'then':{BLUE,'act':'threat'}}]",
                &["RuleCycle { ids: ['a', 'b', 'a'] }"],
            ),
            // A cut tail ends the base's.
            (
                "'tail':'cut','rules':[{'id':'b','when':{'act':'demand'},'then':{BLUE,'act':'threat'}}]",
                &[],
            ),
        ],
    );
}

#[test]
fn an_uncertain_parameter_is_drawn_within_its_bounds() {
    let drawn = |name: &str, spread: &str| format!("'uncertain':{{{name}:{{{spread}}}}}");
    let gain = |spread: &str| drawn("'gain'", spread);
    let [least, greatest] = Model::range("gain").unwrap();
    let out = |found: f64| {
        format!(
            "Setting(OutOfRange {{ name: 'gain', found: {found:?}, least: {least:?}, greatest: {greatest:?}, or_none: false }})"
        )
    };
    let rising =
        "NotRising { expected: 'the first value must be less than the second: least, greatest' }";
    let modes =
        "NotRising { expected: 'the three values must rise: least, most likely, greatest' }";
    finds(
        &base(),
        &[
            (&gain("'uniform':[0.2,0.3]"), &[]),
            (&gain("'uniform':^[0.2,0.2]"), &[rising]),
            (&gain("'uniform':^[0.3,0.2]"), &[rising]),
            (&gain("'triangular':[0.2,0.2,0.3]"), &[]),
            (&gain("'triangular':[0.2,0.3,0.3]"), &[]),
            (&gain("'triangular':^[0.2,0.2,0.2]"), &[modes]),
            (&gain("'triangular':^[0.2,0.1,0.3]"), &[modes]),
            (&gain("'triangular':^[0.2,0.4,0.3]"), &[modes]),
            (&gain("'normal':[0.3,0.01]"), &[]),
            (
                &gain("'normal':[0.3,^0]"),
                &["NotPositive { what: 'standard deviation' }"],
            ),
            (
                &gain("'normal':[0.3,^-1]"),
                &["NotPositive { what: 'standard deviation' }"],
            ),
            (&gain("'normal':[0.3,1e9]"), &[]),
            (&gain("'choice':[0.3]"), &[]),
            (&gain("'choice':^[]"), &["NoEntries { field: 'choice' }"]),
            (&gain(&format!("'choice':[{least},{greatest}]")), &[]),
            (
                &gain(&format!("'choice':[{least},^{}]", greatest + 1.0)),
                &[&out(greatest + 1.0)],
            ),
            (&gain("'choice':[0.3,^-1]"), &[&out(-1.0)]),
            (&gain("'normal':[^-1,1]"), &[&out(-1.0)]),
            (
                &drawn("^'gains'", "'choice':[1]"),
                &["Setting(UnknownName { found: 'gains', near: Some('gain') })"],
            ),
            (
                &drawn("^'weights'", "'choice':[1]"),
                &["NotDrawn { name: 'weights' }"],
            ),
            (
                &drawn("^'saturation'", "'choice':[1]"),
                &["NotDrawn { name: 'saturation' }"],
            ),
            (&drawn("'baseline:XRL-XBL'", "'choice':[1]"), &[]),
            (
                "'uncertain':{'baseline:XBL-XRL':{'choice':[1]},^'baseline:XRL-XBL':{'choice':[2]}}",
                &["Twice { field: 'uncertain', value: 'baseline:XBL-XRL' }"],
            ),
        ],
    );
    let base = base_of(&["'uncertain':{'gain':{'choice':[0.3]},'spillover':{'choice':[0.5]}}"]);
    let of = |body: &str| {
        let uncertain = checked(&text(body), base.clone())
            .unwrap()
            .hazards
            .uncertain;
        uncertain
            .iter()
            .map(|it| format!("{} {:?}", it.name, it.spread))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(of(""), "gain Choice([0.3]), spillover Choice([0.5])");
    assert_eq!(
        of("'uncertain':{'gain':{'choice':[0.4]}}"),
        "spillover Choice([0.5]), gain Choice([0.4])"
    );
    assert_eq!(
        of("'model':{'preset':'stock'},'uncertain':{'gain':{'choice':[0.4]}}"),
        "gain Choice([0.4])"
    );
}

#[test]
fn a_model_and_its_seed_are_those_of_the_base_unless_the_scenario_has_its_own() {
    finds(
        &base(),
        &[
            (
                "'model':{'gain':^-3}",
                &[
                    "Setting(OutOfRange { name: 'gain', found: -3.0, least: 0.0, greatest: 1.0, or_none: false })",
                ],
            ),
            (
                "'names':^{'summit':''}",
                &["BadCaption { key: 'summit', limit: 200 }"],
            ),
        ],
    );
    let base = base_of(&["'seed':7,'model':{'gain':0.7}"]);
    let of = |body: &str| {
        let scenario = checked(&text(body), base.clone()).unwrap();
        (scenario.hazards.seed, scenario.model)
    };
    let mut model = Model::default();
    model.set("gain", "0.7").unwrap();
    assert_eq!(of(""), (7, model));
    assert_eq!(of("'seed':8,'model':{}"), (8, Model::default()));
}

#[test]
fn a_reaction_has_a_name_of_its_own_and_accounts_for_what_may_happen() {
    let account = |of: &str| {
        format!(
            "'rules':[{{'id':'r','when':{{'act':'threat'}},'then':{{BLUE,'act':'readout','of':{of}}}}},{{'id':'s','when':{{'act':'statement','source':'XRL'}},'then':{{BOTH,'act':'call'}}}}]"
        )
    };
    let but = |except: &str| {
        format!("'rules':[{{'id':'r','when':{{'act':'call'}},'except':[{except}],'then':{{SAY}}}}]")
    };
    let long = |mark: &str, length: usize| {
        let id = "r".repeat(length);
        format!(
            "'rules':[{{'id':{mark}'{id}','when':{{'act':'statement','source':'XRL'}},'then':{{SAY}}}}]"
        )
    };
    let room = NAME_LIMIT - "@thanks".len();
    let too_long = format!(
        "LongRule {{ rule: '{}', trigger: 'thanks', limit: 200 }}",
        "r".repeat(room + 1)
    );
    let taken =
        |rule: &str, edits: &str| format!("'rules':[{{'id':{rule},{RULE}}}],'edits':[{edits}]");
    finds(
        &base(),
        &[
            (&account("'call'"), &[]),
            (&account("'held'"), &[]),
            (
                &account("^'thanks'"),
                &["NoConversation { id: 'thanks', act: Statement }"],
            ),
            (
                &account("^'cal'"),
                &["UnknownEvent { found: 'cal', near: Some('call') }"],
            ),
            (&account("^'rumour'"), &["NotInBase { id: 'rumour' }"]),
            (&account("'s@thanks'"), &[]),
            (
                &account("^'s@call'"),
                &["UnknownEvent { found: 's@call', near: Some('call') }"],
            ),
            (
                &account("^'r@held'"),
                &["UnknownEvent { found: 'r@held', near: Some('held') }"],
            ),
            (
                &format!(
                    "{},'edits':[{{'drop':{{'event':'call','cascade':true}}}}]",
                    account("^'call'")
                ),
                &["Dropped { id: 'call' }"],
            ),
            (&but("'call'"), &[]),
            (&but("'call','plan'"), &[]),
            (
                &but("'call',^'cal'"),
                &["UnknownEvent { found: 'cal', near: Some('call') }"],
            ),
            (&but("'r@call'"), &[]),
            (&but("'r@r@call'"), &[]),
            (
                &but("^'q@call'"),
                &["UnknownEvent { found: 'q@call', near: Some('call') }"],
            ),
            (
                &but("^'r@nobody'"),
                &["UnknownEvent { found: 'r@nobody', near: None }"],
            ),
            (
                &format!(
                    "{},'edits':[{{'insert':{{'id':'z','date':'2030-02-01',^'minutes':1,SAY}}}}]",
                    but("'z'")
                ),
                &[
                    "ForeignField { field: 'minutes', act: Statement, belongs_to: [Call, MeetingHeld, Visit] }",
                ],
            ),
            (&long("", room), &[]),
            (&long("^", room + 1), &[&too_long]),
            // What would trigger it is shared, or does not happen.
            (
                &format!("'fork':{{'after':'thanks'}},{}", long("", room + 1)),
                &[],
            ),
            (
                &format!(
                    "'edits':[{{'drop':{{'event':'thanks'}}}}],{}",
                    long("", room + 1)
                ),
                &[],
            ),
            // Ids that a reaction would have.
            (
                &taken("'r'", "{'insert':{'id':^'r@call','date':'2030-02-01',SAY}}"),
                &["ReactionTaken { id: 'r@call', rule: 'r' }"],
            ),
            (
                &taken("'r'", "{'insert':{'id':'r@plan','date':'2030-02-01',SAY}}"),
                &[],
            ),
            (
                &taken(
                    "'r'",
                    "{'insert':{'id':'r@thanks','date':'2030-02-01',SAY}}",
                ),
                &[],
            ),
            (
                &taken("'q'", "{'insert':{'id':'r@call','date':'2030-02-01',SAY}}"),
                &[],
            ),
            (
                &taken(
                    "'r'",
                    "{'drop':{'event':'call','cascade':true}},{'insert':{'id':'r@call','date':'2030-02-01',SAY}}",
                ),
                &[],
            ),
            // A reaction to a reaction.
            (
                "'rules':[{'id':'r','when':{'act':'call'},'then':{SAY}},{'id':'s','when':{'act':'statement','source':'XBL'},'then':{BLUE,'act':'threat'}}],'edits':[{'insert':{'id':^'s@r@call','date':'2030-02-01',BLUE,'act':'threat'}}]",
                &["ReactionTaken { id: 's@r@call', rule: 's' }"],
            ),
            // A trigger that is excepted or shared brings no reaction.
            (
                "'rules':[{'id':'r','when':{'act':'call'},'except':['call'],'then':{SAY}}],'edits':[{'insert':{'id':'r@call','date':'2030-02-01',SAY}}]",
                &[],
            ),
            (
                "'fork':{'after':'call'},'rules':[{'id':'r','when':{'act':'call'},'then':{SAY}}],'edits':[{'insert':{'id':'r@call','date':'2030-02-01',SAY}}]",
                &[],
            ),
        ],
    );
    // The base's event is told at the rule, the base's rule at the event.
    let base = base_of(&[
        "'edits':[{'insert':{'id':'r@call','date':'2030-02-01',SAY}}],'rules':[{'id':'q','when':{'act':'call'},'then':{SAY}}]",
    ]);
    finds(
        &base,
        &[
            (
                &format!("'rules':[{{'id':^'r',{RULE}}}]"),
                &["ReactionTaken { id: 'r@call', rule: 'r' }"],
            ),
            (
                &format!("'fork':{{'after':'call'}},'rules':[{{'id':'r',{RULE}}}]"),
                &[],
            ),
            (
                "'edits':[{'insert':{'id':^'q@call','date':'2030-02-02',SAY}}]",
                &["ReactionTaken { id: 'q@call', rule: 'q' }"],
            ),
            (
                "'tail':'cut','edits':[{'insert':{'id':'b','date':'2030-02-02',BOTH,'act':'call'}},{'insert':{'id':'q@b','date':'2030-02-02',SAY}}]",
                &[],
            ),
        ],
    );
}

/// An event that ends, eases or begins a measure.
fn measure(id: &str, date: &str, act: &str, measure: &str) -> String {
    format!("{{'id':{id},'date':'2030-{date}',BLUE,'act':'sanctions_{act}','measure':{measure}}}")
}

#[test]
fn what_an_edit_makes_illegal_falls_with_it_or_is_listed_under_it() {
    let base = base();
    let inserted = |event: &str| format!("'edits':[{{'insert':{event}}}]");
    finds(
        &base,
        &[
            // A day later than it may be, or as late as it may be.
            ("'edits':[{'shift':{'event':'easing','days':27}}]", &[]),
            (
                "'edits':[{'shift':{'event':'easing','days':^28}}]",
                &["ShiftedTooFar easing 2030-03-01 Measure: Some(27) lifting 2030-03-01"],
            ),
            (
                "'edits':[{'shift':{'event':^'held','days':2}}]",
                &["Dependants held true: thanks"],
            ),
            (
                "'edits':[{'shift':{'event':^'held','days':1}}]",
                &["Dependants held true: thanks"],
            ),
            (
                "'edits':[{'shift':{'event':'held','days':1}},{'shift':{'event':'thanks','days':1}}]",
                &[],
            ),
            (
                "'edits':[{'drop':{'event':^'held'}}]",
                &["Dependants held true: thanks"],
            ),
            ("'edits':[{'drop':{'event':'held','cascade':true}}]", &[]),
            (
                "'fork':{'before':'tariffs'},'edits':[{'drop':{'event':^'tariffs'}}]",
                &["Dependants tariffs true: easing lifting"],
            ),
            (
                "'fork':{'before':'tariffs'},'edits':[{'drop':{'event':^'tariffs'}},{'drop':{'event':'easing'}}]",
                &["Dependants tariffs true: lifting"],
            ),
            (
                "'fork':{'before':'tariffs'},'edits':[{'drop':{'event':'tariffs'}},{'drop':{'event':'easing'}},{'drop':{'event':'lifting'}}]",
                &[],
            ),
            (
                "'fork':{'before':'plan'},'edits':[{'replace':{'event':^'call','with':{SAY}}}]",
                &["Dependants call false: account"],
            ),
            (
                "'fork':{'before':'plan'},'edits':[{'replace':{'event':'call','with':{BOTH,'act':'call','minutes':3}}}]",
                &[],
            ),
            // A new event that ends what the base's later event is about.
            (
                &inserted(&measure("^'a'", "01-31", "lifted", "'tariffs'")),
                &["Dependants a false: easing lifting"],
            ),
            (
                &inserted(&measure("^'a'", "02-02", "lifted", "'tariffs'")),
                &["Dependants a false: lifting"],
            ),
            (
                &inserted(&measure("'a'", "03-02", "imposed", "'tariffs'")),
                &[],
            ),
            (
                &inserted(&measure("'a'", "02-01", "imposed", "'tariffs'")),
                &[],
            ),
            (
                &inserted(&measure("'a'", "01-31", "imposed", "^'tariffs'")),
                &["Illegal a 2030-01-31 measure Measure"],
            ),
            (
                &inserted(&measure("'a'", "03-02", "eased", "^'tariffs'")),
                &["Illegal a 2030-03-02 measure Measure"],
            ),
            (
                &inserted(&measure("'a'", "02-28", "eased", "^'tarifs'")),
                &["Illegal a 2030-02-28 measure Measure"],
            ),
            // Of what needs it alone nothing is told.
            (
                &format!(
                    "'edits':[{{'insert':{}}},{{'insert':{{'id':'b','date':'2030-02-21','caused_by':'a',SAY}}}}]",
                    measure("'a'", "02-20", "eased", "^'tarifs'")
                ),
                &["Illegal a 2030-02-20 measure Measure"],
            ),
            // Meetings and agenda items.
            (
                "'edits':[{'insert':{'id':^'a','date':'2030-02-09',BOTH,'act':'meeting_held','meeting':'summit'}}]",
                &["Dependants a false: held thanks"],
            ),
            (
                "'edits':[{'insert':{'id':^'a','date':'2030-02-09',BOTH,'act':'meeting_cancelled','meeting':'summit'}}]",
                &["Dependants a false: held thanks"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-11',BOTH,'act':'meeting_cancelled','meeting':^'summit'}}]",
                &["Illegal a 2030-02-11 meeting Meeting"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-09',BOTH,'act':'meeting_postponed','meeting':^'summt'}}]",
                &["Illegal a 2030-02-09 meeting UnknownMeeting"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-01-15',BOTH,'act':'meeting_scheduled','meeting':'summit','scheduled_for':'2030-01-15'}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-01-15',BOTH,'act':'meeting_scheduled','meeting':'summit','scheduled_for':^'2030-01-14'}}]",
                &["Illegal a 2030-01-15 scheduled_for ScheduledInThePast"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-01-15',SAY,'agenda':[{'item':'gas','to':'raised'}]}},{'insert':{'id':'b','date':'2030-01-15',SAY,'agenda':[{'item':'gas','to':'in_progress'}]}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-01-15',SAY,'agenda':^[{'item':'gas','to':'raised'}]}},{'insert':{'id':'b','date':'2030-01-14',SAY,'agenda':[{'item':'gas','to':'in_progress'}]}}]",
                &["Illegal a 2030-01-15 agenda Agenda"],
            ),
            // Causes.
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-10','caused_by':'held',SAY}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-09','caused_by':^'held',SAY}}]",
                &["Illegal a 2030-02-09 caused_by EffectBeforeCause"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-09','caused_by':^'hold',SAY}}]",
                &["Illegal a 2030-02-09 caused_by UnknownCause"],
            ),
            (
                "'edits':[{'drop':{'event':'held','cascade':true}},{'insert':{'id':'a','date':'2030-02-20','caused_by':^'held',SAY}}]",
                &["Illegal a 2030-02-20 caused_by AbsentCause"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-02-01',BLUE,'act':'readout','of':^'easing'}}]",
                &["Illegal a 2030-02-01 of NotAConversation"],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-01-20',BLUE,'act':'readout','of':'call'}}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'a','date':'2030-01-19',BLUE,'act':'readout','of':^'call'}}]",
                &["Illegal a 2030-01-19 of UnknownConversation"],
            ),
        ],
    );
    comes(
        &base,
        1,
        "'fork':{'before':'tariffs'},'edits':[{'drop':{'event':'tariffs','cascade':true}}]",
        "01-10 tariffs Dropped, 01-20 call Kept, 01-20 account Kept, 02-01 easing Fell, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Fell",
    );
    comes(
        &base,
        1,
        "'fork':{'before':'tariffs'},'edits':[{'shift':{'event':'tariffs','days':22,'cascade':true}}]",
        "01-20 call Kept, 01-20 account Kept, 02-01 easing Fell, 02-01 tariffs from 01-10, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    comes(
        &base,
        1,
        "'fork':{'before':'tariffs'},'edits':[{'shift':{'event':'tariffs','days':21,'cascade':true}}]",
        "01-20 call Kept, 01-20 account Kept, 01-31 tariffs from 01-10, 02-01 easing Kept, 02-10 held Kept, 02-11 thanks Kept, 03-01 lifting Kept",
    );
    // Of two edits that concern a measure the first that cannot take along is to blame.
    finds(
        &base,
        &[
            (
                "'fork':{'before':'tariffs'},'edits':[{'drop':{'event':'tariffs','cascade':true}},{'replace':{'event':^'easing','with':{BLUE,'act':'sanctions_lifted','measure':^'tariffs'}}}]",
                &[
                    "Dependants easing false: lifting",
                    "Illegal easing 2030-02-01 measure Measure",
                ],
            ),
            (
                "'fork':{'before':'tariffs'},'edits':[{'drop':{'event':'tariffs','cascade':true}},{'drop':{'event':^'easing'}}]",
                &["Dependants easing true: lifting"],
            ),
            (
                "'fork':{'before':'tariffs'},'edits':[{'drop':{'event':'tariffs','cascade':true}},{'drop':{'event':'easing','cascade':true}}]",
                &[],
            ),
        ],
    );
}

#[test]
fn a_shift_that_its_own_event_cannot_take_is_told_with_how_far_it_can() {
    let shift = |event: &str, days: i32| {
        format!("'edits':[{{'shift':{{'event':'{event}','days':^{days}}}}}]")
    };
    let fine = |event: &str, days: i32| shift(event, days).replace('^', "");
    let cascade = |text: &str| text.replace("}}", ",'cascade':true}}");
    let and = |edits: &str, rest: &str| format!("{},{rest}]", edits.trim_end_matches(']'));
    let long = |edits: &str| format!("'until':'2030-06-01',{edits}");
    let insert = |event: &str| format!("{{'insert':{event}}}");
    let thanks = |date: &str, days: i32, bound: &str| {
        format!("ShiftedTooFar thanks 2030-{date} EffectBeforeCause: Some({days}) {bound}")
    };
    let easing = |date: &str, days: i32, bound: &str| {
        format!("ShiftedTooFar easing 2030-{date} Measure: Some({days}) {bound}")
    };
    let held = "held 2030-02-10";
    let cases = [
        // Before its cause, or the call that it is an account of.
        (fine("thanks", -1), None),
        (shift("thanks", -2), Some(thanks("02-09", -1, held))),
        (shift("thanks", -20), Some(thanks("01-22", -1, held))),
        (fine("account", 5), None),
        (
            shift("account", -1),
            Some("ShiftedTooFar account 2030-01-19 UnknownConversation: Some(0) call 2030-01-20".to_owned()),
        ),
        // To cascade would drop the event itself.
        (cascade(&shift("thanks", -2)), Some(thanks("02-09", -1, held))),
        // Behind what ends the measure that it is about; on that day it comes behind it.
        (long(&fine("easing", 27)), None),
        (long(&shift("easing", 28)), Some(easing("03-01", 27, "lifting 2030-03-01"))),
        (long(&shift("easing", 90)), Some(easing("05-02", 27, "lifting 2030-03-01"))),
        (
            cascade(&long(&shift("easing", 90))),
            Some(easing("05-02", 27, "lifting 2030-03-01")),
        ),
        // What falls with it: the event that it is the cause of may come no earlier than that.
        (
            and(&shift("thanks", -11), &insert("{'id':'e','date':'2030-02-12',SAY,'caused_by':'thanks'}")),
            Some(thanks("01-31", -1, held)),
        ),
        // The cause is shifted, too: each by what it can.
        (
            and(&shift("thanks", -9), "{'shift':{'event':'held','days':-4}}"),
            Some(thanks("02-02", -4, "held 2030-02-06")),
        ),
        (
            and("'edits':[{'shift':{'event':'held','days':-4}}]", "{'shift':{'event':'thanks','days':^-9}}"),
            Some(thanks("02-02", -5, "held 2030-02-06")),
        ),
        // Where it would be illegal all the same, what makes it so is to blame.
        (
            "'edits':[{'shift':{'event':'thanks','days':-2}},{'drop':{'event':^'held'}}]".to_owned(),
            Some("Dependants held true: thanks".to_owned()),
        ),
        (
            "'edits':[{'shift':{'event':'thanks','days':-2}},{'drop':{'event':'held','cascade':true}}]".to_owned(),
            None,
        ),
    ];
    for (body, told) in cases {
        let told: Vec<&str> = told.as_deref().into_iter().collect();
        finds(&base(), &[(&body, &told)]);
    }
}

#[test]
fn what_chance_may_make_legal_is_left_to_the_run_and_nothing_else() {
    let drawn = |first: &str, second: &str, rest: &str| {
        format!(
            "'chance':[{{'id':'n','date':'2030-02-05','options':[{{'label':'x','probability':0.5,'events':[{first}]}},{{'label':'y','probability':0.5,'events':[{second}]}}]}}]{rest}"
        )
    };
    let new = |id: &str, act: &str, measure: &str| {
        format!("{{'id':{id},BLUE,'act':'sanctions_{act}','measure':{measure}}}")
    };
    let later = |act: &str, of: &str| {
        format!(
            ",'edits':[{{'insert':{}}}]",
            measure("'z'", "02-20", act, of)
        )
    };
    let [begun, ended] = [
        new("'a'", "imposed", "'fuel'"),
        new("'a'", "lifted", "'tariffs'"),
    ];
    finds(
        &base(),
        &[
            (&drawn(&begun, "", ""), &[]),
            (
                &drawn(&new("'a'", "eased", "^'fuel'"), "", ""),
                &["Illegal a 2030-02-05 measure Measure"],
            ),
            (
                &drawn("", &new("'a'", "eased", "^'fuel'"), ""),
                &["Illegal a 2030-02-05 measure Measure"],
            ),
            // What one option begins, another cannot end.
            (
                &drawn(&begun, &new("'b'", "eased", "^'fuel'"), ""),
                &["Illegal b 2030-02-05 measure Measure"],
            ),
            (
                &drawn(
                    &[begun.clone(), new("'b'", "eased", "'fuel'")].join(","),
                    "",
                    "",
                ),
                &[],
            ),
            (
                &drawn(
                    &[new("'b'", "eased", "^'fuel'"), begun.clone()].join(","),
                    "",
                    "",
                ),
                &["Illegal b 2030-02-05 measure Measure"],
            ),
            // An event of all runs may need what an option brings.
            (&drawn(&begun, "", &later("eased", "'fuel'")), &[]),
            (
                &drawn(&begun, "", &later("eased", "^'gas'")),
                &["Illegal z 2030-02-20 measure Measure"],
            ),
            (&drawn(&begun, "", &later("imposed", "'fuel'")), &[]),
            // What an option ends, the base can end no more: a run tells.
            (&drawn(&ended, "", ""), &[]),
            // A cause that only some runs have.
            (
                &drawn(
                    "{'id':'a',SAY}",
                    "",
                    ",'edits':[{'insert':{'id':'z','date':'2030-02-20','caused_by':'a',SAY}}]",
                ),
                &[],
            ),
            (
                &drawn(
                    "{'id':'a','date':'2030-02-20',SAY}",
                    "",
                    ",'edits':[{'insert':{'id':'z','date':'2030-02-20','caused_by':^'a',SAY}}]",
                ),
                &["Illegal z 2030-02-20 caused_by EffectBeforeCause"],
            ),
            (
                &drawn(
                    "{'id':'a','date':'2030-02-20',SAY}",
                    "",
                    ",'edits':[{'insert':{'id':'z','date':'2030-02-21','caused_by':'a',SAY}}]",
                ),
                &[],
            ),
            (
                &drawn(
                    "{'id':'a','date':'2030-02-20',SAY}",
                    "",
                    ",'edits':[{'insert':{'id':'z','date':'2030-02-19','caused_by':^'a',SAY}}]",
                ),
                &["Illegal z 2030-02-19 caused_by EffectBeforeCause"],
            ),
            (
                &drawn(
                    "{'id':'a',SAY}",
                    "",
                    ",'edits':[{'insert':{'id':'z','after':{'event':'a','days':1},'caused_by':'a',SAY}}]",
                ),
                &[],
            ),
            (
                &drawn(
                    "{'id':'a',SAY}",
                    "",
                    ",'edits':[{'insert':{'id':'z','after':{'event':'a','days':1},BLUE,'act':'sanctions_eased','measure':^'fuel'}}]",
                ),
                &["Illegal z 2030-02-06 measure Measure"],
            ),
            // What rules cause may begin it at any time.
            (
                &format!(
                    "'rules':[{{'id':'r','when':{{'act':'call'}},'then':{{BLUE,'act':'sanctions_imposed','measure':'fuel'}}}}]{}",
                    later("eased", "'fuel'")
                ),
                &[],
            ),
            (
                &format!(
                    "'rules':[{{'id':'r','when':{{'act':'call'}},'then':{{BLUE,'act':'sanctions_imposed','measure':'fuel'}}}}]{}",
                    later("eased", "^'gas'")
                ),
                &["Illegal z 2030-02-20 measure Measure"],
            ),
            // An option that drops nothing is not to blame for what an edit makes illegal.
            (
                &drawn(&begun, "", ",'edits':[{'drop':{'event':^'held'}}]"),
                &["Dependants held true: thanks"],
            ),
            // What only an option brings comes too late.
            (
                &drawn(
                    &begun,
                    "",
                    &later("eased", "^'fuel'").replace("02-20", "02-04"),
                ),
                &["Illegal z 2030-02-04 measure Measure"],
            ),
            (
                &drawn(
                    &begun,
                    &new("'b'", "imposed", "'fuel'"),
                    &later("eased", "^'fuel'").replace("02-20", "02-04"),
                ),
                &["Illegal z 2030-02-04 measure Measure"],
            ),
            // In time, or on the day, behind it in the order of the file.
            (
                &drawn(
                    &begun,
                    "",
                    &later("eased", "'fuel'").replace("02-20", "02-06"),
                ),
                &[],
            ),
            (
                &drawn(
                    &begun,
                    "",
                    &later("eased", "^'fuel'").replace("02-20", "02-05"),
                ),
                &["Illegal z 2030-02-05 measure Measure"],
            ),
            // What hangs on it is not told.
            (
                &drawn(
                    &begun,
                    "",
                    &format!(
                        "{},{{'insert':{}}}]",
                        later("eased", "^'fuel'")
                            .replace("02-20", "02-04")
                            .trim_end_matches(']'),
                        measure("'y'", "02-21", "eased", "'fuel'"),
                    ),
                ),
                &["Illegal z 2030-02-04 measure Measure"],
            ),
            // An option's event, before that of another node.
            (
                "'chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':0.5,'events':[{'id':'a',BLUE,'act':'sanctions_imposed','measure':'fuel'}]},{'label':'y','probability':0.5}]},{'id':'m','date':'2030-02-04','options':[{'label':'x','probability':1,'events':[{'id':'b',BLUE,'act':'sanctions_eased','measure':^'fuel'}]}]}]",
                &["Illegal b 2030-02-04 measure Measure"],
            ),
            // What is told as too late itself may be meant to come before.
            (
                &format!(
                    "'until':'2030-03-01','edits':[{{'insert':{}}},{{'insert':{}}}]",
                    measure("'a'", "03-05", "imposed", "'fuel'")
                        .replace("'2030-03-05'", "^'2030-03-05'"),
                    measure("'b'", "02-20", "eased", "'fuel'"),
                ),
                &["AfterEnd { day: 2030-03-05, until: 2030-03-01 }"],
            ),
            // Rules may cause it before that.
            (
                &format!(
                    "'rules':[{{'id':'r','when':{{'act':'call'}},'then':{{BLUE,'act':'sanctions_imposed','measure':'fuel'}}}}],{}",
                    drawn(
                        &begun,
                        "",
                        &later("eased", "'fuel'").replace("02-20", "02-04")
                    )
                ),
                &[],
            ),
            // Of two options that have something of that name one makes it legal.
            (
                &drawn(
                    "{'id':'fuel',SAY}",
                    &new("'b'", "imposed", "'fuel'"),
                    ",'edits':[{'insert':{'id':'z','date':'2030-02-20','caused_by':'fuel',SAY}}]",
                ),
                &[],
            ),
            // What takes the options of two nodes is left to the run, and what hangs on it.
            (
                "'edits':[{'insert':{'id':'raised','date':'2030-01-15',SAY,'agenda':[{'item':'gas','to':'in_progress'}]}},{'insert':{'id':'z','date':'2030-02-20',SAY,'agenda':[{'item':'gas','to':'agreed'}]}}],'chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':0.5,'events':[{'id':'a',SAY,'agenda':[{'item':'gas','to':'settled'}]}]},{'label':'y','probability':0.5}]},{'id':'m','date':'2030-02-06','options':[{'label':'x','probability':0.5,'events':[{'id':'b',SAY,'agenda':[{'item':'gas','to':'raised'}]}]},{'label':'y','probability':0.5}]}]",
                &[],
            ),
            (
                "'edits':[{'insert':{'id':'z','date':'2030-02-20','caused_by':'b',SAY}}],'chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':0.5,'events':[{'id':'a',BLUE,'act':'sanctions_imposed','measure':'fuel'}]},{'label':'y','probability':0.5}]},{'id':'m','date':'2030-02-06','options':[{'label':'x','probability':0.5,'events':[{'id':'b',BLUE,'act':'sanctions_eased','measure':'fuel'}]},{'label':'y','probability':0.5}]}]",
                &[],
            ),
            // Two nodes.
            (
                "'chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':0.5,'events':[{'id':'a',BLUE,'act':'sanctions_imposed','measure':'fuel'}]},{'label':'y','probability':0.5}]},{'id':'m','date':'2030-02-06','options':[{'label':'x','probability':1,'events':[{'id':'b',BLUE,'act':'sanctions_eased','measure':'fuel'}]}]}]",
                &[],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':0.5,'events':[{'id':'a',BLUE,'act':'sanctions_imposed','measure':'fuel'}]},{'label':'y','probability':0.5}]},{'id':'m','date':'2030-02-06','options':[{'label':'x','probability':1,'events':[{'id':'b',BLUE,'act':'sanctions_eased','measure':^'gas'}]}]}]",
                &["Illegal b 2030-02-06 measure Measure"],
            ),
        ],
    );
}

#[test]
fn what_is_asked_has_a_name_of_its_own_and_is_of_what_there_is() {
    let asked = |when: &str| format!("'outcomes':[{{'id':'o','when':{when}}}]");
    let rule = |when: &str| {
        format!("'rules':[{{'id':'r','when':{{'act':'call'}},'if':{when},'then':{{SAY}}}}]")
    };
    let of = |id: &str| format!("{{'measure':{{'id':{id},'status':'in_force'}}}}");
    let unknown = "UnknownName { what: 'measure', found: 'tarifs', near: Some('tariffs') }";
    let wrong = "{'insert':{'id':'a','date':'2030-02-01','source':['XGR'],'target':['XBL'],'act':'sanctions_imposed','measure':'fuel',^'minutes':1}}";
    let foreign = "ForeignField { field: 'minutes', act: SanctionsImposed, belongs_to: [Call, MeetingHeld, Visit] }";
    finds(
        &base(),
        &[
            (&asked(&of("'tariffs'")), &[]),
            (&asked(&of("^'tarifs'")), &[unknown]),
            (&rule(&of("'tariffs'")), &[]),
            (&rule(&of("^'tarifs'")), &[unknown]),
            (
                &asked(&format!(
                    "{{'all':[{},{{'any':[{{'not':{}}}]}}]}}",
                    of("'tariffs'"),
                    of("^'tarifs'")
                )),
                &[unknown],
            ),
            (&asked("{'temperature':{'dyad':'XBL-XRL','above':-1}}"), &[]),
            (
                &asked("{'temperature':{'dyad':^'XBL-XGR','above':-1}}"),
                &["UnknownDyad { dyad: 'XBL-XGR', known: ['XBL-XRL'] }"],
            ),
            (
                "'outcomes':[{'id':'o','when':{'since':'2030-02-01'},'by':'2030-02-02'},{'id':'p','when':{'by':'2030-03-01'}},{'id':^'o','when':{'since':'2030-02-01'}}]",
                &["Twice { field: 'outcomes', value: 'o' }"],
            ),
            // How the ids of reactions begin is no name, unless something has it.
            (
                &format!(
                    "'rules':[{{'id':'r','when':{{'act':'call'}},'then':{{BLUE,'act':'sanctions_imposed'}}}}],{}",
                    asked(&of("^'r@'"))
                ),
                &["UnknownName { what: 'measure', found: 'r@', near: None }"],
            ),
            (
                &format!(
                    "'edits':[{{'insert':{{'id':'r@','date':'2030-02-01',BLUE,'act':'sanctions_imposed'}}}}],'rules':[{{'id':'r','when':{{'act':'call'}},'then':{{BLUE,'act':'sanctions_imposed'}}}}],{}",
                    asked(&of("'r@'"))
                ),
                &[],
            ),
            // What does not happen is known all the same; what is wrong is not told again.
            (
                &format!(
                    "'fork':{{'before':'tariffs'}},'edits':[{{'drop':{{'event':'tariffs','cascade':true}}}}],{}",
                    asked(&of("'tariffs'"))
                ),
                &[],
            ),
            (
                &format!("'edits':[{wrong}],{}", asked(&of("'fuel'"))),
                &[foreign],
            ),
            (
                &format!(
                    "'edits':[{}],{}",
                    wrong
                        .replace(
                            "'insert':{'id':'a','date':'2030-02-01'",
                            "'replace':{'event':'thanks','with':{'title':'x'"
                        )
                        .replace("^'minutes':1}", "^'minutes':1}}"),
                    asked(&of("'fuel'"))
                ),
                &[foreign],
            ),
            (
                &format!(
                    "'edits':[{wrong}],'rules':[{{'id':'r','when':{{'act':'call'}},'then':{{BLUE,'act':'readout','of':'a'}}}}]"
                ),
                &[foreign],
            ),
            (
                &format!(
                    "'edits':[{wrong}],{}",
                    asked("{'temperature':{'dyad':'XBL-XGR','above':-1}}")
                ),
                &[foreign],
            ),
            (
                &format!("'edits':[{wrong}],{}", asked(&of("^'fule'"))),
                &[
                    foreign,
                    "UnknownName { what: 'measure', found: 'fule', near: None }",
                ],
            ),
            (
                &format!(
                    "'edits':[{wrong}],{}",
                    asked("{'temperature':{'dyad':^'XGR-XRL','above':-1}}")
                ),
                &[
                    foreign,
                    "UnknownDyad { dyad: 'XGR-XRL', known: ['XBL-XRL'] }",
                ],
            ),
        ],
    );
    let mistakes = many(FAULT_LIMIT + 5, |place| {
        format!("{{'drop':{{'event':'none-{place}'}}}}")
    });
    let error = checked(&text(&format!("'edits':[{mistakes}]")), base()).unwrap_err();
    assert_eq!((error.faults().len(), error.untold()), (FAULT_LIMIT, 5));
    // Of very many mistakes only the first found have a near miss, wherever they stand.
    for (number, near) in [(2 * FAULT_LIMIT - 1, true), (2 * FAULT_LIMIT, false)] {
        let mistakes = many(number, |place| {
            format!("{{'drop':{{'event':'none-{place}'}}}}")
        });
        let body = format!("{},'edits':[{mistakes}]", asked(&of("'tarifs'")));
        let error = checked(&text(&body), base()).unwrap_err();
        let (_, first) = told(&error).swap_remove(0);
        let known = if near { "Some('tariffs')" } else { "None" };
        let what = "UnknownName { what: 'measure', found: 'tarifs'";
        assert_eq!(first, format!("{what}, near: {known} }}"));
    }
    // The same one is shown three times, and of all others it is said where they are.
    let mistakes = many(FAULT_LIMIT + 5, |place| {
        format!("\n{{'insert':{{'id':'e{place}','date':'2030-01-01',SAY}}}}")
    });
    let error = checked(&text(&format!("'edits':[{mistakes}]")), base()).unwrap_err();
    assert_eq!((error.faults().len(), error.untold()), (3, 0));
    let also = error.faults()[2].place.also.places();
    assert_eq!(also, FAULT_LIMIT + 5 - 3);
    // Of an object its first character is shown.
    let error = checked(&text("'edits':[{'insert':{'id':'a',SAY}}]"), base()).unwrap_err();
    assert_eq!(
        error.faults()[0].place.excerpt.as_ref().unwrap().span.len(),
        1
    );
}

#[test]
fn what_can_never_hold_or_always_does_is_doubtful() {
    let asked =
        |when: &str| format!("'until':'2030-02-20','outcomes':[{{'id':'o','when':{when}}}]");
    let by = |when: &str| {
        format!("'until':'2030-02-20','outcomes':[{{'id':'o','when':{when},'by':'2030-02-10'}}]")
    };
    let rule = |when: &str| {
        format!(
            "'until':'2030-02-20','rules':[{{'id':'r','when':{{'act':'call'}},'if':{when},'then':{{SAY}}}}]"
        )
    };
    let warm = |bounds: &str| asked(&format!("{{'temperature':{{'dyad':'XBL-XRL',{bounds}}}}}"));
    let [least, greatest] = Model::default().reading().range();
    let beyond = |degrees: f64, is_above: bool, is_every: bool| {
        format!(
            "BeyondScale {{ degrees: {degrees:?}, is_above: {is_above}, is_every: {is_every}, is_denied: false, least: {least:?}, greatest: {greatest:?} }}"
        )
    };
    let days = |day: &str, is_since: bool, is_every: bool, [first, last]: [&str; 2]| {
        format!(
            "OtherDays {{ day: 2030-{day}, is_since: {is_since}, is_every: {is_every}, first: 2030-{first}, last: 2030-{last} }}"
        )
    };
    let [end, span, all] = [["02-20", "02-20"], ["01-10", "02-10"], ["01-10", "02-20"]];
    let held = |who: &str| {
        format!("{{'measure':^{{'id':'tariffs','status':'in_force'{who}}}}}").replace(
            if who.contains("XGR") || who.contains("XRL','target':'XBL") {
                ""
            } else {
                "^"
            },
            "",
        )
    };
    let never = |source: &str, target: &str| {
        format!(
            "NeverHeld {{ measure: 'tariffs', source: {source}, target: {target}, is_denied: false, held: [(XBL, XRL)] }}"
        )
    };
    doubts(
        &base(),
        &[
            (
                &warm(&format!("'above':^{greatest}")),
                &[&beyond(greatest, true, false)],
            ),
            (&warm(&format!("'above':{}", greatest - 0.001)), &[]),
            (&warm(&format!("'above':{least}")), &[]),
            (
                &warm(&format!("'above':^{}", least - 0.001)),
                &[&beyond(least - 0.001, true, true)],
            ),
            (
                &warm(&format!("'below':^{least}")),
                &[&beyond(least, false, false)],
            ),
            (&warm(&format!("'below':{}", least + 0.001)), &[]),
            (&warm(&format!("'below':{greatest}")), &[]),
            (
                &warm(&format!("'below':^{}", greatest + 0.001)),
                &[&beyond(greatest + 0.001, false, true)],
            ),
            (&warm("'above':1,'below':1.001"), &[]),
            (
                &asked("{'temperature':^{'dyad':'XBL-XRL','above':1,'below':1}}"),
                &["NothingBetween { above: 1.0, below: 1.0, is_denied: false }"],
            ),
            (
                &asked("{'temperature':^{'dyad':'XBL-XRL','above':2,'below':1}}"),
                &["NothingBetween { above: 2.0, below: 1.0, is_denied: false }"],
            ),
            // Without a deadline it is asked at the end alone.
            (&asked("{'since':'2030-02-20'}"), &[]),
            (
                &asked("{'since':^'2030-02-21'}"),
                &[&days("02-21", true, false, end)],
            ),
            (&asked("{'by':'2030-02-20'}"), &[]),
            (
                &asked("{'by':^'2030-02-19'}"),
                &[&days("02-19", false, false, end)],
            ),
            (&by("{'since':'2030-02-10'}"), &[]),
            (
                &by("{'since':^'2030-02-11'}"),
                &[&days("02-11", true, false, span)],
            ),
            (&by("{'by':'2030-01-10'}"), &[]),
            (
                &by("{'by':^'2030-01-09'}"),
                &[&days("01-09", false, false, span)],
            ),
            (&by("{'not':{'since':'2030-01-11'}}"), &[]),
            (
                &by("{'not':{'since':^'2030-01-10'}}"),
                &[&days("01-10", true, true, span)],
            ),
            (&by("{'not':{'by':'2030-02-09'}}"), &[]),
            (
                &by("{'not':{'by':^'2030-02-10'}}"),
                &[&days("02-10", false, true, span)],
            ),
            (&by("{'not':{'since':'2030-02-11'}}"), &[]),
            (
                &by("{'not':{'not':{'since':^'2030-02-11'}}}"),
                &[&days("02-11", true, false, span)],
            ),
            (
                &by(
                    "{'all':[{'since':'2030-01-20'},{'any':[{'by':'2030-02-01'},{'by':^'2030-01-01'}]}]}",
                ),
                &[&days("01-01", false, false, span)],
            ),
            (&rule("{'since':'2030-02-20'}"), &[]),
            (
                &rule("{'since':^'2030-02-21'}"),
                &[&days("02-21", true, false, all)],
            ),
            // Who held it.
            (&asked(&held("")), &[]),
            (&asked(&held(",'source':'XBL'")), &[]),
            (&asked(&held(",'source':'XBL','target':'XRL'")), &[]),
            (
                &asked("{'measure':^{'id':'tariffs','status':'in_force','source':'XRL'}}"),
                &[&never("Some(XRL)", "None")],
            ),
            (
                &asked("{'measure':^{'id':'tariffs','status':'in_force','target':'XBL'}}"),
                &[&never("None", "Some(XBL)")],
            ),
            (
                &asked(
                    "{'measure':^{'id':'tariffs','status':'in_force','source':'XBL','target':'XBL'}}",
                ),
                &[&never("Some(XBL)", "Some(XBL)")],
            ),
        ],
    );
    // Of very many doubts only the first found are told with who held it, wherever they stand.
    for (number, held) in [(FAULT_LIMIT - 1, "[(XBL, XRL)]"), (FAULT_LIMIT, "[]")] {
        let outcomes = many(number, |place| {
            format!("{{'id':'o{place}','when':{{'since':'2030-02-21'}}}}")
        });
        let condition = "{'measure':{'id':'tariffs','status':'in_force','source':'XRL'}}";
        let body = format!("{},'outcomes':[{outcomes}]", rule(condition));
        let doubts = checked(&text(&body), base()).unwrap().doubts.unwrap();
        let (_, first) = told(&doubts).swap_remove(0);
        assert!(first.starts_with("NeverHeld "), "{first}");
        assert!(first.ends_with(&format!(", held: {held} }}")), "{first}");
    }
}

#[test]
fn a_rule_that_reacts_behind_the_end_alone_is_doubtful() {
    let rules = |rules: &[(&str, &str, &str, &str)], rest: &str| {
        let rules = rules.iter().map(|(id, when, rest, then)| {
            let then = if then.is_empty() {
                "RED,'act':'offer'"
            } else {
                then
            };
            format!("{{'id':'{id}','when':{{'act':'{when}'}}{rest},'then':{{{then}}}}}")
        });
        format!("{rest}'rules':[{}]", rules.collect::<Vec<_>>().join(","))
    };
    let one = |when: &str, delay: &str, rest: &str| rules(&[("r", when, delay, "")], rest);
    let late = |rule: &str, trigger: &str, start: &str, delay_days: u32, day: &str| {
        format!(
            "ReactsTooLate {{ rule: '{rule}', trigger: {trigger}, start: 2030-{start}, delay_days: {delay_days}, day: 2030-{day}, until: 2030-03-01 }}"
        )
    };
    let until = "'until':'2030-03-01',";
    let held = |delay_days, day| late("r", "Some(('held', false))", "02-10", delay_days, day);
    let (attack, met) = ("BLUE,'act':'attack'", "meeting_held");
    doubts(
        &base(),
        &[
            (&one(met, ",'delay_days':19", until), &[]),
            (&one(met, ",'delay_days':^20", until), &[&held(20, "03-02")]),
            (&one(met, ",'delay_days':{'from':19,'to':90}", until), &[]),
            (
                &one(met, ",'delay_days':{'from':^20,'to':90}", until),
                &[&held(20, "03-02")],
            ),
            // Without an end of its own a scenario ends with its last event.
            (&one(met, ",'delay_days':19", ""), &[]),
            (&one(met, ",'delay_days':^20", ""), &[&held(20, "03-02")]),
            // What has no delay comes with what triggers it, if that comes.
            (&one(met, "", "'until':'2030-02-01',"), &[]),
            (&one(met, ",'delay_days':0", "'until':'2030-02-01',"), &[]),
            // The first of several triggers; of those before the fork none.
            (&one("statement", ",'delay_days':18", until), &[]),
            (
                &one("statement", ",'delay_days':^19", until),
                &[&late("r", "Some(('thanks', false))", "02-11", 19, "03-02")],
            ),
            (
                &one(
                    "statement",
                    ",'delay_days':19",
                    &format!("{until}'edits':[{{'insert':{{'id':'e','date':'2030-02-10',SAY}}}}],"),
                ),
                &[],
            ),
            (
                &one(
                    "statement",
                    ",'delay_days':^19,'except':['e']",
                    &format!("{until}'edits':[{{'insert':{{'id':'e','date':'2030-02-10',SAY}}}}],"),
                ),
                &[&late("r", "Some(('thanks', false))", "02-11", 19, "03-02")],
            ),
            (
                &one(
                    "statement",
                    ",'delay_days':19",
                    &format!(
                        "{until}'chance':[{{'id':'n','date':'2030-02-10','options':[{{'label':'x','probability':1,'events':[{{'id':'e',SAY}}]}}]}}],"
                    ),
                ),
                &[],
            ),
            (
                &one(
                    met,
                    ",'delay_days':^1",
                    &format!(
                        "{until}'edits':[{{'shift':{{'event':'held','days':19}}}},{{'drop':{{'event':'thanks'}}}}],"
                    ),
                ),
                &[&late("r", "Some(('held', false))", "03-01", 1, "03-02")],
            ),
            // One that nothing triggers in time may wait for what is played by hand, where the
            // scenario is so long.
            (&one("attack", ",'delay_days':49", until), &[]),
            (
                &one("attack", ",'delay_days':^50", until),
                &[&late("r", "None", "01-11", 50, "03-02")],
            ),
            (&one("attack", ",'delay_days':50", ""), &[]),
            (
                &one(
                    met,
                    ",'delay_days':^50",
                    &format!("{until}'edits':[{{'drop':{{'event':'held','cascade':true}}}}],"),
                ),
                &[&late("r", "None", "01-11", 50, "03-02")],
            ),
            // What one rule causes triggers another.
            (
                &rules(
                    &[
                        ("q", met, ",'delay_days':4", attack),
                        ("r", "attack", ",'delay_days':15", ""),
                    ],
                    until,
                ),
                &[],
            ),
            (
                &rules(
                    &[
                        ("q", met, ",'delay_days':4", attack),
                        ("r", "attack", ",'delay_days':^16", ""),
                    ],
                    until,
                ),
                &[&late("r", "Some(('q', true))", "02-14", 16, "03-02")],
            ),
            (
                &rules(
                    &[
                        ("r", "attack", ",'delay_days':^16", ""),
                        ("q", met, ",'delay_days':4", attack),
                    ],
                    until,
                ),
                &[&late("r", "Some(('q', true))", "02-14", 16, "03-02")],
            ),
            (
                &rules(
                    &[
                        ("r", "statement", ",'delay_days':19", ""),
                        ("q", "call", ",'delay_days':3", "SAY"),
                    ],
                    until,
                ),
                &[],
            ),
            // What would come too late triggers nothing.
            (
                &rules(
                    &[
                        ("q", met, ",'delay_days':^20", attack),
                        ("r", "attack", ",'delay_days':30", ""),
                    ],
                    until,
                ),
                &[&late("q", "Some(('held', false))", "02-10", 20, "03-02")],
            ),
            // One that may trigger itself, for want of an end, ends.
            (
                &rules(
                    &[(
                        "r",
                        "call",
                        ",'delay_days':3,'at_most':9",
                        "BOTH,'act':'call'",
                    )],
                    until,
                ),
                &[],
            ),
        ],
    );
    // A rule of the base may have been triggered before the fork, and react right behind it.
    let of_base = |delay: &str| rules(&[("q", "sanctions_imposed", delay, attack)], until);
    let on = |delay_days: u32| {
        let fork = "'fork':{'date':'2030-02-20'},";
        rules(
            &[("r", "attack", &format!(",'delay_days':^{delay_days}"), "")],
            &[until, fork].concat(),
        )
    };
    let base = base_of(&[&of_base("").replace("'until'", "'fork':{'date':'2030-01-05'},'until'")]);
    doubts(&base, &[(&on(8).replace('^', ""), &[])]);
    doubts(
        &base,
        &[(&on(9), &[&late("r", "None", "02-21", 9, "03-02")])],
    );
}

#[test]
fn parts_of_a_condition_that_exclude_each_other_are_doubtful() {
    let asked =
        |when: &str| format!("'until':'2030-03-01','outcomes':[{{'id':'o','when':{when}}}]");
    let rule = |when: &str| {
        format!("'rules':[{{'id':'r','when':{{'act':'call'}},'if':{when},'then':{{SAY}}}}]")
    };
    let warm = |bounds: &str| format!("{{'temperature':{{'dyad':'XBL-XRL',{bounds}}}}}");
    let told = |other: &str, at: &str, are_denied: [bool; 2], [is_all, is_denied]: [bool; 2]| {
        let (line, column) = at.split_once(':').unwrap();
        let other = written_out(other).replace('"', "\\'");
        format!(
            "Contradiction {{ other: '{other}', line: {line}, column: {column}, are_denied: {are_denied:?}, is_all: {is_all}, is_denied: {is_denied} }}"
        )
    };
    let [cold, hot, mild] = [warm("'below':2"), warm("'above':3"), warm("'above':1")];
    let all = [true, false];
    doubts(
        &base(),
        &[
            (&asked(&format!("{{'all':[{cold},{mild}]}}")), &[]),
            (&asked(&format!("{{'any':[{cold},{hot}]}}")), &[]),
            (
                &asked(&format!("{{'all':[{cold},\n^{hot}]}}")),
                &[&told(&cold, "2:59", [false; 2], all)],
            ),
            (
                &rule(&format!("{{'all':[{cold},\n^{hot}]}}")),
                &[&told(&cold, "2:55", [false; 2], all)],
            ),
            (
                &asked(&format!("{{'any':[{cold},\n^{mild}]}}")),
                &[&told(&cold, "2:59", [false; 2], [false, false])],
            ),
            (
                &asked(&format!("{{'not':{{'all':[{cold},\n^{hot}]}}}}")),
                &[&told(&cold, "2:66", [false; 2], [true, true])],
            ),
            (
                &asked(&format!("{{'not':{{'any':[{cold},\n^{mild}]}}}}")),
                &[&told(&cold, "2:66", [false; 2], [false, true])],
            ),
            // Once, however deep they stand: in what is all, too, or in none of any.
            (
                &asked(&format!(
                    "{{'all':[{{'all':[{cold},{mild}]}},\n{{'all':[^{hot}]}}]}}"
                )),
                &[&told(&cold, "2:67", [false; 2], all)],
            ),
            (
                &asked(&format!("{{'all':[{{'all':[{cold},\n^{hot}]}},{hot}]}}")),
                &[&told(&cold, "2:67", [false; 2], all)],
            ),
            (
                &asked(&format!(
                    "{{'all':[{{'not':{{'any':[{cold}]}}}},\n^{}]}}",
                    warm("'below':1")
                )),
                &[&told(&cold, "2:74", [false, true], all)],
            ),
            (
                &asked(&format!("{{'all':[{cold},\n{{'not':^{cold}}}]}}")),
                &[&told(&cold, "2:59", [true, false], all)],
            ),
            // Of which of several one thing is asked nobody can say.
            (
                &asked(&format!("{{'all':[{cold},{{'any':[{hot},{mild}]}}]}}")),
                &[],
            ),
            (
                &asked(&format!(
                    "{{'all':[{cold},{{'not':{{'all':[{cold},{mild}]}}}}]}}"
                )),
                &[],
            ),
            // What is doubtful by itself is told so.
            (
                &asked(&format!(
                    "{{'all':[{cold},{{'temperature':{{'dyad':'XBL-XRL','above':^25}}}}]}}"
                )),
                &[
                    "BeyondScale { degrees: 25.0, is_above: true, is_every: false, is_denied: false, least: -10.0, greatest: 10.0 }",
                ],
            ),
        ],
    );
}

#[test]
fn an_actor_that_counts_for_nothing_is_doubtful_wherever_an_event_stands() {
    let idle = |field: &str| format!("CountsForNothing {{ actor: XBL, field: '{field}' }}");
    let [target, audience, adverse] = ["target", "audience", "adverse"].map(idle);
    let says = |source: &str, rest: &str| format!("'source':[{source}],'act':'statement'{rest}");
    let told: &[(String, &[&str])] = &[
        (says("'XBL'", ",'target':[^'XBL']"), &[&target]),
        (says("'XBL','XRL'", ",'target':['XBL']"), &[]),
        (says("'XBL','XRL'", ",'target':['XBL','XRL']"), &[]),
        (says("'XBL'", ""), &[]),
        (
            says("'XBL'", ",'target':['XRL'],'audience':['XGR',^'XBL']"),
            &[&audience],
        ),
        (
            says("'XBL'", ",'target':['XRL'],'adverse':[^'XBL']"),
            &[&adverse],
        ),
        ("BOTH,'act':'call'".to_owned(), &[]),
    ];
    let places = [
        "'edits':[{'insert':{'id':'e','date':'2030-02-20',EVENT}}]",
        "'edits':[{'replace':{'event':'thanks','with':{EVENT}}}]",
        "'chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':1,'events':[{'id':'e',EVENT}]}]}]",
        "'rules':[{'id':'r','when':{'act':'meeting_held'},'then':{EVENT}}]",
    ];
    for place in places {
        for (event, expected) in told {
            // The base does not have it.
            let names = if event.contains("XGR") {
                ",'names':{'XGR':'Green'}"
            } else {
                ""
            };
            let body = format!("{}{names}", place.replace("EVENT", event));
            doubts(&base(), &[(&body, *expected)]);
        }
    }
    // An act that is done to somebody is refused, as in a log.
    for place in places {
        let event = "'source':['XBL'],'target':^['XBL'],'act':'attack'";
        finds(
            &base(),
            &[(
                &place.replace("EVENT", event),
                &["Itself { act: Attack, actor: 'XBL' }"],
            )],
        );
    }
}

#[test]
fn an_actor_that_nothing_tells_of_is_doubtful_where_it_is_named_first() {
    let event =
        |rest: &str| format!("'edits':[{{'insert':{{'id':'a','date':'2030-02-01',{rest}}}}}]");
    let new = |actor: &str, name: &str| {
        format!("NewActor {{ actor: {actor}, name: {name}, near: None }}")
    };
    let never = |source: &str, target: &str| {
        format!(
            "NeverHeld {{ measure: 'tariffs', source: {source}, target: {target}, is_denied: false, held: [(XBL, XRL)] }}"
        )
    };
    doubts(
        &base(),
        &[
            (&event("SAY"), &[]),
            (
                &event("'source':['XBL'],'target':[^'XGR'],'act':'statement'"),
                &[&new("XGR", "None")],
            ),
            (
                &event("'source':['XBL'],'target':['FRA'],'act':'statement'"),
                &[],
            ),
            (
                &format!(
                    "'names':{{'XGR':'Greenland'}},{}",
                    event("'source':['XBL'],'target':['XGR'],'act':'statement'")
                ),
                &[],
            ),
            (
                &event("SAY,'according_to':^'FRA'"),
                &[&new("FRA", "Some('France')")],
            ),
            (
                "'edits':[{'replace':{'event':'thanks','with':{'source':['XBL'],'target':[^'XGR'],'act':'statement'}}},{'insert':{'id':'a','date':'2030-02-01','source':['XBL'],'target':['XGR'],'act':'statement'}}]",
                &[&new("XGR", "None")],
            ),
            (
                "'chance':[{'id':'n','date':'2030-02-05','options':[{'label':'x','probability':1,'events':[{'id':'a','source':['XBL'],'target':[^'XGR'],'act':'statement'}]}]}]",
                &[&new("XGR", "None")],
            ),
            (
                "'rules':[{'id':'r','when':{'act':'call','source':^'FRA'},'then':{SAY}}]",
                &[&new("FRA", "Some('France')")],
            ),
            (
                "'rules':[{'id':'r','when':{'act':'call','target':^'FRA'},'then':{SAY}}]",
                &[&new("FRA", "Some('France')")],
            ),
            (
                "'rules':[{'id':'r','when':{'act':'call','target':'XRL'},'then':{'source':['XBL'],'target':[^'XGR'],'act':'statement'}}]",
                &[&new("XGR", "None")],
            ),
            // Of whom something is asked.
            (
                "'outcomes':[{'id':'o','when':{'measure':^{'id':'tariffs','status':'in_force','source':^'FRA'}}}]",
                &[&never("Some(FRA)", "None"), &new("FRA", "Some('France')")],
            ),
            (
                "'outcomes':[{'id':'o','when':{'all':[{'not':{'any':[{'measure':^{'id':'tariffs','status':'in_force','target':^'FRA'}}]}}]}}]",
                &[
                    &never("None", "Some(FRA)").replace("denied: false", "denied: true"),
                    &new("FRA", "Some('France')"),
                ],
            ),
            (
                "'rules':[{'id':'r','when':{'act':'call'},'if':{'measure':^{'id':'tariffs','status':'in_force','target':^'FRA'}},'then':{SAY}}]",
                &[&never("None", "Some(FRA)"), &new("FRA", "Some('France')")],
            ),
            (
                "'model':{'baselines':{^'FRA-XBL':1}}",
                &[&new("FRA", "Some('France')")],
            ),
            (
                "'uncertain':{^'baseline:XBL-FRA':{'choice':[1]}}",
                &[&new("FRA", "Some('France')")],
            ),
        ],
    );
    let base = base_of(&[
        "'rules':[{'id':'r','when':{'act':'call'},'then':{'source':['XBL'],'target':['FRA'],'act':'statement'}}]",
    ]);
    doubts(
        &base,
        &[(
            "'rules':[{'id':'s','when':{'act':'call','source':'FRA'},'then':{SAY}}]",
            &[],
        )],
    );
}

#[test]
fn a_scenario_concerns_the_dyads_that_its_changes_and_rules_move() {
    let concerns = |body: &str| {
        let scenario = checked(&text(body), base()).unwrap();
        ["XBL-XRL", "FRA-XBL"].map(|dyad| scenario.concerns(dyad.parse().unwrap()))
    };
    let abroad = "'source':['XBL'],'target':['FRA'],'act':'statement'";
    assert_eq!(concerns(""), [false, false]);
    assert_eq!(concerns("'tail':'cut'"), [true, false]);
    assert_eq!(
        concerns("'edits':[{'drop':{'event':'thanks'}}]"),
        [true, false]
    );
    assert_eq!(
        concerns(&format!(
            "'edits':[{{'insert':{{'id':'a','date':'2030-02-01',{abroad}}}}}]"
        )),
        [false, true]
    );
    assert_eq!(
        concerns(&format!(
            "'rules':[{{'id':'r','when':{{'act':'call'}},'then':{{{abroad}}}}}]"
        )),
        [false, true]
    );
}
