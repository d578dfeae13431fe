//! Events without an id of their own that were corrected since they were appended, and so appended
//! once more.

use super::read::made_id;
use crate::history::line::record::Record;
use crate::model::{Act, Day};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// In how many fields an event may differ from one that it corrects. (An assumption.)
pub(in crate::history) const FIELDS: usize = 2;
/// How much alike two titles are of which one corrects the other, from 0 to 1 as the normalized
/// distance of Damerau and Levenshtein has it. (An assumption.)
const ALIKE: f64 = 0.75;
/// The longest titles that are compared letter by letter, in bytes.
const LONGEST_TITLE: usize = 300;
/// How many pairs of events are compared. (An assumption: of very many events only the first.)
pub(super) const COMPARED_LIMIT: usize = 50_000;
/// From how many days on the like of an event of another table has happened again; and what is done
/// week by week lies whole numbers of them apart. (An assumption.)
const WEEK_DAYS: u32 = 7;
/// Of how many events a table must be that was moved to other days as a whole. (An assumption.)
const WHOLE_TABLE: usize = 3;
/// What a log gives to an event, and what it is known by.
const NOT_COMPARED: [&str; 6] = ["v", "seq", "id", "recorded", "origin", "chain"];

/// An event of a batch that is most likely one of the log, corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The id that it was given.
    pub id: String,
    /// The id of the event in the log.
    pub other: String,
    /// Which line of the log that is.
    pub line: u64,
    /// The fields in which they differ.
    pub differs: Vec<String>,
}

/// Looks among the events of a log for those that new ones correct. Both have no id but one that
/// was made of act and date, so that neither is known as the other.
///
/// Events like each other are ordinary. One is taken for a correction where it says the same in its
/// own words as a single one of the log; or, without any words, if the batch has the events beside
/// that one, but not that one. If the batch has none of the events around that one, it is another
/// table most likely: then they are less than a week apart as well, or all events of the batch were
/// moved, and never whole weeks apart.
#[derive(Debug)]
pub struct Repeats<'r> {
    new: Vec<(&'r Record, Map<String, Value>)>,
    ids: HashSet<&'r str>,
    /// The new events of each act with its date, of each act or date with its parties, and of each
    /// title.
    alike: HashMap<Likeness, Vec<usize>>,
    /// The ids of the batch that the log had already.
    already_there: HashSet<&'r str>,
    /// The first and the last of their lines.
    lines: Option<[u64; 2]>,
    compared: usize,
    pairs: Vec<Pair>,
}

/// What two events have in common that are compared.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Likeness {
    Day(String),
    Parties(String),
    DayOfParties(String),
    Title(String),
}

#[derive(Debug)]
struct Pair {
    new: usize,
    other: String,
    line: u64,
    differs: Vec<String>,
    /// Whether they say the same in words.
    has_words: bool,
    /// How many days lie between them.
    days: u32,
}

/// Whether an event has an id that was made of its act and its date.
pub(super) fn is_made(record: &Record) -> bool {
    is_made_of(record.id(), record.act(), record.date())
}

/// Whether an id was made of an act and a date.
#[must_use]
pub fn is_made_of(id: &str, act: Act, date: Day) -> bool {
    let name = act.name().bytes();
    let name = name.map(|byte| if byte == b'_' { b'-' } else { byte });
    // Few ids of other people begin so, and there may be very many.
    if !name.eq(id.bytes().take(act.name().len())) {
        return false;
    }
    let made = made_id(Some(act.name()), Some(&date.to_string()));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    id.strip_prefix(&made)
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_number))
}

/// What is compared of an event, field by field.
pub(super) fn content(record: &Record) -> Map<String, Value> {
    let Ok(Value::Object(mut content)) = serde_json::to_value(&*record.fields()) else {
        return Map::new();
    };
    content.retain(|field, _| !NOT_COMPARED.contains(&field.as_str()));
    content
}

fn likenesses(record: &Record, content: &Map<String, Value>) -> Vec<Likeness> {
    let act = record.act().name();
    let of = |field: &str| content.get(field).map(Value::to_string).unwrap_or_default();
    let title = content
        .contains_key("title")
        .then(|| Likeness::Title(of("title")));
    let (parties, date) = (format!("{} {}", of("source"), of("target")), record.date());
    let all = [
        Likeness::Day(format!("{act} {date}")),
        Likeness::Parties(format!("{act} {parties}")),
        Likeness::DayOfParties(format!("{date} {parties}")),
    ];
    all.into_iter().chain(title).collect()
}

impl<'r> Repeats<'r> {
    /// Those of a batch: the events that are new, and the ids of those that the log had already.
    /// None where every event brings its own id.
    #[must_use]
    pub fn of(new: &'r [Record], already_there: &'r [String]) -> Option<Self> {
        let made = new.iter().filter(|record| is_made(record));
        let made: Vec<_> = made.map(|record| (record, content(record))).collect();
        let mut alike: HashMap<Likeness, Vec<usize>> = HashMap::new();
        for (place, (record, content)) in made.iter().enumerate() {
            for likeness in likenesses(record, content) {
                alike.entry(likeness).or_default().push(place);
            }
        }
        (!made.is_empty()).then(|| Self {
            new: made,
            ids: new.iter().map(Record::id).collect(),
            alike,
            already_there: already_there.iter().map(String::as_str).collect(),
            lines: None,
            compared: 0,
            pairs: Vec::new(),
        })
    }

    /// Notes on which line of the log an id stands, and says whether the batch has that event.
    pub fn stands(&mut self, line: u64, id: &str) -> bool {
        let is_there = self.already_there.contains(id);
        if is_there {
            let [first, _] = self.lines.unwrap_or([line; 2]);
            self.lines = Some([first, line]);
        }
        is_there
    }

    /// Looks at an event of the log.
    pub fn look(&mut self, line: u64, record: &Record) {
        let id = record.id();
        if self.stands(line, id) {
            return;
        }
        if self.ids.contains(id) || self.compared >= COMPARED_LIMIT || !is_made(record) {
            return;
        }
        let content = content(record);
        let alike = likenesses(record, &content);
        let alike = alike.iter().filter_map(|likeness| self.alike.get(likeness));
        let mut places: Vec<_> = alike.flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let Some((of_new, new)) = self.new.get(place) else {
                continue;
            };
            self.compared += 1;
            let differs: Vec<_> = differing(new, &content).cloned().collect();
            if differs.len() <= FIELDS {
                self.pairs.push(Pair {
                    new: place,
                    other: id.to_owned(),
                    line,
                    has_words: say_the_same(new, &content),
                    days: record.date().days_since(of_new.date()).unsigned_abs(),
                    differs,
                });
            }
        }
    }

    /// The new events that correct one of the log, in the order of the batch. Those of the log that
    /// are `retracted` count for nothing, so that there is nothing to be told of them.
    #[must_use]
    pub fn told(mut self, retracted: &HashSet<String>) -> Vec<Repeat> {
        self.pairs.retain(|pair| !retracted.contains(&pair.other));
        // A batch that has events of the log is that of before, grown, and has what it still has.
        let has_grown = !self.already_there.is_empty();
        // What was retracted and what retracted it may stand between two rows of a table.
        let reach = 1 + 2 * retracted.len() as u64;
        let beside = |line: u64| {
            let lines = self.lines;
            lines.is_some_and(|[first, last]| first <= line + reach && line <= last + reach)
        };
        let within = |line: u64| {
            let lines = self.lines;
            lines.is_some_and(|[first, last]| (first..=last).contains(&line))
        };
        self.pairs.retain(|pair| {
            let is_weeks_later = pair.days > 0 && pair.days.is_multiple_of(WEEK_DAYS);
            (within(pair.line) || !is_weeks_later)
                && (pair.has_words || (has_grown && pair.differs.len() == 1 && beside(pair.line)))
        });
        if !has_grown {
            // What is said again and again is ordinary.
            let mut of_new: HashMap<usize, usize> = HashMap::new();
            let mut of_other: HashMap<u64, usize> = HashMap::new();
            for pair in &self.pairs {
                *of_new.entry(pair.new).or_default() += 1;
                *of_other.entry(pair.line).or_default() += 1;
            }
            self.pairs.retain(|pair| {
                of_new.get(&pair.new) == Some(&1) && of_other.get(&pair.line) == Some(&1)
            });
        }
        let is_moved =
            !has_grown && self.new.len() >= WHOLE_TABLE && self.pairs.len() == self.new.len();
        self.pairs
            .retain(|pair| pair.days < WEEK_DAYS || is_moved || beside(pair.line));
        let rank = |pair: &Pair| (!pair.has_words, pair.differs.len(), pair.new, pair.line);
        self.pairs.sort_by_key(rank);
        let (mut told_new, mut told_other) = (HashSet::new(), HashSet::new());
        self.pairs.retain(|pair| {
            let is_new = !told_new.contains(&pair.new) && !told_other.contains(&pair.line);
            if is_new {
                told_new.insert(pair.new);
                told_other.insert(pair.line);
            }
            is_new
        });
        self.pairs.sort_by_key(|pair| pair.new);
        let repeat = |pair: Pair| {
            let (record, _) = self.new.get(pair.new)?;
            Some(Repeat {
                id: record.id().to_owned(),
                other: pair.other,
                line: pair.line,
                differs: pair.differs,
            })
        };
        self.pairs.into_iter().filter_map(repeat).collect()
    }
}

/// Whether an event says something in words of its own.
pub(super) fn has_words(record: &Record) -> bool {
    let fields = record.fields();
    fields.title.is_some() || fields.note.is_some() || !fields.evidence.is_empty()
}

/// The fields in which two events differ.
pub(super) fn differing<'c>(
    one: &'c Map<String, Value>,
    other: &'c Map<String, Value>,
) -> impl Iterator<Item = &'c String> {
    let others = other.keys().filter(|field| !one.contains_key(*field));
    let fields = one.keys().chain(others);
    fields.filter(|field| one.get(*field) != other.get(*field))
}

/// Whether two events say the same in words of their own: nearly the same title, or the same note
/// or evidence.
pub(super) fn say_the_same(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let text = |content: &Map<String, Value>| {
        let title = content.get("title").and_then(Value::as_str);
        title.map(str::to_lowercase)
    };
    match (text(one), text(other)) {
        (Some(one), Some(other)) if one == other => true,
        (Some(one), Some(other)) => {
            one.len().max(other.len()) <= LONGEST_TITLE
                && strsim::normalized_damerau_levenshtein(&one, &other) >= ALIKE
        }
        _ => ["note", "evidence"]
            .iter()
            .any(|field| one.contains_key(*field) && one.get(*field) == other.get(*field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::sheet::read::read_events;

    const HEADER: &str = "date,source,target,act,tone,title";

    /// The events of a sheet, as the rows under its header.
    fn events(rows: &[&str]) -> Vec<Record> {
        let sheet = format!("{HEADER}\n{}\n", rows.join("\n"));
        let written = read_events(sheet.as_bytes()).unwrap();
        written.into_iter().map(|written| written.record).collect()
    }

    /// What is told where a log of some rows is given others: each new event, the one that it
    /// corrects, and the fields.
    fn told(log: &[&str], sheet: &[&str]) -> Vec<String> {
        let (log, sheet) = (events(log), events(sheet));
        let is_there = |record: &&Record| log.iter().any(|it| it.same_event(record));
        let already = sheet.iter().filter(is_there);
        let already: Vec<_> = already.map(|record| record.id().to_owned()).collect();
        let new = sheet.iter().filter(|record| !is_there(record));
        let new: Vec<_> = new.cloned().collect();
        let Some(mut repeats) = Repeats::of(&new, &already) else {
            return Vec::new();
        };
        for (line, record) in (1..).zip(&log) {
            repeats.look(line, record);
        }
        let told = repeats.told(&HashSet::new()).into_iter();
        told.map(|it| {
            format!(
                "{} {} {} {}",
                it.id,
                it.other,
                it.line,
                it.differs.join("+")
            )
        })
        .collect()
    }

    const FIRST: &str = "2031-03-02,XBL,XRL,statement,critical,Blueland speaks of pirates";
    const CALL: &str = "2031-03-05,XBL,XRL,call,,The ministers speak";
    const LAST: &str = "2031-03-09,XRL,XBL,statement,,Redland is glad";

    #[test]
    fn a_row_without_an_id_that_was_corrected_is_known_again() {
        let log = [FIRST, CALL, LAST];
        for (from, to, expected) in [
            ("03-05", "03-06", "call-2031-03-06 call-2031-03-05 2 date"),
            (
                "XRL,statement,critical",
                "XRL,demand,",
                "demand-2031-03-02 statement-2031-03-02 1 act+tone",
            ),
        ] {
            let rows = log.map(|row| row.replace(from, to));
            let rows: Vec<_> = rows.iter().map(String::as_str).collect();
            assert_eq!(told(&log, &rows), [expected], "{to}");
            // Of a sheet of that row alone, too.
            let row = rows.iter().find(|row| !log.contains(row)).unwrap();
            assert_eq!(told(&log, &[row]), [expected], "{to}");
        }
        // Another day, and a slip of the title.
        let both = "2031-03-06,XBL,XRL,call,,The minsters speak";
        let expected = ["call-2031-03-06 call-2031-03-05 2 date+title"];
        assert_eq!(told(&log, &[FIRST, both, LAST]), expected);
        assert_eq!(told(&log, &[both]), expected);
        // Another source, on another day.
        let source = "2031-03-06,XGL,XBL,statement,,Redland is glad";
        assert_eq!(
            told(&log, &[source]),
            ["statement-2031-03-06 statement-2031-03-09 3 date+source"]
        );
        // A third field makes another event of it.
        let other = "2031-03-06,XGL,XBL,statement,critical,Redland is glad";
        assert_eq!(told(&log, &[other]), [""; 0]);
    }

    #[test]
    fn a_whole_sheet_that_was_moved_is_known_again_event_by_event() {
        let rows = [FIRST, CALL, LAST].map(|row| row.replace("-03-", "-04-"));
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let found = told(&[FIRST, CALL, LAST], &rows);
        assert_eq!(
            found,
            [
                "statement-2031-04-02 statement-2031-03-02 1 date",
                "call-2031-04-05 call-2031-03-05 2 date",
                "statement-2031-04-09 statement-2031-03-09 3 date",
            ]
        );
    }

    #[test]
    fn what_happens_again_is_ordinary() {
        let own = "2031-03-12,XBL,XRL,call,,The presidents speak at last";
        // Titles of their own.
        assert_eq!(told(&[FIRST, CALL], &[FIRST, CALL, own]), [""; 0]);
        assert_eq!(told(&[FIRST, CALL], &[own]), [""; 0]);
        // The same title, as the one before is still there.
        let again = "2031-03-12,XBL,XRL,call,,The ministers speak";
        assert_eq!(told(&[FIRST, CALL], &[FIRST, CALL, again]), [""; 0]);
        // A series, whose events all have one title.
        let third = "2031-03-19,XBL,XRL,call,,The ministers speak";
        assert_eq!(told(&[CALL, again], &[third]), [""; 0]);
        assert_eq!(told(&[CALL], &[again, third]), [""; 0]);
        // No words at all.
        let [bare, later] = ["05", "06"].map(|day| format!("2031-03-{day},XBL,XRL,call,,"));
        assert_eq!(told(&[FIRST, &bare], &[&later]), [""; 0]);
        assert_eq!(told(&[FIRST, &bare], &[FIRST, &bare, &later]), [""; 0]);
    }

    #[test]
    fn what_another_table_says_a_week_later_has_happened_again() {
        let call = |day: &str| format!("2031-03-{day},XBL,XRL,call,,The ministers speak");
        let [first, second, later, soon] = ["05", "12", "16", "11"].map(call);
        let other = "2031-03-13,XRL,XBL,demand,,Redland asks for ships";
        // A sheet for each week.
        assert_eq!(told(&[FIRST, &first], &[&second, other]), [""; 0]);
        assert_eq!(told(&[FIRST, &first], &[&later, other]), [""; 0]);
        let expected = ["call-2031-03-11 call-2031-03-05 2 date"];
        assert_eq!(told(&[FIRST, &first], &[&soon, other]), expected);
        // The second week's, with a row more.
        assert_eq!(told(&[FIRST, &first, other], &[other, &second]), [""; 0]);
        // But among the rows of its own sheet it is a correction.
        let expected = ["call-2031-03-12 call-2031-03-05 2 date"];
        assert_eq!(
            told(&[FIRST, &first, LAST], &[FIRST, &second, LAST]),
            expected
        );
        // Numbered titles are alike, too.
        let week = |day: &str, week: &str| {
            format!("2031-03-{day},XBL,XRL,statement,,Report of week {week}")
        };
        assert_eq!(told(&[&week("05", "1")], &[&week("12", "2")]), [""; 0]);
    }

    #[test]
    fn without_words_an_event_is_known_again_by_those_beside_it() {
        let [bare, later] = ["05", "06"].map(|day| format!("2031-03-{day},XBL,XRL,call,,"));
        let expected = ["call-2031-03-06 call-2031-03-05 2 date"];
        assert_eq!(
            told(&[FIRST, &bare, LAST], &[FIRST, &later, LAST]),
            expected
        );
        assert_eq!(told(&[FIRST, &bare], &[FIRST, &later]), expected);
        // Of another sheet, whose rows stand elsewhere in the log.
        assert_eq!(told(&[FIRST, LAST, &bare], &[FIRST, &later]), [""; 0]);
    }

    #[test]
    fn what_has_an_id_of_its_own_or_was_retracted_is_not_told_of() {
        let (log, new) = (
            events(&[CALL]),
            events(&["2031-03-06,XBL,XRL,call,,The ministers speak"]),
        );
        let of = |retracted: &[&str]| {
            let mut repeats = Repeats::of(&new, &[]).unwrap();
            repeats.look(1, &log[0]);
            let retracted = retracted.iter().map(|id| (*id).to_owned()).collect();
            repeats.told(&retracted).len()
        };
        assert_eq!([of(&[]), of(&["call-2031-03-05"])], [1, 0]);
        for (id, made) in [
            ("call-2031-03-06", true),
            ("call-2031-03-06-2", true),
            ("call-2031-03-06-", false),
            ("call-2031-03-062", false),
            ("call-2031-03-06-b", false),
            ("call-2031-03-05", false),
            ("own", false),
        ] {
            let sheet = format!("id,{HEADER}\n{id},2031-03-06,XBL,XRL,call,,\n");
            let written = read_events(sheet.as_bytes()).unwrap();
            assert_eq!(is_made(&written[0].record), made, "{id}");
        }
    }
}
