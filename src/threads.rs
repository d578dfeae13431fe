//! Threads that share work: as many as the system starts, and the calling one in any case. How that
//! work is watched and stopped.

use crate::error::{Kind, Result};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
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

/// What [`in_order`] is handed, piece by piece.
pub trait Pieces<T, E> {
    /// The next piece, if there is one more, in the memory of one that is done.
    ///
    /// # Errors
    /// Ends all of it, once the pieces before are taken.
    fn next(&mut self, memory: Option<T>) -> Result<Option<T>, E>;

    /// Takes a piece on which the work is done, and says whether more are wanted.
    ///
    /// # Errors
    /// Ends all of it.
    fn take(&mut self, piece: &mut T) -> Result<bool, E>;
}

/// Does a piece of work on one piece after the other, on so many threads, and hands them on in
/// their order. Pieces are made and taken on the calling thread; no more than two for each thread
/// are under way.
///
/// # Errors
/// What making or taking a piece says, whichever comes first in the order of pieces: on any number
/// of threads the same are taken before it.
pub fn in_order<T: Send, E>(
    threads: usize,
    pieces: &mut impl Pieces<T, E>,
    work: impl Fn(&mut T) + Sync,
) -> Result<(), E> {
    let threads = threads.clamp(1, THREAD_LIMIT);
    let hall = Hall::default();
    let helper = || {
        let _leaves = Leaves(&hall);
        while let Some((number, mut piece)) = hall.wait_for_work() {
            work(&mut piece);
            hall.lock().done.insert(number, piece);
            hall.signal.notify_all();
        }
    };
    scope(|scope| {
        let _leaves = Leaves(&hall);
        let start = |_| Builder::new().spawn_scoped(scope, helper).ok();
        let helpers = (1..threads).map_while(start).count();
        let ahead = if helpers == 0 { 1 } else { 2 * (helpers + 1) };
        let (mut made, mut taken, mut spare) = (0, 0, Vec::new());
        // How making them ended, which is told once all that were made are taken.
        let mut ended = None;
        loop {
            while ended.is_none() && made - taken < ahead {
                match pieces.next(spare.pop()) {
                    Ok(Some(piece)) => {
                        hall.lock().todo.push_back((made, piece));
                        hall.signal.notify_all();
                        made += 1;
                    }
                    Ok(None) => ended = Some(Ok(())),
                    Err(error) => ended = Some(Err(error)),
                }
            }
            if taken == made {
                return ended.unwrap_or(Ok(()));
            }
            let Some(mut piece) = hall.piece(taken, &work) else {
                // A helper has panicked, which the scope tells.
                return Ok(());
            };
            if !pieces.take(&mut piece)? {
                return Ok(());
            }
            taken += 1;
            spare.push(piece);
        }
    })
}

/// Where pieces wait.
struct Hall<T> {
    pieces: Mutex<Waiting<T>>,
    signal: Condvar,
}

struct Waiting<T> {
    todo: VecDeque<(usize, T)>,
    done: BTreeMap<usize, T>,
    is_over: bool,
}

impl<T> Default for Hall<T> {
    fn default() -> Self {
        Self {
            pieces: Mutex::new(Waiting {
                todo: VecDeque::new(),
                done: BTreeMap::new(),
                is_over: false,
            }),
            signal: Condvar::new(),
        }
    }
}

impl<T> Hall<T> {
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'h>(&self, pieces: MutexGuard<'h, Waiting<T>>) -> MutexGuard<'h, Waiting<T>> {
        let woken = self.signal.wait(pieces);
        woken.unwrap_or_else(PoisonError::into_inner)
    }

    /// A piece to work on; nothing when there will be none.
    fn wait_for_work(&self) -> Option<(usize, T)> {
        let mut pieces = self.lock();
        loop {
            if pieces.is_over {
                return None;
            }
            if let Some(next) = pieces.todo.pop_front() {
                return Some(next);
            }
            pieces = self.wait(pieces);
        }
    }

    /// The piece of a number, done. Until it is there, the calling thread works on what is next.
    fn piece(&self, number: usize, work: &impl Fn(&mut T)) -> Option<T> {
        let mut pieces = self.lock();
        loop {
            if let Some(piece) = pieces.done.remove(&number) {
                return Some(piece);
            }
            if let Some((other, mut piece)) = pieces.todo.pop_front() {
                drop(pieces);
                work(&mut piece);
                if other == number {
                    return Some(piece);
                }
                pieces = self.lock();
                pieces.done.insert(other, piece);
            } else if pieces.is_over {
                return None;
            } else {
                pieces = self.wait(pieces);
            }
        }
    }
}

/// Says that all is over when it is dropped, after a panic, too.
struct Leaves<'h, T>(&'h Hall<T>);

impl<T> Drop for Leaves<'_, T> {
    fn drop(&mut self) {
        self.0.lock().is_over = true;
        self.0.signal.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// Numbers that are squared.
    struct Numbers {
        next: u64,
        end: u64,
        enough: usize,
        taken: Vec<u64>,
    }

    impl Pieces<[u64; 2], &'static str> for Numbers {
        fn next(&mut self, _: Option<[u64; 2]>) -> Result<Option<[u64; 2]>, &'static str> {
            if self.next == 666 {
                return Err("no more");
            }
            self.next += 1;
            Ok((self.next <= self.end).then_some([self.next, 0]))
        }

        fn take(&mut self, piece: &mut [u64; 2]) -> Result<bool, &'static str> {
            self.taken.push(piece[1]);
            Ok(self.taken.len() < self.enough)
        }
    }

    fn squares(threads: usize, end: u64, enough: usize) -> (Result<(), &'static str>, Vec<u64>) {
        let (next, taken) = (0, Vec::new());
        let mut numbers = Numbers {
            next,
            end,
            enough,
            taken,
        };
        let done = in_order(threads, &mut numbers, |piece| {
            piece[1] = piece[0] * piece[0];
        });
        (done, numbers.taken)
    }

    #[test]
    fn pieces_come_in_their_order_on_any_number_of_threads() {
        for threads in [0, 1, 2, 3, 7] {
            let all: Vec<_> = (1..=500).map(|number| number * number).collect();
            assert_eq!(squares(threads, 500, usize::MAX), (Ok(()), all));
            assert_eq!(squares(threads, 0, usize::MAX), (Ok(()), Vec::new()));
            assert_eq!(squares(threads, 500, 2), (Ok(()), vec![1, 4]));
            let before: Vec<_> = (1..=666).map(|number| number * number).collect();
            assert_eq!(squares(threads, 5000, 666), (Ok(()), before.clone()));
            assert_eq!(squares(threads, 5000, 667), (Err("no more"), before));
        }
    }

    #[test]
    fn work_that_panics_is_not_waited_for() {
        for threads in [1, 2, 7] {
            let (end, enough) = (500, usize::MAX);
            let (next, taken) = (0, Vec::new());
            let mut numbers = Numbers {
                next,
                end,
                enough,
                taken,
            };
            let work = |piece: &mut [u64; 2]| assert_ne!(piece[0], 77, "made up");
            let done = AssertUnwindSafe(|| in_order(threads, &mut numbers, work));
            assert!(catch_unwind(done).is_err(), "{threads}");
        }
    }

    #[test]
    fn work_is_done_on_one_thread_at_least_and_on_no_more_than_the_limit() {
        for (asked, done) in [(0, 1), (1, 1), (3, 3), (usize::MAX, THREAD_LIMIT)] {
            assert_eq!(on_threads(asked, || ()).len(), done, "{asked}");
        }
    }
}
