//! A ledger as a waterfall: each part begins where the one before ended, and the last bar is the
//! temperature.

use crate::text::count;
use crate::view::figure::{Axis, Figure, Fill, Form, Panel, Shape, plain_text};
use crate::view::rows::ledger::LedgerRows;
use crate::view::rows::words::degrees;

/// A share that is not seen.
const NOTHING: &str = "0.00";

/// The waterfall of a ledger, in the ink of its history.
#[must_use]
pub fn waterfall(ledger: &LedgerRows, series: usize) -> Figure {
    let parts = ledger.rows.iter().zip(ledger.printed_shares());
    let parts: Vec<_> = parts
        .map(|(row, share)| format!("{} {share}", plain_text(&row.what)))
        .collect();
    let (dyad, date) = (ledger.dyad, ledger.date);
    Figure {
        title: format!(
            "What the {} of {dyad} is made of on {date}",
            ledger.model.word()
        ),
        description: format!(
            "{dyad} on {date} is {} degrees: {}.",
            degrees(ledger.temperature),
            parts.join("; ")
        ),
        series: Vec::new(),
        panels: vec![panel(ledger, series)],
        keys: Vec::new(),
        caption: ledger.model.in_short().to_owned(),
    }
}

/// The panel of a waterfall.
fn panel(ledger: &LedgerRows, series: usize) -> Panel {
    let mut at = 0.0;
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    let (mut lanes, mut shapes) = (Vec::new(), Vec::new());
    let parts: Vec<_> = ledger.rows.iter().zip(ledger.printed_shares()).collect();
    for (row, share) in parts.iter().filter(|(_, share)| share != NOTHING) {
        let span = [at, at + row.share];
        at += row.share;
        low = low.min(at);
        high = high.max(at);
        let sign = if share.starts_with('-') { "" } else { "+" };
        let form = Form::Bar {
            lane: [lanes.len(), 0],
            span,
            label: format!("{sign}{share}"),
            fill: if row.share < 0.0 {
                Fill::Full
            } else {
                Fill::Pale
            },
        };
        shapes.push(Shape { series, form });
        lanes.push((row.what.clone(), 1));
    }
    let small = parts.iter().filter(|(_, share)| share == NOTHING).count() as u64;
    if small > 0 {
        lanes.push((format!("{} of {NOTHING}", count(small, "part")), 1));
    }
    let form = Form::Bar {
        lane: [lanes.len(), 0],
        span: [0.0, ledger.temperature],
        label: degrees(ledger.temperature),
        fill: Fill::Full,
    };
    shapes.push(Shape { series, form });
    lanes.push((format!("{} on {}", ledger.model.word(), ledger.date), 1));
    let room = ((high - low) * 0.16).max(0.5);
    Panel {
        title: format!("{}, degrees", plain_text(&ledger.history)),
        across: Axis::Numbers([low - room, high + room], ""),
        up: Axis::Lanes(lanes),
        zones: Vec::new(),
        shapes,
    }
}
