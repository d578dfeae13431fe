//! BLAKE3 of many short messages side by side, each in a lane of the processor's vectors.
//!
//! The blocks of one message follow from each other, so that a processor mostly waits while it
//! digests a line. The `blake3` crate fills its vectors with chunks of one long message, or with
//! messages of whole blocks; lines are neither. After section 2 of the BLAKE3 paper (O'Connor,
//! Aumasson, Neves and Wilcox-O'Hearn, 2020).
#![expect(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the vectors of the processor that is found"
)]

use fearless_simd::{Level, Simd, SimdBase, SimdInto, dispatch};

/// A digest in bytes.
type Bytes = [u8; 32];

/// The most lanes that vectors have; most processors have fewer.
const LANES: usize = 16;
/// A word of each lane.
type Words = [u32; LANES];

/// From how many messages on they go side by side. Where nothing is optimised that takes fifty
/// times as long as one after the other.
const FEWEST: usize = if cfg!(debug_assertions) {
    usize::MAX
} else {
    3
};

const BLOCK_BYTES: usize = 64;
/// A longer message is a tree, which is the crate's work.
const CHUNK_BYTES: usize = 1024;

/// The words that a message begins with.
const START: [u32; 8] = [
    0x6A09_E667,
    0xBB67_AE85,
    0x3C6E_F372,
    0xA54F_F53A,
    0x510E_527F,
    0x9B05_688C,
    0x1F83_D9AB,
    0x5BE0_CD19,
];
const FIRST_BLOCK: u32 = 1;
/// The last block of a chunk that is all there is.
const LAST_BLOCK: u32 = 2 | 8;

/// The order in which each round takes the words of a block.
const ROUNDS: [[usize; 16]; 7] = {
    const NEXT: [usize; 16] = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8];
    let mut rounds = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]; 7];
    let mut round = 1;
    while round < 7 {
        let mut place = 0;
        while place < 16 {
            rounds[round][place] = rounds[round - 1][NEXT[place]];
            place += 1;
        }
        round += 1;
    }
    rounds
};

/// Which four words of the state are mixed with each other: the columns, then the diagonals.
const MIXED: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// The digests of some messages, in their order.
pub(super) fn digests(messages: &[&[u8]]) -> Vec<Bytes> {
    if messages.len() < FEWEST {
        let alone = |message: &&[u8]| *blake3::hash(message).as_bytes();
        return messages.iter().map(alone).collect();
    }
    side_by_side(Level::new(), messages)
}

fn side_by_side(level: Level, messages: &[&[u8]]) -> Vec<Bytes> {
    dispatch!(level, simd => all(simd, messages))
}

/// As many messages as there are lanes, each as far as it has come.
struct Lanes<'a> {
    /// Which message a lane works on; none where there is no more.
    places: [Option<usize>; LANES],
    /// What is left of it.
    rests: [&'a [u8]; LANES],
    state: [Words; 8],
    block: [Words; 16],
    lengths: Words,
    flags: Words,
}

#[inline(always)]
fn all<S: Simd>(simd: S, messages: &[&[u8]]) -> Vec<Bytes> {
    const { assert!(S::u32s::LEN <= LANES) };
    let mut digests = vec![Bytes::default(); messages.len()];
    let mut lanes = Lanes {
        places: [None; LANES],
        rests: [&[]; LANES],
        state: [[0; LANES]; 8],
        block: [[0; LANES]; 16],
        lengths: [0; LANES],
        flags: [0; LANES],
    };
    let mut to_come = messages.iter().copied().enumerate();
    for lane in 0..S::u32s::LEN {
        lanes.begin(lane, &mut to_come, &mut digests);
    }
    while lanes.places.iter().any(Option::is_some) {
        for lane in 0..S::u32s::LEN {
            lanes.load(lane);
        }
        lanes.compress(simd);
        for lane in 0..S::u32s::LEN {
            if lanes.flags[lane] & LAST_BLOCK == 0 {
                lanes.flags[lane] = 0;
                continue;
            }
            if let Some(place) = lanes.places[lane] {
                digests[place] = lanes.digest(lane);
            }
            lanes.begin(lane, &mut to_come, &mut digests);
        }
    }
    digests
}

impl<'a> Lanes<'a> {
    /// Begins the next message in a lane.
    #[inline(always)]
    fn begin(
        &mut self,
        lane: usize,
        to_come: &mut impl Iterator<Item = (usize, &'a [u8])>,
        digests: &mut [Bytes],
    ) {
        let short = to_come.find(|(place, message)| {
            let is_short = message.len() <= CHUNK_BYTES;
            if !is_short {
                digests[*place] = *blake3::hash(message).as_bytes();
            }
            is_short
        });
        self.places[lane] = short.map(|(place, _)| place);
        self.rests[lane] = short.map_or(&[], |(_, message)| message);
        self.flags[lane] = FIRST_BLOCK;
        for (word, start) in self.state.iter_mut().zip(START) {
            word[lane] = start;
        }
    }

    /// Loads the next block of a lane's message.
    #[inline(always)]
    fn load(&mut self, lane: usize) {
        let rest = self.rests[lane];
        let mut padded = [0; BLOCK_BYTES];
        let (block, behind) = rest.split_first_chunk().unwrap_or_else(|| {
            padded[..rest.len()].copy_from_slice(rest);
            (&padded, &[])
        });
        self.rests[lane] = behind;
        self.lengths[lane] = (rest.len() - behind.len()) as u32;
        if behind.is_empty() {
            self.flags[lane] |= LAST_BLOCK;
        }
        let (parts, _) = block.as_chunks();
        for (word, part) in self.block.iter_mut().zip(parts) {
            word[lane] = u32::from_le_bytes(*part);
        }
    }

    /// The compression function, in all lanes at once.
    #[inline(always)]
    fn compress<S: Simd>(&mut self, simd: S) {
        let load = |words: &Words| S::u32s::from_slice(simd, &words[..S::u32s::LEN]);
        let mut state = [SimdInto::<S::u32s, S>::simd_into(0, simd); 16];
        for (word, held) in state.iter_mut().zip(&self.state) {
            *word = load(held);
        }
        // Words 12 and 13 count chunks, of which there is one.
        for (word, start) in state[8..12].iter_mut().zip(START) {
            *word = start.simd_into(simd);
        }
        state[14] = load(&self.lengths);
        state[15] = load(&self.flags);
        let mut block = state;
        for (word, held) in block.iter_mut().zip(&self.block) {
            *word = load(held);
        }
        for round in &ROUNDS {
            for (mixed, taken) in MIXED.iter().zip(round.as_chunks::<2>().0) {
                mix::<S>(&mut state, *mixed, taken.map(|word| block[word]));
            }
        }
        for (place, held) in self.state.iter_mut().enumerate() {
            (state[place] ^ state[place + 8]).store_slice(&mut held[..S::u32s::LEN]);
        }
    }

    #[inline(always)]
    fn digest(&self, lane: usize) -> Bytes {
        let mut digest = Bytes::default();
        for (part, word) in digest.as_chunks_mut().0.iter_mut().zip(&self.state) {
            *part = word[lane].to_le_bytes();
        }
        digest
    }
}

/// Mixes four words of the state with two of the block.
#[inline(always)]
fn mix<S: Simd>(state: &mut [S::u32s; 16], [a, b, c, d]: [usize; 4], taken: [S::u32s; 2]) {
    for (taken, [first, second]) in taken.into_iter().zip([[16, 12], [8, 7]]) {
        state[a] = state[a] + state[b] + taken;
        state[d] = turned::<S>(state[d] ^ state[a], first);
        state[c] += state[d];
        state[b] = turned::<S>(state[b] ^ state[c], second);
    }
}

/// Words whose bits are turned to the right.
#[inline(always)]
fn turned<S: Simd>(words: S::u32s, bits: u32) -> S::u32s {
    words >> bits | words << (u32::BITS - bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// The digests by every kind of vectors that the processor has.
    #[track_caller]
    fn are_those_of_the_crate(messages: &[&[u8]]) {
        let expected: Vec<_> = messages
            .iter()
            .map(|it| *blake3::hash(it).as_bytes())
            .collect();
        assert_eq!(digests(messages), expected);
        for level in levels() {
            assert_eq!(side_by_side(level, messages), expected, "{level:?}");
        }
    }

    fn levels() -> Vec<Level> {
        let found = Level::new();
        let mut levels = vec![found];
        #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
        levels.extend(
            [
                found.as_avx2().map(Level::Avx2),
                found.as_sse4_2().map(Level::Sse4_2),
                found.as_sse2().map(Level::Sse2),
            ]
            .into_iter()
            .flatten(),
        );
        levels
    }

    fn bytes(length: usize) -> Vec<u8> {
        let byte = |place: usize| ((place * place) >> 3) as u8 ^ place as u8;
        (0..length).map(byte).collect()
    }

    #[test]
    fn messages_of_every_length_have_the_digests_that_the_crate_gives_them() {
        let bytes = bytes(2_200);
        let messages: Vec<_> = (0..=1_100)
            .map(|length| &bytes[length..2 * length])
            .collect();
        are_those_of_the_crate(&messages);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 24,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn any_mix_of_messages_has_the_digests_that_the_crate_gives_them(
            lengths in vec(prop_oneof![0..130_usize, 0..600_usize, 1_000..3_000_usize], 0..60),
        ) {
            let bytes = bytes(3_100);
            let message = |(place, length): (usize, &usize)| &bytes[place..place + length];
            let messages: Vec<_> = lengths.iter().enumerate().map(message).collect();
            are_those_of_the_crate(&messages);
        }
    }
}
