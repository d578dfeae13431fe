//! What an append asks of a disk: the seam at which tests put one that stops, refuses and forgets.

use same_file::Handle;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Files by their paths.
pub trait Disk {
    /// An open file.
    type File: DiskFile;

    /// What stands at a path; nothing where there is none.
    ///
    /// # Errors
    /// What the system says.
    fn look(&self, path: &Path) -> io::Result<Option<Stands>>;

    /// Opens a file for reading and writing; with `create` it is made where there is none.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, path: &Path, create: bool) -> io::Result<Self::File>;

    /// Makes a file that must not exist yet.
    ///
    /// # Errors
    /// What the system says.
    fn create_new(&self, path: &Path) -> io::Result<Self::File>;

    /// Takes a file away.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

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
    /// A pipe, a device.
    Other,
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

    fn look(&self, path: &Path) -> io::Result<Option<Stands>> {
        match path.metadata() {
            Ok(found) if found.is_dir() => Ok(Some(Stands::Folder)),
            Ok(found) if found.is_file() => Ok(Some(Stands::File)),
            Ok(_) => Ok(Some(Stands::Other)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
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

    fn create_new(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).open(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder_of(&self, path: &Path) -> io::Result<()> {
        let real = path.canonicalize()?;
        let Some(folder) = real.parent() else {
            return Ok(());
        };
        match File::open(folder).and_then(|folder| folder.sync_all()) {
            Err(error) if cannot_be_synced(&error) => Ok(()),
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
}

/// Whether a system says that it does not sync folders at all, and not that it failed.
fn cannot_be_synced(error: &io::Error) -> bool {
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
