//! The one way in: what is opened to be read, and files that are read whole.

use super::given::given;
use super::reads::{may_read_outside, note};
use crate::error::{BadFile, BadModel, Error, Fault, Kind, Result};
use crate::history::{FAULT_LIMIT, no_text};
use crate::json::{self, Dialect, Span};
use crate::model::BadSetting;
use serde::de::DeserializeOwned;
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, IsTerminal, Read};
use std::path::Path;

/// How long an input may be that is read whole, in bytes: a batch, a log that comes through a pipe.
/// A log in a file is read line by line and may be longer. (An assumption: some 800,000 events.)
pub const WHOLE_LIMIT: u64 = 256 << 20;

/// How long a scenario, a model or another text may be that people write, in bytes. (An assumption:
/// some 100,000 edits.)
pub const TEXT_LIMIT: u64 = 16 << 20;

/// Opens what a person has named: a regular file, a pipe, a terminal. A device has no end, or none
/// that helps.
///
/// # Errors
/// When it is a directory or a device, or cannot be opened.
pub(super) fn open(path: &Path) -> Result<(File, Metadata)> {
    let opening = |error| BadFile::Io {
        doing: "open",
        error,
    };
    // Before it is opened: that can hang, or be what a device waits for.
    let metadata = path.metadata().map_err(opening)?;
    if metadata.is_dir() {
        return Err(BadFile::Directory.into());
    }
    let file = File::open(path).map_err(opening)?;
    if is_device(&file, &metadata) {
        return Err(BadFile::Device.into());
    }
    note(&file);
    Ok((file, metadata))
}

#[cfg(unix)]
fn is_device(file: &File, metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    kind.is_block_device() || (kind.is_char_device() && !file.is_terminal() && !is_empty(file))
}

#[cfg(not(unix))]
fn is_device(_: &File, _: &Metadata) -> bool {
    false
}

/// Whether a device has an end at once, as `/dev/null` has.
#[cfg(unix)]
fn is_empty(mut file: &File) -> bool {
    file.read(&mut [0]).is_ok_and(|read| read == 0)
}

/// Refuses what another file names, unless it is a regular file in the folder of that file or in
/// one below, whatever links lead there: a file of somebody else is to read nothing that its folder
/// does not hold.
///
/// # Errors
/// When it is something else; or when it lies outside, which can be allowed for the whole process.
pub fn check_named_by(folder: &Path, path: &Path) -> Result<()> {
    if !may_read_outside() && !lies_within(folder, path) {
        return Err(BadFile::Outside.into());
    }
    let metadata = path.metadata().map_err(|error| BadFile::Io {
        doing: "open",
        error,
    })?;
    if metadata.is_dir() {
        return Err(BadFile::Directory.into());
    }
    if !metadata.is_file() {
        return Err(BadFile::NotRegular.into());
    }
    Ok(())
}

/// Whether a path leads to a place in a folder or below, whether or not anything is there. Nothing
/// outside is looked at, so that nobody learns from the answer what is there: links are followed
/// one by one, and none that lies elsewhere.
pub(super) fn lies_within(folder: &Path, path: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let Ok(real) = folder.canonicalize() else {
        return false;
    };
    let absolute = |path| std::path::absolute(path).unwrap_or_default();
    // What was typed of the folder may come by links, which are nothing that a file names.
    let rest = match path.strip_prefix(folder) {
        Ok(rest) => rest.to_owned(),
        Err(_) => match absolute(path).strip_prefix(absolute(folder)) {
            Ok(rest) => rest.to_owned(),
            Err(_) => absolute(path),
        },
    };
    let mut at = real.clone();
    let mut to_go: Vec<_> = reversed(&rest);
    let mut links = 0;
    while let Some(part) = to_go.pop() {
        if part == ".." {
            at.pop();
            continue;
        }
        at.push(part);
        if real.starts_with(&at) {
            // It is a folder that this one is in, and no link.
            continue;
        }
        if !at.starts_with(&real) {
            return false;
        }
        if let Ok(target) = at.read_link() {
            links += 1;
            if links > LINK_LIMIT {
                return false;
            }
            at.pop();
            to_go.extend(reversed(&target));
        }
    }
    at.starts_with(&real)
}

/// How many links may be followed.
const LINK_LIMIT: usize = 40;

/// The parts of a path, the first of them last.
fn reversed(path: &Path) -> Vec<OsString> {
    let parts = path.components().rev();
    parts.map(|part| part.as_os_str().to_owned()).collect()
}

/// Reads all of an input, of which there may be so many bytes.
///
/// # Errors
/// When there are more, or the system refuses.
pub(super) fn read_all(input: impl Read, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = input.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| BadFile::Io {
        doing: "read",
        error,
    })?;
    if bytes.len() as u64 > limit {
        return Err(BadFile::TooLong { limit }.into());
    }
    Ok(bytes)
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    if let Some(given) = given(path) {
        return read_all(given.open(), limit);
    }
    let (file, metadata) = open(path)?;
    if metadata.is_file() && metadata.len() > limit {
        return Err(BadFile::TooLong { limit }.into());
    }
    read_all(file, limit)
}

/// All bytes of a file or a pipe, [`WHOLE_LIMIT`] at most.
///
/// # Errors
/// When it is a directory or a device, is longer, or cannot be read.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    read(path, WHOLE_LIMIT)
}

/// The BLAKE3 digest of a file, of any length, in hexadecimal digits.
///
/// # Errors
/// When it cannot be read.
pub fn digest(path: &Path) -> Result<String> {
    let digested = File::open(path).and_then(digest_of);
    let doing = "read";
    digested.map_err(|error| BadFile::Io { doing, error }.into())
}

/// The same of what is open.
pub(super) fn digest_of(input: impl Read) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(input)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// All bytes of standard input, [`WHOLE_LIMIT`] at most.
///
/// # Errors
/// When there are more, or it cannot be read.
pub fn read_standard_input() -> Result<Vec<u8>> {
    read_all(io::stdin().lock(), WHOLE_LIMIT)
}

/// The text of a file or a pipe, [`TEXT_LIMIT`] at most.
///
/// # Errors
/// As [`read_bytes`], and when it is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    text_of(read(path, TEXT_LIMIT)?)
}

/// The text of a file or a pipe that a program has written, [`WHOLE_LIMIT`] at most.
///
/// # Errors
/// As [`read_text`].
pub fn read_long_text(path: &Path) -> Result<String> {
    text_of(read(path, WHOLE_LIMIT)?)
}

/// Bytes as text.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<String> {
    if let Some(bad) = no_text(&bytes) {
        return Err(bad.into());
    }
    String::from_utf8(bytes).map_err(|error| {
        let found = error.utf8_error();
        Error::from(Fault::not_utf8(error.as_bytes(), 1, found))
    })
}

/// How a file begins, so many bytes of it at most.
///
/// # Errors
/// As [`read_bytes`].
pub(super) fn beginning(path: &Path, bytes: u64) -> Result<Vec<u8>> {
    let input: Box<dyn Read> = match given(path) {
        Some(given) => given.open(),
        None => Box::new(open(path)?.0),
    };
    let mut begins = Vec::new();
    let read = input.take(bytes).read_to_end(&mut begins);
    read.map_err(|error| BadFile::Io {
        doing: "read",
        error,
    })?;
    Ok(begins)
}

/// What a text of settings makes, or every mistake of it.
pub(super) fn set_by<S: DeserializeOwned, T>(
    text: &str,
    of: impl Fn(&S) -> Result<T, Vec<(&'static str, BadSetting)>>,
) -> Result<T> {
    let reading = json::read::<S>(text, Dialect::Commented);
    let mut faults: Vec<(Span, Kind)> = reading.flaws.into_iter().map(Into::into).collect();
    let bad = match reading.value.as_ref().map(of) {
        Some(Ok(made)) if faults.is_empty() => return Ok(made),
        Some(Err(bad)) => bad,
        Some(Ok(_)) | None => Vec::new(),
    };
    faults.extend(bad.into_iter().map(|(name, setting)| {
        let span = reading.tree.value(&[name.into()]);
        let span = span.unwrap_or(Span { start: 0, end: 1 });
        (span, BadModel::Setting(setting).into())
    }));
    Error::in_text(text, faults, FAULT_LIMIT).and(Err(BadFile::Empty.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[track_caller]
    fn refused<T: std::fmt::Debug>(asked: Result<T>, expected: &str) {
        let error = asked.unwrap_err();
        let kind = format!("{:?}", error.faults()[0].kind);
        assert!(kind.contains(expected), "{kind}");
    }

    #[test]
    fn an_input_that_is_read_whole_has_a_limit_that_it_may_reach() {
        let limit = 5;
        for length in 0..8 {
            let read = read_all(&vec![7; length][..], limit);
            if length as u64 <= limit {
                assert_eq!(read.unwrap(), vec![7; length]);
            } else {
                refused(read, "TooLong { limit: 5 }");
            }
        }
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("file");
        for (length, is_read) in [(4, true), (5, true), (6, false)] {
            fs::write(&path, vec![7; length]).unwrap();
            assert_eq!(read(&path, limit).is_ok(), is_read, "{length}");
        }
        for (bytes, found) in [(0, &b""[..]), (2, b"\x07\x07"), (9, &[7; 6])] {
            assert_eq!(beginning(&path, bytes).unwrap(), found);
        }
        assert_eq!(digest(&path).unwrap(), blake3::hash(&[7; 6]).to_string());
        fs::write(&path, b"\xff").unwrap();
        refused(read_text(&path), "NotUtf8");
    }

    #[test]
    fn a_folder_is_not_opened_and_nor_is_what_is_not_there() {
        let desk = tempfile::tempdir().unwrap();
        refused(open(desk.path()), "Directory");
        let none = desk.path().join("none");
        refused(open(&none), "NotFound");
        refused(beginning(&none, 1), "NotFound");
        refused(digest(&none), "NotFound");
        refused(check_named_by(desk.path(), desk.path()), "Directory");
        refused(check_named_by(desk.path(), &none), "NotFound");
        fs::write(&none, "").unwrap();
        assert!(open(&none).unwrap().1.is_file());
        check_named_by(desk.path(), &none).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_opened_only_where_it_ends_at_once() {
        open(Path::new("/dev/null")).unwrap();
        refused(open(Path::new("/dev/zero")), "Device");
        let devices = Path::new("/dev");
        refused(
            check_named_by(devices, Path::new("/dev/null")),
            "NotRegular",
        );
        refused(
            check_named_by(&devices.join("shm"), Path::new("/dev/null")),
            "Outside",
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_path_lies_within_a_folder_where_all_its_links_do() {
        use std::os::unix::fs::symlink;
        let desk = tempfile::tempdir().unwrap();
        let at = |name: &str| desk.path().join(name);
        fs::create_dir_all(at("in/below")).unwrap();
        fs::create_dir(at("out")).unwrap();
        for (target, link) in [
            ("below", "in/to_below"),
            ("../out", "in/to_out"),
            ("../in/below", "in/around"),
            ("nowhere", "in/to_nowhere"),
            ("in", "to_in"),
            ("../out/back", "in/by_out"),
            ("../in", "out/back"),
        ] {
            symlink(target, at(link)).unwrap();
        }
        symlink(at("in/below"), at("in/absolute")).unwrap();
        symlink(at("out"), at("in/absolute_out")).unwrap();
        // So many links, one behind the other: link 1 leads to a folder, link 2 to link 1, …
        for number in 1..=LINK_LIMIT + 1 {
            let target = match number {
                1 => "below".to_owned(),
                _ => format!("chain{}", number - 1),
            };
            symlink(target, at(&format!("in/chain{number}"))).unwrap();
        }
        for (path, lies) in [
            ("in", true),
            ("in/x", true),
            ("in/below/x", true),
            ("in/below/../x", true),
            ("in/below/../../in/x", true),
            ("in/../in/x", true),
            ("in/..", false),
            ("in/../out", false),
            ("in/below/../../out/x", false),
            ("out/x", false),
            ("inside", false),
            ("in/to_below/x", true),
            ("in/to_below/../x", true),
            ("in/around/x", true),
            ("in/absolute/x", true),
            ("in/to_nowhere/x", true),
            ("in/to_out/x", false),
            ("in/absolute_out", false),
            // By way of what lies outside, which is not looked at.
            ("in/by_out/x", false),
            (&format!("in/chain{LINK_LIMIT}/x"), true),
            (&format!("in/chain{}/x", LINK_LIMIT + 1), false),
        ] {
            assert_eq!(lies_within(&at("in"), &at(path)), lies, "{path}");
        }
        // However the folder itself is reached.
        assert!(lies_within(&at("to_in"), &at("to_in/x")));
        assert!(!lies_within(&at("to_in"), &at("to_in/to_out/x")));
        assert!(!lies_within(&at("none"), &at("none/x")));
    }
}
