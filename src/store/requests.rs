//! Requests and their steps. Rows are inserted; of a request only its state moves, with the step that moves it.
//!
//! Not here: which step may follow, who may take it (`domain::requests`, `services::requests`).

use super::doubles::records;
use super::rows::known;
use super::{Session, StoreError, Work, scope};
use crate::domain::calendar::{Day, Instant};
use crate::domain::requests::{About, State, Step, Times};
use sqlx::{AssertSqlSafe, FromRow};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub request_id: i64,
    pub farmer_id: i64,
    pub about: About,
    pub said: String,
    pub asked_at: Instant,
    pub state: State,
    /// Who sees to it and by when; empty where nobody does.
    pub assignee: String,
    pub due_on: Option<Day>,
}

/// A step of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub step: Step,
    pub actor: String,
    pub at: Instant,
    pub assignee: String,
    pub due_on: Option<Day>,
    pub said: String,
    pub rating: i64,
}

/// A step on its way in; what it does not say is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewStep<'a> {
    pub assignee: &'a str,
    pub due_on: Option<Day>,
    pub said: &'a str,
    pub rating: i64,
}

#[derive(FromRow)]
struct Row {
    request_id: i64,
    farmer_id: i64,
    about: String,
    which: String,
    said: String,
    asked_at: Instant,
    state: String,
    assignee: Option<String>,
    due_on: Option<Day>,
}

impl Row {
    fn read(self) -> Result<Request, StoreError> {
        let about = About::parse(&self.about, &self.which);
        Ok(Request {
            about: about.ok_or_else(|| StoreError::UnknownValue(format!("{} {}", self.about, self.which)))?,
            state: known(&self.state, State::parse)?,
            request_id: self.request_id,
            farmer_id: self.farmer_id,
            said: self.said,
            asked_at: self.asked_at,
            assignee: self.assignee.unwrap_or_default(),
            due_on: self.due_on,
        })
    }
}

/// Requests `r` of households in scope with whoever sees to them last.
fn select(session: &Session) -> String {
    format!(
        "select r.request_id, r.farmer_id, r.about, r.which, r.said, r.asked_at, r.state, s.assignee, s.due_on
         from request r join farmer w on w.county_code = r.county_code and w.farmer_id = r.farmer_id
         left join request_step s on s.county_code = r.county_code and s.request_id = r.request_id
            and s.step_no = (select max(x.step_no) from request_step x where x.county_code = r.county_code
                and x.request_id = r.request_id and x.step = 'assigned')
         where r.county_code = $1{}",
        scope::households(session.scope(), "w")
    )
}

/// Writes a request down in the name of the unit of work's actor. Returns its number.
pub async fn insert(work: &mut Work, farmer_id: i64, about: About, said: &str) -> Result<i64, StoreError> {
    let request_id = super::take_ids(work, "request", 1).await?;
    let (county, at, by) = (work.county_text(), work.at, work.actor.name.clone());
    on!(work, conn => sqlx::query(
        "insert into request (county_code, request_id, farmer_id, about, which, said, asked_by, asked_at, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    ).bind(county).bind(request_id).bind(farmer_id).bind(about.kind()).bind(about.which()).bind(said).bind(by).bind(at)
        .bind(State::Open.key()).execute(conn).await.map(|_| ()))?;
    Ok(request_id)
}

/// Records a step in the name of the unit of work's actor, and where it leaves the request.
pub async fn insert_step(work: &mut Work, request_id: i64, step: Step, new: NewStep<'_>) -> Result<(), StoreError> {
    let (county, at, by) = (work.county_text(), work.at, work.actor.clone());
    on!(work, conn => sqlx::query(
        "insert into request_step (county_code, request_id, step_no, step, account_id, actor, at, assignee, due_on, said,
            rating)
         select $1, $2, coalesce(max(step_no), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10 from request_step
         where county_code = $1 and request_id = $2"
    ).bind(&county).bind(request_id).bind(step.key()).bind(by.account_id).bind(by.name).bind(at).bind(new.assignee)
        .bind(new.due_on).bind(new.said).bind(new.rating).execute(conn).await.map(|_| ()))?;
    on!(work, conn => sqlx::query("update request set state = $3 where county_code = $1 and request_id = $2")
        .bind(&county).bind(request_id).bind(step.leaves().key()).execute(conn).await.map(|_| ()))?;
    Ok(())
}

/// A request in scope.
pub async fn find(session: &mut Session, request_id: i64) -> Result<Option<Request>, StoreError> {
    let (county, sql) = (session.county_text(), select(session));
    let row: Option<Row> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!("{sql} and r.request_id = $2")))
        .bind(county).bind(request_id).fetch_optional(conn).await)?;
    row.map(Row::read).transpose()
}

/// A household's requests, the newest first.
pub async fn list_of_farmer(session: &mut Session, farmer_id: i64, most: i64) -> Result<Vec<Request>, StoreError> {
    let (county, sql) = (session.county_text(), select(session));
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} and r.farmer_id in {} order by r.request_id desc limit $3", records("$2")
    ))).bind(county).bind(farmer_id).bind(most).fetch_all(conn).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// Requests that stand so far, the oldest first, `most` of them.
pub async fn list_by_state(session: &mut Session, state: State, most: i64) -> Result<Vec<Request>, StoreError> {
    session.hold_to_county()?;
    let (county, sql) = (session.county_text(), select(session));
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} and r.state = $2 order by r.request_id limit $3"
    ))).bind(county).bind(state.key()).bind(most).fetch_all(conn).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// The newest requests, the last first.
pub async fn list_latest(session: &mut Session, most: i64) -> Result<Vec<Request>, StoreError> {
    session.hold_to_county()?;
    let (county, sql) = (session.county_text(), select(session));
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} order by r.request_id desc limit $2"
    ))).bind(county).bind(most).fetch_all(conn).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// A page of the requests that stand so far, the last first.
pub async fn list_page(session: &mut Session, state: State, page: i64, size: i64) -> Result<Vec<Request>, StoreError> {
    session.hold_to_county()?;
    let (county, sql) = (session.county_text(), select(session));
    let rows: Vec<Row> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} and r.state = $2 order by r.request_id desc limit $3 offset $4"
    ))).bind(county).bind(state.key()).bind(size).bind((page - 1) * size).fetch_all(conn).await)?;
    rows.into_iter().map(Row::read).collect()
}

/// How many requests stand so far.
pub async fn count(session: &mut Session, state: State) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(on!(session, conn => sqlx::query_scalar("select count(*) from request where county_code = $1 and state = $2")
        .bind(county).bind(state.key()).fetch_one(conn).await)?)
}

/// Requests that nobody sees to yet.
pub async fn count_open(session: &mut Session) -> Result<i64, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    Ok(
        on!(session, conn => sqlx::query_scalar("select count(*) from request where county_code = $1 and state = 'open'")
        .bind(county).fetch_one(conn).await)?,
    )
}

#[derive(FromRow)]
struct StepRow {
    request_id: i64,
    step: String,
    actor: String,
    at: Instant,
    assignee: String,
    due_on: Option<Day>,
    said: String,
    rating: i64,
}

impl StepRow {
    fn read(self) -> Result<(i64, Taken), StoreError> {
        let step = known(&self.step, Step::parse)?;
        let Self { request_id, actor, at, assignee, due_on, said, rating, .. } = self;
        Ok((request_id, Taken { step, actor, at, assignee, due_on, said, rating }))
    }
}

/// Steps `s` of requests `r` in scope.
fn select_steps(session: &Session) -> String {
    format!(
        "select s.request_id, s.step, s.actor, s.at, s.assignee, s.due_on, s.said, s.rating from request_step s
         join request r on r.county_code = s.county_code and r.request_id = s.request_id
         join farmer w on w.county_code = r.county_code and w.farmer_id = r.farmer_id
         where s.county_code = $1{}",
        scope::households(session.scope(), "w")
    )
}

/// A request's steps in their order; none of one outside the scope.
pub async fn list_steps(session: &mut Session, request_id: i64) -> Result<Vec<Taken>, StoreError> {
    let (county, sql) = (session.county_text(), select_steps(session));
    let rows: Vec<StepRow> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} and s.request_id = $2 order by s.step_no"
    ))).bind(county).bind(request_id).fetch_all(conn).await)?;
    rows.into_iter().map(|row| Ok(row.read()?.1)).collect()
}

/// Steps of a household's newest requests, in their order, each with its request's number.
pub async fn list_steps_of_farmer(
    session: &mut Session,
    farmer_id: i64,
    most: i64,
) -> Result<Vec<(i64, Taken)>, StoreError> {
    let (county, sql) = (session.county_text(), select_steps(session));
    let own = records("$2");
    let rows: Vec<StepRow> = on!(session, conn => sqlx::query_as(AssertSqlSafe(format!(
        "{sql} and r.farmer_id in {own} and r.request_id in (select x.request_id from request x where x.county_code = $1
            and x.farmer_id in {own} order by x.request_id desc limit $3) order by s.request_id, s.step_no"
    ))).bind(county).bind(farmer_id).bind(most).fetch_all(conn).await)?;
    rows.into_iter().map(StepRow::read).collect()
}

#[derive(FromRow)]
struct TimesRow {
    asked_at: Instant,
    answered_at: Option<Instant>,
    rating: i64,
    reopened: i64,
}

/// Times of the requests asked from a moment on, in the order they were asked: nothing of who asked.
pub async fn list_times(session: &mut Session, from: Instant) -> Result<Vec<Times>, StoreError> {
    session.hold_to_county()?;
    let county = session.county_text();
    let rows: Vec<TimesRow> = on!(session, conn => sqlx::query_as(
        "select r.asked_at,
            (select s.at from request_step s where s.county_code = r.county_code and s.request_id = r.request_id
                and s.step = 'answered' order by s.step_no limit 1) as answered_at,
            coalesce((select s.rating from request_step s where s.county_code = r.county_code
                and s.request_id = r.request_id and s.step = 'rated' order by s.step_no desc limit 1), 0) as rating,
            (select count(*) from request_step s where s.county_code = r.county_code
                and s.request_id = r.request_id and s.step = 'reopened') as reopened
         from request r where r.county_code = $1 and r.asked_at >= $2 order by r.request_id"
    ).bind(county).bind(from).fetch_all(conn).await)?;
    Ok(rows
        .into_iter()
        .map(|r| Times { asked_at: r.asked_at, answered_at: r.answered_at, rating: r.rating, reopened: r.reopened > 0 })
        .collect())
}
