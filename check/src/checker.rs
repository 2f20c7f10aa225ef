//! Checking a pattern in each version.

use sre_case::{Case, Version};
use sre_compiler::{Compiler, InvalidCode, Program};

use crate::answer::{Answer, Difference, RegexError, RegexWarning, Report};
use crate::meaning;
use crate::module::{Call, flags_error};

/// Checks patterns in several versions.
#[derive(Debug)]
pub struct Checker {
    versions: Vec<Version>,
    compiler: Compiler,
    program: Program,
    /// The program of the last version that accepted the pattern.
    accepted: Program,
}

impl Checker {
    /// Creates a checker for these versions, oldest first.
    pub fn new(versions: Vec<Version>) -> Checker {
        let dialect = versions.first().map(|version| version.dialect).unwrap_or_default();
        let [program, accepted] = [Program::new(dialect), Program::new(dialect)];
        Checker { versions, compiler: Compiler::new(dialect), program, accepted }
    }

    /// Returns the checked versions.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Checks what `re.compile` does with the pattern and its flags, given as an integer.
    pub fn check(&mut self, case: &Case) -> Report {
        self.check_call(case, &Call::default())
    }

    /// Checks what a call that compiles the pattern does.
    pub fn check_call(&mut self, case: &Case, call: &Call) -> Report {
        let mut answers: Vec<Answer> = Vec::new();
        let mut accepted_by: Option<Version> = None;
        for (n, version) in self.versions.clone().into_iter().enumerate() {
            let (error, warnings) = self.ask(case, call, version);
            let mut difference = None;
            if error.is_none() {
                if let Some(since) = accepted_by.replace(version) {
                    let texts = meaning::difference(&self.accepted, &self.program);
                    difference = texts.map(|(before, after)| Difference { since, before, after });
                }
                std::mem::swap(&mut self.accepted, &mut self.program);
            }
            match answers.last_mut() {
                Some(last) if difference.is_none() && last.error == error && last.warnings == warnings => {
                    last.versions.end = n + 1;
                }
                _ => answers.push(Answer { versions: n..n + 1, error, warnings, difference }),
            }
        }
        Report { case: case.clone(), versions: self.versions.clone(), answers }
    }

    /// Returns the error and the warnings of a call in a version.
    fn ask(&mut self, case: &Case, call: &Call, version: Version) -> (Option<RegexError>, Vec<RegexWarning>) {
        if let Some(error) = call.missing(version.dialect) {
            return (Some(error), Vec::new());
        }
        let error = self.compile(case, version).or_else(|| self.refused_by_sre());
        let of_pattern = self.compiler.warnings().map(|warning| RegexWarning::new(&warning)).collect();
        (error, call.warnings(case.flags, version.dialect, of_pattern))
    }

    /// Returns the error that `_sre.compile` raises for the program.
    fn refused_by_sre(&self) -> Option<RegexError> {
        let invalid = |invalid: InvalidCode| RegexError::unplaced("RuntimeError", &invalid.to_string());
        flags_error(self.program.flags()).or_else(|| self.program.validate().err().map(invalid))
    }

    fn compile(&mut self, case: &Case, version: Version) -> Option<RegexError> {
        self.compiler.set_dialect(version.dialect);
        let result = self.compiler.compile_into(case.pattern(), case.flags, &mut self.program);
        result.err().map(|error| RegexError::new(&error))
    }
}
