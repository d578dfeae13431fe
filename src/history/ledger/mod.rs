//! What a temperature is made of, event by event, and what it would be without one of them.

pub(super) mod course;

pub(super) mod shares;

pub(super) mod crossing;
pub(super) mod without;
