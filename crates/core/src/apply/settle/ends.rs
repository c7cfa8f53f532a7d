//! Checks that the ends of a connection still match.

use crate::apply::draft::{Draft, Provenance};
use crate::apply::error::{PlanError, Problem};
use crate::graph::Connection;

impl Draft<'_> {
    /// Checks that a connection that joins units one by one still does so: the units kept at its ends have kept the same positions.
    /// Units of a grouped convolution keep their places.
    pub(super) fn check_ends(&self, c: &Connection) -> Result<(), PlanError> {
        let kept = |layer| -> Option<Vec<Option<u32>>> {
            let units = self.units.get(&layer)?;
            let old = |p: Provenance| match p {
                Provenance::Old { position, .. } => Some(position),
                Provenance::Fresh { .. } => None,
            };
            Some(units.all().map(old).collect())
        };
        let stayed = |units: &Vec<Option<u32>>| {
            let mut at = 0..;
            units.iter().all(|u| {
                let i = at.next();
                u.is_none() || *u == i
            })
        };
        let (from, to) = (kept(c.from), kept(c.to));
        if c.link.one_to_one() {
            let matching = match (&from, &to) {
                (Some(from), Some(to)) => {
                    from.len() == to.len()
                        && from
                            .iter()
                            .zip(to)
                            .all(|(a, b)| a.is_none() || b.is_none() || a == b)
                }
                (Some(only), None) | (None, Some(only)) => stayed(only),
                (None, None) => true,
            };
            if !matching {
                let by = [c.from, c.to].map(|l| self.resized_by.get(&l).copied());
                let (index, edit) = by.into_iter().flatten().max().unwrap_or((0, "none"));
                return Err(PlanError {
                    index,
                    edit,
                    problem: Problem::Tied(c.from, c.to),
                });
            }
        }
        if c.link.in_groups()
            && let Some(units) = &to
            && (units.len() != self.width_before(c.to) || !stayed(units))
        {
            return Err(self.blame(c.to, Problem::Groups(c.id)));
        }
        Ok(())
    }
}
