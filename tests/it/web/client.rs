//! A browser without a screen: asks the router and keeps its cookie.

use super::seed::{county, link, link_of};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use red_anchor::domain::access::{Grant, Role};
use red_anchor::domain::regions::RegionCode;
use red_anchor::web::{AppState, router};
use tower::ServiceExt;

const MOST_BYTES: usize = 4 << 20;
pub const HOST: &str = "county.example";

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    /// The bytes as text.
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The first `name=value` of the cookies it sets that begins with a name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap());
        set.filter(|v| v.starts_with(name)).find_map(|v| v.split(';').next().map(str::to_owned))
    }
}

pub async fn ask(app: &AppState, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    send(app, method, path, headers, String::new()).await
}

pub async fn send(
    app: &AppState,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    form: impl Into<Vec<u8>>,
) -> Answer {
    let form: Vec<u8> = form.into();
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
    if !form.is_empty() {
        request = request.header(header::CONTENT_LENGTH, form.len());
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router(app.clone()).oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MOST_BYTES).await.unwrap().to_vec();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, bytes, body }
}

pub async fn get(app: &AppState, path: &str, cookie: &str) -> Answer {
    ask(app, Method::GET, path, &[("cookie", cookie)]).await
}

pub async fn post(app: &AppState, path: &str, cookie: &str) -> Answer {
    ask(app, Method::POST, path, &[("cookie", cookie), ("origin", "http://county.example")]).await
}

/// Posts a form as a page of this site does.
pub async fn submit(app: &AppState, path: &str, cookie: &str, form: &str) -> Answer {
    submit_from(app, "http://county.example", path, cookie, form).await
}

/// Posts a form from any page.
pub async fn submit_from(app: &AppState, origin: &str, path: &str, cookie: &str, form: &str) -> Answer {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let headers = [("cookie", cookie), ("origin", origin), kind];
    send(app, Method::POST, path, &headers, form.to_owned()).await
}

/// A part of a form with files: its name, the file's name where it is one, its bytes.
pub type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// Posts a form with files as a browser does.
pub async fn upload(app: &AppState, path: &str, cookie: &str, parts: &[Part<'_>]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"));
        let head =
            format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"{}\r\n\r\n", file.unwrap_or_default());
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--limit--\r\n");
    let kind = ("content-type", "multipart/form-data; boundary=limit");
    send(app, Method::POST, path, &[("cookie", cookie), ("origin", "http://county.example"), kind], body).await
}

/// Signs in under a grant and returns the session's cookie.
pub async fn enter_as(app: &AppState, county: RegionCode, grant: Grant) -> String {
    let path = format!("/enter/{}", link_of(app, county, grant).await);
    post(app, &path, "").await.cookie("session=").expect("a fresh link starts a session")
}

/// Signs in under a grant in the seeded county.
pub async fn enter_under(app: &AppState, grant: Grant) -> String {
    enter_as(app, county(), grant).await
}

/// Signs in with a fresh link and returns the session's cookie.
pub async fn enter(app: &AppState, role: Role) -> String {
    let path = format!("/enter/{}", link(app, role).await);
    post(app, &path, "").await.cookie("session=").expect("a fresh link starts a session")
}
