//! Registration of strategies and of their parts.

/// Registers a growth strategy or a part of one under its TOML name. The first word gives the kind: `strategy`, `trigger`,
/// `placement`, `initializer`, `survival` or `modulation`. With `source = include_str!("this_file.rs")` `dentate explain`
/// shows the `//!` lines at the beginning of the file.
///
/// ```
/// use dentate_core::config;
/// use dentate_growth::{Action, GrowthStrategy, Hook, Reason, StrategyError, View, register};
/// use dentate_growth::parts::{Answer, Answered, Part, Trigger, Decision};
///
/// config! {
///     /// Never grows.
///     struct Idle {}
/// }
///
/// impl GrowthStrategy for Idle {
///     type State = ();
///
///     fn propose(&self, _: &mut (), _: &View<'_>) -> Result<Action, StrategyError> {
///         Ok(Action::Hold(Reason::NotNow))
///     }
/// }
///
/// register!(strategy, Idle, "idle", summary = "Never grows.", citation = "this page");
///
/// config! {
///     /// Grows whenever an experience begins.
///     struct Eager {}
/// }
///
/// impl Part for Eager {
///     type State = ();
/// }
///
/// impl Trigger for Eager {
///     fn fires(&self, _: &mut (), view: &View<'_>) -> Answered<Decision> {
///         Ok(Answer::Is(match view.hook {
///             Hook::Begin => Decision::grow(1.0),
///             _ => Decision::Wait(Reason::NotNow),
///         }))
///     }
/// }
///
/// register!(trigger, Eager, "eager", summary = "Grows when an experience begins.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register {
    (strategy, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::Growth] Strategy, $($rest)*);
    };
    (trigger, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::parts::TriggerSpec] Trigger, $($rest)*);
    };
    (placement, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::parts::PlacementSpec] Placement, $($rest)*);
    };
    (initializer, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::parts::InitializerSpec] Initializer, $($rest)*);
    };
    (survival, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::parts::SurvivalSpec] Survival, $($rest)*);
    };
    (modulation, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::parts::ModulationSpec] Modulation, $($rest)*);
    };
}
