//! The one wire format: requests and replies as JSON Lines, on the command line, between processes, and in the
//! corpus. What is written here is what Python's `json.dumps` writes, byte for byte.

mod reply;
mod request;
mod write;

pub use reply::{BadReply, Hello, parse_hello, parse_outcome};
pub use request::{BadRequest, Request, parse_request, write_request};

pub(crate) use write::write_str;
pub use write::{write_invalid, write_outcome};

#[cfg(test)]
mod tests;
