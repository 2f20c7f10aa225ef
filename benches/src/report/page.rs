//! The page: tables and plots, complete in one file.

use std::fmt::Write as _;

use super::Report;
use super::plots;
use super::svg::escape;
use super::table::Table;

const STYLE: &str = include_str!("page.css");

impl Report {
    /// As a page of HTML that needs nothing else.
    pub fn page(&self) -> String {
        let machine = &self.machine;
        let mut body = format!(
            "<h1>What compiling costs</h1><p>{}, {} threads · {} · commit {}</p>",
            escape(&machine.processor),
            machine.threads,
            escape(machine.rustc),
            escape(&machine.commit)
        );
        let mut tables = self.tables().into_iter();
        let mut table = |body: &mut String| tables.next().iter().for_each(|table| write_table(body, table));
        if let Some(comparison) = &self.comparison {
            table(&mut body);
            write_plot(
                &mut body,
                &plots::bars(comparison),
                "Mean time for a pattern. Whisker: all rounds; diamond: the median pattern.",
            );
            write_plot(
                &mut body,
                &plots::distribution(comparison),
                "How many of the patterns take no longer than that.",
            );
            table(&mut body);
            write_plot(
                &mut body,
                &plots::ratios(comparison),
                "Times our time. Bar: the pass; diamond: the median pattern; whisker: eight in ten patterns.",
            );
            if comparison.sides.iter().any(|side| side.instructions.is_some()) {
                table(&mut body);
            }
            if !comparison.least.is_empty() {
                table(&mut body);
            }
            body += "<h2>The sides</h2><dl>";
            for side in &comparison.sides {
                let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", side.name, escape(&side.about));
            }
            body += "</dl>";
        }
        if let Some(growth) = &self.growth {
            table(&mut body);
            write_plot(
                &mut body,
                &plots::growth(growth),
                "Time over the number of pieces n: ours blue, CPython orange. The number is our exponent.",
            );
        }
        if self.startup.is_some() {
            table(&mut body);
        }
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>What compiling costs</title>\
             <style>{STYLE}</style></head><body>{body}</body></html>\n"
        )
    }
}

fn write_table(body: &mut String, table: &Table) {
    let _ = write!(body, "<h2>{}</h2><div class=\"wide\"><table><tr>", escape(&table.title));
    *body += &table.head.iter().map(|cell| format!("<th>{}</th>", escape(cell))).collect::<String>();
    *body += "</tr>";
    for row in &table.rows {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        let _ = write!(body, "<tr>{cells}</tr>");
    }
    let _ = write!(body, "</table></div><p class=\"note\">{}</p>", escape(&table.note));
}

fn write_plot(body: &mut String, plot: &str, caption: &str) {
    let _ = write!(body, "<div class=\"plot\">{plot}<p class=\"note\">{}</p></div>", escape(caption));
}
