//! The ledger's rules beyond the shared scenarios: the worked numbers of docs/MONEY.md, and what must hold for any order.

mod lots;
mod order_level;
mod properties;
mod trade;
mod versions;
mod worked;

/// What docs/MONEY.md may name as the proof of a number.
const PROOFS: [&str; 11] = [
    include_str!("../../../src/domain/payouts.rs"),
    include_str!("../doubles/mod.rs"),
    include_str!("../payouts/mod.rs"),
    include_str!("../county/lots.rs"),
    include_str!("../verify/opened.rs"),
    include_str!("lots.rs"),
    include_str!("order_level.rs"),
    include_str!("properties.rs"),
    include_str!("versions.rs"),
    include_str!("worked.rs"),
    include_str!("../../fixtures/money_vectors.json"),
];

/// Names in backticks that look like a test's or a scenario's: lower case, joined by `_` or `-`.
fn proofs_named(page: &str) -> impl Iterator<Item = &str> {
    page.split('`').skip(1).step_by(2).filter(|name| {
        name.matches(['_', '-']).count() >= 1
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
    })
}

#[test]
fn every_proof_the_money_page_names_exists() {
    let named: Vec<&str> = proofs_named(include_str!("../../../docs/MONEY.md")).collect();
    assert!(named.len() > 30, "the page names its tests: {named:?}");
    for name in named {
        let (function, scenario) = (format!("fn {name}("), format!("\"{name}\""));
        assert!(PROOFS.iter().any(|text| text.contains(&function) || text.contains(&scenario)), "{name}");
    }
}
