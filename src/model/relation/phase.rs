//! The phase of a dyad: six bands of temperature, passed one by one and with hysteresis.

use super::temperature::{BOUND_DEGREES, Mark, Reading};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A band of temperature, a third of the bound wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Below -6.67 degrees.
    Confrontation,
    /// -6.67 to -3.33.
    Tension,
    /// -3.33 to 0.
    Discord,
    /// 0 to 3.33.
    Normal,
    /// 3.33 to 6.67.
    Good,
    /// Above 6.67.
    Friendly,
}

impl Phase {
    /// All phases, coldest first.
    pub const ALL: [Self; 6] = [
        Self::Confrontation,
        Self::Tension,
        Self::Discord,
        Self::Normal,
        Self::Good,
        Self::Friendly,
    ];

    /// The band a temperature lies in; a border belongs to the warmer one.
    #[must_use]
    pub fn of(temperature: f64) -> Self {
        Self::ALL
            .into_iter()
            .rev()
            .find(|phase| temperature >= phase.lower_border())
            .unwrap_or(Self::Confrontation)
    }

    /// The next phase on the way to where a temperature lies, once it is beyond the border by the
    /// hysteresis; `None` while the phase holds.
    #[must_use]
    #[inline]
    pub fn next(self, temperature: f64, hysteresis_degrees: f64) -> Option<Self> {
        if temperature < self.lower_border() - hysteresis_degrees {
            return self.colder();
        }
        let warmer = self.warmer()?;
        (temperature > warmer.lower_border() + hysteresis_degrees).then_some(warmer)
    }

    /// The least and the greatest temperature at which it holds, in degrees.
    #[must_use]
    #[inline]
    pub fn holds_between(self, hysteresis_degrees: f64) -> [f64; 2] {
        let colder = self.colder().map(|_| self.lower_border());
        let warmer = self.warmer().map(|warmer| warmer.lower_border());
        [
            colder.map_or(f64::NEG_INFINITY, |border| border - hysteresis_degrees),
            warmer.map_or(f64::INFINITY, |border| border + hysteresis_degrees),
        ]
    }

    const fn colder(self) -> Option<Self> {
        match self {
            Self::Confrontation => None,
            Self::Tension => Some(Self::Confrontation),
            Self::Discord => Some(Self::Tension),
            Self::Normal => Some(Self::Discord),
            Self::Good => Some(Self::Normal),
            Self::Friendly => Some(Self::Good),
        }
    }

    const fn warmer(self) -> Option<Self> {
        match self {
            Self::Confrontation => Some(Self::Tension),
            Self::Tension => Some(Self::Discord),
            Self::Discord => Some(Self::Normal),
            Self::Normal => Some(Self::Good),
            Self::Good => Some(Self::Friendly),
            Self::Friendly => None,
        }
    }

    /// The temperature at which the band begins, in degrees.
    #[must_use]
    pub const fn lower_border(self) -> f64 {
        /// Of each phase, from the coldest.
        const BORDERS: [f64; Phase::ALL.len()] = {
            let mut borders = [0.0; Phase::ALL.len()];
            let mut place = 0;
            while place < borders.len() {
                borders[place] = place as f64 * (BOUND_DEGREES / 3.0) - BOUND_DEGREES;
                place += 1;
            }
            borders
        };
        BORDERS[self as usize]
    }

    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confrontation => "confrontation",
            Self::Tension => "tension",
            Self::Discord => "discord",
            Self::Normal => "normal",
            Self::Good => "good",
            Self::Friendly => "friendly",
        }
    }
}

/// For each phase the balances between which it surely holds, so that most need not be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::model) struct Zones([[f64; 2]; Phase::ALL.len()]);

impl Zones {
    /// The zones by a reading and a hysteresis in degrees.
    #[must_use]
    pub(in crate::model) fn new(reading: Reading, hysteresis_degrees: f64) -> Self {
        Self(Phase::ALL.map(|phase| {
            let borders = phase.holds_between(hysteresis_degrees);
            let [[_, least], [most, _]] = borders.map(|it| Mark::new(it).sides(reading));
            [least, most]
        }))
    }

    /// The balances between which a phase surely holds.
    #[must_use]
    #[inline]
    pub(in crate::model) const fn of(&self, phase: Phase) -> [f64; 2] {
        self.0[phase as usize]
    }

    /// Whether a phase surely holds while the balance stays between two values.
    #[must_use]
    #[inline]
    pub(in crate::model) fn hold(&self, phase: Phase, [least, most]: [f64; 2]) -> bool {
        let [coldest, warmest] = self.0[phase as usize];
        coldest <= least && most <= warmest
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_band_is_a_third_of_the_bound_wide() {
        assert_eq!(Phase::of(-10.0), Phase::Confrontation);
        assert_eq!(Phase::of(-6.6), Phase::Tension);
        assert_eq!(Phase::of(-0.1), Phase::Discord);
        assert_eq!(Phase::of(0.0), Phase::Normal);
        assert_eq!(Phase::of(3.4), Phase::Good);
        assert_eq!(Phase::of(10.0), Phase::Friendly);
        assert_eq!(Phase::Normal.lower_border(), 0.0);
    }

    #[test]
    fn a_border_is_passed_only_beyond_the_hysteresis() {
        assert_eq!(Phase::Normal.next(-0.2, 0.25), None);
        assert_eq!(Phase::Normal.next(-0.3, 0.25), Some(Phase::Discord));
        assert_eq!(Phase::Discord.next(0.2, 0.25), None);
        assert_eq!(Phase::Discord.next(0.3, 0.25), Some(Phase::Normal));
    }

    #[test]
    fn a_phase_holds_where_none_is_next() {
        for phase in Phase::ALL {
            let [least, most] = phase.holds_between(0.25);
            for step in -1100..=1100 {
                let temperature = f64::from(step) / 100.0;
                let holds = least <= temperature && temperature <= most;
                assert_eq!(
                    holds,
                    phase.next(temperature, 0.25).is_none(),
                    "{phase} {step}"
                );
            }
        }
    }

    #[test]
    fn a_phase_holds_in_its_zone() {
        for (reading, hysteresis) in [
            (Reading::Bounded, 0.25),
            (Reading::Bounded, 4.0),
            (Reading::Stepwise, 0.25),
            (Reading::Stepwise, 4.0),
        ] {
            let zones = Zones::new(reading, hysteresis);
            for phase in Phase::ALL {
                let mut held = 0;
                for step in -40_000..=40_000 {
                    let balance = f64::from(step) / 1_000.0;
                    let next = phase.next(reading.of(balance), hysteresis);
                    let holds = zones.hold(phase, [balance; 2]);
                    assert!(!holds || next.is_none(), "{phase} {balance}");
                    held += u32::from(!holds && next.is_none());
                }
                // What is left out is next to nothing but where a border lies beyond the bounds.
                assert!(hysteresis > 1.0 || held <= 2, "{phase}: {held}");
            }
        }
    }

    #[test]
    fn borders_are_passed_one_by_one() {
        assert_eq!(Phase::Friendly.next(-10.0, 0.25), Some(Phase::Good));
        assert_eq!(Phase::Confrontation.next(10.0, 0.25), Some(Phase::Tension));
        assert_eq!(Phase::Confrontation.next(-10.0, 0.25), None);
        assert_eq!(Phase::Friendly.next(10.0, 0.25), None);
    }

    #[test]
    fn names_are_those_of_the_files() {
        for phase in Phase::ALL {
            assert_eq!(serde_json::to_value(phase).unwrap(), phase.name());
        }
        assert_eq!(
            format!("{:>7}|{}", Phase::Good, Phase::Normal),
            "   good|normal"
        );
    }
}
