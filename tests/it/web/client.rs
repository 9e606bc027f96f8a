//! A browser without a screen: asks the router and keeps its cookie.

use super::seed::link;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use red_anchor::domain::access::Role;
use red_anchor::web::{AppState, router};
use tower::ServiceExt;

const MOST_BYTES: usize = 4 << 20;
pub const HOST: &str = "county.example";

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
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
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router(app.clone()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

pub async fn get(app: &AppState, path: &str, cookie: &str) -> Answer {
    ask(app, Method::GET, path, &[("cookie", cookie)]).await
}

pub async fn post(app: &AppState, path: &str, cookie: &str) -> Answer {
    ask(app, Method::POST, path, &[("cookie", cookie), ("origin", "http://county.example")]).await
}

/// Signs in with a fresh link and returns the session's cookie.
pub async fn enter(app: &AppState, role: Role) -> String {
    let path = format!("/enter/{}", link(app, role).await);
    post(app, &path, "").await.cookie("session=").expect("a fresh link starts a session")
}
