//! The draft of an event: all fields that it may have, before anything is known of them.

use super::chain::Chain;
use crate::model::words::{Area, Matter, Means, Outcome, Place, Stage, Tone};
use crate::model::{
    Act, Actor, Code, Day, Effect, ItemStatus, MeasureKind, MeasureStatus, Priority,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The newest format version of an event that this program reads and the one it writes.
pub const FORMAT_VERSION: u32 = 1;

/// The most entries in a list of an event, but of actors and measures.
pub const ENTRY_LIMIT: usize = 256;

/// An event as it is written, before it is known to make sense: every field may be absent.
///
/// Events are flat: what belongs to an act stands beside it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "Event"))]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// The format version; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v: Option<u32>,
    /// The event's place in the log, from 1. `log append` fills it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// The event's own name, which others refer to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(required))]
    pub id: Option<String>,
    /// The day on which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(required))]
    pub date: Option<Day>,
    /// In a scenario, in place of `date`: so many days after another event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// The day on which it entered the log. `log append` fills it in; it never decreases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Day>,
    /// Who acted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<Actor>,
    /// On whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<Actor>,
    /// Third parties whose relation with the source it also moves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audience: Vec<Actor>,
    /// Third parties whose relation with the source it moves the other way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adverse: Vec<Actor>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(required))]
    pub act: Option<Act>,
    /// `coded`: the CAMEO code, two to four digits as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// `statement`: how it speaks of its target; neutral when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// `agreement`: how binding it is; `exercise_suspended`: in_principle where it is only
    /// announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// `visit`: where, seen from its source; away when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// `meeting_held`: what came of it; none when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// `offer`, `demand`, `refusal`, `appeal`: what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matter: Option<Matter>,
    /// `attack`: by what; `threat`: what is threatened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub means: Option<Means>,
    /// `cooperation`: in what; diplomatic when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// `call`, `meeting_held`, `visit`: how long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// `diplomats_expelled`: how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// `readout`: the id of the call or of the `meeting_held` event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// `readout`: the agenda items it mentions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<String>,
    /// `readout`: the agenda items it is known to leave out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub omits: Vec<String>,
    /// The standing measure's id; that of the event when absent where a measure begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// What kind of measure begins: sanctions, tariffs or embargo; agreement_in_force, peace_treaty
    /// or alliance. The first when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<MeasureKind>,
    /// How strongly the measure stands from now on, above 0 and at most 10; 1 is as it was first
    /// meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
    /// The meeting's id; that of the event when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting: Option<String>,
    /// `meeting_proposed`, `_planned`, `_scheduled`, `_postponed`: the day now fixed for the
    /// meeting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduled_for: Option<Day>,
    /// `retraction`: the id of the event that no longer counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retracts: Option<String>,
    /// `describes`: names for people, by the code of an actor or the id of a measure, meeting,
    /// agenda item, event or outcome.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// The last day of something that took several; it counts from its first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// A Goldstein weight of its own, from -10 to 10, in place of the act's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// An impact of its own in degrees, from -10 to 10, in place of gain and weight; needs a
    /// `reason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<f64>,
    /// Why the event has an impact or a weight of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Standing measures that change with the event, from its sources to its targets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<MeasureEntry>,
    /// Agenda items that move with the event, between its sources and its targets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agenda: Vec<AgendaEntry>,
    /// The id of the event that led to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<String>,
    /// The side on whose word it stands; a readout stands on its source's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub according_to: Option<Actor>,
    /// One line for people; of `describes`, the title of the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// More for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it is documented.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Which scenario made it, if it is hypothetical.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The chain of the line, always the last field. `log append` fills it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub chain: Option<Chain>,
}

impl Draft {
    /// The actors of the fields that hold several, each with its field and its place there.
    pub fn parties(&self) -> impl Iterator<Item = (&'static str, usize, Actor)> {
        let fields = [
            ("source", &self.source),
            ("target", &self.target),
            ("audience", &self.audience),
            ("adverse", &self.adverse),
        ];
        fields.into_iter().flat_map(|(field, actors)| {
            let actors = actors.iter().enumerate();
            actors.map(move |(place, actor)| (field, place, *actor))
        })
    }

    /// Those actors alone.
    pub fn actors(&self) -> impl Iterator<Item = Actor> {
        self.parties().map(|(.., actor)| actor)
    }

    /// The actors that count for nothing where they are named: an actor is no audience of itself,
    /// and does nothing to itself. Each with its field and its place there.
    #[must_use]
    pub fn counts_for_nothing(&self) -> Vec<(&'static str, usize, Actor)> {
        let is_alone = self.source.len() == 1 && self.source == self.target;
        let is_idle = |(field, _, actor): &(&'static str, usize, Actor)| match *field {
            "source" => false,
            "target" => is_alone,
            _ => self.source.contains(actor),
        };
        self.parties().filter(is_idle).collect()
    }

    /// The fields that belong to some acts only, and whether each is there.
    pub(super) fn fields_of_acts(&self) -> [(&'static str, bool); 20] {
        [
            ("code", self.code.is_some()),
            ("tone", self.tone.is_some()),
            ("stage", self.stage.is_some()),
            ("place", self.place.is_some()),
            ("result", self.result.is_some()),
            ("matter", self.matter.is_some()),
            ("means", self.means.is_some()),
            ("area", self.area.is_some()),
            ("minutes", self.minutes.is_some()),
            ("number", self.number.is_some()),
            ("of", self.of.is_some()),
            ("mentions", !self.mentions.is_empty()),
            ("omits", !self.omits.is_empty()),
            ("measure", self.measure.is_some()),
            ("kind", self.kind.is_some()),
            ("strength", self.strength.is_some()),
            ("meeting", self.meeting.is_some()),
            ("scheduled_for", self.scheduled_for.is_some()),
            ("retracts", self.retracts.is_some()),
            ("names", !self.names.is_empty()),
        ]
    }

    /// What the event does to the measure that its own `measure` names, if it does.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        let form = self.act?.form();
        let word = form.chooser().and_then(|field| self.word(field));
        let effect = form.measure?;
        effect
            .is_meant(self.measure.is_some(), word)
            .then_some(effect)
    }

    /// The word in a field that chooses an act's code.
    #[must_use]
    pub fn word(&self, field: &str) -> Option<&'static str> {
        match field {
            "tone" => self.tone.map(Tone::name),
            "stage" => self.stage.map(Stage::name),
            "place" => self.place.map(Place::name),
            "result" => self.result.map(Outcome::name),
            "matter" => self.matter.map(Matter::name),
            "means" => self.means.map(Means::name),
            "area" => self.area.map(Area::name),
            _ => None,
        }
    }
}

/// A time that hangs on another event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(
    expecting = r#"an event and a number of days, such as {"event": "us-ru-call", "days": 30}"#
)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// The other event's id.
    pub event: String,
    /// How many days later; 0 is right behind it.
    #[serde(default)]
    pub days: u32,
}

/// A change to a standing measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MeasureEntry {
    /// The measure's id.
    pub id: String,
    /// Its kind.
    pub kind: MeasureKind,
    /// Its new status.
    pub to: MeasureStatus,
    /// How strongly it stands from now on, above 0 and at most 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<f64>,
    /// Of the kind own, where it begins: what it counts, in degrees from -10 to 10, not 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degrees: Option<f64>,
    /// Of the kind own, where it begins: why it counts that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A change to an agenda item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AgendaEntry {
    /// The item's name.
    pub item: String,
    /// Its new status.
    pub to: ItemStatus,
    /// Its new priority; as it was when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

/// Where an event is documented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The document.
    pub document: String,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Day>,
    /// Where in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// Where to find it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// The scenario that made a hypothetical event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The scenario's name.
    pub scenario: String,
    /// The digest of its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The seed of its chances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The number of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Codes;

    #[test]
    fn each_word_that_chooses_the_code_of_an_act_is_read_and_told_as_it_is_written() {
        for act in Act::ALL {
            let Codes::By { field, values, .. } = act.form().codes else {
                continue;
            };
            assert_eq!(Draft::default().word(field), None, "{act}");
            for (value, _) in values {
                let text = format!(r#"{{"act": "{act}", "{field}": "{value}"}}"#);
                let draft: Draft = serde_json::from_str(&text).unwrap();
                assert_eq!(draft.word(field), Some(*value), "{act}");
                let set = draft
                    .fields_of_acts()
                    .into_iter()
                    .filter(|(_, is_set)| *is_set);
                assert_eq!(set.collect::<Vec<_>>(), [(field, true)], "{act}");
                assert_eq!(
                    serde_json::to_string(&draft).unwrap(),
                    text.replace(": ", ":").replace(", ", ",")
                );
            }
        }
        assert_eq!(Draft::default().word("note"), None);
    }
}
