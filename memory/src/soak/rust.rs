//! Our compiler under watch.

use std::hint::black_box;
use std::time::{Duration, Instant};

use sre_case::Case;
use sre_compiler::{Compiler, Dialect, Program, compile};

use super::workload::{Item, Workload};
use super::{InjectedLeak, Measurement, Subject, resident};
use crate::growth;

/// Our compiler under watch, in a program whose allocator is [`Counting`](crate::Counting).
///
/// Known patterns go to a compiler that lives as long as the run, some of them to a fresh one as
/// well. New patterns have a compiler of their own, whose memory grows with the largest it has met,
/// as it should: what it says that it holds is not counted.
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
    /// By how much the live bytes have grown while compiling; what is done in between does not
    /// count.
    live: i64,
}

/// One in so many patterns is compiled by a fresh compiler.
const FRESH: u64 = 16;

/// The clock is looked at once in so many patterns.
const BATCH: usize = 16;

/// How often the probe is timed for a reading, now and then in its course. The fastest counts, for
/// other programs only ever slow it down.
const PASSES: u32 = 20;

/// How often in a row.
const REPEATS: u32 = 4;

impl RustSubject {
    /// Soaks with a mix, and perhaps a leak.
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
        // Errors are results, too, and dropped like them.
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

    /// How long the probe takes, and the reference: the fastest of a few, for the first is slowed
    /// by what the processor remembers of the patterns before.
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

/// Work of branches and small writes, as compiling is, that has nothing to do with it.
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
        // A megabyte in a billion patterns. The count is exact: nothing has to be allowed for
        // chance.
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
            uncollected: 0,
        })
    }
}
