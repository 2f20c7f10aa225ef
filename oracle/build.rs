//! Tells which compiler it is that is compared, and lets the command and the tests find the interpreter that is linked.

#[path = "src/hash.rs"]
mod hash;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    #[cfg(feature = "embedded")]
    pyo3_build_config::add_libpython_rpath_link_args();
    let source = Path::new("../compiler/src");
    println!("cargo::rerun-if-changed={}", source.display());
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo::rustc-env=SRE_COMPILER={version} {:016x}", fingerprint(source)?);
    Ok(())
}

/// A hash of names and contents, the same wherever the source was checked out.
fn fingerprint(source: &Path) -> io::Result<u64> {
    let mut files = Vec::new();
    collect(source, &mut files)?;
    files.sort();
    let mut bytes = Vec::new();
    for file in files {
        let name = file.strip_prefix(source).unwrap_or(&file);
        bytes.extend(name.to_string_lossy().replace('\\', "/").into_bytes());
        bytes.push(0);
        bytes.extend(fs::read(&file)?.into_iter().filter(|&byte| byte != b'\r'));
        bytes.push(0);
    }
    Ok(hash::fnv1a(bytes))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
