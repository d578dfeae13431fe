//! The folder that is served: what is saved into it, what is kept there, and what may be read from
//! it.

use crate::error::{Error, Result};
use crate::explore::{Kept, Session};
use crate::history::shipped;
use crate::json::{self, Dialect, of_bytes};
use crate::scenario::ScenarioFile;
use crate::store::{self, Replace, WholeFile, allow_writing};
use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The longest name of a file, in bytes.
const NAME_BYTES: usize = 100;
/// How many scenarios may be each other's base.
const BASES: usize = 64;
/// With what a kept session begins.
const KEPT: &str = "{\"explored\":";
/// The longest session that is taken up again, in bytes.
const KEPT_BYTES: u64 = 256 << 20;

/// How many sessions may be set aside under one name.
const ASIDE: u32 = 1000;

/// A folder, and the session that is kept in it.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    keeping: Arc<Mutex<Keeping>>,
}

/// Under which name a session is kept, and what is known of that file.
#[derive(Debug)]
struct Keeping {
    key: String,
    /// What this process wrote last.
    written: Option<Vec<u8>>,
    /// What it found and offers.
    offered: Option<Vec<u8>>,
}

impl Keeping {
    fn of(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            written: None,
            offered: None,
        }
    }

    /// Whether what stands there may be written over or taken away.
    fn is_own(&self, there: &Vec<u8>, spares_earlier: bool) -> bool {
        let is_offer = self.offered.as_ref() == Some(there);
        self.written.as_ref() == Some(there) || (is_offer && !spares_earlier)
    }
}

impl Folder {
    /// The folder of what is opened.
    pub(super) fn of(path: &Path, key: &str) -> Self {
        let path = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let keeping = Arc::new(Mutex::new(Keeping::of(key)));
        Self { path, keeping }
    }

    /// The same folder, for what else was opened.
    pub(super) fn keyed(&self, key: &str) -> Self {
        Self {
            path: self.path.clone(),
            keeping: Arc::new(Mutex::new(Keeping::of(key))),
        }
    }

    fn keeping(&self) -> MutexGuard<'_, Keeping> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept_path(&self, key: &str) -> PathBuf {
        self.path.join(format!(".{key}.session"))
    }

    /// What was kept of an earlier session: nothing where there is none, an error where there is
    /// one that cannot be read.
    pub(super) fn kept(&self) -> Result<Option<Kept>, String> {
        let mut keeping = self.keeping();
        let path = self.kept_path(&keeping.key);
        let Some(bytes) = plain(&path)? else {
            return Ok(None);
        };
        let kept = of_bytes(&bytes);
        let kept = kept.map_err(|error| format!("{}: {error}", path.display()))?;
        keeping.offered = Some(bytes);
        Ok(Some(kept))
    }

    /// Keeps a session, over nothing but what was kept of this one: what else stands there is set
    /// aside, and where that is, is returned.
    pub(super) fn keep(
        &self,
        kept: &Kept,
        spares_earlier: bool,
    ) -> Result<Option<PathBuf>, String> {
        let mut text = serde_json::to_vec(kept).map_err(|error| error.to_string())?;
        text.push(b'\n');
        let mut keeping = self.keeping();
        let path = self.kept_path(&keeping.key);
        let mut aside = None;
        if let Some(there) = plain(&path)?
            && !keeping.is_own(&there, spares_earlier)
        {
            aside = Some(set_aside(&path)?);
        }
        allow_writing(&path);
        WholeFile::write(&path, Replace::Recognised(is_kept), &text)
            .map_err(|error| in_words(&error))?;
        keeping.written = Some(text);
        Ok(aside)
    }

    /// Takes away what was kept of this session, and what was offered of an earlier one unless it
    /// still is.
    pub(super) fn forget(&self, spares_earlier: bool) {
        let keeping = self.keeping();
        let path = self.kept_path(&keeping.key);
        if let Ok(Some(there)) = plain(&path)
            && keeping.is_own(&there, spares_earlier)
        {
            let _ = std::fs::remove_file(path);
        }
    }

    /// From now on the session is kept under another name.
    fn key_anew(&self, key: &str) {
        let mut keeping = self.keeping();
        if keeping.key != key {
            *keeping = Keeping::of(key);
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
    /// else has changed it, and nothing that is drawn there was decided by hand.
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
                if let Some(lost) = session.would_lose() {
                    return Err(format!(
                        "{stem}.json would lose {lost}, which was decided by hand here; give \
                         another name."
                    ));
                }
                allow_writing(&path);
                Replace::Asked(true)
            }
        };
        WholeFile::write(&path, replace, text.as_bytes()).map_err(|error| in_words(&error))?;
        session.saved_as(&stem, text);
        self.forget(session.spares_earlier());
        self.key_anew(&stem);
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

/// What a plain file holds; nothing where there is none.
fn plain(path: &Path) -> Result<Option<Vec<u8>>, String> {
    let says = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(says(&error)),
        Ok(found) if !found.is_file() => Err(says(&"this is no plain file")),
        Ok(found) if found.len() > KEPT_BYTES => Err(says(&"this is too long for a session")),
        Ok(_) => std::fs::read(path).map(Some).map_err(|error| says(&error)),
    }
}

/// Gives a file a name beside its own that nothing has.
fn set_aside(path: &Path) -> Result<PathBuf, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let free = (1..ASIDE)
        .map(|number| path.with_file_name(format!("{name}-{number}")))
        .find(|beside| beside.symlink_metadata().is_err());
    let free = free.ok_or_else(|| format!("{}: set aside too often", path.display()))?;
    std::fs::rename(path, &free).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(free)
}

/// An error in a line for the page.
pub(super) fn in_words(error: &Error) -> String {
    error.to_string().replace('\n', " ")
}

/// Whether a file is a session that was kept.
fn is_kept(input: &mut dyn BufRead) -> io::Result<bool> {
    let mut head = Vec::new();
    input.take(KEPT.len() as u64).read_to_end(&mut head)?;
    Ok(head == KEPT.as_bytes())
}
