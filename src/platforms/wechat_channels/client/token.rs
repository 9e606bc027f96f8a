//! The stable token: the app's own secret made good for two hours.
//!
//! Asking again gives the same token while it is good, so that several programs may hold it, and a new one in its last
//! minutes. A token that was refused although it should be good is replaced by force, which ends it for everybody: rare,
//! and limited to 20 times a day by the platform.

use super::{Answer, WechatChannels};
use crate::platforms::wechat_channels::limits::{RENEW_BEFORE, TOKEN_LIFE};
use crate::platforms::wechat_channels::wire::envelope::TokenAnswer;
use crate::platforms::{Grant, PlatformError, Token};
use chrono::TimeDelta;
use serde_json::json;

const STABLE_TOKEN: &str = "cgi-bin/stable_token";

impl WechatChannels {
    /// The token of the shop's own app; there is no other kind here.
    pub async fn create_token(&self, grant: &Grant) -> Result<Token, PlatformError> {
        match grant {
            Grant::OwnShop { .. } => self.stable_token(false).await,
            Grant::Code(_) => Err(PlatformError::Denied {
                context: format!(
                    "{STABLE_TOKEN}: a shop is read with its own app's number and secret, not with a code"
                ),
            }),
        }
    }

    /// The next token; by force where the platform still hands out the one that was refused.
    pub async fn refresh_token(&self, token: &Token) -> Result<Token, PlatformError> {
        let current = self.stable_token(false).await?;
        let has_life_left = current.access_ends_at - RENEW_BEFORE > self.link.clock.now();
        if current.access_token == token.access_token && has_life_left {
            return self.stable_token(true).await;
        }
        Ok(current)
    }

    async fn stable_token(&self, by_force: bool) -> Result<Token, PlatformError> {
        let params = json!({
            "appid": self.link.app.key(),
            "force_refresh": by_force,
            "grant_type": "client_credential",
            "secret": self.link.app.secret(),
        });
        let asked_at = self.link.clock.now();
        let answer: Answer = self.call(STABLE_TOKEN, None, &params).await?;
        let data: TokenAnswer = answer.read()?;
        let malformed = |what: &str| PlatformError::Malformed { context: format!("{STABLE_TOKEN}: {what}") };
        let seconds = data.expires_in.amount("expires_in").map_err(|why| malformed(&why.en))?;
        let life = TimeDelta::try_seconds(seconds)
            .filter(|life| *life > TimeDelta::zero() && *life <= TOKEN_LIFE)
            .ok_or_else(|| malformed("expires_in is not the life of a token"))?;
        let access_token = data.access_token.get().ok_or_else(|| malformed("an answer without a token"))?;
        Ok(Token {
            access_token: access_token.to_owned(),
            refresh_token: String::new(),
            access_ends_at: asked_at + life,
            refresh_ends_at: asked_at + life,
            platform_shop_id: self.link.app.key().to_owned(),
            shop_name: String::new(),
        })
    }
}
