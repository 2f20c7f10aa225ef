//! The compiler alone: every dialect, against itself. No Python.

use std::fmt::Write;

use sre_compiler::{Compiler, Dialect, Error, Exception, Flags, Program, compile};
use sre_oracle::Case;

use crate::figures::{Ending, Figures};
use crate::finding::{Finding, Kind, unchanged};
use crate::input::Input;
use crate::planted;

/// What the checks keep from one input to the next: one compiler per dialect.
#[derive(Debug)]
pub struct Checks {
    reused: Vec<Reused>,
    /// Where disassemblies and dumps are printed to.
    page: String,
    figures: Figures,
}

/// A compiler and a program whose memory is used again.
#[derive(Debug)]
struct Reused {
    dialect: Dialect,
    compiler: Compiler,
    program: Program,
    compiler_with_origins: Compiler,
    program_with_origins: Program,
}

impl Checks {
    /// Checks for every dialect.
    pub fn new() -> Checks {
        Checks {
            reused: Dialect::all().map(Reused::new).collect(),
            page: String::new(),
            figures: Figures::from_environment(),
        }
    }

    /// Compiles the case in every dialect, and looks for contradictions.
    ///
    /// # Errors
    /// What was found.
    pub fn check(&mut self, input: &Input) -> Result<(), Finding> {
        let case = &input.case;
        let utf8 = case.to_utf8();
        for reused in &mut self.reused {
            let dialect = reused.dialect;
            let broken = |why: String| Finding {
                kind: Kind::Invariant,
                // What comes before the colon does not depend on the input.
                signature: why.split(':').next().unwrap_or_default().to_owned(),
                input: input.clone(),
                report: format!("{why}\ndialect: {dialect}"),
            };
            reused.compile_all_ways(case, utf8.as_deref(), &mut self.page).map_err(broken)?;
            reused.retains_nothing(input)?;
        }
        let newest = self.reused.last().is_some_and(|reused| !reused.program.code().is_empty());
        self.figures.count(if newest { Ending::AcceptedAlike } else { Ending::RejectedAlike });
        Ok(())
    }
}

impl Default for Checks {
    fn default() -> Checks {
        Checks::new()
    }
}

impl Reused {
    fn new(dialect: Dialect) -> Reused {
        let mut compiler_with_origins = Compiler::new(dialect);
        compiler_with_origins.record_origins(true);
        Reused {
            dialect,
            compiler: Compiler::new(dialect),
            program: Program::new(dialect),
            compiler_with_origins,
            program_with_origins: Program::new(dialect),
        }
    }

    /// The same result must come from the reused compiler, a fresh one, UTF-8, and with origins.
    fn compile_all_ways(&mut self, case: &Case, utf8: Option<&str>, page: &mut String) -> Result<(), String> {
        let reused = self.compiler.compile_into(case.pattern(), case.flags, &mut self.program);
        let fresh = compile(case.pattern(), case.flags, self.dialect);
        same("a fresh compiler gives another result than a reused one", &reused, &self.program, &fresh)?;
        if let Some(text) = utf8 {
            let from_utf8 = compile(text, case.flags, self.dialect);
            same("UTF-8 gives another result than code points", &reused, &self.program, &from_utf8)?;
        }
        self.origins_change_nothing(case, &reused)?;
        self.warnings_can_be_shown(page)?;
        match reused {
            Ok(()) => self.program_is_sound(case, page),
            Err(error) => {
                print(page, &error)?;
                error_is_sound(case, &error)
            }
        }
    }

    fn origins_change_nothing(&mut self, case: &Case, without: &Result<(), Error>) -> Result<(), String> {
        let program = &mut self.program_with_origins;
        let with = self.compiler_with_origins.compile_into(case.pattern(), case.flags, program);
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
        let within = origins.iter().all(|o| o.span.start <= o.span.end && o.span.end <= case.len());
        ensure(within, || format!("an origin is beyond the pattern: {origins:?}"))
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
        // SUCCESS has the same number in every dialect.
        ensure(program.code().last() == Some(&1), || {
            format!("the code does not end in SUCCESS: {program:?}")
        })?;
        print(page, program.disassembly())?;
        let valid = !page.lines().any(|line| line.trim_start() == "invalid");
        ensure(valid, || format!("the disassembly says invalid:\n{page}"))?;
        let Some(dump) = self.compiler.tree_dump() else {
            return Err("no tree of an accepted pattern".into());
        };
        print(page, dump)?;

        let given = case.flags.bits() & !program.flags().bits();
        ensure(given == 0, || format!("flags are lost: {:?}", program.flags()))?;
        let is_text = !case.is_bytes() && !program.flags().any(Flags::ASCII);
        let is_unicode = program.flags().any(Flags::UNICODE);
        ensure(is_text == is_unicode, || format!("wrong type flags: {:?}", program.flags()))?;
        let groups = program.groups();
        let mut previous = 0;
        for (name, group) in program.group_index() {
            ensure(!name.is_empty() && previous < group && group <= groups, || {
                format!("a name with a wrong group: {name:?} {group} of {groups}")
            })?;
            previous = group;
        }
        Ok(())
    }

    /// Live bytes must be where they were after a fresh compiler, and after a reused one's second time.
    fn retains_nothing(&mut self, input: &Input) -> Result<(), Finding> {
        let case = &input.case;
        let dialect = self.dialect;
        let fresh = || {
            let result = compile(case.pattern(), case.flags, dialect);
            planted::after_compiling(case);
            result
        };
        let reused = || {
            let result = self.compiler.compile_into(case.pattern(), case.flags, &mut self.program);
            planted::after_compiling(case);
            result
        };
        unchanged(input, "a fresh compiler", fresh)?;
        unchanged(input, "a reused compiler", reused)
    }
}

fn same(
    what: &str,
    reused: &Result<(), Error>,
    program: &Program,
    other: &Result<Program, Error>,
) -> Result<(), String> {
    let same = match (reused, other) {
        (Ok(()), Ok(other)) => program == other,
        (Err(error), Err(other)) => error == other,
        _ => false,
    };
    ensure(same, || format!("{what}: {:?}, {other:?}", reused.as_ref().map(|()| program)))
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
