//! The functions and flags of the module `re`, and the versions that have them.

use std::fmt;

use sre_compiler::{Dialect, Flags};

use super::answer::{RegexError, RegexWarning};

/// A function or a flag of `re`.
#[derive(PartialEq, Eq, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// The first minor version that has it; 8 also stands for earlier ones.
    since: u32,
    /// The last minor version that has it.
    until: u32,
    /// Whether `from re import *` binds it: whether it is in `re.__all__`.
    starred: bool,
    /// Whether it is a function or a flag.
    pub(super) kind: Kind,
}

#[derive(PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A function whose first argument, `pattern`, is compiled.
    Function {
        /// The index of the argument for flags.
        flags: usize,
        /// The flags that the function adds.
        adds: Flags,
    },
    /// `re.Scanner`, which compiles a list of patterns.
    Scanner,
    Flag(Flags),
}

const NEWEST: u32 = u32::MAX;

const fn function(name: &'static str, flags: usize) -> Member {
    Member {
        name,
        since: 8,
        until: NEWEST,
        starred: true,
        kind: Kind::Function { flags, adds: Flags::empty() },
    }
}

const fn flag(name: &'static str, flag: Flags) -> Member {
    Member { name, since: 8, until: NEWEST, starred: true, kind: Kind::Flag(flag) }
}

/// CPython: `re/__init__.py`
static MEMBERS: [Member; 30] = [
    function("compile", 1),
    function("match", 2),
    Member { since: 15, ..function("prefixmatch", 2) },
    function("fullmatch", 2),
    function("search", 2),
    function("findall", 2),
    function("finditer", 2),
    function("split", 3),
    function("sub", 4),
    function("subn", 4),
    Member { until: 12, kind: Kind::Function { flags: 1, adds: Flags::TEMPLATE }, ..function("template", 1) },
    Member { starred: false, kind: Kind::Scanner, ..function("Scanner", 1) },
    Member { since: 11, ..flag("NOFLAG", Flags::empty()) },
    flag("A", Flags::ASCII),
    flag("ASCII", Flags::ASCII),
    flag("I", Flags::IGNORECASE),
    flag("IGNORECASE", Flags::IGNORECASE),
    flag("L", Flags::LOCALE),
    flag("LOCALE", Flags::LOCALE),
    flag("M", Flags::MULTILINE),
    flag("MULTILINE", Flags::MULTILINE),
    flag("S", Flags::DOTALL),
    flag("DOTALL", Flags::DOTALL),
    Member { until: 12, starred: false, ..flag("T", Flags::TEMPLATE) },
    Member { until: 12, starred: false, ..flag("TEMPLATE", Flags::TEMPLATE) },
    flag("U", Flags::UNICODE),
    flag("UNICODE", Flags::UNICODE),
    flag("X", Flags::VERBOSE),
    flag("VERBOSE", Flags::VERBOSE),
    Member { starred: false, ..flag("DEBUG", Flags::DEBUG) },
];

/// The minor versions in which `re.T` and `re.template` warn.
const DEPRECATED: std::ops::RangeInclusive<u32> = 11..=12;

impl Member {
    /// Returns the member of that name, in any version.
    pub fn named(name: &str) -> Option<&'static Member> {
        MEMBERS.iter().find(|member| member.name == name)
    }

    /// Returns the members that `from re import *` binds.
    pub(super) fn starred() -> impl Iterator<Item = &'static Member> {
        MEMBERS.iter().filter(|member| member.starred)
    }

    fn exists(&self, minor: u32) -> bool {
        (self.since..=self.until).contains(&minor)
    }
}

/// How a program refers to a name of `re`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Import {
    /// `re.name`
    Attribute,
    /// `from re import name`
    Name,
    /// `from re import *`
    Star,
}

/// A call that compiles a pattern: the names of `re` that it uses, in order of evaluation. The
/// first is the function; without names it is `re.compile` with flags given as an integer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Call {
    /// The names.
    pub names: Vec<(&'static Member, Import)>,
}

impl Call {
    /// Returns the error that a version raises for the first name it does not have.
    ///
    /// The text of an ImportError lacks the module's file name at its end.
    pub(super) fn missing(&self, dialect: Dialect) -> Option<RegexError> {
        let (_, minor, _) = dialect.min_version();
        // Imports run before the call.
        let imports = self.names.iter().filter(|(_, import)| *import == Import::Name);
        let (member, import) = imports.chain(&self.names).find(|(member, _)| !member.exists(minor))?;
        let name = member.name;
        Some(match import {
            Import::Attribute => {
                RegexError::unplaced("AttributeError", &format!("module 're' has no attribute '{name}'"))
            }
            Import::Name => {
                RegexError::unplaced("ImportError", &format!("cannot import name '{name}' from 're'"))
            }
            Import::Star => RegexError::unplaced("NameError", &format!("name '{name}' is not defined")),
        })
    }

    fn is_of_template(&self) -> bool {
        self.names.first().is_some_and(|(function, _)| function.name == "template")
    }

    /// Returns the warnings of the call, given those of the pattern.
    ///
    /// CPython: `re/__init__.py`, `_compile` and `template`
    pub(super) fn warnings(
        &self,
        flags: Flags,
        dialect: Dialect,
        of_pattern: Vec<RegexWarning>,
    ) -> Vec<RegexWarning> {
        let (_, minor, _) = dialect.min_version();
        if !DEPRECATED.contains(&minor) {
            return of_pattern;
        }
        let mut warnings = Vec::new();
        if self.is_of_template() {
            warnings.push(RegexWarning::deprecation(Deprecated::Function));
            // `re.template` suppresses other warnings of that class.
            warnings.extend(
                of_pattern.into_iter().filter(|warning| warning.category != RegexWarning::DEPRECATION),
            );
        } else {
            warnings.extend(
                flags.intersects(Flags::TEMPLATE).then(|| RegexWarning::deprecation(Deprecated::Flag)),
            );
            warnings.extend(of_pattern);
        }
        warnings
    }
}

/// Names that are deprecated in 3.11 and 3.12.
#[derive(Clone, Copy)]
pub(super) enum Deprecated {
    Function,
    Flag,
}

impl fmt::Display for Deprecated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, kind, instead) = match self {
            Deprecated::Function => ("re.template() function", "function", "Use re.compile() instead."),
            Deprecated::Flag => ("re.TEMPLATE/re.T flag", "flag", "Don't use it."),
        };
        write!(
            f,
            "The {what} is deprecated as it is an undocumented {kind} without an obvious purpose. {instead}"
        )
    }
}

/// Returns the error for flags, given or of the pattern, that do not fit the C int of
/// `_sre.compile`.
pub(super) fn flags_error(flags: Flags) -> Option<RegexError> {
    let too_large = i32::try_from(flags.bits()).is_err();
    too_large.then(|| RegexError::unplaced("OverflowError", "Python int too large to convert to C int"))
}
