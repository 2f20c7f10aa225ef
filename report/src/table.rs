//! Tables for a terminal and for a page.

use maud::{Markup, html};
use textwrap::wrap;

/// A table: the first column is text, the others are numbers.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, with a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// How the figures were obtained; may be empty.
    pub note: String,
}

/// The heading of a column.
#[derive(Clone, Copy, Debug)]
pub struct Column(pub &'static str);

/// The width of a terminal.
const WIDTH: usize = 80;

/// Wraps text to the width of a terminal; all lines but the first are indented.
pub fn wrapped(text: &str, indent: &str) -> String {
    wrap(text, textwrap::Options::new(WIDTH).subsequent_indent(indent)).join("\n")
}

/// Space between columns.
const GAP: &str = "  ";

impl Table {
    /// Returns the table as text of at most 80 columns: headings are wrapped, and the first column is
    /// cut where needed.
    pub fn text(&self) -> String {
        let width = |text: &str| text.chars().count();
        let longest_word = |text: &str| text.split(' ').map(width).max().unwrap_or(0);
        let mut widths: Vec<usize> = (0..self.columns.len())
            .map(|n| {
                let cells = self.rows.iter().map(|row| width(&row[n]));
                cells.chain([longest_word(self.columns[n].0)]).max().unwrap_or(0)
            })
            .collect();
        let others: usize = widths.iter().skip(1).map(|width| width + GAP.len()).sum();
        if let Some(first) = widths.first_mut() {
            *first = (*first).min(WIDTH.saturating_sub(others)).max(8);
        }
        let heads: Vec<Vec<String>> = self
            .columns
            .iter()
            .zip(&widths)
            .map(|(column, &width)| wrap(column.0, width).into_iter().map(|line| line.into_owned()).collect())
            .collect();
        let height = heads.iter().map(Vec::len).max().unwrap_or(0);
        let mut text =
            if self.title.is_empty() { String::new() } else { wrap(&self.title, WIDTH).join("\n") + "\n\n" };
        for line in 0..height {
            // Headings end on the last line.
            let cells =
                heads.iter().map(|head| (line + head.len()).checked_sub(height).map_or("", |at| &head[at]));
            push_row(&mut text, cells, &widths);
        }
        for row in &self.rows {
            push_row(&mut text, row.iter().map(String::as_str), &widths);
        }
        if !self.note.is_empty() {
            text += &format!("\n{}\n", wrap(&self.note, WIDTH).join("\n"));
        }
        text
    }

    /// Returns the table as HTML, with its title and its note. On a narrow screen each row becomes a
    /// card, so that no column is hidden.
    pub fn html(&self) -> Markup {
        html! {
            @if !self.title.is_empty() { h2 { (self.title) } }
            table.cards {
                thead {
                    tr { @for (n, column) in self.columns.iter().enumerate() { th.n[n > 0] { (column.0) } } }
                }
                tbody {
                    @for row in &self.rows {
                        tr {
                            @for (n, (cell, column)) in row.iter().zip(&self.columns).enumerate() {
                                td.n[n > 0] data-label=(column.0) { (cell) }
                            }
                        }
                    }
                }
            }
            @if !self.note.is_empty() { p.note { (self.note) } }
        }
    }
}

fn push_row<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>, widths: &[usize]) {
    let mut line = String::new();
    for (n, (cell, &width)) in cells.zip(widths).enumerate() {
        if n == 0 {
            line += &format!("{:width$}", cut(cell, width));
        } else {
            line += &format!("{GAP}{cell:>width$}");
        }
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Returns the text in at most `width` characters.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_a_terminal_and_headings_are_wrapped() {
        let table = Table {
            title: "Times".to_owned(),
            columns: vec![Column("pattern"), Column("time per character")],
            rows: vec![vec!["x".repeat(100), "1 ns".to_owned()], vec!["y".to_owned(), "20 ns".to_owned()]],
            note: String::new(),
        };
        let text = table.text();
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.starts_with("Times\n\n"), "{text}");
        let lines: Vec<&str> = text.lines().skip(2).map(|line| line.trim_start_matches(' ')).collect();
        assert_eq!(lines[..2], ["time per", lines[1]]);
        assert!(lines[1].starts_with("pattern") && lines[1].ends_with(" character"), "{text}");
        assert!(lines[2].contains("x…") && lines[3].ends_with(" 20 ns"), "{text}");
    }

    #[test]
    fn each_cell_of_a_page_names_its_column() {
        let table = Table {
            title: "<t>".to_owned(),
            columns: vec![Column("engine"), Column("a < b")],
            rows: vec![vec!["sre".to_owned(), "1".to_owned()]],
            note: "n".to_owned(),
        };
        let html = table.html().into_string();
        assert!(html.contains("&lt;t&gt;") && html.contains("data-label=\"a &lt; b\">1<"), "{html}");
    }
}
