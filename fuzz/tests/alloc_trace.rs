//! Retained memory is reported with the stack that allocated it.

use std::hint::black_box;

use sre_fuzz::alloc_trace::retained;
use sre_fuzz::memory::live;

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
    assert!(lines[1].contains("alloc_trace::forgetful at "), "{text}");
    assert!(text.contains("\n30 bytes in 1 block,"), "by another line of the caller: {text}");
    assert!(text.contains("\n15 bytes in 1 block,"), "only what it grew by: {text}");
    assert!(!text.contains("sre_fuzz"), "nothing from beyond the check: {text}");
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
