//! `detente test`: the story of each scenario against its golden file, for those who do not write
//! Rust.
//!
//! Golden files are those of insta: a header between two lines of `---`, then the text. Bodies are
//! compared, headers are not.

use crate::cli::args::Test;
use crate::cli::terminal::input;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::{BadScenario, Error, Result};
use crate::history::FAULT_LIMIT;
use crate::history::Names;
use crate::scenario::Luck;
use crate::store::{self, Document, Replace, WholeFile};
use crate::text::{count, shown};
use crate::view::{BranchStory, Follow, Look};
use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Golden files are the same whatever the terminal.
fn look() -> Look {
    Look {
        width: 100,
        colours: false,
        names: Names::none(),
    }
}

pub(crate) fn run(arguments: &Test, output: &mut Output) -> Result<Outcome> {
    if let Some(claims) = &arguments.claims {
        return super::claims::run(arguments, claims, output);
    }
    let paths = if arguments.scenarios.is_empty() {
        shipped()?
    } else {
        without_schemas(&arguments.scenarios, output)?
    };
    if paths.is_empty() {
        return Err(BadScenario::NoScenarios.into());
    }
    let goldens = goldens(&paths, &arguments.snapshots)?;
    let mut scenarios = input::scenarios(&paths, output)?;
    for (path, scenario) in paths.iter().zip(&mut scenarios) {
        scenario.name = name_in(&arguments.snapshots, path);
    }
    let (mut same, mut different) = (0, 0);
    for ((path, golden), scenario) in paths.iter().zip(&goldens).zip(&scenarios) {
        let seed = scenario.hazards.seed;
        let luck = Luck { seed, run: 0 };
        let mut text = String::new();
        BranchStory::new(scenario, luck, &Follow::Busiest)?.text(look(), |piece| {
            text += &piece;
            Ok(())
        })?;
        let before = golden.exists().then(|| golden_text(golden)).transpose()?;
        let before = before.as_deref().map(with_line_feeds);
        let before = before.as_deref().map(body);
        if before == Some(text.trim_end()) {
            same += 1;
            // A proposal from when it was different no longer proposes anything; there may be none.
            let _ = std::fs::remove_file(proposal(golden));
            output.line(&format!("same     {}", path.display()))?;
            continue;
        }
        different += 1;
        let name = golden.display().to_string();
        let now = format!("{}\n", text.trim_end());
        let Some(before) = before else {
            let lines = count(now.lines().count() as u64, "line");
            output.line(&format!("new      {}: {lines}", path.display()))?;
            if arguments.accept {
                write(golden, &scenario.name, &now, true)?;
            }
            continue;
        };
        output.line(&format!("differs  {}", path.display()))?;
        let difference = difference(before, &now);
        output.print(format!("--- {name}\n+++ now\n{difference}"))?;
        write(golden, &scenario.name, &now, arguments.accept)?;
    }
    if arguments.scenarios.is_empty() {
        tell_left(&arguments.snapshots, &goldens, output)?;
    }
    let taken = match (different, arguments.accept) {
        (0, _) => "",
        (_, true) => "; the new golden files were written",
        (_, false) => "; --accept takes them",
    };
    output.line(&format!(
        "{same} the same, {different} new or different{taken}"
    ))?;
    Ok(Outcome::fine_if(different == 0 || arguments.accept))
}

/// The lines that differ, each hunk with two lines around it.
fn difference(before: &str, now: &str) -> String {
    // What stands in a golden file is anybody's text.
    let visible = |text: &str| -> String { text.lines().map(|line| shown(line) + "\n").collect() };
    let (was, is) = (visible(before), visible(now));
    let lines = InternedInput::new(was.as_str(), is.as_str());
    let mut diff = Diff::compute(Algorithm::Myers, &lines);
    diff.postprocess_lines(&lines);
    let mut config = UnifiedDiffConfig::default();
    config.context_len(2);
    let printer = BasicLineDiffPrinter(&lines.interner);
    diff.unified_diff(&printer, config, &lines).to_string()
}

/// The golden file of each scenario; no two may have the same.
fn goldens(paths: &[PathBuf], folder: &Path) -> Result<Vec<PathBuf>> {
    let mut errors = Vec::new();
    let mut first: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    let mut goldens = Vec::new();
    for path in paths {
        let golden = folder.join(format!("run-{}.snap", stem(path)));
        if let Some(other) = first.insert(golden.clone(), path) {
            let (other, golden) = (other.display().to_string(), golden.display().to_string());
            let error = Error::from(BadScenario::SameGolden { other, golden });
            errors.push(error.in_file(&path.display().to_string()));
        }
        goldens.push(golden);
    }
    Error::all(errors, FAULT_LIMIT)?;
    Ok(goldens)
}

/// The text of a golden file. It is no input: what is accepted takes its place.
fn golden_text(golden: &Path) -> Result<String> {
    std::fs::read_to_string(golden).map_err(Error::io("read", golden))
}

/// What a scenario is called in its golden file, however its path is spelt and wherever one stands:
/// its path from the folder that the golden files are in, or from the one around that, with `/`
/// between names; its name alone where it is in neither.
fn name_in(snapshots: &Path, scenario: &Path) -> String {
    let name = || {
        scenario
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let folder = std::path::absolute(snapshots).ok();
    let around = folder.as_deref().and_then(Path::parent);
    let found = scenario.canonicalize().ok().and_then(|scenario| {
        let folders = [folder.as_deref(), around].into_iter().flatten();
        let canonical = folders.filter_map(|folder| folder.canonicalize().ok());
        let inside = canonical.map(|folder| scenario.strip_prefix(folder).ok().map(Path::to_owned));
        inside.flatten().next()
    });
    found.map_or_else(name, |path| {
        let names = path.iter().map(|name| name.to_string_lossy());
        names.collect::<Vec<_>>().join("/")
    })
}

/// How the line of a golden file's header begins that names its scenario.
const RUN: &str = "description: detente run ";

/// Names the golden files whose scenarios are gone, which nothing compares any longer.
fn tell_left(snapshots: &Path, compared: &[PathBuf], output: &mut Output) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(snapshots) else {
        return Ok(());
    };
    let mut left: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "snap"))
        // Other golden files may stand in the same folder.
        .filter(|path| stem(path).starts_with("run-"))
        .filter(|path| !compared.contains(path))
        .collect();
    left.sort();
    for path in left {
        let text = golden_text(&path)?;
        let mut header = text.lines().take_while(|line| !line.is_empty()).take(8);
        let scenario = header
            .find_map(|line| line.strip_prefix(RUN))
            .map(str::trim);
        let Some(scenario) = scenario.filter(|scenario| !scenario.contains(' ')) else {
            continue;
        };
        let around = snapshots.parent().unwrap_or(Path::new(""));
        let is_there = [around, snapshots]
            .iter()
            .any(|folder| folder.join(scenario).exists());
        if !is_there {
            output.line(&format!(
                "left     {}: its scenario {} is gone; remove it, or put the scenario back",
                path.display(),
                shown(scenario)
            ))?;
        }
    }
    Ok(())
}

/// A text without the marks that programs put at its start, and with line feeds at the ends of its
/// lines.
fn with_line_feeds(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace("\r\n", "\n")
}

/// Writes a golden file, or what it would be beside it.
fn write(golden: &Path, scenario: &str, body: &str, accept: bool) -> Result<()> {
    let header = format!("---\nsource: detente test\n{RUN}{scenario}\n---\n");
    let proposal = proposal(golden);
    if let Some(folder) = golden.parent() {
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    let to = if accept { golden } else { &proposal };
    WholeFile::write(
        to,
        Replace::Asked(true),
        format!("{header}{body}").as_bytes(),
    )?;
    if accept {
        // It may never have been there.
        let _ = std::fs::remove_file(proposal);
    }
    Ok(())
}

/// Where a golden file is proposed: where `cargo insta review` looks too.
fn proposal(golden: &Path) -> PathBuf {
    golden.with_extension("snap.new")
}

/// The files that are no JSON Schema, such as the one that an editor takes: a shell's `*.json`
/// names it too.
fn without_schemas(paths: &[PathBuf], output: &mut Output) -> Result<Vec<PathBuf>> {
    let mut scenarios = Vec::new();
    for path in paths {
        if path.is_file() && matches!(store::document(path), Ok(Document::Schema)) {
            let name = shown(&path.display().to_string());
            output.line(&format!(
                "passed   {name}: a JSON Schema, not a scenario; passed over"
            ))?;
        } else {
            scenarios.push(path.clone());
        }
    }
    Ok(scenarios)
}

/// The scenarios of the folder `scenarios`, in the order of their names.
fn shipped() -> Result<Vec<PathBuf>> {
    let folder = Path::new("scenarios");
    let failed = Error::io("list", folder);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(&failed)? {
        let path = entry.map_err(&failed)?.path();
        let is_scenario = path
            .extension()
            .is_some_and(|extension| extension == "json")
            && !stem(&path).ends_with(".schema");
        if is_scenario {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The text of a golden file without its header.
fn body(file: &str) -> &str {
    let after = |text: &str| text.find("\n---\n").map(|at| at + "\n---\n".len());
    let header = if file.starts_with("---\n") {
        after(file)
    } else {
        None
    };
    file[header.unwrap_or(0)..].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_do_not_count() {
        assert_eq!(body("---\nsource: a\n---\none\ntwo\n"), "one\ntwo");
        assert_eq!(body("one\n---\ntwo"), "one\n---\ntwo");
        assert_eq!(body(""), "");
    }
}
