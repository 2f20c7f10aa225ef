//! The pattern of Pygments' `words(…)`.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;
use sre_case::Text;

use super::super::Reason;
use super::super::calls::Context;
use super::super::expressions::Literal;
use super::super::literal::Value;

/// Limit of characters of the words, so that a file cannot make the work grow with their square.
const MAX_CHARACTERS: usize = 1 << 16;

/// Returns the pattern of `words(words, prefix='', suffix='')`.
pub(super) fn pattern<'s>(call: &'s ExprCall, context: &Context<'s>) -> Result<Literal, Reason> {
    let list = call.arguments.find_argument_value("words", 0).ok_or(Reason::Arguments)?;
    let mut words = words(list, context)?;
    if words.iter().map(Vec::len).sum::<usize>() > MAX_CHARACTERS {
        return Err(Reason::Pattern);
    }
    words.sort();
    words.dedup();
    let mut value = Value::default();
    let affix = |name: &str, position: usize, value: &mut Value| {
        if let Some(expr) = call.arguments.find_argument_value(name, position) {
            let Literal { text, value: part, .. } = context.values.pattern(expr)?;
            let Text::Str(text) = text else { return Err(Reason::Pattern) };
            value.characters.extend(text);
            value.offsets.extend(part.offsets);
        }
        Ok(())
    };
    affix("prefix", 1, &mut value)?;
    let mut optimized = Vec::new();
    let all: Vec<&[u32]> = words.iter().map(Vec::as_slice).collect();
    write(&all, "(", &mut optimized);
    value.push_all(optimized.into_iter(), list.start().to_usize());
    affix("suffix", 2, &mut value)?;
    value.end = call.end().to_usize();
    let text = Text::Str(std::mem::take(&mut value.characters));
    Ok(Literal { text, value, direct: false })
}

/// Returns the words of a tuple, a list or a set, or of a name for one.
fn words<'s>(list: &'s Expr, context: &Context<'s>) -> Result<Vec<Vec<u32>>, Reason> {
    let elements = match context.values.named_or_self(list) {
        Expr::Tuple(tuple) => &tuple.elts[..],
        Expr::List(list) => &list.elts[..],
        Expr::Set(set) => &set.elts[..],
        _ => return Err(Reason::Pattern),
    };
    let word = |element| match context.values.pattern(element)?.text {
        Text::Str(word) => Ok(word),
        Text::Bytes(_) => Err(Reason::Pattern),
    };
    elements.iter().map(word).collect()
}

/// Writes a pattern for sorted words. `open` is the parenthesis around it, if there is one.
///
/// pygments: `regexopt.py`, `regex_opt_inner`
fn write(words: &[&[u32]], open: &str, out: &mut Vec<u32>) {
    let Some((&first, others)) = words.split_first() else { return };
    let push = |text: &str, out: &mut Vec<u32>| out.extend(text.chars().map(u32::from));
    let close = if open.is_empty() { "" } else { ")" };
    push(open, out);
    let letters: Vec<u32> = words.iter().filter(|word| word.len() == 1).map(|word| word[0]).collect();
    let common = common(words, |word, n| word.get(n).copied());
    let tail = self::common(words, |word, n| word.len().checked_sub(n + 1).map(|at| word[at]));
    if others.is_empty() {
        escape(first, out);
    } else if first.is_empty() {
        write(others, "(?:", out);
        push("?", out);
    } else if first.len() == 1 && letters.len() > 1 {
        let rest: Vec<&[u32]> = words.iter().copied().filter(|word| word.len() != 1).collect();
        if !rest.is_empty() {
            write(&rest, "", out);
            push("|", out);
        }
        push("[", out);
        for letter in letters {
            if [b'[', b'^', b'\\', b'-', b']'].map(u32::from).contains(&letter) {
                push("\\", out);
            }
            out.push(letter);
        }
        push("]", out);
    } else if common > 0 {
        escape(&first[..common], out);
        let rest: Vec<&[u32]> = words.iter().map(|word| &word[common..]).collect();
        write(&rest, "(?:", out);
    } else if tail > 0 {
        let mut rest: Vec<&[u32]> = words.iter().map(|word| &word[..word.len() - tail]).collect();
        rest.sort();
        write(&rest, "(?:", out);
        escape(&first[first.len() - tail..], out);
    } else {
        // Those that begin as the first word does, and the others.
        for (n, run) in words.chunk_by(|a, b| (a[0] == first[0]) == (b[0] == first[0])).enumerate() {
            if n > 0 {
                push("|", out);
            }
            write(run, "", out);
        }
    }
    push(close, out);
}

/// Returns how many characters all words have in common, from one end.
fn common(words: &[&[u32]], at: impl Fn(&[u32], usize) -> Option<u32>) -> usize {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return 0 };
    let agree = |n| at(first, n).is_some_and(|c| words.iter().all(|word| at(word, n) == Some(c)));
    (0..first.len().min(last.len())).take_while(|&n| agree(n)).count()
}

/// CPython: `re/__init__.py`, `escape`
fn escape(text: &[u32], out: &mut Vec<u32>) {
    for &c in text {
        if char::from_u32(c).is_some_and(|c| "()[]{}?*+-|^$\\.&~# \t\n\r\x0b\x0c".contains(c)) {
            out.push(u32::from('\\'));
        }
        out.push(c);
    }
}
