//! The snapshot beside a long log, by which its state on a day is found without reading all of it.
//! It is a cache and no more: where there is none, or one that does not fit, the log is read, and
//! where none can be written, none is.

use super::log::Log;
use crate::error::{BadFile, Error, Kind, Result};
use crate::history::{
    Behind, Folded, Read, SNAPSHOT_BEGINS, SPACING_BYTES, Scope, Snapshot, Source, Stamp, Summary,
    keep, keep_none, replay, survey, survey_and_replay,
};
use crate::model::{Day, Model};
use crate::store::disk::{At, Disk, DiskFile, Stands, System};
use crate::store::whole::{Replace, WholeFile};
use std::fs::Metadata;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// From which length on a log has a snapshot, in bytes: a shorter one is read in a twentieth of a
/// second. (Measured on 2026-12-01: a million events, 298 MB, in 0.7 to 1.0 seconds.)
const FROM_BYTES: u64 = 16 << 20;

/// How much of a log may have to be folded again to come to its end before its snapshot is written
/// anew, in bytes.
const FAR_BYTES: u64 = 4 * SPACING_BYTES;

/// The place of a log's snapshot.
#[derive(Clone, Debug)]
pub struct Sidecar<M = fn() -> System> {
    /// The disk it is on.
    disk: M,
    log: PathBuf,
    path: PathBuf,
    sizes: SnapshotSizes,
}

/// Which logs have snapshots, and how close their stops are.
#[derive(Clone, Copy, Debug)]
pub struct SnapshotSizes {
    /// How long a log must be, in bytes.
    pub from_bytes: u64,
    /// How much of it lies between two stops at least, in bytes.
    pub spacing_bytes: u64,
    /// How much of it may have to be folded again before the snapshot is written anew, in bytes.
    pub far_bytes: u64,
}

impl Default for SnapshotSizes {
    fn default() -> Self {
        Self {
            from_bytes: FROM_BYTES,
            spacing_bytes: SPACING_BYTES,
            far_bytes: FAR_BYTES,
        }
    }
}

/// What a snapshot did for a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Nothing: all of the log was read and verified.
    None,
    /// The same, and it was written.
    Written(PathBuf),
    /// The log was read from where the snapshot ends, and around the day.
    Taken(PathBuf),
}

impl Sidecar {
    /// That of a log in a file. None where the name stands for what a process holds open, since
    /// nothing is to be written beside that.
    #[must_use]
    pub fn of(log: &Path) -> Option<Self> {
        let path = std::path::absolute(log).ok()?;
        let is_of_process = path.parent() == Some(Path::new("/dev"))
            || path.starts_with("/dev/fd")
            || path.starts_with("/proc");
        if is_of_process {
            return None;
        }
        Self::on(System::default, log, SnapshotSizes::default())
    }
}

impl<D: Disk, M: Fn() -> D> Sidecar<M> {
    /// That of a log on some disk, `.NAME.snap` beside it.
    #[must_use]
    pub fn on(disk: M, log: &Path, sizes: SnapshotSizes) -> Option<Self> {
        let mut name = std::ffi::OsString::from(".");
        name.push(log.file_name()?);
        name.push(".snap");
        Some(Self {
            disk,
            log: log.to_owned(),
            path: log.with_file_name(name),
            sizes,
        })
    }

    /// Surveys a log and folds it to its end, or to that of a day, by the snapshot where that fits;
    /// else one is written if the log is long, and can be. `stamp` tells what the log is by now,
    /// and `scope` must not look at what was known on a day.
    ///
    /// # Errors
    /// As [`survey_and_replay`]; of the snapshot none.
    pub fn state(
        &self,
        log: &(impl Source + ?Sized),
        stamp: impl Fn() -> Option<Stamp>,
        scope: Scope,
        last: Option<Day>,
        model: &Model,
    ) -> Result<(Summary, Folded, Shortcut)> {
        let asked = Asked {
            sidecar: self,
            log,
            scope,
            last,
            model,
        };
        match stamp() {
            Some(before) if before.length >= self.sizes.from_bytes => asked.state(&before, stamp),
            _ => asked.without(),
        }
    }
}

/// What is asked of a log.
struct Asked<'a, M, L: ?Sized> {
    sidecar: &'a Sidecar<M>,
    log: &'a L,
    scope: Scope,
    last: Option<Day>,
    model: &'a Model,
}

/// What became of a snapshot that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    Done,
    /// The disk refuses, or the log has grown.
    Refused,
    /// It would be too long.
    TooLong,
    /// The log is not as it was.
    Astray,
}

/// What there is beside a log that fits it.
enum Beside<F> {
    /// A snapshot, and what the log has behind it.
    Snapshot(Box<(Snapshot<Opened<F>>, Behind)>),
    /// Word that a snapshot would be too long.
    TooLong,
}

impl<D: Disk, M: Fn() -> D, L: Source + ?Sized> Asked<'_, M, L> {
    fn state(
        &self,
        before: &Stamp,
        now: impl Fn() -> Option<Stamp>,
    ) -> Result<(Summary, Folded, Shortcut)> {
        let path = || self.sidecar.path.clone();
        let found = self.found(before);
        if matches!(found, Some(Beside::TooLong)) {
            return self.without();
        }
        if let Some(Beside::Snapshot(found)) = found {
            let (snapshot, behind) = *found;
            let mut writing = Writing::Refused;
            if snapshot.bytes_to_end(&behind) > self.sidecar.sizes.far_bytes {
                let kept = (before.clone(), self.sidecar.sizes.spacing_bytes);
                writing = self.write(before, &now, |out| {
                    snapshot.keep_on(self.log, &behind, self.model, kept, out)
                });
            }
            let told = match writing {
                Writing::Done => self.told(before),
                Writing::Refused | Writing::TooLong => {
                    snapshot.fold(self.log, behind, self.last, self.model)
                }
                Writing::Astray => None,
            };
            if let Some((summary, folded)) = told {
                return Ok((summary, folded, Shortcut::Taken(path())));
            }
        }
        let Some(out) = self.begin() else {
            return self.without();
        };
        let survey = survey(self.log, self.scope, |_, _| {})?;
        let kept = (before.clone(), self.sidecar.sizes.spacing_bytes);
        let write = |out: &mut dyn Write| keep(self.log, &survey, self.model, kept, out);
        match finish(out, before, &now, write) {
            Writing::Done => {
                if let Some((summary, folded)) = self.told(before) {
                    return Ok((summary, folded, Shortcut::Written(path())));
                }
            }
            Writing::TooLong => {
                // So that the next who asks tries none.
                self.write(before, &now, |out| {
                    keep_none(before.length, self.model, before.clone(), out)
                });
            }
            Writing::Refused | Writing::Astray => {}
        }
        let folded = replay(self.log, &survey, self.last.into(), self.model, None)?;
        Ok((survey.summary(), folded, Shortcut::None))
    }

    /// What the log alone tells.
    fn without(&self) -> Result<(Summary, Folded, Shortcut)> {
        let told = survey_and_replay(self.log, self.scope, self.last, self.model, |_, _| {});
        told.map(|(survey, folded)| (survey.summary(), folded, Shortcut::None))
    }

    /// What is there, if it fits.
    fn found(&self, stamp: &Stamp) -> Option<Beside<D::File>> {
        let disk = (self.sidecar.disk)();
        // What is no file might not end.
        let stands = disk.find(&self.sidecar.path).ok()??.stands;
        let file = (stands == Stands::File).then(|| disk.open_to_read(&self.sidecar.path));
        let file = file?.ok()?;
        let length = file.length().ok()?;
        match Snapshot::read((Opened(file), length), self.model, self.log, stamp)? {
            Read::TooLong => Some(Beside::TooLong),
            Read::Snapshot(snapshot) => {
                let behind = snapshot.behind(self.log, self.scope)?;
                Some(Beside::Snapshot(Box::new((snapshot, behind))))
            }
        }
    }

    /// What the snapshot tells.
    fn told(&self, stamp: &Stamp) -> Option<(Summary, Folded)> {
        match self.found(stamp)? {
            Beside::TooLong => None,
            Beside::Snapshot(found) => {
                let (snapshot, behind) = *found;
                snapshot.fold(self.log, behind, self.last, self.model)
            }
        }
    }

    fn write(
        &self,
        before: &Stamp,
        now: impl Fn() -> Option<Stamp>,
        write: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Writing {
        match self.begin() {
            Some(out) => finish(out, before, now, write),
            None => Writing::Refused,
        }
    }

    /// Begins a snapshot, which only those may read who may read the log.
    fn begin(&self) -> Option<WholeFile<D>> {
        let Sidecar {
            disk, log, path, ..
        } = self.sidecar;
        let own = Replace::Recognised(is_snapshot);
        let old = disk();
        if let Ok(Some(found)) = old.find(path)
            && found.is_read_only
            && found.stands == Stands::File
        {
            // As the log is, maybe; it is of no use any more.
            let opened = old.open_to_read(path).ok()?;
            if is_snapshot(&mut At::new(&opened, 0)).ok()? {
                old.remove(path).ok()?;
            }
        }
        WholeFile::create_for_readers_of(disk(), path, own, log).ok()
    }
}

/// Writes a snapshot and gives it its name, if the log is still what it was.
fn finish<D: Disk>(
    mut out: WholeFile<D>,
    before: &Stamp,
    now: impl Fn() -> Option<Stamp>,
    write: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Writing {
    let is_of_log = |kind: &Kind| matches!(kind, Kind::Log(_) | Kind::Event(_));
    let is_too_long = |kind: &Kind| matches!(kind, Kind::File(BadFile::TooLong { .. }));
    let is_any = |error: &Error, is: &dyn Fn(&Kind) -> bool| {
        let mut faults = error.faults().iter();
        faults.any(|fault| is(&fault.kind))
    };
    match write(&mut out) {
        Err(error) if is_any(&error, &is_of_log) => Writing::Astray,
        Err(error) if is_any(&error, &is_too_long) => Writing::TooLong,
        Err(_) => Writing::Refused,
        Ok(()) if now().as_ref() != Some(before) => Writing::Refused,
        Ok(()) => match out.finish() {
            Ok(()) => Writing::Done,
            Err(_) => Writing::Refused,
        },
    }
}

/// Whether a file is a snapshot, of whatever format.
fn is_snapshot(input: &mut dyn BufRead) -> io::Result<bool> {
    let of_any = SNAPSHOT_BEGINS
        .iter()
        .position(|byte| byte.is_ascii_digit());
    let begins = &SNAPSHOT_BEGINS[..of_any.unwrap_or(0)];
    let mut found = Vec::new();
    io::Read::take(input, begins.len() as u64).read_until(b'\n', &mut found)?;
    Ok(found == begins)
}

/// A snapshot that is open.
#[derive(Debug)]
struct Opened<F>(F);

impl<F: DiskFile> Source for Opened<F> {
    type Reader<'a>
        = BufReader<At<'a, F>>
    where
        Self: 'a;

    fn open(&self) -> io::Result<Self::Reader<'_>> {
        self.open_at(0)
    }

    fn open_at(&self, offset: u64) -> io::Result<Self::Reader<'_>> {
        Ok(At::new(&self.0, offset))
    }
}

impl Log {
    /// What tells a log in a file from what it was before; nothing of one in memory.
    #[must_use]
    pub fn stamp(&self) -> Option<Stamp> {
        let Self::File(file) = self else {
            return None;
        };
        let metadata = file.metadata().ok()?;
        let changed = changed(&metadata)?;
        let length = metadata.len();
        Some(Stamp { length, changed })
    }
}

/// When a file was written last, when anything of it was changed last, and which it is.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems may not tell")]
fn changed(file: &Metadata) -> Option<Vec<i64>> {
    use std::os::unix::fs::MetadataExt;
    Some(vec![
        file.mtime(),
        file.mtime_nsec(),
        file.ctime(),
        file.ctime_nsec(),
        file.ino() as i64,
    ])
}

#[cfg(not(unix))]
fn changed(file: &Metadata) -> Option<Vec<i64>> {
    let times = [file.modified().ok()?, file.created().ok()?];
    let since = times.map(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since
        .into_iter()
        .map(|since| Some(since?.as_nanos() as i64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::BadLog;
    use crate::history::Until;
    use crate::history::{Chain, Draft, Writer, check};
    use crate::model::Act;

    #[test]
    #[cfg(unix)]
    fn nothing_is_written_beside_what_a_process_holds_open() {
        let has_one = |log| Sidecar::of(Path::new(log)).is_some();
        for log in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
            assert!(!has_one(log), "{log}");
        }
        for log in ["log.jsonl", "/dev/shm/log.jsonl", "/data/dev/log.jsonl"] {
            assert!(has_one(log), "{log}");
        }
    }

    /// A log of so many events with long notes, each on its own day.
    fn log(events: u64) -> Vec<u8> {
        let (mut writer, mut log) = (Writer::after(Chain::START), Vec::new());
        for seq in 1..=events {
            let draft = Draft {
                id: Some(format!("event-{seq}")),
                date: Day::EPOCH.plus_days(seq as i32),
                source: vec!["USA".parse().unwrap()],
                target: vec!["RUS".parse().unwrap()],
                act: Some(Act::Statement),
                note: Some("n".repeat(9_000)),
                ..Draft::default()
            };
            let record = check(draft).unwrap().placed(seq, Day::EPOCH);
            writer.write(&record, &mut log).unwrap();
        }
        log
    }

    /// A folder with a log in it.
    struct Beside(tempfile::TempDir);

    impl Beside {
        fn new(log: &[u8]) -> Self {
            let desk = Self(tempfile::tempdir().unwrap());
            std::fs::write(desk.log(), log).unwrap();
            desk
        }

        fn log(&self) -> PathBuf {
            self.0.path().join("log")
        }

        fn snapshot(&self) -> PathBuf {
            self.0.path().join(".log.snap")
        }

        /// What was done for the state, which is that of the log, and the snapshot that is there.
        #[track_caller]
        fn told(&self, sizes: SnapshotSizes) -> (Shortcut, Option<Vec<u8>>) {
            let log = Log::open(&self.log()).unwrap();
            self.told_while(sizes, &log, || log.stamp())
        }

        #[track_caller]
        fn told_while(
            &self,
            sizes: SnapshotSizes,
            log: &Log,
            stamp: impl Fn() -> Option<Stamp>,
        ) -> (Shortcut, Option<Vec<u8>>) {
            let model = Model::default();
            let sidecar = Sidecar::on(System::default, &self.log(), sizes).unwrap();
            let told = sidecar.state(log, stamp, Scope::default(), None, &model);
            let (summary, folded, shortcut) = told.unwrap();
            let survey = survey(log, Scope::default(), |_, _| {}).unwrap();
            let alone = replay(log, &survey, Until::End, &model, None).unwrap();
            assert_eq!(folded.state, alone.state);
            assert_eq!(summary, survey.summary());
            (shortcut, std::fs::read(self.snapshot()).ok())
        }
    }

    const SIZES: SnapshotSizes = SnapshotSizes {
        from_bytes: 0,
        spacing_bytes: 1,
        far_bytes: 0,
    };

    #[test]
    fn a_log_that_is_long_enough_has_a_snapshot_which_is_taken_as_long_as_it_fits() {
        let whole = log(12);
        let desk = Beside::new(&whole);
        let from = |from_bytes| SnapshotSizes {
            from_bytes,
            ..SIZES
        };
        let length = whole.len() as u64;
        assert_eq!(desk.told(from(length + 1)), (Shortcut::None, None));
        let (shortcut, first) = desk.told(from(length));
        assert_eq!(shortcut, Shortcut::Written(desk.snapshot()));
        let first = first.unwrap();
        assert_eq!(
            desk.told(from(length)),
            (Shortcut::Taken(desk.snapshot()), Some(first.clone()))
        );
        // It grows by as much as may be folded again, and then by more.
        std::fs::write(desk.log(), log(14)).unwrap();
        let longer = log(14).len() as u64;
        let far = |far_bytes| SnapshotSizes { far_bytes, ..SIZES };
        assert_eq!(
            desk.told(far(longer - length)),
            (Shortcut::Taken(desk.snapshot()), Some(first.clone()))
        );
        let (shortcut, second) = desk.told(far(longer - length - 1));
        assert_eq!(shortcut, Shortcut::Taken(desk.snapshot()));
        assert_ne!(second, Some(first));
        // It becomes shorter, and so is another one.
        std::fs::write(desk.log(), &whole).unwrap();
        let (shortcut, third) = desk.told(SIZES);
        assert_eq!(shortcut, Shortcut::Written(desk.snapshot()));
        assert_ne!(third, second);
    }

    #[test]
    fn a_log_that_changes_while_its_snapshot_is_written_has_none() {
        let desk = Beside::new(&log(12));
        let log = Log::open(&desk.log()).unwrap();
        let asked = std::cell::Cell::new(0);
        let other = || {
            asked.set(asked.get() + 1);
            let length = log.length();
            Some(Stamp {
                length,
                changed: vec![asked.get()],
            })
        };
        assert_eq!(desk.told_while(SIZES, &log, other), (Shortcut::None, None));
        let unknown = || None;
        assert_eq!(
            desk.told_while(SIZES, &log, unknown),
            (Shortcut::None, None)
        );
        assert_eq!(Log::shipped(&crate::history::LIBRARY[0]).stamp(), None);
    }

    #[test]
    fn what_stands_at_the_place_of_a_snapshot_is_replaced_only_if_it_is_one() {
        let desk = Beside::new(&log(12));
        let (_, snapshot) = desk.told(SIZES);
        let snapshot = snapshot.unwrap();
        let read_only = |is: bool| {
            let mut permissions = desk.snapshot().metadata().unwrap().permissions();
            permissions.set_readonly(is);
            std::fs::set_permissions(desk.snapshot(), permissions).unwrap();
        };
        let newer = [b"detente snapshot 7:", &snapshot[19..]].concat();
        for (text, is_one) in [
            (&newer[..], true),
            (&b"detente snapshot "[..], true),
            // An empty file is somebody's, too.
            (b"", false),
            (b"detente snapshots", false),
            (b"detente snapsho", false),
            (b"something else", false),
        ] {
            for is_read_only in [false, true] {
                std::fs::write(desk.snapshot(), text).unwrap();
                read_only(is_read_only);
                let (shortcut, found) = desk.told(SIZES);
                read_only(false);
                let expected = if is_one {
                    (Shortcut::Written(desk.snapshot()), snapshot.clone())
                } else {
                    (Shortcut::None, text.to_vec())
                };
                let text = text.escape_ascii();
                assert!(
                    (shortcut, found.unwrap()) == expected,
                    "{text} {is_read_only}"
                );
            }
        }
        std::fs::remove_file(desk.snapshot()).unwrap();
        std::fs::create_dir(desk.snapshot()).unwrap();
        assert_eq!(desk.told(SIZES), (Shortcut::None, None));
    }

    #[test]
    fn a_snapshot_is_known_by_how_it_begins() {
        for (text, is_one) in [
            (SNAPSHOT_BEGINS, true),
            (b"detente snapshot 99", true),
            (b"detente snapshot", false),
            (b"detente\nsnapshot 1: ", false),
            (b"", false),
        ] {
            let found = is_snapshot(&mut &text[..]).unwrap();
            assert_eq!(found, is_one, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn why_a_snapshot_is_not_written_tells_whether_the_log_is_as_it_was() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("snapshot");
        let stamp = |length| Stamp {
            length,
            changed: vec![1],
        };
        let written = |now: Option<Stamp>, error: Option<Error>| {
            let out = WholeFile::create(&path, Replace::Asked(true)).unwrap();
            let write = |_: &mut dyn Write| error.map_or(Ok(()), Err);
            finish(out, &stamp(4), || now.clone(), write)
        };
        let io = |doing| {
            let error = io::ErrorKind::StorageFull.into();
            Error::from(BadFile::Io { doing, error })
        };
        for (now, error, expected) in [
            (4, Some(BadLog::NoEvents.into()), Writing::Astray),
            (
                4,
                Some(BadFile::TooLong { limit: 7 }.into()),
                Writing::TooLong,
            ),
            (4, Some(io("write")), Writing::Refused),
            (5, None, Writing::Refused),
            (4, None, Writing::Done),
        ] {
            let says = format!("{error:?}");
            assert_eq!(written(Some(stamp(now)), error), expected, "{says}");
            assert_eq!(path.exists(), expected == Writing::Done, "{says}");
        }
    }

    #[test]
    fn a_stamp_tells_a_log_from_what_it_was() {
        let desk = Beside::new(b"one\n");
        let open = || Log::open(&desk.log()).unwrap();
        let first = open().stamp().unwrap();
        assert_eq!((first.length, open().stamp().unwrap()), (4, first.clone()));
        let time =
            std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_nanos(1_000_000_007);
        let file = std::fs::File::options()
            .write(true)
            .open(desk.log())
            .unwrap();
        file.set_modified(time).unwrap();
        let second = open().stamp().unwrap();
        assert_ne!(second, first);
        #[cfg(unix)]
        {
            assert_eq!(second.changed[..2], [1, 7]);
            std::fs::rename(desk.log(), desk.snapshot()).unwrap();
            std::fs::write(desk.log(), "one\n").unwrap();
            let third = open().stamp().unwrap();
            assert_ne!(third.changed[4], second.changed[4]);
        }
    }
}
