//! Names that are derived from a code point, so that no list contains them.
//!
//! There are two rules: a prefix and the code point in hexadecimal, and `HANGUL SYLLABLE ` with the
//! short names of up to three letters. [`AlgorithmicNames`] is what interpreters disagree about.

use super::entries::HexRange;
use super::tables;
use super::version::Version;

/// How an interpreter reads names that are derived from a code point (`CJK UNIFIED
/// IDEOGRAPH-4E00`).
///
/// All interpreters ignore the case of all other names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AlgorithmicNames {
    /// Hangul syllables and CJK unified ideographs in capitals only, a four-digit code point also
    /// as `04E00`, no Tangut ideographs: CPython up to 3.13.12, and 3.14.0 to 3.14.3.
    Strict,
    /// In any case, no leading zeros, with Tangut ideographs: CPython 3.13.13, 3.14.4, 3.15 and
    /// later.
    AnyCase,
}
/// Which interpreters accept a prefix, and how they read the digits after it.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    /// All, because the database lists the names one by one.
    Listed,
    /// All, as [`AlgorithmicNames`] says.
    Ideographs,
    /// Only those with [`AlgorithmicNames::AnyCase`].
    AnyCaseOnly,
}

/// The prefixes of CPython's own rules, and of names in the database that happen to be regular.
static PREFIXES: [(&[u8], Rule, &[HexRange]); 6] = [
    (b"CJK UNIFIED IDEOGRAPH-", Rule::Ideographs, &tables::CJK_UNIFIED_IDEOGRAPH),
    (b"TANGUT IDEOGRAPH-", Rule::AnyCaseOnly, &tables::TANGUT_IDEOGRAPH),
    (b"CJK COMPATIBILITY IDEOGRAPH-", Rule::Listed, &tables::CJK_COMPATIBILITY_IDEOGRAPH),
    (b"EGYPTIAN HIEROGLYPH-", Rule::Listed, &tables::EGYPTIAN_HIEROGLYPH),
    (b"KHITAN SMALL SCRIPT CHARACTER-", Rule::Listed, &tables::KHITAN_SMALL_SCRIPT_CHARACTER),
    (b"NUSHU CHARACTER-", Rule::Listed, &tables::NUSHU_CHARACTER),
];

/// Returns the character of a derived name. `upper` is the name in capitals, `capitals` whether it
/// was written in capitals.
pub(super) fn lookup(version: Version, upper: &[u8], capitals: bool, rules: AlgorithmicNames) -> Option<u32> {
    let strict = rules == AlgorithmicNames::Strict;
    if let Some(syllable) = upper.strip_prefix(b"HANGUL SYLLABLE ") {
        return hangul(syllable).filter(|_| capitals || !strict);
    }
    for (prefix, rule, ranges) in &PREFIXES {
        let Some(digits) = upper.strip_prefix(*prefix) else { continue };
        let rejected = match rule {
            Rule::Listed => false,
            Rule::Ideographs => strict && !capitals,
            Rule::AnyCaseOnly => strict,
        };
        let zeros = strict && *rule == Rule::Ideographs;
        let holds = |range: &&HexRange| (range.since..=range.until).contains(&version);
        let c = code_point(digits, zeros).filter(|_| !rejected)?;
        return ranges.iter().filter(holds).any(|range| (range.first..=range.last).contains(&c)).then_some(c);
    }
    None
}

/// Parses four or five hexadecimal digits. `zeros` allows five to begin with a zero.
fn code_point(digits: &[u8], zeros: bool) -> Option<u32> {
    if !matches!(digits.len(), 4 | 5) || (digits[0] == b'0' && !zeros) {
        return None;
    }
    digits.iter().try_fold(0, |number, &digit| Some(number << 4 | char::from(digit).to_digit(16)?))
}

const INITIALS: [&str; 19] =
    ["G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"];
const MEDIALS: [&str; 21] = [
    "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI",
    "YU", "EU", "YI", "I",
];
const FINALS: [&str; 28] = [
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS",
    "S", "SS", "NG", "J", "C", "K", "T", "P", "H",
];

/// Returns the syllable of romanised letters: consonants, vowels, consonants.
fn hangul(syllable: &[u8]) -> Option<u32> {
    const FIRST_SYLLABLE: usize = 0xAC00;
    let is_vowel = |letter: &u8| b"AEIOUWY".contains(letter);
    let start = syllable.iter().position(is_vowel)?;
    let len = syllable[start..].iter().take_while(|letter| is_vowel(letter)).count();
    let place = |letters: &[&str], part: &[u8]| letters.iter().position(|letter| letter.as_bytes() == part);
    let initial = place(&INITIALS, &syllable[..start])?;
    let medial = place(&MEDIALS, &syllable[start..start + len])?;
    let last = place(&FINALS, &syllable[start + len..])?;
    Some((FIRST_SYLLABLE + (initial * MEDIALS.len() + medial) * FINALS.len() + last) as u32)
}

/// Returns the number of derived names.
#[cfg(test)]
pub(super) fn count(version: Version, rules: AlgorithmicNames) -> usize {
    let known = PREFIXES
        .iter()
        .filter(|(_, rule, _)| *rule != Rule::AnyCaseOnly || rules == AlgorithmicNames::AnyCase);
    let ranges = known.flat_map(|(_, _, ranges)| ranges.iter());
    let held = ranges.filter(|range| (range.since..=range.until).contains(&version));
    let hex: u32 = held.map(|range| range.last + 1 - range.first).sum();
    hex as usize + INITIALS.len() * MEDIALS.len() * FINALS.len()
}
