//! The explorer in a real browser: everything that a person can do there is done by clicks and
//! keys, and looked at in the page and in the file that was saved. Pictures are left in
//! `target/browser/`.

use crate::chromium::Chromium;
use crate::leave;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A program that serves, and the folder that it was started in.
struct Explorer {
    process: Child,
    page: String,
    show: String,
    folder: TempDir,
}

impl Drop for Explorer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
}

/// Starts the explorer on a history, in a folder with copies of some scenarios that ship.
fn explore(history: &str, options: &[&str]) -> Explorer {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "no-call.json",
        "summit-by-chance.json",
        "two-year-thaw.json",
    ] {
        std::fs::copy(shipped(name), folder.path().join(name)).unwrap();
    }
    begun(folder, history, options)
}

fn begun(folder: TempDir, history: &str, options: &[&str]) -> Explorer {
    let mut process = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["explore", history, "--no-browser"])
        .args(options)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut address = || {
        let line = lines.find(|line| line.as_ref().unwrap().starts_with("  http"));
        line.unwrap().unwrap().trim().to_owned()
    };
    let (page, show) = (address(), address());
    Explorer {
        process,
        page,
        show,
        folder,
    }
}

fn opened(explorer: &Explorer, width: u32, scheme: &str) -> Chromium {
    let mut browser = Chromium::start();
    browser.resize(width, scheme);
    browser.visit(&explorer.page);
    browser
}

/// Does something and waits until the page has answered.
fn act(browser: &mut Chromium, what: &str) {
    browser.value(what);
    settled(browser);
}

fn settled(browser: &mut Chromium) {
    browser.value(
        "new Promise((done) => { const look = () => document.body.classList.contains('busy') ? setTimeout(look, 5) \
         : requestAnimationFrame(() => document.body.classList.contains('busy') ? setTimeout(look, 5) : setTimeout(() => done(true), 0)); setTimeout(look, 0); })",
    );
}

fn text(browser: &mut Chromium, id: &str) -> String {
    let found = browser.value(&format!("document.getElementById('{id}').textContent"));
    found.as_str().unwrap().to_owned()
}

fn click(browser: &mut Chromium, id: &str) {
    act(browser, &format!("document.getElementById('{id}').click()"));
}

/// Gives a field a value as a person would.
fn fill(browser: &mut Chromium, id: &str, value: &str) {
    act(
        browser,
        &format!(
            "(() => {{ const it = document.getElementById('{id}'); it.value = '{value}'; it.dispatchEvent(new Event('input', {{bubbles: true}})); it.dispatchEvent(new Event('change', {{bubbles: true}})); }})()"
        ),
    );
}

#[track_caller]
fn quiet(browser: &Chromium, explorer: &Explorer) {
    let root = explorer.page.split("/page/").next().unwrap();
    for request in &browser.requests {
        assert!(request.starts_with(root), "{request} leaves the machine");
    }
    assert_eq!(browser.console, Vec::<String>::new());
}

/// The reading of the day that is looked at, in degrees.
fn reading(browser: &mut Chromium) -> String {
    text(browser, "reading")
        .replace('−', "-")
        .replace(" degrees", "")
}

/// What `detente run` says of a file at the end, between two sides.
fn played(explorer: &Explorer, file: &str, dyad: &str) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["run", file, "--format", "json"])
        .current_dir(explorer.folder.path())
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let run: Value = serde_json::from_slice(&run.stdout).unwrap();
    let all = run["state"]["dyads"].as_array().unwrap();
    let row = all.iter().find(|row| row["dyad"] == json!(dyad)).unwrap();
    format!("{:.2}", row["temperature"].as_f64().unwrap())
}

#[test]
fn a_page_fits_every_width_in_light_and_dark_and_has_nothing_to_say_on_the_console() {
    let explorer = explore("recorded", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    click(&mut browser, "on-us-ru-call");
    for scheme in ["light", "dark"] {
        for width in [400, 768, 1280] {
            browser.resize(width, scheme);
            let wide = browser.value("document.documentElement.scrollWidth");
            leave(
                &format!("explorer-{width}-{scheme}.png"),
                &browser.picture(),
            );
            assert_eq!(wide, json!(width), "it is as wide as the window");
        }
    }
    quiet(&browser, &explorer);
}

#[test]
fn a_history_is_walked_through_by_slider_buttons_and_keys() {
    let explorer = explore("recorded", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    assert_eq!(reading(&mut browser), "-1.40");
    click(&mut browser, "event-before");
    assert_eq!(text(&mut browser, "state-day"), "2017-01-20");
    click(&mut browser, "event-after");
    click(&mut browser, "day-after");
    assert_eq!(text(&mut browser, "state-day"), "2017-01-29");
    browser.value("document.getElementById('slider').focus()");
    browser.press("ArrowRight", 39);
    settled(&mut browser);
    assert_eq!(text(&mut browser, "state-day"), "2017-01-30");
    assert_eq!(
        browser.value("document.activeElement.id"),
        json!("slider"),
        "the focus stays where it was"
    );
    fill(&mut browser, "day", "2015-06-01");
    assert!(text(&mut browser, "state").contains("crimea-sanctions"));
    let lines = browser.value("document.querySelectorAll('path.at').length");
    assert!(
        lines.as_u64().unwrap() > 0,
        "the cursor stands in the chart"
    );
    browser.value("document.getElementById('why').open = true");
    settled(&mut browser);
    settled(&mut browser);
    assert!(text(&mut browser, "why-parts").contains("Shares add up"));
    fill(&mut browser, "dyad", "EU-RUS");
    assert!(text(&mut browser, "state").contains("European Union"));
    quiet(&browser, &explorer);
}

#[test]
fn a_call_is_dropped_a_meeting_moved_sanctions_lifted_undone_and_saved_to_the_same_numbers() {
    let explorer = explore("recorded", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    let before = browser.value("document.querySelector('.wide svg').outerHTML");
    click(&mut browser, "on-us-ru-call");
    assert!(text(&mut browser, "say").contains("does not happen"));
    assert_eq!(reading(&mut browser), "-2.66");
    let after = browser.value("document.querySelector('.wide svg').outerHTML");
    assert_ne!(before, after, "the curve is another");
    assert_eq!(
        browser.value("document.activeElement.id"),
        json!(""),
        "a click by script moves no focus"
    );
    // Let it happen, but a month later.
    click(&mut browser, "on-us-ru-call");
    fill(&mut browser, "day-us-ru-call", "2017-02-28");
    assert!(text(&mut browser, "say").contains("2017-02-28"));
    // Sanctions are lifted: the form has the fields of the act.
    click(&mut browser, "insert");
    fill(&mut browser, "cell-act", "sanctions_lifted");
    fill(&mut browser, "cell-date", "2017-06-01");
    fill(&mut browser, "cell-title", "The sanctions are lifted");
    for (actor, on) in [
        ("source-USA", true),
        ("source-RUS", false),
        ("target-RUS", true),
        ("target-USA", false),
    ] {
        browser.value(&format!(
            "document.getElementById('{actor}').checked = {on}"
        ));
    }
    let options = browser
        .value("[...document.querySelectorAll('#known-measure option')].map((it) => it.value)");
    assert!(
        options
            .as_array()
            .unwrap()
            .contains(&json!("crimea-sanctions")),
        "{options}"
    );
    leave("explorer-form.png", &browser.picture());
    // Without its measure the act says what it needs, in the form.
    click(&mut browser, "write");
    assert_eq!(
        browser.value("document.getElementById('form').open"),
        json!(true)
    );
    let form = text(&mut browser, "form");
    let said = text(&mut browser, "say");
    assert!(form.contains("needs"), "{said} {:?}", browser.console);
    fill(&mut browser, "cell-measure", "crimea-sanctions");
    click(&mut browser, "write");
    assert_eq!(
        browser.value("document.getElementById('form').open"),
        json!(false)
    );
    assert!(text(&mut browser, "changes").contains("The sanctions are lifted"));
    let with = text(&mut browser, "say");
    click(&mut browser, "undo");
    assert!(!text(&mut browser, "events").contains("The sanctions are lifted"));
    click(&mut browser, "redo");
    assert_eq!(text(&mut browser, "say"), with);
    fill(&mut browser, "title", "Later, and without sanctions");
    fill(&mut browser, "save-name", "mine");
    click(&mut browser, "save-now");
    std::thread::sleep(std::time::Duration::from_millis(300));
    settled(&mut browser);
    let said = text(&mut browser, "say");
    assert!(said.contains("Saved as mine.json"), "{said}");
    let last = browser.value("document.getElementById('until').value");
    fill(&mut browser, "day", last.as_str().unwrap());
    assert_eq!(
        reading(&mut browser),
        played(&explorer, "mine.json", "RUS-USA")
    );
    quiet(&browser, &explorer);
}

#[test]
fn the_keyboard_alone_drops_an_event_and_takes_it_back() {
    let explorer = explore("recorded", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    let reached = (0..120).any(|_| {
        browser.press("Tab", 9);
        browser.value("document.activeElement.id") == json!("on-us-ru-call")
    });
    assert!(reached, "Tab comes to the switch");
    browser.press(" ", 32);
    browser.ask(
        "Input.dispatchKeyEvent",
        &json!({"type": "char", "text": " "}),
    );
    settled(&mut browser);
    assert_eq!(
        browser.value("document.getElementById('on-us-ru-call').checked"),
        json!(false)
    );
    assert_eq!(
        browser.value("document.activeElement.id"),
        json!("on-us-ru-call"),
        "the focus stays on what was switched"
    );
    for kind in ["rawKeyDown", "keyUp"] {
        browser.ask(
            "Input.dispatchKeyEvent",
            &json!({"type": kind, "key": "z", "code": "KeyZ", "windowsVirtualKeyCode": 90, "modifiers": 2}),
        );
    }
    settled(&mut browser);
    assert_eq!(
        browser.value("document.getElementById('on-us-ru-call').checked"),
        json!(true)
    );
    quiet(&browser, &explorer);
}

#[test]
fn knobs_are_turned_and_branches_pinned_side_by_side() {
    let explorer = explore("no-call.json", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    fill(&mut browser, "pin-name", "No call");
    act(
        &mut browser,
        "document.querySelector('#pin button').click()",
    );
    fill(&mut browser, "slide-half_life_deeds_days", "1000");
    assert_eq!(
        browser.value("document.getElementById('set-half_life_deeds_days').value"),
        json!("1000")
    );
    fill(&mut browser, "slide-half_life_deeds_days", "900");
    let steps = browser.value("document.querySelectorAll('.changes li').length");
    assert_eq!(steps, json!(2), "turning a knob is one change");
    let names = text(&mut browser, "pins");
    assert!(
        names.contains("No call") && names.contains("Side by side"),
        "{names}"
    );
    fill(&mut browser, "set-gain", "seven");
    assert!(text(&mut browser, "say").contains("a number"));
    leave("explorer-pins.png", &browser.picture());
    act(&mut browser, "document.getElementById('unpin-0').click()");
    assert!(!text(&mut browser, "pins").contains("Unpin"));
    quiet(&browser, &explorer);
}

#[test]
fn chance_is_played_stopped_and_decided_by_hand() {
    let explorer = explore("summit-by-chance.json", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    let wait = "new Promise((done) => { const look = () => /1000+ runs/.test(document.getElementById('fan').textContent) ? done(true) : setTimeout(look, 30); look(); })";
    browser.value(wait);
    assert!(text(&mut browser, "fan").contains("How much of what varies"));
    leave("explorer-chance.png", &browser.picture());
    browser.value("document.getElementById('runs').value = '1000000'");
    browser.value("document.getElementById('play-runs').click()");
    browser.value("new Promise((done) => setTimeout(done, 400))");
    browser.value("document.getElementById('stop-runs').click()");
    let stopped = "new Promise((done) => { const look = () => /Stopped after/.test(document.getElementById('runs-say').textContent) ? done(true) : setTimeout(look, 30); look(); })";
    browser.value(stopped);
    let chosen = browser.value("(() => { const it = document.querySelector('#chance input[data-option]'); it.click(); return it.dataset.option; })()");
    settled(&mut browser);
    let said = text(&mut browser, "say");
    assert!(said.contains(chosen.as_str().unwrap()), "{said}");
    quiet(&browser, &explorer);
}

#[test]
fn a_projector_follows_along_without_controls() {
    let explorer = explore("recorded", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    let mut projector = Chromium::start();
    projector.resize(1280, "dark");
    projector.visit(&explorer.show);
    click(&mut browser, "on-us-ru-call");
    let follows = "new Promise((done) => { const look = () => /does not happen/.test(document.getElementById('shown').textContent) ? done(true) : setTimeout(look, 20); look(); })";
    projector.value(follows);
    let controls = projector.value("[...document.querySelectorAll('button, input, select')].filter((it) => it.getClientRects().length).length");
    assert_eq!(controls, json!(0));
    leave("explorer-show.png", &projector.picture());
    quiet(&projector, &explorer);
    quiet(&browser, &explorer);
}

#[test]
fn work_that_was_not_saved_is_offered_again_in_the_browser() {
    let explorer = explore("no-call.json", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    fill(&mut browser, "title", "Worth keeping");
    browser.value("new Promise((done) => setTimeout(done, 900))");
    let folder = tempfile::tempdir().unwrap();
    for name in ["no-call.json", ".no-call.session"] {
        std::fs::copy(explorer.folder.path().join(name), folder.path().join(name)).unwrap();
    }
    drop(explorer);
    click(&mut browser, "redo");
    fill(&mut browser, "title", "Nobody hears this");
    let said = text(&mut browser, "say");
    assert!(said.contains("does not answer"), "{said}");
    let again = begun(folder, "no-call.json", &[]);
    let mut browser = opened(&again, 1280, "light");
    assert!(text(&mut browser, "offer").contains("unsaved work"));
    click(&mut browser, "resume");
    assert!(text(&mut browser, "head").contains("Worth keeping"));
    quiet(&browser, &again);
}

/// What a person waits for, from the click to the painted figure.
#[test]
fn a_change_is_seen_at_once() {
    let log = ten_thousand();
    let mut told = String::new();
    for (history, event) in [
        ("recorded", "us-ru-call"),
        ("two-year-thaw.json", ""),
        (log.1.to_str().unwrap(), "made-up-5000"),
    ] {
        let explorer = explore(history, &[]);
        let mut browser = opened(&explorer, 1280, "light");
        browser.value("new Promise((done) => setTimeout(done, 3000))");
        let switch = if event.is_empty() {
            "[...document.querySelectorAll('[data-switch]')].filter((it) => !it.disabled).pop()"
                .to_owned()
        } else {
            "[...document.querySelectorAll('[data-switch]')].filter((it) => !it.disabled)[3]"
                .to_owned()
        };
        let measure = format!(
            "(async () => {{ const times = []; for (let turn = 0; turn < 12; turn += 1) {{ const it = {switch}; \
             const begun = performance.now(); it.click(); \
             await new Promise((done) => {{ const seen = new MutationObserver(() => {{ seen.disconnect(); requestAnimationFrame(() => setTimeout(done, 0)); }}); \
             seen.observe(document.getElementById('picture'), {{ childList: true }}); }}); \
             times.push(performance.now() - begun); while (document.body.classList.contains('busy')) await new Promise((done) => setTimeout(done, 5)); }} \
             times.sort((one, other) => one - other); return times[6]; }})()"
        );
        let median = browser.value(&measure).as_f64().unwrap();
        let name = Path::new(history).file_name().unwrap().to_string_lossy();
        let line = format!("{name}: {median:.0} ms from the click to the painted figure\n");
        told.push_str(&line);
        assert!(median < 20_000.0, "{name}: {median}");
    }
    std::io::Write::write_all(&mut std::io::stdout(), told.as_bytes()).unwrap();
    leave("explorer-times.txt", told.as_bytes());
}

/// A log of 10,000 made-up events.
fn ten_thousand() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let [input, log] = ["events.jsonl", "log.jsonl"].map(|name| directory.path().join(name));
    std::fs::write(&input, crate::made_up_events(10_000)).unwrap();
    let append = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["log", "append", "--recorded", "2017-03-01"])
        .args([&log, &input])
        .output()
        .unwrap();
    assert!(append.status.success());
    (directory, log)
}

/// What a well-kept checker of accessibility finds. `AXE` is the path of axe-core's `axe.min.js`,
/// which `.ci/run` fetches.
#[test]
fn nothing_serious_stands_in_the_way_of_a_screen_reader() {
    let Some(axe) = std::env::var_os("AXE") else {
        let says = b"skipped: AXE names no axe.min.js\n";
        std::io::Write::write_all(&mut std::io::stdout(), says).unwrap();
        return;
    };
    let script = std::fs::read_to_string(axe).unwrap();
    let explorer = explore("summit-by-chance.json", &[]);
    let mut found = Vec::new();
    let mut look = |browser: &mut Chromium, name: &str| {
        browser.value(&format!("{script}; 0"));
        let violations = browser.value(
            "axe.run(document, {resultTypes: ['violations']}).then((it) => it.violations.filter((one) => ['serious', 'critical'].includes(one.impact)) \
             .map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')))",
        );
        for one in violations.as_array().unwrap() {
            found.push(format!("{name}: {}", one.as_str().unwrap()));
        }
    };
    for scheme in ["light", "dark"] {
        let mut browser = opened(&explorer, 1280, scheme);
        fill(&mut browser, "pin-name", "One");
        act(
            &mut browser,
            "document.querySelector('#pin button').click()",
        );
        click(&mut browser, "on-us-ru-call");
        look(&mut browser, &format!("page, {scheme}"));
        click(&mut browser, "insert");
        look(&mut browser, &format!("form, {scheme}"));
        let mut projector = Chromium::start();
        projector.resize(1280, scheme);
        projector.visit(&explorer.show);
        look(&mut projector, &format!("show, {scheme}"));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The picture of the README and the guide, which is written anew with `README_UPDATE=1`: fonts are
/// other ones elsewhere, so that its bytes are not compared.
#[test]
fn a_picture_for_the_guide() {
    let explorer = explore("recorded", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    click(&mut browser, "on-us-ru-call");
    fill(&mut browser, "title", "The call never happens");
    fill(&mut browser, "day", "2017-02-28");
    browser.value("document.activeElement.blur(); scrollTo(0, 0)");
    let picture = browser.view();
    assert!(picture.len() > 10_000);
    leave("explorer.png", &picture);
    if std::env::var_os("README_UPDATE").is_some() {
        let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/figures");
        std::fs::write(guide.join("explorer.png"), &picture).unwrap();
    }
}

#[test]
fn a_scenario_is_played_by_hand_with_decisions_a_reason_and_an_inject() {
    let explorer = explore("summit-by-chance.json", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    click(&mut browser, "play");
    assert!(text(&mut browser, "events").contains("to come"));
    let ends = browser.value("document.querySelector('.wide .plot').dataset.last");
    click(&mut browser, "event-after");
    let later = browser.value("document.querySelector('.wide .plot').dataset.last");
    assert_ne!(ends, later, "the curve goes as far as the day");
    assert!(text(&mut browser, "state").contains("Decide what comes of"));
    leave("explorer-play.png", &browser.picture());
    act(
        &mut browser,
        "document.querySelector('[data-decide][data-option=cancelled]').click()",
    );
    assert!(text(&mut browser, "say").contains("cancelled"));
    fill(&mut browser, "reason", "The umpire says so");
    assert!(text(&mut browser, "changes").contains("The umpire says so"));
    click(&mut browser, "insert");
    fill(&mut browser, "cell-title", "An inject");
    click(&mut browser, "write");
    assert!(text(&mut browser, "events").contains("An inject"));
    fill(&mut browser, "save-name", "played");
    click(&mut browser, "save-now");
    browser.value("new Promise((done) => setTimeout(done, 500))");
    let last = browser.value("document.getElementById('until').value");
    fill(&mut browser, "day", last.as_str().unwrap());
    assert_eq!(
        reading(&mut browser),
        played(&explorer, "played.json", "RUS-USA")
    );
    click(&mut browser, "play");
    assert!(!text(&mut browser, "events").contains("to come"));
    quiet(&browser, &explorer);
}

#[test]
fn a_mark_is_dragged_to_another_day() {
    let explorer = explore("recorded", &[]);
    let mut browser = opened(&explorer, 1280, "light");
    let at = browser.value(
        "(() => { const marks = [...document.querySelectorAll('#curve .wide a.mark')]; const it = marks.find((one) => one.dataset.events === '3'); \
         it.scrollIntoView({block: 'center'}); const box = it.querySelector('path').getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()",
    );
    let [x, y] = [0, 1].map(|place| at[place].as_f64().unwrap());
    for (kind, x, buttons) in [
        ("mouseMoved", x, 0),
        ("mousePressed", x, 1),
        ("mouseMoved", x - 30.0, 1),
        ("mouseMoved", x - 60.0, 1),
        ("mouseReleased", x - 60.0, 0),
    ] {
        browser.ask(
            "Input.dispatchMouseEvent",
            &json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1}),
        );
    }
    settled(&mut browser);
    let said = text(&mut browser, "say");
    assert!(
        said.contains("Donald Trump takes office") && said.contains("happens on 2016-"),
        "{said}"
    );
    quiet(&browser, &explorer);
}

#[test]
fn a_history_of_a_few_days_and_one_of_many_pairs_are_looked_at() {
    for history in ["missile-crisis-1962", "irn-usa-2013-2020"] {
        let explorer = explore(history, &[]);
        let mut browser = opened(&explorer, 1280, "light");
        click(&mut browser, "event-before");
        leave(&format!("explorer-{history}.png"), &browser.picture());
        click(&mut browser, "insert");
        click(&mut browser, "close-form");
        assert!(text(&mut browser, "reading").contains("degrees"));
        quiet(&browser, &explorer);
    }
}
