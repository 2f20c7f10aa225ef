//! Retained memory: the fuzz targets count live bytes with the oracle's allocator; `alloc_trace.rs` installs it.

pub use sre_memory::{growth, live};

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn the_targets_count() {
        assert_eq!(growth(|| std::mem::forget(std::hint::black_box(Box::new(1u64)))), 8);
    }
}
