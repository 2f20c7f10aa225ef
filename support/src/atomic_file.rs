//! Output files. A regular file is replaced atomically; anything else is opened and written to.
//!
//! - Symbolic links are followed: their target is replaced, and the link remains.
//! - A file that is replaced keeps its permissions, and its owner and group if this process may set
//!   them. A file without write permission is not replaced.
//! - Devices and FIFOs are opened and written to. So are the descriptors of this process
//!   (`/dev/stdout`, `/dev/fd/3`), even if they are regular files, since another program opened them
//!   and expects the output there.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// An output file. If it is a regular file, [`commit`](AtomicFile::commit) replaces it, and dropping
/// it before leaves the file unchanged.
#[derive(Debug)]
pub struct AtomicFile(Sink);

#[derive(Debug)]
enum Sink {
    /// The new contents in a temporary file beside the file to replace, and the old file's metadata.
    Replacement(NamedTempFile<File>, PathBuf, Option<Box<Metadata>>),
    /// A device, a FIFO or a descriptor.
    Through(File),
    Stdout,
    Stderr,
}

/// What a path refers to.
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

/// Writes a file, which replaces an existing one.
///
/// # Errors
/// If it cannot be written; then an existing regular file is unchanged.
pub fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut output = AtomicFile::open(file)?;
    output.write_all(bytes)?;
    output.commit()
}

/// Writes a new file, and creates its folder.
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

/// Returns the regular file that a path refers to, which need not exist; `None` if it refers to
/// something else.
///
/// # Errors
/// If the path cannot be resolved, or is a folder.
pub fn regular_file(path: &Path) -> io::Result<Option<PathBuf>> {
    Ok(match target(path)? {
        Target::File(file, _) => Some(file),
        _ => None,
    })
}

/// Checks that a file can be written, before long work. Changes nothing.
///
/// # Errors
/// Those that [`write()`] would return now.
pub fn check(file: &Path) -> io::Result<()> {
    match target(file)? {
        Target::File(..) => AtomicFile::open(file).map(drop),
        // Opening a FIFO would wait for a reader.
        _ => Ok(()),
    }
}

impl AtomicFile {
    /// Opens an output file. A FIFO waits for a reader.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn open(path: &Path) -> io::Result<AtomicFile> {
        Ok(AtomicFile(match target(path)? {
            Target::File(file, old) => {
                if old.is_some() {
                    // Renaming does not check the permissions of the old file.
                    OpenOptions::new().write(true).open(&file)?;
                }
                Sink::Replacement(beside(&file, old.is_some())?, file, old)
            }
            Target::Other(path) => Sink::Through(OpenOptions::new().write(true).open(path)?),
            // A regular file opened without `append` would be overwritten from its start.
            Target::Descriptor(path) => Sink::Through(OpenOptions::new().append(true).open(path)?),
            Target::Stdout => Sink::Stdout,
            Target::Stderr => Sink::Stderr,
        }))
    }

    /// Replaces the old file.
    ///
    /// # Errors
    /// If that is not possible; then the old file is unchanged.
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

/// Turns a broken pipe into an error of another kind: commands ignore a broken pipe, but only that of
/// standard output is harmless.
fn no_broken_pipe(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::BrokenPipe { io::Error::other(error.to_string()) } else { error }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Limit of symbolic links that are followed, as on Linux.
const LINKS: usize = 40;

/// Resolves symbolic links.
fn target(path: &Path) -> io::Result<Target> {
    let mut path = path.to_owned();
    for _ in 0..=LINKS {
        if let Some(target) = descriptor(&path) {
            return Ok(target);
        }
        // An error means that it is not a link, or does not exist.
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

/// Returns the descriptor of a process that a path refers to, if any. Descriptors look like links to
/// files, but these need not have a name.
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

/// Creates a temporary file in the folder of a file, where renaming is certain to work.
fn beside(file: &Path, private: bool) -> io::Result<NamedTempFile<File>> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // A new file has the permissions of the user's mask. A replacement must not be readable by
        // more users than the old file.
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
        // Only root may change the owner; members of a group may set the group.
        let _ = fchown(new, Some(old.uid()), Some(old.gid())).or_else(|_| fchown(new, None, Some(old.gid())));
    }
    // Changing the owner clears set-user-ID, so that the mode is set afterwards.
    new.set_permissions(old.permissions())
}

#[cfg(not(unix))]
fn keep_owner_and_mode(_new: &File, _old: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "atomic_file/tests.rs"]
mod tests;
