//! The colours of methods.

use crate::comparison::{MethodRow, Role, StreamComparison};

/// The CSS class of a row's colour: contenders by their position in the suite; the control and references have their own.
pub(super) fn colour(c: &StreamComparison, row: &MethodRow) -> String {
    match row.role {
        Role::Control => "control".into(),
        Role::Reference => "reference".into(),
        Role::Contender => {
            let before = c
                .rows
                .iter()
                .filter(|r| r.role == Role::Contender && r.method < row.method)
                .count();
            format!("s{}", before % 8)
        }
    }
}
