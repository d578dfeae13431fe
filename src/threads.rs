//! Threads that share work: as many as the system starts, and the calling one in any case. How that
//! work is watched and stopped.

use crate::error::{Kind, Result};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{Builder, scope};

/// The most threads of a piece of work.
pub const THREAD_LIMIT: usize = 256;

/// How work is watched and stopped from outside. Whoever does it counts what is done and looks
/// whether to go on; nothing else stops it.
#[derive(Debug, Default)]
pub struct Control {
    /// How much is done, in what the work counts: runs, draws, bytes.
    pub done: AtomicU64,
    /// Whether it is to end with what has been begun.
    pub stop: AtomicBool,
}

impl Control {
    /// Says that so much more is done.
    pub fn count(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// Whether it is to end.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Goes on with work of which a part is no result.
    ///
    /// # Errors
    /// Where it is to end.
    pub fn go_on(&self) -> Result<()> {
        if self.is_stopped() {
            return Err(Kind::Stopped.into());
        }
        Ok(())
    }
}

/// Does a piece of work on so many threads, [`THREAD_LIMIT`] at most, of which the calling one is
/// the first, and hands back what each of them made. Where the system starts no more threads, those
/// that there are do it.
pub fn on_threads<T: Send>(threads: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    scope(|scope| {
        let start = |_| Builder::new().spawn_scoped(scope, &work).ok();
        let others: Vec<_> = (1..threads.min(THREAD_LIMIT)).map_while(start).collect();
        let mut made = vec![work()];
        for other in others {
            match other.join() {
                Ok(more) => made.push(more),
                // A thread that panicked has said so; its part is missing, and that must not pass
                // for a result.
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_on_one_thread_at_least_and_on_no_more_than_the_limit() {
        for (asked, done) in [(0, 1), (1, 1), (3, 3), (usize::MAX, THREAD_LIMIT)] {
            assert_eq!(on_threads(asked, || ()).len(), done, "{asked}");
        }
    }
}
