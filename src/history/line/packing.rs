//! Very many events in memory: packed, and unpacked one at a time when they are looked at.

use super::chain::Chain;
use super::packed::{Folding, Form, Packed, without_days};
use super::record::Record;

/// From how many events on a history is packed. (A choice: below that it takes little memory, and
/// is looked at faster as it is.)
const PACKED_FROM: usize = 4_096;

/// How many events share a piece of memory.
const BLOCK_EVENTS: usize = 2_048;

/// Takes events one by one, and holds very many of them packed.
#[derive(Debug, Default)]
pub struct Packing {
    done: Vec<Record>,
    /// How many of the first are packed.
    packed: usize,
}

impl Packing {
    /// Takes the next event.
    pub fn push(&mut self, record: Record) {
        self.done.push(record);
        let are_many = self.done.len() >= PACKED_FROM.max(self.packed + BLOCK_EVENTS);
        if are_many {
            self.pack();
        }
    }

    /// All events, in their order.
    #[must_use]
    pub fn finish(mut self) -> Vec<Record> {
        if self.packed > 0 {
            self.pack();
        }
        self.done.shrink_to_fit();
        self.done
    }

    /// The events so far.
    #[must_use]
    pub fn so_far(&self) -> &[Record] {
        &self.done
    }

    fn pack(&mut self) {
        let is_whole = |record: &&mut Record| !record.is_packed();
        let mut left: Vec<_> = self.done[self.packed..]
            .iter_mut()
            .filter(is_whole)
            .collect();
        for records in left.chunks_mut(BLOCK_EVENTS) {
            let (mut folding, mut written) = (Folding::default(), Vec::new());
            let mut places = Vec::with_capacity(records.len());
            for record in &*records {
                written.clear();
                let rest = rest_of(record, &mut written);
                places.push(rest.map(|rest| folding.put(record.id(), &rest)));
            }
            let block = folding.finish();
            for (record, place) in records.iter_mut().zip(places) {
                // A record that is too long for it stays as it is.
                let packed = place.and_then(|place| Packed::new(&block, place, Form::Folded));
                if let Some(packed) = packed {
                    record.hold(packed);
                }
            }
        }
        self.packed = self.done.len();
    }
}

/// The JSON of all fields of an event but its id, its days and the chain of its line.
fn rest_of(record: &Record, written: &mut Vec<u8>) -> Option<String> {
    record.write(written).ok()?;
    let body = match Chain::split(written) {
        Some((body, _)) => body,
        None => written.strip_suffix(b"}")?,
    };
    let body = str::from_utf8(body).ok()?;
    // Nothing but numbers stands before the id.
    let (before, behind) = body.split_once("\"id\":\"")?;
    let behind = behind.strip_prefix(record.id())?.strip_prefix("\",")?;
    let behind = without_days(behind)?;
    Some([before, behind, "}"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::library::LIBRARY;
    use crate::history::line::codec::read_line;
    use crate::history::line::draft::Draft;
    use crate::history::line::form::check;
    use crate::model::Day;

    fn shipped() -> Vec<Record> {
        let lines = LIBRARY
            .iter()
            .flat_map(|shipped| shipped.log.split(|byte| *byte == b'\n'));
        let read = |line: &[u8]| read_line(line, 1).unwrap();
        lines.filter(|line| !line.is_empty()).map(read).collect()
    }

    #[test]
    fn what_is_packed_is_the_same_event() {
        let records = shipped();
        let mut packing = Packing::default();
        let many = records
            .iter()
            .cycle()
            .take(PACKED_FROM + 2 * BLOCK_EVENTS + 1);
        many.clone().for_each(|record| packing.push(record.clone()));
        let packed = packing.so_far().iter().filter(|record| record.is_packed());
        assert_eq!(packed.count(), PACKED_FROM + 2 * BLOCK_EVENTS);
        assert_eq!(packing.so_far().len(), many.clone().count());
        let packed = packing.finish();
        assert_eq!(packed.len(), many.clone().count());
        for (packed, whole) in packed.iter().zip(many) {
            assert!(packed.is_packed());
            assert_eq!(packed.id(), whole.id());
            let without_chain = Draft {
                chain: None,
                ..whole.fields().clone()
            };
            assert_eq!(*packed.fields(), without_chain);
            assert!(packed.same_event(whole));
        }
    }

    #[test]
    fn packed_events_are_the_same_event_where_all_that_is_written_is() {
        let records = shipped();
        let packed = |note: Option<&str>| {
            let mut packing = Packing::default();
            for record in records.iter().cycle().take(PACKED_FROM + BLOCK_EVENTS) {
                let note = note.map_or_else(|| record.fields().note.clone(), |it| Some(it.into()));
                // What only a log gives to an event is none of it.
                let draft = Draft {
                    note,
                    chain: None,
                    ..record.fields().clone()
                };
                packing.push(check(draft).unwrap());
            }
            packing.finish()
        };
        let (ones, same, others) = (packed(None), packed(None), packed(Some("Another \u{2014}")));
        for (place, one) in ones.iter().enumerate() {
            assert!(one.is_packed());
            assert!(one.same_event(&same[place]) && same[place].same_event(one));
            assert!(!one.same_event(&others[place]) && !others[place].same_event(one));
            // Once more in the same block or another.
            let again = &ones[(place + records.len()) % ones.len()];
            let is_again =
                (place + records.len()) % ones.len() % records.len() == place % records.len();
            assert_eq!(one.same_event(again), is_again, "{place}");
            assert!(!one.same_event(&ones[(place + 1) % records.len()]) || records.len() == 1);
        }
    }

    #[test]
    fn a_packed_event_is_changed_like_any_other() {
        let records = shipped();
        let mut packing = Packing::default();
        let many = records.iter().cycle().take(PACKED_FROM);
        many.for_each(|record| packing.push(record.clone()));
        for (packed, whole) in packing.finish().into_iter().zip(&records) {
            let day = whole.date().plus_days(3).unwrap();
            assert!(packed.on(day).same_event(&whole.clone().on(day)));
        }
    }

    #[test]
    fn a_packed_event_is_written_as_any_other() {
        let records = shipped();
        let mut packing = Packing::default();
        let day: Day = "2031-02-03".parse().unwrap();
        let (once, many) = (records.len(), PACKED_FROM);
        // Some with a number, a day of recording or a format version of their own, some without.
        for (place, record) in records.iter().cycle().take(many.max(4 * once)).enumerate() {
            let fields = record.fields();
            let draft = Draft {
                v: (place % 3 == 1).then_some(1),
                seq: fields.seq.filter(|_| place % 2 == 1),
                recorded: fields.recorded.filter(|_| place % 5 > 1),
                chain: fields.chain.filter(|_| place % 7 > 2),
                ..fields.clone()
            };
            packing.push(check(draft).unwrap());
        }
        for (seq, packed) in (1..).zip(packing.finish()) {
            let whole = check(packed.fields().clone()).unwrap();
            assert!(packed.is_packed());
            assert_eq!(packed.recorded(), whole.recorded());
            let placed = [packed, whole].map(|record| {
                let mut written = Vec::new();
                record.placed(seq, day).write(&mut written).unwrap();
                String::from_utf8(written).unwrap()
            });
            assert_eq!(placed[0], placed[1]);
        }
    }

    #[test]
    fn an_event_of_very_many_takes_little_room() {
        assert_eq!(size_of::<Record>(), 32);
    }

    #[test]
    fn few_events_are_held_as_they_are() {
        let mut packing = Packing::default();
        for record in shipped() {
            packing.push(record);
        }
        assert!(packing.finish().iter().all(|record| !record.is_packed()));
    }
}
