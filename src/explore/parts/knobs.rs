//! The knobs of the model: its preset and its parameters, each with its default and where that
//! comes from.

use crate::explore::changes::in_words;
use crate::explore::session::Session;
use crate::model::{Model, Number, PARAMETERS, Parameter, Preset, Settings};
use crate::view::page::pieces::said;
use maud::{Markup, html};

/// The knobs that stand in front.
const FIRST: [&str; 5] = [
    "half_life_words_days",
    "half_life_deeds_days",
    "standing_half_life_days",
    "gain",
    "spillover",
];
/// Where the slider of a half-life ends, in days; more can be typed.
const SLIDER_DAYS: f64 = 1_500.0;

/// The model with all its knobs.
pub(in crate::explore) fn model(session: &Session) -> Markup {
    let model = present(session);
    let usual = Model::new(model.preset());
    let (first, others): (Vec<&Parameter>, Vec<&Parameter>) = PARAMETERS
        .iter()
        .partition(|parameter| FIRST.contains(&parameter.name));
    let (standing, rest): (Vec<&Parameter>, Vec<&Parameter>) = others
        .into_iter()
        .partition(|parameter| parameter.name.starts_with("standing_"));
    let is_fixed = session.is_read_only;
    html! {
        h2 { "Model" }
        p class="aside" { "Every number on this page holds under this model. What is called an assumption rests on nothing but judgement: turn it and see whether the answer still stands." }
        label class="line" { "Preset "
            select id="preset" disabled[is_fixed] { @for preset in Preset::ALL {
                option value=(preset.name()) selected[preset == model.preset()] { (preset.name()) }
            } }
        }
        @for parameter in first { (knob(parameter, &model, &usual, is_fixed)) }
        details id="standing" { summary { "What stands, such as sanctions and treaties" }
            @for parameter in standing { (knob(parameter, &model, &usual, is_fixed)) }
        }
        details id="rest" { summary { "More" }
            @for parameter in rest { (knob(parameter, &model, &usual, is_fixed)) }
        }
    }
}

/// The model of the present file, legal or not.
fn present(session: &Session) -> Model {
    let written = session.file().model.as_ref().map(Settings::model);
    let written = written.and_then(Result::ok);
    written
        .or_else(|| session.base.model.clone())
        .unwrap_or_default()
}

fn knob(parameter: &Parameter, model: &Model, usual: &Model, is_fixed: bool) -> Markup {
    let name = parameter.name;
    let value = model.number(name).unwrap_or(parameter.default);
    let default = usual.number(name).unwrap_or(parameter.default);
    let is_days = parameter.greatest.is_infinite();
    let (least, greatest) = if is_days {
        (1.0, SLIDER_DAYS)
    } else {
        (parameter.least, parameter.greatest)
    };
    let step = match greatest - least {
        width if is_days && width > 1.0 => "1",
        width if width > 2.0 => "0.1",
        _ => "0.01",
    };
    let slid = if value.is_infinite() { greatest } else { value };
    let unit = if is_days {
        " days"
    } else if name.ends_with("_degrees") {
        " degrees"
    } else {
        ""
    };
    let is_other = value != default;
    let is_assumed = parameter.source.starts_with("assumption");
    let hint = format!("about-{name}");
    html! {
        div class=(if is_other { "knob other" } else { "knob" }) {
            label for=(format!("slide-{name}")) { (in_words(name)) }
            input type="range" id=(format!("slide-{name}")) data-set=(name) min=(least) max=(greatest) step=(step) value=(slid)
                aria-describedby=(hint) aria-valuetext=(format!("{}{unit}", Number(value))) disabled[is_fixed] list=(format!("usual-{name}"));
            datalist id=(format!("usual-{name}")) { option value=(if default.is_infinite() { greatest } else { default }) {} }
            input type="text" id=(format!("set-{name}")) class="value" data-set=(name) value=(Number(value)) inputmode="decimal" aria-label=(format!("{}{unit}", in_words(name))) disabled[is_fixed];
            span { (unit.trim()) }
            button type="button" id=(format!("usual-of-{name}")) data-usual=(name) disabled[is_fixed || !is_other] { "default " (Number(default)) }
            p class="aside" id=(hint) { @if is_assumed { strong { "Assumption. " } } (said(parameter.meaning)) }
        }
    }
}
