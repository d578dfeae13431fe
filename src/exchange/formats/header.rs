//! The first line of a file with a header: where columns stand, and what to say where they do not.

use crate::exchange::blocks::Shape;
use crate::exchange::values::fields::{Fields, Separation};

/// Why a file is not taken for one of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What speaks against it.
    pub says: String,
    /// What may help.
    pub help: Option<String>,
    /// Whether it is like that format all the same, so that this is worth saying where no format
    /// was named.
    pub is_close: bool,
}

impl Unread {
    /// What speaks against a file that is like one of a format, and what may help.
    pub(super) fn close<'a>(says: String, help: impl Into<Option<&'a str>>) -> Self {
        Self {
            says,
            help: help.into().map(str::to_owned),
            is_close: true,
        }
    }
}

/// The names of columns.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
}

impl Header {
    /// The names in a line.
    pub(super) fn of(line: &[u8], separation: Separation) -> Self {
        let fields = Fields::with(line, separation);
        let count = (0..fields.count()).rev();
        let count = count
            .skip_while(|place| fields.get(*place).is_empty())
            .count();
        Self {
            names: (0..count)
                .map(|place| fields.text(place).trim().to_owned())
                .collect(),
        }
    }

    /// Where a name stands: as it is spelt, or else with other capitals.
    ///
    /// # Errors
    /// When two columns have it.
    pub(super) fn find(&self, wanted: &str) -> Result<Option<usize>, Unread> {
        let places = |is_it: &dyn Fn(&str) -> bool| {
            let names = self.names.iter().enumerate();
            let mut places = names
                .filter(|(_, name)| is_it(name))
                .map(|(place, _)| place);
            (places.next(), places.next())
        };
        let found = match places(&|name| name == wanted) {
            (None, _) => places(&|name| name.eq_ignore_ascii_case(wanted)),
            exact => exact,
        };
        match found {
            (Some(first), Some(second)) => Err(Unread::close(
                format!(
                    "two columns are named {wanted} ({} and {})",
                    first + 1,
                    second + 1
                ),
                "give one of them another name",
            )),
            (place, _) => Ok(place),
        }
    }

    /// Where some names stand in a line whose columns have one of some separators between them, and
    /// how its rows are made: as [`Header::places`], by the first separator that fits. The first
    /// `needed` columns must be there in every row, `date` is the place of one of the names.
    ///
    /// # Errors
    /// As [`Header::places`].
    pub(super) fn separated<const N: usize>(
        line: &[u8],
        separators: &[u8],
        names: &[&str; N],
        (needed, date): (usize, usize),
        format: &str,
    ) -> Result<Option<([usize; N], Shape)>, Unread> {
        for &separator in separators {
            let separation = Separation::by(separator);
            let header = Self::of(line, separation);
            if let Some(places) = header.places(names, needed, format)? {
                let shape = Shape {
                    separation,
                    columns: header.names.len(),
                    needed: places[..needed].iter().max().map_or(0, |last| last + 1),
                    date: places[date],
                };
                return Ok(Some((places, shape)));
            }
        }
        Ok(None)
    }

    /// Where some names stand, the first `needed` of which make a format: `None` where those are
    /// not there. What is not there is at a place that no line has.
    ///
    /// # Errors
    /// When two columns have one of the names, or when most names that make the format are there,
    /// but not all.
    pub(super) fn places<const N: usize>(
        &self,
        names: &[&str; N],
        needed: usize,
        format: &str,
    ) -> Result<Option<[usize; N]>, Unread> {
        /// One name of so many may be missing in what is like the format all the same.
        const OF_EACH: usize = 3;
        let lacks = |name: &&&str| !self.names.iter().any(|own| own.eq_ignore_ascii_case(name));
        let missing: Vec<_> = names.iter().take(needed).filter(lacks).copied().collect();
        if !missing.is_empty() && missing.len() * OF_EACH <= needed {
            let missing = missing.join(", ");
            return Err(Unread::close(
                format!("this is like {format}, but has no column {missing}"),
                "name it as the file that was published does; a table of one's own is csv, whose columns `--column` names",
            ));
        }
        if !missing.is_empty() {
            return Ok(None);
        }
        let mut places = [usize::MAX; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = self.find(name)?.unwrap_or(usize::MAX);
        }
        Ok(Some(places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_once_or_is_said_to_stand_twice_and_its_own_spelling_wins() {
        let header = |line: &str| Header::of(line.as_bytes(), Separation::by(b','));
        assert_eq!(header("Date,date, \"code\" ,,").find("date"), Ok(Some(1)));
        assert_eq!(header("Date,x").find("date"), Ok(Some(0)));
        assert_eq!(header("x,y").find("date"), Ok(None));
        let says = |line: &str| header(line).find("date").map_err(|unread| unread.says);
        let two = |a, b| Err(format!("two columns are named date ({a} and {b})"));
        assert_eq!(says("date,x,date"), two(1, 3));
        assert_eq!(says("x,DATE,Date"), two(2, 3));
    }
}
