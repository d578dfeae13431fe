//! Acts: what an actor can do, the CAMEO code each stands for, and the fields each takes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(expecting = r#"the name of one act, such as "sanctions_imposed""#)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 192; puts an occupation in force against the target, felt by the audience.
    Annexation,
    /// 0874; ends an occupation.
    OccupationEnded,
    /// 163; puts sanctions in force.
    SanctionsImposed,
    /// 085, by the share removed; sanctions count in part from now on.
    SanctionsEased,
    /// 085, by the share removed; sanctions are over.
    SanctionsLifted,
    /// 041; a conversation that readouts can refer to.
    Call,
    /// 010; one side's public account of a call or a held meeting.
    Readout,
    /// 010, 012, 013, 111, 112 or 130 by its tone.
    Statement,
    /// 036 if it is the first announcement of the meeting.
    MeetingProposed,
    /// 036 if it is the first announcement of the meeting.
    MeetingPlanned,
    /// 036 if it is the first announcement of the meeting.
    MeetingScheduled,
    /// 046; a conversation that readouts can refer to.
    MeetingHeld,
    /// No weight.
    MeetingPostponed,
    /// 125.
    MeetingCancelled,
    /// 030 in principle, 057 signed.
    Agreement,
    /// 166.
    DiplomatsExpelled,
    /// No weight.
    LeaderChange,
    /// 190.
    Attack,
    /// Any CAMEO code, for imported data.
    Coded,
    /// The named event no longer counts.
    Retraction,
}

/// What an act needs and takes beside what every event has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// How its parties are given.
    pub parties: Parties,
    /// Fields that belong to the act and must be there.
    pub needs: &'static [&'static str],
    /// Fields that belong to the act and may be there.
    pub may_have: &'static [&'static str],
}

impl Form {
    /// Whether a field that belongs to some acts only belongs to this one.
    #[must_use]
    pub fn takes(&self, field: &str) -> bool {
        self.needs
            .iter()
            .chain(self.may_have)
            .any(|own| *own == field)
    }
}

/// How the parties of an act are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parties {
    /// At least one source; targets if there are any.
    Source,
    /// At least one source and one target.
    Directed,
    /// The same two or more actors as source and as target.
    Mutual,
    /// None at all.
    Nobody,
}

impl Act {
    /// All acts, in the order of the documentation.
    pub const ALL: [Self; 20] = [
        Self::Annexation,
        Self::OccupationEnded,
        Self::SanctionsImposed,
        Self::SanctionsEased,
        Self::SanctionsLifted,
        Self::Call,
        Self::Readout,
        Self::Statement,
        Self::MeetingProposed,
        Self::MeetingPlanned,
        Self::MeetingScheduled,
        Self::MeetingHeld,
        Self::MeetingPostponed,
        Self::MeetingCancelled,
        Self::Agreement,
        Self::DiplomatsExpelled,
        Self::LeaderChange,
        Self::Attack,
        Self::Coded,
        Self::Retraction,
    ];

    /// What the act needs and takes.
    #[must_use]
    pub const fn form(self) -> Form {
        use Parties::{Directed, Mutual, Nobody, Source};
        const fn of(
            parties: Parties,
            needs: &'static [&'static str],
            may_have: &'static [&'static str],
        ) -> Form {
            Form {
                parties,
                needs,
                may_have,
            }
        }
        match self {
            Self::Annexation | Self::SanctionsImposed => of(Directed, &[], &["measure"]),
            Self::OccupationEnded | Self::SanctionsEased | Self::SanctionsLifted => {
                of(Directed, &["measure"], &[])
            }
            Self::Call => of(Mutual, &[], &["minutes"]),
            Self::Readout => of(Directed, &["of"], &["mentions", "omits"]),
            Self::Statement => of(Source, &[], &["tone"]),
            Self::MeetingProposed | Self::MeetingPlanned | Self::MeetingScheduled => {
                of(Mutual, &[], &["meeting", "scheduled_for"])
            }
            Self::MeetingHeld => of(Mutual, &[], &["meeting", "minutes"]),
            Self::MeetingPostponed => of(Mutual, &["meeting"], &["scheduled_for"]),
            Self::MeetingCancelled => of(Mutual, &["meeting"], &[]),
            Self::Agreement => of(Mutual, &["stage"], &[]),
            Self::DiplomatsExpelled => of(Directed, &[], &["number"]),
            Self::LeaderChange => of(Source, &[], &[]),
            Self::Attack => of(Directed, &[], &[]),
            Self::Coded => of(Directed, &["code"], &[]),
            Self::Retraction => of(Nobody, &["retracts"], &[]),
        }
    }

    /// The name as it is written in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Annexation => "annexation",
            Self::OccupationEnded => "occupation_ended",
            Self::SanctionsImposed => "sanctions_imposed",
            Self::SanctionsEased => "sanctions_eased",
            Self::SanctionsLifted => "sanctions_lifted",
            Self::Call => "call",
            Self::Readout => "readout",
            Self::Statement => "statement",
            Self::MeetingProposed => "meeting_proposed",
            Self::MeetingPlanned => "meeting_planned",
            Self::MeetingScheduled => "meeting_scheduled",
            Self::MeetingHeld => "meeting_held",
            Self::MeetingPostponed => "meeting_postponed",
            Self::MeetingCancelled => "meeting_cancelled",
            Self::Agreement => "agreement",
            Self::DiplomatsExpelled => "diplomats_expelled",
            Self::LeaderChange => "leader_change",
            Self::Attack => "attack",
            Self::Coded => "coded",
            Self::Retraction => "retraction",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// How a statement speaks of its target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// 010, make statement.
    #[default]
    Neutral,
    /// 012, make pessimistic comment.
    Pessimistic,
    /// 013, make optimistic comment.
    Optimistic,
    /// 111, criticize or denounce.
    Critical,
    /// 112, accuse.
    Accusing,
    /// 130, threaten.
    Threatening,
}

/// How binding an agreement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 030, express intent to cooperate.
    InPrinciple,
    /// 057, sign formal agreement.
    Signed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_files() {
        for act in Act::ALL {
            assert_eq!(serde_json::to_value(act).unwrap(), act.name());
        }
    }
}
