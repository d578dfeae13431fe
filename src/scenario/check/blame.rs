//! Blame: which edit made an event of the base illegal.

use super::findings::names;
use super::items::{Item, Items};
use crate::model::{Rejection, World};
use crate::scenario::file::entry::Fate;
use crate::scenario::file::schema::Edit;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Which edit is to blame for what is illegal.
pub(super) struct Blame<'a> {
    edits: &'a [Edit],
    /// The edit that changed, made or took along an event.
    edited_by: HashMap<String, usize>,
    /// The events that do not happen, of those on which others hang for their time.
    dropped: HashSet<String>,
    /// The edits that concern a measure, a meeting or an agenda item: the first, and the first that
    /// cannot take along what hangs on it.
    concerned_by: HashMap<String, (usize, Option<usize>)>,
    /// What an edit made illegal and does not take along, with what it breaks.
    pub(super) dependants: BTreeMap<usize, Vec<(String, String)>>,
    listed: HashSet<(usize, String)>,
    /// How many decisions were made to tell how far events may be shifted.
    pub(super) tried: usize,
}

impl<'a> Blame<'a> {
    pub(in crate::scenario) fn new(edits: &'a [Edit], items: &Items<'_>) -> Self {
        let asked: HashSet<&str> = items.told().filter_map(|(_, item)| item.after()).collect();
        let mut dropped = HashSet::new();
        if !asked.is_empty() {
            let missed = items.iter().filter(|entry| !entry.fate.happens());
            let missed = missed.map(|entry| entry.record.id());
            dropped.extend(missed.filter(|id| asked.contains(id)).map(str::to_owned));
        }
        let mut blame = Self {
            dropped,
            edits,
            edited_by: HashMap::new(),
            concerned_by: HashMap::new(),
            dependants: BTreeMap::new(),
            listed: HashSet::new(),
            tried: 0,
        };
        for (item, edit) in items
            .told()
            .filter_map(|(_, item)| Some((item, item.edit?)))
        {
            blame.concerns(item, edit);
        }
        blame
    }

    /// Whether an edit takes along what becomes illegal with it.
    fn cascades(&self, edit: usize) -> bool {
        self.edits.get(edit).and_then(Edit::cascades) == Some(true)
    }

    /// The edit that shifts an event, not one that it hangs on for its time.
    pub(super) fn shifts(&self, item: &Item) -> Option<usize> {
        let edit = item.edit.filter(|_| item.entry.fate.happens())?;
        let shift = self.edits.get(edit)?;
        let is_it = matches!(shift, Edit::Shift(_)) && shift.event() == Some(item.id());
        is_it.then_some(edit)
    }

    /// An edit changed, made or took along an event: what else concerns its measures, its meeting
    /// and its agenda items may be illegal by that edit.
    fn concerns(&mut self, item: &Item, edit: usize) {
        self.edited_by.insert(item.id().to_owned(), edit);
        let binds = (!self.cascades(edit)).then_some(edit);
        for name in names(&item.entry.record.fields()) {
            let concerned = self.concerned_by.entry(name.to_owned());
            let (_, binding) = concerned.or_insert((edit, None));
            *binding = binding.or(binds);
        }
    }

    /// An event of the base is illegal by an edit: it is dropped too, or listed.
    pub(super) fn list(&mut self, item: &mut Item, edit: usize, says: String) {
        let id = item.id().to_owned();
        self.concerns(item, edit);
        if self.cascades(edit) {
            item.entry.fate = Fate::Dropped(Some(says));
            self.dropped.insert(id);
            return;
        }
        if self.listed.insert((edit, id.clone())) {
            self.dependants.entry(edit).or_default().push((id, says));
        }
    }

    /// Whether the event at a place happens as far as times go: it is not dropped, nor does it hang
    /// on nothing, which is listed.
    pub(super) fn may_happen(&mut self, items: &mut Items<'_>, place: usize) -> bool {
        let happens = items.get(place).is_some_and(|it| it.fate.happens());
        // The time of an event that is one of a log and nothing else hangs on no other.
        if !happens || items.told_at(place).is_none() {
            return happens;
        }
        items
            .tell(place)
            .is_some_and(|item| !self.hangs_on_nothing(item))
    }

    /// Whether the time of an event of the base hangs on one that an edit drops, which is listed
    /// then.
    fn hangs_on_nothing(&mut self, item: &mut Item) -> bool {
        let after = item.after();
        let after = after.filter(|after| item.written.is_none() && self.dropped.contains(*after));
        let Some((edit, after)) =
            after.and_then(|after| Some((*self.edited_by.get(after)?, after.to_owned())))
        else {
            return false;
        };
        self.list(item, edit, format!("its time hangs on `{after}`"));
        true
    }

    /// The edit of the event that is named and missing; else one that concerns the same measure,
    /// meeting or agenda item, of several first one that cannot take along what hangs on it.
    pub(super) fn find(&self, broken: &Broken) -> Option<usize> {
        let name = match broken {
            Broken::Id(id) => return self.edited_by.get(id).copied(),
            Broken::Name(name) => name,
        };
        let (first, binding) = *self.concerned_by.get(name)?;
        Some(binding.unwrap_or(first))
    }
}

/// What a rejection is about.
#[derive(Clone, Debug)]
pub(super) enum Broken {
    /// An event.
    Id(String),
    /// A measure, meeting or agenda item.
    Name(String),
}

pub(super) fn broken(rejection: Rejection, world: &World) -> Broken {
    let name = |name: &str| Broken::Name(name.to_owned());
    match rejection {
        Rejection::AbsentCause(id)
        | Rejection::RetractedCause(id)
        | Rejection::UnknownCause(id)
        | Rejection::UnknownConversation(id)
        | Rejection::EffectBeforeCause { cause: id, .. }
        | Rejection::NotAConversation { of: id, .. }
        | Rejection::NotOnIt { of: id, .. }
        | Rejection::IdUsedTwice(id) => Broken::Id(world.id(id).to_owned()),
        Rejection::OtherKind { measure, .. } | Rejection::OwnDegrees { measure, .. } => {
            name(world.measure(measure))
        }
        Rejection::Measure { hold, .. } => name(world.measure(world.hold(hold).measure)),
        Rejection::Agenda { topic, .. } => name(world.item(topic)),
        Rejection::Meeting { meeting, .. }
        | Rejection::UnknownMeeting(meeting)
        | Rejection::ScheduledInThePast { meeting, .. } => name(world.meeting(meeting)),
    }
}
