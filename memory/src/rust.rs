//! Measures the memory that sre-compiler uses.

use sre_case::Case;
use sre_compiler::{Compiler, Dialect, Program, Stage, compile};

use super::{Mark, Used, measure};

/// Measures sre-compiler, in a program whose allocator is [`TrackingAllocator`](super::TrackingAllocator).
#[derive(Debug)]
pub struct Meter {
    dialect: Dialect,
    compiler: Compiler,
    program: Program,
}

/// The memory that sre-compiler used for a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RustUsage {
    /// `Compiler::compile_into`, with a compiler and a program that have compiled the pattern before.
    pub reused: Used,
    /// `Compiler::compile`, with a compiler that has compiled the pattern before.
    pub warm: Used,
    /// The function `compile`, which makes a new compiler.
    pub fresh: Used,
    /// The stage [`Stage::Parse`] of the first `compile_into` of a new compiler.
    pub parse: Used,
    /// The stage [`Stage::Info`] of the same call.
    pub info: Used,
    /// The stage [`Stage::Code`] of the same call.
    pub code: Used,
    /// Bytes of the pool: what the new compiler then keeps for the next pattern.
    pub pool: usize,
}

impl Meter {
    /// Creates a meter for a dialect.
    pub fn new(dialect: Dialect) -> Meter {
        Meter { dialect, compiler: Compiler::new(dialect), program: Program::new(dialect) }
    }

    /// Compiles the case in each way; `None` if it is rejected.
    pub fn measure(&mut self, case: &Case) -> Option<RustUsage> {
        let mut utf8 = String::new();
        let pattern = case.pattern_in(&mut utf8);
        let flags = case.flags;
        self.compiler.compile_into(pattern, flags, &mut self.program).ok()?;
        // `compile` creates a program, so the first call may make the compiler's buffers grow.
        drop(self.compiler.compile(pattern, flags));
        let reused = measure(|| self.compiler.compile_into(pattern, flags, &mut self.program)).1;
        let warm = measure(|| self.compiler.compile(pattern, flags)).1;
        let fresh = measure(|| compile(pattern, flags, self.dialect)).1;

        let (mut compiler, mut program) = (Compiler::new(self.dialect), Program::new(self.dialect));
        let [mut parse, mut info, mut code] = [Used::default(); 3];
        let mut mark = Mark::now();
        let result = compiler.compile_in_stages(pattern, flags, &mut program, &mut |stage| {
            let used = match stage {
                Stage::Parse => &mut parse,
                Stage::Info => &mut info,
                _ => &mut code,
            };
            *used = mark.used();
            mark = Mark::now();
        });
        result.ok()?;
        Some(RustUsage { reused, warm, fresh, parse, info, code, pool: compiler.memory_usage().total() })
    }
}

#[cfg(test)]
mod tests {
    use sre_compiler::Flags;

    use super::*;
    use crate::live;

    #[global_allocator]
    static ALLOCATOR: crate::TrackingAllocator = crate::TrackingAllocator;

    #[test]
    fn each_way_of_compiling_allocates_no_more_than_documented() {
        for dialect in Dialect::all() {
            let mut meter = Meter::new(dialect);
            for pattern in ["", "a", r"(?P<year>\d{4})-[a-z\u0100]+|(?i:straße)*", "(?:ab|ac|[^x])*?"] {
                let used =
                    meter.measure(&Case::str(pattern, Flags::empty())).expect("the pattern is accepted");
                assert_eq!(used.reused, Used::default(), "{dialect} {pattern}");
                assert_eq!(used.warm.allocations, 1, "{dialect} {pattern}");
                // The stages leave all of their memory in the pool, for the next pattern.
                let [parse, info, code] = [used.parse, used.info, used.code].map(|stage| stage.retained);
                assert!(parse > 0 && info >= 0 && code >= 0, "{dialect} {pattern}: {used:?}");
                assert!(parse + info + code >= used.pool as i64, "{dialect} {pattern}: {used:?}");
                let (peak, retained) = (used.fresh.peak as i64, used.warm.retained);
                assert!(peak > retained && retained > 0, "{dialect} {pattern}: {used:?}");
            }
            assert_eq!(meter.measure(&Case::str("(", Flags::empty())), None);
        }
    }

    #[test]
    fn the_reported_size_of_the_pool_is_exact() {
        let before = live();
        let (mut compiler, mut program) =
            (Compiler::new(Dialect::default()), Program::new(Dialect::default()));
        for pattern in ["(?P<name>a|[b-z]+)*", "[[a]", r"(?<=x)\N{DIGIT ONE}(?i:[a-zß])", "(a"] {
            let result = compiler.compile_into(pattern, Flags::empty(), &mut program);
            drop(result);
            let held = compiler.memory_usage().total() + program.allocated_bytes();
            assert_eq!(live() - before, held as i64, "{pattern}");
        }
    }
}
