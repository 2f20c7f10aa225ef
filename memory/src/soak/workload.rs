//! What is compiled while soaking.

use sre_case::Case;
use sre_compiler::Flags;
use sre_generate::Generator;

/// Patterns without end: a deck that is dealt again and again, in another order each time, and
/// between its cards ever new ones.
///
/// What has seen the deck once, in each dialect, needs no more memory for it: from then on, each
/// byte that stays is one too many. The new ones are for defects that only what was never seen
/// before brings out.
#[derive(Debug)]
pub struct Workload {
    repeated: Vec<Case>,
    order: Vec<usize>,
    next: usize,
    passes: usize,
    generator: Generator,
    random: fastrand::Rng,
}

/// What comes next.
#[derive(Debug)]
pub enum Item<'m> {
    /// A card of the deck, and how often it came before.
    Known(&'m Case, usize),
    /// A pattern that is made once.
    New(Case),
}

/// As many cards are generated.
const GENERATED: usize = 2000;

/// The longest pattern that others are made from, in characters.
const LONGEST_SAMPLE: usize = 10_000;

/// One in so many patterns is new.
const NEW: u32 = 4;

impl Workload {
    /// A mix of some patterns, such as a corpus and a recording, and of generated ones, some of
    /// them huge.
    pub fn new(cases: Vec<Case>, seed: u64) -> Workload {
        // Of a huge one, each mutation would be as huge.
        let samples = cases.iter().filter(|case| case.len() <= LONGEST_SAMPLE).cloned().collect();
        let mut generator = Generator::new(seed).with_samples(samples);
        let mut repeated = cases;
        repeated.extend((0..GENERATED).map(|_| generator.case()));
        repeated.extend(huge());
        // It would have CPython print.
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

    /// How often all cards of the deck were dealt.
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// A few short patterns out of the deck, the same ones for the same deck.
    pub fn probes(&self, is_accepted: impl Fn(&Case) -> bool) -> Vec<Case> {
        let fit = |case: &&Case| case.len() < 200 && is_accepted(case);
        let probes: Vec<&Case> = self.repeated.iter().filter(fit).collect();
        let step = probes.len().div_ceil(PROBES).max(1);
        probes.into_iter().step_by(step).cloned().collect()
    }
}

/// At most as many patterns are timed.
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
