//! Ensembles held to what is known of them: each run is the run that is shown, exact trees and
//! closed forms are met, pairs differ by what the formula says, what explains all is found, and
//! parts of it make the whole.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente::history::{Every, Record, Window, compile};
use detente::model::{Day, Dyad, Model, Observer, Phase, Relation, State, World, evolve};
use detente::scenario::{
    By, Cell, Ensemble, Grid, Luck, Plan, Scenario, Share, Sums, Sweep, Tally, exact,
    explained_end, explained_outcome, middle_of, records, run,
};
use detente::store;
use detente::threads::Control;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

/// The shipped scenarios in which anything is drawn.
fn shipped_by_chance() -> Vec<Scenario> {
    let files = std::fs::read_dir("scenarios").unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort_unstable();
    let is_scenario = |path: &&std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        path.extension().is_some_and(|it| it == "json") && name != "scenario.schema.json"
    };
    let scenarios = paths.iter().filter(is_scenario);
    let scenarios = scenarios.map(|path| store::scenario(path).unwrap());
    let by_chance: Vec<_> = scenarios.filter(|it| it.hazards.are_there()).collect();
    assert!(by_chance.len() >= 4);
    by_chance
}

/// The temperature after an impact where saturation is stepwise.
fn push(temperature: f64, impact: f64) -> f64 {
    temperature + impact * (1.0 - impact.signum() * temperature / 10.0)
}

/// A scenario on the recorded history, from its end on.
fn scenario(fields: &Value) -> Scenario {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("scenario.json");
    std::fs::write(&path, written(fields).to_string()).unwrap();
    store::scenario(&path).unwrap()
}

fn written(fields: &Value) -> Value {
    let mut scenario = json!({
        "title": "A trial", "base": "recorded", "fork": {"after": "us-au-call"}, "until": "2018-12-31", "seed": 7,
    });
    let fields = fields.as_object().unwrap().clone();
    scenario.as_object_mut().unwrap().extend(fields);
    scenario
}

/// A statement of Russia on the United States with an impact in degrees.
fn statement(id: &str, date: &str, impact: f64) -> Value {
    json!({"id": id, "date": date, "source": ["RUS"], "target": ["USA"], "act": "statement",
        "impact": impact, "reason": "a test"})
}

fn node(id: &str, date: &str, options: &[(&str, f64, f64)]) -> Value {
    let options = options.iter().map(|(label, probability, impact)| {
        let events = if *impact == 0.0 {
            json!([])
        } else {
            json!([statement(label, date, *impact)])
        };
        json!({"label": label, "probability": probability, "events": events})
    });
    json!({"id": id, "date": date, "options": options.collect::<Vec<_>>()})
}

fn rus_usa() -> Dyad {
    "RUS-USA".parse().unwrap()
}

/// What all runs have in common is forgotten once it was played. Where the model is drawn it is
/// played again in each run, and nothing of it is forgotten.
#[test]
fn what_is_forgotten_of_the_past_is_missed_by_nothing() {
    let rule = |id: &str, source: &str, of: &str| {
        json!({"id": id, "when": {"act": "statement", "source": "RUS"}, "then": {
            "act": "readout", "of": of, "source": [source], "target": ["RUS"]}})
    };
    let mut led = statement("led", "2018-03-01", -0.5);
    led["caused_by"] = "us-ru-call".into();
    let mut fields = json!({
        "edits": [{"insert": led}, {"insert": statement("said", "2018-04-01", 0.5)}],
        "chance": [node("chance", "2018-02-01", &[("warm", 0.5, 1.0), ("cold", 0.5, -1.0)])],
        "rules": [
            rule("told", "USA", "us-ru-call"),
            rule("not-there", "CHN", "us-ru-call"),
        ],
        "outcomes": [{"id": "low", "by": "2018-12-31",
            "when": {"temperature": {"dyad": "RUS-USA", "below": -3.0}}}],
    });
    let short = scenario(&fields);
    let gain = Model::default().value("gain").unwrap();
    fields["uncertain"] = json!({"gain": {"choice": [gain]}});
    let scenarios = [short.clone(), scenario(&fields), short];
    let plan = Plan::new(&scenarios, 7, 0..40, &[rus_usa()]).unwrap();
    let ensemble = plan.play(2, &Control::default()).unwrap();
    let [one, whole, other] = &ensemble.tallies[..] else {
        panic!("there are three scenarios")
    };
    let events: Vec<_> = one.rules.iter().map(|rule| rule.events).collect();
    assert!(events[0] >= 80 && events[1] == 0, "{events:?}");
    assert!(one.rules[1].illegal.values().sum::<u64>() >= 80);
    let told = |tally: &Tally| {
        let mut told = serde_json::to_value(tally).unwrap();
        // The parameter is one of these.
        told.as_object_mut().unwrap().remove("inputs").unwrap();
        told
    };
    assert_eq!(told(one), told(whole));
    assert_eq!(told(one), told(other));
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn ensemble(scenarios: &[Scenario], runs: Range<u64>) -> Ensemble {
    let seed = scenarios[0].hazards.seed;
    let plan = Plan::new(scenarios, seed, runs, &[]).unwrap();
    plan.play(2, &Control::default()).unwrap()
}

fn tally(scenario: &Scenario, runs: Range<u64>) -> Tally {
    let mut ensemble = ensemble(std::slice::from_ref(scenario), runs);
    ensemble.tallies.remove(0)
}

/// The temperatures of dyads at the end of some dates, from the events of a run, folded one by one.
fn folded(records: &[Record], model: &Model, dyads: &[Dyad], dates: &[Day]) -> Vec<Vec<f64>> {
    let mut world = World::new();
    let events: Vec<_> = records
        .iter()
        .map(|record| (record.date(), compile(record, &mut world)))
        .collect();
    let read = |dyad: &Dyad, date: &Day| {
        let mut state = State::default();
        state.fit(&world, model);
        for (day, event) in events.iter().filter(|(day, _)| day <= date) {
            evolve(&mut state, &world, event, *day, model, &mut ());
        }
        let index = world.find_dyad(*dyad);
        index.map_or(model.baseline(*dyad), |index| {
            state.relation(index).read_on(*date, model).0
        })
    };
    dyads
        .iter()
        .map(|dyad| dates.iter().map(|date| read(dyad, date)).collect())
        .collect()
}

#[test]
fn each_run_of_an_ensemble_is_the_run_that_is_shown() {
    for scenario in shipped_by_chance() {
        let seed = scenario.hazards.seed;
        let plan = Plan::new(std::slice::from_ref(&scenario), seed, 0..1, &[]).unwrap();
        for number in [0, 1, 2, 3, 5, 8, 13, 511, 512, 100_000] {
            let luck = Luck { seed, run: number };
            let tally = tally(&scenario, number..number + 1);
            let (events, model) = records(&scenario, luck).unwrap();
            let shown = folded(&events, &model, &plan.dyads, &plan.dates).concat();
            for (cell, degrees) in tally.cells.iter().zip(shown) {
                let mut sums = Sums::default();
                sums.take(degrees);
                assert_eq!(cell.sums, sums, "{} run {number}", scenario.name);
            }
            let told = run(&scenario, luck, |_, _| Ok(())).unwrap();
            let answers = told
                .answers
                .iter()
                .map(|(_, answer)| u64::from(answer.holds));
            assert!(
                answers.eq(tally.outcomes.iter().copied()),
                "{} run {number}",
                scenario.name
            );
            let nodes = told
                .drawn
                .chance
                .iter()
                .zip(&scenario.hazards.chances)
                .zip(&tally.options);
            for (((_, label), node), counts) in nodes {
                let options = node
                    .options
                    .iter()
                    .map(|option| u64::from(Some(&option.label) == label.as_ref()));
                assert!(
                    options.eq(counts.iter().copied()),
                    "{} run {number}",
                    scenario.name
                );
            }
            let reactions = events
                .iter()
                .filter(|event| event.id().contains('@'))
                .count() as u64;
            let counted: u64 = tally.rules.iter().map(|rule| rule.events).sum();
            assert_eq!(reactions, counted, "{} run {number}", scenario.name);
        }
    }
}

/// Whoever is told of every step and border, as the run is that is shown.
struct Everything;

impl Observer for Everything {}

/// How a run stands at the end of each date in each dyad, from its events, folded once.
fn read_along(
    (records, model): &(Vec<Record>, Model),
    dyads: &[Dyad],
    dates: &[Day],
) -> Vec<Vec<(f64, Option<Phase>)>> {
    let mut world = World::new();
    let compiled = records
        .iter()
        .map(|it| (it.date(), compile(it, &mut world)));
    let events: Vec<_> = compiled.collect();
    let mut state = State::default();
    state.fit(&world, model);
    let mut coming = events.iter().peekable();
    let mut read = vec![Vec::new(); dyads.len()];
    for date in dates {
        while let Some((day, event)) = coming.next_if(|(day, _)| day <= date) {
            evolve(&mut state, &world, event, *day, model, &mut Everything);
        }
        for (dyad, read) in dyads.iter().zip(&mut read) {
            let relation = match world.find_dyad(*dyad) {
                Some(index) => *state.relation(index),
                None => Relation::at_start(model.baseline(*dyad), model),
            };
            read.push(relation.read_on(*date, model));
        }
    }
    read
}

/// `ENSEMBLE_RUNS=10000 cargo test --release --test command ensembles::` takes as many.
#[test]
fn an_ensemble_adds_up_the_runs_that_are_shown() {
    let runs = std::env::var("ENSEMBLE_RUNS").map_or(300, |runs| runs.parse().unwrap());
    let bench = store::scenario(Path::new("benches/ensemble/standard.json")).unwrap();
    for scenario in shipped_by_chance().into_iter().chain([bench]) {
        let (seed, name) = (scenario.hazards.seed, &scenario.name);
        let scenarios = std::slice::from_ref(&scenario);
        let plan = Plan::new(scenarios, seed, 0..runs, &[]).unwrap();
        let counted = plan.play(2, &Control::default()).unwrap();
        let range = *plan.ranges_degrees.first().unwrap();
        let tally = &counted.tallies[0];
        let mut cells = vec![Cell::default(); tally.cells.len()];
        let mut held = vec![0; tally.outcomes.len()];
        let mut caused = vec![(0, 0); tally.rules.len()];
        for number in 0..runs {
            let luck = Luck { seed, run: number };
            let mut of_rules = vec![0_u64; caused.len()];
            let told = run(&scenario, luck, |happening, told| {
                if let (By::Rule(rule), Some(_)) = (happening.by, told) {
                    of_rules[usize::from(rule)] += 1;
                }
                Ok(())
            });
            for (held, (_, answer)) in held.iter_mut().zip(told.unwrap().answers) {
                *held += u64::from(answer.holds);
            }
            for (caused, events) in caused.iter_mut().zip(of_rules) {
                *caused = (caused.0 + u64::from(events > 0), caused.1 + events);
            }
            let played = records(&scenario, luck).unwrap();
            let read = read_along(&played, &plan.dyads, &plan.dates).concat();
            if number < runs.min(1_000) {
                // Sums leave off what is less than 2^-32 of a degree; a sweep of one point does
                // not.
                let one = Grid::new(Vec::new()).unwrap();
                let sweep = Sweep::new(scenario.clone(), None, one, luck, 1, &plan.dyads);
                let every = Some(Every::Dates(plan.dates.clone()));
                let window = Window {
                    every,
                    ..Window::default()
                };
                let told =
                    sweep
                        .unwrap()
                        .within(&window)
                        .unwrap()
                        .read(0..1, 1, &Control::default());
                let told = told.unwrap().remove(0).temperatures;
                assert!(
                    told.into_iter()
                        .eq(read.iter().map(|(degrees, _)| *degrees))
                );
            }
            for (cell, (degrees, phase)) in cells.iter_mut().zip(read) {
                cell.bins.count(degrees, range);
                cell.sums.take(degrees);
                if let Some(phase) = phase {
                    cell.phases[phase as usize] += 1;
                }
            }
        }
        for (place, (own, counted)) in cells.iter().zip(&tally.cells).enumerate() {
            assert_eq!(own.sums, counted.sums, "{name}: cell {place}");
            assert_eq!(own.phases, counted.phases, "{name}: cell {place}");
            assert!(own.bins == counted.bins, "{name}: cell {place}");
        }
        assert_eq!(held, tally.outcomes, "{name}");
        let counted = tally.rules.iter().map(|rule| (rule.runs, rule.events));
        assert!(counted.eq(caused), "{name}");
    }
}

#[test]
fn drawing_comes_to_what_the_whole_tree_comes_to() {
    const RUNS: u64 = 20_000;
    let nested = scenario(&json!({
        "chance": [
            node("first", "2017-03-01", &[("warm", 0.3, 2.0), ("cold", 0.6, -3.0), ("never", 0.0, 9.0), ("calm", 0.1, 0.0)]),
            {"id": "second", "after": {"event": "warm", "days": 40}, "options": [
                {"label": "more", "probability": 0.5, "events": [
                    {"id": "more", "after": {"event": "warm", "days": 40}, "source": ["USA"], "target": ["RUS"], "act": "statement", "impact": 2, "reason": "a test"}]},
                {"label": "less", "probability": 0.5, "events": []}]},
            node("third", "2018-02-01", &[("late", 0.25, 1.0), ("not", 0.75, 0.0)]),
        ],
        "outcomes": [
            {"id": "ever", "when": {"temperature": {"dyad": "RUS-USA", "above": 0.5}}, "by": "2018-12-31"},
            {"id": "end", "when": {"temperature": {"dyad": "RUS-USA", "below": -4.8}}}],
    }));
    let mut walked = 0;
    for scenario in shipped_by_chance().into_iter().chain([nested]) {
        let plan = Plan::new(std::slice::from_ref(&scenario), 0, 0..0, &[]).unwrap();
        let Ok(exact) = exact(&plan, 0) else { continue };
        walked += 1;
        let tally = tally(&scenario, 0..RUNS);
        for (&count, &probability) in tally.outcomes.iter().zip(&exact.outcomes) {
            let Share { low, high, .. } = Share::of(count, RUNS);
            assert!(
                low <= probability + 1e-12 && probability <= high + 1e-12,
                "{}: {probability} is not in {low} to {high}",
                scenario.name
            );
        }
        let options = tally
            .options
            .concat()
            .into_iter()
            .zip(exact.options.concat());
        for (count, probability) in options {
            let Share { low, high, .. } = Share::of(count, RUNS);
            assert!(
                (low..=high).contains(&probability),
                "{}: {probability}",
                scenario.name
            );
        }
        for (cell, spectrum) in tally.cells.iter().zip(&exact.cells) {
            let [low, high] = cell.sums.interval().unwrap();
            let mean = spectrum.mean();
            assert!(
                low - 1e-9 <= mean && mean <= high + 1e-9,
                "{}: {mean} is not in {low} to {high}",
                scenario.name
            );
            let shares = cell.phases.iter().zip(spectrum.phases);
            for (&count, probability) in shares {
                // There are many of them: four standard deviations instead of two.
                let error = 4.0 * (probability * (1.0 - probability) / RUNS as f64).sqrt();
                let share = count as f64 / RUNS as f64;
                assert!(
                    (share - probability).abs() <= error + 1e-9,
                    "{}: {share}, not {probability}",
                    scenario.name
                );
            }
        }
    }
    assert!(walked >= 2, "{walked}");
}

#[test]
fn a_tree_has_only_the_branches_that_are_drawn() {
    let tree = |chance: Value| {
        let scenario = scenario(&json!({"chance": chance}));
        let plan = Plan::new(std::slice::from_ref(&scenario), 0, 0..0, &[]).unwrap();
        exact(&plan, 0).unwrap()
    };
    let coin = |id: &str, date: &str| {
        node(
            id,
            date,
            &[(&format!("{id}-heads"), 0.5, 1.0), ("tails", 0.5, 0.0)],
        )
    };
    assert_eq!(
        tree(json!([coin("a", "2017-03-01"), coin("b", "2017-04-01")])).branches,
        4
    );
    // The second is drawn only after heads, though it stands first in the file.
    let mut second = coin("b", "2017-04-01");
    second.as_object_mut().unwrap().remove("date");
    second["after"] = json!({"event": "a-heads", "days": 31});
    second["options"][0]["events"][0]
        .as_object_mut()
        .unwrap()
        .remove("date");
    second["options"][0]["events"][0]["after"] = json!({"event": "a-heads", "days": 31});
    let exact = tree(json!([second, coin("a", "2017-03-01")]));
    assert_eq!(exact.branches, 3);
    assert_eq!(exact.options, [[0.25, 0.25], [0.5, 0.5]]);
    let end = exact.cells.last().unwrap();
    let total: f64 = end.phases.iter().sum();
    assert!((total - 1.0).abs() < 1e-12);
    // Thirds are written with a few digits; what is left is the last one's, as in drawing.
    let third = |label, impact| (label, 0.333_333_4, impact);
    let thirds = node(
        "c",
        "2017-03-01",
        &[third("x", 1.0), third("y", -1.0), third("z", 0.0)],
    );
    assert_eq!(
        tree(json!([thirds])).options,
        [[0.333_333_4, 0.333_333_4, 1.0 - 2.0 * 0.333_333_4]]
    );
}

#[test]
fn a_probability_known_in_closed_form_is_met_within_its_interval_at_a_million_runs() {
    const RUNS: u64 = 1_000_000;
    // Two coins of 0.3 and one of 0.5: two or more of them with 0.3 * 0.3 * 0.5 + 0.3 * 0.3 * 0.5 +
    // 2 * 0.3 * 0.7 * 0.5.
    let coin =
        |id: &str, date: &str, p: f64| node(id, date, &[(id, p, 2.0), ("not", 1.0 - p, 0.0)]);
    let scenario = scenario(&json!({
        "model": {"preset": "stepwise", "half_life_days": "none", "standing_sanctions_degrees": 0, "standing_occupation_degrees": 0,
            "standing_occupation_audience_degrees": 0, "gain": 0},
        "chance": [coin("a", "2017-03-01", 0.3), coin("b", "2017-04-01", 0.3), coin("c", "2017-05-01", 0.5)],
        "until": "2017-05-31",
        "outcomes": [{"id": "two", "when": {"temperature": {"dyad": "RUS-USA", "above": 3}}}],
    }));
    let tally = tally(&scenario, 0..RUNS);
    let probability = 0.045 + 0.045 + 0.21;
    let Share { low, high, .. } = Share::of(tally.outcomes[0], RUNS);
    assert!(
        low < probability && probability < high,
        "{probability} is not in {low} to {high}"
    );
    assert!(high - low < 0.002);
    // From 0, each coin moves by 2 * (1 - T / 10) without fading.
    let three = push(push(2.0, 2.0), 2.0);
    let mean = 0.245 * 0.0
        + (2.0 * 0.3 * 0.7 * 0.5 + 0.7 * 0.7 * 0.5) * 2.0
        + (0.3 * 0.3 * 0.5 + 2.0 * 0.3 * 0.7 * 0.5) * push(2.0, 2.0)
        + 0.045 * three;
    let [low, high] = tally.cells.last().unwrap().sums.interval().unwrap();
    assert!(
        low < mean && mean < high,
        "{mean} is not in {low} to {high}"
    );
}

#[test]
fn a_pair_that_differs_in_one_event_has_the_difference_of_the_formula_in_every_run() {
    let fields = json!({
        "model": {"preset": "stepwise"},
        "chance": [node("a", "2017-06-01", &[("warm", 0.5, 2.0), ("cold", 0.5, -4.0)])],
        "uncertain": {"half_life_days": {"uniform": [60, 400]}, "gain": {"triangular": [0.1, 0.3, 0.5]}},
    });
    let one = scenario(&fields);
    let mut with = fields;
    with["edits"] = json!([{"insert": statement("once", "2018-06-30", 1.5)}]);
    let two = scenario(&with);
    let (on, until) = (day("2018-06-30"), day("2018-12-31"));
    let dyads = [rus_usa()];
    let mut expected = Sums::default();
    for run in 0..300 {
        let luck = Luck { seed: 7, run };
        let (events, model) = records(&one, luck).unwrap();
        let at = folded(&events, &model, &dyads, &[on, until]).concat();
        let (events, _) = records(&two, luck).unwrap();
        let end = folded(&events, &model, &dyads, &[until]).concat()[0];
        let pushed = push(at[0], 1.5) - at[0];
        let formula =
            pushed * libm::exp2(-f64::from(until.days_since(on)) / model.half_life_deeds_days());
        assert!((end - at[1] - formula).abs() < 1e-12, "run {run}");
        expected.take(end - at[1]);
    }
    let paired = ensemble(&[one, two], 0..300);
    let gap = paired.differences[0].sums.last().unwrap();
    // The ensemble waits in the same steps, but for where one side reads and the other does not.
    assert!((gap.mean() - expected.mean()).abs() < 1e-9);
    assert!((gap.variance() - expected.variance()).abs() < 1e-9);
    assert_eq!(paired.differences[0].warmer[0], [300, 0]);
    let Some(bin) = paired.differences[0].bins.last().unwrap().quantile(500) else {
        panic!("outside");
    };
    assert!((middle_of(bin, 20.0) - gap.mean()).abs() < 0.5);
}

#[test]
fn what_explains_how_runs_differ_is_found() {
    const RUNS: u64 = 20_000;
    // Without fading and saturation, impacts add: 3 * 3 * 1/4 of one coin, 1 * 1 * 1/4 of the
    // other.
    let coin =
        |id: &str, date: &str, impact: f64| node(id, date, &[(id, 0.5, impact), ("not", 0.5, 0.0)]);
    let scenario = scenario(&json!({
        "model": {"preset": "goldstein-decay", "half_life_days": "none"},
        "chance": [coin("much", "2017-03-01", 3.0), coin("little", "2017-04-01", 1.0)],
        "uncertain": {"eased_share": {"uniform": [0.2, 0.8]}},
        "outcomes": [{"id": "much", "when": {"temperature": {"dyad": "RUS-USA", "above": 2.5}}}],
    }));
    let tally = tally(&scenario, 0..RUNS);
    let end = &tally.cells.last().unwrap().sums;
    let dyad = tally.inputs[0][0].ends.len() - 1;
    let share = |input: usize| explained_end(&tally.inputs[input], dyad, end).unwrap();
    // Uncertain parameters come first. The error of a share is about 1 / sqrt(runs).
    for (input, expected) in [(0, 0.0), (1, 0.9), (2, 0.1)] {
        assert!(
            (share(input) - expected).abs() < 0.01,
            "{input}: {}",
            share(input)
        );
    }
    let classes: Vec<_> = tally.inputs.iter().map(Vec::len).collect();
    assert_eq!(classes, [20, 3, 3]);
    // It holds if and only if the first coin is warm.
    let of_outcome = |input: usize| explained_outcome(&tally.inputs[input], 0).unwrap();
    assert!((of_outcome(1) - 1.0).abs() < 1e-9);
    assert!(of_outcome(2) < 0.01);
}

/// A scenario without bounds whose dyad goes far beyond the scale, and may go farther by chance and
/// by rules.
fn far_out(impact: f64) -> Value {
    let many = (1..=25).map(|day| {
        let statement = statement(&format!("s{day}"), &format!("2017-03-{day:02}"), impact);
        json!({"insert": statement})
    });
    json!({
        "model": {"preset": "goldstein-decay", "spillover": 0.5},
        "edits": many.collect::<Vec<_>>(),
        "chance": [node("coin", "2017-04-01", &[("warm", 0.5, 9.0), ("cold", 0.5, -9.0)])],
        "rules": [{"id": "echo", "when": {"act": "statement"}, "probability": 0.5, "at_most": 3,
            "delay_days": {"from": 1, "to": 9},
            "then": {"source": ["USA"], "target": ["RUS"], "act": "statement", "impact": impact, "reason": "a test"}}],
        "uncertain": {"half_life_days": {"triangular": [20, 30, 4000]}},
        "until": "2017-12-31",
    })
}

#[test]
fn what_lies_far_beyond_the_scale_has_percentiles_too() {
    let scenarios = [
        scenario(&far_out(9.0)),
        scenario(&far_out(-9.0)),
        scenario(&json!({"until": "2017-12-31"})),
    ];
    let plan = Plan::new(&scenarios, 7, 0..1000, &[rus_usa()]).unwrap();
    assert_eq!(plan.ranges_degrees, [1000.0, 1000.0, 10.0]);
    let all = plan.play(2, &Control::default()).unwrap();
    for tally in &all.tallies {
        assert!(tally.cells.iter().all(|cell| cell.bins.outside() == [0, 0]));
    }
    let march = plan
        .dates
        .iter()
        .position(|date| *date == day("2017-03-31"));
    let march = &all.tallies[0].cells[march.unwrap()];
    assert!(march.sums.mean() > 100.0, "{}", march.sums.mean());
    let median = middle_of(march.bins.quantile(500).unwrap(), 1000.0);
    assert!((median - march.sums.mean()).abs() < 30.0, "{median}");
    // Differences lie in the range of both, also those from one with a narrower range.
    for difference in &all.differences {
        let mut bins = difference.bins.iter();
        assert!(bins.all(|bins| bins.outside() == [0, 0]));
    }
    let reversed = [scenarios[2].clone(), scenarios[0].clone()];
    let reversed = ensemble(&reversed, 0..1000);
    for bins in &reversed.differences[0].bins {
        assert_eq!(bins.outside(), [0, 0]);
    }
}

#[test]
fn a_range_is_that_of_what_can_happen_and_no_wider_than_a_power_of_ten() {
    let range = |fields: &Value| {
        let scenario = scenario(fields);
        let plan = Plan::new(std::slice::from_ref(&scenario), 7, 0..1, &[rus_usa()]).unwrap();
        plan.ranges_degrees[0]
    };
    let model = json!({"preset": "goldstein-decay"});
    assert_eq!(range(&json!({})), 10.0);
    assert_eq!(range(&json!({"model": model})), 100.0);
    // Each reaction sets off the next on the same day, and all their names make the id of the last.
    let echo = |at_most: u32| {
        json!({"model": model, "edits": [{"insert": statement("spark", "2017-03-01", 9.0)}],
            "rules": [{"id": "e", "when": {"act": "statement"}, "at_most": at_most,
                "then": {"source": ["USA"], "target": ["RUS"], "act": "statement", "impact": 9.0, "reason": "a test"}}]})
    };
    assert_eq!(
        [echo(2), echo(50), echo(100)].map(|it| range(&it)),
        [100.0, 1000.0, 10_000.0]
    );
    // What fades between two events does not add up, and warm and cold ones take away from each
    // other.
    let monthly = |half_life: Value, impact: fn(u32) -> f64| {
        let statements = (3..=12).flat_map(|month| {
            [1, 2].map(|day| {
                let (id, date) = (format!("s{month}-{day}"), format!("2017-{month:02}-0{day}"));
                json!({"insert": statement(&id, &date, impact(day))})
            })
        });
        json!({"model": {"preset": "goldstein-decay", "half_life_days": half_life},
            "edits": statements.collect::<Vec<_>>()})
    };
    let (warm, turned) = (|_| 9.0, |day| if day == 1 { 9.0 } else { -9.0 });
    assert_eq!(range(&monthly(json!(30), warm)), 100.0);
    assert_eq!(range(&monthly(json!("none"), warm)), 1000.0);
    assert_eq!(range(&monthly(json!("none"), turned)), 100.0);
}

/// The program in a folder.
fn detente(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.current_dir(folder).args(arguments);
    command
}

#[test]
fn shards_that_processes_ran_at_once_make_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let fields = json!({"chance": [node("a", "2017-06-01", &[("warm", 0.5, 2.0), ("cold", 0.5, -4.0)])],
        "uncertain": {"gain": {"uniform": [0.2, 0.4]}}});
    std::fs::write(path.join("it.json"), written(&fields).to_string()).unwrap();
    let command = ["ensemble", "it.json", "--runs", "5003"];
    let shards = (1..=4).map(|shard| {
        let (shard, part) = (format!("{shard}/4"), format!("part-{shard}.json"));
        let options = ["--shard", &shard, "-o", &part];
        let mut process = detente(path, &[&command[..], &options].concat());
        process.stderr(Stdio::null()).spawn().unwrap()
    });
    for mut process in shards.collect::<Vec<_>>() {
        assert!(process.wait().unwrap().success());
    }
    let merged = [
        "merge",
        "part-3.json",
        "part-1.json",
        "part-4.json",
        "part-2.json",
    ];
    for format in ["table", "json", "csv"] {
        let merged = detente(path, &[&merged[..], &["--format", format]].concat())
            .output()
            .unwrap();
        let whole = detente(path, &[&command[..], &["--format", format]].concat())
            .output()
            .unwrap();
        assert!(
            whole.status.success() && merged.stdout == whole.stdout,
            "{format}"
        );
    }
}

#[test]
fn a_merge_of_some_parts_only_says_so_in_its_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("it.json"), written(&far_out(9.0)).to_string()).unwrap();
    for shard in ["1/2", "2/2"] {
        let part = format!("part-{}.json", &shard[..1]);
        let options = ["--runs", "20", "--shard", shard, "-o", &part];
        let played = detente(path, &[&["ensemble", "it.json"][..], &options].concat()).output();
        assert!(played.unwrap().status.success());
    }
    for (parts, status) in [
        (&["part-1.json"][..], 1),
        (&["part-1.json", "part-2.json"], 0),
    ] {
        let merged = detente(path, &[&["merge"], parts].concat())
            .output()
            .unwrap();
        assert_eq!(merged.status.code(), Some(status), "{parts:?}");
    }
}

/// The rows of CSV, each by the names of its columns.
fn csv_rows(path: &Path, arguments: &[&str]) -> Vec<BTreeMap<String, String>> {
    let output = detente(path, &[arguments, &["--format", "csv"]].concat())
        .output()
        .unwrap();
    assert!(output.status.success());
    let mut reader = csv::Reader::from_reader(&output.stdout[..]);
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn csv_of_runs_and_of_exact_trees_has_the_same_statistics_and_says_what_it_was_made_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let coin = json!([node(
        "coin",
        "2017-04-01",
        &[("warm", 0.5, 2.0), ("cold", 0.5, -2.0)]
    )]);
    let fields = json!({"chance": coin, "model": {"gain": 0.25},
        "rules": [{"id": "echo", "when": {"act": "statement"}, "at_most": 1,
            "then": {"source": ["USA"], "target": ["RUS"], "act": "statement", "impact": 1, "reason": "a test"}}],
        "outcomes": [{"id": "warmer", "when": {"temperature": {"dyad": "RUS-USA", "above": 0}}, "by": "2018-12-31"}]});
    std::fs::write(path.join("it.json"), written(&fields).to_string()).unwrap();
    std::fs::write(path.join("as.json"), written(&fields).to_string()).unwrap();
    let drawn = csv_rows(path, &["ensemble", "it.json", "as.json", "--runs", "2000"]);
    let exact = csv_rows(path, &["ensemble", "it.json", "--exact"]);
    let swept = csv_rows(
        path,
        &["sweep", "it.json", "--set", "gain=0.1,0.2", "--runs", "5"],
    );
    for row in drawn.iter().chain(&exact).chain(&swept) {
        assert_eq!(row["base_head"], "740724ef678561977938e9f027fb7cfb");
        assert_eq!(row["model"], "detente; gain=0.25");
        assert_eq!(row["detente"], env!("CARGO_PKG_VERSION"));
    }
    let about = [
        "scenario",
        "dyad",
        "date",
        "phase",
        "input",
        "option",
        "outcome",
        "statistic",
    ];
    let value = |row: &BTreeMap<String, String>| row["value"].parse::<f64>().unwrap();
    for row in &exact {
        let same: Vec<_> = drawn
            .iter()
            .filter(|it| {
                it["compared_with"].is_empty() && about.iter().all(|name| it[*name] == row[*name])
            })
            .collect();
        assert_eq!(same.len(), 1, "{row:?}");
        assert!(
            (value(same[0]) - value(row)).abs() < 0.1,
            "{row:?} {same:?}"
        );
    }
    for statistic in ["comes_to_pass", "fires", "events_per_run", "probability"] {
        assert!(
            exact.iter().any(|row| row["statistic"] == statistic),
            "{statistic}"
        );
    }
    for statistic in [
        "events",
        "illegal",
        "in_runs",
        "difference_sd",
        "difference_sd_unpaired",
        "ends_as_warm",
    ] {
        assert!(
            drawn.iter().any(|row| row["statistic"] == statistic),
            "{statistic}"
        );
    }
}

#[test]
fn differences_below_a_hundredth_are_left_out_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let with = |impact: f64| {
        let coin = node(
            "coin",
            "2017-04-01",
            &[("warm", 0.5, 2.0), ("cold", 0.5, -2.0)],
        );
        written(
            &json!({"chance": [coin], "edits": [{"insert": statement("more", "2017-03-01", impact)}]}),
        )
    };
    for (name, impact) in [("one.json", 1.0), ("near.json", 1.005), ("far.json", 1.05)] {
        std::fs::write(path.join(name), with(impact).to_string()).unwrap();
    }
    let table = |other: &str| {
        let arguments = ["ensemble", "one.json", other, "--runs", "50"];
        String::from_utf8(detente(path, &arguments).output().unwrap().stdout).unwrap()
    };
    assert!(table("near.json").contains(" no temperature differs by a hundredth of a degree\n"));
    let far = table("far.json");
    assert!(far.contains(" RUS-USA  2017-03-31  0.0"), "{far}");
    assert!(!far.contains("no temperature differs"));
}

/// A command is refused with some words among others.
#[track_caller]
fn refused(path: &Path, arguments: &[&str], says: &str) {
    let output = detente(path, arguments).output().unwrap();
    let trouble = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {trouble}");
    assert!(
        output.stdout.is_empty() && trouble.contains(says),
        "{trouble}"
    );
}

#[test]
fn what_cannot_be_walked_or_counted_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let write = |name: &str, fields: &Value| {
        std::fs::write(path.join(name), written(fields).to_string()).unwrap();
    };
    write(
        "uncertain.json",
        &json!({"uncertain": {"gain": {"uniform": [0.2, 0.4]}}}),
    );
    refused(
        path,
        &["ensemble", "uncertain.json", "--exact"],
        "not all chance is in chance nodes; there are also the uncertain parameter gain",
    );
    let nodes: Vec<_> = (1..=15)
        .map(|month| {
            let date = format!("{}-{:02}-15", 2017 + month / 13, (month - 1) % 12 + 1);
            let date = if month == 1 {
                "2017-02-01".to_owned()
            } else {
                date
            };
            node(
                &format!("n{month}"),
                &date,
                &[(&format!("l{month}"), 0.5, 0.1), ("not", 0.5, 0.0)],
            )
        })
        .collect();
    write("large.json", &json!({"chance": nodes}));
    refused(
        path,
        &["ensemble", "large.json", "--exact"],
        "the tree of chance nodes has more than 10000 branches, up to 32768",
    );
    refused(
        path,
        &["ensemble", "large.json", "--exact", "--runs", "5"],
        "cannot be used with",
    );
    std::fs::write(path.join("other.json"), "[1, 2]").unwrap();
    refused(
        path,
        &["merge", "other.json"],
        "this is no part of an ensemble",
    );
    refused(
        path,
        &["merge", "uncertain.json"],
        "this is no part of an ensemble",
    );
    refused(
        path,
        &["ensemble", "recorded"],
        "this is a log, not a scenario",
    );
    refused(
        path,
        &["ensemble", "uncertain.json", "--shard", "0/3", "-o", "x"],
        "`0/3` is no shard",
    );
    refused(
        path,
        &["ensemble", "uncertain.json", "--shard", "3", "-o", "x"],
        "`3` is no shard",
    );
    assert!(!path.join("x").exists());
    for runs in ["0", "1000000000001"] {
        let says = format!("{runs} is not in 1..=1000000000000");
        refused(path, &["ensemble", "uncertain.json", "--runs", runs], &says);
    }
    write("sure.json", &json!({}));
    let sure = detente(path, &["ensemble", "sure.json", "--runs", "500"])
        .output()
        .unwrap();
    assert!(
        String::from_utf8(sure.stderr)
            .unwrap()
            .contains("one is enough")
    );
    assert!(
        String::from_utf8(sure.stdout)
            .unwrap()
            .starts_with("1 run of seed 7")
    );
}

#[test]
fn names_cannot_become_formulas_in_csv() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let fields =
        json!({"chance": [node("a", "2017-06-01", &[("warm", 0.5, 2.0), ("cold", 0.5, -4.0)])]});
    std::fs::write(path.join("=1+1.json"), written(&fields).to_string()).unwrap();
    for options in [&["--runs", "10"][..], &["--exact"]] {
        let arguments = [&["ensemble", "=1+1.json", "--format", "csv"], options].concat();
        let output = detente(path, &arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.lines().count() > 10);
        assert!(
            text.lines()
                .skip(1)
                .all(|line| line.starts_with("'=1+1.json,")),
            "{text}"
        );
    }
}
