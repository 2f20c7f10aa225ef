//! The forms in which a pattern is compiled and matched, and the operations.

use std::fmt;

/// A form of a pattern. Each has to match the same.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Form {
    /// The code of the interpreter's own compiler.
    Own,
    /// Code that comes with the request: that of sre-compiler.
    Given,
    /// Without the info block.
    NoInfo,
    /// Without the literal prefix in the info block.
    NoPrefix,
    /// Without the set of first characters in the info block.
    NoFirst,
    /// With the members of each set as written, instead of in their shortest form.
    NoSets,
    /// Without the short form of the repeat of a single character.
    NoRepeats,
    /// With literals instead of references to groups of literals.
    NoReferences,
    /// `search` as `match` at one position after another.
    Positions,
    /// With the subject stored in four bytes a character.
    Wide,
}

impl Form {
    /// The forms that one interpreter can compare with its own code.
    pub const VARIANTS: [Form; 8] = [
        Form::NoInfo,
        Form::NoPrefix,
        Form::NoFirst,
        Form::NoSets,
        Form::NoRepeats,
        Form::NoReferences,
        Form::Positions,
        Form::Wide,
    ];

    /// Returns its name in requests.
    pub fn name(self) -> &'static str {
        match self {
            Form::Own => "own",
            Form::Given => "given",
            Form::NoInfo => "no-info",
            Form::NoPrefix => "no-prefix",
            Form::NoFirst => "no-first",
            Form::NoSets => "no-sets",
            Form::NoRepeats => "no-repeats",
            Form::NoReferences => "no-references",
            Form::Positions => "positions",
            Form::Wide => "wide",
        }
    }

    /// Returns the name of a variant in `--variant`.
    pub fn option(self) -> &'static str {
        self.name().strip_prefix("no-").unwrap_or(self.name())
    }

    /// Returns what distinguishes it, for a report.
    pub fn describe(self) -> &'static str {
        match self {
            Form::Own => "own code",
            Form::Given => "sre-compiler's code",
            Form::NoInfo => "without the info block",
            Form::NoPrefix => "without the literal prefix",
            Form::NoFirst => "without the set of first characters",
            Form::NoSets => "with sets as written",
            Form::NoRepeats => "without short repeats",
            Form::NoReferences => "with literals for references",
            Form::Positions => "`match` at each position",
            Form::Wide => "with a wide subject",
        }
    }
}

/// An operation of a compiled pattern, in the order of comparison: what differs in `match` usually
/// differs in those after it, too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Operation {
    /// `match`
    Match,
    /// `search`
    Search,
    /// `fullmatch`
    Fullmatch,
    /// `finditer`
    Finditer,
    /// `sub`, with a template that shows the match and the first group
    Sub,
    /// `split`
    Split,
}

impl Operation {
    /// All operations.
    pub const ALL: [Operation; 6] = [
        Operation::Match,
        Operation::Search,
        Operation::Fullmatch,
        Operation::Finditer,
        Operation::Sub,
        Operation::Split,
    ];

    /// Returns the name of the method.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Match => "match",
            Operation::Search => "search",
            Operation::Fullmatch => "fullmatch",
            Operation::Finditer => "finditer",
            Operation::Sub => "sub",
            Operation::Split => "split",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
