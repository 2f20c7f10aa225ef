//! Shortening long texts for reports.

use crate::{Case, Text};

/// Returns a line; if it is long, without its middle.
pub fn shortened(line: &str) -> String {
    const ENDS: usize = 160;
    if line.chars().count() <= 2 * ENDS {
        return line.to_owned();
    }
    let head: String = line.chars().take(ENDS).collect();
    let tail: Vec<char> = line.chars().rev().take(ENDS).collect();
    format!("{head} … {}", tail.into_iter().rev().collect::<String>())
}

impl Case {
    /// Returns the Python expression, as `Debug` writes it, without the middle of a long pattern.
    pub fn excerpt(&self) -> String {
        // More than `shortened` retains.
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
        shortened(&format!("{:?}", Case { text, flags: self.flags }))
    }
}
