//! The display of progress: bars on a terminal, plain lines elsewhere.

use crate::lock::Holder;
use crate::output::say;
use dentate_core::record::{Status, printable};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use remaining::Remaining;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

mod remaining;

/// The display of runs in progress.
pub(crate) struct Display {
    bars: Option<Bars>,
    state: Mutex<State>,
    total: usize,
    started: Instant,
}

struct Bars {
    group: MultiProgress,
    all: ProgressBar,
    slots: Vec<ProgressBar>,
}

struct State {
    done: usize,
    labels: Vec<String>,
    remaining: Remaining,
}

impl Display {
    /// A display for runs of these kinds, `width` at a time; `past` has the seconds of earlier runs, by kind.
    pub(crate) fn new(kinds: &[String], width: usize, past: BTreeMap<String, f64>) -> Self {
        let bars = std::io::stderr()
            .is_terminal()
            .then(|| Bars::new(MultiProgress::new(), kinds.len(), width));
        Self::with(bars, kinds, width, past)
    }

    fn with(bars: Option<Bars>, kinds: &[String], width: usize, past: BTreeMap<String, f64>) -> Self {
        let state = Mutex::new(State {
            done: 0,
            labels: vec![String::new(); width],
            remaining: Remaining::new(kinds, width, past),
        });
        Self {
            bars,
            state,
            total: kinds.len(),
            started: Instant::now(),
        }
    }

    fn now(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    pub(crate) fn begin(&self, slot: usize, label: &str, kind: &str) {
        if let Ok(mut state) = self.state.lock() {
            state.remaining.begin(slot, kind, self.now());
            state.labels[slot] = label.to_owned();
        }
        match &self.bars {
            Some(bars) => {
                bars.slots[slot].set_position(0);
                bars.slots[slot].set_message(label.to_string());
            }
            None => say(format_args!("start  {label}")),
        }
    }

    /// Update the progress of a run, and its current loss and accuracy.
    pub(crate) fn at(&self, slot: usize, fraction: f64, figures: &str) {
        let Ok(mut state) = self.state.lock() else { return };
        state.remaining.at(slot, fraction, self.now());
        self.show_left(&state);
        if let Some(bars) = &self.bars {
            bars.slots[slot].set_position((fraction * 1000.0) as u64);
            if !figures.is_empty() {
                bars.slots[slot].set_message(printable(&format!("{}  {figures}", state.labels[slot])));
            }
        }
    }

    pub(crate) fn end(&self, slot: usize, label: &str, status: &Status) {
        let Ok(mut state) = self.state.lock() else { return };
        state.done += 1;
        let finished = *status == Status::Finished;
        state.remaining.end(slot, finished, self.now());
        let line = match status {
            Status::Failed { kind, message } => {
                Some(printable(&format!("failed {label}: {kind}: {message}")))
            }
            _ if self.bars.is_none() => {
                let left = self
                    .left(&state)
                    .map(|l| format!(", about {l} left"))
                    .unwrap_or_default();
                Some(format!("done   {label} ({} of {}{left})", state.done, self.total))
            }
            _ => None,
        };
        if let Some(bars) = &self.bars {
            bars.all.set_position(state.done as u64);
            bars.empty(slot);
        }
        if let Some(line) = line {
            self.line(&line);
        }
        self.show_left(&state);
    }

    /// Report that a run is left to the process that executes it.
    pub(crate) fn elsewhere(&self, slot: usize, label: &str, holder: Option<&Holder>) {
        let holder = holder.map_or_else(|| "another process".to_string(), ToString::to_string);
        if let Ok(mut state) = self.state.lock() {
            state.remaining.put_back(slot);
        }
        self.say(slot, &format!("left   {label}: it is being executed by {holder}"));
    }

    /// Report that a run was stopped at a checkpoint.
    pub(crate) fn stopped(&self, slot: usize, label: &str) {
        self.say(slot, &format!("stopped {label}"));
    }

    fn say(&self, slot: usize, line: &str) {
        let line = &printable(line);
        if let Ok(mut state) = self.state.lock() {
            state.remaining.end(slot, false, self.now());
        }
        if let Some(bars) = &self.bars {
            bars.empty(slot);
        }
        self.line(line);
    }

    /// Print a line, above the bars if there are any.
    fn line(&self, line: &str) {
        match &self.bars {
            // A terminal that is lost takes no line, which is no reason to end. (`suspend` would panic.)
            Some(bars) => drop(bars.group.println(line)),
            None => say(line),
        }
    }

    /// Remove the bars.
    pub(crate) fn close(&self) {
        if let Some(bars) = &self.bars {
            bars.slots.iter().for_each(ProgressBar::finish_and_clear);
            bars.all.finish_and_clear();
        }
    }

    fn show_left(&self, state: &State) {
        if let (Some(bars), Some(left)) = (&self.bars, self.left(state)) {
            bars.all.set_message(format!("about {left} left"));
        }
    }

    /// The remaining time, if known.
    fn left(&self, state: &State) -> Option<String> {
        state.remaining.left(self.now()).map(duration)
    }
}

impl Bars {
    fn new(group: MultiProgress, total: usize, width: usize) -> Self {
        let style = |template: &str| {
            ProgressStyle::with_template(template)
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("━╸ ")
        };
        let all = group.add(ProgressBar::new(total as u64));
        all.set_style(style("{elapsed_precise}  {bar:28} {pos} of {len} runs  {msg}"));
        let slots = (0..width)
            .map(|_| {
                let bar = group.add(ProgressBar::new(1000));
                bar.set_style(style("          {bar:28} {percent:>3}%  {wide_msg}"));
                bar
            })
            .collect();
        all.enable_steady_tick(std::time::Duration::from_millis(500));
        Self { group, all, slots }
    }

    fn empty(&self, slot: usize) {
        self.slots[slot].set_position(0);
        self.slots[slot].set_message("");
    }
}

/// Seconds in words: `8 s`, `3 min 20 s`, `2 h 5 min`.
pub(crate) fn duration(seconds: f64) -> String {
    let s = seconds.max(0.0).round() as u64;
    match s {
        0..60 => format!("{s} s"),
        60..3600 => format!("{} min {} s", s / 60, s % 60),
        _ => format!("{} h {} min", s / 3600, s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests;
