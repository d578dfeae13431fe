//! A disk that is as unkind as a disk may be: it stops at any operation, refuses some, does a part
//! of them, and after a power loss has of what was not synced any mixture, with zeros where nothing
//! was written.

use detente::store::{Disk, DiskFile, Found, Stands};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
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
    /// Files and folders; the first is the root.
    nodes: Vec<Node>,
    /// Those that are locked.
    locked: BTreeSet<usize>,
    /// Whether it has no second names, and none change places.
    is_plain: bool,
    /// What goes wrong, by the number of the operation.
    faults: BTreeMap<usize, Fault>,
    operations: usize,
    /// Whether a sync that failed is not made up for by the next.
    forgets: bool,
    is_stopped: bool,
    chance: Chance,
}

#[derive(Clone, Debug)]
enum Node {
    File(Contents),
    Folder(Names),
}

/// A file as programs see it, and as the disk has it.
#[derive(Clone, Debug, Default)]
struct Contents {
    access: usize,
    seen: Vec<u8>,
    kept: Vec<u8>,
    /// Of each sector that was written since the last sync, all that it was.
    unsynced: BTreeMap<usize, Vec<Vec<u8>>>,
    /// All lengths since the last sync.
    lengths: Vec<usize>,
}

/// A folder as programs see it, and as the disk has it.
#[derive(Clone, Debug, Default)]
struct Names {
    seen: BTreeMap<OsString, usize>,
    kept: BTreeMap<OsString, usize>,
    /// What was done since the last sync, step by step.
    unsynced: Vec<Step>,
}

/// What happens whole or not at all: the files that some names of a folder stand for now.
type Step = Vec<(OsString, Option<usize>)>;

impl Simulated {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Rc::new(RefCell::new(State {
            nodes: vec![Node::Folder(Names::default())],
            locked: BTreeSet::new(),
            is_plain: false,
            faults: BTreeMap::new(),
            operations: 0,
            forgets: true,
            is_stopped: false,
            chance: Chance(seed),
        })))
    }

    /// The same disk.
    pub(crate) fn same(&self) -> Self {
        Self(Rc::clone(&self.0))
    }

    /// From now on it has no second names, and none change places.
    pub(crate) fn be_plain(&self) {
        self.0.borrow_mut().is_plain = true;
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
        state.locked.clear();
        state.is_stopped = false;
        if power_loss {
            for node in &mut state.nodes {
                match node {
                    Node::File(file) => file.lose(&mut state.chance),
                    Node::Folder(names) => names.lose(&mut state.chance),
                }
            }
        }
    }

    /// What a file holds, if it is there.
    pub(crate) fn read(&self, path: &Path) -> Option<Vec<u8>> {
        match self.0.borrow().node(path).ok()? {
            Node::File(file) => Some(file.seen.clone()),
            Node::Folder(_) => None,
        }
    }

    /// Who may do what with a file, as a number.
    pub(crate) fn access(&self, path: &Path) -> Option<usize> {
        match self.0.borrow().node(path).ok()? {
            Node::File(file) => Some(file.access),
            Node::Folder(_) => None,
        }
    }

    /// Puts a file with other contents, which the disk keeps, and with an access, to a name.
    pub(crate) fn put(&self, path: &Path, bytes: &[u8], access: usize) {
        let state = &mut *self.0.borrow_mut();
        state.nodes.push(Node::File(Contents {
            access,
            seen: bytes.to_vec(),
            kept: bytes.to_vec(),
            ..Contents::default()
        }));
        let file = Some(state.nodes.len() - 1);
        let (folder, name) = state.place(path).unwrap();
        let names = state.names(folder).unwrap();
        names.step(vec![(name, file)]);
        names.sync();
    }

    /// The names in a folder, in order; nothing where there is none.
    pub(crate) fn names_in(&self, folder: &Path) -> Option<Vec<PathBuf>> {
        match self.0.borrow().node(folder).ok()? {
            Node::File(_) => None,
            Node::Folder(names) => Some(names.seen.keys().map(PathBuf::from).collect()),
        }
    }
}

impl Names {
    fn step(&mut self, step: Step) {
        follow(&mut self.seen, &step);
        self.unsynced.push(step);
    }

    fn sync(&mut self) {
        self.kept = self.seen.clone();
        self.unsynced.clear();
    }

    /// What is left after a power loss.
    fn lose(&mut self, chance: &mut Chance) {
        for step in std::mem::take(&mut self.unsynced) {
            if chance.coin() {
                follow(&mut self.kept, &step);
            }
        }
        self.seen = self.kept.clone();
    }
}

fn follow(names: &mut BTreeMap<OsString, usize>, step: &[(OsString, Option<usize>)]) {
    for (name, node) in step {
        match node {
            Some(node) => names.insert(name.clone(), *node),
            None => names.remove(name),
        };
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

    /// An operation on a name that does nothing when it goes wrong: the folder, and the name.
    fn at(&mut self, path: &Path) -> io::Result<(usize, OsString)> {
        self.whole()?;
        self.place(path)
    }

    /// The folder of a path, and the name in it.
    fn place(&self, path: &Path) -> io::Result<(usize, OsString)> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok((self.find(folder)?, name.to_owned()))
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        let mut parts = path.components().filter(|part| *part != Component::CurDir);
        parts.try_fold(0, |folder, part| {
            let Node::Folder(names) = &self.nodes[folder] else {
                return Err(io::ErrorKind::NotADirectory.into());
            };
            let found = names.seen.get(part.as_os_str()).copied();
            found.ok_or(io::ErrorKind::NotFound.into())
        })
    }

    fn node(&self, path: &Path) -> io::Result<&Node> {
        Ok(&self.nodes[self.find(path)?])
    }

    fn names(&mut self, folder: usize) -> io::Result<&mut Names> {
        match &mut self.nodes[folder] {
            Node::Folder(names) => Ok(names),
            Node::File(_) => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn file(&mut self, file: usize) -> io::Result<&mut Contents> {
        match &mut self.nodes[file] {
            Node::File(contents) => Ok(contents),
            Node::Folder(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    /// Makes something under a name that nothing has.
    fn create(&mut self, place: (usize, OsString), node: Node) -> io::Result<usize> {
        let made = self.nodes.len();
        let names = self.names(place.0)?;
        if names.seen.contains_key(&place.1) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        names.step(vec![(place.1, Some(made))]);
        self.nodes.push(node);
        Ok(made)
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
    has_locked: Cell<bool>,
}

impl Drop for Opened {
    fn drop(&mut self) {
        if self.has_locked.get() {
            self.disk.borrow_mut().locked.remove(&self.file);
        }
    }
}

impl Simulated {
    fn opened(&self, file: usize) -> Opened {
        Opened {
            disk: Rc::clone(&self.0),
            file,
            has_locked: Cell::new(false),
        }
    }
}

impl Disk for Simulated {
    type File = Opened;
    type Access = usize;

    fn look(&self, path: &Path) -> io::Result<Option<Stands>> {
        Ok(self.find(path)?.map(|found| found.stands))
    }

    fn find(&self, path: &Path) -> io::Result<Option<Found<usize>>> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        let (stands, length, access) = match state.node(path) {
            Ok(Node::File(file)) => (Stands::File, file.seen.len(), file.access),
            Ok(Node::Folder(_)) => (Stands::Folder, 0, 0),
            Err(_) => return Ok(None),
        };
        Ok(Some(Found {
            stands,
            length: length as u64,
            is_read_only: false,
            is_input: false,
            access,
        }))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        let folder = state.find(folder)?;
        Ok(state.names(folder)?.seen.keys().cloned().collect())
    }

    fn open(&self, path: &Path, create: bool) -> io::Result<Opened> {
        let mut state = self.0.borrow_mut();
        let place = state.at(path)?;
        let file = match state.find(path) {
            Err(_) if create => state.create(place, Node::File(Contents::default()))?,
            found => found?,
        };
        Ok(self.opened(file))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Opened> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        Ok(self.opened(state.find(path)?))
    }

    fn create_new(&self, path: &Path, _: bool) -> io::Result<Opened> {
        let mut state = self.0.borrow_mut();
        let place = state.at(path)?;
        let made = state.create(place, Node::File(Contents::default()))?;
        Ok(self.opened(made))
    }

    fn create_folder(&self, path: &Path, _: bool) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        let place = state.at(path)?;
        state.create(place, Node::Folder(Names::default()))?;
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        let ((folder, from_name), (other, to_name)) = (state.at(from)?, state.place(to)?);
        assert_eq!(folder, other);
        let (node, found) = (state.find(from)?, state.find(to));
        if found.is_ok_and(|found| matches!(state.nodes[found], Node::Folder(_))) {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        let step = vec![(from_name, None), (to_name, Some(node))];
        state.names(folder)?.step(step);
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        let (folder, name) = state.at(to)?;
        if state.is_plain {
            return Err(io::ErrorKind::Unsupported.into());
        }
        if state.find(to).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let node = state.find(from)?;
        state.names(folder)?.step(vec![(name, Some(node))]);
        Ok(())
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        let ((folder, one_name), (same, other_name)) = (state.at(one)?, state.place(other)?);
        assert_eq!(folder, same);
        if state.is_plain {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let (first, second) = (state.find(one)?, state.find(other)?);
        let step = vec![(one_name, Some(second)), (other_name, Some(first))];
        state.names(folder)?.step(step);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        let (folder, name) = state.at(path)?;
        let found = state.find(path)?;
        state.file(found)?;
        state.names(folder)?.step(vec![(name, None)]);
        Ok(())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        let (folder, name) = state.at(path)?;
        let found = state.find(path)?;
        if !state.names(found)?.seen.is_empty() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        state.names(folder)?.step(vec![(name, None)]);
        Ok(())
    }

    fn access_of(&self, file: &Opened) -> io::Result<usize> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        Ok(state.file(file.file)?.access)
    }

    fn give_access(&self, file: &Opened, access: &usize) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        if let Node::File(contents) = &mut state.nodes[file.file] {
            contents.access = *access;
        }
        Ok(())
    }

    fn sync_folder_of(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.borrow_mut();
        let (folder, _) = state.at(path)?;
        state.names(folder)?.sync();
        Ok(())
    }

    fn lock(&self, file: &Opened) -> io::Result<()> {
        let is_locked = self.try_lock(file)?;
        assert!(is_locked, "nobody would ever unlock it");
        Ok(())
    }

    fn try_lock(&self, file: &Opened) -> io::Result<bool> {
        let mut state = self.0.borrow_mut();
        state.whole()?;
        let is_locked = state.locked.insert(file.file);
        file.has_locked.set(is_locked);
        Ok(is_locked)
    }
}

impl DiskFile for Opened {
    fn is_at(&self, path: &Path) -> io::Result<bool> {
        let mut state = self.disk.borrow_mut();
        state.whole()?;
        Ok(state.find(path).is_ok_and(|found| found == self.file))
    }

    fn length(&self) -> io::Result<u64> {
        let mut state = self.disk.borrow_mut();
        state.whole()?;
        Ok(state.file(self.file)?.seen.len() as u64)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut state = self.disk.borrow_mut();
        state.whole()?;
        let seen = &state.file(self.file)?.seen;
        let rest = seen.get(offset as usize..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.borrow_mut();
        let begun = state.begin();
        let part = match begun {
            Ok(()) => bytes.len(),
            Err(true) => state.chance.below(bytes.len() + 1),
            Err(false) => 0,
        };
        let file = state.file(self.file)?;
        file.write(offset as usize, &bytes[..part]);
        begun.map_err(|_| refused())
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        let mut state = self.disk.borrow_mut();
        let begun = state.begin();
        if begun.is_ok() || (begun == Err(true) && state.chance.coin()) {
            state.file(self.file)?.set_length(length as usize);
        }
        begun.map_err(|_| refused())
    }

    fn sync(&self) -> io::Result<()> {
        let state = &mut *self.disk.borrow_mut();
        let begun = state.begin();
        let is_half = begun == Err(true) && !state.is_stopped && state.forgets;
        let Node::File(file) = &mut state.nodes[self.file] else {
            return Err(io::ErrorKind::IsADirectory.into());
        };
        match begun {
            Ok(()) => file.sync(),
            Err(_) if is_half => file.half_sync(&mut state.chance),
            Err(_) => {}
        }
        begun.map_err(|_| refused())
    }
}
