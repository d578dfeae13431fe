//! A folder for deposit: what was made of event data, how, and from what, as an RO-Crate.

use super::manifest::{Made, Manifest};
use crate::cli::args::CrateArguments;
use crate::error::Result;
use crate::store::{Mark, Outputs, WholeFolder, WithinFolder};
use crate::view::{CRATE_METADATA, Cited, CrateFile, CrateSays, crate_metadata, described};

/// The manifest's name in it.
pub(super) const MANIFEST: &str = "manifest.json";

/// A folder that was begun.
pub(super) struct Deposit {
    folder: WholeFolder,
    says: CrateSays,
    files: Vec<CrateFile>,
}

impl Deposit {
    /// Begins the folder that is asked for, before anything is read. The command is given as a
    /// folder says what made it.
    pub(super) fn begin(
        maker: &'static str,
        arguments: &CrateArguments,
        overwrite: bool,
    ) -> Result<Option<Self>> {
        // The one goes with the other.
        let asked = arguments.folder.as_deref().zip(arguments.published);
        let begin = |(path, published)| {
            let mark = Mark {
                file: CRATE_METADATA,
                read: described,
                maker,
            };
            let folder = WholeFolder::create(path, mark, overwrite)?;
            Ok(Self {
                folder,
                says: CrateSays {
                    published,
                    title: arguments.crate_title.clone(),
                    authors: arguments.author.clone(),
                    license: arguments.license.clone(),
                },
                files: Vec::new(),
            })
        };
        asked.map(begin).transpose()
    }

    /// Begins a file that is written bit by bit.
    pub(super) fn file(&self, name: &str) -> Result<WithinFolder> {
        self.folder.file(name)
    }

    /// Takes note of a file that was written.
    pub(super) fn note(
        &mut self,
        (name, media): (&'static str, &'static str),
        words: impl Into<String>,
        made: &Made,
    ) {
        self.files.push(CrateFile {
            name,
            words: words.into(),
            media,
            blake3: made.blake3.clone(),
            bytes: made.bytes,
        });
    }

    /// Writes a whole file.
    pub(super) fn put(
        &mut self,
        named: (&'static str, &'static str),
        words: impl Into<String>,
        text: &str,
    ) -> Result<Made> {
        self.folder.put(named.0, text.as_bytes())?;
        let made = Made::of(text);
        self.note(named, words, &made);
        Ok(made)
    }

    /// Adds how it was made; the folder is one of all outputs.
    pub(super) fn write(mut self, manifest: Manifest<'_>, outputs: &mut Outputs) -> Result<()> {
        let text = manifest.without_folders().text()?;
        let cited = Cited::read(&text)?;
        let how = "How it was made: version, options, inputs and output with their BLAKE3 digests.";
        self.put((MANIFEST, "application/json"), how, &text)?;
        let methods = "A paragraph for a section on methods.";
        self.put(("methods.md", "text/markdown"), methods, &cited.methods())?;
        let references = "The references of the paragraph on methods, in BibTeX.";
        let bibtex = cited.bibtex();
        self.put(
            ("references.bib", "application/x-bibtex"),
            references,
            &bibtex,
        )?;
        let description = crate_metadata(&cited, &self.files, &self.says);
        self.folder.put(CRATE_METADATA, description.as_bytes())?;
        outputs.set_folder(self.folder);
        Ok(())
    }
}
