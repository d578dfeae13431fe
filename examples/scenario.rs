//! A scenario made in code: an event of the recorded history does not happen, another one does.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use detente::error::Result;
use detente::history::{Draft, RECORDED};
use detente::model::{Act, Tone};
use detente::scenario::{
    Base, Comparison, Condition, Drop, Edit, Fork, Luck, Outcome, Scenario, ScenarioFile,
    TemperatureIs, Track,
};
use std::error::Error;

/// The call of 28 January 2017 does not take place; the day after, a cool statement is made.
fn without_the_call(until: &str) -> Result<Scenario, Box<dyn Error>> {
    let (russia, states) = ("RUS".parse()?, "USA".parse()?);
    let statement = Draft {
        id: Some("cool-words".to_owned()),
        date: Some("2017-01-29".parse()?),
        source: vec![states],
        target: vec![russia],
        act: Some(Act::Statement),
        tone: Some(Tone::Pessimistic),
        ..Draft::default()
    };
    let fork = Fork::Before("us-ru-call".to_owned());
    let mut file = ScenarioFile::new("No call, and cool words", "recorded", fork);
    file.until = Some(until.parse()?);
    file.edits = vec![
        Edit::Drop(Drop {
            event: "us-ru-call".to_owned(),
            cascade: true,
        }),
        Edit::Insert(Box::new(statement)),
    ];
    file.outcomes = vec![Outcome {
        id: "colder".to_owned(),
        when: Condition::Temperature(TemperatureIs {
            dyad: "RUS-USA".parse()?,
            above: None,
            below: Some(-1.0),
        }),
        by: None,
    }];
    let base = Base::read(RECORDED, "recorded")?;
    Ok(Scenario::new("no-call-in-code", file, base)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let scenario = without_the_call("2017-12-31")?;
    println!("{}: {} events", scenario.title, scenario.entries.len());
    let luck = Luck { seed: 0, run: 0 };
    let track = Track::of(&scenario, luck)?;
    let recorded = Track::of_log(
        "recorded".to_owned(),
        &scenario.base,
        scenario.model.clone(),
    );
    let comparison = Comparison::new(vec![recorded, track], None);
    println!("{} dyads are compared", comparison.dyads.len());
    Ok(())
}

#[test]
fn what_makes_no_sense_is_told_as_of_a_file() -> Result<(), Box<dyn Error>> {
    let scenario = without_the_call("2017-12-31")?;
    assert!(
        scenario
            .entries
            .iter()
            .any(|entry| entry.record.id() == "cool-words")
    );
    let error = without_the_call("2016-12-31").expect_err("it ends before its fork");
    assert!(
        error.to_string().contains("lies before the fork"),
        "{error}"
    );
    main()
}
