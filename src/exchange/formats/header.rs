//! Files with a header: where columns stand, what to say where they do not, and the fields of a
//! line by the names of their columns.

use crate::exchange::blocks::Shape;
use crate::exchange::row::{Called, Lines, Oddities, Reason};
use crate::exchange::values::dates::{Order, read};
use crate::exchange::values::fields::{Fields, Separation, are_on_earth, is_binary, is_missing};
use crate::exchange::values::weight::Weight;
use crate::model::Day;
use std::borrow::Cow;

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

    /// Where some names stand, the first `needed` of which make a format: `None` where those are
    /// not there. What is not there is at a place that no line has.
    ///
    /// # Errors
    /// When two columns have one of the names, or when most names that make the format are there,
    /// but not all.
    fn places<const N: usize>(
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

/// Columns of a format that are found by their names in a header, or stand at known places.
#[derive(Debug)]
pub(super) struct Columns<const N: usize> {
    /// What is not there is at a place that no line has.
    places: [usize; N],
    pub(super) shape: Shape,
}

impl<const N: usize> Columns<N> {
    /// Columns at some places, of so many; the first `needed` of them every row has.
    pub(super) fn at(
        places: [usize; N],
        (separation, columns): (Separation, usize),
        (needed, date): (usize, usize),
    ) -> Self {
        let shape = Shape {
            separation,
            columns,
            needed: places[..needed].iter().max().map_or(0, |last| last + 1),
            date: places[date],
        };
        Self { places, shape }
    }

    /// The columns of a header with one of some separators between its names; the first `needed`
    /// names make the format.
    ///
    /// # Errors
    /// When it is none of the format: what speaks against it, where it is like one.
    pub(super) fn named(
        line: &[u8],
        separators: &[u8],
        names: &[&str; N],
        (needed, date): (usize, usize),
        format: &str,
    ) -> Result<Self, Option<Unread>> {
        for &separator in separators {
            let separation = Separation::by(separator);
            let header = Header::of(line, separation);
            if let Some(places) = header.places(names, needed, format).map_err(Some)? {
                let columns = header.names.len();
                return Ok(Self::at(places, (separation, columns), (needed, date)));
            }
        }
        Err(None)
    }

    /// How the lines below the header are read.
    pub(super) const fn lines(&self) -> Lines {
        if self.shape.separation.is_quoted {
            Lines::Quoted(self.shape)
        } else {
            Lines::Headed
        }
    }

    pub(super) const fn has(&self, name: usize) -> bool {
        self.places[name] != usize::MAX
    }

    /// The fields of a line.
    pub(super) fn of<'a>(&self, line: &'a [u8]) -> Named<'_, 'a, N> {
        Named {
            fields: Fields::with(line, self.shape.separation),
            columns: self,
        }
    }
}

/// The fields of a line by their names.
pub(super) struct Named<'c, 'a, const N: usize> {
    fields: Fields<'a>,
    columns: &'c Columns<N>,
}

impl<'a, const N: usize> Named<'_, 'a, N> {
    /// Whether the line, whose fields these are, is one of a row.
    ///
    /// # Errors
    /// Why it is not.
    pub(super) fn check(&self, line: &[u8]) -> Result<(), Reason> {
        let Shape {
            needed, columns, ..
        } = self.columns.shape;
        if is_binary(line) {
            return Err(Reason::NotText);
        }
        self.fields
            .fit(needed, columns)
            .then_some(())
            .ok_or(Reason::Columns)
    }

    pub(super) fn get(&self, name: usize) -> &'a [u8] {
        self.fields.get(self.columns.places[name])
    }

    pub(super) fn text(&self, name: usize) -> String {
        self.fields.text(self.columns.places[name])
    }

    /// A text, where there is one.
    pub(super) fn some_text(&self, name: usize) -> Option<String> {
        Some(self.text(name)).filter(|text| !is_missing(text.as_bytes()))
    }

    /// What stands in a field; nothing where a word says that it is missing.
    pub(super) fn given(&self, name: usize) -> &'a [u8] {
        let field = self.get(name);
        if is_missing(field) { &[] } else { field }
    }

    pub(super) fn date(&self, name: usize, order: Order) -> Result<Day, Reason> {
        let text = self.get(name);
        read(text, order).ok_or_else(|| Reason::of_no_date(text, order))
    }

    pub(super) fn weight(&self, name: usize) -> Result<Option<Weight>, Reason> {
        match self.get(name) {
            text if is_missing(text) => Ok(None),
            text => Weight::parse(text).map(Some).ok_or(Reason::BadWeight),
        }
    }

    pub(super) fn called(&self, name: usize) -> Cow<'a, [u8]> {
        self.fields.bytes(self.columns.places[name])
    }

    /// What a row calls its source and its target, each by name and country.
    pub(super) fn sides(&self, sides: [[usize; 2]; 2]) -> [Called<'a>; 2] {
        sides.map(|[name, country]| Called {
            name: self.called(name),
            country: self.called(country),
        })
    }

    /// What a row is documented in: some data, from the publisher that it may name.
    pub(super) fn by_publisher(&self, data: &str, publisher: usize) -> String {
        match self.some_text(publisher) {
            Some(publisher) => format!("{data}, from {publisher}"),
            None => data.to_owned(),
        }
    }

    pub(super) fn oddities(&self, latitude: usize, longitude: usize) -> Oddities {
        Oddities {
            coordinates: !are_on_earth(self.get(latitude), self.get(longitude)),
        }
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
