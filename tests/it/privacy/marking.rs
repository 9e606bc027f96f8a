//! A road between client and platform on which every answer is marked: the fields that tell of buyers get marks in place
//! of what they say, and every object gets fields the client cannot know, nested and in lists.

use super::search::{PHONE, WORD};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Fields that tell of a buyer, and as what.
const PERSONAL: [(&str, Kind); 13] = [
    ("doudian_open_id", Kind::Nickname),
    ("buyer_words", Kind::Note),
    ("seller_words", Kind::Note),
    ("mask_post_receiver", Kind::Name),
    ("encrypt_post_receiver", Kind::Name),
    ("post_receiver", Kind::Name),
    ("mask_post_tel", Kind::Phone),
    ("encrypt_post_tel", Kind::Phone),
    ("post_tel", Kind::Phone),
    ("encrypt_detail", Kind::Address),
    ("detail", Kind::Address),
    ("tracking_no", Kind::Phone),
    ("remark", Kind::Note),
];
/// Of an address these say where somebody lives; the province does not.
const PLACES: [&str; 3] = ["city", "town", "street"];

/// One in so many records is spoilt.
const SPOILT_EVERY: u32 = 50;

#[derive(Clone, Copy)]
pub enum Kind {
    Name,
    Phone,
    Address,
    Nickname,
    Note,
}

/// What an answer becomes on the road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Marked.
    Marked,
    /// Marked, and cut in the middle: no JSON any more.
    Torn,
    /// A gateway's error page that repeats what was asked.
    Broken,
    /// An envelope of failure whose data tells of buyers all the same.
    Refused,
}

/// The road, and how many marks were set on it.
pub struct Road {
    pub endpoint: String,
    state: Arc<RoadState>,
}

struct RoadState {
    platform: String,
    mood: Mood,
    marks: Marks,
}

/// Hands out marks.
#[derive(Default)]
pub struct Marks(AtomicU32);

impl Marks {
    pub fn next(&self, kind: Kind) -> String {
        let n = self.0.fetch_add(1, Ordering::Relaxed);
        let word = |what: &str| format!("{WORD}{what}{n:06}");
        match kind {
            Kind::Phone => format!("{PHONE}{:04}", n % 10_000),
            Kind::Name => word("姓名"),
            Kind::Address => word("地址"),
            Kind::Nickname => word("昵称"),
            Kind::Note => word("留言"),
        }
    }

    pub fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Road {
    pub async fn to(platform: &str, mood: Mood) -> Self {
        let state = Arc::new(RoadState { platform: platform.to_owned(), mood, marks: Marks::default() });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { endpoint, state }
    }

    pub fn marks(&self) -> u32 {
        self.state.marks.count()
    }
}

async fn pass(State(road): State<Arc<RoadState>>, uri: Uri, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let kept =
        headers.iter().filter(|(name, _)| !["host", "content-length", "accept-encoding"].contains(&name.as_str()));
    let headers: String =
        kept.map(|(name, value)| [name.as_str(), ": ", value.to_str().unwrap(), "\r\n"].concat()).collect();
    let (platform, path) = (road.platform.clone(), uri.path_and_query().unwrap().to_string());
    let is_token = path.starts_with("/token");
    let (status, answer) = tokio::task::spawn_blocking(move || ask(&platform, &path, &headers, &body)).await.unwrap();
    let json_type = [("content-type", "application/json")];
    // tokens come as they are, or nothing would be asked at all
    if is_token {
        return (status, json_type, answer).into_response();
    }
    let Ok(mut answer) = serde_json::from_slice::<Value>(&answer) else {
        return (status, json_type, answer).into_response();
    };
    plant(&mut answer, &road.marks);
    let text = answer.to_string();
    match road.mood {
        Mood::Marked => (status, json_type, text).into_response(),
        Mood::Torn => {
            let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
            (status, json_type, text[..half].to_owned()).into_response()
        }
        Mood::Broken => (StatusCode::INTERNAL_SERVER_ERROR, json_type, text).into_response(),
        Mood::Refused => {
            answer["code"] = json!(40_004);
            answer["sub_code"] = json!("isv.business-failed:1");
            (status, json_type, answer.to_string()).into_response()
        }
    }
}

fn plant(value: &mut Value, marks: &Marks) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| plant(item, marks)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| plant(field, marks));
            mark_known(fields, marks);
            let unknown = json!({
                "nick": marks.next(Kind::Nickname),
                "contacts": [marks.next(Kind::Phone), {"lines": [[marks.next(Kind::Address)], marks.next(Kind::Name)]}],
            });
            fields.insert("zz_buyer_card".into(), unknown);
            fields.insert(marks.next(Kind::Name), json!([marks.next(Kind::Note)]));
        }
        _ => {}
    }
}

fn mark_known(fields: &mut Map<String, Value>, marks: &Marks) {
    for (name, kind) in PERSONAL {
        if fields.contains_key(name) {
            fields.insert(name.into(), marks.next(kind).into());
        }
    }
    for place in PLACES {
        if let Some(Value::Object(place)) = fields.get_mut(place) {
            place.insert("name".into(), marks.next(Kind::Address).into());
        }
    }
    // now and then an amount is none, and says what stands there
    for amount in ["pay_amount", "refund_amount", "settle_amount"] {
        if fields.contains_key(amount) && marks.count().is_multiple_of(SPOILT_EVERY) {
            fields.insert(amount.into(), marks.next(Kind::Note).into());
            fields.insert("update_time".into(), marks.next(Kind::Name).into());
        }
    }
}

fn ask(platform: &str, path: &str, headers: &str, body: &[u8]) -> (StatusCode, Vec<u8>) {
    let address = platform.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let split = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..split]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse::<u16>().unwrap();
    (StatusCode::from_u16(status).unwrap(), answer[split + 4..].to_vec())
}
