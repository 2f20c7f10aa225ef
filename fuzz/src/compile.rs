//! Checks the compiler alone, in every dialect, without Python.

use std::fmt::Write;

use sre_case::Case;
use sre_compiler::{Compiler, Dialect, Error, ErrorKind, Exception, Flags, Pattern, Program, compile};
use sre_support::allocator::measure;

use crate::finding::{Finding, Kind, unchanged};
use crate::injected;
use crate::input::Input;
use crate::run::{Check, Depth, Interpreter, Target};
use crate::stats::InputResult;

/// The checks, with one compiler per dialect that is reused for all inputs.
#[derive(Debug)]
pub struct Checks {
    reused: Vec<Reused>,
    /// The pattern as UTF-8.
    utf8: String,
    /// The buffer that disassemblies and dumps are printed to.
    page: String,
}

/// A compiler and a program whose memory is reused.
#[derive(Debug)]
struct Reused {
    dialect: Dialect,
    compiler: Compiler,
    program: Program,
    compiler_with_origins: Compiler,
    program_with_origins: Program,
}

/// One in so many dialects is checked thoroughly.
const SHARES: usize = 6;

/// Returns the share of the dialects that is checked thoroughly for a case.
fn share_of(case: &Case) -> usize {
    case.pattern().chars().fold(case.len(), |hash, c| hash.wrapping_mul(31).wrapping_add(c as usize)) % SHARES
}

impl Target for Checks {
    fn start() -> Result<Checks, String> {
        Ok(Checks::default())
    }

    fn dialect(&self) -> Dialect {
        Dialect::default()
    }
}

impl Check for Checks {
    /// Compiles the case in every dialect, and checks that the results are consistent.
    ///
    /// In every dialect a fresh compiler must agree with a reused one and free all of its memory. Expensive checks,
    /// such as printing, are made in a share of the dialects, which depends on the case.
    fn check(&mut self, input: &Input, depth: Depth) -> Result<InputResult, Finding> {
        let case = &input.case;
        let pattern = case.pattern_in(&mut self.utf8);
        let share = share_of(case);
        for (n, reused) in self.reused.iter_mut().enumerate() {
            let dialect = reused.dialect;
            let broken = |why: String| Finding {
                kind: Kind::Invariant,
                // The text before the colon does not depend on the input.
                signature: why.split(':').next().unwrap_or_default().to_owned(),
                causes: None,
                input: input.clone(),
                found_as: None,
                commands: None,
                report: format!("{why}\ndialect: {dialect}").into(),
            };
            let result = reused.compiler.compile_into(pattern, case.flags, &mut reused.program);
            reused.fresh_is_the_same_and_freed(input, pattern, &result)?.map_err(broken)?;
            if depth == Depth::Full || depth == Depth::Sampled && n % SHARES == share {
                reused.check_thoroughly(case, pattern, result, &mut self.page).map_err(broken)?;
                reused.retains_nothing(input, pattern)?;
            }
        }
        injected::after_checking(case);
        let newest = self.reused.last().is_some_and(|reused| !reused.program.code().is_empty());
        Ok(if newest { InputResult::AcceptedAlike } else { InputResult::RejectedAlike })
    }

    fn reset(&mut self) {
        *self = Checks::default();
    }

    fn target(&self) -> &'static str {
        "compile"
    }

    fn python(&self) -> Option<Interpreter> {
        None
    }
}

impl Default for Checks {
    /// Creates the checks for every dialect.
    fn default() -> Checks {
        Checks { reused: Dialect::all().map(Reused::new).collect(), utf8: String::new(), page: String::new() }
    }
}

impl Reused {
    fn new(dialect: Dialect) -> Reused {
        let mut compiler_with_origins = Compiler::new(dialect);
        compiler_with_origins.record_tree(true);
        compiler_with_origins.record_origins(true);
        Reused {
            dialect,
            compiler: Compiler::new(dialect),
            program: Program::new(dialect),
            compiler_with_origins,
            program_with_origins: Program::new(dialect),
        }
    }

    /// Checks that a fresh compiler gives the same result as the reused one, and frees all memory.
    fn fresh_is_the_same_and_freed(
        &self,
        input: &Input,
        pattern: Pattern<'_>,
        reused: &Result<(), Error>,
    ) -> Result<Result<(), String>, Finding> {
        let case = &input.case;
        let compile = || compile(pattern, case.flags, self.dialect);
        let mut is_same = false;
        unchanged(input, "a fresh compiler", || {
            is_same = is_same_result(reused, &self.program, &compile());
            injected::after_compiling(case);
        })?;
        let different = || different("a fresh compiler and a reused one", reused, &self.program, &compile());
        Ok(if is_same { Ok(()) } else { Err(different()) })
    }

    /// Checks that the result is the same from code points and with origins, and can be printed.
    fn check_thoroughly(
        &mut self,
        case: &Case,
        pattern: Pattern<'_>,
        result: Result<(), Error>,
        page: &mut String,
    ) -> Result<(), String> {
        let from_code_points = compile(case.pattern(), case.flags, self.dialect);
        if !is_same_result(&result, &self.program, &from_code_points) {
            return Err(different("UTF-8 and code points", &result, &self.program, &from_code_points));
        }
        self.origins_change_nothing(case, pattern, &result)?;
        self.limit_is_kept(case, pattern, &result)?;
        self.warnings_can_be_shown(page)?;
        match result {
            Ok(()) => self.program_is_sound(case, page),
            Err(error) => {
                print(page, &error)?;
                error_is_sound(case, &error)
            }
        }
    }

    fn origins_change_nothing(
        &mut self,
        case: &Case,
        pattern: Pattern<'_>,
        without: &Result<(), Error>,
    ) -> Result<(), String> {
        let program = &mut self.program_with_origins;
        let with = self.compiler_with_origins.compile_into(pattern, case.flags, program);
        ensure(with == *without, || format!("origins change the error: {without:?}, {with:?}"))?;
        if with.is_err() {
            return Ok(());
        }
        let same = program.code() == self.program.code() && program.flags() == self.program.flags();
        ensure(same, || format!("origins change the program: {:?}, {program:?}", self.program))?;
        let origins = program.origins();
        let words = origins.iter().map(|origin| origin.word);
        ensure(words.clone().is_sorted(), || format!("origins are not in order: {origins:?}"))?;
        ensure(words.max() < Some(program.code().len()), || {
            format!("an origin is beyond the code: {origins:?}")
        })?;
        let length = case.units();
        let within = origins.iter().all(|o| o.span.start <= o.span.end && o.span.end <= length);
        ensure(within, || format!("an origin is beyond the pattern: {origins:?}"))
    }

    /// Checks that a limit of memory holds, and that the result is the same or the error for the limit.
    fn limit_is_kept(
        &self,
        case: &Case,
        pattern: Pattern<'_>,
        unlimited: &Result<(), Error>,
    ) -> Result<(), String> {
        let limit = 64 << (case.len() % 12);
        let mut compiler = Compiler::new(self.dialect);
        compiler.set_max_bytes(limit);
        let (result, used) = measure(|| {
            let mut program = Program::new(self.dialect);
            compiler.compile_into(pattern, case.flags, &mut program).map(|()| program)
        });
        // The error is not counted; it quotes at most the pattern, in a buffer of twice its code points.
        let quoted = if result.is_err() { 8 * case.len() } else { 0 };
        ensure(used.peak <= (limit + quoted) as u64, || {
            format!("a limit of memory is exceeded: {} bytes of {limit}, {quoted} of them quoted", used.peak)
        })?;
        let is_refused = result.as_ref().is_err_and(|error| error.kind() == ErrorKind::MemoryLimit);
        let is_same = is_refused || is_same_result(unlimited, &self.program, &result);
        ensure(is_same, || different("a limit of memory and none", unlimited, &self.program, &result))
    }

    fn warnings_can_be_shown(&self, page: &mut String) -> Result<(), String> {
        for warning in self.compiler.warnings() {
            print(page, warning)?;
            ensure(!page.is_empty(), || format!("a warning without text: {warning:?}"))?;
        }
        Ok(())
    }

    fn program_is_sound(&self, case: &Case, page: &mut String) -> Result<(), String> {
        let program = &self.program;
        // Both answers are valid, but there must be one.
        let _ = program.validate();
        // SUCCESS has the same number in every dialect.
        ensure(program.code().last() == Some(&1), || {
            format!("the code does not end in SUCCESS: {program:?}")
        })?;
        print(page, program.disassembly())?;
        let valid = !page.lines().any(|line| line.trim_start() == "invalid");
        ensure(valid, || format!("the disassembly contains an invalid instruction:\n{page}"))?;
        let Some(dump) = self.compiler_with_origins.tree_dump() else {
            return Err("an accepted pattern has no tree".into());
        };
        print(page, dump)?;

        let given = case.flags.bits() & !program.flags().bits();
        ensure(given == 0, || format!("flags are lost: {:?}", program.flags()))?;
        let is_text = !case.is_bytes() && !program.flags().intersects(Flags::ASCII);
        let is_unicode = program.flags().intersects(Flags::UNICODE);
        ensure(is_text == is_unicode, || format!("wrong type flags: {:?}", program.flags()))?;
        let groups = program.group_count();
        let mut previous = 0;
        for (name, group) in program.group_index() {
            ensure(!name.is_empty() && previous < group && group <= groups, || {
                format!("a name with a wrong group: {name:?} {group} of {groups}")
            })?;
            previous = group;
        }
        Ok(())
    }

    /// Checks that live bytes do not grow when a reused compiler compiles a case again.
    fn retains_nothing(&mut self, input: &Input, pattern: Pattern<'_>) -> Result<(), Finding> {
        let case = &input.case;
        unchanged(input, "a reused compiler", || {
            let result = self.compiler.compile_into(pattern, case.flags, &mut self.program);
            injected::after_compiling(case);
            result
        })
    }
}

fn is_same_result(result: &Result<(), Error>, program: &Program, other: &Result<Program, Error>) -> bool {
    match (result, other) {
        (Ok(()), Ok(other)) => program == other,
        (Err(error), Err(other)) => error == other,
        _ => false,
    }
}

fn different(
    what: &str,
    result: &Result<(), Error>,
    program: &Program,
    other: &Result<Program, Error>,
) -> String {
    let result = result.as_ref().map(|()| program);
    format!("different results from {what}: {result:?}, {other:?}")
}

fn error_is_sound(case: &Case, error: &Error) -> Result<(), String> {
    // Others, such as MemoryError, have none in CPython.
    let has_text = !error.message().is_empty() || error.exception() != Exception::PatternError;
    ensure(has_text, || format!("an error without text: {error:?}"))?;
    let placed = [error.pos(), error.lineno(), error.colno()].map(|number| number.is_some());
    ensure(placed == [placed[0]; 3], || format!("an error with half a position: {error:?}"))?;
    ensure(error.pos() <= Some(case.len()), || format!("an error beyond the pattern: {error:?}"))
}

fn print(page: &mut String, shown: impl std::fmt::Display) -> Result<(), String> {
    page.clear();
    write!(page, "{shown}").map_err(|_| "printing fails".to_owned())
}

fn ensure(condition: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(why()) }
}
