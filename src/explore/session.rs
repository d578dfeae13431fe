//! A session: the scenario files that came of each change, one behind the other, and how they are
//! looked at.

use super::changes::{Change, Changed, Now, Trouble, changed, refuse, shared};
use super::picture::{Picture, Pin, changes_anything};
use super::written::written;
use crate::error::{BadQuestion, Error, Result};
use crate::history::{Names, Record};
use crate::json::{self, Dialect};
use crate::model::{Actor, Day, Dyad, Model};
use crate::scenario::{Base, ChanceNode, Fork, ReactionRule, Scenario, ScenarioFile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most branches that are pinned at once.
pub const PIN_LIMIT: usize = 6;
/// The most changes that can be undone; beyond, the oldest are forgotten.
pub const STEP_LIMIT: usize = 1_000;
/// What a scenario is called before anything was changed.
const UNTITLED: &str = "What if ...?";
/// The longest history that is told in days, in days: ten weeks.
const SHORT_DAYS: i32 = 70;
/// How long a short history is looked at after its last event, in days.
const SHORT_AFTER_DAYS: i32 = 30;

/// A history that is taken apart and put together again.
#[derive(Debug)]
pub struct Session {
    pub(super) base: Base,
    /// What it is saved as, without `.json`.
    pub(super) name: String,
    /// The text of the file that was opened.
    opened: Option<String>,
    pub(super) steps: Vec<Step>,
    pub(super) at: usize,
    /// The file as it was saved last, or opened.
    saved: ScenarioFile,
    pub(super) pins: Vec<Pin>,
    pub(super) looked: Looked,
    pub(super) picture: Picture,
    /// What is wrong with the present file, of which there is no picture then.
    pub(super) troubles: Vec<Trouble>,
    /// What was kept of an earlier session.
    pub(super) offered: Option<Kept>,
    /// Whether what was offered was passed over: neither taken up nor left.
    passed_over: bool,
    /// Whether nothing can be changed.
    pub(super) is_read_only: bool,
    /// What the clock says, where there is one.
    now: Option<String>,
    version: u64,
}

/// A scenario file and the change that it came of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The change in words.
    pub words: String,
    /// What it sets, if a change after it that sets the same takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sets: Option<String>,
    /// At what time it was made, where a clock was at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) time: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// What came of it.
    pub file: ScenarioFile,
}

/// How a session is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Looked {
    pub(super) dyad: Option<Dyad>,
    pub(super) day: Option<Day>,
    /// The first day that is drawn, where it is not the first of all.
    pub(super) from: Option<Day>,
    /// Whether what lies behind the day is covered, as it is played by hand.
    pub(super) plays: bool,
    /// Whether events of other dyads are listed too.
    pub(super) all: bool,
    /// The first event of the list that is shown; that of the day where nothing is given.
    pub(super) first_row: Option<usize>,
}

/// What is kept of a session when the program ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The chain at the head of the log that the history comes from.
    explored: String,
    at: usize,
    steps: Vec<Step>,
    pins: Vec<Pin>,
    /// The text of the file that it would be saved over, as it knew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    over: Option<String>,
}

impl Kept {
    /// What it is, in words.
    pub(super) fn in_words(&self) -> String {
        let changes = crate::text::count(self.at as u64, "change");
        let last = self.steps.get(self.at).filter(|_| self.at > 0);
        let last = last.map_or_else(String::new, |step| format!(", the last: {}", step.words));
        let pins = match self.pins.len() as u64 {
            0 => String::new(),
            pins => format!(", and {} pinned", crate::text::count(pins, "branch")),
        };
        format!("{changes}{last}{pins}")
    }
}

impl Session {
    /// A session on a log. `name` is what it is to be saved as, `base` how a scenario file names
    /// the log.
    ///
    /// # Errors
    /// When there is no event in it.
    pub fn of_log(name: &str, base: &str, log: Base) -> Result<Self> {
        let records = || log.entries.iter().map(|entry| entry.record);
        let dates = || records().map(|record| record.date());
        let (Some(first), Some(last)) = (dates().min(), dates().max()) else {
            return Err(BadQuestion::NothingMoves.into());
        };
        let id = records().next_back().map(|record| record.id().to_owned());
        let fork = id.map_or(Fork::Date(last), Fork::After);
        let (year, _) = last.year_month();
        let until = if last.days_since(first) > SHORT_DAYS {
            Day::of_calendar(year + 1, 12, 31)
        } else {
            last.plus_days(SHORT_AFTER_DAYS)
        };
        let mut file = ScenarioFile::new(UNTITLED, base, fork);
        file.until = Some(until.unwrap_or(last));
        Self::new(name, file, log, None)
    }

    /// A session on a scenario that was read from a text.
    ///
    /// # Errors
    /// When its text is none of a scenario.
    pub fn of_scenario(name: &str, text: &str, scenario: Scenario) -> Result<Self> {
        let read = json::read::<ScenarioFile>(text, Dialect::Commented).value;
        let file = read.ok_or_else(|| Error::from(crate::error::BadFile::Empty))?;
        Self::new(name, file, scenario.base, Some(text.to_owned()))
    }

    fn new(name: &str, file: ScenarioFile, base: Base, opened: Option<String>) -> Result<Self> {
        let picture = Picture::new(name, &file, &base, &[], None);
        // Whatever is opened has been checked; what can still go wrong is a run.
        let Ok(picture) = picture else {
            let scenario = Scenario::new(name, file, base)?;
            let luck = super::picture::luck(&scenario);
            let played = crate::scenario::records(&scenario, luck);
            let error = played.err();
            return Err(error.unwrap_or_else(|| BadQuestion::NothingMoves.into()));
        };
        let dyad = picture.telling_dyad();
        let day = picture.own_track().records.last().map(|it| it.date());
        let looked = Looked {
            day: day.map(|day| day.min(picture.scenario.until)),
            dyad,
            ..Looked::default()
        };
        let first = Step {
            words: match &opened {
                Some(_) => format!("{name} was opened"),
                None => "The history as it was recorded".to_owned(),
            },
            sets: None,
            time: None,
            reason: None,
            file: file.clone(),
        };
        Ok(Self {
            base,
            name: name.to_owned(),
            opened,
            steps: vec![first],
            at: 0,
            saved: file,
            pins: Vec::new(),
            looked,
            picture,
            troubles: Vec::new(),
            offered: None,
            passed_over: false,
            is_read_only: false,
            now: None,
            version: 0,
        })
    }

    /// The same session, in which nothing can be changed.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    /// Whether nothing can be changed.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Counts what can be seen to change.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Something is to be seen that was not.
    pub(super) const fn touched(&mut self) {
        self.version += 1;
    }

    /// The present file.
    #[must_use]
    pub fn file(&self) -> &ScenarioFile {
        &self.steps[self.at].file
    }

    /// The present scenario; nothing where it is not legal.
    #[must_use]
    pub fn scenario(&self) -> Option<&Scenario> {
        self.troubles.is_empty().then_some(&self.picture.scenario)
    }

    /// What the log calls what is in it.
    #[must_use]
    pub const fn names(&self) -> &Names {
        &self.base.names
    }

    /// What the actors and things are called that are shown.
    #[must_use]
    pub const fn called(&self) -> &Names {
        &self.picture.said
    }

    /// Who acts in it, or is acted on, in any event that may happen, by code.
    pub(super) fn actors(&self) -> BTreeSet<Actor> {
        let mut actors = BTreeSet::new();
        for scene in self.picture.scenes.iter() {
            let fields = scene.record.fields();
            actors.extend(fields.actors());
        }
        actors
    }

    /// A change with codes in the place of the names of actors, as they are shown. What may be
    /// several actors stays, and is refused where it is read.
    fn with_codes(&self, change: &Change) -> Change {
        let mut change = change.clone();
        if let Change::Write { cells, .. } = &mut change {
            for field in ["source", "target", "audience", "adverse"] {
                if let Some(text) = cells.get_mut(field) {
                    let code = |name: &str| match &self.called().actors(name)[..] {
                        [only] => only.code().to_owned(),
                        _ => name.to_owned(),
                    };
                    let codes: Vec<_> = text.split(';').map(code).collect();
                    *text = codes.join(";");
                }
            }
        }
        change
    }

    /// The model of the last scenario that was legal.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.picture.scenario.model
    }

    /// What it is saved as, without `.json`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The present file as text, with the comments of the file that was opened.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(text) = self.opened.as_ref().filter(|_| !self.is_unsaved()) {
            return text.clone();
        }
        written(self.file(), self.opened.as_deref())
    }

    /// The text of the file as it was opened or saved last.
    #[must_use]
    pub fn text_on_disk(&self) -> Option<&str> {
        self.opened.as_deref()
    }

    /// Whether there are changes that are not saved.
    #[must_use]
    pub fn is_unsaved(&self) -> bool {
        *self.file() != self.saved
    }

    /// What would be lost if the present file took the place of the one that was opened or saved
    /// last: a chance that is drawn there and decided here, or a rule that is there only.
    #[must_use]
    pub fn would_lose(&self) -> Option<String> {
        let is_drawn = |node: &ChanceNode| node.options.iter().all(|it| it.probability < 1.0);
        let file = self.file();
        let decided = |node: &&ChanceNode| {
            let now = file.chance.iter().find(|known| known.id == node.id);
            is_drawn(node) && now.is_none_or(|now| !is_drawn(now))
        };
        let gone = |rule: &&ReactionRule| file.rules.iter().all(|known| known.id != rule.id);
        let chance = self.saved.chance.iter().find(decided);
        let rule = self.saved.rules.iter().find(gone);
        let chance = chance.map(|node| format!("that {} is drawn", node.id));
        chance.or_else(|| rule.map(|rule| format!("the rule {}", rule.id)))
    }

    /// The present file was saved under a name, as that text.
    pub fn saved_as(&mut self, name: &str, text: String) {
        name.clone_into(&mut self.name);
        self.saved = self.file().clone();
        self.opened = Some(text);
        self.touched();
    }

    /// Whether the present file may be written, or anything that is made of it.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn check(&self) -> Result<(), String> {
        if self.troubles.is_empty() {
            return Ok(());
        }
        let says = self.troubles.iter().map(|trouble| trouble.says.as_str());
        let says = says.collect::<Vec<_>>().join("; ");
        Err(format!(
            "What is not legal is not saved; undo that first: {says}"
        ))
    }

    /// The present scenario as it is in the file that would be saved now.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn as_saved(&self) -> Result<Scenario, String> {
        self.check()?;
        Ok(self.picture.scenario.clone().written_as(&self.text()))
    }

    /// The day that is looked at.
    #[must_use]
    pub fn today(&self) -> Day {
        self.day()
    }

    /// The two sides that are looked at.
    #[must_use]
    pub const fn looked_dyad(&self) -> Option<Dyad> {
        self.looked.dyad
    }

    /// The id of the last event until the day that is looked at of which a change can be made.
    #[must_use]
    pub fn last_event(&self, change: impl Fn(String) -> Change) -> Option<&str> {
        let scenes = self.picture.scenes.iter().rev();
        let records = scenes.map(|scene| scene.record);
        let mut happened = records.filter(|record| record.date() <= self.day());
        let takes = |record: &&Record| self.changed(&change(record.id().to_owned())).is_ok();
        Some(happened.find(takes)?.id())
    }

    /// The last day that can be looked at.
    #[must_use]
    pub fn last_day(&self) -> Day {
        self.days()[1]
    }

    /// Whether somebody said why a change was made.
    #[must_use]
    pub fn has_reasons(&self) -> bool {
        self.steps.iter().any(|step| step.reason.is_some())
    }

    /// Tells what time it is, for the list of changes.
    pub fn clock(&mut self, now: String) {
        self.now = Some(now);
    }

    /// What is to be kept; nothing where nothing was changed.
    #[must_use]
    pub fn kept(&self) -> Option<Kept> {
        let is_worth = self.is_unsaved() || !self.pins.is_empty();
        is_worth.then(|| Kept {
            explored: self.base.head.to_string(),
            at: self.at,
            steps: self.steps.clone(),
            pins: self.pins.clone(),
            over: self.opened.clone(),
        })
    }

    /// Offers what was kept of an earlier session, if it is of the same history and makes sense.
    pub fn offer(&mut self, kept: Kept) {
        let same = kept.explored == self.base.head.to_string();
        let has_place = kept.at < kept.steps.len();
        let is_bounded = kept.steps.len() <= STEP_LIMIT && kept.pins.len() <= PIN_LIMIT;
        let names = |file: &ScenarioFile| file.base == self.file().base;
        let all = kept.steps.iter().map(|step| &step.file);
        let mut all = all.chain(kept.pins.iter().map(|pin| &pin.file));
        if same && has_place && is_bounded && all.all(names) {
            self.offered = Some(kept);
        }
    }

    /// Whether what was kept of an earlier session waits to be taken up or left.
    #[must_use]
    pub const fn is_offered(&self) -> bool {
        self.offered.is_some()
    }

    /// Whether what was kept of an earlier session is still to be had: it is offered, or was passed
    /// over.
    #[must_use]
    pub const fn spares_earlier(&self) -> bool {
        self.offered.is_some() || self.passed_over
    }

    /// Takes up what is offered.
    pub(super) fn resume(&mut self) {
        if let Some(kept) = self.offered.take() {
            (self.steps, self.at, self.pins) = (kept.steps, kept.at, kept.pins);
            // What somebody else has made of the file meanwhile is not to be saved over.
            self.opened = kept.over.or_else(|| self.opened.take());
            self.look_again();
        }
    }

    /// What a change makes of the present file.
    fn changed(&self, change: &Change) -> Result<Changed, Vec<Trouble>> {
        let past = self.steps[..=self.at].iter();
        let past: Vec<_> = past.map(|step| &step.file).collect();
        let now = Now {
            scenes: &self.picture.scenes,
            chances: &self.picture.scenario.hazards.chances,
            first: &self.steps[0].file,
            past: &past,
        };
        changed(self.file(), change, &self.base, now)
    }

    /// Makes a change; what stands in its way is said, and nothing is changed then. What is so
    /// already is returned in words.
    pub(super) fn change(&mut self, change: &Change) -> Result<Option<String>, Vec<Trouble>> {
        let change = &self.with_codes(change);
        let changed = self.changed(change)?;
        if changed.file == *self.file() {
            return Ok(Some(changed.words));
        }
        let follows = self.steps[self.at].sets.is_some()
            && self.steps[self.at].sets == changed.sets
            && self.at > 0;
        let stay = self.at + usize::from(!follows);
        let file = self.titled(changed.file, &changed.words, stay);
        let before = Some(&self.picture);
        let picture = Picture::new(&self.name, &file, &self.base, &self.pins, before);
        // What is not legal already may come right in several changes.
        let is_kept = picture.is_ok() || !self.troubles.is_empty();
        if let (Err(troubles), false) = (&picture, is_kept) {
            let not_legal = |trouble: &Trouble| Trouble {
                says: format!("Not legal: {}", trouble.says),
                ..trouble.clone()
            };
            return Err(troubles.iter().map(not_legal).collect());
        }
        self.steps.truncate(stay);
        self.steps.push(Step {
            words: changed.words,
            sets: changed.sets,
            time: self.now.clone(),
            reason: None,
            file,
        });
        let over = self.steps.len().saturating_sub(STEP_LIMIT);
        // The first is what the session began with.
        self.steps.drain(1..=over);
        self.at = self.steps.len() - 1;
        self.passed_over |= self.offered.take().is_some();
        self.shows(picture);
        Ok(None)
    }

    /// Until somebody says what a scenario is called, the first change does, as long as any stands.
    /// `stay` is how many steps stay before the change.
    fn titled(&self, mut file: ScenarioFile, words: &str, stay: usize) -> ScenarioFile {
        let first = &self.steps[0].file;
        let is_unnamed = file.title == UNTITLED;
        let mut steps = self.steps[..stay].iter();
        let mut is_named_by_change = || steps.any(|step| step.words == file.title);
        let changes_nothing = ScenarioFile {
            title: first.title.clone(),
            fork: first.fork.clone(),
            ..file.clone()
        } == *first;
        if changes_nothing && (is_unnamed || is_named_by_change()) {
            return first.clone();
        }
        if is_unnamed {
            words.clone_into(&mut file.title);
        }
        file
    }

    /// Goes to a step of the list of changes.
    pub(super) fn go_to(&mut self, step: usize) {
        self.at = step.min(self.steps.len() - 1);
        self.look_again();
    }

    /// Says why the last change was made; nothing where the text is empty.
    pub(super) fn because(&mut self, reason: &str) {
        let reason = reason.trim();
        let step = &mut self.steps[self.at];
        step.reason = (!reason.is_empty()).then(|| reason.to_owned());
        self.touched();
    }

    /// Draws from a day on, or from the first.
    pub(super) fn draw_from(&mut self, from: Option<Day>) {
        let first = self.picture.days[0];
        self.looked.from = from.filter(|from| *from > first);
        self.touched();
    }

    pub(super) fn look(&mut self, day: Day) {
        self.looked.day = Some(day);
        self.looked.first_row = None;
        self.touched();
    }

    /// Begins to play by hand from a day on.
    pub(super) fn play_from(&mut self, day: Day) {
        self.looked.plays = true;
        self.look(day);
    }

    /// Begins to play by hand, from the fork on, or ends it.
    pub(super) fn play(&mut self, plays: bool) {
        self.looked.plays = plays;
        if plays {
            let [first, last] = self.days();
            let records = &self.picture.own_track().records;
            let shared = shared(self.file(), &self.base);
            let behind = self.changes_anything() || shared < self.base.entries.len();
            let fork = records.get(shared.saturating_sub(1)).filter(|_| behind);
            let from = fork.map_or(first, |record| record.date());
            self.looked.day = Some(from.clamp(first, last));
        }
        self.looked.first_row = None;
        self.touched();
    }

    /// The number that an event has on the curve.
    pub(super) fn number(&self, record: &Record) -> Option<usize> {
        let album = self.picture.album(self.looked.dyad?, self.drawn_days());
        album.ok()?.number(record)
    }

    /// The first and the last day that can be looked at.
    pub(super) fn days(&self) -> [Day; 2] {
        let [first, last] = self.picture.days;
        let from = self.looked.from.unwrap_or(first);
        let latest = last.plus_days(-1).unwrap_or(last).max(first);
        [from.clamp(first, latest), last]
    }

    /// The first and the last day that are drawn: the last is that which is reached, where it is
    /// played by hand.
    pub(super) fn drawn_days(&self) -> [Day; 2] {
        let [first, last] = self.days();
        if self.looked.plays {
            let next = first.plus_days(1).unwrap_or(first).min(last);
            [first, self.day().max(next)]
        } else {
            [first, last]
        }
    }

    /// Pins the present file under a name.
    pub(super) fn pin(&mut self, name: &str) -> Result<(), Vec<Trouble>> {
        if self.pins.len() >= PIN_LIMIT {
            return refuse(format!(
                "There are {PIN_LIMIT} pinned branches already; unpin one first."
            ));
        }
        if !self.troubles.is_empty() {
            return refuse("What is not legal cannot be pinned.".to_owned());
        }
        let name = match name.trim() {
            "" => self.file().title.clone(),
            name => name.to_owned(),
        };
        let is_taken = |name: &str| self.pins.iter().any(|pin| pin.name == name);
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let name = names.find(|name| !is_taken(name)).unwrap_or(name);
        let file = self.file().clone();
        self.pins.push(Pin { name, file });
        self.look_again();
        Ok(())
    }

    /// Goes on from a pinned branch.
    pub(super) fn take(&mut self, place: usize) {
        let Some(pin) = self.pins.get(place).cloned() else {
            return;
        };
        self.steps.truncate(self.at + 1);
        self.steps.push(Step {
            words: format!("Goes on from the pinned “{}”", pin.name),
            sets: None,
            time: self.now.clone(),
            reason: None,
            file: pin.file,
        });
        self.at = self.steps.len() - 1;
        self.look_again();
    }

    pub(super) fn unpin(&mut self, place: usize) {
        if place < self.pins.len() {
            self.pins.remove(place);
            self.look_again();
        }
    }

    /// Makes the picture of the present file. One that is not legal leaves the picture of the last
    /// that was.
    fn look_again(&mut self) {
        let before = Some(&self.picture);
        let picture = Picture::new(&self.name, self.file(), &self.base, &self.pins, before);
        self.shows(picture);
    }

    /// Shows a picture of the present file, or what is wrong with it.
    fn shows(&mut self, picture: Result<Picture, Vec<Trouble>>) {
        self.touched();
        match picture {
            Ok(picture) => {
                self.picture = picture;
                self.troubles.clear();
            }
            Err(troubles) => self.troubles = troubles,
        }
        let known = &self.picture.comparison.dyads;
        if self.looked.dyad.is_none_or(|dyad| !known.contains(&dyad)) {
            self.looked.dyad = self.picture.telling_dyad();
        }
        let [first, last] = self.days();
        self.looked.day = self.looked.day.map(|day| day.clamp(first, last));
    }

    /// Whether the present file says anything else than its base.
    pub(super) fn changes_anything(&self) -> bool {
        changes_anything(self.file(), &self.base)
    }

    /// The day that is looked at.
    pub(super) fn day(&self) -> Day {
        let [first, last] = self.days();
        self.looked.day.unwrap_or(last).clamp(first, last)
    }
}
