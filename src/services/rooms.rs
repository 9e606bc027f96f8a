//! Red Livestream Rooms: added and edited by form, beside those a county document names.
//!
//! Rules that must hold: an account of a platform that a room is given reaches the sales of its streams in the same unit of
//! work, save those that started in a locked month ([`super::anchors`]); no form gives away an account that somebody has; neither
//! rooms nor accounts are taken away, a room that is given up has a closing day.

use super::anchors::{accounts, hold_free, keep_open};
use super::desk::Desk;
use super::post;
use super::typed::{LONGEST_NAME, LONGEST_TEXT, text};
use crate::domain::audit::{Change, Field, Noun, Verb};
use crate::domain::calendar::Day;
use crate::domain::problem::{Problem, Teaching};
use crate::domain::regions::RegionCode;
use crate::ingest::county::attribute_streams;
use crate::store::people::{self, Account, Room};
use crate::store::{counties, keys, streams, take_ids};

/// What is typed of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub name: String,
    /// Twelve digits.
    pub village: String,
    pub opened_on: Day,
    pub closed_on: Option<Day>,
    pub equipment: String,
    /// One account a line: platform, a space, the author's number.
    pub accounts: String,
}

/// Adds a room, or changes one; returns its number, `None` where there is no such room.
pub async fn save(desk: &Desk<'_>, room_id: Option<i64>, typed: &Typed) -> anyhow::Result<Option<i64>> {
    let name = text(&typed.name, LONGEST_NAME)?;
    let equipment = typed.equipment.trim().to_owned();
    if equipment.chars().count() > LONGEST_TEXT {
        return Err(Problem::from(Teaching::TextMissing).into());
    }
    if typed.closed_on.is_some_and(|day| day < typed.opened_on) {
        return Err(Problem::from(Teaching::Backwards).into());
    }
    let mut work = desk.work("save room").await?;
    let unknown = || Problem::from(Teaching::UnknownVillage { code: typed.village.trim().to_owned() });
    let village = RegionCode::parse(typed.village.trim()).filter(|code| code.digits() == 12).ok_or_else(unknown)?;
    if !village.within(desk.county) || !counties::region_exists(&mut work, village).await? {
        return Err(unknown().into());
    }
    let known = people::list_rooms(&mut work).await?;
    let before = room_id.and_then(|id| known.iter().find(|r| r.room_id == id).cloned());
    let (room_id, room_key, verb) = match (room_id, &before) {
        (Some(_), None) => return Ok(None),
        (Some(id), Some(before)) => (id, before.room_key.clone(), Verb::Change),
        (None, _) => {
            let id = take_ids(&mut work, keys::Noun::Room.word(), 1).await?;
            (id, format!("room-{id}"), Verb::Add)
        }
    };
    if known.iter().any(|r| r.room_key == room_key && r.room_id != room_id) {
        return Err(Problem::from(Teaching::NumberTaken { number: room_key }).into());
    }
    let new: Vec<Account> = {
        let wanted = accounts(&typed.accounts, room_id)?;
        let (had, others): (Vec<Account>, Vec<Account>) =
            people::list_room_accounts(&mut work).await?.into_iter().partition(|account| account.owner_id == room_id);
        let new: Vec<Account> = wanted.into_iter().filter(|account| !had.contains(account)).collect();
        hold_free(&new, &others)?;
        hold_free(&new, &people::list_anchor_accounts(&mut work).await?)?;
        new
    };
    let (opened_on, closed_on) = (typed.opened_on, typed.closed_on);
    let village_code = village.to_string();
    let room = Room { room_id, room_key, name, village_code, opened_on, closed_on, equipment };
    people::upsert_rooms(&mut work, std::slice::from_ref(&room)).await?;
    people::insert_room_accounts(&mut work, &new).await?;
    let mut rows = 0;
    if !new.is_empty() {
        let held = streams::list_held_by(&mut work, &[], &[room_id]).await?;
        let held = keep_open(&mut work, held).await?;
        attribute_streams(&mut work, held).await?;
        rows = post::post(&mut work).await?.rows;
    }
    let mut change = Change::new(verb, Noun::Room, room.room_key);
    if let Some(before) = before {
        change = change
            .before(Field::Title, before.name)
            .before(Field::Village, before.village_code)
            .before(Field::Equipment, before.equipment);
    }
    change = change.after(Field::Title, room.name).after(Field::Village, room.village_code);
    change = change.after(Field::Equipment, room.equipment).after(Field::From, opened_on);
    if let Some(day) = closed_on {
        change = change.after(Field::To, day);
    }
    work.commit(&change.count(Field::LedgerRows, i64::try_from(rows)?)).await?;
    Ok(Some(room_id))
}
