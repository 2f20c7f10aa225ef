//! Asking each version.

use std::fmt::{self, Write};

use sre_compiler::{Compiler, Program};

use crate::case::Case;
use crate::check::answer::{Answer, Difference, Fault, Remark, Report};
use crate::check::versions::Version;

/// Tells what each of some versions says of patterns.
#[derive(Debug)]
pub struct Checker {
    versions: Vec<Version>,
    compiler: Compiler,
    program: Program,
}

/// A tree is compared up to that many bytes. Its text indents each line by its depth, which for a pattern of nothing
/// but parentheses takes the square of its length.
const LONGEST_TREE: usize = 1 << 20;

impl Checker {
    /// One that asks these versions, which are in order.
    pub fn new(versions: Vec<Version>) -> Checker {
        let dialect = versions.first().map(|version| version.dialect).unwrap_or_default();
        let mut compiler = Compiler::new(dialect);
        compiler.record_tree(true);
        Checker { versions, compiler, program: Program::new(dialect) }
    }

    /// The versions that are asked.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Asks all of them.
    pub fn check(&mut self, case: &Case) -> Report {
        let mut answers: Vec<Answer> = Vec::new();
        // The last version that accepted the pattern, and how it read it.
        let mut read: Option<(Version, String)> = None;
        for (n, version) in self.versions.clone().into_iter().enumerate() {
            let fault = self.compile(case, version);
            let warnings: Vec<Remark> =
                self.compiler.warnings().map(|warning| Remark::new(&warning)).collect();
            let mut difference = None;
            if fault.is_none() {
                let after = self.tree();
                if let Some((since, before)) = read.take()
                    && before != after
                    && !self.compiles_alike(case, since, version)
                {
                    difference = Some(Difference { since, before, after: after.clone() });
                }
                read = Some((version, after));
            }
            match answers.last_mut() {
                Some(last) if difference.is_none() && last.fault == fault && last.warnings == warnings => {
                    last.versions.end = n + 1;
                }
                _ => answers.push(Answer { versions: n..n + 1, fault, warnings, difference }),
            }
        }
        Report { case: case.clone(), versions: self.versions.clone(), answers }
    }

    fn compile(&mut self, case: &Case, version: Version) -> Option<Fault> {
        self.compiler.set_dialect(version.dialect);
        let result = self.compiler.compile_into(case.pattern(), case.flags, &mut self.program);
        result.err().map(|error| Fault::new(&error))
    }

    fn tree(&self) -> String {
        let mut text = Bounded(String::new());
        // Too long a text ends in an error: what follows is not compared.
        let _ = self.compiler.tree_dump().map(|dump| write!(text, "{dump}"));
        text.0
    }

    /// Where the trees print differently: is it only the printing that changed?
    fn compiles_alike(&mut self, case: &Case, before: Version, after: Version) -> bool {
        let [before, after] = [before, after].map(|version| {
            self.compile(case, version);
            let mut text = Bounded(String::new());
            let _ = write!(text, "{}", self.program.disassembly());
            text.0
        });
        before == after
    }
}

/// Text that refuses to grow too long.
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST_TREE {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}
