//! Where the explorer and the play in a terminal begin: with a session on a log, a history or a
//! scenario.

use super::folder::Folder;
use crate::cli::history::log::note_torn;
use crate::cli::terminal::input;
use crate::cli::terminal::output::Output;
use crate::error::{BadFile, Error, Result};
use crate::explore::Session;
use crate::history::shipped;
use crate::store::{self, Document, History};
use crate::text::shown;
use std::path::Path;

/// The session on what is asked for, and the folder that it is in.
pub(super) fn begin(path: &Path, offers: bool, output: &mut Output) -> Result<(Session, Folder)> {
    let called = path.display().to_string();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let key = stem.trim_start_matches('.').to_owned();
    let of_shipped = path.to_str().and_then(shipped);
    let (session, folder) = if of_shipped.is_none()
        && let Document::Scenario(text) = store::document(path)?
    {
        let scenario = store::scenario_of(path, &text)?;
        input::note_doubts(&scenario, output);
        let session = Session::of_scenario(&key, &text, scenario)?;
        (session, Folder::of(path, &key))
    } else {
        let history = store::history(path)?;
        note_torn(history.ending(), &called, output);
        let History::Log(base) = history else {
            return Err(Error::from(BadFile::Empty).in_file(&called));
        };
        // A file names its base as it stands beside it.
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (named, folder) = match of_shipped {
            Some(_) => (called.clone(), Folder::of("".as_ref(), &key)),
            None => (name.into_owned(), Folder::of(path, &key)),
        };
        let session = Session::of_log(&format!("{key}-what-if"), &named, *base);
        (session.map_err(|error| error.in_file(&called))?, folder)
    };
    let mut session = session;
    match folder.kept() {
        Ok(Some(kept)) if offers => session.offer(kept),
        Ok(_) => {}
        Err(says) => output.note(&format!(
            "note: what was kept of an earlier session cannot be read: {}",
            shown(&says)
        )),
    }
    Ok((session, folder))
}
