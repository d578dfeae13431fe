//! `detente acts`: what an event can be, and what each act needs and does.

use super::listing::{has_words, note_none, print};
use crate::cli::args::{Acts, TidyFormat};
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::model::{Act, Code, Codes, Form, Parties, Way, Weights};
use crate::view::{Listing, listing_text};
use std::fmt::Write;

pub(crate) fn run(arguments: &Acts, output: &mut Output) -> Result<Outcome> {
    if let [name] = &*arguments.words
        && arguments.format == TidyFormat::Table
        && let Some(act) = Act::ALL.into_iter().find(|act| act.name() == name)
    {
        output.print(one(act, output.look()))?;
        return Ok(Outcome::Fine);
    }
    let is_asked = |act: &Act| has_words(&arguments.words, &[act.name(), act.meaning()]);
    let acts: Vec<_> = Act::ALL.into_iter().filter(is_asked).collect();
    if acts.is_empty() {
        let hint = "what has no act of its own is `coded`, with a CAMEO code";
        note_none(&arguments.words, "act", hint, output);
    }
    // A table for people keeps what fits a line; a file has everything.
    let is_table = arguments.format == TidyFormat::Table;
    let columns: &[&str] = if is_table {
        &["act", "codes", "needs", "meaning"]
    } else {
        &[
            "act", "codes", "parties", "needs", "may_have", "measure", "meaning",
        ]
    };
    let rows = acts.into_iter().map(|act| {
        let form = act.form();
        let [name, meaning] = [act.name().to_owned(), act.meaning().to_owned()];
        let (codes, needs) = (of_codes(form).join(" "), form.needs.join(" "));
        if is_table {
            return vec![name, codes, needs, meaning];
        }
        let parties = parties(form.parties).to_owned();
        let may_have = form.may_have.join(" ");
        vec![
            name,
            codes,
            parties,
            needs,
            may_have,
            measure(form),
            meaning,
        ]
    });
    let rows = rows.collect();
    print(&Listing { columns, rows }, arguments.format, output)
}

/// Everything that is known of one act.
fn one(act: Act, look: crate::view::Look) -> String {
    let form = act.form();
    let facts = [
        ("parties", parties(form.parties).to_owned()),
        ("needs", form.needs.join(", ")),
        ("may have", form.may_have.join(", ")),
        ("measure", measure(form)),
        (
            "meeting",
            form.meeting.map_or("", |it| it.name()).replace('_', " "),
        ),
    ];
    let mut text = format!("{}: {}\n\n", act.name(), act.meaning());
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(text, " {name:<9} {value}");
    }
    let codes = Listing {
        columns: &["where", "code", "weight", "CAMEO_says"],
        rows: codes(form),
    };
    if !codes.rows.is_empty() {
        text.push('\n');
        text.push_str(&listing_text(&codes, look));
    }
    text
}

const fn parties(parties: Parties) -> &'static str {
    match parties {
        Parties::Source => "a source; targets if there are any",
        Parties::Directed => "source and target",
        Parties::Mutual => "the same actors as source and target, or two sides",
        Parties::Nobody => "nobody",
    }
}

/// What it does to a standing measure.
fn measure(form: &Form) -> String {
    let Some(effect) = form.measure else {
        return String::new();
    };
    let kinds: Vec<_> = effect.kinds.iter().map(|kind| kind.name()).collect();
    let does = match effect.way {
        Way::Begins => "puts in force",
        Way::Widens => "widens",
        Way::Eases => "eases",
        Way::Ends => "ends",
    };
    let named = if effect.if_named {
        ", if it names a measure"
    } else {
        ""
    };
    format!("{does} {}{named}", kinds.join(" or "))
}

/// The codes of an act, without those that it has twice.
fn of_codes(form: &Form) -> Vec<&'static str> {
    let mut codes: Vec<_> = match form.codes {
        Codes::One(code) => vec![code],
        Codes::Own => vec![],
        Codes::By { absent, values, .. } => {
            let values = values.iter().map(|(_, code)| *code);
            std::iter::once(absent).chain(values).collect()
        }
    };
    codes.retain(|code| !code.is_empty());
    let mut told = std::collections::HashSet::new();
    codes.retain(|code| told.insert(*code));
    codes
}

/// A row for each code: where the act has it, its weight, and what it is called.
fn codes(form: &Form) -> Vec<Vec<String>> {
    let row = |at: String, code: &str| {
        let known = code.parse::<Code>().ok()?;
        let weight = known.weight(Weights::Gdelt).to_string();
        Some(vec![
            at,
            code.to_owned(),
            weight,
            known.row().name.to_owned(),
        ])
    };
    let rows: Vec<_> = match form.codes {
        Codes::One(code) => vec![row("always".to_owned(), code)],
        Codes::Own => vec![],
        Codes::By {
            field,
            absent,
            values,
        } => {
            let without = row(format!("no {field}"), absent);
            let values = values
                .iter()
                .map(|(value, code)| row(format!("{field} {value}"), code));
            std::iter::once(without).chain(values).collect()
        }
    };
    rows.into_iter().flatten().collect()
}
