//! The exit status of the command.

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

/// Returns whether the error is that the reader of the output stopped reading, which is not a
/// failure.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
