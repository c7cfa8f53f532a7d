//! The rules, applied to the repository itself.

use super::*;

fn assert_kept(rule: Rule) {
    let house = House::read(&Workspace::find().unwrap()).unwrap();
    assert!(!house.files.is_empty() && !house.packages.is_empty());
    let findings = rule(&house);
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "\n{}", lines.join("\n"));
}

macro_rules! kept {
    ($($name:ident: $rule:expr;)*) => {
        $(#[test] fn $name() { assert_kept($rule); })*

        #[test]
        fn every_rule_is_a_test() {
            assert_eq!([$(stringify!($name)),*].len(), RULES.len());
        }
    };
}

kept! {
    packages_depend_as_the_table_says: edges::edges;
    heavy_dependencies_have_one_owner: manifests::one_owner;
    default_features_are_off: manifests::features_are_off;
    heavy_dependencies_have_one_owner_in_code: purity::one_owner_in_code;
    core_does_no_io: purity::core_does_no_io;
    growth_knows_no_backend: purity::growth_knows_no_backend;
    eval_knows_no_strategy: purity::eval_knows_no_strategy;
    suites_are_read_in_experiments: purity::suites_are_read_in_experiments;
    there_are_no_unordered_maps: purity::no_unordered_maps;
    nothing_is_unfinished: purity::nothing_unfinished;
    output_ends_nothing: purity::output_ends_nothing;
    no_files_import_each_other_in_a_circle: circles::no_circles;
    names_say_what_is_inside: names::no_vague_names;
    files_are_short: names::no_long_files;
    old_names_are_gone: renamed::no_renamed_names;
    names_of_seeds_stand_in_the_table: seeds::seeds;
    links_lead_somewhere: links::links_lead_somewhere;
    the_summary_is_complete: links::the_summary_is_complete;
    no_folder_outside_is_mentioned: text::no_foreign_folder;
    every_member_inherits_the_lints: text::every_member_inherits_the_lints;
}
