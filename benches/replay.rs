//! A platform that answers from memory: what a sandbox answered once is kept and given again, byte for byte, so that a
//! second pull costs the sandbox nothing.

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use red_anchor::platforms::http::{Endpoint, client};
use rustc_hash::FxHashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// Bytes of the largest question.
const MOST_BYTES: usize = 1 << 20;
/// What differs between two times the same is asked.
const PASSING: [&str; 3] = ["timestamp", "sign", "access_token"];

/// What is asked: path, lasting part of the query, body.
type Question = (String, String, Bytes);

/// The platform.
#[derive(Clone)]
pub struct Replay {
    /// Where it is.
    pub endpoint: String,
    answers: Arc<Mutex<FxHashMap<Question, Answer>>>,
}

#[derive(Clone)]
struct Answer {
    status: StatusCode,
    kind: Option<header::HeaderValue>,
    body: Bytes,
}

#[derive(Clone)]
struct Asked {
    behind: String,
    client: reqwest::Client,
    answers: Arc<Mutex<FxHashMap<Question, Answer>>>,
}

impl Replay {
    /// Starts it in front of a sandbox, which is asked only what was never asked before.
    pub async fn start(behind: &str) -> Self {
        let answers = Arc::default();
        let client = client(&Endpoint::parse(behind).expect("an address")).expect("a client");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Asked { behind: behind.to_owned(), client, answers: Arc::clone(&answers) };
        let router = Router::new().fallback(answer).with_state(asked);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { endpoint, answers }
    }

    /// Answers it can give.
    pub fn len(&self) -> usize {
        self.answers.lock().expect("the answers").len()
    }
}

async fn answer(State(asked): State<Asked>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.expect("a question");
    let query = parts.uri.query().unwrap_or_default();
    let lasting: Vec<&str> =
        query.split('&').filter(|pair| !PASSING.iter().any(|name| pair.split('=').next() == Some(name))).collect();
    let question = (parts.uri.path().to_owned(), lasting.join("&"), body.clone());
    let known = asked.answers.lock().expect("the answers").get(&question).cloned();
    let answer = if let Some(answer) = known {
        answer
    } else {
        let address = format!("{}{}?{query}", asked.behind, parts.uri.path());
        let kind = parts.headers.get(header::CONTENT_TYPE).cloned();
        let mut forwarded = asked.client.request(parts.method, address).body(body);
        if let Some(kind) = kind {
            forwarded = forwarded.header(header::CONTENT_TYPE, kind);
        }
        let response = forwarded.send().await.expect("the sandbox answers");
        let (status, kind) = (response.status(), response.headers().get(header::CONTENT_TYPE).cloned());
        let answer = Answer { status, kind, body: response.bytes().await.expect("the whole answer") };
        asked.answers.lock().expect("the answers").insert(question, answer.clone());
        answer
    };
    let mut headers = HeaderMap::new();
    headers.extend(answer.kind.map(|kind| (header::CONTENT_TYPE, kind)));
    (answer.status, headers, answer.body).into_response()
}
