//! Work on a thread of its own, which gives way: what reads ahead keeps a processor busy for as long as it is let, and on
//! a small machine that would be at the cost of whoever writes what was read, and of people's pages.

use std::convert::Infallible;
use std::panic::resume_unwind;
use std::thread;
use tokio::runtime::Handle;
use tokio::select;
use tokio::sync::oneshot;

/// How much less urgent the thread is than the others; of 19.
#[cfg(target_os = "linux")]
const NICER: i32 = 10;

/// Work under way. Whoever drops it ends it, at the next point where it waits.
#[derive(Debug)]
pub struct Behind<T> {
    done: oneshot::Receiver<T>,
    thread: thread::JoinHandle<()>,
    _wanted: oneshot::Sender<Infallible>,
}

impl<T: Send + 'static> Behind<T> {
    /// Starts it; the runtime's timers and connections serve it like any task.
    pub fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        let (send, done) = oneshot::channel();
        let (wanted, unwanted) = oneshot::channel();
        let runtime = Handle::current();
        let thread = thread::Builder::new().name("behind".to_owned()).spawn(move || {
            give_way();
            let done = runtime.block_on(async {
                select! {
                    biased;
                    _ = unwanted => None,
                    done = work => Some(done),
                }
            });
            // whoever waited may have gone meanwhile
            let _ = done.map(|done| send.send(done));
        });
        Self { done, thread: thread.expect("the system has a thread left"), _wanted: wanted }
    }

    /// What it came to.
    pub async fn end(self) -> T {
        match self.done.await {
            Ok(done) => done,
            Err(_) => resume_unwind(self.thread.join().expect_err("it says what it came to, or panics")),
        }
    }
}

/// Makes this thread less urgent where threads can be so one by one.
#[cfg(target_os = "linux")]
fn give_way() {
    if let Err(error) = rustix::process::nice(NICER) {
        tracing::debug!(%error, "as urgent as the others");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_way() {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use std::future::pending;
    use std::time::Duration;
    use tokio::time::timeout;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn it_says_what_it_came_to_and_gives_way() {
        let urgency = || rustix::process::getpriority_process(None).unwrap();
        let behind = Behind::start(async move { urgency() }).end().await;
        assert_eq!(behind, (urgency() + NICER).min(19));
    }

    #[tokio::test]
    #[should_panic(expected = "as planned")]
    async fn it_breaks_off_whoever_waits_for_what_broke_off() {
        Behind::<()>::start(async { panic!("as planned") }).end().await;
    }

    #[tokio::test]
    async fn what_nobody_wants_any_more_ends() {
        let (held, gone) = oneshot::channel::<()>();
        let behind = Behind::start(async move {
            pending::<()>().await;
            drop(held);
        });
        drop(behind);
        let gone = timeout(Duration::from_secs(20), gone).await.expect("it ends");
        assert!(gone.is_err(), "what it held is given back");
    }
}
