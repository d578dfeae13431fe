//! The arguments of `explore`.

use crate::model::Dyad;
use clap::Args;
use std::net::IpAddr;
use std::path::PathBuf;

/// Open a history in the browser: take it apart, put it together again, and see what comes of it
#[derive(Debug, Args)]
#[command(
    after_help = "A page is served from this machine to this machine, and asks nothing of anywhere else. Whatever is changed there is a scenario file, which `detente run` plays to the same numbers. Ctrl-C ends it; work that was not saved is kept beside the file and offered again.\n\nExamples:\n  detente explore                            the recorded history\n  detente explore missile-crisis-1962        another one that ships\n  detente explore scenarios/no-call.json     a what-if, to go on with\n  detente explore game.jsonl                 a log of your own\n  detente explore --read-only recorded       to be looked at, not changed"
)]
pub(crate) struct Explore {
    /// A log, a scenario, or the name of a history that ships
    #[arg(default_value = "recorded", value_name = "LOG|SCENARIO")]
    pub(crate) history: PathBuf,
    /// Let nothing be changed or written
    #[arg(long)]
    pub(crate) read_only: bool,
    /// The port to listen on [default: one that is free]
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// Listen on another address than 127.0.0.1: whoever reaches it there and has the whole address
    /// of the page can use it, and nothing on the way is encrypted
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<IpAddr>,
    /// Do not open a browser; the address is printed in any case
    #[arg(long)]
    pub(crate) no_browser: bool,
}

/// Play a scenario by hand in the terminal: event by event, chances and reactions decided, events
/// inserted
#[derive(Debug, Args)]
#[command(
    after_help = "Says what happens on a day, and asks what to do. `help` lists what can be said there. The same as the explorer does in the browser, for a terminal far away. Lines from standard input play it without anybody.\n\nExamples:\n  detente play scenarios/summit-by-chance.json\n  detente play recorded --dyad EU-RUS\n  printf 'next\\nstate\\n' | detente play scenarios/no-call.json"
)]
pub(crate) struct Play {
    /// A log, a scenario, or the name of a history that ships
    #[arg(default_value = "recorded", value_name = "LOG|SCENARIO")]
    pub(crate) history: PathBuf,
    /// The dyad to follow, in either order [default: the one that the scenario changes most]
    #[arg(long, value_name = "A-B")]
    pub(crate) dyad: Option<Dyad>,
}
