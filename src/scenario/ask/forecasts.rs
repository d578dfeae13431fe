//! A ledger of forecasts: what scenarios said before it was known, and what became of it. Lines are
//! chained like those of a log, so that nobody can have known better afterwards.
//!
//! A line is a forecast or the resolution of one, with its number and the day on which it was
//! recorded. Lines are only added.

use super::score::{Score, ScoredOutcome, Verdict};
use crate::error::{BadEnsemble, BadFile, BadLog, Error, Fault, Result};
use crate::history::{
    Chain, Digest, Ending, FAULT_LIMIT, LINE_LIMIT, Lines, Next, begins_like_a_line,
};
use crate::json::of_bytes;
use crate::model::{Day, Dyad, Settings};
use crate::scenario::ensemble::distribution::middle_of;
use crate::scenario::ensemble::plan::Plan;
use crate::scenario::ensemble::tally::Ensemble;
use serde::{Deserialize, Serialize};

/// The percentiles of a fan that are kept, in thousandths.
const PERMILLES: [u64; 5] = [50, 250, 500, 750, 950];

/// A ledger that was read and verified.
#[derive(Clone, Debug, Default)]
pub struct Forecasts {
    /// Its lines.
    pub entries: Vec<Entry>,
    /// The chain of the last line.
    pub head: Chain,
    /// How many bytes its whole lines have.
    pub bytes: u64,
    /// How it ends.
    pub ending: Ending,
}

/// A line of a ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, from 1.
    pub seq: u64,
    /// The day on which it was recorded.
    pub recorded: Day,
    /// A forecast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
    /// Or what became of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
}

/// What a scenario said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// What happens instead, in a line.
    pub title: String,
    /// Its file.
    pub scenario: String,
    /// The BLAKE3 digest of its file.
    pub digest: String,
    /// The chain of the last line of the log at the root.
    pub base_head: String,
    /// The digests of the scenarios between that log and this one.
    pub base_scenarios: Vec<String>,
    /// The model, before uncertain parameters are drawn.
    pub model: Settings,
    /// The seed of its chances.
    pub seed: u64,
    /// How many runs it was played.
    pub runs: u64,
    /// Its last day.
    pub until: Day,
    /// The version of the program.
    pub detente: String,
    /// Its answers.
    pub outcomes: Vec<KeptOutcome>,
    /// Its temperatures.
    pub fans: Vec<Fan>,
}

/// In how many runs an outcome holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptOutcome {
    /// The outcome.
    pub id: String,
    /// Its deadline, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Day>,
    /// In how many runs it holds.
    pub holds_in: u64,
}

/// The temperatures of a dyad at the end of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fan {
    /// The dyad.
    pub dyad: Dyad,
    /// The day.
    pub date: Day,
    /// Their mean, in degrees.
    pub mean: f64,
    /// Their 5th, 25th, 50th, 75th and 95th percentile, in degrees; nothing outside the range.
    pub percentiles: [Option<f64>; 5],
}

/// What became of a forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// The number of the forecast.
    pub of: u64,
    /// The log that it was held against.
    pub log: String,
    /// The chain of its last line.
    pub log_head: String,
    /// The day until which the log tells everything.
    pub complete_until: Day,
    /// The version of the program.
    pub detente: String,
    /// Its outcomes.
    pub outcomes: Vec<Resolved>,
    /// Its temperatures.
    pub fans: Vec<ResolvedFan>,
}

/// What became of an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// The outcome.
    pub id: String,
    /// Whether it came to be; nothing where the log does not decide it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened: Option<bool>,
    /// Since when, for one with a deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_on: Option<Day>,
    /// Why the log does not decide it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undecided: Option<String>,
    /// The Brier score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brier: Option<f64>,
    /// The logarithmic score in nats; nothing where it is infinite, since what happened was said to
    /// be impossible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_score: Option<f64>,
}

/// What became of a fan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolvedFan {
    /// The dyad.
    pub dyad: Dyad,
    /// The day.
    pub date: Day,
    /// The temperature that the log gives, in degrees.
    pub observed: f64,
    /// The continuous ranked probability score, in degrees.
    pub crps: f64,
}

/// What was done with what is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is a new line of that number.
    As(u64),
    /// It stood there already, on the line of that number.
    Before(u64),
}

impl Forecast {
    /// What a scenario of a plan said.
    #[must_use]
    pub fn of(plan: &Plan<'_>, ensemble: &Ensemble, place: usize) -> Option<Self> {
        let scenario = plan.scenarios.get(place)?;
        let tally = ensemble.tallies.get(place)?;
        let range_degrees = *plan.ranges_degrees.get(place)?;
        let outcomes = scenario.questions.iter().zip(&tally.outcomes);
        let fork_day = scenario.fork_day()?;
        let mut fans = Vec::new();
        for (dyad_place, &dyad) in plan.dyads.iter().enumerate() {
            for (date_place, &date) in plan.dates.iter().enumerate() {
                let cell = tally
                    .cells
                    .get(dyad_place * plan.dates.len() + date_place)?;
                if fork_day < date && date <= scenario.until {
                    let percentile = |permille| {
                        let bin = cell.bins.quantile(permille)?;
                        Some(middle_of(bin, range_degrees))
                    };
                    fans.push(Fan {
                        dyad,
                        date,
                        mean: cell.sums.mean(),
                        percentiles: PERMILLES.map(percentile),
                    });
                }
            }
        }
        let base = &scenario.base;
        Some(Self {
            title: scenario.title.clone(),
            scenario: scenario.name.clone(),
            digest: scenario.digest.clone(),
            base_head: base.head.to_string(),
            base_scenarios: base.lineage.iter().map(|it| it.digest.clone()).collect(),
            model: Settings::of(&scenario.model),
            seed: plan.seed,
            runs: tally.runs,
            until: scenario.until,
            detente: env!("CARGO_PKG_VERSION").to_owned(),
            outcomes: outcomes
                .map(|((id, question), &holds_in)| KeptOutcome {
                    id: id.clone(),
                    by: question.by,
                    holds_in,
                })
                .collect(),
            fans,
        })
    }

    /// Whether another is of the same scenario, wherever its file is, and of the same luck.
    fn is_of(&self, other: &Self) -> bool {
        let what = |it: &Self| {
            let digests = (it.digest.clone(), it.base_head.clone());
            (digests, it.base_scenarios.clone(), it.seed, it.runs)
        };
        what(self) == what(other)
    }

    /// Whether another says the same, as far as both say anything.
    fn agrees(&self, other: &Self) -> bool {
        let fan = |of: &Fan| {
            let is_it = |it: &&Fan| (it.dyad, it.date) == (of.dyad, of.date);
            other.fans.iter().find(is_it)
        };
        let mut fans = self.fans.iter();
        self.outcomes == other.outcomes && fans.all(|own| fan(own).is_none_or(|it| it == own))
    }

    /// Whether another is the same, whatever its file is called.
    fn is_same(&self, other: &Self) -> bool {
        let renamed = Self {
            scenario: other.scenario.clone(),
            ..self.clone()
        };
        renamed == *other
    }
}

impl Resolution {
    /// What became of a forecast whose scenario was scored.
    fn of(
        (seq, forecast): (u64, &Forecast),
        (score, place): (&Score, usize),
        (log, log_head, complete_until): (&str, Chain, Day),
    ) -> Self {
        let scored = &score.scenarios[place];
        let outcome = |it: &ScoredOutcome| Resolved {
            id: it.id.clone(),
            happened: it.verdict.happened(),
            first_on: match &it.verdict {
                Verdict::Happened(day) => *day,
                _ => None,
            },
            undecided: match &it.verdict {
                Verdict::Undecided(why) => Some(why.clone()),
                _ => None,
            },
            brier: it.brier.map(|[own, _]| own),
            log_score: it
                .log_score
                .map(|[own, _]| own)
                .filter(|score| score.is_finite()),
        };
        let is_kept = |dyad, date| {
            let mut fans = forecast.fans.iter();
            fans.any(|fan| (fan.dyad, fan.date) == (dyad, date))
        };
        let fans = scored.fans.iter();
        let fans = fans.filter(|fan| is_kept(fan.dyad, fan.date));
        Self {
            of: seq,
            log: log.to_owned(),
            log_head: log_head.to_string(),
            complete_until,
            detente: env!("CARGO_PKG_VERSION").to_owned(),
            outcomes: scored.outcomes.iter().map(outcome).collect(),
            fans: fans
                .map(|fan| ResolvedFan {
                    dyad: fan.dyad,
                    date: fan.date,
                    observed: fan.observed,
                    crps: fan.crps,
                })
                .collect(),
        }
    }
}

impl Forecasts {
    /// Reads a ledger and verifies it: its chain, its numbers, the order of recording, and that
    /// each resolution is of a forecast.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut ledger = Self::default();
        let mut lines = Lines::new(bytes);
        let mut faults = Vec::new();
        // A crash may have torn the first line, too; what does not begin like one is another file.
        let mut may_be_one = true;
        loop {
            let number = lines.number() + 1;
            let next = lines.advance().map_err(|error| BadFile::Io {
                doing: "read",
                error,
            })?;
            match next {
                Next::End => break,
                Next::Torn(tail) => {
                    may_be_one = begins_like_a_line(tail);
                    ledger.ending.torn = Some(tail.into());
                    break;
                }
                Next::Damaged(tail) => {
                    faults.push(Fault::on_line(number, tail.damage(ledger.head)));
                    break;
                }
                Next::TooLong => {
                    let kind = BadLog::LineTooLong { limit: LINE_LIMIT };
                    faults.push(Fault::on_line(number, kind));
                    break;
                }
                Next::Line(line) => {
                    ledger.take(line, number, &mut faults);
                    // What does not begin like one is another file, of which not every line is
                    // told.
                    if number == 1 && ledger.entries.is_empty() {
                        break;
                    }
                }
            }
        }
        ledger.bytes = lines.bytes();
        ledger.ending.lacks_line_feed = !lines.is_ended();
        Error::check(faults, FAULT_LIMIT)?;
        if ledger.entries.is_empty() && !may_be_one {
            let says = "it does not begin with a line of one".to_owned();
            return Err(BadEnsemble::NotALedger { says }.into());
        }
        Ok(ledger)
    }

    fn take(&mut self, line: &[u8], number: u64, faults: &mut Vec<Fault>) {
        let Some((body, found)) = Chain::split(line) else {
            let says = "the line does not end in its chain".to_owned();
            faults.push(Fault::on_line(number, BadEnsemble::NotALedger { says }));
            return;
        };
        let expected = self.head.next(Digest::of(body));
        if expected != found {
            let [expected, found] = [expected, found].map(|chain| chain.to_string());
            faults.push(Fault::on_line(
                number,
                BadLog::BrokenChain { expected, found },
            ));
        }
        // From what the line says, so that only lines that are off are told.
        self.head = found;
        let whole = [body, b"}"].concat();
        let entry = match of_bytes::<Entry>(&whole) {
            Ok(entry) => entry,
            Err(error) => {
                let says =
                    format!("the line is neither a forecast nor what became of one ({error})");
                faults.push(Fault::on_line(number, BadEnsemble::NotALedger { says }));
                return;
            }
        };
        if entry.seq != number {
            let (expected, found) = (number, Some(entry.seq));
            faults.push(Fault::on_line(number, BadLog::WrongSeq { expected, found }));
        }
        if let Some(last) = self.entries.last().map(|last| last.recorded)
            && entry.recorded < last
        {
            let (found, before) = (entry.recorded, last);
            faults.push(Fault::on_line(
                number,
                BadLog::RecordedEarlier { found, before },
            ));
        }
        let of = entry.resolution.as_ref().map(|it| it.of);
        let is_of_forecast = of.is_none_or(|of| self.forecast(of).is_some());
        if entry.forecast.is_some() == entry.resolution.is_some() || !is_of_forecast {
            let says = "a line is a forecast, or the resolution of one before it".to_owned();
            faults.push(Fault::on_line(number, BadEnsemble::NotALedger { says }));
        }
        self.entries.push(entry);
    }

    fn forecast(&self, seq: u64) -> Option<&Forecast> {
        let entry = self.entries.iter().find(|entry| entry.seq == seq)?;
        entry.forecast.as_ref()
    }

    /// The forecasts, each with its number and the day on which it was recorded.
    pub fn forecasts(&self) -> impl Iterator<Item = (u64, Day, &Forecast)> {
        let forecast = |entry: &'_ Entry| (entry.seq, entry.recorded);
        self.entries.iter().filter_map(move |entry| {
            let (seq, recorded) = forecast(entry);
            Some((seq, recorded, entry.forecast.as_ref()?))
        })
    }

    /// The resolutions of a forecast, each with the day on which it was recorded.
    pub fn resolutions(&self, of: u64) -> impl Iterator<Item = (Day, &Resolution)> {
        let resolved = self
            .entries
            .iter()
            .filter_map(|entry| Some((entry.recorded, entry.resolution.as_ref()?)));
        resolved.filter(move |(_, resolution)| resolution.of == of)
    }

    /// Keeps a forecast, unless it stands there already; the line that is new is added to `lines`.
    ///
    /// # Errors
    /// When it would be recorded before the last line, or its line would be too long.
    pub fn keep(&mut self, forecast: Forecast, recorded: Day, lines: &mut Vec<u8>) -> Result<Kept> {
        let before = self.forecasts().find(|(.., it)| it.is_same(&forecast));
        if let Some((seq, ..)) = before {
            return Ok(Kept::Before(seq));
        }
        let entry = Entry {
            seq: self.entries.len() as u64 + 1,
            recorded,
            forecast: Some(forecast),
            resolution: None,
        };
        self.add(entry, lines)
    }

    /// Resolves every forecast of a scenario that was scored.
    ///
    /// # Errors
    /// When none of it was kept, when it said something else then, or as [`Self::keep`].
    pub fn resolve(
        &mut self,
        said: &Forecast,
        scored: (&Score, usize),
        against: (&str, Chain, Day),
        recorded: Day,
        lines: &mut Vec<u8>,
    ) -> Result<Vec<Kept>> {
        let of_it = self.forecasts().filter(|(.., it)| it.is_of(said));
        let of_it: Vec<_> = of_it.map(|(seq, _, it)| (seq, it.clone())).collect();
        if of_it.is_empty() {
            let scenario = said.scenario.clone();
            return Err(BadEnsemble::NoForecast { scenario }.into());
        }
        let mut kept = Vec::new();
        for (seq, forecast) in of_it {
            if !forecast.agrees(said) {
                let scenario = said.scenario.clone();
                let detente = forecast.detente;
                return Err(BadEnsemble::OtherAnswers {
                    scenario,
                    seq,
                    detente,
                }
                .into());
            }
            let resolution = Resolution::of((seq, &forecast), scored, against);
            let mut entries = self.entries.iter();
            let is_it = |entry: &&Entry| entry.resolution.as_ref() == Some(&resolution);
            if let Some(before) = entries.find(is_it) {
                kept.push(Kept::Before(before.seq));
                continue;
            }
            let entry = Entry {
                seq: self.entries.len() as u64 + 1,
                recorded,
                forecast: None,
                resolution: Some(resolution),
            };
            kept.push(self.add(entry, lines)?);
        }
        Ok(kept)
    }

    fn add(&mut self, entry: Entry, lines: &mut Vec<u8>) -> Result<Kept> {
        if let Some(last) = self.entries.last().map(|last| last.recorded)
            && entry.recorded < last
        {
            let found = entry.recorded;
            let bring = 0;
            return Err(BadLog::RecordedBeforeLast { found, last, bring }.into());
        }
        let too_long = || BadLog::LineTooLong { limit: LINE_LIMIT };
        let mut line = serde_json::to_vec(&entry).map_err(|_| too_long())?;
        // The closing brace comes back behind the chain.
        line.pop();
        let head = self.head.next(Digest::of(&line));
        head.close(&mut line);
        if line.len() > LINE_LIMIT {
            return Err(too_long().into());
        }
        line.push(b'\n');
        lines.extend_from_slice(&line);
        self.head = head;
        let seq = entry.seq;
        self.entries.push(entry);
        Ok(Kept::As(seq))
    }
}
