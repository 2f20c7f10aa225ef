//! Retained memory: the fuzz targets count live bytes with the oracle's allocator.

use sre_oracle::memory::Counting;
pub use sre_oracle::memory::{growth, live};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn the_targets_count() {
        assert_eq!(growth(|| std::mem::forget(std::hint::black_box(Box::new(1u64)))), 8);
    }
}
