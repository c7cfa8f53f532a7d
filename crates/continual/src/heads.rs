//! Heads are added alike for every method: the learner adds those that an experience needs and the strategy has not added
//! ([`MissingHead`]).

use dentate_core::{
    Activation, BiasInit, Cause, Edit, ExperienceInfo, Graph, Head, Init, Layer, LayerId, MissingHead,
    NewLayer, Plan, PlanBuilder, Role, Seed, TaskId,
};

/// The form of new heads.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// The activation of a head over values.
    pub(crate) output: Activation,
    pub(crate) init: Init,
    pub(crate) bias_init: BiasInit,
}

/// The plan that adds the heads missing for `experience`; `None` if there are none.
pub(crate) fn missing(graph: &Graph, experience: &ExperienceInfo, form: Form, seed: Seed) -> Option<Plan> {
    let Form {
        output,
        init,
        bias_init,
    } = form;
    let mut plan = PlanBuilder::new(graph, Cause::Head, seed);
    // The hidden layer inserted last need not be the last in order.
    let hidden = |id: &LayerId| graph.layer(*id).is_some_and(|l| l.role == Role::Hidden);
    let order = graph.order();
    let below = order.into_iter().rfind(hidden).or(graph.input().map(|l| l.id))?;
    let missing = MissingHead::of(graph, experience);
    let any = !missing.is_empty();
    for missing in missing {
        match missing {
            MissingHead::New { name, width, head } => {
                let values = head.classes.is_empty();
                let activation = if values { output } else { Activation::Identity };
                let layer = NewLayer::head(name, width, activation, head);
                let id = plan.layer(NewLayer { bias_init, ..layer });
                plan.connect(below, id, init);
            }
            MissingHead::Classes { layer, classes } => {
                let head = graph.layer(layer)?;
                for (bias, classes) in with_biases(graph, head, classes, form, seed) {
                    plan.edit(Edit::Widen {
                        layer,
                        count: classes.len(),
                        incoming: init.into(),
                        outgoing: init.into(),
                        bias,
                        classes,
                    });
                }
            }
        }
    }
    any.then(|| plan.finish())
}

/// New classes of a head with their initial bias: all at once where it is the same.
fn with_biases(
    graph: &Graph,
    head: &Layer,
    classes: Vec<u32>,
    form: Form,
    seed: Seed,
) -> Vec<(f32, Vec<u32>)> {
    if form.bias_init == BiasInit::Constant {
        return vec![(0.0, classes)];
    }
    let weights = graph.into_layer(head.id).filter_map(|c| graph.weights_of(c));
    let fan_in = weights.map(|(_, columns)| columns).sum();
    let mut random = seed.derive("biases").random();
    let biases = form.bias_init.draw(classes.len(), 0.0, fan_in, &mut random);
    let each = biases.iter().zip(classes);
    each.map(|(bias, class)| (*bias, vec![class])).collect()
}

/// The heads that predict for a task: its own if the task is given, else all shared ones side by side.
pub(crate) fn answering(graph: &Graph, task: Option<TaskId>) -> Vec<(LayerId, Vec<u32>)> {
    let of = |wanted: Option<TaskId>| {
        graph
            .heads()
            .filter(move |(_, h)| h.task == wanted)
            .map(|(l, h)| (l.id, h.classes.clone()))
            .collect::<Vec<_>>()
    };
    let own = of(task);
    if own.is_empty() && task.is_some() {
        of(None)
    } else {
        own
    }
}

/// The head that a row of `task` with `label` is trained on.
pub(crate) fn trained(graph: &Graph, task: TaskId, label: Option<u32>) -> Option<&Layer> {
    let fits = |h: &Head| match label {
        Some(label) => h.classes.contains(&label),
        None => true,
    };
    let own = graph.heads().find(|(_, h)| h.task == Some(task) && fits(h));
    own.or_else(|| graph.heads().find(|(_, h)| h.task.is_none() && fits(h)))
        .map(|(l, _)| l)
}
