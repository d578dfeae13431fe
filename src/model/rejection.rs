//! A rejection in words: names for its indices, and what may help.

use super::decide::Rejection;
use super::names::{HoldIx, MeetingIx, nearest};
use super::world::World;
use crate::model::relation::measure::MeasureKind;

/// What a rejection says, with every name in place.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    #[expect(clippy::too_many_lines, reason = "one arm a rule")]
    pub fn tell(self, world: &World) -> Refusal {
        let (field, says, help) = match self {
            Self::IdUsedTwice(id) => (
                "id",
                format!("the id `{}` is used twice", world.id(id)),
                Some("give the event an id of its own".to_owned()),
            ),
            Self::UnknownCause(id) => (
                "caused_by",
                format!("the cause `{}` is not an event of this history", world.id(id)),
                did_you_mean(world.id(id), world),
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
                did_you_mean(world.id(of), world),
            ),
            Self::NotAConversation { of, act } => (
                "of",
                format!("`{}` is {act}, not a call or a held meeting", world.id(of)),
                Some("`of` names the event of the call, or the `meeting_held` event".to_owned()),
            ),
            Self::NotOnIt { actor, of, is_target } => {
                let parties = world.conversation(of).map_or(&[][..], |it| &it.parties);
                let mut parties: Vec<_> = parties.iter().map(|&it| world.actor(it).to_string()).collect();
                parties.sort_unstable();
                (
                    if is_target { "target" } else { "source" },
                    format!("{} took no part in `{}`", world.actor(actor), world.id(of)),
                    Some(format!("those who did are {}", parties.join(", "))),
                )
            }
            Self::OtherKind { measure, taken_for } => (
                "measure",
                format!(
                    "the measure `{}` is of the kind {}, not {}",
                    world.measure(measure),
                    world.kind(measure).name(),
                    taken_for.name()
                ),
                None,
            ),
            Self::Measure { hold, is, to } => {
                let (measure, between) = hold_in_words(hold, world);
                let says = match is {
                    None => format!("the measure `{measure}` was never in force {between}"),
                    Some(is) => format!(
                        "the measure `{measure}` is {} {between} and cannot become {}",
                        plain(is.name()),
                        plain(to.name())
                    ),
                };
                ("measure", says, standing_measures(hold, is.is_none(), world))
            }
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
                let help = "raised -> agreed -> in_progress -> settled; stalled or dropped from any open status";
                ("agenda", says, Some(help.to_owned()))
            }
            Self::Meeting { meeting, is, to } => {
                let meeting = world.meeting(meeting);
                let is = is.map_or("not announced", |is| is.name());
                let says = format!("the meeting `{meeting}` is {is} and cannot become {}", to.name());
                let help = "proposed -> planned -> scheduled -> held; postponed or cancelled until it is held";
                ("meeting", says, Some(help.to_owned()))
            }
            Self::UnknownMeeting(meeting) => (
                "meeting",
                format!("there is no meeting `{}` yet", world.meeting(meeting)),
                Some(near_meeting(meeting, world).unwrap_or_else(|| {
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

fn hold_in_words(hold: HoldIx, world: &World) -> (&str, String) {
    let hold = world.hold(hold);
    let (source, other) = (world.actor(hold.source), world.actor(hold.other));
    let between = match world.kind(hold.measure) {
        MeasureKind::Alliance => format!("of {source} with {other}"),
        MeasureKind::Occupation | MeasureKind::Sanctions => format!("by {source} against {other}"),
    };
    (world.measure(hold.measure), between)
}

/// The measures there are between two actors, for one who named another.
fn standing_measures(hold: HoldIx, unknown: bool, world: &World) -> Option<String> {
    let dyad = unknown.then(|| world.dyad_of_hold(hold))?;
    let named = world.hold(hold).measure;
    let mut ids: Vec<_> = world
        .bonds(dyad)
        .iter()
        .map(|bond| bond.measure)
        .filter(|&measure| measure != named)
        .map(|measure| format!("`{}`", world.measure(measure)))
        .collect();
    ids.sort_unstable();
    let between = world.dyad(dyad);
    (!ids.is_empty()).then(|| format!("the measures in {between} are {}", ids.join(", ")))
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
