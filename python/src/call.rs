//! Commands, called: without the interpreter's lock, watched, and stopped by Ctrl-C.

use crate::rows::Rows;
use detente::cli::{self, Called, Refusal, Watch, diagnostics};
use detente::error::Error;
use detente::store::Given;
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

/// How long it takes at most until an interruption is noticed.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a command that was asked to stop is waited for. It writes nothing after that.
const LAST_PAUSE: Duration = Duration::from_secs(2);
/// As much as the command line has.
const STACK_BYTES: usize = 8 << 20;

/// What comes back from the thread of a command: nothing where it panicked.
type Outcome = Option<Result<Called, Refusal>>;

/// Runs a command with files that are in memory, and tells `progress` how much is done of how much.
///
/// Gives what it would print, the notes beside it, and whether its exit status would be 1.
#[pyfunction]
#[pyo3(signature = (arguments, files, progress=None))]
pub(crate) fn call<'py>(
    py: Python<'py>,
    arguments: Vec<OsString>,
    files: &Bound<'py, PyDict>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyBytes>, String, bool)> {
    let files = given(files)?;
    let watch = Arc::new(Watch::default());
    let (sender, mut outcomes) = sync_channel::<Outcome>(1);
    let watched = Arc::clone(&watch);
    let work = move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| cli::call(arguments, files, &watched)));
        // Whoever is gone wants no outcome.
        let _ = sender.send(outcome.ok());
    };
    Builder::new()
        .name("detente".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(work)?;
    let mut told = 0;
    loop {
        let (back, outcome) = py.detach(move || {
            let outcome = outcomes.recv_timeout(PAUSE);
            (outcomes, outcome)
        });
        outcomes = back;
        let (done, total) = (watch.done(), watch.total());
        let tell = || match progress {
            Some(progress) if done != told => progress.call1((done, total)).map(|_| ()),
            _ => Ok(()),
        };
        match outcome {
            Ok(outcome) => {
                tell()?;
                return finish(py, outcome);
            }
            Err(RecvTimeoutError::Disconnected) => return finish(py, None),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(error) = py.check_signals().and_then(|()| tell()) {
            watch.stop();
            py.detach(move || {
                // It is over, or goes on without anybody.
                let _ = outcomes.recv_timeout(LAST_PAUSE);
            });
            return Err(error);
        }
        told = done;
    }
}

/// Files in memory by their names: bytes, or rows.
fn given(files: &Bound<'_, PyDict>) -> PyResult<BTreeMap<PathBuf, Given>> {
    let mut given = BTreeMap::new();
    for (name, file) in files {
        let name = name.extract::<PathBuf>()?;
        let file = if let Ok(bytes) = file.cast::<PyBytes>() {
            Given::Bytes(bytes.as_bytes().into())
        } else if let Ok(rows) = file.cast::<Rows>() {
            Given::stream(rows.get().take()?)
        } else {
            return Err(PyTypeError::new_err("a file is bytes or rows"));
        };
        given.insert(name, file);
    }
    Ok(given)
}

fn finish(py: Python<'_>, outcome: Outcome) -> PyResult<(Bound<'_, PyBytes>, String, bool)> {
    match outcome {
        Some(Ok(called)) => {
            let output = PyBytes::new(py, &called.output);
            Ok((output, called.notes, called.differs))
        }
        Some(Err(Refusal::Arguments(says))) => Err(refused_arguments(py, &says)?),
        Some(Err(Refusal::Input(error))) => Err(refused(py, &error)?),
        None => Err(PyRuntimeError::new_err(
            "this is a fault of detente itself, and not of what it was given",
        )),
    }
}

/// The exception for arguments that no command takes.
fn refused_arguments(py: Python<'_>, says: &str) -> PyResult<PyErr> {
    let errors = py.import("detente._errors")?;
    let error = errors
        .getattr("InputError")?
        .call_method1("_of_arguments", (says,))?;
    Ok(PyErr::from_value(error))
}

/// The exception for what is wrong with input.
fn refused(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let errors = py.import("detente._errors")?;
    let found: Vec<_> = diagnostics(error)
        .into_iter()
        .map(|found| {
            (
                found.file,
                found.line,
                found.column,
                found.message,
                found.help,
            )
        })
        .collect();
    let arguments = (cli::plain(error), found, error.untold());
    let error = errors
        .getattr("InputError")?
        .call_method1("_of_input", arguments)?;
    Ok(PyErr::from_value(error))
}
