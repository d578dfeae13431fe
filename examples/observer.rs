//! Replay with an observer of one's own: how far the warmth of each dyad was moved, all steps added
//! up.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use detente::error::Result;
use detente::history::{Fold, RECORDED, Scope, survey, timeline};
use detente::model::{Change, DyadIx, Model, Observer, Step};
use std::collections::HashMap;

/// What an observer keeps is its own affair; the model only tells it what happens.
#[derive(Default)]
struct Way {
    /// The degrees of all impacts on a dyad, in either direction.
    degrees: HashMap<DyadIx, f64>,
    /// How often any dyad passed the border of a phase.
    borders: u32,
}

impl Observer for Way {
    fn stepped(&mut self, step: Step) {
        *self.degrees.entry(step.dyad).or_default() += (step.after - step.waited).abs();
    }

    fn changed(&mut self, change: Change) {
        self.borders += u32::from(matches!(change, Change::Phase { .. }));
    }
}

/// The longest ways, and how many borders were passed.
fn longest(number: usize) -> Result<(Vec<(String, f64)>, u32)> {
    let log = survey(RECORDED, Scope::default(), |_, _| {})?;
    let model = Model::default();
    let (mut fold, mut way) = (Fold::new(&model), Way::default());
    for record in timeline(RECORDED, &log)? {
        fold.watch(&record, &mut way);
    }
    let dyads = fold.folded().world.dyads();
    let degrees = |dyad: &DyadIx| way.degrees.get(dyad).copied().unwrap_or_default();
    let mut ways: Vec<(String, f64)> = dyads
        .iter()
        .map(|(dyad, index)| (dyad.to_string(), degrees(index)))
        .collect();
    ways.sort_by(|one, other| other.1.total_cmp(&one.1));
    ways.truncate(number);
    Ok((ways, way.borders))
}

fn main() -> Result<()> {
    let (ways, borders) = longest(3)?;
    for (dyad, degrees) in ways {
        println!("{dyad} was moved by {degrees:.2} degrees in all");
    }
    println!("{borders} borders of phases were passed");
    Ok(())
}

#[test]
fn russia_and_the_united_states_went_the_longest_way() -> Result<()> {
    let (ways, borders) = longest(3)?;
    assert_eq!(ways[0].0, "RUS-USA");
    assert!(ways.is_sorted_by(|one, other| one.1 >= other.1));
    assert!(borders > 0);
    main()
}
