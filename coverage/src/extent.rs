//! Finds the lines and branches that an entry of the list covers.

use std::ops::RangeInclusive;

use super::subject::{Kind, Site, Subject};
use super::unreached::Entry;

/// What an entry covers.
enum Extent<'e> {
    Function,
    Below(&'e str),
    Outcome(&'e str, Kind),
    Line(&'e str),
}

impl Entry {
    fn extent(&self) -> Extent<'_> {
        let what = self.what.as_str();
        if what == "*" {
            return Extent::Function;
        }
        if let Some(line) = what.strip_suffix(" …") {
            return Extent::Below(line);
        }
        match what.rsplit_once(" -> ").and_then(|(text, kind)| Some((text, Kind::outcome(kind)?))) {
            Some((text, kind)) => Extent::Outcome(text, kind),
            None => Extent::Line(what),
        }
    }

    /// Returns the sites that the entry covers. An entry for a line that is not reached covers its
    /// conditions too, and one with `…` also the block below it.
    pub(super) fn covers(&self, subject: &Subject, owners: &[usize]) -> Vec<usize> {
        let sites = &subject.sites;
        let whole = matches!(self.extent(), Extent::Function);
        let is_here = |site: &Site| {
            let inner = site.function.strip_prefix(&self.function);
            inner.is_some_and(|inner| inner.is_empty() || whole && inner.starts_with('.'))
        };
        let here: Vec<usize> = (0..sites.len()).filter(|&n| is_here(&sites[n])).collect();
        let lines_with = |text: &str| -> Vec<usize> {
            let (text, which) = numbered(text);
            let lines = here.iter().copied();
            let mut lines: Vec<usize> =
                lines.filter(|&n| sites[n].kind == Kind::Line && sites[n].text == text).collect();
            lines.sort_by_key(|&n| sites[n].line);
            match which {
                Some(which) => lines.get(which.wrapping_sub(1)).copied().into_iter().collect(),
                None => lines,
            }
        };
        match self.extent() {
            Extent::Function => here,
            Extent::Line(text) => {
                let lines = lines_with(text);
                here.into_iter().filter(|&n| lines.contains(&owners[n])).collect()
            }
            Extent::Outcome(text, kind) => {
                let lines = lines_with(text);
                let is_it = |&n: &usize| {
                    sites[n].kind == kind && (sites[n].text == text || lines.contains(&owners[n]))
                };
                here.into_iter().filter(is_it).collect()
            }
            Extent::Below(text) => {
                let lines = lines_with(text);
                // If the block is never entered, an outcome of a condition in the header never occurs. In Rust,
                // the header of a function is one of its lines.
                let is_why = |n: usize| !sites[n].reached && lines.contains(&owners[n]);
                let blocks: Vec<_> = lines.iter().map(|&n| block(subject, &sites[n])).collect();
                let is_below = |n: usize| blocks.iter().any(|block| block.contains(&sites[owners[n]].line));
                here.into_iter().filter(|&n| is_below(n) || is_why(n)).collect()
            }
        }
    }
}

/// Splits `line #2` into the text and the number.
fn numbered(text: &str) -> (&str, Option<usize>) {
    match text.rsplit_once(" #").map(|(line, number)| (line, number.parse())) {
        Some((line, Ok(number))) => (line, Some(number)),
        _ => (text, None),
    }
}

/// Returns the block below a line: the lines with more indentation.
fn block(subject: &Subject, header: &Site) -> RangeInclusive<usize> {
    let source = subject.sources.get(&header.module).map_or("", String::as_str);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = source.lines().enumerate().map(|(n, line)| (n + 1, line)).skip(header.line - 1);
    let outer = lines.next().map_or(0, |(_, line)| indent(line));
    let mut last = header.line;
    for (n, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let text = line.trim_start();
        // The closing parenthesis of a header that spans lines.
        let continues = text.starts_with(')') && indent(line) == outer;
        if indent(line) <= outer && !continues {
            break;
        }
        last = n;
    }
    header.line + 1..=last
}
