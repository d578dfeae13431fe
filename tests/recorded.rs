//! The recorded history: that it holds the documented facts, in their order, each on somebody's
//! word.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::history::{
    Chain, Draft, RECORDED, Record, Recorded, Register, Scope, Timeline, Until, Writer, read_line,
    read_written, replay, survey,
};
use detente::model::{Act, Model, Phase};

fn records() -> Vec<Record> {
    let lines = RECORDED.split_inclusive(|byte| *byte == b'\n');
    (1..)
        .zip(lines)
        .map(|(number, line)| read_line(line.strip_suffix(b"\n").unwrap(), number).unwrap())
        .collect()
}

fn record(id: &str) -> Record {
    records()
        .into_iter()
        .find(|record| record.id() == id)
        .unwrap()
}

/// The temperature of a dyad right before or after an event, or at the end.
fn temperature(dyad: &str, until: Until) -> f64 {
    let model = Model::default();
    let survey = survey(RECORDED, Scope::default(), |_, _| {}).unwrap();
    let folded = replay(RECORDED, &survey, until, &model, None).unwrap();
    let dyad = folded.world.find_dyad(dyad.parse().unwrap()).unwrap();
    folded.relation(dyad, &model).0.temperature
}

fn day(text: &str) -> Until {
    Until::Day(text.parse().unwrap())
}

#[track_caller]
fn about(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 0.005,
        "{found} is not about {expected}"
    );
}

#[test]
fn the_log_is_what_the_program_writes_from_its_own_events() {
    let drafts: Vec<_> = records()
        .iter()
        .map(|record| Draft {
            seq: None,
            recorded: None,
            chain: None,
            ..record.fields().clone()
        })
        .collect();
    let input = serde_json::to_string_pretty(&drafts).unwrap();
    let written = read_written(input.as_bytes()).unwrap();
    let recorded = Recorded::On("2017-01-29".parse().unwrap());
    let nothing: &[u8] = &[];
    let admitted = Register::empty()
        .admit(nothing, &written, recorded)
        .unwrap();
    let mut writer = Writer::after(Chain::START);
    let mut bytes = Vec::new();
    for record in &admitted.records {
        writer.write(record, &mut bytes).unwrap();
    }
    assert!(
        bytes == RECORDED,
        "the log that ships is not the one that the program writes"
    );
}

#[test]
fn everything_happens_in_the_documented_order() {
    let survey = survey(RECORDED, Scope::default(), |_, _| {}).unwrap();
    let mut timeline = Timeline::new(RECORDED, &survey);
    let mut story = Vec::new();
    while let Some(record) = timeline.advance().unwrap() {
        story.push(format!("{} {}", record.date(), record.id()));
    }
    assert_eq!(
        story,
        [
            "2014-03-18 crimea-annexation",
            "2014-03-20 crimea-sanctions",
            "2017-01-20 trump-inauguration",
            "2017-01-28 us-ru-call",
            "2017-01-28 counter-terrorism-agreed",
            "2017-01-28 us-ru-meeting-planned",
            "2017-01-28 white-house-readout",
            "2017-01-28 kremlin-readout",
            "2017-01-28 us-de-call",
            "2017-01-28 us-fr-call",
            "2017-01-28 us-jp-call",
            "2017-01-28 us-au-call",
        ]
    );
}

#[test]
fn every_event_is_documented_and_none_is_hypothetical() {
    for record in records() {
        let fields = record.fields();
        assert!(!fields.evidence.is_empty(), "{}", record.id());
        assert!(fields.title.is_some(), "{}", record.id());
        assert_eq!(fields.origin, None, "{}", record.id());
        assert!(
            record.date() <= "2017-01-28".parse().unwrap(),
            "{}",
            record.id()
        );
    }
}

#[test]
fn a_date_that_the_report_does_not_give_says_so() {
    for id in [
        "crimea-annexation",
        "crimea-sanctions",
        "trump-inauguration",
    ] {
        let evidence = record(id).fields().evidence.clone();
        let says_so = evidence.iter().any(|evidence| {
            let locator = evidence.locator.as_deref().unwrap_or_default();
            evidence.document == "Public record" && locator.contains("the report gives no date")
        });
        assert!(says_so, "{id}");
    }
}

#[test]
fn what_led_to_what_is_recorded() {
    for (effect, cause) in [
        ("crimea-sanctions", "crimea-annexation"),
        ("counter-terrorism-agreed", "us-ru-call"),
        ("us-ru-meeting-planned", "us-ru-call"),
    ] {
        assert_eq!(record(effect).fields().caused_by.as_deref(), Some(cause));
    }
}

#[test]
fn each_account_stands_on_the_word_of_its_side() {
    let says = |id: &str| {
        let fields = record(id).fields().clone();
        let agenda: Vec<_> = fields.agenda.into_iter().map(|entry| entry.item).collect();
        (
            fields.source[0].to_string(),
            agenda,
            fields.mentions,
            fields.omits,
        )
    };
    let (side, agenda, mentions, omits) = says("white-house-readout");
    assert_eq!(
        (side.as_str(), &agenda[..]),
        ("USA", &["repair-of-relations".to_owned()][..])
    );
    assert!(!mentions.contains(&"syria-coordination".to_owned()));
    assert!(!mentions.contains(&"face-to-face-meeting".to_owned()));
    assert_eq!(omits, ["sanctions"]);
    let (side, agenda, mentions, omits) = says("kremlin-readout");
    assert_eq!(
        (side.as_str(), &agenda[..]),
        ("RUS", &["syria-coordination".to_owned()][..])
    );
    assert!(!mentions.contains(&"repair-of-relations".to_owned()));
    assert_eq!(omits, ["sanctions"]);
    let planned = record("us-ru-meeting-planned");
    assert_eq!(planned.fields().according_to, Some("RUS".parse().unwrap()));
    assert_eq!(planned.fields().scheduled_for, None);
}

#[test]
fn five_leaders_were_called_that_day() {
    let calls = records()
        .into_iter()
        .filter(|record| record.act() == Act::Call);
    assert_eq!(calls.count(), 5);
    assert_eq!(record("us-ru-call").fields().minutes, Some(60));
}

#[test]
fn temperatures_are_those_of_the_formulas() {
    // The annexation: -9.5 * 0.15 * 0.5, read.
    about(temperature("RUS-USA", Until::Seq(1)), -0.71);
    // The sanctions: two days towards -1, then -8 * 0.15.
    about(temperature("RUS-USA", Until::Seq(2)), -1.90);
    // What stands is -1 and -1.5; 0.14 and 0.14 are left of the two impulses.
    about(temperature("RUS-USA", day("2017-01-27")), -2.66);
    // The call, 1 * 0.15; the agreement and the planned meeting, 4 * 0.15 each.
    about(temperature("RUS-USA", Until::End), -1.40);
    about(temperature("RUS-USA", day("2018-01-28")), -2.53);
    about(temperature("EU-RUS", Until::Seq(2)), -1.90);
    about(temperature("EU-RUS", Until::End), -2.66);
    about(temperature("RUS-UKR", Until::End), -3.47);
    for called in ["DEU-USA", "FRA-USA", "JPN-USA", "AUS-USA"] {
        about(temperature(called, Until::End), 0.15);
    }
}

#[test]
fn phases_fit_the_temperatures_and_carry_their_day() {
    let model = Model::default();
    let survey = survey(RECORDED, Scope::default(), |_, _| {}).unwrap();
    let mut passed = Vec::new();
    let mut tell = |told: &detente::history::Told<'_>| {
        for transition in told.transitions {
            if told.world.dyad(transition.step.dyad).to_string() != "RUS-USA" {
                continue;
            }
            for change in &transition.changes {
                if let detente::model::Change::Phase { passage, .. } = change {
                    passed.push((passage.day.to_string(), passage.to, passage.waiting));
                }
            }
        }
        Ok(())
    };
    replay(RECORDED, &survey, Until::End, &model, Some(&mut tell)).unwrap();

    assert_eq!(passed, [("2014-03-18".to_owned(), Phase::Discord, false),]);
}
