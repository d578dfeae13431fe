//! What this process has read, so that nothing of it is written over.

use std::collections::HashSet;
use std::fs::{File, Metadata};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The files that were opened for reading since [`protect_what_is_read`].
static READ: OnceLock<Mutex<HashSet<Identity>>> = OnceLock::new();

/// Standard output, where it is known.
static OUTPUT: OnceLock<File> = OnceLock::new();

/// From now on no [`super::WholeFile`] takes the place of a file that was read, by whatever name,
/// and what is written into standard output by another name goes on where that stands. The command
/// line wants that from its start on, and gives what it reads and prints to; a program that lives
/// longer may read a file and write it later.
pub fn protect_what_is_read(input: Option<&File>, output: Option<File>) {
    READ.get_or_init(Mutex::default);
    if let Some(input) = input {
        note(input);
    }
    if let Some(output) = output {
        // The first that was given counts.
        let _ = OUTPUT.set(output);
    }
}

/// Whether what a file names may lie outside the folder of that file.
static READS_OUTSIDE: AtomicBool = AtomicBool::new(false);

/// From now on bases may lie outside the folder of the scenario that names them. A scenario of
/// somebody one does not know could read any file by that, and show a line of it.
pub fn read_outside() {
    READS_OUTSIDE.store(true, Ordering::Relaxed);
}

pub(super) fn may_read_outside() -> bool {
    READS_OUTSIDE.load(Ordering::Relaxed)
}

/// A file that was read may be written over from now on: whoever opened it to change it wants that.
pub fn allow_writing(path: &Path) {
    if let (Some(read), Ok(metadata)) = (READ.get(), path.metadata()) {
        let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(identity) = identity(&metadata) {
            read.remove(&identity);
        }
    }
}

/// Standard output, if that is what a path leads to.
pub(super) fn standard_output(path: &Path) -> Option<File> {
    let output = OUTPUT.get()?;
    let is_it = same(&output.metadata().ok()?, &path.metadata().ok()?);
    is_it.then(|| output.try_clone().ok()).flatten()
}

#[cfg(unix)]
fn same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino(), one.rdev()) == (other.dev(), other.ino(), other.rdev())
}

#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// Takes note of a file that is read.
pub(super) fn note(file: &File) {
    if let Some(read) = READ.get()
        && let Ok(metadata) = file.metadata()
        && metadata.is_file()
    {
        let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
        read.extend(identity(&metadata));
    }
}

/// Whether a file was read.
pub(super) fn is_read(metadata: &Metadata) -> bool {
    READ.get().is_some_and(|read| {
        let read = read.lock().unwrap_or_else(PoisonError::into_inner);
        identity(metadata).is_some_and(|identity| read.contains(&identity))
    })
}

/// What tells a file from every other one as long as it is there, by whatever name it is called.
type Identity = [u64; 2];

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems may not tell")]
fn identity(metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    Some([metadata.dev(), metadata.ino()])
}

/// Elsewhere files are told apart by when they were made and how long they are: enough not to lose
/// one.
#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> Option<Identity> {
    let made = metadata.created().ok()?;
    let since = made.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some([since.as_nanos() as u64, metadata.len()])
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::symlink;

    #[test]
    fn standard_output_is_known_by_whatever_name_and_gone_on_with_where_it_stands() {
        let desk = tempfile::tempdir().unwrap();
        let at = |name: &str| desk.path().join(name);
        let mut output = File::create(at("output")).unwrap();
        OUTPUT.set(output.try_clone().unwrap()).unwrap();
        fs::write(at("other"), "").unwrap();
        symlink(at("output"), at("link")).unwrap();
        fs::hard_link(at("output"), at("second")).unwrap();
        output.write_all(b"a").unwrap();
        for name in ["output", "link", "second"] {
            let mut found = standard_output(&at(name)).unwrap();
            found.write_all(b"b").unwrap();
        }
        output.write_all(b"c").unwrap();
        assert_eq!(fs::read(at("output")).unwrap(), b"abbbc");
        for name in ["other", "none"] {
            assert!(standard_output(&at(name)).is_none(), "{name}");
        }
    }

    #[test]
    fn a_file_is_told_from_every_other_by_whatever_name_it_is_called() {
        let desk = tempfile::tempdir().unwrap();
        let at = |name: &str| desk.path().join(name);
        for name in ["one", "other"] {
            fs::write(at(name), "the same").unwrap();
        }
        fs::hard_link(at("one"), at("second")).unwrap();
        symlink(at("one"), at("link")).unwrap();
        let of = |name: &str| identity(&at(name).metadata().unwrap());
        assert_eq!(["second", "link"].map(of), [of("one"), of("one")]);
        assert_ne!(of("one"), of("other"));
    }
}
