//! Changes: what a gesture makes of a scenario file, and how it is said in the list of changes.

use super::cells::{cells, record};
use crate::history::{After, Draft, Names, Record, made_id};
use crate::json::tree_of;
use crate::model::{Day, Model, Preset, Settings, nearest};
use crate::scenario::{
    Base, Chance, DAYS_LIMIT, Drop, Edit, Entry, Fork, Replace, ScenarioFile, Shift, Tail,
};
use crate::text::{abridged, shown, with_hyphen};
use crate::view::{Mark, Scenes, Seen};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many events of one act and day are told apart by a number.
const NUMBER_LIMIT: usize = 1_000;

/// A change of a scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// An event does not happen, nor what hangs on it.
    Drop(String),
    /// An event happens as in the base.
    Keep(String),
    /// An event happens on another day.
    Move {
        /// Its id.
        event: String,
        /// The day.
        to: Day,
    },
    /// An event is written anew, or one more is written.
    Write {
        /// Its id; none for one more.
        #[serde(default)]
        event: Option<String>,
        /// The texts of its fields.
        cells: BTreeMap<String, String>,
    },
    /// The model is another preset.
    Preset(Preset),
    /// A parameter of the model has a value; as in the preset where the text is empty.
    Set {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// The last day.
    Until(Day),
    /// What it is called.
    Title(String),
    /// A reaction of a rule is held back: it does not happen, nor what comes of it. The rule stays
    /// for other events.
    Hold(String),
    /// A chance comes out one way.
    Decide {
        /// The chance node.
        chance: String,
        /// The option's label; drawn again where nothing is given.
        #[serde(default)]
        option: Option<String>,
    },
}

/// Something that stands in the way, in a sentence, and the field of a form that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The field.
    pub field: Option<String>,
    /// What it is.
    pub says: String,
}

impl Trouble {
    pub(super) fn new(says: impl Into<String>) -> Self {
        let (field, says) = (None, says.into());
        Self { field, says }
    }

    /// The same of a field.
    fn at(field: &str, says: String) -> Self {
        let field = Some(field.to_owned());
        Self { field, says }
    }
}

/// That something cannot be done, and why.
pub(super) fn refuse<T>(says: impl Into<String>) -> Result<T, Vec<Trouble>> {
    Err(vec![Trouble::new(says)])
}

/// A scenario file after a change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Changed {
    pub(super) file: ScenarioFile,
    /// The change in words.
    pub(super) words: String,
    /// What it sets: a change that sets the same right after it takes its place in the list.
    pub(super) sets: Option<String>,
}

/// How things stand before a change.
#[derive(Clone, Copy)]
pub(super) struct Now<'a> {
    /// All events, those too that do not happen.
    pub(super) scenes: &'a Scenes,
    /// All chances, those of the base, too.
    pub(super) chances: &'a [Chance],
    /// The file before any change: its chances are as they were before any was decided by hand.
    pub(super) first: &'a ScenarioFile,
    /// The files that the present one came of, and itself.
    pub(super) past: &'a [&'a ScenarioFile],
}

impl<'a> Now<'a> {
    fn scene(self, id: &str) -> Option<Seen<'a>> {
        self.scenes.of_id(id)
    }

    /// Whether an event happens.
    fn happens(self, id: &str) -> bool {
        self.scene(id).is_some_and(|scene| scene.happens())
    }

    /// The events that rules cause.
    fn caused(self) -> Vec<&'a Record> {
        let scenes = self.scenes.iter();
        let caused = scenes.filter(|scene| scene.mark == Mark::Reaction);
        caused.map(|scene| scene.record).collect()
    }
}

/// What a change makes of a scenario file on a base.
pub(super) fn changed(
    file: &ScenarioFile,
    change: &Change,
    base: &Base,
    now: Now<'_>,
) -> Result<Changed, Vec<Trouble>> {
    let mut editing = Editing {
        file: file.clone(),
        base,
        now,
    };
    let mut sets = None;
    let words = match change {
        Change::Drop(event) => editing.drop(event)?,
        Change::Keep(event) => editing.keep(event)?,
        Change::Move { event, to } => {
            sets = Some(format!("day of {event}"));
            editing.shift(event, *to)?
        }
        Change::Write { event, cells } => editing.write(event.as_deref(), cells)?,
        Change::Preset(preset) => {
            let settings = Settings {
                preset: *preset,
                ..Settings::default()
            };
            editing.file.model = Some(settings);
            format!("The model is {}", preset.name())
        }
        Change::Set { name, value } => {
            sets = Some(name.clone());
            editing.set(name, value.trim())?
        }
        Change::Until(day) => {
            editing.near(*day)?;
            editing.file.until = Some(*day);
            sets = Some("until".to_owned());
            format!("It is looked at until {day}")
        }
        Change::Title(title) => {
            let title = title.trim();
            if title.is_empty() {
                return refuse("A scenario needs a title.");
            }
            title.clone_into(&mut editing.file.title);
            sets = Some("title".to_owned());
            format!("It is called “{title}”")
        }
        Change::Hold(event) => {
            let caused = now.caused();
            editing.reaction(event, &caused)?;
            editing.hold(event, &caused)?
        }
        Change::Decide { chance, option } => {
            sets = Some(format!("outcome of {chance}"));
            editing.decide(chance, option.as_deref())?
        }
    };
    let file = editing.file;
    Ok(Changed { file, words, sets })
}

/// A scenario file that is being changed, with what it stands on.
struct Editing<'a> {
    file: ScenarioFile,
    base: &'a Base,
    now: Now<'a>,
}

impl Editing<'_> {
    /// Refuses what is no reaction of a rule, and says which there are.
    fn reaction(&self, event: &str, caused: &[&Record]) -> Result<(), Vec<Trouble>> {
        let ids = || caused.iter().map(|record| record.id().to_owned());
        if ids().any(|id| id == event) {
            return Ok(());
        }
        let own = format!("{event}@");
        let of_rule: Vec<_> = ids().filter(|id| id.starts_with(&own)).collect();
        let is_rule = self.file.rules.iter().any(|rule| rule.id == event);
        let says = match (is_rule, &of_rule[..]) {
            (true, []) => {
                format!("“{event}” is a rule, which has not reacted to anything in this run.")
            }
            (true, _) => format!(
                "“{event}” is a rule; what it reacted with can be held back: {}.",
                abridged(&of_rule)
            ),
            (false, _) => {
                let ids: Vec<_> = ids().collect();
                let near = near_miss(event, ids.iter().map(String::as_str));
                format!("“{}” comes of no rule of this scenario{near}", shown(event))
            }
        };
        refuse(says)
    }

    /// Whether a day lies near enough to the history to be looked at: a hundred years before and
    /// after it.
    fn near(&self, day: Day) -> Result<(), Vec<Trouble>> {
        let dates = || self.base.entries.iter().map(|entry| entry.record.date());
        let is_far = |date: Day| day.days_since(date).abs() > DAYS_LIMIT;
        if dates().min().is_some_and(is_far) && dates().max().is_some_and(is_far) {
            let says = format!("{day} is more than a hundred years away from this history");
            return Err(vec![Trouble::at("date", says)]);
        }
        Ok(())
    }

    /// What to call an event of the base or of the file.
    fn name_of(&self, id: &str) -> String {
        if let Some((_, entry)) = of_base(self.base, id) {
            return called(Some(&entry.record.title()), id);
        }
        let inserted = edit_of(&self.file, id).and_then(|place| self.file.edits.get(place));
        match inserted {
            Some(Edit::Insert(draft)) => called(draft.title.as_deref(), id),
            _ => called(None, id),
        }
    }

    /// What is said of an event that can be changed by no gesture of its own, or is none.
    fn unknown(&self, id: &str) -> Vec<Trouble> {
        let says = if self.now.scene(id).is_some() {
            format!(
                "“{id}” comes by chance or by a rule; only events of the history and your own can be changed by themselves."
            )
        } else if id.is_empty() {
            "An event is named by its id.".to_owned()
        } else {
            let ids = self.now.scenes.iter().map(|scene| scene.record.id());
            let near = near_miss(id, ids);
            format!("There is no event `{}`{near}", shown(id))
        };
        vec![Trouble::new(says)]
    }

    /// Lets the scenario leave its base so early that a change can be made. Where it lies matters
    /// to nothing but what follows from it: a tail that is cut, and rules, which react behind it.
    fn reach(&mut self, wanted: usize, fork: Fork) -> Result<(), Vec<Trouble>> {
        if wanted >= shared(&self.file, self.base) {
            return Ok(());
        }
        let because = match (self.file.tail, self.file.rules.is_empty()) {
            (Tail::Cut, _) => "everything behind the fork is cut",
            (Tail::Keep, false) => "its rules react to what happens behind the fork",
            (Tail::Keep, true) => {
                self.file.fork = fork;
                return Ok(());
            }
        };
        let place = match &self.file.fork {
            Fork::Before(id) => format!("before {}", self.name_of(id)),
            Fork::After(id) => format!("after {}", self.name_of(id)),
            Fork::Date(day) => format!("at the end of {day}"),
        };
        refuse(format!(
            "This scenario leaves its history {place}, and {because}; so nothing before that can be changed."
        ))
    }

    /// The same for something on a day.
    fn reach_day(&mut self, day: Day) -> Result<(), Vec<Trouble>> {
        self.near(day)?;
        let eve = day.plus_days(-1).unwrap_or(day);
        let before = self.base.entries.until(|date| date < day);
        // Behind the last event of an earlier day everything of the day itself can be changed.
        let is_later = match &self.file.fork {
            Fork::Date(fork) => day <= *fork,
            Fork::Before(_) | Fork::After(_) => {
                let last = shared(&self.file, self.base).checked_sub(1);
                let last = last.and_then(|last| self.base.entries.get(last));
                last.is_some_and(|last| day < last.record.date())
            }
        };
        if is_later {
            return self.reach(before, Fork::Date(eve));
        }
        Ok(())
    }

    fn drop(&mut self, id: &str) -> Result<String, Vec<Trouble>> {
        let name = self.name_of(id);
        let edit = edit_of(&self.file, id);
        if let Some(place) = edit
            && matches!(self.file.edits[place], Edit::Insert(_))
        {
            self.file.edits.remove(place);
            // No rule can except what there is not.
            let hangs_on_it = |other: &String| {
                let before = other.strip_suffix(id);
                before.is_some_and(|before| before.is_empty() || before.ends_with('@'))
            };
            for rule in &mut self.file.rules {
                rule.except.retain(|other| !hangs_on_it(other));
            }
            return Ok(format!("{name} is taken out again"));
        }
        let Some((place, _)) = of_base(self.base, id) else {
            return Err(self.unknown(id));
        };
        self.reach(place, Fork::Before(id.to_owned()))?;
        let drop = Edit::Drop(Drop {
            event: id.to_owned(),
            cascade: true,
        });
        self.put(edit, drop);
        Ok(format!("{name} does not happen"))
    }

    /// Puts an edit in the place of another, or behind all.
    fn put(&mut self, place: Option<usize>, edit: Edit) {
        match place.and_then(|place| self.file.edits.get_mut(place)) {
            Some(old) => *old = edit,
            None => self.file.edits.push(edit),
        }
    }

    fn keep(&mut self, id: &str) -> Result<String, Vec<Trouble>> {
        let name = self.name_of(id);
        let edit = edit_of(&self.file, id)
            .filter(|place| !matches!(self.file.edits[*place], Edit::Insert(_)));
        match edit {
            Some(place) => {
                self.file.edits.remove(place);
                Ok(format!("{name} happens as recorded"))
            }
            None if self.now.happens(id) => {
                refuse(format!("{name} happens; there is nothing to bring back."))
            }
            None if of_base(self.base, id).is_none() => {
                // An event of one's own that was taken out.
                let had = |before: &&&ScenarioFile| match edit_of(before, id) {
                    Some(place) => matches!(before.edits[place], Edit::Insert(_)),
                    None => false,
                };
                let Some(before) = self.now.past.iter().rev().find(had) else {
                    return Err(self.unknown(id));
                };
                let edit = edit_of(before, id).map(|place| before.edits[place].clone());
                self.file.edits.extend(edit);
                Ok(format!("{} happens again", self.name_of(id)))
            }
            None if self.file.tail == Tail::Cut => refuse(format!(
                "{name} lies behind the fork, where this scenario cuts everything; insert it anew."
            )),
            None => refuse(format!(
                "{name} falls with what it hangs on; let that happen, or edit this one so that it stands by itself."
            )),
        }
    }

    fn shift(&mut self, id: &str, to: Day) -> Result<String, Vec<Trouble>> {
        let name = self.name_of(id);
        let words = format!("{name} happens on {to}");
        let edit = edit_of(&self.file, id);
        if let Some(place) = edit {
            match &mut self.file.edits[place] {
                Edit::Insert(draft) => {
                    draft.date = Some(to);
                    draft.after = None;
                    self.reach_day(to)?;
                    return Ok(words);
                }
                Edit::Replace(replace) => {
                    let cells = cells(&Draft {
                        id: Some(id.to_owned()),
                        date: Some(to),
                        ..(*replace.with).clone()
                    });
                    return self.write(Some(id), &cells);
                }
                Edit::Drop(_) | Edit::Shift(_) => {}
            }
        }
        let Some((place, entry)) = of_base(self.base, id) else {
            return Err(self.unknown(id));
        };
        let from = entry.record.date();
        let days = to.days_since(from);
        let before = edit.map_or(0, |edit| self.days_of(edit));
        if days != 0 {
            self.reach(place, Fork::Before(id.to_owned()))?;
            self.reach_day(to)?;
        }
        self.shift_by(id, days);
        let mut along = 0;
        for follower in came_of(self.base, id) {
            let edit = edit_of(&self.file, follower);
            let is_along = match edit.map(|edit| &self.file.edits[edit]) {
                None => before == 0 && days != before,
                Some(Edit::Shift(shift)) => shift.days == before && days != before,
                Some(_) => false,
            };
            if is_along {
                self.shift_by(follower, days);
                along += 1;
            }
        }
        let along = match along {
            0 => String::new(),
            1 => ", and what came of it moves along".to_owned(),
            many => format!(", and {many} that came of it move along"),
        };
        Ok(if days == 0 {
            format!("{name} happens on its own day{along}")
        } else {
            format!("{words}{along}")
        })
    }

    /// By how many days an edit shifts its event.
    fn days_of(&self, edit: usize) -> i32 {
        match self.file.edits.get(edit) {
            Some(Edit::Shift(shift)) => shift.days,
            _ => 0,
        }
    }

    /// Lets an event of the base happen so many days later, in the place of what the file said of
    /// it.
    fn shift_by(&mut self, id: &str, days: i32) {
        let edit = edit_of(&self.file, id);
        if days == 0 {
            if let Some(place) = edit {
                self.file.edits.remove(place);
            }
            return;
        }
        let shift = Edit::Shift(Shift {
            event: id.to_owned(),
            days,
            cascade: true,
        });
        self.put(edit, shift);
    }

    /// An id that nothing has, made of an act and a day.
    fn free_id(&self, wanted: &str) -> String {
        let chance = self.file.chance.iter().flat_map(|node| &node.options);
        let drawn: Vec<&str> = chance
            .flat_map(|option| &option.events)
            .filter_map(|draft| draft.id.as_deref())
            .collect();
        let is_free = |id: &String| {
            !self.base.is_taken(id)
                && edit_of(&self.file, id).is_none()
                && !drawn.contains(&id.as_str())
        };
        let numbered = (2..=NUMBER_LIMIT).map(|number| format!("{wanted}-{number}"));
        let mut ids = std::iter::once(wanted.to_owned()).chain(numbered);
        ids.find(is_free).unwrap_or_default()
    }

    /// Writes an event: one more, one of the file's own anew, or one in the place of an event of
    /// the base.
    fn write(
        &mut self,
        id: Option<&str>,
        cells: &BTreeMap<String, String>,
    ) -> Result<String, Vec<Trouble>> {
        let mut cells = cells.clone();
        cells.retain(|_, text| !text.trim().is_empty());
        let text = |name: &str| cells.get(name).map(|text| text.trim());
        let made = match id {
            Some(id) => id.to_owned(),
            None => match text("id") {
                Some(own) => own.to_owned(),
                None => self.free_id(&made_id(text("act"), text("date"))),
            },
        };
        cells.insert("id".to_owned(), made.clone());
        let wrong = |(field, says): (Option<String>, String)| {
            let field = field.filter(|field| field != "id" || id.is_none());
            Trouble { field, says }
        };
        // What the form was filled with at first.
        let was = id.map_or_else(Draft::default, |id| self.present(id));
        let names = Names::given(self.file.names.clone()).and(&self.base.names);
        let record = record(&cells, &was, &names);
        let record = record.map_err(|all| all.into_iter().map(wrong).collect::<Vec<_>>())?;
        let draft = record.fields().clone();
        let name = called(draft.title.as_deref(), record.act().name());
        let Some(id) = id else {
            if self.base.is_taken(&made) || edit_of(&self.file, &made).is_some() {
                let says = format!("another event is called {made} already");
                return Err(vec![Trouble::at("id", says)]);
            }
            self.reach_day(record.date())?;
            let draft = match self.decided_on(record.date()) {
                Some(event) => Draft {
                    date: None,
                    after: Some(After { event, days: 0 }),
                    ..draft
                },
                None => draft,
            };
            self.file.edits.push(Edit::Insert(Box::new(draft)));
            return Ok(format!("{name} happens on {}", record.date()));
        };
        self.rewrite(id, &record, &name)
    }

    /// The last event that happens on a day because a chance of the file came out so. Within a day
    /// such events stand behind others: what answers one has to stand directly behind it.
    fn decided_on(&self, day: Day) -> Option<String> {
        let options = self.file.chance.iter().flat_map(|node| &node.options);
        let mut scenes = self.now.scenes.iter().rev().map(|scene| scene.record);
        let found = scenes.find(|record| {
            let is_it = |draft: &Draft| draft.id.as_deref() == Some(record.id());
            record.date() == day
                && self.now.happens(record.id())
                && options
                    .clone()
                    .any(|option| option.events.iter().any(is_it))
        });
        found.map(|record| record.id().to_owned())
    }

    /// An event as the file has it, or else its base.
    fn present(&self, id: &str) -> Draft {
        let edit = edit_of(&self.file, id).and_then(|place| self.file.edits.get(place));
        match edit {
            Some(Edit::Insert(draft)) => (**draft).clone(),
            Some(Edit::Replace(replace)) => (*replace.with).clone(),
            _ => of_base(self.base, id)
                .map_or_else(Draft::default, |(_, entry)| entry.record.fields().clone()),
        }
    }

    /// Writes an event anew that stands in the file or in its base.
    fn rewrite(&mut self, id: &str, record: &Record, name: &str) -> Result<String, Vec<Trouble>> {
        let draft = record.fields().clone();
        let edit = edit_of(&self.file, id);
        if let Some(place) = edit
            && let Edit::Insert(old) = &mut self.file.edits[place]
        {
            // A time that hangs on another event stays so while its day does.
            let today = self.now.scene(id).map(|scene| scene.record.date());
            let hangs = old.after.clone().filter(|_| today == Some(record.date()));
            **old = match hangs {
                Some(after) => Draft {
                    date: None,
                    after: Some(after),
                    ..draft
                },
                None => draft,
            };
            self.reach_day(record.date())?;
            return Ok(format!("{name} is written anew"));
        }
        let Some((place, entry)) = of_base(self.base, id) else {
            return Err(self.unknown(id));
        };
        let own = entry.record;
        let same = own.clone().on(record.date()).same_event(record);
        if same {
            return self.shift(id, record.date());
        }
        self.reach(place, Fork::Before(id.to_owned()))?;
        if own.date() == record.date() {
            let with = Draft {
                id: None,
                date: None,
                recorded: None,
                ..draft
            };
            let replace = Edit::Replace(Replace {
                event: id.to_owned(),
                with: Box::new(with),
            });
            self.put(edit, replace);
            return Ok(format!("{name} happens in the place of what was recorded"));
        }
        // Another event on another day: the recorded one does not happen, and one more does.
        self.reach_day(record.date())?;
        let drop = Edit::Drop(Drop {
            event: id.to_owned(),
            cascade: true,
        });
        self.put(edit, drop);
        let id = self.free_id(&format!("{id}-anew"));
        self.file.edits.push(Edit::Insert(Box::new(Draft {
            id: Some(id),
            recorded: None,
            ..draft
        })));
        Ok(format!(
            "{name} happens on {} in the place of what was recorded",
            record.date()
        ))
    }

    fn set(&mut self, name: &str, value: &str) -> Result<String, Vec<Trouble>> {
        let trouble = |says: String| vec![Trouble::at(name, says)];
        let inherited = || {
            self.base
                .model
                .as_ref()
                .map(Settings::of)
                .unwrap_or_default()
        };
        let settings = self.file.model.clone().unwrap_or_else(inherited);
        let preset = Model::new(settings.preset);
        let Ok(Value::Object(mut object)) = tree_of(&settings) else {
            return Err(trouble("the model cannot be written".to_owned()));
        };
        let usual = preset
            .number(name)
            .map(|number| crate::model::Number(number).to_string());
        let is_usual = value.is_empty() || usual.as_deref() == Some(value);
        if is_usual {
            object.remove(name);
        } else {
            let mut tried = preset.clone();
            tried
                .set(name, value)
                .map_err(|bad| trouble(crate::error::Fault::from(bad).to_string()))?;
            let number = with_hyphen(value)
                .parse::<f64>()
                .ok()
                .and_then(serde_json::Number::from_f64);
            let written = number.map_or_else(|| Value::from(value), Value::Number);
            object.insert(name.to_owned(), written);
        }
        let settings: Settings = serde_json::from_str(&Value::Object(object).to_string())
            .map_err(|error| trouble(error.to_string()))?;
        let is_default = settings == Settings::default() && self.base.model.is_none();
        self.file.model = Some(settings).filter(|_| !is_default);
        let spoken = in_words(name);
        Ok(if is_usual {
            format!("{spoken} is as in the preset")
        } else {
            format!("{spoken} is {value}")
        })
    }

    /// Holds a reaction back: its rule does not react to what triggered it, and goes on otherwise.
    fn hold(&mut self, event: &str, caused: &[&Record]) -> Result<String, Vec<Trouble>> {
        let (rule, trigger) = event.split_once('@').unwrap_or_default();
        let of = self.file.rules.iter_mut().find(|known| known.id == rule);
        let held = caused.iter().find(|record| record.id() == event);
        let (Some(of), Some(held)) = (of, held) else {
            return refuse(format!("“{event}” comes of no rule of this scenario."));
        };
        of.except.push(trigger.to_owned());
        let name = called(Some(&held.title()), event);
        Ok(format!(
            "{name} is held back; the rule {rule} stays for what comes"
        ))
    }

    /// Lets a chance come out one way: that option has all probability. Without an option it is
    /// drawn again, as the file said at first.
    fn decide(&mut self, chance: &str, option: Option<&str>) -> Result<String, Vec<Trouble>> {
        let drawn = self.now.first.chance.iter().find(|node| node.id == chance);
        let node = self.file.chance.iter_mut().find(|node| node.id == chance);
        let (Some(node), Some(drawn)) = (node, drawn) else {
            return refuse(no_chance(self.now, chance));
        };
        let Some(label) = option else {
            node.clone_from(drawn);
            return Ok(format!("{chance} is drawn"));
        };
        if node.options.iter().all(|option| option.label != label) {
            let labels = node.options.iter().map(|option| option.label.as_str());
            let options = labels.clone().map(shown).collect::<Vec<_>>().join(", ");
            let near = nearest(label, labels).map_or_else(String::new, |near| {
                format!(" Did you mean `{}`?", shown(near))
            });
            return refuse(if label.is_empty() {
                format!("How “{chance}” comes out is one of {options}.")
            } else {
                format!("“{label}” is none of the options of “{chance}”: {options}.{near}")
            });
        }
        for option in &mut node.options {
            option.probability = if option.label == label { 1.0 } else { 0.0 };
        }
        Ok(format!("{chance} comes out as “{label}”"))
    }
}

/// The edit that is about an event, by its place.
pub(super) fn edit_of(file: &ScenarioFile, id: &str) -> Option<usize> {
    file.edits.iter().position(|edit| edit.event() == Some(id))
}

fn of_base<'b>(base: &'b Base, id: &str) -> Option<(usize, Entry<'b>)> {
    let mut entries = base.entries.iter().enumerate();
    entries.find(|(_, entry)| entry.record.id() == id)
}

fn called(title: Option<&str>, id: &str) -> String {
    format!("“{}”", title.unwrap_or(id))
}

/// The name that may have been meant, behind what says that there is none; a stop where there is
/// none like it.
fn near_miss<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = nearest(found, known);
    near.map_or_else(
        || ".".to_owned(),
        |near| format!("; did you mean `{}`?", shown(near)),
    )
}

/// How many events of the base lie before the fork.
pub(super) fn shared(file: &ScenarioFile, base: &Base) -> usize {
    let place = |id: &str| of_base(base, id).map_or(base.entries.len(), |(place, _)| place);
    match &file.fork {
        Fork::Before(id) => place(id),
        Fork::After(id) => (place(id) + 1).min(base.entries.len()),
        Fork::Date(day) => base.entries.until(|date| date <= *day),
    }
}

/// The events of the base that came of one: it caused them or they tell of it, or so with one that
/// came of it. One that hangs on it for its time is shifted with it anyway.
fn came_of<'b>(base: &'b Base, id: &'b str) -> Vec<&'b str> {
    let mut all = vec![id];
    for entry in &base.entries {
        let fields = entry.record.fields();
        let mut of = [&fields.caused_by, &fields.of].into_iter().flatten();
        let hangs = entry.after().is_some_and(|it| all.contains(&it));
        if of.any(|it| all.contains(&it.as_str())) && !hangs {
            all.push(entry.record.id());
        }
    }
    all.split_off(1)
}

/// The name of a parameter as one says it: `half_life_words_days` is “Half-life of words”.
pub(super) fn in_words(name: &str) -> String {
    let plain = name
        .trim_end_matches("_days")
        .trim_end_matches("_degrees")
        .replace("half_life_", "half-life of ")
        .replace("half_life", "half-life")
        .replace('_', " ");
    let mut letters = plain.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Why a chance cannot be decided, with those that can.
fn no_chance(now: Now<'_>, chance: &str) -> String {
    if now.chances.iter().any(|known| known.id == chance) {
        return format!("“{chance}” is drawn in the history that this scenario starts from.");
    }
    let own = now.first.chance.iter().map(|node| node.id.as_str());
    let all = own.clone().map(shown).collect::<Vec<_>>().join(", ");
    let near = near_miss(chance, own);
    match (all.is_empty(), chance.is_empty()) {
        (true, _) => {
            "Nothing is drawn in this scenario, so there is no chance to decide.".to_owned()
        }
        (false, true) => format!("The chances to decide are {all}."),
        (false, false) => {
            let says = format!("There is no chance `{}`{near}", shown(chance));
            format!("{says} Those that there are: {all}.")
        }
    }
}
