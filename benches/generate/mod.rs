//! A made-up history of any length: the same bytes on every machine, each event legal.

use detente::history::{AgendaEntry, Chain, Draft, Evidence, Record, Writer, check};
use detente::model::{Act, Actor, Code, Day, ItemStatus, Priority, Tone};
use std::error::Error;
use std::io::Write;

/// Every two of them form a dyad: 28.
const ACTORS: [&str; 8] = ["CHN", "DEU", "FRA", "GBR", "IRN", "RUS", "UKR", "USA"];
const ITEMS: [&str; 4] = ["arms-control", "consulates", "energy", "trade"];
const TONES: [Tone; 4] = [
    Tone::Neutral,
    Tone::Optimistic,
    Tone::Critical,
    Tone::Accusing,
];

const FIRST_DAY: &str = "1990-01-01";
const EVENTS_A_DAY: u64 = 100;
const LATE_BY_DAYS: i32 = 40;
/// Memory may grow with late and retracted events, so they are few.
const LATE_EVERY: u64 = 10_000;
const RETRACTED_EVERY: u64 = 20_000;

/// Writes a log of so many events.
///
/// # Errors
/// What the output says; a made-up event that has the wrong form.
pub(crate) fn log(events: u64, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    write(History::new()?, events, out)
}

/// The same without late and retracted events.
///
/// # Errors
/// As [`log`].
pub(crate) fn log_in_order(events: u64, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let history = History {
        is_in_order: true,
        ..History::new()?
    };
    write(history, events, out)
}

/// The day of the event of a number.
///
/// # Errors
/// None, but for a day that is not in the calendar.
pub(crate) fn day_of(seq: u64) -> Result<Day, Box<dyn Error>> {
    let first: Day = FIRST_DAY.parse()?;
    Ok(first
        .plus_days((seq / EVENTS_A_DAY) as i32)
        .unwrap_or(Day::LAST))
}

fn write(mut history: History, events: u64, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut writer = Writer::after(Chain::START);
    let mut line = Vec::new();
    for seq in 1..=events {
        line.clear();
        writer.write(&history.event(seq)?, &mut line)?;
        out.write_all(&line)?;
    }
    Ok(())
}

/// Writes so many events as a person would hand them in, to be appended: without number, day of
/// recording and chain.
///
/// # Errors
/// As [`log`].
pub(crate) fn batch(events: u64, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut history = History::new()?;
    for seq in 1..=events {
        serde_json::to_writer(&mut *out, &*history.event(seq)?.fields())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// What has happened so far, as far as it decides what may happen next.
struct History {
    chance: Chance,
    first_day: Day,
    actors: Vec<Actor>,
    codes: Vec<Code>,
    /// For each source and target, in whose order they stand.
    sanctions: Vec<Option<Act>>,
    /// For each dyad, by its first and its second actor, and each item.
    agenda: Vec<Option<ItemStatus>>,
    /// An event that nothing hangs on.
    last_coded: Option<String>,
    is_in_order: bool,
}

impl History {
    fn new() -> Result<Self, Box<dyn Error>> {
        let actors = ACTORS.iter().map(|code| code.parse());
        let pairs = ACTORS.len() * ACTORS.len();
        Ok(Self {
            chance: Chance(20_170_128),
            first_day: FIRST_DAY.parse()?,
            actors: actors.collect::<Result<_, _>>()?,
            codes: Code::all().collect(),
            sanctions: vec![None; pairs],
            agenda: vec![None; pairs * ITEMS.len()],
            last_coded: None,
            is_in_order: false,
        })
    }

    fn event(&mut self, seq: u64) -> Result<Record, Box<dyn Error>> {
        let today = (seq / EVENTS_A_DAY) as i32;
        let day = |days: i32| self.first_day.plus_days(days).unwrap_or(Day::LAST);
        let (date, recorded) = (day(today), day(today + 1));
        let late = day(today - LATE_BY_DAYS);
        let has_late = !self.is_in_order;
        let is_retracted = has_late && seq % RETRACTED_EVERY == 1;
        let mut draft = match self.last_coded.take_if(|_| is_retracted) {
            Some(id) => Draft {
                date: Some(recorded),
                act: Some(Act::Retraction),
                retracts: Some(id),
                ..Draft::default()
            },
            None if has_late && seq.is_multiple_of(LATE_EVERY) => Draft {
                date: Some(late),
                ..self.coded()
            },
            None => Draft {
                date: Some(date),
                evidence: vec![Evidence {
                    document: format!("The Gazette, {}", 1 + self.chance.below(40)),
                    published: Some(recorded),
                    locator: None,
                    url: None,
                }],
                ..match self.chance.below(1000) {
                    0..820 => self.coded(),
                    820..930 => self.statement(),
                    930..990 => self.call(),
                    _ => self.sanctions(),
                }
            },
        };
        let id = format!("{}-{seq}", draft.act.map_or("event", Act::name));
        if draft.act == Some(Act::Coded) {
            self.last_coded = Some(id.clone());
        }
        draft.id = Some(id);
        let record = check(draft).map_err(|misfits| format!("event {seq}: {misfits:?}"))?;
        Ok(record.placed(seq, recorded))
    }

    fn coded(&mut self) -> Draft {
        let [source, target, other] = self.actors();
        let code = self.codes[self.chance.below(self.codes.len())];
        let is_heard = self.chance.below(10) == 0;
        Draft {
            source: vec![self.actors[source]],
            target: vec![self.actors[target]],
            audience: Vec::from_iter(is_heard.then(|| self.actors[other])),
            act: Some(Act::Coded),
            code: Some(code),
            title: Some(code.row().name.to_owned()),
            ..Draft::default()
        }
    }

    fn statement(&mut self) -> Draft {
        let [source, target, _] = self.actors();
        Draft {
            source: vec![self.actors[source]],
            target: vec![self.actors[target]],
            act: Some(Act::Statement),
            tone: Some(TONES[self.chance.below(TONES.len())]),
            title: Some("A statement before the press".to_owned()),
            ..Draft::default()
        }
    }

    /// A call that moves one item of the agenda one step on.
    fn call(&mut self) -> Draft {
        let [source, target, _] = self.actors();
        let parties = [source.min(target), source.max(target)];
        let item = self.chance.below(ITEMS.len());
        let status = &mut self.agenda[pair(parties) * ITEMS.len() + item];
        let to = match status {
            None | Some(ItemStatus::Stalled) => ItemStatus::Raised,
            Some(ItemStatus::Raised) => ItemStatus::Agreed,
            Some(ItemStatus::Agreed) => ItemStatus::InProgress,
            Some(_) => ItemStatus::Stalled,
        };
        *status = Some(to);
        let parties = parties.map(|actor| self.actors[actor]).to_vec();
        Draft {
            source: parties.clone(),
            target: parties,
            act: Some(Act::Call),
            minutes: Some(10 + self.chance.below(60) as u32),
            agenda: vec![AgendaEntry {
                item: ITEMS[item].to_owned(),
                to,
                priority: Some(Priority::Normal),
            }],
            title: Some("A call".to_owned()),
            ..Draft::default()
        }
    }

    /// Sanctions of a source against a target, imposed, eased or lifted, whatever comes next.
    fn sanctions(&mut self) -> Draft {
        let [source, target, _] = self.actors();
        let last = &mut self.sanctions[pair([source, target])];
        let act = match last {
            None | Some(Act::SanctionsLifted) => Act::SanctionsImposed,
            Some(Act::SanctionsImposed) => Act::SanctionsEased,
            Some(_) => Act::SanctionsLifted,
        };
        *last = Some(act);
        let (source, target) = (self.actors[source], self.actors[target]);
        Draft {
            source: vec![source],
            target: vec![target],
            act: Some(act),
            measure: Some(format!("sanctions-{source}-{target}")),
            title: Some(format!("Sanctions of {source} against {target}")),
            ..Draft::default()
        }
    }

    /// Three different actors.
    fn actors(&mut self) -> [usize; 3] {
        let first = self.chance.below(ACTORS.len());
        let second = first + 1 + self.chance.below(ACTORS.len() - 2);
        let third = second + 1 + self.chance.below(ACTORS.len() - 1 - (second - first));
        [first, second, third].map(|place| place % ACTORS.len())
    }
}

const fn pair([first, second]: [usize; 2]) -> usize {
    first * ACTORS.len() + second
}

/// A linear congruential generator, with Knuth's constants: chance enough for a bench.
struct Chance(u64);

impl Chance {
    /// A number below the limit.
    const fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}
