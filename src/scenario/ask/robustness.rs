//! Robustness: whether what a comparison says survives another model.

use super::compare::{Track, last_day, on_one_scale};
use crate::error::Result;
use crate::history::Folded;
use crate::model::{BadSetting, Day, Dyad, Model};
use crate::scenario::check::Scenario;
use crate::scenario::file::draws::Luck;
use std::collections::{BTreeMap, BTreeSet};

/// A history to be tried under several models.
#[derive(Clone, Debug)]
pub enum Contender {
    /// A log, with a model to begin with.
    Log(Box<Track>),
    /// A run of a scenario.
    Run {
        /// The scenario.
        scenario: Box<Scenario>,
        /// The luck of the run.
        luck: Luck,
    },
}

/// Another model to try.
#[derive(Clone, Debug, PartialEq)]
pub enum Variant {
    /// Each history under the model that it has.
    Own,
    /// All histories under one model.
    Model {
        /// What to call it.
        name: String,
        /// The model.
        model: Box<Model>,
    },
    /// Each history under its own model with one parameter changed.
    Parameter {
        /// The parameter.
        name: String,
        /// Its value, as the command line gives it.
        value: String,
    },
}

/// Histories under several models.
#[derive(Clone, Debug, PartialEq)]
pub struct Robustness {
    /// The histories by name; the first is what the others are compared with.
    pub histories: Vec<String>,
    /// The last day that is compared, on which temperatures are read.
    pub horizon: Day,
    /// The dyads that are compared, in alphabetical order.
    pub dyads: Vec<Dyad>,
    /// What was tried: each history's own model first.
    pub trials: Vec<Trial>,
}

/// Histories under one variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The variant.
    pub variant: Variant,
    /// The model of each history.
    pub models: Vec<Model>,
    /// For each dyad the temperature of each history on the last day, in degrees.
    pub temperatures: Vec<Vec<f64>>,
}

impl Contender {
    /// Its track under a variant. A scenario is played again, so that its rules react to the
    /// temperatures that they find; what the variant fixes is no longer uncertain.
    ///
    /// # Errors
    /// When rules cause more than they may.
    fn track(&self, variant: &Variant) -> Result<Track> {
        match self {
            Self::Log(track) => {
                let mut track = track.as_ref().clone();
                variant.apply(&mut track.model)?;
                Ok(track)
            }
            Self::Run { scenario, luck } => {
                let in_file = |error: crate::error::Error| error.in_file(&scenario.name);
                if *variant == Variant::Own {
                    return Track::of(scenario, *luck).map_err(in_file);
                }
                let mut other = scenario.clone();
                variant.apply(&mut other.model)?;
                other.hazards.uncertain.retain(|it| match variant {
                    Variant::Own => true,
                    Variant::Model { .. } => false,
                    Variant::Parameter { name, .. } => it.name != *name,
                });
                Track::of(&other, *luck).map_err(in_file)
            }
        }
    }
}

impl Variant {
    fn apply(&self, to: &mut Model) -> Result<(), BadSetting> {
        match self {
            Self::Own => Ok(()),
            Self::Model { model, .. } => {
                to.clone_from(model);
                Ok(())
            }
            Self::Parameter { name, value } => to.set(name, value),
        }
    }
}

impl Trial {
    /// Whether the temperatures of its histories can be compared: all have bounds, or none.
    #[must_use]
    pub fn is_on_one_scale(&self) -> bool {
        on_one_scale(&self.models)
    }
}

impl Robustness {
    /// Tries histories under their own models, and then under each variant, until a day or else as
    /// a [`Comparison`](crate::scenario::Comparison) does. A variant under which all histories have
    /// their own models anyway is left out.
    ///
    /// # Errors
    /// A setting that no model can have, or rules that cause more than they may.
    pub fn new(contenders: &[Contender], variants: Vec<Variant>, to: Option<Day>) -> Result<Self> {
        let tracks = |variant: &Variant| -> Result<Vec<Track>> {
            contenders.iter().map(|it| it.track(variant)).collect()
        };
        let own = tracks(&Variant::Own)?;
        let histories = own.iter().map(|track| track.name.clone()).collect();
        let horizon = to.or_else(|| last_day(&own)).unwrap_or(Day::EPOCH);
        let own_models = models(&own);
        let end = |track: Track| End::of(track, horizon);
        let mut tried = vec![(Variant::Own, own.into_iter().map(end).collect::<Vec<_>>())];
        for variant in variants {
            let tracks = tracks(&variant)?;
            if models(&tracks) != own_models {
                tried.push((variant, tracks.into_iter().map(end).collect()));
            }
        }
        let all = tried.iter().flat_map(|(_, ends)| ends);
        let dyads = all.flat_map(|end| end.temperatures.keys().copied());
        let dyads: Vec<_> = dyads.collect::<BTreeSet<_>>().into_iter().collect();
        let trials = tried.into_iter().map(|(variant, ends)| {
            let of_dyad = |dyad: &Dyad| ends.iter().map(|end| end.temperature(*dyad)).collect();
            Trial {
                variant,
                temperatures: dyads.iter().map(of_dyad).collect(),
                models: ends.into_iter().map(|end| end.model).collect(),
            }
        });
        Ok(Self {
            trials: trials.collect(),
            histories,
            horizon,
            dyads,
        })
    }
}

fn models(tracks: &[Track]) -> Vec<Model> {
    tracks.iter().map(|track| track.model.clone()).collect()
}

/// How a history ends: the temperature of each dyad in it, in degrees.
struct End {
    model: Model,
    temperatures: BTreeMap<Dyad, f64>,
}

impl End {
    /// On a day after all events that count.
    fn of(mut track: Track, day: Day) -> Self {
        track.keep_until(Some(day));
        let fold = track.fold();
        let Folded { world, state, .. } = fold.folded();
        let end = |(dyad, index)| (dyad, state.relation(index).read_on(day, &track.model).0);
        Self {
            temperatures: world.dyads().into_iter().map(end).collect(),
            model: track.model,
        }
    }

    fn temperature(&self, dyad: Dyad) -> f64 {
        let own = self.temperatures.get(&dyad).copied();
        own.unwrap_or_else(|| self.model.baseline(dyad))
    }
}
