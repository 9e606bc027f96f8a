//! A county the program brings no regions of, set up from its own table.

use crate::program::Program;

const TODAY: &str = "2026-03-10";
const TABLE: &str = "区划代码,名称\n331102,虚构区\n331102001000,虚构街道\n331102001002,虚构社区\n";

fn farmers(village: &str) -> String {
    format!(
        r#"{{"county": "331102", "farmers": [{{"key": "f1", "name": "虚构甲", "village": "{village}",
        "categories": [{{"from": "2025-01-01", "category": "general"}}]}}]}}"#
    )
}

#[test]
fn another_county_brings_its_own_regions() {
    let program = Program::on(TODAY);
    let init = ["init", "--county", "331102"];
    let done = program.must(&init, &[]);
    assert!(done.err.contains("--regions"), "{}", done.err);
    let broken = program.write("broken.csv", format!("{TABLE}331102002001,没有街道\n"));
    let done = program.run(&[&init[..], &["--regions", &broken]].concat(), &[]);
    assert!(done.code == 2 && done.err.contains("row 5 "), "{}", done.err);
    let done = program.must(&init, &[]);
    assert!(done.err.contains("--regions"), "nothing of it was taken: {}", done.err);

    let table = program.write("regions.csv", TABLE);
    for _ in 0..2 {
        let done = program.must(&[&init[..], &["--regions", &table]].concat(), &[]);
        assert!(!done.err.contains("--regions"), "{}", done.err);
    }
    let nowhere = program.write("nowhere.json", farmers("331102001003"));
    assert_eq!(program.run(&["import", "county", &nowhere], &[]).code, 2, "there is no such village");
    let village = program.write("farmers.json", farmers("331102001002"));
    program.must(&["import", "county", &village], &[]);
    program.must(&["verify"], &[]);
    let named = program.must(&["doctor"], &[]);
    assert!(named.out.contains("虚构区"), "{}", named.out);
}
