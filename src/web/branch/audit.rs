//! 操作记录: who changed what, newest first; searched by days, person and thing, all in the address.
//!
//! Not here: what a row may say of a person (`domain::audit`), whether the chain is whole (`verify`).

use super::tables::{self, Kind};
use crate::domain::access::Role;
use crate::domain::audit::{self as trail, CHANGED, Field, Noun, Row, Verb};
use crate::domain::calendar::{clock_text, start_of};
use crate::store::audit::{self, PAGE, Sought};
use crate::web::AppState;
use crate::web::context::{Ctx, Visit};
use crate::web::error::WebError;
use crate::web::names::role_name;
use crate::web::official::range::{Asked, Range};
use crate::web::ui::number;
use crate::web::ui::shell::{self, Section};
use crate::web::ui::state;
use crate::web::ui::table::{Paging, pager};
use crate::web::wording::fill;
use axum::extract::{Query, State};
use chrono::{DateTime, TimeDelta};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The page's own address.
const PATH: &str = "/branch/audit";

/// Which rows, as it stands in the address; an empty choice is no choice.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    actor: Option<String>,
    noun: Option<String>,
    /// One thing by its number or key, of the noun.
    subject: Option<String>,
}

impl Filter {
    /// The question to the trail.
    pub fn sought(&self, range: &Range) -> Result<Sought, WebError> {
        Ok(Sought {
            from: range.from.map(start_of),
            before: range.to.map(|day| start_of(day) + TimeDelta::days(1)),
            actor: self.actor().map(str::to_owned),
            noun: self.noun()?.map(|noun| noun.key().to_owned()),
            subject: self.subject().map(str::to_owned),
        })
    }

    fn subject(&self) -> Option<&str> {
        self.subject.as_deref().filter(|subject| !subject.is_empty())
    }

    fn actor(&self) -> Option<&str> {
        self.actor.as_deref().filter(|actor| !actor.is_empty())
    }

    /// The noun asked for; one that does not exist is the reader's error.
    fn noun(&self) -> Result<Option<Noun>, WebError> {
        match self.noun.as_deref() {
            None | Some("") => Ok(None),
            Some(key) => Noun::parse(key).map(Some).ok_or(WebError::BadRequest),
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Page {
    pub range: Range,
    pub actor: Option<String>,
    pub noun: Option<Noun>,
    /// One thing of the noun.
    pub subject: Option<String>,
    /// Everybody who has a row.
    pub actors: Vec<String>,
    pub entries: Vec<Row>,
    pub total: i64,
    pub paging: Paging,
}

impl Page {
    /// The address of a page of this search.
    fn address(&self, page: i64) -> String {
        let mut address = self.range.link(&format!("{PATH}?page={page}"));
        if let Some(actor) = &self.actor {
            let _ = write!(address, "&actor={}", escaped(actor));
        }
        if let Some(noun) = self.noun {
            let _ = write!(address, "&noun={}", noun.key());
        }
        if let Some(subject) = &self.subject {
            let _ = write!(address, "&subject={}", escaped(subject));
        }
        address
    }

    /// What the address chooses, without the page.
    fn chosen(&self) -> String {
        let address = self.address(1);
        address.split_once("page=1").map_or("", |(_, chosen)| chosen.trim_start_matches('&')).to_owned()
    }

    fn is_whole(&self) -> bool {
        self.range.is_whole() && self.actor.is_none() && self.noun.is_none() && self.subject.is_none()
    }
}

/// A text within an address: every byte that is not a letter or digit is written by its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The page.
pub fn render(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.audit;
    let body = html! {
        section.card {
            h1 { (a.title) }
            p.quiet { (fill(a.note, &[&number::grouped(page.total)])) }
            (form(page, ctx))
            @if page.noun == Some(Noun::Anchor) && page.subject.is_some() { p.quiet { (a.of_anchor) } }
            @if page.entries.is_empty() {
                (state::empty(a.none, a.none_do))
            } @else {
                ol.records { @for entry in &page.entries { (record(entry, ctx)) } }
                (pager(page.paging, ctx, |n| page.address(n)))
                (tables::links_to(&[Kind::Audit], &page.chosen(), ctx))
            }
        }
    };
    shell::page(a.nav, Some(Section::Audit), &body, ctx)
}

fn form(page: &Page, ctx: &Ctx) -> Markup {
    let a = &ctx.words.audit;
    let day = |day: Option<crate::domain::calendar::Day>| day.map(|day| day.to_string());
    html! {
        form.filters method="get" action=(PATH) {
            label.chip { span.quiet { (a.from) } " " input type="date" name="from" value=[day(page.range.from)]; }
            label.chip { span.quiet { (a.to) } " " input type="date" name="to" value=[day(page.range.to)]; }
            label.chip {
                span.quiet { (a.actor) } " "
                select name="actor" {
                    option value="" { (a.anyone) }
                    @for actor in &page.actors {
                        option value=(actor) selected[page.actor.as_ref() == Some(actor)] { (who(actor, ctx)) }
                    }
                }
            }
            label.chip {
                span.quiet { (a.noun) } " "
                select name="noun" {
                    option value="" { (a.anything) }
                    @for &noun in Noun::ALL {
                        option value=(noun.key()) selected[page.noun == Some(noun)] { (a.of_noun(noun)) }
                    }
                }
            }
            @if let Some(subject) = &page.subject {
                label.chip { span.quiet { (a.subject) } " " input type="text" name="subject" value=(subject); }
            }
            button type="submit" { (a.search) }
            @if !page.is_whole() { a href=(PATH) { (a.clear) } }
        }
    }
}

/// From a record's page to its rows of the trail, for who may read it: a link for each thing that is written down of it.
pub fn history(nouns: &[Noun], subject: &str, ctx: &Ctx) -> Markup {
    let a = &ctx.words.audit;
    let may_read = matches!(ctx.role, Some(Role::BranchAdmin | Role::Branch | Role::Auditor));
    html! {
        @if may_read { p.quiet { @for (place, noun) in nouns.iter().enumerate() {
            @if place > 0 { " · " }
            a href={ (PATH) "?noun=" (noun.key()) "&subject=" (escaped(subject)) } {
                (a.history) @if nouns.len() > 1 { (a.history_of) (a.of_noun(*noun)) }
            }
        } } }
    }
}

/// The program's own hands have words; people have their names.
pub fn who<'a>(name: &'a str, ctx: &'a Ctx) -> &'a str {
    match name {
        "command line" => ctx.words.audit.by_command_line,
        "job" => ctx.words.audit.by_job,
        "slip" => ctx.words.audit.by_slip,
        name => name,
    }
}

fn record(entry: &Row, ctx: &Ctx) -> Markup {
    let a = &ctx.words.audit;
    let verb = Verb::parse(&entry.verb).map_or(entry.verb.as_str(), |verb| a.of_verb(verb));
    let noun = Noun::parse(&entry.noun).map_or(entry.noun.as_str(), |noun| a.of_noun(noun));
    let facts = facts(entry, ctx);
    let (proof, said): (Vec<_>, Vec<_>) = facts.into_iter().partition(|fact| fact.is_proof);
    html! {
        li.record {
            div {
                time datetime=(entry.at.to_rfc3339()) { (clock_text(entry.at)) }
                p.quiet {
                    (who(&entry.actor, ctx))
                    @if entry.came_from != entry.actor { " · " (who(&entry.came_from, ctx)) }
                }
            }
            div {
                p { strong { (verb) " " (noun) } " " (entry.subject) }
                @if !said.is_empty() {
                    dl.said { @for fact in &said { div { dt { (fact.label) } dd { (fact.value) } } } }
                }
                details {
                    summary { (a.proof) }
                    dl.proof {
                        dt { (fill(a.row, &[&entry.audit_no.to_string()])) }
                        dd { @if entry.batch_id != 0 { (fill(a.batch, &[&entry.batch_id.to_string()])) } @else { (ctx.words.frame.none) } }
                        @for fact in &proof { dt { (fact.label) } dd { code { (fact.value) } } }
                        dt { (a.hash) } dd { code { (entry.hash) } }
                    }
                }
            }
        }
    }
}

/// A fact in words.
struct Fact {
    label: String,
    value: String,
    is_proof: bool,
}

/// What a row says: how each thing stood and stands.
fn facts(entry: &Row, ctx: &Ctx) -> Vec<Fact> {
    let a = &ctx.words.audit;
    let (before, after) = (entry.facts_before(), entry.facts_after());
    let value =
        |facts: &[(String, String)], key: &str| facts.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone());
    let mut seen = BTreeSet::new();
    let keys = after.iter().chain(&before).map(|(key, _)| key.as_str()).filter(|key| seen.insert((*key).to_owned()));
    keys.map(|key| {
        let (item, field) = trail::split(key);
        let known = Field::parse(field);
        let name = known.map_or(field, |field| a.of_field(field));
        let (old, new) = (value(&before, key), value(&after, key));
        let value = match (&old, &new) {
            (Some(old), Some(new)) if old == CHANGED && new == CHANGED => a.changed.to_owned(),
            (None, new) => said(known, new.as_deref(), ctx),
            (old, new) => fill(a.became, &[&said(known, old.as_deref(), ctx), &said(known, new.as_deref(), ctx)]),
        };
        Fact {
            label: format!("{} {name}", thing(item, ctx)).trim().to_owned(),
            value,
            is_proof: known.is_some_and(Field::is_proof),
        }
    })
    .collect()
}

/// A part of the county document, or one thing of it by its key.
fn thing(item: &str, ctx: &Ctx) -> String {
    let (part, key) = item.split_once('/').unwrap_or((item, ""));
    let part = ctx.words.audit.of_part(part).unwrap_or(part);
    format!("{part} {key}").trim().to_owned()
}

/// A value as people read it: instants by the clock here, amounts in yuan, roles and yes and no in their language.
fn said(field: Option<Field>, value: Option<&str>, ctx: &Ctx) -> String {
    let a = &ctx.words.audit;
    let text = match (field, value) {
        (_, None | Some("")) => a.empty_value,
        (_, Some(CHANGED)) => a.changed,
        (Some(Field::From | Field::To), Some(text)) => {
            return DateTime::parse_from_rfc3339(text).map_or_else(|_| text.to_owned(), |at| clock_text(at.to_utc()));
        }
        (Some(Field::PriceFen | Field::AmountFen | Field::FenPerKg), Some(text)) => {
            return text.parse().map_or_else(|_| text.to_owned(), number::yuan);
        }
        (Some(Field::Complete), Some("yes")) => a.yes,
        (Some(Field::Complete), Some("no")) => a.no,
        (Some(Field::Role), Some(text)) => Role::parse(text).map_or(text, |role| role_name(role, ctx)),
        (Some(Field::Reason), Some("enabled")) => a.reason_enabled,
        (Some(Field::Reason), Some("password set by a link")) => a.reason_password_link,
        (Some(Field::Reason), Some("password changed")) => a.reason_password,
        (Some(Field::Reason), Some("second factor switched on")) => a.reason_second_on,
        (Some(Field::Reason), Some("second factor switched off")) => a.reason_second_off,
        (Some(Field::Way), Some("password")) => ctx.words.access.password,
        (Some(Field::Way), Some("link")) => a.noun_link,
        (Some(Field::Way), Some("slip")) => a.by_slip,
        (Some(Field::Way), Some("everywhere")) => a.everywhere,
        (Some(Field::Way), Some("scan")) => ctx.words.scans.title,
        (Some(Field::Way), Some("scan_opened")) => ctx.words.scans.open_button,
        (Some(Field::Way), Some("scan_closed")) => ctx.words.scans.close_button,
        (_, Some(text)) => text,
    };
    text.to_owned()
}

/// `GET /branch/audit?from=…&to=…&actor=…&noun=…&page=…`
pub async fn show(
    State(app): State<AppState>,
    visit: Visit,
    Query(asked): Query<Asked>,
    Query(filter): Query<Filter>,
) -> Result<Markup, WebError> {
    let (range, noun, page) = (Range::parse(&asked)?, filter.noun()?, asked.page()?);
    let sought = filter.sought(&range)?;
    let scope = visit.scope()?;
    let load = async {
        let session = &mut app.store.read(scope).await?;
        let total = audit::count(session, &sought).await?;
        Ok::<_, anyhow::Error>(Page {
            range,
            actor: sought.actor.clone(),
            noun,
            subject: sought.subject.clone(),
            actors: audit::list_actors(session).await?,
            entries: audit::list(session, &sought, page).await?,
            total,
            paging: Paging::of(page, total, PAGE),
        })
    };
    Ok(render(&load.await?, &visit.ctx))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_address_is_escaped() {
        assert_eq!(escaped("a&b 陈"), "a%26b%20%E9%99%88");
    }
}
