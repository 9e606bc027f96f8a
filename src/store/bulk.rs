//! Writing many rows: statements that carry as many as their engine takes well, each put together while the one before
//! runs.
//!
//! - SQLite takes them as a list of values. Rows are cut into a few sizes, so that a statement has few texts, all of which
//!   stay prepared on the connection; a text is made once and its values are collected apart from it.
//! - PostgreSQL takes a column at a time, as an array: a list of values costs it a parameter and an expression a value,
//!   which is more than writing the row. A statement has one text, however many rows.
//!
//! The driver hands values over to whoever works on them: meanwhile the next statement is prepared.
//!
//! What is looked for is one value, however much it is: an array on PostgreSQL, a JSON one on SQLite.

use super::encode::forget_words;
use super::transaction::Tx;
use super::{Session, StoreError};
use serde::Serialize;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::sqlite::SqliteArguments;
use sqlx::{
    Arguments, AssertSqlSafe, Database, Encode, Executor, IntoArguments, Postgres, QueryBuilder, Sqlite, Type, TypeInfo,
};
use std::slice::Chunks;
use std::sync::Arc;

/// Rows that fill a bulk statement: whoever has more to write later does well to write multiples of them.
pub const FULL_STATEMENT: usize = 256;
/// Rows a statement with a place for each of their values carries, largest first: enough to amortise it, few enough for
/// SQLite's 32 766 parameters.
const BULK_SIZES: [usize; 5] = [FULL_STATEMENT, 64, 16, 4, 1];
/// Rows a statement carries on PostgreSQL at most; what waits to be sent is held in memory.
const POSTGRES_ROWS: usize = 2_000;
/// Values one statement looks for at most, for the same reason.
const LISTED: usize = 5_000;
/// Values one statement has places for where it is put together by hand; SQLite takes expressions a thousand deep.
const PLACED: usize = 500;

/// Cuts values into what one statement looks for.
pub fn listed<T>(values: &[T]) -> Chunks<'_, T> {
    values.chunks(LISTED)
}

/// Cuts values into what one statement has a place for each of.
pub fn placed<T>(values: &[T]) -> Chunks<'_, T> {
    values.chunks(PLACED)
}

/// Deletes the county's rows of a table that name one of these numbers in a column.
pub async fn delete_of(
    session: &mut Session,
    table: &'static str,
    column: &'static str,
    ids: &[i64],
) -> Result<(), StoreError> {
    let county = session.county_text();
    for chunk in listed(ids) {
        on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("delete from {table} where county_code = "));
            builder.push_bind(county.clone()).push(format!(" and {column}"));
            Bulk::push_in(&mut builder, chunk);
            builder.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Cuts rows into what statements of an engine carry.
pub fn rows_of<DB: Bulk, T>(mut left: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let (head, rest) = left.split_at(DB::rows(left.len()));
        left = rest;
        (!head.is_empty()).then_some(head)
    })
}

/// An engine that takes many rows at once.
pub trait Bulk: Database {
    /// Values on their way, row by row.
    type Waiting;

    /// The connection of a transaction, which is this engine's.
    fn connection(tx: &mut Tx) -> &mut Self::Connection;

    /// How many of the rows that are left make a statement.
    fn rows(left: usize) -> usize;

    /// Adds what means ` in (…)`.
    fn push_in<'v, T: Copy + Serialize + Encode<'v, Self> + Type<Self>>(builder: &mut QueryBuilder<Self>, values: &[T]);

    /// Nothing on its way yet.
    fn waiting() -> Self::Waiting;

    /// Makes room for so many values more where they are kept together.
    fn reserve(waiting: &mut Self::Waiting, values: usize);

    /// Adds the value of the next column.
    fn add<'v, T: Encode<'v, Self> + Type<Self>>(waiting: &mut Self::Waiting, column: usize, value: T);

    /// The statement `head … tail` of rows of this shape.
    fn text(of: Shape, head: &str, tail: &str) -> String;

    /// What the statement is run with.
    fn arguments(waiting: Self::Waiting) -> Self::Arguments;
}

impl Bulk for Sqlite {
    type Waiting = SqliteArguments;

    fn connection(tx: &mut Tx) -> &mut Self::Connection {
        match tx {
            Tx::Sqlite(tx) => tx,
            Tx::Postgres(_) => unreachable!("a statement is made for the engine of its session"),
        }
    }

    fn rows(left: usize) -> usize {
        BULK_SIZES.into_iter().find(|&size| size <= left).unwrap_or_default()
    }

    fn push_in<'v, T: Copy + Serialize + Encode<'v, Self> + Type<Self>>(
        builder: &mut QueryBuilder<Self>,
        values: &[T],
    ) {
        let list = serde_json::to_string(values).expect(WRITABLE);
        builder.push(" in (select value from json_each(").push_bind(list).push("))");
    }

    fn waiting() -> Self::Waiting {
        forget_words();
        SqliteArguments::default()
    }

    fn reserve(waiting: &mut Self::Waiting, values: usize) {
        waiting.reserve(values, 0);
    }

    fn add<'v, T: Encode<'v, Self> + Type<Self>>(waiting: &mut Self::Waiting, _column: usize, value: T) {
        waiting.add(value).expect(WRITABLE);
    }

    fn text(of: Shape, head: &str, tail: &str) -> String {
        // Places without a number: numbered ones are looked up by name, twenty times slower in a statement of thousands. What
        // is the same in every row stands in the first and is named behind it, by its place among all values.
        // No spaces: a prepared statement is found by its text.
        let zeros = ",0".repeat(of.zeros);
        let first = vec!["?"; of.columns].join(",") + &zeros;
        let same = (1..=of.same).map(|place| format!("${place}"));
        let row = same.chain(vec!["?".to_owned(); of.columns - of.same]).collect::<Vec<_>>().join(",") + &zeros;
        // A unit of work that fails is undone as a whole. That a statement can undo itself alone costs SQLite a copy of every
        // page it comes to.
        let head = head.replacen("insert into", "insert or fail into", 1);
        let mut rows = vec![row; of.rows];
        rows[0] = first;
        format!("{head}values ({}){tail}", rows.join("),("))
    }

    fn arguments(waiting: Self::Waiting) -> Self::Arguments {
        waiting
    }
}

impl Bulk for Postgres {
    type Waiting = Vec<Column>;

    fn connection(tx: &mut Tx) -> &mut Self::Connection {
        match tx {
            Tx::Postgres(tx) => tx,
            Tx::Sqlite(_) => unreachable!("a statement is made for the engine of its session"),
        }
    }

    fn rows(left: usize) -> usize {
        left.min(POSTGRES_ROWS)
    }

    fn push_in<'v, T: Copy + Serialize + Encode<'v, Self> + Type<Self>>(
        builder: &mut QueryBuilder<Self>,
        values: &[T],
    ) {
        let mut array = Column::of(T::type_info());
        for value in values {
            array.add(*value).expect(WRITABLE);
        }
        builder.push(" = any (").push_bind(array).push(")");
    }

    fn waiting() -> Self::Waiting {
        Vec::new()
    }

    fn reserve(_waiting: &mut Self::Waiting, _values: usize) {}

    fn add<'v, T: Encode<'v, Self> + Type<Self>>(waiting: &mut Self::Waiting, column: usize, value: T) {
        if column == waiting.len() {
            waiting.push(Column::of(T::type_info()));
        }
        waiting[column].add(value).expect(WRITABLE);
    }

    fn text(of: Shape, head: &str, tail: &str) -> String {
        // Taken apart side by side in the list of what is selected: after `from`, each column would be written down as a
        // table of its own first, which costs as much as the row itself. The names are those of a list of values.
        let column =
            |n| if n <= of.same { format!("(${n})[1] as column{n}") } else { format!("unnest(${n}) as column{n}") };
        let columns: Vec<String> = (1..=of.columns).map(column).collect();
        format!("{head}select {}{}{tail}", columns.join(", "), ", 0".repeat(of.zeros))
    }

    fn arguments(waiting: Self::Waiting) -> Self::Arguments {
        let mut arguments = PgArguments::default();
        for column in waiting {
            arguments.add(column).expect(WRITABLE);
        }
        arguments
    }
}

const WRITABLE: &str = "numbers, days and texts can always be written down";

/// The values of a column as PostgreSQL reads an array: a head, then each with its length in front.
#[derive(Debug)]
pub struct Column {
    element: PgTypeInfo,
    values: PgArgumentBuffer,
    count: i32,
    has_null: bool,
}

impl Column {
    fn of(element: PgTypeInfo) -> Self {
        Self { element, values: PgArgumentBuffer::default(), count: 0, has_null: false }
    }

    fn add<'v, T: Encode<'v, Postgres>>(&mut self, value: T) -> Result<(), BoxDynError> {
        let start = self.values.len();
        self.values.extend([0; 4]);
        let length = if value.encode(&mut self.values)?.is_null() {
            self.has_null = true;
            -1
        } else {
            i32::try_from(self.values.len() - start - 4)?
        };
        self.values[start..start + 4].copy_from_slice(&length.to_be_bytes());
        self.count += 1;
        Ok(())
    }
}

impl Encode<'_, Postgres> for Column {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let oid = self.element.oid().ok_or("a type without a number")?.0;
        let (dimensions, first) = (1_i32, 1_i32);
        for number in [dimensions, i32::from(self.has_null), oid.cast_signed(), self.count, first] {
            buffer.extend(number.to_be_bytes());
        }
        buffer.extend_from_slice(&self.values);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        array_of(&self.element)
    }
}

/// The type an array of these has; known of everything this program stores.
fn array_of(element: &PgTypeInfo) -> Option<PgTypeInfo> {
    Some(match element.name() {
        "INT8" => <Vec<i64> as Type<Postgres>>::type_info(),
        "INT4" => <Vec<i32> as Type<Postgres>>::type_info(),
        "TEXT" => <Vec<String> as Type<Postgres>>::type_info(),
        "BOOL" => <Vec<bool> as Type<Postgres>>::type_info(),
        "BYTEA" => <Vec<Vec<u8>> as Type<Postgres>>::type_info(),
        "DATE" => <Vec<chrono::NaiveDate> as Type<Postgres>>::type_info(),
        "TIMESTAMPTZ" => <Vec<chrono::DateTime<chrono::Utc>> as Type<Postgres>>::type_info(),
        _ => return None,
    })
}

impl Type<Postgres> for Column {
    /// What it is said to be where its own type is not known: the engine refuses it.
    fn type_info() -> PgTypeInfo {
        <() as Type<Postgres>>::type_info()
    }
}

/// What the rows of a statement look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    rows: usize,
    /// Columns whose values are handed over.
    columns: usize,
    /// Columns at the beginning that are handed over once, for all rows.
    same: usize,
    /// Columns at the end that are 0 in every row, which are not handed over.
    zeros: usize,
}

/// The last statement of a bulk write: the next has the same text if its rows are of the same shape.
#[derive(Default)]
pub struct Last(Option<(Shape, Arc<str>)>);

/// The values of a statement on their way, row by row.
pub struct Values<DB: Bulk> {
    waiting: DB::Waiting,
    shape: Shape,
    /// Rows that are whole.
    done: usize,
    column: usize,
}

impl<DB: Bulk> Values<DB> {
    /// None yet, of so many rows.
    pub fn of(rows: usize) -> Self {
        Self { waiting: DB::waiting(), shape: Shape { rows, ..Shape::default() }, done: 0, column: 0 }
    }

    /// What was pushed until now stands at the beginning of every row, and is handed over once.
    pub fn end_same(&mut self) {
        self.shape.same = self.column;
    }

    /// The row's next value.
    pub fn push_bind<'v, T: Encode<'v, DB> + Type<DB>>(&mut self, value: T) -> &mut Self {
        DB::add(&mut self.waiting, self.column, value);
        self.column += 1;
        self
    }

    /// The row's last columns, so many in every row of the statement, are 0.
    pub fn push_zeros(&mut self, columns: usize) {
        self.shape.zeros = columns;
    }

    /// The row is whole.
    pub fn end_row(&mut self) {
        if self.done == 0 {
            self.shape.columns = self.column;
            DB::reserve(&mut self.waiting, (self.shape.rows - 1) * (self.column - self.shape.same));
        }
        self.done += 1;
        self.column = self.shape.same;
    }

    /// The statement `head … tail` of these values.
    pub fn into_statement(self, head: &str, tail: &str, last: &mut Last) -> Statement<DB> {
        let text = match &last.0 {
            Some((shape, text)) if *shape == self.shape => text.clone(),
            _ => last.0.insert((self.shape, DB::text(self.shape, head, tail).into())).1.clone(),
        };
        Statement { text, arguments: DB::arguments(self.waiting) }
    }
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

/// Inserts rows of the session's county in bulk, whose first column is its code and comes by itself:
/// `insert_rows!(session, "insert into t (county_code, a) ", rows, " on conflict …", |b, r| { b.push_bind(r.a); })`.
/// Further columns that are the same in every row come next, before the rows can be seen:
/// `insert_rows!(session, "insert into t (county_code, at, a) ", rows, "", |b| { b.push_bind(at); }, |b, r| { … })`.
/// Rows `of no county: session` have no such column.
///
/// Each statement is put together while the one before is under way; so is what the caller does next, beside the last.
macro_rules! insert_rows {
    (of no county: $session:expr, $head:expr, $rows:expr, $tail:expr, |$b:ident, $r:ident| $push:block) => {
        insert_rows!(on either engine: $session, $head, $rows, $tail, |_b| {}, |$b, $r| $push)
    };
    (on either engine: $session:expr, $head:expr, $rows:expr, $tail:expr, |$s:ident| $same:block, |$b:ident, $r:ident| $push:block) => {{
        let session: &mut $crate::store::session::Session = $session;
        let rows = &$rows[..];
        match session.held.engine() {
            $crate::store::transaction::Engine::Sqlite => {
                insert_rows!(on sqlx::Sqlite: session, $head, rows, $tail, |$s| $same, |$b, $r| $push);
            }
            $crate::store::transaction::Engine::Postgres => {
                insert_rows!(on sqlx::Postgres: session, $head, rows, $tail, |$s| $same, |$b, $r| $push);
            }
        }
    }};
    (on $engine:ty: $session:expr, $head:expr, $rows:expr, $tail:expr, |$s:ident| $same:block, |$b:ident, $r:ident| $push:block) => {{
        let mut last = $crate::store::bulk::Last::default();
        for piece in $crate::store::bulk::rows_of::<$engine, _>($rows) {
            let mut values = $crate::store::bulk::Values::<$engine>::of(piece.len());
            let $s = &mut values;
            $same
            values.end_same();
            for $r in piece {
                let $b = &mut values;
                $push
                values.end_row();
            }
            $session.statements.0 += 1;
            $session.held.start(values.into_statement($head, $tail, &mut last)).await?;
        }
    }};
    ($session:expr, $head:expr, $rows:expr, $tail:expr, |$b:ident, $r:ident| $push:block) => {
        insert_rows!($session, $head, $rows, $tail, |_b| {}, |$b, $r| $push)
    };
    ($session:expr, $head:expr, $rows:expr, $tail:expr, |$s:ident| $same:block, |$b:ident, $r:ident| $push:block) => {{
        let session: &mut $crate::store::session::Session = $session;
        let county = session.county_text();
        insert_rows!(on either engine: session, $head, $rows, $tail, |values| {
            values.push_bind(&*county);
            let $s = &mut *values;
            $same
        }, |$b, $r| $push)
    }};
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn rows_are_cut_into_few_sizes_where_each_has_a_text_of_its_own() {
        fn sizes<DB: Bulk>(count: usize) -> Vec<usize> {
            rows_of::<DB, _>(&vec![0; count]).map(<[i32]>::len).collect()
        }
        assert_eq!(sizes::<Sqlite>(600), [256, 256, 64, 16, 4, 4]);
        assert_eq!(sizes::<Postgres>(4_600), [2_000, 2_000, 600]);
        assert_eq!(sizes::<Sqlite>(0), [0; 0]);
    }

    fn statement<DB: Bulk>(rows: &[Option<&'static str>], zeros: usize) -> Statement<DB>
    where
        i64: Encode<'static, DB> + Type<DB>,
        Option<&'static str>: Encode<'static, DB> + Type<DB>,
    {
        let mut values = Values::<DB>::of(rows.len());
        values.push_bind(7_i64);
        values.end_same();
        for &text in rows {
            values.push_bind(text).push_zeros(zeros);
            values.end_row();
        }
        values.into_statement("insert into t ", "", &mut Last::default())
    }

    #[test]
    fn a_statement_has_a_place_for_every_value_or_for_every_column() {
        let rows = [Some("x"), None];
        assert_eq!(&*statement::<Sqlite>(&rows, 0).text, "insert or fail into t values (?,?),($1,?)");
        assert_eq!(
            &*statement::<Postgres>(&rows, 0).text,
            "insert into t select ($1)[1] as column1, unnest($2) as column2"
        );
        assert_eq!(&*statement::<Sqlite>(&rows, 2).text, "insert or fail into t values (?,?,0,0),($1,?,0,0)");
        assert_eq!(
            &*statement::<Postgres>(&rows, 2).text,
            "insert into t select ($1)[1] as column1, unnest($2) as column2, 0, 0"
        );
    }

    #[test]
    fn a_column_is_an_array_as_the_engine_reads_it() {
        let mut own = Column::of(<i64 as Type<Postgres>>::type_info());
        for value in [Some(7_i64), None, Some(-1)] {
            own.add(value).unwrap();
        }
        let (mut ours, mut drivers) = (PgArgumentBuffer::default(), PgArgumentBuffer::default());
        let _ = own.encode_by_ref(&mut ours).unwrap();
        let _ = Encode::<Postgres>::encode(vec![Some(7_i64), None, Some(-1)], &mut drivers).unwrap();
        // the driver never says whether there are nulls
        ours[4..8].fill(0);
        assert_eq!(*ours, *drivers);
        assert_eq!(own.produces(), Some(<Vec<i64> as Type<Postgres>>::type_info()));
    }
}
