//! Ranges: how far from 0 temperatures are counted one by one.
//!
//! In a bounded model that is the scale. In one without bounds it is found from what is drawn: the
//! first runs are played once, and twice the farthest temperature that they come to is rounded up
//! to 100, 1,000, 10,000 and so on. They are the first runs of the whole ensemble, whichever are
//! asked for, so that all parts of an ensemble have the same range. What a later run has beyond it
//! is counted beside.

use super::distribution::UNBOUNDED_DEGREES;
use crate::error::Result;
use crate::model::{Day, Dyad, Observer, Step, temperature::BOUND_DEGREES};
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::Luck;
use crate::scenario::play::player::{Past, Player};
use crate::scenario::play::watcher::{Happening, Moment, Watcher};

/// How many runs are played to find a range.
const RUNS: u64 = 64;

/// Half the range of temperatures of some dyads from a day on, in degrees.
pub(super) fn range_degrees(
    scenario: &Scenario,
    dyads: &[Dyad],
    first: Option<Day>,
    seed: u64,
) -> f64 {
    if scenario.model.saturation() {
        return BOUND_DEGREES;
    }
    let mut player = Player::new(scenario).told_from(first).only(dyads);
    let world = player.moment().world;
    let mut widest = Widest {
        dyads: vec![false; world.dyads().len()],
        degrees: 0.0,
    };
    for dyad in dyads.iter().filter_map(|&dyad| world.find_dyad(dyad)) {
        widest.dyads[usize::from(dyad)] = true;
    }
    let runs = if scenario.hazards.are_there() {
        RUNS
    } else {
        1
    };
    for run in 0..runs {
        // A run that cannot be played to its end says so when it is counted.
        if player
            .play(Luck { seed, run }, Past::Skipped, &mut widest)
            .is_err()
        {
            break;
        }
    }
    let mut range = UNBOUNDED_DEGREES;
    while range < 2.0 * widest.degrees {
        range *= 10.0;
    }
    range
}

/// The farthest from 0 that some dyads come, in degrees.
struct Widest {
    dyads: Vec<bool>,
    degrees: f64,
}

impl Observer for Widest {
    fn stepped(&mut self, step: Step) {
        // What a reaction first brings up stands behind those that are looked at.
        if self.dyads.get(usize::from(step.dyad)) == Some(&true) {
            let ends = [step.before, step.waited, step.after];
            self.degrees = ends.into_iter().map(f64::abs).fold(self.degrees, f64::max);
        }
    }
}

impl Watcher for Widest {
    fn waited(&mut self, _: &Moment<'_>, _: Day, _: bool, _: &[usize]) {}

    fn passed(&mut self, _: &Happening<'_>, _: &Moment<'_>) -> Result<()> {
        Ok(())
    }
}
