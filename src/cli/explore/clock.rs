//! What time it is, for the list of what was decided.

pub(super) fn time_of_day() -> String {
    format!("{} UTC", jiff::Timestamp::now().strftime("%H:%M:%S"))
}
