use super::*;

#[test]
fn what_is_not_tested_is_said_with_the_way_out() {
    assert_eq!(
        note(None),
        "real MNIST: not tested, set DENTATE_DATA to a folder that holds mnist"
    );
    assert_eq!(
        note(Some("nowhere".into())),
        "real MNIST: not tested, DENTATE_DATA is nowhere, which has no folder mnist"
    );
}

#[test]
fn a_folder_with_mnist_is_enough() {
    let folder = std::env::temp_dir().join(format!("xtask-data-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("mnist")).unwrap();
    assert_eq!(note(Some(folder.clone().into())), "real MNIST: at hand");
    std::fs::remove_dir_all(folder).unwrap();
}
