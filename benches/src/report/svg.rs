//! Charts over logarithmic axes, as inline SVG.

use std::fmt::Write as _;

/// Room on the right, for half of the last label.
const MARGIN: f64 = 24.0;

/// A chart, and what has been drawn into it.
#[derive(Debug)]
pub(super) struct Chart {
    width: f64,
    height: f64,
    left: f64,
    bottom: f64,
    top: f64,
    x: Axis,
    y: Axis,
    body: String,
}

/// From which value to which an axis goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Axis {
    /// By powers of ten.
    Logarithmic(f64, f64),
    /// In proportion.
    Linear(f64, f64),
}

impl Axis {
    /// Whole powers of ten round some figures.
    pub(super) fn around(figures: impl Iterator<Item = f64>) -> Axis {
        let (least, most) = figures
            .filter(|figure| *figure > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(least, most), figure| (least.min(figure), most.max(figure)));
        if most == 0.0 {
            return Axis::Logarithmic(1.0, 10.0);
        }
        let (low, high) = (least.log10().floor(), most.log10().ceil());
        Axis::Logarithmic(10_f64.powf(low), 10_f64.powf(high.max(low + 1.0)))
    }

    /// Where a value lies, from 0 to 1.
    fn part(self, value: f64) -> f64 {
        match self {
            Axis::Logarithmic(low, high) => (value.max(low) / low).log10() / (high / low).log10(),
            Axis::Linear(low, high) => (value - low) / (high - low),
        }
        .clamp(0.0, 1.0)
    }

    fn ticks(self) -> Vec<f64> {
        match self {
            Axis::Logarithmic(low, high) => {
                let (first, last) = (low.log10().round() as i32, high.log10().round() as i32);
                (first..=last).map(|power| 10_f64.powi(power)).collect()
            }
            Axis::Linear(low, high) => (0..=4).map(|n| low + (high - low) * f64::from(n) / 4.0).collect(),
        }
    }
}

impl Chart {
    /// An empty chart; `left` is the room for what stands left of it.
    pub(super) fn new(width: f64, height: f64, left: f64, x: Axis, y: Axis) -> Chart {
        Chart { width, height, left, bottom: 24.0, top: 8.0, x, y, body: String::new() }
    }

    fn at_x(&self, value: f64) -> f64 {
        self.left + self.x.part(value) * (self.width - self.left - MARGIN)
    }

    fn at_y(&self, value: f64) -> f64 {
        self.height - self.bottom - self.y.part(value) * (self.height - self.bottom - self.top)
    }

    /// Lines and labels across, one for each power of ten.
    pub(super) fn x_grid(&mut self, label: impl Fn(f64) -> String) {
        let (top, floor) = (self.top, self.height - self.bottom);
        for tick in self.x.ticks() {
            let (x, label) = (self.at_x(tick), label(tick));
            let _ = write!(
                self.body,
                "<path class=\"grid\" d=\"M{x:.1} {top}V{floor}\"/>\
                 <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
                floor + 15.0
            );
        }
    }

    /// The same upwards.
    pub(super) fn y_grid(&mut self, label: impl Fn(f64) -> String) {
        let right = self.width - MARGIN;
        for tick in self.y.ticks() {
            let (y, label) = (self.at_y(tick), label(tick));
            let _ = write!(
                self.body,
                "<path class=\"grid\" d=\"M{} {y:.1}H{right}\"/>\
                 <text class=\"tick\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                self.left,
                self.left - 5.0,
                y + 4.0
            );
        }
    }

    /// A line through points.
    pub(super) fn line(&mut self, class: &str, title: &str, points: impl Iterator<Item = (f64, f64)>) {
        let mut path = String::new();
        for (x, y) in points {
            let command = if path.is_empty() { 'M' } else { 'L' };
            let _ = write!(path, "{command}{:.1} {:.1}", self.at_x(x), self.at_y(y));
        }
        let title = escape(title);
        let _ = write!(self.body, "<path class=\"line {class}\" d=\"{path}\"><title>{title}</title></path>");
    }

    /// A dot.
    pub(super) fn dot(&mut self, class: &str, x: f64, y: f64) {
        let (x, y) = (self.at_x(x), self.at_y(y));
        let _ = write!(self.body, "<circle class=\"dot {class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>");
    }

    /// A bar from the left edge, with its name left of it, and its figure right of it and of the value `end`.
    pub(super) fn bar(&mut self, class: &str, (name, figure): (&str, &str), value: f64, end: f64, y: f64) {
        let (x, y, left) = (self.at_x(value.max(end)), self.at_y(y), self.left);
        let width = (self.at_x(value) - left).max(0.0);
        let _ = write!(
            self.body,
            "<rect class=\"bar {class}\" x=\"{left}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"14\"/>\
             <text class=\"name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
             <text class=\"figure\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            y - 7.0,
            left - 8.0,
            y + 4.0,
            escape(name),
            x + 8.0,
            y + 4.0,
            escape(figure)
        );
    }

    /// A line across, from one value to another, over a bar.
    pub(super) fn whisker(&mut self, from: f64, to: f64, y: f64) {
        let (from, to, y) = (self.at_x(from), self.at_x(to), self.at_y(y));
        let (low, high) = (y - 4.0, y + 4.0);
        let _ = write!(
            self.body,
            "<path class=\"whisker\" d=\"M{from:.1} {y:.1}H{to:.1}M{from:.1} {low:.1}V{high:.1}M{to:.1} {low:.1}V{high:.1}\"/>"
        );
    }

    /// A mark across a bar.
    pub(super) fn mark(&mut self, value: f64, y: f64) {
        let (x, y) = (self.at_x(value), self.at_y(y));
        let _ = write!(self.body, "<path class=\"mark\" d=\"M{x:.1} {:.1}l5 7l-5 7l-5 -7z\"/>", y - 7.0);
    }

    /// The chart as an element; `label` says what it shows.
    pub(super) fn finish(self, label: &str) -> String {
        format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}</svg>",
            self.width,
            self.height,
            escape(label),
            self.body
        )
    }
}

/// Text for HTML and SVG.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_go_from_power_to_power() {
        let axis = Axis::around([0.0, 30.0, 4_000.0].into_iter());
        assert_eq!(axis.ticks(), [10.0, 100.0, 1_000.0, 10_000.0]);
        assert_eq!([10.0, 1_000.0, 1e9].map(|value| (axis.part(value) * 3.0).round()), [0.0, 2.0, 3.0]);
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("<a&\"b>"), "&lt;a&amp;&quot;b&gt;");
    }
}
