//! Text of limited length.

use std::fmt::{self, Display, Write};

/// Limit of a text of `re.DEBUG`, in characters. Lines are indented by their depth, so that the text
/// for nested parentheses grows with the square of their number. Equals `_LONGEST` of oracle.py.
pub(crate) const LONGEST: usize = 1 << 20;

/// Replaces what is cut off. Equals `_CUT` of oracle.py, so that two cut texts can be equal.
const CUT: &str = "\n... cut after 1048576 characters\n";

/// Formats a value and cuts it after [`LONGEST`] characters. The rest is never formatted.
pub(crate) fn text(shown: impl Display) -> String {
    let mut bounded = Bounded { text: String::new(), left: LONGEST };
    if write!(bounded, "{shown}").is_err() {
        bounded.text.push_str(CUT);
    }
    bounded.text
}

struct Bounded {
    text: String,
    /// Number of characters that still fit.
    left: usize,
}

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // A text has at least as many bytes as characters.
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
