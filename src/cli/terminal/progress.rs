//! Progress on standard error, for what takes more than a second and only on a terminal.

use super::watch::{Watch, watch};
use crate::error::Result;
use crate::history::{Glance, Scope, Source, Stamp, Survey, survey};
use crate::store::{Log, LogReader};
use crate::threads::Control;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, BufRead, Read};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, Builder};
use std::time::{Duration, Instant};

/// How long something must take before a bar is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that is drawn once something has taken a while.
struct Gauge {
    bar: ProgressBar,
    began: Instant,
}

impl Gauge {
    #[expect(
        clippy::disallowed_methods,
        reason = "the command line may read a clock"
    )]
    fn new(total: u64, template: &str, things: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(things);
        let began = Instant::now();
        Self { bar, began }
    }

    fn at(&self, position: u64) {
        if self.began.elapsed() < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            // indicatif draws nothing where standard error is no terminal.
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(position);
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A log whose reading is watched.
pub(crate) struct Watched<'a> {
    log: &'a Log,
    gauge: Gauge,
    by: Option<Arc<Watch>>,
}

/// Reads a watched log.
pub(crate) struct WatchedReader<'a, 'b> {
    input: LogReader,
    watched: &'b Watched<'a>,
    position: u64,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(log: &'a Log, doing: &'static str) -> Self {
        let template = "{msg} {bar:40} {bytes}/{total_bytes}, {eta} left";
        Self {
            log,
            gauge: Gauge::new(log.length(), template, doing),
            by: watch(),
        }
    }

    /// What tells the log from what it was before.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        self.log.stamp()
    }

    /// Surveys the log. What reads a log is compiled anew for each that looks on; this is one for
    /// all commands.
    pub(crate) fn survey(
        &self,
        scope: Scope,
        each: &mut dyn FnMut(&Glance<'_>, &[u8]),
    ) -> Result<Survey> {
        survey(self, scope, each)
    }

    fn at(&self, position: u64) {
        match &self.by {
            Some(by) => by.at(position, self.log.length()),
            None => self.gauge.at(position),
        }
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if let Some(by) = &self.by {
            by.at(self.log.length(), self.log.length());
        }
    }
}

impl<'a> Source for Watched<'a> {
    type Reader<'b>
        = WatchedReader<'a, 'b>
    where
        Self: 'b;

    fn open(&self) -> io::Result<Self::Reader<'_>> {
        self.open_at(0)
    }

    fn open_at(&self, offset: u64) -> io::Result<Self::Reader<'_>> {
        Ok(WatchedReader {
            input: self.log.open_at(offset)?,
            watched: self,
            position: offset,
        })
    }

    fn read_at(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        self.log.read_at(offset, length)
    }
}

impl Read for WatchedReader<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.read(buffer)
    }
}

impl BufRead for WatchedReader<'_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.watched.by.as_ref().is_some_and(|by| by.is_stopped()) {
            return Err(io::Error::other("reading was stopped"));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        /// How many bytes are read between two looks at the clock.
        const STRIDE: u64 = 1 << 20;
        let before = self.position / STRIDE;
        self.position += amount as u64;
        if self.position / STRIDE != before {
            self.watched.at(self.position);
        }
        self.input.consume(amount);
    }
}

/// Shows how far a count of things has come while something runs, with its rate and the time left.
/// Whoever called the command may stop it.
pub(crate) fn counting<T: Send>(
    things: &'static str,
    control: &Control,
    total: u64,
    work: impl FnOnce() -> T + Send,
) -> T {
    const COUNTS: &str = "{bar:40} {human_pos}/{human_len} {msg}, {per_sec}, {eta} left";
    watching(control, total, (COUNTS, things), work)
}

/// The same for bytes that are read; without a total it says only how many.
pub(crate) fn reading<T: Send>(
    control: &Control,
    total: u64,
    work: impl FnOnce() -> T + Send,
) -> T {
    let template = match total {
        0 => "{bytes}, {bytes_per_sec}",
        _ => "{bar:40} {bytes}/{total_bytes}, {bytes_per_sec}, {eta} left",
    };
    watching(control, total, (template, ""), work)
}

fn watching<T: Send>(
    control: &Control,
    total: u64,
    (template, things): (&str, &'static str),
    work: impl FnOnce() -> T + Send,
) -> T {
    let watcher = Watcher::new(control, total, (template, things));
    watcher.tell();
    let result = thread::scope(|scope| {
        let _over = Over(&watcher);
        watcher.start(scope);
        work()
    });
    watcher.gauge.bar.finish_and_clear();
    watcher.tell();
    result
}

/// Whoever looks, now and then, how far a count has come.
struct Watcher<'a> {
    control: &'a Control,
    total: u64,
    by: Option<Arc<Watch>>,
    gauge: Gauge,
    is_over: Mutex<bool>,
    signal: Condvar,
}

impl<'a> Watcher<'a> {
    fn new(control: &'a Control, total: u64, (template, things): (&str, &'static str)) -> Self {
        Self {
            control,
            total,
            by: watch(),
            gauge: Gauge::new(total, template, things),
            is_over: Mutex::new(false),
            signal: Condvar::new(),
        }
    }

    fn tell(&self) {
        if let Some(by) = &self.by {
            by.at(self.done(), self.total);
            if by.is_stopped() {
                self.control.stop.store(true, Ordering::Relaxed);
            }
        }
    }

    fn done(&self) -> u64 {
        self.control.done.load(Ordering::Relaxed)
    }

    fn start<'s>(&'s self, scope: &'s thread::Scope<'s, '_>) {
        // Where it cannot be started, the work is done unwatched.
        let _ = Builder::new().spawn_scoped(scope, || self.look());
    }

    fn look(&self) {
        /// How long between two looks.
        const PAUSE: Duration = Duration::from_millis(100);
        let Ok(mut over) = self.is_over.lock() else {
            return;
        };
        while !*over {
            match self.signal.wait_timeout_while(over, PAUSE, |over| !*over) {
                Ok((guard, _)) => over = guard,
                Err(_) => return,
            }
            if self.by.is_some() {
                self.tell();
            } else if !*over {
                self.gauge.at(self.done());
            }
        }
    }
}

/// Tells a watcher that the work is over, when it is dropped: after a panic, too, which would wait
/// for the watcher else.
struct Over<'a>(&'a Watcher<'a>);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        let is_over = self.0.is_over.lock();
        *is_over.unwrap_or_else(PoisonError::into_inner) = true;
        self.0.signal.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::terminal::watch::watched;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn work_that_panics_does_not_leave_its_watcher_waiting() {
        let control = Control::default();
        let panics = AssertUnwindSafe(|| counting("runs", &control, 1, || panic!("made up")));
        assert!(catch_unwind(panics).is_err());
    }

    #[test]
    fn work_that_begins_after_it_was_stopped_is_stopped() {
        let by = Arc::new(Watch::default());
        by.stop();
        let control = Control::default();
        let is_stopped = watched(&by, || {
            counting("runs", &control, 1, || control.is_stopped())
        });
        assert!(is_stopped);
    }
}
