//! Names of characters, as `unicodedata.lookup` finds them.
//!
//! A name never changes, so one list of names serves all versions. A name is stored as the codes of
//! its words. It is split before every space and hyphen; the space is dropped, the hyphen kept:
//! `LATIN SMALL LETTER F-ENG` is `LATIN`, `SMALL`, `LETTER`, `F`, `-ENG`. Common words have a code
//! of one byte, all others one of two. The codes are indices into sorted lists of words. A query is
//! turned into a key by looking up its words, and the key is looked up in sorted lists of keys. All
//! files are generated; [`list`](super::list) describes their layout:
//!
//! | file | keys | values |
//! |---|---|---|
//! | `common.bin` | words; the code is the index | |
//! | `others.bin` | words; the code is the index plus that of the common ones: high byte, low byte | |
//! | `characters.bin` | names | code point; its version is in the table `NAMED_LATER` |
//! | `aliases.bin` | other names (`LF`, `NBSP`) | code point × 8 + version |
//! | `sequences.bin` | names of sequences (`KEYCAP DIGIT ONE`) | number of characters × 8 + version |
//!
//! Derived names are in none of the lists; see [`algorithmic`].

use super::algorithmic::{self, AlgorithmicNames};
use super::list::{List, MAX_KEY};
use super::named::Named;
use super::version::Version;
use super::{ranges, tables};

static COMMON: List = List::of_keys(include_bytes!("generated/common.bin"));
static OTHERS: List = List::of_keys(include_bytes!("generated/others.bin"));
pub(super) static CHARACTERS: List = List::of_values(include_bytes!("generated/characters.bin"));
static ALIASES: List = List::of_values(include_bytes!("generated/aliases.bin"));
static SEQUENCES: List = List::of_values(include_bytes!("generated/sequences.bin"));

/// Longer than any name; the generator asserts it.
const MAX_NAME: usize = 96;

pub(super) fn lookup(version: Version, name: &[u32], rules: AlgorithmicNames) -> Option<Named> {
    let mut buffer = [0; MAX_NAME];
    let upper = buffer.get_mut(..name.len())?;
    let mut capitals = true;
    for (to, &from) in upper.iter_mut().zip(name) {
        let char = u8::try_from(from).ok()?;
        *to = char.to_ascii_uppercase();
        capitals &= *to == char;
    }
    if let Some(c) = algorithmic::lookup(version, upper, capitals, rules) {
        return Some(Named::Character(c));
    }
    let mut buffer = [0; MAX_KEY];
    let key = encode(upper, &mut buffer)?;
    if let Some(entry) = CHARACTERS.find(key) {
        return in_version(version, entry.value).then_some(Named::Character(entry.value));
    }
    if let Some(entry) = ALIASES.find(key) {
        return tagged(version, entry.value).map(Named::Character);
    }
    SEQUENCES.find(key).and_then(|entry| tagged(version, entry.value)).map(Named::Sequence)
}

/// Returns whether a character of the list has its name in this version.
pub(super) fn in_version(version: Version, c: u32) -> bool {
    let newest = Version::V17_0;
    ranges::find(&tables::NAMED_LATER, newest, c).is_none_or(|later| later.holds_in(version))
}

/// Returns a value whose lowest three bits are a version, unless that version is later.
fn tagged(version: Version, value: u32) -> Option<u32> {
    (value & 7 <= version as u32).then_some(value >> 3)
}

/// Returns the key of a name in capitals, if all its words are known.
fn encode<'a>(name: &[u8], buffer: &'a mut [u8; MAX_KEY]) -> Option<&'a [u8]> {
    let mut len = 0;
    let (mut word, mut look) = (0, 0);
    loop {
        let end =
            name[look..].iter().position(|char| b" -".contains(char)).map_or(name.len(), |at| look + at);
        let (code, width) = code(&name[word..end])?;
        buffer.get_mut(len..len + width)?.copy_from_slice(&code.to_be_bytes()[2 - width..]);
        len += width;
        if end == name.len() {
            return Some(&buffer[..len]);
        }
        // The space is dropped, the hyphen begins the next word.
        word = if name[end] == b' ' { end + 1 } else { end };
        look = end + 1;
    }
}

/// Returns the code of a word, and its length in bytes.
fn code(word: &[u8]) -> Option<(u16, usize)> {
    if let Some(entry) = COMMON.find(word) {
        return Some((entry.index as u16, 1));
    }
    let entry = OTHERS.find(word)?;
    Some((((COMMON.len() << 8) + entry.index) as u16, 2))
}
