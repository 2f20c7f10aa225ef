//! sre-compiler, in three ways: reusing all memory, with a new program each time, with a new compiler each time.

use sre_case::Text;
use sre_compiler::{Compiler, Dialect, Flags, InvalidCodePoint, Pattern, Program, compile};

use super::Linkable;
use crate::sample::Sample;

/// A pattern as a caller has it: a `str` if possible.
pub(crate) struct Input {
    text: Form,
    flags: Flags,
}

enum Form {
    Utf8(String),
    CodePoints(Vec<u32>),
    Bytes(Vec<u8>),
}

impl Input {
    pub(crate) fn new(sample: &Sample) -> Input {
        let text = match (&sample.case.text, &sample.utf8) {
            (Text::Bytes(bytes), _) => Form::Bytes(bytes.clone()),
            (Text::Str(_), Some(utf8)) => Form::Utf8(utf8.clone()),
            (Text::Str(text), None) => Form::CodePoints(text.clone()),
        };
        Input { text, flags: sample.case.flags }
    }

    pub(crate) fn flags(&self) -> Flags {
        self.flags
    }

    #[inline]
    pub(crate) fn pattern(&self) -> Result<Pattern<'_>, InvalidCodePoint> {
        match &self.text {
            Form::Utf8(text) => Ok(text.as_str().into()),
            Form::CodePoints(text) => Pattern::from_code_points(text),
            Form::Bytes(bytes) => Ok(bytes.as_slice().into()),
        }
    }
}

pub(super) struct Reused {
    compiler: Compiler,
    program: Program,
}

pub(super) struct Warm(Compiler);

pub(super) struct Cold(Dialect);

impl Reused {
    pub(super) fn new(dialect: Dialect) -> Reused {
        Reused { compiler: Compiler::new(dialect), program: Program::new(dialect) }
    }
}

impl Warm {
    pub(super) fn new(dialect: Dialect) -> Warm {
        Warm(Compiler::new(dialect))
    }
}

impl Cold {
    pub(super) fn new(dialect: Dialect) -> Cold {
        Cold(dialect)
    }
}

impl Linkable for Reused {
    const NAME: &'static str = "sre";
    const ABOUT: &'static str = "sre-compiler, Compiler::compile_into: reuses its memory";
    type Input = Input;

    fn prepare(&mut self, sample: &Sample) -> Option<Input> {
        Some(Input::new(sample))
    }

    fn compile(&mut self, input: &Input) -> bool {
        let pattern = input.pattern();
        pattern.is_ok_and(|p| self.compiler.compile_into(p, input.flags, &mut self.program).is_ok())
    }
}

impl Linkable for Warm {
    const NAME: &'static str = "sre-program";
    const ABOUT: &'static str = "sre-compiler, Compiler::compile: a new program each time";
    type Input = Input;

    fn prepare(&mut self, sample: &Sample) -> Option<Input> {
        Some(Input::new(sample))
    }

    fn compile(&mut self, input: &Input) -> bool {
        input.pattern().is_ok_and(|pattern| self.0.compile(pattern, input.flags).is_ok())
    }
}

impl Linkable for Cold {
    const NAME: &'static str = "sre-cold";
    const ABOUT: &'static str = "sre-compiler, compile: a new compiler each time";
    type Input = Input;

    fn prepare(&mut self, sample: &Sample) -> Option<Input> {
        Some(Input::new(sample))
    }

    fn compile(&mut self, input: &Input) -> bool {
        input.pattern().is_ok_and(|pattern| compile(pattern, input.flags, self.0).is_ok())
    }
}
