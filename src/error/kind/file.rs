//! What can be wrong with a file or a stream, whatever stands in it.

use super::words::{Words, says, shortened, system};
use crate::text::shown;

/// A file or stream that cannot be used.
#[derive(Debug)]
#[non_exhaustive]
#[expect(missing_docs, reason = "a field is what the message beside it says")]
pub enum BadFile {
    /// The system refused something.
    Io {
        /// What was tried: `open`, `write`.
        doing: &'static str,
        error: std::io::Error,
    },
    /// A word where a history is wanted, and neither a file nor a history that ships has that name.
    NoHistory {
        error: std::io::Error,
        /// A history that ships and has a name like that.
        near: Option<&'static str>,
    },
    /// A directory stands where a file is wanted.
    Directory,
    /// Neither a file nor a directory.
    NotAFile,
    /// A device where a file or a pipe is wanted.
    Device,
    /// What another file names and is no regular file.
    NotRegular,
    /// What another file names and lies outside the folder of that.
    Outside,
    /// More bytes than are read.
    TooLong { limit: u64 },
    /// There is nothing in the file.
    Empty,
    /// A file's name that is not UTF-8, where it is to stand in another file.
    NameNotUtf8,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A file where a new one is to be written, and none is ever replaced.
    NameTaken,
    /// A file that is there already.
    AlreadyThere,
    /// A folder where a new one is to be written, and which holds something else.
    FolderInUse,
    /// A folder that a new one would replace, but for a file in it.
    FolderHasMore { name: String },
    /// A folder that is there already, and of the kind of the new one.
    FolderThere,
    /// A folder that a new one would replace, but that another command made.
    FolderOfAnother { maker: String },
    /// A folder that a new one would replace, but for a file in it that is not as it was made.
    ChangedByHand { name: String },
    /// A file that is not the one that the description of its folder tells of.
    NotAsMade {
        /// The BLAKE3 digest of the file.
        found: String,
        /// The one that is described.
        expected: String,
    },
    /// A folder that a new one was to replace, and which the system let be moved aside, but neither
    /// the new one to its place nor it back.
    MovedAside {
        /// Where it is now.
        aside: String,
        /// What the system said of the new one.
        error: std::io::Error,
    },
    /// A file to write that is one of those that are read.
    OutputIsInput,
    /// A log where another file is to be written.
    IsKept,
    /// A file to write that may only be read.
    ReadOnly,
    /// Two files to write that are one.
    WrittenTwice,
    /// The system does not know what day it is.
    NoClock,
}

impl BadFile {
    /// What the system refused while something was tried.
    pub(crate) const fn io(doing: &'static str) -> impl Fn(std::io::Error) -> Self {
        move |error| Self::Io { doing, error }
    }

    pub(super) fn words(&self) -> Words {
        match self {
            Self::Io { doing, error } => says(format!("cannot {doing}: {}", system(error))),
            Self::NoHistory { error, near } => says(format!("cannot open: {}", system(error)))
                .help(match near {
                    Some(near) => {
                        format!("did you mean `{near}`? `detente histories` lists what ships")
                    }
                    None => "`detente histories` lists the histories that ship".to_owned(),
                }),
            Self::Directory => says("this is a directory, not a file").help("name a file in it"),
            Self::NotAFile => {
                says("this is not a regular file, and events can only be appended to one")
            }
            Self::Device => says("this is a device, and only files and pipes are read"),
            Self::NotRegular => says("this is not a regular file, and a file can only name one"),
            Self::Outside => says("this lies outside the folder of the file that names it")
                .help("copy it into that folder"),
            Self::TooLong { limit } => says(format!(
                "there are more than {} MiB, and no more are read whole",
                limit >> 20
            ))
            .help("a log may be longer where it is a file and no pipe; a batch can be split"),
            Self::Empty => says("there is nothing in it").help("a log has one event a line"),
            Self::NameNotUtf8 => says("this name is not UTF-8, and a scenario cannot name it")
                .help("give the file another name"),
            Self::NotUtf8 => says("not UTF-8").help("save it as UTF-8"),
            Self::NameTaken | Self::AlreadyThere => says("there is a file of that name already")
                .help("give another name, or remove that file first"),
            Self::FolderInUse => {
                says("this folder holds something else").help("name a new folder, or an empty one")
            }
            Self::FolderHasMore { name } => says(format!(
                "this folder also holds `{}`, which would be lost",
                shortened(name)
            ))
            .help("move it away, or name a new folder"),
            Self::FolderThere => says("there is a folder of that name already")
                .help("give another name, or remove that folder first"),
            Self::FolderOfAnother { maker } => says(format!(
                "this folder was made by `{}`, and would be lost",
                shortened(maker)
            ))
            .help("give another name"),
            Self::ChangedByHand { name } => says(format!(
                "`{}` in this folder was changed by hand, and would be lost",
                shortened(name)
            ))
            .help("give another name"),
            Self::NotAsMade { found, expected } => says(format!(
                "changed since it was made: its BLAKE3 digest is {found}, not {expected}"
            ))
            .help("put back what was there, or make the folder anew"),
            Self::MovedAside { aside, error } => says(format!(
                "cannot write: {}; what stood there is whole, but moved to `{}`",
                system(error),
                shown(aside)
            ))
            .help("move it back by hand"),
            Self::OutputIsInput => {
                says("this file is read, too, and would be lost").help("give another name")
            }
            Self::IsKept => says("this is a log, and a log is never written over")
                .help("give another name, or move the log away first"),
            Self::ReadOnly => says("this file may only be read").help("give another name"),
            Self::WrittenTwice => says("two outputs have this name").help("give another name"),
            Self::NoClock => says("the system does not say what day it is"),
        }
    }
}
