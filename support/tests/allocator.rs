//! Counting, tracing and failing, in a program that installs the allocator.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::hint::black_box;

use sre_support::allocator::{
    Failing, Mark, TrackingAllocator, Used, failing, growth, live, measure, retained,
};

#[global_allocator]
static ALLOCATOR: TrackingAllocator = TrackingAllocator;

#[test]
fn growth_is_exact_to_the_byte() {
    let mut block = Vec::new();
    assert_eq!(growth(|| vec![1u8; 1000]), 0);
    assert_eq!(growth(|| block = vec![0u8; 24]), 24);
    assert_eq!(growth(|| block.reserve_exact(100)), 100);
    assert_eq!(growth(|| drop(std::mem::take(&mut block))), -124);
    assert_eq!(growth(|| std::mem::forget(black_box(Box::new(1u64)))), 8);
}

#[test]
fn the_peak_includes_blocks_that_were_freed() {
    let mark = Mark::now();
    let (block, used) = measure(|| {
        let mut first: Vec<u8> = black_box(Vec::with_capacity(100));
        first.resize(100, 1);
        first.reserve_exact(200);
        drop(black_box(first));
        black_box(vec![0u8; 10])
    });
    assert_eq!(used, Used { allocations: 3, bytes: 410, peak: 300, retained: 10 });
    assert_eq!(mark.moving_peak(), 400, "both sizes while the block moves");
    let (_, used) = measure(|| drop(block));
    assert_eq!(used, Used { allocations: 0, bytes: 0, peak: 0, retained: -10 });
}

#[test]
fn other_threads_are_not_counted() {
    let worker = std::thread::spawn(|| vec![0u8; 4096]);
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(growth(std::thread::yield_now), 0);
    assert!(worker.join().is_ok());
}

#[test]
fn named_allocations_fail_and_are_counted() {
    fn reserved() -> Vec<bool> {
        let reserve = |_| Vec::<u8>::new().try_reserve_exact(8).is_ok();
        (0..4).map(reserve).collect()
    }
    // The first allocation is that of the list itself.
    let (results, used) = measure(|| failing(Failing::Once(2), reserved));
    assert_eq!(results, [true, false, true, true]);
    assert_eq!((used.allocations, used.retained), (5, 4));
    assert_eq!(failing(Failing::From(2), reserved), [true, false, false, false]);
    let mut block = vec![1u8; 8];
    assert!(failing(Failing::From(0), || block.try_reserve_exact(100)).is_err(), "reallocations, too");
    assert!(std::panic::catch_unwind(|| failing(Failing::Once(1 << 40), || panic!("expected"))).is_err());
    assert_eq!(reserved(), [true; 4], "none fails afterwards");
}

#[inline(never)]
fn forgetful(size: usize) {
    std::mem::forget(black_box(vec![1u8; size]));
}

#[test]
fn retained_blocks_are_reported_with_their_stacks() {
    let mut older: Vec<u8> = Vec::with_capacity(10);
    let before = live();
    let (bytes, text) = retained(|| {
        drop(black_box(vec![1u8; 500]));
        (0..2).for_each(|_| forgetful(100));
        forgetful(30);
        older.reserve_exact(25);
        vec![1u8; 7]
    });
    assert_eq!(bytes, 245, "{text}");
    assert_eq!(live() - before, 245 + text.capacity() as i64, "nothing of the notes is counted");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "200 bytes in 2 blocks, allocated by", "{text}");
    assert!(lines[1].contains("forgetful at "), "{text}");
    assert!(text.contains("\n30 bytes in 1 block,"), "by another line of the caller: {text}");
    assert!(text.contains("\n15 bytes in 1 block,"), "only what it grew by: {text}");
    assert!(!text.contains("sre_support"), "nothing from beyond the check: {text}");
    assert!(!text.contains("alloc::"), "nothing of the allocator: {text}");
}

#[test]
fn freeing_an_older_block_is_reported() {
    let older = vec![1u8; 64];
    assert_eq!(retained(|| drop(older)), (-64, "64 bytes live before and freed\n".to_owned()));
    let mut older: Vec<u8> = Vec::with_capacity(64);
    let grow_and_free = || {
        older.reserve_exact(100);
        drop(std::mem::take(&mut older));
    };
    assert_eq!(retained(grow_and_free).1, "64 bytes live before and freed\n", "not what it grew by");
    assert_eq!(retained(|| vec![1u8; 64]), (0, String::new()));
}
