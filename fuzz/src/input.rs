//! What a fuzzer's bytes stand for.

use std::fmt;

use arbitrary::{Arbitrary, Unstructured};
use sre_case::Case;

/// A case, made from any bytes.
///
/// - Bytes that begin as a case file (`str` or `bytes`, a space, and a newline soon after) are read as one. Seeds are
///   of this form, and the mutator keeps to it.
/// - Else the first byte chooses: if it is even, all the bytes are a pattern ([`Case::decode`]); if it is odd, the
///   bytes after it are the dice of the grammar ([`sre_generate::case_from`]).
///
/// `Debug` shows the case as the Python expression that compiles it, and as a case file.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// The case.
    pub case: Case,
    /// Did the grammar make it?
    pub from_grammar: bool,
}

impl Input {
    /// Reads any bytes.
    pub fn read(bytes: &[u8]) -> Input {
        match bytes.split_first() {
            Some((first, choices)) if first % 2 == 1 && !is_case_file(bytes) => {
                // Dice that run out give zeros: there is always a case.
                let case = sre_generate::case_from(&mut Unstructured::new(choices))
                    .unwrap_or_else(|_| Case::str("", sre_compiler::Flags::empty()));
                Input { case, from_grammar: true }
            }
            _ => Input { case: Case::decode(bytes), from_grammar: false },
        }
    }
}

/// The longest case file that is shown.
const LONGEST: usize = 4000;

/// Does it begin with the header of a case file?
fn is_case_file(bytes: &[u8]) -> bool {
    (bytes.starts_with(b"str ") || bytes.starts_with(b"bytes ")) && bytes.iter().take(64).any(|&b| b == b'\n')
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> arbitrary::Result<Input> {
        Ok(Input::read(bytes.bytes(bytes.len())?))
    }

    fn arbitrary_take_rest(bytes: Unstructured<'a>) -> arbitrary::Result<Input> {
        Ok(Input::read(bytes.take_rest()))
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from_grammar {
            writeln!(f, "made by the grammar:")?;
        }
        let file = self.case.encode();
        if file.len() > LONGEST {
            return write!(f, "a case of {} bytes, too long to be shown", file.len());
        }
        writeln!(f, "{:?}", self.case)?;
        write!(f, "case file: printf '{}'", Escaped(&file))
    }
}

/// Bytes as the format of a shell's `printf`.
struct Escaped<'a>(&'a [u8]);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|&byte| match byte {
            b'%' => f.write_str("%%"),
            b'\\' | b'\'' | 0..0x20 | 0x7F.. => write!(f, "\\{byte:03o}"),
            _ => write!(f, "{}", char::from(byte)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Input;
    use sre_case::Case;
    use sre_compiler::Flags;

    #[test]
    fn case_files_are_read_as_such() {
        let case = Case::bytes(b"a\xFF%'\\", Flags::IGNORECASE);
        let input = Input::read(&case.encode());
        assert_eq!((input.case, input.from_grammar), (case, false));
    }

    #[test]
    fn the_first_byte_chooses_where_there_is_no_header() {
        assert_eq!(Input::read(b"").case, Case::str("", Flags::empty()));
        assert_eq!(Input::read(b"(a)").case, Case::str("(a)", Flags::empty()).clone());
        assert!(Input::read(b"\x01abcdefgh").from_grammar);
        assert!(!Input::read(b"\x02abcdefgh").from_grammar);
    }

    #[test]
    fn it_shows_what_to_paste() {
        let shown = format!("{:?}", Input::read(b"str i\n100%'\\\xC3\xA9"));
        assert_eq!(
            shown,
            "re.compile(\"100%'\\\\\\xe9\", re.I)\ncase file: printf 'str i\\012100%%\\047\\134\\303\\251'"
        );
    }
}
