//! Twice as many mistakes take about twice as long, whatever the mistake, and so does twice as much
//! of a past that is over: the steps are counted as the time that the processor spends on them, and
//! only its ratio is looked at.

use detente::history::{
    Course, Fold, Record, Recorded, Register, Scope, check as written, read_events, survey,
};
use detente::json::{Dialect, read};
use detente::model::{Actor, Model};
use detente::scenario::{Base, Inquiry, ScenarioFile, Text, check};
use detente::view::{LedgerOptions, LedgerRows, Standings};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// How many mistakes there are the first time.
const MISTAKES: usize = 1_000;
/// How many things are over the first time.
const OVER: usize = 6_000;
/// Twice as much is 2; what is quadratic is near 4.
const MOST: f64 = 3.0;
/// How exactly a processor's time is known, in seconds, with some room.
const GRAIN_SECONDS: f64 = 0.02;
/// How often a ratio that is too high is measured again: others use the processor, too.
const TRIES: usize = 4;

/// The time that the processor has spent on this thread; elsewhere than on Linux, the time that
/// went by.
fn spent(begun: Instant) -> Duration {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let first = schedule.and_then(|text| text.split(' ').next()?.parse().ok());
    first.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a ratio of two times of the processor is what is tested"
)]
fn time(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    let before = spent(begun);
    work();
    (spent(begun).saturating_sub(before)).as_secs_f64()
}

/// Holds some work to its ratio; `given` makes what it works on and is not counted.
#[track_caller]
fn grows_with_its_input<T>(what: &str, given: impl Fn(usize) -> T, work: impl Fn(&T)) {
    grows_with(MISTAKES, what, given, work);
}

#[track_caller]
fn grows_with<T>(count: usize, what: &str, given: impl Fn(usize) -> T, work: impl Fn(&T)) {
    let (once, twice) = (given(count), given(2 * count));
    let mut least = [f64::MAX; 2];
    for _ in 0..TRIES {
        least[0] = least[0].min(time(|| work(&once)));
        least[1] = least[1].min(time(|| work(&twice)));
        if least[1] < MOST * least[0] + GRAIN_SECONDS {
            return;
        }
    }
    let [single, double] = least;
    panic!("{what}: {single} s, and {double} s for twice as many");
}

#[test]
#[should_panic(expected = "for twice as many")]
fn what_is_quadratic_is_seen() {
    let names = |count| -> Vec<String> { (0..count).map(|it| format!("name-{it}")).collect() };
    grows_with_its_input("names", names, |names| {
        let like = |name: &String| names.iter().filter(|it| it.contains(name)).count();
        for _ in 0..6 {
            assert!(names.iter().map(like).sum::<usize>() >= names.len());
        }
    });
}

fn event(number: usize, fields: &Value) -> Value {
    let mut event = json!({"id": format!("e{number}"), "date": "2020-01-01", "source": ["XBL"],
        "target": ["XRE"], "act": "statement", "tone": "critical"});
    for (key, value) in fields.as_object().unwrap() {
        match value {
            Value::Null => event.as_object_mut().unwrap().remove(key),
            value => event
                .as_object_mut()
                .unwrap()
                .insert(key.clone(), value.clone()),
        };
    }
    event
}

/// Events on a line each.
fn lines(events: usize, fields: impl Fn(usize) -> Value) -> String {
    let lines = (0..events).map(|number| event(number, &fields(number)).to_string() + "\n");
    lines.collect()
}

fn day() -> Recorded {
    Recorded::On("2021-01-01".parse().unwrap())
}

/// Appends to a log that does not exist yet, which is refused.
fn refused(text: &str) {
    let nothing: &[u8] = &[];
    let refusal = read_events(text.as_bytes())
        .and_then(|batch| Register::empty().admit(nothing, &batch, day()).map(|_| ()));
    let error = refusal.unwrap_err();
    // Of those that are alike the lines are listed, the others are only counted.
    let listed = error.faults().iter().map(|it| it.place.also.places());
    let others = listed.sum::<usize>() + error.untold();
    assert!(others > MISTAKES / 2, "{others}: {text:.200}");
}

#[test]
fn events_of_every_kind_of_mistake() {
    type Fields = fn(usize) -> Value;
    let kinds: [(&str, Fields); 9] = [
        ("unknown acts", |_| json!({"act": "statment"})),
        ("unknown fields", |it| json!({format!("f{it}"): 1})),
        ("missing fields", |_| json!({"date": null})),
        (
            "unknown causes",
            |it| json!({"caused_by": format!("c{it}")}),
        ),
        ("one id", |it| json!({"id": "e", "note": it.to_string()})),
        (
            "retractions of nothing",
            |it| json!({"act": "retraction", "retracts": format!("z{it}"), "source": null, "target": null, "tone": null}),
        ),
        (
            "measures never in force",
            |it| json!({"act": "sanctions_lifted", "measure": format!("m{it}"), "tone": null}),
        ),
        (
            "meetings never announced",
            |it| json!({"act": "meeting_held", "meeting": format!("m{it}"), "tone": null, "source": ["XBL", "XRE"], "target": ["XBL", "XRE"]}),
        ),
        (
            "conversations that never were",
            |it| json!({"act": "readout", "of": format!("m{it}"), "tone": null}),
        ),
    ];
    for (what, fields) in kinds {
        grows_with_its_input(what, |events| lines(events, fields), |text| refused(text));
    }
    let list = |events| {
        format!(
            "[{}]",
            lines(events, kinds[0].1).trim_end().replace('\n', ",\n")
        )
    };
    grows_with_its_input("a list", list, |text| refused(text));
    let broken = |events| lines(events, |_| json!({})).replace("}\n", "\n");
    grows_with_its_input("no JSON", broken, |text| refused(text));
    let keys = |keys| format!("{{{}}}", vec!["\"id\": \"a\""; keys].join(","));
    grows_with_its_input("a key many times", keys, |text| refused(text));
}

#[test]
fn sheets_of_every_kind_of_mistake() {
    let rows = |header: &str, row: &dyn Fn(usize) -> String, rows| {
        let rows: String = (0..rows).map(|number| row(number) + "\n").collect();
        format!("{header}\n{rows}")
    };
    let acts = |count| {
        rows(
            "id,date,act,source,target",
            &|it| format!("e{it},2020-01-01,statment,XBL,XRE"),
            count,
        )
    };
    grows_with_its_input("unknown acts", acts, |text| refused(text));
    let columns = |count| {
        let columns: Vec<_> = (0..count).map(|it| format!("c{it}")).collect();
        format!("id,date,act,{}\na,2020-01-01,statment\n", columns.join(","))
    };
    grows_with_its_input("unknown columns", columns, |text| refused(text));
    let twice = |count| {
        format!(
            "id,date,act{}\na,2020-01-01,statment\n",
            ",id".repeat(count)
        )
    };
    grows_with_its_input("a column many times", twice, |text| refused(text));
    let marks = |count| format!("id,date,act\n{}", "\"a,\n".repeat(count));
    grows_with_its_input("marks that nothing closes", marks, |text| {
        assert!(read_events(text.as_bytes()).is_err());
    });
    let names = |count| {
        rows(
            "id,date,act,source,target,names",
            &|it| format!("e{it},2020-01-01,demand,Lnad-{it},XRE,XBL:Land-{it}"),
            count,
        )
    };
    grows_with_its_input("names for codes", names, |text| refused(text));
    let without = |count| {
        rows(
            "date,act,source,target,tone",
            &|_| "2020-01-01,statement,XBL,XRE,critical".to_owned(),
            count,
        )
    };
    grows_with_its_input("rows without ids", without, |text| {
        assert!(read_events(text.as_bytes()).is_ok());
    });
}

/// The log of a number of events.
fn log_of(text: &str) -> Vec<u8> {
    let batch = read_events(text.as_bytes()).unwrap();
    let nothing: &[u8] = &[];
    let admitted = Register::empty().admit(nothing, &batch, day()).unwrap();
    let mut writer = detente::history::Writer::after(detente::history::Chain::START);
    let mut log = Vec::new();
    for record in &admitted.records {
        writer.write(record, &mut log).unwrap();
    }
    log
}

#[test]
fn logs_of_every_kind_of_mistake() {
    let log = |events| String::from_utf8(log_of(&lines(events, |_| json!({})))).unwrap();
    let refused = |log: &String| {
        let bytes = log.as_bytes();
        assert!(survey(bytes, Scope::default(), |_, _| {}).is_err());
        assert!(Register::read(bytes, true, &HashSet::new()).is_err());
    };
    let tampered = |events| log(events).replace("critical", "neutral");
    grows_with_its_input("changed lines", tampered, refused);
    let reversed = |events| {
        let log = log(events);
        let lines: Vec<_> = log.lines().rev().collect();
        lines.join("\n") + "\n"
    };
    grows_with_its_input("lines in another order", reversed, refused);
    let broken = |events| log(events).replace("\"act\":\"statement\"", "\"act\":\"statment\"");
    grows_with_its_input("lines that are no events", broken, refused);
    let retracted = |events| {
        let caused = |it: usize| match it {
            0 => json!({}),
            _ => json!({"caused_by": "e0"}),
        };
        log_of(&lines(events, caused))
    };
    grows_with_its_input("effects of what is retracted", retracted, |log| {
        let register = Register::read(&log[..], false, &HashSet::new()).unwrap();
        let ids = ["e0".to_owned()];
        assert!(
            register
                .retract(&log[..], &ids, false, day(), None)
                .is_err()
        );
        let all = register.retract(&log[..], &ids, true, day(), None);
        assert!(all.unwrap().records.len() > 1);
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of the kinds")]
fn scenarios_of_every_kind_of_mistake() {
    type Fields = fn(usize) -> Value;
    type Made<'m> = &'m dyn Fn(usize) -> Value;
    let insert = |it: usize, fields: Value| {
        let mut event = event(it, &fields);
        event["id"] = json!(format!("x{it}"));
        json!({"insert": event})
    };
    let edits: [(&str, Made<'_>); 11] = [
        (
            "drops of nothing",
            &|it| json!({"drop": {"event": format!("x{it}")}}),
        ),
        ("drops again", &|_| json!({"drop": {"event": "e0"}})),
        (
            "drops of what is no more",
            &|it| json!({"drop": {"event": format!("e{it}")}}),
        ),
        (
            "shifts too far",
            &|it| json!({"shift": {"event": format!("e{it}"), "days": 99_999_999}}),
        ),
        ("inserts of no act", &|it| {
            insert(it, json!({"act": "statment"}))
        }),
        (
            "inserts of what is there",
            &|it| json!({"insert": event(it, &json!({}))}),
        ),
        ("inserts without a cause", &|it| {
            insert(it, json!({"caused_by": format!("c{it}")}))
        }),
        ("inserts that lift nothing", &|it| {
            insert(
                it,
                json!({"act": "sanctions_lifted", "measure": format!("m{it}"), "tone": null}),
            )
        }),
        ("inserts after nothing", &|it| {
            insert(
                it,
                json!({"date": null, "after": {"event": format!("y{it}"), "days": 1}}),
            )
        }),
        ("inserts too early", &|it| {
            insert(it, json!({"date": "2001-01-01"}))
        }),
        ("replacements without a cause", &|it| {
            let with = json!({"source": ["XBL"], "target": ["XRE"], "act": "statement", "caused_by": format!("c{it}")});
            json!({"replace": {"event": format!("e{it}"), "with": with}})
        }),
    ];
    let events = |count: usize| -> Base {
        let log = log_of(&lines(count, |_| json!({})));
        Base::read(&log[..], "base").unwrap()
    };
    let bases = [MISTAKES, 2 * MISTAKES].map(events);
    let base = |count| bases[usize::from(count != MISTAKES)].clone();
    let refuses = |(base, text): &(Base, String)| {
        let reading = read::<ScenarioFile>(text, Dialect::Commented);
        if !reading.flaws.is_empty() {
            return;
        }
        let (name, tree) = ("many.json", &reading.tree);
        let checked = check(
            Text { name, text, tree },
            reading.value.unwrap(),
            base.clone(),
        );
        // What is dropped once is no mistake; to drop all of it is the same work.
        if let Err(error) = checked {
            assert!(!error.faults().is_empty());
        }
    };
    let scenario = |mut fields: Value| {
        let own = json!({"title": "Many", "base": "base", "fork": {"date": "2019-01-01"}});
        for (key, value) in own.as_object().unwrap() {
            fields[key] = value.clone();
        }
        serde_json::to_string_pretty(&fields).unwrap()
    };
    for (what, edit) in edits {
        let given = |count| {
            let edits: Vec<_> = (0..count).map(edit).collect();
            (base(count), scenario(json!({"edits": edits})))
        };
        grows_with_its_input(what, given, refuses);
    }
    let statement = |id: String| {
        let mut event = event(0, &json!({"date": null}));
        event["id"] = json!(id);
        event
    };
    let lists: [(&str, &str, Made<'_>); 7] = [
        ("chance nodes", "chance", &|it| {
            json!({"id": format!("c{it}"), "date": "2020-03-01", "options": [
                {"label": "a", "probability": 0.5, "events": [statement(format!("s{it}"))]},
                {"label": "b", "probability": 0.6}]})
        }),
        (
            "chance nodes of one name",
            "chance",
            &|_| json!({"id": "c", "date": "2020-03-01", "options": []}),
        ),
        ("rules", "rules", &|it| {
            let mut then = statement(String::new());
            then.as_object_mut().unwrap().remove("id");
            json!({"id": format!("r{it}"), "when": {"act": "statement"}, "at_most": 1, "then": then})
        }),
        (
            "questions of no dyad",
            "outcomes",
            &|it| json!({"id": format!("o{it}"), "when": {"temperature": {"dyad": "RUS-USA", "above": 0}}}),
        ),
        (
            "questions of no measure",
            "outcomes",
            &|it| json!({"id": format!("o{it}"), "when": {"measure": {"id": format!("m{it}"), "status": "in_force"}}}),
        ),
        (
            "questions that nothing answers",
            "outcomes",
            &|it| json!({"id": format!("o{it}"), "when": {"temperature": {"dyad": "XBL-XRE", "above": 40}}}),
        ),
        (
            "questions of no day",
            "outcomes",
            &|it| json!({"id": format!("o{it}"), "when": {"all": [{"by": "1999-01-01"}, {"not": {"since": "1999-01-01"}}]}}),
        ),
    ];
    for (what, field, one) in lists {
        let given = |count| {
            let list: Vec<_> = (0..count).map(one).collect();
            (base(count), scenario(json!({field: list})))
        };
        grows_with_its_input(what, given, refuses);
    }
    let maps: [(&str, &str, Fields); 2] = [
        (
            "unknown parameters",
            "uncertain",
            |_| json!({"uniform": [0, 1]}),
        ),
        ("settings of nothing", "model", |_| json!(1)),
    ];
    for (what, field, one) in maps {
        let given = |count| {
            let map: serde_json::Map<_, _> =
                (0..count).map(|it| (format!("u{it}"), one(it))).collect();
            (base(count), scenario(json!({field: map})))
        };
        grows_with_its_input(what, given, refuses);
    }
    let options = |count| {
        let options: Vec<_> = (0..count)
            .map(|it| json!({"label": format!("a{it}"), "probability": 1.0, "events": [statement(format!("s{it}"))]}))
            .collect();
        let node = json!({"id": "c", "date": "2020-03-01", "options": options});
        (base(count), scenario(json!({"chance": [node]})))
    };
    grows_with_its_input("options", options, refuses);
    let exceptions = |count| {
        let except: Vec<_> = (0..count).map(|it| format!("y{it}")).collect();
        let then = json!({"source": ["XBL"], "target": ["XRE"], "act": "statement"});
        let rule = json!({"id": "r", "when": {"act": "call"}, "except": except, "then": then});
        (base(count), scenario(json!({"rules": [rule]})))
    };
    grows_with_its_input("exceptions of nothing", exceptions, refuses);
    let circle = |count| {
        let after = |it| json!({"date": null, "after": {"event": format!("x{}", (it + 1) % count), "days": 1}});
        let edits: Vec<_> = (0..count).map(|it| insert(it, after(it))).collect();
        (base(count), scenario(json!({"edits": edits})))
    };
    grows_with_its_input("a circle of times", circle, refuses);
}

#[test]
fn braces_that_nothing_closes() {
    let on_one_line = |count| "[".repeat(3) + &"{},".repeat(20 * count);
    let on_many = |count| "[\n".repeat(3) + &" {\n },".repeat(20 * count);
    let refuses = |text: &String| {
        let reading = read::<ScenarioFile>(text, Dialect::Commented);
        assert!(!reading.flaws.is_empty());
    };
    grows_with_its_input("braces on one line", on_one_line, refuses);
    grows_with_its_input("braces on many lines", on_many, refuses);
}

#[test]
fn what_is_shown_of_very_many_mistakes_is_the_first_hundred() {
    let text = lines(MISTAKES, |it| json!({"caused_by": format!("c{it}")}));
    let batch = read_events(text.as_bytes()).unwrap();
    let nothing: &[u8] = &[];
    let error = Register::empty().admit(nothing, &batch, day()).unwrap_err();
    let lines: Vec<_> = error.faults().iter().map(|it| it.place.line).collect();
    let first: Vec<_> = (1..=100).map(Some).collect();
    assert_eq!((lines, error.untold()), (first, MISTAKES - 100));
}

/// Events with so many things that were begun and are over; each has a name of its own.
type Past = fn(usize) -> Vec<Value>;

const PASTS: [(&str, Past); 4] = [
    ("measures lifted", |count| {
        let measure = |act, it| json!({"act": act, "measure": name(it), "tone": null});
        begun_and_over(count, |it| {
            ["sanctions_imposed", "sanctions_lifted"].map(|act| measure(act, it))
        })
    }),
    ("measures that audiences felt", |count| {
        let occupied = |to, it| {
            let measures = json!([{"id": name(it), "kind": "occupation", "to": to}]);
            json!({"audience": ["XGR"], "measures": measures})
        };
        begun_and_over(count, |it| {
            ["in_force", "lifted"].map(|to| occupied(to, it))
        })
    }),
    ("agenda items that readouts no longer name", |count| {
        let call = event(2 * count, &json!({"act": "call", "tone": null}));
        let rest = begun_and_over(count, |it| {
            let agenda = json!({"agenda": [{"item": name(it), "to": "raised"}]});
            let of = format!("e{}", 2 * count);
            let readout = json!({"act": "readout", "of": of, "mentions": [name(it)], "tone": null});
            [agenda, readout]
        });
        [vec![call], rest].concat()
    }),
    ("meetings held, each by two others", |count| {
        let codes: Vec<_> = Actor::all()
            .take(160)
            .map(|it| it.code().to_owned())
            .collect();
        let before = |other: usize| codes[..other].iter().map(move |one| (one, other));
        let pairs: Vec<_> = (0..codes.len()).flat_map(before).take(count).collect();
        let meeting = |act, it: usize| {
            let (one, other) = pairs[it];
            let [source, target] = [[one], [&codes[other]]];
            json!({"act": act, "meeting": name(it), "source": source, "target": target, "tone": null})
        };
        begun_and_over(count, |it| {
            ["meeting_proposed", "meeting_held"].map(|act| meeting(act, it))
        })
    }),
];

/// A name that does not stand in the order in which it comes up.
fn name(number: usize) -> String {
    format!("n{:05}", number * 7_919 % 20_011)
}

/// So many events, each right before another.
fn begun_and_over(count: usize, both: impl Fn(usize) -> [Value; 2]) -> Vec<Value> {
    let both = |it| {
        let [begun, over] = both(it);
        [event(2 * it, &begun), event(2 * it + 1, &over)]
    };
    (0..count).flat_map(both).collect()
}

fn records(events: Vec<Value>) -> Vec<Record> {
    let drafts = events.into_iter().map(serde_json::from_value);
    drafts
        .map(|draft| written(draft.unwrap()).unwrap())
        .collect()
}

#[test]
fn what_is_over_takes_no_time_of_what_comes_later() {
    let model = Model::default();
    for (what, past) in PASTS {
        let past = |count| records(past(count));
        grows_with(OVER, &format!("a fold of {what}"), past, |records| {
            let mut fold = Fold::new(&model);
            for record in records {
                fold.apply(record);
            }
            let folded = fold.finish(None);
            let dyads: Vec<_> = folded.world.dyads().iter().map(|it| it.1).collect();
            let stands = Standings::new(&folded, &dyads, &model);
            assert!(stands.dyads.iter().any(|it| it.temperature != 0.0));
        });
        grows_with(OVER, &format!("why of {what}"), past, |records| {
            let course = Course::new(records);
            let end = course.right_after(records.len() - 1).unwrap();
            let dyad = course.busiest(end).unwrap();
            let mut inquiry = Inquiry::new(&course, &model, dyad, end);
            let options = LedgerOptions {
                top: Some(2),
                ..LedgerOptions::default()
            };
            let rows = LedgerRows::new("it", &mut inquiry, options).unwrap();
            assert!(rows.rows.len() > 2);
        });
    }
}
