//! What our compiler takes of memory.

use sre_case::Case;
use sre_compiler::{Compiler, Dialect, Program, Stage, compile};

use super::{Mark, Used, measure};

/// Measures our compiler, in a program whose allocator is [`Counting`](super::Counting).
#[derive(Debug)]
pub struct Meter {
    dialect: Dialect,
    compiler: Compiler,
    program: Program,
}

/// What our compiler took for a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RustUsage {
    /// `Compiler::compile_into`, of a compiler and a program that have seen the pattern.
    pub reused: Used,
    /// `Compiler::compile`, of a compiler that has seen the pattern.
    pub warm: Used,
    /// `compile`.
    pub fresh: Used,
    /// Of the first `compile_into` of a new compiler, the part of [`Stage::Parse`].
    pub parse: Used,
    /// The part of [`Stage::Info`].
    pub info: Used,
    /// The part of [`Stage::Code`].
    pub code: Used,
    /// The bytes that the new compiler then holds for the next pattern.
    pub pool: usize,
}

impl Meter {
    /// Measures in a dialect.
    pub fn new(dialect: Dialect) -> Meter {
        Meter { dialect, compiler: Compiler::new(dialect), program: Program::new(dialect) }
    }

    /// Compiles the case in each way; none if it is refused.
    pub fn measure(&mut self, case: &Case) -> Option<RustUsage> {
        let mut utf8 = String::new();
        let pattern = case.pattern_in(&mut utf8);
        let flags = case.flags;
        self.compiler.compile_into(pattern, flags, &mut self.program).ok()?;
        // `compile` has a program of its own to write to.
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

    #[test]
    fn each_way_takes_what_it_may() {
        for dialect in Dialect::all() {
            let mut meter = Meter::new(dialect);
            for pattern in ["", "a", r"(?P<year>\d{4})-[a-z\u0100]+|(?i:straße)*", "(?:ab|ac|[^x])*?"] {
                let used = meter.measure(&Case::str(pattern, Flags::empty())).expect("it is accepted");
                assert_eq!(used.reused, Used::default(), "{dialect} {pattern}");
                assert_eq!(used.warm.allocations, 1, "{dialect} {pattern}");
                // Of the stages all is kept, for the next pattern.
                let [parse, info, code] = [used.parse, used.info, used.code].map(|stage| stage.retained);
                assert!(parse > 0 && info >= 0 && code >= 0, "{dialect} {pattern}: {used:?}");
                assert!(parse + info + code >= used.pool as i64, "{dialect} {pattern}: {used:?}");
                let (peak, kept) = (used.fresh.peak as i64, used.warm.retained);
                assert!(peak > kept && kept > 0, "{dialect} {pattern}: {used:?}");
            }
            assert_eq!(meter.measure(&Case::str("(", Flags::empty())), None);
        }
    }

    #[test]
    fn the_pool_says_to_the_byte_what_it_holds() {
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
