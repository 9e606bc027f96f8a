//! `red-anchor doctor`: what the program finds: database, county, each shop (how far it is known and was asked, its keys,
//! its token, what was set aside), where keys come from and whether every stored secret is sealed and opens. Exit 1 when
//! one is not or does not.

use super::context::Context;
use super::keyring;
use crate::domain::calendar::{Instant, rfc3339};
use crate::domain::sealing::Keyring;
use crate::services::secrets::{self, Keeper, Standing};
use crate::services::{buyers, figures, month_reports};
use crate::store::goods::{self, Shop};
use crate::store::month_reports as stored_reports;
use crate::store::schedules::{self, Schedule};
use crate::store::{Session, audit, buyers as store_buyers, counties, evidence, ledger, pauses, quarantine};
use std::io::{Write, stdout};
use std::process::ExitCode;

pub async fn run(context: &Context) -> anyhow::Result<ExitCode> {
    writeln!(stdout(), "program\t{}", env!("CARGO_PKG_VERSION"))?;
    let opened = context.open().await?;
    let mut session = opened.read().await?;
    writeln!(stdout(), "engine\t{}", counties::engine(&session))?;
    writeln!(stdout(), "county\t{} {}", opened.county.county_code, opened.county.name)?;
    writeln!(stdout(), "kind\t{}", if opened.county.demo { "demo 演示数据" } else { "real" })?;
    writeln!(stdout(), "today\t{}", context.clock.today())?;
    let shops = goods::list_shops(&mut session).await?;
    let keys = keyring::load(context)?;
    print_shops(&mut session, &shops, keys.as_ref().map(|(keyring, _)| keyring)).await?;
    writeln!(stdout(), "as of\t{}", figures::as_of(&mut session).await?.map_or_else(|| "–".to_owned(), rfc3339))?;
    let locks = ledger::list_locks(&mut session).await?;
    writeln!(
        stdout(),
        "locked\t{} months, last {}",
        locks.len(),
        locks.last().map_or_else(|| "–".to_owned(), |l| l.month.to_string())
    )?;
    let missing = month_reports::missing(&mut session).await?.len();
    if let Some(last) = stored_reports::list_heads(&mut session).await?.last() {
        writeln!(stdout(), "reports\t{} of locked months, the last one's hash {}", last.report_no, last.sha256)?;
    }
    if missing > 0 {
        writeln!(
            stdout(),
            "reports\t{missing} locked months have none, locked by an older program: the next lock makes them"
        )?;
    }
    if let Some((rows, hash)) = audit::find_head(&mut session).await? {
        writeln!(stdout(), "audit\t{rows} rows, the last one's hash {hash}")?;
    }
    writeln!(stdout(), "set aside\t{} records", evidence::count_quarantined(&mut session).await?)?;
    let days = buyers::days_on(&mut session, context.clock.today()).await?;
    let kept = store_buyers::count_hashes(&mut session).await?;
    writeln!(stdout(), "buyer hash\tkept {days} days after an order; {kept} orders have one")?;
    writeln!(stdout(), "buyer hash\tits key stands in the database and is never printed")?;
    match &keys {
        Some((keyring, origin)) => {
            let old = keyring.keys().len() - 1;
            writeln!(stdout(), "key\t{} from {origin}; {old} older", keyring.current().id())?;
        }
        None => writeln!(
            stdout(),
            "key\tnone: platform keys are read from the environment and not stored, second steps cannot be switched on; \
             `red-anchor key new` makes one"
        )?,
    }
    let standings = secrets::standings(&mut session, keys.as_ref().map(|(keyring, _)| keyring)).await?;
    for Standing { keeper, field, key_id, opens } in &standings {
        let whose = match keeper {
            Keeper::Shop(id) => shops.iter().find(|s| s.shop_id == *id).map_or("?", |s| s.shop_key.as_str()).to_owned(),
            Keeper::Account(login_name) => login_name.clone(),
            Keeper::Household(number) => format!("household {number}"),
        };
        let says = if *opens { "opens" } else { "DOES NOT OPEN" };
        if key_id.is_empty() {
            writeln!(
                stdout(),
                "secret\t{whose} {field}: STORED IN CLEAR by an older program; `red-anchor key rotate` seals it"
            )?;
        } else {
            writeln!(stdout(), "secret\t{whose} {field}, sealed with key {key_id}: {says}")?;
        }
    }
    Ok(if standings.iter().all(|s| s.opens && !s.key_id.is_empty()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Each shop: how far it is known, how far it was asked, its keys and token, what waits for a person.
async fn print_shops(session: &mut Session, shops: &[Shop], keyring: Option<&Keyring>) -> anyhow::Result<()> {
    let held = secrets::held(session, keyring).await?;
    let checkpoints = quarantine::list_checkpoints(session).await?;
    let set_aside = quarantine::count_by_shop(session).await?;
    let paused = pauses::list(session).await?;
    let gaps = schedules::list_gaps(session).await?;
    let schedules = schedules::list(session).await?;
    let or_never = |at: Option<Instant>| at.map_or_else(|| "never".to_owned(), rfc3339);
    for shop in shops {
        let id = shop.shop_id;
        let known = shop.known_to_at.map_or_else(|| "nothing yet".to_owned(), rfc3339);
        let pulled = checkpoints.iter().filter(|(shop_id, ..)| *shop_id == id).map(|(.., at)| *at).min();
        let waiting = set_aside.iter().find(|(shop_id, _)| *shop_id == id).map_or(0, |(_, count)| *count);
        let credentials = match held.iter().find(|h| h.shop_id == id) {
            None => "no keys stored".to_owned(),
            Some(held) => match (held.opens, held.token_ends) {
                (None, _) => "keys stored, nothing at hand to open them".to_owned(),
                (Some(false), _) => "keys stored and DO NOT OPEN".to_owned(),
                (Some(true), None) => "keys stored, no token yet".to_owned(),
                (Some(true), Some((ends, renewable))) => {
                    format!("keys stored, token until {}, renewable until {}", rfc3339(ends), rfc3339(renewable))
                }
            },
        };
        let pause = if paused.iter().any(|pause| pause.shop_id == id) { "; PAUSED" } else { "" };
        writeln!(
            stdout(),
            "shop\t{} ({}): known to {known}; pulled to {}; {credentials}; {waiting} set aside{pause}",
            shop.shop_key,
            shop.platform,
            or_never(pulled)
        )?;
        if let Some(schedule) = schedules.iter().find(|schedule| schedule.shop_id == id) {
            let (due, every) = (rfc3339(schedule.due_at), schedule.pull_every_minutes);
            writeln!(
                stdout(),
                "pull\t{}: every {every} minutes, next {due}; {}",
                shop.shop_key,
                lately(session, schedule).await?
            )?;
            for gap in gaps.iter().filter(|gap| gap.shop_id == id) {
                let (from, to) = (rfc3339(gap.from_at), rfc3339(gap.to_at));
                writeln!(stdout(), "pull\t{}: NOT pulled from {from} to {to}, import its export file", shop.shop_key)?;
            }
        }
    }
    Ok(())
}

/// What its last try came to.
async fn lately(session: &mut Session, schedule: &Schedule) -> anyhow::Result<String> {
    let last = schedules::list_pulls(session, schedule.shop_id, 1).await?.pop();
    Ok(match last {
        None => "no try yet".to_owned(),
        Some(last) => {
            let said = match last.trouble.as_str() {
                // of the windows of a turn any may have been incomplete: its failures count that
                "" if last.complete && schedule.failures == 0 => "the last try was fine".to_owned(),
                "" => "the last try was NOT COMPLETE".to_owned(),
                trouble => format!("the last try FAILED, {trouble}: {}", last.said),
            };
            if schedule.failures > 0 { format!("{said}; {} in a row", schedule.failures) } else { said }
        }
    })
}
