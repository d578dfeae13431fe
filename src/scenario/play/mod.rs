//! A scenario played once: the player, whoever watches it, and what the run answers.

pub(super) mod watcher;

pub(super) mod jury;
mod parts;

pub(super) mod reach;

pub(super) mod player;

pub(super) mod run;
