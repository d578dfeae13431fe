//! Acts: what an actor can do, one row each, and from it everything that holds of the act.
//!
//! A new act is a row here, and a field in the record if it needs one of its own. What files may say, the
//! schema, the checks of an event's form, its CAMEO code, and what it does to measures and meetings all
//! come from the row.

use crate::model::relation::measure::MeasureKind::{self, Occupation, Sanctions};
use crate::model::relation::meeting::MeetingStatus::{
    self, Cancelled, Held, Planned, Postponed, Proposed, Scheduled,
};
use Parties::{Directed, Mutual, Nobody, Source};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an act needs, takes and does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// How its parties are given.
    pub parties: Parties,
    /// Fields that belong to the act and must be there.
    pub needs: &'static [&'static str],
    /// Fields that belong to the act and may be there.
    pub may_have: &'static [&'static str],
    /// Where its CAMEO code comes from.
    pub codes: Codes,
    /// What it does to the measure that its own `measure` names.
    pub measure: Option<Effect>,
    /// How far it takes a meeting.
    pub meeting: Option<MeetingStatus>,
}

/// Where the CAMEO code of an act comes from. An empty text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes {
    /// It has this one.
    One(&'static str),
    /// The event brings its own.
    Own,
    /// A field chooses it.
    By {
        /// The field.
        field: &'static str,
        /// The code where the field is absent.
        absent: &'static str,
        /// The values that the act takes there, each with its code.
        values: &'static [(&'static str, &'static str)],
    },
}

/// What an act does to its measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Which way the measure goes.
    pub way: Way,
    /// The kinds of measure that it can do this to; it begins the first of them unless it says another.
    pub kinds: &'static [MeasureKind],
    /// Whether only an event that names a `measure` does it.
    pub if_named: bool,
    /// The value of the choosing field without which it does nothing to a measure.
    pub only_at: Option<&'static str>,
}

/// Which way an act takes its measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Puts it in force.
    Begins,
    /// Makes it stand more strongly than it does.
    Widens,
    /// Makes it stand less strongly than it does.
    Eases,
    /// Ends it.
    Ends,
}

impl Form {
    const fn of(parties: Parties) -> Self {
        Self {
            parties,
            needs: &[],
            may_have: &[],
            codes: Codes::One(""),
            measure: None,
            meeting: None,
        }
    }

    const fn needs(self, needs: &'static [&'static str]) -> Self {
        Self { needs, ..self }
    }

    const fn may(self, may_have: &'static [&'static str]) -> Self {
        Self { may_have, ..self }
    }

    const fn code(self, code: &'static str) -> Self {
        let codes = Codes::One(code);
        Self { codes, ..self }
    }

    const fn own_code(self) -> Self {
        let codes = Codes::Own;
        Self { codes, ..self }
    }

    const fn code_by(
        self,
        field: &'static str,
        absent: &'static str,
        values: &'static [(&'static str, &'static str)],
    ) -> Self {
        let codes = Codes::By {
            field,
            absent,
            values,
        };
        Self { codes, ..self }
    }

    const fn does(self, way: Way, kinds: &'static [MeasureKind]) -> Self {
        let measure = Some(Effect {
            way,
            kinds,
            if_named: false,
            only_at: None,
        });
        Self { measure, ..self }
    }

    const fn begins(self, kinds: &'static [MeasureKind]) -> Self {
        self.does(Way::Begins, kinds)
    }

    const fn eases(self, kinds: &'static [MeasureKind]) -> Self {
        self.does(Way::Eases, kinds)
    }

    const fn ends(self, kinds: &'static [MeasureKind]) -> Self {
        self.does(Way::Ends, kinds)
    }

    const fn meeting(self, status: MeetingStatus) -> Self {
        let meeting = Some(status);
        Self { meeting, ..self }
    }

    /// Whether a field that belongs to some acts only belongs to this one.
    #[must_use]
    pub fn takes(&self, field: &str) -> bool {
        let mut own = self.needs.iter().chain(self.may_have);
        own.any(|own| *own == field)
    }

    /// Whether readouts can refer to it: people spoke with each other.
    #[must_use]
    pub fn is_conversation(&self) -> bool {
        self.parties == Mutual && self.takes("minutes")
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

/// Defines the acts, each by its name in code, its name in files, what it is, and its form.
macro_rules! acts {
    ($($name:ident $text:literal $doc:literal => $form:expr;)*) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(expecting = r#"the name of one act, such as "sanctions_imposed""#)]
        pub enum Act {
            $(
                #[doc = $doc]
                #[serde(rename = $text)]
                $name,
            )*
        }

        /// The row of each act, in the order of [`Act::ALL`].
        static FORMS: [Form; Act::ALL.len()] = [$($form),*];

        impl Act {
            /// All acts, in the order of the documentation.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$name),*];

            /// The name as it is written in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What it is, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $doc,)*
                }
            }
        }
    };
}

acts! {
    Annexation "annexation" "Territory of the target is taken and claimed as one's own."
        => Form::of(Directed).may(&["measure"]).code("192").begins(&[Occupation]);
    OccupationEnded "occupation_ended" "All of the occupied territory is given back."
        => Form::of(Directed).needs(&["measure"]).code("0874").ends(&[Occupation]);
    SanctionsImposed "sanctions_imposed" "Trade, finance or travel of the target is restricted."
        => Form::of(Directed).may(&["measure"]).code("163").begins(&[Sanctions]);
    SanctionsEased "sanctions_eased" "Restrictions are loosened."
        => Form::of(Directed).needs(&["measure"]).code("085").eases(&[Sanctions]);
    SanctionsLifted "sanctions_lifted" "Restrictions are over."
        => Form::of(Directed).needs(&["measure"]).code("085").ends(&[Sanctions]);
    Call "call" "A conversation by telephone, which readouts can refer to."
        => Form::of(Mutual).may(&["minutes"]).code("041");
    Readout "readout" "One side's public account of a call or a held meeting."
        => Form::of(Directed).needs(&["of"]).may(&["mentions", "omits"]).code("010");
    Statement "statement" "Public words."
        => Form::of(Source).may(&["tone"]).code_by("tone", "010", &[("neutral", "010"), ("pessimistic", "012"), ("optimistic", "013"), ("critical", "111"), ("accusing", "112"), ("threatening", "130")]);
    MeetingProposed "meeting_proposed" "A meeting is proposed."
        => Form::of(Mutual).may(&["meeting", "scheduled_for"]).code("036").meeting(Proposed);
    MeetingPlanned "meeting_planned" "Both sides work on a meeting."
        => Form::of(Mutual).may(&["meeting", "scheduled_for"]).code("036").meeting(Planned);
    MeetingScheduled "meeting_scheduled" "A day is fixed for a meeting."
        => Form::of(Mutual).may(&["meeting", "scheduled_for"]).code("036").meeting(Scheduled);
    MeetingHeld "meeting_held" "A meeting takes place, which readouts can refer to."
        => Form::of(Mutual).may(&["meeting", "minutes"]).code("046").meeting(Held);
    MeetingPostponed "meeting_postponed" "A meeting is put off."
        => Form::of(Mutual).needs(&["meeting"]).may(&["scheduled_for"]).meeting(Postponed);
    MeetingCancelled "meeting_cancelled" "A meeting is called off."
        => Form::of(Mutual).needs(&["meeting"]).code("125").meeting(Cancelled);
    Agreement "agreement" "Something is agreed; `stage` says how bindingly."
        => Form::of(Mutual).needs(&["stage"]).code_by("stage", "", &[("in_principle", "030"), ("signed", "057")]);
    DiplomatsExpelled "diplomats_expelled" "Diplomats of the target have to leave."
        => Form::of(Directed).may(&["number"]).code("166");
    Attack "attack" "Armed force is used."
        => Form::of(Directed).code("190");
    LeaderChange "leader_change" "A new head of government or state."
        => Form::of(Source);
    Coded "coded" "Any CAMEO code, for imported data."
        => Form::of(Directed).needs(&["code"]).own_code();
    Retraction "retraction" "The named event no longer counts."
        => Form::of(Nobody).needs(&["retracts"]);
}

impl Act {
    /// What the act needs, takes and does.
    #[must_use]
    pub fn form(self) -> &'static Form {
        &FORMS[self as usize]
    }
}

impl fmt::Display for Act {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

#[cfg(feature = "cli")]
impl schemars::JsonSchema for Act {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Act".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let acts = Self::ALL.map(|act| {
            let code = match act.form().codes {
                Codes::One("") => String::new(),
                Codes::One(code) => format!("CAMEO {code}. "),
                Codes::Own => "CAMEO by `code`. ".to_owned(),
                Codes::By { field, .. } => format!("CAMEO by `{field}`. "),
            };
            let description = format!("{code}{}", act.meaning());
            serde_json::json!({"const": act.name(), "description": description})
        });
        schemars::json_schema!({"description": "What was done.", "type": "string", "oneOf": acts})
    }
}

/// Defines the words that a field may hold.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
        pub enum $name {
            $(
                $(#[$of])*
                #[serde(rename = $text)]
                $variant,
            )*
        }

        impl $name {
            /// The word as it is written in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    )*};
}

words! {
    /// How a statement speaks of its target.
    Tone {
        /// It says something.
        Neutral "neutral",
        /// It expects little good.
        Pessimistic "pessimistic",
        /// It expects good.
        Optimistic "optimistic",
        /// It finds fault.
        Critical "critical",
        /// It blames.
        Accusing "accusing",
        /// It threatens.
        Threatening "threatening",
    }
    /// How binding an agreement is.
    Stage {
        /// The sides want it.
        InPrinciple "in_principle",
        /// They have signed it.
        Signed "signed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cameo::Code;

    #[test]
    fn names_are_those_of_the_files() {
        for act in Act::ALL {
            assert_eq!(serde_json::to_value(act).unwrap(), act.name());
        }
    }

    #[test]
    fn every_code_of_an_act_is_in_the_table() {
        for act in Act::ALL {
            let form = act.form();
            let codes = match form.codes {
                Codes::One(code) => vec![code],
                Codes::Own => vec![],
                Codes::By {
                    field,
                    absent,
                    values,
                } => {
                    assert!(form.takes(field), "{act}");
                    values
                        .iter()
                        .map(|(_, code)| *code)
                        .chain([absent])
                        .collect()
                }
            };
            for code in codes {
                assert!(
                    code.is_empty() || code.parse::<Code>().is_ok(),
                    "{act} {code}"
                );
            }
        }
    }

    #[test]
    fn an_act_that_changes_a_measure_can_name_it() {
        for act in Act::ALL {
            let form = act.form();
            assert_eq!(form.measure.is_some(), form.takes("measure"), "{act}");
        }
    }
}
