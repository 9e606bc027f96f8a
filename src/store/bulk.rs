//! Writing many rows: statements that carry as many as their engine takes well, each put together while the one before
//! runs.
//!
//! - SQLite takes them as a list of values. Rows are cut into a few sizes, so that a statement has few texts, all of which
//!   stay prepared on the connection; a text is made once and its values are collected apart from it.
//! - PostgreSQL takes a column at a time, as an array: a list of values costs it a parameter and an expression a value,
//!   which is more than writing the row. A statement has one text, however many rows.
//!
//! The driver hands values over to whoever works on them: meanwhile the next statement is prepared.

use super::transaction::Tx;
use super::{Session, StoreError};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::sqlite::SqliteArguments;
use sqlx::{
    Arguments, AssertSqlSafe, Connection, Database, Encode, Executor, IntoArguments, Postgres, QueryBuilder, Sqlite,
    Type, TypeInfo,
};
use std::sync::Arc;

/// Rows that fill a bulk statement: whoever has more to write later does well to write multiples of them.
pub const FULL_STATEMENT: usize = 256;
/// Rows a statement with a place for each of their values carries, largest first: enough to amortise it, few enough for
/// SQLite's 32 766 parameters.
const BULK_SIZES: [usize; 5] = [FULL_STATEMENT, 64, 16, 4, 1];
/// The same for single values that are looked for.
const LIST_SIZES: [usize; 6] = [512, 256, 64, 16, 4, 1];
/// Rows a statement carries on PostgreSQL at most, or values it looks for; what waits to be sent is held in memory.
const POSTGRES_ROWS: usize = 2_000;

/// Cuts values into the sizes of statements that have a place for each.
pub fn bulk<T>(values: &[T]) -> impl Iterator<Item = &[T]> {
    pieces(values, |left| largest(&LIST_SIZES, left))
}

/// Deletes the county's rows of a table that name one of these numbers in a column.
pub async fn delete_of(
    session: &mut Session,
    table: &'static str,
    column: &'static str,
    ids: &[i64],
) -> Result<(), StoreError> {
    let county = session.county_text();
    for chunk in bulk(ids) {
        on!(session, conn => {
            let mut builder = sqlx::QueryBuilder::new(format!("delete from {table} where county_code = "));
            builder.push_bind(county.clone()).push(format!(" and {column}"));
            Bulk::push_in(&mut builder, chunk);
            builder.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Cuts values into what one statement of a connection's engine looks for.
pub fn lists_of<'v, C: Connection<Database: Bulk>, T>(
    _of: &C,
    values: &'v [T],
) -> impl Iterator<Item = &'v [T]> + use<'v, C, T> {
    pieces(values, C::Database::list)
}

/// Cuts rows into what statements of an engine carry.
pub fn rows_of<DB: Bulk, T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    pieces(rows, DB::rows)
}

fn largest(sizes: &[usize], left: usize) -> usize {
    sizes.iter().copied().find(|&size| size <= left).unwrap_or_default()
}

fn pieces<T>(mut left: &[T], size: fn(usize) -> usize) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let (head, rest) = left.split_at(size(left.len()));
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

    /// How many of the values that are left a statement looks for.
    fn list(left: usize) -> usize;

    /// Adds ` in (…)`, or what the engine is quicker at and means the same.
    fn push_in<'v, T: Copy + Encode<'v, Self> + Type<Self>>(builder: &mut QueryBuilder<Self>, values: &[T]);

    /// Nothing on its way yet, and room for so many values where they are kept together.
    fn waiting(values: usize) -> Self::Waiting;

    /// Adds the value of the next column.
    fn add<'v, T: Encode<'v, Self> + Type<Self>>(waiting: &mut Self::Waiting, column: usize, value: T);

    /// The statement `head … tail` of this many rows, each with so many zeros behind its values.
    fn text(waiting: &Self::Waiting, zeros: usize, head: &str, rows: usize, tail: &str) -> String;

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
        largest(&BULK_SIZES, left)
    }

    fn list(left: usize) -> usize {
        largest(&LIST_SIZES, left)
    }

    fn push_in<'v, T: Copy + Encode<'v, Self> + Type<Self>>(builder: &mut QueryBuilder<Self>, values: &[T]) {
        builder.push(" in (");
        let mut list = builder.separated(", ");
        for value in values {
            list.push_bind(*value);
        }
        builder.push(")");
    }

    fn waiting(values: usize) -> Self::Waiting {
        let mut waiting = SqliteArguments::default();
        waiting.reserve(values, 0);
        waiting
    }

    fn add<'v, T: Encode<'v, Self> + Type<Self>>(waiting: &mut Self::Waiting, _column: usize, value: T) {
        waiting.add(value).expect(WRITABLE);
    }

    fn text(waiting: &Self::Waiting, zeros: usize, head: &str, rows: usize, tail: &str) -> String {
        // Places without a number: numbered ones are looked up by name, twenty times slower in a statement of thousands.
        // No spaces: a prepared statement is found by its text.
        let row = vec!["?"; waiting.len() / rows].join(",") + &",0".repeat(zeros);
        // A unit of work that fails is undone as a whole. That a statement can undo itself alone costs SQLite a copy of every
        // page it comes to.
        let head = head.replacen("insert into", "insert or fail into", 1);
        format!("{head}values ({}){tail}", vec![row; rows].join("),("))
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

    fn list(left: usize) -> usize {
        left.min(POSTGRES_ROWS)
    }

    fn push_in<'v, T: Copy + Encode<'v, Self> + Type<Self>>(builder: &mut QueryBuilder<Self>, values: &[T]) {
        let mut array = Column::of(T::type_info());
        for value in values {
            array.add(*value).expect(WRITABLE);
        }
        builder.push(" = any (").push_bind(array).push(")");
    }

    fn waiting(_values: usize) -> Self::Waiting {
        Vec::new()
    }

    fn add<'v, T: Encode<'v, Self> + Type<Self>>(waiting: &mut Self::Waiting, column: usize, value: T) {
        if column == waiting.len() {
            waiting.push(Column::of(T::type_info()));
        }
        waiting[column].add(value).expect(WRITABLE);
    }

    fn text(waiting: &Self::Waiting, zeros: usize, head: &str, _rows: usize, tail: &str) -> String {
        // Taken apart side by side in the list of what is selected: after `from`, each column would be written down as a
        // table of its own first, which costs as much as the row itself. The names are those of a list of values.
        let columns: Vec<String> = (1..=waiting.len()).map(|n| format!("unnest(${n}) as column{n}")).collect();
        format!("{head}select {}{}{tail}", columns.join(", "), ", 0".repeat(zeros))
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

/// What the statements of one bulk write have in common.
#[derive(Default)]
pub struct Alike {
    /// Values of a row.
    values: usize,
    /// The last statement's text, and its rows.
    text: Option<(usize, Arc<str>)>,
}

/// The values of a statement on their way, row by row.
pub struct Values<DB: Bulk> {
    waiting: DB::Waiting,
    column: usize,
    /// Columns at the end that are 0 in every row, which are not handed over.
    zeros: usize,
}

impl<DB: Bulk> Values<DB> {
    /// None yet, of so many rows.
    pub fn of(rows: usize, alike: &Alike) -> Self {
        Self { waiting: DB::waiting(rows * alike.values), column: 0, zeros: 0 }
    }

    /// The next value of the row.
    pub fn push_bind<'v, T: Encode<'v, DB> + Type<DB>>(&mut self, value: T) -> &mut Self {
        DB::add(&mut self.waiting, self.column, value);
        self.column += 1;
        self
    }

    /// The row's last columns, so many in every row of the statement, are 0.
    pub fn push_zeros(&mut self, columns: usize) {
        self.zeros = columns;
    }

    /// The row is whole.
    pub fn end_row(&mut self, alike: &mut Alike) {
        alike.values = self.column;
        self.column = 0;
    }

    /// The statement `head … tail` of these values, which are of `rows` rows; its text is the last one's if that had as many.
    pub fn into_statement(self, head: &str, rows: usize, tail: &str, alike: &mut Alike) -> Statement<DB> {
        let text = match &alike.text {
            Some((of_rows, text)) if *of_rows == rows => text.clone(),
            _ => {
                let text: Arc<str> = DB::text(&self.waiting, self.zeros, head, rows, tail).into();
                alike.text.insert((rows, text)).1.clone()
            }
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

/// Inserts rows in bulk: `insert_rows!(session, "insert into t (a, b) ", rows, " on conflict …", |b, r| { b.push_bind(r.a); })`.
/// Each statement is put together while the one before is under way; so is what the caller does next, beside the last.
macro_rules! insert_rows {
    ($session:expr, $head:expr, $rows:expr, $tail:expr, |$b:ident, $r:ident| $push:block) => {{
        let session: &mut $crate::store::session::Session = $session;
        let rows = &$rows[..];
        match session.held.engine() {
            $crate::store::transaction::Engine::Sqlite => {
                insert_rows!(sqlx::Sqlite: session, $head, rows, $tail, |$b, $r| $push);
            }
            $crate::store::transaction::Engine::Postgres => {
                insert_rows!(sqlx::Postgres: session, $head, rows, $tail, |$b, $r| $push);
            }
        }
    }};
    ($engine:ty: $session:expr, $head:expr, $rows:expr, $tail:expr, |$b:ident, $r:ident| $push:block) => {{
        let mut alike = $crate::store::bulk::Alike::default();
        for piece in $crate::store::bulk::rows_of::<$engine, _>($rows) {
            let mut values = $crate::store::bulk::Values::<$engine>::of(piece.len(), &alike);
            for $r in piece {
                let $b = &mut values;
                $push
                values.end_row(&mut alike);
            }
            $session.statements.0 += 1;
            $session.held.start(values.into_statement($head, piece.len(), $tail, &mut alike)).await?;
        }
    }};
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;

    #[test]
    fn rows_are_cut_into_few_sizes_where_each_has_a_text_of_its_own() {
        let sizes = |count: usize, size| pieces(&vec![0; count], size).map(<[i32]>::len).collect::<Vec<_>>();
        assert_eq!(sizes(600, Sqlite::rows), [256, 256, 64, 16, 4, 4]);
        assert_eq!(sizes(4_600, Postgres::rows), [2_000, 2_000, 600]);
        assert_eq!(bulk::<i32>(&[]).count(), 0);
    }

    fn statement<DB: Bulk>(rows: &[(i64, Option<&'static str>)], zeros: usize) -> Statement<DB>
    where
        i64: Encode<'static, DB> + Type<DB>,
        Option<&'static str>: Encode<'static, DB> + Type<DB>,
    {
        let mut alike = Alike::default();
        let mut values = Values::<DB>::of(rows.len(), &alike);
        for &(number, text) in rows {
            values.push_bind(number).push_bind(text).push_zeros(zeros);
            values.end_row(&mut alike);
        }
        values.into_statement("insert into t ", rows.len(), ";", &mut alike)
    }

    #[test]
    fn a_statement_has_a_place_for_every_value_or_for_every_column() {
        let rows = [(1, Some("x")), (2, None)];
        assert_eq!(&*statement::<Sqlite>(&rows, 0).text, "insert or fail into t values (?,?),(?,?);");
        assert_eq!(
            &*statement::<Postgres>(&rows, 0).text,
            "insert into t select unnest($1) as column1, unnest($2) as column2;"
        );
        assert_eq!(&*statement::<Sqlite>(&rows, 2).text, "insert or fail into t values (?,?,0,0),(?,?,0,0);");
        assert_eq!(
            &*statement::<Postgres>(&rows, 2).text,
            "insert into t select unnest($1) as column1, unnest($2) as column2, 0, 0;"
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
