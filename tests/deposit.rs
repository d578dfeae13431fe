//! A folder for deposit: an RO-Crate of version 1.2 whose description holds, which is the same
//! again, and which takes the place of nothing but one of its kind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::evidence::Desk;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// What makes a folder of [`rows`].
const OF_INDEX: [&str; 6] = [
    "index",
    "rows.csv",
    "--crate",
    "made",
    "--published",
    "2017-02-01",
];

/// Three actors over a year, so that everything can be made of it.
fn rows() -> String {
    let mut text = String::from("date,source,target,code,weight\n");
    let dyads = [("RUS", "USA"), ("USA", "UKR"), ("UKR", "RUS")];
    for month in 1_i32..=12 {
        for (place, (source, target)) in dyads.iter().enumerate() {
            for day in [3, 11, 24] {
                let weight = (month * 7 + day * 3) % 11 - 5 + place as i32;
                let code = if day == 11 { "112" } else { "036" };
                writeln!(
                    text,
                    "2016-{month:02}-{day:02},{source},{target},{code},{weight}"
                )
                .unwrap();
            }
        }
    }
    text
}

const MADE: [(&[&str], &str); 4] = [
    (&["index", "rows.csv"], "table.csv"),
    (
        &["index", "rows.csv", "--edges", "--format", "jsonl"],
        "table.jsonl",
    ),
    (&["fit", "rows.csv", "--draws", "100"], "fit.csv"),
    (
        &[
            "validate",
            "rows.csv",
            "--draws",
            "1000",
            "--against",
            "mine.csv",
        ],
        "validation.csv",
    ),
];

fn desk() -> Desk {
    let series = "dyad,month,value\nRUS-USA,2016-05,1\nRUS-USA,2016-06,2\nRUS-USA,2016-07,4\n";
    Desk::new(&[("rows.csv", &rows()), ("mine.csv", series)])
}

/// Everything in a folder.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read(entry.path()).unwrap_or_default())
    });
    entries.collect()
}

/// What must hold of the description: what the specification asks of its descriptor, its root and
/// its files, and that everything that is named is there.
fn check(folder: &Path) -> Value {
    let files = contents(folder);
    let whole: Value = serde_json::from_slice(&files["ro-crate-metadata.json"]).unwrap();
    assert_eq!(whole["@context"], "https://w3id.org/ro/crate/1.2/context");
    let graph = whole["@graph"].as_array().unwrap();
    let entities: BTreeMap<&str, &Value> = graph
        .iter()
        .map(|entity| (entity["@id"].as_str().unwrap(), entity))
        .collect();
    assert_eq!(entities.len(), graph.len());
    let descriptor = entities["ro-crate-metadata.json"];
    assert_eq!(descriptor["@type"], "CreativeWork");
    assert_eq!(descriptor["about"]["@id"], "./");
    let version = &descriptor["conformsTo"]["@id"];
    assert_eq!(version, "https://w3id.org/ro/crate/1.2");
    let root = entities["./"];
    assert_eq!(root["@type"], "Dataset");
    assert_eq!(root["datePublished"], "2017-02-01");
    for name in ["name", "description", "license"] {
        assert!(!root[name].is_null(), "{name}");
    }
    // Flat: what an entity points to is an entity, or a page.
    for entity in graph {
        for value in entity.as_object().unwrap().values() {
            let all = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            for id in all.iter().filter_map(|it| it["@id"].as_str()) {
                let is_known = entities.contains_key(id) || id.starts_with("https://w3id.org/");
                assert!(is_known, "{id}");
            }
        }
    }
    let digest = |entity: &Value| {
        let identifier = entities[entity["identifier"]["@id"].as_str().unwrap()];
        assert_eq!(identifier["@type"], "PropertyValue");
        identifier["value"].as_str().unwrap().to_owned()
    };
    let of = |bytes: &[u8]| blake3::hash(bytes).to_hex().to_string();
    let mut named = BTreeSet::from(["ro-crate-metadata.json"]);
    for part in root["hasPart"].as_array().unwrap() {
        let name = part["@id"].as_str().unwrap();
        let (file, bytes) = (entities[name], &files[name]);
        assert_eq!(file["@type"], "File");
        assert_eq!(file["contentSize"], bytes.len().to_string());
        assert_eq!(digest(file), of(bytes), "{name}");
        named.insert(name);
    }
    assert_eq!(named, files.keys().map(String::as_str).collect());
    let program = entities["#detente"];
    assert_eq!(program["@type"], "SoftwareApplication");
    assert_eq!(program["version"], env!("CARGO_PKG_VERSION"));
    let page = program["url"].as_str().unwrap();
    let cargo = include_str!("../Cargo.toml");
    assert!(cargo.contains(&format!("\ndocumentation = \"{page}\"\n")));
    let description = root["description"].as_str().unwrap();
    let methods = str::from_utf8(&files["methods.md"]).unwrap();
    assert!(methods.contains(" [@schrodt2012], weights"));
    assert!(
        description.contains("those of CAMEO, weights"),
        "{description}"
    );
    assert!(!description.contains("[@"), "{description}");
    let made = entities["#made"];
    assert_eq!(made["@type"], "CreateAction");
    let object = &made["object"];
    let from = object
        .as_array()
        .map_or(std::slice::from_ref(object), Vec::as_slice);
    let from = from.iter().map(|input| {
        let input = entities[input["@id"].as_str().unwrap()];
        let name = input["name"].as_str().unwrap().to_owned();
        let bytes = fs::read(folder.parent().unwrap().join(&name)).unwrap();
        assert_eq!(digest(input), of(&bytes), "{name}");
        name
    });
    let from: Vec<_> = from.collect();
    assert_eq!(from[0], "rows.csv");
    whole
}

#[test]
fn a_deposit_is_a_crate_whose_digests_hold_and_the_same_again_for_any_number_of_threads() {
    let desk = desk();
    let published = ["--published", "2017-02-01"];
    for (place, (made, table)) in MADE.into_iter().enumerate() {
        let [first, again] = ["1", "3"].map(|threads| {
            let name = format!("deposit-{place}-{threads}");
            let asked = ["--threads", threads, "--crate", &name];
            let printed = desk.fine(&[made, &published, &asked].concat());
            let folder = desk.0.path().join(&name);
            check(&folder);
            (name, printed, contents(&folder))
        });
        assert_eq!(first.1, again.1);
        assert!(first.2 == again.2, "{made:?}");
        // The table is what is printed otherwise, and is in the manifest; so is the paragraph.
        let manifest: Value = serde_json::from_slice(&first.2["manifest.json"]).unwrap();
        let bytes = &first.2[table];
        let digest = blake3::hash(bytes).to_hex().to_string();
        assert_eq!(manifest["output"]["blake3"], digest);
        if made[0] == "index" {
            assert_eq!(first.1, "");
            assert_eq!(*bytes, desk.fine(made).into_bytes());
        } else {
            let csv = desk.fine(&[made, &["--format", "csv"]].concat());
            assert_eq!(*bytes, csv.into_bytes());
        }
        let methods = desk.fine(&["cite", &first.0, "--format", "methods"]);
        assert_eq!(first.2["methods.md"], methods.into_bytes());
    }
    let model = desk.0.path().join("deposit-2-1/model.json");
    desk.fine(&["index", "rows.csv", "--model", model.to_str().unwrap()]);
    let page = "https://creativecommons.org/licenses/by/4.0/";
    desk.fine(
        &[
            MADE[0].0,
            &published,
            &["--crate", "free", "--license", page],
        ]
        .concat(),
    );
    let whole = check(&desk.0.path().join("free"));
    assert!(
        whole
            .to_string()
            .contains(&format!("\"license\":{{\"@id\":\"{page}\"}}"))
    );
}

#[test]
fn a_deposit_takes_the_place_of_nothing_but_one_of_its_kind_and_is_there_whole_or_not_at_all() {
    let desk = desk();
    let root = desk.0.path();
    let ask = |more: &[&str]| {
        let asked = [
            "index",
            "rows.csv",
            "--crate",
            "deposit",
            "--published",
            "2017-02-01",
        ];
        desk.run(&[&asked[..], more].concat())
    };
    let folder = root.join("deposit");
    let refused = |more: &[&str], says: &str| {
        let before = contents(&folder);
        let (status, out, notes) = ask(more);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{notes}");
        assert!(notes.contains(says), "{notes}");
        assert!(contents(&folder) == before, "{notes}");
        let left = contents(root);
        let is_left = |name: &&String| name.starts_with('.');
        assert_eq!(left.keys().find(is_left), None);
    };
    // An empty folder may be taken; after that only by being asked, and only as it was made.
    fs::create_dir(&folder).unwrap();
    assert_eq!(ask(&[]).0, Some(0));
    refused(&[], "there is a folder of that name already");
    refused(&[], "--overwrite puts the new one in its place");
    assert_eq!(ask(&["--overwrite", "--every", "year"]).0, Some(0));
    check(&folder);
    assert!(
        fs::read_to_string(folder.join("table.csv"))
            .unwrap()
            .contains(",year,")
    );
    fs::write(folder.join("notes.txt"), "of my own").unwrap();
    refused(
        &["--overwrite"],
        "this folder also holds `notes.txt`, which would be lost",
    );
    fs::remove_file(folder.join("notes.txt")).unwrap();
    fs::create_dir(folder.join("figures")).unwrap();
    refused(&["--overwrite"], "this folder also holds `figures`");
    fs::remove_dir(folder.join("figures")).unwrap();
    // What is read is in it.
    let inside = [
        "index",
        "deposit/table.csv",
        "--crate",
        "deposit",
        "--overwrite",
    ];
    let columns = ["--published", "2017-02-01", "--column", "source=dyad"];
    let before = contents(&folder);
    let (status, ..) = desk.run(&[&inside[..], &columns].concat());
    assert_eq!(status, Some(2));
    assert!(contents(&folder) == before);
    // Another output would go into what is replaced.
    refused(
        &["--overwrite", "--unmatched", "deposit/names.csv"],
        "two outputs have this name",
    );
    // A crate of somebody else, and a folder of anything.
    fs::write(
        folder.join("ro-crate-metadata.json"),
        r#"{"@graph": [{"@id": "./", "hasPart": []}]}"#,
    )
    .unwrap();
    refused(&["--overwrite"], "this folder holds something else");
    fs::remove_dir_all(&folder).unwrap();
    // Nothing is left where nothing can be made.
    let (status, ..) = desk.run(&[
        "index",
        "missing.csv",
        "--crate",
        "deposit",
        "--published",
        "2017-02-01",
    ]);
    assert_eq!(status, Some(2));
    assert!(!folder.exists());
    fs::write(&folder, "a file").unwrap();
    let (status, _, notes) = ask(&["--overwrite"]);
    assert_eq!(status, Some(2), "{notes}");
    assert_eq!(fs::read(&folder).unwrap(), b"a file");
    // No clock says when it is published.
    let (status, _, notes) = desk.run(&["index", "rows.csv", "--crate", "other"]);
    assert_eq!(status, Some(2));
    assert!(notes.contains("--published"), "{notes}");
}

#[test]
fn a_folder_is_cited_only_where_its_files_are_those_that_it_describes() {
    let desk = desk();
    desk.fine(&OF_INDEX);
    let folder = desk.0.path().join("made");
    let files = contents(&folder);
    let cite = || desk.run(&["cite", "made"]);
    let (status, fine, notes) = cite();
    assert_eq!(status, Some(0), "{notes}");
    // All that are wrong are told at once, each with both digests.
    let other = |name: &str| {
        let bytes = [&*files[name], b"\n"].concat();
        fs::write(folder.join(name), &bytes).unwrap();
        [&*files[name], &*bytes].map(|bytes| blake3::hash(bytes).to_hex().to_string())
    };
    let digests = ["table.csv", "manifest.json"].map(|name| (name, other(name)));
    fs::remove_file(folder.join("methods.md")).unwrap();
    let (status, out, notes) = cite();
    assert_eq!((status, out.as_str()), (Some(2), ""), "{notes}");
    for (name, [expected, found]) in &digests {
        let says =
            format!("changed since it was made: its BLAKE3 digest is {found}, not {expected}");
        assert!(notes.contains(&says), "{notes}");
        assert!(notes.contains(&format!("made/{name}")), "{notes}");
    }
    assert!(notes.contains("made/methods.md"), "{notes}");
    assert!(!notes.contains("references.bib"), "{notes}");
    for (name, bytes) in &files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    // Who adds to the description changes no digest.
    let name = folder.join("ro-crate-metadata.json");
    let text = fs::read_to_string(&name).unwrap();
    let mine = r#""@graph": [{"@id": "https://orcid.org/0", "@type": "Person"}, "#;
    fs::write(&name, text.replacen("\"@graph\": [", mine, 1)).unwrap();
    assert_eq!(cite().1, fine);
    fs::write(&name, "{}").unwrap();
    let (status, _, notes) = cite();
    assert_eq!(status, Some(2));
    assert!(
        notes.contains("this does not describe a folder that Detente made"),
        "{notes}"
    );
}

#[test]
fn a_folder_is_the_same_from_wherever_its_files_are_read() {
    let map = "name,actor\nMoscow,RUS\n";
    let series = "dyad,month,value\nRUS-USA,2016-05,1\nRUS-USA,2016-06,2\nRUS-USA,2016-07,4\n";
    let rows = rows().replace("RUS", "Moscow");
    let desk = Desk::new(&[("rows.csv", &rows), ("mine.csv", series), ("map.csv", map)]);
    let root = desk.0.path();
    let inner = root.join("my own").join("data");
    fs::create_dir_all(&inner).unwrap();
    for name in ["rows.csv", "mine.csv", "map.csv"] {
        fs::copy(root.join(name), inner.join(name)).unwrap();
    }
    let inner = inner.to_str().unwrap();
    for command in ["index", "validate"] {
        let made = ["", "my own/data/", &format!("{inner}/")].map(|folder| {
            let [rows, mine, map] = ["rows", "mine", "map"].map(|it| format!("{folder}{it}.csv"));
            let asked = [command, &rows, "--actors-map", &map, "--overwrite"];
            let more = ["--crate", "made", "--published", "2017-02-01"];
            let own: &[&str] = match command {
                "validate" => &["--draws", "1000", "--against", &mine],
                _ => &[],
            };
            desk.fine(&[&asked[..], &more, own].concat());
            contents(&root.join("made"))
        });
        assert!(made[0] == made[1] && made[1] == made[2], "{command}");
        for (name, bytes) in &made[0] {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("my own"), "{name}");
        }
        let methods = str::from_utf8(&made[0]["methods.md"]).unwrap();
        assert!(methods.contains("by the table map.csv"), "{methods}");
        fs::remove_dir_all(root.join("made")).unwrap();
    }
}

#[test]
fn a_licence_that_says_nothing_is_refused() {
    let desk = desk();
    for license in ["", " "] {
        let (status, _, notes) = desk.run(&[&OF_INDEX[..], &["--license", license]].concat());
        assert_eq!(status, Some(2));
        assert!(notes.contains("it says nothing"), "{notes}");
        assert!(!desk.0.path().join("made").exists());
    }
}

#[test]
fn a_deposit_takes_the_place_of_one_of_the_same_command_in_which_nothing_was_changed() {
    let desk = desk();
    let folder = desk.0.path().join("deposit");
    let ask = |command: &str| {
        let asked = [command, "rows.csv", "--crate", "deposit", "--overwrite"];
        desk.run(&[&asked[..], &["--published", "2017-02-01"]].concat())
    };
    let refused = |command: &str, says: &str| {
        let (status, _, notes) = ask(command);
        assert_eq!(status, Some(2));
        assert!(notes.contains(says), "{notes}");
    };
    assert_eq!(ask("index").0, Some(0));
    // What was written into it is not lost, in whichever file, and nothing of another command.
    let files = contents(&folder);
    assert_eq!(files.len(), 5);
    for (name, bytes) in &files {
        let more = match name.as_str() {
            "ro-crate-metadata.json" => {
                let text = str::from_utf8(bytes).unwrap();
                let mine = r#""@graph": [{"@id": "https://orcid.org/0", "@type": "Person"}, "#;
                text.replacen("\"@graph\": [", mine, 1).into_bytes()
            }
            _ => [&**bytes, b"\n"].concat(),
        };
        fs::write(folder.join(name), &more).unwrap();
        let before = contents(&folder);
        refused(
            "index",
            &format!("`{name}` in this folder was changed by hand"),
        );
        assert!(contents(&folder) == before);
        fs::write(folder.join(name), bytes).unwrap();
    }
    for other in ["fit", "validate"] {
        refused(other, "this folder was made by `detente index`");
        assert!(contents(&folder) == files);
    }
    assert_eq!(ask("index").0, Some(0));
    check(&folder);
}

#[test]
fn a_deposit_has_the_title_and_the_authors_that_are_said() {
    let desk = desk();
    let said = [
        "--crate-title",
        "My index",
        "--author",
        "A. Author",
        "--author",
        "B. Author <https://orcid.org/0000-0002-1825-0097>",
        "--license",
        "https://creativecommons.org/licenses/by/4.0/",
    ];
    desk.fine(&[&OF_INDEX[..], &said].concat());
    let folder = desk.0.path().join("made");
    check(&folder);
    let whole: Value =
        serde_json::from_slice(&contents(&folder)["ro-crate-metadata.json"]).unwrap();
    let of = |id: &str| {
        let mut all = whole["@graph"].as_array().unwrap().iter();
        all.find(|it| it["@id"] == id).unwrap().clone()
    };
    let root = of("./");
    assert_eq!(root["name"], "My index");
    let authors: Vec<_> = root["author"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| of(it["@id"].as_str().unwrap())["name"].clone())
        .collect();
    assert_eq!(authors, ["A. Author", "B. Author"]);
    assert_eq!(
        root["author"][1]["@id"],
        "https://orcid.org/0000-0002-1825-0097"
    );
    for author in [
        "",
        "  ",
        "A <not an address>",
        "<https://orcid.org/1>",
        "A <https://a b>",
    ] {
        let (status, _, notes) =
            desk.run(&[&OF_INDEX[..], &["--author", author, "--overwrite"]].concat());
        assert_eq!(status, Some(2), "{author}");
        assert!(notes.contains("expected a name"), "{author}: {notes}");
    }
}
