//! A chart as a value: the drawing with the numbers that it shows, so that the page, a file of its own and a table of numbers are made
//! from one thing.

use std::fmt::Write as _;

/// The style sheet of drawings, in the page and in a file of their own.
pub(crate) const STYLE: &str = include_str!("figure/figure.css");

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its name in the report and as a file: letters, digits and dashes. It depends on its kind and its stream only.
    pub id: String,
    /// A title in a few words.
    pub title: String,
    /// A sentence on what is drawn.
    pub caption: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The drawing: an `svg` element whose colours come from `figure.css`, with a name and a description for screen readers.
    pub svg: String,
    /// The drawn numbers.
    pub data: Data,
}

/// An axis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Axis {
    /// The quantity.
    pub title: String,
    /// Its unit; empty where it has none.
    pub unit: String,
}

impl Axis {
    pub(crate) fn new(title: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            unit: unit.into(),
        }
    }

    /// The title with the unit.
    #[must_use]
    pub fn label(&self) -> String {
        match self.unit.as_str() {
            "" => self.title.clone(),
            unit => format!("{} ({unit})", self.title),
        }
    }
}

/// Numbers in long form: one mark of the drawing, or one point of a curve, in each row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Data {
    /// The columns' names, in snake case.
    pub columns: Vec<&'static str>,
    /// The rows, each with a field for each column.
    pub rows: Vec<Vec<Field>>,
}

/// An entry of [`Data`].
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// A name.
    Text(String),
    /// A number in the unit of its axis.
    Number(f64),
    /// Nothing.
    Absent,
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Field {
    fn from(number: f64) -> Self {
        if number.is_finite() {
            Self::Number(number)
        } else {
            Self::Absent
        }
    }
}

impl From<Option<f64>> for Field {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Absent, Self::from)
    }
}

impl Figure {
    /// The drawing as a file: with its name space, its style sheet in light colours, and a white ground.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let Some((opening, rest)) = self.svg.split_once('>') else {
            return String::new();
        };
        let opening = opening.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1);
        // The page's dark colours stand behind this mark: a file is for paper.
        let style = STYLE.split("/* dark */").next().unwrap_or_default();
        let own = "svg{background:#fff;font-family:Helvetica,Arial,sans-serif}";
        format!("{opening}><style>{}{own}</style>{rest}\n", compact(style))
    }

    /// The drawn numbers as CSV. Texts that a spreadsheet would run are written as texts.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = self.data.columns.join(",");
        text.push('\n');
        for row in &self.data.rows {
            for (i, field) in row.iter().enumerate() {
                if i > 0 {
                    text.push(',');
                }
                match field {
                    Field::Text(name) => text.push_str(&quoted(&crate::spreadsheet::cell(name))),
                    Field::Number(number) => {
                        let _ = write!(text, "{number}");
                    }
                    Field::Absent => {}
                }
            }
            text.push('\n');
        }
        text
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A style sheet without line ends and indents.
pub(crate) fn compact(style: &str) -> String {
    style.lines().map(str::trim).collect()
}

#[cfg(test)]
mod tests;
