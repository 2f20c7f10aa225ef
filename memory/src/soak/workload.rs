//! The patterns that a soak compiles.

use sre_case::Case;
use sre_compiler::Flags;
use sre_generate::Generator;

/// An endless sequence of patterns: a fixed list, repeated in a new order each time, with new
/// patterns in between.
///
/// After one pass in each dialect, the list needs no more memory: from then on, every retained byte
/// is growth. New patterns find defects that only patterns not seen before cause.
#[derive(Debug)]
pub struct Workload {
    repeated: Vec<Case>,
    order: Vec<usize>,
    next: usize,
    passes: usize,
    generator: Generator,
    random: fastrand::Rng,
}

/// The next pattern.
#[derive(Debug)]
pub enum Item<'m> {
    /// A pattern of the list, and a number that changes with each pass.
    Known(&'m Case, usize),
    /// A new pattern.
    New(Case),
}

/// Number of generated patterns in the list.
const GENERATED: usize = 2000;

/// The longest pattern that others are made from, in characters.
const LONGEST_SAMPLE: usize = 10_000;

/// One in this many patterns is new.
const NEW: u32 = 4;

impl Workload {
    /// Creates a workload of given cases, such as a corpus and a recording, generated ones, and
    /// huge ones.
    pub fn new(cases: Vec<Case>, seed: u64) -> Workload {
        // A mutation of a huge pattern would be as huge.
        let samples = cases.iter().filter(|case| case.len() <= LONGEST_SAMPLE).cloned().collect();
        let mut generator = Generator::new(seed).with_samples(samples);
        let mut repeated = cases;
        repeated.extend((0..GENERATED).map(|_| generator.case()));
        repeated.extend(huge());
        // re.DEBUG makes CPython print.
        repeated.retain(|case| !case.flags.intersects(Flags::DEBUG));
        let order = (0..repeated.len()).collect();
        Workload { repeated, order, next: 0, passes: 0, generator, random: fastrand::Rng::with_seed(seed) }
    }

    /// The next pattern.
    pub fn next_item(&mut self) -> Item<'_> {
        if self.random.u32(..NEW) == 0 {
            return Item::New(self.generator.case());
        }
        if self.next == self.order.len() {
            self.random.shuffle(&mut self.order);
            self.next = 0;
            self.passes += 1;
        }
        let card = self.order[self.next];
        self.next += 1;
        // Neighbours differ in what `passes` is used for: a dialect.
        Item::Known(&self.repeated[card], self.passes + card)
    }

    /// Returns the number of completed passes over the list.
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// Returns a few short patterns of the list, always the same for the same list.
    pub fn probes(&self, is_accepted: impl Fn(&Case) -> bool) -> Vec<Case> {
        let fit = |case: &&Case| case.len() < 200 && is_accepted(case);
        let probes: Vec<&Case> = self.repeated.iter().filter(fit).collect();
        let step = probes.len().div_ceil(PROBES).max(1);
        probes.into_iter().step_by(step).cloned().collect()
    }
}

/// Limit of patterns that are timed.
const PROBES: usize = 64;

/// Patterns as programs make them of lists of words, and as nobody writes them.
fn huge() -> Vec<Case> {
    let words: Vec<String> = (0..2000).map(|n| format!("word{n:x}")).collect();
    let nested = format!("{}a{}", "(?:".repeat(2000), ")*".repeat(2000));
    let set: String = (0..1000).map(|n| char::from_u32(0x100 + 7 * n).unwrap_or('a')).collect();
    let case = |pattern: &str| Case::str(pattern, Flags::IGNORECASE);
    vec![
        case(&words.join("|")),
        case(&"(a)?".repeat(90)),
        case(&nested),
        case(&format!("[{set}]+")),
        case(&"x".repeat(20_000)),
        case(&"(?P<a".repeat(3000)),
    ]
}
