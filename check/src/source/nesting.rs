//! Limits how deep the tree of a file may become. Depth is counted from tokens, without recursion.
//!
//! There are two limits, each above the deepest file that any CPython from 3.8 to 3.15 compiled in
//! tests:
//!
//! - Operators whose operand is parsed by recursion: brackets, blocks, prefix operators, `**`, `lambda`, `a if b else c`.
//!   CPython takes at most 5,888 (of `-`, `not` and ternaries, 3.13 to 3.15).
//! - Chains such as `a + b + c` and `a.b.c`, which become deep trees without recursion of the parser. CPython takes at
//!   most 172,032 (`"a" + "a" + …`, 3.8 and 3.9).
//!
//! The counts are upper bounds: some operators that are counted as nested are not.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Limit of the parser's recursion.
const DEEPEST: usize = 10_000;

/// Limit of the length of a chain, together with the chains around it.
const LONGEST: usize = 200_000;

/// The operators since the last comma within the same brackets.
#[derive(Default)]
struct Level {
    /// Blocks in one line, which end with it. `if a: if b: …` is a syntax error, but is parsed.
    blocks: usize,
    /// The number of `lambda`s whose parameters are being read. A comma there ends no operand.
    lambdas: usize,
    /// Operators whose operand ends with the expression: `lambda`, ternaries, comprehensions.
    open: usize,
    /// `not`s, whose operand ends at `and` and `or`.
    nots: usize,
    /// `-`, `~`, `await` and `**`, whose operand ends at any other binary operator.
    tight: usize,
    /// Binary operators, attributes, calls and subscripts.
    chain: usize,
}

impl Level {
    fn depth(&self) -> usize {
        self.blocks + self.open + self.nots + self.tight
    }

    /// Begins anew after a comma or a semicolon.
    fn separate(&mut self) {
        if self.lambdas == 0 {
            *self = Level { blocks: self.blocks, ..Level::default() };
        }
    }
}

/// Returns whether the tree could be too deep for the stack.
pub(super) fn is_too_deep(source: &str) -> bool {
    let mut lexer = lexer::lex(source, Mode::Module);
    let mut top = Level::default();
    let mut around: Vec<Level> = Vec::new();
    // The sums over the levels in `around`.
    let (mut depth, mut chain) = (0, 0);
    let mut indents = 0_usize;
    let mut after_operand = false;
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return false,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Newline => top = Level::default(),
            TokenKind::Comma | TokenKind::Semi => top.separate(),
            TokenKind::Lambda => {
                top.lambdas += 1;
                top.open += 1;
            }
            TokenKind::Colon if top.lambdas > 0 => top.lambdas -= 1,
            TokenKind::Colon if around.is_empty() => top.blocks += 1,
            _ if is_opening(kind) => {
                // A call or a subscript continues a chain.
                top.chain += usize::from(after_operand);
                // The bracket itself is a level.
                depth += top.depth() + 1;
                chain += top.chain;
                around.push(std::mem::take(&mut top));
            }
            _ if is_closing(kind) => {
                if let Some(level) = around.pop() {
                    top = level;
                    depth -= top.depth() + 1;
                    chain -= top.chain;
                }
            }
            TokenKind::And | TokenKind::Or => {
                top.nots = 0;
                top.tight = 0;
                top.chain += 1;
            }
            TokenKind::Not if !after_operand => top.nots += 1,
            TokenKind::DoubleStar | TokenKind::Await => top.tight += 1,
            TokenKind::Dot => top.chain += 1,
            _ if kind.is_unary_arithmetic_operator() && !after_operand => top.tight += 1,
            // After an operand, `not` is that of `not in`; `in` also follows that `not`.
            _ if after_operand && is_between_operands(kind) || kind == TokenKind::In => {
                top.tight = 0;
                top.chain += 1;
            }
            _ if is_operand(kind) || is_trivia(kind) => {}
            _ => top.open += 1,
        }
        if depth + top.depth() + indents > DEEPEST || chain + top.chain > LONGEST {
            return true;
        }
        if !is_trivia(kind) {
            after_operand = is_operand(kind) || is_closing(kind);
        }
    }
}

fn is_opening(kind: TokenKind) -> bool {
    use TokenKind::{FStringStart, Lbrace, Lpar, Lsqb, TStringStart};
    matches!(kind, Lpar | Lsqb | Lbrace | FStringStart | TStringStart)
}

fn is_closing(kind: TokenKind) -> bool {
    use TokenKind::{FStringEnd, Rbrace, Rpar, Rsqb, TStringEnd};
    matches!(kind, Rpar | Rsqb | Rbrace | FStringEnd | TStringEnd)
}

/// Returns whether this is an operand, or may be one.
fn is_operand(kind: TokenKind) -> bool {
    use TokenKind::{Complex, Ellipsis, FStringMiddle, Float, Int, Name, String, TStringMiddle};
    matches!(kind, Name | Int | Float | Complex | String | FStringMiddle | TStringMiddle | Ellipsis)
        || matches!(kind, TokenKind::True | TokenKind::False | TokenKind::None)
        || kind.is_soft_keyword()
}

fn is_trivia(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline)
}

/// Returns whether this is a binary operator that binds less tightly than a prefix operator.
fn is_between_operands(kind: TokenKind) -> bool {
    kind.as_binary_operator().is_some()
        || matches!(
            kind,
            TokenKind::EqEqual
                | TokenKind::NotEqual
                | TokenKind::Less
                | TokenKind::LessEqual
                | TokenKind::Greater
                | TokenKind::GreaterEqual
                | TokenKind::In
                | TokenKind::Is
                | TokenKind::Not
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_not_deep() {
        let list = format!("x = [{}]\n", "-1, (2, 3), {4: 5 + 6}, f'{7}',\n".repeat(10_000));
        assert!(!is_too_deep(&list));
        for piece in [
            "if a and b:\n    f(x).y[z] = lambda: 1\n",
            "-a + ",
            "(-a ** 2)(b) * ",
            "not a and ",
            "not a in -b or ",
            "a not in b and ",
            "(a if b else c) < ",
            "f'{a + 1!r:{b}}' + ",
            "a[1].b(c)(d) // ",
            "match - case[type] | ",
        ] {
            assert!(!is_too_deep(&piece.repeat(20_000)), "{piece}");
        }
    }

    #[test]
    fn deep_nesting_is_found() {
        let pieces = [
            "(",
            "[",
            "f(",
            "-",
            "not ",
            "- not ",
            "lambda: ",
            "a ** ",
            "a if b else ",
            "f(x, ",
            "a[b + ",
            "f'{",
        ];
        for piece in pieces.into_iter().chain([
            "[x for y in ",
            "a + not ",
            "- a ** ",
            "{a: ",
            "-lambda: ",
            "yield ",
            "lambda a, b: ",
            "if a: ",
            "with a, b: ",
        ]) {
            assert!(is_too_deep(&piece.repeat(DEEPEST + 2)), "{piece}");
        }
        for piece in ["a + ", "a.", "a < ", "a and "] {
            assert!(is_too_deep(&piece.repeat(LONGEST + 2)), "{piece}");
        }
        assert!(is_too_deep(&format!("f{}", "()".repeat(LONGEST + 1))));
        assert!(is_too_deep(&format!("f{}", "[a]".repeat(LONGEST + 1))));
        let indented: String = (0..=DEEPEST).map(|n| format!("{}if a:\n", " ".repeat(n))).collect();
        assert!(is_too_deep(&indented));
    }
}
