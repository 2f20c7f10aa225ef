//! The one wire format: requests and replies as JSON Lines, on the command line, between processes,
//! and in the corpus. What is written here is what Python's `json.dumps` writes, byte for byte.
//!
//! A process is asked for many cases by one line, an array of short arrays, and answers with one
//! object, which says what that cost, too. There the words follow as they are in memory: lists of
//! numbers take Python long to write.

mod reply;
mod request;
mod write;

pub use reply::{BadReply, InterpreterInfo, parse_info, parse_outcome};
pub use request::{BadRequest, Request, parse_request, without_mark, write_request};

pub use reply::parse_batch;
pub use request::{json_error, write_batch};
pub use write::write_str;
pub use write::{write_invalid, write_outcome};

#[cfg(test)]
mod tests;
