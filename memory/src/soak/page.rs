//! The page of a soak: verdicts, curves, and the lines fitted to them.

use maud::{Markup, html};
use sre_report::Tone;
use sre_report::chart::{Axis, Chart};

use super::checks::{Check, NextStep, headline};
use super::curve::{Curve, Point, Verdict};

/// What the page shows.
#[derive(Debug)]
pub struct Page<'p> {
    /// Name and version of what was soaked.
    pub subject: String,
    /// Number of patterns that were compiled.
    pub patterns: u64,
    /// What was run: pairs of a word and a text.
    pub facts: Vec<(&'static str, String)>,
    /// What makes the verdicts less reliable.
    pub warnings: Vec<String>,
    /// The verdicts.
    pub checks: &'p [Check],
    /// The curves.
    pub curves: &'p [Curve],
    /// Commands that find a cause.
    pub next: &'p [NextStep],
}

impl Page<'_> {
    /// Returns the page as HTML that needs no other file.
    pub fn document(&self) -> String {
        let page = sre_report::Page {
            title: format!("Soak: {}", self.subject),
            headline: headline(&self.subject, self.checks, self.patterns),
            facts: self.facts.clone(),
            warnings: self.warnings.clone(),
            style: "",
        };
        page.document(&self.body())
    }

    fn body(&self) -> Markup {
        html! {
            h2 { "Verdicts" }
            table.cards {
                thead { tr { th { "Watched" } th { "Verdict" } th { "Figures" } } }
                tbody {
                    @for check in self.checks {
                        tr {
                            td { (check.name) }
                            td data-label="Verdict" { b class=(tone(check.verdict).class()) { (check.word) } }
                            td.soft data-label="Figures" { (check.figures) }
                        }
                    }
                }
            }
            @if !self.next.is_empty() {
                h2 { "What to run next" }
                @for step in self.next { p { (step.shows) ":" br; code { (step.command) } } }
            }
            @for curve in self.curves {
                h2 { (curve.name) }
                p {
                    b class=(tone(curve.verdict()).class()) { (curve.word()) }
                    span.soft { (curve.to_string().trim_start_matches(&curve.word())) }
                }
                div.chart { (chart(curve)) }
            }
            p.note {
                "Shaded: the warm-up, which is not fitted. Orange line: Theil–Sen fit to the rest, with its 95 % interval \
                 as a band. Dashed red line: the slope above which the verdict is bad."
            }
        }
    }
}

fn tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Regressed => Tone::Bad,
        Verdict::Ok => Tone::Good,
        Verdict::Undecided => Tone::Open,
    }
}

fn chart(curve: &Curve) -> Markup {
    let Some(last) = curve.points.last() else { return html! {} };
    let fitted: Vec<&Point> = curve.points.iter().filter(|point| !point.warm_up).collect();
    let (unit, seconds) = match last.seconds {
        seconds if seconds < 180.0 => ("s", 1.0),
        seconds if seconds < 10_800.0 => ("min", 60.0),
        _ => ("h", 3600.0),
    };
    let time = |point: &Point| point.seconds / seconds;
    let x = Axis::Linear(0.0, (last.seconds / seconds).max(1e-9));
    let y = range(curve, &fitted);
    let mut chart = Chart::new(640.0, 230.0, 84.0, x, y);
    let warm_up = fitted.first().map_or(last, |first| first);
    chart.shade(0.0, time(warm_up));
    // The unit of the other axis stands where 0 would be.
    let decimals = x.decimals();
    chart.x_grid(|at| if at == 0.0 { String::new() } else { format!("{at:.decimals$} {unit}") });
    let decimals = y.decimals();
    chart.y_grid(|value| format!("{value:.decimals$}").replace("-0", "0"));
    chart.y_unit(curve.unit);
    chart.line("blue", &curve.name, curve.points.iter().map(|point| (time(point), point.y)));
    if let Some(fit) = &curve.fit {
        let along = |slope: f64| fitted.iter().map(move |point| (time(point), fit.at(point.x, slope)));
        // The lines of the interval's ends cross in the middle.
        chart.band("orange", along(fit.lower).chain(along(fit.upper).rev()));
        chart.line("orange", "fit", along(fit.slope));
        let start = fitted.first().map_or(0.0, |first| first.x);
        let from = fit.at(start, fit.slope);
        let limit = fitted.iter().map(|point| (time(point), from + curve.threshold * (point.x - start)));
        chart.line("limit dashed", "threshold", limit);
    }
    chart.finish(&curve.name)
}

/// Returns an axis that shows most of what was fitted; outliers are cut off.
fn range(curve: &Curve, fitted: &[&Point]) -> Axis {
    let shown = if fitted.is_empty() { curve.points.iter().collect() } else { fitted.to_vec() };
    let ys = sre_report::statistics::sorted(shown.iter().map(|point| point.y));
    let rare = ys.len() / 50;
    let (low, high) = (ys[rare], ys[ys.len() - 1 - rare]);
    // At least as much as the threshold would add, so that a flat curve looks flat.
    let run = shown.first().zip(shown.last()).map_or(0.0, |(first, last)| last.x - first.x);
    let span = (high - low).max(1.5 * curve.threshold * run).max(1e-9);
    let middle = f64::midpoint(low, high);
    Axis::Linear(middle - 0.6 * span, middle + 0.6 * span)
}
