//! `token.create` for an app of the shop's own, and `token.refresh`.
//!
//! The authorisation code of an app for many shops is not given out here: it needs a merchant in a browser.

use super::super::Sandbox;
use super::super::refusal::{GRANT_UNKNOWN, REFRESH_UNKNOWN, Refusal};
use super::super::token::{ACCESS_SECONDS, Pair};
use super::Params;
use crate::sandbox::world::shops::Shop;
use serde::Serialize;

/// `data` of both.
#[derive(Debug, Serialize)]
pub struct TokenData {
    access_token: String,
    expires_in: i64,
    refresh_token: String,
    scope: &'static str,
    shop_id: String,
    shop_name: &'static str,
    authority_id: &'static str,
    auth_subject_type: &'static str,
}

impl From<Pair> for TokenData {
    fn from(pair: Pair) -> Self {
        Self {
            access_token: pair.access,
            expires_in: ACCESS_SECONDS,
            refresh_token: pair.refresh,
            scope: "SCOPE",
            shop_id: pair.shop.platform_id().to_string(),
            shop_name: pair.shop.name(),
            authority_id: "",
            auth_subject_type: "",
        }
    }
}

/// The answer, if the method is one of the two.
pub fn answer(sandbox: &Sandbox, method: &str, params: &Params) -> Result<Option<TokenData>, Refusal> {
    let now = sandbox.scene.clock.now();
    let pair = match method {
        "token.create" => {
            let of_the_shop = params.text("grant_type").as_deref() == Some("authorization_self");
            let shop = if params.text("test_shop").as_deref() == Some("1") {
                Some(Shop::Association)
            } else {
                params.int("shop_id").and_then(Shop::by_platform_id)
            };
            sandbox.tokens.issue(shop.filter(|_| of_the_shop).ok_or(GRANT_UNKNOWN)?, now)
        }
        "token.refresh" => {
            let token = params.text("refresh_token").ok_or(REFRESH_UNKNOWN)?;
            sandbox.tokens.refresh(&token, now)?
        }
        _ => return Ok(None),
    };
    Ok(Some(pair.into()))
}
