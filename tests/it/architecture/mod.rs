//! Who may use whom, held by reading the sources.
//!
//! The layers and their reasons are in docs/ARCHITECTURE.md. Each rule is one test, and a broken one lists every place
//! as `file:line`. What the compiler or clippy can hold (no unsafe code, banned calls with their reasons in
//! clippy.toml) is held there as well: these tests stay when somebody allows a lint.
//!
//! Not here: that primary keys start with the county (`store`), that every route names a role (`web`).

mod source;

use source::{Source, hold, sources, words};
use std::collections::BTreeSet;

/// The crates that belong to one layer each.
fn only_in(name: &str, homes: &[&str]) {
    let mut broken = Vec::new();
    for source in sources("src").iter().filter(|s| !homes.iter().any(|home| s.is_in(home))) {
        broken.extend(source.identifiers(name).into_iter().map(|offset| source.at(offset)));
    }
    hold(&format!("`{name}` is used only in {}", homes.join(" and ")), &broken);
}

/// The modules of ours that layers may name, beside themselves.
fn use_only(layers: &[&str], allowed: &[&str]) {
    let sources = sources("src");
    let mut broken = Vec::new();
    for layer in layers {
        let (folder, file) = (format!("src/{layer}"), format!("src/{layer}.rs"));
        for source in sources.iter().filter(|s| s.is_in(&folder) || s.is_in(&file)) {
            for (offset, path) in source.crate_paths() {
                let module = path.first().map_or("everything", String::as_str);
                if module != *layer && !allowed.contains(&module) {
                    broken.push(format!("{} uses {}", source.at(offset), path.join("::")));
                }
            }
        }
    }
    hold(&format!("{layers:?} use only {allowed:?} and each itself"), &broken);
}

/// Calls that only one place may make.
fn calls_only_in(calls: &[&str], home: &str) {
    let mut broken = Vec::new();
    for source in sources("src").iter().filter(|s| !s.is_in(home)) {
        for call in calls {
            broken.extend(source.code.match_indices(call).map(|(offset, _)| format!("{} {call}", source.at(offset))));
        }
    }
    hold(&format!("{calls:?} only in {home}"), &broken);
}

/// All of the project's Rust: the program, its tests, its benches.
fn all_sources() -> Vec<Source> {
    ["src", "tests", "benches"].into_iter().flat_map(sources).collect()
}

#[test]
fn sql_is_spoken_only_in_the_store() {
    only_in("sqlx", &["src/store"]);
}

#[test]
fn the_network_is_asked_only_by_the_platforms() {
    only_in("reqwest", &["src/platforms"]);
}

#[test]
fn http_is_answered_only_by_the_site_and_the_sandbox() {
    only_in("axum", &["src/web", "src/sandbox"]);
    only_in("maud", &["src/web"]);
}

#[test]
fn pictures_are_drawn_only_by_the_charts() {
    only_in("plotters", &["src/charts"]);
}

#[test]
fn the_domain_uses_nothing_of_ours() {
    use_only(&["domain"], &[]);
    use_only(&["clock"], &["domain"]);
}

#[test]
fn store_platforms_and_charts_stand_on_the_domain_alone() {
    use_only(&["store", "platforms", "charts"], &["domain", "clock"]);
}

#[test]
fn documents_are_set_only_by_the_reports_from_facts_they_are_given() {
    for name in ["typst", "typst_pdf", "resvg"] {
        only_in(name, &["src/reports"]);
    }
    use_only(&["reports"], &["domain", "charts"]);
}

#[test]
fn the_sandbox_shares_nothing_with_the_client_it_tests() {
    use_only(&["sandbox"], &["domain", "clock"]);
}

#[test]
fn ingest_and_services_know_nothing_of_the_outside() {
    use_only(&["ingest", "services"], &["domain", "clock", "store", "platforms", "charts", "ingest", "services"]);
}

#[test]
fn jobs_know_neither_the_site_nor_the_command_line() {
    use_only(&["jobs"], &["domain", "clock", "store", "platforms", "ingest", "services"]);
}

#[test]
fn the_site_knows_neither_the_demo_nor_where_facts_come_from() {
    use_only(&["web"], &["domain", "clock", "store", "charts", "reports", "services"]);
}

/// What the demo shows must have come by HTTP and ingest, or it would prove nothing about them.
#[test]
fn the_demo_and_the_sandbox_write_no_order_refund_settlement_or_ledger_row() {
    const NOUNS: [&str; 5] = ["order", "refund", "settlement", "ledger", "posting"];
    const WRITES: [&str; 6] = ["insert_", "upsert_", "update_", "append_", "write_", "remove_"];
    let mut broken = Vec::new();
    for source in sources("src").iter().filter(|s| s.is_in("src/demo") || s.is_in("src/sandbox")) {
        for (offset, path) in source.crate_paths() {
            if path.first().is_some_and(|module| module == "store")
                && path.iter().any(|segment| NOUNS.iter().any(|noun| segment.starts_with(noun)))
            {
                broken.push(format!("{} names {}", source.at(offset), path.join("::")));
            }
        }
        for noun in NOUNS {
            let module = format!("store::{noun}");
            let named = source.code.match_indices(&module);
            broken.extend(named.map(|(offset, _)| format!("{} names {module}…", source.at(offset))));
        }
        for (offset, word) in words(&source.code) {
            if NOUNS.iter().any(|noun| word.contains(noun)) && WRITES.iter().any(|verb| word.starts_with(verb)) {
                broken.push(format!("{} names {word}", source.at(offset)));
            }
        }
    }
    hold("demo and sandbox name no write of orders, refunds, settlements or the ledger", &broken);
}

/// Nothing under src says it changes or deletes a row of a table, in whatever words.
fn only_appended_to(table: &str) {
    let forbidden: [&[&str]; 6] = [
        &["update", table],
        &["update", "only", table],
        &["delete", "from", table],
        &["replace", "into", table],
        &["truncate", table],
        &["truncate", "table", table],
    ];
    let mut broken = Vec::new();
    for source in sources("src") {
        let said: Vec<(usize, String)> =
            words(&source.spoken).map(|(offset, word)| (offset, word.to_lowercase())).collect();
        for sentence in forbidden {
            for window in said.windows(sentence.len()).filter(|w| w.iter().map(|(_, word)| word).eq(sentence)) {
                broken.push(format!("{} {}", source.at(window[0].0), sentence.join(" ")));
            }
        }
    }
    hold(&format!("{table} is append-only"), &broken);
}

#[test]
fn nothing_updates_or_deletes_a_ledger_row() {
    only_appended_to("ledger_entry");
}

#[test]
fn nothing_updates_or_deletes_a_row_of_the_audit_trail() {
    only_appended_to("audit");
}

#[test]
fn nothing_updates_or_deletes_a_report_or_a_note_of_a_month() {
    only_appended_to("month_report");
    only_appended_to("month_note");
}

/// A unit of work cannot be committed without its row; a writing session without a batch could be.
#[test]
fn what_is_written_without_a_batch_tells_the_audit_trail() {
    /// Files that write what is no change of the county: whose turn it is to pull a shop and when the next one is; the log
    /// of looks; and which of its households a device shows, which the rows of sessions and slips say.
    const NO_CHANGE: [&str; 4] =
        ["src/jobs/lease.rs", "src/services/connection.rs", "src/services/slips.rs", "src/web/official/looks.rs"];
    const TELLS: [&str; 2] = ["audit::append(", "note_sign_in("];
    let broken: Vec<String> = sources("src")
        .iter()
        .filter(|s| !s.is_in("src/store") && !NO_CHANGE.contains(&s.path.as_str()))
        .filter(|s| s.code.contains("store.write(") && !TELLS.iter().any(|call| s.code.contains(call)))
        .map(|s| s.path.clone())
        .collect();
    hold("a file that opens a writing session without a batch appends to the audit trail", &broken);
}

#[test]
fn only_the_clock_reads_the_time_and_waits() {
    calls_only_in(
        &["Utc::now", "Local::now", "SystemTime::now", "time::sleep", "thread::sleep", "time::interval"],
        "src/clock.rs",
    );
}

#[test]
fn only_the_command_line_reads_the_environment() {
    calls_only_in(&["env::var"], "src/cli");
}

#[test]
fn no_floating_point_stands_near_money() {
    // in `part.rs` a number is named to be refused
    for float in ["f32", "f64"] {
        only_in(
            float,
            &["src/charts", "src/web", "src/cli", "src/demo", "src/sandbox", "src/platforms/fields/part.rs"],
        );
    }
}

#[test]
fn no_file_is_a_drawer_for_odds_and_ends() {
    const DRAWERS: [&str; 8] = ["utils", "util", "utilities", "helpers", "helper", "common", "misc", "shared"];
    let broken: Vec<String> = all_sources()
        .into_iter()
        .filter(|s| s.path.trim_end_matches(".rs").split('/').any(|part| DRAWERS.contains(&part)))
        .map(|s| s.path)
        .collect();
    hold("files are named after what they are about", &broken);
}

#[test]
fn nothing_is_left_unfinished_or_untested() {
    let mut broken = Vec::new();
    for source in all_sources() {
        for mark in ["todo!", "unimplemented!", "#[ignore", "dbg!"] {
            broken.extend(source.code.match_indices(mark).map(|(offset, _)| format!("{} {mark}", source.at(offset))));
        }
    }
    hold("no unfinished code and no test that does not run", &broken);
}

#[test]
fn no_source_file_is_longer_than_600_lines() {
    const MOST_LINES: usize = 600;
    let broken: Vec<String> = all_sources()
        .iter()
        .map(|s| (s.text.lines().count(), &s.path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path}:{lines}"))
        .collect();
    hold("a file past 600 lines is two files", &broken);
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let broken: Vec<String> = sources("src")
        .iter()
        .filter(|s| {
            let first = s.text.lines().next().unwrap_or_default();
            !first.starts_with("//!") || first.contains("skeleton") || first.trim_start_matches("//!").trim().is_empty()
        })
        .map(|s| format!("{}:1", s.path))
        .collect();
    hold("every file under src starts with a `//!` header in the domain's words", &broken);
}

#[test]
fn every_word_of_the_pages_is_used() {
    let sources = all_sources();
    let used: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| source.code.split('.').skip(1))
        .map(|after| after.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
        .collect();
    let is_word = |line: &&str| line.contains(": \"") && line.contains("\" | \"");
    let words = sources.iter().filter(|source| source.is_in("src/web/wording")).flat_map(|source| {
        let names = source.text.lines().filter(is_word).filter_map(|line| line.trim().split(':').next());
        names.map(|name| (source.path.as_str(), name))
    });
    let (used_words, unused): (Vec<_>, Vec<_>) = words.partition(|(_, name)| used.contains(name));
    assert!(used_words.len() > 1_000, "the words are found: {}", used_words.len());
    hold(
        "a word nobody reads is taken out",
        &unused.iter().map(|(path, name)| format!("{path} {name}")).collect::<Vec<_>>(),
    );
}

/// `Cargo.toml` says how SQLite's driver waits by a feature of the crate it hands over through. Another version of that
/// crate would be built without it, and nothing but the speed would tell.
#[test]
fn sqlites_driver_hands_over_through_the_flume_that_this_program_names() {
    let lock = std::fs::read_to_string("Cargo.lock").expect("the versions");
    let of = |name: &str| {
        let line = format!("\nname = \"{name}\"\n");
        lock.split("[[package]]").filter(|package| package.contains(&line)).collect::<Vec<_>>()
    };
    assert_eq!(of("flume").len(), 1);
    for user in ["sqlx-sqlite", "red-anchor"] {
        assert!(of(user).iter().any(|package| package.contains("\n \"flume\",")), "{user} does not use it");
    }
}
