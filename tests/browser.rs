//! A report in a real browser: it asks for nothing, says nothing on the console, overflows nowhere,
//! and does by mouse and keyboard what it promises. Pictures of it at each width are left in
//! `target/browser/`.
//!
//! `cargo test --features browser-tests --test browser` runs it; Chromium must be on the path.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod chromium;
mod explorer;

use chromium::{Chromium, base64};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const TAB: u32 = 9;
const ESCAPE: u32 = 27;
const LEFT: u32 = 37;
const RIGHT: u32 = 39;

/// A report of the recorded history, two branches and a scenario with chance.
fn report() -> (TempDir, PathBuf) {
    let histories = [
        "recorded",
        "scenarios/no-call.json",
        "scenarios/sanctions-lifted.json",
        "scenarios/summit-by-chance.json",
    ];
    made(&histories, &["--runs", "200", "--dyad", "RUS-USA"])
}

fn made(histories: &[&str], options: &[&str]) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("report.html");
    let run = Command::new(env!("CARGO_BIN_EXE_detente"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .arg("report")
        .args(histories)
        .args(options)
        .arg("-o")
        .arg(&file)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    (directory, file)
}

/// Where pictures are left to be looked at.
fn leave(name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

#[track_caller]
fn quiet(browser: &Chromium, file: &Path) {
    assert_eq!(
        browser.requests,
        [format!("file://{}", file.display())],
        "nothing else is asked for"
    );
    assert_eq!(browser.console, Vec::<String>::new());
}

#[test]
fn a_report_fits_every_width_in_light_and_dark_and_asks_for_nothing() {
    let (_directory, file) = report();
    let mut browser = Chromium::start();
    browser.resize(1920, "light");
    browser.open(&file);
    for scheme in ["light", "dark"] {
        for width in [360, 768, 1920] {
            browser.resize(width, scheme);
            let wide = browser.value("document.documentElement.scrollWidth");
            assert_eq!(wide, json!(width), "it is as wide as the window");
            let smallest = browser.value(
                "Math.min(...[...document.querySelectorAll('body *')].filter((it) => it.getClientRects().length \
                 && [...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())).map((it) => { \
                 const svg = it.ownerSVGElement; const scale = svg ? svg.getScreenCTM().a : 1; \
                 return parseFloat(getComputedStyle(it).fontSize) * scale; }))",
            );
            assert!(
                smallest.as_f64().unwrap() >= 11.0,
                "{smallest} pixels at {width}"
            );
            let outside = browser.value(
                "[...document.querySelectorAll('svg text')].filter((it) => it.getClientRects().length).filter((it) => { \
                 const [own, whole] = [it, it.ownerSVGElement].map((each) => each.getBoundingClientRect()); \
                 return own.left < whole.left - 1 || own.right > whole.right + 1 || own.bottom > whole.bottom + 1; \
                 }).map((it) => it.textContent)",
            );
            assert_eq!(
                outside,
                json!([]),
                "no text runs out of its figure at {width}"
            );
            let clipped = browser.value(
                "[...document.querySelectorAll('g[clip-path] text')].filter((it) => it.getClientRects().length).filter((it) => { \
                 const clip = document.getElementById(it.closest('g[clip-path]').getAttribute('clip-path').slice(5, -1)).firstElementChild; \
                 const own = it.getBBox(); const [left, width] = ['x', 'width'].map((name) => +clip.getAttribute(name)); \
                 return own.x < left - 1 || own.x + own.width > left + width + 1; }).map((it) => it.textContent)",
            );
            assert_eq!(clipped, json!([]), "no text is cut off at {width}");
            leave(&format!("report-{width}-{scheme}.png"), &browser.picture());
        }
    }
    quiet(&browser, &file);
}

#[test]
fn numbers_of_marks_do_not_overlap_even_where_many_events_share_a_day() {
    let (_directory, file) = report();
    let mut browser = Chromium::start();
    for width in [360, 1920] {
        browser.resize(width, "light");
        browser.open(&file);
        let overlapping = browser.value(
            "[...document.querySelectorAll('svg')].filter((it) => it.getClientRects().length).flatMap((svg) => { \
             const labels = [...svg.querySelectorAll('.mark text')].map((it) => [it.textContent, it.getBoundingClientRect()]); \
             return labels.flatMap(([text, own], place) => labels.slice(0, place).filter(([, other]) => \
             own.left < other.right && other.left < own.right && own.top + 2 < other.bottom - 2 && other.top + 2 < own.bottom - 2) \
             .map(([other]) => text + ' on ' + other)); })",
        );
        assert_eq!(overlapping, json!([]), "at {width}");
    }
}

#[test]
fn a_branch_is_switched_off_and_on_and_what_is_shared_stays() {
    let (_directory, file) = report();
    let mut browser = Chromium::start();
    browser.resize(1280, "light");
    browser.open(&file);
    let seen = |browser: &mut Chromium, shapes: &str| {
        let count = format!(
            "[...document.querySelectorAll('svg {shapes}')].filter((it) => it.getClientRects().length).length"
        );
        browser.value(&count).as_u64().unwrap()
    };
    let (of_first, of_second, past) = (
        seen(&mut browser, ".of-1"),
        seen(&mut browser, ".of-2"),
        seen(&mut browser, ".past"),
    );
    assert!(of_first > 0 && of_second > 0 && past > 0);
    browser.value("document.querySelector('input[data-of=\"2\"]').click()");
    assert_eq!(seen(&mut browser, ".of-2"), 0);
    assert_eq!(seen(&mut browser, ".of-1"), of_first);
    browser.value("document.querySelector('input[data-of=\"1\"]').click()");
    assert_eq!(seen(&mut browser, ".of-1"), 0);
    assert_eq!(seen(&mut browser, ".past"), past, "others share it");
    browser.value("document.querySelector('input[data-of=\"2\"]').click()");
    assert_eq!(seen(&mut browser, ".of-2"), of_second);
    quiet(&browser, &file);
}

#[test]
fn the_keyboard_reaches_the_marks_and_shows_their_cards() {
    let (_directory, file) = report();
    let mut browser = Chromium::start();
    browser.resize(1280, "light");
    browser.open(&file);
    let is_on_a_mark = "document.activeElement.classList.contains('mark')";
    let reached = (0..80).any(|_| {
        browser.press("Tab", TAB);
        browser.value(is_on_a_mark) == json!(true)
    });
    assert!(reached, "Tab comes to a mark");
    let card = "(document.querySelector('.card') || {textContent: ''}).textContent";
    let first = browser.value(card);
    let first = first.as_str().unwrap();
    for part in [
        "2014-03-18",
        "Russia annexes Crimea",
        "News report",
        "RUS-USA −0.71",
    ] {
        assert!(first.contains(part), "{part} in {first}");
    }
    browser.press("ArrowRight", RIGHT);
    let second = browser.value(card);
    assert!(second.as_str().unwrap().contains("sanctions"), "{second}");
    leave("card.png", &browser.picture());
    browser.press("ArrowLeft", LEFT);
    assert_eq!(browser.value(card), json!(first));
    browser.press("Escape", ESCAPE);
    assert_eq!(browser.value(card), json!(""));
    quiet(&browser, &file);
}

#[test]
fn a_span_is_zoomed_to_in_every_chart_over_time_and_back_to_the_byte() {
    let (_directory, file) = report();
    let mut browser = Chromium::start();
    browser.resize(1280, "light");
    browser.open(&file);
    let drawn = "[...document.querySelectorAll('.plot')].map((it) => it.outerHTML).join()";
    let before = browser.value(drawn);
    browser.value("document.getElementById('from').value = '2017-01-15'; document.getElementById('to').value = '2017-03-15'; document.getElementById('zoom').click()");
    let first = browser.value("document.querySelector('.wide .plot .ticks text').textContent");
    assert!(first.as_str().unwrap().starts_with("2017-0"), "{first}");
    let beyond = browser.value("document.querySelectorAll('.wide .mark.beyond').length");
    assert!(
        beyond.as_u64().unwrap() > 0,
        "marks of other years are out of sight"
    );
    leave("zoomed.png", &browser.picture());
    browser.value("document.getElementById('whole').click()");
    let plain = "[...document.querySelectorAll('.plot')].map((it) => it.outerHTML).join().replace(/ transform=\"translate\\(0 0\\)\"/g, '')";
    let after = browser.value(plain);
    let before = before
        .as_str()
        .unwrap()
        .replace(" transform=\"translate(0 0)\"", "");
    assert_eq!(after.as_str().unwrap(), before);
    quiet(&browser, &file);
}

/// So many made-up events between the two.
fn made_up_events(number: u32) -> String {
    let events = (0..number).map(|place| {
        let day = place * 1_800 / number;
        let date = format!(
            "{}-{:02}-{:02}",
            2011 + day / 360,
            day % 360 / 30 + 1,
            day % 28 + 1
        );
        let code = ["042", "112", "057", "190", "111"][place as usize % 5];
        let parties = "\"source\":[\"USA\"],\"target\":[\"RUS\"],\"act\":\"coded\"";
        format!(
            "{{\"id\":\"made-up-{place}\",\"date\":\"{date}\",{parties},\"code\":\"{code}\"}}\n"
        )
    });
    events.collect()
}

#[test]
fn of_ten_thousand_events_a_page_of_the_table_is_shown_and_a_mark_leads_to_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let [input, log] = ["events.jsonl", "log.jsonl"].map(|name| directory.path().join(name));
    std::fs::write(&input, made_up_events(10_000)).unwrap();
    let append = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["log", "append", "--recorded", "2017-03-01"])
        .args([&log, &input])
        .output()
        .unwrap();
    assert!(append.status.success());
    let (_directory, file) = made(&[log.to_str().unwrap()], &[]);
    let mut browser = Chromium::start();
    browser.resize(1280, "light");
    browser.open(&file);
    let seen = "[...document.querySelectorAll('.events tbody tr')].filter((it) => it.getClientRects().length).map((it) => it.id)";
    let ids = browser.value(seen);
    let ids = ids.as_array().unwrap();
    assert_eq!([ids.len(), 50], [50, ids.len()]);
    assert_eq!(ids[0], json!("event-1"));
    browser.value("document.querySelector('.events .pager button + button').click()");
    assert_eq!(browser.value(seen)[0], json!("event-51"));
    let last = browser.value("(() => { const marks = document.querySelectorAll('.wide .mark'); const mark = marks[marks.length - 1]; mark.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })); return mark.dataset.events.split(' ')[0]; })()");
    let shown = browser.value(&format!(
        "document.getElementById('event-{}').getClientRects().length",
        last.as_str().unwrap()
    ));
    assert_eq!(
        shown,
        json!(1),
        "the mark's event is on the page of the table that is shown"
    );
    leave("ten-thousand.png", &browser.picture());
    // Told, and held to nothing: a machine may be busy.
    let times = browser.value(
        "new Promise((done) => { \
         const loaded = Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd); \
         const frames = []; let before = performance.now(); let y = 0; \
         const step = (now) => { \
         frames.push(now - before); before = now; y += 120; scrollTo(0, y); \
         if (frames.length < 90) { requestAnimationFrame(step); return; } \
         frames.sort((one, other) => one - other); \
         done(`loaded after ${loaded} ms; a frame while scrolling takes ${frames[45]} ms, 19 of 20 at most ${frames[85]} ms\\n`); \
         }; requestAnimationFrame(step); })",
    );
    leave("times.txt", times.as_str().unwrap().as_bytes());
    quiet(&browser, &file);
}

#[test]
fn without_a_script_everything_is_there_and_it_prints() {
    let (_directory, file) = report();
    let mut browser = Chromium::start();
    browser.resize(1280, "light");
    browser.ask(
        "Emulation.setScriptExecutionDisabled",
        &json!({"value": true}),
    );
    browser.open(&file);
    let seen = "[...document.querySelectorAll('.events tbody tr')].every((it) => it.getClientRects().length > 0)";
    assert_eq!(browser.value(seen), json!(true));
    assert_eq!(
        browser.value("document.getElementById('tools').hidden"),
        json!(true)
    );
    let pdf = browser.ask("Page.printToPDF", &json!({"printBackground": true}));
    let pdf = base64(pdf["data"].as_str().unwrap());
    assert!(pdf.starts_with(b"%PDF"));
    leave("report.pdf", &pdf);
    quiet(&browser, &file);
}
