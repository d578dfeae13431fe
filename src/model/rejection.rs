//! A rejection in words: names for its indices, and what may help.

use super::act::{Act, Way};
use super::decide::Rejection;
use super::names::{HoldIx, MeetingIx, nearest};
use super::world::World;
use crate::model::relation::measure::{MeasureKind, MeasureStatus, Standing, Turn};
use crate::text::abridged;

/// What a rejection says, with every name in place.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The rule that is broken.
    pub rejection: Rejection,
    /// What was found and what the state is, as a lowercase fragment.
    pub says: String,
    /// What may help.
    pub help: Option<String>,
    /// The field of the event that breaks the rule.
    pub field: &'static str,
}

impl Rejection {
    /// The rejection in words.
    #[must_use]
    pub fn tell(self, world: &World) -> Refusal {
        self.in_words(world, true)
    }

    /// The rejection in words, without what has to be looked for among all names: for one of very
    /// many.
    #[must_use]
    pub fn tell_briefly(self, world: &World) -> Refusal {
        self.in_words(world, false)
    }

    #[expect(clippy::too_many_lines, reason = "one arm a rule")]
    fn in_words(self, world: &World, looks: bool) -> Refusal {
        let (field, says, help) = match self {
            Self::IdUsedTwice(id) => (
                "id",
                format!("the id `{}` is used twice", world.id(id)),
                Some("give the event an id of its own".to_owned()),
            ),
            Self::UnknownCause(id) => (
                "caused_by",
                format!("the cause `{}` is not an event of this history", world.id(id)),
                looks.then(|| did_you_mean(world.id(id), world)).flatten(),
            ),
            Self::RetractedCause(id) => (
                "caused_by",
                format!("the cause `{}` was retracted", world.id(id)),
                None,
            ),
            Self::AbsentCause(id) => (
                "caused_by",
                format!("the cause `{}` does not happen", world.id(id)),
                None,
            ),
            Self::EffectBeforeCause { cause, day, same_day: true } => (
                "caused_by",
                format!("the cause `{}` comes only later on the same day, {day}", world.id(cause)),
                Some("within a day events stand in the order of the log: append the cause first".to_owned()),
            ),
            Self::EffectBeforeCause { cause, day, .. } => (
                "caused_by",
                format!("the cause `{}` comes only later, on {day}", world.id(cause)),
                Some("an effect has the date of its cause or a later one".to_owned()),
            ),
            Self::UnknownConversation(of) => (
                "of",
                format!("there was no call or meeting `{}` yet", world.id(of)),
                looks.then(|| did_you_mean(world.id(of), world)).flatten(),
            ),
            Self::NotAConversation { of, act } => (
                "of",
                format!("`{}` is {act}, not a call or a held meeting", world.id(of)),
                Some("`of` names the event of the call, or the `meeting_held` event".to_owned()),
            ),
            Self::NotOnIt { actor, of, is_target } => {
                let parties = world.conversation(of).map_or(&[][..], |it| it.parties);
                let mut parties: Vec<_> = parties.iter().map(|&it| world.actor(it).to_string()).collect();
                parties.sort_unstable();
                (
                    if is_target { "target" } else { "source" },
                    format!("{} took no part in `{}`", world.actor(actor), world.id(of)),
                    Some(format!("those who did are {}", parties.join(", "))),
                )
            }
            Self::OtherKind { measure, taken_for, in_entry } => {
                let kind = world.kind(measure);
                let id = world.measure(measure);
                let says = format!(
                    "the measure `{id}` is of the kind {}, not {}",
                    kind.map_or("unknown", MeasureKind::name),
                    any_of(taken_for)
                );
                let ends = kind.and_then(|kind| Some((kind, act_that(Way::Ends, kind)?)));
                let help = ends.map(|(kind, act)| format!("`{act}` ends {}", kind.one()));
                (field_of(in_entry), says, help)
            }
            Self::Measure { hold, is, turn, in_entry } => {
                let (says, help) = measure_in_words(hold, is, turn, world, looks);
                (field_of(in_entry), says, help)
            }
            Self::OwnDegrees { measure, is: Some(is), found: Some(found) } => (
                "measures",
                format!("the measure `{}` counts {is} degrees, not {found}", world.measure(measure)),
                Some("only the entry that begins a measure says what it counts".to_owned()),
            ),
            Self::OwnDegrees { measure, .. } => (
                "measures",
                format!("nothing says what the measure `{}` counts", world.measure(measure)),
                Some("the entry that begins a measure of the kind own needs `degrees` and `reason`".to_owned()),
            ),
            Self::Agenda { topic, is, to } => {
                let dyad = world.dyad(world.dyad_of_topic(topic));
                let item = world.item(topic);
                let says = match is {
                    None => format!("nobody raised `{item}` in {dyad}, so it cannot become {}", plain(to.name())),
                    Some(is) => format!(
                        "the agenda item `{item}` of {dyad} is {} and cannot become {}",
                        plain(is.name()),
                        plain(to.name())
                    ),
                };
                let help = "raised -> agreed -> in_progress -> settled; stalled or dropped from any open status; a settled or dropped item may be raised again";
                ("agenda", says, Some(help.to_owned()))
            }
            Self::Meeting { meeting, is, to } => {
                let meeting = world.meeting(meeting);
                let is = is.map_or("not announced", |is| is.name());
                let says = format!("the meeting `{meeting}` is {is} and cannot become {}", to.name());
                let help = "proposed -> planned -> scheduled -> held; postponed or cancelled until it is held; a cancelled one may be announced again";
                ("meeting", says, Some(help.to_owned()))
            }
            Self::UnknownMeeting(meeting) => (
                "meeting",
                format!("there is no meeting `{}` yet", world.meeting(meeting)),
                Some(looks.then(|| near_meeting(meeting, world)).flatten().unwrap_or_else(|| {
                    "a meeting has the id of the event that first announced it, or the `meeting` given there".to_owned()
                })),
            ),
            Self::ScheduledInThePast { meeting, day } => (
                "scheduled_for",
                format!("the meeting `{}` cannot be fixed for {day}, a day before the event", world.meeting(meeting)),
                None,
            ),
        };
        Refusal {
            rejection: self,
            says,
            help,
            field,
        }
    }
}

fn field_of(in_entry: bool) -> &'static str {
    if in_entry { "measures" } else { "measure" }
}

/// Why a measure cannot take a turn, and what may help.
fn measure_in_words(
    hold: HoldIx,
    is: Option<Standing>,
    turn: Turn,
    world: &World,
    looks: bool,
) -> (String, Option<String>) {
    let (measure, between) = hold_in_words(hold, world);
    let Some(is) = is else {
        let says = format!("the measure `{measure}` was never in force {between}");
        return (
            says,
            looks.then(|| standing_measures(hold, world)).flatten(),
        );
    };
    let kind = world.kind(world.hold(hold).measure);
    let other_way = |way, does: &str| {
        let act = kind.and_then(|kind| act_that(way, kind))?;
        Some(format!("`{act}` {does}"))
    };
    let (status, stands) = (is.status, is.strength);
    let at = format!("the measure `{measure}` stands at {stands} {between}");
    match turn {
        _ if status == MeasureStatus::Lifted => {
            let to = match turn {
                Turn::Ease(_) => "eased",
                Turn::Widen(_) => "widened",
                _ => "lifted",
            };
            (
                format!("the measure `{measure}` is lifted {between} and cannot become {to}"),
                None,
            )
        }
        Turn::Ease(Some(strength)) => {
            let help = other_way(Way::Widens, "tightens");
            let help = ["an easing leaves less than stands".to_owned()]
                .into_iter()
                .chain(help);
            (
                format!("{at} and cannot be eased to {strength}"),
                Some(help.collect::<Vec<_>>().join("; ")),
            )
        }
        Turn::Widen(Some(strength)) => {
            let help = other_way(Way::Eases, "loosens");
            let help = ["a widening leaves more than stands".to_owned()]
                .into_iter()
                .chain(help);
            (
                format!("{at} and cannot be widened to {strength}"),
                Some(help.collect::<Vec<_>>().join("; ")),
            )
        }
        Turn::Begin(Some(strength)) | Turn::BeginInPart(Some(strength)) if stands != strength => {
            let help = other_way(Way::Eases, "loosens");
            (
                format!("{at} and cannot be put in force at {strength}"),
                help,
            )
        }
        _ => {
            let says = format!(
                "the measure `{measure}` is {} {between} and cannot be put in force again",
                plain(status.name())
            );
            let widens = kind.and_then(|kind| act_that(Way::Widens, kind));
            (
                says,
                widens.map(|act| format!("a further round under it is `{act}`")),
            )
        }
    }
}

/// The act that takes measures of a kind a way.
fn act_that(way: Way, kind: MeasureKind) -> Option<Act> {
    let does = |act: &Act| {
        let effect = act.form().measure;
        effect.is_some_and(|effect| effect.way == way && effect.kinds.contains(&kind))
    };
    Act::ALL.into_iter().find(does)
}

/// Kinds as alternatives: `sanctions, tariffs or embargo`.
fn any_of(kinds: &[MeasureKind]) -> String {
    let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn hold_in_words(hold: HoldIx, world: &World) -> (&str, String) {
    let hold = world.hold(hold);
    let (source, other) = (world.actor(hold.source), world.actor(hold.other));
    let between = match world.kind(hold.measure) {
        Some(kind) if kind.is_both_ways() => format!("of {source} with {other}"),
        _ => format!("by {source} against {other}"),
    };
    (world.measure(hold.measure), between)
}

/// The measures there are between two actors, for one who named another.
fn standing_measures(hold: HoldIx, world: &World) -> Option<String> {
    let dyad = world.dyad_of_hold(hold);
    let named = world.hold(hold).measure;
    let mut ids: Vec<_> = world
        .holds_between(dyad)
        .iter()
        .map(|&hold| world.hold(hold).measure)
        .filter(|&measure| measure != named)
        .map(|measure| format!("`{}`", world.measure(measure)))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let between = world.dyad(dyad);
    (!ids.is_empty()).then(|| format!("the measures in {between} are {}", abridged(&ids)))
}

fn did_you_mean(found: &str, world: &World) -> Option<String> {
    let near = world.nearest_id(found)?;
    Some(format!("did you mean `{near}`?"))
}

/// The meeting that may have been meant by one that nobody announced.
fn near_meeting(meeting: MeetingIx, world: &World) -> Option<String> {
    let found = world.meeting(meeting);
    let others = world.meetings().filter(|other| *other != found);
    let near = nearest(found, others)?;
    Some(format!("did you mean `{near}`?"))
}

/// A status of the files as words: `in_force` is "in force".
fn plain(status: &str) -> String {
    status.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::world::Hold;

    #[test]
    fn what_stands_both_ways_is_of_one_with_the_other() {
        let mut world = World::new();
        let [source, other] = ["USA", "RUS"].map(|code| world.actor_ix(code.parse().unwrap()));
        for (kind, between) in [
            (Some(MeasureKind::War), "of USA with RUS"),
            (Some(MeasureKind::Embargo), "by USA against RUS"),
            (None, "by USA against RUS"),
        ] {
            let id = kind.map_or("unknown", MeasureKind::name);
            let measure = world.measure_ix(id, kind);
            let hold = Hold {
                measure,
                source,
                other,
                audience: false,
            };
            let refused = Rejection::Measure {
                hold: world.hold_ix(hold).unwrap(),
                is: None,
                turn: Turn::End,
                in_entry: false,
            };
            let says = format!("the measure `{id}` was never in force {between}");
            assert_eq!(refused.tell(&world).says, says);
        }
    }

    #[test]
    fn the_meeting_that_was_meant_by_one_that_nobody_announced_is_looked_for() {
        let general = "a meeting has the id of the event that first announced it, or the `meeting` given there";
        let mut world = World::new();
        let [_, near, far] = ["summit", "sumit", "dinner"]
            .map(|id| Rejection::UnknownMeeting(world.meeting_ix(id, std::iter::empty())));
        let help = |refusal: Refusal| refusal.help.unwrap();
        assert_eq!(help(near.tell(&world)), "did you mean `summit`?");
        assert_eq!(help(near.tell_briefly(&world)), general);
        assert_eq!(help(far.tell(&world)), general);
    }
}
