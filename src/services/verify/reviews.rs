//! What people did about months: put forward, sent back, commented on, locked, opened again. Each stands in a table that
//! pages read and in the audit trail that cannot be changed; here the one is held to the other, both ways.
//!
//! A row that says something else than the trail (who, when, as whom, what) is named, and so is what the trail tells and no
//! row says any more. The words themselves are compared: a comment that was reworded is found.

use super::Report;
use crate::domain::audit::{Field, Noun, Row, Verb};
use crate::domain::calendar::{Day, Instant, month_key};
use crate::store::audit::{self, Sought};
use crate::store::filings::{self, Decided};
use crate::store::ledger::{MonthLock, list_locks};
use crate::store::month_notes::{self, Note};
use crate::store::openings::{self, Opening};
use crate::store::{Session, StoreError};

const NOTE: &str = "month_note";
const FILING: &str = "month_filing";
const OPENING: &str = "month_opening";
const LOCK: &str = "month_lock";

/// Who somebody was, as far as a row says it.
#[derive(Debug, Clone, Copy)]
struct Who<'a> {
    name: &'a str,
    account_id: Option<i64>,
    role: Option<&'a str>,
    came_from: Option<&'a str>,
}

impl<'a> Who<'a> {
    const fn named(name: &'a str) -> Self {
        Self { name, account_id: None, role: None, came_from: None }
    }

    fn is(&self, row: &Row) -> bool {
        self.name == row.actor
            && self.account_id.is_none_or(|id| id == row.account_id)
            && self.role.is_none_or(|role| role == row.role)
            && self.came_from.is_none_or(|from| from == row.came_from)
    }
}

/// Something that was done about a month.
#[derive(Debug, Clone, Copy)]
struct Deed<'a> {
    verb: Verb,
    noun: Noun,
    month: Day,
    at: Instant,
    who: Who<'a>,
    /// What was said with it, where that is in the row.
    said: Option<(Field, &'a str)>,
}

impl Deed<'_> {
    /// Times count in microseconds, which both engines keep.
    fn is_told_by(&self, row: &Row) -> bool {
        let said = |(field, text): (Field, &str)| {
            let told = row.facts_after().into_iter().find(|(key, _)| key == field.key());
            told.map_or(text.is_empty(), |(_, told)| told == text)
        };
        row.verb == self.verb.key()
            && row.noun == self.noun.key()
            && row.subject == month_key(self.month)
            && row.at.timestamp_micros() == self.at.timestamp_micros()
            && self.who.is(row)
            && self.said.is_none_or(said)
    }
}

/// The trail's rows about months, and which of them a stored row has been found for.
struct Trail {
    rows: Vec<(Row, bool)>,
}

impl Trail {
    async fn load(session: &mut Session) -> Result<Self, StoreError> {
        let mut rows = Vec::new();
        for noun in [Noun::Month, Noun::MonthOpening] {
            let sought = Sought { noun: Some(noun.key().to_owned()), ..Sought::default() };
            audit::each(session, &sought, |row| rows.push((row, false))).await?;
        }
        Ok(Self { rows })
    }

    /// Takes the row that tells of a deed; false where none does.
    fn take(&mut self, deed: &Deed<'_>) -> bool {
        let found = self.rows.iter_mut().find(|(row, taken)| !taken && deed.is_told_by(row));
        found.is_some_and(|(_, taken)| {
            *taken = true;
            true
        })
    }

    /// True if a row tells of a deed, whatever else it was taken for.
    fn tells(&self, deed: &Deed<'_>) -> bool {
        self.rows.iter().any(|(row, _)| deed.is_told_by(row))
    }

    /// What is told and stands in no table: in which it should, and which row of the trail tells it.
    fn left(&self) -> impl Iterator<Item = (&'static str, &Row)> {
        let table = |row: &Row| match (Noun::parse(&row.noun)?, Verb::parse(&row.verb)?) {
            (Noun::Month, Verb::Comment | Verb::Return) => Some(NOTE),
            (Noun::Month, Verb::File | Verb::Withdraw) => Some(FILING),
            (Noun::Month, Verb::Lock) => Some(LOCK),
            (Noun::MonthOpening, Verb::File | Verb::Withdraw | Verb::Open) => Some(OPENING),
            _ => None,
        };
        self.rows.iter().filter(|(_, taken)| !taken).filter_map(move |(row, _)| Some((table(row)?, row)))
    }
}

/// Holds the tables to the trail.
pub(super) async fn check(session: &mut Session, report: &mut Report) -> Result<(), StoreError> {
    let mut trail = Trail::load(session).await?;
    let notes = month_notes::list_all(session).await?;
    let filings = filings::list_all(session).await?;
    let openings = openings::list(session).await?;
    let mut locks = list_locks(session).await?;
    locks.extend(openings.iter().filter_map(|opening| Some(opening.opened()?.0)));
    let mut wrong = |table: &'static str, row: String| report.add(table, row, "is not what the audit trail was told");
    for note in &notes {
        if !trail.take(&said(note)) {
            wrong(NOTE, format!("note {} of {}", note.note_id, month_key(note.month)));
        }
    }
    for lock in &locks {
        if !trail.take(&locked(lock)) {
            wrong(LOCK, format!("month {}", month_key(lock.month)));
        }
    }
    for filing in &filings {
        if !filing_is_told(filing, &notes, &mut trail) {
            let of = &filing.filing;
            wrong(FILING, format!("filing {} of {}", of.filing_id, month_key(of.month)));
        }
    }
    for opening in &openings {
        if !opening_is_told(opening, &mut trail) {
            wrong(OPENING, format!("opening {} of {}", opening.opening_id, month_key(opening.month)));
        }
    }
    for (table, row) in trail.left() {
        let what =
            format!("what row {} of the audit trail tells ({} by {}) is missing", row.audit_no, row.verb, row.actor);
        report.add(table, format!("month {}", row.subject), what);
    }
    Ok(())
}

fn said(note: &Note) -> Deed<'_> {
    let (verb, field) = if note.is_return() { (Verb::Return, Field::Reason) } else { (Verb::Comment, Field::Said) };
    let who = Who { account_id: Some(note.account_id), role: Some(&note.role), ..Who::named(&note.said_by) };
    Deed { verb, noun: Noun::Month, month: note.month, at: note.said_at, who, said: Some((field, &note.said)) }
}

fn locked(lock: &MonthLock) -> Deed<'_> {
    Deed {
        verb: Verb::Lock,
        noun: Noun::Month,
        month: lock.month,
        at: lock.locked_at,
        who: Who::named(&lock.actor),
        said: Some((Field::Reason, &lock.reason)),
    }
}

/// Put forward, and what became of it: locked, sent back with a note, or taken back.
fn filing_is_told(decided: &Decided, notes: &[Note], trail: &mut Trail) -> bool {
    let of = &decided.filing;
    let filed = Deed {
        verb: Verb::File,
        noun: Noun::Month,
        month: of.month,
        at: of.filed_at,
        who: Who {
            name: &of.filed_by,
            account_id: Some(of.account_id),
            role: Some(&of.role),
            came_from: Some(&of.came_from),
        },
        said: Some((Field::Reason, &of.reason)),
    };
    let outcome = match (decided.outcome(), decided.decided_at) {
        (None, None) => decided.decided_by.is_empty(),
        (Some(outcome), Some(at)) => {
            let deed = |verb| Deed { verb, at, who: Who::named(&decided.decided_by), said: None, ..filed };
            let is_returned = notes.iter().any(|note| note.is_return() && note.filing_id == of.filing_id);
            match outcome {
                filings::Outcome::Locked => trail.tells(&deed(Verb::Lock)),
                filings::Outcome::Withdrawn if is_returned => trail.tells(&deed(Verb::Return)),
                filings::Outcome::Withdrawn => trail.take(&deed(Verb::Withdraw)),
            }
        }
        _ => false,
    };
    trail.take(&filed) && outcome
}

/// Asked for, and opened or not.
fn opening_is_told(opening: &Opening, trail: &mut Trail) -> bool {
    let asked = Deed {
        verb: Verb::File,
        noun: Noun::MonthOpening,
        month: opening.month,
        at: opening.asked_at,
        who: Who {
            name: &opening.asked_by,
            account_id: Some(opening.account_id),
            role: Some(&opening.role),
            came_from: Some(&opening.came_from),
        },
        said: Some((Field::Reason, &opening.reason)),
    };
    let outcome = match (opening.outcome(), opening.decided_at) {
        (None, None) => opening.decided_by.is_empty(),
        (Some(outcome), Some(at)) => {
            let verb = match outcome {
                openings::Outcome::Opened => Verb::Open,
                openings::Outcome::Refused => Verb::Withdraw,
            };
            trail.take(&Deed { verb, at, who: Who::named(&opening.decided_by), said: None, ..asked })
        }
        _ => false,
    };
    trail.take(&asked) && outcome
}
