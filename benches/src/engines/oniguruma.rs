//! Oniguruma, with its Python syntax.

use onig::{Regex, RegexOptions, Syntax};
use sre_compiler::Flags;

use super::Linkable;
use crate::sample::Sample;

pub(super) struct Oniguruma;

impl Linkable for Oniguruma {
    const NAME: &'static str = "oniguruma";
    const ABOUT: &'static str = "Oniguruma, to its own code, Python syntax; version";
    type Input = (String, RegexOptions);

    fn prepare(&mut self, sample: &Sample) -> Option<(String, RegexOptions)> {
        let flags = sample.case.flags;
        let mut options = RegexOptions::REGEX_OPTION_NONE;
        for (flag, option) in [
            (Flags::IGNORECASE, RegexOptions::REGEX_OPTION_IGNORECASE),
            // The options have Ruby's names.
            (Flags::DOTALL, RegexOptions::REGEX_OPTION_MULTILINE),
            (Flags::MULTILINE, RegexOptions::REGEX_OPTION_NEGATE_SINGLELINE),
            (Flags::VERBOSE, RegexOptions::REGEX_OPTION_EXTEND),
        ] {
            if flags.intersects(flag) {
                options |= option;
            }
        }
        Some((sample.utf8.clone()?, options))
    }

    fn compile(&mut self, (pattern, options): &(String, RegexOptions)) -> bool {
        Regex::with_options(pattern, *options, Syntax::python()).is_ok()
    }

    fn version(&self) -> String {
        onig::version()
    }
}
