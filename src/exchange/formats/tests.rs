//! What each reader makes of rows: what they say, what is odd about them, and who says so.
//!
//! All rows are made up, in the layouts of their makers.

use super::*;
use crate::exchange::row::{Added, Lines, PartyIx, Reason, Row, Use, Witness};
use crate::exchange::values::dates::Order;

/// A reader and whom it knows.
struct Desk {
    format: Format,
    reader: Box<dyn Reader>,
    roster: Arc<Roster>,
}

impl Desk {
    #[track_caller]
    fn of(first: &str) -> Self {
        Self::with(first, &TableForm::default())
    }

    #[track_caller]
    fn with(first: &str, form: &TableForm) -> Self {
        let roster = Arc::default();
        let (format, reader) = reader(first.as_bytes(), None, form, &roster).unwrap();
        Self {
            format,
            reader,
            roster,
        }
    }

    fn party(&self, party: Result<PartyIx, Reason>) -> String {
        party.map_or_else(
            |reason| format!("{reason:?}"),
            |party| self.roster.actor(party).code().to_owned(),
        )
    }

    /// What a row says.
    fn row(&self, record: &str) -> String {
        let told = |row: Row| {
            let sides = [row.source, row.target].map(|party| self.party(party));
            let weight = row.weight.map_or("-".to_owned(), |it| it.to_string());
            let root = if row.is_root { "root" } else { "other" };
            let (day, code) = (row.date, row.code.code());
            format!("{day} {} {code} {weight} {root}", sides.join(" "))
        };
        let row = self.reader.row(record.as_bytes());
        row.map_or_else(|reason| format!("{reason:?}"), told)
    }

    /// What is odd about a row.
    #[track_caller]
    fn closely(&self, record: &str) -> Result<bool, Reason> {
        let row = self.reader.row(record.as_bytes()).unwrap();
        let odd = self.reader.look_closely(record.as_bytes(), &row);
        odd.map(|odd| odd.coordinates)
    }

    fn id<'a>(&self, record: &'a str) -> &'a str {
        std::str::from_utf8(self.reader.id(record.as_bytes())).unwrap()
    }

    /// What a row calls its two sides: a name, and a country where it has a column of its own.
    #[track_caller]
    fn called(&self, record: &str) -> [String; 2] {
        let row = self.reader.row(record.as_bytes()).unwrap();
        self.reader.called(record.as_bytes(), &row).map(|called| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            format!("{} of {}", text(&called.name), text(&called.country))
        })
    }

    fn witness(&self, record: &str) -> Witness {
        self.reader.witness(record.as_bytes(), 7)
    }
}

/// A witness in one line.
fn in_line(witness: Witness) -> String {
    let Witness {
        id,
        has_own_id,
        source,
        target,
        evidence,
    } = witness;
    let day = evidence
        .published
        .map_or("-".to_owned(), |day| day.to_string());
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let (locator, url) = (or_none(evidence.locator), or_none(evidence.url));
    let own = if has_own_id { "own" } else { "made" };
    let document = evidence.document;
    format!("{own} {id} | {source} | {target} | {document} | {day} | {locator} | {url}")
}

/// Cells of which some are filled.
fn cells(columns: usize, filled: &[(usize, &str)]) -> String {
    let mut cells = vec![""; columns];
    for (place, text) in filled {
        cells[*place] = text;
    }
    cells.join("\t")
}

/// The cells of a row of GDELT that are in every version at the same place.
const EVENT: [(usize, &str); 11] = [
    (0, "1234"),
    (1, "20150218"),
    (5, "RUSGOV"),
    (6, "RUSSIA"),
    (7, "RUS"),
    (15, "USA"),
    (16, "UNITED STATES"),
    (17, "USA"),
    (25, "1"),
    (26, "042"),
    (30, "1.9"),
];

/// A row of GDELT with so many columns, with some of its cells otherwise.
fn gdelt(columns: usize, otherwise: &[(usize, &str)]) -> String {
    let (last, url) = if columns > 58 { (59, 60) } else { (56, 57) };
    let mut filled = EVENT.to_vec();
    filled.push((last, "20150218"));
    if columns > url {
        filled.push((url, "http://example.org/a"));
    }
    filled.extend(otherwise);
    cells(columns, &filled)
}

const SAID: &str = "2015-02-18 RUS USA 042 1.9 root";

#[test]
fn a_row_of_gdelt_has_the_columns_of_its_version_but_for_empty_ones_at_its_end() {
    for (version, takes) in [(57, 57..=58), (58, 57..=58), (61, 60..=61)] {
        let desk = Desk::of(&gdelt(version, &[]));
        assert_eq!(desk.format, Format::Gdelt);
        let title = desk.reader.layout().title;
        assert!(title.ends_with(&format!(", {version} columns")), "{title}");
        for columns in 32..=70 {
            // Something in the last column, whichever that is.
            let row = gdelt(version, &[]);
            let mut row: Vec<_> = row.split('\t').map(str::to_owned).collect();
            row.resize(columns, "x".to_owned());
            let expected = if takes.contains(&columns) {
                SAID
            } else {
                "Columns"
            };
            assert_eq!(
                desk.row(&row.join("\t")),
                expected,
                "{columns} of {version}"
            );
        }
        let padded = gdelt(version, &[]) + "\t\t\t";
        assert_eq!(desk.row(&padded), SAID, "{version}");
        for short in 0..31 {
            assert_eq!(desk.row(&cells(short + 1, &[])), "Columns", "{short}");
        }
        let header = format!("GlobalEventID\tSQLDATE{}", "\tx".repeat(version - 2));
        assert_eq!(desk.row(&header), "Header");
        assert_eq!(desk.row("GLOBALEVENTID\tSQLDATE"), "Header");
        assert_eq!(desk.row(&gdelt(version, &[(1, "2015\x00218")])), "NotText");
        assert_eq!(desk.row("1234\0"), "NotText");
    }
}

#[test]
fn the_cells_of_a_row_of_gdelt_say_what_happened() {
    for version in [57, 58, 61] {
        let desk = Desk::of(&gdelt(version, &[]));
        for (place, text, expected) in [
            (1, "20150219", "2015-02-19 RUS USA 042 1.9 root"),
            (1, "20150230", "BadDate"),
            (1, "2015021", "BadDate"),
            (1, "2015-02-18", "BadDate"),
            (7, "", "2015-02-18 NoActor USA 042 1.9 root"),
            (7, "EUR", "2015-02-18 Region USA 042 1.9 root"),
            (7, "WXY", "2015-02-18 UnknownActor USA 042 1.9 root"),
            (17, "CHN", "2015-02-18 RUS CHN 042 1.9 root"),
            (17, "", "2015-02-18 RUS NoActor 042 1.9 root"),
            (25, "0", "2015-02-18 RUS USA 042 1.9 other"),
            (25, "", "2015-02-18 RUS USA 042 1.9 other"),
            (25, "11", "2015-02-18 RUS USA 042 1.9 other"),
            (26, "190", "2015-02-18 RUS USA 190 1.9 root"),
            (26, "42", "NumberCode"),
            (26, "", "BadCode"),
            (30, "", "2015-02-18 RUS USA 042 - root"),
            (30, "-10", "2015-02-18 RUS USA 042 -10 root"),
            (30, "11", "BadWeight"),
        ] {
            let row = gdelt(version, &[(place, text)]);
            assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
        }
        // Behind a country that is none stands who it is as a group.
        let group = gdelt(version, &[(7, ""), (8, "NAT"), (17, "IGO"), (18, "UNO")]);
        assert_eq!(desk.row(&group), "2015-02-18 NATO UN 042 1.9 root");
        let country = gdelt(version, &[(8, "NAT"), (18, "UNO")]);
        assert_eq!(desk.row(&country), SAID);
    }
}

#[test]
fn days_of_gdelt_are_the_same_however_often_and_in_which_order_they_come() {
    let desk = Desk::of(&gdelt(58, &[]));
    for day in [
        "1979-01-01",
        "1979-01-01",
        "1969-12-31",
        "1970-01-01",
        "1969-12-31",
        "2038-01-19",
        "9999-12-31",
        "2038-01-19",
    ] {
        let row = gdelt(58, &[(1, &day.replace('-', ""))]);
        assert_eq!(desk.row(&row), SAID.replace("2015-02-18", day));
    }
    // The day of which all bits are zero is none that zeros stand for.
    let first = SAID.replace("2015-02-18", "1970-01-01");
    for (day, expected) in [("19700101", &*first), ("00000000", "BadDate")] {
        assert_eq!(desk.row(&gdelt(58, &[(1, day)])), expected);
    }
}

#[test]
fn a_row_of_gdelt_is_odd_where_one_of_its_six_coordinates_is() {
    for (version, latitudes) in [(57, [39, 46, 53]), (58, [39, 46, 53]), (61, [40, 48, 56])] {
        let desk = Desk::of(&gdelt(version, &[]));
        let odd = |otherwise: &[(usize, &str)]| desk.closely(&gdelt(version, otherwise));
        assert_eq!(odd(&[]), Ok(false));
        for latitude in latitudes {
            for (place, text, is_odd) in [
                (latitude, "90", false),
                (latitude, "91", true),
                (latitude, "-90.1", true),
                (latitude + 1, "91", false),
                (latitude + 1, "-180", false),
                (latitude + 1, "180.5", true),
                (latitude - 1, "91", false),
                (latitude + 2, "200", false),
            ] {
                let found = odd(&[(place, text)]);
                assert_eq!(found, Ok(is_odd), "{text} in column {place} of {version}");
            }
        }
        let row = gdelt(version, &[(32, "a\0b")]);
        assert_eq!(desk.closely(&row), Err(Reason::NotText));
    }
}

#[test]
fn a_row_of_gdelt_is_of_a_day_that_can_be() {
    for (version, last) in [(57, 56), (58, 56), (61, 59)] {
        let desk = Desk::of(&gdelt(version, &[]));
        for (date, added, can_be) in [
            ("19790101", "", true),
            ("19781231", "", false),
            ("20150218", "20150218", true),
            ("20150218", "20150217", false),
            ("20150218", "20150217235959", false),
            ("20150218", "20250320", true),
            ("20150218", "20250321", true),
            ("20150218", "20250322", false),
            // Back-files were added years after their events.
            ("19790101", "20130331", true),
            ("19790101", "20130401", false),
            ("20030301", "20130401", true),
            ("20030227", "20130401", false),
        ] {
            let row = gdelt(version, &[(1, date), (last, added)]);
            let found = desk.closely(&row);
            let expected = if can_be {
                Ok(false)
            } else {
                Err(Reason::ImpossibleDate)
            };
            assert_eq!(found, expected, "{date}, added {added}, {version} columns");
        }
    }
}

#[test]
fn rows_of_gdelt_are_added_at_a_minute_in_a_scene_of_actors_and_place() {
    for (version, last) in [(58, 56), (61, 59)] {
        let desk = Desk::of(&gdelt(version, &[]));
        let added = |otherwise: &[(usize, &str)]| {
            let row = gdelt(version, otherwise);
            desk.reader.added(row.as_bytes())
        };
        let Some(Added { minute, scene }) = added(&[]) else {
            panic!("it was added at some time")
        };
        // 2015-02-18 is so many days behind 1970-01-01.
        let midnight = 16_484 * 24 * 60;
        assert_eq!(minute, midnight);
        for (text, minutes) in [
            ("20150218000000", 0),
            ("20150218000100", 1),
            ("20150218010000", 60),
            ("20150218231559", 23 * 60 + 15),
            ("20150219003000", 24 * 60 + 30),
        ] {
            let minute = added(&[(last, text)]).map(|it| it.minute);
            assert_eq!(minute, Some(midnight + minutes), "{text}");
        }
        for none in ["", "2015", "20150230", "x"] {
            assert_eq!(added(&[(last, none)]), None, "{none}");
        }
        let place = last - 3;
        for column in 0..version {
            let is_of_scene = [5, 15, place, place + 1, place + 2].contains(&column);
            if column != last {
                let found = added(&[(column, "5")]).map(|it| it.scene == scene);
                assert_eq!(found, Some(!is_of_scene), "column {column} of {version}");
            }
        }
    }
}

#[test]
fn a_row_of_gdelt_names_its_sides_and_its_document() {
    for (version, last) in [(58, 56), (61, 59)] {
        let desk = Desk::of(&gdelt(version, &[]));
        let row = gdelt(version, &[]);
        assert_eq!(desk.called(&row), ["RUSSIA of RUS", "UNITED STATES of USA"]);
        let nobody = gdelt(version, &[(6, ""), (7, ""), (16, "POLICE"), (17, "")]);
        assert_eq!(desk.called(&nobody), [" of ", "POLICE of "]);
        assert_eq!(desk.id(&row), "1234");
        assert_eq!(
            in_line(desk.witness(&row)),
            "own gdelt-1234 | RUSSIA | UNITED STATES | GDELT event database | 2015-02-18 \
             | event 1234 | http://example.org/a"
        );
        let bare = gdelt(
            version,
            &[(6, ""), (16, ""), (last, "20150219000000"), (last + 1, "")],
        );
        assert_eq!(
            in_line(desk.witness(&bare)),
            "own gdelt-1234 | RUS | USA | GDELT event database | 2015-02-19 | event 1234 | -"
        );
        let undated = gdelt(version, &[(last, "2015")]);
        assert_eq!(desk.witness(&undated).evidence.published, None);
    }
}

const GDELT_TABLE: &str = "GLOBALEVENTID,SQLDATE,Actor1Name,Actor1CountryCode,\
    Actor1KnownGroupCode,Actor2Name,Actor2CountryCode,Actor2KnownGroupCode,IsRootEvent,EventCode,\
    GoldsteinScale,ActionGeo_Lat,ActionGeo_Long,DATEADDED,SOURCEURL";
const GDELT_ROW: &str = "1234,20150218,RUSSIA,RUS,,UNITED STATES,USA,,1,042,1.9,55.75,37.6,\
    20150219000000,http://example.org/a";

/// A row with one of its cells otherwise.
fn with(row: &str, separator: &str, place: usize, text: &str) -> String {
    let mut cells: Vec<_> = row.split(separator).collect();
    cells[place] = text;
    cells.join(separator)
}

#[test]
fn a_table_of_gdelt_with_names_of_columns_is_read_by_them() {
    for separator in [",", "\t", ";"] {
        let between = |text: &str| text.replace(',', separator);
        let desk = Desk::of(&between(GDELT_TABLE));
        assert_eq!(desk.format, Format::Gdelt);
        let layout = desk.reader.layout();
        assert_eq!(
            matches!(layout.lines, Lines::Quoted(shape)
                if shape.columns == 15 && shape.needed == 10 && shape.date == 1),
            separator != "\t"
        );
        assert_eq!(layout.lines == Lines::Headed, separator == "\t");
        assert!(layout.has_weights && layout.tells_roots);
        let row = between(GDELT_ROW);
        assert_eq!(desk.row(&row), SAID);
        assert_eq!(desk.id(&row), "1234");
        assert_eq!(desk.id(&with(&row, separator, 0, "NULL")), "");
        for (place, text, expected) in [
            (1, "2015-02-18", SAID),
            (1, "18.02.2015", "OtherOrder"),
            (1, "", "BadDate"),
            (3, "", "2015-02-18 NoActor USA 042 1.9 root"),
            (6, "NA", "2015-02-18 RUS NoActor 042 1.9 root"),
            (8, "0", "2015-02-18 RUS USA 042 1.9 other"),
            (8, "true", SAID),
            (8, "TRUE", SAID),
            (8, "True", SAID),
            (8, "", "2015-02-18 RUS USA 042 1.9 other"),
            (9, "42", "NumberCode"),
            (9, "999", "BadCode"),
            (10, "NULL", "2015-02-18 RUS USA 042 - root"),
            (10, "x", "BadWeight"),
            (2, "a\0", "NotText"),
        ] {
            let row = with(&row, separator, place, text);
            assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
        }
        let group = with(&with(&row, separator, 3, ""), separator, 4, "NAT");
        assert_eq!(desk.row(&group), "2015-02-18 NATO USA 042 1.9 root");
        let group = with(&with(&row, separator, 6, "NULL"), separator, 7, "UNO");
        assert_eq!(desk.row(&group), "2015-02-18 RUS UN 042 1.9 root");
        // Up to the code a row needs its columns.
        let cells: Vec<_> = row.split(separator).collect();
        let first = |count: usize| cells[..count].join(separator);
        assert_eq!(desk.row(&first(9)), "Columns");
        assert_eq!(desk.row(&first(10)), "2015-02-18 RUS USA 042 - root");
        assert_eq!(desk.row(&(row.clone() + separator)), SAID);
        assert_eq!(desk.row(&(row.clone() + separator + "x")), "Columns");
        for (place, text, is_odd) in [
            (11, "90", false),
            (11, "95", true),
            (11, "NULL", false),
            (12, "95", false),
            (12, "-181", true),
            (10, "1.9", false),
        ] {
            let row = with(&row, separator, place, text);
            assert_eq!(desk.closely(&row), Ok(is_odd), "{text} in column {place}");
        }
        assert_eq!(desk.called(&row), ["RUSSIA of RUS", "UNITED STATES of USA"]);
        assert_eq!(
            in_line(desk.witness(&row)),
            "own gdelt-1234 | RUSSIA | UNITED STATES | GDELT event database | 2015-02-19 \
             | event 1234 | http://example.org/a"
        );
        let bare = ",20150218,NULL,RUS,,,USA,,1,042,1.9,,,,NULL";
        assert_eq!(
            in_line(desk.witness(&between(bare))),
            "made gdelt-line-7 | RUS | USA | GDELT event database | - | line 7 | -"
        );
    }
    let few = Desk::of("EventCode,SQLDATE,Actor1CountryCode,Actor2CountryCode");
    let layout = few.reader.layout();
    assert!(!layout.has_weights && !layout.tells_roots);
    assert!(!layout.uses.contains(&Use::Ids));
    let row = "042,20150218,RUS,USA";
    assert_eq!(few.row(row), "2015-02-18 RUS USA 042 - root");
    assert_eq!(few.closely(row), Ok(false));
    assert_eq!(few.id(row), "");
}

#[test]
fn marks_in_a_table_belong_to_no_name_and_a_doubled_one_is_one() {
    let desk = Desk::of(GDELT_TABLE);
    let row = GDELT_ROW
        .replace("RUSSIA", "\"THE \"\"RUSSIA\"\", OF\"")
        .replace("042", "\"042\"");
    assert_eq!(desk.row(&row), SAID);
    assert_eq!(desk.called(&row)[0], "THE \"RUSSIA\", OF of RUS");
    assert_eq!(desk.witness(&row).source, "THE \"RUSSIA\", OF");
}

const ICEWS: &str = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\
    \tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\
    \tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude";
const ICEWS_ROW: &str = "17\t2018-06-01\tVladimir Putin\tExecutive\tRussian Federation\tConsult\t040\t1\
    \tDonald Trump\tExecutive\tUnited States\t88\t2\tThe Paper\tMoscow\t\t\tRussia\t55.75\t37.6";

#[test]
fn a_row_of_icews_is_read_by_the_names_of_its_columns() {
    let desk = Desk::of(ICEWS);
    assert_eq!(desk.format, Format::Icews);
    assert!(desk.reader.layout().has_weights);
    let said = "2018-06-01 RUS USA 040 1 root";
    assert_eq!(desk.row(ICEWS_ROW), said);
    for (place, text, expected) in [
        (0, "", said),
        (1, "6/1/2018", said),
        (1, "1.6.2018", "OtherOrder"),
        (1, "31/12/2018", "OtherOrder"),
        (1, "Event date", "Header"),
        (1, "nothing", "BadDate"),
        (4, "", "2018-06-01 NoActor USA 040 1 root"),
        (4, "Nowhere", "2018-06-01 UnknownActor USA 040 1 root"),
        (6, "", said),
        (6, "13y", said),
        (6, "40", "NumberCode"),
        (7, "NULL", "2018-06-01 RUS USA 040 - root"),
        (7, "NA", "2018-06-01 RUS USA 040 - root"),
        (7, "much", "BadWeight"),
        (10, "China", "2018-06-01 RUS CHN 040 1 root"),
        (2, "\0", "NotText"),
    ] {
        let row = with(ICEWS_ROW, "\t", place, text);
        assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
    }
    let unknown = with(ICEWS_ROW, "\t", 5, "Do something");
    assert_eq!(desk.row(&unknown), said);
    assert_eq!(desk.row(&with(&unknown, "\t", 6, "")), "UnknownText");
    assert_eq!(desk.row(&with(&unknown, "\t", 6, "13y")), "BadCode");
    // A country is missing, but the name is of an organisation.
    let body = with(&with(ICEWS_ROW, "\t", 4, ""), "\t", 2, "United Nations");
    assert_eq!(desk.row(&body), "2018-06-01 UN USA 040 1 root");
    let cells: Vec<_> = ICEWS_ROW.split('\t').collect();
    assert_eq!(desk.row(&cells[..11].join("\t")), said);
    assert_eq!(desk.row(&cells[..10].join("\t")), "Columns");
    assert_eq!(desk.row(&format!("{ICEWS_ROW}\t")), said);
    assert_eq!(desk.row(&format!("{ICEWS_ROW}\tx")), "Columns");
    for (place, text, found) in [
        (1, "1995-01-01", Ok(false)),
        (1, "1994-12-31", Err(Reason::ImpossibleDate)),
        (1, "1996-01-01", Ok(false)),
        (18, "91", Ok(true)),
        (18, "NULL", Ok(false)),
        (19, "91", Ok(false)),
        (19, "181", Ok(true)),
    ] {
        let row = with(ICEWS_ROW, "\t", place, text);
        assert_eq!(desk.closely(&row), found, "{text:?} in column {place}");
    }
}

#[test]
fn the_order_of_dates_in_icews_is_told_where_marks_alone_said_it() {
    let slashes = with(ICEWS_ROW, "\t", 1, "6/1/2018");
    let desk = Desk::of(ICEWS);
    assert_eq!(desk.reader.order_by_marks(), None);
    desk.row(ICEWS_ROW);
    assert_eq!(desk.reader.order_by_marks(), None);
    desk.row(&slashes);
    assert_eq!(desk.reader.order_by_marks(), Some(Order::MonthDayYear));
    let form = TableForm {
        order: Some(Order::DayMonthYear),
        ..TableForm::default()
    };
    let told = Desk::with(ICEWS, &form);
    assert_eq!(told.row(&slashes), "2018-01-06 RUS USA 040 1 root");
    assert_eq!(told.reader.order_by_marks(), None);
}

#[test]
fn a_row_of_icews_names_its_sides_and_where_it_is_told() {
    let desk = Desk::of(ICEWS);
    assert_eq!(
        desk.called(ICEWS_ROW),
        [
            "Vladimir Putin of Russian Federation",
            "Donald Trump of United States"
        ]
    );
    assert_eq!(desk.id(ICEWS_ROW), "17");
    assert_eq!(desk.id(&with(ICEWS_ROW, "\t", 0, "NA")), "");
    assert_eq!(
        in_line(desk.witness(ICEWS_ROW)),
        "own icews-17 | Vladimir Putin | Donald Trump | ICEWS coded event data, from The Paper \
         | - | event 17, story 88, sentence 2 | -"
    );
    let mut bare = ICEWS_ROW.to_owned();
    for (place, text) in [(0, ""), (11, ""), (12, ""), (13, "NULL")] {
        bare = with(&bare, "\t", place, text);
    }
    assert_eq!(
        in_line(desk.witness(&bare)),
        "made icews-line-7 | Vladimir Putin | Donald Trump | ICEWS coded event data | - \
         | event  | -"
    );
    let without_codes = ICEWS.replace("CAMEO Code\tIntensity\t", "");
    let desk = Desk::of(&without_codes);
    assert!(!desk.reader.layout().has_weights);
    let row = ICEWS_ROW.replace("040\t1\t", "");
    assert_eq!(desk.row(&row), "2018-06-01 RUS USA 040 - root");
}

const PHOENIX: &str = "eid,story_date,year,month,day,source,source_root,source_agent,target,\
    target_root,target_agent,code,root_code,quad_class,goldstein,lat,lon,aid";
const PHOENIX_ROW: &str =
    "5,06/01/2018,2018,6,1,RUSGOV,RUS,GOV,USAGOV,USA,GOV,042,4,1,1.9,55.75,37.6,77";

#[test]
fn phoenix_is_read_by_the_names_of_its_columns() {
    let desk = Desk::of(PHOENIX);
    assert_eq!(desk.format, Format::Phoenix);
    let layout = desk.reader.layout();
    assert!(matches!(layout.lines, Lines::Quoted(shape)
        if shape.columns == 18 && shape.needed == 12 && shape.date == 1));
    assert!(layout.has_weights);
    let said = "2018-06-01 RUS USA 042 1.9 root";
    assert_eq!(desk.row(PHOENIX_ROW), said);
    for (place, text, expected) in [
        (1, "2018-06-01", "OtherOrder"),
        // That stands where no day is known.
        (1, "01/01/1970", "BadDate"),
        (1, "01/02/1970", "1970-01-02 RUS USA 042 1.9 root"),
        (6, "", said),
        (9, "CHN", "2018-06-01 RUS CHN 042 1.9 root"),
        (11, "42", "NumberCode"),
        (14, "", "2018-06-01 RUS USA 042 - root"),
        (14, "x", "BadWeight"),
        (7, "\0", "NotText"),
    ] {
        let row = with(PHOENIX_ROW, ",", place, text);
        assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
    }
    let mut nobody = with(PHOENIX_ROW, ",", 6, "");
    nobody = with(&nobody, ",", 5, "");
    assert_eq!(desk.row(&nobody), "2018-06-01 NoActor USA 042 1.9 root");
    let region = with(&nobody, ",", 6, "EUR");
    assert_eq!(desk.row(&region), "2018-06-01 Region USA 042 1.9 root");
    let mut body = with(PHOENIX_ROW, ",", 9, "IGO");
    body = with(&body, ",", 8, "IGOUNO");
    assert_eq!(desk.row(&body), "2018-06-01 RUS UN 042 1.9 root");
    let cells: Vec<_> = PHOENIX_ROW.split(',').collect();
    assert_eq!(desk.row(&cells[..11].join(",")), "Columns");
    let short = cells[..12].join(",");
    assert_eq!(desk.row(&short), "2018-06-01 RUS USA 042 - root");
    assert_eq!(desk.row(&format!("{PHOENIX_ROW},x")), "Columns");
    for (place, text, is_odd) in [(15, "91", true), (16, "91", false), (16, "181", true)] {
        let row = with(PHOENIX_ROW, ",", place, text);
        assert_eq!(desk.closely(&row), Ok(is_odd), "{text} in column {place}");
    }
    assert_eq!(desk.called(PHOENIX_ROW), ["RUSGOV of RUS", "USAGOV of USA"]);
    assert_eq!(desk.id(PHOENIX_ROW), "5");
    assert_eq!(desk.id(&with(PHOENIX_ROW, ",", 0, "NA")), "");
    assert_eq!(
        in_line(desk.witness(PHOENIX_ROW)),
        "own phoenix-5 | RUSGOV | USAGOV | Phoenix event data | - | event 5, article 77 | -"
    );
    let no_article = with(PHOENIX_ROW, ",", 17, "");
    assert_eq!(
        in_line(desk.witness(&with(&no_article, ",", 0, ""))),
        "made phoenix-line-7 | RUSGOV | USAGOV | Phoenix event data | - | event  | -"
    );
}

#[test]
fn phoenix_is_read_without_a_header_where_a_year_stands_behind_the_date() {
    let said = "2018-06-01 RUS USA 042 1.9 root";
    let bare = [
        (0, "5"),
        (1, "20180601"),
        (2, "2018"),
        (3, "06"),
        (4, "01"),
        (5, "RUSGOV"),
        (6, "RUS"),
        (9, "USAGOV"),
        (10, "USA"),
        (13, "042"),
        (16, "1.9"),
        (18, "55.75"),
        (19, "37.6"),
        (24, "http://example.org/a;http://example.org/b"),
        (25, "x"),
    ];
    let row = cells_of(&bare);
    let desk = Desk::of(&row);
    assert_eq!(desk.format, Format::Phoenix);
    assert_eq!(desk.reader.layout().lines, Lines::Bare);
    assert_eq!(desk.row(&row), said);
    for (place, text, expected) in [
        (1, "19700101", "BadDate"),
        (1, "06/01/2018", "OtherOrder"),
        (13, "", "BadCode"),
        (6, "CHN", "2018-06-01 CHN USA 042 1.9 root"),
        (16, "", "2018-06-01 RUS USA 042 - root"),
    ] {
        let row = with(&row, "\t", place, text);
        assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
    }
    let cells: Vec<_> = row.split('\t').collect();
    assert_eq!(desk.row(&cells[..13].join("\t")), "Columns");
    let short = cells[..14].join("\t");
    assert_eq!(desk.row(&short), "2018-06-01 RUS USA 042 - root");
    assert_eq!(desk.closely(&with(&row, "\t", 18, "-91")), Ok(true));
    assert_eq!(desk.closely(&with(&row, "\t", 19, "-91")), Ok(false));
    assert_eq!(
        in_line(desk.witness(&row)),
        "own phoenix-5 | RUSGOV | USAGOV | Phoenix event data | - | event 5 | http://example.org/a"
    );
    // The year that stands behind the date is that of the date.
    let form = TableForm::default();
    let roster = Arc::default();
    for other in [
        with(&row, "\t", 2, "2017"),
        with(&row, "\t", 1, "2018-06-01"),
        cells[..25].join("\t"),
        format!("{row}\tx"),
    ] {
        let found = reader(other.as_bytes(), Some(Format::Phoenix), &form, &roster);
        assert!(found.is_err(), "{other}");
    }
}

/// A row of Phoenix without a header.
fn cells_of(filled: &[(usize, &str)]) -> String {
    cells(26, filled)
}

const POLECAT: &str = "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tActor Name\
    \tActor Country\tRecipient Name\tRecipient Country\tLatitude\tLongitude\tSource\
    \tPublication Date";
const POLECAT_ROW: &str = "E1\t2020-03-04\tCONSULT\tvisit\t4\tSergey Lavrov\tRUS\tMike Pompeo\tUSA\
    \t55.75\t37.6\tThe Paper\t2020-03-05";

#[test]
fn a_row_of_polecat_is_read_by_the_names_of_its_columns() {
    let desk = Desk::of(POLECAT);
    assert_eq!(desk.format, Format::Polecat);
    let said = "2020-03-04 RUS USA 04 4 root";
    assert_eq!(desk.row(POLECAT_ROW), said);
    for (place, text, expected) in [
        (1, "03/04/2020", "OtherOrder"),
        (1, "None", "BadDate"),
        (2, "retreat", "2020-03-04 RUS USA 084 4 root"),
        (2, "VISIT", "UnknownText"),
        (4, "None", "2020-03-04 RUS USA 04 - root"),
        (4, "much", "BadWeight"),
        (6, "RUS;UKR", "2020-03-04 Region USA 04 4 root"),
        (6, "None", "2020-03-04 NoActor USA 04 4 root"),
        (8, "CHN", "2020-03-04 RUS CHN 04 4 root"),
        (3, "\0", "NotText"),
    ] {
        let row = with(POLECAT_ROW, "\t", place, text);
        assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
    }
    let body = with(
        &with(POLECAT_ROW, "\t", 6, "None"),
        "\t",
        5,
        "United Nations",
    );
    assert_eq!(desk.row(&body), "2020-03-04 UN USA 04 4 root");
    let cells: Vec<_> = POLECAT_ROW.split('\t').collect();
    assert_eq!(desk.row(&cells[..9].join("\t")), said);
    assert_eq!(desk.row(&cells[..8].join("\t")), "Columns");
    assert_eq!(desk.row(&format!("{POLECAT_ROW}\tx")), "Columns");
    let impossible = Err(Reason::ImpossibleDate);
    for (place, text, found) in [
        (9, "91", Ok(true)),
        (10, "91", Ok(false)),
        (10, "-181", Ok(true)),
        (12, "2020-03-04", Ok(false)),
        (12, "2020-03-03", impossible),
        (12, "None", Ok(false)),
        (1, "2010-01-01", Ok(false)),
        (1, "2009-12-31", impossible),
        (1, "2020-03-06", impossible),
    ] {
        let row = with(POLECAT_ROW, "\t", place, text);
        assert_eq!(desk.closely(&row), found, "{text:?} in column {place}");
    }
    assert_eq!(desk.id(POLECAT_ROW), "E1");
    assert_eq!(desk.id(&with(POLECAT_ROW, "\t", 0, "None")), "");
    assert_eq!(
        desk.called(POLECAT_ROW),
        ["Sergey Lavrov of RUS", "Mike Pompeo of USA"]
    );
    assert_eq!(
        in_line(desk.witness(POLECAT_ROW)),
        "own polecat-E1 | Sergey Lavrov | Mike Pompeo | POLECAT event data, from The Paper \
         | 2020-03-05 | event E1 | -"
    );
    let bare = with(&with(POLECAT_ROW, "\t", 11, "None"), "\t", 12, "");
    assert_eq!(
        in_line(desk.witness(&bare)),
        "own polecat-E1 | Sergey Lavrov | Mike Pompeo | POLECAT event data | - | event E1 | -"
    );
}

const ACLED: &str =
    "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,latitude,longitude,source";
const ACLED_ROW: &str = "UKR1,2022-05-06,Battles,Armed clash,Military Forces of Russia (2000-),\
    Military Forces of Ukraine (2019-),48.5,37.9,The Paper";

#[test]
fn a_row_of_acled_is_read_by_the_names_of_its_columns() {
    let desk = Desk::of(ACLED);
    assert_eq!(desk.format, Format::Acled);
    let layout = desk.reader.layout();
    assert!(matches!(layout.lines, Lines::Quoted(shape)
        if shape.columns == 9 && shape.needed == 6 && shape.date == 1));
    assert_eq!(
        Desk::of(&ACLED.replace(',', "\t")).reader.layout().lines,
        Lines::Headed
    );
    let said = "2022-05-06 RUS UKR 193 - root";
    assert_eq!(desk.row(ACLED_ROW), said);
    for (place, text, expected) in [
        (1, "06 May 2022", said),
        (1, "06/05/2022", "OtherOrder"),
        (3, "agreement", "2022-05-06 RUS UKR 057 - root"),
        (3, "Other", "UnknownText"),
        (4, "", "2022-05-06 NoActor UKR 193 - root"),
        (4, "Protesters (China)", "2022-05-06 CHN UKR 193 - root"),
        (
            4,
            "Police Forces of the Netherlands (2010-)",
            "2022-05-06 NLD UKR 193 - root",
        ),
        (4, "NATO", "2022-05-06 NATO UKR 193 - root"),
        (4, "Poland (2015-)", "2022-05-06 POL UKR 193 - root"),
        (5, "Somebody", "2022-05-06 RUS UnknownActor 193 - root"),
        (2, "\0", "NotText"),
    ] {
        let row = with(ACLED_ROW, ",", place, text);
        assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
    }
    let cells: Vec<_> = ACLED_ROW.split(',').collect();
    assert_eq!(desk.row(&cells[..6].join(",")), said);
    assert_eq!(desk.row(&cells[..5].join(",")), "Columns");
    assert_eq!(desk.row(&format!("{ACLED_ROW},x")), "Columns");
    for (place, text, is_odd) in [(6, "91", true), (7, "91", false), (7, "181", true)] {
        let row = with(ACLED_ROW, ",", place, text);
        assert_eq!(desk.closely(&row), Ok(is_odd), "{text} in column {place}");
    }
    assert_eq!(desk.id(ACLED_ROW), "UKR1");
    assert_eq!(
        desk.called(ACLED_ROW),
        [
            "Military Forces of Russia (2000-) of ",
            "Military Forces of Ukraine (2019-) of "
        ]
    );
    assert_eq!(
        in_line(desk.witness(ACLED_ROW)),
        "own acled-UKR1 | Military Forces of Russia (2000-) | Military Forces of Ukraine (2019-) \
         | ACLED event data, from The Paper | - | event UKR1 | -"
    );
    let bare = with(&with(ACLED_ROW, ",", 0, ""), ",", 8, "");
    assert_eq!(
        in_line(desk.witness(&bare)),
        "made acled-line-7 | Military Forces of Russia (2000-) \
         | Military Forces of Ukraine (2019-) | ACLED event data | - | line 7 | -"
    );
}

#[test]
fn text_of_keds_is_read_with_the_codes_that_its_first_row_has() {
    let cameo = "20180601\tRUS\tUSA\t040\t(Consult, not specified below)\twords";
    let weis = "950601\tRUS\tUSA\t031\t(MEET)\twords";
    let desk = Desk::of(weis);
    assert_eq!(desk.format, Format::Keds);
    let layout = desk.reader.layout();
    assert_eq!(layout.lines, Lines::Bare);
    assert!(layout.has_weights);
    assert_eq!(desk.row(weis), "1995-06-01 RUS USA 040 1 root");
    for (code, expected) in [
        ("223", "1995-06-01 RUS USA 190 -10 root"),
        // The scale has no weight for it.
        ("045", "1995-06-01 RUS USA 050 - root"),
        // With a 0 in front it would be a code of CAMEO, which is not asked for.
        ("42", "BadCode"),
    ] {
        assert_eq!(desk.row(&weis.replace("031", code)), expected, "{code}");
    }
    assert_eq!(desk.row(&weis.replace("031", "999")), "BadCode");
    assert_eq!(desk.row(&weis.replace("950601", "950631")), "BadDate");
    assert_eq!(desk.row("950601\tRUS\tUSA"), "Columns");
    assert_eq!(desk.row("950601\tRUS\tUSA\t031"), desk.row(weis));
    assert_eq!(desk.row(&weis.replace("words", "\0")), "NotText");
    assert_eq!((desk.id(weis), desk.closely(weis)), ("", Ok(false)));
    assert_eq!(desk.reader.added(weis.as_bytes()), None);
    assert_eq!(desk.reader.order_by_marks(), None);
    assert_eq!(desk.called(weis), ["RUS of ", "USA of "]);
    assert_eq!(
        in_line(desk.witness(weis)),
        "made keds-line-7 | RUS | USA | KEDS event data | - | line 7, coded 031 (MEET) | -"
    );
    assert_eq!(
        desk.witness("950601\tRUS\tUSA\t031").evidence.locator,
        Some("line 7, coded 031".to_owned())
    );
    let desk = Desk::of("date\tsource\ttarget\tcode\tlabel");
    assert_eq!(desk.reader.layout().lines, Lines::Headed);
    assert!(desk.reader.layout().has_weights);
    let desk = Desk::of("Day\tSource\tTarget\tCAMEO\tDescription");
    assert!(!desk.reader.layout().has_weights);
    assert_eq!(desk.row(cameo), "2018-06-01 RUS USA 040 - root");
    assert_eq!(desk.row(&cameo.replace("040", "40")), "NumberCode");
}

#[test]
fn a_quadruple_is_read_by_its_four_columns() {
    let row = "Vladimir Putin\tConsult\tChina\t2018-06-01";
    let desk = Desk::of(row);
    assert_eq!(desk.format, Format::IcewsQuadruples);
    assert_eq!(desk.row(row), "2018-06-01 UnknownActor CHN 040 - root");
    for (other, expected) in [
        (
            "Police (Russia)\tConsult\tChina\t2018-06-01",
            "2018-06-01 RUS CHN 040 - root",
        ),
        (
            "Russia\tConsult\tChina\t2018-06-01\t\t",
            "2018-06-01 RUS CHN 040 - root",
        ),
        ("Russia\tConsult\tChina\t2018-06-01\tx", "Columns"),
        ("Russia\tConsult\tChina", "Columns"),
        ("Russia\tDo something\tChina\t2018-06-01", "UnknownText"),
        ("Russia\tConsult\tChina\t01/06/2018", "OtherOrder"),
        ("Russia\tConsult\tChina\tJune", "BadDate"),
        ("Russia\tConsult\tChina\0\t2018-06-01", "NotText"),
    ] {
        assert_eq!(desk.row(other), expected, "{other}");
    }
    assert_eq!((desk.id(row), desk.closely(row)), ("", Ok(false)));
    assert_eq!(desk.called(row), ["Vladimir Putin of ", "China of "]);
    assert_eq!(
        in_line(desk.witness(row)),
        "made icews-line-7 | Vladimir Putin | China | ICEWS benchmark | - | line 7 | -"
    );
}

const PLAIN: &str = "id,date,source,target,code,weight,url";
const PLAIN_ROW: &str = "9,2018-06-01,RUS,United States,042,1.9,http://example.org/a";

#[test]
fn a_plain_table_is_read_by_the_names_of_its_columns() {
    let said = "2018-06-01 RUS USA 042 1.9 root";
    for separator in [",", ";", "\t", "|"] {
        let between = |text: &str| text.replace(',', separator);
        let desk = Desk::of(&between(PLAIN));
        assert_eq!(desk.format, Format::Csv);
        let layout = desk.reader.layout();
        assert_eq!(
            matches!(layout.lines, Lines::Quoted(shape)
                if shape.columns == 7 && shape.needed == 5 && shape.date == 1),
            separator != "\t"
        );
        assert!(layout.has_weights && layout.uses.contains(&Use::Ids));
        let row = between(PLAIN_ROW);
        assert_eq!(desk.row(&row), said);
        for (place, text, expected) in [
            (1, "01.06.2018", "OtherOrder"),
            (1, "", "BadDate"),
            (2, "Nobody", "2018-06-01 UnknownActor USA 042 1.9 root"),
            (3, "", "2018-06-01 RUS NoActor 042 1.9 root"),
            (4, "Consult", "2018-06-01 RUS USA 040 1.9 root"),
            (4, "42", "NumberCode"),
            (4, "x", "BadCode"),
            (5, "NA", "2018-06-01 RUS USA 042 - root"),
            (5, "x", "BadWeight"),
            (0, "\0", "NotText"),
        ] {
            let row = with(&row, separator, place, text);
            assert_eq!(desk.row(&row), expected, "{text:?} in column {place}");
        }
        let cells: Vec<_> = row.split(separator).collect();
        let first = |count: usize| cells[..count].join(separator);
        assert_eq!(desk.row(&first(4)), "Columns");
        assert_eq!(desk.row(&first(5)), "2018-06-01 RUS USA 042 - root");
        assert_eq!(desk.row(&first(6)), said);
        assert_eq!(desk.id(&row), "9");
        assert_eq!(desk.id(&with(&row, separator, 0, "NA")), "");
        assert_eq!(desk.called(&row), ["RUS of ", "United States of "]);
        assert_eq!(
            in_line(desk.witness(&row)),
            "own 9 | RUS | United States | table of events | - | row 9, line 7 \
             | http://example.org/a"
        );
        let bare = with(&with(&row, separator, 0, ""), separator, 6, "");
        assert_eq!(
            in_line(desk.witness(&bare)),
            "made line-7 | RUS | United States | table of events | - | line 7 | -"
        );
        // A decimal comma makes one column more between commas, and is a number elsewhere.
        let comma = with(&row, separator, 5, "-1,5");
        let expected = match separator {
            "," => "SplitDecimal",
            _ => "2018-06-01 RUS USA 042 -1.5 root",
        };
        assert_eq!(desk.row(&comma), expected);
    }
    let desk = Desk::of(PLAIN);
    let marked = with(PLAIN_ROW, ",", 3, "\"the \"\"United\"\" States\"");
    let name = "the \"United\" States";
    assert_eq!(desk.witness(&marked).target, name);
    assert_eq!(desk.called(&marked)[1], format!("{name} of "));
    // In whichever way letters are written, what a row calls its sides is in its own bytes.
    let latin = b"9,2018-06-01,Gr\xfcn,USA,042,1.9,";
    let row = desk.reader.row(latin).unwrap();
    assert_eq!(&*desk.reader.called(latin, &row)[0].name, b"Gr\xfcn");
    assert_eq!(desk.reader.witness(latin, 7).source, "Gr\u{fc}n");
    for (cells, expected) in [
        ("1,5", "SplitDecimal"),
        ("-1,5", "SplitDecimal"),
        ("1,", "Columns"),
        (",5", "Columns"),
        ("1,x", "Columns"),
        ("x,5", "Columns"),
        ("1,5,6", "Columns"),
    ] {
        assert_eq!(
            desk.row(&with(PLAIN_ROW, ",", 5, cells)),
            expected,
            "{cells}"
        );
    }
}

#[test]
fn columns_of_a_plain_table_go_by_other_names_and_values_that_every_row_has() {
    let form = |columns: &[&str], values: &[&str]| TableForm {
        columns: columns.iter().map(|it| it.parse().unwrap()).collect(),
        values: values.iter().map(|it| it.parse().unwrap()).collect(),
        ..TableForm::default()
    };
    let header = "year,month,day,from,to,what";
    let row = "2018,6,1,RUS,USA,042";
    let columns = ["date=year + month+day", "source=from", "target=to"];
    let desk = Desk::with(header, &form(&[&columns[..], &["code=what"]].concat(), &[]));
    assert_eq!(desk.row(row), "2018-06-01 RUS USA 042 - root");
    let layout = desk.reader.layout();
    assert!(!layout.has_weights && !layout.uses.contains(&Use::Ids));
    assert!(matches!(layout.lines, Lines::Quoted(shape)
        if shape.needed == 6 && shape.date == 2));
    assert_eq!(desk.id(row), "");
    let desk = Desk::with(header, &form(&columns, &["code=190", "source=China"]));
    assert_eq!(desk.row(row), "2018-06-01 CHN USA 190 - root");
    assert_eq!(desk.called(row), ["China of ", "USA of "]);
    assert_eq!(desk.witness(row).source, "China");
    assert!(matches!(desk.reader.layout().lines, Lines::Quoted(shape) if shape.needed == 5));
    for (columns, lacks) in [
        (
            &["date=yaer"][..],
            "the table has no column `yaer`, `source`, `target`, `code`",
        ),
        (
            &["date=year+moon", "source=from", "target=to", "code=what"],
            "the table has no column `year+moon`",
        ),
        (
            &[
                "weight=tone",
                "date=year",
                "source=from",
                "target=to",
                "code=what",
            ],
            "the table has no column `tone`",
        ),
    ] {
        let said = Some(Format::Csv);
        let unread = reader(
            header.as_bytes(),
            said,
            &form(columns, &[]),
            &Arc::default(),
        );
        let unread = unread.err().unwrap();
        assert!(unread.is_close && unread.says == lacks, "{}", unread.says);
    }
}

#[test]
fn what_names_most_columns_of_a_format_is_said_to_be_like_it() {
    let against = |first: &str| {
        let form = TableForm::default();
        let found = reader(first.as_bytes(), None, &form, &Arc::default());
        found.err().unwrap().says
    };
    let one_less = ACLED.replace("actor2,", "");
    assert_eq!(
        against(&one_less),
        "this is like acled, but has no column actor2"
    );
    assert!(!against(&one_less.replace("actor1,", "")).contains("like acled"));
    let two_less = ICEWS
        .replace("Target Country", "x")
        .replace("Event Text", "y");
    assert_eq!(
        against(&two_less),
        "this is like icews, but has no column Event Text, Target Country"
    );
    assert!(!against(&two_less.replace("Source Name", "z")).contains("like icews"));
    assert_eq!(
        against(&format!("{ACLED},actor1")),
        "two columns are named actor1 (5 and 10)"
    );
}

#[test]
fn a_header_that_names_some_columns_of_a_table_is_meant_to_be_one() {
    let against = |header: &str| {
        let begun = Table::begin(header.as_bytes(), &TableForm::default(), &Arc::default());
        begun.err().unwrap()
    };
    let lacks = "the table has no column ";
    for (header, says, columns, is_close) in [
        ("x,y", lacks, "`x`, `y`", false),
        ("date,x", lacks, "`date`, `x`", false),
        ("date,source", lacks, "`date`, `source`", true),
        // What makes most columns stands between them, and of several the first.
        ("a;b;c", lacks, "`a`, `b`, `c`", false),
        ("a,b;c", lacks, "`a`, `b;c`", false),
        ("a|b;c", lacks, "`a|b`, `c`", false),
        ("date of birth", "the table has one column, ", "", false),
        ("date source", "the table has one column, ", "", true),
    ] {
        let unread = against(header);
        assert!(unread.says.starts_with(says), "{header}: {}", unread.says);
        let help = unread.help.unwrap();
        let named = help.starts_with(&format!("its columns are {columns};"));
        assert_eq!(named, says == lacks, "{header}: {help}");
        assert_eq!(unread.is_close, is_close, "{header}");
    }
}

#[test]
fn every_format_says_whose_data_it_holds_and_all_but_a_table_what_to_cite() {
    let all = Format::ALL.into_iter();
    let sources: std::collections::BTreeSet<_> = all.clone().map(Format::source).collect();
    assert_eq!(sources.len(), Format::ALL.len());
    assert!(sources.iter().all(|source| !source.is_empty()));
    let uncited: Vec<_> = all.filter(|it| it.reference().is_none()).collect();
    assert_eq!(uncited, [Format::Csv]);
}
