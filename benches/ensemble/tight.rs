//! `scenarios/two-year-thaw.json` written out by hand: its dates, weights and reactions are in the
//! code, and nothing of it can be changed. It draws the same words, takes the same steps in the
//! same order and counts the same things as the ensemble, so that its time is about the least that
//! such a run can take.

use detente::model::temperature::fading;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::ops::Range;

pub(crate) const DATES: usize = 24;
pub(crate) const CELLS: usize = 2 * DATES;
pub(crate) const BINS: usize = 20_001;
const BLOCK: usize = 64;
const STREAMS: usize = 20;
const HYSTERESIS: f64 = 0.25;
/// That of words and that of the way to what stands.
const HALF_LIFE: f64 = 60.0;

/// Days since 1970-01-01.
const ANNEXATION: i32 = 16_147;
const SANCTIONS: i32 = 16_149;
const CALL: i32 = 17_194;
const UNTIL: i32 = 17_896;
const MONTH_ENDS: [i32; DATES] = [
    17_197, 17_225, 17_256, 17_286, 17_317, 17_347, 17_378, 17_409, 17_439, 17_470, 17_500, 17_531,
    17_562, 17_590, 17_621, 17_651, 17_682, 17_712, 17_743, 17_774, 17_804, 17_835, 17_865, UNTIL,
];

/// What the runs add up to. Cells are the month ends of EU-RUS, then those of RUS-USA.
pub(crate) struct Counts {
    pub(crate) runs: u64,
    pub(crate) bins: Vec<u32>,
    pub(crate) sums: [(i64, i128); CELLS],
    pub(crate) phases: [[u32; 6]; CELLS],
    pub(crate) lowest: Vec<u64>,
    pub(crate) confrontation: u64,
    pub(crate) no_better: u64,
    pub(crate) options: [[u64; 3]; 4],
    /// For moscow-expels, washington-adds and brussels-follows in how many runs, and how many
    /// events.
    pub(crate) rules: [(u64, u64); 3],
}

/// What one run came to.
pub(crate) struct Seen {
    pub(crate) temperatures: [f64; CELLS],
    pub(crate) phases: [u8; CELLS],
    pub(crate) confrontation: bool,
    pub(crate) no_better: bool,
    options: [usize; 4],
    rules: [u32; 3],
}

/// A dyad on the day of its last event.
#[derive(Clone, Copy)]
struct Dyad {
    words: f64,
    deeds: f64,
    standing: f64,
    tends_to: f64,
    t: f64,
    since: i32,
    phase: u8,
    read: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Expulsion(usize),
    Addition(usize),
    Follow,
}

struct Run<'a> {
    units: &'a [f64; STREAMS],
    deeds_half_life: f64,
    gain: f64,
    eu: Dyad,
    us: Dyad,
    /// How strongly the sanctions of 2014 stand, and how many later ones do.
    us_measures: (f64, u32),
    eu_measures: (f64, u32),
    /// What is due: day, place in order of firing, what.
    due: [(i32, usize, What); 8],
    waiting: usize,
    fired: usize,
    expelled: u32,
    added: (u32, i32),
    followed: u32,
    left: bool,
    seen: Seen,
}

pub(crate) struct Tight {
    streams: [ChaCha8Rng; STREAMS],
    units: Vec<[f64; STREAMS]>,
    pub(crate) counts: Counts,
}

fn border(phase: u8) -> f64 {
    f64::from(phase) * (10.0 / 3.0) - 10.0
}

/// The temperatures between which a phase goes on.
fn edges(phase: u8) -> (f64, f64) {
    let colder = if phase > 0 {
        border(phase) - HYSTERESIS
    } else {
        f64::NEG_INFINITY
    };
    let warmer = if phase < 5 {
        border(phase + 1) + HYSTERESIS
    } else {
        f64::INFINITY
    };
    (colder, warmer)
}

fn phase_on(mut phase: u8, t: f64) -> u8 {
    loop {
        let (colder, warmer) = edges(phase);
        if t < colder {
            phase -= 1;
        } else if t > warmer {
            phase += 1;
        } else {
            return phase;
        }
    }
}

fn reading(balance: f64) -> f64 {
    10.0 * balance / (10.0 * 10.0 + balance * balance).sqrt()
}

/// E of sanctions, and of the occupation as an audience feels it, added up in the order in which
/// they came.
fn felt((first, later): (f64, u32)) -> f64 {
    let count = first + f64::from(later);
    let power = if count == 0.0 || count == 1.0 {
        count
    } else {
        libm::pow(count, 0.7)
    };
    let mut sum = -1.0;
    if first > 0.0 {
        sum += -1.5 * power * (first / count);
    }
    for _ in 0..later {
        sum += -1.5 * power * (1.0 / count);
    }
    sum
}

impl Dyad {
    fn balance(&self) -> f64 {
        self.standing + (self.words + self.deeds)
    }

    fn after(&self, days: i32, deeds_half_life: f64) -> Self {
        let left = fading(days, HALF_LIFE);
        let behind = self.standing - self.tends_to;
        let mut after = *self;
        if behind != 0.0 {
            after.standing = self.tends_to + behind * left;
        }
        after.words *= left;
        if self.deeds != 0.0 {
            after.deeds *= fading(days, deeds_half_life);
        }
        after.t = reading(after.balance());
        after
    }

    /// The phase after a wait that ends so, and the coldest on the way. Where a border may be
    /// passed at all each day comes from the day before, since the temperature may turn on the way.
    fn phase_after(&self, end: &Self, days: i32, deeds_half_life: f64) -> (u8, u8) {
        let behind = self.standing - self.tends_to;
        let least = self.standing.min(end.standing)
            + (self.words.min(end.words) + self.deeds.min(end.deeds));
        let most = self.standing.max(end.standing)
            + (self.words.max(end.words) + self.deeds.max(end.deeds));
        let (mut phase, mut coldest) = (self.phase, self.phase);
        let (mut colder, mut warmer) = edges(phase);
        if reading(least) >= colder && reading(most) <= warmer {
            return (phase, coldest);
        }
        let (left, deeds_left) = (fading(1, HALF_LIFE), fading(1, deeds_half_life));
        let (mut quick, mut slow) = (behind + self.words, self.deeds);
        for _ in 0..days {
            quick *= left;
            slow *= deeds_left;
            let t = reading(self.tends_to + quick + slow);
            if t < colder || t > warmer {
                phase = phase_on(phase, t);
                coldest = coldest.min(phase);
                (colder, warmer) = edges(phase);
            }
        }
        (phase, coldest)
    }

    /// Waits until a day, and says whether the lowest phase was passed through.
    fn wait(
        &mut self,
        day: i32,
        deeds_half_life: f64,
        temperatures: &mut [f64],
        phases: &mut [u8],
    ) -> bool {
        self.read_before(day, deeds_half_life, temperatures, phases);
        let days = day - self.since;
        let mut coldest = self.phase;
        if days > 0 {
            let phase;
            let end = self.after(days, deeds_half_life);
            (phase, coldest) = self.phase_after(&end, days, deeds_half_life);
            *self = end;
            self.phase = phase;
            self.since = day;
        }
        coldest == 0
    }

    fn take(&mut self, impact: f64, is_deed: bool) {
        if is_deed {
            self.deeds += impact;
        } else {
            self.words += impact;
        }
        self.t = reading(self.balance());
        self.phase = phase_on(self.phase, self.t);
    }

    fn read_before(
        &mut self,
        day: i32,
        deeds_half_life: f64,
        temperatures: &mut [f64],
        phases: &mut [u8],
    ) {
        while self.read < DATES && MONTH_ENDS[self.read] < day {
            let days = MONTH_ENDS[self.read] - self.since;
            if days > 0 {
                let end = self.after(days, deeds_half_life);
                temperatures[self.read] = end.t;
                phases[self.read] = self.phase_after(&end, days, deeds_half_life).0;
            } else {
                temperatures[self.read] = self.t;
                phases[self.read] = self.phase;
            }
            self.read += 1;
        }
    }
}

impl Run<'_> {
    fn us_waits(&mut self, day: i32) {
        let cells = DATES..CELLS;
        let lowest = self.us.wait(
            day,
            self.deeds_half_life,
            &mut self.seen.temperatures[cells.clone()],
            &mut self.seen.phases[cells],
        );
        self.seen.confrontation |= lowest && self.left;
    }

    fn us(&mut self, day: i32, weight: f64, is_deed: bool) {
        self.us_waits(day);
        if weight != 0.0 {
            self.us.take(self.gain * weight, is_deed);
        }
        self.seen.confrontation |= self.us.phase == 0 && self.left;
    }

    fn eu(&mut self, day: i32, weight: f64, is_deed: bool) {
        self.eu.wait(
            day,
            self.deeds_half_life,
            &mut self.seen.temperatures[..DATES],
            &mut self.seen.phases[..DATES],
        );
        self.eu.take(self.gain * weight, is_deed);
    }

    fn tend(&mut self) {
        self.us.tends_to = felt(self.us_measures);
        self.eu.tends_to = felt(self.eu_measures);
    }

    fn later(&mut self, day: i32, unit: f64, from: i32, to: i32, what: What) {
        let day = day + from + (unit * f64::from(to - from + 1)) as i32;
        if day > UNTIL {
            return;
        }
        let mut place = self.waiting;
        while place > 0 && (self.due[place - 1].0, self.due[place - 1].1) < (day, self.fired) {
            self.due[place] = self.due[place - 1];
            place -= 1;
        }
        self.due[place] = (day, self.fired, what);
        self.waiting += 1;
        self.fired += 1;
    }

    /// What sanctions of the United States set off, the first or those that were added.
    fn imposed(&mut self, day: i32, stage: usize) {
        if stage < 2 && self.units[6 + 2 * stage] < 0.8 && self.expelled < 2 && self.us.t < -1.0 {
            self.expelled += 1;
            let unit = self.units[7 + 2 * stage];
            self.later(day, unit, 3, 30, What::Expulsion(stage));
        }
        if self.units[14 + 2 * stage] < 0.3 && self.followed < 1 {
            self.followed += 1;
            self.later(day, self.units[15 + 2 * stage], 20, 90, What::Follow);
        }
    }

    fn reactions_before(&mut self, until: i32) {
        while self.waiting > 0 && self.due[self.waiting - 1].0 < until {
            self.waiting -= 1;
            let (day, _, what) = self.due[self.waiting];
            match what {
                What::Expulsion(stage) => {
                    self.us(day, -7.0, true);
                    self.seen.rules[0] += 1;
                    let (times, last) = self.added;
                    if self.units[10 + 2 * stage] < 0.4
                        && !(times > 0 && day - last < 30)
                        && times < 2
                    {
                        self.added = (times + 1, day);
                        let unit = self.units[11 + 2 * stage];
                        self.later(day, unit, 14, 60, What::Addition(stage + 1));
                    }
                }
                What::Addition(stage) => {
                    self.us(day, -8.0, true);
                    self.us_measures.1 += 1;
                    self.tend();
                    self.seen.rules[1] += 1;
                    self.imposed(day, stage);
                }
                What::Follow => {
                    self.eu(day, -8.0, true);
                    self.eu_measures.1 += 1;
                    self.tend();
                    self.seen.rules[2] += 1;
                }
            }
        }
    }

    fn play(&mut self) {
        self.us(ANNEXATION, -9.5 * 0.5, true);
        self.eu(ANNEXATION, -9.5 * 0.5, true);
        self.tend();
        self.us(SANCTIONS, -8.0, true);
        self.eu(SANCTIONS, -8.0, true);
        (self.us_measures, self.eu_measures) = ((1.0, 0), (1.0, 0));
        self.tend();
        self.us(CALL, 1.0, false);
        self.us(CALL, 4.0, false);
        self.us(CALL, 4.0, false);
        self.left = true;
        self.seen.confrontation = self.us.phase == 0;
        self.us(17_214, 1.0, false);
        self.eu(17_234, -2.0, false);
        self.us(17_268, 2.8, false);
        self.us(17_309, 4.0, false);
        self.us(17_337, -2.0, false);
        let unit = self.units[0];
        let option = usize::from(unit >= 0.5) + usize::from(unit >= 0.5 + 0.3);
        self.seen.options[0] = option;
        self.us(17_354, [2.8, 0.0, -5.0][option], false);
        self.us(17_380, -8.0, true);
        self.us_measures.1 += 1;
        self.tend();
        self.imposed(17_380, 0);
        self.reactions_before(17_428);
        self.eu(17_428, 2.8, false);
        self.reactions_before(17_481);
        self.us(17_481, 1.0, false);
        self.reactions_before(17_514);
        if self.units[1] < 0.7 {
            self.eu(17_514, -0.4, false);
        } else {
            self.seen.options[1] = 1;
            self.eu(17_514, 7.0 * 0.5, true);
            self.eu_measures.0 = 0.5;
            self.tend();
        }
        self.reactions_before(17_560);
        self.us(17_560, -4.4, false);
        self.reactions_before(17_616);
        if self.units[2] < 0.4 {
            self.eu(17_616, -7.0, true);
            self.us(17_616, -7.0, true);
        } else {
            self.seen.options[2] = 1;
        }
        self.reactions_before(17_641);
        self.us(17_641, 0.4, false);
        self.reactions_before(17_675);
        self.eu(17_675, 1.0, false);
        self.reactions_before(17_709);
        self.us(17_709, 2.8, false);
        self.reactions_before(17_728);
        let unit = self.units[3];
        let option = usize::from(unit >= 0.3) + usize::from(unit >= 0.3 + 0.4);
        self.seen.options[3] = option;
        if option < 2 {
            self.us(17_728, [8.0, 2.8][option], option == 0);
        }
        self.reactions_before(17_780);
        self.eu(17_780, -2.0, false);
        self.reactions_before(17_860);
        self.eu(17_860, -2.0, false);
        self.us(17_860, -2.0, false);
        self.reactions_before(UNTIL + 1);
        let (eu, us) = self.seen.temperatures.split_at_mut(DATES);
        let (eu_phases, us_phases) = self.seen.phases.split_at_mut(DATES);
        let deeds = self.deeds_half_life;
        self.eu.read_before(UNTIL + 1, deeds, eu, eu_phases);
        self.us.read_before(UNTIL + 1, deeds, us, us_phases);
        let days = UNTIL - self.us.since;
        let (_, coldest) = self
            .us
            .phase_after(&self.us.after(days, deeds), days, deeds);
        self.seen.confrontation |= coldest == 0;
        self.seen.no_better = us[DATES - 1] < -2.66;
    }
}

impl Tight {
    pub(crate) fn new(seed: u64) -> Self {
        let first = "new-round";
        let [m0, m1] = [
            "moscow-expels",
            "moscow-expels@washington-adds@moscow-expels",
        ];
        let m0 = format!("{m0}@{first}");
        let w1 = format!("washington-adds@{m0}");
        let m1 = format!("{m1}@{first}");
        let w2 = format!("washington-adds@{m1}");
        let addresses: [(&str, &str, &str); STREAMS] = [
            ("summit", "choice", ""),
            ("review", "choice", ""),
            ("incident", "choice", ""),
            ("second-summit", "choice", ""),
            ("gain", "value", ""),
            ("half_life_deeds_days", "value", ""),
            ("moscow-expels", "fire", first),
            ("moscow-expels", "delay", first),
            ("moscow-expels", "fire", &w1),
            ("moscow-expels", "delay", &w1),
            ("washington-adds", "fire", &m0),
            ("washington-adds", "delay", &m0),
            ("washington-adds", "fire", &m1),
            ("washington-adds", "delay", &m1),
            ("brussels-follows", "fire", first),
            ("brussels-follows", "delay", first),
            ("brussels-follows", "fire", &w1),
            ("brussels-follows", "delay", &w1),
            ("brussels-follows", "fire", &w2),
            ("brussels-follows", "delay", &w2),
        ];
        Self {
            streams: addresses.map(|address| stream(seed, address)),
            units: vec![[0.0; STREAMS]; BLOCK],
            counts: Counts {
                runs: 0,
                bins: vec![0; CELLS * BINS],
                sums: [(0, 0); CELLS],
                phases: [[0; 6]; CELLS],
                lowest: vec![u64::MAX; 2 * BINS],
                confrontation: 0,
                no_better: 0,
                options: [[0; 3]; 4],
                rules: [(0, 0); 3],
            },
        }
    }

    /// Plays runs, counts them and shows each.
    pub(crate) fn play(&mut self, runs: Range<u64>, mut show: impl FnMut(&Seen)) {
        for first in runs.clone().step_by(BLOCK) {
            for (place, stream) in self.streams.iter_mut().enumerate() {
                stream.set_word_pos(first.into());
                for units in &mut self.units {
                    units[place] = (f64::from(stream.next_u32()) + 0.5) / 4_294_967_296.0;
                }
            }
            let last = (first + BLOCK as u64).min(runs.end);
            for run in first..last {
                let seen = played(&self.units[(run - first) as usize]);
                self.counts.count(run, &seen);
                show(&seen);
            }
        }
    }
}

fn played(units: &[f64; STREAMS]) -> Seen {
    let dyad = Dyad {
        words: 0.0,
        deeds: 0.0,
        standing: 0.0,
        tends_to: 0.0,
        t: 0.0,
        since: ANNEXATION,
        phase: 3,
        read: 0,
    };
    let unit = units[5];
    let mut run = Run {
        units,
        gain: 0.1 + units[4] * (0.2 - 0.1),
        deeds_half_life: if unit * (730.0 - 180.0) < 365.0 - 180.0 {
            180.0 + libm::sqrt(unit * (730.0 - 180.0) * (365.0 - 180.0))
        } else {
            730.0 - libm::sqrt((1.0 - unit) * (730.0 - 180.0) * (730.0 - 365.0))
        },
        eu: dyad,
        us: dyad,
        us_measures: (0.0, 0),
        eu_measures: (0.0, 0),
        due: [(0, 0, What::Follow); 8],
        waiting: 0,
        fired: 0,
        expelled: 0,
        added: (0, 0),
        followed: 0,
        left: false,
        seen: Seen {
            temperatures: [0.0; CELLS],
            phases: [0; CELLS],
            confrontation: false,
            no_better: false,
            options: [0; 4],
            rules: [0; 3],
        },
    };
    run.play();
    run.seen
}

fn stream(seed: u64, (site, purpose, occasion): (&str, &str, &str)) -> ChaCha8Rng {
    let mut digest = blake3::Hasher::new();
    digest.update(&seed.to_le_bytes());
    for text in [site, purpose, occasion] {
        digest.update(&(text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    }
    ChaCha8Rng::from_seed(*digest.finalize().as_bytes())
}

impl Counts {
    fn count(&mut self, run: u64, seen: &Seen) {
        self.runs += 1;
        for (cell, (&t, &phase)) in seen.temperatures.iter().zip(&seen.phases).enumerate() {
            // As the ensemble has it: what is outside is none of a bounded model.
            let bin = ((t + 10.0) * 1000.0 + 0.5) as usize;
            self.bins[cell * BINS + bin] += 1;
            self.phases[cell][usize::from(phase)] += 1;
            let fixed = t * 4_294_967_296.0;
            let fixed = (fixed + (0.5 - 0.25 * f64::EPSILON).copysign(fixed)) as i64;
            let (sum, squares) = &mut self.sums[cell];
            *sum += fixed;
            *squares += i128::from(fixed) * i128::from(fixed);
            if cell % DATES == DATES - 1 {
                let lowest = &mut self.lowest[cell / DATES * BINS + bin];
                *lowest = run.min(*lowest);
            }
        }
        self.confrontation += u64::from(seen.confrontation);
        self.no_better += u64::from(seen.no_better);
        for (options, &option) in self.options.iter_mut().zip(&seen.options) {
            options[option] += 1;
        }
        for ((runs, events), &caused) in self.rules.iter_mut().zip(&seen.rules) {
            *runs += u64::from(caused > 0);
            *events += u64::from(caused);
        }
    }
}
