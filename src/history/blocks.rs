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
