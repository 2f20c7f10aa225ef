//! The page: verdict, figures and tables, complete in one file.

use maud::{Markup, html};
use sre_report::chart::stacked_bar;
use sre_report::{Headline, Tone};
use sre_support::{count, grouped};

use super::{Cell, Count, Coverage, Entry, Matrix, Problem, Subject, Unreached, absent, source};

/// What the page shows.
#[derive(Debug)]
pub struct Page<'p> {
    /// The measurements.
    pub coverage: &'p Coverage,
    /// The list of what cannot be reached.
    pub unreached: &'p Unreached,
    /// The tables.
    pub matrices: &'p [Matrix],
    /// The names of the cases.
    pub cases: &'p [String],
    /// What was run: pairs of a word and a text.
    pub facts: Vec<(&'static str, String)>,
}

const STYLE: &str = include_str!("page.css");

/// Returns the verdict in a sentence.
pub fn headline(coverage: &Coverage, matrices: &[Matrix]) -> Headline {
    let missed = |problem: &&Problem| matches!(problem, Problem::Missed { .. });
    let sites = coverage.problems.iter().filter(missed).count();
    let wrong = coverage.problems.len() - sites;
    let cells: usize = matrices.iter().map(Matrix::missed).sum();
    let mut parts = Vec::new();
    if sites > 0 {
        parts.push(format!("{} neither reached nor listed as unreachable", count(sites, "line or branch")));
    }
    if wrong > 0 {
        let entries = if wrong == 1 { "1 entry".to_owned() } else { format!("{wrong} entries") };
        parts.push(format!("{entries} of unreached.txt wrong"));
    }
    if cells > 0 {
        parts.push(format!("{} of the tables not reached", count(cells, "cell")));
    }
    let (text, tone) = match parts.as_slice() {
        [] => ("The corpus reaches every line and branch that can be reached".to_owned(), Tone::Good),
        parts => (parts.join("; ").replace("branchs", "branches"), Tone::Bad),
    };
    Headline { text, tone, detail: String::new() }
}

impl Page<'_> {
    /// Returns the page as HTML that needs no other file.
    pub fn document(&self) -> String {
        let detail = format!("{} in {}.", count(self.cases.len(), "case"), self.compilers());
        let mut facts = self.facts.clone();
        let absent: Vec<String> =
            absent(&self.coverage.subjects).iter().map(|dialect| dialect.to_string()).collect();
        if !absent.is_empty() {
            facts.push(("Not measured", absent.join(", ")));
        }
        let page = sre_report::Page {
            title: "Coverage of the compilers by the corpus".to_owned(),
            headline: Headline { detail, ..headline(self.coverage, self.matrices) },
            facts,
            warnings: Vec::new(),
            style: STYLE,
        };
        page.document(&self.body())
    }

    /// Returns the compilers that were measured: `13 CPythons and sre-compiler`.
    fn compilers(&self) -> String {
        let subjects = &self.coverage.subjects;
        let interpreters = subjects.iter().filter(|subject| subject.dialect.is_some()).count();
        let mut parts = Vec::new();
        if interpreters > 0 {
            parts.push(count(interpreters, "CPython"));
        }
        if interpreters < subjects.len() {
            parts.push("sre-compiler".to_owned());
        }
        parts.join(" and ")
    }

    fn body(&self) -> Markup {
        html! {
            (self.problems())
            (self.figures())
            @for matrix in self.matrices { (self.matrix(matrix)) }
            h2 { "Lines that no pattern can reach" }
            p.soft {
                "The entries of " code { "corpus/unreached.txt" } " for CPython. The check fails if an entry is reached \
                 after all, or covers no line."
            }
            (self.entries(|entry| entry.dialects.is_some()))
            (self.rust())
            (self.interpreters())
        }
    }

    fn problems(&self) -> Markup {
        let problems = &self.coverage.problems;
        html! {
            @if !problems.is_empty() {
                h2.bad { "Problems" }
                ul { @for problem in problems { li { code { (problem) } } } }
            }
        }
    }

    fn figures(&self) -> Markup {
        html! {
            h2 { "Lines and branches" }
            p.soft {
                "A line is where a statement begins, in the functions of the parser and of the code generator. A branch \
                 is one outcome of one condition. Percentages are of what can be reached."
            }
            table.cards {
                thead {
                    tr {
                        th { "Compiler" } th { "Dialect" }
                        @for name in NAMES { th.n[name.is_number] { (name.text) } }
                    }
                }
                tbody {
                    @for (n, subject) in self.coverage.subjects.iter().enumerate() {
                        tr {
                            td { (name(subject)) }
                            td data-label="Dialect" {
                                @match subject.dialect { Some(dialect) => (dialect), None => "all" }
                            }
                            (figures_of(self.coverage.count(n, true), &NAMES[..4]))
                            (figures_of(self.coverage.count(n, false), &NAMES[4..]))
                        }
                    }
                }
            }
        }
    }

    fn entries(&self, wanted: fn(&&Entry) -> bool) -> Markup {
        html! {
            table.cards {
                thead { tr { th { "Versions" } th { "Function" } th { "Lines" } th { "Reason" } } }
                tbody {
                    @for entry in self.unreached.entries().iter().filter(wanted) {
                        tr {
                            td { (entry.versions) }
                            td data-label="Function" { code { (entry.function) } }
                            td data-label="Lines" { code { (entry.what) } }
                            td.soft data-label="Reason" { (entry.why) }
                        }
                    }
                }
            }
        }
    }

    fn matrix(&self, matrix: &Matrix) -> Markup {
        let count = |kind: fn(&Cell) -> bool| {
            matrix.rows.iter().flat_map(|row| &row.cells).filter(|cell| kind(cell)).count()
        };
        html! {
            h2 { (matrix.title) }
            p.soft {
                span.y { "●" } " reached, first by the case in the tooltip: "
                (count(|cell| matches!(cell, Cell::Reached(_)))) " · "
                span.l { "○" } " unreachable, for the reason in the tooltip: "
                (count(|cell| matches!(cell, Cell::Listed(_)))) " · "
                span.x { "✗" } " not reached: " (matrix.missed()) " · – not in this version"
            }
            table.matrix {
                thead {
                    tr {
                        th {}
                        @for subject in self.coverage.subjects.iter().filter(|subject| subject.dialect.is_some()) {
                            th.c { (subject.name) }
                        }
                    }
                }
                tbody { @for row in &matrix.rows { tr { td { code { (row.name) } } @for cell in &row.cells { (self.cell(cell)) } } } }
            }
        }
    }

    fn cell(&self, cell: &Cell) -> Markup {
        html! {
            @match cell {
                Cell::Absent => { td.c.a { "–" } }
                Cell::Missed => { td.c.x { "✗" } }
                Cell::Listed(why) => { td.c.l title=(why) { "○" } }
                Cell::Reached(first) => { td.c.y title=(self.case(*first)) { "●" } }
            }
        }
    }

    /// Returns the name of a case.
    pub(super) fn case(&self, first: Option<usize>) -> &str {
        first.and_then(|first| self.cases.get(first)).map_or("", String::as_str)
    }

    fn rust(&self) -> Markup {
        let rust = self.coverage.subjects.iter().position(|subject| subject.dialect.is_none());
        html! {
            h2 { "The source of sre-compiler" }
            @if let Some(rust) = rust {
                p.soft {
                    "Lines reached by replaying the corpus, by file. " b.bad { "◂" }
                    " marks a condition with an outcome that does not occur."
                }
                @for module in self.coverage.subjects[rust].sources.keys() {
                    (source::source(self, rust, module, module))
                }
                details {
                    summary { "Lines that replaying cannot reach" }
                    (self.entries(|entry| entry.dialects.is_none()))
                }
            } @else {
                p.soft { "Not measured; " code { "cargo xtask coverage" } " includes it." }
            }
        }
    }

    fn interpreters(&self) -> Markup {
        html! {
            h2 { "The source of CPython" }
            p.soft { "The newest interpreter of each minor version. The tooltip of a line is the first case that reaches it." }
            @for (n, subject) in source::newest(self.coverage) {
                @for module in subject.sources.keys() {
                    (source::source(self, n, module, &format!("{module} of CPython {}", subject.name)))
                }
            }
        }
    }
}

/// A column of the figures.
struct Name {
    text: &'static str,
    is_number: bool,
}

const fn name_of(text: &'static str, is_number: bool) -> Name {
    Name { text, is_number }
}

const NAMES: [Name; 8] = [
    name_of("Lines", false),
    name_of("reached", true),
    name_of("unreachable", true),
    name_of("missed", true),
    name_of("Branches", false),
    name_of("reached", true),
    name_of("unreachable", true),
    name_of("missed", true),
];

fn figures_of(count: Count, names: &[Name]) -> Markup {
    let Count { reached, listed, missed } = count;
    html! {
        td data-label=(names[0].text) { span { (bar(count)) " " (percent(count)) } }
        td.n data-label={ (names[0].text) " " (names[1].text) } { (grouped(reached)) }
        td.n data-label={ (names[0].text) " " (names[2].text) } { (listed) }
        td.n.bad[missed > 0] data-label={ (names[0].text) " " (names[3].text) } { (missed) }
    }
}

fn name(subject: &Subject) -> String {
    if subject.dialect.is_some() { format!("CPython {}", subject.name) } else { subject.name.clone() }
}

/// Formats the share that is reached; 100 only if nothing is missed.
pub(super) fn percent(count: Count) -> String {
    match count.missed {
        0 => "100 %".to_owned(),
        _ => format!("{:.1} %", count.percent().min(99.9)),
    }
}

/// Draws reached, unreachable and missed as a bar.
pub(super) fn bar(count: Count) -> Markup {
    let Count { reached, listed, missed } = count;
    stacked_bar([("y", reached), ("l", listed), ("x", missed)].into_iter())
}
