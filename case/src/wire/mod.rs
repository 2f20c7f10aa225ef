//! Requests and replies as JSON Lines: on the command line, between processes, and in the corpus.
//! The output is byte for byte that of Python's `json.dumps`.
//!
//! A child process receives many cases in one line, an array of arrays. It replies with one object,
//! which includes the processor time, followed by the words of all code as they are in memory, since
//! Python writes lists of numbers slowly.

mod reply;
mod request;
mod write;

pub use reply::{BadReply, InterpreterInfo, parse_info, parse_outcome};
pub use request::{BadRequest, Request, parse_request, without_mark, write_request};

pub use reply::{Batch, Reads, parse_batch};
pub use request::{json_error, write_batch};
pub use write::write_str;
pub use write::{write_invalid, write_outcome};

#[cfg(test)]
mod tests;
