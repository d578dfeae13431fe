//! Logs as they are found: a file, or bytes in memory where it cannot be read twice.

use crate::error::{BadFile, Error, Fault, Kind, Result};
use crate::history::{LIBRARY, Shipped, Source};
use crate::model::nearest;
use crate::store::disk::BUFFER_BYTES;
use crate::store::file::{WHOLE_LIMIT, open, read_all};
use crate::store::given::given;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// A log to read.
#[derive(Clone, Debug)]
pub enum Log {
    /// A regular file, open from the first reading to the last, so that all of them read the same
    /// log whatever becomes of its name. Its readers share one position: each must be done before
    /// the next begins.
    File(Arc<File>),
    /// Bytes in memory: a history that ships, standard input, a pipe.
    Memory(Arc<[u8]>),
}

impl Log {
    /// A history that ships with the crate.
    #[must_use]
    pub fn shipped(shipped: &Shipped) -> Self {
        Self::Memory(shipped.log.into())
    }

    /// How many bytes it has, as far as that is known.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self {
            Self::File(file) => file.metadata().map_or(0, |metadata| metadata.len()),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// The log at a path. A pipe is read into memory.
    ///
    /// # Errors
    /// When it cannot be opened, is a directory or a device, or a pipe gives more than
    /// [`WHOLE_LIMIT`].
    pub fn open(path: &Path) -> Result<Self> {
        let named = |error: Error| error.in_file(&path.display().to_string());
        if let Some(given) = given(path) {
            let bytes = read_all(given.open(), WHOLE_LIMIT).map_err(named)?;
            return Ok(Self::Memory(bytes.into()));
        }
        let (file, metadata) = open(path).map_err(|error| named(no_history(path, error)))?;
        if metadata.is_file() {
            return Ok(Self::File(Arc::new(file)));
        }
        let bytes = read_all(file, WHOLE_LIMIT).map_err(named)?;
        Ok(Self::Memory(bytes.into()))
    }
}

/// Why nothing was found where a history was asked for: a word that is the name of no file may have
/// been meant for one that ships.
pub(in crate::store) fn no_history(path: &Path, error: Error) -> Error {
    let name = path.to_str().unwrap_or_default();
    if name.is_empty() || name.contains(['/', '\\', '.']) {
        return error;
    }
    error.placed(|kind| match kind {
        Kind::File(BadFile::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            let names = || LIBRARY.iter().map(|shipped| shipped.name);
            let begins = names().find(|known| known.starts_with(name));
            let near = begins.or_else(|| nearest(name, names()));
            Fault::from(BadFile::NoHistory { error, near })
        }
        kind => kind.into(),
    })
}

/// Reads a [`Log`].
#[derive(Debug)]
pub enum LogReader {
    /// From a file.
    File(BufReader<Arc<File>>),
    /// From memory.
    Memory(Cursor<Arc<[u8]>>),
}

impl Source for Log {
    type Reader<'a> = LogReader;

    fn open(&self) -> io::Result<LogReader> {
        self.open_at(0)
    }

    fn open_at(&self, offset: u64) -> io::Result<LogReader> {
        Ok(match self {
            Self::File(file) => {
                (&**file).seek(SeekFrom::Start(offset))?;
                LogReader::File(BufReader::with_capacity(BUFFER_BYTES, Arc::clone(file)))
            }
            Self::Memory(bytes) => {
                let mut reader = Cursor::new(Arc::clone(bytes));
                reader.set_position(offset);
                LogReader::Memory(reader)
            }
        })
    }

    fn read_at(&self, offset: u64, length: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            // Less than a reader would take at once.
            Self::File(file) => {
                (&**file).seek(SeekFrom::Start(offset))?;
                (&**file).take(length).read_to_end(&mut bytes)?;
            }
            Self::Memory(_) => {
                self.open_at(offset)?.take(length).read_to_end(&mut bytes)?;
            }
        }
        Ok(bytes)
    }
}

impl Read for LogReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl BufRead for LogReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::File(file) => file.fill_buf(),
            Self::Memory(bytes) => bytes.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::File(file) => file.consume(amount),
            Self::Memory(bytes) => bytes.consume(amount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use io::ErrorKind::{NotFound, PermissionDenied, TimedOut};

    #[test]
    fn a_word_that_is_no_file_is_near_a_history_that_ships_and_no_other_failure_is() {
        let failed = |name: &str, kind: io::ErrorKind| {
            let (doing, error) = ("open", kind.into());
            let error = no_history(Path::new(name), BadFile::Io { doing, error }.into());
            match error.faults() {
                [fault] => match &fault.kind {
                    Kind::File(BadFile::NoHistory { near, .. }) => Some(*near),
                    _ => None,
                },
                faults => unreachable!("{faults:?}"),
            }
        };
        assert_eq!(failed("rekorded", NotFound), Some(Some("recorded")));
        assert_eq!(failed("record", NotFound), Some(Some("recorded")));
        assert_eq!(failed("xyzzyxyzzy", NotFound), Some(None));
        for name in ["record.json", "here/record", "here\\record", ""] {
            assert_eq!(failed(name, NotFound), None, "{name}");
        }
        for kind in [PermissionDenied, TimedOut] {
            assert_eq!(failed("record", kind), None);
        }
    }

    #[test]
    fn a_log_in_a_file_is_read_as_one_in_memory() {
        let bytes = LIBRARY[0].log;
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("log.jsonl");
        std::fs::write(&path, bytes).unwrap();
        let logs = [Log::open(&path).unwrap(), Log::shipped(&LIBRARY[0])];
        assert!(matches!(logs, [Log::File(_), Log::Memory(_)]));
        let length = bytes.len() as u64;
        let part = |from: u64, to: u64| &bytes[from.min(length) as usize..to.min(length) as usize];
        for log in &logs {
            assert_eq!(log.length(), length);
            for offset in [0, 1, 700, length - 1, length, length + 5] {
                for many in [0, 1, 300, length] {
                    let read = log.read_at(offset, many).unwrap();
                    assert!(
                        read == part(offset, offset + many),
                        "{many} from {offset} on"
                    );
                }
                let mut rest = Vec::new();
                let mut reader = log.open_at(offset).unwrap();
                reader.read_to_end(&mut rest).unwrap();
                assert!(rest == part(offset, length), "from {offset} on");
                let first = log.open_at(offset).unwrap().split(b'\n').next();
                let first = first.map(Result::unwrap).unwrap_or_default();
                assert!(part(offset, length).starts_with(&first), "from {offset} on");
            }
            let mut few = [0; 3];
            assert_eq!(log.open().unwrap().read(&mut few).unwrap(), 3);
            assert_eq!(few, bytes[..3]);
        }
        assert!(Log::open(desk.path()).is_err());
    }
}
