//! The runs of consecutive characters in a set with at most two.

/// At most two runs, each with its first and its last character.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Runs {
    pub runs: [(u32, u32); 2],
    pub len: usize,
}
/// Clears the lowest set bit.
#[inline]
pub(super) fn without_lowest(bits: u128) -> u128 {
    bits & bits.wrapping_sub(1)
}
/// Returns the runs of ASCII characters, if there are at most two.
#[inline]
pub(crate) fn few_runs_of_ascii(bits: u128) -> Option<Runs> {
    let (starts, ends) = (bits & !(bits << 1), bits & !(bits >> 1));
    let second = without_lowest(starts);
    if without_lowest(second) != 0 {
        return None;
    }
    let run = |start: u128, end: u128| (start.trailing_zeros(), end.trailing_zeros());
    if second == 0 {
        return Some(Runs { runs: [run(starts, ends), (0, 0)], len: usize::from(starts != 0) });
    }
    Some(Runs { runs: [run(starts, ends), run(second, without_lowest(ends))], len: 2 })
}
/// Returns the runs of set bits, if there are at most two.
pub(super) fn few_runs_of_words<const WORDS: usize>(words: [u64; WORDS]) -> Option<Runs> {
    let mut few = Runs::default();
    let mut before = 0;
    for (index, word) in words.into_iter().enumerate() {
        if word == 0 && before == 0 {
            continue;
        }
        let after = words.get(index + 1).map_or(0, |next| next & 1);
        let mut starts = word & !(word << 1 | before);
        let mut ends = word & !(word >> 1 | after << 63);
        let at = |bits: u64| index as u32 * 64 + bits.trailing_zeros();
        // The run that continues from the previous word already has an entry.
        if before != 0 && ends != 0 && (starts == 0 || at(ends) < at(starts)) {
            few.runs[few.len - 1].1 = at(ends);
            ends &= ends - 1;
        }
        while starts != 0 {
            let end = if ends == 0 { u32::MAX } else { at(ends) };
            *few.runs.get_mut(few.len)? = (at(starts), end);
            few.len += 1;
            starts &= starts - 1;
            ends &= ends.wrapping_sub(1);
        }
        before = word >> 63;
    }
    Some(few)
}
