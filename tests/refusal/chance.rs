//! A good scenario with chance in it, and the parts of it that several changes are made to.

use crate::refusal::{changed_in, refuses_in};

/// What every scenario with a mistake about chance is made from.
pub(crate) const GOOD_CHANCE: &str = r#"// A good scenario with chance in it.
{
  "title": "The meeting is held, or cancelled and answered",
  "base": "recorded",
  "fork": {"before": "us-jp-call"},
  "until": "2018-12-31",
  "seed": 2018,
  "edits": [
    {"drop": {"event": "us-au-call"}},
    {"insert": {
      "id": "offer", "date": "2017-06-01", "source": ["RUS"], "target": ["USA"],
      "act": "statement", "tone": "optimistic",
    }},
    {"insert": {
      "id": "thanks", "after": {"event": "meeting-held", "days": 5}, "source": ["RUS"], "target": ["USA"],
      "act": "statement", "tone": "critical", "caused_by": "meeting-held",
    }},
  ],
  "chance": [
    {"id": "meeting-fate", "date": "2017-07-07", "options": [
      {"label": "held", "probability": 0.4, "events": [
        {"id": "meeting-held", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_held", "meeting": "us-ru-meeting"},
        {"id": "account", "source": ["RUS"], "target": ["USA"], "act": "readout", "of": "meeting-held"},
      ]},
      {"label": "cancelled", "probability": 0.6, "events": [
        {"id": "meeting-off", "source": ["RUS", "USA"], "target": ["RUS", "USA"], "act": "meeting_cancelled", "meeting": "us-ru-meeting"},
      ]},
    ]},
    {"id": "new-offer", "after": {"event": "offer", "days": 60}, "options": [
      {"label": "made", "probability": 0.25, "events": [
        {"id": "second-offer", "source": ["RUS"], "target": ["USA"], "act": "coded", "code": "030"},
      ]},
      {"label": "not made", "probability": 0.75},
    ]},
  ],
  "rules": [
    {"id": "new-round", "when": {"act": "meeting_cancelled", "source": "USA"}, "probability": 0.7,
      "delay_days": {"from": 10, "to": 40}, "cooldown_days": 90,
      "then": {"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}},
    {"id": "in-kind", "when": {"act": "sanctions_imposed", "target": "RUS"}, "at_most": 3,
      "if": {"temperature": {"dyad": "RUS-USA", "below": -1}},
      "then": {"source": ["RUS"], "target": ["USA"], "act": "sanctions_imposed", "measure": "counter-sanctions"}},
  ],
  "uncertain": {
    "half_life_days": {"uniform": [90, 270]},
    "gain": {"triangular": [0.2, 0.3, 0.5]},
    "spillover": {"normal": [0.5, 0.1]},
    "baseline:RUS-USA": {"choice": [-1, 0, 1]},
  },
  "outcomes": [
    {"id": "confrontation", "when": {"phase": {"dyad": "RUS-USA", "is": ["confrontation"]}}, "by": "2018-12-31"},
  ],
}
"#;

pub(crate) const RULES: &str = r#"  "rules": ["#;
pub(crate) const WHEN: &str = r#"{"act": "meeting_cancelled", "source": "USA"}"#;
pub(crate) const DELAY: &str = r#"{"from": 10, "to": 40}"#;
pub(crate) const COOLDOWN: &str = r#""cooldown_days": 90"#;
pub(crate) const AT_MOST: &str = r#""at_most": 3"#;
pub(crate) const IF: &str = r#"{"temperature": {"dyad": "RUS-USA", "below": -1}}"#;
pub(crate) const THEN: &str =
    r#"{"source": ["USA"], "target": ["RUS"], "act": "sanctions_imposed"}"#;
pub(crate) const UNIFORM: &str = r#""half_life_days": {"uniform": [90, 270]}"#;
pub(crate) const TRIANGULAR: &str = r#"{"triangular": [0.2, 0.3, 0.5]}"#;
pub(crate) const NORMAL: &str = r#"{"normal": [0.5, 0.1]}"#;
pub(crate) const CHOICE: &str = r#""baseline:RUS-USA": {"choice": [-1, 0, 1]}"#;

/// The same of the good scenario with chance.
#[track_caller]
pub(crate) fn refuses_chance(name: &str, changes: &[(&str, &str, &str)]) {
    refuses_in(GOOD_CHANCE, name, changes);
}

/// The good scenario with chance with one part of it in other words.
#[track_caller]
pub(crate) fn changed(from: &str, to: &str) -> String {
    changed_in(GOOD_CHANCE, from, to)
}

/// So many entries of a list, of which each has its number in it.
pub(crate) fn many(number: usize, entry: impl Fn(usize) -> String) -> String {
    (0..number).map(entry).collect::<Vec<_>>().join(",\n")
}
