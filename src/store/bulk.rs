//! Writing many rows: statements of a few fixed sizes, each put together while the one before runs.
//!
//! Rows are cut into 256, 64, 16, 4 and 1, so that a statement has few texts, all of which stay prepared on the
//! connection; a text is made once and its values are collected apart from it. The driver hands values over to a thread
//! of the database: while that thread works, this one prepares the next statement.

use sqlx::{Arguments, AssertSqlSafe, Database, Encode, Executor, IntoArguments, Postgres, Sqlite, Type};
use std::fmt::Write;
use std::sync::Arc;

/// Rows bulk statements carry, largest first: enough to amortise them, few enough for SQLite's 32 766 parameters.
const BULK_SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// Cuts rows into the sizes of bulk statements.
pub fn bulk<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = BULK_SIZES.into_iter().find(|&size| size <= rows.len())?;
        let (head, rest) = rows.split_at(size);
        rows = rest;
        Some(head)
    })
}

/// How an engine writes the place of its n-th value, counted from 1.
pub trait Placeholder: Database {
    fn write_placeholder(text: &mut String, number: usize);
}

impl Placeholder for Sqlite {
    // numbered ones are looked up by name, one by one: twenty times slower in a statement of thousands
    fn write_placeholder(text: &mut String, _number: usize) {
        text.push('?');
    }
}

impl Placeholder for Postgres {
    fn write_placeholder(text: &mut String, number: usize) {
        // writing to a string does not fail
        let _ = write!(text, "${number}");
    }
}

/// The values of a statement on their way, row by row.
pub struct Values<DB: Database> {
    arguments: DB::Arguments,
}

impl<DB: Placeholder> Values<DB> {
    /// None yet.
    pub fn new() -> Self {
        Self { arguments: DB::Arguments::default() }
    }

    /// The next value.
    pub fn push_bind<'v, T: Encode<'v, DB> + Type<DB>>(&mut self, value: T) -> &mut Self {
        self.arguments.add(value).expect("numbers, days and texts can always be written down");
        self
    }

    /// The statement `head values (…), (…) tail` of these values, evenly on `rows` rows; its text is `known` if the last
    /// one had as many.
    pub fn into_statement(
        self,
        head: &str,
        rows: usize,
        tail: &str,
        known: &mut Option<(usize, Arc<str>)>,
    ) -> Statement<DB> {
        let text = match known {
            Some((of_rows, text)) if *of_rows == rows => text.clone(),
            _ => {
                let text: Arc<str> = text_of::<DB>(head, rows, self.arguments.len() / rows, tail).into();
                known.insert((rows, text)).1.clone()
            }
        };
        Statement { text, arguments: self.arguments }
    }
}

fn text_of<DB: Placeholder>(head: &str, rows: usize, columns: usize, tail: &str) -> String {
    let mut text = String::with_capacity(head.len() + tail.len() + rows * columns * 4);
    text.push_str(head);
    text.push_str("values ");
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            text.push_str(if column == 0 { "" } else { ", " });
            DB::write_placeholder(&mut text, row * columns + column + 1);
        }
        text.push(')');
    }
    text.push_str(tail);
    text
}

/// A bulk statement that can be run.
pub struct Statement<DB: Database> {
    text: Arc<str>,
    arguments: DB::Arguments,
}

impl<DB: Database> Statement<DB>
where
    DB::Arguments: IntoArguments<DB>,
{
    /// Runs it.
    pub async fn run<'c, E: Executor<'c, Database = DB>>(self, executor: E) -> Result<(), sqlx::Error> {
        sqlx::query_with(AssertSqlSafe(self.text), self.arguments).execute(executor).await.map(|_| ())
    }
}

/// Inserts rows in bulk: `insert_rows!(session, "insert into t (a, b) ", rows, " on conflict …", |b, r| { b.push_bind(r.a); })`.
macro_rules! insert_rows {
    ($session:expr, $head:expr, $rows:expr, $tail:expr, |$b:ident, $r:ident| $push:block) => {{
        let rows = &$rows[..];
        let statements = $crate::store::bulk::bulk(rows).count() as u64;
        let written: Result<(), sqlx::Error> = on!($session, conn => {
            let mut chunks = $crate::store::bulk::bulk(rows);
            let mut known = None;
            let mut ready: Option<$crate::store::bulk::Statement<_>> = None;
            loop {
                let run = async {
                    match ready.take() {
                        Some(statement) => statement.run(&mut *conn).await,
                        None => Ok(()),
                    }
                };
                let build = async {
                    chunks.next().map(|chunk| {
                        let mut values = $crate::store::bulk::Values::new();
                        for $r in chunk {
                            let $b = &mut values;
                            $push
                        }
                        values.into_statement($head, chunk.len(), $tail, &mut known)
                    })
                };
                let (done, next) = futures::future::join(run, build).await;
                match (done, next) {
                    (Err(error), _) => break Err(error),
                    (Ok(()), None) => break Ok(()),
                    (Ok(()), next) => ready = next,
                }
            }
        });
        written?;
        // counted as one by `on!`
        $session.statements.0 = ($session.statements.0 + statements).saturating_sub(1);
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_into_few_sizes() {
        let sizes: Vec<usize> = bulk(&[0; 600]).map(<[i32]>::len).collect();
        assert_eq!(sizes, [256, 256, 64, 16, 4, 4]);
        assert_eq!(bulk::<i32>(&[]).count(), 0);
    }

    #[test]
    fn a_statement_names_every_value_once() {
        assert_eq!(
            text_of::<Sqlite>("insert into t (a, b) ", 2, 2, ";"),
            "insert into t (a, b) values (?, ?), (?, ?);"
        );
        assert_eq!(text_of::<Postgres>("", 3, 1, " end"), "values ($1), ($2), ($3) end");
    }
}
