//! What the command ends with.

use std::io;
use std::process::ExitCode;

/// The exit status.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Same,
    OnlyKnown,
    Divergence,
    Usage,
    Internal,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Same => 0,
            Status::Usage => 1,
            Status::Divergence => 2,
            Status::OnlyKnown => 3,
            Status::Internal => 70,
        })
    }
}

/// Did whoever read our output stop reading? That ends the command, and is no error.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
