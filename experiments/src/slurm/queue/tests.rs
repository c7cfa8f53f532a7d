use super::parse;

#[test]
fn what_squeue_says_is_understood() {
    let said = "12 3 RUNNING\n12 4 PENDING\n13 N/A RUNNING\nsomething else\n\n12";
    assert_eq!(
        parse(said),
        [(12, 3, "RUNNING".to_string()), (12, 4, "PENDING".to_string())]
    );
}
