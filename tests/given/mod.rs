//! Given a history, when an event is appended, then: a log in memory, admitted and folded as any
//! other.

use detente::error::{BadEvent, Error, Fault, Kind, Result};
use detente::history::{
    Admitted, Chain, Folded, Recorded, Register, Scope, Told, Transition, Until, Writer,
    read_written, replay, survey,
};
use detente::model::{
    Change, Coverage, Day, DyadIx, ItemStatus, MeasureStatus, MeetingStatus, Model, Passage, Phase,
    Preset, Relation, Topic,
};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// The day so many days after 1 January 2017, with which every history here begins.
pub(crate) fn day(days: i32) -> Day {
    let first: Day = "2017-01-01".parse().unwrap();
    first.plus_days(days).unwrap()
}

/// A log, how it is read, and what the last append was refused for.
///
/// Events are written short: `"source": "RUS USA"` is a list, `"day": 3` is the date of [`day`].
/// The id is `e1`, `e2` and so on by place, the day that of the event before, and acts that are
/// done together need no target.
#[derive(Clone)]
#[must_use]
pub(crate) struct Scene {
    log: Vec<u8>,
    writer: Writer,
    events: usize,
    last_day: i32,
    model: Model,
    until: Until,
    known_on: Option<Day>,
    refused: Option<String>,
}

/// A history of some events, each appended on its own and legal.
#[track_caller]
pub(crate) fn given(events: impl IntoIterator<Item = Value>) -> Scene {
    let mut scene = Scene {
        log: Vec::new(),
        writer: Writer::after(Chain::START),
        events: 0,
        last_day: 0,
        // Its closed forms can be worked out in the head.
        model: Model::new(Preset::Stepwise),
        until: Until::End,
        known_on: None,
        refused: None,
    };
    for event in events {
        scene = scene.when(event);
        scene.then_legal();
    }
    scene
}

impl Scene {
    /// Appends an event.
    pub(crate) fn when(self, event: Value) -> Self {
        self.when_all([event])
    }

    /// Appends some events as one batch.
    pub(crate) fn when_all(mut self, events: impl IntoIterator<Item = Value>) -> Self {
        let lines: Vec<_> = events
            .into_iter()
            .map(|event| self.spell_out(event))
            .collect();
        let text = lines.join("\n");
        let admitted = read_written(text.as_bytes()).and_then(|written| {
            let ids = written.iter().map(|written| written.record.id()).collect();
            self.register(&ids)
                .admit(&self.log[..], &written, self.recorded())
        });
        self.append(admitted)
    }

    /// Retracts an event and, with `cascade`, what hangs on it.
    pub(crate) fn when_retracted(self, id: &str, cascade: bool) -> Self {
        let register = self.register(&HashSet::new());
        let ids = [id.to_owned()];
        let admitted = register.retract(&self.log[..], &ids, cascade, self.recorded(), None);
        self.append(admitted)
    }

    /// Reads everything under another preset.
    pub(crate) fn under(mut self, preset: Preset) -> Self {
        self.model = Model::new(preset);
        self
    }

    /// Reads everything with a parameter of the model set.
    pub(crate) fn with(mut self, parameter: &str, value: &str) -> Self {
        self.model.set(parameter, value).unwrap();
        self
    }

    /// Reads everything on a day instead of that of the last event.
    pub(crate) fn on_day(mut self, days: i32) -> Self {
        self.until = Until::Day(day(days));
        self
    }

    /// Reads only what was recorded until a day.
    pub(crate) fn known_on_day(mut self, days: i32) -> Self {
        self.known_on = Some(day(days));
        self
    }

    #[track_caller]
    pub(crate) fn then_temperature(&self, dyad: &str, degrees: f64) -> &Self {
        close(self.relation(dyad).0.temperature, degrees, dyad);
        self
    }

    /// The temperature to two places.
    #[track_caller]
    pub(crate) fn then_temperature_about(&self, dyad: &str, degrees: f64) -> &Self {
        let found = self.relation(dyad).0.temperature;
        assert_eq!(
            (found * 100.0).round() / 100.0,
            degrees,
            "{dyad} is {found}"
        );
        self
    }

    #[track_caller]
    pub(crate) fn then_equilibrium(&self, dyad: &str, degrees: f64) -> &Self {
        close(self.relation(dyad).0.equilibrium, degrees, dyad);
        self
    }

    #[track_caller]
    pub(crate) fn then_phase(&self, dyad: &str, phase: impl Into<Option<Phase>>) -> &Self {
        assert_eq!(self.relation(dyad).0.phase, phase.into(), "{dyad}");
        self
    }

    /// All borders the dyad has passed, each with its two phases, its day and whether waiting
    /// passed it.
    #[track_caller]
    pub(crate) fn then_passages(
        &self,
        dyad: &str,
        expected: &[(Phase, Phase, i32, bool)],
    ) -> &Self {
        let (folded, trace) = self.replay();
        let ix = find(&folded, dyad);
        let of_events = trace.iter().flat_map(|(_, transitions)| transitions);
        let told = of_events.flat_map(|transition| &transition.changes);
        let told = told.filter_map(|change| match *change {
            Change::Phase { dyad, passage } if dyad == ix => Some(passage),
            _ => None,
        });
        let found: Vec<_> = told
            .chain(self.relation(dyad).1)
            .map(|passage| {
                let days = passage.day.days_since(day(0));
                (passage.from, passage.to, days, passage.waiting)
            })
            .collect();
        assert_eq!(found, expected, "{dyad}");
        self
    }

    /// The impact in degrees, before saturation, that the event appended last has on a dyad.
    #[track_caller]
    pub(crate) fn then_impact(&self, dyad: &str, degrees: f64) -> &Self {
        let transition = self.last_transition(dyad);
        let transition = transition.unwrap_or_else(|| panic!("{dyad} was not moved"));
        close(transition.step.impact, degrees, dyad);
        self
    }

    /// The event appended last has nothing to do with a dyad.
    #[track_caller]
    pub(crate) fn then_unmoved(&self, dyad: &str) -> &Self {
        assert_eq!(self.last_transition(dyad), None, "{dyad}");
        self
    }

    #[track_caller]
    pub(crate) fn then_measure(
        &self,
        id: &str,
        source: &str,
        other: &str,
        status: impl Into<Option<MeasureStatus>>,
    ) -> &Self {
        let (folded, _) = self.replay();
        let (world, state) = (&folded.world, &folded.state);
        let between = find(&folded, &format!("{source}-{other}"));
        let hold = world.holds_between(between).iter().find(|&&hold| {
            let hold = world.hold(hold);
            world.measure(hold.measure) == id && world.actor(hold.source).code() == source
        });
        let found = hold.and_then(|&hold| state.status(hold));
        assert_eq!(found, status.into(), "{id} of {source} against {other}");
        self
    }

    #[track_caller]
    pub(crate) fn then_agenda(
        &self,
        dyad: &str,
        item: &str,
        status: impl Into<Option<ItemStatus>>,
    ) -> &Self {
        assert_eq!(
            self.topic(dyad, item).status,
            status.into(),
            "{item} in {dyad}"
        );
        self
    }

    /// What the last readout of each side says of an item, in the order of the dyad.
    #[track_caller]
    pub(crate) fn then_coverage(&self, dyad: &str, item: &str, coverage: [Coverage; 2]) -> &Self {
        assert_eq!(
            self.topic(dyad, item)
                .coverage(self.relation(dyad).0.readouts),
            coverage,
            "{item} in {dyad}"
        );
        self
    }

    /// On whose word the status of an item stands.
    #[track_caller]
    pub(crate) fn then_according_to(&self, dyad: &str, item: &str, actor: Option<&str>) -> &Self {
        let (folded, _) = self.replay();
        let vouching = self.topic(dyad, item).according_to;
        let vouching = vouching.map(|actor| folded.world.actor(actor).to_string());
        assert_eq!(vouching.as_deref(), actor, "{item} in {dyad}");
        self
    }

    #[track_caller]
    pub(crate) fn then_meeting(
        &self,
        id: &str,
        status: MeetingStatus,
        scheduled_for: Option<i32>,
    ) -> &Self {
        let (Folded { world, state, .. }, _) = self.replay();
        let mut dyads = world.dyads().into_iter();
        let meeting = dyads.find_map(|(_, dyad)| {
            let mut meetings = world.meetings_between(dyad).iter().copied();
            meetings.find(|&meeting| world.meeting(meeting) == id)
        });
        let meeting = state.meeting(meeting.unwrap_or_else(|| panic!("no meeting {id}")));
        assert_eq!(meeting.status, Some(status), "{id}");
        assert_eq!(meeting.scheduled_for, scheduled_for.map(day), "{id}");
        self
    }

    /// How many lines the log has.
    #[track_caller]
    pub(crate) fn then_lines(&self, lines: usize) -> &Self {
        let found = str::from_utf8(&self.log).unwrap().lines().count();
        assert_eq!(found, lines);
        self
    }

    #[track_caller]
    pub(crate) fn then_legal(&self) -> &Self {
        assert_eq!(self.refused, None);
        self
    }

    /// See [`Self::refusal`].
    #[track_caller]
    pub(crate) fn then_refused(&self, expected: &str) -> &Self {
        assert_eq!(self.refusal(), expected);
        self
    }

    /// What the last append was refused for: each fault on a line with what may help, without its
    /// place, and of an appended event that is illegal only the rule.
    #[track_caller]
    pub(crate) fn refusal(&self) -> &str {
        self.refused.as_deref().expect("nothing was refused")
    }

    /// An agenda item of a dyad.
    #[track_caller]
    pub(crate) fn topic(&self, dyad: &str, item: &str) -> Topic {
        let (folded, _) = self.replay();
        let mut topics = folded.world.topics(find(&folded, dyad)).iter();
        let topic = topics.find(|&&topic| folded.world.item(topic) == item);
        *folded
            .state
            .topic(*topic.unwrap_or_else(|| panic!("no item {item} in {dyad}")))
    }

    /// What is left of the history, and what each event did, by its number in the log.
    #[track_caller]
    pub(crate) fn replay(&self) -> (Folded, Vec<(u64, Vec<Transition>)>) {
        self.then_legal();
        let log = &self.log[..];
        let scope = Scope {
            known_on: self.known_on,
            in_full: true,
            ..Scope::default()
        };
        let found = survey(log, scope, |_, _| ()).unwrap();
        let mut trace = Vec::new();
        let mut each = |told: &Told<'_>| {
            trace.push((told.record.seq().unwrap(), told.transitions.to_vec()));
            Ok(())
        };
        let folded = replay(log, &found, self.until, &self.model, Some(&mut each)).unwrap();
        (folded, trace)
    }

    #[track_caller]
    fn relation(&self, dyad: &str) -> (Relation, Vec<Passage>) {
        let (folded, _) = self.replay();
        folded.relation(find(&folded, dyad), &self.model)
    }

    #[track_caller]
    fn last_transition(&self, dyad: &str) -> Option<Transition> {
        let (folded, trace) = self.replay();
        let (_, transitions) = trace.into_iter().max_by_key(|(seq, _)| *seq)?;
        let dyad = folded.world.find_dyad(dyad.parse().unwrap())?;
        transitions
            .into_iter()
            .find(|transition| transition.step.dyad == dyad)
    }

    fn recorded(&self) -> Recorded {
        Recorded::NotBefore(day(self.last_day))
    }

    /// The log as an appender sees it who has events of these ids.
    fn register(&self, ids: &HashSet<&str>) -> Register {
        match &self.log[..] {
            [] => Register::empty(),
            log => Register::read(log, true, ids).unwrap(),
        }
    }

    fn append(mut self, admitted: Result<Admitted>) -> Self {
        match admitted {
            Ok(Admitted { records, .. }) => {
                for record in &records {
                    self.writer.write(record, &mut self.log).unwrap();
                }
            }
            Err(error) => self.refused = Some(in_words(&error)),
        }
        self
    }

    fn spell_out(&mut self, mut event: Value) -> String {
        let fields = event.as_object_mut().unwrap();
        self.events += 1;
        fields
            .entry("id")
            .or_insert(json!(format!("e{}", self.events)));
        if let Some(days) = fields.remove("day") {
            self.last_day = days.as_i64().unwrap().try_into().unwrap();
        }
        let date = day(self.last_day);
        fields.entry("date").or_insert(json!(date));
        spell_out_actors(fields);
        event.to_string()
    }
}

/// Makes lists of actors that are written as words, and targets of those who act together.
fn spell_out_actors(fields: &mut Map<String, Value>) {
    for field in ["source", "target", "audience"] {
        if let Some(Value::String(words)) = fields.get(field) {
            let list: Vec<_> = words.split(' ').collect();
            fields.insert(field.to_owned(), json!(list));
        }
    }
    let act = fields["act"].as_str().unwrap();
    if ["call", "agreement", "meeting"]
        .iter()
        .any(|name| act.starts_with(name))
    {
        let parties = fields["source"].clone();
        fields.entry("target").or_insert(parties);
    }
}

#[track_caller]
fn find(folded: &Folded, dyad: &str) -> DyadIx {
    let found = folded.world.find_dyad(dyad.parse().unwrap());
    found.unwrap_or_else(|| panic!("nothing moves {dyad}"))
}

/// Compares degrees to within the rounding of the few operations that make them.
#[track_caller]
fn close(found: f64, expected: f64, dyad: &str) {
    assert!(
        (found - expected).abs() < 1e-9,
        "{dyad} is {found}, not {expected}"
    );
}

fn in_words(error: &Error) -> String {
    let of_fault = |Fault { kind, .. }: &Fault| {
        let says = match kind {
            Kind::Event(BadEvent::Illegal {
                refusal,
                occasion: detente::error::Occasion::ItsOwn,
                ..
            }) => refusal.says.clone(),
            _ => kind.to_string(),
        };
        [Some(says), kind.help()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("; ")
    };
    error
        .faults()
        .iter()
        .map(of_fault)
        .collect::<Vec<_>>()
        .join("\n")
}
