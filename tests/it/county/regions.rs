//! A county the program brings no regions of, set up from its own table.

use crate::program::Program;

const TODAY: &str = "2026-03-10";
const TABLE: &str = "区划代码,名称\n331102,虚构区\n331102001000,虚构街道\n331102001002,虚构社区\n";
const FARMERS: &str = r#"{"county": "331102", "farmers": [{"key": "f1", "name": "虚构甲", "village": "331102001002",
    "categories": [{"from": "2025-01-01", "category": "general"}]}]}"#;

#[test]
fn another_county_brings_its_own_regions() {
    let program = Program::on(TODAY);
    let init = ["init", "--county", "331102"];
    let done = program.must(&init, &[]);
    assert!(done.err.contains("--regions"), "{}", done.err);
    let farmers = program.write("farmers.json", FARMERS);
    let import = ["import", "county", &farmers];
    assert_eq!(program.run(&import, &[]).code, 2, "nobody can live in a village that is not known");

    let broken = program.write("broken.csv", format!("{TABLE}331102002001,没有街道\n"));
    let done = program.run(&[&init[..], &["--regions", &broken]].concat(), &[]);
    assert!(done.code == 2 && done.err.contains("row 5 "), "{}", done.err);
    assert_eq!(program.run(&import, &[]).code, 2, "nothing of it was taken");

    let table = program.write("regions.csv", TABLE);
    for _ in 0..2 {
        let done = program.must(&[&init[..], &["--regions", &table]].concat(), &[]);
        assert!(!done.err.contains("--regions"), "{}", done.err);
    }
    program.must(&import, &[]);
    program.must(&["verify"], &[]);
    let named = program.must(&["doctor"], &[]);
    assert!(named.out.contains("虚构区"), "{}", named.out);
}
