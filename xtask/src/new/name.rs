//! The name of a plugin, in its different forms.

use super::NewError;

/// A name in its three forms.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// `my-idea`: the TOML tag, the folder, the crate's suffix.
    pub(super) kebab: String,
    /// `my_idea`: in Rust paths.
    pub(super) snake: String,
    /// `MyIdea`: the type.
    pub(super) camel: String,
}

/// Names of the project's own packages, and names that cargo does not accept.
const TAKEN: [&str; 15] = [
    "core",
    "growth",
    "continual",
    "learners",
    "backends",
    "streams",
    "session",
    "eval",
    "testkit",
    "experiments",
    "report",
    "benches",
    "fuzz",
    "test",
    "fixed",
];

impl Name {
    pub(super) fn new(given: &str) -> Result<Self, NewError> {
        let refused = |why| {
            Err(NewError::Name {
                given: given.chars().take(60).collect(),
                why,
            })
        };
        if given.is_empty() || given.len() > 40 {
            return refused("it has to have 1 to 40 letters");
        }
        if !given.starts_with(|c: char| c.is_ascii_lowercase()) {
            return refused("it does not begin with a lower-case letter");
        }
        if !given
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        {
            return refused("it has other letters than lower-case ones, digits and dashes");
        }
        if given.contains("--") || given.ends_with('-') {
            return refused("a dash has to stand alone, between letters");
        }
        if TAKEN.contains(&given) {
            return refused("the project has something of that name");
        }
        let camel = given.split('-').map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        });
        Ok(Self {
            kebab: given.into(),
            snake: given.replace('-', "_"),
            camel: camel.collect(),
        })
    }

    /// Its form as a title: `My idea`.
    pub(super) fn title(&self) -> String {
        let words = self.kebab.replace('-', " ");
        let (first, rest) = words.split_at(1);
        first.to_uppercase() + rest
    }
}
