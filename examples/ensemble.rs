//! An ensemble: many runs of a scenario with chance in it, counted, and one of them told alone.
#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use detente::scenario::{Luck, Plan, middle_of, run};
use detente::store;
use detente::threads::Control;
use std::error::Error;
use std::num::NonZero;
use std::path::Path;

const SEED: u64 = 2018;

fn main() -> Result<(), Box<dyn Error>> {
    let scenarios = [store::scenario(Path::new(
        "scenarios/summit-by-chance.json",
    ))?];
    let dyad = "RUS-USA".parse()?;
    let plan = Plan::new(&scenarios, SEED, 0..2_000, &[dyad])?;
    // Threads change no byte of the result.
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let ensemble = plan.play(threads, &Control::default())?;
    let tally = &ensemble.tallies[0];
    for ((id, _), held) in scenarios[0].questions.iter().zip(&tally.outcomes) {
        println!("{id} holds in {held} of {} runs", tally.runs);
    }
    // The dates of one dyad stand together; the last one is the scenario's last day.
    if let Some(last) = tally.cells.last() {
        let range_degrees = plan.ranges_degrees[0];
        for permille in [50, 500, 950] {
            if let Some(bin) = last.bins.quantile(permille) {
                let degrees = middle_of(bin, range_degrees);
                println!("{permille:3} of 1000 runs end at {degrees:.1} degrees or colder");
            }
        }
    }
    // Run 7 of the ensemble is this very run.
    let told = run(&scenarios[0], Luck { seed: SEED, run: 7 }, |_, _| Ok(()))?;
    println!("run 7 drew {:?}", told.drawn.chance);
    Ok(())
}

#[test]
fn an_ensemble_is_the_same_on_any_number_of_threads() -> Result<(), Box<dyn Error>> {
    let scenarios = [store::scenario(Path::new(
        "scenarios/summit-by-chance.json",
    ))?];
    let plan = Plan::new(&scenarios, SEED, 0..500, &[])?;
    let [alone, together] = [1, 3].map(|threads| plan.play(threads, &Control::default()));
    let (alone, together) = (alone?, together?);
    assert_eq!(alone.runs, 500);
    assert_eq!(alone.tallies[0].outcomes, together.tallies[0].outcomes);
    main()
}
