//! The model that a result holds under, printed beside it.

use crate::model::{MeasureKind, Model, Number, PARAMETERS};

/// The model: its preset, what drives the numbers, and which parameters are not the preset's.
#[must_use]
pub fn conditions(model: &Model) -> String {
    conditions_with(model, &|value| value)
}

/// The same for captions: numbers to four significant digits.
#[must_use]
pub(in crate::view) fn short_conditions(model: &Model) -> String {
    conditions_with(model, &four_digits)
}

/// A number to four significant digits.
fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

fn conditions_with(model: &Model, round: &dyn Fn(f64) -> f64) -> String {
    let number = |name| Number(round(model.number(name).unwrap_or_default())).to_string();
    let bounds = if model.saturation() {
        "degrees from -10 to 10"
    } else {
        "degrees without bounds"
    };
    let days = |days: f64| match Number(round(days)).to_string() {
        none if none == "none" => none,
        one if one == "1" => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    let half_lives = model.half_lives();
    let half_life = if half_lives.words == half_lives.deeds {
        days(half_lives.deeds)
    } else {
        let [words, deeds] = [half_lives.words, half_lives.deeds].map(days);
        format!("{words} for words and {deeds} for deeds")
    };
    let mut lines = vec![format!(
        "Model: {}, half-life {}, gain {}, spillover {}; {bounds}",
        model.preset(),
        half_life,
        number("gain"),
        number("spillover"),
    )];
    let kinds = MeasureKind::ALL.into_iter();
    let standing = kinds.flat_map(|kind| {
        [(kind, false), (kind, true)].map(|(kind, audience)| {
            let degrees = round(model.standing_degrees(kind, audience));
            let felt = if audience { " felt by an audience" } else { "" };
            let name = kind.name().replace('_', " ");
            (degrees != 0.0).then(|| format!("{name}{felt} {degrees}"))
        })
    });
    let standing: Vec<_> = standing.flatten().collect();
    if !standing.is_empty() {
        lines.push(format!("Standing measures add: {}", standing.join(", ")));
    }
    let changed = changes(model, round, |name, now, was| {
        format!("{name} {now} (preset {was})")
    });
    if !changed.is_empty() {
        lines.push(format!("Changed: {}", changed.join(", ")));
    }
    lines.join("\n") + "\n"
}

/// The model in a word, or in a few where it is not its preset: `detente; half_life_days=240`.
#[must_use]
pub fn model_label(model: &Model) -> String {
    let mut parts = vec![model.preset().name().to_owned()];
    parts.extend(changes(model, &|value| value, |name, now, _| {
        format!("{name}={now}")
    }));
    parts.join("; ")
}

/// What is different from the preset, each with its name, its value and the preset's.
fn changes(
    model: &Model,
    round: &dyn Fn(f64) -> f64,
    say: impl Fn(&str, &str, &str) -> String,
) -> Vec<String> {
    let preset = Model::new(model.preset());
    let value =
        |model: &Model, name| Number(round(model.number(name).unwrap_or_default())).to_string();
    let numbers = PARAMETERS.iter().filter_map(|parameter| {
        let (now, was) = (value(model, parameter.name), value(&preset, parameter.name));
        (now != was).then(|| say(parameter.name, &now, &was))
    });
    let mut changes: Vec<_> = numbers.collect();
    if model.saturation() != preset.saturation() {
        let say = |now: bool, was: bool| say("saturation", &now.to_string(), &was.to_string());
        changes.push(say(model.saturation(), preset.saturation()));
    }
    if model.weights() != preset.weights() {
        changes.push(say(
            "weights",
            model.weights().name(),
            preset.weights().name(),
        ));
    }
    let baselines = model.baselines().iter();
    changes.extend(baselines.map(|(dyad, degrees)| {
        let was = value(model, "baseline_degrees");
        say(
            &format!("baseline:{dyad}"),
            &round(*degrees).to_string(),
            &was,
        )
    }));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_have_four_significant_digits() {
        assert_eq!(four_digits(158.668_410_991_880_14), 158.7);
        assert_eq!(four_digits(0.012_345_6), 0.012_35);
        assert_eq!(four_digits(-7.0), -7.0);
        assert!(four_digits(f64::INFINITY).is_infinite());
    }
}
