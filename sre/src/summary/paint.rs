//! Colours of a report, which is made as plain text.

use crate::messages::{BAD, LABEL, NOTE, TITLE, styled};

/// The column of the sign between the two sides of a report.
const SIGN: usize = 58;

/// Adds colours to a report: its title, its labels, and what differs.
pub(crate) fn report(text: &str) -> String {
    let mut painted = String::with_capacity(text.len() * 2);
    for (number, line) in text.lines().enumerate() {
        let line = match label(line) {
            _ if number == 0 => styled(TITLE, line),
            Some(at) => format!("  {}{}", styled(LABEL, &line[2..at]), &line[at..]),
            None if is_of_carets(line) => {
                let carets = line.trim_start();
                format!("{}{}", &line[..line.len() - carets.len()], styled(BAD, carets))
            }
            None => side_by_side(line),
        };
        painted.push_str(&line);
        painted.push('\n');
    }
    painted
}

/// Returns whether a line consists of carets below a part of the pattern.
fn is_of_carets(line: &str) -> bool {
    let carets = line.trim_start();
    !carets.is_empty() && carets.bytes().all(|byte| byte == b'^')
}

/// Returns where the label at the start of a line ends.
fn label(line: &str) -> Option<usize> {
    let rest = line.strip_prefix("  ")?;
    let is_label = rest.starts_with(|c: char| c.is_ascii_lowercase()) && rest.is_char_boundary(11);
    (is_label && rest.len() > 11 && rest.as_bytes()[10] == b' ').then_some(13)
}

/// Colours a line of two columns: the arrow at the first difference, and the sign of each.
fn side_by_side(line: &str) -> String {
    let style = match line.chars().nth(SIGN) {
        Some('|') => BAD,
        Some('<' | '>') => NOTE,
        _ => return line.to_owned(),
    };
    let at = line.char_indices().nth(SIGN).map_or(line.len(), |(at, _)| at);
    let (left, right) = (&line[..at], &line[at + 1..]);
    let left = match left.strip_prefix("  -->") {
        Some(rest) => format!("  {}{rest}", styled(BAD, "-->")),
        None => left.to_owned(),
    };
    format!("{left}{}{right}", styled(style, &line[at..=at]))
}
