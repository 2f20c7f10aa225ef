//! Repairs rejected patterns with minimal changes, guided by the error's kind and position.

use sre_case::{Case, Text};
use sre_compiler::{Compiler, Error, ErrorKind, Flags};

use super::pieces::{is, starts_with_at};

/// Limit of repaired errors per pattern.
const MOST: usize = 16;

/// Repairs the errors of a case one after the other until the compiler accepts it: open constructs
/// are closed, unmatched ones dropped, missing groups added, and variable-width look-behinds become
/// look-aheads.
///
/// Returns the repaired case, and whether it is accepted.
pub fn repaired(case: Case, compiler: &mut Compiler) -> (Case, bool) {
    let is_bytes = case.is_bytes();
    let mut case = case;
    for _ in 0..MOST {
        let Err(error) = compiler.compile(case.pattern(), case.flags) else { return (case, true) };
        let mut text: Vec<u32> = case.pattern().chars().collect();
        let flags = match error.kind() {
            ErrorKind::LocaleWithStr
            | ErrorKind::UnicodeWithBytes
            | ErrorKind::AsciiWithUnicode
            | ErrorKind::AsciiWithLocale => {
                [Flags::ASCII, Flags::LOCALE, Flags::UNICODE].into_iter().fold(case.flags, Flags::without)
            }
            _ => {
                fix_one(&mut text, &error);
                case.flags
            }
        };
        let text = match is_bytes {
            true => Text::Bytes(text.iter().map(|&c| c as u8).collect()),
            false => Text::Str(text),
        };
        case = Case { text, flags };
    }
    let is_accepted = compiler.compile(case.pattern(), case.flags).is_ok();
    (case, is_accepted)
}

/// Repairs one error, or at least removes the character at its position.
fn fix_one(text: &mut Vec<u32>, error: &Error) {
    use ErrorKind::*;
    let at = error.pos().unwrap_or(text.len()).min(text.len());
    let last_before =
        |text: &[u32], word: &str| (0..=at).rev().find(|&place| starts_with_at(text, place, word));
    match error.kind() {
        UnterminatedSubpattern | UnterminatedComment => text.push(u32::from(')')),
        UnterminatedSet => text.push(u32::from(']')),
        BadEscape
        | IncompleteEscape
        | OctalEscapeTooLarge
        | EscapeBeyondInt
        | NamedSequence { .. }
        | MissingBraceOfName
        | MissingCharacterName
        | UndefinedCharacterName => {
            if let Some(backslash) = last_before(text, "\\") {
                text.remove(backslash);
            }
        }
        // Either add a group or remove the reference: a high number would need many groups.
        InvalidGroupReference if text.len().is_multiple_of(2) => {
            drop(text.splice(0..0, "()".chars().map(u32::from)))
        }
        InvalidGroupReference | OpenGroup | LookbehindGroup if at > 0 && is(text, at - 1, '\\') => {
            text.remove(at - 1);
        }
        UnknownGroupName => {
            let name: Vec<u32> = text[at..].iter().copied().take_while(|&c| c != u32::from(')')).collect();
            let opening = "(?P<".chars().map(u32::from).chain(name).chain(">)".chars().map(u32::from));
            text.splice(0..0, opening.collect::<Vec<u32>>());
        }
        RedefinedGroupName { .. } => text.insert(at, u32::from('n')),
        GlobalFlagsNotFirst => {
            if let Some(end) = (at..text.len()).find(|&place| is(text, place, ')')) {
                text.insert(end, u32::from(':'));
            }
        }
        BadGroupName
        | MissingGroupName
        | UnterminatedName { .. }
        | BadGroupNumber
        | InvalidGroupReference
        | OpenGroup
        | LookbehindGroup
        | UnknownFlag
        | MissingFlag
        | MissingFlagsEnd
        | MissingColon
        | GlobalFlagTurnedOn
        | GlobalFlagTurnedOff
        | FlagTurnedOnAndOff
        | TypeFlagTurnedOff
        | TypeFlagsIncompatible
        | LocaleFlagInStr
        | UnicodeFlagInBytes => {
            // Remove what makes the parenthesis special.
            match last_before(text, "(?") {
                Some(opening) => drop(text.drain(opening + 1..(at + 1).min(text.len()))),
                None => drop_at(text, at),
            }
        }
        BadRange if is(text, at + 1, '-') && at + 2 < text.len() => text.swap(at, at + 2),
        BadRange => match (at..text.len()).find(|&place| is(text, place, '-')) {
            Some(dash) => text.insert(dash, u32::from('\\')),
            None => drop_at(text, at),
        },
        MinGreaterThanMax => match last_before(text, "{") {
            Some(brace) => text.insert(brace, u32::from('\\')),
            None => drop_at(text, at),
        },
        RepeatTooLarge | LookbehindTooLong | IntegerTooLong { .. } => {
            // The longest number is most likely the cause.
            let is_digit = |c: u32| (0x30..0x3a).contains(&c);
            let run = |place: usize| text[place..].iter().take_while(|&&c| is_digit(c)).count();
            let longest = (0..text.len()).max_by_key(|&place| run(place)).unwrap_or(at);
            let end = longest + run(longest);
            text.drain(longest..end.saturating_sub(1).max(longest));
        }
        VariableLookbehind => match (0..text.len()).rev().find(|&place| starts_with_at(text, place, "(?<")) {
            Some(opening) if !starts_with_at(text, opening, "(?P") => drop(text.remove(opening + 2)),
            _ => drop_at(text, at),
        },
        _ => drop_at(text, at),
    }
}

/// Removes the character at a position, or the last one at the end.
fn drop_at(text: &mut Vec<u32>, at: usize) {
    if at < text.len() {
        text.remove(at);
    } else {
        text.pop();
    }
}
