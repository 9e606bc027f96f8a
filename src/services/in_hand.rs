//! Whether one person had another one's account in hand: administrators are shown the link to every account they make or
//! reset, and could be both people where two are needed.

use super::sign_in::LINK_DAYS;
use crate::domain::access::Actor;
use crate::domain::audit::Noun;
use crate::domain::calendar::Instant;
use crate::store::{Session, StoreError, audit};
use chrono::TimeDelta;

/// Days that the link to an account lives: how long before their step the first person's changes to it count.
pub const DAYS: i64 = LINK_DAYS;

/// True if whoever took the first step made, reset or otherwise changed the second one's account within so many days
/// before it, or since.
pub async fn had(session: &mut Session, first: i64, at: Instant, second: &Actor) -> Result<bool, StoreError> {
    let account = second.account_id.to_string();
    Ok(audit::count_about(session, (Noun::Account, &account), first, at - TimeDelta::days(DAYS)).await? > 0)
}
