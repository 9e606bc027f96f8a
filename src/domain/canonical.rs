//! JSON with one spelling: keys sorted by their bytes, no spaces, whole numbers only. The same facts are the same bytes, so
//! that a hash of them can be made again.

use serde::Serialize;
use serde_json::Value;

/// Writes a value. What it is made of must be texts, whole numbers, truth values, lists and maps of them.
pub fn canonical(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).expect("texts and whole numbers are JSON");
    let mut out = String::new();
    write(&value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (place, key) in keys.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(&Value::String(key.clone()), out);
                out.push(':');
                write(&members[key], out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (place, value) in values.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(value, out);
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth_and_nothing_is_left_to_chance() {
        let value = json!({"b": [1, {"z": null, "a": "农\"户"}], "a": -5, "ab": true});
        assert_eq!(canonical(&value), r#"{"a":-5,"ab":true,"b":[1,{"a":"农\"户","z":null}]}"#);
    }
}
