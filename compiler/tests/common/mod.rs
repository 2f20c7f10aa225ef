//! What the tests of memory share: an allocator that counts and fails on demand, and the patterns of the corpus.

#![allow(dead_code)] // each test program uses a part of it

pub mod allocator;
pub mod cases;
