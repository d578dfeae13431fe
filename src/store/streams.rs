//! Files of event data as streams: plain, gzip or zip with one file in it, told apart by their
//! first bytes; standard input.

use super::file::{WHOLE_LIMIT, open, read_all};
use super::given::{Given, given};
use crate::error::{BadData, BadFile, Error, Result};
use crate::exchange::Files;
use crate::text::{abridged, count, shown};
use crate::threads::Control;
use flate2::Crc;
use flate2::bufread::GzDecoder;
use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// The name of standard input on the command line.
const STANDARD_INPUT: &str = "-";

/// Some files of event data, each a path, or `-` for standard input.
#[derive(Debug)]
pub struct Streams {
    names: Vec<PathBuf>,
    /// Those that are in memory only.
    given: Vec<Option<Given>>,
    /// Of each that cannot be read twice, what goes by.
    passing: Vec<Mutex<blake3::Hasher>>,
    /// How many bytes stand behind the gzip of each, and are no part of it.
    behind: Vec<AtomicU64>,
    /// Counts the bytes that have been read, before unpacking. Once it is stopped, reading fails.
    pub control: Control,
}

impl Streams {
    /// Takes files by their names, after a look at whether each is there.
    ///
    /// # Errors
    /// Every one that is not there, or is a directory.
    pub fn new(names: Vec<PathBuf>) -> Result<Self> {
        let look = |name: &PathBuf| {
            if is_standard_input(name) || given(name).is_some() {
                return None;
            }
            let looked = match name.metadata() {
                // A pipe is opened once, when it is read.
                Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => Ok(()),
                _ => open(name).map(|_| ()),
            };
            let in_file = |error: Error| error.in_file(&name.display().to_string());
            looked.err().map(in_file)
        };
        Error::all(
            names.iter().filter_map(look).collect(),
            crate::history::FAULT_LIMIT,
        )?;
        let passing = names.iter().map(|_| Mutex::default()).collect();
        let behind = names.iter().map(|_| AtomicU64::new(0)).collect();
        let given = names.iter().map(|name| given(name)).collect();
        Ok(Self {
            names,
            given,
            passing,
            behind,
            control: Control::default(),
        })
    }

    /// How many bytes there are, as far as that is known.
    #[must_use]
    pub fn length(&self) -> u64 {
        let length = |(name, given): (&PathBuf, &Option<Given>)| match given {
            Some(given) => given.length(),
            None => name.metadata().map_or(0, |metadata| metadata.len()),
        };
        self.names.iter().zip(&self.given).map(length).sum()
    }

    /// How many bytes stand behind the gzip of a file that was read, and were left aside.
    #[must_use]
    pub fn behind(&self, file: usize) -> u64 {
        self.behind[file].load(Ordering::Relaxed)
    }

    /// The BLAKE3 digest of a file as it is, packed where it is packed; of what cannot be read
    /// twice, of all that was read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn digest(&self, file: usize) -> Result<String> {
        let name = &self.names[file];
        if self.is_regular(file) {
            let digest = super::file::digest(name);
            return digest.map_err(|error| error.in_file(&name.display().to_string()));
        }
        let passed = self.passing[file].lock();
        let digest = passed.unwrap_or_else(PoisonError::into_inner).finalize();
        Ok(digest.to_hex().to_string())
    }

    /// Each file that has the same contents as one before it, packed or not, with that one. Only
    /// files of the same length, unpacked, are read for it, and what cannot be read twice is not.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn repeated(&self, lengths: &[u64]) -> Result<Vec<(usize, usize)>> {
        let mut by_length: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (place, length) in lengths.iter().enumerate() {
            if *length > 0 && self.is_regular(place) {
                by_length.entry(*length).or_default().push(place);
            }
        }
        let mut repeated = Vec::new();
        for places in by_length.into_values().filter(|places| places.len() > 1) {
            let mut firsts = BTreeMap::new();
            for place in places {
                let first = *firsts.entry(self.contents(place)?).or_insert(place);
                if first != place {
                    repeated.push((place, first));
                }
            }
        }
        repeated.sort_unstable();
        Ok(repeated)
    }

    /// All of a file, unpacked, [`super::WHOLE_LIMIT`] at most.
    ///
    /// # Errors
    /// When there is more, or it cannot be read.
    pub fn read_whole(&self, file: usize) -> Result<Vec<u8>> {
        read_all(self.open(file)?, WHOLE_LIMIT)
    }

    /// Whether a file is one on a disk, which can be read twice.
    fn is_regular(&self, file: usize) -> bool {
        let name = &self.names[file];
        self.given[file].is_none() && !is_standard_input(name) && name.is_file()
    }

    /// The digest of a file's contents, unpacked.
    fn contents(&self, file: usize) -> Result<[u8; 32]> {
        let io = |error| {
            let kind = BadFile::Io {
                doing: "read",
                error,
            };
            Error::from(kind).in_file(&self.names[file].display().to_string())
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(self.open(file)?).map_err(io)?;
        Ok(*hasher.finalize().as_bytes())
    }
}

fn is_standard_input(name: &Path) -> bool {
    name == Path::new(STANDARD_INPUT)
}

impl Files for Streams {
    fn count(&self) -> usize {
        self.names.len()
    }

    fn name(&self, file: usize) -> String {
        match self.names.get(file) {
            Some(name) if is_standard_input(name) => "standard input".to_owned(),
            Some(name) => name.display().to_string(),
            None => String::new(),
        }
    }

    fn open(&self, place: usize) -> Result<Box<dyn Read + Send + '_>> {
        let io = |doing| move |error| Error::from(BadFile::Io { doing, error });
        self.behind[place].store(0, Ordering::Relaxed);
        let name = &self.names[place];
        let passing = Some(&self.passing[place]).filter(|_| !self.is_regular(place));
        let mut head = Vec::new();
        let (mut input, file): (Box<dyn Read + Send>, _) = if let Some(given) = &self.given[place] {
            (given.open(), None)
        } else if is_standard_input(name) {
            (Box::new(io::stdin()), None)
        } else {
            let (file, metadata) = open(name)?;
            let again = metadata.is_file().then(|| file.try_clone()).transpose();
            (Box::new(file), again.map_err(io("open"))?)
        };
        let read = (&mut input).take(MAGIC_BYTES).read_to_end(&mut head);
        read.map_err(io("read"))?;
        let compression = Compression::of(&head);
        let whole = Counted {
            input: Cursor::new(head).chain(input),
            control: &self.control,
            passing,
        };
        Ok(match (compression, file) {
            (Compression::None, _) => Box::new(whole),
            (Compression::Gzip, _) => Box::new(Gunzipped(Members {
                member: Some(GzDecoder::new(BufReader::with_capacity(
                    PACKED_BYTES,
                    whole,
                ))),
                behind: &self.behind[place],
            })),
            (Compression::Zip, Some(file)) => unzip(file, &self.control)?,
            (Compression::Zip, None) => {
                // A zip begins with what its end says; what cannot be read twice has to be kept.
                let bytes = read_all(whole, WHOLE_LIMIT)?;
                unzip(Cursor::new(bytes), &self.control)?
            }
        })
    }
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Zip,
}

/// How many bytes tell it.
const MAGIC_BYTES: u64 = 4;

/// How many packed bytes are read at once.
const PACKED_BYTES: usize = 1 << 16;

impl Compression {
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
    control: &'a Control,
) -> Result<Box<dyn Read + Send + 'a>> {
    let bad = |error: rawzip::Error| {
        Error::from(BadData::Archive {
            says: error.to_string(),
        })
    };
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_seekable(&mut input, &mut buffer).map_err(bad)?;
    let mut found = None;
    let mut names = Vec::new();
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(bad)? {
        let path = entry.file_path();
        if entry.is_dir() || is_of_system(path.as_bytes()) {
            continue;
        }
        names.push(String::from_utf8_lossy(path.as_bytes()).into_owned());
        let is_encrypted = entry.flags().is_encrypted();
        found = Some((
            entry.wayfinder(),
            entry.compression_method(),
            entry.crc32(),
            entry.uncompressed_size_hint(),
            is_encrypted,
        ));
    }
    let found = found.filter(|_| names.len() == 1);
    let Some((wayfinder, method, crc, length, is_encrypted)) = found else {
        return Err(why_not_one(&names).into());
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
        control,
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

/// Whether an entry of an archive is what a system has added to it, and no file that somebody has
/// packed.
fn is_of_system(path: &[u8]) -> bool {
    let mut folders = path.split(|byte| matches!(byte, b'/' | b'\\'));
    let name = folders.next_back().unwrap_or_default();
    let is_one = |known: &&str| name.eq_ignore_ascii_case(known.as_bytes());
    name.starts_with(b"._")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].iter().any(is_one)
        || folders.any(|folder| folder == b"__MACOSX")
}

/// Why an archive with these files is not read.
fn why_not_one(names: &[String]) -> BadData {
    const OFFICE: [(&str, &str); 4] = [
        ("xl/", "an Excel workbook (xlsx)"),
        ("word/", "a Word document (docx)"),
        ("content.xml", "an OpenDocument file (ods, odt)"),
        ("Index/", "a Numbers or Pages file"),
    ];
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    if let Some((_, what)) = OFFICE.iter().find(|(start, _)| has(start)) {
        return BadData::other(
            format!("this is {what}"),
            "save its table as CSV (UTF-8), with codes as text",
        );
    }
    let files = count(names.len() as u64, "file");
    let list = match names {
        [] => String::new(),
        names => format!(": {}", shown(&abridged(names))),
    };
    BadData::other(
        format!("the archive has {files}, and must have one{list}"),
        "unpack it, and name the files",
    )
}

/// The members of a gzip file one after another, as one stream. What stands behind them and is no
/// member is left aside and counted, but for the zeros with which tapes are filled up.
struct Members<'a, R> {
    /// `None` at the end.
    member: Option<GzDecoder<BufReader<R>>>,
    behind: &'a AtomicU64,
}

impl<R: Read> Members<'_, R> {
    /// Leaves aside what is no member.
    fn skip(&self, mut input: BufReader<R>) -> io::Result<()> {
        let mut is_filling = true;
        loop {
            let part = input.fill_buf()?;
            let length = part.len();
            is_filling &= part.iter().all(|byte| *byte == 0);
            if length == 0 {
                return Ok(());
            }
            if !is_filling {
                self.behind.fetch_add(length as u64, Ordering::Relaxed);
            }
            input.consume(length);
        }
    }
}

impl<R: Read> Read for Members<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut input) = self.member.take().map(GzDecoder::into_inner) else {
                break;
            };
            if input.fill_buf()?.first() == Some(&0x1f) {
                self.member = Some(GzDecoder::new(input));
            } else {
                self.skip(input)?;
            }
        }
        Ok(0)
    }
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
    control: &'a Control,
    passing: Option<&'a Mutex<blake3::Hasher>>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.control.is_stopped() {
            return Err(io::Error::other("reading was stopped"));
        }
        let read = self.input.read(buffer)?;
        self.control.count(read as u64);
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

#[cfg(test)]
mod tests {
    use super::super::given::with_given;
    use super::*;
    use flate2::write::{DeflateEncoder, GzEncoder};
    use std::fs;
    use std::io::Write;
    use std::sync::Arc;

    const ROWS: &[u8] = b"date,source,target,code\n2014-03-18,RUS,USA,042\n";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn zip(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
        for (name, contents) in files {
            if name.ends_with('/') {
                archive.new_dir(name).create().unwrap();
                continue;
            }
            let file = archive.new_file(name).compression_method(method);
            let (mut entry, config) = file.start().unwrap();
            let descriptor = if method == CompressionMethod::STORE {
                let mut writer = config.wrap(&mut entry);
                writer.write_all(contents).unwrap();
                writer.finish().unwrap().1
            } else {
                let deflate = DeflateEncoder::new(&mut entry, flate2::Compression::default());
                let mut writer = config.wrap(deflate);
                writer.write_all(contents).unwrap();
                let (deflate, descriptor) = writer.finish().unwrap();
                deflate.finish().unwrap();
                descriptor
            };
            entry.finish(descriptor).unwrap();
        }
        archive.finish().unwrap();
        bytes
    }

    /// The file of these bytes, in memory.
    fn held(bytes: &[u8]) -> Streams {
        let name = PathBuf::from("<rows>");
        let given = BTreeMap::from([(name.clone(), Given::Bytes(Arc::from(bytes)))]);
        with_given(given, || Streams::new(vec![name]).unwrap())
    }

    /// What is read of a file, or why it is not.
    fn read(streams: &Streams) -> std::result::Result<Vec<u8>, String> {
        let said = |error: Error| format!("{:?}", error.faults()[0].kind);
        let mut input = streams.open(0).map_err(said)?;
        // To ask for nothing is no end.
        assert_eq!(input.read(&mut []).unwrap(), 0);
        let mut bytes = Vec::new();
        let read = input.read_to_end(&mut bytes);
        read.map_err(|error| error.to_string())?;
        assert_eq!(input.read(&mut [0; 8]).unwrap(), 0);
        Ok(bytes)
    }

    #[test]
    fn what_is_packed_is_read_as_what_it_was_in_memory_and_on_a_disk() {
        let (store, deflate) = (CompressionMethod::STORE, CompressionMethod::DEFLATE);
        let (first, second) = ROWS.split_at(9);
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("rows");
        for (bytes, behind) in [
            (ROWS.to_vec(), 0),
            (gzip(ROWS), 0),
            ([gzip(first), gzip(second)].concat(), 0),
            ([gzip(first), gzip(b""), gzip(second)].concat(), 0),
            ([gzip(ROWS), vec![0; 512]].concat(), 0),
            ([gzip(ROWS), b"behind".to_vec()].concat(), 6),
            (
                [gzip(ROWS), vec![0; 2 * PACKED_BYTES], b"more".to_vec()].concat(),
                4,
            ),
            (zip(&[("rows.csv", ROWS)], deflate), 0),
            (zip(&[("rows.csv", ROWS)], store), 0),
            (
                zip(
                    &[("a/", b""), ("a/rows.csv", ROWS), ("__MACOSX/x", b"x")],
                    store,
                ),
                0,
            ),
        ] {
            fs::write(&path, &bytes).unwrap();
            let on_disk = Streams::new(vec![path.clone()]).unwrap();
            for streams in [held(&bytes), on_disk] {
                assert_eq!(streams.length(), bytes.len() as u64);
                assert_eq!(read(&streams).as_deref(), Ok(ROWS));
                let counted = streams.behind(0);
                // Zeros are no part of it where nothing else follows at once.
                assert!(
                    counted >= behind && (behind > 0 || counted == 0),
                    "{counted}"
                );
                assert!(counted <= PACKED_BYTES as u64, "{counted}");
                assert_eq!(streams.read_whole(0).unwrap(), ROWS);
                assert_eq!(streams.behind(0), counted);
                let digest = blake3::hash(&bytes).to_string();
                if streams.is_regular(0) {
                    assert_eq!(streams.digest(0).unwrap(), digest);
                }
            }
        }
        let plain = held(ROWS);
        read(&plain).unwrap();
        assert_eq!(plain.digest(0).unwrap(), blake3::hash(ROWS).to_string());
        assert_eq!(
            plain.control.done.load(Ordering::Relaxed),
            ROWS.len() as u64
        );
    }

    #[test]
    fn what_is_damaged_is_said_to_be() {
        let (store, deflate) = (CompressionMethod::STORE, CompressionMethod::DEFLATE);
        let (gzipped, zipped) = (gzip(ROWS), zip(&[("rows.csv", ROWS)], store));
        let changed = |bytes: &[u8], at: usize, by: u8| {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= by;
            bytes
        };
        // Where the archive says of its file what it is.
        let says = zipped
            .windows(4)
            .position(|it| it == b"PK\x01\x02")
            .unwrap();
        let row = zipped.windows(4).position(|it| it == b"RUS,").unwrap();
        for (bytes, expected) in [
            (gzipped[..gzipped.len() - 1].to_vec(), "ends too early"),
            (gzipped[..12].to_vec(), "ends too early"),
            (changed(&gzipped, gzipped.len() - 6, 1), "is damaged"),
            ([gzip(ROWS), b"\x1f\x8b\x01".to_vec()].concat(), "gzip file"),
            (changed(&zipped, row, 1), "what was unpacked is not"),
            (changed(&zipped, says + 24, 1), "what was unpacked is not"),
            (changed(&zipped, says + 8, 1), "it is encrypted"),
            (changed(&zipped, says + 10, 12), "and only deflate is known"),
            (zipped[..zipped.len() - 3].to_vec(), "Archive"),
            (zip(&[], store), "the archive has 0 files"),
            (
                zip(&[("a", b"a"), ("b", b"b")], deflate),
                "the archive has 2 files",
            ),
            (zip(&[("xl/sheet", b"a")], deflate), "must have one"),
            (
                zip(&[("xl/a", b"a"), ("b", b"b")], deflate),
                "an Excel workbook",
            ),
        ] {
            if expected == "must have one" {
                assert_eq!(read(&held(&bytes)).as_deref(), Ok(&b"a"[..]));
                continue;
            }
            let said = read(&held(&bytes)).unwrap_err();
            assert!(said.contains(expected), "{expected}: {said}");
        }
    }

    #[test]
    fn what_a_system_adds_to_an_archive_is_no_file_of_it() {
        for (path, is) in [
            ("rows.csv", false),
            ("._rows.csv", true),
            ("a/._rows.csv", true),
            (r"a\._rows.csv", true),
            ("._a/rows.csv", false),
            (".DS_Store", true),
            ("a/.ds_store", true),
            ("THUMBS.DB", true),
            ("desktop.ini", true),
            ("desktop.ini/rows.csv", false),
            ("__MACOSX/rows.csv", true),
            ("a/__MACOSX/b/rows.csv", true),
            ("__MACOSX", false),
        ] {
            assert_eq!(is_of_system(path.as_bytes()), is, "{path}");
        }
    }

    #[test]
    fn of_files_with_the_same_contents_the_first_is_told() {
        let desk = tempfile::tempdir().unwrap();
        let other = ROWS.to_ascii_lowercase();
        let names = ["a", "b", "c", "d", "e", "f"].map(|name| desk.path().join(name));
        let contents = [ROWS, &gzip(ROWS), &other, ROWS, b"", b""];
        for (name, contents) in names.iter().zip(contents) {
            fs::write(name, contents).unwrap();
        }
        let given = BTreeMap::from([(desk.path().join("g"), Given::Bytes(Arc::from(ROWS)))]);
        let all = [&names[..], &[desk.path().join("g")]].concat();
        let streams = with_given(given, || Streams::new(all).unwrap());
        let length = ROWS.len() as u64;
        let lengths = [length, length, length, length, 0, 0, length];
        assert_eq!(streams.repeated(&lengths).unwrap(), [(1, 0), (3, 0)]);
        // Of another length it is not read.
        fs::write(&names[3], &gzip(ROWS)[..20]).unwrap();
        let lengths = [length, length, length, length + 1, 0, 0, length];
        assert_eq!(streams.repeated(&lengths).unwrap(), [(1, 0)]);
        streams.repeated(&[length; 4]).unwrap_err();
    }

    #[test]
    fn a_file_is_looked_at_before_it_is_read() {
        let desk = tempfile::tempdir().unwrap();
        let [none, folder] = ["none", "folder"].map(|name| desk.path().join(name));
        fs::create_dir(&folder).unwrap();
        let names = vec![none, PathBuf::from(STANDARD_INPUT), folder];
        let refused = Streams::new(names).unwrap_err();
        assert_eq!(refused.faults().len(), 2);
        let input = Streams::new(vec![PathBuf::from(STANDARD_INPUT)]).unwrap();
        let found = (input.count(), input.name(0), input.name(1), input.length());
        assert_eq!(found, (1, "standard input".to_owned(), String::new(), 0));
        assert!(!input.is_regular(0));
        // What is given in memory is not looked for on a disk; and no device is read twice.
        let name = desk.path().join("rows");
        fs::write(&name, "other").unwrap();
        let given = BTreeMap::from([(name.clone(), Given::Bytes(Arc::from(ROWS)))]);
        let given = with_given(given, || Streams::new(vec![name.clone()]).unwrap());
        assert_eq!(
            (read(&given).as_deref(), given.is_regular(0)),
            (Ok(ROWS), false)
        );
        assert_eq!(given.digest(0).unwrap(), blake3::hash(ROWS).to_string());
        #[cfg(unix)]
        {
            let names = ["/dev/null", "/dev/null"].map(PathBuf::from);
            let devices = Streams::new([&names[..], &[name]].concat()).unwrap();
            assert_eq!(devices.count(), 3);
            let regular = [0, 1, 2].map(|place| devices.is_regular(place));
            assert_eq!(regular, [false, false, true]);
        }
        let two = held(ROWS);
        assert_eq!(
            (two.name(0), two.is_regular(0)),
            ("<rows>".to_owned(), false)
        );
    }
}
