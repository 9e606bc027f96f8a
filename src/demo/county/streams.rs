//! The two rooms, and the streams of a week as the branch would have planned and noted them.

use crate::domain::calendar::{Day, shanghai};
use crate::domain::county::{AccountDoc, RoomDoc, StreamDoc};
use crate::sandbox::world::goods::SKUS;
use crate::sandbox::world::people::ROOMS;
use crate::sandbox::world::streams::Stream;
use crate::sandbox::world::{Scale, World, first_day};

/// Both rooms, each in a town of its own.
pub fn rooms() -> Vec<RoomDoc> {
    let places = [
        ("演示红播一号间", "360827100200", "补光灯两组、三机位、提词屏、试吃台"),
        ("演示红播二号间", "360827104201", "补光灯一组、双机位、果园连线、打包台"),
    ];
    let room =
        |(room, (name, village, equipment)): (&crate::sandbox::world::people::Room, (&str, &str, &str))| RoomDoc {
            key: room.key.to_owned(),
            name: name.to_owned(),
            village: village.to_owned(),
            opened_on: first_day(),
            closed_on: None,
            equipment: equipment.to_owned(),
            accounts: vec![account(room.author_no)],
        };
    ROOMS.iter().zip(places).map(room).collect()
}

/// An account on the platform.
pub fn account(author_no: u64) -> AccountDoc {
    AccountDoc { platform: "douyin".to_owned(), author_no: author_no.to_string() }
}

/// The week's streams.
pub fn of_week(seed: u64, monday: Day) -> Vec<StreamDoc> {
    // Scale changes what a stream sells, not when it is.
    World::new(seed, Scale::FULL).week(monday).iter().map(doc).collect()
}

fn doc(stream: &Stream) -> StreamDoc {
    let local = stream.starts_at.with_timezone(&shanghai());
    StreamDoc {
        key: format!("{}-{}", local.format("%Y%m%d-%H%M"), stream.live_room_no % 100_000_000_000 / 1_000_000_000),
        shop: stream.shop.key().to_owned(),
        anchor: stream.anchor.key.to_owned(),
        room: stream.room.map(|r| r.key.to_owned()),
        live_room_no: Some(stream.live_room_no.to_string()),
        starts_at: local,
        ends_at: stream.ends_at.with_timezone(&shanghai()),
        views: Some(stream.views),
        shelf: stream.shelf().into_iter().filter_map(|sku| SKUS[sku].listing.map(str::to_owned)).collect(),
    }
}
