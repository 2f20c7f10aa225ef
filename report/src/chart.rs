//! Charts over linear and logarithmic axes, as inline SVG.

use maud::{Markup, PreEscaped, html};

/// Space on the right, for half of the last label.
const MARGIN: f64 = 32.0;

/// Space above and below the drawing area.
const TOP: f64 = 8.0;
const BOTTOM: f64 = 26.0;

/// A chart, and what has been drawn into it.
#[derive(Debug)]
pub struct Chart {
    width: f64,
    height: f64,
    left: f64,
    x: Axis,
    y: Axis,
    body: String,
}

/// The range of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Axis {
    /// Powers of ten are at equal distances.
    Logarithmic(f64, f64),
    /// Distances are proportional.
    Linear(f64, f64),
}

impl Axis {
    /// Returns a logarithmic axis from power of ten to power of ten around figures.
    pub fn around(figures: impl Iterator<Item = f64>) -> Axis {
        let (least, most) = figures
            .filter(|figure| *figure > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(least, most), figure| (least.min(figure), most.max(figure)));
        if most == 0.0 {
            return Axis::Logarithmic(1.0, 10.0);
        }
        let (low, high) = (least.log10().floor(), most.log10().ceil());
        Axis::Logarithmic(10_f64.powf(low), 10_f64.powf(high.max(low + 1.0)))
    }

    /// Returns where a value lies: 0 at the start of the axis, 1 at its end.
    fn part(self, value: f64) -> f64 {
        match self {
            Axis::Logarithmic(low, high) => ((value.max(low) / low).log10() / (high / low).log10()).min(1.0),
            Axis::Linear(low, high) => (value - low) / (high - low),
        }
    }

    /// Returns the values of grid lines: powers of ten, or round numbers.
    pub fn ticks(self) -> Vec<f64> {
        match self {
            Axis::Logarithmic(low, high) => {
                let (first, last) = (low.log10().round() as i32, high.log10().round() as i32);
                (first..=last).map(|power| 10_f64.powi(power)).collect()
            }
            Axis::Linear(low, high) => {
                let (step, _) = step(high - low);
                let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
                (first..=last).map(|n| n as f64 * step).collect()
            }
        }
    }

    /// Returns how many digits after the point the ticks need.
    pub fn decimals(self) -> usize {
        match self {
            Axis::Logarithmic(..) => 0,
            Axis::Linear(low, high) => step(high - low).1,
        }
    }
}

/// Returns a round number of which four to ten fit in, and its number of digits after the point.
fn step(span: f64) -> (f64, usize) {
    let magnitude = 10f64.powf((span / 4.0).log10().floor());
    let step = [5.0, 2.0, 1.0].map(|n| n * magnitude).into_iter().find(|step| span / step >= 4.0);
    ((step.unwrap_or(magnitude)), (-magnitude.log10().floor()).clamp(0.0, 9.0) as usize)
}

impl Chart {
    /// Creates an empty chart; `left` is the space for what stands left of the drawing area.
    pub fn new(width: f64, height: f64, left: f64, x: Axis, y: Axis) -> Chart {
        Chart { width, height, left, x, y, body: String::new() }
    }

    fn add(&mut self, element: Markup) {
        self.body += &element.into_string();
    }

    fn at_x(&self, value: f64) -> f64 {
        self.left + self.x.part(value) * (self.width - self.left - MARGIN)
    }

    fn at_y(&self, value: f64) -> f64 {
        self.height - BOTTOM - self.y.part(value) * (self.height - BOTTOM - TOP)
    }

    /// Draws vertical grid lines, with labels below; an empty label is omitted.
    pub fn x_grid(&mut self, label: impl Fn(f64) -> String) {
        let floor = self.height - BOTTOM;
        for tick in self.x.ticks() {
            let (x, label) = (number(self.at_x(tick)), label(tick));
            self.add(html! {
                path.grid d={ "M" (x) " " (TOP) "V" (floor) } {}
                text.tick x=(x) y=(number(floor + 17.0)) text-anchor="middle" { (label) }
            });
        }
    }

    /// Draws horizontal grid lines, with labels on the left; an empty label is omitted.
    pub fn y_grid(&mut self, label: impl Fn(f64) -> String) {
        let right = self.width - MARGIN;
        for tick in self.y.ticks() {
            let (y, label) = (self.at_y(tick), label(tick));
            self.add(html! {
                path.grid d={ "M" (self.left) " " (number(y)) "H" (right) } {}
                text.tick x=(self.left - 6.0) y=(number(y + 4.0)) text-anchor="end" { (label) }
            });
        }
    }

    /// Writes the unit of the left axis below its labels.
    pub fn y_unit(&mut self, unit: &str) {
        let (x, y) = (self.left - 6.0, self.height - BOTTOM + 17.0);
        self.add(html! { text.tick x=(x) y=(number(y)) text-anchor="end" { (unit) } });
    }

    /// Shades the area between two values of x.
    pub fn shade(&mut self, from: f64, to: f64) {
        let (x, width) = (self.at_x(from), self.at_x(to) - self.at_x(from));
        let height = self.height - BOTTOM - TOP;
        self.add(html! {
            rect.shade x=(number(x)) y=(TOP) width=(number(width.max(0.0))) height=(height) {}
        });
    }

    /// Draws a line through points; what lies outside of the drawing area is cut off.
    pub fn line(&mut self, class: &str, title: &str, points: impl Iterator<Item = (f64, f64)>) {
        let path = self.path(points);
        let line = html! { path class={ "line " (class) } d=(path) { title { (title) } } };
        self.clipped(&line);
    }

    /// Draws the area within points; what lies outside of the drawing area is cut off.
    pub fn band(&mut self, class: &str, points: impl Iterator<Item = (f64, f64)>) {
        let path = self.path(points);
        let band = html! { path class={ "band " (class) } d={ (path) "Z" } {} };
        self.clipped(&band);
    }

    /// A nested `svg` cuts off what lies outside of it.
    fn clipped(&mut self, element: &Markup) {
        let (x, width, height) = (self.left, self.width - self.left - MARGIN, self.height - BOTTOM - TOP);
        self.add(html! {
            svg x=(x) y=(TOP) width=(width) height=(height)
                viewBox={ (x) " " (TOP) " " (width) " " (height) } { (element) }
        });
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        let mut path = String::new();
        for (x, y) in points {
            path.push(if path.is_empty() { 'M' } else { 'L' });
            path += &format!("{:.1} {:.1}", self.at_x(x), self.at_y(y));
        }
        path
    }

    /// Draws a dot.
    pub fn dot(&mut self, class: &str, x: f64, y: f64) {
        let (x, y) = (number(self.at_x(x)), number(self.at_y(y)));
        self.add(html! { circle class={ "dot " (class) } cx=(x) cy=(y) r="3" {} });
    }

    /// Draws a row of a dot plot: the name on the left, a range of values as a line, a value as a dot,
    /// another one as a diamond, and the figure right of them.
    pub fn row(&mut self, class: &str, [name, figure]: [&str; 2], row: Row, y: f64) {
        let [low, high, value, other] =
            [row.low, row.high, row.value, row.other].map(|value| self.at_x(value));
        let (y, left) = (self.at_y(y), self.left);
        let end = high.max(value).max(other);
        let (low, high, value) = (number(low), number(high), number(value));
        self.add(html! {
            text x=(number(left - 8.0)) y=(number(y + 4.0)) text-anchor="end" { (name) }
            path.whisker d={ "M" (low) " " (number(y)) "H" (high) "M" (low) " " (number(y - 4.0)) "v8"
                "M" (high) " " (number(y - 4.0)) "v8" } {}
            circle class={ "dot " (class) } cx=(value) cy=(number(y)) r="6" {}
            path.mark d={ "M" (number(other)) " " (number(y - 5.0)) "l4 5l-4 5l-4 -5z" } {}
            text x=(number(end + 12.0)) y=(number(y + 4.0)) { (figure) }
        });
    }

    /// Returns the chart as an element; `label` says what it shows.
    pub fn finish(self, label: &str) -> Markup {
        html! {
            svg viewBox={ "0 0 " (self.width) " " (self.height) } role="img" aria-label=(label) {
                (PreEscaped(self.body))
            }
        }
    }
}

/// The values of a row of a dot plot.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Start of the line.
    pub low: f64,
    /// End of the line.
    pub high: f64,
    /// The dot.
    pub value: f64,
    /// The diamond.
    pub other: f64,
}

/// Returns a legend of lines: pairs of a class and a name.
pub fn legend<'n>(lines: impl Iterator<Item = (&'n str, &'n str)>) -> Markup {
    html! {
        p.legend {
            @for (class, name) in lines {
                span { svg viewBox="0 0 24 8" { path class={ "line " (class) } d="M0 4H24" {} } (name) }
                " "
            }
        }
    }
}

/// Returns a bar of parts in proportion: pairs of a class and a size.
pub fn stacked_bar<'c>(parts: impl Iterator<Item = (&'c str, usize)> + Clone) -> Markup {
    const WIDTH: f64 = 90.0;
    let total = parts.clone().map(|(_, size)| size).sum::<usize>().max(1) as f64;
    let mut x = 0.0;
    html! {
        svg width=(WIDTH) height="9" role="img" {
            @for (class, size) in parts {
                @let width = WIDTH * size as f64 / total;
                @if size > 0 {
                    rect class={ "bar " (class) } x=(number(x)) width=(number(width)) height="9" {}
                }
                ({ x += width; "" })
            }
        }
    }
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_axes_go_from_power_to_power() {
        let axis = Axis::around([0.0, 30.0, 4_000.0].into_iter());
        assert_eq!(axis.ticks(), [10.0, 100.0, 1_000.0, 10_000.0]);
        assert_eq!([10.0, 1_000.0, 1e9].map(|value| (axis.part(value) * 3.0).round()), [0.0, 2.0, 3.0]);
    }

    #[test]
    fn linear_axes_have_few_round_ticks() {
        assert_eq!(Axis::Linear(0.0, 1.0).ticks().len(), 6);
        assert_eq!(Axis::Linear(-3.0, 7.5).ticks(), [-2.0, 0.0, 2.0, 4.0, 6.0]);
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
    fn text_in_a_chart_is_escaped() {
        let mut chart = Chart::new(100.0, 60.0, 20.0, Axis::Linear(0.0, 1.0), Axis::Linear(0.0, 1.0));
        chart.line("blue", "<a&b>", [(0.0, 0.0), (1.0, 1.0)].into_iter());
        let svg = chart.finish("x \"y\"").into_string();
        assert!(svg.contains("&lt;a&amp;b&gt;") && svg.contains("x &quot;y&quot;"), "{svg}");
    }
}
