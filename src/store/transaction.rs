//! A session's transaction, or the statement under way that gives it back.
//!
//! A statement that only writes need not be waited for: whoever writes many rows puts the next together meanwhile, and
//! whoever computes goes on computing. One is under way at a time, in the order they were started; what goes wrong with
//! it is told by the next use of the session, at the latest by its commit.
//!
//! Rule that must hold: a session in which a statement under way went wrong keeps nothing, whoever heard of it.

use super::bulk::{Bulk, Statement};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::{IntoArguments, Postgres, Sqlite, Transaction};
use std::fmt;
use std::future::poll_fn;
use std::task::Poll;
use sync_wrapper::SyncWrapper;

/// A transaction on either engine.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Which engine a session is with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

type UnderWay = BoxFuture<'static, (Tx, Result<(), sqlx::Error>)>;

/// What a session answers after a statement that went wrong.
fn undone() -> sqlx::Error {
    sqlx::Error::Protocol("an earlier statement went wrong: nothing of this session is kept".to_owned())
}

/// The transaction of a session: here, or with the statement under way.
pub struct Held {
    engine: Engine,
    /// None while a statement is under way, and after one that went wrong.
    tx: Option<Tx>,
    /// Reached by whoever may write alone, so that a session can be read from several threads.
    under_way: SyncWrapper<Option<UnderWay>>,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("engine", &self.engine).field("tx", &self.tx).finish_non_exhaustive()
    }
}

impl Held {
    pub fn new(tx: Tx) -> Self {
        let engine = match tx {
            Tx::Sqlite(_) => Engine::Sqlite,
            Tx::Postgres(_) => Engine::Postgres,
        };
        Self { engine, tx: Some(tx), under_way: SyncWrapper::new(None) }
    }

    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The transaction, when nothing is under way any more; the error of what was.
    pub async fn free(&mut self) -> Result<&mut Tx, sqlx::Error> {
        if let Some(under_way) = self.under_way.get_mut() {
            let (tx, done) = under_way.await;
            *self.under_way.get_mut() = None;
            done?;
            self.tx = Some(tx);
        }
        self.tx.as_mut().ok_or_else(undone)
    }

    /// Starts a statement when the one before is through.
    pub async fn start<DB: Bulk>(&mut self, statement: Statement<DB>) -> Result<(), sqlx::Error>
    where
        DB::Arguments: IntoArguments<DB>,
        for<'c> &'c mut DB::Connection: sqlx::Executor<'c, Database = DB>,
    {
        self.free().await?;
        let mut tx = self.tx.take().ok_or_else(undone)?;
        let mut under_way = async move {
            let done = statement.run(DB::connection(&mut tx)).await;
            (tx, done)
        }
        .boxed();
        // asked once, the driver hands the statement over; `free` asks until it is through
        match poll_fn(|context| Poll::Ready(under_way.poll_unpin(context))).await {
            Poll::Ready((tx, done)) => {
                done?;
                self.tx = Some(tx);
            }
            Poll::Pending => *self.under_way.get_mut() = Some(under_way),
        }
        Ok(())
    }

    /// Keeps what was written.
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.free().await?;
        match self.tx.ok_or_else(undone)? {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Postgres(tx) => tx.commit().await,
        }
    }
}
