//! Threads that share work: as many as the system starts, and the calling one in any case.

use std::thread::{Builder, scope};

/// The most threads of a piece of work.
pub const THREAD_LIMIT: usize = 256;

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
