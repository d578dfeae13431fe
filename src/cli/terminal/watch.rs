//! Who watches work in place of a person at a terminal: a program that has called a command.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

thread_local! {
    static WATCH: RefCell<Option<Arc<Watch>>> = const { RefCell::new(None) };
}

/// How far a command has come, and whether it is to stop.
#[derive(Debug, Default)]
pub struct Watch {
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// How much is done, in bytes that are read or in what the command counts (runs, points, events
    /// left out).
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// How much there is to do, as far as that is known; 0 where it is not.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Asks the command to stop. What reads files, plays runs or draws does so within a moment;
    /// other commands end as they do.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it is to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Says how far work is.
    pub(crate) fn at(&self, done: u64, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
    }
}

/// Who watches this thread, if anybody does.
pub(crate) fn watch() -> Option<Arc<Watch>> {
    WATCH.with_borrow(Clone::clone)
}

/// Does something that is watched.
pub(crate) fn watched<T>(by: &Arc<Watch>, work: impl FnOnce() -> T) -> T {
    /// Nobody watches any more, after a panic, too.
    struct Over(Option<Arc<Watch>>);
    impl Drop for Over {
        fn drop(&mut self) {
            WATCH.set(self.0.take());
        }
    }
    let _over = Over(WATCH.replace(Some(Arc::clone(by))));
    work()
}
