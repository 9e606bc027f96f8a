//! Photos of goods, what there is of a listing, and names and prices that begin on their day, over the site.

use super::client::{enter, enter_under, get, submit, upload};
use super::seed::{county, granted, past_the_seeds_numbers, photo, seeded, stream};
use crate::audit::any_change;
use axum::http::{StatusCode, header};
use red_anchor::domain::access::{Actor, Role};
use red_anchor::store::plans::{self, Offer};
use red_anchor::store::streams::{self, ShelfPlace};
use red_anchor::store::take_ids;
use std::time::Duration;

/// What an image's address is on a page.
pub(super) fn image_on(page: &str) -> String {
    let (_, rest) = page.split_once("<img src=\"").expect("an image");
    rest.split_once('"').unwrap().0.replace("&amp;", "&")
}

#[tokio::test]
async fn a_photo_is_drawn_anew_kept_by_its_hash_and_seen_by_who_may() {
    let seeded = seeded().await;
    let app = &seeded.app;
    let (staff, farmer) = (enter(app, Role::Branch).await, enter(app, Role::Farmer).await);
    let other = enter_under(app, granted(Role::Farmer, "360827", 2)).await;
    let place = "/branch/goods/listings/1/photo";
    let none = upload(app, place, &staff, &[("other", None, b"x")]).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.body.contains("没有选照片"), "{}", none.body);
    let script = upload(app, place, &staff, &[("photo", Some("a.jpg"), b"<svg onload=alert(1)>")]).await;
    assert!(script.body.contains("只收 JPEG、PNG 和 WebP"), "{}", script.body);
    let hostile = "<script>\\..\\x.png";
    let put = upload(app, place, &staff, &[("photo", Some(hostile), &photo())]).await;
    assert_eq!(put.header(header::LOCATION), "/branch/goods/listings/1", "{}", put.body);
    let page = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(!page.contains("x.png"), "a file's name is kept nowhere");
    let address = image_on(&page);
    let image = get(app, &address, &staff).await;
    assert_eq!(image.header(header::CONTENT_TYPE), "image/jpeg");
    assert_eq!(image.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(image.header(header::CACHE_CONTROL).contains("immutable") && image.bytes.starts_with(&[0xff, 0xd8]));
    let bare = address.split('?').next().unwrap();
    assert_eq!(get(app, bare, &staff).await.header(header::CACHE_CONTROL), "private, no-store");
    assert!(get(app, "/branch/streams/1/run-sheet", &staff).await.status.is_success());
    let trail = get(app, "/branch/audit?noun=photo", &staff).await.body;
    assert!(trail.contains("listing 1") && !trail.contains("x.png"), "{trail}");

    // a proposal's is its household's and the branch's
    let own = get(app, "/farmer/goods", &farmer).await.body;
    let own_image = image_on(&own);
    assert!(own_image.starts_with("/farmer/goods/photos/1?v="), "{own_image}");
    assert!(get(app, &own_image, &farmer).await.bytes.starts_with(&[0xff, 0xd8]));
    assert_eq!(get(app, &own_image, &other).await.status, StatusCode::NOT_FOUND);
    let theirs = upload(app, "/farmer/goods/1/photo", &other, &[("photo", Some("a.png"), &photo())]).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    let again = upload(app, "/farmer/goods/1/photo", &farmer, &[("photo", Some("a.png"), &photo())]).await;
    assert_eq!(again.header(header::LOCATION), "/farmer/goods", "{}", again.body);
    submit(app, "/branch/goods/proposals/1/return", &staff, "reason=x").await;
    let late = upload(app, "/farmer/goods/1/photo", &farmer, &[("photo", Some("a.png"), &photo())]).await;
    assert!(late.body.contains("支部已经看过这一样了"), "{}", late.body);

    let auditor = enter(app, Role::Auditor).await;
    assert!(get(app, &address, &auditor).await.status.is_success());
    assert_eq!(upload(app, place, &auditor, &[("photo", Some("a.png"), &photo())]).await.status, StatusCode::FORBIDDEN);
    let removed = submit(app, &format!("{bare}/remove"), &staff, "x=1").await;
    assert_eq!(removed.header(header::LOCATION), "/branch/goods/listings/1");
    assert_eq!(get(app, &address, &staff).await.status, StatusCode::NOT_FOUND);
    let large = upload(app, place, &staff, &[("photo", Some("a.png"), &vec![0; 11 * 1024 * 1024])]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn stock_is_counted_less_what_was_sold_and_a_shelf_that_promises_more_says_so() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let staff = enter(app, Role::Branch).await;
    let page = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(page.contains("没有数：还没有人清点过"), "{page}");
    let count = "/branch/goods/listings/1/count";
    for (form, says) in [
        ("on=2026-02-26&parcels=5&when=before", "还没到"),
        ("on=2026-02-20&parcels=-5&when=before", "件数要填"),
        ("on=2026-02-20&parcels=x&when=before", "件数要填"),
    ] {
        let refused = submit(app, count, &staff, form).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(says), "{}", refused.body);
    }
    // two parcels were sold on the 20th
    submit(app, count, &staff, "on=2026-02-20&parcels=12&when=before").await;
    let page = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(page.contains("还有 10 件") && page.contains("2026-02-20 清点 12 件，之后卖出 2 件"), "{page}");
    submit(app, count, &staff, "on=2026-02-20&parcels=7&when=after").await;
    let page = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(page.contains("还有 7 件") && page.contains("2026-02-20 清点 12 件"), "{page}");
    let plan = "act=check&title=t&shop=1&anchor=1&room=1&day=2026-02-27&from=19%3A00&to=22%3A00&listing=1&price=&points=&pieces=";
    let over = submit(app, "/branch/streams/new", &staff, &plan.replace("&pieces=", "&pieces=8")).await.body;
    assert!(over.contains("库存 7") && over.contains("各场一共备货 8 件，货只够 7 件"), "{over}");
    // another shelf that is to come promises five: three more are too many, and it says so wherever the stock stands
    let mut work = app.store.work(county(), &Actor::command_line(), "plan", &app.clock).await.unwrap();
    let offer = |stream_id, promised_pieces| Offer {
        stream_id,
        listing_id: 1,
        price_fen: 4_990,
        promised_pieces,
        points: String::new(),
    };
    streams::upsert(&mut work, &[stream(8, "2026-02-26"), stream(9, "2026-02-24")]).await.unwrap();
    let place = ShelfPlace { stream_id: 8, place: 1, listing_id: 1 };
    streams::upsert_shelf(&mut work, &[place]).await.unwrap();
    plans::replace_offers(&mut work, 8, &[offer(8, 5)]).await.unwrap();
    plans::replace_offers(&mut work, 9, &[offer(9, 100)]).await.unwrap();
    work.commit(&any_change()).await.unwrap();
    let form = async |pieces: &str| {
        submit(app, "/branch/streams/new", &staff, &plan.replace("&pieces=", &format!("&pieces={pieces}"))).await.body
    };
    assert!(!form("2").await.contains("各场一共备货"), "what is over promises nothing");
    assert!(form("3").await.contains("各场一共备货 8 件，货只够 7 件"));
    let itself = get(app, "/branch/streams/8/plan", &staff).await.body;
    assert!(itself.contains("库存 7") && !itself.contains("各场一共备货"), "its own shelf counts once: {itself}");
    let page = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(page.contains("一共备货 5 件") && !page.contains("货只够"), "{page}");
    submit(app, count, &staff, "on=2026-02-25&parcels=4&when=after").await;
    assert!(get(app, "/branch/goods/listings/1", &staff).await.body.contains("各场一共备货 5 件，货只够 4 件"));
    assert!(get(app, "/branch/goods", &staff).await.body.contains("4（备货 5）"));
    let auditor = enter(app, Role::Auditor).await;
    assert!(!get(app, "/branch/goods/listings/1", &auditor).await.body.contains("记下清点"));

    // from lots on, the lots tell, and nothing is typed
    submit(app, "/branch/lots/supply", &staff, "listing=k5&from=2026-02-25").await;
    let refused = submit(app, count, &staff, "on=2026-02-25&parcels=5&when=before").await;
    assert!(refused.body.contains("库存由批次算"), "{}", refused.body);
    assert!(get(app, "/branch/goods/listings/1", &staff).await.body.contains("还能发 0 件"));
}

#[tokio::test]
async fn a_price_approved_for_a_later_day_is_there_on_that_day_by_itself() {
    let seeded = seeded().await;
    let app = &seeded.app;
    past_the_seeds_numbers(app).await;
    let mut session = app.store.write(super::seed::county()).await.unwrap();
    take_ids(&mut session, "terms", 10).await.unwrap();
    session.commit().await.unwrap();
    let (staff, admin) = (enter(app, Role::Branch).await, enter(app, Role::BranchAdmin).await);
    let form = "name=Kumquat+early&price=39.9&from=2026-02-27&model=consignment&operator=7&platform=2&anchor=10&freight=5\
        &packaging=2&pack=2500";
    let drafted = submit(app, "/branch/goods/listings/1/terms", &staff, form).await;
    let draft = drafted.header(header::LOCATION).to_owned();
    submit(app, &format!("{draft}/approve"), &admin, "x=1").await;
    let today = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(today.contains("49.90") && today.contains("2026-02-27 起：Kumquat early，39.90 元"), "{today}");
    // a shelf planned for that day has its name and price already
    let plan = "act=check&title=t&shop=1&anchor=1&room=1&from=19%3A00&to=22%3A00&listing=1&price=&points=&pieces=";
    let later = submit(app, "/branch/streams/new", &staff, &format!("{plan}&day=2026-02-27")).await.body;
    assert!(later.contains("Kumquat early · 39.90"), "{later}");
    let before = submit(app, "/branch/streams/new", &staff, &format!("{plan}&day=2026-02-26")).await.body;
    assert!(!before.contains("Kumquat early"), "{before}");
    app.clock.sleep(Duration::from_hours(24 * 2)).await;
    let then = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(then.contains("Kumquat early") && then.contains("39.90") && !then.contains("已批准，到那天"), "{then}");
    assert!(get(app, "/branch/goods", &staff).await.body.contains("Kumquat early"));
    // terms of that day on change what has begun, and are not undone by it
    let newer = form.replace("39.9", "36.9").replace("early", "late");
    let drafted = submit(app, "/branch/goods/listings/1/terms", &staff, &newer).await;
    let draft = drafted.header(header::LOCATION).to_owned();
    submit(app, &format!("{draft}/approve"), &admin, "x=1").await;
    let now = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(now.contains("<h1>Kumquat late</h1>") && now.contains("36.90"), "{now}");
    // a draft that is approved after later terms have begun leaves their name and price
    let overtaken = submit(app, "/branch/goods/listings/1/terms", &staff, &form.replace("early", "old")).await;
    let overtaken = overtaken.header(header::LOCATION).to_owned();
    let next = form.replace("39.9", "44.9").replace("early", "next").replace("2026-02-27", "2026-02-28");
    let drafted = submit(app, "/branch/goods/listings/1/terms", &staff, &next).await;
    let draft = drafted.header(header::LOCATION).to_owned();
    submit(app, &format!("{draft}/approve"), &admin, "x=1").await;
    app.clock.sleep(Duration::from_hours(24)).await;
    let approved = submit(app, &format!("{overtaken}/approve"), &admin, "x=1").await;
    assert_eq!(approved.header(header::LOCATION), "/branch/goods/listings/1", "{}", approved.body);
    let now = get(app, "/branch/goods/listings/1", &staff).await.body;
    assert!(now.contains("<h1>Kumquat next</h1>") && now.contains("44.90"), "{now}");
}
