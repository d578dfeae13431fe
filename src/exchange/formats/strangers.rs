//! What a file is that is no event data, so that its refusal can say it: the one place that knows.

use super::header::Unread;
use crate::exchange::values::dates::basic;
use crate::exchange::values::fields::Fields;

/// Files that begin with these bytes at this place; what they are, and what to do.
const BEGINNINGS: [(usize, &[u8], &str, &str); 19] = [
    (
        0,
        b"\xff\xfe",
        "UTF-16 text",
        "save it as UTF-8: iconv -f UTF-16 -t UTF-8 OLD > NEW",
    ),
    (
        0,
        b"\xfe\xff",
        "UTF-16 text",
        "save it as UTF-8: iconv -f UTF-16 -t UTF-8 OLD > NEW",
    ),
    (0, b"BZh", "packed by bzip2", "unpack it: bunzip2 FILE"),
    (
        0,
        b"\x28\xb5\x2f\xfd",
        "packed by zstd",
        "unpack it: unzstd FILE",
    ),
    (0, b"\xfd7zXZ", "packed by xz", "unpack it: unxz FILE"),
    (
        0,
        b"7z\xbc\xaf\x27\x1c",
        "a 7z archive",
        "unpack it, and name the files",
    ),
    (0, b"Rar!", "a rar archive", "unpack it, and name the files"),
    (
        0,
        b"\x1f\x8b",
        "packed by gzip once more",
        "unpack it once: gunzip FILE",
    ),
    (
        0,
        b"PK\x03\x04",
        "a zip archive within another",
        "unpack it, and name the files",
    ),
    (
        257,
        b"ustar",
        "a tar archive",
        "unpack it, and name the files: tar -xf FILE",
    ),
    (0, b"PAR1", "a Parquet file", "save it as CSV with a header"),
    (
        0,
        b"ARROW1",
        "an Arrow file",
        "save it as CSV with a header",
    ),
    (
        0,
        b"SQLite format 3",
        "a SQLite database",
        "save its table as CSV with a header",
    ),
    (
        0,
        b"RDX",
        "data saved by R",
        "write them as text: write.csv(x, FILE, row.names = FALSE)",
    ),
    (
        0,
        b"RDA",
        "data saved by R",
        "write them as text: write.csv(x, FILE, row.names = FALSE)",
    ),
    (
        0,
        b"X\n\0\0",
        "data saved by R",
        "write them as text: write.csv(x, FILE, row.names = FALSE)",
    ),
    (
        0,
        b"\xd0\xcf\x11\xe0",
        "an old Excel or Office file",
        "save its table as CSV (UTF-8)",
    ),
    (0, b"%PDF", "a PDF", "the table is wanted as text"),
    (
        0,
        b"<stata_dta>",
        "a Stata file",
        "save it as CSV: export delimited using FILE.csv",
    ),
];

/// What a file is by its first bytes, where these are of no text of rows.
pub(in crate::exchange) fn by_head(head: &[u8]) -> Option<Unread> {
    let begins = |(at, bytes, _, _): &&(usize, &[u8], &str, &str)| {
        head.get(*at..).is_some_and(|rest| rest.starts_with(bytes))
    };
    if let Some((_, _, what, help)) = BEGINNINGS.iter().find(begins) {
        return Some(says(what, help));
    }
    // Without a mark, every other byte of the letters that tables have is 0.
    let pairs: Vec<_> = head.chunks_exact(2).take(32).collect();
    let is_zero = |place: usize| {
        let others = pairs
            .iter()
            .filter(|pair| pair[place] == 0 && pair[1 - place] != 0);
        pairs.len() > 3 && others.count() * 10 > pairs.len() * 9
    };
    if is_zero(0) || is_zero(1) {
        return Some(says(
            "UTF-16 text",
            "save it as UTF-8: iconv -f UTF-16LE -t UTF-8 OLD > NEW",
        ));
    }
    let start = head.trim_ascii_start();
    let start = start.get(..200.min(start.len()))?.to_ascii_lowercase();
    let has = |text: &str| start.starts_with(text.as_bytes());
    if has("<!doctype html") || has("<html") {
        return Some(says(
            "a page of HTML",
            "a server has sent a page in place of the file: open it in a browser to see what it says, and download again",
        ));
    }
    if has("<?xml") {
        return Some(says("XML", "save it as CSV with a header"));
    }
    if has("{") || has("[{") || has("[\n") {
        return Some(says("JSON", "save it as CSV with a header"));
    }
    None
}

/// What a text of rows is that is no event data: other tables of the same makers.
pub(super) fn by_first_line(line: &[u8]) -> Option<Unread> {
    let fields = Fields::of(line);
    let begins_with_date = |place: usize| {
        fields
            .get(place)
            .get(..8)
            .is_some_and(|date| basic(date).is_some())
    };
    let is_number = |place: usize| {
        let field = fields.get(place);
        !field.is_empty() && field.iter().all(u8::is_ascii_digit)
    };
    let name = |place: usize| String::from_utf8_lossy(fields.get(place)).to_ascii_uppercase();
    let exports = "the events are in the files that end in .export.CSV.zip";
    if (14..=16).contains(&fields.count())
        && is_number(0)
        && begins_with_date(1)
        && begins_with_date(2)
        && fields.get(1).len() == 14
    {
        return Some(says(
            "a table of GDELT's mentions, not of its events",
            exports,
        ));
    }
    let is_gkg = matches!(fields.count(), 26..=27) && begins_with_date(0) && name(0).contains('-');
    let is_gkg_1 = name(0) == "DATE" && name(1) == "NUMARTS";
    let is_counts = fields.count() > 8 && begins_with_date(0) && is_number(1) && is_number(3);
    if is_gkg || is_gkg_1 || is_counts {
        return Some(says(
            "GDELT's Global Knowledge Graph (GKG), not its events",
            exports,
        ));
    }
    if name(0) == "DATE" && name(3) == "CAMEOCODE" {
        return Some(says(
            "GDELT's reduced file, whose rows add up several events",
            "take the daily files; or name its columns: index csv FILE --column source=Source --column target=Target --column code=CAMEOCode --column weight=Goldstein",
        ));
    }
    let text = String::from_utf8_lossy(line);
    if text.contains("gdeltproject.org/") && text.split(' ').count() == 3 {
        return Some(says(
            "a list of GDELT's files, not one of them",
            "download the files that it names",
        ));
    }
    None
}

fn says(what: &str, help: &str) -> Unread {
    Unread::close(format!("this is {what}"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], expected: Option<&str>) {
        let found = by_head(head).map(|unread| unread.says);
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_file_of_another_kind_is_known_by_its_first_bytes() {
        check(b"\xff\xfed\0a\0", Some("this is UTF-16 text"));
        check(b"d\0a\0t\0e\0,\0s\0", Some("this is UTF-16 text"));
        check(b"\0d\0a\0t\0e\0,\0s", Some("this is UTF-16 text"));
        check(b"\n <!DOCTYPE html><html>", Some("this is a page of HTML"));
        let mut tar = vec![b'x'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        check(&tar, Some("this is a tar archive"));
        for head in ["<html>", " <HTML lang=en>", "\n<!doctype html>"] {
            check(head.as_bytes(), Some("this is a page of HTML"));
        }
        check(b"<?xml version=\"1.0\"?>", Some("this is XML"));
        for head in ["{\"date\":1}", "[{\"date\":1}]", "[\n  {}", "  {"] {
            check(head.as_bytes(), Some("this is JSON"));
        }
        for head in ["[1,2]", "html", "<table>", "xml", "date\t{\t[{"] {
            check(head.as_bytes(), None);
        }
        check(b"date,source,target,code\n", None);
        check(b"", None);
    }

    #[test]
    fn other_tables_of_gdelt_are_known_by_their_first_line() {
        let what = |line: &str| by_first_line(line.as_bytes()).map(|unread| unread.says);
        // Made up, in the layouts of GDELT's codebooks.
        let mentions = "410\t20150218230000\t20150218230000\t1\texample.org\thttp://example.org\t1\t-1\t26\t60\t0\t50\t2000\t-1.5\t\t";
        assert!(what(mentions).is_some_and(|says| says.contains("mentions")));
        let gkg = format!("20150218230000-0\t20150218230000{}", "\tx".repeat(25));
        assert!(what(&gkg).is_some_and(|says| says.contains("GKG")));
        assert!(what("DATE\tNUMARTS\tCOUNTS\tTHEMES").is_some());
        assert!(what("1234 abcdef http://data.gdeltproject.org/gdeltv2/x.zip").is_some());
        assert_eq!(what("date,source,target,code"), None);
    }

    #[test]
    fn a_line_that_lacks_something_of_another_table_is_none_of_it() {
        let what = |cells: &[&str]| {
            let says = by_first_line(cells.join("\t").as_bytes())?.says;
            let known = ["mentions", "GKG", "reduced file"];
            known.into_iter().find(|it| says.contains(it))
        };
        let with = |cells: &[&'static str], place: usize, cell: &'static str| {
            let mut cells = cells.to_vec();
            cells[place] = cell;
            what(&cells)
        };
        let stamp = "20150218230000";
        let mut mentions = vec!["x"; 16];
        mentions[..3].copy_from_slice(&["410", stamp, stamp]);
        assert_eq!(what(&mentions), Some("mentions"));
        assert_eq!(what(&mentions[..14]), Some("mentions"));
        assert_eq!(what(&mentions[..13]), None);
        assert_eq!(what(&[&mentions[..], &["x"]].concat()), None);
        for (place, cell) in [
            (0, "x410"),
            (0, ""),
            (1, "20150218"),
            (1, "20159918230000"),
            (2, "x"),
        ] {
            assert_eq!(with(&mentions, place, cell), None, "{cell}");
        }
        let mut gkg = vec!["x"; 27];
        gkg[..2].copy_from_slice(&["20150218230000-0", stamp]);
        assert_eq!(what(&gkg), Some("GKG"));
        assert_eq!(what(&gkg[..26]), Some("GKG"));
        assert_eq!(what(&gkg[..25]), None);
        assert_eq!(what(&[&gkg[..], &["x"]].concat()), None);
        for cell in ["20150218230000", "x-0", "-"] {
            assert_eq!(with(&gkg, 0, cell), None, "{cell}");
        }
        assert_eq!(what(&["date", "NumArts"]), Some("GKG"));
        for cells in [["DATE", "x"], ["x", "NUMARTS"]] {
            assert_eq!(what(&cells), None, "{cells:?}");
        }
        let counts = ["20150218", "7", "KILL", "12", "x", "x", "x", "x", "x"];
        assert_eq!(what(&counts), Some("GKG"));
        assert_eq!(what(&counts[..8]), None);
        for (place, cell) in [(0, "x"), (1, "x"), (3, "x"), (3, "")] {
            assert_eq!(with(&counts, place, cell), None, "{cell}");
        }
        let reduced = ["Date", "Source", "Target", "CAMEOCode"];
        assert_eq!(what(&reduced), Some("reduced file"));
        assert_eq!(with(&reduced, 0, "Day"), None);
        assert_eq!(with(&reduced, 3, "Code"), None);
        let listed = |line: &str| by_first_line(line.as_bytes()).is_some();
        let address = "http://data.gdeltproject.org/events/x.zip";
        assert!(listed(&format!("1234 abcdef {address}")));
        for line in [
            format!("1234 {address}"),
            format!("1 2 3 {address}"),
            "1 2 3".to_owned(),
        ] {
            assert!(!listed(&line), "{line}");
        }
        let head = |text: &[u8]| by_head(text).is_some();
        // Every other byte has to be 0, of four pairs or more, and of nine in ten.
        assert!(!head(b"d\0a\0t\0") && head(b"d\0a\0t\0e\0"));
        let pairs = |zeros: usize| [b"d\0".repeat(zeros), b"da".repeat(20 - zeros)].concat();
        assert!(head(&pairs(19)) && !head(&pairs(18)));
        assert!(!head(&[0; 40]));
        let mut tar = vec![b'x'; 256];
        tar.extend_from_slice(b"ustar");
        assert!(!head(&tar));
        assert!(head(&[b"x", &tar[..]].concat()));
    }
}
