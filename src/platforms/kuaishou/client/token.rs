//! Getting and renewing the merchant's leave to be read.
//!
//! There is no token without a merchant: one authorises the app in a browser and is sent back with a code, good for two
//! minutes and once. The token is renewed from then on; a renewed refresh token lives no longer than the first would
//! have, so after 180 days a person authorises again. These calls are not signed: the app's secret is in them.

use super::Kuaishou;
use crate::platforms::http::{self, Received};
use crate::platforms::kuaishou::errors::{OK, classify_grant};
use crate::platforms::kuaishou::limits::{ACCESS_TOKEN_LIFE, REFRESH_TOKEN_LIFE};
use crate::platforms::kuaishou::wire::envelope::TokenAnswer;
use crate::platforms::{Grant, PlatformError, Token};
use chrono::TimeDelta;

const CREATE: &str = "oauth2/access_token";
const REFRESH: &str = "oauth2/refresh_token";

impl Kuaishou {
    /// A token for a code.
    pub async fn create_token(&self, grant: &Grant) -> Result<Token, PlatformError> {
        let Grant::Code(code) = grant else {
            let context =
                format!("{CREATE}: the merchant has to authorise the app first; give the code it came back with");
            return Err(PlatformError::Denied { context });
        };
        let (id, secret) = (self.link.app.key(), self.link.app.secret());
        let query = [("app_id", id), ("grant_type", "code"), ("code", code), ("app_secret", secret)];
        // Asked once: a code that was used is used, whether its answer arrived or not.
        self.limiter.acquire(&self.link.clock).await;
        let request = self.link.http.get(self.link.endpoint.at(CREATE, &query));
        self.token(CREATE, &http::send(request).await.map_err(|error| error.in_call(CREATE))?)
    }

    /// A new pair; the old refresh token dies within minutes.
    pub async fn refresh_token(&self, token: &Token) -> Result<Token, PlatformError> {
        let mut renewed = self.link.insist(&self.limiter, REFRESH, || self.ask_to_refresh(token)).await?;
        renewed.refresh_ends_at = renewed.refresh_ends_at.min(token.refresh_ends_at);
        Ok(renewed)
    }

    async fn ask_to_refresh(&self, token: &Token) -> Result<Token, PlatformError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.refresh_token.as_str()),
            ("app_id", self.link.app.key()),
            ("app_secret", self.link.app.secret()),
        ];
        let request = self
            .link
            .http
            .post(self.link.endpoint.at(REFRESH, &[]))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(self.link.endpoint.at("", &form).query().unwrap_or_default().to_owned());
        self.token(REFRESH, &http::send(request).await.map_err(|error| error.in_call(REFRESH))?)
    }

    fn token(&self, method: &'static str, received: &Received) -> Result<Token, PlatformError> {
        received.check(method)?;
        let malformed = |what: &str| PlatformError::Malformed { context: format!("{method}: {what}") };
        let data: TokenAnswer =
            serde_json::from_slice(&received.body).map_err(|_| malformed("not in the documented shape"))?;
        let result =
            data.result.get("result").map_err(|why| malformed(&why.en))?.ok_or_else(|| malformed("no result"))?;
        if result != OK {
            let context = format!("{method}: {result} {} {}", data.error.or_empty(), data.error_msg.or_empty());
            return Err(classify_grant(result, context.trim_end().to_owned()));
        }
        let life = |seconds: i64, longest: TimeDelta, name: &str| {
            TimeDelta::try_seconds(seconds)
                .filter(|life| *life > TimeDelta::zero() && *life <= longest)
                .ok_or_else(|| malformed(&format!("{name} is not the life of a token")))
        };
        let seconds = data.expires_in.amount("expires_in").map_err(|why| malformed(&why.en))?;
        let access_life = life(seconds, ACCESS_TOKEN_LIFE, "expires_in")?;
        let seconds =
            data.refresh_token_expires_in.amount("refresh_token_expires_in").map_err(|why| malformed(&why.en))?;
        let refresh_life = life(seconds, REFRESH_TOKEN_LIFE, "refresh_token_expires_in")?;
        let (Some(access_token), Some(refresh_token)) = (data.access_token.get(), data.refresh_token.get()) else {
            return Err(malformed("an answer without tokens"));
        };
        let now = self.link.clock.now();
        Ok(Token {
            access_token: access_token.to_owned(),
            refresh_token: refresh_token.to_owned(),
            access_ends_at: now + access_life,
            refresh_ends_at: now + refresh_life,
            platform_shop_id: data.open_id.or_empty().to_owned(),
            shop_name: String::new(),
        })
    }
}
