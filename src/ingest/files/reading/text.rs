//! Tables written as text: UTF-8 with or without its mark, GB18030, UTF-16 with its mark; comma, tab or semicolon.

use super::{Each, MOST_COLUMNS, MOST_ROWS, Table, named, unreadable};
use crate::domain::problem::Problem;
use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes looked at to find what stands between cells.
const SAMPLE: u64 = 1 << 16;
/// Lines of them.
const SAMPLE_LINES: usize = 20;
/// What may stand between cells, the likeliest first.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// Bytes that can be opened anew.
pub trait Again {
    fn open(&mut self) -> io::Result<Box<dyn Read + '_>>;
}

impl<T: Read + Seek + ?Sized> Again for &mut T {
    fn open(&mut self) -> io::Result<Box<dyn Read + '_>> {
        self.seek(SeekFrom::Start(0))?;
        Ok(Box::new(&mut **self))
    }
}

/// A table of text.
pub struct TextTable<'a, S> {
    path: &'a str,
    part: &'a str,
    source: S,
    encoding: &'static Encoding,
    delimiter: u8,
}

impl<'a, S: Again> TextTable<'a, S> {
    /// Reads all bytes once to know the encoding, and finds what stands between cells.
    pub fn new(path: &'a str, part: &'a str, mut source: S) -> Result<Self, Problem> {
        let failed = |e: io::Error| unreadable(&named(path, part), &e);
        let encoding = encoding_of(&mut *source.open().map_err(failed)?)
            .map_err(failed)?
            .ok_or_else(|| Problem::NotText { path: named(path, part) })?;
        let mut sample = Vec::new();
        decoder(encoding, source.open().map_err(failed)?).take(SAMPLE).read_to_end(&mut sample).map_err(failed)?;
        Ok(Self { path, part, source, encoding, delimiter: delimiter_of(&sample) })
    }
}

impl<S: Again> Table for TextTable<'_, S> {
    fn part(&self) -> &str {
        self.part
    }

    fn rows(&mut self, each: &mut Each<'_>) -> Result<(), Problem> {
        let name = named(self.path, self.part);
        let reader = decoder(self.encoding, self.source.open().map_err(|e| unreadable(&name, &e))?);
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.delimiter).from_reader(reader);
        let mut record = csv::StringRecord::new();
        let mut number = 0;
        while reader.read_record(&mut record).map_err(|e| unreadable(&name, &e))? {
            number += 1;
            if number > MOST_ROWS {
                return Err(Problem::FileTooLarge { path: name });
            }
            let cells: Vec<&str> = record.iter().take(MOST_COLUMNS).collect();
            if cells.iter().any(|c| !c.trim().is_empty()) && each(number, &cells).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn decoder<'r>(encoding: &'static Encoding, source: Box<dyn Read + 'r>) -> impl Read + 'r {
    DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_override(true).strip_bom(true).build(source)
}

/// Strict UTF-8 if all bytes are, else GB18030 if all bytes are; a mark of UTF-16 decides by itself.
fn encoding_of(source: &mut dyn Read) -> io::Result<Option<&'static Encoding>> {
    let mut strict = [Strict::new(UTF_8), Strict::new(GB18030)];
    let mut chunk = vec![0; 1 << 16];
    let mut first = true;
    loop {
        let n = source.read(&mut chunk)?;
        if first {
            first = false;
            match chunk[..n] {
                [0xff, 0xfe, ..] => return Ok(Some(UTF_16LE)),
                [0xfe, 0xff, ..] => return Ok(Some(UTF_16BE)),
                _ => {}
            }
        }
        // a workbook or a picture is full of these
        if chunk[..n].contains(&0) {
            return Ok(None);
        }
        for strict in &mut strict {
            strict.feed(&chunk[..n], n == 0);
        }
        if n == 0 || strict.iter().all(|s| s.broken) {
            return Ok(strict.iter().find(|s| !s.broken).map(|s| s.encoding));
        }
    }
}

/// A decoder that remembers whether anything was not of its encoding.
struct Strict {
    encoding: &'static Encoding,
    decoder: encoding_rs::Decoder,
    out: Vec<u8>,
    broken: bool,
}

impl Strict {
    fn new(encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { encoding, decoder, out: vec![0; 1 << 16], broken: false }
    }

    fn feed(&mut self, mut bytes: &[u8], last: bool) {
        while !self.broken {
            let (result, read, _) = self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.out, last);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.broken = true,
            }
        }
    }
}

/// What occurs most in the first lines outside quotes.
fn delimiter_of(sample: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    let mut lines = 0;
    for &byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ => {}
        }
        if lines == SAMPLE_LINES {
            break;
        }
        if let Some(place) = DELIMITERS.iter().position(|&d| d == byte).filter(|_| !quoted) {
            counts[place] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    let place = counts.iter().position(|&count| count == most).unwrap_or_default();
    DELIMITERS[place]
}
