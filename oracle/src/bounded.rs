//! Text that is cut where it becomes too long.

use std::fmt::{self, Display, Write};

/// How many characters of a text of `re.DEBUG` are kept. Each line is indented by its depth, so
/// that the text of a pattern of nothing but parentheses takes the square of its length. `_LONGEST`
/// of oracle.py is the same.
pub(crate) const LONGEST: usize = 1 << 20;

/// What stands where the rest is cut off. `_CUT` of oracle.py is the same, so that texts that are
/// cut at the same place compare equal.
const CUT: &str = "\n... cut after 1048576 characters\n";

/// What a value displays, cut with a mark after [`LONGEST`] characters; the rest is not even made.
pub(crate) fn text(shown: impl Display) -> String {
    let mut bounded = Bounded { text: String::new(), left: LONGEST };
    if write!(bounded, "{shown}").is_err() {
        bounded.text.push_str(CUT);
    }
    bounded.text
}

struct Bounded {
    text: String,
    /// How many more characters it takes.
    left: usize,
}

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Bytes are no fewer than characters.
        let length = if text.len() <= self.left { text.chars().count() } else { usize::MAX };
        if length <= self.left {
            self.text.push_str(text);
            self.left -= length;
            return Ok(());
        }
        let mut rest = text.chars();
        self.text.extend(rest.by_ref().take(self.left));
        self.left = 0;
        if rest.as_str().is_empty() { Ok(()) } else { Err(fmt::Error) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_the_cut_is_marked() {
        let fits = "é".repeat(LONGEST);
        assert_eq!(text(&fits), fits);
        for more in ["x", "é", "xyz"] {
            let cut = text(format_args!("{fits}{more}"));
            assert!(cut.starts_with(&fits) && cut[fits.len()..] == *CUT, "{more}");
            assert_eq!(text(fits.clone() + more), cut);
        }
        assert!(CUT.contains(&LONGEST.to_string()));
        let python = crate::PYTHON_SOURCE;
        assert!(python.contains("_LONGEST = 1 << 20\n") && python.contains(&format!("_CUT = {CUT:?}\n")));
    }
}
