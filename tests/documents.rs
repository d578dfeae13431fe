//! The README, the guide and what stands beside them: every link leads somewhere, every chapter is
//! in the list of chapters, and what has a size or a version has the right one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The documents at the root; those that do not exist are passed over.
const AT_THE_ROOT: [&str; 5] = [
    "README.md",
    "SECURITY.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Markdown file in a folder and in those below it.
fn markdown_in(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            markdown_in(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}

fn documents() -> Vec<PathBuf> {
    let mut found: Vec<_> = AT_THE_ROOT
        .iter()
        .map(|name| root().join(name))
        .filter(|file| file.exists())
        .collect();
    markdown_in(&root().join("docs"), &mut found);
    found.sort();
    found
}

fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// Where the links and images of a text lead.
fn destinations(text: &str) -> Vec<String> {
    let started = events(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url),
        _ => None,
    });
    started.map(|url| url.to_string()).collect()
}

/// The anchors of a text's headings, as code hosts and mdBook make them: small letters, `-` for a
/// space, no punctuation, and a number behind one that was there before.
fn anchors(text: &str) -> BTreeSet<String> {
    let (mut anchors, mut seen) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let mut heading: Option<String> = None;
    for event in events(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let name: String = heading
                    .take()
                    .unwrap()
                    .to_lowercase()
                    .chars()
                    .filter(|&letter| letter.is_alphanumeric() || " -_".contains(letter))
                    .map(|letter| if letter == ' ' { '-' } else { letter })
                    .collect();
                let before = seen.entry(name.clone()).or_default();
                anchors.insert(match *before {
                    0 => name,
                    number => format!("{name}-{number}"),
                });
                *before += 1;
            }
            _ => {}
        }
    }
    anchors
}

/// What is wrong with a link of a document, if anything.
fn wrong(document: &Path, destination: &str) -> Option<&'static str> {
    if destination.contains("://") || destination.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = destination.split_once('#').unwrap_or((destination, ""));
    if path.starts_with('/') {
        return Some("leads from the root of a disk");
    }
    let target = match path {
        "" => document.to_owned(),
        path => document.parent().unwrap().join(path),
    };
    let Ok(target) = target.canonicalize() else {
        return Some("leads to no file");
    };
    if !target.starts_with(root().canonicalize().unwrap()) {
        return Some("leads out of the repository");
    }
    let is_there = anchor.is_empty()
        || target.is_file() && anchors(&fs::read_to_string(target).unwrap()).contains(anchor);
    (!is_there).then_some("leads to no heading")
}

#[test]
fn every_link_leads_somewhere() {
    let (mut all, mut mistakes) = (0, Vec::new());
    for document in documents() {
        for destination in destinations(&fs::read_to_string(&document).unwrap()) {
            all += 1;
            if let Some(mistake) = wrong(&document, &destination) {
                let file = document.strip_prefix(root()).unwrap().display();
                mistakes.push(format!("{file}: `{destination}` {mistake}"));
            }
        }
    }
    assert!(all > 50, "only {all} links were found");
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    let readme = root().join("README.md");
    assert_eq!(wrong(&readme, "docs/guide/README.md#the-guide"), None);
    assert_eq!(wrong(&readme, "https://example.org/#nowhere"), None);
    assert_eq!(wrong(&readme, "docs/none.md"), Some("leads to no file"));
    assert_eq!(wrong(&readme, "#none"), Some("leads to no heading"));
    assert_eq!(wrong(&readme, ".."), Some("leads out of the repository"));
    assert_eq!(
        wrong(&readme, "/tmp"),
        Some("leads from the root of a disk")
    );
    assert_eq!(
        destinations("[a](b.md) ![c](d.svg)\n\n```\n[e](f.md)\n```\n\n[g]: h.md\n[g]"),
        ["b.md", "d.svg", "h.md"]
    );
    assert_eq!(
        anchors("# By `chance`, or not?\n\n## One\n\n## One\n"),
        ["by-chance-or-not", "one", "one-1"]
            .map(str::to_owned)
            .into()
    );
}

#[test]
fn every_chapter_is_in_the_list_and_says_for_whom_it_is() {
    let guide = root().join("docs/guide");
    let summary = fs::read_to_string(guide.join("SUMMARY.md")).unwrap();
    let mut listed = destinations(&summary);
    listed.sort();
    let mut chapters: Vec<_> = documents()
        .iter()
        .filter_map(|file| file.strip_prefix(&guide).ok())
        .map(|chapter| chapter.display().to_string())
        .filter(|chapter| chapter != "SUMMARY.md")
        .collect();
    chapters.sort();
    assert_eq!(listed, chapters);
    for chapter in chapters {
        let text = fs::read_to_string(guide.join(&chapter)).unwrap();
        let mut lines = text.lines();
        assert!(lines.next().unwrap().starts_with("# "), "{chapter}");
        assert_eq!(lines.next(), Some(""), "{chapter}");
        assert!(lines.next().unwrap().starts_with("For "), "{chapter}");
        // A book has its first page under another name.
        let to_the_first_page = destinations(&text).contains(&"README.md".to_owned());
        assert!(!to_the_first_page, "{chapter}: link to a chapter instead");
    }
}

#[test]
fn prose_ends_at_100_columns() {
    for document in documents() {
        let mut in_block = false;
        for (index, line) in fs::read_to_string(&document).unwrap().lines().enumerate() {
            in_block ^= line.starts_with("```");
            let is_prose = !in_block && !line.starts_with('|');
            assert!(
                !is_prose || line.chars().count() <= 100,
                "{}:{}",
                document.display(),
                index + 1
            );
        }
    }
}

#[test]
fn the_readme_is_read_in_five_minutes() {
    let bytes = fs::metadata(root().join("README.md")).unwrap().len();
    assert!(bytes <= 12_000, "README.md has {bytes} bytes");
}

#[test]
fn the_version_is_the_same_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    let has = |file: &str, line: String| {
        let text = fs::read_to_string(root().join(file));
        assert!(text.is_ok_and(|it| it.contains(&line)), "{file}: {line}");
    };
    has("CHANGELOG.md", format!("\n## [{version}]"));
    has("CITATION.cff", format!("\nversion: {version}\n"));
    has("codemeta.json", format!("\"version\": \"{version}\""));
    for file in ["python/Cargo.toml", "python/pyproject.toml"] {
        has(file, format!("\nversion = \"{version}\"\n"));
    }
    let python = format!("\n__version__ = \"{version}\"\n");
    has("python/detente/__init__.py", python);
}

/// The names in a section of a file of Cargo, each `name = …` below its heading.
fn dependencies() -> BTreeSet<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut names = BTreeSet::new();
    let mut is_of_them = false;
    for line in manifest.lines() {
        if let Some(heading) = line.strip_prefix('[') {
            is_of_them = heading.trim_end_matches(']').ends_with("dependencies");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| is_of_them) {
            names.insert(name.to_owned());
        }
    }
    names
}

#[test]
fn every_dependency_has_its_reason() {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let (_, section) = page.split_once("## What it stands on").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let told: BTreeSet<_> = rows
        .flat_map(|row| row.split('|').nth(1).unwrap().split(','))
        .map(|name| name.trim().trim_matches('`').to_owned())
        .collect();
    assert_eq!(told, dependencies());
}

/// What a page of the built book links to, and which anchors it has.
fn page(file: &Path) -> (Vec<String>, BTreeSet<String>) {
    let page = scraper::Html::parse_document(&fs::read_to_string(file).unwrap());
    let all = |selector: &str, attribute: &str| -> Vec<String> {
        let selector = scraper::Selector::parse(selector).unwrap();
        let found = page.select(&selector);
        found
            .filter_map(|element| element.attr(attribute).map(str::to_owned))
            .collect()
    };
    let mut links = all("a[href], link[href]", "href");
    links.extend(all("img[src], script[src]", "src"));
    (links, all("[id]", "id").into_iter().collect())
}

/// Is run on what `mdbook build docs/guide` has made, at the path in `BOOK`.
#[test]
fn every_link_of_the_book_leads_somewhere() {
    let Some(book) = std::env::var_os("BOOK").map(PathBuf::from) else {
        return;
    };
    let files = fs::read_dir(&book).unwrap().map(|it| it.unwrap().path());
    let files: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|ending| ending == "html"))
        .collect();
    let pages: BTreeMap<_, _> = files
        .iter()
        .map(|file| (file.clone(), page(file)))
        .collect();
    let (mut all, mut mistakes) = (0, Vec::new());
    for (file, (links, _)) in &pages {
        for link in links.iter().filter(|link| !link.contains(':')) {
            all += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => file.clone(),
                path => book.join(path.trim_start_matches('/')),
            };
            let has_it = |(_, ids): &(_, BTreeSet<String>)| ids.contains(anchor);
            if !target.exists() || !anchor.is_empty() && !pages.get(&target).is_some_and(has_it) {
                mistakes.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(all > 500, "only {all} links were found");
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}
