//! Where frameworks take patterns: their functions, and conventions that no call shows.

mod ply;
mod pygments;
mod words;

use ruff_python_ast::{Stmt, StmtClassDef};
use sre_compiler::Flags;

use super::Findings;
use super::calls::{Context, Signature};
use super::scopes::Member;

/// A framework whose conventions are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Framework {
    /// `re_path`, `url`, `RegexValidator`, `RegexField`.
    Django,
    /// `tokens` of a `RegexLexer`.
    Pygments,
    /// `Regex`.
    Pyparsing,
    /// Rules such as `t_NAME = r'…'`, and the docstrings of functions of such names.
    Ply,
}

impl Framework {
    /// All frameworks.
    pub const ALL: [Framework; 4] =
        [Framework::Django, Framework::Pygments, Framework::Pyparsing, Framework::Ply];

    /// Returns the name in options and in `pyproject.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Framework::Django => "django",
            Framework::Pygments => "pygments",
            Framework::Pyparsing => "pyparsing",
            Framework::Ply => "ply",
        }
    }
}

impl std::str::FromStr for Framework {
    type Err = String;

    fn from_str(name: &str) -> Result<Framework, String> {
        let known = || Framework::ALL.map(Framework::name).join(", ");
        let found = Framework::ALL.into_iter().find(|framework| framework.name() == name);
        found.ok_or_else(|| format!("{name:?}: unknown framework (known: {})", known()))
    }
}

/// A function of a framework: the modules that have it, then its [`Signature`].
struct Function {
    framework: Framework,
    modules: &'static [&'static str],
    name: &'static str,
    /// The name of the argument for the pattern, which is the first.
    pattern: &'static str,
    flags: Option<(usize, &'static str)>,
}

static FUNCTIONS: [Function; 6] = [
    Function {
        framework: Framework::Django,
        modules: &["django.urls", "django.urls.conf", "django.conf.urls"],
        name: "re_path",
        pattern: "route",
        flags: None,
    },
    Function {
        framework: Framework::Django,
        modules: &["django.conf.urls"],
        name: "url",
        pattern: "regex",
        flags: None,
    },
    Function {
        framework: Framework::Django,
        modules: &["django.core.validators"],
        name: "RegexValidator",
        pattern: "regex",
        flags: Some((4, "flags")),
    },
    Function {
        framework: Framework::Django,
        modules: &["django.forms", "django.forms.fields"],
        name: "RegexField",
        pattern: "regex",
        flags: None,
    },
    Function {
        framework: Framework::Django,
        modules: &["django.utils.regex_helper"],
        name: "_lazy_re_compile",
        pattern: "regex",
        flags: Some((1, "flags")),
    },
    Function {
        framework: Framework::Pyparsing,
        modules: &["pyparsing", "pyparsing.core"],
        name: "Regex",
        pattern: "pattern",
        flags: Some((1, "flags")),
    },
];

/// Returns where a function of one of the frameworks takes its pattern.
pub(super) fn signature(called: &Member<'_>, frameworks: &[Framework]) -> Option<Signature> {
    let function = FUNCTIONS.iter().find(|function| {
        frameworks.contains(&function.framework)
            && function.name == called.name
            && function.modules.contains(&&*called.module)
    })?;
    Some(Signature {
        function: function.name,
        pattern: (0, function.pattern),
        flags: function.flags,
        is_exact: false,
        adds: Flags::empty(),
    })
}

/// Finds the patterns that a class gives by convention.
pub(super) fn find_in_class<'s>(class: &'s StmtClassDef, context: &Context<'s>, findings: &mut Findings) {
    if context.frameworks.contains(&Framework::Pygments) {
        pygments::find(class, context, findings);
    }
    if context.frameworks.contains(&Framework::Ply) {
        ply::find(&class.body, context, findings);
    }
}

/// Finds the patterns that a module gives by convention.
pub(super) fn find_in_body<'s>(body: &'s [Stmt], context: &Context<'s>, findings: &mut Findings) {
    if context.frameworks.contains(&Framework::Ply) {
        ply::find(body, context, findings);
    }
}
