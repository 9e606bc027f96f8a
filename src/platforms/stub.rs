//! A server on this machine that gives answers written by hand, for the tests of the connectors.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::http::Endpoint;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// What was asked: the request line and the body.
pub type Asked = Vec<(String, String)>;

/// An answer: its status line and its body.
pub type Answer = (&'static str, String);

/// Gives these answers (status line, body), in order, over one connection each, and hands back what was asked.
pub fn serve(answers: Vec<Answer>) -> (Endpoint, JoinHandle<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = Endpoint::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let server = std::thread::spawn(move || {
        let mut asked = Asked::new();
        for (status, answer) in answers {
            let mut stream = BufReader::new(listener.accept().unwrap().0);
            let (mut head, mut length) = (String::new(), 0);
            stream.read_line(&mut head).unwrap();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                match line.trim_end().to_ascii_lowercase().split_once(": ") {
                    Some(("content-length", n)) => length = n.parse().unwrap(),
                    Some(_) => {}
                    None => break,
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            asked.push((head, String::from_utf8(body).unwrap()));
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
            stream.get_mut().write_all(format!("{head}{answer}").as_bytes()).unwrap();
        }
        asked
    });
    (endpoint, server)
}
