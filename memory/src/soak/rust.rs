//! Soaks sre-compiler.

use std::hint::black_box;
use std::time::{Duration, Instant};

use sre_case::Case;
use sre_compiler::{Compiler, Dialect, Program, compile};

use super::workload::{Item, Workload};
use super::{InjectedLeak, Measurement, Subject, resident};
use crate::growth;

/// sre-compiler, in a program whose allocator is [`TrackingAllocator`](crate::TrackingAllocator).
///
/// Known patterns are compiled by a compiler that lives as long as the run, some of them by a fresh
/// one as well. New patterns have a compiler of their own: its pool grows with the largest pattern so
/// far, by design, and is therefore not counted.
#[derive(Debug)]
pub struct RustSubject {
    workload: Workload,
    dialects: Vec<Dialect>,
    compiler: Compiler,
    program: Program,
    roaming: Compiler,
    roaming_program: Program,
    /// A pattern as UTF-8.
    utf8: String,
    probes: Vec<Case>,
    injected_leak: Option<InjectedLeak>,
    patterns: u64,
    /// Growth of the live bytes while compiling.
    live: i64,
}

/// One pattern in this many is also compiled by a fresh compiler.
const FRESH: u64 = 16;

/// Number of patterns between readings of the clock.
const BATCH: usize = 16;

/// Number of times that the probe is timed for a sample. The fastest counts, since other programs can
/// only slow it down.
const PASSES: u32 = 20;

/// Number of repetitions each time.
const REPEATS: u32 = 4;

impl RustSubject {
    /// Creates a subject with a workload, and optionally an injected leak.
    pub fn new(workload: Workload, injected_leak: Option<InjectedLeak>) -> RustSubject {
        let newest = Dialect::default();
        let probes = workload.probes(|case| compile(case.pattern(), case.flags, newest).is_ok());
        RustSubject {
            workload,
            dialects: Dialect::all().collect(),
            compiler: Compiler::new(newest),
            program: Program::new(newest),
            roaming: Compiler::new(newest),
            roaming_program: Program::new(newest),
            utf8: String::new(),
            probes,
            injected_leak,
            patterns: 0,
            live: 0,
        }
    }

    fn compile_next(&mut self) {
        let dialect = |number: usize| self.dialects[number % self.dialects.len()];
        self.patterns += 1;
        // Errors are dropped like other results.
        match self.workload.next_item() {
            Item::New(case) => {
                self.roaming.set_dialect(dialect(self.patterns as usize));
                let pattern = case.pattern_in(&mut self.utf8);
                drop(self.roaming.compile_into(pattern, case.flags, &mut self.roaming_program));
            }
            Item::Known(case, times) => {
                let (dialect, pattern) = (dialect(times), case.pattern_in(&mut self.utf8));
                if self.patterns.is_multiple_of(FRESH) {
                    drop(compile(pattern, case.flags, dialect));
                }
                self.compiler.set_dialect(dialect);
                drop(self.compiler.compile_into(pattern, case.flags, &mut self.program));
            }
        }
        if let Some(injected_leak) = &mut self.injected_leak {
            injected_leak.after_pattern();
        }
    }

    /// Times the probe and the reference: the fastest of a few, since the first suffers from caches and
    /// predictors filled by other patterns.
    fn time_probe(&mut self) -> [Duration; 2] {
        self.compiler.set_dialect(Dialect::default());
        let mut pass = |_| {
            let start = Instant::now();
            for case in &self.probes {
                let pattern = case.pattern_in(&mut self.utf8);
                drop(self.compiler.compile_into(pattern, case.flags, &mut self.program));
            }
            start.elapsed()
        };
        let probe = (0..REPEATS).map(&mut pass).min();
        let pass = |_| {
            let start = Instant::now();
            reference();
            start.elapsed()
        };
        [probe, (0..REPEATS).map(pass).min()].map(Option::unwrap_or_default)
    }
}

/// Work of branches and small writes, like compiling, but independent of the compiler.
fn reference() {
    let mut numbers = [0u32; 1024];
    let mut random = fastrand::Rng::with_seed(1);
    numbers.fill_with(|| random.u32(..));
    numbers.sort_unstable();
    black_box(numbers);
}

impl Subject for RustSubject {
    fn name(&self) -> String {
        let (first, last) = (self.dialects.first(), self.dialects.last());
        let dialects = first.zip(last).map(|(first, last)| format!(", dialects {first} to {last}"));
        format!("sre-compiler {}{}", env!("CARGO_PKG_VERSION"), dialects.unwrap_or_default())
    }

    fn memory(&self) -> (&'static str, f64) {
        // A megabyte in a billion patterns. The count is exact, so it needs no allowance for noise.
        ("bytes", 1.0)
    }

    fn work(&mut self, time: Duration) -> Result<Measurement, String> {
        let mut fastest = [Duration::MAX; 2];
        self.live += growth(|| {
            for _ in 0..PASSES {
                let start = Instant::now();
                while start.elapsed() < time / PASSES {
                    (0..BATCH).for_each(|_| self.compile_next());
                }
                let times = self.time_probe();
                fastest = [fastest[0].min(times[0]), fastest[1].min(times[1])];
            }
        });
        let roaming = self.roaming.memory_usage().total() + self.roaming_program.allocated_bytes();
        Ok(Measurement {
            patterns: self.patterns,
            memory: self.live - roaming as i64,
            resident: resident::resident(),
            latency: fastest[0].as_secs_f64() * 1e6 / self.probes.len().max(1) as f64,
            reference: fastest[1].as_secs_f64() * 1e6,
            settled: self.workload.passes() >= self.dialects.len(),
            objects: None,
        })
    }
}
