//! The page: curves, the lines through them, and the verdicts, in one file that needs nothing else.

use std::fmt::Write;
use std::{fmt, fs};

use sre_report::Escaped;

use super::curve::{Curve, Point, Verdict};
use super::slope::Fit;

/// What is shown.
#[derive(Debug)]
pub struct Page<'p> {
    /// What was soaked.
    pub subject: String,
    /// How it was started.
    pub command: String,
    /// What else there is to say of the run, a line each.
    pub notes: Vec<String>,
    /// The curves.
    pub curves: &'p [Curve],
}

const STYLE: &str = "
:root { color-scheme: light dark; --text: #1c2024; --faint: #6b7280; --line: #d4d7dc; --page: #fff;
  --curve: #2563eb; --fit: #c2410c; --good: #15803d; --bad: #b91c1c; --open: #a16207; --warm: #80808022; }
@media (prefers-color-scheme: dark) { :root { --text: #e5e7eb; --faint: #9ca3af; --line: #3f444d; --page: #16181d;
  --curve: #7aa2ff; --fit: #fb923c; --good: #4ade80; --bad: #f87171; --open: #facc15; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: var(--text);
  background: var(--page); }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 2rem 0 0; } p { margin: .2rem 0; }
code { font-size: .9em; } ul { padding-left: 1.2rem; color: var(--faint); } svg { width: 100%; height: auto; }
svg text { font-size: 12px; fill: var(--faint); } .worse { color: var(--bad); } .fine { color: var(--good); }
.undecided { color: var(--open); } .slope { color: var(--faint); } b { font-weight: 600; }
";

// The drawing, in its own units.
const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 870.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 200.0;

impl fmt::Display for Page<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = Escaped(&self.subject);
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Soak: {subject}</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>\n\
             <h1>Soak: {subject}</h1>\n<p><code>{}</code></p>\n<ul>",
            Escaped(&self.command)
        )?;
        for note in &self.notes {
            write!(f, "<li>{}</li>", Escaped(note))?;
        }
        f.write_str("</ul>\n")?;
        for (number, curve) in self.curves.iter().enumerate() {
            let class = match curve.verdict() {
                Verdict::Regressed => "worse",
                Verdict::Ok => "fine",
                Verdict::Undecided => "undecided",
            };
            let (name, verdict) = (Escaped(&curve.name), curve.to_string());
            let (word, slope) = verdict.split_once([':', ',']).unwrap_or((&verdict, ""));
            write!(
                f,
                "<h2>{name}</h2>\n<p><b class=\"{class}\">{}</b> <span class=\"slope\">{}</span></p>\n",
                Escaped(word),
                Escaped(slope)
            )?;
            draw(f, curve, number)?;
        }
        f.write_str(
            "<p class=\"slope\">Grey: warm-up, left out. Line: Theil–Sen through the rest; band: its interval of 95 %; \
             dashed: the slope that would be too much.</p>\n</body></html>\n",
        )
    }
}

/// Where values lie in the drawing.
struct Scale {
    seconds: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn x(&self, seconds: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * seconds / self.seconds
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)
    }
}

fn draw(f: &mut fmt::Formatter<'_>, curve: &Curve, number: usize) -> fmt::Result {
    let Some(last) = curve.points.last() else { return Ok(()) };
    let fitted: Vec<&Point> = curve.points.iter().filter(|point| !point.warm_up).collect();
    let scale = scale(curve, &fitted, last.seconds);
    write!(
        f,
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><clipPath id=\"c{number}\">\
         <rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{}\" height=\"{}\"/></clipPath>",
        RIGHT - LEFT,
        BOTTOM - TOP
    )?;
    let warm_up = fitted.first().map_or(last.seconds, |first| first.seconds);
    let width = scale.x(warm_up) - LEFT;
    write!(
        f,
        "<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{width:.1}\" height=\"{}\" fill=\"var(--warm)\"/>",
        BOTTOM - TOP
    )?;
    axes(f, &scale, curve.unit)?;
    write!(f, "<g clip-path=\"url(#c{number})\" fill=\"none\">")?;
    let path = path(curve.points.iter().map(|point| (scale.x(point.seconds), scale.y(point.y))));
    write!(f, "<path d=\"{path}\" stroke=\"var(--curve)\" stroke-width=\"1.2\"/>")?;
    if let Some(fit) = &curve.fit {
        line(f, curve, fit, &fitted, &scale)?;
    }
    f.write_str("</g></svg>\n")
}

fn line(
    f: &mut fmt::Formatter<'_>,
    curve: &Curve,
    fit: &Fit,
    fitted: &[&Point],
    scale: &Scale,
) -> fmt::Result {
    let along = |slope: f64| {
        fitted.iter().map(move |point| (scale.x(point.seconds), scale.y(fit.at(point.x, slope))))
    };
    // Between the two lines of the interval's ends, which cross in the middle.
    let band = path(along(fit.lower).chain(along(fit.upper).rev()));
    write!(f, "<path d=\"{band} Z\" fill=\"var(--fit)\" opacity=\"0.25\"/>")?;
    write!(f, "<path d=\"{}\" stroke=\"var(--fit)\" stroke-width=\"1.5\"/>", path(along(fit.slope)))?;
    let start = fitted.first().map_or(0.0, |first| first.x);
    let from = fit.at(start, fit.slope);
    let limit = fitted
        .iter()
        .map(|point| (scale.x(point.seconds), scale.y(from + curve.threshold * (point.x - start))));
    write!(f, "<path d=\"{}\" stroke=\"var(--bad)\" stroke-dasharray=\"5 4\"/>", path(limit))
}

/// The scale that shows most of what was fitted; the rest is cut off.
fn scale(curve: &Curve, fitted: &[&Point], seconds: f64) -> Scale {
    let shown = if fitted.is_empty() { curve.points.iter().collect() } else { fitted.to_vec() };
    let mut ys: Vec<f64> = shown.iter().map(|point| point.y).collect();
    ys.sort_by(f64::total_cmp);
    let rare = ys.len() / 50;
    let (low, high) = (ys[rare], ys[ys.len() - 1 - rare]);
    // At least what the threshold would make of it, so that what is flat looks flat.
    let run = shown.first().zip(shown.last()).map_or(0.0, |(first, last)| last.x - first.x);
    let span = (high - low).max(1.5 * curve.threshold * run).max(1e-9);
    let middle = f64::midpoint(low, high);
    Scale { seconds: seconds.max(1e-9), low: middle - 0.6 * span, high: middle + 0.6 * span }
}

fn axes(f: &mut fmt::Formatter<'_>, scale: &Scale, unit: &str) -> fmt::Result {
    let (step, digits) = step(scale.high - scale.low);
    let mut value = (scale.low / step).ceil() * step;
    while value <= scale.high {
        let y = scale.y(value);
        // Not minus nothing.
        let shown = if value.abs() < step / 2.0 { 0.0 } else { value };
        write!(
            f,
            "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"var(--line)\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{shown:.digits$}</text>",
            LEFT - 6.0,
            y + 4.0
        )?;
        value += step;
    }
    let (name, length) = match scale.seconds {
        seconds if seconds < 180.0 => ("s", 1.0),
        seconds if seconds < 10_800.0 => ("min", 60.0),
        _ => ("h", 3600.0),
    };
    let (step, digits) = self::step(scale.seconds / length);
    // Where 0 would be stands the unit of the other axis.
    let mut time = step;
    while time * length <= scale.seconds {
        let x = scale.x(time * length);
        write!(
            f,
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{time:.digits$} {name}</text>",
            BOTTOM + 16.0
        )?;
        time += step;
    }
    let (x, y) = (LEFT - 6.0, BOTTOM + 16.0);
    write!(f, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{}</text>", Escaped(unit))
}

/// A round number of which four to ten fit in, and how many digits after the point it needs.
fn step(span: f64) -> (f64, usize) {
    let magnitude = 10f64.powf((span / 4.0).log10().floor());
    let step = [5.0, 2.0, 1.0].map(|n| n * magnitude).into_iter().find(|step| span / step >= 4.0);
    ((step.unwrap_or(magnitude)), (-magnitude.log10().floor()).clamp(0.0, 9.0) as usize)
}

fn path(points: impl Iterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    for (x, y) in points {
        // Writing to a string does not fail.
        let _ = write!(path, "{}{x:.1} {y:.1}", if path.is_empty() { "M" } else { " L" });
    }
    path
}

/// The machine: system, processor, cores; what it does not tell is left out.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut machine = format!("{} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH);
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    if let Some(name) = processors.lines().find_map(|line| line.strip_prefix("model name")) {
        machine += &format!(", {}", name.trim_start_matches(['\t', ' ', ':']));
    }
    machine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (span, expected) in [(10.0, (2.0, 0)), (1.0, (0.2, 1)), (45.0, (10.0, 0)), (0.05, (0.01, 2))] {
            let (step, digits) = step(span);
            assert!((step - expected.0).abs() < 1e-12 && digits == expected.1, "{span}: {step} {digits}");
        }
        for n in 1..1000 {
            let span = 1.37f64.powi(n / 20 - 25) * f64::from(n);
            let fit = span / step(span).0;
            assert!((3.99..=10.01).contains(&fit), "{span}: {fit}");
        }
    }

    #[test]
    fn what_is_quoted_is_no_markup() {
        let page = Page {
            subject: "<b>".into(),
            command: "sre soak --output 'a&b\"<.html'".into(),
            notes: vec!["1 < 2".into()],
            curves: &[],
        };
        let page = page.to_string();
        assert!(page.contains("Soak: &lt;b&gt;") && page.contains("a&amp;b&quot;&lt;.html"), "{page}");
        assert!(page.contains("<li>1 &lt; 2</li>"), "{page}");
    }
}
