//! Facts as a template reads them: texts, whole numbers, truth values, lists, maps, nothing.
//!
//! Typst's own JSON reader is not used: with this program's exact numbers it would make maps of them.

use anyhow::{Context, bail};
use serde_json::Value as Json;
use typst::foundations::{Array, Dict, Str, Value};

/// A value of JSON.
pub fn of(json: &Json) -> anyhow::Result<Value> {
    Ok(match json {
        Json::Null => Value::None,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => Value::Int(number.as_i64().context("a document holds whole numbers only")?),
        Json::String(text) => Value::Str(text.as_str().into()),
        Json::Array(values) => Value::Array(values.iter().map(of).collect::<anyhow::Result<Array>>()?),
        Json::Object(_) => Value::Dict(dict(json)?),
    })
}

/// A map of JSON.
pub fn dict(json: &Json) -> anyhow::Result<Dict> {
    let Json::Object(members) = json else { bail!("facts are a map") };
    members.iter().map(|(key, value)| Ok((Str::from(key.as_str()), of(value)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_stay_whole_and_a_fraction_is_refused() {
        let Ok(Value::Array(values)) = of(&json!([1_103_456_752_i64, null, true, "陈*"])) else { panic!("a list") };
        assert_eq!(values.iter().next(), Some(&Value::Int(1_103_456_752)));
        assert_eq!(values.len(), 4);
        assert!(of(&json!(0.5)).is_err());
    }
}
