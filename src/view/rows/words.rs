//! Numbers, parties and changes in words.

use super::transition::ChangeRow;
use crate::history::{Record, code};
use crate::model::{Act, Actor, MeasureKind, Parties, Stage};
use crate::text::shown;

/// Degrees with two decimals; what rounds to nothing has no sign.
#[must_use]
pub fn degrees(value: f64) -> String {
    let text = format!("{value:.2}");
    if text == "-0.00" {
        "0.00".to_owned()
    } else {
        text
    }
}

/// Who did something to whom: `USA → RUS, audience EU`; who, where they did it together, and with
/// whom, where they are two sides.
#[must_use]
pub fn parties(record: &Record) -> String {
    let fields = record.fields();
    let source = list(&fields.source);
    let mut text = match record.act().form().parties {
        Parties::Mutual if !fields.target.iter().all(|it| fields.source.contains(it)) => {
            format!("{source} with {}", list(&fields.target))
        }
        Parties::Mutual | Parties::Nobody => source,
        Parties::Source | Parties::Directed if fields.target.is_empty() => source,
        Parties::Source | Parties::Directed => format!("{source} → {}", list(&fields.target)),
    };
    for (what, actors) in [
        ("audience", &fields.audience),
        ("adverse to", &fields.adverse),
    ] {
        if !actors.is_empty() {
            text.extend([", ", what, " ", &list(actors)]);
        }
    }
    text
}

fn list(actors: &[Actor]) -> String {
    let codes: Vec<_> = actors.iter().map(Actor::code).collect();
    codes.join(", ")
}

/// What an event is, in a line: its act, its parties, and on whose word it stands.
pub(crate) fn summary(record: &Record) -> String {
    let fields = record.fields();
    let act = plain(record.act().name());
    let act = match (record.act(), code(record)) {
        (Act::Retraction, _) => format!(
            "{act} of {}",
            fields.retracts.as_deref().unwrap_or_default()
        ),
        (Act::Agreement, _) if fields.stage == Some(Stage::InPrinciple) => {
            format!("{act} in principle")
        }
        (Act::Coded, Some(code)) => format!("{code} {}", code.row().name),
        (Act::Statement, Some(code)) => format!("{act} ({})", code.row().name),
        _ => act,
    };
    let mut parts = vec![match parties(record) {
        nobody if nobody.is_empty() => act,
        parties => format!("{act}: {parties}"),
    }];
    parts.extend(fields.until.map(|day| format!("until {day}")));
    parts.extend(fields.minutes.map(|minutes| format!("{minutes} minutes")));
    parts.extend(fields.number.map(|number| format!("{number} of them")));
    parts.extend(
        fields
            .weight
            .map(|weight| format!("a weight of its own, {weight}")),
    );
    parts.extend(
        fields
            .impact
            .map(|impact| format!("an impact of its own, {impact} degrees")),
    );
    parts.extend(
        fields
            .reason
            .as_ref()
            .map(|reason| format!("because: {reason}")),
    );
    parts.extend(fields.of.as_ref().map(|of| format!("of {of}")));
    parts.extend(
        fields
            .according_to
            .map(|side| format!("on the word of {side}")),
    );
    shown(&parts.join(", "))
}

/// Changes in lines; what one readout says of several items is one line.
pub(in crate::view) fn changes<'a>(
    rows: impl IntoIterator<Item = &'a ChangeRow>,
    own_id: &str,
) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut before: Option<(Actor, &str)> = None;
    for row in rows {
        let now = match row {
            ChangeRow::Readout { side, says, .. } => Some((*side, *says)),
            _ => None,
        };
        match (row, lines.last_mut()) {
            (ChangeRow::Readout { item, .. }, Some(line)) if now == before => {
                line.push_str(", ");
                line.push_str(&shown(item));
            }
            _ => lines.push(change(row, own_id)),
        }
        before = now;
    }
    lines
}

/// A change in a line. A measure's id is left out where it is that of the event.
fn change(change: &ChangeRow, own_id: &str) -> String {
    let was = |from: Option<&str>| {
        from.map_or_else(String::new, |from| format!(" (was {})", plain(from)))
    };
    let text = match change {
        ChangeRow::Phase {
            from,
            to,
            on,
            while_waiting: true,
        } => {
            format!("while waiting, phase {from} → {to} on {on}")
        }
        ChangeRow::Phase { from, to, .. } => format!("phase {from} → {to}"),
        ChangeRow::Measure {
            measure,
            measure_kind,
            source,
            other,
            role,
            from,
            to,
            strength,
        } => {
            let [by, against] = prepositions(measure_kind, role);
            let comma = if *role == "audience" { "," } else { "" };
            let id = if measure == own_id {
                String::new()
            } else {
                format!(" [{measure}]")
            };
            format!(
                "{} {by} {source}{comma} {against} {other}{id}: {}{}{}",
                plain(measure_kind),
                plain(to),
                at_strength(*strength),
                was(*from)
            )
        }
        ChangeRow::Equilibrium { before, after } => {
            format!(
                "tends to {} from now on (was {})",
                degrees(*after),
                degrees(*before)
            )
        }
        ChangeRow::Agenda {
            item,
            from,
            to,
            priority,
            according_to,
        } => {
            let priority =
                priority.map_or_else(String::new, |priority| format!(", priority {priority}"));
            let word = according_to
                .as_ref()
                .map_or_else(String::new, |side| format!(", on the word of {side}"));
            format!("agenda {item}: {}{}{priority}{word}", plain(to), was(*from))
        }
        ChangeRow::Readout { side, item, says } => match *says {
            "omitted" => format!("{side} leaves out {item}"),
            _ => format!("{side} mentions {item}"),
        },
        ChangeRow::Meeting {
            meeting,
            from,
            to,
            scheduled_for,
        } => {
            let day = scheduled_for.map_or_else(String::new, |day| format!(" for {day}"));
            format!("meeting {meeting}: {}{}{day}", plain(to), was(*from))
        }
    };
    shown(&text)
}

/// What stands before the two sides of a measure: sanctions *by* one *against* the other, an
/// alliance *of* one *with* the other, and what is *felt by* an audience.
pub(crate) fn prepositions(kind: &str, role: &str) -> [&'static str; 2] {
    let mut kinds = MeasureKind::ALL.into_iter();
    let is_both_ways = kinds.any(|it| it.name() == kind && it.is_both_ways());
    match role {
        "audience" if is_both_ways => ["of", "felt by"],
        "audience" => ["by", "felt by"],
        _ if is_both_ways => ["of", "with"],
        _ => ["by", "against"],
    }
}

/// How strongly a measure stands, where that is neither as it was first meant nor nothing:
/// ` at 0.5`.
pub(crate) fn at_strength(strength: f64) -> String {
    if strength == 0.0 || strength == 1.0 {
        return String::new();
    }
    // Shares of shares have no end; four decimals are enough to read.
    format!(" at {}", (strength * 1e4).round() / 1e4)
}

/// A name of the files as a word for people: `in_force` is "in force".
pub(crate) fn plain(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rounds_to_nothing_has_no_sign() {
        assert_eq!(degrees(-0.001), "0.00");
        assert_eq!(degrees(-1.2471), "-1.25");
        assert_eq!(degrees(10.0), "10.00");
    }
}
