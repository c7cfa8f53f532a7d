/// A plugin that silently failed to link would be missing here.
#[test]
fn everything_is_linked_in() {
    insta::assert_snapshot!(super::registered());
}
