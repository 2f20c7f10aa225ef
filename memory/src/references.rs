//! Asks a debug build of CPython whether compiling and matching leave references behind.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Text, wire};
use sre_generate::Subject;
use sre_oracle::child::Child;
use sre_oracle::crash_output;
use sre_oracle::pythons::Python;

/// A debug build: one with `sys.gettotalrefcount`.
#[derive(Debug)]
pub struct References {
    info: InterpreterInfo,
    path: PathBuf,
    child: Child,
}

/// What each call leaves behind.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Deserialize)]
pub struct Left {
    /// References, by `sys.gettotalrefcount`.
    pub references: u64,
    /// Blocks of memory, by `sys.getallocatedblocks`.
    pub blocks: u64,
}

/// What was seen of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// What compiling and matching leave.
    Left {
        /// Of compiling, whether the pattern is accepted or not.
        compile: Left,
        /// Of matching all subjects in every way.
        matching: Left,
    },
    /// The interpreter ended, by a failed assertion or a crash: says how.
    Ended(String),
    /// No answer in time: matching may take time that grows exponentially.
    Slow,
}

impl Seen {
    /// Returns whether there is something to report.
    pub fn is_finding(&self) -> bool {
        match self {
            Seen::Left { compile, matching } => {
                [compile, matching].iter().any(|left| **left != Left::default())
            }
            Seen::Ended(_) => true,
            Seen::Slow => false,
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    unsupported: bool,
    compile: Option<Left>,
    #[serde(rename = "match")]
    matching: Option<Left>,
}

const SOURCE: &str = include_str!("../python/references.py");

/// The limit for one pattern.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The limit for an interpreter to start: one that does not ends the run, and a machine may be busy.
const START: Duration = Duration::from_secs(120);

impl References {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// The reason why it does not start, or that it does not count references.
    pub fn start(python: &Python) -> Result<References, String> {
        let (info, child) = start(&python.path)?;
        let mut references = References { info, path: python.path.clone(), child };
        let case = Case::str("", sre_compiler::Flags::empty());
        if references.ask(&case, &[])?.unsupported {
            return Err(
                "it does not count references: sys.gettotalrefcount, which a debug build has, is missing; \
                        Debian's is the package python3-dbg, and ./configure --with-pydebug builds one"
                    .to_owned(),
            );
        }
        Ok(references)
    }

    /// Returns which Python it is.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// Compiles a case, and matches it with subjects, again and again. An interpreter that ended or
    /// hangs is started again.
    ///
    /// # Errors
    /// If it does not start again, or gives an invalid reply.
    pub fn check(&mut self, case: &Case, subjects: &[Subject]) -> Result<Seen, String> {
        match self.ask(case, subjects) {
            Ok(Answer { compile, matching, .. }) => Ok(Seen::Left {
                compile: compile.unwrap_or_default(),
                matching: matching.unwrap_or_default(),
            }),
            Err(why) => {
                (self.info, self.child) = start(&self.path)?;
                Ok(if why.starts_with("no answer") { Seen::Slow } else { Seen::Ended(why) })
            }
        }
    }

    /// Asks for a case in a new process, and returns what the interpreter writes if it crashes.
    pub fn crash_output(&self, case: &Case, subjects: &[Subject]) -> Vec<String> {
        crash_output(&self.path, &sre_oracle::python_program(SOURCE), request(case, subjects))
    }

    fn ask(&mut self, case: &Case, subjects: &[Subject]) -> Result<Answer, String> {
        self.child.send(request(case, subjects));
        let answer = self.child.receive(TIME_LIMIT)?;
        serde_json::from_slice(&answer).map_err(|why| format!("invalid reply: {why}"))
    }
}

fn request(case: &Case, subjects: &[Subject]) -> Vec<u8> {
    let mut line = Vec::new();
    wire::write_request(&mut line, case, false);
    line.pop();
    let subject = |Subject { text, pos, endpos }: &Subject| {
        let text: Vec<u32> = match text {
            Text::Str(text) => text.clone(),
            Text::Bytes(bytes) => bytes.iter().copied().map(u32::from).collect(),
        };
        format!("[{text:?}, {pos}, {endpos}]")
    };
    let subjects: Vec<String> = subjects.iter().map(subject).collect();
    line.extend_from_slice(format!(", \"subjects\": [{}]}}\n", subjects.join(", ")).as_bytes());
    line
}

fn start(path: &Path) -> Result<(InterpreterInfo, Child), String> {
    let mut child =
        Child::start(path, &sre_oracle::python_program(SOURCE)).map_err(|error| error.to_string())?;
    let info = wire::parse_info(&child.receive(START)?).map_err(|why| why.to_string())?;
    Ok((info, child))
}
