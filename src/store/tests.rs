//! What becomes of files where a disk refuses one thing, or somebody else is faster; and of names,
//! places and access of what is written whole.

use super::disk::{Disk, DiskFile, Found, Stands, System};
use super::logs::append::{Appended, Options, append_lines_on, append_on};
use super::whole::{Replace, WholeFile, hold, is_no_log, part_of};
use super::whole_folder::{MadeFolder, Mark, Outputs, WholeFolder};
use crate::error::{BadFile, Error, Kind, Result};
use crate::history::{Ending, LIBRARY, LINE_LIMIT, Recorded, Register, Written, read_written};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

const SYSTEM: System = System { on_waiting: None };

/// An operation, which time that it is asked for, and how it fails then.
type Fault = (&'static str, usize, ErrorKind);

/// The disks of this machine, on which some operations fail.
#[derive(Clone, Debug, Default)]
struct Failing {
    faults: Vec<Fault>,
    /// How many times each was asked for.
    asked: Rc<RefCell<BTreeMap<&'static str, usize>>>,
}

impl Failing {
    fn at(faults: &[Fault]) -> Self {
        Self {
            faults: faults.to_vec(),
            ..Self::default()
        }
    }

    fn ask(&self, what: &'static str) -> io::Result<()> {
        let mut asked = self.asked.borrow_mut();
        let time = asked.entry(what).or_default();
        *time += 1;
        let mut faults = self.faults.iter();
        match faults.find(|(it, at, _)| it == &what && at == time) {
            Some((.., kind)) => Err((*kind).into()),
            None => Ok(()),
        }
    }

    fn times(&self, what: &'static str) -> usize {
        self.asked.borrow().get(what).copied().unwrap_or_default()
    }

    fn opened(&self, file: io::Result<File>) -> io::Result<Opened> {
        let disk = self.clone();
        file.map(|file| Opened { file, disk })
    }
}

/// An open file of such a disk.
#[derive(Debug)]
struct Opened {
    file: File,
    disk: Failing,
}

impl DiskFile for Opened {
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        self.file.is_at(path)
    }

    fn length(&self) -> io::Result<u64> {
        self.file.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.disk.ask("write")?;
        self.file.write_at(offset, bytes)
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.disk.ask("set length")?;
        self.file.set_length(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.disk.ask("sync")?;
        self.file.sync()
    }
}

impl Disk for Failing {
    type File = Opened;
    type Access = Metadata;

    fn look(&self, path: &Path) -> io::Result<Option<Stands>> {
        match self.ask("look") {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            asked => asked.and_then(|()| SYSTEM.look(path)),
        }
    }

    fn find(&self, path: &Path) -> io::Result<Option<Found<Metadata>>> {
        SYSTEM.find(path)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        SYSTEM.names(folder)
    }

    fn open(&self, path: &Path, create: bool) -> io::Result<Opened> {
        self.opened(SYSTEM.open(path, create))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Opened> {
        self.opened(SYSTEM.open_to_read(path))
    }

    fn create_new(&self, path: &Path, is_private: bool) -> io::Result<Opened> {
        self.ask("create")?;
        self.opened(SYSTEM.create_new(path, is_private))
    }

    fn create_folder(&self, path: &Path, is_private: bool) -> io::Result<()> {
        SYSTEM.create_folder(path, is_private)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.ask("rename")?;
        SYSTEM.rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.ask("link")?;
        SYSTEM.link(from, to)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        self.ask("exchange")?;
        SYSTEM.exchange(one, other)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        SYSTEM.remove(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        SYSTEM.remove_folder(path)
    }

    fn access_of(&self, file: &Opened) -> io::Result<Metadata> {
        SYSTEM.access_of(&file.file)
    }

    fn give_access(&self, file: &Opened, access: &Metadata) -> io::Result<()> {
        SYSTEM.give_access(&file.file, access)
    }

    fn sync_folder_of(&self, path: &Path) -> io::Result<()> {
        SYSTEM.sync_folder_of(path)
    }

    fn lock(&self, file: &Opened) -> io::Result<()> {
        SYSTEM.lock(&file.file)
    }

    fn try_lock(&self, file: &Opened) -> io::Result<bool> {
        SYSTEM.try_lock(&file.file)
    }
}

/// A folder, and a name in it that nothing has.
fn desk(name: &str) -> (tempfile::TempDir, PathBuf) {
    let desk = tempfile::tempdir().unwrap();
    let path = desk.path().canonicalize().unwrap().join(name);
    (desk, path)
}

/// The names in the folder of a path besides its own.
fn beside(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path.parent().unwrap()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|other| other != path).collect()
}

fn kind<T>(result: Result<T>) -> String {
    let error = result.err().unwrap();
    format!("{:?}", error.faults()[0].kind)
}

/// Statements of these ids, a day each.
fn events(ids: &[&str]) -> String {
    let line = |id: &&str| {
        format!(
            "{{\"id\":\"{id}\",\"date\":\"2030-01-01\",\"source\":[\"USA\"],\"target\":[\"RUS\"],\"act\":\"statement\"}}\n"
        )
    };
    ids.iter().map(line).collect()
}

fn append<D: Disk>(disk: &D, path: &Path, ids: &[&str], version: Option<u64>) -> Result<Appended> {
    let lines = events(ids);
    let batch: Vec<Written<'_>> = read_written(lines.as_bytes()).unwrap();
    let options = Options {
        recorded: Recorded::On("2030-01-02".parse().unwrap()),
        expect_version: version,
        dry_run: false,
    };
    append_on(disk, path, &batch, options)
}

/// How many events a log has, which is as it was written.
fn version(path: &Path) -> u64 {
    let log = fs::read(path).unwrap();
    let register = Register::read(&log[..], true, &HashSet::new()).unwrap();
    register.audit(&log[..]).unwrap();
    register.survey().events
}

#[test]
fn whoever_expects_another_version_of_a_log_is_refused() {
    let (_desk, path) = desk("log.jsonl");
    let other =
        |expected, found| format!("OtherVersion {{ expected: {expected}, found: {found} }}");
    let refused = |expected: u64| kind(append(&SYSTEM, &path, &["b"], Some(expected)));
    assert!(refused(1).contains(&other(1, 0)));
    assert!(!path.exists());
    append(&SYSTEM, &path, &["a"], Some(0)).unwrap();
    assert!(refused(0).contains(&other(0, 1)));
    assert_eq!(append(&SYSTEM, &path, &["b"], Some(1)).unwrap().version, 2);
}

#[test]
fn what_is_to_begin_a_log_goes_on_with_one_that_somebody_has_begun_meanwhile() {
    let (_desk, path) = desk("log.jsonl");
    append(&SYSTEM, &path, &["a"], None).unwrap();
    let disk = Failing::at(&[("look", 1, ErrorKind::NotFound)]);
    let appended = append(&disk, &path, &["a", "b"], None).unwrap();
    assert_eq!(
        (appended.version, appended.already_there),
        (2, vec!["a".to_owned()])
    );
    assert_eq!(version(&path), 2);
}

/// The faults by which lines cannot be written, and by which nobody knows whether they are there.
const UNWRITTEN: &[Fault] = &[("write", 1, ErrorKind::StorageFull)];
const UNCONFIRMED: &[Fault] = &[
    ("sync", 3, ErrorKind::Other),
    ("sync", 4, ErrorKind::Other),
    ("set length", 2, ErrorKind::Other),
    ("write", 4, ErrorKind::Other),
];

#[test]
fn a_file_that_an_append_has_made_goes_with_what_could_not_be_written_and_no_other_does() {
    let ending = Ending::default();
    let append = |name: &str, faults: &[Fault], path: &Path| {
        let disk = Failing::at(faults);
        if name == "events" {
            return kind(append(&disk, path, &["a"], None));
        }
        kind(append_lines_on(&disk, path, |bytes| {
            Ok((bytes.len() as u64, ending, b"{\"a\":1}\n".to_vec()))
        }))
    };
    for name in ["lines", "events"] {
        for is_there in [false, true] {
            let (_desk, path) = desk(name);
            if is_there {
                fs::write(&path, "").unwrap();
            }
            let refused = append(name, UNWRITTEN, &path);
            assert!(refused.contains("doing: \"write\""), "{name}: {refused}");
            let found = fs::read(&path).ok();
            assert_eq!(found, is_there.then(Vec::new), "{name}");
            // What may be there stays.
            let unsure = append(name, UNCONFIRMED, &path);
            assert!(unsure.contains("Unconfirmed"), "{name}: {unsure}");
            let found = fs::read(&path).unwrap();
            assert!(found.starts_with(b"{") && found.ends_with(b"}\0"), "{name}");
        }
    }
}

#[test]
fn a_line_feed_that_cannot_be_written_is_a_zero_until_the_next_append_puts_it_there() {
    let (_desk, path) = desk("log.jsonl");
    let disk = Failing::at(&[("write", 3, ErrorKind::StorageFull)]);
    append(&disk, &path, &["a"], None).unwrap();
    let first = fs::read(&path).unwrap();
    assert!(first.ends_with(b"}\0"), "{}", first.escape_ascii());
    append(&SYSTEM, &path, &["b"], None).unwrap();
    assert_eq!(version(&path), 2);
    let both = fs::read(&path).unwrap();
    assert_eq!(both.split(|byte| *byte == b'\n').count(), 3);
    assert!(both.starts_with(&first[..first.len() - 1]));
}

#[test]
fn where_a_torn_end_cannot_be_moved_aside_nothing_is_appended_or_made() {
    let (_desk, path) = desk("log.jsonl");
    append(&SYSTEM, &path, &["a"], None).unwrap();
    let torn = [&fs::read(&path).unwrap()[..], b"{\"seq\":2,"].concat();
    fs::write(&path, &torn).unwrap();
    let disk = Failing::at(&[("create", 1, ErrorKind::PermissionDenied)]);
    let refused = kind(append(&disk, &path, &["b"], None));
    assert!(refused.contains("PermissionDenied"), "{refused}");
    assert_eq!((fs::read(&path).unwrap(), beside(&path)), (torn, vec![]));
    let appended = append(&SYSTEM, &path, &["b"], None).unwrap();
    assert_eq!((appended.version, beside(&path).len()), (2, 1));
}

#[test]
fn a_name_that_somebody_had_for_a_moment_is_taken_by_a_link_that_writes_over_nothing() {
    let (_desk, path) = desk("made");
    let disk = Failing::at(&[
        ("create", 1, ErrorKind::AlreadyExists),
        ("link", 1, ErrorKind::AlreadyExists),
    ]);
    let mut file = WholeFile::create_on(disk.clone(), &path, Replace::Never).unwrap();
    file.put(b"new").unwrap();
    file.finish().unwrap();
    let times = ["create", "link", "rename"].map(|what| disk.times(what));
    assert_eq!(
        (fs::read(&path).unwrap(), times),
        (b"new".to_vec(), [2, 2, 0])
    );
    assert!(beside(&path).is_empty());
    // Where there are no links the name is taken by another.
    let disk = Failing::at(&[("link", 1, ErrorKind::Unsupported)]);
    let (_desk, path) = desk("made");
    let file = WholeFile::create_on(disk.clone(), &path, Replace::Never).unwrap();
    file.finish().unwrap();
    assert!(path.exists() && disk.times("rename") == 1);
}

#[test]
fn what_is_no_longer_beside_its_place_cannot_be_moved_there() {
    for is_there in [false, true] {
        let (_desk, path) = desk("made");
        if is_there {
            fs::write(&path, "old").unwrap();
        }
        let file = WholeFile::create(&path, Replace::Asked(true)).unwrap();
        fs::remove_file(&beside(&path)[0]).unwrap();
        let refused = kind(file.finish());
        assert!(refused.contains("doing: \"write\""), "{refused}");
        assert_eq!(fs::read(&path).ok(), is_there.then(|| b"old".to_vec()));
    }
}

const MARK: Mark = Mark {
    file: "what",
    read: |said| {
        Some(MadeFolder {
            maker: "test".to_owned(),
            files: vec![("table".to_owned(), said.to_owned())],
            is_as_made: true,
        })
    },
    maker: "test",
};

fn put<D: Disk>(folder: &WholeFolder<D>, text: &str) {
    let digest = blake3::hash(text.as_bytes()).to_hex();
    folder.put("what", digest.as_bytes()).unwrap();
    folder.put("table", text.as_bytes()).unwrap();
}

#[test]
fn a_folder_that_cannot_be_moved_to_its_place_leaves_the_old_one_there_or_says_where_it_is() {
    let full = ErrorKind::StorageFull;
    for can_be_put_back in [true, false] {
        let (_desk, path) = desk("made");
        let folder = WholeFolder::create(&path, MARK, true).unwrap();
        put(&folder, "old");
        folder.finish().unwrap();
        let mut faults = vec![("exchange", 1, ErrorKind::Unsupported), ("rename", 2, full)];
        if !can_be_put_back {
            faults.push(("rename", 3, full));
        }
        let folder = WholeFolder::create_on(Failing::at(&faults), &path, MARK, true).unwrap();
        put(&folder, "new");
        let refused = kind(folder.finish());
        assert_eq!(
            refused.contains("MovedAside"),
            !can_be_put_back,
            "{refused}"
        );
        let old = if can_be_put_back {
            path
        } else {
            let aside = beside(&path).into_iter();
            let mut aside = aside.filter(|it| it.extension() == Some("replaced".as_ref()));
            aside.next().unwrap()
        };
        assert_eq!(fs::read(old.join("table")).unwrap(), b"old");
    }
}

#[test]
fn of_several_outputs_none_has_its_name_where_one_may_not_have_it() {
    let (_desk, first) = desk("first");
    let [second, third] = ["second", "third"].map(|name| first.with_file_name(name));
    for taken in [None, Some(&second), Some(&third)] {
        let mut outputs = Outputs::default();
        for path in [&first, &second] {
            let mut file = WholeFile::create(path, Replace::Asked(false)).unwrap();
            file.put(b"new").unwrap();
            outputs.add(file);
        }
        let folder = WholeFolder::create(&third, MARK, true).unwrap();
        put(&folder, "new");
        outputs.set_folder(folder);
        let names = [&first, &second, &third];
        match taken {
            None => {
                outputs.finish().unwrap();
                fs::remove_file(&first).unwrap();
                fs::remove_file(&second).unwrap();
                fs::remove_dir_all(&third).unwrap();
            }
            Some(taken) => {
                // Somebody is faster.
                fs::write(taken, "other").unwrap();
                outputs.finish().unwrap_err();
                let there = names.map(|path| path.exists());
                assert_eq!(there, names.map(|path| path == taken), "{taken:?}");
                fs::remove_file(taken).unwrap();
            }
        }
        assert!(beside(&first).is_empty());
    }
}

#[test]
fn what_is_flushed_is_with_the_system() {
    let (_desk, path) = desk("made");
    let mut file = WholeFile::create(&path, Replace::Never).unwrap();
    file.write_all(b"text").unwrap();
    file.flush().unwrap();
    assert_eq!(fs::read(&beside(&path)[0]).unwrap(), b"text");
    drop(file);
    let folder = WholeFolder::create(&path, MARK, true).unwrap();
    let mut file = folder.file("table").unwrap();
    file.write_all(b"text").unwrap();
    file.flush().unwrap();
    let table = beside(&path)[0].join("table");
    assert_eq!(fs::read(table).unwrap(), b"text");
}

#[test]
fn what_cannot_be_looked_at_is_said_to_be_no_place_for_a_new_file() {
    let (_desk, path) = desk("file");
    fs::write(&path, "text").unwrap();
    let within = WholeFile::create(&path.join("within"), Replace::Never);
    let refused = kind(within);
    assert!(refused.contains("doing: \"create\""), "{refused}");
    #[cfg(unix)]
    {
        // A link that leads to itself leads nowhere.
        let link = path.with_file_name("link");
        std::os::unix::fs::symlink(&link, &link).unwrap();
        let refused = kind(WholeFolder::create(&link, MARK, true));
        assert!(refused.contains("doing: \"create\""), "{refused}");
        let gone = path.with_file_name("gone");
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(&gone, &link).unwrap();
        let refused = kind(WholeFolder::create(&link, MARK, true));
        assert!(refused.contains("NameTaken"), "{refused}");
    }
}

#[test]
fn an_empty_file_makes_room_where_others_have_to_be_recognised() {
    let never = |_: &mut dyn io::BufRead| Ok(false);
    for (text, own, refused) in [
        ("", Replace::Own(never, false), None),
        ("text", Replace::Own(never, false), Some("AlreadyThere")),
        ("text", Replace::Own(never, true), None),
        ("", Replace::Recognised(never), Some("AlreadyThere")),
    ] {
        let (_desk, path) = desk("file");
        fs::write(&path, text).unwrap();
        let written = WholeFile::write(&path, own, b"new");
        match refused {
            None => written.unwrap(),
            Some(expected) => assert!(kind(written).contains(expected), "{text:?}"),
        }
        let expected = if refused.is_none() { "new" } else { text };
        assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    }
}

#[test]
fn what_begins_with_a_line_of_a_log_is_kept_however_long_that_is() {
    let log = std::str::from_utf8(LIBRARY[0].log).unwrap();
    let line = log.lines().next().unwrap();
    let chain = &line[line.rfind(",\"chain\":").unwrap()..];
    let chained = |length: usize| {
        let begins = "{\"note\":\"";
        let note = "x".repeat(length - begins.len() - 1 - chain.len());
        format!("{begins}{note}\"{chain}")
    };
    let (_desk, path) = desk("file");
    for (text, is_kept) in [
        (format!("{line}\n"), true),
        (chained(500), true),
        (chained(500) + "\ntext", true),
        (chained(500) + " ", false),
        ("{\"seq\":1,".to_owned(), true),
        (chained(LINE_LIMIT) + "\n", true),
        (chained(LINE_LIMIT) + "x\n", false),
        ("text\n".to_owned(), false),
        (String::new(), false),
    ] {
        fs::write(&path, &text).unwrap();
        let kept = is_no_log(&SYSTEM, &path);
        let is_it = |error: &Error| matches!(error.faults()[0].kind, Kind::File(BadFile::IsKept));
        let about = &text[..text.len().min(80)];
        assert_eq!(kept.is_err(), is_kept, "{about}");
        assert!(kept.is_ok() || is_it(&kept.unwrap_err()), "{about}");
    }
}

#[test]
fn nothing_is_written_into_what_is_being_written_nor_to_what_holds_it() {
    let (_desk, place) = desk("made");
    let within = place.join("table");
    fs::create_dir(&place).unwrap();
    let folder = WholeFolder::create(&place, MARK, true).unwrap();
    let twice = kind(WholeFile::create(&within, Replace::Never));
    assert!(twice.contains("WrittenTwice"), "{twice}");
    drop(folder);
    let file = WholeFile::create(&within, Replace::Never).unwrap();
    let twice = kind(WholeFile::create(&within, Replace::Never));
    assert!(twice.contains("WrittenTwice"), "{twice}");
    drop(file);
    WholeFile::create(&within, Replace::Never).unwrap();
}

#[test]
fn of_a_name_that_is_too_long_to_tell_what_is_left_beside_it_nothing_is_taken_away() {
    for (length, is_taken) in [(199, true), (200, true), (201, false)] {
        let (_desk, path) = desk(&"n".repeat(length));
        let left = path.with_file_name(part_of(path.file_name().unwrap(), 17, 0));
        fs::write(&left, "half").unwrap();
        WholeFile::write(&path, Replace::Never, b"new").unwrap();
        assert_eq!(left.exists(), !is_taken, "{length}");
    }
}

#[test]
fn what_was_begun_is_held_unless_somebody_holds_it_or_has_taken_it_away() {
    let (_desk, path) = desk("begun");
    let begun = SYSTEM.create_new(&path, true).unwrap();
    let other = SYSTEM.open(&path, false).unwrap();
    SYSTEM.lock(&other).unwrap();
    let taken = |held: io::Result<()>| held.unwrap_err().kind() == ErrorKind::AlreadyExists;
    assert!(taken(hold(&SYSTEM, &begun, &path)));
    drop(other);
    hold(&SYSTEM, &begun, &path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(taken(hold(&SYSTEM, &begun, &path)));
}

#[cfg(unix)]
#[test]
fn a_file_is_for_those_whom_the_one_is_for_whose_place_it_takes_by_then_or_another_that_is_given() {
    use std::os::unix::fs::PermissionsExt;
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (_desk, path) = desk("made");
    let log = path.with_file_name("log");
    for path in [&path, &log] {
        fs::write(path, "old").unwrap();
        set(path, 0o600);
    }
    let file = WholeFile::create(&path, Replace::Asked(true)).unwrap();
    set(&path, 0o640);
    file.finish().unwrap();
    assert_eq!(mode(&path), 0o640);
    let asked = Replace::Asked(true);
    let file = WholeFile::create_for_readers_of(SYSTEM, &path, asked, &log).unwrap();
    file.finish().unwrap();
    assert_eq!(mode(&path), 0o600);
}
