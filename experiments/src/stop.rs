//! Being asked to stop. The first request lets the work end cleanly; a second one, or the end of a time of grace, ends the
//! process.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, Once};
use std::time::Duration;

/// What a process that was interrupted ends with.
pub(crate) const INTERRUPTED: u8 = 130;
static REQUESTS: AtomicU32 = AtomicU32::new(0);
/// Milliseconds that the work may take to end cleanly.
static GRACE: AtomicU64 = AtomicU64::new(0);
static ON_STOP: Mutex<Vec<Box<dyn Fn() + Send>>> = Mutex::new(Vec::new());

/// Listen for Ctrl-C, termination and hang-up from now on. The work may take `grace` to end cleanly.
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

/// Stop as if a signal had come; a request that is there already is not counted twice.
pub(crate) fn request() {
    if REQUESTS
        .compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst)
        .is_ok()
    {
        act();
    }
}

/// Whether the work is to end.
pub(crate) fn requested() -> bool {
    REQUESTS.load(Ordering::SeqCst) > 0
}

/// Do something at the first request.
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
