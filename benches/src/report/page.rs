//! The page: tables and plots, complete in one file.

use std::fmt::Write as _;

use super::Report;
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
        self.tables().iter().for_each(|table| write_table(&mut body, table));
        if let Some(comparison) = &self.comparison {
            body += "<h2>The engines</h2><dl>";
            for engine in &comparison.engines {
                let _ = write!(body, "<dt>{}</dt><dd>{}</dd>", engine.name, escape(&engine.about));
            }
            body += "</dl>";
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
    for (picture, caption) in &table.plots {
        let _ = write!(body, "<div class=\"plot\">{picture}<p class=\"note\">{}</p></div>", escape(caption));
    }
}
