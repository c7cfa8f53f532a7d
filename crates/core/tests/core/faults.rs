//! Plans with something wrong: refused as a whole, with the right edit named.

use dentate_core::{Architecture, Moment, Problem, Seed};
use dentate_testkit::generators::{Fault, faults, faulty, intents, plan, shapes};
use proptest::prelude::*;

fn is(fault: Fault, problem: &Problem) -> bool {
    match fault {
        Fault::UnknownLayer => matches!(problem, Problem::NoLayer(_)),
        Fault::UnknownConnection => matches!(problem, Problem::NoConnection(_)),
        Fault::UnknownUnit => matches!(problem, Problem::NoUnit { .. }),
        Fault::RepeatedUnit => matches!(problem, Problem::Repeated(_)),
        Fault::StaleLayer | Fault::StaleConnection => matches!(problem, Problem::Stale { .. }),
        Fault::Cycle => matches!(problem, Problem::Cycle { .. } | Problem::Input(_)),
        Fault::Parallel => matches!(problem, Problem::Parallel { .. }),
        Fault::ResizedInput | Fault::IntoInput => matches!(problem, Problem::Input(_)),
        Fault::SecondInput => matches!(problem, Problem::SecondInput(_)),
        Fault::TakenName => matches!(problem, Problem::Name(_)),
        Fault::PruneAll => matches!(problem, Problem::Empty(_)),
        Fault::WidenByNone => matches!(problem, Problem::Nothing),
        Fault::WidenByFar => matches!(problem, Problem::TooLarge { .. }),
        Fault::RateNotANumber | Fault::BiasNotANumber | Fault::Share => {
            matches!(problem, Problem::Range { .. })
        }
        Fault::InfiniteWeight => matches!(problem, Problem::NotFinite(_)),
        Fault::FoldMean => matches!(problem, Problem::FoldMean { .. }),
        Fault::AdjustmentShape | Fault::GivenShape => matches!(problem, Problem::Shape { .. }),
        Fault::GivenUnread => matches!(problem, Problem::Unread(_)),
        Fault::SplitHead => matches!(problem, Problem::Classes { .. }),
        Fault::WidenOneOfTied => matches!(problem, Problem::Tied(..)),
        Fault::ResizePinned => matches!(problem, Problem::Conflict(_)),
        Fault::SplitNewborn => matches!(problem, Problem::Newborn(_)),
        Fault::NoClasses => matches!(problem, Problem::NoClasses(_)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_faulty_plan_changes_nothing_and_names_its_edit(
        shape in shapes(),
        history in intents(4),
        before in intents(3),
        after in intents(3),
        fault in faults(),
    ) {
        let mut architecture = Architecture::empty();
        architecture.apply(&shape.plan(), Moment::default()).unwrap();
        let grown = plan(architecture.graph(), &history, Seed(1));
        architecture.apply(&grown, Moment::default()).unwrap();
        let there = architecture.clone();
        let Some((plan, index)) = faulty(architecture.graph(), &before, fault, &after, Seed(2)) else {
            return Ok(());
        };
        let error = architecture.apply(&plan, Moment::default()).unwrap_err();
        prop_assert_eq!(error.index, index, "{}", error);
        prop_assert_eq!(error.edit, plan.edits[index].name());
        prop_assert!(is(fault, &error.problem), "{:?}: {}", fault, error);
        prop_assert_eq!(architecture, there);
    }
}
