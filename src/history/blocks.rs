//! Lines of a log cut into blocks, which threads can look at side by side.

/// How many bytes of lines a block has, where there are so many.
const BLOCK_BYTES: usize = 1 << 18;

/// The most threads that look at blocks: more would only wait for what is done in order, and hold
/// blocks meanwhile.
const THREADS_OF_USE: usize = 8;

/// How many threads are to look at blocks, of so many that may.
pub(super) fn threads_of_use(threads: usize) -> usize {
    threads.min(THREADS_OF_USE)
}

/// Some lines that stand one behind the other.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The number of the first.
    first: u64,
    /// How many bytes of the log stand before it.
    offset: u64,
    /// Lines with their line feeds.
    bytes: Vec<u8>,
    /// Where each line ends, before its line feed.
    ends: Vec<usize>,
}

impl Block {
    /// Begins anew, with the line of a number that so many bytes stand before.
    pub(super) fn begin(&mut self, first: u64, offset: u64) {
        (self.first, self.offset) = (first, offset);
        self.bytes.clear();
        self.ends.clear();
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
        self.bytes.push(b'\n');
    }

    /// Adds the lines that some bytes begin with, each with its line feed, `most` of them at most
    /// and none behind one that is not as others are. How many lines and bytes those were.
    pub(super) fn push_lines(
        &mut self,
        bytes: &[u8],
        most: u64,
        is_as_others: impl Fn(&[u8]) -> bool,
    ) -> [usize; 2] {
        let (before, lines) = (self.bytes.len(), self.ends.len());
        let mut taken = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let count = (self.ends.len() - lines) as u64;
            if count >= most || before + taken >= BLOCK_BYTES || !is_as_others(&bytes[taken..end]) {
                break;
            }
            self.ends.push(before + end);
            taken = end + 1;
        }
        self.bytes.extend_from_slice(&bytes[..taken]);
        [self.ends.len() - lines, taken]
    }

    /// Whether it has enough.
    pub(super) const fn is_full(&self) -> bool {
        self.bytes.len() >= BLOCK_BYTES
    }

    /// The number of the first line, and how many bytes of the log stand before it.
    pub(super) const fn begins(&self) -> (u64, u64) {
        (self.first, self.offset)
    }

    /// How many bytes of the log stand before the line of a number, which is one of these.
    pub(super) fn offset_of(&self, number: u64) -> u64 {
        self.offset + self.start((number - self.first) as usize) as u64
    }

    fn start(&self, place: usize) -> usize {
        place
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] + 1)
    }

    /// Its lines, each with its number.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = (u64, &[u8])> {
        (0..self.ends.len()).map(|place| {
            (
                self.first + place as u64,
                &self.bytes[self.start(place)..self.ends[place]],
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_threads_look_at_blocks_than_help() {
        for (may, are) in [(0, 0), (1, 1), (8, 8), (9, 8), (usize::MAX, 8)] {
            assert_eq!(threads_of_use(may), are);
        }
    }

    #[test]
    fn a_block_has_lines_in_their_order_and_knows_where_each_stands() {
        let mut block = Block::default();
        block.begin(7, 100);
        block.push(b"one");
        let any = |_: &[u8]| true;
        assert_eq!(block.push_lines(b"two\n\nfour\nfi", u64::MAX, any), [3, 10]);
        assert_eq!(block.push_lines(b"a\nb\nc\n", 2, any), [2, 4]);
        let until = |line: &[u8]| line != b"!";
        assert_eq!(block.push_lines(b"c\n!\nd\n", u64::MAX, until), [1, 2]);
        let lines = [&b"one"[..], b"two", b"", b"four", b"a", b"b", b"c"];
        assert!(block.lines().eq((7..).zip(lines)));
        let offsets = (7..14).map(|number| block.offset_of(number));
        assert!(offsets.eq([100, 104, 108, 109, 114, 116, 118]));
        assert!(!block.is_full());
    }

    #[test]
    fn a_block_takes_no_line_once_it_has_enough() {
        let bytes = [&[b'x'; 1_000][..], b"\n"].concat().repeat(400);
        let mut block = Block::default();
        block.push(b"x");
        assert_eq!(
            block.push_lines(&bytes, u64::MAX, |_| true),
            [262, 262 * 1_001]
        );
        assert!(block.is_full());
        assert_eq!(block.push_lines(&bytes, u64::MAX, |_| true), [0, 0]);
    }
}
