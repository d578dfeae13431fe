//! The cells of a table, each with where it stands.

use crate::error::BadTable;
use std::borrow::Cow;
use std::ops::Range;

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell<'a> {
    /// What it holds, without blanks around it.
    pub(crate) text: Cow<'a, str>,
    /// Its bytes in the table, without marks and blanks around it.
    pub(crate) span: Range<usize>,
}

/// A quotation mark that makes no cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// No mark closes what begins here.
    Unclosed(usize),
    /// There is text behind the closing mark.
    Behind(Range<usize>),
    /// Between the marks there are whole rows of the table.
    RowsWithin(Range<usize>),
}

impl Malformed {
    /// Where that is, and what is wrong there.
    pub(crate) fn told(self) -> (Range<usize>, BadTable) {
        let (span, why) = match self {
            Self::Unclosed(open) => (open..open + 1, "no quotation mark closes what begins here"),
            Self::Behind(range) => (
                range,
                "this stands behind a closing quotation mark, where the column must end",
            ),
            Self::RowsWithin(range) => (
                range,
                "between these quotation marks there are whole rows of the table",
            ),
        };
        (span, BadTable::Mark { why })
    }
}

/// A row of a table, or why it is none.
pub(crate) type Row<'a> = Result<Vec<Cell<'a>>, Malformed>;

/// The rows of a table that begin at a byte of its text. A cell may stand between quotation marks,
/// and holds line ends, separators and doubled marks then. Nothing that is malformed is read on as
/// something else: its line ends it.
pub(crate) struct Rows<'a> {
    text: &'a str,
    at: usize,
    separator: u8,
    columns: Option<usize>,
}

impl<'a> Rows<'a> {
    pub(crate) const fn new(text: &'a str, at: usize, separator: u8) -> Self {
        Self {
            text,
            at,
            separator,
            columns: None,
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// Where the line ends that a byte stands on, its end not included.
    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes().get(from..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        length.map_or(self.text.len(), |length| from + length)
    }

    /// Behind the end of a line.
    fn next_line(&self, end: usize) -> usize {
        let rest = self.bytes().get(end..).unwrap_or_default();
        end + if rest.starts_with(b"\r\n") { 2 } else { 1 }
    }

    fn trimmed(&self, span: Range<usize>) -> Cell<'a> {
        let text = &self.text[span.clone()];
        let begin = span.start + (text.len() - text.trim_start().len());
        let text = text.trim();
        Cell {
            text: text.into(),
            span: begin..begin + text.len(),
        }
    }

    /// The cell that begins at a byte, and where it ends: at a separator, a line's end, or the
    /// text's.
    fn cell(&self, from: usize) -> Result<(Cell<'a>, usize), Malformed> {
        let bytes = self.bytes();
        let ends = |byte: u8| byte == self.separator || matches!(byte, b'\n' | b'\r');
        let blank = |byte: &u8| *byte == b' ';
        let blanks = bytes[from..].iter().take_while(|byte| blank(byte)).count();
        let open = from + blanks;
        if bytes.get(open) != Some(&b'"') {
            let length = bytes[from..].iter().position(|byte| ends(*byte));
            let end = length.map_or(bytes.len(), |length| from + length);
            return Ok((self.trimmed(from..end), end));
        }
        let mut close = open + 1;
        loop {
            let mark = bytes[close..].iter().position(|byte| *byte == b'"');
            close += mark.ok_or(Malformed::Unclosed(open))?;
            if bytes.get(close + 1) != Some(&b'"') {
                break;
            }
            close += 2;
        }
        let behind = close + 1;
        let blanks = bytes[behind..]
            .iter()
            .take_while(|byte| blank(byte))
            .count();
        let end = behind + blanks;
        if bytes.get(end).is_some_and(|byte| !ends(*byte)) {
            let length = bytes[end..].iter().position(|byte| ends(*byte));
            return Err(Malformed::Behind(
                end..length.map_or(bytes.len(), |length| end + length),
            ));
        }
        let mut cell = self.trimmed(open + 1..close);
        if cell.text.lines().count() > 1 && self.has_rows(&cell.text) {
            return Err(Malformed::RowsWithin(open..close + 1));
        }
        if cell.text.contains("\"\"") {
            cell.text = cell.text.replace("\"\"", "\"").into();
        }
        Ok((cell, end))
    }

    /// Whether a line within a cell has as many separators as a row.
    fn has_rows(&self, text: &str) -> bool {
        let separators = |line: &str| line.bytes().filter(|byte| *byte == self.separator).count();
        let columns = self.columns.unwrap_or(usize::MAX);
        columns > 2 && text.lines().any(|line| separators(line) + 1 >= columns)
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let begin = self.at;
        let mut cells = Vec::new();
        loop {
            let (cell, end) = match self.cell(self.at) {
                Ok(read) => read,
                Err(malformed) => {
                    self.at = self.next_line(self.line_end(begin));
                    return Some(Err(malformed));
                }
            };
            cells.push(cell);
            if self.bytes().get(end) != Some(&self.separator) {
                self.at = self.next_line(end);
                self.columns.get_or_insert(cells.len());
                return Some(Ok(cells));
            }
            self.at = end + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, rows: &[&[&str]]) {
        let found: Vec<Vec<String>> = Rows::new(text, 0, b',')
            .map(|row| {
                row.unwrap()
                    .into_iter()
                    .map(|cell| cell.text.into())
                    .collect()
            })
            .collect();
        assert_eq!(found, rows);
    }

    #[test]
    fn cells_are_those_that_a_spreadsheet_wrote() {
        reads("a,b\r\n1,2\r\n", &[&["a", "b"], &["1", "2"]]);
        reads("a,\"b, \"\"c\"\"\"\n", &[&["a", "b, \"c\""]]);
        reads("a,\"two\nlines\",\n", &[&["a", "two\nlines", ""]]);
        reads("a b , \" c \" ,d", &[&["a b", "c", "d"]]);
        reads("a\"b,5'\n", &[&["a\"b", "5'"]]);
        reads(
            "a,b,c\n1,\"2,3,4\",5",
            &[&["a", "b", "c"], &["1", "2,3,4", "5"]],
        );
        reads("", &[]);
    }

    #[test]
    fn a_mark_that_swallows_rows_is_malformed_and_the_rows_are_still_read() {
        let text = "a,b,c\n1,\"2,3\n4,5,6\n7,8\",9\n";
        let rows: Vec<_> = Rows::new(text, 0, b',').collect();
        assert!(matches!(rows[1], Err(Malformed::RowsWithin(_))));
        assert_eq!(rows[2].as_ref().unwrap().len(), 3);
        let rows: Vec<_> = Rows::new("a,b\n1,\"2\n3,4\n", 0, b',').collect();
        assert_eq!(rows[1], Err(Malformed::Unclosed(6)));
        assert_eq!(rows[2].as_ref().unwrap().len(), 2);
        let rows: Vec<_> = Rows::new("a,b\n1,\"2\"x\n", 0, b',').collect();
        assert_eq!(rows[1], Err(Malformed::Behind(9..10)));
    }

    #[test]
    fn what_is_malformed_is_shown_where_it_is() {
        let told = |text: &str| {
            let row = Rows::new(text, 0, b',').find_map(Result::err);
            row.map(|malformed| malformed.told().0)
        };
        assert_eq!(told("a,b\n1,\"2\n"), Some(6..7));
        assert_eq!(told("a,b\n1, \"2\n"), Some(7..8));
        assert_eq!(told("a,b\n1,\"2\" xy,3\n"), Some(10..12));
        assert_eq!(told("a,b\n1,\"2\"xy"), Some(9..11));
        assert_eq!(told("a,b,c\n1,\"2,3\n4,5,6\",9\n"), Some(8..19));
        // Fewer separators than a row has, and tables of two columns, are text.
        assert_eq!(told("a,b,c\n1,\"2\n4,5\",9\n"), None);
        assert_eq!(told("a,b\n1,\"2\n4,5\"\n"), None);
        assert_eq!(told("a,b\n1,\"2\"  ,3\n"), None);
    }

    #[test]
    fn a_cell_has_the_place_of_its_text_in_lines_of_any_ends() {
        let text = "a, b ,\" c\"\r\nd\re";
        let rows: Vec<_> = Rows::new(text, 0, b',').map(Result::unwrap).collect();
        let spans: Vec<Vec<_>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| (&*cell.text, &text[cell.span.clone()]))
                    .collect()
            })
            .collect();
        assert_eq!(
            spans,
            [
                vec![("a", "a"), ("b", "b"), ("c", "c")],
                vec![("d", "d")],
                vec![("e", "e")]
            ]
        );
    }
}
