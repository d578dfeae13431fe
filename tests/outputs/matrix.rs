//! Every command that writes a file × everything that can stand where it is to be written.
//!
//! What must hold of each: what is read, and any log, is as it was; a link stays a link; a command
//! that says it has written has written the same bytes that it writes where nothing stood, to
//! whoever could read the old file; and one that refuses has changed nothing and left nothing.

use super::{Desk, RECORDED, given, run};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

/// A command, `{}` for where it writes, and what it may take the place of.
const WRITERS: [(&str, Over); 16] = [
    ("report s.json base.jsonl -o {}", Over::Own),
    ("report s.json --overwrite -o {}", Over::Any),
    ("index csv rows.csv --model model.json -o {}", Over::Nothing),
    (
        "index csv rows.csv --model model.json --overwrite -o {}",
        Over::Any,
    ),
    (
        "index icews-quadruples quadruples.tsv --actors names.txt --overwrite -o {}",
        Over::Any,
    ),
    (
        "index csv rows.csv -o table.csv --overwrite --manifest {}",
        Over::Any,
    ),
    ("import csv rows.csv --dyad XBL-XRL -o {}", Over::Nothing),
    (
        "import csv rows.csv --dyad XBL-XRL --overwrite -o {}",
        Over::Any,
    ),
    (
        "fit csv months.csv --least 1 --draws 100 --save {}",
        Over::Nothing,
    ),
    (
        "fit csv months.csv --least 1 --draws 100 --overwrite --save {}",
        Over::Any,
    ),
    (
        "validate csv months.csv --least 1 --draws 1000 --overwrite --manifest {}",
        Over::Any,
    ),
    ("ensemble s.json --runs 3 -o {}", Over::Nothing),
    ("ensemble s.json --runs 3 --overwrite -o {}", Over::Any),
    ("run s.json --log {}", Over::Nothing),
    ("new {} --base base.jsonl", Over::Nothing),
    ("test t.json --accept --snapshots .", Over::Any),
];

/// Where they write; the name that golden files have, so that `test` writes there too.
const PLACE: &str = "run-t.snap";

/// What a command takes the place of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Over {
    Nothing,
    /// Empty files and its own.
    Own,
    Any,
}

/// What stands where it is to be written, and what has to happen.
struct Case {
    name: &'static str,
    stands: fn(&Desk, &Path),
    may: fn(Over) -> bool,
}

const INPUTS: [&str; 8] = [
    "s.json",
    "t.json",
    "base.jsonl",
    "rows.csv",
    "months.csv",
    "quadruples.tsv",
    "names.txt",
    "model.json",
];

const CASES: [Case; 17] = [
    Case {
        name: "nothing",
        stands: |_, _| (),
        may: |_| true,
    },
    Case {
        name: "a file",
        stands: |_, at| fs::write(at, "old").unwrap(),
        may: |over| over == Over::Any,
    },
    Case {
        name: "an empty file",
        stands: |_, at| fs::write(at, "").unwrap(),
        may: |over| over != Over::Nothing,
    },
    Case {
        name: "a page",
        stands: |desk, at| {
            fs::write(at, run(desk, "report -o -").stdout).unwrap();
        },
        may: |over| over != Over::Nothing,
    },
    Case {
        name: "a file of mode 600",
        stands: |_, at| {
            fs::write(at, "").unwrap();
            fs::set_permissions(at, Permissions::from_mode(0o600)).unwrap();
        },
        may: |over| over != Over::Nothing,
    },
    Case {
        name: "a link to a file",
        stands: |desk, at| {
            desk.write("old", "");
            symlink("old", at).unwrap();
        },
        may: |over| over != Over::Nothing,
    },
    Case {
        name: "a link to a link to a file in another folder",
        stands: |desk, at| {
            fs::create_dir(desk.path("folder")).unwrap();
            desk.write("folder/old", "");
            symlink("old", desk.path("folder/link")).unwrap();
            symlink("folder/link", at).unwrap();
        },
        may: |over| over != Over::Nothing,
    },
    Case {
        name: "a link to nowhere",
        stands: |_, at| symlink("nowhere", at).unwrap(),
        may: |_| true,
    },
    Case {
        name: "a link into no folder",
        stands: |_, at| symlink("no/where", at).unwrap(),
        may: |_| false,
    },
    Case {
        name: "a link to itself",
        stands: |_, at| symlink(PLACE, at).unwrap(),
        may: |_| false,
    },
    Case {
        name: "a folder",
        stands: |_, at| fs::create_dir(at).unwrap(),
        may: |_| false,
    },
    Case {
        name: "a link to a folder",
        stands: |desk, at| {
            fs::create_dir(desk.path("folder")).unwrap();
            symlink("folder", at).unwrap();
        },
        may: |_| false,
    },
    Case {
        name: "a file that may only be read",
        stands: |_, at| {
            fs::write(at, "").unwrap();
            fs::set_permissions(at, Permissions::from_mode(0o444)).unwrap();
        },
        may: |_| false,
    },
    Case {
        name: "a log",
        stands: |_, at| fs::write(at, RECORDED).unwrap(),
        may: |_| false,
    },
    Case {
        name: "a log that has lost its end",
        stands: |_, at| fs::write(at, &RECORDED[..200]).unwrap(),
        may: |_| false,
    },
    Case {
        name: "a link to a log",
        stands: |desk, at| {
            desk.write("log.jsonl", RECORDED);
            symlink("log.jsonl", at).unwrap();
        },
        may: |_| false,
    },
    Case {
        name: "a hard link to a file",
        stands: |desk, at| {
            desk.write("old", "");
            fs::hard_link(desk.path("old"), at).unwrap();
        },
        may: |over| over != Over::Nothing,
    },
];

/// A desk with all that the commands read.
fn desk() -> Desk {
    let scenario = |base: &str, model: &str| {
        format!(
            r#"{{"title": "t", "base": "{base}", "fork": {{"after": "us-ru-call"}}, {model}
             "chance": [{{"id": "c", "date": "2017-02-01", "options": [{{"label": "a", "probability": 0.5}}, {{"label": "b", "probability": 0.5}}]}}]}}"#
        )
    };
    given([
        ("base.jsonl", RECORDED.to_vec()),
        ("s.json", scenario("base.jsonl", "").into_bytes()),
        (
            "t.json",
            scenario("base.jsonl", r#""until": "2018-01-01","#).into_bytes(),
        ),
        (
            "rows.csv",
            b"id,date,source,target,code\n1,2030-01-03,XBL,XRL,042\n".to_vec(),
        ),
        (
            "months.csv",
            b"date,source,target,code,weight\n2030-01-03,XBL,XRL,042,1.9\n2030-02-03,XBL,XRL,112,-2\n\
              2030-03-03,XRL,XBL,042,1.9\n2030-04-03,XBL,XRL,163,-8\n2030-05-03,XBL,XRL,036,4\n\
              2030-06-03,XRL,XBL,112,-2\n"
                .to_vec(),
        ),
        (
            "quadruples.tsv",
            b"A Person\tConsult\tPolice (Russia)\t2030-01-03\n".to_vec(),
        ),
        ("names.txt", b"A_PERSON_\n\t[USA]\n".to_vec()),
        ("model.json", br#"{"preset": "goldstein-decay"}"#.to_vec()),
    ])
}

/// What stands in a desk: of each name its kind, its mode and what it holds or leads to.
fn all(desk: &Desk) -> BTreeMap<String, (u32, Vec<u8>)> {
    fn look(folder: &Path, before: &str, found: &mut BTreeMap<String, (u32, Vec<u8>)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{before}{}", entry.file_name().display());
            let metadata = entry.path().symlink_metadata().unwrap();
            let holds = if metadata.is_symlink() {
                fs::read_link(entry.path())
                    .unwrap()
                    .into_os_string()
                    .into_encoded_bytes()
            } else if metadata.is_file() {
                fs::read(entry.path()).unwrap()
            } else {
                Vec::new()
            };
            if metadata.is_dir() {
                look(&entry.path(), &format!("{name}/"), found);
            }
            found.insert(name, (metadata.mode(), holds));
        }
    }
    let mut found = BTreeMap::new();
    look(desk.0.path(), "", &mut found);
    found
}

/// What a command writes where nothing stands.
fn fresh(typed: &str) -> Vec<u8> {
    let desk = desk();
    // A scenario's name ends in `.json`; where it writes is written as it is.
    let place = place_of(typed);
    let output = run(&desk, &typed.replace("{}", place));
    assert!(
        output.status.success(),
        "{typed}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    desk.read(place)
}

/// `new` writes scenarios only.
fn place_of(typed: &str) -> &'static str {
    if typed.starts_with("new") {
        "new.json"
    } else {
        PLACE
    }
}

#[test]
fn whatever_stands_where_a_command_writes_nothing_is_lost() {
    for (typed, over) in WRITERS {
        let fresh = fresh(typed);
        for case in &CASES {
            let desk = desk();
            let place = place_of(typed);
            if case.name == "a link to itself" {
                symlink(place, desk.path(place)).unwrap();
            } else {
                (case.stands)(&desk, &desk.path(place));
            }
            let context = format!("{typed}, where {} stands", case.name);
            let (before, mode) = (all(&desk), desk.path(place).metadata().ok());
            let output = run(&desk, &typed.replace("{}", place));
            let said = String::from_utf8_lossy(&output.stderr);
            let after = all(&desk);
            for input in INPUTS {
                assert_eq!(before[input], after[input], "{context}");
            }
            if !(case.may)(over) {
                assert_eq!(output.status.code(), Some(2), "{context}: {said}");
                assert_eq!(before, after, "{context}: {said}");
                continue;
            }
            assert_eq!(output.status.code(), Some(0), "{context}: {said}");
            assert!(
                fs::read(desk.path(place)).unwrap() == fresh,
                "{context}: other bytes"
            );
            if let Some((mode, _)) = before.get(place) {
                let stays = |mode: &u32| mode & 0o170_000;
                assert_eq!(
                    stays(mode),
                    stays(&after[place].0),
                    "{context}: another kind"
                );
            }
            if let Some(mode) = mode {
                let now = desk.path(place).metadata().unwrap();
                assert_eq!(
                    mode.permissions(),
                    now.permissions(),
                    "{context}: another mode"
                );
            }
            assert!(
                after.keys().all(|name| !name.contains("unfinished")),
                "{context}: {after:?}"
            );
        }
    }
}

#[test]
fn no_command_writes_over_what_it_reads_by_whatever_name() {
    for (typed, _) in WRITERS {
        let reads = |input: &&&str| match **input {
            "s.json" => typed.contains("s.json"),
            "t.json" => false,
            "base.jsonl" => typed.contains("s.json") || typed.contains("base"),
            other => typed.contains(other),
        };
        for input in INPUTS.iter().filter(reads) {
            let ways: [fn(&Path, &Path); 2] = [
                |from, to| symlink(from.file_name().unwrap(), to).unwrap(),
                |from, to| fs::hard_link(from, to).unwrap(),
            ];
            for stand in ways {
                let desk = desk();
                stand(&desk.path(input), &desk.path("out.json"));
                let before = all(&desk);
                for place in [*input, "out.json"] {
                    if typed.starts_with("new") && !place.contains(".json") {
                        continue;
                    }
                    let output = run(&desk, &typed.replace("{}", place));
                    let said = String::from_utf8_lossy(&output.stderr);
                    assert_eq!(output.status.code(), Some(2), "{typed}, {place}: {said}");
                    assert_eq!(before, all(&desk), "{typed}, {place}: {said}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_regular_file_is_written_into_and_a_full_one_is_told() {
    for (typed, _) in WRITERS {
        let desk = desk();
        let place = place_of(typed);
        if !typed.contains("{}") || typed.starts_with("new") {
            continue;
        }
        let fresh = fresh(typed);
        // A pipe that somebody reads.
        let made = Command::new("mkfifo").arg(desk.path("pipe")).status();
        if made.is_ok_and(|made| made.success()) {
            let pipe = desk.path("pipe");
            let reader = std::thread::spawn(move || fs::read(pipe).unwrap());
            let output = run(&desk, &typed.replace("{}", "pipe"));
            assert!(
                output.status.success(),
                "{typed}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(reader.join().unwrap() == fresh, "{typed}");
        }
        // What the command itself holds open, a file and a pipe, straight and by a link.
        symlink("/proc/self/fd/1", desk.path("link")).unwrap();
        for name in ["/proc/self/fd/1", "/dev/fd/1", "link"] {
            if !Path::new("/proc/self/fd").exists() {
                continue;
            }
            let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
            command.current_dir(desk.0.path()).stderr(Stdio::null());
            command.args(typed.replace("{}", name).split_whitespace());
            let output = command.output().unwrap();
            assert!(
                output.status.success() && output.stdout.starts_with(&fresh),
                "{typed}, {name}"
            );
            let out = fs::File::create(desk.path("out")).unwrap();
            assert!(
                command.stdout(out).status().unwrap().success(),
                "{typed}, {name}"
            );
            assert!(desk.read("out").starts_with(&fresh), "{typed}, {name}");
            // What a command prints besides stands behind it.
            assert!(desk.read("out") == output.stdout, "{typed}, {name}");
            let full = fs::OpenOptions::new()
                .write(true)
                .open("/dev/full")
                .unwrap();
            assert_eq!(
                command.stdout(full).status().unwrap().code(),
                Some(2),
                "{typed}, {name}"
            );
        }
        assert!(desk.path("link").is_symlink());
        // A log that is held open is not made longer by what is no event.
        desk.write("log.jsonl", RECORDED);
        let log = fs::OpenOptions::new()
            .append(true)
            .open(desk.path("log.jsonl"))
            .unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
        command
            .current_dir(desk.0.path())
            .stderr(Stdio::null())
            .stdout(log);
        command.args(typed.replace("{}", "/proc/self/fd/1").split_whitespace());
        assert_eq!(command.status().unwrap().code(), Some(2), "{typed}");
        assert!(desk.read("log.jsonl") == RECORDED, "{typed}");
        assert!(!desk.path(place).exists());
    }
}

#[test]
fn what_a_disk_has_no_room_for_leaves_the_old_file() {
    for (typed, over) in WRITERS {
        let desk = desk();
        let place = place_of(typed);
        if over != Over::Nothing {
            desk.write(place, "");
        }
        let before = all(&desk);
        let mut command = Command::new("prlimit");
        command.args([
            "--fsize=40",
            "--core=0",
            "--",
            "sh",
            "-c",
            "trap '' XFSZ; exec \"$0\" \"$@\"",
        ]);
        command.arg(env!("CARGO_BIN_EXE_detente"));
        command
            .args(typed.replace("{}", place).split_whitespace())
            .current_dir(desk.0.path());
        let Ok(mut child) = command.stderr(Stdio::piped()).spawn() else {
            return;
        };
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{typed}: {said}");
        assert_eq!(before, all(&desk), "{typed}: {said}");
    }
}

#[test]
fn an_import_is_made_again_over_itself_and_over_no_other_log() {
    let desk = desk();
    let import = "import csv rows.csv --dyad XBL-XRL -o log.jsonl --overwrite";
    assert!(run(&desk, import).status.success());
    let log = desk.read("log.jsonl");
    desk.write(
        "rows.csv",
        "id,date,source,target,code\n1,2030-01-03,XBL,XRL,042\n2,2030-01-04,XBL,XRL,042\n",
    );
    assert!(run(&desk, import).status.success());
    assert_ne!(log, desk.read("log.jsonl"));
    desk.write(
        "event.json",
        r#"{"id":"a","date":"2030-01-05","act":"leader_change","source":["USA"]}"#,
    );
    assert!(
        run(
            &desk,
            "log append log.jsonl event.json --recorded 2030-01-05"
        )
        .status
        .success()
    );
    let log = desk.read("log.jsonl");
    assert_eq!(run(&desk, import).status.code(), Some(2));
    assert_eq!(log, desk.read("log.jsonl"));
}

#[test]
fn two_outputs_of_a_command_are_two_files() {
    let desk = desk();
    let output = run(&desk, "index csv rows.csv -o table --manifest ./table");
    assert_eq!(output.status.code(), Some(2));
    assert!(!desk.path("table").exists());
}
