//! Comparing characters when case is ignored.

use crate::dialect::Rules;
use crate::flags::Flags;
use crate::input::MaskedByte;
use crate::unicode::Version;

/// How the flags treat case at compile time.
///
/// CPython: `iscased`, `tolower` and `fixes` of `re/_compiler.py`, `_compile`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Case {
    /// Characters are not changed: case is respected, or the locale decides at match time.
    Kept,
    Ascii,
    Unicode {
        version: Version,
        /// Whether the extra cases include those of [`Rules::cyrillic_extra_cases`].
        cyrillic: bool,
    },
}

/// Lower-case characters with the same upper case.
///
/// CPython: `re/_casefix.py`, `_EXTRA_CASES`
const EXTRA_CASES: [&[u32]; 24] = [
    &[0x69, 0x131],
    &[0x73, 0x17f],
    &[0xb5, 0x3bc],
    &[0x345, 0x3b9, 0x1fbe],
    &[0x390, 0x1fd3],
    &[0x3b0, 0x1fe3],
    &[0x3b2, 0x3d0],
    &[0x3b5, 0x3f5],
    &[0x3b8, 0x3d1],
    &[0x3ba, 0x3f0],
    &[0x3c0, 0x3d6],
    &[0x3c1, 0x3f1],
    &[0x3c2, 0x3c3],
    &[0x3c6, 0x3d5],
    &[0x1e61, 0x1e9b],
    &[0xfb05, 0xfb06],
    // with `Rules::cyrillic_extra_cases` only:
    &[0x432, 0x1c80],
    &[0x434, 0x1c81],
    &[0x43e, 0x1c82],
    &[0x441, 0x1c83],
    &[0x442, 0x1c84, 0x1c85],
    &[0x44a, 0x1c86],
    &[0x463, 0x1c87],
    &[0x1c88, 0xa64b],
];

/// The length of the table without the Cyrillic rows.
const WITHOUT_CYRILLIC: usize = 16;

/// How many rows have a character of ASCII. They are the first ones.
pub(super) const ASCII_EXTRA_CASES: usize = 2;

/// The ASCII letters of these rows, in either case.
pub(super) const ASCII_EXTRAS: [MaskedByte; ASCII_EXTRA_CASES] = {
    const NOT_SMALL: u8 = 0xdf;
    [(NOT_SMALL, EXTRA_CASES[0][0] as u8 & NOT_SMALL), (NOT_SMALL, EXTRA_CASES[1][0] as u8 & NOT_SMALL)]
};

impl Case {
    pub(super) fn of(flags: Flags, rules: &Rules) -> Case {
        if !flags.intersects(Flags::IGNORECASE) || flags.intersects(Flags::LOCALE) {
            Case::Kept
        } else if flags.intersects(Flags::UNICODE) {
            Case::Unicode { version: rules.unicode, cyrillic: rules.cyrillic_extra_cases }
        } else {
            Case::Ascii
        }
    }

    #[inline]
    pub(super) fn is_cased(self, c: u32) -> bool {
        match self {
            Case::Kept => false,
            Case::Ascii => is_ascii_letter(c),
            Case::Unicode { .. } if c < 0x80 => is_ascii_letter(c),
            Case::Unicode { version, .. } => version.is_cased(c),
        }
    }

    /// Returns whether any character from `first` to `last` is cased.
    pub(super) fn any_cased(self, first: u32, last: u32) -> bool {
        match self {
            Case::Kept => false,
            Case::Unicode { version, .. } if last >= 0x80 => version.any_cased(first, last),
            Case::Ascii | Case::Unicode { .. } => {
                let overlaps = |letters: (char, char)| first <= letters.1 as u32 && letters.0 as u32 <= last;
                overlaps(('A', 'Z')) || overlaps(('a', 'z'))
            }
        }
    }

    #[inline]
    pub(super) fn to_lower(self, c: u32) -> u32 {
        match self {
            Case::Kept => c,
            Case::Unicode { version, .. } if c >= 0x80 => version.to_lower(c),
            _ if (0x41..=0x5a).contains(&c) => c + 0x20,
            _ => c,
        }
    }

    /// Returns the sets of lower-case characters that match each other.
    pub(super) fn extra_case_sets(self) -> &'static [&'static [u32]] {
        match self {
            Case::Unicode { cyrillic: true, .. } => &EXTRA_CASES,
            Case::Unicode { cyrillic: false, .. } => &EXTRA_CASES[..WITHOUT_CYRILLIC],
            _ => &[],
        }
    }

    /// Returns the lower-case characters that match `lower`, including itself, if there are others.
    pub(super) fn extra_case_set(self, lower: u32) -> Option<&'static [u32]> {
        self.extra_case_sets().iter().copied().find(|set| set.contains(&lower))
    }
}

/// Returns the other character that matches an ASCII lower-case letter by the rules of Unicode, if
/// there is one.
#[inline(always)]
pub(super) fn ascii_extra_case(lower: u32) -> Option<u32> {
    EXTRA_CASES[..ASCII_EXTRA_CASES].iter().find(|set| set[0] == lower).map(|set| set[1])
}

#[inline]
pub(super) fn is_ascii_letter(c: u32) -> bool {
    // Maps both cases to one, and checks both bounds with one comparison.
    (c | 0x20).wrapping_sub(0x61) < 26
}
