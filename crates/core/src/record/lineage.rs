//! The file with the life of every hidden unit of a run's network.

use crate::layer::Moment;
use std::borrow::Cow;
use std::fmt::Write as _;

/// The file with the lives of a network's hidden units, inside the folder of a finished run whose network grew.
pub const LINEAGE: &str = "lineage.csv";

/// Its CSV header.
pub const LINEAGE_HEADER: &str =
    "unit,layer,origin,parent,cause,experience,step,end_experience,end_step,end_cause";

/// The origin of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitOrigin {
    /// Part of its layer when that was added.
    Initial,
    /// Added to an existing layer.
    Grown,
    /// A copy of its parent.
    Split,
    /// In the place of its parent, which was removed.
    Replaced,
}

impl UnitOrigin {
    /// The origin in one word, as the file has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Grown => "grown",
            Self::Split => "split",
            Self::Replaced => "replaced",
        }
    }

    fn of(word: &str) -> Option<Self> {
        let all = [Self::Initial, Self::Grown, Self::Split, Self::Replaced];
        all.into_iter().find(|origin| origin.word() == word)
    }
}

/// The life of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLife {
    /// Its id.
    pub unit: u64,
    /// The name of its layer.
    pub layer: String,
    /// Its origin.
    pub origin: UnitOrigin,
    /// The unit that it is a copy of, or whose place it took.
    pub parent: Option<u64>,
    /// The cause of its birth, as the strategy calls it.
    pub cause: String,
    /// The moment of its birth.
    pub born: Moment,
    /// The moment of its removal; `None` if it was there at the end.
    pub died: Option<Moment>,
    /// The cause of its removal.
    pub end: String,
}

impl UnitLife {
    /// The file of these lives.
    #[must_use]
    pub fn to_csv(lives: &[Self]) -> String {
        let mut text = format!("{LINEAGE_HEADER}\n");
        for life in lives {
            let parent = life.parent.map(|parent| parent.to_string()).unwrap_or_default();
            let moment = |m: Moment| format!("{},{}", m.experience, m.step);
            let _ = writeln!(
                text,
                "{},{},{},{parent},{},{},{},{}",
                life.unit,
                quoted(&life.layer),
                life.origin.word(),
                quoted(&life.cause),
                moment(life.born),
                life.died.map_or_else(|| ",".into(), moment),
                quoted(&life.end),
            );
        }
        text
    }

    /// The lives in a file.
    ///
    /// # Errors
    /// One sentence on the first line that no runner writes.
    pub fn from_csv(text: &str) -> Result<Vec<Self>, String> {
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line) != Some(LINEAGE_HEADER) {
            return Err(format!("line 1 is not `{LINEAGE_HEADER}`"));
        }
        let life = |(place, line): (usize, &str)| {
            Self::of(line).ok_or_else(|| format!("line {} is no life of a unit", place + 1))
        };
        lines.map(life).collect()
    }

    fn of(line: &str) -> Option<Self> {
        let fields = fields(line)?;
        let [
            unit,
            layer,
            origin,
            parent,
            cause,
            experience,
            step,
            end_experience,
            end_step,
            end,
        ] = fields.as_slice()
        else {
            return None;
        };
        let moment = |experience: &str, step: &str| {
            Some(Moment {
                experience: experience.parse().ok()?,
                step: step.parse().ok()?,
            })
        };
        let absent = end_experience.is_empty() && end_step.is_empty();
        Some(Self {
            unit: unit.parse().ok()?,
            layer: layer.to_string(),
            origin: UnitOrigin::of(origin)?,
            parent: if parent.is_empty() {
                None
            } else {
                Some(parent.parse().ok()?)
            },
            cause: cause.to_string(),
            born: moment(experience, step)?,
            died: if absent {
                None
            } else {
                Some(moment(end_experience, end_step)?)
            },
            end: end.to_string(),
        })
    }
}

/// A field. Names hold no line ends; one that does would break the table, so it is written with spaces.
fn quoted(text: &str) -> Cow<'_, str> {
    let line = if text.contains(['\n', '\r']) {
        Cow::Owned(text.replace(['\n', '\r'], " "))
    } else {
        Cow::Borrowed(text)
    };
    if line.contains([',', '"']) {
        Cow::Owned(format!("\"{}\"", line.replace('"', "\"\"")))
    } else {
        line
    }
}

/// The fields of a line, of which some are quoted.
fn fields(line: &str) -> Option<Vec<Cow<'_, str>>> {
    if !line.contains('"') {
        return Some(line.split(',').map(Cow::Borrowed).collect());
    }
    let (mut all, mut field, mut inside) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '"' if inside && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => inside = !inside,
            ',' if !inside => all.push(Cow::Owned(std::mem::take(&mut field))),
            c => field.push(c),
        }
    }
    all.push(Cow::Owned(field));
    (!inside).then_some(all)
}

#[cfg(test)]
mod tests;
