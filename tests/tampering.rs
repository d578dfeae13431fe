//! A log that was changed by hand: which line is named, and that nothing else goes on with it.

#![expect(clippy::unwrap_used, reason = "tests may")]

use crate::cli::{APPEND, Desk, RECORDED, given, statement};
use detente::history::{
    Chain, Recorded, Scope, Source, Survey, Until, read_written, replay, survey,
};
use detente::model::Model;
use detente::store::{Log, Options, append};
use std::collections::BTreeSet;

/// A log of five short lines.
fn short_log() -> Vec<Vec<u8>> {
    let events = ["one", "two", "three", "four", "five"].map(|id| statement(id, ""));
    let desk = given([("events.json", events.concat())])
        .when(APPEND)
        .then_exits(0);
    lines(&desk.read("log.jsonl"))
}

fn lines(log: &[u8]) -> Vec<Vec<u8>> {
    log.split_inclusive(|&byte| byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect()
}

fn recorded() -> Vec<Vec<u8>> {
    lines(RECORDED)
}

/// The chain with which a line ends.
fn chain(line: &[u8]) -> Chain {
    let line = line.strip_suffix(b"\n").unwrap();
    Chain::split(line).unwrap().1
}

/// Verifies a log that was changed, which must be found, and on that line first.
#[track_caller]
fn finds(desk: &Desk, changed: &[u8], first: usize) {
    desk.write("log.jsonl", changed);
    let found = desk.detente("log verify log.jsonl").output().unwrap();
    let says = String::from_utf8(found.stderr).unwrap();
    let place = says
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> log.jsonl:"))
        .unwrap_or_else(|| unreachable!("no place in\n{says}"));
    let line: String = place.chars().take_while(char::is_ascii_digit).collect();
    assert_eq!(line, first.to_string(), "\n{says}");
    assert_eq!(found.status.code(), Some(1), "\n{says}");
    assert_eq!(found.stdout, b"");
    assert_eq!(desk.read("log.jsonl"), changed);
}

#[test]
fn an_untouched_log_is_as_it_was_written_and_its_head_is_told() {
    given([("log.jsonl", RECORDED)])
        .when("log verify")
        .then_exits(0)
        .when("log verify log.jsonl")
        .then_exits(0)
        .when("log verify log.jsonl --head 740724ef678561977938e9f027fb7cfb")
        .then_exits(0)
        .when("check log.jsonl")
        .then_exits(0)
        .then_golden("tampering-none");
}

#[test]
fn any_changed_byte_is_found_on_its_line() {
    /// Of so many bytes one is also changed for the program as it is run.
    const STRIDE: usize = 13;
    let log = short_log();
    let desk = given::<&str>([]);
    for number in [2, 5] {
        let start = log[..number - 1].concat().len();
        for place in 0..log[number - 1].len() - 1 {
            let mut changed = log.concat();
            changed[start + place] ^= 1;
            survey_finds(&changed, number);
            if place % STRIDE == 0 {
                finds(&desk, &changed, number);
            }
        }
    }
}

#[test]
fn a_byte_is_found_whatever_it_was_changed_to() {
    let log = short_log();
    let start = log[0].len();
    for place in start..start + log[1].len() {
        let byte = log.concat()[place];
        let others = (0..8).map(|bit| byte ^ (1 << bit)).chain(*b"\n \"{}0");
        for other in others.filter(|&other| other != byte) {
            let mut changed = log.concat();
            changed[place] = other;
            survey_finds(&changed, 2);
        }
    }
}

/// Reading a log stops at a line, and says that it was changed.
#[track_caller]
fn survey_finds(log: &[u8], number: usize) {
    let error = survey(log, Scope::default(), |_, _| {}).unwrap_err();
    let line = error.faults().first().and_then(|fault| fault.place.line);
    assert_eq!(
        (line, error.is_tampering()),
        (Some(number as u64), true),
        "{error}"
    );
}

#[test]
fn a_removed_line_is_found_where_it_stood() {
    let desk = given::<&str>([]);
    for place in 0..recorded().len() - 1 {
        let mut log = recorded();
        log.remove(place);
        finds(&desk, &log.concat(), place + 1);
    }
}

#[test]
fn swapped_lines_are_found_from_the_first_on() {
    let desk = given::<&str>([]);
    for (one, other) in [(0, 1), (4, 5), (10, 11), (0, 11), (2, 7)] {
        let mut log = recorded();
        log.swap(one, other);
        finds(&desk, &log.concat(), one + 1);
    }
}

#[test]
fn a_doubled_line_is_found_where_it_stands_again() {
    let desk = given::<&str>([]);
    for place in 0..recorded().len() {
        let mut log = recorded();
        log.insert(place, log[place].clone());
        finds(&desk, &log.concat(), place + 2);
    }
}

#[test]
fn a_line_appended_by_hand_is_found() {
    let desk = given::<&str>([]);
    let bare = statement("e", "");
    let with_the_chain_of_another = String::from_utf8(recorded().pop().unwrap())
        .unwrap()
        .replace("\"seq\":12", "\"seq\":13")
        .replace("us-au-call", "us-nz-call");
    for line in [&bare, &with_the_chain_of_another, "\n", "nonsense\n"] {
        finds(&desk, &[RECORDED, line.as_bytes()].concat(), 13);
    }
}

#[test]
fn each_kind_of_change_has_words_of_its_own() {
    let text = String::from_utf8(RECORDED.to_vec()).unwrap();
    let mut removed = recorded();
    removed.remove(4);
    let mut swapped = recorded();
    swapped.swap(4, 5);
    let mut doubled = recorded();
    doubled.insert(5, doubled[4].clone());
    let by_hand = statement("e", "");
    given([
        (
            "a-word.jsonl",
            text.replace("Both presidents", "Two presidents")
                .into_bytes(),
        ),
        (
            "a-key.jsonl",
            text.replacen("\"date\"", "\"dote\"", 1).into_bytes(),
        ),
        ("a-chain.jsonl", text.replace("142a28", "142b28").into()),
        ("removed.jsonl", removed.concat()),
        ("swapped.jsonl", swapped.concat()),
        ("doubled.jsonl", doubled.concat()),
        ("by-hand.jsonl", [RECORDED, by_hand.as_bytes()].concat()),
    ])
    .when("log verify a-word.jsonl")
    .then_exits(1)
    .when("log verify a-key.jsonl")
    .then_exits(1)
    .when("log verify a-chain.jsonl")
    .then_exits(1)
    .when("log verify removed.jsonl")
    .then_exits(1)
    .when("log verify swapped.jsonl")
    .then_exits(1)
    .when("log verify doubled.jsonl")
    .then_exits(1)
    .when("log verify by-hand.jsonl")
    .then_exits(1)
    .then_golden("tampering-each-kind");
}

#[test]
fn a_removed_last_line_is_found_with_the_head_that_was_kept() {
    let mut log = recorded();
    let head = chain(&log.pop().unwrap());
    given([("log.jsonl", log.concat())])
        .when("log verify log.jsonl")
        .then_exits(0)
        .when(&format!("log verify log.jsonl --head {head}"))
        .then_exits(1)
        .then_golden("tampering-last-line");
}

#[test]
fn any_number_of_removed_last_lines_is_found_with_the_head() {
    let mut log = recorded();
    let head = chain(&log[11]);
    let desk = given::<&str>([]);
    while log.len() > 1 {
        log.pop();
        desk.write("log.jsonl", log.concat());
        let verify = |head| desk.detente(&format!("log verify log.jsonl --head {head}"));
        let kept = verify(head).output().unwrap();
        assert_eq!(kept.status.code(), Some(1));
        let own = verify(chain(log.last().unwrap())).output().unwrap();
        assert_eq!(own.status.code(), Some(0));
    }
}

#[test]
fn a_last_line_without_its_line_feed_is_noted_and_is_the_head_all_the_same() {
    let log = RECORDED.strip_suffix(b"\n").unwrap();
    given([("log.jsonl", log)])
        .when("log verify log.jsonl")
        .then_exits(0)
        .when("log verify log.jsonl --head 740724ef678561977938e9f027fb7cfb")
        .then_exits(0)
        .then_golden("tampering-last-line-feed");
}

#[test]
fn what_is_no_head_is_refused() {
    given([("log.jsonl", RECORDED)])
        .when("log verify log.jsonl --head 740724EF678561977938E9F027FB7CFB")
        .then_exits(2)
        .when("log verify log.jsonl --head 7407")
        .then_exits(2)
        .then_golden("tampering-no-head");
}

#[test]
fn every_broken_line_is_told_and_no_other() {
    let mut log = recorded();
    for place in [1, 4, 9] {
        let line = String::from_utf8(log[place].clone()).unwrap();
        log[place] = line.replace("2017-01-29", "2017-01-30").into_bytes();
    }
    given([("log.jsonl", log.concat())])
        .when("log verify log.jsonl")
        .then_exits(1)
        .then_golden("tampering-three-lines");
}

#[test]
fn a_line_that_cannot_be_read_takes_its_place_and_is_told_alone() {
    let mut log = short_log();
    log[2] = b"{not json\n".to_vec();
    let desk = given([("log.jsonl", log.concat())]);
    let found = desk.detente("log verify log.jsonl").output().unwrap();
    let says = String::from_utf8(found.stderr).unwrap();
    assert!(says.contains("log.jsonl:3"), "{says}");
    assert!(!says.contains("`seq`"), "{says}");
}

#[test]
fn nothing_goes_on_with_a_log_that_was_changed() {
    let mut log = recorded();
    log.remove(10);
    let event = statement("e", "");
    given([
        ("log.jsonl", log.concat()),
        ("events.json", event.into_bytes()),
    ])
    .when("replay log.jsonl")
    .then_exits(2)
    .when("log show log.jsonl")
    .then_exits(2)
    .when("check log.jsonl")
    .then_exits(2)
    .when(APPEND)
    .then_exits(2)
    .when("log retract log.jsonl us-de-call --recorded 2017-03-01")
    .then_exits(2)
    .then_golden("tampering-nothing-goes-on");
}

#[test]
fn a_log_that_was_changed_is_told_in_colour_when_asked() {
    let mut log = recorded();
    log.remove(4);
    let desk = given([("log.jsonl", log.concat())]);
    let colourful = desk
        .detente("--color always log verify log.jsonl")
        .output()
        .unwrap();
    let says = String::from_utf8(colourful.stderr).unwrap();
    assert!(says.starts_with("\u{1b}["), "{says}");
}

#[cfg(unix)]
#[test]
fn a_log_that_is_replaced_between_two_readings_is_read_on_as_it_was() {
    let desk = given([
        ("log.jsonl", RECORDED),
        ("other.jsonl", &short_log().concat()[..]),
    ]);
    let log = Log::open(&desk.path("log.jsonl")).unwrap();
    let surveyed = survey(&log, Scope::default(), |_, _| {}).unwrap();
    std::fs::rename(desk.path("other.jsonl"), desk.path("log.jsonl")).unwrap();
    let folded = replay(&log, &surveyed, Until::End, &Model::default(), None).unwrap();
    assert_eq!(folded.events, 12);
}

/// A log of several batches, the same day and on other days, some with events of several days of
/// recording; and where each batch ends.
fn log_of_batches(notes: &[usize]) -> (Vec<u8>, Vec<usize>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let mut ends = Vec::new();
    for (number, note) in notes.iter().enumerate() {
        let event = |place: usize| {
            let note = "x".repeat(note * (place + 1));
            statement(&format!("e{number}-{place}"), &format!(",'note':'{note}'"))
        };
        let events: String = (0..=number % 3).map(event).collect();
        let written = read_written(events.as_bytes()).unwrap();
        let options = Options {
            recorded: Recorded::On(
                ["2017-03-01", "2017-03-04"][number / 3 % 2]
                    .parse()
                    .unwrap(),
            ),
            expect_version: None,
            dry_run: false,
        };
        append(&path, &written, options).unwrap();
        ends.push(std::fs::metadata(&path).unwrap().len() as usize);
    }
    (std::fs::read(&path).unwrap(), ends)
}

/// Reading what became of a log refuses it, or finds all events of it; where that is not to be
/// told from what a power loss leaves, says so.
#[track_caller]
fn loses_nothing(damaged: &[u8], whole: &Survey, is_like_a_power_loss: bool, what: &str) {
    let Ok(found) = survey(damaged, Scope::default(), |_, _| {}) else {
        return;
    };
    if (found.events, found.head) != (whole.events, whole.head) {
        assert!(is_like_a_power_loss, "{what}");
        let torn = found.ending.torn;
        assert!(torn.is_some_and(|torn| torn.is_zeros), "{what}");
    }
}

#[test]
fn no_damaged_byte_and_no_lost_page_makes_events_pass_for_what_a_crash_left() {
    let (log, ends) = log_of_batches(&[3, 0, 9, 2, 7]);
    let whole = survey(&log[..], Scope::default(), |_, _| {}).unwrap();
    assert_eq!(ends.last(), Some(&log.len()));
    for (place, &byte) in log.iter().enumerate() {
        for other in [0, byte ^ (1 << (place % 7)), b'\n', b'{'] {
            if other == byte {
                continue;
            }
            let mut damaged = log.clone();
            damaged[place] = other;
            loses_nothing(&damaged, &whole, false, &format!("{place}: {other}"));
        }
    }
    let (log, _) = log_of_batches(&[300, 0, 900, 200, 0, 70]);
    let whole = survey(&log[..], Scope::default(), |_, _| {}).unwrap();
    let line_feeds = (0..log.len()).filter(|&place| log[place] == b'\n');
    let line_feeds: Vec<_> = line_feeds.collect();
    let begins = |place: usize| place == 0 || log[place - 1] == b'\n' || log[place] == b'\n';
    let near = line_feeds.iter().flat_map(|place| place - 1..place + 4);
    let starts: BTreeSet<_> = near.chain((0..log.len()).step_by(512)).collect();
    for bytes in [2, 512, 4096] {
        for start in starts.iter().copied().filter(|start| *start < log.len()) {
            let end = log.len().min(start + bytes);
            let mut damaged = log.clone();
            damaged[start..end].fill(0);
            let is_like_a_power_loss = end == log.len() && begins(start);
            let what = format!("{bytes} zeros at {start}");
            loses_nothing(&damaged, &whole, is_like_a_power_loss, &what);
            for (place, byte) in damaged[start..end].iter_mut().enumerate() {
                *byte = (place * 37 % 251) as u8;
            }
            loses_nothing(
                &damaged,
                &whole,
                false,
                &format!("{bytes} others at {start}"),
            );
        }
    }
}

#[test]
fn a_damaged_line_before_what_a_crash_left_is_not_taken_for_a_part_of_it() {
    let (log, ends) = log_of_batches(&[3, 0, 9, 2, 7]);
    let mut torn = log.clone();
    let last = ends[ends.len() - 2];
    torn[last] = 0;
    *torn.last_mut().unwrap() = 0;
    let whole = survey(&torn[..], Scope::default(), |_, _| {}).unwrap();
    assert!(whole.ending.torn.is_some());
    for (place, _) in log.iter().enumerate().take(last) {
        let mut damaged = torn.clone();
        damaged[place] = 0;
        let found = survey(&damaged[..], Scope::default(), |_, _| {});
        assert!(found.is_err(), "{place}");
    }
}

#[test]
fn a_repeated_append_puts_back_the_line_feed_before_it_says_what_is_there() {
    let desk = given([("events.json", statement("one", "") + &statement("two", ""))])
        .when(APPEND)
        .then_exits(0);
    let log = desk.read("log.jsonl");
    for ending in [&b"\0"[..], b""] {
        let killed = [&log[..log.len() - 1], ending].concat();
        desk.write("log.jsonl", killed);
        let again = desk.detente(APPEND).output().unwrap();
        assert!(again.status.success());
        assert!(desk.read("log.jsonl") == log);
    }
}

#[test]
fn an_intact_log_with_another_head_is_not_said_to_be_written_anew() {
    let log = short_log();
    given([("log.jsonl", log[..4].concat())])
        .when(&format!("log verify log.jsonl --head {}", chain(&log[4])))
        .then_exits(1)
        .then_golden("tampering-last-of-own-lines");
}

#[test]
fn a_line_that_lost_its_first_byte_stops_everything_and_the_help_puts_it_right() {
    let (log, ends) = log_of_batches(&[3, 0, 9, 2, 7]);
    let mut damaged = log.clone();
    damaged[ends[1]] = 0;
    let mut worse = damaged.clone();
    worse[ends[1] + 10..ends[1] + 20].fill(0);
    let mut last = log.clone();
    last[ends[3]] = 0;
    let desk = given([
        ("log.jsonl", damaged.clone()),
        ("worse.jsonl", worse),
        ("last.jsonl", last),
        // Copied in part, onto a place of the right length.
        (
            "part.jsonl",
            [&log[..ends[2] - 60], &vec![0; 2000]].concat(),
        ),
        ("events.json", statement("e", "").into_bytes()),
    ])
    .when("log verify log.jsonl")
    .then_exits(1)
    .when("log verify worse.jsonl")
    .then_exits(1)
    .when("log verify last.jsonl")
    .then_exits(1)
    .when("log verify part.jsonl")
    .then_exits(1)
    .when("replay log.jsonl")
    .then_exits(2)
    .when("log show log.jsonl")
    .then_exits(2)
    .when("check log.jsonl")
    .then_exits(2)
    .when(APPEND)
    .then_exits(2);
    assert_eq!(desk.read("log.jsonl"), damaged);
    let names = std::fs::read_dir(desk.path("")).unwrap().count();
    assert_eq!(names, 5, "something was moved");
    let says = desk.detente("log verify log.jsonl").output().unwrap();
    let says = String::from_utf8(says.stderr).unwrap();
    let (_, advice) = says.split_once("its chain: ").unwrap();
    let command = advice.lines().next().unwrap();
    let mended = std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(desk.path(""))
        .output()
        .unwrap();
    assert!(mended.status.success(), "{command}: {mended:?}");
    assert_eq!(desk.read("log.jsonl"), log);
    desk.then_golden("tampering-first-byte");
}

/// A log that is another one each time it is read, as one that is appended to meanwhile.
struct Growing<'a> {
    times_read: std::cell::Cell<usize>,
    readings: [&'a [u8]; 2],
}

impl Source for Growing<'_> {
    type Reader<'a>
        = &'a [u8]
    where
        Self: 'a;

    fn open(&self) -> std::io::Result<&[u8]> {
        let time = self.times_read.get();
        self.times_read.set(time + 1);
        Ok(self.readings[time.min(1)])
    }
}

#[test]
fn whoever_reads_while_a_batch_is_committed_finds_what_was_there_before_it() {
    let (log, ends) = log_of_batches(&[3, 0, 9, 2, 7]);
    let mut seen = log.clone();
    // The beginning was read before the batch was committed, the rest when others were, too.
    seen[ends[1]] = 0;
    let reading = |then| Growing {
        times_read: std::cell::Cell::new(0),
        readings: [&seen, then],
    };
    let found = survey(&reading(&log), Scope::default(), |_, _| {}).unwrap();
    assert_eq!((found.events, found.bytes), (3, ends[1] as u64));
    assert!(found.ending.torn.is_some());
    survey(&reading(&seen), Scope::default(), |_, _| {}).unwrap_err();
}
