//! What is in a folder for deposit, as an RO-Crate tells it: JSON-LD by the specification of
//! version 1.2, <https://w3id.org/ro/crate/1.2>.

use super::cite::Cited;
use crate::model::Day;
use crate::store::MadeFolder;
use serde_json::{Value, json};
use std::path::Path;
use std::str::FromStr;

/// The name that the specification gives to the description.
pub const CRATE_METADATA: &str = "ro-crate-metadata.json";

const SPECIFICATION: &str = "https://w3id.org/ro/crate/1.2";
const PROGRAM: &str = "#detente";
/// The address of that, as Cargo.toml has it.
const PAGE: &str = "https://docs.rs/detente";
/// The digest of the description itself.
const SEAL: &str = "#blake3-ro-crate-metadata.json";
/// What digests are by.
const BLAKE3: &str = "https://github.com/BLAKE3-team/BLAKE3";

/// What is said of a folder for which nothing else was asked.
const NO_LICENSE: &str = "No licence was stated. The terms of the data that this was made from hold; references.bib has their sources.";

/// A file of the folder.
#[derive(Clone, Debug)]
pub struct CrateFile {
    /// What it is called.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub words: String,
    /// Its media type.
    pub media: &'static str,
    /// The BLAKE3 digest of its bytes, in hexadecimal digits.
    pub blake3: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// What whoever publishes a folder says of it.
#[derive(Clone, Debug)]
pub struct CrateSays {
    /// The day on which it is published.
    pub published: Day,
    /// Its title; where none is said, what it is made of and from when to when.
    pub title: Option<String>,
    /// Who made it.
    pub authors: Vec<CrateAuthor>,
    /// The address of its licence, or a sentence.
    pub license: Option<String>,
}

/// Somebody who made a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrateAuthor {
    /// The name.
    pub name: String,
    /// The address of a page that is that person's, as an ORCID has one.
    pub page: Option<String>,
}

impl FromStr for CrateAuthor {
    type Err = &'static str;

    /// Reads a name, or a name and an address in angle brackets behind it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str =
            "expected a name, and perhaps an address behind it: NAME <https://orcid.org/...>";
        let (name, page) = match text.trim().strip_suffix('>') {
            Some(both) => both.split_once('<').ok_or(EXPECTED)?,
            None => (text, ""),
        };
        let (name, page) = (name.trim(), page.trim());
        let is_bare = !name.is_empty() && !name.contains(['<', '>']);
        if !is_bare || (text.contains('<') && !is_address(page)) {
            return Err(EXPECTED);
        }
        Ok(Self {
            name: name.to_owned(),
            page: (!page.is_empty()).then(|| page.to_owned()),
        })
    }
}

fn is_address(text: &str) -> bool {
    let mut schemes = ["https://", "http://"].iter();
    schemes.any(|scheme| text.starts_with(scheme)) && !text.contains(char::is_whitespace)
}

/// The description of a folder of what was made of event data: its files, what they were made from,
/// each with its digest, and by what. The same for the same files and what is said of it.
#[must_use]
pub fn crate_metadata(cited: &Cited, files: &[CrateFile], says: &CrateSays) -> String {
    let license = says.license.as_deref();
    let id = |id: &str| json!({ "@id": id });
    // By the specification, one thing is no list.
    let ids = |all: &[String]| match all {
        [one] => id(one),
        several => several.iter().map(|it| id(it)).collect(),
    };
    let names: Vec<_> = files.iter().map(|file| file.name.to_owned()).collect();
    let inputs: Vec<_> = cited.made_from();
    let input_ids: Vec<_> = (1..=inputs.len())
        .map(|it| format!("#input-{it}"))
        .collect();
    let page = license.filter(|license| is_address(license));
    let authors = authors(&says.authors);
    let mut graph = vec![
        json!({
            "@id": CRATE_METADATA,
            "@type": "CreativeWork",
            "about": id("./"),
            "conformsTo": id(SPECIFICATION),
            "identifier": id(SEAL),
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "name": says.title.clone().unwrap_or_else(|| cited.title()),
            "description": cited.methods_alone().trim_end(),
            "datePublished": says.published.to_string(),
            "license": match (page, license) {
                (Some(page), _) => id(page),
                (None, said) => json!(said.unwrap_or(NO_LICENSE)),
            },
            "hasPart": ids(&names),
            "mentions": id("#made"),
        }),
    ];
    if !authors.is_empty() {
        let all: Vec<_> = authors.iter().map(|(id, _)| id.clone()).collect();
        graph[1]["author"] = ids(&all);
    }
    graph.extend(authors.into_iter().map(|(_, described)| described));
    for file in files {
        let digest = format!("#blake3-{}", file.name);
        graph.push(json!({
            "@id": file.name,
            "@type": "File",
            "name": file.name,
            "description": file.words,
            "encodingFormat": file.media,
            "contentSize": file.bytes.to_string(),
            "identifier": id(&digest),
        }));
        graph.push(digested(&digest, &file.blake3));
    }
    for (input, (name, blake3)) in input_ids.iter().zip(&inputs) {
        let digest = format!("#blake3-{}", &input[1..]);
        graph.push(json!({
            "@id": input,
            "@type": "CreativeWork",
            "name": name,
            "description": "What it was made from; it is not in this folder.",
            "identifier": id(&digest),
        }));
        graph.push(digested(&digest, blake3));
    }
    graph.push(json!({
        "@id": "#made",
        "@type": "CreateAction",
        "name": format!("detente {}", cited.command()),
        "description": "manifest.json has all options.",
        "instrument": id(PROGRAM),
        "object": ids(&input_ids),
        "result": ids(&names),
    }));
    graph.push(json!({
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": "Detente",
        "url": PAGE,
        "version": cited.version(),
    }));
    if let Some(page) = page {
        graph.push(json!({
            "@id": page,
            "@type": "CreativeWork",
            "name": page,
            "description": "The licence of this folder.",
        }));
    }
    let mut seal = digested(SEAL, "");
    seal["description"] =
        json!("Of this file as it was made, with nothing in the place of this value.");
    graph.push(seal);
    let whole = json!({ "@context": format!("{SPECIFICATION}/context"), "@graph": graph });
    let unsealed = format!("{whole:#}\n");
    let digest = digest_of(&unsealed);
    // Files and inputs have theirs: it is the only one that is empty.
    unsealed.replacen(&sealed_by(""), &sealed_by(&digest), 1)
}

/// The id and the description of each author.
fn authors(authors: &[CrateAuthor]) -> Vec<(String, Value)> {
    let described = |(number, author): (usize, &CrateAuthor)| {
        let before = &authors[..number - 1];
        // Nothing is described twice.
        let is_new = |page: &&String| before.iter().all(|it| it.page.as_ref() != Some(page));
        let own = || format!("#author-{number}");
        let id = author.page.as_ref().filter(is_new);
        let id = id.cloned().unwrap_or_else(own);
        let described = json!({ "@id": id, "@type": "Person", "name": author.name });
        (id, described)
    };
    (1..).zip(authors).map(described).collect()
}

fn sealed_by(digest: &str) -> String {
    format!("\"value\": \"{digest}\"")
}

fn digest_of(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

fn digested(id: &str, blake3: &str) -> Value {
    json!({ "@id": id, "@type": "PropertyValue", "name": "BLAKE3", "propertyID": BLAKE3, "value": blake3 })
}

/// What a description says of the folder that it is in; nothing where it is of another program.
#[must_use]
pub fn described(description: &str) -> Option<MadeFolder> {
    let whole: Value = serde_json::from_str(description).ok()?;
    let graph = whole.get("@graph")?.as_array()?;
    let of = |wanted: &str| {
        graph
            .iter()
            .find(|it| it.get("@id") == Some(&json!(wanted)))
    };
    (of(PROGRAM)?.get("name")? == "Detente").then_some(())?;
    let maker = of("#made")?.get("name")?.as_str()?.to_owned();
    let digest = |of_it: &Value| Some(of_it.get("value")?.as_str()?.to_owned());
    let file = |part: &Value| {
        let name = part.get("@id")?.as_str()?;
        // In the folder itself, whoever wrote it.
        (Path::new(name).file_name()? == name).then_some(())?;
        let identifier = of(name)?.get("identifier")?.get("@id")?.as_str()?;
        Some((name.to_owned(), digest(of(identifier)?)?))
    };
    let parts = of("./")?.get("hasPart")?.as_array()?;
    let is_as_made = of(SEAL).and_then(digest).is_some_and(|digest| {
        let unsealed = description.replacen(&sealed_by(&digest), &sealed_by(""), 1);
        digest_of(&unsealed) == digest
    });
    Some(MadeFolder {
        maker,
        files: parts.iter().map(file).collect::<Option<_>>()?,
        is_as_made,
    })
}
