//! Files and folders that are written whole, on a disk that stops, refuses and forgets: the old one
//! is there or the new one, and what is left beside is taken away by the next of that name.

use super::disk::{Chance, Fault, Simulated};
use super::{each_fault, each_seed};
use detente::error::Error;
use detente::store::{MadeFolder, Mark, Replace, WholeFile, WholeFolder};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What a folder holds, by name; a file is one that has no name in it.
type Whole = BTreeMap<PathBuf, Vec<u8>>;

/// How something is written to a place.
type Make = fn(&Simulated, &Path, &Whole) -> Result<(), Error>;

/// A disk on which something stands, or nothing, and what is to take its place.
struct Given {
    disk: Simulated,
    path: PathBuf,
    old: Option<Whole>,
    new: Whole,
    /// What comes next.
    third: Whole,
    make: Make,
    /// Whether one thing cannot take the place of another in one step.
    has_a_gap: bool,
}

/// How a file is written: it is a page, and others are of nobody else.
fn make_file(disk: &Simulated, path: &Path, whole: &Whole) -> Result<(), Error> {
    let is_own = Replace::Own(|input| Ok(input.fill_buf()?.starts_with(b"text ")), false);
    let mut file = WholeFile::create_on(disk.same(), path, is_own)?;
    for bytes in whole.values().flat_map(|bytes| bytes.chunks(70)) {
        file.put(bytes)?;
        // So that more than one write can fail.
        let _ = file.flush();
    }
    file.finish()
}

const MARK: Mark = Mark {
    file: "what",
    read: |said| {
        let files = said.lines().filter_map(|line| line.split_once(' '));
        Some(MadeFolder {
            maker: "test".to_owned(),
            files: files
                .map(|(name, made)| (name.to_owned(), made.to_owned()))
                .collect(),
            is_as_made: true,
        })
    },
    maker: "test",
};

fn make_folder(disk: &Simulated, path: &Path, whole: &Whole) -> Result<(), Error> {
    let folder = WholeFolder::create_on(disk.same(), path, MARK, true)?;
    for (name, bytes) in whole {
        folder.put(&name.display().to_string(), bytes)?;
    }
    folder.finish()
}

/// What stands at a path.
fn found(disk: &Simulated, path: &Path) -> Option<Whole> {
    if let Some(bytes) = disk.read(path) {
        return Some(Whole::from([(PathBuf::new(), bytes)]));
    }
    let names = disk.names_in(path)?.into_iter();
    let files = names.map(|name| {
        let bytes = disk.read(&path.join(&name));
        (name, bytes.unwrap())
    });
    Some(files.collect())
}

fn text(name: &str, draw: &mut Chance) -> Vec<u8> {
    let lines = format!("text {name}\n").repeat(1 + draw.below(20));
    lines.into_bytes()
}

fn file(name: &str, draw: &mut Chance) -> Whole {
    Whole::from([(PathBuf::new(), text(name, draw))])
}

fn folder(name: &str, draw: &mut Chance) -> Whole {
    let mut whole = Whole::new();
    for number in 0..=draw.below(2) {
        whole.insert(format!("table-{number}").into(), text(name, draw));
    }
    let said = whole.iter().map(|(name, bytes)| {
        let made = blake3::hash(bytes).to_hex();
        format!("{} {made}\n", name.display())
    });
    let said = said.collect::<String>().into_bytes();
    whole.insert(MARK.file.into(), said);
    whole
}

/// Who may do what with the old file.
const ACCESS: usize = 7;

fn given(seed: u64, is_folder: bool) -> Given {
    let draw = &mut Chance(seed);
    let disk = Simulated::new(seed);
    // What is written at once within a process must not have one name.
    let path = PathBuf::from(format!("made-{is_folder}-{seed}"));
    let is_plain = draw.below(3) == 0;
    let (of, make): (fn(&str, &mut Chance) -> Whole, Make) = if is_folder {
        (folder, make_folder)
    } else {
        (file, make_file)
    };
    let old = (draw.below(3) > 0).then(|| of("old", draw));
    if let Some(old) = &old {
        if is_folder {
            make(&disk, &path, old).unwrap();
            disk.restart(true);
        } else {
            disk.put(&path, &old[Path::new("")], ACCESS);
        }
    }
    if draw.below(3) == 0 {
        // A process that was killed has left it.
        let begins = format!(".{}.unfinished-7-7", path.display());
        let mark = blake3::hash(begins.as_bytes()).to_hex();
        let left = format!("{begins}-{}.part", &mark[..8]);
        disk.put(Path::new(&left), b"half", 0);
    }
    if is_plain {
        disk.be_plain();
    }
    Given {
        has_a_gap: is_plain && is_folder && old.is_some(),
        disk,
        path,
        old,
        new: of("new", draw),
        third: of("third", draw),
        make,
    }
}

/// Holds one fault, or several in a row, to what must be true after it.
fn hold(given: &Given, faults: &[(usize, Fault)], power_loss: bool, seed: u64) {
    let Given { path, make, .. } = given;
    let disk = given.disk.clone();
    disk.fail(faults, seed);
    let result = make(&disk, path, &given.new);
    let was_stopped = disk.is_stopped();
    disk.fail(&[], seed);
    if was_stopped || power_loss {
        disk.restart(power_loss);
    }
    let there = found(&disk, path);
    let is_new = there.as_ref() == Some(&given.new);
    let names = disk.names_in(Path::new("")).unwrap();
    // Where nothing changes places in one step, the old one may stand beside, whole.
    let aside = names
        .iter()
        .find(|name| name.extension() == Some("replaced".as_ref()));
    let is_aside = |aside: &PathBuf| found(&disk, aside) == given.old;
    let is_moved = given.has_a_gap && there.is_none() && aside.is_some_and(is_aside);
    assert!(
        is_new || is_moved || there == given.old,
        "neither the old nor the new: {there:?}"
    );
    match &result {
        Ok(()) => assert!(is_new, "what was acknowledged is lost"),
        Err(error) if !power_loss && !was_stopped => {
            let says = error.to_string();
            let is_unsure = says.contains("be sure that the disk keeps");
            assert_eq!(is_new, is_unsure, "{says}");
            assert!(!is_moved || says.contains(".replaced"), "{says}");
        }
        Err(_) => {}
    }
    if let Some(access) = disk.access(path) {
        assert_eq!(access, if given.old.is_some() { ACCESS } else { 0 });
    }
    if !given.has_a_gap {
        // The next process is stopped, too, and the power goes.
        disk.fail(&[(Chance(seed).below(40), Fault::Stop)], seed);
        let _ = make(&disk, path, &given.third);
        disk.restart(true);
        let there = found(&disk, path);
        let is_old = there == given.old && result.is_err();
        let is_later =
            [&given.new, &given.third].contains(&there.as_ref().unwrap_or(&Whole::new()));
        assert!(is_old || is_later, "none of the three: {there:?}");
    }
    // The next one of that name takes away what is left.
    make(&disk, path, &given.third).unwrap_or_else(|error| panic!("not again: {error}"));
    let names = disk.names_in(Path::new("")).unwrap();
    let left = names.iter().filter(|name| *name != path);
    assert!(
        left.clone().count() == 0 || given.has_a_gap,
        "left: {:?}",
        left.collect::<Vec<_>>()
    );
    disk.restart(true);
    let there = found(&disk, path);
    assert_eq!(
        there,
        Some(given.third.clone()),
        "what was acknowledged is lost"
    );
}

fn of_a_seed(seed: u64, is_folder: bool) -> usize {
    let given = given(seed, is_folder);
    let counting = given.disk.clone();
    counting.fail(&[], seed);
    (given.make)(&counting, &given.path, &given.new).unwrap();
    each_fault(seed, counting.operations(), |faults, power_loss, own| {
        hold(&given, faults, power_loss, own);
    })
}

#[test]
fn whatever_a_disk_does_a_file_is_the_old_one_or_the_new_one() {
    each_seed(|seed| of_a_seed(seed, false), 10_000);
}

#[test]
fn whatever_a_disk_does_a_folder_is_the_old_one_or_the_new_one() {
    each_seed(|seed| of_a_seed(seed, true), 20_000);
}
