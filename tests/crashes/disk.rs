//! A disk that is as unkind as a disk may be: it stops at any operation, refuses some, does a part
//! of them, and after a power loss has of what was not synced any mixture, with zeros where nothing
//! was written.

use detente::store::{Disk, DiskFile, Stands};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How many bytes are written whole or not at all.
const SECTOR_BYTES: usize = 16;

/// What goes wrong at an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing happens any more: the process was killed, or the power went.
    Stop,
    /// The operation fails, and may have done a part of it.
    Refuse,
}

/// Numbers that nobody can foretell and a seed repeats (Vigna's splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below another.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % limit.max(1) as u64) as usize
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 1
    }
}

/// The disk. Clones of it are other disks with the same files.
#[derive(Debug)]
pub(crate) struct Simulated(Rc<RefCell<State>>);

impl Clone for Simulated {
    fn clone(&self) -> Self {
        Self(Rc::new(RefCell::new(self.0.borrow().clone())))
    }
}

#[derive(Clone, Debug)]
struct State {
    files: Vec<Contents>,
    names: BTreeMap<PathBuf, Name>,
    /// What goes wrong, by the number of the operation.
    faults: BTreeMap<usize, Fault>,
    operations: usize,
    /// Whether a sync that failed is not made up for by the next.
    forgets: bool,
    is_stopped: bool,
    chance: Chance,
}

/// A file as programs see it, and as the disk has it.
#[derive(Clone, Debug, Default)]
struct Contents {
    seen: Vec<u8>,
    kept: Vec<u8>,
    /// Of each sector that was written since the last sync, all that it was.
    unsynced: BTreeMap<usize, Vec<Vec<u8>>>,
    /// All lengths since the last sync.
    lengths: Vec<usize>,
}

/// The file of a name as programs see it, and as the disk has it.
#[derive(Clone, Copy, Debug, Default)]
struct Name {
    seen: Option<usize>,
    kept: Option<usize>,
}

impl Simulated {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rc::new(RefCell::new(State {
            files: Vec::new(),
            names: BTreeMap::new(),
            faults: BTreeMap::new(),
            operations: 0,
            forgets: true,
            is_stopped: false,
            chance: Chance(seed),
        })))
    }

    /// What goes wrong from now on, counted from the next operation, and what is drawn for it.
    pub(crate) fn fail(&self, faults: &[(usize, Fault)], seed: u64) {
        let mut state = self.0.borrow_mut();
        state.operations = 0;
        state.faults = faults.iter().copied().collect();
        state.chance = Chance(seed);
    }

    /// Whether a sync that fails may make the system forget what it owes, as Linux does.
    pub(crate) fn forget(&self, forgets: bool) {
        self.0.borrow_mut().forgets = forgets;
    }

    /// How many operations there were since then.
    pub(crate) fn operations(&self) -> usize {
        self.0.borrow().operations
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.0.borrow().is_stopped
    }

    /// Begins again; after a power loss with what the disk has kept.
    pub(crate) fn restart(&self, power_loss: bool) {
        let state = &mut *self.0.borrow_mut();
        state.faults.clear();
        state.is_stopped = false;
        if power_loss {
            for file in &mut state.files {
                file.lose(&mut state.chance);
            }
            for name in state.names.values_mut() {
                let kept = if state.chance.coin() {
                    name.seen
                } else {
                    name.kept
                };
                *name = Name { seen: kept, kept };
            }
        }
    }

    /// What a file holds, if it is there.
    pub(crate) fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let state = self.0.borrow();
        let file = state.names.get(path)?.seen?;
        Some(state.files[file].seen.clone())
    }

    /// Puts other contents into a file, which the disk keeps.
    pub(crate) fn put(&self, path: &Path, bytes: &[u8]) {
        let mut state = self.0.borrow_mut();
        state.files.push(Contents {
            seen: bytes.to_vec(),
            kept: bytes.to_vec(),
            ..Contents::default()
        });
        let file = Some(state.files.len() - 1);
        let name = Name {
            seen: file,
            kept: file,
        };
        state.names.insert(path.to_owned(), name);
    }

    /// All names that begin with another.
    pub(crate) fn beside(&self, path: &Path) -> Vec<PathBuf> {
        let state = self.0.borrow();
        let is_beside = |name: &&PathBuf| {
            let [name, path] = [name.as_path(), path].map(|path| path.display().to_string());
            name != path && name.starts_with(&path)
        };
        let there = state.names.iter().filter(|(_, name)| name.seen.is_some());
        there
            .map(|(name, _)| name)
            .filter(is_beside)
            .cloned()
            .collect()
    }
}

impl State {
    /// Counts an operation. When it goes wrong, a part of it may happen, which is for the operation
    /// to do.
    fn begin(&mut self) -> Result<(), bool> {
        if self.is_stopped {
            return Err(false);
        }
        self.operations += 1;
        match self.faults.get(&(self.operations - 1)) {
            None => Ok(()),
            Some(fault) => {
                self.is_stopped = *fault == Fault::Stop;
                Err(true)
            }
        }
    }

    /// An operation that does nothing when it goes wrong.
    fn whole(&mut self) -> io::Result<()> {
        self.begin().map_err(|_| refused())
    }
}

fn refused() -> io::Error {
    io::Error::other("the disk refuses")
}

impl Contents {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let end = offset + bytes.len();
        if self.seen.len() < end {
            self.seen.resize(end, 0);
            self.lengths.push(end);
        }
        self.seen[offset..end].copy_from_slice(bytes);
        for sector in offset / SECTOR_BYTES..=(end - 1) / SECTOR_BYTES {
            let start = sector * SECTOR_BYTES;
            let whole = self.seen[start..self.seen.len().min(start + SECTOR_BYTES)].to_vec();
            self.unsynced.entry(sector).or_default().push(whole);
        }
    }

    fn set_length(&mut self, length: usize) {
        self.seen.resize(length, 0);
        self.lengths.push(length);
    }

    /// Makes what the disk has as long as the file was, one after the other; what was cut off is
    /// zeros when it is long again.
    fn follow(&mut self, lengths: usize) {
        for length in self.lengths.drain(..).take(lengths) {
            self.kept.resize(length, 0);
        }
    }

    fn sync(&mut self) {
        self.follow(usize::MAX);
        let sectors = std::mem::take(&mut self.unsynced);
        for sector in sectors.into_keys() {
            let start = sector * SECTOR_BYTES;
            let end = self.seen.len().min(start + SECTOR_BYTES);
            if start < end {
                let bytes = self.seen[start..end].to_vec();
                self.keep(start, &bytes);
            }
        }
        self.kept.resize(self.seen.len(), 0);
    }

    fn keep(&mut self, start: usize, bytes: &[u8]) {
        let end = start + bytes.len();
        if self.kept.len() < end {
            self.kept.resize(end, 0);
        }
        self.kept[start..end].copy_from_slice(bytes);
    }

    /// A sync that fails: the disk has any part, and the system may forget that it owes the rest.
    fn half_sync(&mut self, chance: &mut Chance) {
        if chance.coin() {
            return;
        }
        let length = self.kept.len();
        for (sector, versions) in std::mem::take(&mut self.unsynced) {
            if chance.coin() {
                let version = &versions[versions.len() - 1];
                self.keep(sector * SECTOR_BYTES, version);
            }
        }
        self.kept.resize(length, 0);
    }

    /// What is left after a power loss.
    fn lose(&mut self, chance: &mut Chance) {
        self.follow(chance.below(self.lengths.len() + 1));
        let length = self.kept.len();
        for (sector, versions) in std::mem::take(&mut self.unsynced) {
            let which = chance.below(versions.len() + 1);
            if let Some(version) = versions.get(which) {
                self.keep(sector * SECTOR_BYTES, version);
            }
        }
        self.kept.resize(length, 0);
        self.seen = self.kept.clone();
    }
}

/// An open file of the disk.
#[derive(Debug)]
pub(crate) struct Opened {
    disk: Rc<RefCell<State>>,
    file: usize,
}

impl Disk for Simulated {
    type File = Opened;

    fn look(&self, path: &Path) -> io::Result<Option<Stands>> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        let name = state.names.get(path);
        Ok(name.and_then(|name| name.seen).map(|_| Stands::File))
    }

    fn open(&self, path: &Path, create: bool) -> io::Result<Opened> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        let found = state.names.get(path).and_then(|name| name.seen);
        let file = match found {
            Some(file) => file,
            None if create => state.create(path),
            None => return Err(io::ErrorKind::NotFound.into()),
        };
        let disk = Rc::clone(&self.0);
        Ok(Opened { disk, file })
    }

    fn create_new(&self, path: &Path) -> io::Result<Opened> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        if state
            .names
            .get(path)
            .is_some_and(|name| name.seen.is_some())
        {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let file = state.create(path);
        let disk = Rc::clone(&self.0);
        Ok(Opened { disk, file })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        let name = state.names.get_mut(path).ok_or(io::ErrorKind::NotFound)?;
        name.seen = None;
        Ok(())
    }

    fn sync_folder_of(&self, _: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        for name in state.names.values_mut() {
            name.kept = name.seen;
        }
        Ok(())
    }

    fn lock(&self, _: &Opened) -> io::Result<()> {
        self.0.borrow_mut().whole()
    }
}

impl State {
    fn create(&mut self, path: &Path) -> usize {
        self.files.push(Contents::default());
        let file = self.files.len() - 1;
        self.names.entry(path.to_owned()).or_default().seen = Some(file);
        file
    }
}

impl DiskFile for Opened {
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        let mut state = self.disk.borrow_mut();
        state.whole()?;
        let found = state.names.get(path).and_then(|name| name.seen);
        Ok(found == Some(self.file))
    }

    fn length(&self) -> io::Result<u64> {
        let mut state = self.disk.borrow_mut();
        state.whole()?;
        Ok(state.files[self.file].seen.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.disk.borrow_mut();
        state.whole()?;
        let seen = &state.files[self.file].seen;
        let rest = seen.get(offset as usize..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let state = &mut *self.disk.borrow_mut();
        let begun = state.begin();
        let part = match begun {
            Ok(()) => bytes.len(),
            Err(true) => state.chance.below(bytes.len() + 1),
            Err(false) => 0,
        };
        state.files[self.file].write(offset as usize, &bytes[..part]);
        begun.map_err(|_| refused())
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        let state = &mut *self.disk.borrow_mut();
        let begun = state.begin();
        if begun.is_ok() || (begun == Err(true) && state.chance.coin()) {
            state.files[self.file].set_length(length as usize);
        }
        begun.map_err(|_| refused())
    }

    fn sync(&self) -> io::Result<()> {
        let state = &mut *self.disk.borrow_mut();
        match state.begin() {
            Ok(()) => state.files[self.file].sync(),
            Err(begun) => {
                if begun && !state.is_stopped && state.forgets {
                    state.files[self.file].half_sync(&mut state.chance);
                }
                return Err(refused());
            }
        }
        Ok(())
    }
}
