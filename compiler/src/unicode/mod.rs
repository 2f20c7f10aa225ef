//! What `sre` asks of Unicode, for each Unicode version that a CPython from 3.8 to 3.15 was built with.
//!
//! Every answer is the interpreter's, for every code point: [`Version::to_lower`] is `_sre.unicode_tolower`, not
//! what the standard would say. The facts were asked from the interpreters (`cargo xtask unicode`), and are kept as
//! one table for each property, in which every range says since which version it holds. Nothing was ever withdrawn,
//! but for 15 names that 3.8 gives by mistake. All of it is constant data; no query allocates.

mod algorithmic;
mod case;
mod entries;
mod list;
mod names;
mod ranges;
#[rustfmt::skip]
#[path = "generated/tables.rs"]
mod tables;
#[cfg(test)]
mod tests;
mod version;

pub use algorithmic::AlgorithmicNames;
pub use entries::LowerRun;
pub use names::Named;
pub use version::Version;

impl Version {
    /// The lower case of a character, itself if there is no other: `_sre.unicode_tolower`.
    pub fn to_lower(self, c: u32) -> u32 {
        match ascii(c) {
            Some(char) => char.to_ascii_lowercase().into(),
            None => case::to_lower(self, c),
        }
    }

    /// Whether the lower or the upper case is another character: `_sre.unicode_iscased`.
    pub fn is_cased(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic(),
            None => ranges::contains(&tables::CASED, self, c),
        }
    }

    /// `str.isalpha` of one character.
    pub fn is_alpha(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic(),
            None => ranges::contains(&tables::ALPHA, self, c),
        }
    }

    /// `str.isprintable` of one character.
    pub fn is_printable(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => matches!(char, b' '..=b'~'),
            None => ranges::contains(&tables::PRINTABLE, self, c),
        }
    }

    /// Whether an identifier may begin with the character: `chr(c).isidentifier()`. The underscore may.
    pub fn is_id_start(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphabetic() || char == b'_',
            None => ranges::contains(&tables::ID_START, self, c),
        }
    }

    /// Whether an identifier may go on with the character: `("a" + chr(c)).isidentifier()`.
    pub fn is_id_continue(self, c: u32) -> bool {
        match ascii(c) {
            Some(char) => char.is_ascii_alphanumeric() || char == b'_',
            None => ranges::contains(&tables::ID_CONTINUE, self, c),
        }
    }

    /// The value of a decimal digit of any script: `unicodedata.decimal`, and what `int(chr(c))` gives.
    pub fn decimal(self, c: u32) -> Option<u8> {
        match ascii(c) {
            Some(char) => char.is_ascii_digit().then(|| char - b'0'),
            // Digits come in tens, which the emitter asserts.
            None => ranges::find(&tables::DECIMAL, self, c).map(|range| ((c - range.first()) % 10) as u8),
        }
    }

    /// The character, or the sequence of characters, of a name: `unicodedata.lookup`.
    ///
    /// `name` is code points as written in the pattern; `None` is Python's `KeyError`.
    pub fn lookup_name(self, name: &[u32], algorithmic: AlgorithmicNames) -> Option<Named> {
        names::lookup(self, name, algorithmic)
    }

    /// The characters of `lo..=hi` that have another lower case, as disjoint runs in ascending order.
    ///
    /// Costs a binary search and a step for each run, however many characters lie between.
    pub fn lower_runs(self, lo: u32, hi: u32) -> impl Iterator<Item = LowerRun> {
        case::lower_runs(self, lo, hi)
    }

    /// The cased characters of `lo..=hi`, as disjoint ranges in ascending order, each with its first and its last.
    pub fn cased(self, lo: u32, hi: u32) -> impl Iterator<Item = (u32, u32)> {
        ranges::between(&tables::CASED, self, lo, hi)
    }

    /// Whether any character of `lo..=hi` is cased.
    pub fn any_cased(self, lo: u32, hi: u32) -> bool {
        self.cased(lo, hi).next().is_some()
    }
}

/// `str.isspace` of one character, which is the same in all versions.
pub fn is_space(c: u32) -> bool {
    tables::SPACE.iter().any(|&(first, last)| (first..=last).contains(&c))
}

fn ascii(c: u32) -> Option<u8> {
    u8::try_from(c).ok().filter(u8::is_ascii)
}
