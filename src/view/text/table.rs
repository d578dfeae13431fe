//! Tables for people: the story of a replay, the state at its end, the events of a log.

use crate::history::{Names, Record};
use crate::model::{Day, MeasureStatus};
use crate::scenario::Fate;
use crate::text::{cut, shown};
use crate::view::rows::standing::{AgendaRow, RelationRow, SideRow, Standings};
use crate::view::rows::transition::{ChangeRow, TransitionRow};
use crate::view::rows::words::{changes, degrees, plain, prepositions, summary};
use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Row,
    Table, TableStyle, Width,
};
use std::fmt::Write;
use std::ops::{Deref, DerefMut};

/// How many events stand in one table; of more, the next table begins with its header again.
pub const TABLE_ROWS: usize = 2_000;

/// The longest title that is shown in a table, in characters.
const TITLE_LIMIT: usize = 300;

/// A rule under the header and nothing else.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// How tables are to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How wide they may be, in columns.
    pub width: u16,
    /// Whether they may be coloured.
    pub colours: bool,
    /// What actors and things are called.
    pub names: &'static Names,
}

/// A table under way, with what its cells are to be called.
pub(in crate::view) struct Grid {
    table: Table,
    names: &'static Names,
}

impl Deref for Grid {
    type Target = Table;

    fn deref(&self) -> &Table {
        &self.table
    }
}

impl DerefMut for Grid {
    fn deref_mut(&mut self) -> &mut Table {
        &mut self.table
    }
}

impl Grid {
    /// Puts names in place of codes. Cells that have none stay as they are, colours and all.
    fn say_names(&mut self) {
        let names = self.names;
        if names.is_empty() {
            return;
        }
        let say = |row: &Row| {
            let cells = row.cell_iter().map(|cell| {
                let content = cell.content();
                let said = names.said(&content);
                if said == content {
                    cell.clone()
                } else {
                    Cell::new(said)
                }
            });
            Row::from(cells.collect::<Vec<_>>())
        };
        if let Some(header) = self.table.header().map(say) {
            self.table.set_header(header);
        }
        for row in self.table.row_iter_mut() {
            *row = say(row);
        }
    }
}

pub(super) fn table(header: &[&str], look: Look) -> Grid {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(look.width)
        .set_header(header.iter().map(Cell::new));
    if look.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    Grid {
        table,
        names: look.names,
    }
}

pub(super) fn number(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// A change of temperature, cold or warm in colours that colour-blind eyes tell apart.
fn part(value: f64) -> Cell {
    let text = degrees(value);
    let cell = number(text.clone());
    match text.as_str() {
        "0.00" => cell,
        colder if colder.starts_with('-') => cell.fg(Color::Blue),
        _ => cell.fg(Color::Yellow),
    }
}

/// One event of a story and what it did to the dyads that are followed.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The event.
    pub record: Record,
    /// What it did; nothing if it does not happen.
    pub rows: Vec<TransitionRow>,
    /// What a scenario makes of it.
    pub mark: Option<Mark>,
    /// More about that.
    pub remark: Option<String>,
}

/// What a scenario makes of an event, as a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It lies before the fork.
    Shared,
    /// It happens as in the base.
    Kept,
    /// It does not happen.
    Dropped,
    /// It happens on another day.
    Shifted,
    /// Another event happens in its place.
    Replaced,
    /// It is not in the base.
    Inserted,
    /// It is not in the base, and a rule caused it.
    Reaction,
    /// It does not happen in this run, as chance has it.
    Undrawn,
    /// It does not happen in this run, since it would be illegal.
    Illegal,
}

impl Mark {
    /// All marks, in the order in which they are counted.
    pub const ALL: [Self; 9] = [
        Self::Shared,
        Self::Kept,
        Self::Dropped,
        Self::Shifted,
        Self::Replaced,
        Self::Inserted,
        Self::Reaction,
        Self::Undrawn,
        Self::Illegal,
    ];

    /// The mark of an event of a scenario that chance does not keep from happening, and what to say
    /// beside it, if anything.
    #[must_use]
    pub fn of(fate: &Fate) -> (Self, String) {
        let says = |words: &str| words.to_owned();
        match fate {
            Fate::Shared => (Self::Shared, String::new()),
            Fate::Kept => (Self::Kept, String::new()),
            Fate::Dropped(None) => (Self::Dropped, says("does not happen")),
            Fate::Dropped(Some(why)) => (Self::Dropped, format!("does not happen: {why}")),
            Fate::Shifted(from) => (Self::Shifted, format!("shifted from {from}")),
            Fate::Replaced => (
                Self::Replaced,
                says("hypothetical, in the place of the recorded event"),
            ),
            Fate::Inserted => (Self::Inserted, says("hypothetical")),
        }
    }

    /// The sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Shared => "=",
            Self::Kept => "",
            Self::Dropped | Self::Undrawn => "-",
            Self::Shifted => ">",
            Self::Replaced => "~",
            Self::Inserted => "+",
            Self::Reaction => "!",
            Self::Illegal => "x",
        }
    }

    /// The name as it is written in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Kept => "kept",
            Self::Dropped => "dropped",
            Self::Shifted => "shifted",
            Self::Replaced => "replaced",
            Self::Inserted => "inserted",
            Self::Reaction => "reaction",
            Self::Undrawn => "not drawn",
            Self::Illegal => "illegal",
        }
    }
}

/// The story of a replay: each event, and for each dyad that it moved the temperature before and
/// after, the part of waiting and the part of the event. A phase that changed while waiting has a
/// line of its own.
#[must_use]
pub fn story_table(scenes: &[Scene], several_dyads: bool, has_phases: bool, look: Look) -> String {
    let has_marks = scenes.iter().any(|scene| scene.mark.is_some());
    let mut header = if has_marks { vec![""] } else { Vec::new() };
    header.extend(["date", "what happened"]);
    if several_dyads {
        header.push("dyad");
    }
    header.extend(["before", "waiting", "event", "after"]);
    if has_phases {
        header.push("phase");
    }
    let mut table = table(&header, look);
    let columns = Columns {
        has_marks,
        several_dyads,
        has_phases,
    };
    let mut told: Vec<(Day, Vec<Cell>)> = Vec::new();
    for Scene {
        record,
        rows,
        mark,
        remark,
    } in scenes
    {
        let day = record.date();
        for row in rows {
            for (on, passage) in row.changes.iter().filter_map(waiting_passage) {
                let line = Line {
                    mark: None,
                    date: on.to_string(),
                    text: format!("· {passage}"),
                };
                // It happened before this event, and before others that were told already.
                let place = told.partition_point(|(day, _)| *day < on);
                told.insert(place, (on, columns.cells(line, Some(row), false)));
            }
        }
        let remark = remark
            .as_ref()
            .map_or_else(String::new, |remark| format!("\n· {}", shown(remark)));
        let text = format!(
            "{}{remark}{}",
            headline(record),
            rows.first().map_or_else(String::new, bullets)
        );
        let line = Line {
            mark: *mark,
            date: day.to_string(),
            text,
        };
        told.push((day, columns.cells(line, rows.first(), true)));
        for row in rows.iter().skip(1) {
            let text = bullets(row).trim_start().to_owned();
            let line = Line {
                mark: None,
                date: String::new(),
                text,
            };
            told.push((day, columns.cells(line, Some(row), true)));
        }
    }
    table.add_rows(told.into_iter().map(|(_, cells)| cells));
    if let Some(dates) = table.column_mut(usize::from(has_marks)) {
        dates.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(11)));
    }
    lines(&mut table)
}

/// Which columns a story has.
#[derive(Clone, Copy)]
struct Columns {
    has_marks: bool,
    several_dyads: bool,
    has_phases: bool,
}

/// A line of a story without its numbers.
struct Line {
    mark: Option<Mark>,
    date: String,
    text: String,
}

impl Columns {
    /// The cells of a line; a line about waiting has no numbers, and what does not happen is struck
    /// through.
    fn cells(self, line: Line, row: Option<&TransitionRow>, is_event: bool) -> Vec<Cell> {
        let mut cells = Vec::new();
        if self.has_marks {
            cells.push(Cell::new(line.mark.map_or("", Mark::sign)));
        }
        let text = Cell::new(line.text);
        cells.push(Cell::new(line.date));
        cells.push(match line.mark {
            Some(Mark::Dropped | Mark::Undrawn | Mark::Illegal) => {
                text.add_attribute(Attribute::CrossedOut)
            }
            Some(Mark::Shifted | Mark::Replaced | Mark::Inserted | Mark::Reaction) => {
                text.add_attribute(Attribute::Bold)
            }
            _ => text,
        });
        if self.several_dyads {
            cells.push(Cell::new(
                row.map_or_else(String::new, |row| row.dyad.to_string()),
            ));
        }
        match row.filter(|_| is_event) {
            Some(row) => cells.extend([
                number(degrees(row.temperature_before)),
                part(row.waiting_part),
                part(row.event_part),
                number(degrees(row.temperature_after)),
            ]),
            None => cells.extend((0..4).map(|_| Cell::new(""))),
        }
        if self.has_phases {
            let phase = row.filter(|_| is_event).and_then(|row| row.phase_after);
            cells.push(Cell::new(phase.unwrap_or_default()));
        }
        cells
    }
}

/// The day of a phase that changed while waiting, and the change in words.
fn waiting_passage(change: &ChangeRow) -> Option<(Day, String)> {
    match change {
        ChangeRow::Phase {
            from,
            to,
            on,
            while_waiting: true,
        } => Some((*on, format!("while waiting, phase {from} → {to}"))),
        _ => None,
    }
}

/// What changed with an event, a line each.
fn bullets(row: &TransitionRow) -> String {
    let with_the_event = row
        .changes
        .iter()
        .filter(|change| waiting_passage(change).is_none());
    let mut text = String::new();
    for line in changes(with_the_event, &row.id) {
        let _ = write!(text, "\n· {line}");
    }
    text
}

fn headline(record: &Record) -> String {
    let summary = format!("{} [{}]", summary(record), record.id());
    let fields = record.fields();
    let mut lines: Vec<_> = fields
        .title
        .iter()
        .map(|title| cut(&shown(title), TITLE_LIMIT))
        .collect();
    lines.push(summary);
    if let Some(origin) = &fields.origin {
        let scenario = cut(&shown(&origin.scenario), TITLE_LIMIT);
        lines.push(format!("· in the branch of \"{scenario}\""));
    }
    lines.join("\n")
}

/// A text in lines as wide as tables may be.
pub(super) fn paragraph(text: &str, look: Look) -> String {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new())
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(look.width)
        .add_row([text]);
    for column in table.column_iter_mut() {
        column.set_padding((0, 0));
    }
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

/// The table without blanks at the ends of lines, its columns two blanks apart.
pub(in crate::view) fn lines(table: &mut Grid) -> String {
    table.say_names();
    for column in table.column_iter_mut() {
        column.set_padding((1, 0));
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// A table of some rows.
pub(super) fn table_of(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    look: Look,
) -> String {
    let mut table = table(header, look);
    table.add_rows(rows);
    lines(&mut table)
}

/// The same behind an empty line; nothing where there is no row.
pub(super) fn part_of(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<Cell>>,
    look: Look,
) -> String {
    let mut rows = rows.into_iter().peekable();
    match rows.peek() {
        None => String::new(),
        Some(_) => format!("\n{}", table_of(header, rows, look)),
    }
}

/// How things stand: each dyad's temperature, measures, agenda and meetings.
#[must_use]
pub fn standings_text(standings: &Standings, look: Look) -> String {
    let mut text = String::new();
    for row in &standings.dyads {
        if !text.is_empty() {
            text.push('\n');
        }
        relation(&mut text, row, look);
    }
    look.names.said(&text)
}

fn relation(text: &mut String, row: &RelationRow, look: Look) {
    let phase = row
        .phase
        .map_or_else(String::new, |phase| format!(", {phase}"));
    let _ = write!(
        text,
        "{}  {}{phase}, tends to {}",
        row.dyad,
        degrees(row.temperature),
        degrees(row.equilibrium)
    );
    let [first, second] = row.dyad.sides();
    if [first, second]
        .iter()
        .any(|side| look.names.name(side.code()).is_none())
    {
        let _ = write!(text, "  ({} and {})", first.name(), second.name());
    }
    text.push('\n');
    for passage in changes(&row.passages, "") {
        let _ = writeln!(text, " · {passage}");
    }
    if !row.measures.is_empty() {
        text.push_str(&section("standing measures", &measures(row, look)));
    }
    if !row.agenda.is_empty() {
        text.push_str(&section("agenda", &agenda(row, look)));
    }
    if !row.meetings.is_empty() {
        let mut meetings = table(&["meeting", "status", "day fixed"], look);
        for meeting in &row.meetings {
            let day = meeting
                .scheduled_for
                .map_or_else(|| "none".to_owned(), |day| day.to_string());
            meetings.add_row([look.names.thing(&meeting.id), plain(meeting.status), day]);
        }
        text.push_str(&section("meetings", &lines(&mut meetings)));
    }
}

fn section(title: &str, body: &str) -> String {
    format!("\n {title}\n{body}")
}

fn measures(row: &RelationRow, look: Look) -> String {
    let rows = &row.measures;
    let links = rows.iter().map(|row| prepositions(row.kind, row.role)[1]);
    let mut links: Vec<_> = links.filter(|link| *link != "felt by").collect();
    links.sort_unstable();
    links.dedup();
    // Where the header says it for all of them, cells need not.
    let is_one = links.len() < 2;
    let against = match &links[..] {
        [] => "against".to_owned(),
        links => links.join(" or "),
    };
    let header = ["measure", "kind", "by", &against, "status", "since", "adds"];
    let mut table = table(&header, look);
    for (place, measure) in rows.iter().enumerate() {
        let against = match prepositions(measure.kind, measure.role)[1] {
            "felt by" => format!("felt by {}", measure.other),
            _ if is_one => measure.other.to_string(),
            link => format!("{link} {}", measure.other),
        };
        // A measure counts once in a dyad.
        let is_lifted = measure.status == MeasureStatus::Lifted.name();
        let adds = match measure.counts_by.filter(|_| !is_lifted) {
            Some(other) if other < place => "counted above".to_owned(),
            Some(other) if other > place => "counted below".to_owned(),
            _ => degrees(measure.degrees),
        };
        table.add_row([
            Cell::new(look.names.thing(&measure.id)),
            Cell::new(measure.kind),
            Cell::new(measure.source),
            Cell::new(against),
            Cell::new(plain(measure.status)),
            Cell::new(measure.since),
            number(adds),
        ]);
    }
    lines(&mut table)
}

/// The agenda as a matrix of item and side.
fn agenda(row: &RelationRow, look: Look) -> String {
    let [first, second] = row.dyad.sides();
    let mut table = table(&["item", "status", first.code(), second.code(), ""], look);
    for item in &row.agenda {
        let status = item.status.map_or_else(|| "not raised".to_owned(), plain);
        let status = match item.priority {
            Some(priority) => format!("{status}, {priority}"),
            None => status,
        };
        let mut cells = vec![Cell::new(look.names.thing(&item.item)), Cell::new(status)];
        cells.extend(item.sides.iter().map(|side| Cell::new(stance(item, side))));
        let note = if item.unaddressed_by_both {
            "unaddressed by both"
        } else {
            ""
        };
        cells.push(Cell::new(note));
        table.add_row(cells);
    }
    whole(&mut table, look);
    lines(&mut table)
}

/// Keeps all entries on one line each, if the table is wide enough for that.
fn whole(table: &mut Table, look: Look) {
    let widths: Vec<_> = table
        .column_max_content_widths()
        .iter()
        .map(|width| width + 1)
        .collect();
    if widths.iter().sum::<u16>() > look.width {
        return;
    }
    for (column, width) in table.column_iter_mut().zip(widths) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    }
}

/// What a side has to do with an item: the status if it stands by it, and what its readout says.
fn stance(item: &AgendaRow, side: &SideRow) -> String {
    let status = item.status.filter(|_| side.stands_by_it).map(plain);
    let readout = match side.readout {
        Some("omitted") => "left out",
        Some(says) => says,
        None => "no readout",
    };
    match status {
        Some(status) => format!("{status}, {readout}"),
        None => readout.to_owned(),
    }
}

/// The events of a log, each with where it is documented.
#[must_use]
pub fn events_table(events: &[(Record, bool)], look: Look) -> String {
    let mut table = table(&["seq", "date", "recorded", "event"], look);
    for (record, retracted) in events {
        let mut text = look.names.said(&headline(record));
        if *retracted {
            text.push_str("\n· retracted: it no longer counts");
        }
        if let Some(cause) = &record.fields().caused_by {
            let _ = write!(text, "\n· caused by {}", shown(cause));
        }
        if let Some(note) = &record.fields().note {
            let _ = write!(text, "\n· {}", cut(&shown(note), TITLE_LIMIT));
        }
        for evidence in &record.fields().evidence {
            let published = evidence
                .published
                .map_or_else(String::new, |day| format!(", {day}"));
            let locator = evidence
                .locator
                .as_ref()
                .map_or_else(String::new, |at| format!(", {}", shown(at)));
            let _ = write!(
                text,
                "\n· see {}{published}{locator}",
                shown(&evidence.document)
            );
        }
        let recorded = record
            .recorded()
            .map_or_else(String::new, |day| day.to_string());
        table.add_row([
            number(record.seq().map_or_else(String::new, |seq| seq.to_string())),
            Cell::new(record.date()),
            Cell::new(recorded),
            Cell::new(text),
        ]);
    }
    lines(&mut table)
}
