//! Getting and renewing the shop's leave to be read.

use super::Douyin;
use crate::platforms::douyin::limits::REFRESH_TOKEN_LIFE;
use crate::platforms::douyin::wire::envelope::TokenData;
use crate::platforms::{Grant, PlatformError, Token};
use chrono::TimeDelta;
use serde_json::{Value, json};

impl Douyin {
    /// `token.create`; a code is good for ten minutes.
    pub async fn create_token(&self, grant: &Grant) -> Result<Token, PlatformError> {
        let params = match grant {
            Grant::OwnShop { platform_shop_id } => {
                json!({ "grant_type": "authorization_self", "code": "", "shop_id": platform_shop_id })
            }
            Grant::Code(code) => json!({ "grant_type": "authorization_code", "code": code }),
        };
        self.token("token.create", &params).await
    }

    /// `token.refresh`: a new pair; do not count on the old one afterwards.
    pub async fn refresh_token(&self, token: &Token) -> Result<Token, PlatformError> {
        let params = json!({ "grant_type": "refresh_token", "refresh_token": token.refresh_token });
        self.token("token.refresh", &params).await
    }

    async fn token(&self, method: &'static str, params: &Value) -> Result<Token, PlatformError> {
        let asked_at = self.link.clock.now();
        let data = self.call::<TokenData>(method, None, params).await?.data;
        let malformed = |what: &str| PlatformError::Malformed { context: format!("{method}: {what}") };
        let life_seconds = data.expires_in.amount("expires_in").map_err(|why| malformed(&why.en))?;
        let life = TimeDelta::try_seconds(life_seconds)
            .filter(|life| *life > TimeDelta::zero() && *life <= REFRESH_TOKEN_LIFE)
            .ok_or_else(|| malformed("expires_in is not the life of a token"))?;
        let (Some(access_token), Some(refresh_token)) = (data.access_token.get(), data.refresh_token.get()) else {
            return Err(malformed("an answer without tokens"));
        };
        Ok(Token {
            access_token: access_token.to_owned(),
            refresh_token: refresh_token.to_owned(),
            access_ends_at: asked_at + life,
            refresh_ends_at: asked_at + REFRESH_TOKEN_LIFE,
            platform_shop_id: data.shop_id.or_empty().to_owned(),
            shop_name: data.shop_name.or_empty().to_owned(),
        })
    }
}
