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
    bytes: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
}

impl Block {
    /// Begins anew, with the line of a number.
    pub(super) fn begin(&mut self, first: u64) {
        self.first = first;
        self.bytes.clear();
        self.ends.clear();
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
    }

    /// Whether it has enough.
    pub(super) const fn is_full(&self) -> bool {
        self.bytes.len() >= BLOCK_BYTES
    }

    /// Its lines, each with its number.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = (u64, &[u8])> {
        (0..self.ends.len()).map(|place| {
            let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
            (
                self.first + place as u64,
                &self.bytes[start..self.ends[place]],
            )
        })
    }
}
