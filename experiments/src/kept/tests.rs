use super::bytes;
use crate::run::Timing;
use crate::suite::Keep;

/// The bytes of kept networks are estimated from an earlier run of the same kind, otherwise from its parameters.
#[test]
fn the_room_of_networks_is_judged_by_an_earlier_run() {
    let earlier = |kept| Timing {
        kept,
        parameters: 1000,
        network_bytes: 5432,
        ..Timing::default()
    };
    let one = 4 * 1000 + super::GRAPH_BYTES;
    for (keep, kept, wanted) in [
        (Keep::None, Some(Keep::Final), 0),
        (Keep::Final, Some(Keep::Final), 5432),
        (Keep::Final, Some(Keep::None), one),
        (Keep::Final, None, one),
        (Keep::Experiences, Some(Keep::Final), 6 * one),
        (Keep::Experiences, Some(Keep::Experiences), 5432),
    ] {
        assert_eq!(bytes(keep, 5, &earlier(kept)), wanted, "{keep:?} {kept:?}");
    }
}
