use super::*;

#[test]
fn it_is_found_by_name_or_in_the_path() {
    let folder = std::env::temp_dir().join(format!("xtask-browser-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = format!("/nowhere:{}", folder.display());
    let none = std::iter::empty;
    assert!(note_in(none(), &path).starts_with("browser: not at hand"));
    std::fs::write(folder.join("mine"), "").unwrap();
    assert_eq!(
        note_in([folder.join("mine")].into_iter(), "/nowhere"),
        "browser: at hand"
    );
    std::fs::write(folder.join("google-chrome"), "").unwrap();
    assert_eq!(note_in(none(), &path), "browser: at hand");
    std::fs::remove_dir_all(&folder).unwrap();
}
