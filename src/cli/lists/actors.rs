//! `detente actors`: the states and organisations that have a code.

use super::listing::{has_words, note_none, print};
use crate::cli::args::Actors;
use crate::cli::terminal::output::{Outcome, Output};
use crate::error::Result;
use crate::model::Actor;
use crate::view::Listing;

pub(crate) fn run(arguments: &Actors, output: &mut Output) -> Result<Outcome> {
    let whole = arguments.words.join(" ");
    // What people write for a country is looked up as an error would suggest it.
    let meant = whole
        .parse()
        .map_or_else(|unknown: crate::model::UnknownActor| unknown.near, Some);
    let is_named = |actor: &Actor| actor.name() != actor.code();
    let mut actors: Vec<_> = Actor::all()
        .filter(is_named)
        .filter(|actor| has_words(&arguments.words, &[actor.code(), actor.name()]))
        .collect();
    if let Some(meant) = meant.filter(|meant| !whole.is_empty() && !actors.contains(meant)) {
        actors.insert(0, meant);
    }
    let rows = actors
        .iter()
        .map(|actor| vec![actor.code().to_owned(), actor.name().to_owned()]);
    let listing = Listing {
        columns: &["actor", "name"],
        rows: rows.collect(),
    };
    if listing.rows.is_empty() {
        let hint = "an invented state takes a code that is free for users: AAA to AAZ, QMA to QZZ, \
                    XAA to XZZ or ZZA to ZZZ";
        note_none(&arguments.words, "actor", hint, output);
    }
    print(&listing, arguments.format, output)
}
