//! Output files: a regular file is replaced whole or not at all, anything else is written to.
//!
//! - Symbolic links are followed: what they lead to is replaced, and they stay.
//! - A file that is replaced keeps its permissions, and its owner and group where this process may set them. One that may
//!   not be written is not replaced either.
//! - Devices and FIFOs are opened and written to. So are the descriptors of this process (`/dev/stdout`, `/dev/fd/3`),
//!   even if a regular file is behind them: whoever opened them expects the bytes there.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// An output that becomes visible as a whole with [`commit`](AtomicFile::commit), if it is a
/// regular file.
///
/// Dropped before that, it leaves a regular file as it was.
#[derive(Debug)]
pub struct AtomicFile(Sink);

#[derive(Debug)]
enum Sink {
    /// The new content, beside the file that it is to replace, and what that was.
    Replacement(NamedTempFile<File>, PathBuf, Option<Box<Metadata>>),
    /// A device, a FIFO or a descriptor.
    Through(File),
    Stdout,
    Stderr,
}

/// What a path leads to.
#[derive(Debug)]
enum Target {
    /// A regular file, or none yet.
    File(PathBuf, Option<Box<Metadata>>),
    /// A device or a FIFO.
    Other(PathBuf),
    /// A descriptor of a process.
    Descriptor(PathBuf),
    Stdout,
    Stderr,
}

/// Writes a file, in the place of an old one if there is one.
///
/// # Errors
/// If it cannot be written; then an old one is as it was, if it is a regular file.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut output = AtomicFile::open(file)?;
    output.write_all(bytes)?;
    output.commit()
}

/// Writes a file that must not exist yet, and creates its folder.
///
/// # Errors
/// If it exists, or cannot be written.
pub fn create(file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder_of(file))?;
    let mut new = beside(file, false)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist_noclobber(file)?;
    Ok(())
}

/// Returns the regular file that a path leads to, which need not exist; none if it leads to
/// something else.
///
/// # Errors
/// If the path leads nowhere, or to a folder.
pub fn regular_file(path: &Path) -> io::Result<Option<PathBuf>> {
    Ok(match target(path)? {
        Target::File(file, _) => Some(file),
        _ => None,
    })
}

/// Tests that a file can be written, before work that takes long. What exists is not touched.
///
/// # Errors
/// As [`write()`] would give them now.
pub fn check(file: &Path) -> io::Result<()> {
    match target(file)? {
        Target::File(..) => AtomicFile::open(file).map(drop),
        // To open a FIFO would wait for its reader.
        _ => Ok(()),
    }
}

impl AtomicFile {
    /// Opens an output. For a FIFO this waits until there is a reader.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn open(path: &Path) -> io::Result<AtomicFile> {
        Ok(AtomicFile(match target(path)? {
            Target::File(file, old) => {
                if old.is_some() {
                    // Renaming needs no permission of the old file, but replacing its content does.
                    OpenOptions::new().write(true).open(&file)?;
                }
                Sink::Replacement(beside(&file, old.is_some())?, file, old)
            }
            Target::Other(path) => Sink::Through(OpenOptions::new().write(true).open(path)?),
            // Opened anew, a regular file would be written from its start.
            Target::Descriptor(path) => Sink::Through(OpenOptions::new().append(true).open(path)?),
            Target::Stdout => Sink::Stdout,
            Target::Stderr => Sink::Stderr,
        }))
    }

    /// Puts the file into its place.
    ///
    /// # Errors
    /// If that is not possible; then an old one is as it was.
    pub fn commit(mut self) -> io::Result<()> {
        self.flush()?;
        if let Sink::Replacement(new, file, old) = self.0 {
            if let Some(old) = old {
                keep_owner_and_mode(new.as_file(), &old)?;
            }
            new.as_file().sync_all()?;
            new.persist(file)?;
        }
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Sink::Replacement(new, ..) => new.write(bytes),
            Sink::Through(file) => file.write(bytes).map_err(no_broken_pipe),
            Sink::Stdout => io::stdout().write(bytes),
            Sink::Stderr => io::stderr().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Sink::Replacement(new, ..) => new.flush(),
            Sink::Through(file) => file.flush(),
            Sink::Stdout => io::stdout().flush(),
            Sink::Stderr => io::stderr().flush(),
        }
    }
}

/// That the reader of standard output is gone is no error for a command; that the reader of a FIFO
/// is, is one.
fn no_broken_pipe(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::BrokenPipe { io::Error::other(error.to_string()) } else { error }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// As many symbolic links are followed as Linux follows.
const LINKS: usize = 40;

/// Follows links to what is to be written.
fn target(path: &Path) -> io::Result<Target> {
    let mut path = path.to_owned();
    for _ in 0..=LINKS {
        if let Some(target) = descriptor(&path) {
            return Ok(target);
        }
        // An error means that it is no link, or does not exist.
        if let Ok(next) = fs::read_link(&path) {
            path = folder_of(&path).join(next);
            continue;
        }
        return match fs::metadata(&path) {
            Ok(old) if old.is_file() => Ok(Target::File(path, Some(Box::new(old)))),
            Ok(old) if old.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => Ok(Target::Other(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Target::File(path, None)),
            Err(error) => Err(error),
        };
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// Returns the descriptor of a process that a path names, if it names one. They look like links to
/// files, but need not have a name.
#[cfg(unix)]
fn descriptor(path: &Path) -> Option<Target> {
    let number = path.file_name()?.to_str()?;
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let folder = fs::canonicalize(folder_of(path)).ok()?;
    if folder != Path::new("/dev/fd") && !(folder.starts_with("/proc") && folder.ends_with("fd")) {
        return None;
    }
    let is_own = fs::canonicalize("/dev/fd").is_ok_and(|own| own == folder);
    Some(match number {
        "1" if is_own => Target::Stdout,
        "2" if is_own => Target::Stderr,
        _ => Target::Descriptor(path.to_owned()),
    })
}

#[cfg(not(unix))]
fn descriptor(_path: &Path) -> Option<Target> {
    None
}

/// Creates a temporary file beside a file: only there can it be renamed into its place.
fn beside(file: &Path, private: bool) -> io::Result<NamedTempFile<File>> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // A new file gets what the user's mask allows. What replaces one must not be readable by
        // more than that was.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(if private { 0o600 } else { 0o666 }));
    }
    #[cfg(not(unix))]
    let _ = private;
    builder.prefix(".sre-").tempfile_in(folder_of(file))
}

#[cfg(unix)]
fn keep_owner_and_mode(new: &File, old: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = new.metadata()?;
    if (own.uid(), own.gid()) != (old.uid(), old.gid()) {
        // Only root may give files away; a group can be kept by its members.
        let _ = fchown(new, Some(old.uid()), Some(old.gid())).or_else(|_| fchown(new, None, Some(old.gid())));
    }
    // After the owner, whose change clears set-user-ID.
    new.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn keep_owner_and_mode(_new: &File, _old: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "atomic_file/tests.rs"]
mod tests;
