//! What time it is, for the list of what was decided.

/// The time of day.
#[expect(
    clippy::disallowed_methods,
    reason = "it stands in the list of changes, and no result depends on it"
)]
pub(super) fn time_of_day() -> String {
    format!("{} UTC", jiff::Timestamp::now().strftime("%H:%M:%S"))
}
