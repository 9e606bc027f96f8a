//! A caller of the sandbox: signs by the published recipe and speaks HTTP by hand, so that a shared mistake between
//! client and sandbox cannot hide.

use hmac::{Hmac, KeyInit, Mac};
use red_anchor::clock::Clock;
use red_anchor::domain::calendar::Day;
use red_anchor::sandbox::world::DAY_SECONDS;
use red_anchor::sandbox::{Faults, Running, SandboxConfig, serve};
use serde_json::{Value, json};
use sha2::Sha256;
use std::io::{Read, Write};
use std::net::TcpStream;

pub struct Caller {
    pub running: Running,
    pub clock: Clock,
    pub token: Option<String>,
    /// Which of the two shops.
    pub shop: usize,
}

/// What a call came back with.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

impl Reply {
    pub fn sub_code(&self) -> &str {
        self.body["sub_code"].as_str().unwrap_or_default()
    }
}

pub fn day(text: &str) -> Day {
    red_anchor::domain::calendar::parse_day(text).unwrap()
}

impl Caller {
    /// A small world at noon of a day, with a token for the first shop.
    pub async fn at(seed: u64, today: &str, faults: &str) -> Self {
        let clock = Clock::world(red_anchor::domain::calendar::start_of(day(today)) + chrono::TimeDelta::hours(12));
        let config = SandboxConfig {
            seed,
            scale: "0.02".parse().unwrap(),
            clock: clock.clone(),
            faults: faults.parse::<Faults>().unwrap(),
            listen: "127.0.0.1:0".parse().unwrap(),
        };
        let mut caller = Self { running: serve(config).await.unwrap(), clock, token: None, shop: 0 };
        caller.renew().await;
        caller
    }

    /// Gets a token.
    pub async fn renew(&mut self) {
        let shop_id = self.running.apps[self.shop].platform_shop_id.clone();
        let reply = self
            .call("token.create", &json!({"code": "", "grant_type": "authorization_self", "shop_id": shop_id}))
            .await;
        self.token = reply.body["data"]["access_token"].as_str().map(str::to_owned);
        assert!(self.token.is_some(), "{reply:?}");
    }

    pub fn now(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// A well-formed call.
    pub async fn call(&self, method: &str, params: &Value) -> Reply {
        let body = params.to_string();
        self.send(method, &body, self.now(), |query| query).await
    }

    /// A call whose query may be spoilt before it is sent.
    pub async fn send(&self, method: &str, body: &str, timestamp: i64, spoil: impl Fn(String) -> String) -> Reply {
        let app = &self.running.apps[self.shop];
        let (key, secret) = (&app.app_key, &app.app_secret);
        let message = format!("{secret}app_key{key}method{method}param_json{body}timestamp{timestamp}v2{secret}");
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        let sign = hex::encode(mac.finalize().into_bytes());
        let mut query =
            format!("app_key={key}&method={method}&timestamp={timestamp}&v=2&sign_method=hmac-sha256&sign={sign}");
        if let Some(token) = self.token.as_ref().filter(|_| !method.starts_with("token.")) {
            query = format!("{query}&access_token={token}");
        }
        let path = format!("/{}?{}", method.replace('.', "/"), spoil(query));
        let address = self.running.endpoint.trim_start_matches("http://").to_owned();
        let body = body.to_owned();
        tokio::task::spawn_blocking(move || post(&address, &path, &body)).await.unwrap()
    }

    /// All rows of a window of orders by update time, page by page, and the total the platform stated.
    pub async fn orders(&self, from: i64, to: i64, size: usize) -> (Vec<Value>, usize) {
        let mut rows = Vec::new();
        for page in 0.. {
            let params = json!({"order_asc": true, "order_by": "update_time", "page": page, "size": size,
                "update_time_end": to, "update_time_start": from});
            let reply = self.call("order.searchList", &params).await;
            let data = &reply.body["data"];
            let list = data["shop_order_list"].as_array().unwrap_or_else(|| panic!("{reply:?}"));
            rows.extend(list.iter().cloned());
            let total = usize::try_from(data["total"].as_u64().unwrap()).unwrap();
            if list.is_empty() || (page + 1) * size >= total {
                return (rows, total);
            }
        }
        unreachable!("pages end")
    }
}

/// The last `n` days.
pub fn last_days(caller: &Caller, n: i64) -> (i64, i64) {
    (caller.now() - n * DAY_SECONDS, caller.now())
}

fn post(address: &str, path: &str, body: &str) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = "Content-Type: application/json\r\nConnection: close";
    write!(stream, "POST {path} HTTP/1.1\r\nHost: {address}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}")
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Reply { status, body: serde_json::from_str(body).unwrap_or(Value::Null) }
}
