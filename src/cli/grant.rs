//! What a role is over, as it is named on the command line: a region, a village, an anchor's or a household's key.

use crate::domain::access::{Grant, Role, Scope};
use crate::domain::problem::Problem;
use crate::domain::regions::RegionCode;
use crate::store::Store;
use crate::store::keys::{self, Noun};

/// Reads a role.
pub fn role(name: &str) -> Result<Role, Problem> {
    Role::parse(name).ok_or_else(|| Problem::UnknownRole { name: name.to_owned() })
}

/// A role over a region: the county itself where none is named.
pub fn over_region(county: RegionCode, role: Role, code: Option<&str>) -> Result<Grant, Problem> {
    let region = match code {
        None => county,
        Some(text) => RegionCode::parse(text)
            .filter(|region| region.within(county) || county.within(*region))
            .ok_or_else(|| Problem::UnknownRegion { code: text.to_owned() })?,
    };
    Grant::new(role, region, 0).ok_or_else(|| Problem::RoleNeeds { role: role.key().to_owned() })
}

/// A role over an anchor or a household; the first by key where none is named.
pub async fn over_subject(store: &Store, county: RegionCode, role: Role, key: Option<&str>) -> anyhow::Result<Grant> {
    let noun = if role == Role::Anchor { Noun::Anchor } else { Noun::Farmer };
    let ids = keys::ids_by_key(&mut store.read(Scope::County(county)).await?, noun).await?;
    let mut known: Vec<&String> = ids.keys().collect();
    known.sort();
    let found = match key {
        Some(key) => ids.get(key),
        None => known.first().and_then(|k| ids.get(*k)),
    };
    let unknown = || {
        let known = known.iter().take(10).map(|k| k.as_str()).collect::<Vec<_>>().join(", ");
        Problem::UnknownSubject { role: role.key().to_owned(), known }
    };
    let subject_id = *found.ok_or_else(unknown)?;
    Ok(Grant::new(role, county, subject_id).ok_or_else(unknown)?)
}

/// The village of the first household by key: where a demo's village contact is at home.
pub async fn first_village(store: &Store, county: RegionCode) -> anyhow::Result<Option<String>> {
    let farmers = crate::store::people::list_farmers(&mut store.read(Scope::County(county)).await?).await?;
    Ok(farmers.into_iter().min_by(|a, b| a.farmer_key.cmp(&b.farmer_key)).map(|f| f.village_code))
}
