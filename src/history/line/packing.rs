//! Very many events in memory: packed, and unpacked one at a time when they are looked at.

use super::packed::{Packed, fold_into};
use super::record::{Draft, Record};
use std::sync::Arc;

/// From how many events on a history is packed. (A choice: below that it takes little memory, and
/// is looked at faster as it is.)
const PACKED_FROM: usize = 4_096;

/// How many events share a piece of memory.
const BLOCK_EVENTS: usize = 256;

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
        for records in self.done[self.packed..].chunks_mut(BLOCK_EVENTS) {
            let mut block = String::new();
            let mut ends = Vec::with_capacity(records.len());
            for record in &*records {
                let start = block.len();
                let rest = Draft {
                    id: None,
                    chain: None,
                    ..record.as_written().clone()
                };
                // It is plain data, which can always be written.
                let rest = serde_json::to_string(&rest).unwrap_or_default();
                fold_into(record.id(), &rest, &mut block);
                ends.push((start, block.len()));
            }
            block.shrink_to_fit();
            let block = Arc::new(block);
            for (record, (start, end)) in records.iter_mut().zip(ends) {
                // A record that is too long for it stays as it is.
                if let (Ok(start), Ok(length)) = (start.try_into(), (end - start).try_into()) {
                    let block = Arc::clone(&block);
                    record.hold(Packed {
                        block,
                        start,
                        length,
                    });
                }
            }
        }
        self.packed = self.done.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::library::LIBRARY;
    use crate::history::line::codec::read_line;

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
    fn few_events_are_held_as_they_are() {
        let mut packing = Packing::default();
        for record in shipped() {
            packing.push(record);
        }
        assert!(packing.finish().iter().all(|record| !record.is_packed()));
    }
}
