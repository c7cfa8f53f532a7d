//! Requests to stop. The first one lets the work end cleanly; a second one, or the end of the grace period, ends the
//! process.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, Once};
use std::time::Duration;

/// Exit code of an interrupted process.
pub(crate) const INTERRUPTED: u8 = 130;
static REQUESTS: AtomicU32 = AtomicU32::new(0);
/// Milliseconds that the work has to end cleanly.
static GRACE: AtomicU64 = AtomicU64::new(0);
static ON_STOP: Mutex<Vec<Box<dyn Fn() + Send>>> = Mutex::new(Vec::new());

/// Handle Ctrl-C, termination and hang-up from now on. The work has `grace` to end cleanly.
pub(crate) fn listen(grace: Duration) {
    GRACE.store(grace.as_millis() as u64, Ordering::SeqCst);
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a handler the process ends at once, which checkpoints allow for: no reason to refuse the work.
        drop(ctrlc::set_handler(|| {
            if REQUESTS.fetch_add(1, Ordering::SeqCst) > 0 {
                std::process::exit(INTERRUPTED.into());
            }
            act();
        }));
    });
}

/// Request a stop as if by a signal; a repeated request is not counted twice.
pub(crate) fn request() {
    if REQUESTS
        .compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst)
        .is_ok()
    {
        act();
    }
}

/// Returns whether a stop was requested.
pub(crate) fn requested() -> bool {
    REQUESTS.load(Ordering::SeqCst) > 0
}

/// Call `action` at the first request.
pub(crate) fn at_request(action: impl Fn() + Send + 'static) {
    if let Ok(mut actions) = ON_STOP.lock() {
        actions.push(Box::new(action));
    }
}

fn act() {
    if let Ok(actions) = ON_STOP.lock() {
        actions.iter().for_each(|action| action());
    }
    // An update that takes longer is not waited for: the last checkpoint stands.
    std::thread::spawn(|| {
        std::thread::sleep(Duration::from_millis(GRACE.load(Ordering::SeqCst)));
        std::process::exit(INTERRUPTED.into());
    });
}
