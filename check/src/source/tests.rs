//! Which patterns are found, and which calls are skipped.

use sre_compiler::Flags;

use super::{Framework, Reason, find, on_deep_stack};

/// The patterns of a file that begins with `import re`, and why the other calls are skipped.
fn found(source: &str) -> (Vec<String>, Vec<Reason>) {
    found_by(&format!("import re\n{source}"), &[])
}

fn found_by(source: &str, frameworks: &[Framework]) -> (Vec<String>, Vec<Reason>) {
    let findings = find(source.as_bytes(), frameworks).unwrap();
    let patterns = findings.patterns.iter().map(|found| found.case.to_utf8().unwrap());
    (patterns.collect(), findings.skipped.iter().map(|skipped| skipped.reason).collect())
}

fn assert_found(source: &str, patterns: &[&str]) {
    let (all, skipped) = found(source);
    assert_eq!(
        (all.iter().map(String::as_str).collect::<Vec<_>>(), skipped),
        (patterns.to_vec(), vec![]),
        "{source}"
    );
}

fn assert_skipped(source: &str, reason: Reason) {
    assert_eq!(found(source), (vec![], vec![reason]), "{source}");
}

#[test]
fn names_that_are_bound_once_have_values() {
    assert_found("A = 'a'\nre.compile(A)", &["a"]);
    assert_found("A: str = 'a'\nB = A + 'b'\nre.compile(B + 'c')", &["abc"]);
    assert_found("A = B = 'x'\nre.compile(A); re.compile(B)", &["x", "x"]);
    assert_found(
        "def f():\n    p = 'a'\n    re.match(p, s)\ndef g():\n    p = 'b'\n    re.match(p, s)",
        &["a", "b"],
    );
    assert_found("A = 'a'\ndef f(x):\n    return [re.match(A, y) for y in x]", &["a"]);
    assert_found("f = lambda x: re.match(A, x)\nA = 'a'", &["a"]);
    assert_found("class C:\n    A = 'a'\n    B = re.compile(A)", &["a"]);
    assert_found("class C:\n    A = 'a'\n    def f(self):\n        re.compile(self.A)", &["a"]);
    assert_found("class C:\n    A = 'a'\nre.compile(C.A)", &["a"]);
}

#[test]
fn names_that_may_have_another_value_are_skipped() {
    for source in [
        "A = 'a'\nA = 'b'\nre.compile(A)",
        "A = 'a'\nA += 'b'\nre.compile(A)",
        "A = 'a'\ndef f():\n    global A\n    A = 'b'\nre.compile(A)",
        "def f(A='a'):\n    re.compile(A)",
        "A = 'a'\ndef f():\n    for A in x:\n        re.compile(A)",
        "A = 'a'\n[re.compile(A) for A in x]",
        "A = 'a'\nf = lambda A: re.compile(A)",
        "A = 'a'\nfrom x import *\nimport re as r\nr.compile(A)",
        "A, B = 'a', 'b'\nre.compile(A)",
        "A = A + 'a'\nre.compile(A)",
        "A = x\nre.compile(A)",
        "def f():\n    A = 'a'\nre.compile(A)",
        "def f():\n    A = 'a'\n    def g():\n        nonlocal A\n        A = 'b'\n    re.compile(A)",
        "class C:\n    A = 'a'\n    def f(self):\n        re.compile(A)",
        "class C:\n    A = 'a'\n    def f(self):\n        self.A = 'b'\n        re.compile(self.A)",
        "class C:\n    A = 'a'\n    def f(self):\n        re.compile(self.A)\nclass D(C):\n    A = 'b'",
        "A = 'a'\nclass C:\n    B = re.compile(A)\n    A = 'b'",
        "if (A := 'a'):\n    re.compile(A)",
        "try: pass\nexcept E as A:\n    re.compile(A)",
        "match x:\n    case A:\n        re.compile(A)",
    ] {
        assert_skipped(source, Reason::Pattern);
    }
}

#[test]
fn local_names_do_not_hide_the_module_elsewhere() {
    let source = "from re import match\ndef f():\n    match = x\n    match('a', y)\nmatch('b', y)";
    assert_found(source, &["b"]);
    assert_found("def f(re):\n    re.compile('a')\nre.compile('b')", &["b"]);
    assert_skipped(
        "try:\n    import regex as re\nexcept ImportError:\n    import re\nre.compile('a')",
        Reason::Name,
    );
    assert_skipped("re.compile = x\nre.compile('a')", Reason::Name);
    assert_found("import os.path, regex\nregex.compile('(')\nre.compile('a')", &["a"]);
}

#[test]
fn f_strings_of_constants_have_values() {
    assert_found(
        r#"A = r'\w'
N = 3
re.compile(rf"{A}{{{N}}}-{A!s}")"#,
        &[r"\w{3}-\w"],
    );
    assert_found("A = 'a'\nre.compile(f'\\x41{A}' 'b' r'\\d')", &["Aab\\d"]);
    for field in ["{A!r}", "{A:3}", "{A=}", "{x}", "{A.x}", "{b'a'}"] {
        assert_skipped(&format!("A = 'a'\nre.compile(f'{field}')"), Reason::Pattern);
    }
}

#[test]
fn flags_may_have_names() {
    let flags = |source: &str| {
        let findings = find(format!("import re\n{source}").as_bytes(), &[]).unwrap();
        findings.patterns.first().map(|found| found.case.flags)
    };
    assert_eq!(flags("F = re.I | re.X\nre.compile('a', F)"), Some(Flags::IGNORECASE | Flags::VERBOSE));
    assert_eq!(flags("class C:\n    F = re.M\n    P = re.compile('a', flags=F)"), Some(Flags::MULTILINE));
    assert_eq!(flags("import re as r\nre.compile('a', r.S | 2)"), Some(Flags::DOTALL | Flags::IGNORECASE));
    assert_eq!(flags("F = x\nre.compile('a', F)"), None);
}

#[test]
fn positions_are_those_of_the_constant() {
    let findings = find(b"import re\nA = 'b++'\nre.compile('a' + A)", &[]).unwrap();
    let found = &findings.patterns[0];
    assert_eq!((found.line, found.column, found.place(0)), (3, 12, (3, 13)));
    assert_eq!([1, 3, 4].map(|pos| found.place(pos)), [(2, 6), (2, 8), (2, 9)]);
}

#[test]
fn names_cannot_make_a_file_take_long() {
    let doubled: String = (0..100).map(|n| format!("A{} = A{n} + A{n}\n", n + 1)).collect();
    let calls = "re.compile(A100)\nre.compile(A12)\n".repeat(1000);
    let (patterns, skipped) = found(&format!("A0 = ''\n{doubled}{calls}"));
    assert!(patterns.len() + skipped.len() == 2000 && skipped.len() >= 1000);
    let deep = format!("A = 'a'\ndef f():\n    {}re.compile(A)", "lambda: ".repeat(5000));
    let (patterns, skipped) = on_deep_stack(|| found(&deep)).unwrap();
    assert_eq!((patterns, skipped), (vec![], vec![]), "too many scopes to look a name up in");
}

#[test]
fn django_routes_are_patterns() {
    let source = "from django.urls import re_path, path\nfrom django.core import validators\n\
        from django.core.validators import RegexValidator as V\nimport django.urls\n\
        re_path(r'^a/$', x)\npath('b(', x)\nV('c', flags=2)\nvalidators.RegexValidator(regex='d')\n\
        django.urls.re_path(route='e', view=x)\nre_path(f(), x)";
    let (patterns, skipped) = found_by(source, &[Framework::Django]);
    assert_eq!(
        (patterns, skipped),
        (["^a/$", "c", "d", "e"].map(String::from).to_vec(), vec![Reason::Pattern])
    );
    assert_eq!(found_by(source, &[]), (vec![], vec![]));
}

#[test]
fn pyparsing_expressions_are_patterns() {
    let source =
        "import pyparsing as pp\nfrom pyparsing import Regex\nRegex(r'a+')\npp.Regex('b', 2)\nRegex(x)";
    let (patterns, skipped) = found_by(source, &[Framework::Pyparsing]);
    assert_eq!((patterns, skipped), (["a+", "b"].map(String::from).to_vec(), vec![Reason::Pattern]));
}

#[test]
fn pygments_tables_are_patterns() {
    let source = r"
from pygments.lexer import RegexLexer, include, words, bygroups, inherit
import re
class A(RegexLexer):
    flags = re.I | re.M
    tokens = {
        'root': [
            (r'\s+', Text),
            include('x'),
            inherit,
            (words(('if', 'in', 'is', 'import'), prefix=r'\b', suffix=r'\b'), Keyword, '#push'),
            ('a' 'b', bygroups(X, Y)),
            (f(), X),
        ] + [('c', X)],
    }
class B(A):
    tokens = {'root': [('d', X)]}
class C(RegexLexer):
    tokens = {'root': [('e', X)]}
class D:
    tokens = {'root': [('f(', X)]}
";
    let findings = find(source.as_bytes(), &[Framework::Pygments]).unwrap();
    let patterns: Vec<(String, i64)> = findings
        .patterns
        .iter()
        .map(|found| (found.case.to_utf8().unwrap(), found.case.flags.bits()))
        .collect();
    let expected =
        [(r"\s+", 10), (r"\b(i(?:mport|[fns]))\b", 10), ("ab", 10), ("c", 10), ("d", 10), ("e", 8)];
    assert_eq!(patterns, expected.map(|(pattern, flags)| (pattern.to_owned(), flags)));
    assert_eq!(findings.skipped.len(), 1);
}

#[test]
fn ply_rules_are_patterns() {
    let source = r"
import ply.lex as lex
tokens = ('PLUS', 'NUMBER', 'DIGITS', 'END')
states = (('comment', 'exclusive'),)
digits = r'[0-9]+'
t_PLUS = r'\+'
t_ignore = ' \t('
t_comment_ignore = '('
t_ignore_COMMENT = r'\#.*'
t_comment_END = 'x'
def t_NUMBER(t):
    r'\d+'
@TOKEN(digits)
def t_DIGITS(t):
    pass
def t_error(t):
    '('
";
    let without_tokens = found_by(&source.replace("tokens", "others"), &[Framework::Ply]);
    assert_eq!(without_tokens, (vec![], vec![]), "not a lexer");
    let (patterns, skipped) = found_by(source, &[Framework::Ply]);
    let expected = [
        r"(?P<t_PLUS>\+)",
        r"(?P<t_ignore_COMMENT>\#.*)",
        r"(?P<t_comment_END>x)",
        r"(?P<t_NUMBER>\d+)",
        "(?P<t_DIGITS>[0-9]+)",
    ];
    assert_eq!((patterns, skipped), (expected.map(String::from).to_vec(), vec![]));
}
