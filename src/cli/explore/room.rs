//! What all connections share: the session, who waits for it to change, and the runs that are under
//! way.

use super::folder::Folder;
use crate::cli::terminal::output::gone;
use crate::explore::Session;
use crate::text::shown;
use crate::threads::Control;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The most connections at once.
const CONNECTIONS: usize = 64;
/// The most of them that wait for changes.
const FOLLOWERS: usize = 24;
/// How long changes are gathered before they are kept.
const GATHER: Duration = Duration::from_millis(300);

/// A session that is served.
pub(super) struct Room {
    session: Mutex<Session>,
    folder: Mutex<Folder>,
    changed: Condvar,
    runs: Mutex<Option<Arc<Control>>>,
    connections: AtomicUsize,
    followers: AtomicUsize,
    is_over: AtomicBool,
}

/// One of so many places, which is free again when it is dropped.
pub(super) struct Place<'r>(&'r AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn place(places: &AtomicUsize, most: usize) -> Option<Place<'_>> {
    let taken = places.fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| {
        (taken < most).then_some(taken + 1)
    });
    taken.ok().map(|_| Place(places))
}

impl Room {
    pub(super) fn new(session: Session, folder: Folder) -> Self {
        Self {
            session: Mutex::new(session),
            folder: Mutex::new(folder),
            changed: Condvar::new(),
            runs: Mutex::new(None),
            connections: AtomicUsize::new(0),
            followers: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        }
    }

    pub(super) fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn folder(&self) -> Folder {
        let folder = self.folder.lock();
        folder.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Another session takes the place of this one, which is kept.
    pub(super) fn replace(&self, session: Session, folder: Folder) {
        // It was said before if that does not work.
        let _ = self.keep(&self.session());
        let mut place = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        *place = folder;
        *self.session() = session;
    }

    /// Tells everybody who waits.
    pub(super) fn tell(&self) {
        self.changed.notify_all();
    }

    /// Waits until the session has another version than this, or so long.
    pub(super) fn wait(&self, known: u64, patience: Duration) -> u64 {
        let waits = |session: &mut Session| session.version() == known && !self.is_over();
        let guard = self
            .changed
            .wait_timeout_while(self.session(), patience, waits);
        let (session, _) = guard.unwrap_or_else(PoisonError::into_inner);
        session.version()
    }

    pub(super) fn connect(&self) -> Option<Place<'_>> {
        place(&self.connections, CONNECTIONS)
    }

    pub(super) fn follow(&self) -> Option<Place<'_>> {
        place(&self.followers, FOLLOWERS)
    }

    /// Begins to play runs, and stops those that are under way.
    pub(super) fn begin_runs(&self) -> Arc<Control> {
        let control = Arc::new(Control::default());
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(older) = runs.replace(Arc::clone(&control)) {
            older.stop.store(true, Ordering::Relaxed);
        }
        control
    }

    /// Stops the runs that are under way.
    pub(super) fn stop_runs(&self) {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(control) = &*runs {
            control.stop.store(true, Ordering::Relaxed);
        }
    }

    /// How many runs are done.
    pub(super) fn runs_done(&self) -> u64 {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let control = runs.as_ref();
        control.map_or(0, |control| control.done.load(Ordering::Relaxed))
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Ends everything that waits, and keeps what is not saved: whether it was kept, where there is
    /// such work.
    pub(super) fn end(&self) -> Option<Result<(), String>> {
        self.is_over.store(true, Ordering::Relaxed);
        self.stop_runs();
        self.tell();
        self.keep(&self.session())
    }

    /// Keeps what is not saved, each time that something was changed since a version, until the
    /// end. Says once if that does not work.
    pub(super) fn keep_up(&self, mut known: u64, mut complain: impl FnMut(&str)) {
        let mut has_failed = false;
        while !self.is_over() {
            let now = self.wait(known, Duration::from_secs(5));
            if now == known {
                continue;
            }
            known = now;
            std::thread::sleep(GATHER);
            // What is offered is not written over before it was taken up or left.
            let (kept, spares_earlier) = {
                let session = self.session();
                (session.kept(), session.spares_earlier())
            };
            let folder = self.folder();
            match kept.map(|kept| folder.keep(&kept, spares_earlier)) {
                None => folder.forget(spares_earlier),
                Some(Ok(None)) => {}
                Some(Ok(Some(aside))) => complain(&format!(
                    "note: another session that was kept here is now {}",
                    shown(&aside.display().to_string())
                )),
                Some(Err(_)) if has_failed => {}
                Some(Err(error)) => {
                    has_failed = true;
                    let error = shown(&error);
                    complain(&format!("note: the session cannot be kept: {error}"));
                }
            }
            if let Some(says) = gone() {
                complain(&says);
            }
        }
    }

    fn keep(&self, session: &Session) -> Option<Result<(), String>> {
        let kept = session.kept().filter(|_| !session.is_read_only())?;
        let kept = self.folder().keep(&kept, session.spares_earlier());
        Some(kept.map(|_| ()))
    }
}
