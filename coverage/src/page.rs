//! The page: figures, tables and sources, in one file that needs nothing else.

use std::collections::BTreeMap;
use std::fmt;

use sre_report::Escaped;
use sre_support::count;

use super::{Cell, Count, Coverage, Entry, Kind, Matrix, Site, State, Subject, Unreached, absent};

/// What is shown.
#[derive(Debug)]
pub struct Page<'p> {
    /// What was reached.
    pub coverage: &'p Coverage,
    /// What cannot be.
    pub unreached: &'p Unreached,
    /// The tables.
    pub matrices: &'p [Matrix],
    /// The names of the cases.
    pub cases: &'p [String],
}

const STYLE: &str = include_str!("page.css");

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>What the corpus reaches</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>\n\
             <h1>What the corpus reaches</h1>\n<p>{} of the corpus, compiled by every CPython that was found and by \
             this project's compiler.",
            count(self.cases.len(), "case")
        )?;
        let absent: Vec<String> =
            absent(&self.coverage.subjects).iter().map(|dialect| dialect.to_string()).collect();
        if !absent.is_empty() {
            write!(
                f,
                " No interpreter was here for the dialects of {}: nothing below is said of them.",
                absent.join(", ")
            )?;
        }
        f.write_str("</p>\n")?;
        self.problems(f)?;
        self.figures(f)?;
        self.listed(f)?;
        self.matrices.iter().try_for_each(|matrix| self.matrix(f, matrix))?;
        self.rust(f)?;
        self.sources(f)?;
        f.write_str("</body></html>\n")
    }
}

impl Page<'_> {
    fn problems(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.coverage.problems.is_empty() {
            return Ok(());
        }
        f.write_str("<h2 class=\"bad\">What is wrong</h2>\n<ul>")?;
        for problem in &self.coverage.problems {
            write!(f, "<li><code>{}</code></li>", Escaped(&problem.to_string()))?;
        }
        f.write_str("</ul>\n")
    }

    fn figures(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<h2>Lines and branches</h2>\n<p>A line is where a statement begins, in the functions of the parser and of the \
             code generator. A branch is one outcome of one condition. In percent of what can be reached; \
             <span class=\"l\">listed</span> is what cannot, each with its reason below.</p>\n<div class=\"wide\"><table>\
             <tr><th>Compiler<th>Dialect<th colspan=\"2\">Lines<th class=\"n\">reached<th class=\"n\">listed\
             <th class=\"n\">missed<th colspan=\"2\">Branches<th class=\"n\">reached<th class=\"n\">listed\
             <th class=\"n\">missed</tr>\n",
        )?;
        for (n, subject) in self.coverage.subjects.iter().enumerate() {
            let (name, dialect) = match subject.dialect {
                Some(dialect) => (format!("CPython {}", subject.name), dialect.to_string()),
                None => ("sre-compiler".to_owned(), "all".to_owned()),
            };
            write!(f, "<tr><td>{}<td>{dialect}", Escaped(&name))?;
            for lines in [true, false] {
                let count = self.coverage.count(n, lines);
                let Count { reached, listed, missed } = count;
                let bad = if missed > 0 { " bad" } else { "" };
                write!(
                    f,
                    "<td>{}<td class=\"n\">{}<td class=\"n\">{reached}<td class=\"n\">{listed}<td class=\"n{bad}\">{missed}",
                    Bar(count),
                    Percent(count)
                )?;
            }
            f.write_str("</tr>\n")?;
        }
        f.write_str("</table></div>\n")
    }

    fn listed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<h2>Out of reach</h2>\n<p>What no pattern can reach, as <code>corpus/unreached.txt</code> has it. An entry of \
             what is reached after all fails the check, and so does one of what is not there.</p>\n",
        )?;
        self.entries(f, |entry| entry.dialects.is_some())
    }

    fn entries(&self, f: &mut fmt::Formatter<'_>, wanted: fn(&&Entry) -> bool) -> fmt::Result {
        f.write_str("<div class=\"wide\"><table><tr><th>Versions<th>Function<th>What<th>Why</tr>\n")?;
        for entry in self.unreached.entries().iter().filter(wanted) {
            writeln!(
                f,
                "<tr><td>{}<td><code>{}</code><td><code>{}</code><td class=\"why\">{}</tr>",
                Escaped(&entry.versions),
                Escaped(&entry.function),
                Escaped(&entry.what),
                Escaped(&entry.why)
            )?;
        }
        f.write_str("</table></div>\n")
    }

    fn matrix(&self, f: &mut fmt::Formatter<'_>, matrix: &Matrix) -> fmt::Result {
        let count = |kind: fn(&Cell) -> bool| {
            matrix.rows.iter().flat_map(|row| &row.cells).filter(|cell| kind(cell)).count()
        };
        write!(
            f,
            "<h2>{}</h2>\n<p><span class=\"y\">●</span> reached, by the case that the pointer shows: {} · \
             <span class=\"l\">○</span> out of reach: {} · <span class=\"x\">✗</span> missed: {} · – not in this version\
             </p>\n<div class=\"wide\"><table class=\"matrix\"><tr><th>",
            matrix.title,
            count(|cell| matches!(cell, Cell::Reached(_))),
            count(|cell| matches!(cell, Cell::Listed(_))),
            matrix.missed()
        )?;
        for subject in self.coverage.subjects.iter().filter(|subject| subject.dialect.is_some()) {
            write!(f, "<th class=\"c\">{}", Escaped(&subject.name))?;
        }
        f.write_str("</tr>\n")?;
        for row in &matrix.rows {
            write!(f, "<tr><td><code>{}</code>", Escaped(&row.name))?;
            for cell in &row.cells {
                match cell {
                    Cell::Absent => f.write_str("<td class=\"c a\">–")?,
                    Cell::Missed => f.write_str("<td class=\"c x\">✗")?,
                    Cell::Listed(why) => write!(f, "<td class=\"c l\" title=\"{}\">○", Escaped(why))?,
                    Cell::Reached(first) => {
                        write!(f, "<td class=\"c y\" title=\"{}\">●", Escaped(self.case(*first)))?;
                    }
                }
            }
            f.write_str("</tr>\n")?;
        }
        f.write_str("</table></div>\n")
    }

    fn case(&self, first: Option<usize>) -> &str {
        first.and_then(|first| self.cases.get(first)).map_or("", String::as_str)
    }

    fn rust(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rust = self.coverage.subjects.iter().position(|subject| subject.dialect.is_none());
        let Some(rust) = rust else {
            return f.write_str(
                "<h2>This project's compiler</h2>\n<p>Not measured: <code>cargo xtask coverage</code> does.</p>\n",
            );
        };
        f.write_str(
            "<h2>This project's compiler</h2>\n<p>What replaying the corpus against the recorded answers reaches, file by \
             file. <b>◂</b> a condition with an outcome that does not occur.</p>\n",
        )?;
        let subject = &self.coverage.subjects[rust];
        subject.sources.keys().try_for_each(|module| self.source(f, rust, module, module))?;
        f.write_str("<details><summary>Out of reach<span>of replaying patterns</span></summary>\n")?;
        self.entries(f, |entry| entry.dialects.is_none())?;
        f.write_str("</details>\n")
    }

    fn sources(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "<h2>The reference</h2>\n<p>The newest interpreter of each minor version; the pointer shows the first case that \
             reaches a line.</p>\n",
        )?;
        let interpreters = self.coverage.subjects.iter().enumerate();
        let newest: BTreeMap<_, _> = interpreters
            .filter_map(|(n, subject)| Some((subject.dialect?.min_version().1, (n, subject))))
            .collect();
        for (n, subject) in newest.into_values().rev() {
            for module in subject.sources.keys() {
                self.source(f, n, module, &format!("{} of CPython {}", module, subject.name))?;
            }
        }
        Ok(())
    }

    /// A source file, closed, with what became of its lines.
    fn source(&self, f: &mut fmt::Formatter<'_>, n: usize, module: &str, title: &str) -> fmt::Result {
        let subject = &self.coverage.subjects[n];
        let sites = || {
            let all = subject.sites.iter().zip(&self.coverage.states[n]);
            all.filter(|(site, _)| site.module == module)
        };
        let counted = |lines: bool| {
            Count::of(sites().filter(|(site, _)| (site.kind == Kind::Line) == lines).map(|(_, state)| *state))
        };
        let (lines, branches) = (counted(true), counted(false));
        write!(
            f,
            "<details><summary><code>{}</code><span>{} lines {}, {} branches {}</span></summary>\n<pre>",
            Escaped(title),
            Bar(lines),
            Percent(lines),
            Bar(branches),
            Percent(branches)
        )?;
        let mut by_line: BTreeMap<usize, Vec<(&Site, State)>> = BTreeMap::new();
        sites().for_each(|(site, state)| by_line.entry(site.line).or_default().push((site, *state)));
        for (number, text) in (1..).zip(lines_of(subject, module)) {
            self.line(f, text, by_line.get(&number).map_or(&[], Vec::as_slice))?;
        }
        f.write_str("</pre></details>\n")
    }

    fn line(&self, f: &mut fmt::Formatter<'_>, text: &str, sites: &[(&Site, State)]) -> fmt::Result {
        let line = sites.iter().find(|(site, _)| site.kind == Kind::Line);
        let half: Vec<String> = sites
            .iter()
            .filter(|(site, state)| site.kind != Kind::Line && *state != State::Reached)
            .map(|(site, _)| format!("{} -> {}", site.text, site.kind.name()))
            .collect();
        let (class, title) = match line {
            None => ("", ""),
            Some((site, State::Reached)) => ("y", self.case(site.first)),
            Some((_, State::Listed(entry))) => ("l", self.unreached.entry(*entry).why.as_str()),
            Some((_, State::Missed)) => ("x", "missed"),
        };
        match class {
            "" => write!(f, "{}", Escaped(text))?,
            class if title.is_empty() => write!(f, "<i class={class}>{}", Escaped(text))?,
            class => write!(f, "<i class={class} title=\"{}\">{}", Escaped(title), Escaped(text))?,
        }
        if !half.is_empty() && class != "l" && class != "x" {
            write!(f, " <b title=\"never: {}\">◂</b>", Escaped(&half.join("; ")))?;
        }
        f.write_str(if class.is_empty() { "\n" } else { "</i>\n" })
    }
}

fn lines_of<'s>(subject: &'s Subject, module: &str) -> impl Iterator<Item = &'s str> {
    subject.sources.get(module).map_or("", String::as_str).lines()
}

/// A share in percent; 100 only if nothing is missed.
struct Percent(Count);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.missed {
            0 => f.write_str("100 %"),
            _ => write!(f, "{:.1} %", self.0.percent().min(99.9)),
        }
    }
}

/// Reached, listed and missed, as a bar.
struct Bar(Count);

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WIDTH: f64 = 90.0;
        let Count { reached, listed, missed } = self.0;
        f.write_str("<svg width=\"90\" height=\"9\" role=\"img\">")?;
        let mut x = 0.0;
        for (count, class) in [(reached, "y"), (listed, "l"), (missed, "x")] {
            let width = WIDTH * count as f64 / self.0.all().max(1) as f64;
            if count > 0 {
                write!(f, "<rect class=\"bar {class}\" x=\"{x:.1}\" width=\"{width:.1}\" height=\"9\"/>")?;
            }
            x += width;
        }
        f.write_str("</svg>")
    }
}
