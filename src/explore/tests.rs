//! Gestures, what they make of the file, and what the page then says.

use super::*;
use crate::history::LIBRARY;
use crate::model::Preset;
use crate::scenario::{Base, Fork, Luck, ScenarioFile, Track};
use crate::store::{self, History, Log};
use crate::view::Look;
use serde_json::json;

fn recorded() -> Session {
    let base = Base::read(&Log::shipped(&LIBRARY[0]), "recorded").unwrap();
    Session::of_log("what-if", "recorded", base).unwrap()
}

fn opened(name: &str) -> Session {
    let path = std::path::Path::new("scenarios").join(name);
    let text = store::read_text(&path).unwrap();
    let scenario = store::scenario_of(&path, &text).unwrap();
    Session::of_scenario("opened", &text, scenario).unwrap()
}

#[track_caller]
fn done(session: &mut Session, gesture: serde_json::Value) -> Answer {
    let gesture: Gesture = serde_json::from_value(gesture).unwrap();
    let answer = answer(session, &gesture);
    assert_eq!(answer.troubles, Vec::<String>::new());
    answer
}

#[track_caller]
fn refused(session: &mut Session, gesture: serde_json::Value) -> String {
    let before = session.file().clone();
    let gesture: Gesture = serde_json::from_value(gesture).unwrap();
    let answer = answer(session, &gesture);
    assert_eq!(*session.file(), before, "nothing is changed");
    assert!(!answer.troubles.is_empty());
    answer.troubles.join(" ")
}

fn part<'a>(answer: &'a Answer, id: &str) -> &'a str {
    let part = answer.parts.iter().find(|part| part.id == id);
    &part.unwrap_or_else(|| panic!("no {id}")).html
}

/// The temperatures at the end, as the file that would be saved plays it.
fn as_saved(session: &Session) -> Vec<(String, f64)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("saved.json");
    std::fs::write(&path, session.text()).unwrap();
    let History::Scenario(scenario) = store::history(&path).unwrap() else {
        panic!("it is a scenario")
    };
    let seed = scenario.hazards.seed;
    let track = Track::of(&scenario, Luck { seed, run: 0 }).unwrap();
    let comparison = crate::scenario::Comparison::new(vec![track], Some(scenario.until));
    let last = comparison.temperatures[0].last().unwrap().clone();
    let names = comparison.dyads.iter().map(ToString::to_string);
    names.zip(last).collect()
}

#[test]
fn a_dropped_event_falls_with_what_hangs_on_it_and_comes_back_whole() {
    let mut session = recorded();
    let begun = session.file().clone();
    let answer = done(&mut session, json!({"change": {"drop": "us-ru-call"}}));
    assert_eq!(session.file().fork, Fork::Before("us-ru-call".to_owned()));
    assert!(answer.says.contains("does not happen"), "{}", answer.says);
    assert!(answer.says.contains("−1.26"), "{}", answer.says);
    let events = part(&answer, "events");
    assert!(
        events.contains("row-kremlin-readout\" class=\"gone"),
        "{events}"
    );
    let answer = done(&mut session, json!({"change": {"keep": "us-ru-call"}}));
    assert!(answer.says.contains("as recorded"), "{}", answer.says);
    assert!(session.file().edits.is_empty());
    done(&mut session, json!("undo"));
    done(&mut session, json!("undo"));
    assert_eq!(*session.file(), begun);
    assert!(!session.is_unsaved());
}

#[test]
fn what_falls_with_another_is_kept_by_writing_it_anew() {
    let mut session = recorded();
    done(&mut session, json!({"change": {"drop": "us-ru-call"}}));
    let says = refused(&mut session, json!({"change": {"keep": "kremlin-readout"}}));
    assert!(says.contains("falls with what it hangs on"), "{says}");
    let cells = json!({"act": "statement", "date": "2017-01-28", "source": "RUS", "target": "USA", "title": "The Kremlin speaks"});
    let write = json!({"change": {"write": {"event": "kremlin-readout", "cells": cells}}});
    let answer = done(&mut session, write);
    assert!(part(&answer, "events").contains("row-kremlin-readout\" class=\"happens"));
}

#[test]
fn a_what_if_is_named_by_a_change_that_stands() {
    let mut session = recorded();
    done(&mut session, json!({"change": {"drop": "kremlin-readout"}}));
    assert!(session.file().title.ends_with("does not happen"));
    done(&mut session, json!({"change": {"keep": "kremlin-readout"}}));
    assert!(!session.is_unsaved(), "{}", session.file().title);
    done(&mut session, json!({"change": {"drop": "us-ru-call"}}));
    let dropped = session.file().title.clone();
    assert!(dropped.contains("telephone"), "{dropped}");
    done(&mut session, json!({"change": {"title": "No call"}}));
    done(&mut session, json!({"change": {"keep": "us-ru-call"}}));
    assert_eq!(session.file().title, "No call");
}

#[test]
fn an_event_is_moved_either_way_and_back_to_its_own_day() {
    let mut session = recorded();
    for day in ["2017-02-20", "2016-12-24", "2017-01-25"] {
        let moved = json!({"change": {"move": {"event": "us-ru-call", "to": day}}});
        let answer = done(&mut session, moved);
        assert!(session.scenario().is_some(), "{day}: {:?}", answer.says);
        assert!(part(&answer, "events").contains(&format!(
            "id=\"day-us-ru-call\" data-move=\"us-ru-call\" value=\"{day}\""
        )));
    }
    assert_eq!(session.steps.len(), 2, "one move after the other is one");
    let back = json!({"change": {"move": {"event": "us-ru-call", "to": "2017-01-28"}}});
    done(&mut session, back);
    assert!(session.file().edits.is_empty());
}

#[test]
fn an_event_is_inserted_before_everything_and_behind_it() {
    let mut session = recorded();
    for (day, tone) in [("2012-05-01", "optimistic"), ("2018-05-01", "critical")] {
        let cells = json!({"act": "statement", "date": day, "source": "USA", "target": "RUS", "tone": tone, "title": "A word"});
        done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    }
    let ids: Vec<_> = session
        .scenario()
        .unwrap()
        .entries
        .iter()
        .filter(|entry| *entry.fate == crate::scenario::Fate::Inserted)
        .map(|entry| entry.record.id().to_owned())
        .collect();
    assert_eq!(ids, ["statement-2012-05-01", "statement-2018-05-01"]);
    let again = json!({"act": "statement", "date": "2018-05-01", "source": "RUS", "target": "USA"});
    done(&mut session, json!({"change": {"write": {"cells": again}}}));
    assert!(session.text().contains("statement-2018-05-01-2"));
    assert_eq!(
        session.scenario().unwrap().entries.len(),
        session.base.entries.len() + 3
    );
}

#[test]
fn an_event_of_one_s_own_that_was_taken_out_can_be_kept_as_it_was_last() {
    let mut session = recorded();
    let cells = json!({"act": "statement", "date": "2018-05-01", "source": "USA", "target": "RUS", "tone": "critical"});
    done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    let id = "statement-2018-05-01";
    done(
        &mut session,
        json!({"change": {"move": {"event": id, "to": "2018-05-02"}}}),
    );
    let with = session.file().clone();
    done(&mut session, json!({"change": {"drop": id}}));
    assert!(session.file().edits.is_empty());
    let says = done(&mut session, json!({"change": {"keep": id}})).says;
    assert!(says.contains("happens again"), "{says}");
    assert_eq!(session.file().edits, with.edits);
    // What was undone was never there.
    done(&mut session, json!("undo"));
    done(&mut session, json!("undo"));
    done(&mut session, json!("undo"));
    done(&mut session, json!("undo"));
    refused(&mut session, json!({"change": {"keep": id}}));
}

#[test]
fn what_is_chosen_is_told_as_decided_and_no_longer_as_drawn() {
    let mut session = opened("summit-by-chance.json");
    let chance = session.file().chance[0].clone();
    let option = &chance.options[0].label;
    done(
        &mut session,
        json!({"change": {"decide": {"chance": chance.id, "option": option}}}),
    );
    let has_others = session.file().chance.len() > 1;
    assert_eq!(session.scenario().unwrap().hazards.are_there(), has_others);
    let day = parts::day::day_of(&session, &chance).unwrap();
    done(&mut session, json!({"look": day.to_string()}));
    let look = Look {
        width: 80,
        colours: false,
        names: crate::history::Names::none(),
    };
    let text = day_text(&session, look);
    let says = format!("Decided: {}: {option}.", chance.id);
    assert!(text.contains(&says), "{text}");
    assert!(
        !text.contains(&format!("To be decided: {}", chance.id)),
        "{text}"
    );
}

#[test]
fn a_form_says_what_is_wrong_where_it_stands_and_stays() {
    let mut session = recorded();
    let cells = json!({"act": "statement", "date": "2018-05-01", "source": "USA", "target": "RUSS", "tone": "jolly"});
    let write = json!({"change": {"write": {"cells": cells}}});
    let gesture: Gesture = serde_json::from_value(write).unwrap();
    let answer = answer(&mut session, &gesture);
    assert!(answer.troubles.len() >= 2, "{:?}", answer.troubles);
    assert!(part(&answer, "form").contains("jolly"));
    // What is legal in itself and not in this history is said in the form, too.
    let cells = json!({"act": "sanctions_lifted", "date": "2018-05-01", "source": "USA", "target": "RUS", "measure": "no-such-thing"});
    let says = refused(&mut session, json!({"change": {"write": {"cells": cells}}}));
    assert!(says.contains("no-such-thing"), "{says}");
}

#[test]
fn what_is_not_legal_is_not_kept_whatever_kind_of_change_it_is() {
    let mut session = recorded();
    let cells = json!({"act": "sanctions_eased", "date": "2018-04-01", "source": "USA", "target": "RUS", "measure": "crimea-sanctions"});
    done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    let before = (session.file().clone(), changes_csv(&session));
    let lifted = json!({"act": "sanctions_lifted", "date": "2018-05-01", "source": "USA", "target": "RUS", "measure": "no-such-thing"});
    for change in [
        json!({"until": "2013-01-01"}),
        json!({"write": {"cells": lifted}}),
        json!({"drop": "crimea-sanctions"}),
    ] {
        let says = refused(&mut session, json!({ "change": change }));
        assert!(says.starts_with("Not legal: "), "{change}: {says}");
        assert_eq!((session.file().clone(), changes_csv(&session)), before);
        assert!(session.scenario().is_some());
    }
}

/// What was kept of an earlier session may have been legal under another history or version.
#[test]
fn what_is_taken_up_and_is_not_legal_leaves_the_last_picture_and_is_not_written() {
    let mut session = recorded();
    let before = page::part(&session, "state");
    let mut other = recorded();
    done(&mut other, json!({"change": {"until": "2019-06-30"}}));
    let mut kept = serde_json::to_value(other.kept().unwrap()).unwrap();
    kept["steps"][1]["file"]["until"] = json!("2013-01-01");
    session.offer(serde_json::from_value(kept).unwrap());
    let told = done(&mut session, json!("resume"));
    assert!(session.scenario().is_none());
    assert!(part(&told, "trouble").contains("not legal"));
    assert!(part(&told, "picture").contains("class=\"grey\""));
    assert_eq!(part(&told, "state"), before);
    for says in [session.check(), branch(&session).map(|_| ())] {
        let says = says.unwrap_err();
        assert!(
            says.starts_with("What is not legal is not saved; undo that first: "),
            "{says}"
        );
        assert!(says.contains("2013-01-01"), "{says}");
    }
    let told = done(&mut session, json!("undo"));
    assert!(session.scenario().is_some());
    assert_eq!(part(&told, "trouble"), "");
}

#[test]
fn the_log_of_a_branch_names_the_file_that_it_is_of() {
    let digests = |session: &Session| {
        let log = String::from_utf8(branch(session).unwrap()).unwrap();
        let of = |line: &str| -> Option<String> {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            Some(line["origin"]["digest"].as_str()?.to_owned())
        };
        let mut digests: Vec<_> = log.lines().filter_map(of).collect();
        digests.dedup();
        digests
    };
    let digest = |text: &str| vec![blake3::hash(text.as_bytes()).to_hex().to_string()];
    let mut session = opened("summit-by-chance.json");
    let text = session.text_on_disk().unwrap().to_owned();
    assert_eq!(digests(&session), digest(&text), "as it was opened");
    done(&mut session, json!({"change": {"title": "Another"}}));
    assert_ne!(session.text(), text);
    assert_eq!(
        digests(&session),
        digest(&session.text()),
        "as it would be saved"
    );
}

#[test]
fn the_saved_file_plays_to_the_numbers_of_the_page() {
    let mut session = recorded();
    done(&mut session, json!({"change": {"drop": "us-ru-call"}}));
    done(
        &mut session,
        json!({"change": {"set": {"name": "half_life_deeds_days", "value": "180"}}}),
    );
    let cells = json!({"act": "sanctions_lifted", "date": "2017-06-01", "source": "USA", "target": "RUS", "measure": "crimea-sanctions"});
    done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    let last = session.scenario().unwrap().until;
    for (name, saved) in as_saved(&session) {
        let dyad = name.parse().unwrap();
        let here = session.picture.temperature(session.picture.own, dyad, last);
        assert_eq!(here.to_bits(), saved.to_bits(), "{name}");
    }
}

#[test]
fn the_knobs_are_set_and_put_back() {
    let mut session = recorded();
    for value in ["100", "200", "none"] {
        let set = json!({"change": {"set": {"name": "half_life_words_days", "value": value}}});
        done(&mut session, set);
    }
    assert_eq!(session.steps.len(), 2, "turning a knob is one change");
    let model = session.scenario().unwrap().model.clone();
    assert_eq!(model.number("half_life_words_days"), Some(f64::INFINITY));
    let wrong = json!({"change": {"set": {"name": "gain", "value": "7"}}});
    let says = refused(&mut session, wrong);
    assert!(says.contains("gain"), "{says}");
    let back = json!({"change": {"set": {"name": "half_life_words_days", "value": ""}}});
    done(&mut session, back);
    assert_eq!(session.file().model, None);
    done(&mut session, json!({"change": {"preset": "stock"}}));
    assert_eq!(session.scenario().unwrap().model.preset(), Preset::Stock);
}

#[test]
fn pins_are_drawn_beside_it_and_are_bounded() {
    let mut session = recorded();
    done(&mut session, json!({"change": {"drop": "us-ru-call"}}));
    done(&mut session, json!({"pin": "No call"}));
    done(&mut session, json!({"change": {"keep": "us-ru-call"}}));
    let answer = done(&mut session, json!({"pin": ""}));
    assert!(part(&answer, "picture").contains("No call"));
    for _ in 2..PIN_LIMIT {
        done(&mut session, json!({"pin": "No call"}));
    }
    assert!(refused(&mut session, json!({"pin": "one more"})).contains("already"));
    done(&mut session, json!({"take": 0}));
    assert_eq!(session.file().edits.len(), 1);
    done(&mut session, json!({"unpin": 0}));
    assert_eq!(session.pins.len(), PIN_LIMIT - 1);
}

#[test]
fn undo_goes_back_over_a_hundred_changes_and_redo_forth() {
    let mut session = recorded();
    let mut files = vec![session.file().clone()];
    for number in 0..120 {
        let cells = json!({"act": "statement", "date": "2018-01-01", "source": "USA", "target": "RUS", "title": format!("Word {number}")});
        done(&mut session, json!({"change": {"write": {"cells": cells}}}));
        files.push(session.file().clone());
    }
    for file in files.iter().rev().skip(1) {
        done(&mut session, json!("undo"));
        assert_eq!(session.file(), file);
    }
    for file in files.iter().skip(1) {
        done(&mut session, json!("redo"));
        assert_eq!(session.file(), file);
    }
    done(&mut session, json!({"step": 7}));
    assert_eq!(*session.file(), files[7]);
    let kept = serde_json::to_string(&session.kept().unwrap()).unwrap();
    let mut other = recorded();
    other.offer(serde_json::from_str(&kept).unwrap());
    assert!(other.is_offered());
    done(&mut other, json!("resume"));
    assert_eq!(*other.file(), files[7]);
    done(&mut other, json!("redo"));
    assert_eq!(*other.file(), files[8]);
}

#[test]
fn a_session_of_another_history_is_not_taken_up() {
    let mut session = recorded();
    done(&mut session, json!({"change": {"drop": "us-ru-call"}}));
    let kept = session.kept().unwrap();
    let shipped = &LIBRARY[1];
    let base = Base::read(&Log::shipped(shipped), shipped.name).unwrap();
    let mut other = Session::of_log("what-if", shipped.name, base).unwrap();
    other.offer(kept);
    assert!(!other.is_offered());
}

#[test]
fn a_read_only_session_can_be_looked_at_and_not_changed() {
    let mut session = recorded().read_only();
    done(&mut session, json!({"look": "2015-01-01"}));
    done(&mut session, json!({"follow": "EU-RUS"}));
    for gesture in [
        json!({"change": {"drop": "us-ru-call"}}),
        json!({"pin": "x"}),
        json!("undo"),
        json!({"form": {}}),
    ] {
        assert!(refused(&mut session, gesture).contains("read-only"));
    }
    let page = page(&session, "/show/x/");
    assert!(!page.contains("id=\"undo\"") && !page.contains("id=\"save\""));
}

#[test]
fn chance_is_decided_by_hand_and_drawn_again() {
    let mut session = opened("summit-by-chance.json");
    let first = session.file().clone();
    let node = first.chance[0].clone();
    let label = node.options.last().unwrap().label.clone();
    let decide = json!({"change": {"decide": {"chance": node.id, "option": label}}});
    let answer = done(&mut session, decide);
    assert!(answer.says.contains("comes out as"), "{}", answer.says);
    let decided = &session.file().chance[0];
    assert_eq!(decided.options.last().unwrap().probability, 1.0);
    assert!(Fan::of(&session).is_none(), "nothing is left to chance");
    let again = json!({"change": {"decide": {"chance": node.id}}});
    let can_be_drawn = format!("data-chance=\"{}\"", node.id);
    assert!(page(&session, "/show/x/").contains(&can_be_drawn));
    done(&mut session, again);
    assert_eq!(session.file().chance, first.chance);
    let fan = Fan::of(&session).unwrap();
    let played = fan
        .play(50, 1, &crate::threads::Control::default())
        .unwrap();
    assert_eq!(played.runs, 50);
    assert!(played.html.contains("svg"));
}

#[test]
fn behind_a_fork_with_rules_nothing_before_it_is_changed() {
    let mut session = opened("reaction-in-kind.json");
    let first = session.base.entries.first().unwrap().record.id().to_owned();
    let says = refused(&mut session, json!({"change": {"drop": first}}));
    assert!(says.contains("rules react"), "{says}");
}

#[test]
fn what_others_wrote_is_text_and_nothing_else() {
    let mut session = recorded();
    let title = "<script>alert(1)</script> \u{202e}\"'><img src=x>";
    let cells = json!({"act": "statement", "date": "2017-02-01", "source": "USA", "target": "RUS", "title": title});
    done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    done(&mut session, json!({"change": {"title": title}}));
    done(&mut session, json!({"pin": title}));
    let form = done(
        &mut session,
        json!({"form": {"event": "statement-2017-02-01"}}),
    );
    // What stands in a field to be changed is the text itself, which a field keeps to itself.
    let without_values = |html: &str| {
        let mut pieces = html.split(" value=\"");
        let first = pieces.next().unwrap().to_owned();
        pieces.fold(first, |html, piece| {
            html + piece.split_once('"').map_or("", |(_, behind)| behind)
        })
    };
    for html in [
        page(&session, "/show/x/"),
        show(&session),
        part(&form, "form").to_owned(),
    ] {
        assert!(!html.contains("<script>alert"), "{html}");
        assert!(!html.contains("<img"));
        assert!(!without_values(&html).contains('\u{202e}'));
    }
}

#[test]
fn every_scenario_that_ships_opens_and_its_text_stays_to_the_byte() {
    for entry in std::fs::read_dir("scenarios").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        if !is_json || name.contains("schema") {
            continue;
        }
        let mut session = opened(name);
        let text = store::read_text(&std::path::Path::new("scenarios").join(name)).unwrap();
        assert_eq!(session.text(), text, "{name}");
        done(&mut session, json!("why"));
        let before: ScenarioFile = session.file().clone();
        done(&mut session, json!({"change": {"title": "Another title"}}));
        assert!(
            session.text().contains("//") || !text.contains("//"),
            "{name}"
        );
        done(&mut session, json!("undo"));
        assert_eq!(*session.file(), before);
        assert_eq!(session.text(), text, "{name}");
    }
}

#[test]
fn every_history_that_ships_opens_and_every_event_has_its_form() {
    for shipped in LIBRARY {
        let base = Base::read(&Log::shipped(shipped), shipped.name).unwrap();
        let mut session = Session::of_log("what-if", shipped.name, base).unwrap();
        let ids: Vec<_> = session
            .base
            .entries
            .iter()
            .filter(|entry| !entry.record.is_about_the_log())
            .map(|entry| entry.record.id().to_owned())
            .collect();
        for id in ids.iter().step_by(5) {
            let told = done(&mut session, json!({"form": {"event": id}}));
            assert!(part(&told, "form").contains("cell-date"), "{id}");
        }
        done(&mut session, json!("why"));
    }
}

#[test]
fn played_by_hand_what_comes_is_covered_and_a_reaction_is_held_back() {
    let mut session = opened("reaction-in-kind.json");
    let answer = done(&mut session, json!({"play": true}));
    assert!(part(&answer, "events").contains("to come"));
    assert!(!part(&answer, "pins").contains("Side by side"));
    let reaction = |session: &Session| {
        let mut scenes = session.picture.scenes.iter();
        let scene = scenes.find(|scene| scene.mark == crate::view::Mark::Reaction);
        scene.map(|scene| (scene.record.id().to_owned(), scene.record.date()))
    };
    let (id, day) = reaction(&session).unwrap();
    for _ in 0..40 {
        if session.today() >= day {
            break;
        }
        done(&mut session, json!({"event": "on"}));
    }
    assert_eq!(session.today(), day);
    let answer = done(&mut session, json!({"change": {"hold": id}}));
    assert!(answer.says.contains("held back"), "{}", answer.says);
    assert!(
        session
            .picture
            .scenes
            .iter()
            .all(|scene| scene.record.id() != id)
    );
    let (rule, trigger) = id.split_once('@').unwrap();
    let rules = &session.file().rules;
    let of = rules.iter().find(|known| known.id == rule).unwrap();
    assert_eq!(of.except, [trigger]);
    assert!(session.scenario().is_some(), "what stays is legal");
    // Other events of the same kind set the rule off as it is drawn: this reaction was held back,
    // not the rule.
    let when = of.when.clone();
    let others = ["another", "one-more", "a-third"];
    for other in others {
        let cells = json!({"id": other, "date": day.to_string(), "act": when.act.name(),
            "source": when.source.unwrap().code(), "target": when.target.unwrap().code()});
        done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    }
    let again = |id: &&str| others.iter().any(|other| *id == format!("{rule}@{other}"));
    let again = {
        let mut scenes = session.picture.scenes.iter().map(|scene| scene.record.id());
        scenes.find(again).unwrap().to_owned()
    };
    let (_, other) = again.split_once('@').unwrap();
    // Where an event goes, no rule can except it any longer.
    done(&mut session, json!({"change": {"hold": again}}));
    done(&mut session, json!({"change": {"drop": other}}));
    let mut rules = session.file().rules.iter();
    assert!(rules.all(|it| it.except.iter().all(|id| id != other)));
    assert!(session.scenario().is_some());
    for _ in 0..5 {
        done(&mut session, json!("undo"));
    }
    done(&mut session, json!({"because": "The umpire holds it"}));
    assert!(changes_csv(&session).contains("The umpire holds it"));
    assert!(!branch(&session).unwrap().is_empty());
    done(&mut session, json!({"event": "back"}));
    assert!(session.today() < day);
    done(&mut session, json!({"play": false}));
}

#[test]
fn what_answers_a_decision_of_the_same_day_stands_behind_it() {
    let mut session = opened("summit-by-chance.json");
    let chosen = json!({"change": {"decide": {"chance": "meeting-fate", "option": "cancelled"}}});
    done(&mut session, chosen.clone());
    let day = "2017-07-07";
    for id in ["answer", "second-answer"] {
        let cells = json!({"id": id, "date": day, "act": "statement", "tone": "critical",
            "source": "USA", "target": "RUS"});
        done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    }
    let order = |session: &Session| {
        let scenes = session.picture.scenes.iter().map(|scene| scene.record);
        let of_day = scenes.filter(|record| record.date().to_string() == day);
        let ids = of_day.map(|record| record.id().to_owned());
        ids.filter(|id| !id.starts_with("meeting-held") && !id.starts_with("meeting-postponed"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        order(&session),
        ["meeting-cancelled", "answer", "second-answer"]
    );
    // It is the same where the file is read again, and where it is written anew.
    let cells = json!({"id": "answer", "date": day, "act": "statement", "tone": "optimistic",
        "source": "USA", "target": "RUS"});
    done(
        &mut session,
        json!({"change": {"write": {"event": "answer", "cells": cells}}}),
    );
    assert_eq!(
        order(&session),
        ["meeting-cancelled", "answer", "second-answer"]
    );
    // On a day on which nothing was decided an event stands by itself.
    let cells = json!({"id": "alone", "date": "2017-07-10", "act": "statement", "tone": "critical",
        "source": "USA", "target": "RUS"});
    done(&mut session, json!({"change": {"write": {"cells": cells}}}));
    let alone = session.file().edits.last().unwrap();
    let alone = matches!(alone, crate::scenario::Edit::Insert(draft) if draft.after.is_none());
    assert!(alone);
    // What answers a decision falls with it.
    let other = json!({"change": {"decide": {"chance": "meeting-fate", "option": "held"}}});
    done(&mut session, other);
    assert!(session.scenario().is_some());
    let answer = session.picture.scenes.iter();
    let mut answer = answer.filter(|scene| scene.record.id() == "answer");
    assert!(answer.all(|scene| scene.mark == crate::view::Mark::Undrawn));
}

#[test]
fn what_came_of_an_event_moves_along_and_stays_where_it_was_put_itself() {
    let mut session = recorded();
    let put = json!({"change": {"move": {"event": "kremlin-readout", "to": "2017-01-30"}}});
    done(&mut session, put);
    let moved = json!({"change": {"move": {"event": "us-ru-call", "to": "2017-02-28"}}});
    let answer = done(&mut session, moved);
    assert!(answer.says.contains("move along"), "{}", answer.says);
    let scenario = session.scenario().unwrap();
    let date = |id: &str| {
        let entry = scenario
            .entries
            .iter()
            .find(|entry| entry.record.id() == id);
        entry.unwrap().record.date().to_string()
    };
    assert_eq!(date("white-house-readout"), "2017-02-28");
    done(
        &mut session,
        json!({"change": {"move": {"event": "us-ru-call", "to": "2017-01-28"}}}),
    );
    assert_eq!(
        session.file().edits.len(),
        1,
        "only what was moved by itself"
    );
}

#[test]
fn a_part_of_a_long_history_is_drawn() {
    let mut session = recorded();
    let answer = done(&mut session, json!({"from": "2017-01-01"}));
    assert!(part(&answer, "picture").contains("min=\"17167\""));
    assert!(!part(&answer, "picture").contains("2014-07"));
    let answer = done(&mut session, json!({"from": null}));
    assert!(part(&answer, "picture").contains("2014-07"));
}

#[test]
fn what_is_so_already_and_what_there_is_not_is_said_as_it_is() {
    let mut session = opened("summit-by-chance.json");
    let near = refused(&mut session, json!({"change": {"drop": "us-ru-cal"}}));
    assert_eq!(
        near,
        "There is no event `us-ru-cal`; did you mean `us-ru-call`?"
    );
    let moved = json!({"change": {"move": {"event": "zzz", "to": "2017-01-01"}}});
    assert_eq!(refused(&mut session, moved), "There is no event `zzz`.");
    let by_chance = session.file().chance[0].options.iter();
    let drawn: Vec<_> = by_chance
        .flat_map(|option| &option.events)
        .filter_map(|draft| draft.id.clone())
        .collect();
    let says = refused(&mut session, json!({"change": {"drop": drawn[0]}}));
    assert!(says.contains("by chance or by a rule"), "{says}");
    let says = refused(&mut session, json!({"change": {"keep": "us-ru-call"}}));
    assert!(says.contains("nothing to bring back"), "{says}");
    done(
        &mut session,
        json!({"change": {"drop": "trump-inauguration"}}),
    );
    let steps = session.steps.len();
    let answer = done(
        &mut session,
        json!({"change": {"drop": "trump-inauguration"}}),
    );
    assert!(
        answer.says.starts_with("That is so already: "),
        "{answer:?}"
    );
    assert_eq!(session.steps.len(), steps);
    done(&mut session, json!("undo"));
    assert!(refused(&mut session, json!("undo")).contains("nothing to undo"));
}

#[test]
fn the_page_says_names_and_the_numbers_of_marks() {
    let mut session = recorded();
    let answer = done(&mut session, json!({"change": {"drop": "us-ru-call"}}));
    let begins = "“Trump and Putin speak by telephone for about an hour” does not happen. ";
    let says = answer.says.strip_prefix(begins).unwrap();
    assert!(
        says.starts_with("Between Russia and United States it differs most on "),
        "{says}"
    );
    let state = part(&answer, "state");
    assert!(state.contains("by Russia felt by United States"), "{state}");
    // The numbers in the list are those of the curve.
    let ids: Vec<_> = {
        let dyad = session.looked.dyad.unwrap();
        let album = session.picture.album(dyad, session.drawn_days()).unwrap();
        album.events.iter().map(|it| it.id().to_owned()).collect()
    };
    let events = part(&answer, "events");
    for (number, id) in (1..).zip(&ids) {
        let row = events.split(&format!("id=\"row-{id}\"")).nth(1).unwrap();
        let row = row.split("</li>").next().unwrap();
        assert!(row.contains(&format!(">{number}</b>")), "{id}: {row}");
    }
    done(&mut session, json!({"look": "2014-03-20"}));
    let shown = shown_now(&session);
    assert!(shown.contains("Russia and United States, in degrees"));
    assert!(shown.contains(">2</b>"), "{shown}");
}

#[test]
fn it_is_played_by_hand_from_any_day() {
    let mut session = recorded();
    let answer = done(&mut session, json!({"play_from": "2017-01-20"}));
    assert!(answer.says.contains("from 2017-01-20 on"), "{answer:?}");
    assert!(part(&answer, "events").contains("to come"));
    for _ in 0..20 {
        done(&mut session, json!({"event": "on"}));
    }
    let answer = done(&mut session, json!({"event": "on"}));
    assert!(answer.says.contains("is the end"), "{answer:?}");
}
