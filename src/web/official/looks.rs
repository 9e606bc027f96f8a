//! The log of looks: who saw a household's page or one of its lines, written before the page is shown.

use crate::store::access::{self, Look, Seen};
use crate::web::AppState;
use crate::web::session::Reader;
use anyhow::Context;

/// Records a reader's look.
pub async fn record(app: &AppState, reader: &Reader, seen: Seen) -> anyhow::Result<()> {
    let write = async {
        let mut session = app.store.write(reader.scope.county()).await?;
        let (account_id, role) = (reader.login.account_id, reader.role.key());
        let look = Look { account_id, role, subject: &reader.subject, seen };
        access::insert_look(&mut session, look, app.clock.now()).await?;
        session.commit().await
    };
    write.await.context("recording a look")
}
