//! Catching panics: libFuzzer's hook would end the process without a report of the case.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// The message of the last panic, while panics are caught.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `run`; if it panics, returns the place and the message.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_caught = CAUGHT.with_borrow_mut(|caught| match caught {
                Some(said) => {
                    *said = info.to_string();
                    true
                }
                None => false,
            });
            if !is_caught {
                hook(info);
            }
        }));
    });
    CAUGHT.set(Some(String::new()));
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    let said = CAUGHT.take();
    result.map_err(|_| said.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::caught;

    #[test]
    fn the_place_and_the_message_of_a_panic_are_returned() {
        assert_eq!(caught(|| 1), Ok(1));
        let said = caught(|| -> i32 { panic!("the reason") }).expect_err("it panics");
        assert!(said.contains("panics.rs:") && said.contains("the reason"), "{said}");
        assert_eq!(caught(|| 2), Ok(2));
    }
}
