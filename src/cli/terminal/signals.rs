//! What an interruption does: what can end early does so, what was begun to be written is taken
//! away.

use crate::store::remove_unfinished;
use crate::threads::Control;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// What can end early.
struct Early {
    control: Arc<Control>,
    /// Whether also where the process is asked to end, or its terminal is gone.
    at_any: bool,
}

/// What the first interruption stops, if that can end early with a result.
static STOP: Mutex<Option<Early>> = Mutex::new(None);

/// The first interruption from now on stops this, and only the next ends the process.
pub(crate) fn stop_first(control: &Arc<Control>) {
    stops(control, false);
}

/// The first interruption from now on, or whatever else asks the process to end, stops this.
#[cfg(feature = "explore")]
pub(crate) fn stop_first_at_any(control: &Arc<Control>) {
    stops(control, true);
}

fn stops(control: &Arc<Control>, at_any: bool) {
    let mut stop = STOP.lock().unwrap_or_else(PoisonError::into_inner);
    let control = Arc::clone(control);
    *stop = Some(Early { control, at_any });
}

/// Stops what can end early; whether there was such a thing.
fn stop(is_interruption: bool) -> bool {
    let mut stop = STOP.lock().unwrap_or_else(PoisonError::into_inner);
    let early = stop.take_if(|early| early.at_any || is_interruption);
    if let Some(early) = &early {
        early.control.stop.store(true, Ordering::Relaxed);
    }
    early.is_some()
}

/// Watches for interruptions. Where no thread can be started for it, they end the process as they
/// always do.
#[cfg(unix)]
pub(crate) fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;
    use std::sync::mpsc;
    // A file that may not grow is then an error of the write, which undoes what it has begun.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
    let ignored = ignored();
    let wanted = [SIGINT, SIGTERM, SIGHUP];
    let wanted: Vec<i32> = wanted
        .into_iter()
        .filter(|signal| ignored >> (signal - 1) & 1 == 0)
        .collect();
    let (hand_over, taken) = mpsc::channel::<Signals>();
    let wait = move || {
        for mut signals in taken {
            for signal in &mut signals {
                if stop(signal == SIGINT) {
                    continue;
                }
                remove_unfinished();
                let _ = emulate_default_handler(signal);
            }
        }
    };
    let thread = std::thread::Builder::new().name("signals".to_owned());
    // They are caught from here on, before anything is begun, and by a thread that there is.
    if thread.spawn(wait).is_ok()
        && let Ok(signals) = Signals::new(&wanted)
    {
        let _ = hand_over.send(signals);
    }
}

/// The signals that whoever started this process wants it to survive, as `nohup` does: bit N - 1
/// stands for signal N.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or(0)
}

/// Watches for interruptions.
#[cfg(not(unix))]
#[expect(clippy::exit, reason = "an interruption ends the process")]
pub(crate) fn watch() {
    let _ = ctrlc::set_handler(|| {
        if !stop(true) {
            remove_unfinished();
            std::process::exit(130);
        }
    });
}
