//! The choices of whoever reads event data, and what they leave of a row.

use super::row::{Layout, PartyIx, Reason, Row, Use};
use crate::error::{BadData, Result};
use crate::exchange::values::codes::{CodeIx, Quads};
use crate::exchange::values::weight::Weight;
use crate::model::{Day, Weights};

/// Where weights come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightSource {
    /// The rows' own column.
    File,
    /// The table of codes, in one of its variants.
    Table(Weights),
}

/// What makes rows one event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dedupe {
    /// Nothing: each row is one.
    #[default]
    None,
    /// The same day, source, target and code.
    DyadDayCode,
    /// The same id and day, as in files that overlap.
    Id,
    /// The same day, actors, code and place, added within so many minutes of the first that counts.
    Window(u32),
}

impl Dedupe {
    /// As it is said on the command line.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::None => "none".to_owned(),
            Self::DyadDayCode => "dyad-day-code".to_owned(),
            Self::Id => "id".to_owned(),
            Self::Window(minutes) => format!("window:{minutes}"),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::None => "each row counts".to_owned(),
            Self::DyadDayCode => {
                "rows of the same day, source, target and code count once".to_owned()
            }
            Self::Id => "rows of the same id and day count once".to_owned(),
            Self::Window(minutes) => format!(
                "rows of the same day, actors, code and place count once within {minutes} minutes"
            ),
        }
    }
}

/// What to read of event data, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Where weights come from; by default the rows' own where they have any, else the table as the
    /// format's makers publish it.
    pub weights: Option<WeightSource>,
    /// Only root events.
    pub roots_only: bool,
    /// What makes rows one event.
    pub dedupe: Dedupe,
    /// How codes are cut into classes; by default as the format's makers do.
    pub quads: Option<Quads>,
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
}

impl Choices {
    /// Which events count, as it is said on the command line.
    #[must_use]
    pub const fn events_name(&self) -> &'static str {
        if self.roots_only { "root" } else { "all" }
    }
}

/// What is left of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sifted {
    /// The day on which it happened.
    pub day: Day,
    /// Who acted.
    pub source: PartyIx,
    /// On whom.
    pub target: PartyIx,
    /// What was done.
    pub code: CodeIx,
    /// What counts as its weight.
    pub weight: Weight,
    /// The row's own weight is another than the table's.
    pub differs: bool,
}

/// The choices as they apply to the rows of one file.
#[derive(Clone, Copy, Debug)]
pub struct Sieve {
    choices: Choices,
    table: Weights,
    is_own: bool,
    quads: Quads,
}

impl Sifted {
    /// Both sides of its dyad, the lesser first.
    #[must_use]
    pub fn sides(&self) -> [PartyIx; 2] {
        [self.source.min(self.target), self.source.max(self.target)]
    }
}

impl Sieve {
    /// The choices for a file of that layout.
    ///
    /// # Errors
    /// When they ask for what its rows do not have.
    pub fn new(choices: &Choices, layout: Layout) -> Result<Self> {
        let lacks = |choice, what| BadData::Lacks { choice, what };
        if choices.weights == Some(WeightSource::File) && !layout.has_weights {
            return Err(lacks("weights", "weights of their own").into());
        }
        if choices.roots_only && !layout.tells_roots {
            return Err(lacks("roots_only", "mark of root events").into());
        }
        let is_lacking = |what| !layout.uses.contains(&what);
        if choices.dedupe == Dedupe::Id && is_lacking(Use::Ids) {
            return Err(lacks("dedupe by id", "id").into());
        }
        if matches!(choices.dedupe, Dedupe::Window(_)) && is_lacking(Use::Times) {
            return Err(lacks("dedupe by window", "time at which they were added").into());
        }
        Ok(Self {
            choices: *choices,
            table: match choices.weights {
                Some(WeightSource::Table(weights)) => weights,
                _ => layout.table,
            },
            is_own: layout.has_weights && !matches!(choices.weights, Some(WeightSource::Table(_))),
            quads: choices.quads.unwrap_or(layout.quads),
        })
    }

    /// How codes are cut into classes.
    #[must_use]
    pub const fn quads(&self) -> Quads {
        self.quads
    }

    /// Where weights come from, as it is said on the command line.
    #[must_use]
    pub const fn weights_name(&self) -> &'static str {
        if self.is_own {
            "file"
        } else {
            self.table.name()
        }
    }

    /// Where weights come from, in words.
    #[must_use]
    pub const fn weights_words(&self) -> &'static str {
        match (self.is_own, self.table) {
            (true, Weights::Gdelt) => {
                "the rows' own (the table's gdelt variant where a row has none)"
            }
            (true, Weights::Icews) => {
                "the rows' own (the table's icews variant where a row has none)"
            }
            (false, Weights::Gdelt) => "the table's gdelt variant",
            (false, Weights::Icews) => "the table's icews variant",
        }
    }

    /// Whether a row is of the events and the dates that are asked for, whoever acts in it.
    ///
    /// # Errors
    /// Why it is not.
    pub fn is_asked_for(&self, row: &Row) -> Result<(), Reason> {
        if self.choices.roots_only && !row.is_root {
            return Err(Reason::NotRoot);
        }
        let is_early = self.choices.from.is_some_and(|from| row.date < from);
        if is_early || self.choices.to.is_some_and(|to| row.date > to) {
            return Err(Reason::OtherDates);
        }
        Ok(())
    }

    /// What is left of a row, before it is looked at closely.
    ///
    /// # Errors
    /// Why nothing is.
    pub fn sift(&self, row: &Row) -> Result<Sifted, Reason> {
        let (source, target) = (row.source?, row.target?);
        if source == target {
            return Err(Reason::SameActor);
        }
        self.is_asked_for(row)?;
        let table = row.code.weight(self.table);
        let own = row.weight.filter(|_| self.is_own);
        Ok(Sifted {
            day: row.date,
            source,
            target,
            code: row.code,
            weight: own.unwrap_or(table),
            differs: own.is_some_and(|own| own != table),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::row::Lines;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn layout(has_weights: bool, tells_roots: bool, uses: &'static [Use]) -> Layout {
        Layout {
            title: "rows",
            lines: Lines::Bare,
            has_weights,
            tells_roots,
            table: Weights::Icews,
            quads: Quads::Cameo,
            uses,
        }
    }

    #[test]
    fn only_what_rows_have_can_be_asked_for() {
        let choices = Choices::default();
        let weights = |from| Choices {
            weights: Some(from),
            ..choices
        };
        let roots_only = Choices {
            roots_only: true,
            ..choices
        };
        let dedupe = |dedupe| Choices { dedupe, ..choices };
        let rich = layout(true, true, &[Use::Ids, Use::Times]);
        let poor = layout(false, false, &[]);
        let table = WeightSource::Table(Weights::Gdelt);
        for (choices, layout, expected) in [
            (choices, rich, Some("file")),
            (choices, poor, Some("icews")),
            (weights(WeightSource::File), rich, Some("file")),
            (weights(WeightSource::File), poor, None),
            (weights(table), rich, Some("gdelt")),
            (weights(table), poor, Some("gdelt")),
            (roots_only, rich, Some("file")),
            (roots_only, poor, None),
            (dedupe(Dedupe::DyadDayCode), poor, Some("icews")),
            (dedupe(Dedupe::Id), rich, Some("file")),
            (dedupe(Dedupe::Id), poor, None),
            (dedupe(Dedupe::Id), layout(true, true, &[Use::Times]), None),
            (dedupe(Dedupe::Window(5)), rich, Some("file")),
            (
                dedupe(Dedupe::Window(5)),
                layout(true, true, &[Use::Ids]),
                None,
            ),
        ] {
            let sieve = Sieve::new(&choices, layout).ok();
            let name = sieve.as_ref().map(Sieve::weights_name);
            assert_eq!(name, expected, "{choices:?} {layout:?}");
            if let Some(sieve) = sieve {
                let words = sieve.weights_words();
                assert_eq!(words.contains("rows' own"), expected == Some("file"));
                assert!(words.contains(sieve.table.name()), "{words}");
                assert_eq!(sieve.quads(), Quads::Cameo);
            }
        }
        assert_eq!(
            (choices.events_name(), roots_only.events_name()),
            ("all", "root")
        );
        let all = [
            Dedupe::None,
            Dedupe::DyadDayCode,
            Dedupe::Id,
            Dedupe::Window(15),
        ];
        let names = ["none", "dyad-day-code", "id", "window:15"];
        assert_eq!(all.map(Dedupe::name), names);
    }

    #[test]
    fn what_is_left_of_a_row_is_what_is_asked_for_with_the_weight_that_counts() {
        let code = CodeIx::find(b"112").unwrap();
        let own = Weight::parse(b"-4.5").unwrap();
        let table = |weights| code.weight(weights);
        assert!(own != table(Weights::Gdelt) && own != table(Weights::Icews));
        let row = Row {
            date: day("2014-03-18"),
            source: Ok(PartyIx::at(7)),
            target: Ok(PartyIx::at(3)),
            code,
            weight: Some(own),
            is_root: false,
            marks: [0; 5],
        };
        let sift = |choices: Choices, row: Row| {
            let sifted = Sieve::new(&choices, layout(true, true, &[]))
                .unwrap()
                .sift(&row);
            sifted.map(|it| (it.weight, it.differs, it.sides().map(PartyIx::place)))
        };
        let all = Choices::default();
        let of_table = Choices {
            weights: Some(WeightSource::Table(Weights::Gdelt)),
            ..all
        };
        let span = |from: &str, to: &str| Choices {
            from: (!from.is_empty()).then(|| day(from)),
            to: (!to.is_empty()).then(|| day(to)),
            ..all
        };
        let roots = Choices {
            roots_only: true,
            ..all
        };
        let left = Ok((own, true, [3, 7]));
        let with = |weight, is_root| Row {
            weight,
            is_root,
            ..row
        };
        for (choices, row, expected) in [
            (all, row, left),
            (
                all,
                with(None, false),
                Ok((table(Weights::Icews), false, [3, 7])),
            ),
            (
                all,
                with(Some(table(Weights::Icews)), false),
                Ok((table(Weights::Icews), false, [3, 7])),
            ),
            (of_table, row, Ok((table(Weights::Gdelt), false, [3, 7]))),
            (roots, row, Err(Reason::NotRoot)),
            (roots, with(Some(own), true), left),
            (span("2014-03-18", "2014-03-18"), row, left),
            (span("2014-03-19", ""), row, Err(Reason::OtherDates)),
            (span("", "2014-03-17"), row, Err(Reason::OtherDates)),
            (span("2014-03-17", "2014-03-19"), row, left),
            (
                all,
                Row {
                    target: row.source,
                    ..row
                },
                Err(Reason::SameActor),
            ),
            (
                all,
                Row {
                    source: Err(Reason::Region),
                    ..row
                },
                Err(Reason::Region),
            ),
            (
                all,
                Row {
                    target: Err(Reason::NoActor),
                    ..row
                },
                Err(Reason::NoActor),
            ),
        ] {
            assert_eq!(sift(choices, row), expected, "{choices:?} {row:?}");
        }
    }
}
