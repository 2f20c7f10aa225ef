//! A slow leak, injected to test the detector.

use std::hint::black_box;
use std::mem;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// A slow leak.
#[derive(Clone, Copy, Debug)]
pub struct InjectedLeak {
    kind: Kind,
    patterns: u64,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// The memory becomes unreachable.
    Leak,
    /// The memory stays reachable.
    Retain,
}

/// A block of 16 bytes, which owns the previous one.
struct Block {
    _before: Option<Box<Block>>,
    _number: u64,
}

static RETAINED: Mutex<Option<Box<Block>>> = Mutex::new(None);

/// One block per this many patterns.
const RARELY: u64 = 1000;

impl InjectedLeak {
    pub(super) fn after_pattern(&mut self) {
        self.patterns += 1;
        if !self.patterns.is_multiple_of(RARELY) {
            return;
        }
        let mut block = Box::new(Block { _before: None, _number: self.patterns });
        match self.kind {
            Kind::Leak => mem::forget(black_box(block)),
            Kind::Retain => {
                let mut retained = RETAINED.lock().unwrap_or_else(PoisonError::into_inner);
                block._before = retained.take();
                *retained = Some(block);
            }
        }
    }
}

impl FromStr for InjectedLeak {
    type Err = String;

    fn from_str(text: &str) -> Result<InjectedLeak, String> {
        let kind = match text {
            "leak" => Kind::Leak,
            "retain" => Kind::Retain,
            _ => return Err(format!("{text:?} is neither leak nor retain")),
        };
        Ok(InjectedLeak { kind, patterns: 0 })
    }
}
