//! The explorer in a real browser: everything that a person can do there is done by clicks and keys, and looked at in the
//! page and in the file that was saved. Pictures are left in `target/browser/`.

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

#[test]
fn a_look_at_every_width() {
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
