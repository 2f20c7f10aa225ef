//! Why parsing stops early.

use crate::diagnostics::{ErrorKind, RawError};
use crate::memory::Abort;

/// Why parsing stops early. Nearly every function may return one, so it is a single byte; the error
/// itself is in [`FirstError`].
#[derive(Clone, Copy, Debug)]
pub(super) enum ParseStop {
    /// The pattern is invalid.
    Error(Stored),
    /// The code emitted so far has the wrong flags. The pattern has to be parsed again.
    Restart,
    /// A limit was exceeded, or memory ran out.
    Abort(Abort),
}

const _: () = assert!(size_of::<ParseStop>() == 1);

/// Proves that an error was stored: only [`FirstError::store`] makes one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored(());

/// The error that stopped a parser.
#[derive(Debug)]
pub(super) struct FirstError(RawError);

impl FirstError {
    /// There is no error yet. What the field holds until then is never read.
    pub(super) const NONE: FirstError = FirstError(RawError::new(ErrorKind::UnexpectedEnd));

    #[cold]
    pub(super) fn store(&mut self, error: RawError) -> ParseStop {
        self.0 = error;
        ParseStop::Error(Stored(()))
    }

    pub(super) fn get(&self, _: Stored) -> RawError {
        self.0
    }
}

impl From<Abort> for ParseStop {
    #[inline(always)]
    fn from(abort: Abort) -> ParseStop {
        ParseStop::Abort(abort)
    }
}
