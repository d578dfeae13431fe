//! What every act does to the state, and every rule that an event can break, with its message.
//!
//! Numbers are worked out by hand under the default model: gain 0.3, spillover 0.5, half-life 180
//! days.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use crate::given::{day, given};
use detente::history::{
    ACTOR_LIMIT, ENTRY_LIMIT, MEASURE_LIMIT, NAME_LIMIT, Recorded, Register, compile, read_written,
};
use detente::model::Coverage::{Mentioned, Omitted, Silent};
use detente::model::ItemStatus::{Agreed, InProgress, Raised, Settled};
use detente::model::MeasureStatus::{Eased, InForce, Lifted};
use detente::model::MeetingStatus::{Cancelled, Held, Planned, Postponed, Proposed, Scheduled};
use detente::model::Phase::{Confrontation, Discord, Friendly, Good, Normal, Tension};
use detente::model::{
    Change, Fact, Facts, Model, Preset, Priority, Reach, Rejection, State, World, decide,
};
use serde_json::{Value, json};

fn annexation() -> Value {
    json!({"act": "annexation", "source": "RUS", "target": "UKR", "audience": "USA EU", "id": "crimea"})
}

fn sanctions() -> Value {
    json!({"act": "sanctions_imposed", "source": "USA", "target": "RUS", "id": "sanctions"})
}

fn reimposed() -> Value {
    json!({"act": "sanctions_imposed", "source": "USA", "target": "RUS", "measure": "sanctions"})
}

fn eased() -> Value {
    json!({"act": "sanctions_eased", "source": "USA", "target": "RUS", "measure": "sanctions"})
}

fn lifted() -> Value {
    json!({"act": "sanctions_lifted", "source": "USA", "target": "RUS", "measure": "sanctions"})
}

fn call() -> Value {
    json!({"act": "call", "source": "RUS USA", "id": "call"})
}

fn readout(of: &str) -> Value {
    json!({"act": "readout", "source": "USA", "target": "RUS", "of": of})
}

/// An event of the meeting `summit`.
fn summit(act: &str) -> Value {
    json!({"act": act, "source": "RUS USA", "meeting": "summit"})
}

fn signed() -> Value {
    json!({"act": "agreement", "source": "RUS USA", "stage": "signed"})
}

fn attack() -> Value {
    json!({"act": "attack", "source": "USA", "target": "RUS"})
}

/// An event that moves an agenda item.
fn agenda(item: &str, to: &str) -> Value {
    json!({"act": "statement", "source": "USA", "target": "RUS", "agenda": [{"item": item, "to": to}]})
}

/// An event with an impact of its own.
fn impact(degrees: f64) -> Value {
    json!({"act": "statement", "source": "USA", "target": "RUS", "impact": degrees, "reason": "given"})
}

fn retraction(of: &str) -> Value {
    json!({"act": "retraction", "retracts": of})
}

/// An event with some more fields, or with others.
fn with(event: &Value, fields: &Value) -> Value {
    let mut event = event.as_object().unwrap().clone();
    event.extend(fields.as_object().unwrap().clone());
    event.into()
}

/// An event on a day.
fn on(days: i32, event: &Value) -> Value {
    with(event, &json!({"day": days}))
}

// Weights.

#[test]
fn an_act_has_the_weight_of_its_cameo_code_times_the_gain() {
    for (act, degrees) in [
        ("sanctions_imposed", -8.0 * 0.3),  // 163
        ("diplomats_expelled", -7.0 * 0.3), // 166
        ("attack", -10.0 * 0.3),            // 190
        ("annexation", -9.5 * 0.3),         // 192
        ("leader_change", 0.0),             // none
    ] {
        given([])
            .when(json!({"act": act, "source": "USA", "target": "RUS"}))
            .then_impact("RUS-USA", degrees);
    }
    for (act, degrees) in [
        ("call", 1.0 * 0.3),              // 041
        ("meeting_proposed", 4.0 * 0.3),  // 036
        ("meeting_planned", 4.0 * 0.3),   // 036
        ("meeting_scheduled", 4.0 * 0.3), // 036
        ("meeting_held", 2.8 * 0.3),      // 043
    ] {
        given([])
            .when(json!({"act": act, "source": "RUS USA"}))
            .then_impact("RUS-USA", degrees);
    }
}

#[test]
fn a_statement_weighs_by_its_tone() {
    let statement = json!({"act": "statement", "source": "USA", "target": "RUS"});
    given([])
        .when(statement.clone())
        .then_impact("RUS-USA", 0.0);
    for (tone, degrees) in [
        ("neutral", 0.0),            // 010
        ("pessimistic", -0.4 * 0.3), // 012
        ("optimistic", 0.4 * 0.3),   // 013
        ("critical", -2.0 * 0.3),    // 111
        ("accusing", -2.0 * 0.3),    // 112
        ("threatening", -4.4 * 0.3), // 130
    ] {
        given([])
            .when(with(&statement, &json!({"tone": tone})))
            .then_impact("RUS-USA", degrees);
    }
}

#[test]
fn a_meeting_weighs_by_what_came_of_it() {
    for (result, degrees) in [
        ("none", 2.8 * 0.3),   // 043
        ("agreed", 7.0 * 0.3), // 046
        ("broke_down", 0.0),   // none
    ] {
        given([])
            .when(json!({"act": "meeting_held", "source": "RUS USA", "result": result}))
            .then_impact("RUS-USA", degrees);
    }
}

#[test]
fn an_agreement_weighs_by_its_stage() {
    // 030 and 057.
    for (stage, degrees) in [
        ("in_principle", 4.0 * 0.3),
        ("signed", 8.0 * 0.3),
        ("adopted", 8.0 * 0.3),
        ("ratified", 8.0 * 0.3),
    ] {
        given([])
            .when(json!({"act": "agreement", "source": "RUS USA", "stage": stage}))
            .then_impact("RUS-USA", degrees);
    }
}

#[test]
fn a_coded_event_weighs_by_its_code_in_the_table_that_the_model_names() {
    let coded = |code| json!({"act": "coded", "source": "USA", "target": "RUS", "code": code});
    given([])
        .when(coded("072"))
        .then_impact("RUS-USA", 8.3 * 0.3);
    given([])
        .when(coded("1383"))
        .then_impact("RUS-USA", -7.0 * 0.3);
    let denial = given([]).when(coded("016"));
    denial.then_impact("RUS-USA", -2.0 * 0.3);
    denial
        .with("weights", "icews")
        .then_impact("RUS-USA", -5.0 * 0.3);
}

#[test]
fn what_follows_on_another_event_weighs_by_its_code() {
    // 085 has 7 * 0.3 = 2.1, for all of the sanctions and for half of them.
    given([sanctions()])
        .when(lifted())
        .then_impact("RUS-USA", 2.1);
    given([sanctions()])
        .when(eased())
        .then_impact("RUS-USA", 1.05);
    // 0874 has 10 * 0.3.
    given([annexation()])
        .when(json!({"act": "occupation_ended", "source": "RUS", "target": "UKR", "measure": "crimea"}))
        .then_impact("RUS-UKR", 3.0);
    // 010 has nothing, 125 has -5 * 0.3, and to postpone has no code.
    given([call()])
        .when(readout("call"))
        .then_impact("RUS-USA", 0.0);
    let planned = given([summit("meeting_planned")]);
    planned
        .clone()
        .when(summit("meeting_cancelled"))
        .then_impact("RUS-USA", -1.5);
    planned
        .when(summit("meeting_postponed"))
        .then_impact("RUS-USA", 0.0);
}

#[test]
fn an_event_may_carry_a_weight_of_its_own() {
    given([])
        .when(with(&attack(), &json!({"audience": "EU", "weight": -5})))
        .then_impact("RUS-USA", -5.0 * 0.3)
        .then_impact("EU-USA", -5.0 * 0.3 * 0.5);
    given([])
        .when(json!({"act": "leader_change", "source": "USA", "target": "RUS", "weight": 2}))
        .then_impact("RUS-USA", 2.0 * 0.3);
}

#[test]
fn an_event_may_carry_an_impact_of_its_own_that_only_the_spillover_scales() {
    given([])
        .when(with(
            &call(),
            &json!({"audience": "EU", "impact": -4, "reason": "it went badly"}),
        ))
        .then_impact("RUS-USA", -4.0)
        .then_impact("EU-RUS", -4.0 * 0.5)
        .then_impact("EU-USA", -4.0 * 0.5);
}

#[test]
fn a_weight_of_its_own_counts_whole_however_little_is_removed_or_announced() {
    let weight = json!({"weight": 4});
    given([sanctions()])
        .when(with(&eased(), &weight))
        .then_impact("RUS-USA", 4.0 * 0.3);
    given([summit("meeting_proposed")])
        .when(with(&summit("meeting_planned"), &weight))
        .then_impact("RUS-USA", 4.0 * 0.3);
}

#[test]
fn only_the_first_announcement_of_a_meeting_has_weight() {
    let proposed = given([]).when(summit("meeting_proposed"));
    proposed.then_impact("RUS-USA", 4.0 * 0.3);
    let planned = proposed.when(summit("meeting_planned"));
    planned.then_impact("RUS-USA", 0.0);
    let scheduled = planned
        .when(summit("meeting_postponed"))
        .when(summit("meeting_scheduled"));
    scheduled.then_impact("RUS-USA", 0.0);
    scheduled
        .when(json!({"act": "meeting_scheduled", "source": "RUS USA", "meeting": "another"}))
        .then_impact("RUS-USA", 4.0 * 0.3);
}

#[test]
fn easing_and_then_lifting_weighs_as_much_as_lifting() {
    // Half of 2.1 is left to remove.
    given([sanctions(), eased()])
        .when(lifted())
        .then_impact("RUS-USA", 1.05);
    // A quarter still counts: easing removes 0.75 of 2.1, lifting the other 0.25.
    let scene = given([sanctions()])
        .with("eased_share", "0.25")
        .when(eased());
    scene.then_impact("RUS-USA", 1.575);
    scene.when(lifted()).then_impact("RUS-USA", 0.525);
}

#[test]
fn lifting_what_was_put_in_force_again_weighs_in_full() {
    given([sanctions(), eased(), reimposed()])
        .when(lifted())
        .then_impact("RUS-USA", 2.1);
}

#[test]
fn ending_an_occupation_that_was_eased_weighs_half() {
    given([annexation(), json!({
        "act": "statement", "source": "RUS", "target": "UKR",
        "measures": [{"id": "crimea", "kind": "occupation", "to": "eased"}]
    })])
    .when(json!({
        "act": "occupation_ended", "source": "RUS", "target": "UKR", "audience": "USA", "measure": "crimea"
    }))
    .then_impact("RUS-UKR", 10.0 * 0.3 * 0.5)
    .then_impact("RUS-USA", 10.0 * 0.3 * 0.5 * 0.5);
}

#[test]
fn an_audience_feels_the_share_that_is_removed_from_the_target() {
    given([sanctions()])
        .when(with(&eased(), &json!({"audience": "EU"})))
        .then_impact("EU-USA", 7.0 * 0.3 * 0.5 * 0.5);
}

// Which dyads an event moves.

#[test]
fn an_event_moves_source_and_target_in_full_and_source_and_audience_by_the_spillover() {
    given([])
        .when(annexation())
        .then_impact("RUS-UKR", -9.5 * 0.3)
        .then_impact("RUS-USA", -9.5 * 0.3 * 0.5)
        .then_impact("EU-RUS", -9.5 * 0.3 * 0.5)
        .then_unmoved("UKR-USA")
        .then_unmoved("EU-UKR")
        .then_unmoved("EU-USA")
        .then_temperature("RUS-UKR", -2.85)
        .then_temperature("RUS-USA", -1.425);
}

#[test]
fn sources_do_not_move_each_other() {
    given([])
        .when(json!({"act": "sanctions_imposed", "source": "USA EU", "target": "RUS"}))
        .then_impact("RUS-USA", -2.4)
        .then_impact("EU-RUS", -2.4)
        .then_unmoved("EU-USA");
}

#[test]
fn an_event_without_target_or_audience_moves_nothing() {
    let (folded, trace) = given([])
        .when(json!({"act": "leader_change", "source": "USA RUS", "weight": -9}))
        .when(json!({"act": "statement", "source": "USA RUS", "tone": "threatening"}))
        .replay();
    assert_eq!(folded.world.dyads(), []);
    assert!(trace.iter().all(|(_, transitions)| transitions.is_empty()));
}

#[test]
fn an_event_before_an_audience_alone_moves_it_by_the_spillover() {
    given([])
        .when(json!({"act": "statement", "source": "USA", "audience": "RUS", "tone": "critical"}))
        .then_impact("RUS-USA", -2.0 * 0.3 * 0.5);
}

#[test]
fn a_dyad_is_moved_once_and_as_source_and_target_first() {
    // RUS is both target and audience, USA both source and target.
    let scene = given([]).when(json!({
        "act": "attack", "source": "USA GBR", "target": "RUS USA", "audience": "RUS EU"
    }));
    scene
        .then_impact("RUS-USA", -3.0)
        .then_impact("GBR-RUS", -3.0)
        .then_impact("GBR-USA", -3.0)
        .then_impact("EU-USA", -1.5)
        .then_impact("EU-GBR", -1.5)
        .then_unmoved("EU-RUS");
    let (_, trace) = scene.replay();
    assert_eq!(trace[0].1.len(), 5);
}

#[test]
fn those_who_act_together_move_each_of_their_dyads_once() {
    given([])
        .when(json!({"act": "call", "source": "USA DEU FRA", "target": "FRA USA DEU"}))
        .then_temperature("DEU-USA", 0.3)
        .then_temperature("FRA-USA", 0.3)
        .then_temperature("DEU-FRA", 0.3);
}

// Temperature.

#[test]
fn an_event_moves_less_the_closer_the_bound_is_that_it_moves_to() {
    let once = given([attack()]);
    once.then_temperature("RUS-USA", -3.0);
    // -3 - 3 * (1 - 0.3) = -5.1.
    let twice = once.when(attack());
    twice.then_temperature("RUS-USA", -5.1);
    // -5.1 + 2.4 * (1 + 0.51) = -5.1 + 3.624.
    twice.when(signed()).then_temperature("RUS-USA", -1.476);
}

#[test]
fn an_impact_of_the_whole_scale_reaches_the_bound_and_nothing_passes_it() {
    let bottom = given([impact(-10.0)]);
    bottom.then_temperature("RUS-USA", -10.0);
    bottom
        .clone()
        .when(attack())
        .then_temperature("RUS-USA", -10.0);
    // -10 + 10 * (1 + 1) = 10.
    bottom.when(impact(10.0)).then_temperature("RUS-USA", 10.0);
}

#[test]
fn half_of_an_impulse_is_gone_after_a_half_life() {
    let scene = given([attack()]);
    scene.clone().on_day(180).then_temperature("RUS-USA", -1.5);
    let scene = scene.on_day(540);
    scene.then_temperature("RUS-USA", -0.375);
    scene
        .clone()
        .with("half_life_days", "270")
        .then_temperature("RUS-USA", -0.75);
    scene
        .with("half_life_days", "none")
        .then_temperature("RUS-USA", -3.0);
}

#[test]
fn a_dyad_starts_at_its_baseline_and_returns_to_it() {
    // 4 - 3 * (1 + 0.4) = -0.2, and half of the way back: (4 - 0.2) / 2.
    let scene = given([attack()]).with("baseline:USA-RUS", "4");
    scene.then_temperature("RUS-USA", -0.2);
    scene.on_day(180).then_temperature("RUS-USA", 1.9);
    // -2 - 3 * (1 - 0.2) = -4.4.
    given([attack()])
        .with("baseline_degrees", "-2")
        .then_temperature("RUS-USA", -4.4);
}

#[test]
fn waiting_before_an_event_tends_to_what_stood_before_it() {
    // Half of -3 is left, then the sanctions: -1.5 - 2.4 * (1 - 0.15) = -3.54.
    let scene = given([attack(), on(180, &sanctions())]);
    scene.then_temperature("RUS-USA", -3.54);
    // From then on it tends to -3: -3 - 0.54 / 2.
    scene.on_day(360).then_temperature("RUS-USA", -3.27);
}

#[test]
fn the_recorded_history_goes_through_the_temperatures_of_the_design() {
    let co_sanctions = with(&sanctions(), &json!({"source": "USA EU"}));
    let scene = given([annexation()]);
    scene.then_temperature_about("RUS-USA", -1.43);
    // -2 + 0.575 * 2^(-2/180) = -1.429411, then -1.429411 - 2.4 * (1 - 0.1429411) = -3.486353.
    let scene = scene.when(on(2, &co_sanctions));
    scene.then_temperature_about("RUS-USA", -3.49);
    // -5 + 1.513647 * 2^(-1045/180) = -5 + 1.513647 * 0.017878 = -4.972939.
    scene
        .clone()
        .on_day(1047)
        .then_temperature_about("RUS-USA", -4.97);
    // -4.972939 + 0.3 * 1.4972939 = -4.523751, + 1.2 * 1.4523751 = -2.780901, + 1.2 * 1.2780901 =
    // -1.247193.
    let scene = scene
        .when(on(1047, &call()))
        .when(json!({"act": "agreement", "source": "RUS USA", "stage": "in_principle"}))
        .when(summit("meeting_planned"));
    scene.then_temperature_about("RUS-USA", -1.25);
    // -5 + 3.752807 * 2^(-365/180) = -5 + 3.752807 * 0.245248 = -4.079629.
    scene
        .on_day(1047 + 365)
        .then_temperature_about("RUS-USA", -4.08);
}

// Standing measures.

#[test]
fn sanctions_hold_the_equilibrium_down_until_they_are_lifted() {
    let scene = given([sanctions()]);
    scene
        .then_measure("sanctions", "USA", "RUS", InForce)
        .then_measure("sanctions", "RUS", "USA", None)
        .then_equilibrium("RUS-USA", -3.0);
    let scene = scene.when(eased());
    scene
        .then_measure("sanctions", "USA", "RUS", Eased)
        .then_equilibrium("RUS-USA", -1.5);
    scene
        .when(lifted())
        .then_measure("sanctions", "USA", "RUS", Lifted)
        .then_equilibrium("RUS-USA", 0.0);
}

#[test]
fn impulses_fade_and_standing_facts_do_not() {
    // -3 + (3 - 2.4) / 2 = -2.7, and in the end -3.
    let scene = given([sanctions()]);
    scene.clone().on_day(180).then_temperature("RUS-USA", -2.7);
    scene.on_day(180 * 60).then_temperature("RUS-USA", -3.0);
}

#[test]
fn a_measure_stands_between_each_source_and_each_target_for_itself() {
    given([with(
        &sanctions(),
        &json!({"source": "USA EU", "target": "RUS BLR"}),
    )])
    .when(lifted())
    .then_measure("sanctions", "USA", "RUS", Lifted)
    .then_measure("sanctions", "EU", "RUS", InForce)
    .then_measure("sanctions", "USA", "BLR", InForce)
    .then_equilibrium("RUS-USA", 0.0)
    .then_equilibrium("EU-RUS", -3.0)
    .then_equilibrium("BLR-USA", -3.0)
    .then_impact("RUS-USA", 2.1)
    .then_unmoved("EU-RUS");
}

#[test]
fn sanctions_are_not_felt_by_an_audience() {
    given([])
        .when(with(&sanctions(), &json!({"audience": "EU"})))
        .then_impact("EU-USA", -1.2)
        .then_equilibrium("EU-USA", 0.0);
}

#[test]
fn an_annexation_puts_an_occupation_in_force_that_its_audience_feels() {
    given([annexation()])
        .then_measure("crimea", "RUS", "UKR", InForce)
        .then_measure("crimea", "RUS", "USA", InForce)
        .then_equilibrium("RUS-UKR", -7.0)
        .then_equilibrium("RUS-USA", -2.0)
        .then_equilibrium("EU-RUS", -2.0);
}

#[test]
fn the_end_of_an_occupation_ends_it_for_the_audience_without_moving_it() {
    let scene = given([annexation()]).when(json!({
        "day": 180, "act": "occupation_ended", "source": "RUS", "target": "UKR", "measure": "crimea"
    }));
    scene
        .then_measure("crimea", "RUS", "UKR", Lifted)
        .then_measure("crimea", "RUS", "USA", Lifted)
        .then_equilibrium("RUS-UKR", 0.0)
        .then_equilibrium("RUS-USA", 0.0)
        .then_impact("RUS-USA", 0.0)
        // The audience waited under the occupation until then: -2 + (2 - 1.425) / 2.
        .then_temperature("RUS-USA", -1.7125);
    let (_, trace) = scene.replay();
    let reached: Vec<_> = trace[1].1.iter().map(|it| it.step.reach).collect();
    assert_eq!(reached, [Reach::Target, Reach::Measure, Reach::Measure]);
    // And it waits without it from then on: half of it is left.
    scene.on_day(360).then_temperature("RUS-USA", -0.85625);
}

#[test]
fn an_audience_feels_an_occupation_as_long_as_it_stands_against_any_target() {
    let ended = |target| json!({"act": "occupation_ended", "source": "RUS", "target": target, "measure": "crimea"});
    let scene = given([with(&annexation(), &json!({"target": "UKR GEO"}))]).when(ended("UKR"));
    scene
        .then_equilibrium("RUS-UKR", 0.0)
        .then_equilibrium("RUS-USA", -2.0)
        .then_unmoved("RUS-USA");
    scene.when(ended("GEO")).then_equilibrium("RUS-USA", 0.0);
}

#[test]
fn a_source_that_occupies_nobody_else_is_not_felt_as_an_occupier() {
    let scene = given([with(
        &annexation(),
        &json!({"source": "GEO UKR", "target": "UKR"}),
    )]);
    scene
        .then_measure("crimea", "GEO", "UKR", InForce)
        .then_measure("crimea", "GEO", "USA", InForce)
        .then_equilibrium("UKR-USA", 0.0);
}

#[test]
fn an_occupation_that_is_eased_counts_half_for_the_audience_too() {
    given([annexation()])
        .when(json!({
            "act": "statement", "source": "RUS", "target": "UKR",
            "measures": [{"id": "crimea", "kind": "occupation", "to": "eased"}]
        }))
        .then_equilibrium("RUS-UKR", -3.5)
        .then_equilibrium("RUS-USA", -1.0);
}

#[test]
fn any_event_may_carry_standing_measures_between_its_sources_and_targets() {
    given([])
        .when(json!({
            "act": "agreement", "source": "DEU FRA", "audience": "GBR", "stage": "signed",
            "measures": [{"id": "treaty", "kind": "alliance", "to": "in_force"}]
        }))
        .then_measure("treaty", "DEU", "FRA", InForce)
        .then_measure("treaty", "FRA", "DEU", InForce)
        .then_equilibrium("DEU-FRA", 3.0)
        .then_equilibrium("DEU-GBR", 0.0);
}

#[test]
fn the_equilibrium_is_the_baseline_and_the_sum_of_what_stands() {
    given([
        annexation(),
        sanctions(),
        json!({"act": "sanctions_imposed", "source": "RUS", "target": "USA", "id": "in-return"}),
    ])
    .with("baseline:RUS-USA", "1.5")
    .then_equilibrium("RUS-USA", 1.5 - 2.0 - 3.0 - 3.0);
}

#[test]
fn the_equilibrium_is_held_at_the_bound_while_more_stands_than_the_scale_has() {
    let scene = given([
        annexation(),
        json!({"act": "annexation", "source": "RUS", "target": "UKR", "id": "donbas"}),
        json!({"act": "sanctions_imposed", "source": "UKR", "target": "RUS", "id": "embargo"}),
    ]);
    // -7 - 7 - 3 = -17.
    scene.then_equilibrium("RUS-UKR", -10.0);
    // -7 - 3.
    let scene = scene.when(
        json!({"act": "occupation_ended", "source": "RUS", "target": "UKR", "measure": "donbas"}),
    );
    scene.then_equilibrium("RUS-UKR", -10.0);
    scene
        .when(json!({"act": "sanctions_lifted", "source": "UKR", "target": "RUS", "measure": "embargo"}))
        .then_equilibrium("RUS-UKR", -7.0);
}

#[test]
fn a_measure_counts_once_in_a_dyad_by_the_stronger_of_its_directions() {
    let scene = given([with(
        &sanctions(),
        &json!({"source": "RUS USA", "target": "RUS USA"}),
    )]);
    scene.then_equilibrium("RUS-USA", -3.0);
    // The other direction still stands in full, so that nothing is removed.
    let scene = scene.when(lifted());
    scene
        .then_equilibrium("RUS-USA", -3.0)
        .then_impact("RUS-USA", 0.0);
    scene
        .when(with(&lifted(), &json!({"source": "RUS", "target": "USA"})))
        .then_equilibrium("RUS-USA", 0.0)
        .then_impact("RUS-USA", 2.1);
}

#[test]
fn an_audience_that_becomes_a_target_of_the_same_occupation_counts_as_a_target_only() {
    given([annexation()])
        .when(json!({"act": "annexation", "source": "RUS", "target": "USA", "measure": "crimea"}))
        .then_equilibrium("RUS-USA", -7.0);
}

#[test]
fn a_measure_has_the_id_of_the_event_that_begins_it_or_one_of_its_own() {
    given([with(&sanctions(), &json!({"measure": "embargo"}))])
        .then_measure("embargo", "USA", "RUS", InForce)
        .then_measure("sanctions", "USA", "RUS", None);
}

#[test]
fn no_other_preset_has_spillover_or_standing_measures() {
    for preset in [Preset::GoldsteinDecay, Preset::Stock] {
        given([annexation()])
            .under(preset)
            .then_measure("crimea", "RUS", "UKR", InForce)
            .then_impact("RUS-USA", 0.0)
            .then_equilibrium("RUS-UKR", 0.0)
            .then_equilibrium("RUS-USA", 0.0);
    }
}

// Agenda and readouts.

#[test]
fn an_agenda_item_keeps_its_priority_who_raised_it_and_on_whose_word_it_stands() {
    let scene = given([json!({
        "act": "statement", "source": "USA", "target": "RUS",
        "agenda": [{"item": "terrorism", "to": "raised", "priority": "top"}]
    })]);
    scene
        .then_agenda("RUS-USA", "terrorism", Raised)
        .then_according_to("RUS-USA", "terrorism", None);
    let scene = scene.when(json!({
        "act": "call", "source": "RUS USA", "according_to": "RUS",
        "agenda": [{"item": "terrorism", "to": "agreed"}]
    }));
    scene
        .then_agenda("RUS-USA", "terrorism", Agreed)
        .then_according_to("RUS-USA", "terrorism", Some("RUS"));
    let topic = scene.topic("RUS-USA", "terrorism");
    assert_eq!(topic.priority, Some(Priority::Top));
    assert_eq!(topic.raised_by, [false, true]);
}

#[test]
fn a_stalled_item_may_be_raised_again_by_the_other_side() {
    let scene = given([agenda("visas", "raised"), agenda("visas", "stalled")]).when(json!({
        "act": "statement", "source": "RUS", "target": "USA",
        "agenda": [{"item": "visas", "to": "raised", "priority": "low"}]
    }));
    scene.then_agenda("RUS-USA", "visas", Raised);
    let topic = scene.topic("RUS-USA", "visas");
    assert_eq!(topic.raised_by, [true, false]);
    assert_eq!(topic.priority, Some(Priority::Low));
}

#[test]
fn an_agenda_item_moves_between_each_source_and_target_and_not_before_the_audience() {
    let scene = given([]).when(json!({
        "act": "call", "source": "DEU FRA USA", "audience": "RUS",
        "agenda": [{"item": "trade", "to": "in_progress"}]
    }));
    for dyad in ["DEU-FRA", "DEU-USA", "FRA-USA"] {
        scene.then_agenda(dyad, "trade", InProgress);
        assert_eq!(scene.topic(dyad, "trade").raised_by, [true, true]);
    }
    let (folded, _) = scene.replay();
    let audience = folded.world.find_dyad("RUS-USA".parse().unwrap()).unwrap();
    assert_eq!(folded.world.topics(audience), []);
}

#[test]
fn a_readout_says_what_it_mentions_and_omits_and_is_silent_on_the_rest() {
    let items = json!([{"item": "terrorism", "to": "agreed"}, {"item": "syria", "to": "raised"}]);
    let scene = given([with(&call(), &json!({"agenda": items}))]).when(json!({
        "act": "readout", "source": "USA", "target": "RUS", "of": "call",
        "mentions": ["terrorism"], "omits": ["sanctions"]
    }));
    scene
        .then_coverage("RUS-USA", "terrorism", [Silent, Mentioned])
        .then_coverage("RUS-USA", "sanctions", [Silent, Omitted])
        .then_coverage("RUS-USA", "syria", [Silent, Silent])
        .then_agenda("RUS-USA", "sanctions", None);
    let scene = scene.when(json!({
        "act": "readout", "source": "RUS", "target": "USA", "of": "call",
        "mentions": ["terrorism", "syria"], "omits": ["sanctions"]
    }));
    scene
        .then_coverage("RUS-USA", "terrorism", [Mentioned, Mentioned])
        .then_coverage("RUS-USA", "sanctions", [Omitted, Omitted])
        .then_coverage("RUS-USA", "syria", [Mentioned, Silent]);
    // The next readout of a side takes the place of its last.
    scene
        .when(with(&readout("call"), &json!({"mentions": ["syria"]})))
        .then_coverage("RUS-USA", "terrorism", [Mentioned, Silent])
        .then_coverage("RUS-USA", "sanctions", [Omitted, Silent])
        .then_coverage("RUS-USA", "syria", [Mentioned, Mentioned]);
}

#[test]
fn what_a_readout_moves_on_the_agenda_stands_on_the_word_of_its_source() {
    let moving = |to| json!({"agenda": [{"item": "syria", "to": to}]});
    let scene = given([call()]).when(with(&readout("call"), &moving("agreed")));
    scene.then_according_to("RUS-USA", "syria", Some("USA"));
    scene
        .when(with(&readout("call"), &moving("settled")))
        .then_agenda("RUS-USA", "syria", Settled)
        .then_according_to("RUS-USA", "syria", Some("USA"));
}

#[test]
fn a_held_meeting_has_readouts_too() {
    given([json!({"act": "meeting_held", "source": "RUS USA", "id": "helsinki"})])
        .when(with(&readout("helsinki"), &json!({"mentions": ["syria"]})))
        .then_coverage("RUS-USA", "syria", [Silent, Mentioned]);
}

// Meetings.

#[test]
fn a_meeting_goes_from_a_proposal_to_the_day_it_is_held() {
    let scene = given([summit("meeting_proposed")]);
    scene.then_meeting("summit", Proposed, None);
    let scene = scene.when(summit("meeting_planned"));
    scene.then_meeting("summit", Planned, None);
    let scene = scene.when(with(
        &summit("meeting_scheduled"),
        &json!({"scheduled_for": day(30)}),
    ));
    scene.then_meeting("summit", Scheduled, Some(30));
    scene
        .when(on(31, &summit("meeting_held")))
        .then_meeting("summit", Held, Some(30));
}

#[test]
fn a_meeting_that_is_put_off_loses_its_day_unless_it_gets_another() {
    let fixed = |act, days| with(&summit(act), &json!({"scheduled_for": day(days)}));
    let scene = given([fixed("meeting_scheduled", 30), summit("meeting_postponed")]);
    scene.then_meeting("summit", Postponed, None);
    let scene = scene.when(fixed("meeting_scheduled", 60));
    scene.then_meeting("summit", Scheduled, Some(60));
    let scene = scene.when(fixed("meeting_postponed", 90));
    scene.then_meeting("summit", Postponed, Some(90));
    scene
        .when(summit("meeting_cancelled"))
        .then_meeting("summit", Cancelled, Some(90));
}

#[test]
fn a_meeting_that_nobody_announced_is_held_under_the_id_of_its_event() {
    given([json!({"act": "meeting_held", "source": "RUS USA", "id": "helsinki"})])
        .then_meeting("helsinki", Held, None);
}

#[test]
fn a_meeting_that_changes_is_told_with_the_day_now_fixed_for_it() {
    let fixed = with(
        &summit("meeting_scheduled"),
        &json!({"scheduled_for": day(30)}),
    );
    let scene = given([fixed, on(30, &summit("meeting_held"))]);
    scene.then_meeting("summit", Held, Some(30));
    let (_, trace) = scene.replay();
    let told = trace[1].1[0].changes.last();
    let fixed_for = match told {
        Some(Change::Meeting { scheduled_for, .. }) => *scheduled_for,
        _ => panic!("{told:?}"),
    };
    assert_eq!(fixed_for, Some(day(30)));
}

// Phases.

#[test]
fn a_border_is_passed_only_beyond_the_hysteresis() {
    given([impact(-0.25)]).then_phase("RUS-USA", Normal);
    let passed = given([impact(-0.26)]);
    passed.then_phase("RUS-USA", Discord);
    passed
        .clone()
        .with("hysteresis_degrees", "0.3")
        .then_phase("RUS-USA", Normal);
    // -0.26 + 0.4 * (1 + 0.026) = 0.1504 is above the border, but not by 0.25.
    let back = passed.when(impact(0.4));
    back.then_temperature("RUS-USA", 0.1504)
        .then_phase("RUS-USA", Discord);
    // 0.1504 + 0.2 * (1 - 0.01504) = 0.347392 is.
    back.when(impact(0.2)).then_phase("RUS-USA", Normal);
}

#[test]
fn a_dyad_starts_in_the_phase_of_its_baseline() {
    for (baseline, phase) in [
        ("-9", Confrontation),
        ("-4", Tension),
        ("-1", Discord),
        ("0", Normal),
        ("5", Good),
        ("7", Friendly),
    ] {
        given([impact(0.0)])
            .with("baseline_degrees", baseline)
            .then_phase("RUS-USA", phase)
            .then_passages("RUS-USA", &[]);
    }
}

#[test]
fn borders_are_passed_one_by_one_on_the_day_of_an_event() {
    let passages = [
        (Normal, Discord, 7, false),
        (Discord, Tension, 7, false),
        (Tension, Confrontation, 7, false),
    ];
    given([on(7, &impact(-10.0))])
        .then_phase("RUS-USA", Confrontation)
        .then_passages("RUS-USA", &passages);
}

#[test]
fn a_border_that_waiting_passes_carries_the_day_on_which_it_was_passed() {
    // From -5 it is above -10/3 + 0.25 = -3.083333 once 2^(d/180) > 5 / 3.083333 = 1.621622, which
    // is for d > 180 * log2(1.621622) = 180 * 0.697438 = 125.54.
    let passages = [
        (Normal, Discord, 0, false),
        (Discord, Tension, 0, false),
        (Tension, Discord, 126, true),
    ];
    let scene = given([impact(-5.0)]);
    for (days, phase, passed) in [
        (0, Tension, 2),
        (125, Tension, 2),
        (126, Discord, 3),
        (400, Discord, 3),
    ] {
        let read = scene.clone().on_day(days);
        read.then_phase("RUS-USA", phase)
            .then_passages("RUS-USA", &passages[..passed]);
    }
    // It is the same day when an event ends the wait.
    scene
        .when(on(300, &call()))
        .then_passages("RUS-USA", &passages);
}

#[test]
fn each_border_of_a_long_wait_carries_its_own_day() {
    let alliances =
        ["a", "b", "c", "d"].map(|id| json!({"id": id, "kind": "alliance", "to": "in_force"}));
    // T = 10 - 20 * 2^(-d/180) is 0.25 above a border b once d > 180 * log2(20 / (9.75 - b)):
    // b = -6.666667: 180 * log2(1.218274) =  51.27
    // b = -3.333333: 180 * log2(1.528662) = 110.21
    // b =  0:        180 * log2(2.051282) = 186.57
    let passages = [
        (Normal, Discord, 0, false),
        (Discord, Tension, 0, false),
        (Tension, Confrontation, 0, false),
        (Confrontation, Tension, 52, true),
        (Tension, Discord, 111, true),
        (Discord, Normal, 187, true),
    ];
    given([with(&impact(-10.0), &json!({"measures": alliances}))])
        .on_day(190)
        .then_passages("RUS-USA", &passages);
}

#[test]
fn a_model_without_bounds_has_no_phases() {
    given([attack(), attack(), attack(), attack()])
        .under(Preset::GoldsteinDecay)
        .then_temperature("RUS-USA", -40.0)
        .then_phase("RUS-USA", None)
        .then_passages("RUS-USA", &[]);
}

// Time.

#[test]
fn reading_never_moves() {
    let scene = given([sanctions(), on(400, &call())]);
    let (whole, _) = scene.replay();
    let dyad = whole.world.find_dyad("RUS-USA".parse().unwrap()).unwrap();
    let model = Model::default();
    let read = |days| whole.state.relation_on(dyad, day(days), &model, |_| ());
    let first = read(500);
    assert_eq!(read(3000).temperature, read(3000).temperature);
    assert_eq!(read(500), first);
    assert_eq!(
        read(0),
        *whole.state.relation(dyad),
        "a day that is past changes nothing"
    );
}

#[test]
fn replaying_to_a_day_takes_in_its_events_and_leaves_the_state_as_they_did() {
    let scene = given([attack(), on(10, &attack())]);
    let (first, _) = given([attack()]).replay();
    for days in [0, 9] {
        let (folded, _) = scene.clone().on_day(days).replay();
        assert_eq!(folded.events, 1);
        assert_eq!(folded.day, Some(day(days)));
        assert_eq!(folded.state, first.state);
    }
    let (folded, _) = scene.on_day(10).replay();
    assert_eq!(folded.events, 2);
}

#[test]
fn a_late_event_takes_its_place_in_the_timeline() {
    // -3 on day 0 and half of it on day 180, then the call: -1.5 + 0.3 * 1.15 = -1.155; half of
    // that on day 360, then the attack: -0.5775 - 3 * (1 - 0.05775) = -3.40425.
    let scene = given([attack(), on(360, &attack())]).when(on(180, &call()));
    scene.then_temperature("RUS-USA", -3.40425);
    let (_, trace) = scene.replay();
    let order: Vec<_> = trace.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(order, [1, 3, 2]);
}

#[test]
fn a_late_event_that_was_retracted_counts_for_nothing_and_other_late_ones_do() {
    let wrong = on(180, &with(&call(), &json!({"id": "wrong"})));
    let scene = given([attack(), on(360, &attack()), wrong, on(200, &call())]);
    let scene = scene.when_retracted("wrong", false);
    scene.then_legal();
    let (_, trace) = scene.replay();
    let order: Vec<_> = trace.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(order, [1, 4, 2]);
}

#[test]
fn events_of_a_day_stay_in_the_order_of_the_log() {
    let days = [5, 9, 5, 9, 5];
    let (_, trace) = given(days.map(|days| on(days, &attack()))).replay();
    let order: Vec<_> = trace.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(order, [1, 3, 5, 2, 4]);
}

#[test]
fn a_retracted_event_no_longer_counts() {
    given([call(), attack(), retraction("call")])
        .then_temperature("RUS-USA", -3.0)
        .then_lines(3);
    given([])
        .when_all([call(), attack(), retraction("call")])
        .then_temperature("RUS-USA", -3.0)
        .then_lines(3);
}

#[test]
fn a_retracted_event_counts_until_the_day_on_which_its_retraction_was_recorded() {
    let scene = given([call(), on(20, &retraction("call")), attack()]);
    scene
        .clone()
        .known_on_day(19)
        .then_temperature("RUS-USA", 0.3);
    scene.known_on_day(20).then_temperature("RUS-USA", -3.0);
}

#[test]
fn what_was_known_on_a_day_is_a_prefix_of_the_log() {
    // The attack of day 5 was known at once, the call of day 0 only on day 10.
    let scene = given([
        on(5, &attack()),
        with(&on(0, &call()), &json!({"recorded": day(10)})),
    ]);
    for (days, known) in [(4, 0), (5, 1), (9, 1), (10, 2)] {
        let (folded, _) = scene.clone().known_on_day(days).replay();
        assert_eq!(folded.events, known);
    }
}

// What is illegal: measures.

#[test]
fn only_what_was_in_force_is_eased_or_lifted() {
    for event in [eased(), lifted()] {
        given([])
            .when(event)
            .then_refused("the measure `sanctions` was never in force by USA against RUS");
    }
    given([])
        .when(json!({"act": "occupation_ended", "source": "RUS", "target": "UKR", "measure": "crimea"}))
        .then_refused("the measure `crimea` was never in force by RUS against UKR");
}

#[test]
fn a_measure_that_never_was_comes_with_those_that_were() {
    given([sanctions()])
        .when(with(&lifted(), &json!({"measure": "embargo"})))
        .then_refused(
            "the measure `embargo` was never in force by USA against RUS; \
             the measures in RUS-USA are `sanctions`",
        );
}

#[test]
fn a_measure_is_lifted_by_its_source_from_its_targets() {
    let scene = given([sanctions()]);
    scene
        .clone()
        .when(with(&lifted(), &json!({"source": "RUS", "target": "USA"})))
        .then_refused("the measure `sanctions` was never in force by RUS against USA");
    scene
        .when(with(&lifted(), &json!({"target": "RUS BLR"})))
        .then_refused("the measure `sanctions` was never in force by USA against BLR");
}

#[test]
fn what_a_measure_of_ones_own_counts_has_a_reason_and_bounds_and_so_has_a_strength() {
    let event = |own: Value| {
        let entry = json!({"id": "feud", "kind": "own", "to": "in_force"});
        let stated = json!({"act": "statement", "source": "USA", "target": "RUS"});
        with(&stated, &json!({"measures": [with(&entry, &own)]}))
    };
    let no_degrees = |found: &str| {
        format!("`degrees` is {found}, expected a number from -10 to 10 that is not 0")
    };
    let no_strength = |found: &str| {
        format!(
            "`strength` is {found}, expected a number above 0 and at most 10; an act such as \
             `sanctions_lifted` ends a measure"
        )
    };
    for (own, says) in [
        (
            json!({"degrees": 1}),
            "`degrees` needs `reason` beside it".into(),
        ),
        (
            json!({"reason": "so"}),
            "`reason` needs `degrees` beside it".into(),
        ),
        (json!({"degrees": 0, "reason": "so"}), no_degrees("0")),
        (json!({"degrees": 10.5, "reason": "so"}), no_degrees("10.5")),
        (
            json!({"degrees": -10.5, "reason": "so"}),
            no_degrees("-10.5"),
        ),
        (json!({"strength": 0}), no_strength("0")),
        (json!({"strength": -1}), no_strength("-1")),
        (json!({"strength": 10.5}), no_strength("10.5")),
    ] {
        given([]).when(event(own)).then_refused(&says);
    }
    for own in [
        json!({"degrees": -10, "reason": "so"}),
        json!({"degrees": 10, "reason": "so", "strength": 10}),
        json!({"degrees": 0.1, "reason": "so", "strength": 0.1}),
    ] {
        given([]).when(event(own)).then_legal();
    }
}

#[test]
fn a_measure_is_eased_to_less_widened_to_more_and_put_in_force_once() {
    let at = |event: &Value, strength: f64| with(event, &json!({"strength": strength}));
    let widened = with(&reimposed(), &json!({"act": "sanctions_widened"}));
    let scene = given([at(&sanctions(), 0.5)]);
    let stands = "the measure `sanctions` stands at 0.5 by USA against RUS";
    for strength in [0.5, 0.75] {
        scene
            .clone()
            .when(at(&eased(), strength))
            .then_refused(&format!(
                "{stands} and cannot be eased to {strength}; an easing leaves less than stands; \
             `sanctions_widened` tightens"
            ));
    }
    for strength in [0.5, 0.25] {
        scene
            .clone()
            .when(at(&widened, strength))
            .then_refused(&format!(
                "{stands} and cannot be widened to {strength}; a widening leaves more than stands; \
             `sanctions_eased` loosens"
            ));
    }
    scene
        .clone()
        .when(at(&reimposed(), 0.25))
        .then_refused(&format!(
            "{stands} and cannot be put in force at 0.25; `sanctions_eased` loosens"
        ));
    scene.clone().when(at(&reimposed(), 0.5)).then_refused(
        "the measure `sanctions` is eased by USA against RUS and cannot be put in force again; \
         a further round under it is `sanctions_widened`",
    );
    for legal in [
        at(&eased(), 0.25),
        at(&widened, 0.75),
        at(&reimposed(), 0.75),
    ] {
        scene.clone().when(legal).then_legal();
    }
    given([sanctions(), lifted()]).when(widened).then_refused(
        "the measure `sanctions` is lifted by USA against RUS and cannot become widened",
    );
}

#[test]
fn a_measure_goes_only_where_it_can() {
    let steps = [
        ("in_force", reimposed()),
        ("eased", eased()),
        ("lifted", lifted()),
    ];
    for (from, legal) in [
        ("in_force", &["eased", "lifted"][..]),
        // Eased once more is eased further.
        ("eased", &["in_force", "eased", "lifted"]),
        ("lifted", &["in_force"]),
    ] {
        let before = steps
            .iter()
            .filter(|(to, _)| *to == from && from != "in_force");
        let scene = given(
            [sanctions()]
                .into_iter()
                .chain(before.map(|(_, event)| event.clone())),
        );
        for (to, event) in &steps {
            let scene = scene.clone().when(event.clone());
            if legal.contains(to) {
                scene.then_legal();
            } else {
                let turn = match *to {
                    "in_force" => {
                        "be put in force again; a further round under it is `sanctions_widened`"
                    }
                    "eased" => "become eased",
                    _ => "become lifted",
                };
                let from = from.replace('_', " ");
                scene.then_refused(&format!(
                    "the measure `sanctions` is {from} by USA against RUS and cannot {turn}"
                ));
            }
        }
    }
}

#[test]
fn a_measure_keeps_its_kind() {
    let scene = given([sanctions()]);
    scene
        .clone()
        .when(
            json!({"act": "annexation", "source": "USA", "target": "RUS", "measure": "sanctions"}),
        )
        .then_refused(
            "the measure `sanctions` is of the kind sanctions, not occupation; \
             `sanctions_lifted` ends sanctions",
        );
    let alliance = json!([{"id": "sanctions", "kind": "alliance", "to": "in_force"}]);
    scene
        .when(with(&signed(), &json!({"measures": alliance})))
        .then_refused(
            "the measure `sanctions` is of the kind sanctions, not alliance; \
             `sanctions_lifted` ends sanctions",
        );
}

#[test]
fn an_event_changes_a_measure_once() {
    let twice = json!([{"id": "sanctions", "kind": "sanctions", "to": "lifted"}]);
    let scene = given([sanctions()]).when(with(&eased(), &json!({"measures": twice})));
    assert!(scene.refusal().contains("sanctions"));
}

#[test]
fn what_moves_between_source_and_target_needs_both() {
    let change = json!({"act": "leader_change", "source": "USA"});
    let lifting = json!([{"id": "none", "kind": "sanctions", "to": "lifted"}]);
    let settling = json!([{"item": "none", "to": "settled"}]);
    for fields in [json!({"measures": lifting}), json!({"agenda": settling})] {
        let scene = given([]).when(with(&change, &fields));
        assert!(!scene.refusal().is_empty());
    }
}

// What is illegal: the agenda.

const AGENDA: &str = "raised -> agreed -> in_progress -> settled; stalled or dropped from any open status; \
                      a settled or dropped item may be raised again";

#[test]
fn what_nobody_raised_cannot_be_settled_stalled_or_dropped() {
    for to in ["raised", "agreed", "in_progress"] {
        given([]).when(agenda("visas", to)).then_legal();
    }
    for to in ["settled", "stalled", "dropped"] {
        given([]).when(agenda("visas", to)).then_refused(&format!(
            "nobody raised `visas` in RUS-USA, so it cannot become {to}; {AGENDA}"
        ));
    }
}

#[test]
fn what_only_a_readout_mentions_nobody_raised() {
    given([
        call(),
        with(&readout("call"), &json!({"mentions": ["visas"]})),
    ])
    .when(agenda("visas", "settled"))
    .then_refused(&format!(
        "nobody raised `visas` in RUS-USA, so it cannot become settled; {AGENDA}"
    ));
}

#[test]
fn an_agenda_item_goes_forward_stalls_or_is_dropped_and_nothing_else() {
    let all = [
        "raised",
        "agreed",
        "in_progress",
        "settled",
        "stalled",
        "dropped",
    ];
    for (from, legal) in [
        (
            "raised",
            &["agreed", "in_progress", "settled", "stalled", "dropped"][..],
        ),
        ("agreed", &["in_progress", "settled", "stalled", "dropped"]),
        ("in_progress", &["settled", "stalled", "dropped"]),
        (
            "stalled",
            &["raised", "agreed", "in_progress", "settled", "dropped"],
        ),
        ("settled", &["raised"]),
        ("dropped", &["raised"]),
    ] {
        let after = (from != "raised").then(|| agenda("visas", from));
        let scene = given([agenda("visas", "raised")].into_iter().chain(after));
        for to in all {
            let scene = scene.clone().when(agenda("visas", to));
            if legal.contains(&to) {
                scene.then_legal();
            } else {
                let [from, to] = [from, to].map(|status| status.replace('_', " "));
                scene.then_refused(&format!(
                    "the agenda item `visas` of RUS-USA is {from} and cannot become {to}; {AGENDA}"
                ));
            }
        }
    }
}

// What is illegal: meetings.

const MEETING: &str = "proposed -> planned -> scheduled -> held; postponed or cancelled until it is held; \
                       a cancelled one may be announced again";

#[test]
fn a_meeting_goes_forward_falls_through_or_is_put_off_and_nothing_else() {
    let all = [
        "proposed",
        "planned",
        "scheduled",
        "held",
        "postponed",
        "cancelled",
    ];
    for (from, legal) in [
        (
            "proposed",
            &["planned", "scheduled", "held", "postponed", "cancelled"][..],
        ),
        ("planned", &["scheduled", "held", "postponed", "cancelled"]),
        ("scheduled", &["held", "postponed", "cancelled"]),
        ("postponed", &all),
        ("held", &[]),
        ("cancelled", &["proposed", "planned", "scheduled"]),
    ] {
        let after = (from != "proposed").then(|| summit(&format!("meeting_{from}")));
        let scene = given([summit("meeting_proposed")].into_iter().chain(after));
        for to in all {
            let scene = scene.clone().when(summit(&format!("meeting_{to}")));
            if legal.contains(&to) {
                scene.then_legal();
            } else {
                scene.then_refused(&format!(
                    "the meeting `summit` is {from} and cannot become {to}; {MEETING}"
                ));
            }
        }
    }
}

#[test]
fn a_meeting_that_nobody_announced_cannot_be_held_put_off_or_called_off() {
    for act in ["meeting_held", "meeting_postponed", "meeting_cancelled"] {
        given([]).when(summit(act)).then_refused(
            "there is no meeting `summit` yet; \
             a meeting has the id of the event that first announced it, or the `meeting` given there",
        );
    }
    given([])
        .when(with(&summit("meeting_cancelled"), &json!({"id": "summit"})))
        .then_refused(&format!(
            "the meeting `summit` is not announced and cannot become cancelled; {MEETING}"
        ));
}

#[test]
fn a_meeting_cannot_be_fixed_for_a_day_before_the_event() {
    let fixed = |act, days| with(&on(10, &summit(act)), &json!({"scheduled_for": day(days)}));
    for act in ["meeting_proposed", "meeting_planned", "meeting_scheduled"] {
        given([]).when(fixed(act, 10)).then_legal();
        given([]).when(fixed(act, 9)).then_refused(
            "the meeting `summit` cannot be fixed for 2017-01-10, a day before the event",
        );
    }
}

// What is illegal: readouts, causes and ids.

#[test]
fn a_readout_needs_a_conversation_that_has_happened() {
    let not_yet = "there was no call or meeting `call` yet";
    given([]).when(readout("call")).then_refused(not_yet);
    given([on(5, &call())])
        .when(on(4, &readout("call")))
        .then_refused(not_yet);
    given([call(), retraction("call")])
        .when(readout("call"))
        .then_refused(not_yet);
    given([call()])
        .when(readout("calls"))
        .then_refused("there was no call or meeting `calls` yet; did you mean `call`?");
}

#[test]
fn a_readout_is_of_a_call_or_a_held_meeting_and_of_nothing_else() {
    let help = "`of` names the event of the call, or the `meeting_held` event";
    given([sanctions()])
        .when(readout("sanctions"))
        .then_refused(&format!(
            "`sanctions` is sanctions_imposed, not a call or a held meeting; {help}"
        ));
    given([with(&summit("meeting_planned"), &json!({"id": "plan"}))])
        .when(readout("plan"))
        .then_refused(&format!(
            "`plan` is meeting_planned, not a call or a held meeting; {help}"
        ));
}

#[test]
fn a_readout_is_given_by_and_to_those_who_took_part() {
    for (source, target) in [("DEU", "RUS"), ("USA", "DEU")] {
        given([call()])
            .when(with(
                &readout("call"),
                &json!({"source": source, "target": target}),
            ))
            .then_refused("DEU took no part in `call`; those who did are RUS, USA");
    }
}

#[test]
fn an_effect_needs_a_cause_that_has_happened() {
    let caused_by = |id| with(&attack(), &json!({"caused_by": id}));
    given([call()]).when(caused_by("call")).then_legal();
    given([call()])
        .when(caused_by("nothing"))
        .then_refused("the cause `nothing` is not an event of this history");
    given([call()])
        .when(caused_by("calls"))
        .then_refused("the cause `calls` is not an event of this history; did you mean `call`?");
    given([call(), retraction("call")])
        .when(caused_by("call"))
        .then_refused("the cause `call` was retracted");
}

#[test]
fn an_effect_has_the_date_of_its_cause_or_a_later_one() {
    let effect = with(&attack(), &json!({"caused_by": "call"}));
    let too_late = "the cause `call` comes only later, on 2017-01-06; \
                    an effect has the date of its cause or a later one";
    given([on(5, &call())])
        .when(on(4, &effect))
        .then_refused(too_late);
    given([on(5, &call())]).when(on(5, &effect)).then_legal();
    // Within a day it stands behind it in the log.
    given([]).when_all([on(5, &effect), call()]).then_refused(
        "the cause `call` comes only later on the same day, 2017-01-06; \
             within a day events stand in the order of the log: append the cause first",
    );
}

#[test]
fn an_id_is_used_once() {
    let text = br#"{"id":"again","date":"2017-01-01","source":["USA"],"act":"leader_change"}"#;
    let written = read_written(text).unwrap();
    let mut world = World::new();
    let event = compile(&written[0].record, &mut world);
    let id = event.id.unwrap();
    let (state, mut facts) = (State::default(), Facts::default());
    assert_eq!(decide(&state, &facts, &world, &event, day(0)), Ok(()));
    facts.note(id, Fact::Happened(day(0)));
    let rejection = decide(&state, &facts, &world, &event, day(0)).unwrap_err();
    assert_eq!(rejection, Rejection::IdUsedTwice(id));
    let refusal = rejection.tell(&world);
    assert_eq!(refusal.says, "the id `again` is used twice");
    assert_eq!(
        refusal.help.as_deref(),
        Some("give the event an id of its own")
    );
}

// What is illegal: in a log.

#[test]
fn the_very_same_event_again_is_no_news_and_another_of_its_id_is_refused() {
    let another = with(&call(), &json!({"minutes": 60}));
    let scene = given([call(), attack()]);
    scene.clone().when(call()).then_legal().then_lines(2);
    scene.when(another.clone()).then_refused(
        "this is `call`, line 1 of the log, in all but `minutes`; where this mends that event: \
         retract it, and append it under another id, as `call-2`, or, while the log is yours \
         alone, remove the log and append everything anew; else give it an id of its own",
    );
    given([])
        .when_all([call(), call()])
        .then_legal()
        .then_lines(1);
    given([]).when_all([call(), another]).then_refused(
        "the id `call` stands twice, for two different events; give one of the two another id",
    );
}

#[test]
fn retractions_and_retracted_ids_are_final() {
    let scene = given([call(), with(&retraction("call"), &json!({"id": "no-call"}))]);
    for event in [call(), retraction("call")] {
        scene.clone().when(event).then_refused(
            "the event `call` was retracted, and that is final; where it is to count \
             again, give it another id, as `call-2`",
        );
    }
    scene
        .when(retraction("no-call"))
        .then_refused("`no-call` is a retraction, and those are final");
    given([call()])
        .when(retraction("cal"))
        .then_refused("there is no event `cal` to retract; did you mean `call`?");
}

#[test]
fn what_hangs_on_an_event_keeps_it_or_goes_with_it() {
    let scene = given([
        call(),
        with(&readout("call"), &json!({"id": "readout"})),
        with(&attack(), &json!({"id": "attack", "caused_by": "call"})),
        with(&attack(), &json!({"caused_by": "readout"})),
        json!({"act": "diplomats_expelled", "source": "USA", "target": "RUS"}),
    ]);
    let refusal = scene.clone().when_retracted("call", false);
    let refusal: Vec<_> = refusal.refusal().lines().collect();
    assert_eq!(refusal.len(), 3);
    assert_eq!(
        refusal[..2],
        [
            "`readout` of 2017-01-01 would become illegal: there was no call or meeting `call` yet; \
             retract it first, or with it",
            "`attack` of 2017-01-01 would become illegal: the cause `call` was retracted; \
             retract it first, or with it",
        ]
    );
    // Only the expulsion of the diplomats is left.
    scene
        .when_retracted("call", true)
        .then_temperature("RUS-USA", -2.1)
        .then_lines(9);
}

#[test]
fn a_late_event_is_refused_if_what_comes_after_it_becomes_illegal() {
    let lifting = with(&on(20, &lifted()), &json!({"id": "lifting"}));
    given([sanctions(), lifting])
        .when(on(10, &lifted()))
        .then_refused(
            "`lifting` of 2017-01-21 would become illegal: \
             the measure `sanctions` is lifted by USA against RUS and cannot become lifted; \
             give the new event another date, or retract this one first",
        );
}

#[test]
fn a_batch_is_taken_as_a_whole_and_decided_in_the_order_of_its_dates() {
    given([])
        .when_all([on(10, &lifted()), on(5, &sanctions())])
        .then_legal()
        .then_lines(2);
    given([])
        .when_all([call(), readout("none")])
        .then_refused("there was no call or meeting `none` yet");
}

#[test]
fn an_illegal_event_of_a_batch_is_not_called_retracted_where_others_name_it() {
    let scene = given([]).when_all([
        with(&lifted(), &json!({"id": "lifting"})),
        with(&call(), &json!({"caused_by": "lifting"})),
    ]);
    assert!(
        !scene.refusal().contains("retracted"),
        "{}",
        scene.refusal()
    );
}

#[test]
fn the_day_of_recording_never_goes_back() {
    given([on(10, &call())])
        .when(with(&on(3, &attack()), &json!({"recorded": day(9)})))
        .then_refused(
            "recorded on 2017-01-10, but the log's last event on 2017-01-11; \
             `recorded` never decreases; take it out of this event",
        );
}

// Form.

/// What reading some events says. They are written with `'` for `"`, and `^` marks the place that
/// each message is to name, in order; fields that do not begin with a brace get an id, a date and
/// braces.
#[track_caller]
fn refuses(marked: &str, messages: &[&str]) {
    let marked = match marked.strip_prefix(['{', '^']) {
        None => format!("{{'id':'e','date':'2017-01-28',{marked}}}"),
        Some(_) => marked.to_owned(),
    };
    let text = marked.replace('^', "").replace('\'', "\"");
    let places = marked.match_indices('^').map(|(at, _)| {
        let before = marked[..at].replace('^', "");
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (
            before.matches('\n').count() + 1,
            before[line_start..].chars().count() + 1,
        )
    });
    let expected = places
        .zip(messages)
        .map(|((line, column), message)| format!("line {line}, column {column}: {message}"));
    let error = read_written(text.as_bytes()).expect_err("the event has the right form");
    assert_eq!(
        error.to_string(),
        expected.collect::<Vec<_>>().join("\n"),
        "{text}"
    );
}

#[track_caller]
fn takes(fields: &str) {
    let text = format!("{{'id':'e','date':'2017-01-28',{fields}}}").replace('\'', "\"");
    if let Err(error) = read_written(text.as_bytes()) {
        panic!("{error}");
    }
}

#[test]
fn an_event_needs_an_id_a_date_and_an_act() {
    refuses(
        "^^^{}",
        &[
            "an event needs `id`",
            "an event needs `date`",
            "an event needs `act`",
        ],
    );
    refuses(
        "^{'id':'e','act':'leader_change','source':['USA']}",
        &["an event needs `date`"],
    );
}

#[test]
fn an_act_needs_its_fields() {
    const DIRECTED: &str = "'source':['USA'],'target':['RUS']";
    const MUTUAL: &str = "'source':['RUS','USA'],'target':['RUS','USA']";
    for (act, others, field) in [
        ("occupation_ended", DIRECTED, "measure"),
        ("sanctions_eased", DIRECTED, "measure"),
        ("sanctions_lifted", DIRECTED, "measure"),
        ("readout", DIRECTED, "of"),
        ("coded", DIRECTED, "code"),
        ("agreement", MUTUAL, "stage"),
        ("meeting_postponed", MUTUAL, "meeting"),
        ("meeting_cancelled", MUTUAL, "meeting"),
        ("retraction", "'title':'t'", "retracts"),
        ("leader_change", "'title':'t'", "source"),
        ("statement", "'target':['USA']", "source"),
        ("attack", "'target':['USA']", "source"),
        ("attack", "'source':['USA']", "target"),
        ("call", "'source':['RUS','USA']", "target"),
    ] {
        refuses(
            &format!("'act':^'{act}',{others}"),
            &[&format!("the act {act} needs `{field}`")],
        );
    }
}

#[test]
fn a_field_that_does_not_belong_to_the_act_is_refused_with_those_it_belongs_to() {
    let announced = "meeting_proposed, meeting_planned, meeting_scheduled";
    for (field, value, acts) in [
        ("code", "'041'", "coded"),
        ("tone", "'neutral'", "statement"),
        ("stage", "'signed'", "agreement, exercise_suspended"),
        ("minutes", "60", "call, meeting_held, visit"),
        ("number", "35", "diplomats_expelled"),
        ("of", "'call'", "readout"),
        ("mentions", "['a']", "readout"),
        ("omits", "['a']", "readout"),
        ("place", "'away'", "visit"),
        ("result", "'agreed'", "meeting_held"),
        ("matter", "'aid'", "offer, demand, refusal, appeal"),
        ("area", "'economic'", "cooperation"),
        ("kind", "'tariffs'", "sanctions_imposed, agreement"),
        (
            "strength",
            "0.5",
            "annexation, occupation_begun, occupation_reduced, sanctions_imposed, sanctions_widened, \
             sanctions_eased, agreement, treaty_left, blockade_imposed",
        ),
        ("names", "{'RUS':'Russia'}", "describes"),
        (
            "meeting",
            "'m'",
            &format!("{announced}, meeting_held, meeting_postponed, meeting_cancelled"),
        ),
        (
            "scheduled_for",
            "'2017-07-07'",
            &format!("{announced}, meeting_postponed"),
        ),
        ("retracts", "'e'", "retraction"),
    ] {
        refuses(
            &format!("'act':'attack',^'{field}':{value},'source':['USA'],'target':['RUS']"),
            &[&format!(
                "`{field}` does not belong to the act attack; it belongs to {acts}"
            )],
        );
    }
    // What an attack may have itself.
    for (field, value, acts) in [
        ("means", "'air'", "threat, attack"),
        (
            "measure",
            "'m'",
            "annexation, occupation_begun, occupation_reduced, occupation_ended, sanctions_imposed, \
             sanctions_widened, sanctions_eased, sanctions_lifted, agreement, treaty_left, \
             relations_broken, relations_resumed, blockade_imposed, blockade_ended, attack, \
             ceasefire, ceasefire_violated",
        ),
    ] {
        refuses(
            &format!("'act':'letter',^'{field}':{value},'source':['USA'],'target':['RUS']"),
            &[&format!(
                "`{field}` does not belong to the act letter; it belongs to {acts}"
            )],
        );
    }
}

#[test]
fn a_retraction_has_no_parties_and_no_effects() {
    for (field, value) in [
        ("source", "['USA']"),
        ("target", "['USA']"),
        ("audience", "['USA']"),
        ("weight", "1"),
        ("measures", "[{'id':'m','kind':'sanctions','to':'lifted'}]"),
        ("agenda", "[{'item':'a','to':'raised'}]"),
        ("caused_by", "'c'"),
    ] {
        refuses(
            &format!("'act':'retraction','retracts':'r',^'{field}':{value}"),
            &[&format!("`{field}` does not belong to the act retraction")],
        );
    }
}

#[test]
fn those_who_act_together_are_both_source_and_target_or_two_sides() {
    for act in [
        "call",
        "meeting_proposed",
        "meeting_planned",
        "meeting_scheduled",
        "meeting_held",
    ] {
        refuses(
            &format!("'act':'{act}','source':['EU','USA'],'target':^['RUS','EU']"),
            &[&format!(
                "the sides of {act} have EU in common, but not all their actors; \
                 name the same actors as source and as target, or two sides without a common actor"
            )],
        );
        refuses(
            &format!("'act':'{act}','source':['USA'],'target':^['USA']"),
            &[&format!(
                "the act {act} takes two or more actors, all of them as source and as target, \
                 or two sides"
            )],
        );
        takes(&format!(
            "'act':'{act}','source':['RUS','USA'],'target':['USA','RUS']"
        ));
        takes(&format!(
            "'act':'{act}','source':['EU','USA'],'target':['RUS']"
        ));
    }
}

#[test]
fn an_actor_does_not_act_on_itself() {
    refuses(
        "'act':'attack','source':['USA'],'target':^['USA']",
        &["USA is both source and target of attack"],
    );
}

const NAME: &str = "a name begins with a letter and goes on with letters, digits, `-`, `_`, `.` or `@`, up to 200 in all";

#[test]
fn a_name_has_letters_digits_and_a_few_marks() {
    let caused_by =
        |id: &str| format!("'act':'leader_change','source':['USA'],'caused_by':^'{id}'");
    for bad in ["two words", "2nd", "Größe", "-", "a/b"] {
        refuses(
            &caused_by(bad),
            &[&format!("`{bad}` is not a name; {NAME}")],
        );
    }
    refuses(
        &caused_by(""),
        &[&format!("a name cannot be empty; {NAME}")],
    );
    takes(&caused_by("Rule-7_b.c@trigger").replace('^', ""));
    let longest = "n".repeat(NAME_LIMIT);
    takes(&caused_by(&longest).replace('^', ""));
    let shown = "n".repeat(80);
    refuses(
        &caused_by(&format!("{longest}n")),
        &[&format!("`{shown}…` is not a name; {NAME}")],
    );
}

#[test]
fn every_name_of_an_event_is_looked_at() {
    for fields in [
        "'act':'attack','caused_by':^'?'",
        "'act':'sanctions_lifted','measure':^'?'",
        "'act':'readout','of':^'?'",
        "'act':'readout','of':'c','mentions':[^'?']",
        "'act':'readout','of':'c','omits':[^'?']",
        "'act':'attack','measures':[{'kind':'sanctions','to':'eased','id':^'?'}]",
        "'act':'attack','agenda':[{'to':'raised','item':^'?'}]",
    ] {
        let event = format!("{fields},'source':['USA'],'target':['RUS']");
        refuses(&event, &[&format!("`?` is not a name; {NAME}")]);
    }
    for event in [
        "{'id':^'?','date':'2017-01-28','act':'leader_change','source':['USA']}",
        "'act':'meeting_held','source':['RUS','USA'],'target':['RUS','USA'],'meeting':^'?'",
        "'act':'retraction','retracts':^'?'",
    ] {
        refuses(event, &[&format!("`?` is not a name; {NAME}")]);
    }
}

#[test]
fn nothing_stands_twice_in_a_list() {
    let agenda = "'agenda':[{'item':'a','to':'raised'},{'item':^'a','to':'agreed'}]";
    let measures = "'measures':[{'id':'a','kind':'alliance','to':'eased'},{'id':^'a','kind':'alliance','to':'lifted'}]";
    for (event, says) in [
        (
            "'act':'attack','source':['USA',^'USA'],'target':['RUS']",
            "`USA` stands twice in `source`",
        ),
        (
            "'act':'attack','source':['USA'],'target':['RUS',^'RUS']",
            "`RUS` stands twice in `target`",
        ),
        (
            "'act':'statement','source':['USA'],'audience':['EU',^'EU']",
            "`EU` stands twice in `audience`",
        ),
        (
            "'act':'readout','of':'c','source':['USA'],'target':['RUS'],'mentions':['a',^'a']",
            "`a` stands twice in `mentions`",
        ),
        (
            "'act':'readout','of':'c','source':['USA'],'target':['RUS'],'omits':['a',^'a']",
            "`a` stands twice in `omits`",
        ),
        (
            &format!("'act':'statement','source':['USA'],'target':['RUS'],{agenda}"),
            "`a` stands twice in `agenda`",
        ),
        (
            &format!("'act':'statement','source':['USA'],'target':['RUS'],{measures}"),
            "`a` stands twice in `measures`",
        ),
    ] {
        refuses(event, &[says]);
    }
}

#[test]
fn a_readout_mentions_an_item_or_omits_it() {
    refuses(
        "'act':'readout','of':'c','source':['USA'],'target':['RUS'],'mentions':['b','a'],'omits':[^'a']",
        &["an event has either `mentions` or `omits`, not both"],
    );
}

#[test]
fn weights_and_impacts_stay_on_the_scale() {
    for number in ["10.5", "-11"] {
        refuses(
            &format!("'act':'leader_change','source':['USA'],'weight':^{number}"),
            &[&format!(
                "`weight` is {number}, but must lie between -10 and 10"
            )],
        );
        refuses(
            &format!("'act':'leader_change','source':['USA'],'impact':^{number},'reason':'r'"),
            &[&format!(
                "`impact` is {number}, but must lie between -10 and 10"
            )],
        );
    }
    takes("'act':'leader_change','source':['USA'],'weight':-10");
}

#[test]
fn an_event_has_a_weight_or_an_impact_of_its_own_and_an_impact_has_a_reason() {
    refuses(
        "'act':'leader_change','source':['USA'],'impact':1,'weight':^1,'reason':'r'",
        &["an event has either `weight` or `impact`, not both"],
    );
    refuses(
        "'act':'leader_change','source':['USA'],'impact':^1",
        &["`impact` needs `reason` beside it"],
    );
    refuses(
        "'act':'leader_change','source':['USA'],'reason':^'r'",
        &["`reason` needs `impact` or `weight` beside it"],
    );
}

#[test]
fn lists_have_their_limits() {
    let codes = ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| format!("'X{a}{b}'")));
    let actors: Vec<_> = codes.take(ACTOR_LIMIT + 1).collect();
    takes(&format!(
        "'act':'leader_change','source':[{}]",
        actors[1..].join(",")
    ));
    refuses(
        &format!("'act':'leader_change','source':^[{}]", actors.join(",")),
        &["`source` has 65 entries; there may be up to 64"],
    );
    for (field, entry, act) in [
        ("agenda", "{'item':'a','to':'raised'}", "'attack'"),
        (
            "measures",
            "{'id':'a','kind':'sanctions','to':'eased'}",
            "'attack'",
        ),
        ("evidence", "{'document':'a'}", "'attack'"),
        ("mentions", "'a'", "'readout','of':'c'"),
        ("omits", "'a'", "'readout','of':'c'"),
    ] {
        let limit = if field == "measures" {
            MEASURE_LIMIT
        } else {
            ENTRY_LIMIT
        };
        let entries = vec![entry; limit + 1].join(",");
        refuses(
            &format!("'act':{act},'source':['USA'],'target':['RUS'],'{field}':^[{entries}]"),
            &[&format!(
                "`{field}` has {} entries; there may be up to {limit}",
                limit + 1
            )],
        );
    }
}

#[test]
fn an_unknown_act_field_or_word_comes_with_its_near_miss() {
    refuses(
        "'act':^'sanction_imposed','source':['USA'],'target':['RUS']",
        &["unknown name `sanction_imposed`; did you mean `sanctions_imposed`?"],
    );
    refuses(
        "'act':'leader_change','source':['USA'],^'tilte':'t'",
        &["unknown field `tilte`; did you mean `title`?"],
    );
    refuses(
        "'act':'statement','source':['USA'],'tone':^'critcal'",
        &["unknown name `critcal`; did you mean `critical`?"],
    );
    refuses(
        "'act':'agreement','source':['RUS','USA'],'target':['RUS','USA'],'stage':^'oral'",
        &["unknown name `oral`; expected one of in_principle, signed, adopted, ratified, in_force"],
    );
    refuses(
        "'act':'leader_change','source':['USA'],'agenda':[{'item':'a','to':^'setled'}]",
        &["unknown name `setled`; did you mean `settled`?"],
    );
}

#[test]
fn an_unknown_actor_comes_with_its_near_miss() {
    refuses(
        "'act':'leader_change','source':[^'Russia']",
        &["`Russia` is not an actor code; did you mean `RUS` (Russia)?"],
    );
    refuses(
        "'act':'leader_change','source':['USA',^'?']",
        &["`?` is not an actor code"],
    );
}

#[test]
fn an_unknown_code_comes_with_its_near_miss() {
    refuses(
        "'act':'coded','source':['USA'],'target':['RUS'],'code':^'41'",
        &["`41` is not a CAMEO code; did you mean `041` (Discuss by telephone)?"],
    );
    refuses(
        "'act':'coded','source':['USA'],'target':['RUS'],'code':^41",
        &["found the number 41, expected a CAMEO code as a string, such as \"041\""],
    );
}

#[test]
fn a_date_is_a_day_of_the_calendar() {
    refuses(
        "{'id':'e','date':^'2017-02-29','act':'leader_change','source':['USA']}",
        &["the date 2017-02-29 does not exist: that month has 28 days"],
    );
    refuses(
        "{'id':'e','date':^'28.01.2017','act':'leader_change','source':['USA']}",
        &["`28.01.2017` is not a date of the form YYYY-MM-DD; did you mean 2017-01-28?"],
    );
}

#[test]
fn a_newer_version_is_refused_by_name_whatever_else_it_holds() {
    let newer = "the event is of format version 2; this program knows up to 1; \
                 a newer version of detente reads it";
    takes("'v':1,'act':'leader_change','source':['USA']");
    refuses("'v':^2,'act':'leader_change','source':['USA']", &[newer]);
    refuses(
        "'v':^2,'act':'summoned','source':['USA'],'mood':'sour'",
        &[newer],
    );
}

#[test]
fn a_field_stands_once() {
    refuses(
        "'act':'leader_change','source':['USA'],^'source':['RUS']",
        &["`source` stands twice in one object"],
    );
}

#[test]
fn every_mistake_of_every_event_is_told_in_order() {
    refuses(
        "{'id':^'?','date':'2017-01-28','act':^'attack','source':['USA']}\n\
         {'id':'e2','date':^'2017-01-32',\n \
         'act':^^'call',^'minuets':3}",
        &[
            &format!("`?` is not a name; {NAME}"),
            "the act attack needs `target`",
            "the date 2017-01-32 does not exist: that month has 31 days",
            "the act call needs `source`",
            "the act call needs `target`",
            "unknown field `minuets`; did you mean `minutes`?",
        ],
    );
}

#[test]
fn a_refusal_names_the_event_the_rule_and_the_place_of_the_field() {
    let text = "\n{\"id\":\"lifting\",\"date\":\"2017-01-28\",\"act\":\"sanctions_lifted\",\n\
                \"source\":[\"USA\"],\"target\":[\"RUS\"],\"measure\":\"none\"}";
    let written = read_written(text.as_bytes()).unwrap();
    let nothing: &[u8] = &[];
    let error = Register::empty()
        .admit(nothing, &written, Recorded::On(day(0)))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 3, column 45: `lifting` of 2017-01-28 is illegal: \
         the measure `none` was never in force by USA against RUS"
    );
}
