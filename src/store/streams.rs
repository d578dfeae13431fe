//! Files of event data as streams: plain, gzip or zip with one file in it, told apart by their first bytes; standard input.

use super::reads::note_path;
use crate::error::{BadData, BadFile, Error, Result};
use crate::exchange::Files;
use flate2::Crc;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The name of standard input on the command line.
const STANDARD_INPUT: &str = "-";

/// Some files of event data, each a path, or `-` for standard input.
#[derive(Debug)]
pub struct Streams {
    names: Vec<String>,
    /// Of each that cannot be read twice, what goes by.
    passing: Vec<Mutex<blake3::Hasher>>,
    /// How many bytes have been read, before unpacking.
    pub done: AtomicU64,
}

impl Streams {
    /// Takes files by their names, after a look at whether each is there.
    ///
    /// # Errors
    /// Every one that is not there, or is a directory.
    pub fn new(names: Vec<String>) -> Result<Self> {
        let look = |name: &String| {
            if name == STANDARD_INPUT {
                return None;
            }
            let kind = match Path::new(name).metadata() {
                Ok(metadata) if metadata.is_dir() => BadFile::Directory,
                Ok(_) => {
                    note_path(Path::new(name));
                    return None;
                }
                Err(error) => BadFile::Io {
                    doing: "open",
                    error,
                },
            };
            Some(Error::from(kind).in_file(name))
        };
        Error::all(
            names.iter().filter_map(look).collect(),
            crate::history::FAULT_LIMIT,
        )?;
        let passing = names.iter().map(|_| Mutex::default()).collect();
        Ok(Self {
            names,
            passing,
            done: AtomicU64::new(0),
        })
    }

    /// How many bytes there are, as far as that is known.
    #[must_use]
    pub fn length(&self) -> u64 {
        let length = |name: &String| {
            Path::new(name)
                .metadata()
                .map_or(0, |metadata| metadata.len())
        };
        self.names.iter().map(length).sum()
    }

    /// The BLAKE3 digest of a file as it is, packed where it is packed; of what cannot be read twice, of all that was read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn digest(&self, file: usize) -> Result<String> {
        let name = &self.names[file];
        let digest = if is_regular(name) {
            let mut hasher = blake3::Hasher::new();
            let io = |error| {
                let kind = BadFile::Io {
                    doing: "read",
                    error,
                };
                Error::from(kind).in_file(name)
            };
            let opened = File::open(name).map_err(io)?;
            hasher.update_reader(opened).map_err(io)?;
            hasher.finalize()
        } else {
            let passed = self.passing[file].lock();
            passed.unwrap_or_else(PoisonError::into_inner).finalize()
        };
        Ok(digest.to_hex().to_string())
    }

    /// Each file that has the same bytes as one before it, with that one. Only files of the same length are read for it.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn repeated(&self) -> Result<Vec<(usize, usize)>> {
        let mut by_length: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (place, name) in self.names.iter().enumerate() {
            let metadata = Path::new(name).metadata();
            if let Some(metadata) = metadata.ok().filter(|_| is_regular(name)) {
                by_length.entry(metadata.len()).or_default().push(place);
            }
        }
        let mut repeated = Vec::new();
        for (length, places) in by_length {
            if length == 0 || places.len() == 1 {
                continue;
            }
            let mut firsts = BTreeMap::new();
            for place in places {
                let first = *firsts.entry(self.digest(place)?).or_insert(place);
                if first != place {
                    repeated.push((place, first));
                }
            }
        }
        repeated.sort_unstable();
        Ok(repeated)
    }
}

/// Whether a name is that of a file that can be read twice.
fn is_regular(name: &str) -> bool {
    name != STANDARD_INPUT && Path::new(name).is_file()
}

impl Files for Streams {
    fn count(&self) -> usize {
        self.names.len()
    }

    fn name(&self, file: usize) -> String {
        match self.names.get(file).map(String::as_str) {
            Some(STANDARD_INPUT) => "standard input".to_owned(),
            Some(name) => name.to_owned(),
            None => String::new(),
        }
    }

    fn open(&self, file: usize) -> Result<Box<dyn Read + Send + '_>> {
        let io = |doing| move |error| Error::from(BadFile::Io { doing, error });
        let name = &self.names[file];
        let passing = Some(&self.passing[file]).filter(|_| !is_regular(name));
        let mut head = Vec::new();
        let (mut input, file): (Box<dyn Read + Send>, _) = if name == STANDARD_INPUT {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(name).map_err(io("open"))?;
            let is_regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
            let again = is_regular.then(|| file.try_clone()).transpose();
            (Box::new(file), again.map_err(io("open"))?)
        };
        let read = (&mut input).take(MAGIC_BYTES).read_to_end(&mut head);
        read.map_err(io("read"))?;
        let packing = Packing::of(&head);
        let whole = Counted {
            input: Cursor::new(head).chain(input),
            done: &self.done,
            passing,
        };
        Ok(match (packing, file) {
            (Packing::None, _) => Box::new(whole),
            (Packing::Gzip, _) => Box::new(Gunzipped(MultiGzDecoder::new(whole))),
            (Packing::Zip, Some(file)) => unzip(file, &self.done)?,
            (Packing::Zip, None) => {
                // A zip begins with what its end says; what cannot be read twice has to be kept.
                let mut bytes = Vec::new();
                let mut whole = whole;
                whole.read_to_end(&mut bytes).map_err(io("read"))?;
                unzip(Cursor::new(bytes), &self.done)?
            }
        })
    }
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Zip,
}

/// How many bytes tell it.
const MAGIC_BYTES: u64 = 4;

impl Packing {
    fn of(head: &[u8]) -> Self {
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            // The second is that of an archive without files.
            b"PK\x03\x04" | b"PK\x05\x06" => Self::Zip,
            _ => Self::None,
        }
    }
}

/// The one file of an archive.
fn unzip<'a, R: Read + Seek + Send + 'a>(
    mut input: R,
    done: &'a AtomicU64,
) -> Result<Box<dyn Read + Send + 'a>> {
    let bad = |error: rawzip::Error| {
        Error::from(BadData::Archive {
            says: error.to_string(),
        })
    };
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_seekable(&mut input, &mut buffer).map_err(bad)?;
    let mut found = None;
    let mut count = 0;
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(bad)? {
        if entry.is_dir() {
            continue;
        }
        count += 1;
        let is_encrypted = entry.flags().is_encrypted();
        found = Some((
            entry.wayfinder(),
            entry.compression_method(),
            entry.crc32(),
            entry.uncompressed_size_hint(),
            is_encrypted,
        ));
    }
    let Some((wayfinder, method, crc, length, is_encrypted)) = found.filter(|_| count == 1) else {
        return Err(BadData::ArchiveMembers { found: count }.into());
    };
    let (start, end) = archive
        .get_entry(wayfinder)
        .map_err(bad)?
        .compressed_data_range();
    let says = if is_encrypted {
        Some("it is encrypted".to_owned())
    } else if matches!(
        method,
        CompressionMethod::STORE | CompressionMethod::DEFLATE
    ) {
        None
    } else {
        Some(format!(
            "it is packed by {method}, and only deflate is known"
        ))
    };
    if let Some(says) = says {
        return Err(BadData::Archive { says }.into());
    }
    let sought = input.seek(SeekFrom::Start(start));
    sought.map_err(|error| BadFile::Io {
        doing: "read",
        error,
    })?;
    let packed = Counted {
        input: input.take(end - start),
        done,
        passing: None,
    };
    let unpacked: Box<dyn Read + Send + 'a> = match method {
        CompressionMethod::STORE => Box::new(packed),
        _ => Box::new(DeflateDecoder::new(packed)),
    };
    Ok(Box::new(Checked {
        input: unpacked,
        crc: Crc::new(),
        wanted: (crc, length),
        length: 0,
    }))
}

/// Says what to do where a gzip file ends too early or is damaged.
struct Gunzipped<R>(R);

impl<R: Read> Read for Gunzipped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| {
            use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
            let words = match error.kind() {
                UnexpectedEof => "the gzip file ends too early: download or copy it again",
                InvalidData | InvalidInput => "the gzip file is damaged: download or copy it again",
                _ => return error,
            };
            io::Error::new(error.kind(), format!("{words} ({error})"))
        })
    }
}

/// Counts the bytes that go by, and takes their digest where they will not come again.
struct Counted<'a, R> {
    input: R,
    done: &'a AtomicU64,
    passing: Option<&'a Mutex<blake3::Hasher>>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.done.fetch_add(read as u64, Ordering::Relaxed);
        if let Some(hasher) = self.passing {
            let mut hasher = hasher.lock().unwrap_or_else(PoisonError::into_inner);
            hasher.update(&buffer[..read]);
        }
        Ok(read)
    }
}

/// Compares what was unpacked with what the archive says of it.
struct Checked<R> {
    input: R,
    crc: Crc,
    wanted: (u32, u64),
    length: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.crc.update(&buffer[..read]);
        self.length += read as u64;
        if read == 0 && !buffer.is_empty() && (self.crc.sum(), self.length) != self.wanted {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "what was unpacked is not what the archive says it is",
            ));
        }
        Ok(read)
    }
}
