//! The architecture, read from the sources: who may name whom, and who may touch the world outside.
//!
//! The order stands where readers look: a `mod.rs` (or `lib.rs`) declares its files in floors, with
//! an empty line between them, and a file names only what stands on a floor above its own.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// What only some of the crate may name.
const BANS: [Ban; 4] = [
    Ban {
        paths: "print! println! eprint! eprintln! dbg! io::stdout io::stderr",
        holds: Holds::ButFor("cli main"),
        instead: "only the command line prints; write to what the caller hands in",
    },
    Ban {
        paths: "process::exit SystemTime::now Instant::now Zoned::now Timestamp::now",
        holds: Holds::ButFor("cli main"),
        instead: "only the command line exits or reads a clock; return an error, take a day",
    },
    Ban {
        paths: "std::fs",
        holds: Holds::ButFor("store cli"),
        instead: "only the store and the command line touch files; take a `Source`",
    },
    Ban {
        paths: "std::env std::time std::net rand",
        holds: Holds::For("model history"),
        instead: "model and history are pure; take what they need as an argument",
    },
];

const NAMES_OF_NOTHING: &str = "util utils helper helpers common misc manager managers";

/// Paths that are not to be named, and where.
struct Ban {
    paths: &'static str,
    holds: Holds,
    instead: &'static str,
}

/// Top-level modules that a ban spares, or the only ones that it is for.
enum Holds {
    ButFor(&'static str),
    For(&'static str),
}

#[test]
fn a_file_names_only_what_stands_above_it() -> io::Result<()> {
    none(&imports(&sources()?));
    Ok(())
}

#[test]
fn only_the_outer_modules_touch_the_world_outside() -> io::Result<()> {
    none(&effects(&sources()?));
    Ok(())
}

#[test]
fn every_file_says_what_it_is_for_in_its_name_and_its_first_line() -> io::Result<()> {
    none(&forms(&sources()?));
    Ok(())
}

/// What a person holds in mind of a folder: a dozen files. Its `mod.rs` (or `lib.rs` and `main.rs`)
/// and its `tests.rs` do not count, nor do the rooms in it.
#[test]
fn no_folder_has_more_than_a_dozen_files() -> io::Result<()> {
    none(&crowds(&sources()?));
    Ok(())
}

/// Folders with more files side by side than one can hold in mind.
fn crowds(sources: &[Source]) -> Vec<String> {
    let mut folders = BTreeMap::<_, Vec<_>>::new();
    for source in sources.iter().filter(|source| !source.is_folder) {
        if let Some((name, folder)) = source.module.split_last()
            && source.module != ["main"]
        {
            folders.entry(folder.join("/")).or_default().push(&**name);
        }
    }
    folders.retain(|_, names| names.len() > 12);
    let told = folders.iter().map(|(folder, names)| {
        format!(
            "{}: {} files side by side, at most 12: make rooms of {}",
            in_src(folder),
            names.len(),
            names.join(" ")
        )
    });
    told.collect()
}

/// Files of `tests` are modules of few binaries, and cargo looks for none of its own: one that is
/// named nowhere would never run.
#[test]
fn every_file_of_tests_is_run() -> io::Result<()> {
    let roots = ["browser", "command", "library"];
    let texts: Vec<String> = roots
        .iter()
        .map(|root| fs::read_to_string(format!("tests/{root}.rs")))
        .collect::<io::Result<_>>()?;
    let mut unnamed = Vec::new();
    for entry in fs::read_dir("tests")? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let declares = |text: &String| text.lines().any(|line| line == format!("mod {name};"));
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        if is_rust && !roots.contains(&&*name) && !texts.iter().any(declares) {
            unnamed.push(format!("{}: no binary of tests names it", path.display()));
        }
    }
    none(&unnamed);
    Ok(())
}

/// What the page on architecture shows each kind of change by, and by which words a file names it.
const CHANGES: [(&str, &[&str]); 8] = [
    ("An act", &["Visit", "`visit`"]),
    ("A preset", &["goldstein-decay-180"]),
    ("An importer", &["Acled", "acled"]),
    ("A view", &["crate_metadata"]),
    ("A kind of edit", &["Shift", "Shifted"]),
    (
        "A kind of measure",
        &["Tariffs", "standing_tariffs_degrees"],
    ),
    ("A column of the index", &["conflict_share"]),
    (
        "A condition",
        &["AgendaIs", "Condition::Agenda", "Test::Agenda"],
    ),
];

/// Who follows the page finds every place: a change that spreads to another file shows here.
#[test]
fn a_change_goes_where_the_page_says() -> io::Result<()> {
    let sources = sources()?;
    let page = fs::read_to_string("ARCHITECTURE.md")?;
    for (change, words) in CHANGES {
        let section = page.split_once(&format!("### {change}\n"));
        let list = section.and_then(|(_, section)| section.split_once("```text\n"));
        let list = list.and_then(|(_, list)| list.split_once("```"));
        let told: Vec<_> = list.map_or("", |(list, _)| list).lines().collect();
        assert_eq!(told, that_name(&sources, words), "{change}");
    }
    Ok(())
}

/// The files that name one of some words outside of their tests, in order.
fn that_name<'s>(sources: &'s [Source], words: &[&str]) -> Vec<&'s str> {
    let is_inside =
        |letter: Option<char>| letter.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let has_word = |text: &str, word: &str| {
        text.match_indices(word).any(|(at, _)| {
            let (before, behind) = (&text[..at], &text[at + word.len()..]);
            !is_inside(before.chars().next_back()) && !is_inside(behind.chars().next())
        })
    };
    let named = sources.iter().filter(|source| {
        let text = source
            .text
            .split("\n#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        words.iter().any(|word| has_word(text, word))
    });
    named.map(|source| &*source.path).collect()
}

/// What stands in a comment that is part of a text to be printed, and no comment of the program.
const PRINTED: &str = "{{";

#[test]
fn comments_end_at_100_columns() -> io::Result<()> {
    fn read(path: &Path, long: &mut Vec<String>) -> io::Result<()> {
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                read(&entry?.path(), long)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            long.extend(long_comments(
                &path.display().to_string(),
                &fs::read_to_string(path)?,
            ));
        }
        Ok(())
    }
    let mut long = Vec::new();
    for folder in ["src", "tests", "benches", "examples", "fuzz", "python/src"] {
        let folder = Path::new(folder);
        if folder.is_dir() {
            read(folder, &mut long)?;
        }
    }
    none(&long);
    Ok(())
}

/// Lines of comments and docs that are longer than lines of code may be.
fn long_comments(path: &str, text: &str) -> Vec<String> {
    let lines = (1..).zip(text.lines());
    let long = lines.filter(|(_, line)| {
        let is_comment = line.trim_start().starts_with("//");
        is_comment && line.chars().count() > 100 && !line.contains(PRINTED)
    });
    long.map(|(number, _)| format!("{path}:{number}: a comment ends at 100 columns"))
        .collect()
}

#[track_caller]
fn none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

/// Every source of the crate. Files of tests may name and do what they like.
fn sources() -> io::Result<Vec<Source>> {
    fn read(folder: &Path, name: &str, found: &mut Vec<Source>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{name}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                read(&entry.path(), &path, found)?;
            } else if let Some(module) = path.strip_suffix(".rs")
                && !module.ends_with("/tests")
            {
                found.push(Source::new(&path, fs::read_to_string(entry.path())?));
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    read(&root, "src", &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// A file of the crate.
struct Source {
    path: String,
    text: String,
    /// Its module, from the root of the crate down; empty for the root.
    module: Vec<String>,
    /// Whether it stands for a folder: `mod.rs` or `lib.rs`.
    is_folder: bool,
}

impl Source {
    fn new(path: &str, text: String) -> Self {
        let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut module: Vec<_> = inside.split('/').map(str::to_owned).collect();
        let is_folder = inside == "lib" || module.pop_if(|last| last == "mod").is_some();
        if inside == "lib" {
            module.clear();
        }
        Self {
            is_folder,
            path: path.to_owned(),
            text,
            module,
        }
    }

    /// The top-level module it belongs to.
    fn top(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }
}

/// One file of a folder names another, by their names in the folder's order.
struct Import<'a> {
    folder: &'a [String],
    from: &'a str,
    to: &'a str,
    /// The file, the line and the module that is named there.
    place: String,
}

/// The floors of each folder, by its path in `src`: what its `mod.rs` declares, in groups.
fn floors(sources: &[Source]) -> BTreeMap<String, Vec<Vec<&str>>> {
    let folders = sources.iter().filter(|source| source.is_folder);
    let floors = folders.map(|source| {
        let mut floors = vec![Vec::new()];
        for line in source.text.lines() {
            let declared = line.strip_suffix(';').and_then(|line| {
                let (before, name) = line.rsplit_once("mod ")?;
                (before.is_empty() || before.starts_with("pub")).then_some(name)
            });
            match declared {
                Some(name) => floors.last_mut()?.push(name),
                None if line.is_empty() => floors.push(Vec::new()),
                None => {}
            }
        }
        floors.retain(|floor| !floor.is_empty());
        Some((source.module.join("/"), floors))
    });
    floors.flatten().collect()
}

/// What is named against the order of its folder, and what stands in none.
fn imports(sources: &[Source]) -> Vec<String> {
    let modules: BTreeSet<_> = sources.iter().map(|source| &source.module[..]).collect();
    let floors = floors(sources);
    let mut violations = Vec::new();
    for import in sources
        .iter()
        .flat_map(|source| imports_of(source, &modules))
    {
        let folder = import.folder.join("/");
        let floors = floors.get(&folder).map_or(&[][..], Vec::as_slice);
        // What the folder itself holds stands below all its floors, and what is in no floor is told
        // of below.
        let has = |floor: &Vec<&str>, name| floor.contains(&name);
        let above = floors
            .iter()
            .position(|floor| has(floor, import.from))
            .unwrap_or(floors.len());
        if !floors[..above].iter().any(|floor| has(floor, import.to)) {
            violations.push(format!(
                "{}, but `{}` may name only what stands above it in {}: {}",
                import.place,
                import.from,
                in_src(&folder),
                floors[..above].concat().join(" ")
            ));
        }
    }
    violations.extend(
        sources
            .iter()
            .filter_map(|source| without_place(source, &floors)),
    );
    violations.dedup();
    violations
}

fn in_src(folder: &str) -> String {
    format!("src/{folder}").trim_end_matches('/').to_owned()
}

/// A file that nothing declares.
fn without_place(source: &Source, floors: &BTreeMap<String, Vec<Vec<&str>>>) -> Option<String> {
    let (name, folder) = source.module.split_last()?;
    let folder = folder.join("/");
    let floors = floors.get(&folder)?;
    let has_place = name == "main" || floors.iter().flatten().any(|known| known == name);
    (!has_place).then(|| {
        format!(
            "{}:1: `{name}` has no place in {}: declare it in its mod.rs",
            source.path,
            in_src(&folder)
        )
    })
}

fn imports_of<'a>(source: &'a Source, modules: &BTreeSet<&'a [String]>) -> Vec<Import<'a>> {
    // The binary names the library like any other crate, and everything in it.
    if source.module == ["main"] {
        return Vec::new();
    }
    let from = &source.module[..];
    let mut imports = Vec::new();
    for path in paths(&source.text) {
        let Some(absolute) = absolute(&path, from, modules) else {
            continue;
        };
        let named = (0..=absolute.len()).rev().find_map(|length| {
            let module = modules.get(&absolute[..length])?;
            Some(*module)
        });
        let Some(named) = named.filter(|named| *named != from) else {
            continue;
        };
        let shared = from.iter().zip(named).take_while(|(a, b)| a == b).count();
        let own = if shared == 0 { "lib" } else { "mod" };
        let in_folder = |module: &'a [String]| module.get(shared).map_or(own, String::as_str);
        imports.push(Import {
            folder: &from[..shared],
            from: in_folder(from),
            to: in_folder(named),
            place: format!(
                "{}:{}: names {}",
                source.path,
                path.line,
                [&["crate".to_owned()], named].concat().join("::")
            ),
        });
    }
    imports
}

/// A path from the crate's root, if it is one into the crate.
fn absolute(
    path: &Named<'_>,
    from: &[String],
    modules: &BTreeSet<&[String]>,
) -> Option<Vec<String>> {
    let owned = |names: &[&str]| -> Vec<_> { names.iter().map(|&name| name.to_owned()).collect() };
    let here = [from, &owned(&path.inside)[..]].concat();
    let (first, rest) = path.segments.split_first()?;
    // `pub(super)` and the like name nothing.
    if rest.is_empty() {
        return None;
    }
    match *first {
        "crate" | "detente" => Some(owned(rest)),
        "self" => Some([here, owned(rest)].concat()),
        "super" => {
            let up = path.segments.iter().take_while(|name| **name == "super");
            let up = up.count();
            let base = &here[..here.len().checked_sub(up)?];
            Some([base, &owned(&path.segments[up..])[..]].concat())
        }
        child => {
            let child = [&here[..], &[child.to_owned()]].concat();
            modules
                .contains(&child[..])
                .then(|| [child, owned(rest)].concat())
        }
    }
}

/// What is named where it must not be.
fn effects(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for source in sources {
        let listed = |modules: &str| modules.split_whitespace().any(|it| it == source.top());
        let bans = BANS.iter().filter(|ban| match ban.holds {
            Holds::ButFor(modules) => !listed(modules),
            Holds::For(modules) => listed(modules),
        });
        let named = paths(&source.text);
        for ban in bans {
            for path in &named {
                let whole = format!("::{}::", path.segments.join("::"));
                // Alone, a name is a variable's or a method's, unless it is a macro's.
                if path.segments.len() == 1 && !whole.contains('!') {
                    continue;
                }
                let mut banned = ban.paths.split_whitespace();
                if let Some(banned) = banned.find(|it| whole.contains(&format!("::{it}::"))) {
                    violations.push(format!(
                        "{}:{}: names {banned}: {}",
                        source.path, path.line, ban.instead
                    ));
                }
            }
        }
    }
    violations
}

/// Files whose name says nothing, or whose first line does not say what they are for.
fn forms(sources: &[Source]) -> Vec<String> {
    let mut violations = Vec::new();
    for Source { path, text, .. } in sources {
        let mut names = path.trim_end_matches(".rs").split('/');
        if let Some(name) = names.find(|it| NAMES_OF_NOTHING.split(' ').any(|bad| bad == *it)) {
            violations.push(format!(
                "{path}:1: `{name}` says nothing: call it by the concept that is in it"
            ));
        }
        if !text.starts_with("//! ") {
            violations.push(format!(
                "{path}:1: the first line must say what the file is for: `//! ...`"
            ));
        }
    }
    violations
}

/// A path such as `crate::model::Day` or `println!`, each name of a `{...}` group on its own.
struct Named<'a> {
    segments: Vec<&'a str>,
    line: usize,
    /// The modules written out in the file around it.
    inside: Vec<&'a str>,
}

/// Every path that a source names outside its tests.
fn paths(text: &str) -> Vec<Named<'_>> {
    let tokens = without_tests(&tokens(text));
    let mut rest = &tokens[..];
    let mut found = Vec::new();
    let mut depth = 0;
    let mut inside: Vec<(&str, usize)> = Vec::new();
    while let [first, others @ ..] = rest {
        if let [(_, "mod"), (_, name), (_, "{"), ..] = rest {
            depth += 1;
            inside.push((name, depth));
            rest = &rest[3..];
        } else if is_name(first.1) {
            let mut named = Vec::new();
            rest = path(rest, &[], &mut named);
            let inside: Vec<_> = inside.iter().map(|(name, _)| *name).collect();
            found.extend(named.into_iter().map(|(line, segments)| Named {
                segments,
                line,
                inside: inside.clone(),
            }));
        } else {
            match first.1 {
                "{" => depth += 1,
                "}" => {
                    inside.pop_if(|(_, opened)| *opened == depth);
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
            rest = others;
        }
    }
    found
}

type Token<'a> = (usize, &'a str);

/// Takes one path, groups and all, from the front of some tokens, and returns what stands behind
/// it.
fn path<'t, 'a>(
    tokens: &'t [Token<'a>],
    before: &[&'a str],
    found: &mut Vec<(usize, Vec<&'a str>)>,
) -> &'t [Token<'a>] {
    let mut segments = before.to_vec();
    let mut rest = tokens;
    let mut line = 0;
    while let [(at, name), behind @ ..] = rest {
        if *name == "{" && !segments.is_empty() {
            rest = behind;
            while let [(_, next), others @ ..] = rest {
                match *next {
                    "}" => return others,
                    "," => rest = others,
                    _ => rest = path(rest, &segments, found),
                }
            }
            return rest;
        }
        line = *at;
        rest = behind;
        match behind {
            [(_, "!"), (_, after), ..] if *after != "=" => segments.push(with_bang(name)),
            _ => segments.push(name),
        }
        match behind {
            [(_, "::"), (_, next), ..] if is_name(next) || matches!(*next, "{" | "*") => {
                rest = &behind[1..];
            }
            [(_, "as"), _, others @ ..] if !before.is_empty() => {
                rest = others;
                break;
            }
            _ => break,
        }
    }
    found.push((line, segments));
    rest
}

/// The macros that a ban names, with their mark; any other by its bare name.
fn with_bang(name: &str) -> &str {
    let mut banned = BANS.iter().flat_map(|ban| ban.paths.split_whitespace());
    banned
        .find(|path| path.strip_suffix('!') == Some(name))
        .unwrap_or(name)
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Leaves out each item behind `#[cfg(test)]`.
fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut rest = tokens;
    while let [first, others @ ..] = rest {
        let marks = rest.iter().map(|(_, token)| *token).take(MARK.len());
        if marks.eq(MARK) {
            rest = &rest[MARK.len()..];
            let mut depth = 0;
            while let [(_, token), others @ ..] = rest {
                rest = others;
                match *token {
                    "{" | "(" | "[" => depth += 1,
                    "}" | ")" | "]" => depth -= 1,
                    _ => {}
                }
                if depth == 0 && matches!(*token, ";" | "}") {
                    break;
                }
            }
        } else {
            kept.push(*first);
            rest = others;
        }
    }
    kept
}

/// The names and marks of a source, each with its line; comments, strings, numbers and lifetimes
/// are left out, and so is how far something is visible.
fn tokens(text: &str) -> Vec<Token<'_>> {
    fn flatten<'a>(stream: TokenStream, text: &'a str, found: &mut Vec<Token<'a>>) {
        let mut trees = stream.into_iter().peekable();
        while let Some(tree) = trees.next() {
            let span = tree.span();
            let line = span.start().line;
            match tree {
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                    flatten(group.stream(), text, found);
                }
                TokenTree::Group(group) => {
                    let (open, close) = (group.span_open(), group.span_close());
                    found.push((open.start().line, &text[open.byte_range()]));
                    flatten(group.stream(), text, found);
                    found.push((close.start().line, &text[close.byte_range()]));
                }
                TokenTree::Ident(name) => {
                    found.push((line, &text[span.byte_range()]));
                    let visibility = trees.peek().is_some_and(|next| {
                        matches!(next, TokenTree::Group(group)
                            if name == "pub" && group.delimiter() == Delimiter::Parenthesis)
                    });
                    if visibility {
                        trees.next();
                    }
                }
                TokenTree::Punct(mark) if mark.as_char() == '\'' => {
                    trees.next();
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => {
                    let start = span.byte_range().start;
                    let is_path = text[start..].starts_with("::");
                    if is_path {
                        trees.next();
                    }
                    found.push((line, &text[start..start + 1 + usize::from(is_path)]));
                }
                TokenTree::Punct(_) => found.push((line, &text[span.byte_range()])),
                TokenTree::Literal(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    let stream = text.parse().expect("the source compiles, so it has tokens");
    flatten(stream, text, &mut found);
    found
}

/// That the tests above can fail, and when they do not.
mod the_checker {
    use super::{Source, crowds, effects, forms, imports, long_comments, that_name};
    use std::collections::BTreeMap;

    fn made_up(files: &[(&str, &str)]) -> Vec<Source> {
        let source = |(path, text): &(&str, &str)| Source::new(path, (*text).to_owned());
        files.iter().map(source).collect()
    }

    #[test]
    fn a_file_names_what_stands_in_it_as_a_word() {
        let sources = made_up(&[
            ("src/a.rs", "//! A.\nlet it = Visit::Away;"),
            ("src/b.rs", "//! B.\nimpl Visitor for Revisit {}"),
            (
                "src/c.rs",
                "//! C.\n\n#[cfg(test)]\nmod tests { use Visit; }",
            ),
        ]);
        assert_eq!(that_name(&sources, &["Visit"]), ["src/a.rs"]);
    }

    /// A crate in which everything stands that made-up sources name.
    fn imports_with(files: &[(&str, &str)]) -> Vec<String> {
        let rest = [
            (
                "lib",
                "\nmod text;\n\nmod json;\n\npub mod model;\n\npub(crate) mod history;\n",
            ),
            ("text", ""),
            ("json/mod", ""),
            ("model/mod", "\nmod agenda;\nmod day;\n\nmod act;\n"),
            ("model/day", ""),
            ("model/act", ""),
            ("model/agenda", ""),
            ("history/mod", "\nmod log;\n"),
            ("history/log", ""),
        ];
        let mut all: BTreeMap<_, _> = rest
            .map(|(name, text)| (format!("src/{name}.rs"), text.to_owned()))
            .into();
        for (path, text) in files {
            // What a folder declares stands behind what a test has in it.
            let declared = all.entry((*path).to_owned()).or_default();
            declared.insert_str(0, text);
        }
        let all: Vec<_> = all
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        imports(&made_up(&all))
    }

    #[track_caller]
    fn finds(violations: &[String], expected: &[&str]) {
        let begins = |(found, expected): (&String, &&str)| found.starts_with(expected);
        let all = violations.iter().zip(expected).all(begins);
        assert!(
            all && violations.len() == expected.len(),
            "{violations:#?}\nshould begin with {expected:#?}"
        );
    }

    #[test]
    fn finds_a_module_that_names_one_below_it() {
        let found = imports_with(&[("src/model/act.rs", "\nuse crate::history::Record;")]);
        let place = "src/model/act.rs:2: names crate::history, but `model` may name only what stands \
                     above it in src: text json";
        finds(&found, &[place]);
    }

    #[test]
    fn finds_names_in_groups_in_bodies_and_by_way_of_super() {
        let group =
            "use crate::{\n    json::{Span, Tree},\n    history::log::Lines as L, text,\n};";
        let found = imports_with(&[("src/model/act.rs", group)]);
        finds(
            &found,
            &["src/model/act.rs:3: names crate::history::log, but"],
        );
        let body = "fn f() {\n    let x = Some(super::super::history::log::Lines::new);\n}";
        let found = imports_with(&[("src/model/act.rs", body)]);
        finds(
            &found,
            &["src/model/act.rs:2: names crate::history::log, but"],
        );
    }

    #[test]
    fn finds_a_file_that_names_one_below_it_in_its_folder() {
        let texts = [
            "use super::act::Act;",
            "use super::act;",
            "use super::{act::{self, Act}};",
            "use crate::model::act::Act;",
            "mod inner { use super::super::act::Act; }",
            "type A = Vec<super::act::Act>;",
        ];
        for text in texts {
            let found = imports_with(&[("src/model/day.rs", text)]);
            finds(
                &found,
                &["src/model/day.rs:1: names crate::model::act, but `day` may"],
            );
        }
    }

    #[test]
    fn finds_a_circle_that_goes_by_way_of_the_folder_itself() {
        let found = imports_with(&[("src/model/day.rs", "use super::Act;")]);
        finds(&found, &["src/model/day.rs:1: names crate::model, but"]);
        let found = imports_with(&[("src/model/day.rs", "use crate::Act;")]);
        finds(&found, &["src/model/day.rs:1: names crate, but"]);
    }

    #[test]
    fn finds_files_of_one_floor_that_name_each_other() {
        let found = imports_with(&[("src/model/agenda.rs", "use super::day::Day;")]);
        let place = "src/model/agenda.rs:1: names crate::model::day, but `agenda` may name only";
        finds(&found, &[place]);
    }

    #[test]
    fn how_far_a_name_is_visible_names_nothing() {
        let found = imports_with(&[("src/model/day.rs", "pub(in crate::history) fn f() {}")]);
        finds(&found, &[]);
    }

    #[test]
    fn finds_a_file_without_a_place_in_the_order() {
        let found = imports_with(&[("src/model/mood.rs", ""), ("src/extra.rs", "")]);
        finds(
            &found,
            &[
                "src/extra.rs:1: `extra` has no place in src:",
                "src/model/mood.rs:1: `mood` has no place in src/model:",
            ],
        );
    }

    #[test]
    fn lets_pass_what_is_in_order() {
        let found = imports_with(&[
            (
                "src/model/act.rs",
                "use super::day::Day; pub(super) fn f() {}",
            ),
            (
                "src/model/mod.rs",
                "mod act; pub use act::Act; use self::day::Day;",
            ),
            (
                "src/history/log.rs",
                "use crate::model::{self, Act, day::Day};",
            ),
            (
                "src/history/mod.rs",
                "mod log; pub use log::Lines; use crate::model::Act;",
            ),
            ("src/lib.rs", "pub mod history; use history::log::Lines;"),
            ("src/main.rs", "use detente::history::Lines; fn main() {}"),
        ]);
        finds(&found, &[]);
    }

    #[test]
    fn lets_pass_comments_strings_characters_and_tests() {
        let text = r##"//! Not [crate::history].
            /* use crate::history::A; /* inside */ use crate::history::B; */
            const A: &str = "use crate::history::A; \" crate::history::B";
            const B: &str = r#"crate::history::A "quoted" crate::history::B"#;
            const C: [char; 3] = ['"', '\'', '\\']; fn f<'a>(x: &'a str) -> u8 { b'"' }
            #[cfg(test)]
            mod tests { use super::*; fn f() { if true { crate::history::f() } } }
            #[cfg(test)]
            use crate::history::{A, B};"##;
        finds(&imports_with(&[("src/model/act.rs", text)]), &[]);
        // And goes on behind all of them.
        let text = format!("{text}\nuse crate::history::C;");
        let found = imports_with(&[("src/model/act.rs", &text)]);
        finds(&found, &["src/model/act.rs:10: names crate::history, but"]);
    }

    #[test]
    fn finds_printing_exiting_clocks_and_files() {
        let texts = [
            ("view/table", "fn f() { println!(); }", "println!"),
            ("view/table", "fn f() { std::eprintln!(); }", "eprintln!"),
            ("view/table", "use std::io::{self, stdout};", "io::stdout"),
            (
                "store/log",
                "use std::process;\nfn f() { process::exit(1) }",
                "process::exit",
            ),
            (
                "store/log",
                "use std::{io, process::{exit, id}};",
                "process::exit",
            ),
            ("view/table", "fn f() { jiff::Zoned::now(); }", "Zoned::now"),
            ("view/table", "fn f() { Instant::now(); }", "Instant::now"),
            ("view/table", "use std::fs::File;", "std::fs"),
            (
                "history/log",
                "use std::{\n    fs::File, io,\n};",
                "std::fs",
            ),
            (
                "model/act",
                "fn f() { ::std::env::var(\"A\"); }",
                "std::env",
            ),
            ("history/log", "use std::time::Duration;", "std::time"),
            ("model/act", "use rand::Rng;", "rand"),
        ];
        for (name, text, what) in texts {
            let path = format!("src/{name}.rs");
            let found = effects(&made_up(&[(&path, text)]));
            let line = 1 + usize::from(text.contains('\n'));
            finds(&found, &[&format!("{path}:{line}: names {what}: ")]);
        }
    }

    #[test]
    fn lets_the_outer_modules_do_what_they_are_for() {
        let found = effects(&made_up(&[
            (
                "src/main.rs",
                "fn main() { std::process::exit(detente::cli::run()) }",
            ),
            (
                "src/cli/mod.rs",
                "fn f() { println!(); jiff::Zoned::now(); std::fs::read(); }",
            ),
            (
                "src/store/log.rs",
                "use std::fs::File; enum Log { File(File) }",
            ),
            (
                "src/view/table.rs",
                "use std::time::Duration; fn now() { writeln!(out); }",
            ),
            (
                "src/history/log.rs",
                "//! println!()\nuse std::io; fn f() { g.rand().exit(); }",
            ),
        ]));
        finds(&found, &[]);
    }

    #[test]
    fn finds_comments_that_are_too_long_and_counts_letters_not_bytes() {
        let long = |letter: &str, count| format!("let a = 1;\n    //! {}\n", letter.repeat(count));
        finds(&long_comments("a.rs", &long("é", 92)), &[]);
        finds(
            &long_comments("a.rs", &long("é", 93)),
            &["a.rs:2: a comment ends at 100 columns"],
        );
        finds(&long_comments("a.rs", &"x".repeat(200)), &[]);
    }

    #[test]
    fn finds_names_that_say_nothing_and_files_without_a_purpose() {
        let found = forms(&made_up(&[
            ("src/model/utils.rs", "//! Things."),
            ("src/common/day.rs", "//! Days."),
            ("src/model/day.rs", "\n//! Days."),
            ("src/model/act.rs", "//! Acts."),
        ]));
        finds(
            &found,
            &[
                "src/model/utils.rs:1: `utils` says nothing",
                "src/common/day.rs:1: `common` says nothing",
                "src/model/day.rs:1: the first line must say",
            ],
        );
    }

    #[test]
    fn finds_a_crowded_folder_and_does_not_count_its_rooms() {
        let mut files: Vec<_> = (0..12).map(|file| format!("src/model/{file}.rs")).collect();
        files.push("src/model/mod.rs".to_owned());
        files.extend((0..12).map(|room| format!("src/model/room{room}/mod.rs")));
        let crowd = |files: &[String]| {
            let files: Vec<_> = files.iter().map(|path| (&**path, "")).collect();
            crowds(&made_up(&files))
        };
        finds(&crowd(&files), &[]);
        files.push("src/model/thirteenth.rs".to_owned());
        finds(&crowd(&files), &["src/model: 13 files side by side"]);
    }
}
