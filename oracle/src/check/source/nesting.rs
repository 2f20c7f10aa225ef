//! How deep the tree of a file may become, from its tokens: reading those does not recurse.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// CPython's own parser stops at 200 brackets, 100 indents and a few thousand operators in a row.
const DEEPEST: usize = 4000;

/// Could the tree be deeper than what a stack is kept for?
///
/// Between brackets and commas, each operator or keyword may put what comes before or after it one level deeper.
pub(super) fn is_too_deep(source: &str) -> bool {
    let mut lexer = lexer::lex(source, Mode::Module);
    // How many levels each open bracket has since its last comma; and their sum.
    let mut open: Vec<usize> = vec![0];
    let mut sum = 0;
    let mut indents = 0_usize;
    loop {
        let kind = lexer.next_token();
        let top = open.len() - 1;
        match kind {
            TokenKind::EndOfFile => return false,
            TokenKind::Indent => indents += 1,
            TokenKind::Dedent => indents = indents.saturating_sub(1),
            TokenKind::Comma | TokenKind::Semi | TokenKind::Newline => sum -= std::mem::take(&mut open[top]),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                open[top] += 1;
                sum += 1;
                open.push(0);
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                if top > 0 {
                    sum -= open.pop().unwrap_or_default();
                }
            }
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline => {}
            _ => {
                open[top] += 1;
                sum += 1;
            }
        }
        if sum + indents > DEEPEST {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_not_deep() {
        let list = format!("x = [{}]\n", "-1, (2, 3), {4: 5 + 6}, f'{7}',\n".repeat(10_000));
        assert!(!is_too_deep(&list));
        assert!(!is_too_deep(&"if a and b:\n    f(x).y[z] = lambda: 1\n".repeat(10_000)));
    }

    #[test]
    fn what_is_deep_is_seen() {
        for piece in
            ["(", "[", "-", "not ", "lambda: ", "a + ", "a ** ", "a.", "a if b else ", "f(x)(", "a[b]["]
        {
            assert!(is_too_deep(&piece.repeat(DEEPEST + 2)), "{piece}");
        }
        let chained = format!("f{}", "()".repeat(DEEPEST + 1));
        assert!(is_too_deep(&chained));
        let indented: String = (0..=DEEPEST).map(|n| format!("{}if a:\n", " ".repeat(n))).collect();
        assert!(is_too_deep(&indented));
    }
}
