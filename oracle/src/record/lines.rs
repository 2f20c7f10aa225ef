//! What is kept of a recording.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use crate::wire;

/// What is left in the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Kept {
    /// How many cases, each once.
    pub cases: usize,
    /// How many lines were no case, such as one that was cut off by a full disk.
    pub broken: usize,
}

/// Copies each case once, where it was first seen, and no line that is none. The file is there at once, or not at all.
pub(super) fn settle(part: &Path, file: &Path) -> io::Result<Kept> {
    let folder = part.parent().unwrap_or(Path::new("."));
    let mut settled = tempfile::Builder::new().prefix(".sre-record-").tempfile_in(folder)?;
    // What a temporary file is not allowed, the recording was.
    settled.as_file().set_permissions(part.metadata()?.permissions())?;
    let mut input = BufReader::new(File::open(part)?);
    let kept = copy(&mut input, &mut BufWriter::new(&mut settled))?;
    settled.persist(file)?;
    Ok(kept)
}

fn copy(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<Kept> {
    let mut kept = Kept::default();
    let mut seen = HashSet::new();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        match wire::parse_request(&line) {
            // Without its end it may be the start of a longer one.
            Ok(request) if line.ends_with(b"\n") => {
                if seen.insert(request.case) {
                    output.write_all(&line)?;
                }
            }
            _ => kept.broken += 1,
        }
        line.clear();
    }
    output.flush()?;
    kept.cases = seen.len();
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_is_kept_once_and_a_torn_line_not_at_all() {
        let a = r#"{"kind": "str", "pattern": "a", "flags": 0, "source": "x.py:1"}"#;
        let b = r#"{"kind": "bytes", "pattern": "a", "flags": 0}"#;
        let again = r#"{"kind": "str", "pattern": "a", "flags": 0, "source": "y.py:7"}"#;
        let input = format!("{a}\n{b}\n{{\"kind\": \"st\n{again}\n{}", &a[..20]);
        let mut output = Vec::new();
        let kept = copy(&mut input.as_bytes(), &mut output).unwrap();
        assert_eq!(String::from_utf8(output).unwrap(), format!("{a}\n{b}\n"));
        assert_eq!(kept, Kept { cases: 2, broken: 2 });
    }
}
