//! Kuaishou's requests and pushes.

use super::{given, member, vectors};
use red_anchor::platforms::kuaishou::push;
use red_anchor::platforms::kuaishou::sign::{SignMethod, request_text};
use serde_json::Value;

/// All that may be signed.
const PARAMETERS: [&str; 7] = ["access_token", "appkey", "method", "param", "signMethod", "timestamp", "version"];

/// Checks one vector and says which kind it was.
fn check(vector: &Value) -> &'static str {
    let case = member(vector, "case").unwrap_or_default();
    let text = |name: &str| member(vector, name).unwrap_or_else(|| panic!("{case}: no {name}"));
    match text("kind").as_str() {
        "api_request" => {
            let given: Vec<(&str, String)> =
                PARAMETERS.into_iter().filter_map(|name| Some((name, member(vector, name)?))).collect();
            let params: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let signed = request_text(&params, &text("signSecret"));
            if let Some(theirs) = member(vector, "string_to_sign") {
                assert_eq!(signed, theirs, "{case}: string_to_sign");
            }
            let method = SignMethod::parse(&text("signMethod")).unwrap_or_else(|| panic!("{case}: signMethod"));
            assert_eq!(method.sign(&text("signSecret"), &signed), text("expected_sign"), "{case}: expected_sign");
            "api_request"
        }
        "message_push_decrypt" => {
            let opened = push::message(&text("private_key_base64"), &text("ciphertext_base64"));
            assert_eq!(opened, Some(text("expected_plaintext")), "{case}: expected_plaintext");
            "message_push_decrypt"
        }
        other => panic!("{case}: no check for the kind {other}"),
    }
}

#[test]
fn sign_vectors_of_kuaishou_agree_with_ours() {
    let kinds: Vec<&str> = vectors("kuaishou").iter().map(check).collect();
    println!("{} vectors", kinds.len());
    if crate::environment::path("RED_ANCHOR_SIGN_VECTORS").is_none() {
        for kind in ["api_request", "message_push_decrypt"] {
            assert!(kinds.contains(&kind), "no vector of the kind {kind}");
        }
    }
}

#[test]
#[should_panic(expected = "no check for the kind")]
fn sign_vectors_of_kuaishou_of_a_kind_nobody_checks_fail() {
    let mut vector = given("kuaishou").remove(0);
    vector["kind"] = Value::from("something_new");
    check(&vector);
}

#[test]
#[should_panic(expected = "expected_sign")]
fn sign_vectors_of_kuaishou_that_disagree_fail() {
    let mut vector = given("kuaishou").remove(0);
    vector["expected_sign"] = Value::from("00");
    check(&vector);
}

#[test]
fn a_push_sealed_with_another_key_does_not_open() {
    let vector = given("kuaishou").into_iter().find(|v| v["kind"] == "message_push_decrypt").unwrap();
    let sealed = vector["ciphertext_base64"].as_str().unwrap();
    assert_eq!(push::message("AAAAAAAAAAAAAAAAAAAAAA==", sealed), None);
    assert_eq!(push::message("not base64!", sealed), None);
}
