//! What every command needs: the database, the county, the clock, the language.

use super::Global;
use crate::clock::Clock;
use crate::domain::access::{Actor, Scope};
use crate::domain::calendar::parse_day;
use crate::domain::lang::Lang;
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::ingest::connect::interface;
use crate::reports::templates::Templates;
use crate::services::setup;
use crate::store::counties::{self, County};
use crate::store::goods::{self, Shop};
use crate::store::{Missing, Session, Store, pauses};
use std::path::PathBuf;

/// The database where none is named.
const DEFAULT_DATABASE: &str = "red-anchor.db";

/// The options of this run, read once.
#[derive(Debug, Clone)]
pub struct Context {
    /// `None`: neither an option nor the environment names one.
    pub database: Option<String>,
    pub clock: Clock,
    pub lang: Lang,
    pub county: Option<RegionCode>,
    pub actor: Actor,
    /// Where the keys of stored secrets are, if an option says.
    pub key_file: Option<String>,
    /// A folder of templates over the program's own.
    pub templates: Option<PathBuf>,
}

/// A database with its county.
#[derive(Debug)]
pub struct Opened {
    pub store: Store,
    pub county: County,
    pub code: RegionCode,
}

impl Context {
    /// Reads the global options and the environment.
    #[allow(clippy::disallowed_methods, reason = "the command line is where the environment is read")]
    pub fn new(global: &Global) -> anyhow::Result<Self> {
        let clock = match &global.today {
            None => Clock::System,
            Some(text) => Clock::at_end_of(parse_day(text).ok_or_else(|| Problem::BadDay { text: text.clone() })?),
        };
        let lang =
            Lang::parse(&global.lang).ok_or_else(|| Problem::BadOption { why: format!("--lang {}", global.lang) })?;
        let county = match &global.county {
            None => None,
            Some(text) => Some(county_code(text)?),
        };
        let database =
            global.database.clone().or_else(|| std::env::var("DATABASE_URL").ok()).filter(|url| !url.is_empty());
        let key_file = global.key_file.clone();
        let templates = global.templates.clone();
        Ok(Self { database, clock, lang, county, actor: Actor::command_line(), key_file, templates })
    }

    /// The database's name, or the default's.
    pub fn database(&self) -> &str {
        self.database.as_deref().unwrap_or(DEFAULT_DATABASE)
    }

    /// What documents are set from.
    pub fn templates(&self) -> anyhow::Result<Templates> {
        self.templates.as_deref().map_or_else(|| Ok(Templates::default()), Templates::with_folder)
    }

    /// Opens the database; it must exist.
    pub async fn store(&self) -> anyhow::Result<Store> {
        Ok(Store::open(self.database(), Missing::Refuse).await?)
    }

    /// Opens the database and finds the county meant.
    pub async fn open(&self) -> anyhow::Result<Opened> {
        let store = self.store().await?;
        let counties = counties::list(&store).await?;
        let county = match (self.county, counties.as_slice()) {
            (_, []) => return Err(Problem::NoCounty.into()),
            (None, [only]) => only.clone(),
            (None, several) => {
                let codes = several.iter().map(|c| c.county_code.as_str()).collect::<Vec<_>>().join(", ");
                return Err(Problem::SeveralCounties { codes }.into());
            }
            (Some(code), all) => all
                .iter()
                .find(|c| c.county_code == code.to_string())
                .cloned()
                .ok_or_else(|| Problem::UnknownCounty { code: code.to_string() })?,
        };
        let code = county_code(&county.county_code)?;
        Ok(Opened { store, county, code })
    }
}

impl Opened {
    /// A reading session over the whole county.
    pub async fn read(&self) -> anyhow::Result<Session> {
        Ok(self.store.read(Scope::County(self.code)).await?)
    }

    /// The shop named, or all whose platform can be asked and that are not paused.
    pub async fn shops(&self, key: Option<&str>) -> anyhow::Result<Vec<Shop>> {
        let mut session = self.read().await?;
        if let Some(key) = key {
            return Ok(vec![setup::shop(&mut session, key).await?]);
        }
        let paused = pauses::list(&mut session).await?;
        let is_paused = |shop: &Shop| paused.iter().any(|pause| pause.shop_id == shop.shop_id);
        let all = goods::list_shops(&mut session).await?;
        Ok(all.into_iter().filter(|s| interface(s).is_ok() && !is_paused(s)).collect())
    }

    /// Refuses a demo database: what is about to be written is real.
    pub fn refuse_demo(&self) -> Result<(), Problem> {
        if self.county.demo { Err(Problem::RealOnDemo) } else { Ok(()) }
    }
}

/// Reads a county's six digits.
pub fn county_code(text: &str) -> Result<RegionCode, Problem> {
    RegionCode::parse(text)
        .filter(|code| code.digits() == 6)
        .ok_or_else(|| Problem::UnknownCounty { code: text.to_owned() })
}
