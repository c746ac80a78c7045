//! Turns: work that keeps a processor busy, done away from the threads that serve.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use tokio::sync::Semaphore;
use tokio::task;

use crate::problem::Problem;

/// So much at once and no more; what waits is done in the order in which it came.
///
/// All of it at once would not be done sooner, and what is answered from memory would share the processors with it.
#[derive(Debug)]
pub(crate) struct Turns(Arc<Semaphore>);

impl Turns {
    /// So many for each processor. With two none is idle while one piece of work gives way to the next; one is for work that
    /// takes long or much memory.
    pub(crate) fn of_each_processor(many: usize) -> Self {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        Self(Arc::new(Semaphore::new(processors * many)))
    }

    /// Does the work when its turn has come.
    pub(crate) async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|it| Problem::ours(&it))?;
        let work = move || {
            let done = work();
            // Not before: whoever waits for it may go away, and it goes on.
            drop(turn);
            done
        };
        task::spawn_blocking(work).await.map_err(|it| Problem::ours(&it))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Somebody who opens a page and closes it, again and again, takes no more than the turns there are.
    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_keeps_its_turn() {
        let turns = Turns(Arc::new(Semaphore::new(1)));
        let (begun, has_begun) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let work = move || {
            begun.send(()).unwrap();
            ended.recv().unwrap();
        };
        let waiting = {
            let turns = Turns(Arc::clone(&turns.0));
            tokio::spawn(async move { turns.take(work).await })
        };
        task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(turns.0.available_permits(), 0);
        end.send(()).unwrap();
        assert_eq!(turns.take(|| 7).await.unwrap(), 7);
    }
}
