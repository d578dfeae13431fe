//! Codes of states as other data sets have them: the numbers of Correlates of War and of Gleditsch
//! and Ward, and ISO's letters.
//!
//! The numbers stand in `state_numbers.csv`, with the days on which each stands for an actor, both
//! included; without a day it is open on that side. Those of Correlates of War have the days of
//! membership of the "State System Membership List, v2016" (Correlates of War Project, 2017), for
//! states that were members at some time since 1979, and members of 2016 are taken to be members
//! since. Those of Gleditsch and Ward ("A Revised List of the Independent States since the Congress
//! of Vienna", International Interactions 25, 1999, and its later revisions) have days only where a
//! number passes from one state to another, or a state came or went. Russia and Serbia keep the
//! number of the Soviet Union and of Yugoslavia on all days on which the lists have one state
//! there: what is read is the actor of the day, what is written is the number.

use crate::model::{Actor, Day};
use std::sync::LazyLock;

/// A way of coding states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateCodes {
    /// The numbers of Correlates of War.
    Cow,
    /// The numbers of Gleditsch and Ward.
    Gw,
    /// ISO 3166-1 alpha-2.
    Iso2,
    /// ISO 3166-1 alpha-3.
    Iso3,
}

/// Whom a name or a code stands for on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDay {
    /// This actor.
    Is(Actor),
    /// Somebody on other days, nobody on this one.
    OnOtherDays,
    /// Nobody on any day.
    Unknown,
}

/// A number of a state.
struct Numbered {
    list: StateCodes,
    number: u16,
    actor: Actor,
    from: Day,
    to: Day,
}

static NUMBERS: LazyLock<Vec<Numbered>> = LazyLock::new(|| {
    let table = include_str!("state_numbers.csv");
    table.lines().skip(1).filter_map(numbered).collect()
});

/// Former states and their two letters, which ISO 3166-3 records as withdrawn.
const FORMER: [(&str, &str); 6] = [
    ("CSK", "CS"),
    ("DDR", "DD"),
    ("SCG", "CS"),
    ("SUN", "SU"),
    ("YMD", "YD"),
    ("YUG", "YU"),
];

fn numbered(line: &str) -> Option<Numbered> {
    let mut cells = line.split(',');
    let list = match cells.next()? {
        "cow" => StateCodes::Cow,
        "gw" => StateCodes::Gw,
        _ => return None,
    };
    let number = cells.next()?.parse().ok()?;
    let actor = cells.next()?.parse().ok()?;
    let mut day = |open: Day| match cells.next()? {
        "" => Some(open),
        text => text.parse().ok(),
    };
    Some(Numbered {
        list,
        number,
        actor,
        from: day(Day::FIRST)?,
        to: day(Day::LAST)?,
    })
}

impl StateCodes {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Cow, Self::Gw, Self::Iso2, Self::Iso3];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cow => "cow",
            Self::Gw => "gw",
            Self::Iso2 => "iso2",
            Self::Iso3 => "iso3",
        }
    }

    fn numbers(self) -> impl Iterator<Item = &'static Numbered> {
        NUMBERS.iter().filter(move |it| it.list == self)
    }

    /// The actor of a code on a day.
    #[must_use]
    pub fn actor_on(self, code: &str, day: Day) -> OnDay {
        let code = code.trim();
        let of_code = |actor: Option<Actor>| actor.map_or(OnDay::Unknown, OnDay::Is);
        match self {
            Self::Cow | Self::Gw => {
                // Programs that have gaps in a column make 365.0 of 365.
                let Ok(number) = code.strip_suffix(".0").unwrap_or(code).parse::<u16>() else {
                    return OnDay::Unknown;
                };
                let mut of_number = self.numbers().filter(|it| it.number == number).peekable();
                if of_number.peek().is_none() {
                    return OnDay::Unknown;
                }
                let on_day = of_number.find(|it| (it.from..=it.to).contains(&day));
                on_day.map_or(OnDay::OnOtherDays, |it| OnDay::Is(it.actor))
            }
            Self::Iso2 => {
                let mut former = FORMER.iter().filter(|(_, letters)| *letters == code);
                let actor = match former.next() {
                    // The letters of Czechoslovakia were those of Serbia and Montenegro later.
                    Some(("CSK", _)) => {
                        let (year, ..) = day.year_month();
                        match year {
                            ..1993 => "CSK",
                            2003.. => "SCG",
                            _ => return OnDay::OnOtherDays,
                        }
                    }
                    Some((actor, _)) => actor,
                    None => return of_code(Actor::of_alpha_2(code)),
                };
                of_code(actor.parse().ok())
            }
            Self::Iso3 => of_code(code.parse().ok().filter(|actor| is_of_iso(*actor))),
        }
    }

    /// The code of an actor on the last of some days on which it has one.
    #[must_use]
    pub fn code_of(self, actor: Actor, first: Day, last: Day) -> Option<String> {
        match self {
            Self::Cow | Self::Gw => {
                let of_actor = self.numbers().filter(|it| it.actor == actor);
                let in_time = of_actor.filter(|it| it.from <= last && it.to >= first);
                let latest = in_time.max_by_key(|it| it.from);
                latest.map(|it| it.number.to_string())
            }
            Self::Iso2 => {
                let former = FORMER.iter().find(|(former, _)| *former == actor.code());
                let letters = former.map(|(_, letters)| *letters);
                letters.or_else(|| actor.alpha_2()).map(str::to_owned)
            }
            Self::Iso3 => is_of_iso(actor).then(|| actor.code().to_owned()),
        }
    }
}

/// Whether an actor's code is one of ISO 3166, for a state that is or that was.
fn is_of_iso(actor: Actor) -> bool {
    let is_former = FORMER.iter().any(|(former, _)| *former == actor.code());
    is_former || actor.alpha_2().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(codes: StateCodes, code: &str, day: &str, expected: &str) {
        let found = match codes.actor_on(code, day.parse().unwrap()) {
            OnDay::Is(actor) => actor.to_string(),
            OnDay::OnOtherDays => "other days".to_owned(),
            OnDay::Unknown => "unknown".to_owned(),
        };
        assert_eq!(found, expected, "{} {code} on {day}", codes.name());
    }

    #[test]
    fn every_line_of_the_table_is_read_and_no_number_stands_for_two_actors_but_for_successors() {
        let lines = include_str!("state_numbers.csv").lines().count() - 1;
        assert_eq!(NUMBERS.len(), lines);
        for one in NUMBERS.iter() {
            assert!(one.from <= one.to, "{} {}", one.number, one.actor);
            let others = NUMBERS.iter().filter(|it| {
                (it.list, it.number) == (one.list, one.number) && it.actor != one.actor
            });
            for other in others {
                let is_successor = [one.actor, other.actor]
                    .iter()
                    .all(|it| ["RUS", "SUN", "SRB", "SCG", "YUG"].contains(&it.code()));
                assert!(
                    is_successor,
                    "{}: {} and {}",
                    one.number, one.actor, other.actor
                );
            }
        }
    }

    #[test]
    fn a_number_is_of_the_state_that_has_it_on_that_day() {
        use StateCodes::{Cow, Gw};
        reads(Cow, "260", "1989-11-09", "DEU");
        reads(Cow, "260", "1990-10-03", "other days");
        reads(Cow, "255", "1990-10-03", "DEU");
        reads(Gw, "260", "2014-03-18", "DEU");
        reads(Cow, "365", "1985-03-11", "SUN");
        reads(Cow, "365.0", "2014-03-18", "RUS");
        reads(Cow, "345", "1999-03-24", "YUG");
        reads(Cow, "345", "2004-01-01", "SCG");
        reads(Cow, "345", "2010-01-01", "SRB");
        reads(Gw, "345", "2010-01-01", "other days");
        reads(Gw, "340", "2010-01-01", "SRB");
        reads(Cow, "679", "2014-01-01", "YEM");
        reads(Gw, "678", "2014-01-01", "YEM");
        reads(Cow, "970", "2014-01-01", "NRU");
        reads(Gw, "970", "2014-01-01", "KIR");
        reads(Cow, "817", "1970-01-01", "unknown");
        reads(Cow, "RUS", "2014-01-01", "unknown");
    }

    #[test]
    fn letters_are_those_of_iso_and_cs_was_given_twice() {
        use StateCodes::{Iso2, Iso3};
        reads(Iso2, "AU", "2014-01-01", "AUS");
        reads(Iso2, "CS", "1989-11-17", "CSK");
        reads(Iso2, "CS", "2004-01-01", "SCG");
        reads(Iso2, "CS", "1999-01-01", "other days");
        reads(Iso2, "EU", "2014-01-01", "unknown");
        reads(Iso3, "RUS", "2014-01-01", "RUS");
        reads(Iso3, "NATO", "2014-01-01", "unknown");
        reads(Iso3, "XBL", "2014-01-01", "unknown");
    }

    #[track_caller]
    fn writes(codes: StateCodes, actor: &str, from: &str, to: &str, expected: Option<&str>) {
        let [from, to] = [from, to].map(|day| day.parse().unwrap());
        let found = codes.code_of(actor.parse().unwrap(), from, to);
        assert_eq!(found.as_deref(), expected, "{} of {actor}", codes.name());
    }

    #[test]
    fn the_code_that_is_written_is_the_last_that_holds_in_the_period() {
        use StateCodes::{Cow, Gw, Iso2, Iso3};
        writes(Cow, "DEU", "1990-01-01", "1990-09-30", Some("260"));
        writes(Cow, "DEU", "1990-01-01", "1990-12-31", Some("255"));
        writes(Cow, "DDR", "1990-01-01", "1990-12-31", Some("265"));
        writes(Cow, "DDR", "1991-01-01", "1991-01-31", None);
        writes(Cow, "RUS", "1985-01-01", "1985-01-31", Some("365"));
        writes(Gw, "SRB", "2006-06-01", "2006-06-30", Some("340"));
        writes(Gw, "SRB", "2005-06-01", "2005-06-30", Some("345"));
        writes(Cow, "NAM", "1989-06-01", "1989-06-30", None);
        writes(Cow, "EU", "2014-06-01", "2014-06-30", None);
        writes(Iso2, "XKX", "2014-06-01", "2014-06-30", Some("XK"));
        writes(Iso2, "SUN", "1985-06-01", "1985-06-30", Some("SU"));
        writes(Iso3, "EU", "2014-06-01", "2014-06-30", None);
    }
}
