//! The page of the memory that compiling takes.

use maud::{Markup, html};
use sre_report::chart::{Axis, Chart, legend};
use sre_report::units::power_of_ten_bytes;

use super::Summary;

/// What the page shows.
#[derive(Debug)]
pub struct Page<'p> {
    /// The figures.
    pub summary: &'p Summary,
    /// What was run: pairs of a word and a text.
    pub facts: Vec<(&'static str, String)>,
}

/// The words of the tables, and their meaning.
const GLOSSARY: [(&str, &str); 10] = [
    ("allocations", "blocks requested from the allocator, including reallocations"),
    ("allocated", "the total size of these blocks"),
    ("peak", "the most that is allocated at any time while the pattern is compiled"),
    ("retained", "what is allocated as long as the compiled pattern lives"),
    ("reused", "Compiler::compile_into, with a compiler and a program that compiled the pattern before"),
    ("warm", "Compiler::compile, with a compiler that compiled the pattern before: allocates the program"),
    ("fresh", "the function compile, which makes a new compiler"),
    ("pool", "the buffers that a compiler keeps from one pattern to the next"),
    ("reference count", "CPython frees an object at once when nothing refers to it any more"),
    ("collector", "CPython's gc frees objects that refer to each other in a cycle, from time to time"),
];

/// Fewer patterns make no curve.
const FEW: usize = 20;

impl Page<'_> {
    /// Returns the page as HTML that needs no other file.
    pub fn document(&self) -> String {
        let page = sre_report::Page {
            title: "Memory for compiling regular expressions".to_owned(),
            headline: self.summary.headline(),
            facts: self.facts.clone(),
            warnings: Vec::new(),
            style: "",
        };
        let body = html! {
            @for (n, table) in self.summary.tables().iter().enumerate() {
                (table.html())
                @if n == 0 && self.summary.patterns >= FEW { div.chart { (peaks(self.summary)) } }
            }
            h2 { "Words" }
            dl { @for (word, meaning) in GLOSSARY { dt { (word) } dd { (meaning) } } }
        };
        page.document(&body)
    }
}

/// Draws the share of the patterns whose peak is at most that size.
fn peaks(summary: &Summary) -> Markup {
    let axis = Axis::around(summary.peaks.iter().flat_map(|(.., peaks)| peaks.iter().copied()));
    let mut chart = Chart::new(640.0, 300.0, 56.0, axis, Axis::Linear(0.0, 1.0));
    chart.x_grid(power_of_ten_bytes);
    chart.y_grid(|part| format!("{:.0} %", 100.0 * part));
    for (class, name, peaks) in summary.peaks.iter().filter(|(.., peaks)| !peaks.is_empty()) {
        let sorted = sre_report::statistics::sorted(peaks.iter().copied());
        let quantile = |part: f64| sre_report::statistics::quantile(&sorted, part);
        let points = (0..=100).map(|percent| f64::from(percent) / 100.0).map(|part| (quantile(part), part));
        chart.line(class, name, points);
    }
    let names = summary.peaks.iter().filter(|(.., peaks)| !peaks.is_empty());
    html! {
        (chart.finish("share of the patterns by their peak"))
        (legend(names.map(|(class, name, _)| (*class, *name))))
        p.note { "Share of the patterns whose peak is at most this size." }
    }
}
