//! How long the whole ledger of a log takes, every share and every leave-one-out effect, beside one
//! replay of it, where the events have nothing to do with each other and where each is the cause of
//! the next; and on a smaller log beside as many replays as it has events.
//!
//! `cargo bench --bench why` measures; without `--bench` (`cargo test --bench why`) short logs are
//! only tried out. Either way the shares must add up to the temperature, and the effects must be
//! those that the replays find.

use detente::history::{
    Chain, Course, Draft, Record, Replays, Scope, Shares, Until, Viewpoint, Writer, check, replay,
    survey, timeline,
};
use detente::model::{Act, Actor, Code, Day, Dyad, DyadIx, Model};
use detente::scenario::Inquiry;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

const DYAD: [&str; 2] = ["RUS", "USA"];
const FIRST_DAY: &str = "1995-01-01";
const EVENTS_A_DAY: usize = 12;
const ROUNDING_DEGREES: f64 = 1e-9;

/// How many events the logs have, and how often each way is timed.
struct Size {
    events: usize,
    chained_events: usize,
    fewer_events: usize,
    rounds: u32,
}

const IN_FULL: Size = Size {
    events: 100_000,
    chained_events: 5_000,
    fewer_events: 4_000,
    rounds: 5,
};
const IN_SHORT: Size = Size {
    events: 4_000,
    chained_events: 500,
    fewer_events: 200,
    rounds: 1,
};

fn main() -> Result<()> {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let size = if is_measured { IN_FULL } else { IN_SHORT };
    print(&format!("{} coded events in one dyad", size.events));
    whole_ledger(&log(size.events, false)?, size.rounds)?;
    print(&format!(
        "{} of them, each the cause of the next",
        size.chained_events
    ));
    whole_ledger(&log(size.chained_events, true)?, size.rounds)?;
    beside_replays(size.fewer_events, size.rounds)
}

/// A made-up log of coded events in one dyad, as an import would write it, or each the cause of the
/// next.
fn log(events: usize, are_chained: bool) -> Result<Vec<u8>> {
    let codes: Vec<_> = Code::all().collect();
    let actors: Vec<Actor> = DYAD.iter().map(|it| it.parse()).collect::<Result<_, _>>()?;
    let first: Day = FIRST_DAY.parse()?;
    let mut writer = Writer::after(Chain::START);
    let mut log = Vec::new();
    let mut drawn = 20_170_128_usize;
    for seq in 1..=events {
        // Numerical Recipes' linear congruential generator: any will do.
        drawn = drawn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) & 0xffff_ffff;
        let days = i32::try_from(seq / EVENTS_A_DAY)?;
        let day = first.plus_days(days).ok_or("beyond the calendar")?;
        let side = (drawn >> 16) & 1;
        let draft = Draft {
            id: Some(format!("event-{seq}")),
            date: Some(day),
            act: Some(Act::Coded),
            code: codes.get((drawn >> 17) % codes.len()).copied(),
            source: actors.get(side).copied().into_iter().collect(),
            target: actors.get(1 - side).copied().into_iter().collect(),
            caused_by: (are_chained && seq > 1).then(|| format!("event-{}", seq - 1)),
            ..Draft::default()
        };
        let record = check(draft).map_err(|misfits| format!("event {seq}: {misfits:?}"))?;
        writer.write(&record.placed(seq as u64, day), &mut log)?;
    }
    Ok(log)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench is there to read the clock"
)]
fn now() -> Instant {
    Instant::now()
}

/// The least time of some rounds, and what came out in the last.
fn timed<T>(rounds: u32, mut work: impl FnMut() -> Result<T>) -> Result<(Duration, T)> {
    let mut least = Duration::MAX;
    let mut found = None;
    for _ in 0..rounds {
        let start = now();
        let result = black_box(work()?);
        least = least.min(start.elapsed());
        found = Some(result);
    }
    Ok((least, found.ok_or("no rounds")?))
}

fn dyad_of(course: &Course<'_>) -> Result<DyadIx> {
    let dyad: Dyad = DYAD.join("-").parse()?;
    Ok(course.world().find_dyad(dyad).ok_or("nothing moves it")?)
}

/// The shares and effects of all events of some records, and the temperature.
fn shares(records: &[Record], model: &Model) -> Result<(Shares, f64)> {
    let course = Course::new(records);
    let dyad = dyad_of(&course)?;
    let day = records.last().map_or(Day::EPOCH, Record::date);
    let viewpoint = course.end_of(day);
    let mut inquiry = Inquiry::new(&course, model, dyad, viewpoint);
    for place in 0..records.len() {
        black_box(inquiry.effect(place)?);
    }
    Ok((inquiry.shares().clone(), inquiry.temperature()))
}

fn read(log: &[u8]) -> Result<Vec<Record>> {
    let survey = survey(log, Scope::default(), |_, _| {})?;
    Ok(timeline(log, &survey)?)
}

fn whole_ledger(log: &[u8], rounds: u32) -> Result<()> {
    let model = Model::default();
    let (replayed, temperature) = timed(rounds, || {
        let survey = survey(log, Scope::default(), |_, _| {})?;
        let folded = replay(log, &survey, Until::End, &model, None)?;
        let dyad = folded.world.find_dyad(DYAD.join("-").parse()?);
        let dyad = dyad.ok_or("nothing moves it")?;
        Ok(folded.relation(dyad, &model).0.temperature)
    })?;
    let (booked, (shares, same)) = timed(rounds, || shares(&read(log)?, &model))?;
    if temperature != same || (shares.sum() - same).abs() > ROUNDING_DEGREES {
        return Err(format!("{temperature}, {same} and {} differ", shares.sum()).into());
    }
    print_row("survey and replay", replayed, replayed);
    print_row("survey, read, the whole ledger", booked, replayed);
    Ok(())
}

fn beside_replays(events: usize, rounds: u32) -> Result<()> {
    let records = read(&log(events, false)?)?;
    let model = Model::default();
    let (booked, (shares, temperature)) = timed(rounds, || shares(&records, &model))?;
    let course = Course::new(&records);
    let dyad = dyad_of(&course)?;
    let viewpoint = Viewpoint {
        events: records.len(),
        day: records.last().map_or(Day::EPOCH, Record::date),
    };
    let (replayed, effects) = timed(1, || {
        let mut replays = Replays::new(&course, &model, dyad, viewpoint);
        let effect = |place| temperature - replays.without(place).temperature;
        Ok((0..records.len()).map(effect).collect::<Vec<_>>())
    })?;
    for (share, effect) in shares.events.iter().zip(&effects) {
        if (share.carried - effect).abs() > ROUNDING_DEGREES {
            return Err(format!("{} and {effect} differ", share.carried).into());
        }
    }
    print(&format!("{events} of them, already read"));
    print_row("the whole ledger", booked, booked);
    print_row("a replay without each event", replayed, booked);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print(title: &str) {
    println!("\n{title}\n{:<32} {:>9} {:>7}", "", "ms", "x");
}

#[expect(clippy::print_stdout, reason = "this is what a bench is for")]
fn print_row(name: &str, time: Duration, beside: Duration) {
    let times = time.as_secs_f64() / beside.as_secs_f64();
    println!("{name:<32} {:>9.2} {times:>7.2}", time.as_secs_f64() * 1e3);
}
