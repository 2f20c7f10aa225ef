//! Records what this build compares: a fingerprint of sre-compiler's source, and the interpreter
//! that is linked, with the files of its library.

use std::path::Path;
use std::{env, fs, io};

use sre_support::files_below;
use sre_support::fnv::fnv1a;

fn main() -> io::Result<()> {
    #[cfg(feature = "embedded")]
    {
        pyo3_build_config::use_pyo3_cfgs();
        pyo3_build_config::add_libpython_rpath_link_args();
        interpreter::describe()?;
    }
    let source = Path::new("../compiler/src");
    println!("cargo::rerun-if-changed={}", source.display());
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    // A packaged crate has no workspace around it.
    let hash = if source.is_dir() { format!("{:016x}", fingerprint(source)?) } else { "unknown".to_owned() };
    println!("cargo::rustc-env=SRE_COMPILER={version} {hash}");
    Ok(())
}

/// Returns a hash of file names and contents, which does not depend on where the source is.
fn fingerprint(source: &Path) -> io::Result<u64> {
    let mut bytes = Vec::new();
    for file in files_below(source)? {
        let name = file.strip_prefix(source).unwrap_or(&file);
        bytes.extend(name.to_string_lossy().replace('\\', "/").into_bytes());
        bytes.push(0);
        bytes.extend(fs::read(&file)?.into_iter().filter(|&byte| byte != b'\r'));
        bytes.push(0);
    }
    Ok(fnv1a(bytes))
}

#[cfg(feature = "embedded")]
mod interpreter {
    use std::fmt::Write as _;
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::{env, fs, io};

    use sre_support::fnv::fnv1a;

    /// The program that every interpreter runs. The embedded one loads its imports.
    const ORACLE: &str = "python/oracle.py";

    /// Prints texts that each end in NUL: `sys.version`, the home as PYTHONHOME would name it, the
    /// executable, and name and file of each module that was loaded from a file.
    const ASK: &str = r"
import os
home = sys.base_prefix
if sys.base_exec_prefix != home:
    home += os.pathsep + sys.base_exec_prefix
texts = [sys.version, home, sys.executable]
for name, module in sorted(sys.modules.items()):
    if getattr(module, '__file__', None):
        texts += [name, module.__file__]
sys.stdout.buffer.write(b''.join(os.fsencode(text) + b'\0' for text in texts))
";

    /// Writes `interpreter.rs`, which `src/embedded/library.rs` includes.
    pub(crate) fn describe() -> io::Result<()> {
        println!("cargo::rerun-if-changed={ORACLE}");
        let described = match pyo3_build_config::get().executable() {
            Some(executable) => ask(executable)?,
            None => Err("the build links a libpython but knows no executable of it".to_owned()),
        };
        let value = match described {
            Ok(interpreter) => format!("Some({interpreter})"),
            Err(why) => {
                println!("cargo::warning=the embedded interpreter will not start: {why}");
                "None".to_owned()
            }
        };
        let folder = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
        fs::write(Path::new(&folder).join("interpreter.rs"), value)
    }

    /// Returns the interpreter as a Rust expression, or the reason why there is none.
    fn ask(executable: &str) -> io::Result<Result<String, String>> {
        println!("cargo::rerun-if-changed={executable}");
        let program = format!("__name__ = 'oracle'\n{}\n{ASK}", fs::read_to_string(ORACLE)?);
        // Isolated, as the embedded one is.
        let mut python = Command::new(executable);
        python.env_remove("PYTHONEXECUTABLE").env_remove("__PYVENV_LAUNCHER__");
        let output = python.args(["-I", "-S", "-c", &program]).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Ok(Err(format!("{executable} ended with {}", output.status)));
        }
        let Ok(printed) = String::from_utf8(output.stdout) else {
            return Ok(Err(format!("{executable}: a path is not UTF-8")));
        };
        let mut texts = printed.split_terminator('\0');
        let (Some(version), Some(home), Some(executable)) = (texts.next(), texts.next(), texts.next()) else {
            return Ok(Err(format!("{executable} printed {printed:?}")));
        };
        let mut files = String::new();
        while let (Some(module), Some(file)) = (texts.next(), texts.next()) {
            println!("cargo::rerun-if-changed={file}");
            let hash = fnv1a(fs::read(file)?);
            let _ = write!(files, "\n    File {{ module: {module:?}, path: {file:?}, hash: {hash:#x} }},");
        }
        Ok(Ok(format!(
            "Interpreter {{ version: {version:?}, home: {home:?}, executable: {executable:?}, files: &[{files}\n] }}"
        )))
    }
}
