//! The form of an event: whether a draft has what its act needs, and nothing that belongs to
//! another.

use super::draft::{Draft, ENTRY_LIMIT, FORMAT_VERSION};
use super::record::Record;
use crate::error::{BadEvent, BadLog, BadValue, Kind};
use crate::json::Step;
use crate::model::{
    Act, Codes, Day, MeasureKind, MeasureStatus, Parties, STRENGTH_LIMIT,
    temperature::BOUND_DEGREES,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The longest id of an event, measure or meeting, and the longest name of an agenda item, in
/// bytes.
pub const NAME_LIMIT: usize = 200;
/// The most actors in one list of an event.
pub const ACTOR_LIMIT: usize = 64;
/// The most standing measures that one event changes.
pub const MEASURE_LIMIT: usize = 16;

/// Something about an event's form that is wrong, and the path to it; the empty path is the event.
#[derive(Debug)]
pub struct Misfit {
    /// Where in the event.
    pub path: Vec<Step<'static>>,
    /// What is wrong.
    pub kind: Kind,
}

#[derive(Default)]
struct Misfits(Vec<Misfit>);

impl Misfits {
    fn add(&mut self, path: &[Step<'static>], kind: impl Into<Kind>) {
        self.0.push(Misfit {
            path: path.to_vec(),
            kind: kind.into(),
        });
    }
}

/// Takes a draft for a record if its form is right.
///
/// # Errors
/// Everything that is wrong with its form.
pub fn check(draft: Draft) -> Result<Record, Vec<Misfit>> {
    let (date, act) = look_at(&draft)?;
    Ok(Record::checked(draft.into(), date, act))
}

/// The date and the act of a draft whose form is right.
///
/// # Errors
/// Everything that is wrong with its form.
pub(in crate::history) fn look_at(draft: &Draft) -> Result<(Day, Act), Vec<Misfit>> {
    let mut wrong = Misfits::default();
    if let Some(found) = draft.v.filter(|v| *v > FORMAT_VERSION || *v == 0) {
        let known = FORMAT_VERSION;
        wrong.add(&["v".into()], BadLog::NewerFormat { found, known });
        return Err(wrong.0);
    }
    if draft.after.is_some() {
        let field = "after";
        wrong.add(&[field.into()], BadEvent::OnlyInScenarios { field });
    }
    for (field, missing) in [
        ("id", draft.id.is_none()),
        ("date", draft.date.is_none()),
        ("act", draft.act.is_none()),
    ] {
        if missing {
            wrong.add(&[], BadEvent::MissingField { field, act: None });
        }
    }
    names(draft, &mut wrong);
    wrong.0.extend(captions(&draft.names));
    lists(draft, &mut wrong);
    numbers(draft, &mut wrong);
    roles(draft, &mut wrong);
    entries(draft, &mut wrong);
    if let Some(act) = draft.act {
        fields_of_act(draft, act, &mut wrong);
        measure_of_act(draft, act, &mut wrong);
        parties(draft, act, &mut wrong);
        about_the_log(draft, act, &mut wrong);
    }
    if let (Some(date), Some(until)) = (draft.date, draft.until)
        && until < date
    {
        wrong.add(
            &["until".into()],
            BadEvent::EndsBeforeItBegins { until, date },
        );
    }
    match (draft.date, draft.act) {
        (Some(date), Some(act)) if wrong.0.is_empty() => Ok((date, act)),
        _ => Err(wrong.0),
    }
}

/// Whether a text can be the id of an event, measure or meeting, or the name of an agenda item.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_of_name =
        |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' | b'@');
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic());
    begins && text.len() <= NAME_LIMIT && text.bytes().all(is_of_name)
}

fn names(draft: &Draft, wrong: &mut Misfits) {
    let single = [
        ("id", &draft.id),
        ("of", &draft.of),
        ("measure", &draft.measure),
        ("meeting", &draft.meeting),
        ("retracts", &draft.retracts),
        ("caused_by", &draft.caused_by),
    ];
    let mut look = |path: &[Step<'static>], name: &str| {
        if !is_name(name) {
            wrong.add(path, no_name(name));
        }
    };
    for (field, name) in single {
        if let Some(name) = name {
            look(&[field.into()], name);
        }
    }
    for (place, entry) in draft.measures.iter().enumerate() {
        look(&["measures".into(), place.into(), "id".into()], &entry.id);
    }
    for (place, entry) in draft.agenda.iter().enumerate() {
        look(&["agenda".into(), place.into(), "item".into()], &entry.item);
    }
    for (field, names) in [("mentions", &draft.mentions), ("omits", &draft.omits)] {
        for (place, name) in names.iter().enumerate() {
            look(&[field.into(), place.into()], name);
        }
    }
}

fn no_name(found: &str) -> BadValue {
    BadValue::Name {
        found: found.to_owned(),
        limit: NAME_LIMIT,
    }
}

/// What is wrong with names for people, each by what it names, in a field `names`.
#[must_use]
pub fn captions(names: &BTreeMap<String, String>) -> Vec<Misfit> {
    let mut wrong = Misfits::default();
    let at = ["names".into()];
    for key in names.keys().filter(|key| !is_name(key)) {
        wrong.add(&at, no_name(key));
    }
    if names.len() > ENTRY_LIMIT {
        let (field, found, limit) = ("names", names.len(), ENTRY_LIMIT);
        let kind = BadValue::TooMany {
            field,
            found,
            limit,
        };
        wrong.add(&at, kind);
    }
    for (key, name) in names {
        let is_line = !name.trim().is_empty() && !name.contains(char::is_control);
        if !is_line || name.len() > NAME_LIMIT {
            let (key, limit) = (key.clone(), NAME_LIMIT);
            wrong.add(&at, BadEvent::BadCaption { key, limit });
        }
    }
    wrong.0
}

fn lists(draft: &Draft, wrong: &mut Misfits) {
    let actors = [
        ("source", &draft.source),
        ("target", &draft.target),
        ("audience", &draft.audience),
        ("adverse", &draft.adverse),
    ];
    for (field, actors) in actors {
        list(field, actors, ToString::to_string, ACTOR_LIMIT, &[], wrong);
    }
    for (field, items) in [("mentions", &draft.mentions), ("omits", &draft.omits)] {
        list(field, items, Clone::clone, ENTRY_LIMIT, &[], wrong);
    }
    let both = draft
        .omits
        .iter()
        .position(|item| draft.mentions.contains(item));
    if let Some(place) = both {
        wrong.add(
            &["omits".into(), place.into()],
            BadEvent::Either {
                field: "mentions",
                other: "omits",
            },
        );
    }
    let measures: Vec<_> = draft.measures.iter().map(|entry| &entry.id).collect();
    list(
        "measures",
        &measures,
        |id| (*id).clone(),
        MEASURE_LIMIT,
        &["id".into()],
        wrong,
    );
    let agenda: Vec<_> = draft.agenda.iter().map(|entry| &entry.item).collect();
    list(
        "agenda",
        &agenda,
        |item| (*item).clone(),
        ENTRY_LIMIT,
        &["item".into()],
        wrong,
    );
    let evidence = draft.evidence.len();
    if evidence > ENTRY_LIMIT {
        let field = "evidence";
        wrong.add(
            &[field.into()],
            BadValue::TooMany {
                field,
                found: evidence,
                limit: ENTRY_LIMIT,
            },
        );
    }
}

/// A list without the same value twice; `within` leads from an entry to its name.
fn list<T: PartialEq>(
    field: &'static str,
    entries: &[T],
    name: impl Fn(&T) -> String,
    limit: usize,
    within: &[Step<'static>],
    wrong: &mut Misfits,
) {
    if entries.len() > limit {
        let found = entries.len();
        wrong.add(
            &[field.into()],
            BadValue::TooMany {
                field,
                found,
                limit,
            },
        );
        return;
    }
    for (place, entry) in entries.iter().enumerate() {
        if entries[..place].contains(entry) {
            let path = [&[field.into(), place.into()], within].concat();
            let value = name(entry);
            wrong.add(&path, BadValue::Twice { field, value });
        }
    }
}

fn numbers(draft: &Draft, wrong: &mut Misfits) {
    for (field, number) in [("weight", draft.weight), ("impact", draft.impact)] {
        if let Some(found) = number.filter(|number| number.abs() > BOUND_DEGREES) {
            let bound = BOUND_DEGREES;
            wrong.add(
                &[field.into()],
                BadValue::OffScale {
                    field,
                    found,
                    bound,
                },
            );
        }
    }
    let either = BadEvent::Either {
        field: "weight",
        other: "impact",
    };
    match (draft.weight, draft.impact, &draft.reason) {
        (Some(_), Some(_), _) => wrong.add(&["weight".into()], either),
        (_, Some(_), None) => {
            wrong.add(
                &["impact".into()],
                BadEvent::NeedsOther {
                    field: "impact",
                    others: &["reason"],
                },
            );
        }
        (None, None, Some(_)) => {
            wrong.add(
                &["reason".into()],
                BadEvent::NeedsOther {
                    field: "reason",
                    others: &["impact", "weight"],
                },
            );
        }
        _ => {}
    }
}

/// Of each act which fields it needs and which it takes, a bit for each of
/// [`Draft::fields_of_acts`].
static FIELDS_OF_ACTS: LazyLock<[[u32; 2]; Act::ALL.len()]> = LazyLock::new(|| {
    let nothing = Draft::default().fields_of_acts();
    Act::ALL.map(|act| {
        let form = act.form();
        let needs = nothing.map(|(field, _)| (field, form.needs.contains(&field)));
        [
            bits(needs),
            bits(nothing.map(|(field, _)| (field, form.takes(field)))),
        ]
    })
});

fn bits<const N: usize>(fields: [(&'static str, bool); N]) -> u32 {
    let put = |bits, (_, is_set)| bits << 1 | u32::from(is_set);
    fields.into_iter().fold(0, put)
}

fn fields_of_act(draft: &Draft, act: Act, wrong: &mut Misfits) {
    let has = bits(draft.fields_of_acts());
    let [needs, takes] = FIELDS_OF_ACTS[act as usize];
    let is_right = needs & !has == 0 && has & !takes == 0;
    let fields = (!is_right).then(|| draft.fields_of_acts());
    for (field, is_there) in fields.into_iter().flatten() {
        if !is_there && act.form().needs.contains(&field) {
            let act = Some(act);
            wrong.add(&["act".into()], BadEvent::MissingField { field, act });
        }
        if is_there && !act.form().takes(field) {
            let belongs_to = Act::ALL.into_iter().filter(|act| act.form().takes(field));
            let belongs_to = belongs_to.collect();
            wrong.add(
                &[field.into()],
                BadEvent::ForeignField {
                    field,
                    act,
                    belongs_to,
                },
            );
        }
    }
    if let Some(own) = draft.measure.as_ref().or(draft.id.as_ref())
        && draft.effect().is_some()
        && let Some(place) = draft.measures.iter().position(|entry| entry.id == *own)
    {
        let path = ["measures".into(), place.into(), "id".into()];
        let value = own.clone();
        wrong.add(
            &path,
            BadValue::Twice {
                field: "measures",
                value,
            },
        );
    }
    if draft.caused_by.is_some() && draft.caused_by == draft.id {
        wrong.add(&["caused_by".into()], BadEvent::CausesItself);
    }
}

/// What an event about the log, or one that says what already stood, does not have.
fn about_the_log(draft: &Draft, act: Act, wrong: &mut Misfits) {
    let about = act.is_about_the_log();
    let pushes = about || act == Act::Background;
    let effects = [
        ("weight", pushes && draft.weight.is_some()),
        ("impact", pushes && draft.impact.is_some()),
        ("until", pushes && draft.until.is_some()),
        ("measures", about && !draft.measures.is_empty()),
        ("agenda", about && !draft.agenda.is_empty()),
        ("caused_by", about && draft.caused_by.is_some()),
    ];
    for (field, _) in effects.into_iter().filter(|(_, is_there)| *is_there) {
        wrong.add(&[field.into()], foreign(field, act));
    }
    if act == Act::Describes && draft.title.is_none() && draft.names.is_empty() {
        let field = "describes";
        let others = &["title", "names"];
        wrong.add(&["act".into()], BadEvent::NeedsOther { field, others });
    }
    if act == Act::Background {
        if draft.measures.is_empty() {
            let (field, act) = ("measures", Some(act));
            wrong.add(&["act".into()], BadEvent::MissingField { field, act });
        }
        for (place, entry) in draft.measures.iter().enumerate() {
            if entry.to == MeasureStatus::Lifted {
                let path = ["measures".into(), place.into(), "to".into()];
                wrong.add(&path, BadEvent::EndedBefore { act });
            }
        }
    }
}

/// Whether nobody has two roles that cannot be had together.
fn roles(draft: &Draft, wrong: &mut Misfits) {
    for (place, actor) in draft.adverse.iter().enumerate() {
        let roles = [("target", &draft.target), ("audience", &draft.audience)];
        for (role, _) in roles.into_iter().filter(|(_, has)| has.contains(actor)) {
            let path = ["adverse".into(), place.into()];
            let (actor, other) = (*actor, "adverse");
            wrong.add(&path, BadEvent::TwoRoles { actor, role, other });
        }
    }
}

/// Whether the entries of `measures` say what their kind and status take.
fn entries(draft: &Draft, wrong: &mut Misfits) {
    for (place, entry) in draft.measures.iter().enumerate() {
        let at = |field: &'static str| ["measures".into(), place.into(), field.into()];
        if entry.strength.is_some() && entry.to == MeasureStatus::Lifted {
            wrong.add(&at("strength"), BadEvent::StrengthOfNothing);
        } else if let Some(found) = entry.strength.filter(|it| !is_strength(*it)) {
            wrong.add(&at("strength"), BadEvent::BadStrength { found });
        }
        if entry.kind != MeasureKind::Own {
            let theirs = [
                ("degrees", entry.degrees.is_some()),
                ("reason", entry.reason.is_some()),
            ];
            for (field, _) in theirs.into_iter().filter(|(_, is_there)| *is_there) {
                wrong.add(&at(field), BadEvent::OfOwnKind { field });
            }
            continue;
        }
        match (entry.degrees, &entry.reason) {
            (Some(found), _) if found == 0.0 || found.abs() > BOUND_DEGREES => {
                wrong.add(&at("degrees"), BadEvent::BadDegrees { found });
            }
            (Some(_), None) => {
                let (field, others) = ("degrees", &["reason"][..]);
                wrong.add(&at("degrees"), BadEvent::NeedsOther { field, others });
            }
            (None, Some(_)) => {
                let (field, others) = ("reason", &["degrees"][..]);
                wrong.add(&at("reason"), BadEvent::NeedsOther { field, others });
            }
            _ => {}
        }
    }
}

/// Whether a measure can stand as strongly.
fn is_strength(strength: f64) -> bool {
    strength > 0.0 && strength <= STRENGTH_LIMIT
}

/// Whether what an act says of its own measure, and the word that chooses its code, are of the act.
fn measure_of_act(draft: &Draft, act: Act, wrong: &mut Misfits) {
    let form = act.form();
    if let Codes::By { field, values, .. } = form.codes
        && let Some(found) = draft.word(field)
        && !values.iter().any(|(value, _)| *value == found)
    {
        let takes = values.iter().map(|(value, _)| *value).collect();
        wrong.add(
            &[field.into()],
            BadEvent::NotOfAct {
                act,
                field,
                found,
                takes,
            },
        );
    }
    if let Some(found) = draft.strength.filter(|it| !is_strength(*it)) {
        wrong.add(&["strength".into()], BadEvent::BadStrength { found });
    }
    let Some(effect) = form.measure else { return };
    if let Some(kind) = draft.kind.filter(|kind| !effect.kinds.contains(kind))
        && form.takes("kind")
    {
        let takes = effect.kinds.iter().map(|kind| kind.name()).collect();
        let (field, found) = ("kind", kind.name());
        wrong.add(
            &[field.into()],
            BadEvent::NotOfAct {
                act,
                field,
                found,
                takes,
            },
        );
    }
    let own = [
        ("measure", draft.measure.is_some()),
        ("kind", draft.kind.is_some()),
        ("strength", draft.strength.is_some()),
    ];
    let own = own
        .into_iter()
        .filter(|(field, is_there)| *is_there && form.takes(field));
    if let (Some(value), Codes::By { field: chooser, .. }) = (effect.only_at, form.codes)
        && draft.word(chooser).is_some_and(|word| word != value)
    {
        for (field, _) in own {
            let kind = BadEvent::OnlyAt {
                field,
                act,
                chooser,
                value,
            };
            wrong.add(&[field.into()], kind);
        }
    } else if effect.if_named && draft.measure.is_none() {
        for (field, _) in own {
            let others = &["measure"];
            wrong.add(&[field.into()], BadEvent::NeedsOther { field, others });
        }
    }
}

fn parties(draft: &Draft, act: Act, wrong: &mut Misfits) {
    let missing = |field| BadEvent::MissingField {
        field,
        act: Some(act),
    };
    let form = act.form().parties;
    let lists = [
        ("source", draft.source.is_empty()),
        ("target", draft.target.is_empty()),
        ("audience", draft.audience.is_empty()),
        ("adverse", draft.adverse.is_empty()),
    ];
    if form == Parties::Nobody {
        for (field, _) in lists.into_iter().filter(|(_, is_empty)| !is_empty) {
            wrong.add(&[field.into()], foreign(field, act));
        }
        return;
    }
    let needs_target = matches!(form, Parties::Directed | Parties::Mutual);
    for (field, is_empty) in lists {
        if is_empty && (field == "source" || (field == "target" && needs_target)) {
            wrong.add(&["act".into()], missing(field));
        }
    }
    // These lie between sources and targets.
    let between = [
        ("measures", draft.measures.is_empty()),
        ("agenda", draft.agenda.is_empty()),
    ];
    for (field, _) in between.into_iter().filter(|(_, is_empty)| !is_empty) {
        if draft.target.is_empty() && !needs_target {
            wrong.add(
                &[field.into()],
                BadEvent::NeedsOther {
                    field,
                    others: &["target"],
                },
            );
        }
    }
    if form == Parties::Mutual && !draft.source.is_empty() && !draft.target.is_empty() {
        let sorted = |actors: &[crate::model::Actor]| {
            let mut actors = actors.to_vec();
            actors.sort_unstable();
            actors.dedup();
            actors
        };
        let (source, target) = (sorted(&draft.source), sorted(&draft.target));
        let common: Vec<_> = source
            .iter()
            .filter(|actor| target.contains(actor))
            .copied()
            .collect();
        let is_circle = source == target && source.len() > 1;
        if !is_circle && !common.is_empty() {
            let parties = sorted(&[&source[..], &target].concat());
            let kind = BadEvent::NotMutual {
                act,
                common,
                parties,
            };
            wrong.add(&["target".into()], kind);
        }
    }
    if form == Parties::Directed && draft.source.len() == 1 && draft.source == draft.target {
        let value = draft.source.iter().map(ToString::to_string).collect();
        wrong.add(&["target".into()], BadEvent::Itself { act, actor: value });
    }
}

const fn foreign(field: &'static str, act: Act) -> BadEvent {
    BadEvent::ForeignField {
        field,
        act,
        belongs_to: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// What is wrong with an entry of `measures`, by its fields.
    fn wrong(kind: &str, to: &str, rest: &str) -> Vec<&'static str> {
        let event = format!(
            r#"{{"id": "e", "date": "2031-03-02", "source": ["XBL"], "target": ["XRL"], "act": "statement", "measures": [{{"id": "m", "kind": "{kind}", "to": "{to}"{rest}}}]}}"#
        );
        let draft: Draft = serde_json::from_str(&event).unwrap();
        let misfits = check(draft).err().unwrap_or_default();
        let path = |misfit: Misfit| match misfit.path[..] {
            [Step::Key(_), Step::Index(0), ref last] => {
                let fields = ["strength", "degrees", "reason"];
                fields
                    .into_iter()
                    .find(|field| *last == Step::from(*field))
                    .unwrap_or("other")
            }
            _ => "elsewhere",
        };
        misfits.into_iter().map(path).collect()
    }

    #[test]
    fn an_entry_of_measures_says_what_its_kind_and_status_take() {
        for (strength, is_good) in [
            ("0", false),
            ("-1", false),
            ("0.001", true),
            ("1", true),
            ("10", true),
            ("10.001", false),
        ] {
            let rest = format!(r#", "strength": {strength}"#);
            let expected: &[&str] = if is_good { &[] } else { &["strength"] };
            assert_eq!(
                wrong("sanctions", "in_force", &rest),
                expected,
                "{strength}"
            );
            assert_eq!(
                wrong("sanctions", "lifted", &rest),
                ["strength"],
                "{strength}"
            );
        }
        let because = r#", "reason": "why""#;
        for (degrees, is_good) in [
            ("0", false),
            ("0.001", true),
            ("-10", true),
            ("10", true),
            ("10.001", false),
            ("-10.001", false),
        ] {
            let rest = format!(r#", "degrees": {degrees}{because}"#);
            let expected: &[&str] = if is_good { &[] } else { &["degrees"] };
            assert_eq!(wrong("own", "in_force", &rest), expected, "{degrees}");
            assert_eq!(wrong("sanctions", "in_force", &rest), ["degrees", "reason"]);
        }
        assert_eq!(wrong("own", "in_force", r#", "degrees": 1"#), ["degrees"]);
        assert_eq!(wrong("own", "in_force", because), ["reason"]);
        assert_eq!(wrong("own", "lifted", ""), [""; 0]);
        assert_eq!(wrong("tariffs", "in_force", because), ["reason"]);
    }

    /// What is wrong with an event of an act that has these fields, others or none (`null`) than
    /// the right ones: where, and of what sort.
    fn misfits(act: &str, fields: serde_json::Value) -> Vec<String> {
        let event = serde_json::json!({
            "id": "e", "date": "2031-03-02", "source": ["XBL"], "target": ["XRL"], "act": act,
        });
        let (serde_json::Value::Object(mut event), serde_json::Value::Object(fields)) =
            (event, fields)
        else {
            unreachable!("fields are an object");
        };
        event.extend(fields);
        event.retain(|_, value| !value.is_null());
        let draft: Draft = serde_json::from_value(event.into()).unwrap();
        let told = |misfit: Misfit| {
            let path = misfit.path.iter().map(|step| match step {
                Step::Key(key) => (*key).to_owned(),
                Step::Index(place) => place.to_string(),
            });
            let path = path.collect::<Vec<_>>().join("/");
            // As in `Event(MissingField { … })`.
            let kind = format!("{:?}", misfit.kind);
            let mut words = kind.split(|byte: char| !byte.is_alphanumeric());
            format!("{path} {}", words.nth(1).unwrap_or_default())
        };
        let misfits = check(draft).err().unwrap_or_default();
        misfits.into_iter().map(told).collect()
    }

    fn text(length: usize) -> String {
        "n".repeat(length)
    }

    fn texts(count: usize) -> Vec<String> {
        (0..count).map(|number| format!("n{number}")).collect()
    }

    #[track_caller]
    fn all<const N: usize>(rows: [(&str, serde_json::Value, &str); N]) {
        for (act, fields, expected) in rows {
            assert_eq!(
                misfits(act, fields.clone()).join(", "),
                expected,
                "{act} {fields}"
            );
        }
    }

    #[test]
    fn names_are_short_and_of_few_letters_wherever_they_stand() {
        for (name, is_one) in [
            (text(NAME_LIMIT), true),
            (text(NAME_LIMIT + 1), false),
            ("aZ0-_.@".to_owned(), true),
            ("Z".to_owned(), true),
            (String::new(), false),
            ("9a".to_owned(), false),
            ("-a".to_owned(), false),
            ("a b".to_owned(), false),
            ("a/b".to_owned(), false),
            ("\u{e9}a".to_owned(), false),
            ("a\u{e9}".to_owned(), false),
        ] {
            assert_eq!(is_name(&name), is_one, "{name}");
        }
        let entry = json!([{"id": "9", "kind": "sanctions", "to": "in_force"}]);
        all([
            ("statement", json!({"id": "9"}), "id Name"),
            ("statement", json!({"caused_by": "9"}), "caused_by Name"),
            (
                "statement",
                json!({"measures": entry}),
                "measures/0/id Name",
            ),
            ("readout", json!({"of": "9"}), "of Name"),
            ("annexation", json!({"measure": "9"}), "measure Name"),
            (
                "retraction",
                json!({"source": null, "target": null, "retracts": "9"}),
                "retracts Name",
            ),
            ("meeting_planned", json!({"meeting": "9"}), "meeting Name"),
            (
                "statement",
                json!({"agenda": [{"item": "a", "to": "raised"}, {"item": "9", "to": "raised"}]}),
                "agenda/1/item Name",
            ),
            (
                "readout",
                json!({"of": "c", "mentions": ["a", "9"], "omits": ["8"]}),
                "mentions/1 Name, omits/0 Name",
            ),
            (
                "describes",
                json!({"source": null, "target": null, "names": {"9": "Nine"}}),
                "names Name",
            ),
        ]);
    }

    #[test]
    fn a_list_has_no_more_than_its_limit_and_nothing_twice() {
        let actors: Vec<_> = crate::model::Actor::all().take(ACTOR_LIMIT + 1).collect();
        let measure = |id: &String| json!({"id": id, "kind": "sanctions", "to": "in_force"});
        let measures = |count| texts(count).iter().map(measure).collect::<Vec<_>>();
        let item = |item: &String| json!({"item": item, "to": "raised"});
        let agenda = |count| texts(count).iter().map(item).collect::<Vec<_>>();
        let evidence = |count| vec![json!({"document": "d"}); count];
        let names = |count| {
            let names = texts(count).into_iter().map(|name| (name, json!("N")));
            names.collect::<serde_json::Map<_, _>>()
        };
        let nobody =
            |names: serde_json::Map<_, _>| json!({"source": null, "target": null, "names": names});
        all([
            ("statement", json!({"source": actors[..ACTOR_LIMIT]}), ""),
            ("statement", json!({"source": actors}), "source TooMany"),
            ("statement", json!({"target": actors[..ACTOR_LIMIT]}), ""),
            ("statement", json!({"target": actors}), "target TooMany"),
            ("statement", json!({"audience": actors}), "audience TooMany"),
            ("statement", json!({"adverse": actors}), "adverse TooMany"),
            (
                "statement",
                json!({"source": ["XBL", "USA", "XBL"]}),
                "source/2 Twice",
            ),
            (
                "statement",
                json!({"audience": ["USA", "USA", "USA"]}),
                "audience/1 Twice, audience/2 Twice",
            ),
            (
                "statement",
                json!({"measures": measures(MEASURE_LIMIT)}),
                "",
            ),
            (
                "statement",
                json!({"measures": measures(MEASURE_LIMIT + 1)}),
                "measures TooMany",
            ),
            (
                "statement",
                json!({"measures": [measure(&text(1)), measure(&text(1))]}),
                "measures/1/id Twice",
            ),
            ("statement", json!({"agenda": agenda(ENTRY_LIMIT)}), ""),
            (
                "statement",
                json!({"agenda": agenda(ENTRY_LIMIT + 1)}),
                "agenda TooMany",
            ),
            (
                "statement",
                json!({"agenda": [item(&text(1)), item(&text(1))]}),
                "agenda/1/item Twice",
            ),
            ("statement", json!({"evidence": evidence(ENTRY_LIMIT)}), ""),
            (
                "statement",
                json!({"evidence": evidence(ENTRY_LIMIT + 1)}),
                "evidence TooMany",
            ),
            (
                "readout",
                json!({"of": "c", "mentions": texts(ENTRY_LIMIT)}),
                "",
            ),
            (
                "readout",
                json!({"of": "c", "mentions": texts(ENTRY_LIMIT + 1)}),
                "mentions TooMany",
            ),
            (
                "readout",
                json!({"of": "c", "omits": texts(ENTRY_LIMIT + 1)}),
                "omits TooMany",
            ),
            (
                "readout",
                json!({"of": "c", "omits": ["a", "a"]}),
                "omits/1 Twice",
            ),
            (
                "readout",
                json!({"of": "c", "mentions": ["a", "b"], "omits": ["c", "b"]}),
                "omits/1 Either",
            ),
            ("describes", nobody(names(ENTRY_LIMIT)), ""),
            ("describes", nobody(names(ENTRY_LIMIT + 1)), "names TooMany"),
        ]);
    }

    #[test]
    fn a_caption_is_a_short_line_of_text() {
        for (caption, is_one) in [
            ("N".to_owned(), true),
            ("\u{c9}lys\u{e9}e accords".to_owned(), true),
            (text(NAME_LIMIT), true),
            (text(NAME_LIMIT + 1), false),
            (" ".to_owned(), false),
            ("N\nN".to_owned(), false),
        ] {
            let fields = json!({"source": null, "target": null, "names": {"n": caption}});
            let expected: &[&str] = if is_one { &[] } else { &["names BadCaption"] };
            assert_eq!(misfits("describes", fields), expected, "{caption}");
        }
    }

    #[test]
    fn a_number_lies_within_its_bounds_and_has_its_reason() {
        for field in ["weight", "impact"] {
            for (number, is_good) in [
                (10.0, true),
                (-10.0, true),
                (10.001, false),
                (-10.001, false),
            ] {
                let fields = json!({field: number, "reason": "why"});
                let off = format!("{field} OffScale");
                let expected = if is_good { vec![] } else { vec![off] };
                assert_eq!(misfits("statement", fields), expected, "{field} {number}");
            }
        }
        all([
            ("statement", json!({"weight": 1.0}), ""),
            ("statement", json!({"impact": 1.0}), "impact NeedsOther"),
            ("statement", json!({"reason": "why"}), "reason NeedsOther"),
            (
                "statement",
                json!({"weight": 1.0, "impact": 1.0, "reason": "why"}),
                "weight Either",
            ),
            (
                "statement",
                json!({"weight": 1.0, "impact": 1.0}),
                "weight Either",
            ),
            ("statement", json!({"v": 1}), ""),
            ("statement", json!({"v": 2}), "v NewerFormat"),
            ("statement", json!({"v": 0}), "v NewerFormat"),
            ("statement", json!({"until": "2031-03-02"}), ""),
            ("statement", json!({"until": "2031-03-03"}), ""),
            (
                "statement",
                json!({"until": "2031-03-01"}),
                "until EndsBeforeItBegins",
            ),
            ("statement", json!({"id": null}), " MissingField"),
            (
                "statement",
                json!({"id": null, "date": null}),
                " MissingField,  MissingField",
            ),
            ("statement", json!({"act": null}), " MissingField"),
            (
                "statement",
                json!({"date": null, "after": {"event": "a"}}),
                "after OnlyInScenarios,  MissingField",
            ),
            (
                "statement",
                json!({"caused_by": "e"}),
                "caused_by CausesItself",
            ),
            ("statement", json!({"caused_by": "f"}), ""),
        ]);
    }

    /// Something for each field that belongs to some acts only.
    fn some(field: &str, act: Act) -> serde_json::Value {
        match (field, act.form().codes) {
            (
                _,
                Codes::By {
                    field: chooser,
                    values,
                    ..
                },
            ) if chooser == field => {
                let last = values.last().map(|(value, _)| *value);
                json!(last)
            }
            ("code", _) => json!("036"),
            ("tone", _) => json!("neutral"),
            ("stage", _) => json!("signed"),
            ("place", _) => json!("home"),
            ("result", _) => json!("agreed"),
            ("matter", _) => json!("aid"),
            ("means", _) => json!("air"),
            ("area", _) => json!("economic"),
            ("minutes" | "number", _) => json!(7),
            ("mentions" | "omits", _) => json!([field]),
            ("kind", _) => json!(
                act.form()
                    .measure
                    .map_or(MeasureKind::War, |it| it.kinds[0])
            ),
            ("strength", _) => json!(1.5),
            ("scheduled_for", _) => json!("2031-04-01"),
            ("names", _) => json!({"n": "N"}),
            ("measures", _) => json!([{"id": "m", "kind": "war", "to": "in_force"}]),
            _ => json!("name"),
        }
    }

    #[test]
    fn each_act_has_what_it_needs_and_nothing_that_belongs_to_others() {
        for act in Act::ALL {
            let form = act.form();
            let mut fields = serde_json::Map::new();
            if form.parties == Parties::Nobody {
                fields.extend(["source", "target"].map(|list| (list.to_owned(), json!(null))));
            }
            let all = form.needs.iter().chain(form.may_have);
            fields.extend(all.map(|field| ((*field).to_owned(), some(field, act))));
            let whole = serde_json::Value::Object(fields.clone());
            assert_eq!(misfits(act.name(), whole.clone()), [""; 0], "{act} {whole}");
            for (field, _) in Draft::default().fields_of_acts() {
                let mut changed = fields.clone();
                let expected = if form.needs.contains(&field) {
                    changed.remove(field);
                    "act MissingField".to_owned()
                } else if form.takes(field) {
                    continue;
                } else {
                    changed.insert(field.to_owned(), some(field, act));
                    format!("{field} ForeignField")
                };
                let found = misfits(act.name(), changed.into());
                assert_eq!(found[..1], [expected], "{act} {field}");
            }
        }
    }

    #[test]
    fn an_act_says_of_its_measure_what_it_does_with_one() {
        let entry = |id: &str| json!([{"id": id, "kind": "war", "to": "in_force"}]);
        all([
            ("threat", json!({"means": "blockade"}), ""),
            ("threat", json!({"means": "air"}), "means NotOfAct"),
            ("attack", json!({"means": "blockade"}), "means NotOfAct"),
            (
                "exercise_suspended",
                json!({"stage": "signed"}),
                "stage NotOfAct",
            ),
            ("annexation", json!({"strength": 10.0}), ""),
            (
                "annexation",
                json!({"strength": 10.001}),
                "strength BadStrength",
            ),
            (
                "annexation",
                json!({"strength": 0.0}),
                "strength BadStrength",
            ),
            ("sanctions_imposed", json!({"kind": "tariffs"}), ""),
            ("sanctions_imposed", json!({"kind": "war"}), "kind NotOfAct"),
            ("annexation", json!({"kind": "war"}), "kind ForeignField"),
            (
                "agreement",
                json!({"stage": "in_force", "kind": "alliance", "strength": 2.0}),
                "",
            ),
            (
                "agreement",
                json!({"stage": "signed", "measure": "m", "kind": "alliance", "strength": 2.0}),
                "measure OnlyAt, kind OnlyAt, strength OnlyAt",
            ),
            ("agreement", json!({"measure": "m"}), "act MissingField"),
            (
                "treaty_left",
                json!({"strength": 2.0}),
                "strength NeedsOther",
            ),
            ("treaty_left", json!({"measure": "m", "strength": 2.0}), ""),
            ("sanctions_imposed", json!({"strength": 2.0}), ""),
            // The act's own measure is that of its id, where it names none.
            (
                "annexation",
                json!({"measure": "m", "measures": entry("m")}),
                "measures/0/id Twice",
            ),
            (
                "annexation",
                json!({"measures": entry("e")}),
                "measures/0/id Twice",
            ),
            (
                "annexation",
                json!({"measure": "m", "measures": entry("e")}),
                "",
            ),
            ("attack", json!({"measures": entry("e")}), ""),
            ("statement", json!({"measures": entry("e")}), ""),
        ]);
    }

    #[test]
    fn what_is_about_the_log_and_what_stood_before_have_no_effect_of_their_own() {
        let entry = |to: &str| json!([{"id": "m", "kind": "war", "to": to}]);
        let agenda = json!([{"item": "a", "to": "raised"}]);
        let of_log = |field: &str, value: serde_json::Value| json!({"source": null, "target": null, "title": "T", field: value});
        all([
            ("describes", of_log("note", json!("N")), ""),
            (
                "describes",
                json!({"source": null, "target": null}),
                "act NeedsOther",
            ),
            (
                "describes",
                json!({"source": null, "target": null, "names": {"n": "N"}}),
                "",
            ),
            (
                "describes",
                of_log("weight", json!(1.0)),
                "weight ForeignField",
            ),
            (
                "describes",
                of_log("until", json!("2031-03-05")),
                "until ForeignField",
            ),
            (
                "describes",
                of_log("measures", entry("in_force")),
                "measures ForeignField",
            ),
            (
                "describes",
                of_log("agenda", agenda.clone()),
                "agenda ForeignField",
            ),
            (
                "describes",
                of_log("caused_by", json!("f")),
                "caused_by ForeignField",
            ),
            (
                "describes",
                json!({"title": "T", "audience": ["USA"], "adverse": ["RUS"]}),
                "source ForeignField, target ForeignField, audience ForeignField, adverse ForeignField",
            ),
            (
                "background",
                json!({"measures": entry("in_force"), "agenda": agenda, "caused_by": "f"}),
                "",
            ),
            ("background", json!({}), "act MissingField"),
            (
                "background",
                json!({"measures": entry("lifted")}),
                "measures/0/to EndedBefore",
            ),
            (
                "background",
                json!({"measures": entry("in_force"), "weight": 1.0, "until": "2031-03-05"}),
                "weight ForeignField, until ForeignField",
            ),
            (
                "background",
                json!({"measures": entry("in_force"), "impact": 1.0, "reason": "why"}),
                "impact ForeignField",
            ),
        ]);
    }

    #[test]
    fn parties_are_given_as_the_act_has_them() {
        let entry = json!([{"id": "m", "kind": "war", "to": "in_force"}]);
        let agenda = json!([{"item": "a", "to": "raised"}]);
        all([
            ("statement", json!({"target": null}), ""),
            ("statement", json!({"source": null}), "act MissingField"),
            (
                "statement",
                json!({"target": null, "measures": entry}),
                "measures NeedsOther",
            ),
            (
                "statement",
                json!({"target": null, "agenda": agenda}),
                "agenda NeedsOther",
            ),
            ("statement", json!({"agenda": agenda}), ""),
            ("letter", json!({"target": null}), "act MissingField"),
            (
                "letter",
                json!({"target": null, "agenda": agenda}),
                "act MissingField",
            ),
            (
                "letter",
                json!({"source": null, "target": null}),
                "act MissingField, act MissingField",
            ),
            ("letter", json!({"target": ["XBL"]}), "target Itself"),
            (
                "letter",
                json!({"source": ["XBL", "XRL"], "target": ["XBL", "XRL"]}),
                "",
            ),
            ("letter", json!({"target": ["XBL", "XRL"]}), ""),
            ("call", json!({}), ""),
            ("call", json!({"target": null}), "act MissingField"),
            (
                "call",
                json!({"source": ["XBL", "XRL"], "target": ["XRL", "XBL"]}),
                "",
            ),
            ("call", json!({"target": ["XBL"]}), "target NotMutual"),
            (
                "call",
                json!({"source": ["XBL", "XRL"]}),
                "target NotMutual",
            ),
            ("call", json!({"target": ["XRL", "USA"]}), ""),
            (
                "statement",
                json!({"audience": ["USA"], "adverse": ["RUS"]}),
                "",
            ),
            (
                "statement",
                json!({"audience": ["USA"], "adverse": ["RUS", "USA"]}),
                "adverse/1 TwoRoles",
            ),
            (
                "statement",
                json!({"adverse": ["XRL"]}),
                "adverse/0 TwoRoles",
            ),
        ]);
    }
}
