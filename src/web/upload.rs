//! Files on their way in: read from a form a piece at a time, into a place that nobody else can open.
//!
//! Rule that must hold: no more of an upload is in memory than a piece; what a form says beside its files is short.

use super::error::WebError;
use crate::services::import::{Received, Spool};
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;

/// Bytes of a text beside the files.
const MOST_TEXT: usize = 4 * 1024;
/// Characters of a file's name that are kept.
const MOST_NAME: usize = 120;

/// What went wrong with the form itself: too large, or cut off.
#[allow(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub fn unreadable(error: MultipartError) -> WebError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { WebError::TooLarge } else { WebError::BadRequest }
}

/// A short text.
pub async fn text(mut field: Field<'_>) -> Result<String, WebError> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(unreadable)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > MOST_TEXT {
            return Err(WebError::BadRequest);
        }
    }
    String::from_utf8(bytes).map(|text| text.trim().to_owned()).map_err(|_| WebError::BadRequest)
}

/// What the sender calls the file; '' where no file was chosen, which browsers send as a file without a name.
pub fn name(field: &Field<'_>) -> String {
    let name = field.file_name().unwrap_or_default();
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(MOST_NAME).collect()
}

/// A file, once all of it has come.
pub async fn received(mut field: Field<'_>, name: &str) -> Result<Received, WebError> {
    let failed = |problem: crate::domain::problem::Problem| WebError::Internal(problem.into());
    let mut spool = Spool::new(name).map_err(failed)?;
    while let Some(piece) = field.chunk().await.map_err(unreadable)? {
        spool.write(&piece).await.map_err(failed)?;
    }
    spool.finish().await.map_err(failed)
}

/// The file of a form that sends nothing else to be read; none where none was chosen.
pub async fn only(mut form: Multipart, field_name: &str) -> Result<Option<Received>, WebError> {
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = name(&field);
        if field.name() == Some(field_name) && !name.is_empty() {
            file = Some(received(field, &name).await?);
        }
    }
    Ok(file)
}
