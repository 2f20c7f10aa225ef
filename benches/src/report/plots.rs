//! The charts of the page.

use maud::{Markup, html};
use sre_report::chart::{Axis, Chart, Row, legend};
use sre_report::units::{power_of_ten, time};

use super::{Report, table, times};
use crate::compare::{Comparison, Figures};
use crate::growth::Growth;

/// Returns the charts that belong to the table of this title, with their captions.
pub(super) fn of(report: &Report, title: &str) -> Vec<(Markup, &'static str)> {
    match (title, &report.comparison, &report.growth) {
        (table::TIMES, Some(comparison), _) => vec![
            (
                mean_times(comparison),
                "Mean time per pattern. Dot: median of the rounds; line: from the fastest round to the slowest; \
                 diamond: the median pattern.",
            ),
            (distribution(comparison), "Share of the patterns that take at most this time."),
        ],
        (table::RATIOS, Some(comparison), _) => vec![(
            ratios(comparison),
            "Times the time of sre-compiler. Dot: the whole pass; diamond: the median pattern; line: from the 10th \
             to the 90th percentile of single patterns.",
        )],
        (table::GROWTH, _, Some(families)) => vec![(
            growth(families),
            "Time by the number of pieces n. Blue: sre-compiler, with its exponent; orange: CPython.",
        )],
        _ => Vec::new(),
    }
}

/// Returns the class of an engine: its colour, and whether its line is dashed. Relatives share a colour.
fn class(name: &str) -> &'static str {
    match name {
        "sre" => "blue",
        "sre-program" => "blue dashed",
        "sre-cold" => "blue dotted",
        "cpython" => "orange",
        "regex-ast" => "green",
        "regex-hir" => "green dashed",
        "pcre2" => "purple",
        "fancy-regex" => "red",
        "oniguruma" => "brown",
        "floor" => "grey",
        _ => "grey dashed",
    }
}

/// The width of a chart.
const WIDTH: f64 = 640.0;

/// The height of a row of a dot plot.
const ROW: f64 = 30.0;

/// Creates a dot plot with a row for each engine. Positions on its logarithmic axis compare by ratio, which
/// lengths of bars would not.
fn rows(engines: &[Figures], axis: Axis) -> Chart {
    let count = engines.len() as f64;
    // Row 0 is on top.
    Chart::new(WIDTH, ROW * count + 34.0, 112.0, axis, Axis::Linear(count - 0.5, -0.5))
}

/// Leaves space for the figure right of the dot.
const FIGURE: f64 = 6.0;

fn mean_times(comparison: &Comparison) -> Markup {
    let engines = &comparison.engines;
    let ends = |engine: &Figures| [engine.percentiles[50], FIGURE * engine.mean()];
    let mut chart = rows(engines, Axis::around(engines.iter().flat_map(ends)));
    chart.x_grid(tick);
    for (n, engine) in engines.iter().enumerate() {
        let each = engine.accepts.max(1) as f64;
        let row = Row {
            low: engine.pass.least / each,
            high: engine.pass.most / each,
            value: engine.mean(),
            other: engine.percentiles[50],
        };
        chart.row(class(engine.name), [engine.name, &time(engine.mean())], row, n as f64);
    }
    chart.finish("mean time per pattern, by engine")
}

fn ratios(comparison: &Comparison) -> Markup {
    let engines = &comparison.engines;
    let ends =
        |engine: &Figures| [engine.ratios[10], FIGURE * engine.ratios[90], FIGURE * engine.ratio.median];
    let mut chart = rows(engines, Axis::around(engines.iter().flat_map(ends)));
    chart.x_grid(|tick| format!("{tick}×"));
    for (n, engine) in engines.iter().enumerate() {
        let ratio = engine.ratio.median;
        let row =
            Row { low: engine.ratios[10], high: engine.ratios[90], value: ratio, other: engine.ratios[50] };
        chart.row(class(engine.name), [engine.name, &times(ratio)], row, n as f64);
    }
    chart.finish("times the time of sre-compiler, by engine")
}

fn distribution(comparison: &Comparison) -> Markup {
    let engines = &comparison.engines;
    let ends = |engine: &Figures| [engine.percentiles[1], engine.percentiles[99]];
    let axis = Axis::around(engines.iter().flat_map(ends));
    let mut chart = Chart::new(WIDTH, 340.0, 56.0, axis, Axis::Linear(0.0, 1.0));
    chart.x_grid(tick);
    chart.y_grid(|part| format!("{:.0} %", 100.0 * part));
    for engine in engines {
        let points = (1..100).map(|percent| (engine.percentiles[percent], percent as f64 / 100.0));
        chart.line(class(engine.name), engine.name, points);
    }
    html! {
        (chart.finish("distribution of the times of single patterns"))
        (legend(engines.iter().map(|engine| (class(engine.name), engine.name))))
    }
}

/// Draws a small chart for each family.
fn growth(families: &[Growth]) -> Markup {
    let curves = |family: &Growth| -> Vec<f64> {
        let cpython = family.cpython.iter().flat_map(|curve| &curve.points);
        family.sre.points.iter().chain(cpython).map(|(_, time)| *time).collect()
    };
    let range = Axis::around(families.iter().flat_map(curves));
    let lengths = families.iter().flat_map(|family| &family.sre.points).map(|(n, _)| *n);
    let lengths = Axis::around(lengths);
    html! {
        div.small {
            @for family in families {
                figure {
                    (curve_of(family, lengths, range))
                    figcaption {
                        b { (family.family) }
                        @if let Some(exponent) = family.sre.exponent { " · " (format!("{exponent:.2}")) }
                        br; "n " (family.what)
                    }
                }
            }
        }
    }
}

fn curve_of(family: &Growth, lengths: Axis, range: Axis) -> Markup {
    let mut chart = Chart::new(230.0, 150.0, 46.0, lengths, range);
    chart.x_grid(power_of_ten);
    chart.y_grid(|time| if time.log10().round() as i32 % 2 == 1 { String::new() } else { tick(time) });
    let cpython = family.cpython.iter().map(|curve| ("orange", "CPython", curve));
    for (class, name, curve) in cpython.chain([("blue", "sre-compiler", &family.sre)]) {
        chart.line(class, name, curve.points.iter().copied());
        curve.points.iter().for_each(|(n, time)| chart.dot(class, *n, *time));
    }
    chart.finish(family.family)
}

/// Formats a power of ten of nanoseconds.
fn tick(nanoseconds: f64) -> String {
    time(nanoseconds).replace(".00", "").replace(".0", "")
}
