//! From a file's bytes to its text, as Python reads it.

use super::Unreadable;

/// Decodes by PEP 263, with every line end as a newline.
pub(super) fn decode(file: &[u8]) -> Result<String, Unreadable> {
    let (file, marked) = match file.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (file, false),
    };
    if file.contains(&0) {
        return Err(Unreadable::Binary);
    }
    let name = declared(file);
    let text = match name.as_deref().map(encoding) {
        None | Some(Some(Encoding::Utf8)) => utf8(file)?,
        // A mark of UTF-8 contradicts any other declaration.
        Some(_) if marked => return Err(Unreadable::Undecodable),
        Some(Some(Encoding::Latin1)) => file.iter().map(|&byte| char::from(byte)).collect(),
        Some(Some(Encoding::Ascii)) if file.is_ascii() => utf8(file)?,
        Some(Some(Encoding::Ascii)) => return Err(Unreadable::Undecodable),
        Some(None) => return Err(Unreadable::Encoding(name.unwrap_or_default())),
    };
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

enum Encoding {
    Utf8,
    Latin1,
    Ascii,
}

fn utf8(file: &[u8]) -> Result<String, Unreadable> {
    String::from_utf8(file.to_vec()).map_err(|_| Unreadable::Undecodable)
}

fn encoding(name: &str) -> Option<Encoding> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    // As CPython's tokenizer has it: what follows a hyphen does not matter for these.
    let is =
        |known: &str| name == known || name.strip_prefix(known).is_some_and(|rest| rest.starts_with('-'));
    if is("utf-8") || name == "utf8" {
        Some(Encoding::Utf8)
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") || name == "latin1" {
        Some(Encoding::Latin1)
    } else if name == "ascii" || name == "us-ascii" {
        Some(Encoding::Ascii)
    } else {
        None
    }
}

/// The name in a comment such as `# -*- coding: latin-1 -*-` on one of the first two lines.
fn declared(file: &[u8]) -> Option<String> {
    let mut lines = file.split(|&byte| byte == b'\n' || byte == b'\r').filter({
        // A CR and LF make one line; an empty one between them would count.
        let mut n = 0;
        move |line| {
            n += 1;
            n == 1 || !line.is_empty()
        }
    });
    for _ in 0..2 {
        let line = lines.next()?;
        let comment = line.trim_ascii_start();
        if let Some(name) = comment.strip_prefix(b"#").and_then(cookie) {
            return Some(name);
        }
        // The second line counts if the first one holds nothing.
        if !(comment.is_empty() || comment.starts_with(b"#")) {
            return None;
        }
    }
    None
}

/// CPython: `coding[:=][ \t]*([-\w.]+)`
fn cookie(comment: &[u8]) -> Option<String> {
    let key = b"coding";
    let starts = comment.windows(key.len()).enumerate().filter(|(_, window)| window == key);
    starts.map(|(at, _)| &comment[at + key.len()..]).find_map(|rest| {
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let name = rest.trim_ascii_start();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let length = name.iter().take_while(|byte| is_name(byte)).count();
        (length > 0).then(|| String::from_utf8_lossy(&name[..length]).into_owned())
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
        assert_eq!(decode(b"x\n# coding: latin-1\n\xe9"), Err(Unreadable::Undecodable));
        assert_eq!(decode(b"# coding: koi8-r\n"), Err(Unreadable::Encoding("koi8-r".into())));
        assert_eq!(decode(b"a\0"), Err(Unreadable::Binary));
    }
}
