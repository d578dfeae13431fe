//! The folder that is served: what is saved into it, what is kept there, and what may be read from
//! it.

use crate::error::{BadFile, Error, Result};
use crate::explore::{Kept, Session};
use crate::history::shipped;
use crate::json::{self, Dialect};
use crate::scenario::ScenarioFile;
use crate::store::{self, Replace, WholeFile, allow_writing};
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

/// The longest name of a file, in bytes.
const NAME_BYTES: usize = 100;
/// How many scenarios may be each other's base.
const BASES: usize = 64;
/// With what a kept session begins.
const KEPT: &str = "{\"explored\":";
/// The longest session that is taken up again, in bytes.
const KEPT_BYTES: u64 = 256 << 20;

/// A folder, and the name under which the session in it is kept.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    key: String,
}

impl Folder {
    /// The folder of what is opened.
    pub(super) fn of(path: &Path, key: &str) -> Self {
        let path = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        Self {
            path,
            key: key.to_owned(),
        }
    }

    /// The same folder, for what else was opened.
    pub(super) fn keyed(&self, key: &str) -> Self {
        Self {
            path: self.path.clone(),
            key: key.to_owned(),
        }
    }

    fn kept_path(&self) -> PathBuf {
        self.path.join(format!(".{}.session", self.key))
    }

    /// What was kept of an earlier session, if that can be read.
    pub(super) fn kept(&self) -> Option<Kept> {
        let path = self.kept_path();
        let found = path.symlink_metadata().ok()?;
        if !found.is_file() || found.len() > KEPT_BYTES {
            return None;
        }
        let text = std::fs::read_to_string(&path).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Keeps a session.
    pub(super) fn keep(&self, kept: &Kept) -> Result<()> {
        let mut text = serde_json::to_string(kept).map_err(|error| BadFile::Io {
            doing: "write the session",
            error: error.into(),
        })?;
        text.push('\n');
        let path = self.kept_path();
        allow_writing(&path);
        WholeFile::write(&path, Replace::Own(is_kept, false), text.as_bytes())
    }

    /// Takes away what is kept.
    pub(super) fn forget(&self) {
        let path = self.kept_path();
        let is_own = std::fs::File::open(&path)
            .is_ok_and(|file| is_kept(&mut io::BufReader::new(file)).unwrap_or(false));
        if is_own {
            let _ = std::fs::remove_file(path);
        }
    }

    /// The path of a name in the folder, which is just a name.
    fn named(&self, name: &str) -> Result<PathBuf, String> {
        let name = name.trim();
        let name = name.strip_suffix(".json").unwrap_or(name);
        let is_odd = |letter: char| letter.is_control() || "/\\:*?\"<>|".contains(letter);
        if name.is_empty() || name.starts_with('.') || name.contains(is_odd) {
            return Err(
                "A file needs a plain name, without / \\ : * ? \" < > | and no dot at its beginning."
                    .to_owned(),
            );
        }
        if name.len() > NAME_BYTES {
            return Err(format!("A name has {NAME_BYTES} bytes at most."));
        }
        Ok(self.path.join(format!("{name}.json")))
    }

    /// Saves the present file of a session under a name, and returns what it is called. Only the
    /// file that the session opened or saved before is written over, and only as long as nobody
    /// else has changed it.
    pub(super) fn save(&self, session: &mut Session, name: &str) -> Result<String, String> {
        let path = self.named(name)?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let stem = stem.into_owned();
        let text = session.text();
        let replace = match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Replace::Never,
            Err(error) => return Err(format!("{stem}.json cannot be looked at: {error}")),
            Ok(found) if !found.is_file() => {
                return Err(format!("{stem}.json is no plain file; give another name."));
            }
            Ok(_) => {
                let is_own = session.name() == stem && session.text_on_disk().is_some();
                let there = std::fs::read_to_string(&path).ok();
                if !is_own {
                    return Err(format!(
                        "There is a file {stem}.json already; give another name."
                    ));
                }
                if there.as_deref() != session.text_on_disk() {
                    return Err(format!(
                        "{stem}.json was changed by somebody else meanwhile; give another name."
                    ));
                }
                allow_writing(&path);
                Replace::Asked(true)
            }
        };
        WholeFile::write(&path, replace, text.as_bytes()).map_err(|error| in_words(&error))?;
        session.saved_as(&stem, text);
        self.forget();
        Ok(format!("{stem}.json"))
    }

    /// Opens the text of a scenario as if it stood in the folder. Its base and theirs must lie in
    /// the folder, too.
    pub(super) fn open(&self, name: &str, text: &str) -> Result<Session, String> {
        let path = self.named(name)?;
        let folder = self
            .path
            .canonicalize()
            .map_err(|error| error.to_string())?;
        let mut at = text.to_owned();
        let mut from = self.path.clone();
        for _ in 0..BASES {
            let read = json::read::<ScenarioFile>(&at, Dialect::Commented);
            let Some(file) = read.value else { break };
            if shipped(&file.base).is_some() {
                break;
            }
            let base = from.join(&file.base);
            let found = base.canonicalize().ok();
            let Some(found) = found.filter(|found| found.starts_with(&folder)) else {
                return Err(format!(
                    "The base of this scenario, {}, is not in the folder that is served.",
                    crate::text::shown(&file.base)
                ));
            };
            if found.extension().is_some_and(|it| it == "jsonl") {
                break;
            }
            at = store::read_text(&found).map_err(|error| in_words(&error))?;
            from = found.parent().map(Path::to_owned).unwrap_or_default();
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let scenario = store::scenario_of(&path, text).map_err(|error| in_words(&error))?;
        Session::of_scenario(&stem, text, scenario).map_err(|error| in_words(&error))
    }
}

/// An error in a line for the page.
pub(super) fn in_words(error: &Error) -> String {
    error.to_string().replace('\n', " ")
}

/// Whether a file is a session that was kept.
fn is_kept(input: &mut dyn BufRead) -> io::Result<bool> {
    let mut head = vec![0; KEPT.len()];
    let mut read = 0;
    while read < head.len() {
        match input.read(&mut head[read..])? {
            0 => break,
            more => read += more,
        }
    }
    Ok(head == KEPT.as_bytes())
}
