//! Counters: what happens in each run of a block, and then in the block at once, dyad by dyad and
//! date by date.

use super::distribution::difference_range_degrees;
use super::plan::Plan;
use super::tally::{Difference, Tally, count_answers, count_ends, count_runs};
use crate::error::Result;
use crate::model::{
    ABREAST, Abreast, Asked, Day, Dyad, DyadIx, Fades, Model, Observer, Phase, Reckoning,
    Rejection, Relation, State, Tendency,
};
use crate::scenario::check::Scenario;
use crate::scenario::file::condition::Test;
use crate::scenario::file::draws::Luck;
use crate::scenario::file::hazards::Hazards;
use crate::scenario::file::schema::Spread;
use crate::scenario::play::jury::Jury;
use crate::scenario::play::player::{Past, Player};
use crate::scenario::play::watcher::{By, Happening, Missed, Moment, PartIx, Watcher};

/// How many runs a thread takes at once.
pub(super) const BLOCK_RUNS: u64 = 512;
/// How far columns lie apart: the last runs that go side by side have room where the block ends
/// among them, and were it a power of two, all would fight for the same places of the processor's
/// cache.
const COLUMN: usize = BLOCK_RUNS as usize + ABREAST;

/// Plays a scenario and counts what happens.
pub(in crate::scenario) struct Counter<'p> {
    player: Player<'p>,
    sight: Sight<'p>,
    range_degrees: f64,
}

/// What a run is seen by.
struct Sight<'p> {
    plan: &'p Plan<'p>,
    scenario: &'p Scenario,
    jury: Jury<'p>,
    /// The questions that the jury asks, and those of one dyad that is looked at: the place of
    /// each, of its dyad, and among what is asked of that.
    of_jury: Vec<usize>,
    of_dyads: Vec<[usize; 3]>,
    has_left: bool,
    /// The dyads that are looked at, and for each of the world its place among them.
    dyads: Vec<(Dyad, Option<DyadIx>)>,
    places: Vec<Option<usize>>,
    /// For each dyad whether all that is asked of it is asked there, so that the state need not
    /// know it.
    keeps: Vec<bool>,
    /// For each dyad what happens to it in the runs that go side by side.
    abreast: Vec<Abreast>,
    reckonings: [Reckoning; ABREAST],
    /// The place of the run in its block, and of the first that goes beside it.
    lane: usize,
    first: usize,
    /// For each dyad and date a column of temperatures and one of phases.
    temperatures: Vec<f64>,
    phases: Vec<Option<Phase>>,
    /// For each question a column of answers.
    answers: Vec<bool>,
    /// For each input a column of the classes that it fell into.
    classes: Vec<u8>,
    /// The place of each uncertain parameter among the inputs, which have them by name.
    parameters: Vec<usize>,
    /// For each rule how many events it caused.
    caused: Vec<u64>,
    /// For each event that came up why it was refused, and how often in the block.
    refused: Vec<Vec<(Rejection, u64)>>,
}

impl<'p> Counter<'p> {
    /// What plays a scenario of a plan, of which each counter has a copy.
    pub(in crate::scenario) fn player(plan: &Plan<'_>, scenario: &'p Scenario) -> Player<'p> {
        Player::new(scenario)
            .told_from(plan.dates.first().copied())
            .only(&plan.dyads)
    }

    pub(in crate::scenario) fn new(
        plan: &'p Plan<'p>,
        scenario: &'p Scenario,
        player: Player<'p>,
        range_degrees: f64,
    ) -> Self {
        let world = player.moment().world;
        let dyads = plan.dyads.iter();
        let dyads: Vec<_> = dyads.map(|&dyad| (dyad, world.find_dyad(dyad))).collect();
        let mut places = vec![None; world.dyads().len()];
        for (place, (_, index)) in dyads.iter().enumerate() {
            if let Some(index) = index {
                places[usize::from(*index)] = Some(place);
            }
        }
        let cells = plan.dyads.len() * plan.dates.len();
        let hazards = &scenario.hazards;
        let before = |name: &String| {
            hazards
                .uncertain
                .iter()
                .filter(|it| it.name < *name)
                .count()
        };
        let mut asked = vec![Vec::new(); dyads.len()];
        let mut keeps = vec![true; dyads.len()];
        let (mut of_jury, mut of_dyads) = (Vec::new(), Vec::new());
        for (question, (_, it)) in scenario.questions.iter().enumerate() {
            let test = Test::new(&it.when, world);
            let place_of = |dyad: DyadIx| places[usize::from(dyad)];
            let of_one = test.of_one_dyad();
            if let Some((place, wanted)) = of_one.and_then(|(it, is)| Some((place_of(it)?, is))) {
                of_dyads.push([question, place, asked[place].len()]);
                asked[place].push(Asked { wanted, by: it.by });
            } else {
                of_jury.push(question);
                for place in test.dyads().into_iter().filter_map(place_of) {
                    keeps[place] = false;
                }
            }
        }
        let conditions = hazards.rules.iter();
        let mut conditions = conditions.filter_map(|rule| rule.written.condition.as_ref());
        let are_phases_asked = conditions.any(|it| Test::new(it, world).asks_for_phases());
        let reckoning = *player.moment().model.reckoning();
        let sight = Sight {
            plan,
            scenario,
            jury: Jury::without(scenario, |question| !of_jury.contains(&question)),
            of_jury,
            of_dyads,
            has_left: false,
            keeps,
            abreast: asked
                .iter()
                .map(|asked| Abreast::new(asked, are_phases_asked))
                .collect(),
            reckonings: [reckoning; ABREAST],
            dyads,
            places,
            lane: 0,
            first: 0,
            temperatures: vec![0.0; cells * COLUMN],
            phases: vec![None; cells * COLUMN],
            answers: vec![false; scenario.questions.len() * COLUMN],
            classes: vec![0; class_counts(hazards).len() * COLUMN],
            parameters: hazards
                .uncertain
                .iter()
                .map(|it| before(&it.name))
                .collect(),
            caused: vec![0; hazards.rules.len()],
            refused: Vec::new(),
        };
        Self {
            player,
            sight,
            range_degrees,
        }
    }

    /// Plays under another model from now on.
    pub(in crate::scenario) fn play_under(&mut self, model: &Model) {
        self.player.play_under(model);
    }

    /// Begins a block of runs.
    pub(in crate::scenario) fn begin(&mut self) {
        (self.sight.lane, self.sight.first) = (0, 0);
    }

    /// Plays the next run of the block, and counts what is counted run by run.
    pub(in crate::scenario) fn play(&mut self, luck: Luck, tally: &mut Tally) -> Result<()> {
        let Self { player, sight, .. } = self;
        sight.jury.begin();
        sight.has_left = false;
        sight.caused.fill(0);
        player.play(luck, Past::Skipped, sight)?;
        sight.finish(&player.moment());
        tally.count_options(player.options());
        tally.count_rules(&sight.caused);
        sight.classify(player);
        sight.lane += 1;
        if sight.lane - sight.first == ABREAST {
            sight.take();
        }
        Ok(())
    }

    /// Ends a block: what is still to be read of its runs is read.
    pub(in crate::scenario) fn end(&mut self) {
        if self.sight.lane > self.sight.first {
            self.sight.take();
        }
    }

    /// Says which options come to pass in the runs to come.
    pub(in crate::scenario) fn choose(&mut self, options: &[usize]) {
        self.player.choose(options);
    }

    /// Which option of each chance node came to pass in the last run.
    pub(super) fn options(&self) -> impl Iterator<Item = Option<usize>> {
        self.player.options()
    }

    /// The temperature and the phase of each dyad on each date in the last run.
    pub(in crate::scenario) fn last_read(&self) -> impl Iterator<Item = (f64, Option<Phase>)> {
        let Sight {
            temperatures,
            phases,
            lane,
            ..
        } = &self.sight;
        let columns = temperatures.chunks(COLUMN).zip(phases.chunks(COLUMN));
        columns.map(move |(temperatures, phases)| (temperatures[lane - 1], phases[lane - 1]))
    }

    /// The answers of the last run.
    pub(in crate::scenario) fn last_answers(&self) -> impl Iterator<Item = bool> {
        let Sight { answers, lane, .. } = &self.sight;
        answers.chunks(COLUMN).map(move |answers| answers[lane - 1])
    }

    /// How many events each rule caused in the last run.
    pub(super) fn last_caused(&self) -> &[u64] {
        &self.sight.caused
    }

    /// Counts the block, whose first run is given.
    pub(super) fn enter(&mut self, first_run: u64, tally: &mut Tally) {
        self.end();
        let Self {
            player,
            sight,
            range_degrees,
        } = self;
        let runs = sight.lane;
        tally.runs += runs as u64;
        let (dates, range) = (sight.plan.dates.len(), *range_degrees);
        let phases = sight.phases.chunks(COLUMN);
        let columns = sight.temperatures.chunks(COLUMN).zip(phases).enumerate();
        for (place, (temperatures, phases)) in columns {
            let temperatures = &temperatures[..runs];
            tally.cells[place].count(temperatures, &phases[..runs], range);
            if place % dates == dates - 1 {
                tally.count_ends(place / dates, temperatures, first_run, range);
            }
        }
        for (count, answers) in tally.outcomes.iter_mut().zip(sight.answers.chunks(COLUMN)) {
            *count += answers[..runs].iter().filter(|holds| **holds).count() as u64;
        }
        let ends = sight
            .temperatures
            .chunks(COLUMN)
            .skip(dates - 1)
            .step_by(dates);
        let inputs = tally.inputs.iter_mut().zip(sight.classes.chunks(COLUMN));
        for (slices, classes) in inputs {
            let classes = &classes[..runs];
            count_runs(slices, classes);
            for (dyad, ends) in ends.clone().enumerate() {
                count_ends(slices, classes, dyad, ends);
            }
            for (outcome, answers) in sight.answers.chunks(COLUMN).enumerate() {
                count_answers(slices, classes, outcome, answers);
            }
        }
        for (refused, (by, id)) in sight.refused.iter_mut().zip(player.parts()) {
            for (rejection, runs) in refused.drain(..) {
                let reason = rejection.tell(player.moment().world).says;
                let count = match by {
                    By::Rule(rule) => {
                        let rule = &mut tally.rules[usize::from(rule)];
                        rule.illegal.entry(reason).or_default()
                    }
                    By::Entry(_) => tally.illegal.entry((id.to_owned(), reason)).or_default(),
                };
                *count += runs;
            }
        }
    }

    /// Counts by how much the block differs from that of another scenario.
    pub(super) fn compare(&self, first: &Self, difference: &mut Difference) {
        let (own, other, runs) = (&self.sight, &first.sight, self.sight.lane);
        let range = difference_range_degrees(first.range_degrees, self.range_degrees);
        let dates = own.plan.dates.len();
        let columns = own.temperatures.chunks(COLUMN);
        let columns = columns.zip(other.temperatures.chunks(COLUMN)).enumerate();
        for (place, (own, other)) in columns {
            let (own, other) = (&own[..runs], &other[..runs]);
            difference.count(place, own, other, range);
            if place % dates == dates - 1 {
                difference.count_ends(place / dates, own, other);
            }
        }
        let questions = own.scenario.questions.iter();
        for (place, (id, _)) in questions.enumerate() {
            let mut others = other.scenario.questions.iter();
            if let Some(same) = others.position(|(other, _)| other == id) {
                let own = &own.answers[place * COLUMN..][..runs];
                let other = &other.answers[same * COLUMN..][..runs];
                difference.count_answers(place, own, other);
            }
        }
    }
}

/// Into how many classes of equal probability a spread of values is cut.
const VALUE_CLASSES: usize = 20;
/// The most values that are each a class of their own.
const CHOICE_LIMIT: usize = 64;

/// How many classes an uncertain parameter has.
fn classes_of(spread: &Spread) -> usize {
    match spread {
        Spread::Choice(values) if values.len() <= CHOICE_LIMIT => values.len(),
        _ => VALUE_CLASSES,
    }
}

/// For each input how many classes it has: uncertain parameters by name, then chance nodes, whose
/// last class is not being drawn, then rules, which cause something or not.
pub(super) fn class_counts(hazards: &Hazards) -> Vec<usize> {
    let mut uncertain: Vec<_> = hazards.uncertain.iter().collect();
    uncertain.sort_by_key(|it| &it.name);
    let uncertain = uncertain.into_iter().map(|it| classes_of(&it.spread));
    let chances = hazards
        .chances
        .iter()
        .map(|chance| chance.options.len() + 1);
    uncertain
        .chain(chances)
        .chain(hazards.rules.iter().map(|_| 2))
        .collect()
}

impl Sight<'_> {
    /// The place of the run among those that go beside it.
    const fn beside(&self) -> usize {
        self.lane - self.first
    }

    /// Notes into which class each input of the run fell.
    fn classify(&mut self, player: &Player<'_>) {
        let hazards = &self.scenario.hazards;
        let lane = self.lane;
        let mut put =
            |input: usize, class: usize| self.classes[input * COLUMN + lane] = class as u8;
        let drawn = hazards.uncertain.iter().zip(player.units());
        for ((uncertain, unit), &input) in drawn.zip(&self.parameters) {
            put(
                input,
                libm::floor(unit * classes_of(&uncertain.spread) as f64) as usize,
            );
        }
        let first = hazards.uncertain.len();
        for (place, (chance, option)) in hazards.chances.iter().zip(player.options()).enumerate() {
            put(first + place, option.unwrap_or(chance.options.len()));
        }
        let first = first + hazards.chances.len();
        for (place, &caused) in self.caused.iter().enumerate() {
            put(first + place, usize::from(caused > 0));
        }
    }

    /// Notes why an event that came up was refused.
    fn refuse(&mut self, part: PartIx, rejection: Rejection) {
        let place = usize::from(part);
        if self.refused.len() <= place {
            self.refused.resize(place + 1, Vec::new());
        }
        let refused = &mut self.refused[place];
        match refused.iter_mut().find(|(known, _)| *known == rejection) {
            Some((_, runs)) => *runs += 1,
            None => refused.push((rejection, 1)),
        }
    }

    /// Notes how a run ended.
    fn finish(&mut self, moment: &Moment<'_>) {
        let beside = self.beside();
        let by = moment.model.reckoning();
        self.reckonings[beside] = *by;
        for (&(dyad, index), abreast) in self.dyads.iter().zip(&mut self.abreast) {
            if let Some(index) = index {
                abreast.begin(beside, moment.state.relation(index), by);
            } else {
                let baseline = moment.model.baseline(dyad);
                abreast.begin(beside, &Relation::at_start(baseline, moment.model), by);
            }
        }
        for &question in &self.of_jury {
            let answer = self.jury.answer(question, moment);
            self.answers[question * COLUMN + self.lane] = answer.holds;
        }
    }

    /// Takes the steps of the runs that go side by side, and reads what they come to.
    fn take(&mut self) {
        let (first, runs, by) = (self.first, self.beside(), &self.reckonings);
        let dates = &self.plan.dates;
        let columns = dates.len().max(1) * COLUMN;
        let temperatures = self.temperatures.chunks_mut(columns);
        let columns = temperatures.zip(self.phases.chunks_mut(columns));
        for (abreast, (temperatures, phases)) in self.abreast.iter_mut().zip(columns) {
            abreast.take(by, self.scenario.until, dates, |date, degrees, are_in| {
                // Behind a column there is room for all lanes.
                let from = date * COLUMN + first;
                temperatures[from..from + ABREAST].copy_from_slice(degrees);
                phases[from..from + ABREAST].copy_from_slice(are_in);
            });
        }
        for &[question, place, asked] in &self.of_dyads {
            for lane in 0..runs {
                let holds = self.abreast[place].holds(asked, lane);
                self.answers[question * COLUMN + first + lane] = holds;
            }
        }
        for abreast in &mut self.abreast {
            abreast.clear();
        }
        self.first = self.lane;
    }
}

impl Observer for Sight<'_> {
    const IS_TOLD: bool = false;

    #[inline]
    fn keeps(
        &mut self,
        dyad: DyadIx,
        relation: &Relation,
        day: Day,
        push: (f64, Fades),
        model: &Model,
    ) -> bool {
        let Some(&Some(place)) = self.places.get(usize::from(dyad)) else {
            return false;
        };
        let beside = self.beside();
        let abreast = &mut self.abreast[place];
        abreast.begin(beside, relation, model.reckoning());
        abreast.step(beside, day, push);
        self.keeps[place]
    }

    fn keeps_tendency(&mut self, dyad: DyadIx, to: Tendency) -> bool {
        let Some(&Some(place)) = self.places.get(usize::from(dyad)) else {
            return false;
        };
        let beside = self.beside();
        self.abreast[place].tend(beside, to);
        self.keeps[place]
    }
}

impl Watcher for Sight<'_> {
    #[inline]
    fn looks_on(&self) -> bool {
        !self.has_left || !self.of_jury.is_empty()
    }

    #[inline]
    fn waited(&mut self, moment: &Moment<'_>, day: Day, behind_fork: bool, touched: &[usize]) {
        if behind_fork && !self.has_left {
            self.has_left = true;
            let first = moment.day.max(self.scenario.forks_on).unwrap_or(day);
            let beside = self.beside();
            for abreast in &mut self.abreast {
                abreast.ask_from(beside, first, moment.day);
            }
        }
        if !self.of_jury.is_empty() {
            self.jury.waited(moment, day, behind_fork, touched);
        }
    }

    fn catch_up(&mut self, state: &mut State, dyads: &[DyadIx], model: &Model) {
        let beside = self.beside();
        for &dyad in dyads {
            if let Some(&Some(place)) = self.places.get(usize::from(dyad))
                && self.keeps[place]
            {
                state.catch_up(dyad, &mut self.abreast[place], beside, model);
            }
        }
    }

    #[inline]
    fn passed(&mut self, happening: &Happening<'_>, moment: &Moment<'_>) -> Result<()> {
        match (happening.missed, happening.by) {
            (None, by) => {
                if !self.of_jury.is_empty() {
                    self.jury.passed(moment, happening.touched);
                }
                if let By::Rule(rule) = by {
                    self.caused[usize::from(rule)] += 1;
                }
            }
            (Some(Missed::Illegal(rejection)), _) => self.refuse(happening.place, *rejection),
            (Some(_), _) => {}
        }
        Ok(())
    }
}
