//! The source files on the page, with the state of their lines.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::page::{Page, bar, percent};
use super::{Count, Coverage, Kind, Site, State, Subject};

/// Returns the newest interpreter of each minor version, the newest first, with their numbers.
pub(super) fn newest(coverage: &Coverage) -> Vec<(usize, &Subject)> {
    let interpreters = coverage.subjects.iter().enumerate();
    let newest: BTreeMap<_, _> = interpreters
        .filter_map(|(n, subject)| Some((subject.dialect?.min_version().1, (n, subject))))
        .collect();
    newest.into_values().rev().collect()
}

/// Returns a source file, folded, with the state of its lines.
pub(super) fn source(page: &Page<'_>, n: usize, module: &str, title: &str) -> Markup {
    let subject = &page.coverage.subjects[n];
    let sites = || {
        let all = subject.sites.iter().zip(&page.coverage.states[n]);
        all.filter(|(site, _)| site.module == module)
    };
    let counted = |lines: bool| {
        Count::of(sites().filter(|(site, _)| (site.kind == Kind::Line) == lines).map(|(_, state)| *state))
    };
    let (lines, branches) = (counted(true), counted(false));
    let mut by_line: BTreeMap<usize, Vec<(&Site, State)>> = BTreeMap::new();
    sites().for_each(|(site, state)| by_line.entry(site.line).or_default().push((site, *state)));
    let text = subject.sources.get(module).map_or("", String::as_str);
    html! {
        details {
            summary {
                code { (title) }
                span { (bar(lines)) " lines " (percent(lines)) ", " (bar(branches)) " branches " (percent(branches)) }
            }
            pre {
                @for (number, text) in (1..).zip(text.lines()) {
                    (line(page, text, by_line.get(&number).map_or(&[], Vec::as_slice)))
                    "\n"
                }
            }
        }
    }
}

fn line(page: &Page<'_>, text: &str, sites: &[(&Site, State)]) -> Markup {
    let line = sites.iter().find(|(site, _)| site.kind == Kind::Line);
    let never: Vec<String> = sites
        .iter()
        .filter(|(site, state)| site.kind != Kind::Line && *state != State::Reached)
        .map(|(site, _)| format!("{} -> {}", site.text, site.kind.name()))
        .collect();
    let (class, title) = match line {
        None => (None, ""),
        Some((site, State::Reached)) => (Some("y"), page.case(site.first)),
        Some((_, State::Listed(entry))) => (Some("l"), page.unreached.entry(*entry).why.as_str()),
        Some((_, State::Missed)) => (Some("x"), "missed"),
    };
    let mark = html! {
        @if !never.is_empty() && !matches!(class, Some("l" | "x")) {
            " " b title={ "never: " (never.join("; ")) } { "◂" }
        }
    };
    html! {
        @match class {
            None => { (text) (mark) }
            Some(class) if title.is_empty() => { i class=(class) { (text) (mark) } }
            Some(class) => { i class=(class) title=(title) { (text) (mark) } }
        }
    }
}
