//! What writing asks of a disk: the seam at which tests put one that stops, refuses and forgets.

use super::reads::is_read;
use same_file::Handle;
use std::ffi::OsString;
use std::fmt::Debug;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Files by their paths. What is said to be one step happens whole or not at all, whatever happens
/// to the program or the power.
pub trait Disk {
    /// An open file.
    type File: DiskFile + Debug;

    /// Who may do what with a file.
    type Access;

    /// What stands at a path, links followed; nothing where there is none.
    ///
    /// # Errors
    /// What the system says.
    fn look(&self, path: &Path) -> io::Result<Option<Stands>>;

    /// What stands at a path itself, links not followed, and more of it.
    ///
    /// # Errors
    /// What the system says.
    fn find(&self, path: &Path) -> io::Result<Option<Found<Self::Access>>>;

    /// The names in a folder, in no order.
    ///
    /// # Errors
    /// What the system says.
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Opens a file for reading and writing; with `create` it is made where there is none.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, path: &Path, create: bool) -> io::Result<Self::File>;

    /// Opens what may only be read, a folder, too, where the system opens folders.
    ///
    /// # Errors
    /// What the system says.
    fn open_to_read(&self, path: &Path) -> io::Result<Self::File>;

    /// Makes a file that must not exist yet. Where it is private, nobody else may read it until it
    /// is given to others.
    ///
    /// # Errors
    /// What the system says.
    fn create_new(&self, path: &Path, is_private: bool) -> io::Result<Self::File>;

    /// Makes a folder that must not exist yet, as a file is made.
    ///
    /// # Errors
    /// What the system says.
    fn create_folder(&self, path: &Path, is_private: bool) -> io::Result<()>;

    /// Gives a file or a folder another name in its folder, in one step; a file that has that name
    /// loses it.
    ///
    /// # Errors
    /// What the system says; it has its old name then.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file a second name in its folder that nothing has yet, in one step.
    ///
    /// # Errors
    /// What the system says, also where it has no links.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Lets two names of a folder change places, in one step.
    ///
    /// # Errors
    /// What the system says; of the kind `Unsupported` where it cannot.
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()>;

    /// Takes a file away.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Takes an empty folder away.
    ///
    /// # Errors
    /// What the system says.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;

    /// Who may do what with an open file.
    ///
    /// # Errors
    /// What the system says.
    fn access_of(&self, file: &Self::File) -> io::Result<Self::Access>;

    /// Gives a file or a folder to those who have another one, as far as the system lets it.
    ///
    /// # Errors
    /// What the system says.
    fn give_access(&self, file: &Self::File, access: &Self::Access) -> io::Result<()>;

    /// Waits until the disk knows the names in the folder of a file. Where a system has no means
    /// for that, the file's own sync has to do.
    ///
    /// # Errors
    /// What the system says.
    fn sync_folder_of(&self, path: &Path) -> io::Result<()>;

    /// Waits until nobody else has a file locked.
    ///
    /// # Errors
    /// What the system says.
    fn lock(&self, file: &Self::File) -> io::Result<()>;

    /// Locks a file, or says that somebody else has it locked.
    ///
    /// # Errors
    /// What the system says, also where it has no locks.
    fn try_lock(&self, file: &Self::File) -> io::Result<bool>;
}

/// An open file.
pub trait DiskFile {
    /// Whether it is still the one at a path.
    ///
    /// # Errors
    /// What the system says.
    fn is_at(&self, path: &Path) -> io::Result<bool>;

    /// How many bytes it has.
    ///
    /// # Errors
    /// What the system says.
    fn length(&self) -> io::Result<u64>;

    /// Reads some bytes from a place on; none at its end.
    ///
    /// # Errors
    /// What the system says.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Writes all of some bytes to a place.
    ///
    /// # Errors
    /// What the system says; a part of them may be written then.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts it to a length, or makes it as long with zeros.
    ///
    /// # Errors
    /// What the system says.
    fn set_length(&self, length: u64) -> io::Result<()>;

    /// Waits until the disk has all that was written.
    ///
    /// # Errors
    /// What the system says; nothing is known of what was written since the last time then.
    fn sync(&self) -> io::Result<()>;
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a device, a link that is not followed.
    Other,
}

/// What is known of what stands at a path.
#[derive(Clone, Copy, Debug)]
pub struct Found<A> {
    /// What it is.
    pub stands: Stands,
    /// How many bytes it has.
    pub length: u64,
    /// Whether nobody may write it.
    pub is_read_only: bool,
    /// Whether this process has read it, and so must not write over it.
    pub is_input: bool,
    /// Who may do what with it.
    pub access: A,
}

impl From<Metadata> for Found<Metadata> {
    fn from(found: Metadata) -> Self {
        let stands = if found.is_dir() {
            Stands::Folder
        } else if found.is_file() {
            Stands::File
        } else {
            Stands::Other
        };
        Self {
            stands,
            length: found.len(),
            is_read_only: found.permissions().readonly(),
            is_input: is_read(&found),
            access: found,
        }
    }
}

/// The disks of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct System {
    /// Called with `true` when another process holds the lock, before that is waited for, and with
    /// `false` afterwards.
    pub on_waiting: Option<fn(bool)>,
}

impl Disk for System {
    type File = File;
    type Access = Metadata;

    fn look(&self, path: &Path) -> io::Result<Option<Stands>> {
        Ok(there(path.metadata())?.map(|found| Found::from(found).stands))
    }

    fn find(&self, path: &Path) -> io::Result<Option<Found<Metadata>>> {
        Ok(there(path.symlink_metadata())?.map(Found::from))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let entries = fs::read_dir(folder)?;
        entries.map(|entry| Ok(entry?.file_name())).collect()
    }

    fn open(&self, path: &Path, create: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(true)
            .create(create)
            .truncate(false);
        options.open(path)
    }

    fn open_to_read(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    fn create_new(&self, path: &Path, is_private: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        if is_private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        #[cfg(not(unix))]
        let _ = is_private;
        options.open(path)
    }

    fn create_folder(&self, path: &Path, is_private: bool) -> io::Result<()> {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are of Unix"))]
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        if is_private {
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        }
        #[cfg(not(unix))]
        let _ = is_private;
        builder.create(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(|error| {
            let error = io::Error::from(error);
            if is_beyond(&error) {
                io::ErrorKind::Unsupported.into()
            } else {
                error
            }
        })
    }

    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    fn exchange(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn access_of(&self, file: &File) -> io::Result<Metadata> {
        file.metadata()
    }

    fn give_access(&self, file: &File, access: &Metadata) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            // Only the owner of all can give a file away; the mode comes behind, since this may
            // change it.
            let _ = fchown(file, Some(access.uid()), Some(access.gid()));
        }
        file.set_permissions(access.permissions())
    }

    fn sync_folder_of(&self, path: &Path) -> io::Result<()> {
        // Whoever waited for the file may have taken it away by now.
        let real = there(path.canonicalize())?.unwrap_or_else(|| path.to_owned());
        match File::open(folder(&real)).and_then(|folder| folder.sync_all()) {
            Err(error) if is_beyond(&error) => Ok(()),
            synced => synced,
        }
    }

    fn lock(&self, file: &File) -> io::Result<()> {
        match file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => {
                let tell = self.on_waiting.unwrap_or(|_| ());
                tell(true);
                let locked = file.lock();
                tell(false);
                locked
            }
        }
    }

    fn try_lock(&self, file: &File) -> io::Result<bool> {
        match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// What was asked of something, unless there is none.
fn there<T>(asked: io::Result<T>) -> io::Result<Option<T>> {
    match asked {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        asked => asked.map(Some),
    }
}

/// The folder that a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Whether a system says that it does not do such a thing at all, and not that it failed.
fn is_beyond(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported)
}

impl DiskFile for File {
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        let held = Handle::from_file(self.try_clone()?)?;
        match Handle::from_path(path) {
            Ok(found) => Ok(held == found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self;
        file.seek(SeekFrom::Start(offset))?;
        file.read(buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = self;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_all()
    }
}

/// How much of a file is read or copied at once, in bytes.
pub(super) const BUFFER_BYTES: usize = 1 << 18;

/// Reads a file from a place on.
#[derive(Debug)]
pub(super) struct At<'f, F> {
    file: &'f F,
    offset: u64,
}

impl<'f, F: DiskFile> At<'f, F> {
    pub(super) fn new(file: &'f F, offset: u64) -> BufReader<Self> {
        BufReader::with_capacity(BUFFER_BYTES, Self { file, offset })
    }
}

impl<F: DiskFile> Read for At<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(self.offset, buffer)?;
        self.offset += read as u64;
        Ok(read)
    }
}

/// Writes a new file from its beginning on.
#[derive(Debug)]
pub(super) struct New<F> {
    pub(super) file: F,
    length: u64,
}

impl<F> New<F> {
    pub(super) fn of(file: F) -> Self {
        Self { file, length: 0 }
    }
}

impl<F: DiskFile> Write for New<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.length, bytes)?;
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufRead;
    use std::path::PathBuf;
    use std::sync::{Mutex, PoisonError};

    const DISK: System = System { on_waiting: None };

    fn kind<T: Debug>(asked: io::Result<T>) -> io::ErrorKind {
        asked.unwrap_err().kind()
    }

    #[test]
    fn a_file_is_read_and_written_at_its_places() {
        let desk = tempfile::tempdir().unwrap();
        let path = desk.path().join("file");
        assert_eq!(kind(DISK.open(&path, false)), io::ErrorKind::NotFound);
        let file = DISK.create_new(&path, false).unwrap();
        assert_eq!(
            kind(DISK.create_new(&path, false)),
            io::ErrorKind::AlreadyExists
        );
        file.write_at(0, b"abcdef").unwrap();
        file.write_at(2, b"XY").unwrap();
        file.set_length(8).unwrap();
        file.sync().unwrap();
        assert_eq!(
            (file.length().unwrap(), DISK.look(&path).unwrap()),
            (8, Some(Stands::File))
        );
        let mut read = [1; 4];
        assert_eq!(file.read_at(5, &mut read).unwrap(), 3);
        assert_eq!(read, *b"f\0\0\x01");
        assert_eq!(file.read_at(8, &mut read).unwrap(), 0);
        // What is opened again is what is there, and is not cut.
        let again = DISK.open(&path, true).unwrap();
        let mut rest = Vec::new();
        At::new(&again, 1).read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"bXYef\0\0");
        let mut lines = At::new(&again, 3).split(b'e');
        assert_eq!(lines.next().unwrap().unwrap(), b"Y");
        let mut new = New::of(DISK.create_new(&desk.path().join("new"), false).unwrap());
        for part in [&b"on"[..], b"e ", b"after the other"] {
            assert_eq!(new.write(part).unwrap(), part.len());
        }
        let written = fs::read(desk.path().join("new")).unwrap();
        assert_eq!(written, b"one after the other");
    }

    #[test]
    fn an_open_file_is_at_the_path_that_leads_to_it_and_at_no_other() {
        let desk = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| desk.path().join(name));
        let file = DISK.create_new(&one, false).unwrap();
        assert!(file.is_at(&one).unwrap());
        assert!(!file.is_at(&other).unwrap());
        // Of what cannot be looked at that is not known.
        assert!(file.is_at(&one.join("within")).is_err());
        DISK.link(&one, &other).unwrap();
        assert!(file.is_at(&other).unwrap());
        assert_eq!(kind(DISK.link(&one, &other)), io::ErrorKind::AlreadyExists);
        DISK.remove(&one).unwrap();
        assert!(!file.is_at(&one).unwrap());
        DISK.rename(&other, &one).unwrap();
        assert!(file.is_at(&one).unwrap() && !file.is_at(&other).unwrap());
        DISK.create_new(&other, false).unwrap();
        assert!(!file.is_at(&other).unwrap());
    }

    #[test]
    fn what_stands_at_a_path_is_told_with_links_followed_or_not() {
        let desk = tempfile::tempdir().unwrap();
        let at = |name: &str| desk.path().join(name);
        fs::write(at("file"), "text").unwrap();
        DISK.create_folder(&at("folder"), false).unwrap();
        let found = |name: &str| {
            let found = DISK.find(&at(name)).unwrap()?;
            Some((
                found.stands,
                found.length,
                found.is_read_only,
                found.is_input,
            ))
        };
        assert_eq!(found("file"), Some((Stands::File, 4, false, false)));
        assert_eq!(found("folder").unwrap().0, Stands::Folder);
        assert_eq!(found("none"), None);
        assert_eq!(DISK.look(&at("folder")).unwrap(), Some(Stands::Folder));
        assert_eq!(DISK.look(&at("none")).unwrap(), None);
        assert!(DISK.look(&at("file").join("within")).is_err());
        let mut read_only = at("file").metadata().unwrap().permissions();
        read_only.set_readonly(true);
        fs::set_permissions(at("file"), read_only).unwrap();
        assert_eq!(found("file"), Some((Stands::File, 4, true, false)));
        let mut names = DISK.names(desk.path()).unwrap();
        names.sort();
        assert_eq!(names, ["file", "folder"]);
        assert!(DISK.names(&at("none")).is_err());
        fs::write(at("folder").join("within"), "").unwrap();
        assert!(DISK.remove_folder(&at("folder")).is_err());
        DISK.remove(&at("folder").join("within")).unwrap();
        DISK.remove_folder(&at("folder")).unwrap();
        assert_eq!(found("folder"), None);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_private_is_nobody_elses_until_it_is_given() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let desk = tempfile::tempdir().unwrap();
        let at = |name: &str| desk.path().join(name);
        let mode = |name: &str| at(name).metadata().unwrap().permissions().mode() & 0o777;
        let private = DISK.create_new(&at("private"), true).unwrap();
        DISK.create_folder(&at("folder"), true).unwrap();
        assert_eq!((mode("private"), mode("folder")), (0o600, 0o700));
        let open = DISK.create_new(&at("open"), false).unwrap();
        open.set_permissions(fs::Permissions::from_mode(0o644))
            .unwrap();
        let access = DISK.access_of(&open).unwrap();
        DISK.give_access(&private, &access).unwrap();
        assert_eq!(mode("private"), 0o644);
        symlink(at("open"), at("link")).unwrap();
        assert_eq!(DISK.look(&at("link")).unwrap(), Some(Stands::File));
        assert_eq!(
            DISK.find(&at("link")).unwrap().unwrap().stands,
            Stands::Other
        );
    }

    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    #[test]
    fn two_names_change_places_or_both_stay() {
        let desk = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| desk.path().join(name));
        fs::write(&one, "1").unwrap();
        assert_eq!(kind(DISK.exchange(&one, &other)), io::ErrorKind::NotFound);
        fs::write(&other, "2").unwrap();
        match DISK.exchange(&one, &other) {
            // Not every file system does that.
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::Unsupported),
            Ok(()) => assert_eq!([&one, &other].map(|it| fs::read(it).unwrap()), [b"2", b"1"]),
        }
    }

    #[test]
    fn what_a_system_cannot_do_is_not_what_fails() {
        use io::ErrorKind::{InvalidInput, NotFound, PermissionDenied, StorageFull, Unsupported};
        for (kind, is) in [
            (InvalidInput, true),
            (PermissionDenied, true),
            (Unsupported, true),
            (NotFound, false),
            (StorageFull, false),
        ] {
            assert_eq!(is_beyond(&kind.into()), is, "{kind}");
        }
        assert_eq!(there(Ok(7)).unwrap(), Some(7));
        assert_eq!(there::<()>(Err(NotFound.into())).unwrap(), None);
        assert_eq!(kind(there::<()>(Err(StorageFull.into()))), StorageFull);
        for (path, expected) in [("a/b", "a"), ("b", "."), ("/b", "/"), ("/", "."), ("", ".")] {
            assert_eq!(folder(Path::new(path)), Path::new(expected), "{path}");
        }
        let desk = tempfile::tempdir().unwrap();
        // Of a file that is gone its folder is still there.
        DISK.sync_folder_of(&desk.path().join("gone")).unwrap();
        let nowhere = desk.path().join("none").join("file");
        assert_eq!(kind(DISK.sync_folder_of(&nowhere)), NotFound);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_cannot_be_synced_is_told_of_a_file_and_not_of_a_folder() {
        let (_reader, writer) = io::pipe().unwrap();
        let pipe = File::from(std::os::fd::OwnedFd::from(writer));
        assert_eq!(kind(pipe.sync()), io::ErrorKind::InvalidInput);
        // That system has no means for it where nothing is kept.
        DISK.sync_folder_of(Path::new("/proc/self/status")).unwrap();
    }

    #[test]
    fn a_lock_is_waited_for_and_that_is_told() {
        static HELD: Mutex<Option<File>> = Mutex::new(None);
        static TOLD: Mutex<Vec<bool>> = Mutex::new(Vec::new());
        fn tell(waits: bool) {
            TOLD.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(waits);
            // Whoever holds it lets go.
            HELD.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        let desk = tempfile::tempdir().unwrap();
        let path: PathBuf = desk.path().join("file");
        let system = System {
            on_waiting: Some(tell),
        };
        let first = system.create_new(&path, false).unwrap();
        system.lock(&first).unwrap();
        let second = system.open(&path, false).unwrap();
        assert!(!system.try_lock(&second).unwrap());
        assert!(TOLD.lock().unwrap().is_empty());
        *HELD.lock().unwrap() = Some(first);
        system.lock(&second).unwrap();
        assert_eq!(*TOLD.lock().unwrap(), [true, false]);
        assert!(
            !system
                .try_lock(&system.open(&path, false).unwrap())
                .unwrap()
        );
        drop(second);
        assert!(
            system
                .try_lock(&system.open(&path, false).unwrap())
                .unwrap()
        );
    }
}
