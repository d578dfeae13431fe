//! Chance: what is drawn and what is decided by hand, and what comes of many runs.

use crate::error::Result;
use crate::explore::picture::{luck, troubles};
use crate::explore::session::Session;
use crate::model::Dyad;
use crate::scenario::{Frame, Plan, Scenario, Spread};
use crate::text::count;
use crate::threads::Control;
use crate::view::page::ensembles;
use crate::view::page::pieces::{Cell, header, number, said, table};
use crate::view::{EnsembleRows, Fans, Mark, drawn_runs};
use maud::{Markup, html};

/// The scenarios with chance that are played many times: the present one and those that are pinned.
#[derive(Debug)]
pub struct Fan {
    scenarios: Vec<Scenario>,
    inks: Vec<usize>,
    dyad: Dyad,
    names: crate::history::Names,
    version: u64,
}

/// What many runs came to, as a part of the page.
#[derive(Clone, Debug)]
pub struct FanRuns {
    /// How many runs were played.
    pub runs: u64,
    /// The part.
    pub html: String,
}

impl Fan {
    /// What there is to play in a session; nothing where nothing is drawn, or what stands is not
    /// legal.
    #[must_use]
    pub fn of(session: &Session) -> Option<Self> {
        let picture = &session.picture;
        let own = session.scenario()?;
        let mut scenarios = Vec::new();
        let mut inks = Vec::new();
        if own.hazards.are_there() {
            scenarios.push(own.clone());
            inks.push(picture.own);
        }
        for (place, pin) in session.pins.iter().enumerate() {
            let pinned = Scenario::new(&pin.name, pin.file.clone(), session.base.clone());
            if let Ok(pinned) = pinned
                && pinned.hazards.are_there()
            {
                scenarios.push(Scenario {
                    title: pin.name.clone(),
                    ..pinned
                });
                inks.push(picture.own + 1 + place);
            }
        }
        (!scenarios.is_empty()).then_some(Self {
            scenarios,
            inks,
            dyad: session.looked.dyad?,
            names: picture.said.clone(),
            version: session.version(),
        })
    }

    /// Which version of the session it is of.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Plays the runs on some threads, and draws what came of them.
    ///
    /// # Errors
    /// When rules cause more than they may.
    pub fn play(&self, runs: u64, threads: usize, control: &Control) -> Result<FanRuns> {
        let seed = self.scenarios.first().map_or(0, |it| luck(it).seed);
        let plan = Plan::new(&self.scenarios, seed, 0..runs, &[self.dyad])?;
        let ensemble = plan.play(threads, control)?;
        let frame = Frame::of(&plan, runs);
        let rows = EnsembleRows::new(&frame, &ensemble, Vec::new());
        let drawn = drawn_runs(&plan, ensemble.runs, &[])?;
        let fans = Fans {
            rows: &rows,
            runs: &drawn,
            inks: &self.inks,
        };
        let html = html! {
            div class="fan" { (ensembles(fans, &[self.dyad])) }
            (explained(&rows))
        };
        Ok(FanRuns {
            runs: ensemble.runs,
            html: self.names.said_on_page(&html.into_string()),
        })
    }
}

/// What of the spread each thing that is drawn explains.
fn explained(rows: &EnsembleRows) -> Markup {
    let cells = rows.scenarios.iter().flat_map(|scenario| {
        let row = |row: &crate::view::ExplainedRow| {
            let share = row.ends.first().copied().flatten();
            let share = share.map_or_else(
                || "none".to_owned(),
                |share| format!("{:.0} %", share * 100.0),
            );
            let mut cells = vec![
                Cell::Said(scenario.scenario.clone()),
                Cell::Said(row.input.clone()),
                number(&share),
            ];
            cells.extend(row.outcomes.iter().map(|share| {
                number(&share.map_or_else(
                    || "none".to_owned(),
                    |share| format!("{:.0} %", share * 100.0),
                ))
            }));
            cells
        };
        scenario.explained.iter().map(row).collect::<Vec<_>>()
    });
    let cells: Vec<_> = cells.collect();
    let mut names = header(["in", "what is drawn", "of the temperature at the end"]);
    let outcomes = rows.scenarios.first().map_or(&[][..], |it| &it.outcomes);
    names.extend(outcomes.iter().map(|row| format!("of {}", row.outcome)));
    html! {
        @if !cells.is_empty() {
            h3 { "How much of what varies each draw explains" }
            (table("how much of what varies each draw explains", &names, &cells))
        }
    }
}

/// What is drawn in the present scenario, and how it can be decided by hand.
pub(in crate::explore) fn chance(session: &Session) -> Markup {
    let picture = &session.picture;
    let hazards = &picture.scenario.hazards;
    let is_there = Fan::of(session).is_some();
    let is_any = hazards.are_there() || !hazards.chances.is_empty() || !hazards.rules.is_empty();
    if !is_any && !is_there {
        return html! {};
    }
    let own = &session.file().chance;
    let is_covered = session.looked.plays;
    html! {
        h2 { "Chance" }
        p class="aside" { "What is drawn above is one run of many. Decide a chance by hand, or let it be drawn and look at all runs below." }
        @for (place, chance) in hazards.chances.iter().enumerate() {
            @let node = own.iter().find(|node| node.id == chance.id);
            @let decided = node.and_then(|node| node.options.iter().find(|option| option.probability == 1.0));
            fieldset class="decide" {
                legend { (said(session.base.names.name(&chance.id).unwrap_or(&chance.id))) }
                @let fixed = session.is_read_only || node.is_none();
                label class="tick" { input type="radio" id=(format!("drawn-{place}")) name=(format!("chance-{place}")) data-chance=(chance.id) checked[decided.is_none()] disabled[fixed]; " drawn" }
                @for (number, option) in chance.options.iter().enumerate() {
                    label class="tick" { input type="radio" id=(format!("option-{place}-{number}")) name=(format!("chance-{place}")) data-chance=(chance.id) data-option=(option.label)
                        checked[decided.is_some_and(|it| it.label == option.label)] disabled[fixed];
                        " " (said(&option.label)) " (" (format!("{:.0} %", first_probability(session, &chance.id, &option.label).unwrap_or(option.probability) * 100.0)) ")" }
                }
                @if let Some(came) = came(session, place).filter(|_| !is_covered) { p class="aside" { "In the run that is drawn: " (said(&came)) } }
            }
        }
        @for rule in &hazards.rules {
            p class="aside" { "The rule " (said(&rule.written.id)) " reacts to " (crate::view::plain(rule.written.when.act.name()))
                " with a probability of " (format!("{:.0} %", rule.written.probability * 100.0)) "." }
        }
        @for uncertain in &hazards.uncertain {
            p class="aside" { (said(&uncertain.name)) " is drawn " (spread(&uncertain.spread)) "." }
        }
        @if is_there && !is_covered {
            div class="line" {
                label { "Runs " select id="runs" {
                    @for (runs, words) in [(10_000, "10,000"), (100_000, "100,000"), (1_000_000, "1,000,000")] { option value=(runs) { (words) } }
                } }
                button type="button" id="play-runs" { "Play them" }
                button type="button" id="stop-runs" disabled { "Stop" }
                progress id="runs-done" max="1" value="0" hidden {}
                span id="runs-say" {}
            }
        }
    }
}

/// How probable an option was before anything was decided by hand.
fn first_probability(session: &Session, chance: &str, label: &str) -> Option<f64> {
    let first = &session.steps[0].file.chance;
    let node = first.iter().find(|node| node.id == chance)?;
    let option = node.options.iter().find(|option| option.label == label)?;
    Some(option.probability)
}

/// Which option of a chance came to pass in the run that is drawn, where an event of one tells.
fn came(session: &Session, chance: usize) -> Option<String> {
    let picture = &session.picture;
    let hazards = &picture.scenario.hazards;
    let mut entries = picture.scenario.entries.iter();
    let happens = |id: &str| {
        let mut scenes = picture.scenes.iter();
        scenes.any(|scene| scene.record.id() == id && scene.mark != Mark::Undrawn)
    };
    let entry = entries.find(|entry| {
        entry.option().is_some_and(|option| option.chance == chance) && happens(entry.record.id())
    })?;
    let option = hazards
        .chances
        .get(chance)?
        .options
        .get(entry.option()?.option)?;
    Some(option.label.clone())
}

fn spread(spread: &Spread) -> String {
    match spread {
        Spread::Uniform([least, greatest]) => format!("anywhere from {least} to {greatest}"),
        Spread::Triangular([least, likely, greatest]) => {
            format!("from {least} to {greatest}, most likely near {likely}")
        }
        Spread::Normal([mean, deviation]) => {
            format!("from a normal distribution with mean {mean} and deviation {deviation}")
        }
        Spread::Choice(values) => {
            let values: Vec<_> = values.iter().map(ToString::to_string).collect();
            format!("as one of {}", values.join(", "))
        }
    }
}

/// What is said where a fan cannot be played.
#[must_use]
pub fn unplayed(error: &crate::error::Error) -> String {
    let says = troubles(error).into_iter().map(|trouble| trouble.says);
    html! { p class="wrong" role="alert" { (said(&says.collect::<Vec<_>>().join(" "))) } }
        .into_string()
}

/// Runs in words.
#[must_use]
pub fn runs_in_words(runs: u64) -> String {
    count(runs, "run")
}
