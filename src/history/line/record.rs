//! The record of an event: what a line of a log holds, and what a person writes to append one.

use super::draft::{Draft, Origin};
use super::packed::Packed;
use super::quick::{Depth, read_again_into, read_text_into};
use crate::model::{Act, Actor, Day, Dyad, Parties};
use std::borrow::Cow;
use std::num::NonZero;
use std::ops::Deref;
use std::sync::Arc;

/// An event whose form is right: it has an id, a date and an act, and just what the act takes.
#[derive(Clone, Debug)]
pub struct Record {
    held: Held,
    date: Day,
    recorded: MaybeDay,
    act: Act,
    /// Its number in a log, where it was given it, with its day of recording, after it was written,
    /// and its fields do not say so.
    placed: Option<NonZero<u32>>,
}

/// A day or none, in the room of a day.
#[derive(Clone, Copy, Debug)]
struct MaybeDay(i32);

impl MaybeDay {
    const NONE: i32 = i32::MIN;

    fn new(day: Option<Day>) -> Self {
        Self(day.map_or(Self::NONE, |day| day.days_since(Day::EPOCH)))
    }

    fn get(self) -> Option<Day> {
        // No day lies so far away.
        (self.0 != Self::NONE).then(|| Day::EPOCH.plus_days(self.0))?
    }
}

/// Two records are the same where the same would be written of them.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        *self.as_written() == *other.as_written()
    }
}

/// How an event is held, by all who hold it together.
#[derive(Clone, Debug)]
enum Held {
    Whole(Arc<Draft>),
    Packed(Packed),
}

/// All fields of an event: as they are held, or made for as long as they are looked at.
#[derive(Debug)]
pub struct Fields<'a>(Lent<'a>);

#[derive(Debug)]
enum Lent<'a> {
    Held(&'a Draft),
    Made(Box<Draft>),
}

impl Deref for Fields<'_> {
    type Target = Draft;

    fn deref(&self) -> &Draft {
        match &self.0 {
            Lent::Held(draft) => draft,
            Lent::Made(draft) => draft,
        }
    }
}

impl Record {
    /// For [`super::form`], which has looked at everything.
    pub(super) fn checked(draft: Arc<Draft>, date: Day, act: Act) -> Self {
        Self {
            recorded: MaybeDay::new(draft.recorded),
            held: Held::Whole(draft),
            date,
            act,
            placed: None,
        }
    }

    /// Holds the same event packed.
    pub(super) fn hold(&mut self, packed: Packed) {
        self.held = Held::Packed(packed);
        self.placed = None;
    }

    /// Whether it is packed so small that its line is shorter than that, whatever its number.
    pub(super) fn is_surely_below(&self, bytes: usize) -> bool {
        matches!(&self.held, Held::Packed(packed) if packed.longest() < bytes)
    }

    /// Writes the event as it is to be written, as JSON without spaces.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        if let (Held::Packed(packed), Some(seq), Some(recorded)) =
            (&self.held, self.placed, self.recorded())
            && packed
                .write_placed(self.date, seq.into(), recorded, out)
                .is_some()
        {
            return Ok(());
        }
        serde_json::to_writer(out, &*self.as_written())
    }

    /// An event that stands as a line in a block, where it has been looked at and stays.
    pub(super) fn packed(packed: Packed, date: Day, act: Act, recorded: Option<Day>) -> Self {
        Self {
            held: Held::Packed(packed),
            date,
            act,
            recorded: MaybeDay::new(recorded),
            placed: None,
        }
    }

    /// Takes the fields of a packed event out of its block, into memory that is used again.
    pub(super) fn unpack_into(&mut self, mut memory: Arc<Draft>, depth: Depth) {
        if let Held::Packed(packed) = &self.held
            && let Some(draft) = Arc::get_mut(&mut memory)
        {
            let is_read = packed
                .line()
                .map(|line| read_again_into(draft, line, depth));
            if is_read.flatten().is_none() {
                *draft = self.unpacked(packed);
            }
            self.held = Held::Whole(memory);
        }
    }

    pub(super) const fn is_packed(&self) -> bool {
        matches!(self.held, Held::Packed(_))
    }

    /// The fields, to be changed.
    fn draft(&mut self) -> &mut Draft {
        if let Held::Packed(packed) = &self.held {
            self.held = Held::Whole(Arc::new(self.unpacked(packed)));
        }
        match &mut self.held {
            Held::Whole(draft) => Arc::make_mut(draft),
            Held::Packed(_) => unreachable!("an event stayed packed; please report this"),
        }
    }

    /// The event's own name.
    #[must_use]
    pub fn id(&self) -> &str {
        match &self.held {
            // A record has an id.
            Held::Whole(draft) => draft.id.as_deref().unwrap_or_default(),
            Held::Packed(packed) => packed.id(),
        }
    }

    /// The day on which it happened.
    #[must_use]
    pub fn date(&self) -> Day {
        self.date
    }

    /// What was done.
    #[must_use]
    pub fn act(&self) -> Act {
        self.act
    }

    /// Its place in its log, once it has one.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        self.placed
            .map_or_else(|| self.fields().seq, |seq| Some(seq.get().into()))
    }

    /// The day on which it entered the log, once it did.
    #[must_use]
    pub fn recorded(&self) -> Option<Day> {
        self.recorded.get()
    }

    /// All fields as they were written; for what a log gives to an event ask for its
    /// [number](Self::seq) and its [day of recording](Self::recorded). Of very many events they are
    /// made each time, so ask once.
    #[must_use]
    pub fn fields(&self) -> Fields<'_> {
        Fields(match &self.held {
            Held::Whole(draft) => Lent::Held(draft),
            Held::Packed(packed) => Lent::Made(Box::new(self.unpacked(packed))),
        })
    }

    /// All fields as they are to be written.
    pub(super) fn as_written(&self) -> Fields<'_> {
        let fields = self.fields();
        let Some(seq) = self.placed else {
            return fields;
        };
        let mut made = match fields.0 {
            Lent::Held(draft) => Box::new(draft.clone()),
            Lent::Made(draft) => draft,
        };
        place(&mut made, seq.get().into(), self.recorded());
        Fields(Lent::Made(made))
    }

    /// All of the event where it is packed, but for the chain of its line.
    fn unpacked(&self, packed: &Packed) -> Draft {
        let mut draft = Draft::default();
        if let Some(line) = packed.line()
            && read_again_into(&mut draft, line, Depth::Whole).is_some()
        {
            return draft;
        }
        let (id, rest) = packed.unfolded();
        let read = match read_text_into(&mut draft, &rest, Depth::Whole) {
            Some(()) => Ok(draft),
            None => serde_json::from_str(&rest),
        };
        match read {
            Ok(mut draft) => {
                draft.id = Some(id.to_owned());
                draft.date = Some(self.date);
                draft.recorded = self.recorded();
                draft
            }
            Err(error) => {
                unreachable!("an event that was held cannot be read: {error}; please report this")
            }
        }
    }

    /// The memory of the record, unless somebody else holds the event.
    pub(super) fn into_memory(self) -> Option<Arc<Draft>> {
        match self.held {
            Held::Whole(mut draft) => {
                Arc::get_mut(&mut draft)?;
                Some(draft)
            }
            Held::Packed(_) => None,
        }
    }

    /// What to call it in a line: its title, or its id.
    #[must_use]
    pub fn title(&self) -> Cow<'_, str> {
        match &self.held {
            Held::Whole(draft) => draft.title.as_deref().unwrap_or_else(|| self.id()).into(),
            Held::Packed(packed) => match self.unpacked(packed).title {
                Some(title) => title.into(),
                None => self.id().into(),
            },
        }
    }

    /// Whether another record is of the very same event: all that a person writes is the same.
    #[must_use]
    pub fn same_event(&self, other: &Self) -> bool {
        if self.date != other.date || self.id() != other.id() {
            return false;
        }
        let is_one = match (&self.held, &other.held) {
            (Held::Whole(own), Held::Whole(other)) => Arc::ptr_eq(own, other),
            (Held::Packed(own), Held::Packed(other)) => own.is(other),
            _ => false,
        };
        is_one || self.content() == other.content()
    }

    /// All that a person writes of the event but its id, as text that is the same for events that
    /// are the same but for that.
    pub(in crate::history) fn saying(&self) -> String {
        let content = Draft {
            id: None,
            ..self.content()
        };
        serde_json::to_string(&content).unwrap_or_default()
    }

    fn content(&self) -> Draft {
        Draft {
            v: None,
            seq: None,
            recorded: None,
            origin: None,
            chain: None,
            ..self.fields().clone()
        }
    }

    /// Whether the event is between the two sides of a dyad, or by one of them and to nobody.
    #[must_use]
    pub fn touches(&self, dyad: Dyad) -> bool {
        if !dyad.sides().iter().any(|side| self.may_name(*side)) {
            return false;
        }
        let Draft {
            source,
            target,
            audience,
            adverse,
            ..
        } = &*self.fields();
        let alone = target.is_empty() && audience.is_empty() && adverse.is_empty();
        let by_a_side = dyad.sides().iter().any(|side| source.contains(side));
        self.moves(dyad) || (alone && by_a_side)
    }

    /// Whether one side of a dyad is a source of the event and the other a target, of the audience
    /// or one it is adverse to. In a joint act both sides act.
    #[must_use]
    pub fn moves(&self, dyad: Dyad) -> bool {
        let [first, second] = dyad.sides();
        if !self.may_name(first) || !self.may_name(second) {
            return false;
        }
        let Draft {
            source,
            target,
            audience,
            adverse,
            ..
        } = &*self.fields();
        let acts =
            |actor: &Actor| source.contains(actor) || (self.is_joint() && target.contains(actor));
        let hears = |actor: &Actor| audience.contains(actor) || adverse.contains(actor);
        let between = |one, other| {
            (source.contains(one) && target.contains(other)) || (acts(one) && hears(other))
        };
        between(&first, &second) || between(&second, &first)
    }

    /// Whether an actor may be among those of the event: a look at what is packed.
    fn may_name(&self, actor: Actor) -> bool {
        match &self.held {
            Held::Whole(_) => true,
            Held::Packed(packed) => packed.text().contains(actor.code()),
        }
    }

    /// Whether several act together.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        self.act.form().parties == Parties::Mutual
    }

    /// Whether it says something of the log and nothing of what happened: it retracts, or it
    /// describes.
    #[must_use]
    pub fn is_about_the_log(&self) -> bool {
        self.act.is_about_the_log()
    }

    /// The same event on another day. What took several days takes as many, as far as the calendar
    /// goes.
    #[must_use]
    pub fn on(mut self, date: Day) -> Self {
        let days = date.days_since(self.date);
        let moved = |until: Day| until.plus_days(days).unwrap_or(Day::LAST);
        let draft = self.draft();
        draft.until = draft.until.map(moved);
        draft.date = Some(date);
        self.date = date;
        self
    }

    /// The same event with its last day, if it has several.
    #[must_use]
    pub(crate) fn lasting_until(mut self, until: Option<Day>) -> Self {
        self.draft().until = until;
        self
    }

    /// The same event under an id.
    #[must_use]
    pub(in crate::history) fn called(mut self, id: String) -> Self {
        self.draft().id = Some(id);
        self
    }

    /// The same event under an id, on a day, as another one led to it.
    #[must_use]
    pub fn caused(mut self, id: String, date: Day, cause: &str) -> Self {
        let draft = self.draft();
        draft.id = Some(id);
        draft.caused_by = Some(cause.to_owned());
        self.on(date)
    }

    /// The same event, marked as made by a scenario.
    #[must_use]
    pub fn from_scenario(mut self, origin: Origin) -> Self {
        self.draft().origin = Some(origin);
        self
    }

    /// The same event, recorded on the day it happened.
    #[must_use]
    pub fn recorded_on_its_day(mut self) -> Self {
        self.draft().recorded = Some(self.date);
        self.recorded = MaybeDay::new(Some(self.date));
        self
    }

    /// The same event without the chain of its line.
    #[must_use]
    pub(crate) fn unchained(mut self) -> Self {
        self.draft().chain = None;
        self
    }

    /// The same event at a place in a log.
    #[must_use]
    pub fn placed(mut self, seq: u64, recorded: Day) -> Self {
        self.recorded = MaybeDay::new(Some(recorded));
        // Lines are counted from 1.
        self.placed = u32::try_from(seq).ok().and_then(NonZero::new);
        if self.placed.is_none() {
            place(self.draft(), seq, Some(recorded));
        }
        self
    }
}

/// Gives an event its place in a log.
fn place(draft: &mut Draft, seq: u64, recorded: Option<Day>) {
    draft.v = None;
    draft.seq = Some(seq);
    draft.recorded = recorded;
    draft.chain = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::library::LIBRARY;
    use crate::history::line::codec::read_line;

    fn shipped() -> impl Iterator<Item = Record> {
        let lines = |log: &'static [u8]| log.split(|byte| *byte == b'\n');
        let lines = LIBRARY.iter().flat_map(move |shipped| lines(shipped.log));
        lines
            .filter(|line| !line.is_empty())
            .map(|line| read_line(line, 1).unwrap())
    }

    #[test]
    fn records_are_the_same_where_the_same_is_written_of_them() {
        let records: Vec<_> = shipped().take(40).collect();
        for (place, one) in records.iter().enumerate() {
            for (at, other) in records.iter().enumerate() {
                assert_eq!(one == other, place == at, "{} {}", one.id(), other.id());
            }
            let moved = one.clone().on(one.date().plus_days(1).unwrap());
            assert!(*one == one.clone() && *one != moved, "{}", one.id());
        }
    }

    #[test]
    fn an_event_touches_the_dyads_that_it_is_between_and_if_it_is_to_nobody_those_of_its_source() {
        let [blueland, redland]: [Actor; 2] = ["XBL", "XRE"].map(|code| code.parse().unwrap());
        let nobodys = Dyad::new(blueland, redland).unwrap();
        let (mut to_nobody, mut to_somebody) = (0, 0);
        for record in shipped() {
            let fields = record.fields();
            let all = [
                &fields.source,
                &fields.target,
                &fields.audience,
                &fields.adverse,
            ];
            if all.iter().any(|actors| {
                actors
                    .iter()
                    .any(|actor| [blueland, redland].contains(actor))
            }) {
                continue;
            }
            assert!(!record.touches(nobodys) && !record.moves(nobodys));
            let is_to_nobody = all[1..].iter().all(|actors| actors.is_empty());
            for source in &fields.source {
                let with_a_stranger = Dyad::new(*source, blueland).unwrap();
                assert_eq!(record.touches(with_a_stranger), is_to_nobody);
                assert!(!record.moves(with_a_stranger));
                for other in all[1..].iter().flat_map(|actors| actors.iter()) {
                    if let Some(dyad) = Dyad::new(*source, *other) {
                        assert!(record.touches(dyad) && record.moves(dyad));
                    }
                }
            }
            to_nobody += u32::from(is_to_nobody);
            to_somebody += u32::from(!is_to_nobody);
        }
        assert!(to_nobody > 0 && to_somebody > 100);
    }

    #[test]
    fn a_target_acts_on_third_parties_only_in_a_joint_act() {
        for (act, is_joint) in [("call", true), ("letter", false)] {
            let line = format!(
                r#"{{"id":"a","date":"2031-03-02","source":["XBL"],"target":["XRE"],"audience":["XGR"],"act":"{act}"}}"#
            );
            let record = read_line(line.as_bytes(), 1).unwrap();
            let moves = |dyad: &str| record.moves(dyad.parse().unwrap());
            assert!(moves("XBL-XRE") && moves("XBL-XGR"), "{act}");
            assert_eq!(moves("XGR-XRE"), is_joint, "{act}");
        }
    }

    #[test]
    fn what_is_packed_alike_is_the_same_event_only_on_one_day() {
        use crate::history::line::packed::{Folding, Form};
        let mut folding = Folding::default();
        let place = folding.put("a", r#"{"source":["XBL"],"act":"leader_change"}"#);
        let packed = Packed::new(&folding.finish(), place, Form::Folded).unwrap();
        let on = |day: &str| {
            let date = day.parse().unwrap();
            Record::packed(packed.clone(), date, Act::LeaderChange, None)
        };
        assert!(on("2031-03-02").same_event(&on("2031-03-02")));
        assert!(!on("2031-03-02").same_event(&on("2031-03-03")));
        // What is packed tells who is not named, and how long it is not.
        let mut record = on("2031-03-02");
        let [named, other] = ["XBL", "CHN"].map(|code| record.may_name(code.parse().unwrap()));
        assert!(named && !other);
        assert!(record.is_surely_below(2_000) && !record.is_surely_below(10));
        record.unpack_into(Arc::default(), Depth::Whole);
        assert!(!record.is_packed() && record.same_event(&on("2031-03-02")));
    }
}
