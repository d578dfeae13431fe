//! Acts: what an actor can do, one row each, and from it everything that holds of the act.
//!
//! A new act is a row here, and a field in the record if it needs one of its own. What files may
//! say, the schema, the checks of an event's form, its CAMEO code, and what it does to measures and
//! meetings all come from the row.

use crate::model::relation::measure::MeasureKind::{
    self, AgreementInForce, Alliance, Blockade, Embargo, Occupation, PeaceTreaty, RelationsBroken,
    Sanctions, Tariffs, War,
};
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
    /// The kinds of measure that it can do this to; it begins the first of them unless it says
    /// another.
    pub kinds: &'static [MeasureKind],
    /// Whether only an event that names a `measure` does it.
    pub if_named: bool,
    /// The value of the choosing field without which it does nothing to a measure.
    pub only_at: Option<&'static str>,
}

impl Effect {
    /// Whether an event does it that names a measure or not, with a word in the field that chooses
    /// its code.
    #[must_use]
    pub fn is_meant(&self, names_measure: bool, word: Option<&str>) -> bool {
        (names_measure || !self.if_named) && self.only_at.is_none_or(|at| word == Some(at))
    }
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

/// The acts that put a kind of measure in force, by its name as it is written.
pub fn acts_that_begin(kind: &str) -> impl Iterator<Item = Act> {
    let begins = move |act: &Act| {
        let effect = act.form().measure;
        effect.is_some_and(|effect| {
            effect.way == Way::Begins && effect.kinds.iter().any(|it| it.name() == kind)
        })
    };
    Act::ALL.into_iter().filter(begins)
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

    const fn widens(self, kinds: &'static [MeasureKind]) -> Self {
        self.does(Way::Widens, kinds)
    }

    const fn eases(self, kinds: &'static [MeasureKind]) -> Self {
        self.does(Way::Eases, kinds)
    }

    const fn ends(self, kinds: &'static [MeasureKind]) -> Self {
        self.does(Way::Ends, kinds)
    }

    /// Only an event that names a `measure` changes one.
    const fn if_named(self) -> Self {
        match self.measure {
            Some(effect) => Self {
                measure: Some(Effect {
                    if_named: true,
                    ..effect
                }),
                ..self
            },
            None => self,
        }
    }

    /// Only with that value of its choosing field it changes a measure.
    const fn at(self, value: &'static str) -> Self {
        match self.measure {
            Some(effect) => Self {
                measure: Some(Effect {
                    only_at: Some(value),
                    ..effect
                }),
                ..self
            },
            None => self,
        }
    }

    const fn meeting(self, status: MeetingStatus) -> Self {
        let meeting = Some(status);
        Self { meeting, ..self }
    }

    /// The field that chooses its code.
    #[must_use]
    pub const fn chooser(&self) -> Option<&'static str> {
        match self.codes {
            Codes::By { field, .. } => Some(field),
            Codes::One(_) | Codes::Own => None,
        }
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
    /// Together: the same two or more actors as source and as target, or two sides without a common
    /// actor.
    Mutual,
    /// None at all.
    Nobody,
}

/// What restricts trade, finance or travel.
const RESTRICTIONS: &[MeasureKind] = &[Sanctions, Tariffs, Embargo];
/// What two agree on and keep.
const TREATIES: &[MeasureKind] = &[AgreementInForce, PeaceTreaty, Alliance];

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
        => Form::of(Directed).may(&["measure", "strength"]).code("192").begins(&[Occupation]);
    OccupationBegun "occupation_begun" "Territory of the target is taken without a claim to keep it."
        => Form::of(Directed).may(&["measure", "strength"]).code("192").begins(&[Occupation]);
    OccupationReduced "occupation_reduced" "Part of the occupied territory is given back; `strength` is what stays occupied."
        => Form::of(Directed).needs(&["measure"]).may(&["strength"]).code("0874").eases(&[Occupation]);
    OccupationEnded "occupation_ended" "All of the occupied territory is given back."
        => Form::of(Directed).needs(&["measure"]).code("0874").ends(&[Occupation]);
    SanctionsImposed "sanctions_imposed" "Trade, finance or travel of the target is restricted; `kind` tells tariffs and an embargo from sanctions."
        => Form::of(Directed).may(&["measure", "kind", "strength"]).code("163").begins(RESTRICTIONS);
    SanctionsWidened "sanctions_widened" "A further round under a measure that stands."
        => Form::of(Directed).needs(&["measure"]).may(&["strength"]).code("163").widens(RESTRICTIONS);
    SanctionsEased "sanctions_eased" "Restrictions are loosened; `strength` is what is left of them."
        => Form::of(Directed).needs(&["measure"]).may(&["strength"]).code("085").eases(RESTRICTIONS);
    SanctionsLifted "sanctions_lifted" "Restrictions are over."
        => Form::of(Directed).needs(&["measure"]).code("085").ends(RESTRICTIONS);
    SanctionsThreatened "sanctions_threatened" "Restrictions are announced as possible, not imposed."
        => Form::of(Directed).code("1312");
    ReliefPromised "relief_promised" "Restrictions are to be eased, says who imposed them."
        => Form::of(Directed).code("0354");
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
    MeetingHeld "meeting_held" "A meeting takes place, which readouts can refer to; `result` says what came of it."
        => Form::of(Mutual).may(&["meeting", "minutes", "result"]).code_by("result", "043", &[("none", "043"), ("agreed", "046"), ("broke_down", "")]).meeting(Held);
    MeetingPostponed "meeting_postponed" "A meeting is put off."
        => Form::of(Mutual).needs(&["meeting"]).may(&["scheduled_for"]).meeting(Postponed);
    MeetingCancelled "meeting_cancelled" "A meeting is called off, by both sides or, with one side as source and the other as target, by one."
        => Form::of(Mutual).needs(&["meeting"]).code("125").meeting(Cancelled);
    Visit "visit" "Somebody of weight travels; `place` is where, seen from the source: away, at home as host, in a third country."
        => Form::of(Directed).may(&["place", "minutes"]).code_by("place", "042", &[("away", "042"), ("home", "043"), ("third", "044")]);
    Letter "letter" "A message from one government to another."
        => Form::of(Directed).code("040");
    Agreement "agreement" "Something is agreed; `stage` says how bindingly."
        => Form::of(Mutual).needs(&["stage"]).may(&["measure", "kind", "strength"]).code_by("stage", "", &[("in_principle", "030"), ("signed", "057"), ("adopted", "057"), ("ratified", "057"), ("in_force", "057")]).begins(TREATIES).at("in_force");
    TreatyLeft "treaty_left" "An agreement is no longer kept, in whole or in part."
        => Form::of(Directed).may(&["measure", "strength"]).code("160").ends(TREATIES).if_named();
    TalksBrokenOff "talks_broken_off" "Talks end without a result because a side walks out."
        => Form::of(Mutual).code("164");
    Offer "offer" "A side says what it is ready to do."
        => Form::of(Directed).may(&["matter"]).code_by("matter", "037", &[("settlement", "037"), ("meeting", "036"), ("mediation", "039"), ("policy", "0342"), ("de_escalation", "0356"), ("release", "0353"), ("relief", "0354"), ("inspection", "0355"), ("aid", "033")]);
    Demand "demand" "A side says what it wants from the other."
        => Form::of(Directed).may(&["matter"]).code_by("matter", "100", &[("settlement", "107"), ("meeting", "106"), ("mediation", "108"), ("policy", "1042"), ("de_escalation", "1056"), ("release", "1053"), ("relief", "1054"), ("inspection", "1055"), ("aid", "103")]);
    Refusal "refusal" "A side says no to an offer, a demand or an appeal."
        => Form::of(Directed).may(&["matter"]).code_by("matter", "120", &[("settlement", "127"), ("meeting", "125"), ("mediation", "126"), ("policy", "1232"), ("de_escalation", "1246"), ("release", "1243"), ("relief", "1244"), ("inspection", "1245"), ("aid", "122")]);
    Appeal "appeal" "A third party, or a side, asks for something without a demand."
        => Form::of(Directed).may(&["matter"]).code_by("matter", "020", &[("settlement", "027"), ("meeting", "026"), ("mediation", "028"), ("policy", "0242"), ("de_escalation", "0256"), ("release", "0253"), ("relief", "0254"), ("inspection", "0255"), ("aid", "023")]);
    Ultimatum "ultimatum" "A demand with a day and a threat."
        => Form::of(Directed).code("139");
    Threat "threat" "A side says what it will do to the other."
        => Form::of(Directed).may(&["means"]).code_by("means", "130", &[("attack", "1384"), ("blockade", "1381"), ("occupation", "1382"), ("break", "1313"), ("halt_talks", "134"), ("aid_cut", "1311")]);
    Concession "concession" "A side gives way."
        => Form::of(Directed).code("080");
    Mediation "mediation" "The source mediates between the targets; it moves the mediator's relation with each of them."
        => Form::of(Directed).code("045");
    Endorsement "endorsement" "Public praise or support of what the target does."
        => Form::of(Directed).code("051");
    Cooperation "cooperation" "The two do something together, or one does it with the other."
        => Form::of(Directed).may(&["area"]).code_by("area", "050", &[("diplomatic", "050"), ("economic", "061"), ("military", "062"), ("judicial", "063"), ("intelligence", "064")]);
    AidGiven "aid_given" "Money, goods or relief."
        => Form::of(Directed).code("070");
    ArmsPromised "arms_promised" "Military aid is announced; those whom it threatens are `adverse`."
        => Form::of(Directed).code("0332");
    ArmsGiven "arms_given" "Military aid arrives; those whom it threatens are `adverse`."
        => Form::of(Directed).code("072");
    InspectionAccepted "inspection_accepted" "Inspectors or observers are let in."
        => Form::of(Directed).code("0862");
    InspectionRefused "inspection_refused" "Inspectors or observers are kept out."
        => Form::of(Directed).code("1245");
    RelationsBroken "relations_broken" "Diplomatic relations are broken off."
        => Form::of(Directed).may(&["measure"]).code("161").begins(&[RelationsBroken]);
    RelationsReduced "relations_reduced" "Staff withdrawn, a level lowered, a policy of opening turned back."
        => Form::of(Directed).code("161");
    RelationsResumed "relations_resumed" "Diplomatic relations are taken up, or taken up again."
        => Form::of(Mutual).may(&["measure"]).code("054").ends(&[RelationsBroken]).if_named();
    EmbassyOpened "embassy_opened" "An embassy opens, or ambassadors are exchanged."
        => Form::of(Directed).code("054");
    ConsulateClosed "consulate_closed" "A consulate of the target has to close."
        => Form::of(Directed).code("161");
    AmbassadorRecalled "ambassador_recalled" "The source calls its ambassador home."
        => Form::of(Directed).code("161");
    DiplomatsExpelled "diplomats_expelled" "Diplomats of the target have to leave."
        => Form::of(Directed).may(&["number"]).code("166");
    PrisonersReleased "prisoners_released" "People held are let go; an exchange is two events, or one with both as source and target."
        => Form::of(Directed).code("0841");
    RemainsReturned "remains_returned" "The dead are returned."
        => Form::of(Directed).code("0841");
    ShipsReleased "ships_released" "Seized ships or goods are given back."
        => Form::of(Directed).code("0842");
    Arrest "arrest" "People of the target are arrested, detained or charged."
        => Form::of(Directed).code("173");
    Seizure "seizure" "Ships, goods or property of the target are seized."
        => Form::of(Directed).code("171");
    Veto "veto" "The source blocks what the target wants in a council."
        => Form::of(Directed).code("129");
    Complaint "complaint" "The source brings a case before a court or an organisation."
        => Form::of(Directed).code("115");
    WeaponTest "weapon_test" "A weapon is tested; the targets are those whom it threatens."
        => Form::of(Directed).code("150");
    Exercise "exercise" "Forces exercise; the targets are those whom it threatens."
        => Form::of(Directed).code("150");
    ExerciseSuspended "exercise_suspended" "Exercises or tests stop; with `stage` in_principle it is only announced."
        => Form::of(Directed).may(&["stage"]).code_by("stage", "087", &[("in_principle", "0356")]);
    Alert "alert" "Forces go to a higher state of alert."
        => Form::of(Directed).code("152");
    Mobilisation "mobilisation" "Forces are called up or moved up."
        => Form::of(Directed).code("154");
    StandDown "stand_down" "Alert, mobilisation or deployment is taken back."
        => Form::of(Directed).code("087");
    BlockadeImposed "blockade_imposed" "Sea, land or air is closed to the target."
        => Form::of(Directed).may(&["measure", "strength"]).code("191").begins(&[Blockade]);
    BlockadeEnded "blockade_ended" "The blockade is over."
        => Form::of(Directed).needs(&["measure"]).code("0872").ends(&[Blockade]);
    Attack "attack" "Armed force is used; with `measure` a war begins."
        => Form::of(Directed).may(&["means", "measure"]).code_by("means", "190", &[("small_arms", "193"), ("artillery", "194"), ("air", "195")]).begins(&[War]).if_named();
    Ceasefire "ceasefire" "The guns fall silent; with `measure` the war is over."
        => Form::of(Mutual).may(&["measure"]).code("0871").ends(&[War]).if_named();
    CeasefireViolated "ceasefire_violated" "A cease-fire is broken."
        => Form::of(Directed).may(&["measure"]).code("196").begins(&[War]).if_named();
    Assassination "assassination" "Somebody of the target is killed."
        => Form::of(Directed).code("186");
    AssassinationAttempt "assassination_attempt" "Somebody of the target, or under its protection, was to be killed."
        => Form::of(Directed).code("185");
    LeaderChange "leader_change" "A new head of government or state."
        => Form::of(Source);
    Background "background" "What already stood when the log begins: no push, only measures, with their own day and evidence."
        => Form::of(Directed).needs(&["measures"]);
    Coded "coded" "Any CAMEO code, for imported data."
        => Form::of(Directed).needs(&["code"]).own_code();
    Describes "describes" "Names for people: `title` of the log, `names` of actors and ids; moves nothing."
        => Form::of(Nobody).may(&["names"]);
    Retraction "retraction" "The named event no longer counts."
        => Form::of(Nobody).needs(&["retracts"]);
}

impl Act {
    /// Whether it says something of the log and nothing of what happened.
    #[must_use]
    pub fn is_about_the_log(self) -> bool {
        self.form().parties == Nobody
    }

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

#[cfg(test)]
impl schemars::JsonSchema for Act {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Act".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let act = |act: Self| {
            let code = match act.form().codes {
                Codes::One("") => String::new(),
                Codes::One(code) => format!("CAMEO {code}. "),
                Codes::Own => "CAMEO by `code`. ".to_owned(),
                Codes::By { field, .. } => format!("CAMEO by `{field}`. "),
            };
            let description = format!("{code}{}", act.meaning());
            serde_json::json!({"const": act.name(), "description": description})
        };
        let acts: Vec<_> = Self::ALL.into_iter().map(act).collect();
        schemars::json_schema!({"description": "What was done.", "type": "string", "oneOf": acts})
    }
}

/// The words that choose among the codes of an act.
pub mod words {
    use serde::{Deserialize, Serialize};

    /// Defines the words that a field may hold.
    macro_rules! words {
        ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $text:literal,)* })*) => {$(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
            #[cfg_attr(test, derive(schemars::JsonSchema))]
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
            /// A body of theirs has adopted it.
            Adopted "adopted",
            /// It is ratified.
            Ratified "ratified",
            /// It is kept from now on.
            InForce "in_force",
        }
        /// Where a visit takes place, seen from its source.
        Place {
            /// With the other.
            Away "away",
            /// At home, as host.
            Home "home",
            /// In a third country.
            Third "third",
        }
        /// What came of a meeting.
        Outcome {
            /// They met.
            None "none",
            /// Something was negotiated.
            Agreed "agreed",
            /// It failed.
            BrokeDown "broke_down",
        }
        /// What an offer, a demand, a refusal or an appeal is about.
        Matter {
            /// To settle the dispute.
            Settlement "settlement",
            /// To meet or to negotiate.
            Meeting "meeting",
            /// To accept a mediator.
            Mediation "mediation",
            /// To change a policy.
            Policy "policy",
            /// To reduce what is threatened or fought with.
            DeEscalation "de_escalation",
            /// To release people or property.
            Release "release",
            /// To ease sanctions.
            Relief "relief",
            /// To let inspectors or observers in.
            Inspection "inspection",
            /// To give aid.
            Aid "aid",
        }
        /// By what an attack is made, or what is threatened.
        Means {
            /// Small arms and light weapons.
            SmallArms "small_arms",
            /// Artillery and tanks.
            Artillery "artillery",
            /// From the air.
            Air "air",
            /// To attack.
            Attack "attack",
            /// To blockade.
            Blockade "blockade",
            /// To occupy territory.
            Occupation "occupation",
            /// To break relations.
            Break "break",
            /// To halt talks.
            HaltTalks "halt_talks",
            /// To cut aid.
            AidCut "aid_cut",
        }
        /// In what two cooperate.
        Area {
            /// In diplomacy.
            Diplomatic "diplomatic",
            /// In the economy.
            Economic "economic",
            /// In military matters.
            Military "military",
            /// In matters of justice.
            Judicial "judicial",
            /// In intelligence.
            Intelligence "intelligence",
        }
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
    fn the_field_that_chooses_a_code_is_told() {
        for (act, field) in [
            (Act::Statement, Some("tone")),
            (Act::Visit, Some("place")),
            (Act::Agreement, Some("stage")),
            (Act::Call, None),
            (Act::Background, None),
        ] {
            assert_eq!(act.form().chooser(), field, "{act}");
        }
    }

    #[test]
    fn a_kind_of_measure_is_begun_by_the_acts_that_put_it_in_force() {
        for (kind, acts) in [
            ("occupation", &[Act::Annexation, Act::OccupationBegun][..]),
            ("tariffs", &[Act::SanctionsImposed]),
            ("war", &[Act::Attack, Act::CeasefireViolated]),
            ("alliance", &[Act::Agreement]),
            ("relations_broken", &[Act::RelationsBroken]),
            ("own", &[]),
            ("quarrel", &[]),
        ] {
            assert_eq!(acts_that_begin(kind).collect::<Vec<_>>(), acts, "{kind}");
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
