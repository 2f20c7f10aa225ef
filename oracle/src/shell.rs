//! Quoting that `sh`, `bash`, `zsh` and `fish` read alike.

/// Quotes a word for a shell, unless it has only plain characters.
///
/// Within single quotes, a backslash stands for itself in `sh`, but in `fish` it escapes a backslash
/// or a quote that follows. Such backslashes are put into double quotes, where all shells read two
/// as one.
pub fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,=".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) && !word.starts_with('=') {
        return word.to_owned();
    }
    let mut quoted = "'".to_owned();
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let after = rest.trim_start_matches('\\');
        let backslashes = rest.len() - after.len();
        if backslashes == 0 {
            rest = &rest[c.len_utf8()..];
            match c {
                '\'' => quoted.push_str(r"'\''"),
                c => quoted.push(c),
            }
            continue;
        }
        rest = after;
        if backslashes == 1 && !after.is_empty() && !after.starts_with('\'') {
            quoted.push('\\');
        } else {
            quoted.push_str(&format!("'\"{}\"'", r"\\".repeat(backslashes)));
        }
    }
    quoted.push('\'');
    quoted
}

/// Returns the command that writes bytes to standard output.
pub(crate) fn printf(bytes: &[u8]) -> String {
    let mut command = "printf '".to_owned();
    for &byte in bytes {
        match byte {
            b'\n' => command.push_str("\\n"),
            b'%' => command.push_str("%%"),
            b'\\' | b'\'' | 0..b' ' | 127.. => command.push_str(&format!("\\{byte:03o}")),
            _ => command.push(char::from(byte)),
        }
    }
    command.push('\'');
    command
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use sre_compiler::Flags;

    use super::*;
    use sre_case::{Case, Text};

    /// Returns the shells that are installed; `sh` always is.
    fn shells() -> Vec<&'static str> {
        let runs = |shell: &&str| Command::new(shell).args(["-c", "exit 0"]).status().is_ok();
        ["sh", "bash", "dash", "zsh", "fish"].into_iter().filter(runs).collect()
    }

    const WORDS: [&str; 16] = [
        "",
        "a",
        "-",
        "=a",
        "~",
        "a b",
        "it's",
        r"\d",
        r"\\",
        r"\\\\\'",
        r"a\",
        r"'\'",
        "$(x) `y` ${z}",
        "!! *?[a]",
        "\"\\\"",
        "é\u{200b}𐐀 #%",
    ];

    #[cfg(unix)]
    #[test]
    fn every_shell_reads_a_quoted_word_unchanged() {
        for shell in shells() {
            for word in WORDS {
                let command = format!("printf '%s' {}", quote(word));
                let output = Command::new(shell).args(["-c", &command]).output().unwrap();
                assert_eq!(String::from_utf8_lossy(&output.stdout), word, "{shell}: {command}");
            }
        }
        assert_eq!(quote("/a/python3.13"), "/a/python3.13");
        assert_eq!(quote(r"it's \d"), r"'it'\''s \d'");
    }

    #[cfg(unix)]
    #[test]
    fn printf_writes_every_byte() {
        let bytes: Vec<u8> = (0..=255).collect();
        let all = Case { text: Text::Bytes(bytes), flags: Flags::IGNORECASE };
        for shell in shells() {
            for case in WORDS.map(|word| Case::str(word, Flags::empty())).iter().chain([&all]) {
                // In fish, an octal escape is a character, not a byte.
                if shell == "fish" && !case.encode().is_ascii() {
                    continue;
                }
                let output = Command::new(shell).args(["-c", &printf(&case.encode())]).output().unwrap();
                assert_eq!(output.stdout, case.encode(), "{shell}: {case:?}");
            }
        }
    }
}
