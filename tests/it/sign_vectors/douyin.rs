//! Douyin's requests, pushes and calls of an app's own service.

use super::{given, member, vectors};
use red_anchor::platforms::AppKey;
use red_anchor::platforms::canonical::canonical;
use red_anchor::platforms::douyin::sign::{
    SignMethod, VERSION, event_sign, event_sign_hmac_sha256, request_text, service_text,
};
use serde_json::Value;

/// Checks one vector and says which kind it was.
fn check(vector: &Value) -> &'static str {
    let case = member(vector, "case").unwrap_or_default();
    let text = |name: &str| member(vector, name).unwrap_or_else(|| panic!("{case}: no {name}"));
    let app = AppKey::new(text("app_key"), text("app_secret"));
    let agrees = |name: &str, ours: &str| {
        if let Some(theirs) = member(vector, name) {
            assert_eq!(ours, theirs, "{case}: {name}");
        }
    };
    let sign_method = || SignMethod::parse(&text("sign_method")).unwrap_or_else(|| panic!("{case}: sign_method"));
    let (kind, sign) = match text("kind").as_str() {
        "api_request" => {
            let params = member(vector, "input_params_json").unwrap_or_else(|| text("canonical_param_json"));
            let params = canonical(&params).unwrap_or_else(|why| panic!("{case}: {why}"));
            agrees("canonical_param_json", &params);
            agrees("v", VERSION);
            let signed = request_text(&app, &text("method"), &params, &text("timestamp"));
            agrees("string_to_sign", &signed);
            agrees("expected_sign_md5_variant", &SignMethod::Md5.sign(app.secret(), &signed));
            ("api_request", sign_method().sign(app.secret(), &signed))
        }
        "webhook_event_sign" => ("webhook_event_sign", event_sign(&app, text("raw_body").as_bytes())),
        "webhook_event_sign_hmac_sha256" => {
            ("webhook_event_sign_hmac_sha256", event_sign_hmac_sha256(&app, text("raw_body").as_bytes()))
        }
        "spi_inbound" => {
            let params = canonical(&text("sorted_param_json")).unwrap_or_else(|why| panic!("{case}: {why}"));
            agrees("sorted_param_json", &params);
            let signed = service_text(&app, &params, &text("timestamp"));
            agrees("string_to_sign", &signed);
            ("spi_inbound", sign_method().sign(app.secret(), &signed))
        }
        other => panic!("{case}: no check for the kind {other}"),
    };
    assert_eq!(sign, text("expected_sign"), "{case}: expected_sign");
    kind
}

#[test]
fn sign_vectors_of_douyin_agree_with_ours() {
    let kinds: Vec<&str> = vectors("douyin").iter().map(check).collect();
    println!("{} vectors", kinds.len());
    if crate::environment::path("RED_ANCHOR_SIGN_VECTORS").is_none() {
        for kind in ["api_request", "webhook_event_sign", "webhook_event_sign_hmac_sha256", "spi_inbound"] {
            assert!(kinds.contains(&kind), "no vector of the kind {kind}");
        }
    }
}

#[test]
#[should_panic(expected = "no check for the kind")]
fn sign_vectors_of_a_kind_nobody_checks_fail() {
    let mut vector = given("douyin").remove(0);
    vector["kind"] = Value::from("something_new");
    check(&vector);
}

#[test]
#[should_panic(expected = "expected_sign")]
fn sign_vectors_that_disagree_fail() {
    let mut vector = given("douyin").remove(0);
    vector["expected_sign"] = Value::from("00");
    check(&vector);
}
