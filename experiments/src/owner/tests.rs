use super::from;
use std::path::Path;

#[test]
fn the_way_from_a_place_to_another_leads_there() {
    let cases = [
        ("/a/results/x", "/a/suites/x.toml", "../../suites/x.toml"),
        ("/a", "/a/x.toml", "x.toml"),
        ("/a/b", "/c/x.toml", "../../c/x.toml"),
        ("/", "/x.toml", "x.toml"),
    ];
    for (here, there, way) in cases {
        assert_eq!(
            from(Path::new(here), Path::new(there)),
            Path::new(way),
            "{here} {there}"
        );
    }
}
