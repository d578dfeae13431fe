//! The grid that a fit looks at: every combination of some values of the four parameters.

use crate::error::{BadModel, BadTrial, Error, Fault, Result};
use crate::evidence::parameters::{NAMED, Parameters};
use crate::history::FAULT_LIMIT;
use crate::scenario::Axis;
use serde::{Serialize, Serializer};

/// How many parameters a fit finds.
pub(super) const FOUND: usize = 4;
/// The most points of a grid.
const POINT_LIMIT: usize = 100_000;
/// A month of data says nothing of more values than these of one parameter.
const DEFAULT: [&[f64]; FOUND] = [
    &[90.0, 180.0, 365.0, 730.0, 1460.0],
    &[1.0, 2.0, 4.0, 8.0, 16.0],
    &[7.0, 14.0, 30.0, 60.0],
    &[5.0, 10.0, 20.0, 40.0, 80.0],
];

/// A parameter and the values that are tried, from the least to the greatest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointsAxis {
    /// The parameter.
    pub parameter: &'static str,
    /// Its values.
    #[serde(serialize_with = "values_as_written")]
    pub values: Vec<f64>,
}

fn values_as_written<S: Serializer>(values: &[f64], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(values.iter().map(|value| in_json(*value)))
}

/// A value as JSON has it: `none` for a half-life that is infinite.
pub(super) fn in_json(value: f64) -> serde_json::Value {
    if value.is_infinite() {
        "none".into()
    } else if value == libm::rint(value) && libm::fabs(value) < 1e15 {
        (value as i64).into()
    } else {
        value.into()
    }
}

/// The points of a grid: those at which the fast half-life is at most half of the slow one.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    axes: [PointsAxis; FOUND],
    points: Vec<Parameters>,
}

impl Points {
    /// The grid with some axes in the place of its own, each as `NAME=V1,V2,...` or `NAME=A..B:N`.
    ///
    /// # Errors
    /// Everything that is wrong with the axes, or that no point is left.
    pub fn new(axes: &[String]) -> Result<Self> {
        let mut own = [0, 1, 2, 3].map(|place: usize| PointsAxis {
            parameter: NAMED[place].name,
            values: DEFAULT[place].to_vec(),
        });
        let (mut faults, mut given) = (Vec::new(), [false; FOUND]);
        for text in axes {
            match read(text) {
                Ok((place, _)) if std::mem::replace(&mut given[place], true) => {
                    let parameter = NAMED[place].name;
                    faults.push(Fault::from(BadTrial::AxisTwice { parameter }));
                }
                Ok((place, values)) => own[place].values = values,
                Err(more) => faults.extend(more),
            }
        }
        Error::check(faults, FAULT_LIMIT)?;
        let all: usize = own.iter().map(|axis| axis.values.len()).product();
        if all > POINT_LIMIT {
            return Err(BadTrial::TooManyPoints {
                found: all as u64,
                limit: POINT_LIMIT as u64,
            }
            .into());
        }
        let mut points = Vec::new();
        let [slow, prior_slow, fast, prior_fast] = &own;
        for &half_life_slow_days in &slow.values {
            for &prior_slow_events in &prior_slow.values {
                for &half_life_fast_days in &fast.values {
                    for &prior_fast_events in &prior_fast.values {
                        points.push(Parameters {
                            half_life_slow_days,
                            prior_slow_events,
                            half_life_fast_days,
                            prior_fast_events,
                            prior_degrees: None,
                        });
                    }
                }
            }
        }
        points.retain(|point| 2.0 * point.half_life_fast_days <= point.half_life_slow_days);
        if points.is_empty() {
            return Err(BadTrial::NoPoint.into());
        }
        Ok(Self { axes: own, points })
    }

    /// The parameters with the values that are tried.
    #[must_use]
    pub const fn axes(&self) -> &[PointsAxis; FOUND] {
        &self.axes
    }

    /// The points, the last parameter changing fastest.
    #[must_use]
    pub fn points(&self) -> &[Parameters] {
        &self.points
    }

    /// Every half-life of it.
    pub(super) fn half_lives(&self) -> impl Iterator<Item = f64> {
        let [slow, _, fast, _] = &self.axes;
        slow.values.iter().chain(&fast.values).copied()
    }
}

/// The values of the four parameters, in the order of the axes.
pub(super) fn values(parameters: &Parameters) -> [f64; FOUND] {
    [
        parameters.half_life_slow_days,
        parameters.prior_slow_events,
        parameters.half_life_fast_days,
        parameters.prior_fast_events,
    ]
}

/// Which parameter an axis is of, and its values in order.
fn read(text: &str) -> Result<(usize, Vec<f64>), Vec<Fault>> {
    let axis = Axis::read(text).map_err(|bad| vec![bad.into()])?;
    let name = &*axis.name;
    if name == NAMED[FOUND].name {
        return Err(vec![
            BadTrial::NotFitted {
                parameter: NAMED[FOUND].name,
            }
            .into(),
        ]);
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for value in &axis.values {
        let mut parameters = Parameters::default();
        match parameters.set(name, value) {
            Ok(()) => {
                let place = NAMED.iter().position(|named| named.name == name);
                found.extend(place.map(|place| (place, values(&parameters)[place])));
            }
            Err(bad) => faults.push(Fault::from(BadModel::Setting(bad))),
        }
    }
    // A name that is none is told once, not for each value.
    faults.dedup_by_key(|fault| fault.to_string());
    let Some(&(place, _)) = found.first().filter(|_| faults.is_empty()) else {
        return Err(faults);
    };
    let mut found: Vec<_> = found.into_iter().map(|(_, value)| value).collect();
    found.sort_by(f64::total_cmp);
    if found.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(vec![
            BadTrial::ValueTwice {
                axis: text.to_owned(),
            }
            .into(),
        ]);
    }
    Ok((place, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_leaves_out_what_is_fast_where_slow_is_not_slow() {
        let points = Points::new(&[]).unwrap();
        // Of 500, a fast half-life of 60 with a slow one of 90.
        assert_eq!(points.points().len(), 475);
        assert!(points.points().contains(&Parameters::default()));
        let axes = [
            "half_life_slow_days=none,1000".to_owned(),
            "prior_fast_events=10..30:3".to_owned(),
        ];
        let other = Points::new(&axes).unwrap();
        assert_eq!(other.axes()[0].values, [1000.0, f64::INFINITY]);
        assert_eq!(other.axes()[3].values, [10.0, 20.0, 30.0]);
        assert_eq!(other.points().len(), 2 * 5 * 4 * 3);
    }

    #[test]
    fn a_grid_that_is_none_is_told() {
        for (axes, says) in [
            (
                &["half_life_slow=90,180"][..],
                "did you mean `half_life_slow_days`?",
            ),
            (&["half_life_slow_days"], "it has no `=`"),
            (&["prior_slow_events=0,4,-1"], "between 0.1 and"),
            (&["prior_slow_events=4,4.0"], "a value stands twice"),
            (&["prior_degrees=0,1"], "is not fitted"),
            (
                &["prior_slow_events=4", "prior_slow_events=8"],
                "`prior_slow_events` stands twice",
            ),
            (
                &["half_life_slow_days=20", "half_life_fast_days=14,30"],
                "no point of the grid",
            ),
            (&["half_life_slow_days=100..10000:5000"], "more than 100000"),
        ] {
            let axes: Vec<_> = axes.iter().map(|axis| (*axis).to_owned()).collect();
            let error = Points::new(&axes).unwrap_err().to_string();
            assert!(error.contains(says), "{says}: {error}");
        }
        let several = ["gain=1,2".to_owned(), "prior_fast_events=x".to_owned()];
        assert_eq!(Points::new(&several).unwrap_err().faults().len(), 2);
    }
}
