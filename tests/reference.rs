//! The reference chapters of the guide name everything that the program takes: every field, act,
//! status and parameter of its schemas, and every column. Tables below a mark are made by the
//! program.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::evidence::{NAMED, Parameters, Settings};
use detente::model::{Code, Model, PARAMETERS, Preset, Weights};
use detente::view::{AXIS, CODEBOOK};
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
fn every_parameter_and_preset_is_in_the_chapter_on_them() {
    check_schema("model", &["parameters.md"]);
}

#[test]
fn every_key_and_word_of_a_scenario_is_in_the_reference() {
    let chapters = [
        "scenario-file.md",
        "acts.md",
        "log.md",
        "parameters.md",
        "model.md",
    ];
    check_schema("scenario", &chapters);
}

/// The cells of a row of a table.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim_matches('|').split('|');
    row.map(|cell| cell.trim().trim_matches('`')).collect()
}

/// Where a table or list begins that the program makes: what follows, until a blank line, is its.
const MADE: &str = "<!-- made by the program: ";

/// Holds what a chapter has below a mark to what the program makes of what stood there, or writes
/// it anew where `README_UPDATE` asks for it.
#[track_caller]
fn made(name: &str, mark: &str, make: impl Fn(&[&str]) -> Vec<String>) {
    let text = chapter(name);
    let mark = format!("{MADE}{mark} -->\n");
    let (before, rest) = text.split_once(&mark).unwrap();
    let (old, after) = match rest.strip_prefix('\n') {
        Some(after) => ("", after),
        None => rest
            .split_once("\n\n")
            .unwrap_or((rest.trim_end_matches('\n'), "")),
    };
    let old: Vec<_> = old.lines().collect();
    let anew = make(&old);
    if std::env::var_os("README_UPDATE").is_some() {
        let after = if after.is_empty() {
            "\n"
        } else {
            &format!("\n\n{after}")
        };
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("docs/guide")
            .join(name);
        fs::write(file, [before, &mark, &anew.join("\n"), after].concat()).unwrap();
    } else {
        assert_eq!(old, anew, "{name}: README_UPDATE=1 writes it anew");
    }
}

fn row<Cell: AsRef<str>>(cells: impl IntoIterator<Item = Cell>) -> String {
    let cells: Vec<_> = cells
        .into_iter()
        .map(|cell| cell.as_ref().to_owned())
        .collect();
    format!("| {} |", cells.join(" | "))
}

/// A header with the line below it.
fn header(cells: &[&str]) -> Vec<String> {
    vec![row(cells), format!("|{}", "---|".repeat(cells.len()))]
}

/// A number of a model: `180`, or `none` for one that is never reached.
fn number(value: f64) -> String {
    if value.is_finite() {
        value.to_string()
    } else {
        "none".to_owned()
    }
}

#[test]
fn the_parameters_and_their_values_are_those_of_the_program() {
    made("parameters.md", "presets", |_| {
        let presets: Vec<_> = Preset::ALL.map(|it| format!("`{}`", it.name())).into();
        let mut cells = vec!["parameter"];
        cells.extend(presets.iter().map(String::as_str));
        let mut table = header(&cells);
        let models = Preset::ALL.map(Model::new);
        for parameter in PARAMETERS {
            let values = models
                .iter()
                .map(|it| number(it.value(parameter.name).unwrap()));
            table.push(row(
                std::iter::once(format!("`{}`", parameter.name)).chain(values)
            ));
        }
        let bounds = models.iter().map(|it| it.saturation().to_string());
        table.push(row(std::iter::once("`saturation`".to_owned()).chain(bounds)));
        table
    });
    made("parameters.md", "evidence", |_| {
        let preset = serde_json::to_value(Settings::of(&Parameters::default())).unwrap();
        let mut table = header(&["parameter", "what it does", "takes", "`evidence`"]);
        table.extend(NAMED.iter().map(|it| {
            let word = it
                .word
                .map_or(String::new(), |word| format!(", or `{word}`"));
            let takes = format!("{} to {}{word}", it.least, it.greatest);
            let value = preset[it.name]
                .to_string()
                .replace(".0", "")
                .replace('"', "");
            row([&format!("`{}`", it.name), it.meaning, &takes, &value])
        }));
        table
    });
    made("parameters.md", "parameters", |_| {
        let mut table = header(&["parameter", "what it does", "takes", "why the default"]);
        table.extend(PARAMETERS.iter().map(|it| {
            let takes = if it.greatest.is_finite() {
                format!("{} to {}", it.least, it.greatest)
            } else {
                format!("{} and more, `none`", it.least)
            };
            row([&format!("`{}`", it.name), it.meaning, &takes, it.source])
        }));
        table
    });
}

#[test]
fn the_commands_are_those_of_the_help() {
    let help = printed(&["--help"]);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let mut commands: Vec<[String; 2]> = Vec::new();
    for line in list.lines().take_while(|line| !line.is_empty()) {
        let line = line.strip_prefix("  ").unwrap();
        // Lines that go on with a description stand further to the right.
        if let Some((name, about)) = line.split_once(' ').filter(|(name, _)| !name.is_empty()) {
            commands.push([name.to_owned(), about.trim().to_owned()]);
        } else if let Some([_, about]) = commands.last_mut() {
            about.extend([" ", line.trim()]);
        }
    }
    assert!(commands.len() > 20, "{commands:?}");
    made("command-line.md", "commands", |old| {
        let told = |name: &str| {
            let of_it = |line: &&&str| cells(line).first() == Some(&name);
            old.iter()
                .find(of_it)
                .and_then(|line| cells(line).pop())
                .unwrap_or("")
        };
        let mut table = header(&["command", "what it does", "told in"]);
        let commands = commands.iter().filter(|[name, _]| name != "help");
        table.extend(commands.map(|[name, about]| row([&format!("`{name}`"), about, told(name)])));
        table
    });
    let untold = chapter("command-line.md");
    assert!(
        !untold.contains("|  |\n"),
        "a command is told in no chapter"
    );
}

#[test]
fn every_act_stands_in_its_table_with_the_codes_and_fields_that_the_program_has() {
    let acts: Value = serde_json::from_str(&printed(&["acts", "--format", "json"])).unwrap();
    let text = chapter("acts.md");
    let rows: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(cells)
        .collect();
    for act in acts.as_array().unwrap() {
        let of = |field: &str| act[field].as_str().unwrap();
        let name = of("act");
        let row = rows.iter().find(|row| row[0] == name && row.len() == 4);
        let row = row.unwrap_or_else(|| panic!("no table has {name}"));
        for code in of("codes").split_whitespace() {
            assert!(names_of(row[1]).any(|it| it == code), "{name}: {code}");
        }
        let fields: BTreeSet<_> = row[2]
            .split(", ")
            .map(|it| it.replace(['`', '*'], ""))
            .collect();
        let takes = format!("{} {}", of("needs"), of("may_have"));
        let takes: BTreeSet<_> = takes.split_whitespace().map(str::to_owned).collect();
        assert_eq!(
            fields
                .into_iter()
                .filter(|it| !it.is_empty())
                .collect::<BTreeSet<_>>(),
            takes,
            "{name}"
        );
        for needed in of("needs").split_whitespace() {
            assert!(
                row[2].contains(&format!("**`{needed}`**")),
                "{name}: {needed}"
            );
        }
    }
}

/// The kinds of mistakes of a file of the source: what each enumeration and each of its variants
/// is.
fn mistakes(source: &str) -> Vec<(String, Vec<String>)> {
    let mut kinds: Vec<(String, Vec<String>)> = Vec::new();
    let (mut doc, mut is_within) = (String::new(), false);
    for line in source.lines() {
        let at_the_margin = line.strip_prefix("///");
        let of_a_variant = line.strip_prefix("    ///").filter(|_| is_within);
        if let Some(words) = at_the_margin.or(of_a_variant) {
            if !doc.is_empty() {
                doc.push(' ');
            }
            doc.push_str(words.trim());
            continue;
        }
        let starts = |margin: &str| {
            let rest = line.strip_prefix(margin);
            rest.is_some_and(|it| it.starts_with(|first: char| first.is_ascii_uppercase()))
        };
        if line.starts_with("pub enum Bad") {
            kinds.push((std::mem::take(&mut doc), Vec::new()));
            is_within = true;
        } else if is_within && starts("    ") {
            kinds.last_mut().unwrap().1.push(std::mem::take(&mut doc));
        } else if line == "}" {
            is_within = false;
        }
        if !line.trim_start().starts_with("#[") {
            doc.clear();
        }
    }
    kinds
}

#[test]
fn the_mistakes_are_those_that_the_program_knows() {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error/kind")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                &mut folders
            } else {
                &mut files
            }
            .push(path);
        }
    }
    let mut kinds: Vec<_> = files
        .iter()
        .flat_map(|file| mistakes(&fs::read_to_string(file).unwrap()))
        .collect();
    kinds.sort();
    let all: usize = kinds.iter().map(|(_, variants)| variants.len()).sum();
    assert!(kinds.len() > 10 && all > 150, "{} and {all}", kinds.len());
    made("errors.md", "mistakes", |_| {
        let mut table = header(&["of what", "what is wrong"]);
        for (kind, variants) in &kinds {
            for (place, variant) in variants.iter().enumerate() {
                assert!(
                    !variant.is_empty(),
                    "{kind} has a mistake that says nothing of itself"
                );
                table.push(row([if place == 0 { kind } else { "" }, variant]));
            }
        }
        table
    });
}

#[test]
fn every_column_that_a_command_prints_is_in_the_reference() {
    let columns = |arguments: &str| -> BTreeSet<String> {
        let arguments: Vec<_> = arguments.split(' ').chain(["--format", "csv"]).collect();
        let text = printed(&arguments);
        let header = text.lines().next().unwrap_or_default();
        assert!(header.contains(','), "{arguments:?}");
        header.split(',').map(str::to_owned).collect()
    };
    let mut all = BTreeSet::new();
    let outputs = ["outputs.md", "why.md", "forecasts.md", "monthly-index.md"];
    for command in [
        "replay",
        "replay --every month",
        "why",
        "compare recorded scenarios/no-call.json",
        "compare recorded scenarios/no-call.json --models all",
        "ensemble scenarios/summit-by-chance.json --runs 10",
        "sweep scenarios/sanctions-lifted.json --set gain=0.1,0.2",
        "score scenarios/no-call.json --against rus-usa-2017-2018",
        "index scenarios/event-data/georgia-2011.csv",
        "index scenarios/event-data/georgia-2011.csv --model goldstein-decay",
        "index scenarios/event-data/georgia-2011.csv --edges",
        "index scenarios/event-data/georgia-2011.csv --directed --every week",
        "fit scenarios/event-data/georgia-2011.csv",
    ] {
        all.extend(columns(command));
    }
    // A column of two things is told by both: `first_to_second` and `verbal_conflict`.
    let told: BTreeSet<_> = outputs.iter().flat_map(|it| names_in(it)).collect();
    let is_of_two = |column: &String| {
        let mut places = column.match_indices('_').map(|(place, _)| place);
        places.any(|place| told.contains(&column[..place]) && told.contains(&column[place + 1..]))
    };
    all.retain(|column| !is_of_two(column));
    check(&all, &outputs);
}

/// Every table of the program, and the files that some of them are of.
#[test]
fn the_codebook_has_every_column_of_every_table_and_no_other() {
    const OF_CLAIMS: &str = "test --claims scenarios/histories/claims.csv";
    const DATA: &str = "scenarios/event-data/georgia-2011.csv";
    let folder = tempfile::tempdir().unwrap();
    let names = folder.path().join("names.csv").display().to_string();
    let header = |arguments: &str| -> Vec<String> {
        let arguments: Vec<_> = arguments.split(' ').chain(["--format", "csv"]).collect();
        let text = printed(&arguments);
        text.lines()
            .next()
            .unwrap()
            .split(',')
            .map(str::to_owned)
            .collect()
    };
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    let codes = "--actor-codes cow,gw,iso2,iso3";
    for command in [
        "replay".to_owned(),
        "replay --every month".to_owned(),
        "why".to_owned(),
        "compare recorded scenarios/no-call.json".to_owned(),
        "compare recorded scenarios/no-call.json --models all".to_owned(),
        "ensemble scenarios/summit-by-chance.json --runs 10".to_owned(),
        "sweep scenarios/sanctions-lifted.json --set gain=0.1,0.2".to_owned(),
        "score scenarios/no-call.json --against rus-usa-2017-2018".to_owned(),
        format!("index {DATA} --model evidence --every month --unmatched {names} {codes}"),
        format!("index {DATA} --model evidence --directed --every week {codes}"),
        format!("index {DATA} --model evidence --edges --every quarter"),
        format!("index {DATA} --model evidence --every day"),
        format!("index {DATA} --model evidence --every quarter"),
        format!("index {DATA} --model goldstein-decay --every year"),
        format!("fit {DATA}"),
        format!("validate {DATA} --draws 1000"),
        OF_CLAIMS.to_owned(),
    ] {
        tables.push((command.clone(), header(&command)));
    }
    let listed = fs::read_to_string(names).unwrap();
    let listed = listed.lines().next().unwrap().split(',').map(str::to_owned);
    tables.push(("index --unmatched".to_owned(), listed.collect()));
    // Of a level `why` has more columns.
    let (log, rows) = (
        folder.path().join("log.jsonl"),
        "import scenarios/event-data/georgia-2011.csv",
    );
    let log = log.display().to_string();
    printed(
        &[
            &*rows.split(' ').collect::<Vec<_>>(),
            &["--all-dyads", "-o", &log],
        ]
        .concat(),
    );
    let of_level = format!("why {log} --model evidence");
    tables.push((of_level.clone(), header(&of_level)));
    // Of a command with all the words that are said, and none that it is to be without.
    let is_of = |of: &[&str], command: &str| {
        let words: BTreeSet<&str> = command.split(' ').collect();
        of.iter().any(|it| {
            let (with, without) = it.split_once(" without ").unwrap_or((it, ""));
            with.split(' ').all(|word| words.contains(word))
                && !without.split(' ').any(|word| words.contains(word))
        })
    };
    let mut seen = BTreeSet::new();
    for (command, columns) in &tables {
        for column in columns {
            // A parameter of a sweep.
            let name = if column == "gain" { AXIS } else { column };
            let mut known = CODEBOOK.iter().enumerate();
            let places: Vec<_> = known
                .by_ref()
                .filter(|(_, it)| it.name == name && is_of(it.of, command))
                .map(|(place, _)| place)
                .collect();
            assert!(!places.is_empty(), "no `{column}` of `{command}`");
            seen.extend(places);
        }
    }
    for (place, column) in CODEBOOK.iter().enumerate() {
        assert!(seen.contains(&place), "no table has {column:?}");
        assert!(
            !column.unit.is_empty() && column.meaning.len() > 3,
            "{column:?}"
        );
        let again = CODEBOOK[..place]
            .iter()
            .find(|it| it.name == column.name && it.of == column.of);
        assert_eq!(again, None);
    }
}

#[test]
fn the_chapter_of_columns_is_the_codebook() {
    let mut commands: Vec<&str> = Vec::new();
    for column in CODEBOOK {
        for of in column.of {
            let command = of.split(' ').next().unwrap();
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
    }
    for command in commands {
        made("columns.md", command, |_| {
            let mut table = header(&["column", "where", "unit", "what it says"]);
            for column in CODEBOOK {
                let of = column
                    .of
                    .iter()
                    .filter(|of| of.split(' ').next() == Some(command));
                let of: Vec<_> = of.map(|of| format!("`{of}`")).collect();
                if !of.is_empty() {
                    let name = format!("`{}`", column.name);
                    table.push(row([&name, &of.join(", "), column.unit, column.meaning]));
                }
            }
            table
        });
    }
}

#[test]
fn the_table_of_what_was_known_is_what_replays_say() {
    let text = chapter("class.md");
    let rows: Vec<_> = text
        .lines()
        .skip_while(|line| !line.starts_with("| as known on |"))
        .take_while(|line| line.starts_with('|'))
        .map(cells)
        .collect();
    let days = ["1962-10-27", "1962-10-28", "1962-11-20", "1962-12-31"];
    assert_eq!(rows.len(), 6);
    for row in &rows[2..] {
        for (place, day) in days.iter().enumerate() {
            let mut replay = vec!["replay", "missile-crisis-1962", "--dyad", "SUN-USA"];
            replay.extend(["--state-only", "--to", day]);
            if row[0] != "today" {
                replay.extend(["--as-known-on", row[0]]);
            }
            let text = printed(&replay);
            assert!(
                text.contains(&format!("\nSUN-USA  {}, ", row[place + 2])),
                "{day} as known on {}:\n{text}",
                row[0]
            );
            let counted = format!(": {} of 42 events, until ", row[1]);
            assert!(place < 3 || text.contains(&counted), "{text}");
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

#[test]
fn the_help_names_every_preset() {
    for command in ["replay", "compare"] {
        let help = printed(&[command, "--help"]);
        let names: BTreeSet<_> = names_of(&help).collect();
        for preset in Preset::ALL {
            assert!(
                names.contains(preset.name()),
                "{command}: {}",
                preset.name()
            );
        }
    }
}
