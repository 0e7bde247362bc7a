//! Works on a row of jobs with many threads, and hands the finished ones over in their order.
//!
//! Every thread takes the next job, works on it, and, where its turn has come, passes on all that
//! are finished in order; there is no thread that only reads or only writes. The number of jobs in
//! memory is bounded, and they are used again, so that a long run allocates no more than a short
//! one. What is handed over does not depend on the number of threads.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;

/// The parts of a run; see [`run`].
pub(crate) struct Stages<Make, Fill, Start, Work, Hand> {
    /// Makes an empty job.
    pub(crate) make: Make,
    /// Fills a job with what is to be done next; says whether there was anything.
    pub(crate) fill: Fill,
    /// Makes what one thread keeps from job to job.
    pub(crate) start: Start,
    /// Does the job.
    pub(crate) work: Work,
    /// Takes a finished job.
    pub(crate) hand: Hand,
}

/// Jobs that one thread does before it calls others.
const ALONE: usize = 2;

/// Runs all jobs on `threads` threads, this one among them. Ends at the first error of `fill` or `hand`, after all jobs before it were handed
/// over.
pub(crate) fn run<J, S, Make, Fill, Start, Work, Hand>(
    threads: usize,
    stages: Stages<Make, Fill, Start, Work, Hand>,
) -> Result<()>
where
    J: Send,
    Make: Fn() -> J + Sync,
    Fill: FnMut(&mut J) -> Result<bool> + Send,
    Start: Fn() -> S + Sync,
    Work: Fn(&mut S, &mut J) + Sync,
    Hand: FnMut(&mut J) -> Result<()> + Send,
{
    let Stages { make, mut fill, start, work, mut hand } = stages;
    let mut state = start();
    let mut job = make();
    for _ in 0..ALONE {
        if !fill(&mut job)? {
            return Ok(());
        }
        work(&mut state, &mut job);
        hand(&mut job)?;
    }
    if !fill(&mut job)? {
        return Ok(());
    }
    let line = Line {
        feed: Mutex::new(Feed { fill, next: 1 }),
        desk: Mutex::new(Desk {
            finished: BTreeMap::new(),
            spare: Vec::new(),
            next: 0,
            handing: false,
            ended: false,
            error: None,
        }),
        turned: Condvar::new(),
        hand: Mutex::new(hand),
        window: threads as u64,
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| {
                let _guard = EndOnPanic(&line);
                line.work_on(&mut start(), &work, &make, None);
            });
        }
        line.work_on(&mut state, &work, &make, Some(job));
    });
    match locked(&line.desk).error.take() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

struct Line<J, Fill, Hand> {
    feed: Mutex<Feed<Fill>>,
    desk: Mutex<Desk<J>>,
    /// Told whenever `desk.next` or `desk.ended` changes.
    turned: Condvar,
    hand: Mutex<Hand>,
    /// How many finished jobs may wait for an earlier one.
    window: u64,
}

struct Feed<Fill> {
    fill: Fill,
    /// Number of the next job to be filled.
    next: u64,
}

struct Desk<J> {
    /// Finished jobs by number, or the error at which the row of jobs broke off.
    finished: BTreeMap<u64, Result<J>>,
    spare: Vec<J>,
    /// Number of the next job to be handed over.
    next: u64,
    /// Whether a thread is handing over.
    handing: bool,
    /// Whether no more jobs are to be begun.
    ended: bool,
    error: Option<anyhow::Error>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<J, Fill, Hand> Line<J, Fill, Hand>
where
    Fill: FnMut(&mut J) -> Result<bool>,
    Hand: FnMut(&mut J) -> Result<()>,
{
    fn work_on<S>(
        &self,
        state: &mut S,
        work: impl Fn(&mut S, &mut J),
        make: impl Fn() -> J,
        given: Option<J>,
    ) {
        if let Some(mut job) = given {
            work(state, &mut job);
            self.deliver(0, Ok(job));
        }
        loop {
            let spare = {
                let mut desk = locked(&self.desk);
                if desk.ended {
                    return;
                }
                desk.spare.pop()
            };
            let mut job = spare.unwrap_or_else(&make);
            let number = {
                let mut feed = locked(&self.feed);
                let number = feed.next;
                // Another thread may have met the end while this one waited.
                if locked(&self.desk).ended {
                    return;
                }
                match (feed.fill)(&mut job) {
                    Ok(true) => feed.next += 1,
                    Ok(false) => {
                        locked(&self.desk).ended = true;
                        return;
                    }
                    Err(error) => {
                        locked(&self.desk).ended = true;
                        drop(feed);
                        self.deliver(number, Err(error));
                        return;
                    }
                }
                number
            };
            work(state, &mut job);
            self.deliver(number, Ok(job));
        }
    }

    /// Hands over all that are finished in order, unless another thread is at it.
    fn deliver(&self, number: u64, job: Result<J>) {
        let mut desk = locked(&self.desk);
        while number > desk.next + self.window && desk.error.is_none() {
            desk = self.turned.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
        desk.finished.insert(number, job);
        if desk.handing || desk.error.is_some() {
            return;
        }
        desk.handing = true;
        loop {
            let now = desk.next;
            let Some(job) = desk.finished.remove(&now) else { break };
            drop(desk);
            let handed = job.and_then(|mut job| {
                let mut hand = locked(&self.hand);
                hand(&mut job).map(|()| job)
            });
            desk = locked(&self.desk);
            match handed {
                Ok(job) => desk.spare.push(job),
                Err(error) => {
                    desk.error = Some(error);
                    desk.ended = true;
                }
            }
            desk.next += 1;
            self.turned.notify_all();
            if desk.error.is_some() {
                break;
            }
        }
        desk.handing = false;
    }
}

/// Lets the other threads end where one panics: its job would be waited for in vain.
struct EndOnPanic<'a, J, Fill, Hand>(&'a Line<J, Fill, Hand>);

impl<J, Fill, Hand> Drop for EndOnPanic<'_, J, Fill, Hand> {
    fn drop(&mut self) {
        if thread::panicking() {
            let mut desk = locked(&self.0.desk);
            desk.ended = true;
            desk.error.get_or_insert_with(|| anyhow::anyhow!("a thread ended early"));
            self.0.turned.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use anyhow::bail;

    use super::*;

    /// Squares the numbers below `count`; fails to fill at `bad_fill` and to hand over at `bad_hand`.
    fn squares(
        threads: usize,
        count: u64,
        bad_fill: u64,
        bad_hand: u64,
    ) -> (Vec<u64>, Result<()>, usize) {
        let mut next = 0;
        let mut got = Vec::new();
        let made = AtomicUsize::new(0);
        let outcome = run(
            threads,
            Stages {
                make: || {
                    made.fetch_add(1, Ordering::Relaxed);
                    0
                },
                fill: |job: &mut u64| {
                    if next == bad_fill {
                        bail!("no {next}");
                    }
                    *job = next;
                    next += 1;
                    Ok(next <= count)
                },
                start: || 0u64,
                work: |done: &mut u64, job: &mut u64| {
                    *done += 1;
                    // Out of step, so that jobs overtake each other.
                    thread::sleep(Duration::from_micros(*job * 7919 % 300));
                    *job *= *job;
                },
                hand: |job: &mut u64| {
                    if *job == bad_hand * bad_hand {
                        bail!("cannot take {job}");
                    }
                    got.push(*job);
                    Ok(())
                },
            },
        );
        (got, outcome, made.into_inner())
    }

    #[test]
    fn jobs_are_handed_over_in_order_and_few_are_made() {
        for threads in [1, 2, 3, 8] {
            for count in [0, 1, 2, 3, 200] {
                let (got, outcome, made) = squares(threads, count, u64::MAX, 1 << 20);
                outcome.unwrap();
                assert_eq!(got, (0..count).map(|n| n * n).collect::<Vec<_>>());
                assert!(made <= 2 * threads + 2, "{made} jobs for {threads} threads");
            }
        }
    }

    #[test]
    fn the_first_error_ends_the_run_after_all_jobs_before_it() {
        for threads in [1, 2, 8] {
            for at in [0, 1, 2, 50] {
                let before: Vec<u64> = (0..at).map(|n| n * n).collect();
                let (got, outcome, _) = squares(threads, 100, at, 1 << 20);
                assert_eq!(
                    (got, outcome.unwrap_err().to_string()),
                    (before.clone(), format!("no {at}"))
                );
                let (got, outcome, _) = squares(threads, 100, u64::MAX, at);
                assert_eq!(got, before);
                assert_eq!(outcome.unwrap_err().to_string(), format!("cannot take {}", at * at));
            }
        }
    }
}
