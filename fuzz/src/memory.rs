//! Retained memory: the fuzz targets count live bytes in their allocator.

pub use sre_support::allocator::{growth, live, retained};

#[global_allocator]
static ALLOCATOR: sre_support::allocator::TrackingAllocator = sre_support::allocator::TrackingAllocator;

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn the_allocator_of_the_targets_counts_bytes() {
        assert_eq!(growth(|| std::mem::forget(std::hint::black_box(Box::new(1u64)))), 8);
    }
}
