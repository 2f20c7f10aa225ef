//! Colours of the answers for a pattern, which are made as plain text.

use crate::messages::{BAD, DOUBTFUL, GOOD, styled};

/// Adds colours: verdicts, carets with their messages, and what a version matches instead.
pub(super) fn answers(text: &str) -> String {
    let mut painted = String::with_capacity(text.len() * 2);
    let mut is_difference = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let indent = &line[..line.len() - trimmed.len()];
        let colour = |style| format!("{indent}{}", styled(style, trimmed));
        let line = if indent.is_empty() {
            is_difference = line.contains(", but matches differently");
            verdict(line)
        } else if trimmed.starts_with("^ ") {
            colour(if trimmed.contains("Warning: ") { DOUBTFUL } else { BAD })
        } else if is_difference && trimmed.starts_with('-') {
            colour(BAD)
        } else if is_difference && trimmed.starts_with('+') {
            colour(GOOD)
        } else {
            line.to_owned()
        };
        painted.push_str(&line);
        painted.push('\n');
    }
    painted
}

/// Colours the verdict after the versions.
fn verdict(line: &str) -> String {
    for (word, style) in [("  refused", BAD), ("  accepted,", DOUBTFUL), ("  accepted", GOOD)] {
        if let Some(at) = line.find(word) {
            let (versions, verdict) = line.split_at(at + 2);
            return format!("{versions}{}", styled(style, verdict));
        }
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_change_no_text() {
        let text = "3.8       refused\n    a++\n      ^ error: multiple repeat\n3.9       accepted, but matches differently \
                    than in 3.8\n    - U+0041 A\n    + U+0042 B\n3.11  accepted\n";
        let painted = answers(text);
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), text);
        assert_eq!(painted.matches("\u{1b}[0m").count(), 6, "{painted:?}");
    }
}
