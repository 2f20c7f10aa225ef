//! Reducing a recording to one line for each case.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use sre_case::wire;
use sre_support::atomic_file::AtomicFile;

/// What the file holds after the reduction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Written {
    /// Number of distinct cases.
    pub cases: usize,
    /// Number of lines that are not a case, such as one truncated by a full disk.
    pub broken: usize,
    /// Whether the file is as it was before, or does not exist: nothing was recorded.
    pub untouched: bool,
}

/// Copies the first line of each case, and skips lines that are not a case. The file is replaced in
/// one step. With `keep_old`, an empty recording does not replace or create it.
pub(super) fn settle(part: &Path, file: &Path, keep_old: bool) -> io::Result<Written> {
    let part = File::open(part)?;
    if keep_old && part.metadata()?.len() == 0 && (file.is_file() || !file.exists()) {
        return Ok(Written { untouched: true, ..Written::default() });
    }
    let mut output = BufWriter::new(AtomicFile::open(file)?);
    let written = copy(&mut BufReader::new(part), &mut output)?;
    output.into_inner().map_err(io::IntoInnerError::into_error)?.commit()?;
    Ok(written)
}

fn copy(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<Written> {
    let mut written = Written::default();
    let mut seen = HashSet::new();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        match wire::parse_request(&line) {
            // Without a newline the line may be truncated.
            Ok(request) if line.ends_with(b"\n") => {
                if seen.insert(request.case) {
                    output.write_all(&line)?;
                }
            }
            // The recorder ends a truncated line with an extra newline.
            _ if line == b"\n" => {}
            _ => written.broken += 1,
        }
        line.clear();
    }
    output.flush()?;
    written.cases = seen.len();
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_is_copied_once_and_truncated_lines_are_skipped() {
        let a = r#"{"kind": "str", "pattern": "a", "flags": 0, "source": "x.py:1"}"#;
        let b = r#"{"kind": "bytes", "pattern": "a", "flags": 0}"#;
        let again = r#"{"kind": "str", "pattern": "a", "flags": 0, "source": "y.py:7"}"#;
        let input = format!("{a}\n{b}\n{{\"kind\": \"st\n\n{again}\n{}", &a[..20]);
        let mut output = Vec::new();
        let written = copy(&mut input.as_bytes(), &mut output).unwrap();
        assert_eq!(String::from_utf8(output).unwrap(), format!("{a}\n{b}\n"));
        assert_eq!(written, Written { cases: 2, broken: 2, untouched: false });
    }

    /// Takes some bytes, few at a time, and then no more.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.0).min(7);
            self.0 -= taken;
            if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_disk_that_is_full_after_any_byte_is_an_error() {
        let lines: String =
            (0..3).map(|n| format!("{{\"kind\": \"str\", \"pattern\": \"{n}\", \"flags\": 0}}\n")).collect();
        for buffered in [16, 8192] {
            for space in 0..lines.len() {
                let mut output = BufWriter::with_capacity(buffered, Full(space));
                let error = copy(&mut lines.as_bytes(), &mut output).unwrap_err();
                assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{space}");
            }
            let mut output = BufWriter::with_capacity(buffered, Full(lines.len()));
            assert_eq!(copy(&mut lines.as_bytes(), &mut output).unwrap().cases, 3);
        }
    }
}
