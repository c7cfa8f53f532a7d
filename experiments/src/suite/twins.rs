//! `twin`: a static network with a growing method's budget, paired with it seed by seed.

use super::error::SuiteError;
use super::place::Place;
use super::tree::{Kind, Node};
use super::{NamedMethod, NamedStream, Suite};
use dentate_core::TwinBudget;
use toml::Value;

/// The origin of a method that is a static twin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TwinOf {
    /// The name of the growing method.
    pub(crate) method: String,
    pub(crate) budget: TwinBudget,
}

/// The budgets that a method's `twin` names: one, or a list.
pub(super) fn budgets(place: &Place<'_>) -> Result<Vec<TwinBudget>, SuiteError> {
    let Some(node) = place.table.get("twin") else {
        return Ok(Vec::new());
    };
    let items: Vec<&Node> = match &node.kind {
        Kind::List(items) if !items.is_empty() => items.iter().collect(),
        Kind::Leaf(Value::String(_)) => vec![node],
        _ => return Err(place.range("twin", node, "a budget in quotes, or a list of them")),
    };
    let mut found = Vec::new();
    for item in items {
        let Kind::Leaf(Value::String(word)) = &item.kind else {
            return Err(place.range("twin", item, "a budget in quotes"));
        };
        let budget = TwinBudget::ALL.into_iter().find(|budget| budget.name() == word);
        let known = TwinBudget::ALL.iter().map(|budget| budget.name());
        let budget = budget.ok_or_else(|| place.unknown_value(&item.at, "twin", word, known))?;
        if found.contains(&budget) {
            return Err(place.refused(&item.at, format!("`twin` names {budget} twice")));
        }
        found.push(budget);
    }
    Ok(found)
}

/// The twins of a method, which stand behind it.
pub(super) fn of(method: &NamedMethod, budgets: &[TwinBudget]) -> Vec<NamedMethod> {
    let twin = |&budget: &TwinBudget| NamedMethod {
        name: format!("{}-twin-{budget}", method.name),
        title: format!("{}, twin of {}", method.title, budget.words()),
        summary: Some(format!(
            "A network that never changes, of {} as the same seed of {}.",
            as_much(budget),
            method.title
        )),
        backend_choice: method.backend_choice,
        levels: Vec::new(),
        twin: Some(TwinOf {
            method: method.name.clone(),
            budget,
        }),
        sweep: None,
        streams: method.streams.clone(),
        settings: method.settings.clone(),
    };
    budgets.iter().map(twin).collect()
}

fn as_much(budget: TwinBudget) -> &'static str {
    match budget {
        TwinBudget::FinalParameters => "at most as many parameters in the end",
        TwinBudget::MeanParameters => "at most as many parameters as on average",
        TwinBudget::Memory => "at most as much memory in the end",
        TwinBudget::Updates => "the final size and as many updates of each experience",
        TwinBudget::MultiplyAdds => "the final size and as many multiply-adds of each experience",
    }
}

impl Suite {
    /// Remove the twins of cells of a factorial design that never grow: `twin` is written once for all cells. If none of them grows,
    /// the twins stay, to be refused.
    pub(super) fn remove_twins_of_static_cells(&mut self) -> Result<(), SuiteError> {
        let cells = || self.methods.iter().filter(|method| !method.levels.is_empty());
        let mut growing = Vec::new();
        for cell in cells() {
            let mut grows = true;
            for stream in self.streams.iter().filter(|stream| cell.meets(&stream.name)) {
                grows &= self.learner(cell, stream)?.grows();
            }
            if grows {
                growing.push(cell.name.clone());
            }
        }
        if growing.is_empty() {
            return Ok(());
        }
        let cells: Vec<String> = cells().map(|cell| cell.name.clone()).collect();
        self.methods.retain(|method| {
            let of = method.twin.as_ref().map(|twin| &twin.method);
            of.is_none_or(|name| growing.contains(name) || !cells.contains(name))
        });
        Ok(())
    }

    /// Refuse a twin of what does not grow, or of a learner that has none of this budget.
    pub(super) fn check_twin(&self, method: &NamedMethod, stream: &NamedStream) -> Result<(), SuiteError> {
        let Some(twin) = &method.twin else { return Ok(()) };
        let learner = self.learner(method, stream)?;
        let settings = self.settings(method, stream);
        let place = Place::new(format!("method `{}`", twin.method), &settings);
        let written = self.methods.iter().find(|m| m.name == twin.method);
        let at = written.map_or_else(|| settings.at.clone(), |m| m.settings.at.clone());
        if !learner.grows() {
            let message = format!(
                "`twin = \"{}\"` asks for a static network as large as this one becomes, but it does not grow on stream `{}`: leave `twin` out",
                twin.budget, stream.name
            );
            return Err(place.refused(&at, message));
        }
        learner.has_twin(twin.budget).map_err(|error| {
            let message = format!("it can have no `twin`: {error}");
            place.refused(&at, message)
        })
    }
}

#[cfg(test)]
mod tests;
