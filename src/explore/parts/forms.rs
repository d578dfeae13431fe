//! The form of an event: the fields that its act has, with what can stand in them.

use crate::explore::cells::{FIELDS, RARE, acts, cells, of_act};
use crate::explore::changes::Trouble;
use crate::explore::session::Session;
use crate::history::{Draft, Field, Shape};
use crate::model::{Act, Actor, Parties};
use crate::view::page::pieces::said;
use crate::view::{Seen, plain};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// The most actors that have a tick of their own.
const TICKED: usize = 16;
/// The most names that a field proposes.
const PROPOSED: usize = 400;
/// Fields that hold actors.
const OF_ACTORS: [&str; 4] = ["source", "target", "audience", "adverse"];

/// A form under way.
pub(in crate::explore) struct Form<'a> {
    /// The event that is written anew; none for one more.
    pub(in crate::explore) event: Option<&'a str>,
    /// What stands in its fields.
    pub(in crate::explore) cells: BTreeMap<String, String>,
    /// What is wrong with it.
    pub(in crate::explore) troubles: &'a [Trouble],
}

impl Form<'_> {
    fn act(&self) -> Act {
        let named = self.cells.get("act").map(|text| text.trim());
        let known = acts().find(|act| Some(act.name()) == named);
        known.unwrap_or(Act::Statement)
    }

    fn text(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }
}

/// What stands in the fields of an event as things stand, by its id; of a new one, its day and the
/// two sides.
pub(in crate::explore) fn beginning(
    session: &Session,
    event: Option<&str>,
) -> BTreeMap<String, String> {
    let scenes = &session.picture.scenes;
    if let Some(id) = event {
        return scenes.of_id(id).map_or_else(BTreeMap::new, |scene| {
            cells(&Draft {
                date: Some(scene.record.date()),
                ..scene.record.fields().clone()
            })
        });
    }
    let mut cells = BTreeMap::from([
        ("act".to_owned(), Act::Statement.name().to_owned()),
        ("date".to_owned(), session.day().to_string()),
    ]);
    if let Some(dyad) = session.looked.dyad {
        let [first, second] = dyad.sides().map(|side| side.code().to_owned());
        cells.extend([("source".to_owned(), first), ("target".to_owned(), second)]);
    }
    cells
}

pub(in crate::explore) fn form(session: &Session, form: &Form<'_>) -> Markup {
    let act = form.act();
    let is_mutual = act.form().parties == Parties::Mutual;
    let fields = of_act(act);
    let known = known_actors(session);
    let field = |name: &str, field: Option<&Field>| self::field(session, form, name, field, &known);
    let is_first = |field: &&&Field| {
        !RARE.contains(&field.name.as_str()) && !["act", "date"].contains(&field.name.as_str())
    };
    // What several do together is asked for once.
    let is_asked = |field: &&&Field| !(is_mutual && field.name == "target");
    let own = fields.iter().filter(is_asked).filter(is_first);
    let rare = fields
        .iter()
        .filter(|field| RARE.contains(&field.name.as_str()))
        .filter(|field| !(field.name == "id" && form.event.is_some()));
    // What is wrong with no field that is there is said of the whole.
    let has_place = |name: &str| {
        let is_own = fields.iter().any(|field| field.name == name);
        name != "act" && !(name == "id" && form.event.is_some()) && is_own
    };
    let whole: Vec<_> = form
        .troubles
        .iter()
        .filter(|it| !it.field.as_deref().is_some_and(has_place))
        .collect();
    html! {
        form id="event-form" data-event=[form.event] novalidate {
            h2 { @if form.event.is_some() { "Write this event anew" } @else { "Insert an event" } }
            @if !whole.is_empty() { ul class="wrong" role="alert" { @for trouble in &whole { li { (said(&trouble.says)) } } } }
            div class="field" {
                label for="cell-act" { "What is done" }
                select id="cell-act" name="act" {
                    @for known in acts() { option value=(known.name()) selected[known == act] { (plain(known.name())) } }
                }
                p class="aside" { (act.meaning()) }
            }
            (field("date", None))
            @for one in own { (field(&one.name, Some(one))) }
            details id="more-fields" { summary { "More fields" }
                @for one in rare { (field(&one.name, Some(one))) }
            }
            (proposals(session))
            div class="line" {
                button type="submit" id="write" { @if form.event.is_some() { "Write" } @else { "Insert" } }
                button type="button" id="close-form" { "Cancel" }
            }
        }
    }
}

fn field(
    session: &Session,
    form: &Form<'_>,
    name: &str,
    known: Option<&Field>,
    known_actors: &[Actor],
) -> Markup {
    let is_mutual = form.act().form().parties == Parties::Mutual;
    let known = known.or_else(|| FIELDS.iter().find(|field| field.name == name));
    let Some(known) = known else {
        return html! {};
    };
    let id = format!("cell-{name}");
    let joined = joined(form);
    let text = match name {
        "source" if is_mutual => &joined,
        _ => form.text(name),
    };
    let wrong: Vec<_> = form
        .troubles
        .iter()
        .filter(|it| it.field.as_deref() == Some(name))
        .collect();
    let is_wrong = (!wrong.is_empty()).then_some("true");
    let label = match name {
        "source" if is_mutual => "Who takes part".to_owned(),
        "source" => "Who acts".to_owned(),
        "target" => "On whom".to_owned(),
        "date" => "On which day".to_owned(),
        "audience" => "Who hears it too".to_owned(),
        other => {
            let mut words = plain(other);
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    };
    let hint = known.notation();
    let list = match name {
        "measure" | "meeting" | "of" | "caused_by" | "mentions" | "omits" | "agenda" => {
            Some(format!("known-{name}"))
        }
        "according_to" => Some("known-actors".to_owned()),
        _ => None,
    };
    let hint = match (&known.shape, hint.is_empty()) {
        (_, false) => format!("as {hint}; several are parted by ;"),
        (Shape::List, true) if !OF_ACTORS.contains(&name) => "several are parted by ;".to_owned(),
        _ => String::new(),
    };
    let described = format!("about-cell-{name}");
    html! {
        div class="field" {
            @if OF_ACTORS.contains(&name) {
                (actors(session, known_actors, (name, &label), text))
            } @else {
                label for=(id) { (label) }
                @match (&known.shape, known.choices.is_empty()) {
                    (Shape::Text, false) => select id=(id) name=(name) {
                        option value="" selected[text.is_empty()] { "" }
                        @for choice in &known.choices { option value=(choice) selected[choice == text] { (plain(choice)) } }
                    },
                    (Shape::Text, true) if name == "note" => textarea id=(id) name=(name) rows="3" dir="auto" { (text) },
                    (Shape::Date, _) => input type="date" id=(id) name=(name) value=(text) aria-invalid=[is_wrong] aria-describedby=(described);,
                    _ => input type="text" id=(id) name=(name) value=(text) list=[list] autocomplete="off" aria-invalid=[is_wrong] aria-describedby=(described);,
                }
            }
            p class="aside" id=(described) {
                @for trouble in &wrong { strong class="wrong" { (said(&trouble.says)) } " " }
                (hint)
            }
        }
    }
}

/// All who act together, in whichever field they stand.
fn joined(form: &Form<'_>) -> String {
    let all = [form.text("source"), form.text("target")];
    let all: Vec<_> = all.into_iter().filter(|text| !text.is_empty()).collect();
    all.join("; ")
}

/// Actors: a tick for each of this history, and room for others.
fn actors(session: &Session, known: &[Actor], (name, label): (&str, &str), text: &str) -> Markup {
    let chosen: Vec<&str> = text
        .split([';', '\n'])
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .collect();
    let codes: BTreeSet<&str> = known.iter().map(Actor::code).collect();
    let others: Vec<&str> = chosen
        .iter()
        .copied()
        .filter(|code| !codes.contains(code))
        .collect();
    html! {
        fieldset data-actors=(name) {
            legend { (label) }
            @for actor in known {
                @let id = format!("{name}-{actor}");
                label class="tick" { input type="checkbox" id=(id) value=(actor.code()) checked[chosen.contains(&actor.code())]; " " (said(session.picture.said.name(actor.code()).unwrap_or(actor.name()))) }
            }
            label class="others" { "others " input type="text" id=(format!("cell-{name}")) value=(others.join("; ")) list="known-actors" autocomplete="off" placeholder="such as FRA"; }
        }
    }
}

/// The actors of the history, those first that act most often.
fn known_actors(session: &Session) -> Vec<Actor> {
    let mut counts: BTreeMap<Actor, usize> = BTreeMap::new();
    for scene in session.picture.scenes.iter() {
        let fields = scene.record.fields();
        let lists = [&fields.source, &fields.target, &fields.audience];
        for actor in lists.into_iter().flatten() {
            *counts.entry(*actor).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(actor, count)| (std::cmp::Reverse(*count), *actor));
    counts.truncate(TICKED);
    counts.into_iter().map(|(actor, _)| actor).collect()
}

/// What can be written of agenda items: each with each status.
fn moves(items: &[(String, String)]) -> Vec<(String, String)> {
    let field = FIELDS.iter().find(|field| field.name == "agenda");
    let statuses = field.map_or(&[][..], |field| match &field.shape {
        Shape::Entries { parts, .. } => parts.get(1).map_or(&[][..], |part| &part.choices),
        _ => &[],
    });
    let moves = items.iter().flat_map(|(item, title)| {
        let entry = move |status: &String| {
            let words = if title.is_empty() { item } else { title };
            (
                format!("{item}:{status}"),
                format!("{words}: {}", plain(status)),
            )
        };
        statuses.iter().map(entry)
    });
    moves.collect()
}

/// Names in alphabetical order, of many the last ones.
#[derive(Default)]
struct Last {
    names: BTreeSet<String>,
    /// Whether others were left out.
    is_cut: bool,
}

impl<'n> Extend<&'n str> for Last {
    fn extend<I: IntoIterator<Item = &'n str>>(&mut self, names: I) {
        for name in names {
            if !self.names.contains(name) {
                self.names.insert(name.to_owned());
            }
            if self.names.len() > PROPOSED {
                self.names.pop_first();
                self.is_cut = true;
            }
        }
    }
}

/// The names that fields propose.
fn proposals(session: &Session) -> Markup {
    let picture = &session.picture;
    let scenes = &picture.scenes;
    let world = picture.folded(picture.own, picture.scenario.until).world;
    let [mut measures, mut meetings, mut items] = <[Last; 3]>::default();
    // What has happened by the end has its name there, also what begins without one of its own.
    measures.extend(world.measures());
    meetings.extend(world.meetings());
    drop(world);
    for scene in scenes.iter() {
        let fields = scene.record.fields();
        measures.extend(fields.measure.as_deref());
        measures.extend(fields.measures.iter().map(|entry| &*entry.id));
        meetings.extend(fields.meeting.as_deref());
        items.extend(fields.agenda.iter().map(|entry| &*entry.item));
    }
    let one = |scene: Seen<'_>| {
        let title = scene.record.title().into_owned();
        (scene.record.id().to_owned(), title)
    };
    let is_talk = |scene: &Seen<'_>| scene.record.act().form().is_conversation();
    // The last come first.
    let last = || scenes.iter().rev();
    let talks = last().filter(is_talk).take(PROPOSED);
    let sets = [&measures, &meetings, &items];
    let is_cut = scenes.len() > PROPOSED || sets.iter().any(|it| it.is_cut);
    let named = |last: Last| {
        let name = |id: String| {
            let name = session.base.names.name(&id).unwrap_or_default().to_owned();
            (id, name)
        };
        last.names.into_iter().map(name).collect::<Vec<_>>()
    };
    let reversed = |mut names: Vec<(String, String)>| {
        names.reverse();
        names
    };
    let items = named(items);
    let lists = [
        ("measure", reversed(named(measures))),
        ("meeting", reversed(named(meetings))),
        ("agenda", reversed(moves(&items))),
        ("mentions", reversed(items.clone())),
        ("omits", reversed(items)),
        ("of", talks.map(one).collect()),
        ("caused_by", last().take(PROPOSED).map(one).collect()),
    ];
    html! {
        @if is_cut {
            p class="aside" { "Fields propose " (PROPOSED) " names at most, of events those of the last; every other can be written." }
        }
        @for (name, proposed) in lists {
            datalist id=(format!("known-{name}")) {
                @for (id, title) in proposed.iter().take(PROPOSED) { option value=(id) { (crate::text::shown(title)) } }
            }
        }
        datalist id="known-actors" {
            @for actor in Actor::all().filter(|actor| actor.name() != actor.code()) { option value=(actor.code()) { (actor.name()) } }
        }
    }
}
