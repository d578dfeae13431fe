//! Lines taken apart at their tabs, without copying.

use memchr::{memchr, memchr_iter};

/// The most columns that a line of a tab-separated format may have.
pub(super) const COLUMN_LIMIT: usize = 128;

/// The fields of a line.
pub(super) struct Fields<'a> {
    fields: [&'a [u8]; COLUMN_LIMIT],
    count: usize,
}

impl<'a> Fields<'a> {
    /// Takes a line apart. Fields past the limit are only counted.
    pub(super) fn of(line: &'a [u8]) -> Self {
        let mut fields: [&[u8]; COLUMN_LIMIT] = [&[]; COLUMN_LIMIT];
        let (mut start, mut count) = (0, 0);
        for end in memchr_iter(b'\t', line).chain([line.len()]) {
            if let Some(field) = fields.get_mut(count) {
                *field = &line[start..end];
            }
            start = end + 1;
            count += 1;
        }
        Self { fields, count }
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// One of them, counted from 0; empty where the line has no such field.
    pub(super) fn get(&self, place: usize) -> &'a [u8] {
        self.fields.get(place).copied().unwrap_or_default()
    }

    /// All of them, up to the limit.
    pub(super) fn all(&self) -> &[&'a [u8]] {
        &self.fields[..self.count.min(COLUMN_LIMIT)]
    }

    /// One of them as text, with a mark for each byte that is not UTF-8.
    pub(super) fn text(&self, place: usize) -> String {
        String::from_utf8_lossy(self.get(place)).into_owned()
    }
}

/// Whether a record holds bytes that no text has.
pub(super) fn is_binary(record: &[u8]) -> bool {
    memchr(0, record).is_some()
}

/// Whether a field that tells a number of degrees tells one within bounds; an empty or missing one does.
pub(super) fn is_within(field: &[u8], bound: f64) -> bool {
    if field.is_empty() || matches!(field, b"NA" | b"NULL" | b"None") {
        return true;
    }
    let number = std::str::from_utf8(field)
        .ok()
        .and_then(|text| text.trim().parse::<f64>().ok());
    number.is_some_and(|number| number.abs() <= bound)
}

/// Whether a latitude and a longitude lie on the Earth.
pub(super) fn are_on_earth(latitude: &[u8], longitude: &[u8]) -> bool {
    is_within(latitude, 90.0) && is_within(longitude, 180.0)
}
