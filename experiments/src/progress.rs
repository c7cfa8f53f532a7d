//! What a person sees while runs are made: bars on a terminal, plain lines elsewhere.

use crate::lock::Holder;
use crate::output::say;
use dentate_core::record::{Status, printable};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

/// Shows runs.
pub(crate) struct Display {
    bars: Option<Bars>,
    state: Mutex<State>,
    total: usize,
    width: usize,
    started: Instant,
}

struct Bars {
    group: MultiProgress,
    all: ProgressBar,
    slots: Vec<ProgressBar>,
}

struct State {
    done: usize,
    fractions: Vec<f64>,
}

impl Display {
    /// A display for `total` runs, `width` at a time.
    pub(crate) fn new(total: usize, width: usize) -> Self {
        let bars = std::io::stderr()
            .is_terminal()
            .then(|| Bars::new(MultiProgress::new(), total, width));
        Self::with(bars, total, width)
    }

    fn with(bars: Option<Bars>, total: usize, width: usize) -> Self {
        let state = Mutex::new(State {
            done: 0,
            fractions: vec![0.0; width],
        });
        Self {
            bars,
            state,
            total,
            width,
            started: Instant::now(),
        }
    }

    pub(crate) fn begin(&self, slot: usize, label: &str) {
        match &self.bars {
            Some(bars) => {
                bars.slots[slot].set_position(0);
                bars.slots[slot].set_message(label.to_string());
            }
            None => say(format_args!("start  {label}")),
        }
    }

    pub(crate) fn at(&self, slot: usize, fraction: f64) {
        if let Ok(mut state) = self.state.lock() {
            state.fractions[slot] = fraction;
            self.show_left(&state);
        }
        if let Some(bars) = &self.bars {
            bars.slots[slot].set_position((fraction * 1000.0) as u64);
        }
    }

    pub(crate) fn end(&self, slot: usize, label: &str, status: &Status) {
        let Ok(mut state) = self.state.lock() else { return };
        state.done += 1;
        state.fractions[slot] = 0.0;
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

    /// A run is left to the process that is making it.
    pub(crate) fn elsewhere(&self, slot: usize, label: &str, holder: Option<&Holder>) {
        let holder = holder.map_or_else(|| "another process".to_string(), ToString::to_string);
        self.say(slot, &format!("left   {label}: it is being made by {holder}"));
    }

    /// A run was stopped at a checkpoint.
    pub(crate) fn stopped(&self, slot: usize, label: &str) {
        self.say(slot, &format!("stopped {label}"));
    }

    fn say(&self, slot: usize, line: &str) {
        let line = &printable(line);
        if let Ok(mut state) = self.state.lock() {
            state.fractions[slot] = 0.0;
        }
        if let Some(bars) = &self.bars {
            bars.empty(slot);
        }
        self.line(line);
    }

    /// A line, above the bars where there are any.
    fn line(&self, line: &str) {
        match &self.bars {
            // A terminal that is lost takes no line, which is no reason to end. (`suspend` would panic.)
            Some(bars) => drop(bars.group.println(line)),
            None => say(line),
        }
    }

    /// Take the bars away.
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

    /// Time left, by the pace so far.
    fn left(&self, state: &State) -> Option<String> {
        let done = state.done as f64 + state.fractions.iter().sum::<f64>();
        let elapsed = self.started.elapsed().as_secs_f64();
        if done < 0.5 * self.width as f64 || state.done >= self.total {
            return None; // too early to tell, or over
        }
        Some(duration(elapsed / done * (self.total as f64 - done)))
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
