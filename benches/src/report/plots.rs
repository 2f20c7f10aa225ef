//! What the page shows as pictures.

use std::fmt::Write as _;

use super::svg::{Axis, Chart, escape};
use super::{digits, time};
use crate::compare::{Comparison, Figures};
use crate::growth::Growth;

/// The colour of a engine, and whether its line is dashed: relatives share a colour.
pub(super) fn class(name: &str) -> &'static str {
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

const ROW: f64 = 26.0;

/// A horizontal chart with a row for each engine.
fn rows(engines: &[Figures], axis: Axis) -> Chart {
    let count = engines.len() as f64;
    // Row 0 is on top.
    Chart::new(760.0, ROW * count + 32.0, 110.0, axis, Axis::Linear(count - 0.5, -0.5))
}

/// The mean time for a pattern: bars, the rounds' spread, and the median pattern.
pub(super) fn bars(comparison: &Comparison) -> String {
    let engines = &comparison.engines;
    let low_and_high = |engine: &Figures| [engine.percentiles[50], 8.0 * engine.mean()];
    let mut chart = rows(engines, Axis::around(engines.iter().flat_map(low_and_high)));
    chart.x_grid(tick);
    for (n, engine) in engines.iter().enumerate() {
        let (y, each) = (n as f64, engine.accepts.max(1) as f64);
        let figure = time(engine.mean());
        chart.bar(class(engine.name), (engine.name, &figure), engine.mean(), engine.pass.most / each, y);
        chart.whisker(engine.pass.least / each, engine.pass.most / each, y);
        chart.mark(engine.percentiles[50], y);
    }
    chart.finish("mean time for a pattern, by engine")
}

/// How many times our time each engine takes: the pass, the median pattern, and where eight in ten patterns are.
pub(super) fn ratios(comparison: &Comparison) -> String {
    let engines = &comparison.engines;
    let figures = |engine: &Figures| [engine.ratios[10], engine.ratios[90], 8.0 * engine.ratio.median];
    let mut chart = rows(engines, Axis::around(engines.iter().flat_map(figures)));
    chart.x_grid(|tick| format!("{tick} ×"));
    for (n, engine) in engines.iter().enumerate() {
        let y = n as f64;
        let (pass, figure) = (engine.ratio.median, format!("{} ×", digits(engine.ratio.median)));
        chart.bar(class(engine.name), (engine.name, &figure), pass, engine.ratios[90], y);
        chart.whisker(engine.ratios[10], engine.ratios[90], y);
        chart.mark(engine.ratios[50], y);
    }
    chart.finish("ratio to our time, by engine")
}

/// Which part of the patterns takes no longer than that.
pub(super) fn distribution(comparison: &Comparison) -> String {
    let engines = &comparison.engines;
    let ends = |engine: &Figures| [engine.percentiles[1], engine.percentiles[99]];
    let axis = Axis::around(engines.iter().flat_map(ends));
    let mut chart = Chart::new(760.0, 340.0, 50.0, axis, Axis::Linear(0.0, 1.0));
    chart.x_grid(tick);
    chart.y_grid(|part| format!("{:.0} %", 100.0 * part));
    for engine in engines {
        let points = (1..100).map(|percent| (engine.percentiles[percent], percent as f64 / 100.0));
        chart.line(class(engine.name), engine.name, points);
    }
    chart.finish("distribution of the times of single patterns") + &legend(engines)
}

fn legend(engines: &[Figures]) -> String {
    let mut legend = String::from("<p class=\"legend\">");
    for engine in engines {
        let _ = write!(
            legend,
            "<span><svg viewBox=\"0 0 24 8\"><path class=\"line {}\" d=\"M0 4H24\"/></svg>{}</span> ",
            class(engine.name),
            escape(engine.name)
        );
    }
    legend + "</p>"
}

/// A small chart for each family.
pub(super) fn growth(families: &[Growth]) -> String {
    let curves = |family: &Growth| -> Vec<f64> {
        let cpython = family.cpython.iter().flat_map(|curve| &curve.points);
        family.sre.points.iter().chain(cpython).map(|(_, time)| *time).collect()
    };
    let times = Axis::around(families.iter().flat_map(curves));
    let lengths = families.iter().flat_map(|family| &family.sre.points).map(|(n, _)| *n);
    let lengths = Axis::around(lengths);
    let mut charts = String::from("<div class=\"small\">");
    for family in families {
        let mut chart = Chart::new(230.0, 150.0, 46.0, lengths, times);
        chart.x_grid(power);
        chart.y_grid(|time| if time.log10().round() as i32 % 2 == 1 { String::new() } else { tick(time) });
        let cpython = family.cpython.iter().map(|curve| ("orange", curve));
        for (class, curve) in cpython.chain([("blue", &family.sre)]) {
            chart.line(class, family.family, curve.points.iter().copied());
            curve.points.iter().for_each(|(n, time)| chart.dot(class, *n, *time));
        }
        let exponent = family.sre.exponent.map_or(String::new(), |exponent| format!(" · {exponent:.2}"));
        let _ = write!(
            charts,
            "<figure>{}<figcaption><b>{}</b>{exponent}<br>n {}</figcaption></figure>",
            chart.finish(family.family),
            escape(family.family),
            escape(family.what)
        );
    }
    charts + "</div>"
}

/// A power of ten of nanoseconds.
fn tick(nanoseconds: f64) -> String {
    time(nanoseconds).replace(".00", "").replace(".0", "")
}

/// A power of ten.
fn power(number: f64) -> String {
    format!("10<tspan dy=\"-4\" font-size=\"8\">{:.0}</tspan>", number.log10())
}
