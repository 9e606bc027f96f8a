//! Which profile a table is for, by its headings and nothing else: names and suffixes lie.
//!
//! The headings are looked for in the first rows. Of the profiles that find all they require, the one that finds most
//! columns is taken; where two find as many, a person has to say which.

use super::layout::{Fit, Layout};
use super::personal::is_no_heading;
use super::profile::{Kind, Profile, Profiles};
use super::reading::Table;
use crate::domain::problem::Problem;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Rows the headings may stand in.
const HEADING_ROWS: usize = 20;
/// Fewer columns found are chance.
const FEWEST_FOUND: usize = 2;
/// Profiles named where none fits.
const NEAREST: usize = 3;
/// Headings shown where no profile fits.
const SHOWN: usize = 12;

/// What a table may be taken for.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub profiles: Profiles,
    /// Named by the person.
    pub chosen: Option<Arc<Profile>>,
    /// What kind of file the person says it is.
    pub kind: Option<Kind>,
    /// The platform of the shop.
    pub platform: String,
}

/// Finds the headings and the profile of a table; `path` names it in messages.
pub fn recognise(path: &str, table: &mut dyn Table, wanted: &Wanted) -> Result<Layout, Problem> {
    let mut heads: Vec<(usize, Vec<String>)> = Vec::new();
    table.rows(&mut |number, cells| {
        if number > HEADING_ROWS {
            return ControlFlow::Break(());
        }
        heads.push((number, cells.iter().map(|c| (*c).to_owned()).collect()));
        ControlFlow::Continue(())
    })?;
    let candidates = wanted.chosen.as_ref().map_or(wanted.profiles.all(), std::slice::from_ref);
    let mut fits: Vec<Fit> = Vec::new();
    for profile in candidates {
        let of_rows = heads.iter().map(|(number, cells)| {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            Layout::fit(profile, *number, &cells)
        });
        // of rows that fit as well the first
        fits.extend(of_rows.min_by_key(order));
    }
    fits.sort_by_key(order);
    choose(path, &fits, &heads, wanted)
}

/// Best first: nothing missing, then most found.
fn order(fit: &Fit) -> (bool, std::cmp::Reverse<usize>, usize) {
    (!fit.missing.is_empty(), std::cmp::Reverse(fit.found), fit.missing.len())
}

fn choose(path: &str, fits: &[Fit], heads: &[(usize, Vec<String>)], wanted: &Wanted) -> Result<Layout, Problem> {
    let fitting: Vec<&Fit> = fits.iter().filter(|f| f.missing.is_empty() && f.found >= FEWEST_FOUND).collect();
    let ours = |f: &&&Fit| f.layout.profile.platform.as_deref().is_none_or(|platform| platform == wanted.platform);
    let Some(best) = fitting.iter().find(ours) else {
        return Err(match fitting.first() {
            Some(other) => Problem::OtherPlatformFile {
                path: path.to_owned(),
                title: other.layout.profile.title.clone(),
                platform: wanted.platform.clone(),
            },
            None => unknown(path, fits, heads, wanted),
        });
    };
    let equals: Vec<&str> =
        fitting.iter().filter(ours).filter(|f| f.found == best.found).map(|f| f.layout.profile.name.as_str()).collect();
    if equals.len() > 1 {
        return Err(Problem::AmbiguousFile { path: path.to_owned(), profiles: equals.join(", ") });
    }
    let profile = &best.layout.profile;
    if wanted.kind.is_some_and(|kind| kind != profile.kind) {
        return Err(Problem::OtherKindFile {
            path: path.to_owned(),
            title: profile.title.clone(),
            command: profile.kind.key().replace('_', "-"),
        });
    }
    Ok(best.layout.clone())
}

fn unknown(path: &str, fits: &[Fit], heads: &[(usize, Vec<String>)], wanted: &Wanted) -> Problem {
    if let (Some(profile), Some(fit)) = (&wanted.chosen, fits.first()) {
        return Problem::MissingColumns {
            path: path.to_owned(),
            profile: profile.name.clone(),
            missing: fit.missing.join("、"),
        };
    }
    let mut nearest: Vec<&Fit> = fits.iter().filter(|f| f.found > 0).collect();
    nearest.sort_by_key(|f| std::cmp::Reverse(f.found));
    let row = nearest.first().map_or(1, |f| f.layout.heading_row);
    let head = heads.iter().find(|(number, _)| *number == row).or(heads.first());
    let seen = head.map(|(_, cells)| {
        let shown = cells.iter().map(|c| c.trim()).filter(|c| !c.is_empty() && !is_no_heading(c));
        shown.take(SHOWN).collect::<Vec<_>>().join("、")
    });
    let nearest: Vec<String> = nearest
        .iter()
        .take(NEAREST)
        .map(|f| format!("{} {}（−{}）", f.layout.profile.name, f.layout.profile.title, f.missing.join("、")))
        .collect();
    Problem::UnknownFile {
        path: path.to_owned(),
        seen: seen.unwrap_or_default(),
        nearest: if nearest.is_empty() { "—".to_owned() } else { nearest.join("；") },
    }
}
