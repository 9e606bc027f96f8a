//! The site's own files, inside the binary, under addresses that hold a hash of their content.
//!
//! An address never changes its content, so browsers may keep it for a year; a changed file has a new address.
//! Named one by one and not as a folder: the folder also holds the pictures' fonts, which no page fetches.

use super::error::WebError;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

const ASSETS: [Asset; 7] = [
    Asset { name: "app.css", kind: "text/css; charset=utf-8", bytes: include_bytes!("../../static/app.css") },
    Asset { name: "icon.svg", kind: "image/svg+xml", bytes: include_bytes!("../../static/icon.svg") },
    Asset {
        name: "upload.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/upload.js"),
    },
    Asset { name: "aloud.js", kind: "text/javascript; charset=utf-8", bytes: include_bytes!("../../static/aloud.js") },
    Asset {
        name: "weighing.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/weighing.js"),
    },
    Asset { name: "live.js", kind: "text/javascript; charset=utf-8", bytes: include_bytes!("../../static/live.js") },
    Asset {
        name: "search.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../static/search.js"),
    },
];

/// Hexadecimal digits of the hash in an address: enough to tell versions of one file apart.
const HASH_DIGITS: usize = 12;

static HASHES: LazyLock<[String; ASSETS.len()]> = LazyLock::new(|| {
    ASSETS.each_ref().map(|asset| hex::encode(Sha256::digest(asset.bytes)).chars().take(HASH_DIGITS).collect())
});

/// The address of the style sheet.
pub fn style_href() -> String {
    href(0)
}

/// The address of the icon.
pub fn icon_href() -> String {
    href(1)
}

/// The address of the script that sends files one by one and shows how far each is.
pub fn upload_href() -> String {
    href(2)
}

/// The address of the script that reads a page aloud.
pub fn aloud_href() -> String {
    href(3)
}

/// The address of the script that adds a weighing list up and keeps its draft.
pub fn weighing_href() -> String {
    href(4)
}

/// The address of the script that keeps the moving part of a page up to date.
pub fn live_href() -> String {
    href(5)
}

/// The address of the script by which a key leads to the search field.
pub fn search_href() -> String {
    href(6)
}

fn href(index: usize) -> String {
    format!("/static/{}/{}", HASHES[index], ASSETS[index].name)
}

/// Answers a file of the present build; an address of another build is gone.
pub async fn show(Path((hash, name)): Path<(String, String)>) -> Result<Response, WebError> {
    let found = ASSETS.iter().zip(HASHES.iter()).find(|(asset, have)| asset.name == name && **have == hash);
    let (asset, _) = found.ok_or(WebError::NotFound)?;
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.bytes).into_response())
}
