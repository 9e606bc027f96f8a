//! JSON in one form: keys once and by their bytes at every level, no white space, text as Go's encoder writes it. It is what
//! Douyin signs, and how an answer is read that names a field twice.
//!
//! Rule: numbers stay as they were written (`1.50`, `1e3`): the other side signs the same literal. So nothing here goes
//! through a number type, and that is why the document is walked as raw literals and not as a `serde_json::Value`,
//! which writes `1e3` back as `1e+3`.
//!
//! Text is UTF-8 as it is, `< > & /` too. Escaped are the quote, the backslash, control characters (`\n \r \t` short,
//! all others as `\u00XX`, backspace and form feed included), and U+2028 and U+2029. DEL is not a control character here.

use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Deeper than any request, and far from the end of the stack.
const MAX_DEPTH: usize = 64;

/// The canonical form of a JSON document; the error is for a person.
pub fn canonical(json: &str) -> Result<String, String> {
    let mut out = String::with_capacity(json.len());
    let root: &RawValue = serde_json::from_str(json).map_err(|e| format!("not JSON: {e}"))?;
    write_value(&mut out, root, MAX_DEPTH)?;
    Ok(out)
}

fn write_value(out: &mut String, value: &RawValue, depth_left: usize) -> Result<(), String> {
    let Some(depth_left) = depth_left.checked_sub(1) else {
        return Err(format!("JSON nested deeper than {MAX_DEPTH} levels"));
    };
    let literal = value.get();
    let shape = |e: serde_json::Error| format!("not JSON: {e}");
    match literal.as_bytes()[0] {
        b'{' => {
            // A key given twice counts with its last value, as in every encoder that goes through a map.
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(literal).map_err(shape)?;
            out.push('{');
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_text(out, &key);
                out.push(':');
                write_value(out, member, depth_left)?;
            }
            out.push('}');
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(literal).map_err(shape)?;
            out.push('[');
            for (i, item) in items.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(out, item, depth_left)?;
            }
            out.push(']');
        }
        b'"' => write_text(out, &serde_json::from_str::<String>(literal).map_err(shape)?),
        _ => out.push_str(literal),
    }
    Ok(())
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{0}'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("a String takes everything");
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(json: &str) -> String {
        canonical(json).expect("JSON")
    }

    #[test]
    fn keys_are_sorted_by_bytes_at_every_level_and_arrays_keep_their_order() {
        assert_eq!(
            ok(r#" { "b" : [ {"z":1,"a":[]} , 2 ], "B": {}, "é":null, "a10":1, "a2":true } "#),
            r#"{"B":{},"a10":1,"a2":true,"b":[{"a":[],"z":1},2],"é":null}"#
        );
        assert_eq!(ok("{}"), "{}");
        assert_eq!(ok("[ ]"), "[]");
    }

    #[test]
    fn numbers_keep_their_literal() {
        let numbers = "[1.50,1e3,1E+3,-0.5,-0,6936476692437472563999]";
        assert_eq!(ok(numbers), numbers);
    }

    #[test]
    fn text_is_escaped_as_go_does() {
        assert_eq!(
            ok(r#""\u0008\f\n\r\t\u0001\u007f\/<>&\u4e2d😀\u2028\u2029""#),
            "\"\\u0008\\u000c\\n\\r\\t\\u0001\u{7f}/<>&中😀\\u2028\\u2029\""
        );
    }

    #[test]
    fn what_is_not_json_or_never_ends_is_refused() {
        assert!(canonical("{\"a\":}").is_err());
        assert!(canonical(&format!("{}{}", "[".repeat(1_000), "]".repeat(1_000))).is_err());
    }
}
