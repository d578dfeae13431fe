//! Draws: chance that can be addressed, so that scenarios can be compared under the same luck.
//!
//! ChaCha is a counter cipher: any word of its stream can be read without those before. Each draw
//! has a stream of its own, ChaCha8 keyed by the BLAKE3 digest of the seed, the site, the purpose
//! and the occasion; run `r` takes the stream's 32-bit word `r`. So a draw depends on nothing else:
//! not on the order of draws, on other sites, on the number of runs or threads, nor on how often a
//! rule fired before.

use super::normal::truncated_normal;
use super::schema::{DelayDays, Spread};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a draw is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Which option of a chance node comes to pass.
    Choice,
    /// Whether a rule fires.
    Fire,
    /// After how many days what a rule causes happens.
    Delay,
    /// The value of an uncertain parameter.
    Value,
}

/// The luck of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Luck {
    /// What all draws of an ensemble come from.
    pub seed: u64,
    /// The number of the run, from 0.
    pub run: u64,
}

/// How many runs a stream draws for at once: as many words as four blocks of the cipher have.
const BLOCK: u64 = 64;

/// The draws of one address in all runs, drawn for a block of runs at a time.
#[derive(Clone, Debug)]
pub(in crate::scenario) struct Stream {
    site: Box<str>,
    purpose: Purpose,
    occasion: Box<str>,
    drawn: Option<Box<Drawn>>,
}

/// The words of a block of runs, with the cipher that goes on to other blocks.
#[derive(Clone, Debug)]
struct Drawn {
    seed: u64,
    cipher: ChaCha8Rng,
    block: u64,
    words: [u32; BLOCK as usize],
}

impl Stream {
    pub(in crate::scenario) fn new(site: &str, purpose: Purpose, occasion: &str) -> Self {
        Self {
            site: site.into(),
            purpose,
            occasion: occasion.into(),
            drawn: None,
        }
    }

    /// The same as [`Luck::unit`].
    pub(in crate::scenario) fn unit(&mut self, luck: Luck) -> f64 {
        let (block, place) = (luck.run / BLOCK, (luck.run % BLOCK) as usize);
        let drawn = self.drawn.get_or_insert_with(|| {
            let key = key(luck.seed, &self.site, self.purpose, &self.occasion);
            Box::new(Drawn::new(luck.seed, key, block))
        });
        if drawn.seed != luck.seed {
            let key = key(luck.seed, &self.site, self.purpose, &self.occasion);
            **drawn = Drawn::new(luck.seed, key, block);
        } else if drawn.block != block {
            drawn.draw(block);
        }
        unit(drawn.words[place])
    }
}

impl Drawn {
    fn new(seed: u64, key: [u8; 32], block: u64) -> Self {
        let mut drawn = Self {
            seed,
            cipher: ChaCha8Rng::from_seed(key),
            block,
            words: [0; BLOCK as usize],
        };
        drawn.draw(block);
        drawn
    }

    fn draw(&mut self, block: u64) {
        self.cipher.set_word_pos(u128::from(block * BLOCK));
        let mut bytes = [0; 4 * BLOCK as usize];
        self.cipher.fill_bytes(&mut bytes);
        for (word, bytes) in self.words.iter_mut().zip(bytes.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        self.block = block;
    }
}

/// What a word stands for: a number above 0 and below 1.
fn unit(word: u32) -> f64 {
    (f64::from(word) + 0.5) / 4_294_967_296.0
}

impl Luck {
    /// A number above 0 and below 1, `(word + 1/2) / 2^32`.
    ///
    /// `site` is the name of a chance node, rule or parameter; `occasion` is the id of the event
    /// that triggered a rule, and empty otherwise.
    #[must_use]
    pub fn unit(self, site: &str, purpose: Purpose, occasion: &str) -> f64 {
        let mut stream = ChaCha8Rng::from_seed(key(self.seed, site, purpose, occasion));
        stream.set_word_pos(self.run.into());
        unit(stream.next_u32())
    }
}

/// The key of a stream: the BLAKE3 digest of the seed as 8 bytes, little-endian, then of the three
/// texts, each behind its length in bytes as 8 bytes, little-endian.
fn key(seed: u64, site: &str, purpose: Purpose, occasion: &str) -> [u8; 32] {
    let mut digest = blake3::Hasher::new();
    digest.update(&seed.to_le_bytes());
    for text in [site, purpose.name(), occasion] {
        digest.update(&(text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    }
    *digest.finalize().as_bytes()
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Fire => "fire",
            Self::Delay => "delay",
            Self::Value => "value",
        }
    }
}

impl DelayDays {
    /// The number of days that a draw stands for: each from `from` to `to` is as probable as any
    /// other.
    #[must_use]
    pub fn at(self, unit: f64) -> i32 {
        let days = f64::from(self.to - self.from) + 1.0;
        // `unit` is below 1, so the last day is not passed.
        (self.from + libm::floor(unit * days) as u32) as i32
    }
}

impl Spread {
    /// The value that a draw stands for: the inverse of the distribution function, so that a
    /// greater draw never stands for a lesser value. `range` is what the parameter can be, to which
    /// a normal distribution is cut.
    #[must_use]
    pub fn at(&self, unit: f64, range: [f64; 2]) -> f64 {
        match self {
            Self::Uniform([least, greatest]) => least + unit * (greatest - least),
            Self::Triangular([least, mode, greatest]) => {
                let (span, below) = (greatest - least, mode - least);
                let above = greatest - mode;
                if unit * span < below {
                    least + libm::sqrt(unit * span * below)
                } else {
                    greatest - libm::sqrt((1.0 - unit) * span * above)
                }
            }
            Self::Normal([mean, deviation]) => truncated_normal(unit, *mean, *deviation, range),
            Self::Choice(values) => {
                let place = libm::floor(unit * values.len() as f64) as usize;
                values
                    .get(place)
                    .or(values.last())
                    .copied()
                    .unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_same_numbers_for_ever() {
        let unit =
            |seed, run, site, purpose, occasion| Luck { seed, run }.unit(site, purpose, occasion);
        let drawn = [
            unit(0, 0, "summit", Purpose::Choice, ""),
            unit(0, 1, "summit", Purpose::Choice, ""),
            unit(0, 4_294_967_296, "summit", Purpose::Choice, ""),
            unit(1, 0, "summit", Purpose::Choice, ""),
            unit(0, 0, "retaliate", Purpose::Fire, "round-two"),
            unit(0, 0, "retaliate", Purpose::Delay, "round-two"),
            unit(0, 0, "half_life_days", Purpose::Value, ""),
        ];
        let words = drawn.map(|unit| (unit * 4_294_967_296.0 - 0.5) as u32);
        let for_ever = [
            2_112_186_577,
            3_854_521_142,
            2_168_436_484,
            247_154_163,
            4_134_112_801,
            3_312_339_851,
            1_420_257_228,
        ];
        assert_eq!(words, for_ever);
    }

    #[test]
    fn no_two_addresses_share_a_stream() {
        let keys = [
            key(0, "a", Purpose::Fire, "b"),
            key(0, "a", Purpose::Delay, "b"),
            key(0, "ab", Purpose::Fire, ""),
            key(0, "", Purpose::Fire, "ab"),
            key(1, "a", Purpose::Fire, "b"),
        ];
        for (place, key) in keys.iter().enumerate() {
            assert!(!keys[..place].contains(key));
        }
    }

    #[test]
    fn a_run_reads_its_word_as_if_it_had_read_all_before() {
        let mut stream = ChaCha8Rng::from_seed(key(7, "site", Purpose::Choice, ""));
        for run in 0..100 {
            let word = f64::from(stream.next_u32());
            let unit = Luck { seed: 7, run }.unit("site", Purpose::Choice, "");
            assert_eq!(unit, (word + 0.5) / 4_294_967_296.0);
        }
    }

    #[test]
    fn delays_reach_both_ends_and_no_further() {
        let days = DelayDays { from: 3, to: 5 };
        let drawn = [0.0, 0.33, 0.34, 0.66, 0.67, 1.0 - f64::EPSILON].map(|unit| days.at(unit));
        assert_eq!(drawn, [3, 3, 4, 4, 5, 5]);
        assert_eq!(DelayDays { from: 4, to: 4 }.at(0.9), 4);
    }

    #[test]
    fn spreads_have_the_quantiles_of_their_distribution() {
        let gain = [0.0, 1.0];
        let uniform = Spread::Uniform([0.2, 0.4]);
        assert_eq!(uniform.at(0.5, gain), 0.2 + 0.5 * (0.4 - 0.2));
        let triangular = Spread::Triangular([0.0, 0.25, 1.0]);
        // F(mode) = (mode - least) / (greatest - least).
        assert!((triangular.at(0.25, gain) - 0.25).abs() < 1e-12);
        assert!((triangular.at(0.0625, gain) - 0.125).abs() < 1e-12);
        let choice = Spread::Choice(vec![0.1, 0.2, 0.3, 0.4]);
        assert_eq!(
            [0.1, 0.3, 0.6, 0.99].map(|unit| choice.at(unit, gain)),
            [0.1, 0.2, 0.3, 0.4]
        );
        // Far from both ends of the range, the quantiles of the normal distribution itself.
        let normal = Spread::Normal([0.5, 0.01]);
        assert!((normal.at(0.5, gain) - 0.5).abs() < 1e-12);
        assert!((normal.at(0.975, gain) - 0.519_599_639_845_400_5).abs() < 1e-12);
        // At the ends, within the legal range.
        let wide = Spread::Normal([0.0, 100.0]);
        assert!(wide.at(1e-9, gain) >= 0.0 && wide.at(1.0 - 1e-9, gain) <= 1.0);
    }
}
