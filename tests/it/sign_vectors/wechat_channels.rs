//! WeChat's pushes; requests to it are not signed.

use super::{given, member, vectors};
use red_anchor::platforms::wechat_channels::push::PushKey;
use red_anchor::platforms::wechat_channels::sign::signature;
use serde_json::Value;

/// As the vectors name it.
const WECHAT: &str = "wechat";

/// Checks one vector and says which kind it was.
fn check(vector: &Value) -> &'static str {
    let case = member(vector, "case").unwrap_or_default();
    let text = |name: &str| member(vector, name).unwrap_or_else(|| panic!("{case}: no {name}"));
    let key = || {
        let token = member(vector, "token").unwrap_or_default();
        PushKey::new(&token, &text("encoding_aes_key"), &text("appid")).unwrap_or_else(|why| panic!("{case}: {why}"))
    };
    let sealed = || {
        let random = text("random16").into_bytes().try_into().unwrap_or_else(|_| panic!("{case}: random16"));
        let sealed = key().seal(&text("plaintext"), random);
        assert_eq!(sealed, text("expected_encrypt"), "{case}: expected_encrypt");
        sealed
    };
    let (kind, sign) = match text("kind").as_str() {
        "url_verify_signature" => {
            ("url_verify_signature", Some(signature(&[&text("token"), &text("timestamp"), &text("nonce")])))
        }
        "msg_signature_and_decrypt" => {
            let encrypt = text("encrypt");
            let opened = key().open(&encrypt);
            assert_eq!(opened, Some(text("expected_plaintext")), "{case}: expected_plaintext");
            let sign = key().sign_sealed(&text("timestamp"), &text("nonce"), &encrypt);
            ("msg_signature_and_decrypt", Some(sign))
        }
        "reply_encrypt" => {
            let sign = key().sign_sealed(&text("timestamp"), &text("nonce"), &sealed());
            ("reply_encrypt", Some(sign))
        }
        "encrypt" => {
            assert_eq!(key().open(&sealed()), Some(text("plaintext")), "{case}: and back");
            ("encrypt", None)
        }
        "sha1_sorted_concat" => {
            let values: Vec<String> =
                vector["values"].as_array().into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect();
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            ("sha1_sorted_concat", Some(signature(&values)))
        }
        other => panic!("{case}: no check for the kind {other}"),
    };
    if let Some(sign) = sign {
        assert_eq!(sign, text("expected_sign"), "{case}: expected_sign");
    }
    kind
}

#[test]
fn sign_vectors_of_wechat_agree_with_ours() {
    let kinds: Vec<&str> = vectors(WECHAT).iter().map(check).collect();
    println!("{} vectors", kinds.len());
    if crate::environment::path("RED_ANCHOR_SIGN_VECTORS").is_none() {
        for kind in
            ["url_verify_signature", "msg_signature_and_decrypt", "reply_encrypt", "encrypt", "sha1_sorted_concat"]
        {
            assert!(kinds.contains(&kind), "no vector of the kind {kind}");
        }
    }
}

#[test]
#[should_panic(expected = "no check for the kind")]
fn sign_vectors_of_wechat_of_a_kind_nobody_checks_fail() {
    let mut vector = given(WECHAT).remove(0);
    vector["kind"] = Value::from("something_new");
    check(&vector);
}

#[test]
#[should_panic(expected = "expected_sign")]
fn sign_vectors_of_wechat_that_disagree_fail() {
    let mut vector = given(WECHAT).remove(0);
    vector["expected_sign"] = Value::from("00");
    check(&vector);
}

#[test]
fn equal_texts_are_signed_twice() {
    assert_ne!(signature(&["1", "1", "2"]), signature(&["1", "2"]));
    assert_eq!(signature(&["2", "1", "1"]), signature(&["1", "2", "1"]));
}

#[test]
fn a_push_for_another_app_does_not_open() {
    let vector = given(WECHAT).into_iter().find(|v| v["kind"] == "msg_signature_and_decrypt").unwrap();
    let encrypt = vector["encrypt"].as_str().unwrap();
    let key = vector["encoding_aes_key"].as_str().unwrap();
    assert_eq!(PushKey::new("t", key, "wx0").unwrap().open(encrypt), None);
    assert!(PushKey::new("t", "short", "wx0").is_err());
    assert!(!format!("{:?}", PushKey::new("hush", key, "wx0").unwrap()).contains("hush"));
}
