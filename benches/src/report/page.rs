//! The page: headline, tables and charts, complete in one file.

use maud::{Markup, html};
use sre_report::Page;

use super::{Report, plots};

impl Report {
    /// Returns the page as HTML that needs no other file.
    pub fn page(&self) -> String {
        let page = Page {
            title: "Benchmark of sre-compiler".to_owned(),
            headline: self.headline(),
            facts: self.facts(),
            warnings: self.warnings(),
            style: "",
        };
        page.document(&self.body())
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![
            ("Command", self.command.clone()),
            ("Machine", self.machine.to_string()),
            ("Commit", format!("{}, built with {}", self.commit, self.rustc)),
        ];
        if let Some(usage) = self.usage {
            let others =
                usage.others.map_or("not known".to_owned(), |others| format!("{others:.2} processors"));
            facts.push(("Other programs", format!("{others}, on average over {:.0} s", usage.seconds)));
        }
        facts
    }

    fn body(&self) -> Markup {
        html! {
            @for table in self.tables() {
                (table.html())
                @for (chart, caption) in plots::of(self, &table.title) {
                    div.chart { (chart) p.note { (caption) } }
                }
            }
            @if let Some(comparison) = &self.comparison {
                h2 { "The engines" }
                dl { @for engine in &comparison.engines { dt { (engine.name) } dd { (engine.about) } } }
                p.note { "Engines do not do the same work: see benches/README.md. Only CPython does what sre-compiler does." }
            }
        }
    }
}
