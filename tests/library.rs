//! What the library promises, and how it is laid out.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod given;
mod histories;

mod architecture;
mod branches;
mod cameo;
mod complexity;
mod crashes;
mod laws;
mod recorded;
mod shares;
mod shipped_features;
mod state_machine;
