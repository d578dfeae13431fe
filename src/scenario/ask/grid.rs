//! Grids: the values that some parameters take, and every combination of them.

use crate::error::{BadEnsemble, BadModel, BadValue, Error, Fault, Result};
use crate::history::FAULT_LIMIT;
use crate::model::Model;
use std::collections::HashSet;

/// The most points of a grid.
pub const POINT_LIMIT: u64 = 10_000_000;

/// A parameter of the model and the values that it takes, as a person or a file would write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The parameter.
    pub name: String,
    /// Its values.
    pub values: Vec<String>,
}

/// Every combination of the values of some axes. The last axis changes fastest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    axes: Vec<Axis>,
    points: u64,
}

impl Axis {
    /// Reads `NAME=A..B:N`, N values from A to B in equal steps and to twelve digits, or a list
    /// `NAME=V1,V2,...`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, BadEnsemble> {
        let bad = |says| BadEnsemble::NotAnAxis {
            found: text.to_owned(),
            says,
        };
        let (name, values) = text.split_once('=').ok_or_else(|| bad("it has no `=`"))?;
        let (name, values) = (name.trim().to_owned(), values.trim());
        let Some((from, rest)) = values.split_once("..") else {
            let values: Vec<_> = values.split(',').map(|it| it.trim().to_owned()).collect();
            if values.iter().any(String::is_empty) {
                return Err(bad("a value is missing"));
            }
            let seen: HashSet<_> = values.iter().collect();
            if seen.len() < values.len() {
                return Err(bad("a value stands twice"));
            }
            return Ok(Self { name, values });
        };
        let (to, steps) = rest
            .split_once(':')
            .ok_or_else(|| bad("a range needs how many values, such as 30..365:12"))?;
        let number = |text: &str| {
            let number = text.trim().parse().ok();
            number.filter(|number: &f64| number.is_finite())
        };
        let ends = number(from).zip(number(to));
        let (from, to) = ends.ok_or_else(|| bad("a range goes from one number to another"))?;
        let steps = steps.trim().parse::<u64>().ok().filter(|steps| *steps >= 2);
        let steps = steps.ok_or_else(|| bad("a range has two values or more"))?;
        if steps > POINT_LIMIT {
            return Err(BadEnsemble::TooManyPoints {
                found: Some(steps),
                limit: POINT_LIMIT,
                format: None,
            });
        }
        if from == to {
            return Err(bad("a range goes from one number to another"));
        }
        let last = steps - 1;
        let value = |step: u64| match step {
            0 => from,
            step if step == last => to,
            step => rounded(from + (to - from) * (step as f64 / last as f64)),
        };
        let values = (0..steps).map(|step| (value(step) + 0.0).to_string());
        Ok(Self {
            name,
            values: values.collect(),
        })
    }

    /// Reads several axes, each as [`Axis::read`] does.
    ///
    /// # Errors
    /// Everything that is wrong with their form, or else every axis that stands twice and every
    /// value that is none its parameter can have.
    pub fn read_all<'t>(texts: impl IntoIterator<Item = &'t String>) -> Result<Vec<Self>> {
        let (mut axes, mut faults) = (Vec::new(), Vec::new());
        for text in texts {
            match Self::read(text) {
                Ok(read) => axes.push(read),
                Err(kind) => faults.push(Fault::from(kind)),
            }
        }
        Error::check(faults, FAULT_LIMIT)?;
        Self::check(&axes)?;
        Ok(axes)
    }

    fn check(axes: &[Self]) -> Result<()> {
        let mut faults: Vec<Fault> = Vec::new();
        let mut seen = HashSet::new();
        for axis in axes {
            if !seen.insert(&axis.name) {
                let (field, value) = ("axes", axis.name.clone());
                faults.push(BadValue::Twice { field, value }.into());
            }
            let mut model = Model::default();
            let set = axis.values.iter().map(|value| model.set(&axis.name, value));
            let bad: Vec<_> = set.filter_map(Result::err).collect();
            faults.extend(
                bad.into_iter()
                    .map(|bad| Fault::from(BadModel::Setting(bad))),
            );
        }
        faults.dedup_by_key(|fault| fault.kind.to_string());
        Error::check(faults, FAULT_LIMIT)
    }
}

impl Grid {
    /// The grid of some axes.
    ///
    /// # Errors
    /// When there are more than [`POINT_LIMIT`] points.
    pub fn new(axes: Vec<Axis>) -> Result<Self> {
        let lengths = axes.iter().map(|axis| axis.values.len() as u64);
        let points = lengths.into_iter().try_fold(1_u64, u64::checked_mul);
        let within = points.filter(|points| *points <= POINT_LIMIT);
        let points = within.ok_or(BadEnsemble::TooManyPoints {
            found: points,
            limit: POINT_LIMIT,
            format: None,
        })?;
        Ok(Self { axes, points })
    }

    /// The axes.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many points it has.
    #[must_use]
    pub const fn points(&self) -> u64 {
        self.points
    }

    /// The value of each axis at a point, which counts from 0.
    #[must_use]
    pub fn values(&self, point: u64) -> Vec<&str> {
        let mut rest = point;
        let mut values: Vec<_> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let count = axis.values.len().max(1) as u64;
                let place = (rest % count) as usize;
                rest /= count;
                axis.values.get(place).map_or("", String::as_str)
            })
            .collect();
        values.reverse();
        values
    }
}

/// A number to twelve digits, so that steps of a tenth are tenths.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}
