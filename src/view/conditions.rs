//! The model that a result holds under, printed beside it.

use crate::model::{Model, Number, PARAMETERS};

/// The model: its preset, what drives the numbers, and which parameters are not the preset's.
#[must_use]
pub fn conditions(model: &Model) -> String {
    let value = |model: &Model, name| {
        model
            .number(name)
            .map(Number)
            .map(|number| number.to_string())
    };
    let number = |name| value(model, name).unwrap_or_default();
    let bounds = if model.saturation() {
        "degrees from -10 to 10"
    } else {
        "degrees without bounds"
    };
    let mut lines = vec![format!(
        "Model: {}, half-life {} days, gain {}, spillover {}; {bounds}",
        model.preset(),
        number("half_life_days"),
        number("gain"),
        number("spillover"),
    )];
    let standing = [
        ("occupation", "standing_occupation_degrees"),
        (
            "occupation felt by an audience",
            "standing_occupation_audience_degrees",
        ),
        ("sanctions", "standing_sanctions_degrees"),
        ("alliance", "standing_alliance_degrees"),
    ];
    let standing = standing.map(|(kind, name)| format!("{kind} {}", number(name)));
    if standing.iter().any(|entry| !entry.ends_with(" 0")) {
        lines.push(format!("Standing measures add: {}", standing.join(", ")));
    }
    let preset = Model::new(model.preset());
    let changed = PARAMETERS.iter().filter_map(|parameter| {
        let (now, was) = (
            value(model, parameter.name)?,
            value(&preset, parameter.name)?,
        );
        (now != was).then(|| format!("{} {now} (preset {was})", parameter.name))
    });
    let baselines = model
        .baselines()
        .iter()
        .map(|(dyad, degrees)| format!("baseline of {dyad} {degrees}"));
    let mut changed: Vec<_> = changed.chain(baselines).collect();
    if model.saturation() != preset.saturation() {
        changed.push(format!("saturation {}", model.saturation()));
    }
    if model.weights() != preset.weights() {
        changed.push("weights icews".to_owned());
    }
    if !changed.is_empty() {
        lines.push(format!("Changed: {}", changed.join(", ")));
    }
    lines.join(
        "
",
    ) + "
"
}
