//! Plans built from the decisions of the parts: units to prune, units to add, and the units coupled to them. Layers of one
//! width group are widened and pruned together, so that units keep their partners.

use crate::parts::{Place, Removals, Start, partners, widen};
use crate::strategy::View;
use dentate_core::{
    Activation, ConnectionId, Edit, Grid, Init, Link, NewLayer, Normalisation, Plan, PlanBuilder, Window,
};

/// Plans the pruning of `dead`, but never of the last unit of a layer. `None` if nothing is left to prune.
pub(super) fn pruned(view: &View<'_>, dead: Vec<Removals>, cause: &str) -> Option<Plan> {
    let mut plan = view.plan(cause);
    let mut any = false;
    for Removals {
        layer,
        units,
        fold_mean,
    } in dead
    {
        let living = view.graph.layer(layer).map_or(0, |l| l.width());
        if units.is_empty() || units.len() >= living || !view.graph.resizable(layer) {
            continue;
        }
        any = true;
        for (other, partners) in partners(view.graph, layer, &units) {
            let fold_mean = Vec::new();
            plan.edit(Edit::Prune {
                layer: other,
                units: partners,
                fold_mean,
            });
        }
        plan.edit(Edit::Prune {
            layer,
            units,
            fold_mean,
        });
    }
    any.then(|| plan.finish())
}

/// Returns the plan of a growth, and the number of units it adds.
pub(super) fn grown(view: &View<'_>, places: &[Place], starts: Vec<Start>) -> (Plan, usize) {
    let mut plan = view.plan("grow");
    let mut starts = starts.into_iter();
    let mut units = 0;
    for place in places {
        match *place {
            Place::Deeper { connection } => {
                let connection = view.graph.connection(connection);
                let source = connection.and_then(|c| Some((c.id, view.graph.layer(c.from)?)));
                if let Some((id, from)) = source {
                    let name = format!("deeper-{}", view.graph.next_connection().0);
                    units += from.width();
                    plan.insert_identity(id, name, from.activation);
                }
            }
            Place::Residual {
                connection,
                normalisation,
            } => units += residual(&mut plan, view, connection, normalisation),
            Place::Wider { layer, units: count } => {
                if let Some(start) = starts.next() {
                    units += widen(&mut plan, view.graph, layer, count, start);
                }
            }
        }
    }
    (plan.finish(), units)
}

/// Plans a residual block, and returns the number of its units. The sum passes on its source's outputs while the outgoing weights of the
/// layer beside it are 0, whatever that layer's normalisation.
fn residual(
    plan: &mut PlanBuilder,
    view: &View<'_>,
    connection: ConnectionId,
    normalisation: Normalisation,
) -> usize {
    let connection = view.graph.connection(connection);
    let Some((id, from)) = connection.and_then(|c| Some((c.id, view.graph.layer(c.from)?))) else {
        return 0;
    };
    let number = view.graph.next_connection().0;
    let after = match from.activation {
        same if same.idempotent() => same,
        _ => Activation::Identity,
    };
    let (sum, _) = plan.insert_skip(id, format!("deeper-{number}"), after);
    let grid = from.outputs();
    let beside = plan.layer(NewLayer {
        normalisation,
        ..NewLayer::hidden(format!("residual-{number}"), from.width(), from.activation).on(grid)
    });
    let link = match grid {
        Grid::POINT => Link::Dense,
        _ => Link::convolution(Window::square(3, 1, 1)),
    };
    plan.link(from.id, beside, link, view.init);
    plan.link(beside, sum, link, Init::Zero);
    2 * from.width()
}
