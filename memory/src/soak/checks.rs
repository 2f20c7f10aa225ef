//! The verdicts of a run in words: what was watched, what came of it, and what to do next.

use serde::{Deserialize, Serialize};
use sre_report::{Headline, Tone};
use sre_support::count;

use super::curve::{Curve, Quantity, Verdict};
use super::{Objects, Run};

/// A quantity that was watched, with its verdict.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    /// What was watched.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in words: `not growing`.
    pub word: String,
    /// The figures behind it.
    pub figures: String,
    quantity: Option<Quantity>,
}

/// A command that helps to find a cause.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct NextStep {
    /// What it shows.
    pub shows: &'static str,
    /// The command, to be pasted.
    pub command: &'static str,
}

impl Verdict {
    /// Returns the worse one: growth, then what is open.
    pub fn worse(self, other: Verdict) -> Verdict {
        let is = |verdict| self == verdict || other == verdict;
        [Verdict::Regressed, Verdict::Undecided]
            .into_iter()
            .find(|&verdict| is(verdict))
            .unwrap_or(Verdict::Ok)
    }
}

/// Returns the checks of a run: its curves, and for CPython the objects that its collector found.
pub fn checks(curves: &[Curve], run: &Run) -> Vec<Check> {
    let of_curve = |curve: &Curve| {
        let text = curve.to_string();
        let word = curve.word();
        let figures = text.strip_prefix(&word).unwrap_or(&text).trim_start_matches([':', ',', ' ']);
        Check {
            name: curve.name.clone(),
            verdict: curve.verdict(),
            figures: figures.to_owned(),
            word,
            quantity: Some(curve.quantity),
        }
    };
    let mut checks: Vec<Check> = curves.iter().map(of_curve).collect();
    if let Some(objects) = run.objects {
        checks.extend(of_objects(objects));
    }
    checks
}

fn of_objects(objects: Objects) -> [Check; 3] {
    let check = |name: &str, number: u64, [none, some]: [&str; 2], is_leak: bool, figures: String| Check {
        name: name.to_owned(),
        verdict: if number > 0 && is_leak { Verdict::Regressed } else { Verdict::Ok },
        word: if number == 0 { none.to_owned() } else { some.to_owned() },
        figures,
        quantity: None,
    };
    let Objects { collected, uncollectable, alive } = objects;
    [
        check(
            "cycles",
            collected,
            ["none", "found, and freed"],
            false,
            format!("{collected} objects freed only by the collector (gc.callbacks)"),
        ),
        check(
            "gc.garbage",
            uncollectable,
            ["empty", "not empty"],
            true,
            format!("{uncollectable} objects that the collector cannot free"),
        ),
        check(
            "live patterns",
            alive,
            ["none", "leaking"],
            true,
            format!("{alive} compiled patterns alive after a collection, though nothing refers to them"),
        ),
    ]
}

/// Returns the result of a run in a sentence.
pub fn headline(subject: &str, checks: &[Check], patterns: u64) -> Headline {
    let names = |verdict: Verdict| -> Vec<&str> {
        let with = checks.iter().filter(|check| check.verdict == verdict);
        with.map(|check| check.name.split(" (").next().unwrap_or_default()).collect()
    };
    let (worse, open) = (names(Verdict::Regressed), names(Verdict::Undecided));
    let after = format!("{subject}, after {}", count(patterns, "pattern"));
    let phrase = |check: &&Check| {
        let name = check.name.split(" (").next().unwrap_or_default();
        let verb = if name.ends_with('s') && check.quantity.is_some() { "are" } else { "is" };
        format!("{name} {verb} {}", check.word)
    };
    let (text, tone) = if !worse.is_empty() {
        let with = checks.iter().filter(|check| check.verdict == Verdict::Regressed);
        let phrases: Vec<String> = with.map(|check| phrase(&check)).collect();
        (capitalised(&phrases.join("; ")), Tone::Bad)
    } else if !open.is_empty() {
        (format!("Nothing grows so far, but the run was too short for {}", open.join(" and ")), Tone::Open)
    } else {
        ("Nothing grows or slows down".to_owned(), Tone::Good)
    };
    Headline { text, tone, detail: after }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// Returns commands that find the cause of what grows or slows down, or decide what is open.
pub fn next_steps(checks: &[Check], run: &Run) -> Vec<NextStep> {
    let step = |shows, command| NextStep { shows, command };
    let is_cpython = run.objects.is_some();
    let mut steps = Vec::new();
    let has = |verdict: Verdict, quantity: Option<Quantity>| {
        checks.iter().any(|check| check.verdict == verdict && check.quantity == quantity)
    };
    let grows = |quantity| has(Verdict::Regressed, Some(quantity));
    match (is_cpython, grows(Quantity::Live)) {
        (false, true) => steps.extend([
            step(
                "the input that leaks, and the function that allocates: LeakSanitizer, and live bytes per input",
                "cargo xtask fuzz --target compile --minutes 5",
            ),
            step("what each pattern of the corpus leaves allocated", "sre memory corpus"),
            step(
                "all allocations that are still live at the end, by stack",
                "heaptrack sre soak --minutes 1",
            ),
        ]),
        (true, true) => steps.extend([
            step("what each pattern leaves, by reference count and by the collector", "sre memory corpus"),
            step("whether this compiler grows by the same patterns", "sre soak --minutes 2"),
        ]),
        _ => {}
    }
    if grows(Quantity::Resident) && !grows(Quantity::Live) {
        steps.extend([
            step("fragmentation: the same with one arena", "MALLOC_ARENA_MAX=1 sre soak --minutes 10"),
            step("peak and live memory over time, by stack", "heaptrack sre soak --minutes 2"),
        ]);
    }
    if grows(Quantity::Latency) {
        steps.push(step(
            "where the time goes, early and late in a run",
            "perf record -g -- sre soak --minutes 5",
        ));
    }
    if has(Verdict::Regressed, None) {
        steps.push(step("which patterns leave objects behind", "python3 docs/memory/cycles.py corpus"));
    }
    if checks.iter().any(|check| check.verdict == Verdict::Undecided) {
        let longer = if is_cpython { "sre soak --minutes 30 --python" } else { "sre soak --minutes 30" };
        steps.push(step("a verdict where there is none yet", longer));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(quantity: Option<Quantity>, verdict: Verdict, name: &str, word: &str) -> Check {
        Check { name: name.to_owned(), verdict, word: word.to_owned(), figures: String::new(), quantity }
    }

    fn run(objects: Option<Objects>) -> Run {
        Run { samples: Vec::new(), warm_up: 0.0, settled: true, objects }
    }

    #[test]
    fn the_headline_names_what_grows() {
        let live = |verdict, word| check(Some(Quantity::Live), verdict, "live bytes", word);
        let latency = check(Some(Quantity::Latency), Verdict::Ok, "latency (100 % is 2 µs)", "not slowing");
        let text = |checks: &[Check]| headline("sre-compiler", checks, 12_345);
        let bad = text(&[live(Verdict::Regressed, "growing"), latency.clone()]);
        assert_eq!((bad.text.as_str(), bad.tone), ("Live bytes are growing", Tone::Bad));
        assert_eq!(bad.detail, "sre-compiler, after 12,345 patterns");
        let good = text(&[live(Verdict::Ok, "not growing"), latency.clone()]);
        assert_eq!((good.text.as_str(), good.tone), ("Nothing grows or slows down", Tone::Good));
        let open = text(&[live(Verdict::Undecided, "undecided"), latency]);
        assert_eq!(open.tone, Tone::Open);
        assert!(open.text.contains("too short for live bytes"), "{}", open.text);
    }

    #[test]
    fn what_grows_has_next_steps_and_what_does_not_has_none() {
        let live = |verdict| [check(Some(Quantity::Live), verdict, "live bytes", "")];
        let rust = next_steps(&live(Verdict::Regressed), &run(None));
        assert!(rust.iter().any(|step| step.command.starts_with("cargo xtask fuzz --target compile")));
        assert!(next_steps(&live(Verdict::Ok), &run(None)).is_empty());
        assert_eq!(next_steps(&live(Verdict::Undecided), &run(None)).len(), 1);
        let objects = Objects { alive: 1, ..Objects::default() };
        let cpython = next_steps(&of_objects(objects), &run(Some(objects)));
        assert_eq!(cpython.len(), 1, "{cpython:?}");
    }

    #[test]
    fn cycles_are_no_leak_but_uncollectable_objects_are() {
        let verdicts = |objects| of_objects(objects).map(|check| check.verdict);
        let cycles = Objects { collected: 5, ..Objects::default() };
        assert_eq!(verdicts(cycles), [Verdict::Ok; 3]);
        let garbage = Objects { uncollectable: 1, ..Objects::default() };
        assert_eq!(verdicts(garbage), [Verdict::Ok, Verdict::Regressed, Verdict::Ok]);
    }
}
