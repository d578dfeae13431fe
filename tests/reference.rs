//! The reference chapters of the guide name everything that the program takes: every field, act,
//! status and parameter of its schemas, and every command. The numbers in their tables are those
//! that the program has.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::model::{Code, Weights};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

fn chapter(name: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide");
    fs::read_to_string(guide.join(name)).unwrap()
}

/// What a chapter shows as code, taken apart into names.
fn names_in(name: &str) -> BTreeSet<String> {
    let text = chapter(name);
    let (mut names, mut in_block) = (BTreeSet::new(), false);
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Text(code) if in_block => names.extend(names_of(&code)),
            Event::Code(code) => names.extend(names_of(&code)),
            _ => {}
        }
    }
    names
}

fn names_of(code: &str) -> impl Iterator<Item = String> {
    let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || "_-$".contains(letter);
    code.split(move |letter| !is_of_a_name(letter))
        .map(str::to_owned)
}

/// Every field and every word that a schema allows.
fn named_by(schema: &Value, named: &mut BTreeSet<String>) {
    match schema {
        Value::Object(parts) => {
            if let Some(Value::Object(fields)) = parts.get("properties") {
                named.extend(fields.keys().cloned());
            }
            named.extend(
                parts
                    .get("const")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            parts.values().for_each(|part| named_by(part, named));
        }
        Value::Array(parts) => parts.iter().for_each(|part| named_by(part, named)),
        _ => {}
    }
}

fn printed(arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .output()
        .unwrap();
    String::from_utf8(run.stdout).unwrap()
}

#[track_caller]
fn check(expected: &BTreeSet<String>, chapters: &[&str]) {
    let names: BTreeSet<_> = chapters.iter().flat_map(|it| names_in(it)).collect();
    let missing: Vec<_> = expected.difference(&names).collect();
    assert!(
        missing.is_empty(),
        "{} should name {missing:?}",
        chapters.join(" or ")
    );
}

#[track_caller]
fn check_schema(of: &str, chapters: &[&str]) {
    let mut named = BTreeSet::new();
    let schema = serde_json::from_str(&printed(&["schema", of])).unwrap();
    named_by(&schema, &mut named);
    assert!(named.len() > 10, "{named:?}");
    check(&named, chapters);
}

#[test]
fn every_field_and_word_of_an_event_is_in_the_reference() {
    check_schema("event", &["acts.md", "log.md"]);
}

#[test]
fn every_parameter_and_preset_is_in_the_chapter_on_the_model() {
    check_schema("model", &["model.md"]);
}

#[test]
fn every_key_and_word_of_a_scenario_is_in_the_reference() {
    let chapters = ["scenario-file.md", "acts.md", "log.md", "model.md"];
    check_schema("scenario", &chapters);
}

#[test]
fn every_command_is_in_the_chapter_on_the_command_line() {
    let help = printed(&["--help"]);
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    // Lines that go on with a description stand further to the right.
    let named: BTreeSet<_> = lines
        .filter_map(|line| {
            line.strip_prefix("  ")
                .filter(|line| !line.starts_with(' '))
        })
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .filter(|command| command != "help")
        .collect();
    assert!(named.len() > 10, "{named:?}");
    check(&named, &["command-line.md"]);
}

/// The cells of a row of a table.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim_matches('|').split('|');
    row.map(|cell| cell.trim().trim_matches('`')).collect()
}

/// A value of a model as the table of the chapter has it: `180`, `none`, `true`.
fn as_in_a_table(value: &Value) -> String {
    match (value.as_f64(), value.as_str()) {
        (Some(number), _) => number.to_string(),
        (_, Some(word)) => word.to_owned(),
        _ => value.to_string(),
    }
}

#[test]
fn the_table_of_parameters_has_the_values_of_each_preset() {
    let text = chapter("model.md");
    let mut rows = text
        .lines()
        .skip_while(|line| !line.starts_with("| parameter |"))
        .take_while(|line| line.starts_with('|'));
    let header = cells(rows.next().unwrap());
    let presets = &header[1..header.len() - 1];
    assert!(presets.contains(&"detente"), "{presets:?}");
    let rows: Vec<_> = rows.skip(1).map(cells).collect();
    for (column, preset) in (1..).zip(presets) {
        let replay = [
            "replay",
            "--model",
            preset,
            "--state-only",
            "--format",
            "json",
        ];
        let printed: Value = serde_json::from_str(&printed(&replay)).unwrap();
        for (parameter, value) in printed["model"].as_object().unwrap() {
            if parameter == "preset" {
                continue;
            }
            let row = rows
                .iter()
                .find(|row| row[0].split('`').next() == Some(parameter));
            let row = row.unwrap_or_else(|| panic!("the table has no {parameter}"));
            assert_eq!(row[column], as_in_a_table(value), "{parameter} of {preset}");
        }
    }
}

#[test]
fn the_weights_beside_the_codes_of_acts_are_those_of_the_table_of_codes() {
    let text = chapter("acts.md");
    let words: Vec<_> = text.split([' ', ',', ';', '\n']).collect();
    let mut checked = 0;
    for pair in words.windows(2) {
        let weight = pair[1]
            .strip_prefix('(')
            .and_then(|it| it.strip_suffix(')'));
        if let (Ok(code), Some(Ok(weight))) =
            (pair[0].parse::<Code>(), weight.map(str::parse::<f64>))
        {
            assert_eq!(code.weight(Weights::Gdelt), weight, "{}", pair[0]);
            checked += 1;
        }
    }
    assert!(checked > 15, "only {checked} codes were found");
}
