//! Event data that are not as they should be: what is left out and said, what is an error, and that
//! nothing is half-written.
//!
//! Rows are those of `tests/event_data/gdelt-2019-01-21.tsv` (the GDELT Project,
//! <https://www.gdeltproject.org/>), spoilt, or made up.

use crate::cli::given;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use std::io::Write;
use std::path::Path;

const GDELT: &[u8] = include_bytes!("event_data/gdelt-2019-01-21.tsv");

/// The rows between the United States and Israel, and one more.
fn rows() -> Vec<String> {
    let text = std::str::from_utf8(GDELT).unwrap();
    let wanted = [
        "817930293",
        "817930318",
        "817930326",
        "817931174",
        "817931762",
    ];
    text.lines()
        .filter(|row| wanted.iter().any(|id| row.starts_with(id)))
        .map(str::to_owned)
        .collect()
}

fn file(rows: &[String]) -> Vec<u8> {
    format!("{}\n", rows.join("\n")).into_bytes()
}

/// The rows, with a column of one of them changed.
fn with(row: usize, column: usize, value: &str) -> Vec<String> {
    let mut rows = rows();
    let mut fields: Vec<_> = rows[row].split('\t').collect();
    fields[column - 1] = value;
    rows[row] = fields.join("\t");
    rows
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, contents) in files {
        let (mut entry, config) = archive
            .new_file(name)
            .compression_method(rawzip::CompressionMethod::DEFLATE)
            .start()
            .unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(contents).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

const IMPORT: &str = "import gdelt rows.tsv --dyad ISR-USA --threads 1 -o log.jsonl";

#[test]
fn a_row_with_too_few_columns_is_left_out_and_said_and_with_strict_it_is_an_error() {
    let mut rows = rows();
    // Without its URL, which a back-file does not have either, it would be read.
    rows[2] = rows[2].rsplitn(3, '\t').nth(2).unwrap().to_owned();
    rows.push("one column".to_owned());
    given([("rows.tsv", file(&rows))])
        .when(&format!("{IMPORT} --strict"))
        .then_exits(2)
        .when(IMPORT)
        .then_exits(0)
        .then_golden("bad-event-data-columns");
}

#[test]
fn values_that_cannot_be_are_reported() {
    let spoilt = |row, column, value| file(&with(row, column, value));
    given([
        ("date.tsv", spoilt(1, 2, "19200121")),
        ("day.tsv", spoilt(1, 2, "20190230")),
        ("later.tsv", spoilt(1, 2, "20190301")),
        ("goldstein.tsv", spoilt(1, 31, "47")),
        ("latitude.tsv", spoilt(1, 57, "95.5")),
        ("code.tsv", spoilt(1, 27, "---")),
        ("country.tsv", spoilt(1, 8, "QAA")),
    ])
    .when("import gdelt date.tsv day.tsv later.tsv goldstein.tsv latitude.tsv code.tsv country.tsv --dyad ISR-USA --threads 1 -o log.jsonl")
    .then_exits(0)
    .when("index date.tsv day.tsv later.tsv goldstein.tsv latitude.tsv code.tsv country.tsv --strict")
    .then_exits(2)
    .then_golden("bad-event-data-values");
}

#[test]
fn a_header_where_none_should_be_is_left_out() {
    let header = (1..=61).map(|column| {
        if column == 1 {
            "GLOBALEVENTID".to_owned()
        } else {
            format!("column{column}")
        }
    });
    let header = header.collect::<Vec<_>>().join("\t");
    let mut rows = rows();
    rows.insert(0, header);
    given([("rows.tsv", file(&rows))])
        .when(IMPORT)
        .then_exits(0)
        .when(&format!("{IMPORT} --overwrite --strict"))
        .then_exits(2)
        .then_golden("bad-event-data-header");
}

#[test]
fn a_byte_order_mark_carriage_returns_and_a_missing_last_line_feed_change_nothing() {
    let plain = file(&rows());
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend_from_slice(&plain);
    let returns = rows().join("\r\n").into_bytes();
    given([
        ("plain.tsv", plain.clone()),
        ("marked.tsv", marked),
        ("returns.tsv", returns),
        ("packed.tsv.gz", gzip(&plain)),
        ("packed.zip", zip(&[("rows.CSV", &plain)])),
    ])
    .when("import plain.tsv --dyad ISR-USA --threads 1 -o plain.jsonl")
    .when("import marked.tsv --dyad ISR-USA --threads 1 -o marked.jsonl")
    .when("import returns.tsv --dyad ISR-USA --threads 1 -o returns.jsonl")
    .when("import packed.tsv.gz --dyad ISR-USA --threads 1 -o gzip.jsonl")
    .when("import packed.zip --dyad ISR-USA --threads 1 -o zip.jsonl")
    .when("compare plain.jsonl marked.jsonl returns.jsonl gzip.jsonl zip.jsonl")
    .then_exits(0)
    .then_golden("bad-event-data-marks");
}

#[test]
fn bytes_that_are_not_utf_8_are_marked_and_binary_ones_are_left_out() {
    let mut bytes = file(&rows());
    let name = bytes.windows(6).position(|part| part == b"ISRAEL").unwrap();
    bytes[name] = 0xc9;
    bytes.extend_from_slice(b"817939999\t2019\0\0\0\n");
    given([("rows.tsv", bytes)])
        .when(IMPORT)
        .then_exits(0)
        .when("log show log.jsonl gdelt-817930318 gdelt-817930326")
        .then_exits(0)
        .then_golden("bad-event-data-utf-8");
}

#[test]
fn files_that_cannot_be_unpacked_say_why_and_nothing_is_written() {
    let plain = GDELT.repeat(40);
    let packed = gzip(&plain);
    let archive = zip(&[("rows.CSV", &plain)]);
    let mut spoilt = archive.clone();
    spoilt[200] ^= 0xff;
    given([
        ("truncated.gz", packed[..packed.len() / 2].to_vec()),
        ("two.zip", zip(&[("a.CSV", &plain), ("b.CSV", &plain)])),
        ("none.zip", zip(&[])),
        ("truncated.zip", archive[..archive.len() / 2].to_vec()),
        ("spoilt.zip", spoilt),
    ])
    .when("index truncated.gz -o table.csv")
    .then_exits(2)
    .when("index two.zip -o table.csv")
    .then_exits(2)
    .when("index none.zip -o table.csv")
    .then_exits(2)
    .when("index truncated.zip -o table.csv")
    .then_exits(2)
    .when("index spoilt.zip -o table.csv")
    .then_exits(2)
    .then_golden("bad-event-data-packed");
}

#[test]
fn what_is_no_event_data_says_what_was_looked_for() {
    let ids = "0\t1\t2\t2014-01-01\n";
    given([
        ("empty.tsv", Vec::new()),
        ("binary", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0".to_vec()),
        ("long", vec![b'x'; 3 << 20]),
        ("text.txt", b"Dear Sir or Madam,\n".to_vec()),
        ("ids.tsv", ids.into()),
        ("rows.tsv", file(&rows())),
        ("table.csv", b"day,who,whom,code\n2014-01-01,USA,RUS,010\n".to_vec()),
    ])
    .when("index empty.tsv")
    .then_exits(2)
    .when("index binary")
    .then_exits(2)
    .when("index long")
    .then_exits(2)
    .when("index text.txt")
    .then_exits(2)
    .when("index ids.tsv")
    .then_exits(2)
    .when("index icews rows.tsv")
    .then_exits(2)
    .when("index gdelt text.txt")
    .then_exits(2)
    .when("index csv table.csv")
    .then_exits(2)
    .when("index csv table.csv --column date=day --column source=who --column target=whom --column url=link")
    .then_exits(2)
    .when("index csv table.csv --column date=day --column source=who --column target=whom")
    .then_exits(0)
    .then_golden("bad-event-data-unknown");
}

#[test]
fn choices_that_do_not_apply_are_refused() {
    given([
        ("rows.tsv", file(&rows())),
        (
            "quadruples.tsv",
            b"Police (Russia)\tConsult\tPolice (United States)\t2014-01-01\n".to_vec(),
        ),
        ("log.jsonl", b"".to_vec()),
        ("actors.txt", b"no dictionary\n".to_vec()),
    ])
    .when("import quadruples.tsv --dyad RUS-USA --weights file")
    .then_exits(2)
    .when("import quadruples.tsv --dyad RUS-USA --events root")
    .then_exits(2)
    .when("index rows.tsv --model detente")
    .then_exits(2)
    .when("index rows.tsv --model stock")
    .then_exits(2)
    .when("import rows.tsv --dyad ISR-USA -o log.jsonl")
    .then_exits(2)
    .when("import rows.tsv --dyad RUS-USA")
    .then_exits(2)
    .when("import gdelt --dyad RUS-USA")
    .then_exits(2)
    .when("import gdelt missing.tsv . rows.tsv --dyad RUS-USA")
    .then_exits(2)
    .when("import rows.tsv --dyad RUS-USA --actors actors.txt")
    .then_exits(2)
    .when("import rows.tsv --dyad RUS-USA --actor Moscow")
    .then_exits(2)
    .when("import rows.tsv --dyad RUS-USA --actor Moscow=Russia")
    .then_exits(2)
    .when("import rows.tsv --dyad RUS-USA --column day=x")
    .then_exits(2)
    .when("import rows.tsv --from 2019-02-30 --dyad RUS-USA")
    .then_exits(2)
    .then_golden("bad-event-data-choices");
}

#[test]
fn a_quotation_mark_that_does_not_close_is_found_and_one_that_does_may_hold_line_feeds() {
    let quoted = "date,source,target,code,note\n2014-01-01,USA,RUS,010,\"two\nlines, and a \"\"word\"\"\"\n2014-01-02,USA,\"RUS\",010,\n";
    let mut open =
        b"date,source,target,code,note\n2014-01-01,USA,RUS,010,\"never closed\n".to_vec();
    open.extend(b"2014-01-02,USA,RUS,010,\n".repeat(100_000));
    given([
        ("quoted.csv", quoted.as_bytes().to_vec()),
        ("open.csv", open),
    ])
    .when("index quoted.csv --threads 1")
    .then_exits(0)
    .when("index open.csv --threads 1 --strict")
    .then_exits(2)
    .when("index open.csv --threads 1")
    .then_exits(0)
    .then_golden("bad-event-data-quotes");
}

#[test]
fn codes_that_were_saved_as_numbers_are_refused_left_out_or_mended() {
    // As R and pandas write a column that they took for numbers: 046, 010, 1211, 190 and a gap.
    let r = "\"date\",\"source\",\"target\",\"code\"\n\"2014-01-01\",\"USA\",\"RUS\",46\n\"2014-01-02\",\"USA\",\"RUS\",10\n\"2014-01-03\",\"USA\",\"RUS\",1211\n\"2014-01-04\",\"RUS\",\"USA\",190\n";
    let pandas = "date,source,target,code\n2014-01-01,USA,RUS,46.0\n2014-01-02,USA,RUS,10.0\n2014-01-03,USA,RUS,1211.0\n2014-01-04,RUS,USA,190.0\n2014-01-05,RUS,USA,\n";
    let text = "date,source,target,code\n2014-01-01,USA,RUS,046\n2014-01-02,USA,RUS,010\n2014-01-03,USA,RUS,1211\n2014-01-04,RUS,USA,190\n";
    let desk = given([("r.csv", r), ("pandas.csv", pandas), ("text.csv", text)])
        .when("index r.csv -o table.csv")
        .then_exits(2)
        .when("import pandas.csv --dyad RUS-USA -o log.jsonl")
        .then_exits(2)
        .when("import r.csv --dyad RUS-USA --codes as-they-are -o left-out.jsonl")
        .then_exits(0)
        .when("index text.csv --codes checked -o text-table.csv")
        .then_exits(0)
        .when("index r.csv --codes padded -o r-table.csv")
        .then_exits(0)
        .when("index pandas.csv --codes padded -o pandas-table.csv")
        .then_exits(0);
    assert!(!desk.path("table.csv").exists() && !desk.path("log.jsonl").exists());
    let table = desk.read("text-table.csv");
    assert_eq!(desk.read("r-table.csv"), table);
    assert_eq!(desk.read("pandas-table.csv"), table);
    desk.then_golden("bad-event-data-number-codes");
}

#[test]
fn codes_of_gdelt_that_were_saved_as_numbers_are_mended_too() {
    let number = |row: usize| {
        let rows = rows();
        let code = rows[row].split('\t').nth(26).unwrap().to_owned();
        assert!(code.starts_with('0'), "{code}");
        file(&with(row, 27, code.trim_start_matches('0')))
    };
    let desk = given([("rows.tsv", file(&rows())), ("number.tsv", number(1))])
        .when("index number.tsv")
        .then_exits(2)
        .when("index number.tsv --codes padded -o number.csv")
        .then_exits(0)
        .when("index rows.tsv -o rows.csv")
        .then_exits(0);
    assert_eq!(desk.read("number.csv"), desk.read("rows.csv"));
}

#[test]
fn weights_of_an_index_are_no_parameter_of_its_model() {
    let model = |weights: &str| {
        format!("{{\"preset\":\"goldstein-decay\",\"weights\":\"{weights}\"}}").into_bytes()
    };
    given([
        ("rows.tsv", file(&rows())),
        ("icews.json", model("icews")),
        ("gdelt.json", model("gdelt")),
    ])
    .when("index rows.tsv --set weights=icews")
    .then_exits(2)
    .when("index rows.tsv --set weights=gdelt --weights gdelt")
    .then_exits(2)
    .when("index rows.tsv --model icews.json")
    .then_exits(2)
    .when("index rows.tsv --model icews.json --weights gdelt")
    .then_exits(2)
    .when("index rows.tsv --model icews.json --weights icews -o icews.csv")
    .then_exits(0)
    .when("index rows.tsv --model gdelt.json --weights icews -o gdelt.csv")
    .then_exits(0)
    .then_golden("bad-event-data-weights");
}

#[test]
fn an_actor_that_no_row_has_is_said() {
    let csv = "date,source,target,code\n2014-01-01,Moscow,HKG,010\n";
    let quadruples = "Moscow\tConsult\tPolice (Hong Kong)\t2014-01-01\n";
    let with_three = "--actor Moscow=RUS --actor HKG=CHN --actor NOSUCHNAME=USA --threads 1";
    given([
        ("rows.tsv", file(&rows())),
        ("rows.csv", csv.as_bytes().to_vec()),
        ("quadruples.tsv", quadruples.as_bytes().to_vec()),
    ])
    .when(&format!("index csv rows.csv {with_three}"))
    .then_exits(0)
    .when(&format!(
        "index icews-quadruples quadruples.tsv {with_three}"
    ))
    .then_exits(0)
    .when("import gdelt rows.tsv --dyad PSE-USA --actor ISR=PSE --actor JERUSALEM=PSE -o log.jsonl")
    .then_exits(0)
    .then_golden("bad-event-data-actors");
}

#[test]
fn a_file_that_is_given_twice_and_ids_that_are_there_twice_are_said() {
    let mut once_more = rows();
    once_more.push(once_more[1].clone());
    given([
        ("rows.tsv", file(&rows())),
        ("copy.tsv", file(&rows())),
        ("once-more.tsv", file(&once_more)),
    ])
    .when("index gdelt rows.tsv once-more.tsv copy.tsv --threads 1 -o table.csv")
    .then_exits(0)
    .when("import gdelt once-more.tsv --dyad ISR-USA --threads 1 -o log.jsonl")
    .then_exits(0)
    .then_golden("bad-event-data-twice");
}

#[test]
fn a_process_that_is_killed_leaves_a_file_whose_name_says_so_and_nothing_else() {
    let desk = given([("rows.tsv", file(&rows()))]);
    let mut running = desk
        .detente("import gdelt - --dyad ISR-USA -o log.jsonl")
        .stdin(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // More than a pipe holds: when it is written, reading has begun.
    let mut input = running.stdin.take().unwrap();
    input.write_all(&file(&rows()).repeat(1000)).unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    let names = std::fs::read_dir(desk.path("")).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    let is_left = names[0].starts_with(".log.jsonl.unfinished-")
        && Path::new(&names[0]).extension() == Some("part".as_ref());
    assert!(is_left, "{names:?}");
    let again = desk.detente(IMPORT).output().unwrap();
    let says = String::from_utf8_lossy(&again.stderr);
    assert!(!desk.path(&names[0]).exists(), "{says}");
    assert!(
        again.status.success() && !says.contains("panicked"),
        "{says}"
    );
}

const TABLE: &str = "id,date,source,target,code,weight,url\n";
const IMPORT_TABLE: &str = "import rows.csv --dyad RUS-USA -o log.jsonl";

#[test]
fn a_quotation_mark_within_a_field_is_a_character_like_others_and_no_row_vanishes() {
    let row = |row: u32| {
        let end = if row % 7 == 3 { "5\" gun" } else { "x" };
        format!("{row},2030-01-02,RUS,USA,042,1,{end}\n")
    };
    // More than a block, so that blocks are cut by the same rule.
    let rows: String = (0..20_000).map(row).collect();
    given([("rows.csv", format!("{TABLE}{rows}").into_bytes())])
        .when(IMPORT_TABLE)
        .then_exits(0)
        .when("log show log.jsonl row-3")
        .then_exits(0)
        .then_golden("bad-event-data-quote-within");
}

#[test]
fn a_quotation_mark_that_is_open_at_the_end_is_malformed_and_said_with_its_line() {
    let row = "2,2030-01-02,RUS,USA,042,1,x\n";
    let open = "3,2030-01-02,RUS,USA,042,\"1\",\"x\n";
    let rows = format!("{TABLE}{row}{open}{}", row.repeat(2_000));
    given([("rows.csv", rows.into_bytes())])
        .when(&format!("{IMPORT_TABLE} --strict"))
        .then_exits(2)
        .when(IMPORT_TABLE)
        .then_exits(0)
        .then_golden("bad-event-data-quote-open");
}

#[test]
fn strict_counts_every_malformed_row_whatever_the_number_of_threads() {
    let rows = "2,2030-01-02,RUS,USA,none,1,x\n".repeat(60_000);
    let desk = given([("rows.csv", format!("{TABLE}{rows}").into_bytes())]);
    for threads in [1, 3] {
        let mut command = desk.detente(&format!(
            "index rows.csv --strict --threads {threads} -o table.csv"
        ));
        let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
        let end: String = said.chars().rev().take(200).collect();
        let end: String = end.chars().rev().collect();
        assert!(end.contains("59900 more"), "{end}");
    }
}

#[test]
fn a_long_row_is_left_out_and_nothing_else_is_lost() {
    const LIMIT: usize = 1 << 20;
    let row = |length: usize| {
        let start = "1,2030-01-01,RUS,USA,042,1,";
        format!("{start}{}\n", "u".repeat(length - start.len()))
    };
    let rows = [
        row(40),
        row(LIMIT + 1),
        row(LIMIT),
        row(LIMIT + 200_000),
        row(41),
    ]
    .concat();
    let alone = format!("{TABLE}{}", row(LIMIT));
    given([("rows.csv", alone.into_bytes())])
        .when(IMPORT_TABLE)
        .then_exits(2);
    given([("rows.csv", format!("{TABLE}{rows}").into_bytes())])
        .when(&format!("{IMPORT_TABLE} --strict"))
        .then_exits(2)
        .when(IMPORT_TABLE)
        .then_exits(0)
        .then_golden("bad-event-data-long");
}

#[test]
fn lines_that_end_in_carriage_returns_alone_are_named() {
    let rows = "id,date,source,target,code\r1,2030-01-01,RUS,USA,042\r2,2030-01-01,RUS,USA,042\r";
    given([("rows.csv", rows)])
        .when(IMPORT_TABLE)
        .then_exits(2)
        .then_golden("bad-event-data-returns");
}

#[test]
fn a_date_of_zeros_is_none_wherever_it_stands() {
    let mut rows = with(0, 2, "00000000");
    // A line of names, for a file must begin with a line of its format.
    rows.insert(0, format!("GLOBALEVENTID{}", "\tname".repeat(60)));
    rows.extend(with(1, 2, "00000000"));
    given([("rows.tsv", file(&rows))])
        .when(IMPORT)
        .then_exits(0)
        .then_golden("bad-event-data-zeros");
}

#[test]
fn a_polecat_row_is_not_dated_after_its_publication_and_names_are_read_as_latin_1() {
    const POLECAT: &str = include_str!("event_data/polecat.tsv");
    let rows = POLECAT
        .lines()
        .take(2)
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let foretold = rows[1].replace("2023-01-03", "2023-01-01");
    let named = rows[1].replace("Redland Ministry", "Redland Minist\u{e8}re");
    let rows = [rows[0].clone(), foretold, named].join("\n");
    let bytes: Vec<u8> = rows.chars().map(|letter| letter as u8).collect();
    given([("rows.tsv", bytes)])
        .when("import rows.tsv --dyad RUS-USA -o log.jsonl")
        .then_exits(0)
        .when("log show log.jsonl polecat-MADEUP_1")
        .then_exits(0)
        .then_golden("bad-event-data-polecat");
}
