//! Signatures made by other people's programs, against ours.
//!
//! `RED_ANCHOR_SIGN_VECTORS=FILE` reads another file of the same shape. A vector of a platform without a connector is
//! passed over by its platform; one of a platform that has one must be of a kind known here, or the test fails, so that
//! nothing is left out silently.

#![allow(clippy::unwrap_used, reason = "tests")]

mod douyin;
mod kuaishou;
mod wechat_channels;

use serde_json::Value;

/// The vectors given with the project.
const GIVEN: &str = include_str!("../../fixtures/sign_vectors.json");

/// The vectors of a platform to check ourselves against.
fn vectors(platform: &str) -> Vec<Value> {
    crate::environment::path("RED_ANCHOR_SIGN_VECTORS").map_or_else(
        || given(platform),
        |file| {
            let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            of_platform(platform, &text)
        },
    )
}

/// The vectors of a platform that came with the project, to check the checks themselves.
fn given(platform: &str) -> Vec<Value> {
    of_platform(platform, GIVEN)
}

fn of_platform(platform: &str, text: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(text).unwrap();
    let own: Vec<Value> = all.into_iter().filter(|vector| vector["platform"] == platform).collect();
    assert!(!own.is_empty(), "no vectors of {platform}");
    own
}

/// A text member; a number counts with its digits, a member that is not there or null is `None`.
fn member(vector: &Value, name: &str) -> Option<String> {
    match vector.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null => None,
        other => panic!("{name} is neither text nor number: {other}"),
    }
}
