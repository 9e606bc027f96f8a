//! Sealed secrets.

use super::goods::insert_goods;
use crate::store::contract::{Place, instant};
use red_anchor::store::secrets::{self, Sealed};

pub async fn sealed_secrets_are_stored_over_and_forgotten(place: &Place) {
    let mut work = place.work().await;
    insert_goods(&mut work).await;
    let row = |field: &str, key_id: &str| Sealed {
        shop_id: 1,
        field: field.into(),
        key_id: key_id.into(),
        sealed: vec![1, 0, 255],
        stored_at: instant(3),
    };
    secrets::upsert(&mut work, &[row("token", "a"), row("app_key", "a")]).await.unwrap();
    secrets::upsert(&mut work, &[row("token", "b")]).await.unwrap();
    assert_eq!(secrets::list(&mut work).await.unwrap(), [row("app_key", "a"), row("token", "b")]);
    assert_eq!(secrets::find(&mut work, 1, "token").await.unwrap(), Some(row("token", "b")));
    secrets::remove(&mut work, 1, "token").await.unwrap();
    assert_eq!(secrets::find(&mut work, 1, "token").await.unwrap(), None);
}
