//! The parse tree as `re.DEBUG` prints it, each line with its part of the pattern.

use alloc::string::String;
use core::fmt::{self, Write};
use core::ops::Range;

use sre_compiler::{Node, NodeKind, Tree};

use crate::json::Json;

/// Writes `[level, text, start, end]` for each of the first `most` lines. Lines that are no node,
/// such as the items of a set, have null for the span.
pub(crate) fn write(json: &mut Json, tree: Tree<'_>, most: usize) {
    let mut dump = Limited { text: String::new(), lines: most };
    // It ends with an error after the last line that is wanted.
    let _ = write!(dump, "{tree}");
    let mut nodes = tree.nodes();
    // The lines of a set's items, which follow that of the set.
    let mut items = 0;
    // Up to 3.11.4 an atomic group is one line with all nodes inside it: no line after it has a span.
    let mut has_spans = true;
    for line in dump.text.lines().take(most) {
        let text = line.trim_start();
        let level = (line.len() - text.len()) / 2;
        has_spans &= !text.starts_with("ATOMIC_GROUP [");
        let span = if items > 0 {
            items -= 1;
            None
        } else if has_spans && text != "OR" && text != "ELSE" {
            let node = nodes.next();
            items = node.map_or(0, |node| if text == "IN" { lines_of_items(node) } else { 0 });
            node.map(Node::span)
        } else {
            None
        };
        write_line(json, level, text, span);
    }
}

fn lines_of_items(node: Node<'_>) -> usize {
    match node.kind() {
        NodeKind::In { negated, items } => usize::from(negated) + items.len(),
        _ => 0,
    }
}

fn write_line(json: &mut Json, level: usize, text: &str, span: Option<Range<usize>>) {
    json.list(|json| {
        json.plain(level);
        json.string(text);
        json.number_or_null(span.as_ref().map(|span| span.start));
        json.number_or_null(span.map(|span| span.end));
    });
}

/// A text that refuses what comes after a number of lines.
struct Limited {
    text: String,
    lines: usize,
}

impl Write for Limited {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.lines == 0 {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        self.lines = self.lines.saturating_sub(text.matches('\n').count());
        Ok(())
    }
}
