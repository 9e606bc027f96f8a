//! What somebody says of a month: comments, and why a month went back to whoever put it forward. Only appended to.

use super::{Session, StoreError, Work};
use crate::domain::calendar::{Day, Instant};
use sqlx::FromRow;

/// What a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Comment,
    /// The month went back, and this is why.
    Return,
}

impl Kind {
    const fn key(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Return => "return",
        }
    }
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Note {
    pub note_id: i64,
    /// First day of the month.
    pub month: Day,
    kind: String,
    /// The filing that went back; 0 for a comment.
    pub filing_id: i64,
    pub said: String,
    pub account_id: i64,
    pub said_by: String,
    pub role: String,
    pub said_at: Instant,
}

impl Note {
    /// True if the month went back with it.
    pub fn is_return(&self) -> bool {
        self.kind == Kind::Return.key()
    }
}

/// Notes of the months between two, both included, in the order they were said.
pub async fn list(session: &mut Session, from: Day, to: Day) -> Result<Vec<Note>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut notes: Vec<Note> = on!(session, conn => sqlx::query_as(
        "select note_id, month, kind, filing_id, said, account_id, said_by, role, said_at from month_note
         where county_code = $1 and month >= $2 and month <= $3"
    ).bind(county).bind(from).bind(to).fetch_all(conn).await)?;
    notes.sort_unstable_by_key(|note| note.note_id);
    Ok(notes)
}

/// All of them, in the order they were said.
pub async fn list_all(session: &mut Session) -> Result<Vec<Note>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let mut notes: Vec<Note> = on!(session, conn => sqlx::query_as(
        "select note_id, month, kind, filing_id, said, account_id, said_by, role, said_at from month_note
         where county_code = $1"
    ).bind(county).fetch_all(conn).await)?;
    notes.sort_unstable_by_key(|note| note.note_id);
    Ok(notes)
}

/// Notes something in the name of the unit of work's actor.
pub async fn insert(work: &mut Work, month: Day, kind: Kind, filing_id: i64, said: &str) -> Result<(), StoreError> {
    let note_id = super::take_ids(work, "month_note", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    on!(work, conn => sqlx::query(
        "insert into month_note (county_code, note_id, month, kind, filing_id, said, account_id, said_by, role, said_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    ).bind(county).bind(note_id).bind(month).bind(kind.key()).bind(filing_id).bind(said).bind(by.account_id)
        .bind(&by.name).bind(by.role.key()).bind(at).execute(conn).await.map(|_| ()))?;
    Ok(())
}
