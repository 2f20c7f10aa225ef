//! Shortening long texts for reports.

use crate::{Case, Text};

/// Limit of the characters of an excerpt.
pub const MOST: usize = 320;

/// Returns a line; if it has more than `most` characters, without its middle.
pub fn shortened(line: &str, most: usize) -> String {
    if line.chars().count() <= most {
        return line.to_owned();
    }
    let head: String = line.chars().take(most / 2).collect();
    let tail: Vec<char> = line.chars().rev().take(most / 2).collect();
    format!("{head} … {}", tail.into_iter().rev().collect::<String>())
}

impl Case {
    /// Returns the Python expression, as `Debug` writes it, without the middle of a long pattern.
    pub fn excerpt(&self) -> String {
        // More than the excerpt retains.
        const ENDS: usize = 1000;
        fn without_middle<T: Clone>(text: &[T]) -> Vec<T> {
            if text.len() > 2 * ENDS {
                [&text[..ENDS], &text[text.len() - ENDS..]].concat()
            } else {
                text.to_vec()
            }
        }
        let text = match &self.text {
            Text::Str(text) => Text::Str(without_middle(text)),
            Text::Bytes(text) => Text::Bytes(without_middle(text)),
        };
        shortened(&format!("{:?}", Case { text, flags: self.flags }), MOST)
    }
}
