//! Decodes a file as Python does.

use super::{Unreadable, encodings};

/// Decodes a file by PEP 263, with every line end as a newline.
pub(super) fn decode(file: &[u8]) -> Result<String, Unreadable> {
    let (file, marked) = match file.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (file, false),
    };
    if file.contains(&0) {
        return Err(Unreadable::Binary);
    }
    let name = declared(file).map(|name| normal_name(&name));
    let text = match name.as_deref() {
        None | Some("utf-8") => encodings::utf8(file)?,
        // CPython compares names, so `utf8` contradicts the mark as well.
        Some(name) if marked => return Err(Unreadable::Marked(name.to_owned())),
        Some(name) => encodings::decode(name, file)?,
    };
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

/// Returns the name that CPython uses for some common encodings. It reads the first twelve
/// characters only, and ignores what follows a hyphen.
///
/// CPython: Parser/tokenizer.c, get_normal_name
fn normal_name(name: &str) -> String {
    let start: String = name.chars().take(12).collect::<String>().to_ascii_lowercase().replace('_', "-");
    let is =
        |known: &str| start.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    if is("utf-8") {
        "utf-8".to_owned()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".to_owned()
    } else {
        name.to_owned()
    }
}

/// Returns the encoding that a comment such as `# -*- coding: latin-1 -*-` in one of the first two
/// lines declares.
///
/// CPython: Parser/tokenizer.c, check_coding_spec
fn declared(file: &[u8]) -> Option<String> {
    let mut rest = file;
    for _ in 0..2 {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let start = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0C'));
        match start.map(|start| &line[start..]) {
            Some(comment @ [b'#', ..]) => {
                if let Some(name) = cookie(comment) {
                    return Some(name);
                }
            }
            None => {}
            // The second line counts only if the first one has nothing but a comment.
            Some(_) => return None,
        }
        rest = after.strip_prefix(b"\r\n").unwrap_or(after.get(1..).unwrap_or_default());
    }
    None
}

/// CPython: `coding[:=][ \t]*([-\w.]+)`
fn cookie(comment: &[u8]) -> Option<String> {
    let key = b"coding";
    let starts = comment.windows(key.len()).enumerate().filter(|(_, window)| window == key);
    starts.map(|(at, _)| &comment[at + key.len()..]).find_map(|rest| {
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let start = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let length = rest[start..].iter().take_while(|byte| is_name(byte)).count();
        (length > 0).then(|| String::from_utf8_lossy(&rest[start..start + length]).into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_decoded_as_they_say() {
        assert_eq!(decode(b"a\r\nb\rc\n").unwrap(), "a\nb\nc\n");
        assert_eq!(decode(b"# coding: latin-1\n'\xe9'").unwrap(), "# coding: latin-1\n'\u{e9}'");
        assert_eq!(
            decode(b"#!x\r\n# vim: set fileencoding=iso-8859-1 :\r\n\xe9").unwrap().chars().last(),
            Some('é')
        );
        assert_eq!(decode("\u{feff}é".as_bytes()).unwrap(), "é");
        assert_eq!(decode(b"x\n# coding: latin-1\n\xe9"), Err(Unreadable::NotUtf8(20)));
        assert_eq!(decode(b"# coding: koi8-r\n\xc1").unwrap().chars().last(), Some('а'));
        assert_eq!(decode(b"# coding: nonsense\n"), Err(Unreadable::Encoding("nonsense".into())));
        assert_eq!(decode(b"a\0"), Err(Unreadable::Binary));
    }

    #[test]
    fn only_the_first_two_lines_declare() {
        for file in [
            "\n\n# coding: koi8-r\n",
            "#\r\n\r\n# coding: koi8-r",
            "\r\r# coding: koi8-r",
            "x\n# coding: koi8-r",
        ] {
            assert_eq!(declared(file.as_bytes()), None, "{file:?}");
        }
        for file in
            ["# coding: koi8-r", "\x0C # coding=koi8-r", "\r\n#coding:koi8-r", "\r# coding:\tkoi8-r\r"]
        {
            assert_eq!(declared(file.as_bytes()).as_deref(), Some("koi8-r"), "{file:?}");
        }
    }
}
