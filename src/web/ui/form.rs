//! Fields of forms: a label above, a note below, large enough for a thumb.

use crate::domain::calendar::{Day, parse_day};
use crate::domain::problem::Problem;
use maud::{Markup, html};
use serde::Deserialize;

/// Why somebody turns something down or takes it back, as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Why {
    pub reason: String,
}

/// A day as it was typed.
pub fn typed_day(text: &str) -> Result<Day, Problem> {
    parse_day(text.trim()).ok_or_else(|| Problem::BadDay { text: text.to_owned() })
}

/// A text as a value in an address.
pub fn in_address(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hex::encode_upper([byte]));
        }
    }
    out
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    name: &'a str,
    label: &'a str,
    kind: &'a str,
    value: &'a str,
    note: &'a str,
    complete: &'a str,
    digits: usize,
    pattern: &'a str,
    required: bool,
}

impl<'a> Field<'a> {
    /// Something typed.
    pub const fn text(name: &'a str, label: &'a str) -> Self {
        Self { name, label, kind: "text", value: "", note: "", complete: "off", digits: 0, pattern: "", required: true }
    }

    /// A password.
    pub const fn password(name: &'a str, label: &'a str) -> Self {
        Self { kind: "password", ..Self::text(name, label) }
    }

    /// A day.
    pub const fn day(name: &'a str, label: &'a str) -> Self {
        Self { kind: "date", ..Self::text(name, label) }
    }

    /// The code of a second factor; may be left empty.
    pub const fn code(name: &'a str, label: &'a str) -> Self {
        Self { complete: "one-time-code", digits: 7, required: false, ..Self::text(name, label) }
    }

    /// So many digits.
    pub const fn digits(name: &'a str, label: &'a str, digits: usize) -> Self {
        Self { digits, ..Self::text(name, label) }
    }

    /// May be left empty.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// What stands in it.
    #[must_use]
    pub const fn value(self, value: &'a str) -> Self {
        Self { value, ..self }
    }

    /// What is said under it.
    #[must_use]
    pub const fn note(self, note: &'a str) -> Self {
        Self { note, ..self }
    }

    /// What a browser holds it to before it is sent, so that a form is not lost over it.
    #[must_use]
    pub const fn pattern(self, pattern: &'a str) -> Self {
        Self { pattern, ..self }
    }

    /// What a browser may fill in.
    #[must_use]
    pub const fn complete(self, complete: &'a str) -> Self {
        Self { complete, ..self }
    }
}

/// A field with its label.
pub fn field(f: &Field<'_>) -> Markup {
    let numeric = f.digits > 0;
    html! {
        label.field {
            span { (f.label) }
            input type=(f.kind) name=(f.name) value=(f.value) autocomplete=(f.complete) required[f.required]
                inputmode=[numeric.then_some("numeric")] maxlength=[numeric.then_some(f.digits)]
                pattern=[(!f.pattern.is_empty()).then_some(f.pattern)] title=[(!f.pattern.is_empty()).then_some(f.note)];
            @if !f.note.is_empty() { span.quiet { (f.note) } }
        }
    }
}

/// A choice among values, each with its label.
pub fn select(name: &str, label: &str, options: &[(&str, &str)]) -> Markup {
    html! {
        label.field {
            span { (label) }
            select name=(name) { @for (value, label) in options { option value=(value) { (label) } } }
        }
    }
}
