//! A page's form filled in again with what was sent from it, and why that was refused beside it.
//!
//! Rules that must hold: everything that was typed, ticked and chosen comes back, as text and never as HTML; passwords,
//! codes of a second step and files stay empty; hidden fields are the page's own, and tell forms of one address apart.
//!
//! Why on a page's text: it is done once for every form there is, so that no page carries half-typed values through its own
//! struct and no new form can forget it. It reads what maud writes (attributes in double quotes, everything else escaped,
//! no form within a form) and nothing else. Not here: when a form comes back (`web::coming_back`).

use super::fields::Fields;
use maud::{Render, html};
use rustc_hash::FxHashMap;

/// The page with its form of an address filled in; `None` where it has no such form.
pub fn refill(page: &str, action: &str, sent: &Fields, why: &str) -> Option<String> {
    let tags = tags(page);
    let (first, last) = find(&tags, action, sent)?;
    let around = open_around(&tags[..first]);
    let mut out = String::with_capacity(page.len() + 1_024);
    let mut filling = Filling { sent, taken: FxHashMap::default(), choosing: None };
    let mut copied = 0;
    for (place, tag) in tags.iter().enumerate() {
        out.push_str(&page[copied..tag.start]);
        copied = tag.end;
        if around.contains(&place) {
            out.push_str(&tag.with("open", Some("")));
        } else if place == first {
            out.push_str(tag.text);
            out.push_str(&html! { p.warn role="alert" tabindex="-1" autofocus { (why) } }.into_string());
        } else if (first..last).contains(&place) {
            out.push_str(&filling.tag(tag, page));
            if let Some(typed) = filling.area(tag) {
                out.push_str(&typed.render().into_string());
                copied = tags[place + 1].start;
            }
        } else {
            out.push_str(tag.text);
        }
    }
    out.push_str(&page[copied..]);
    Some(out)
}

/// A tag as it stands in the page.
struct Tag<'p> {
    start: usize,
    end: usize,
    /// With its brackets.
    text: &'p str,
    /// `/form` where it closes one.
    name: &'p str,
}

fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = page[from..].find('<').map(|at| from + at) {
        let Some(end) = page[start..].find('>').map(|at| start + at + 1) else { break };
        let text = &page[start..end];
        let inner = text.trim_start_matches('<').trim_end_matches('>');
        found.push(Tag { start, end, text, name: inner.split(' ').next().unwrap_or_default() });
        from = end;
    }
    found
}

impl Tag<'_> {
    /// Its attributes as they are written; `None` for one without a value.
    fn attributes(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let mut left = self.text.trim_start_matches('<').trim_end_matches('>')[self.name.len()..].trim_start();
        std::iter::from_fn(move || {
            let end = left.find(['=', ' ']).unwrap_or(left.len());
            let name = &left[..end];
            let value = left[end..].strip_prefix("=\"").and_then(|rest| rest.split_once('"'));
            left = value.map_or(&left[end..], |(_, rest)| rest).trim_start();
            (!name.is_empty()).then_some((name, value.map(|(value, _)| value)))
        })
    }

    /// An attribute's text; '' for one without a value.
    fn get(&self, name: &str) -> Option<String> {
        self.attributes().find(|(key, _)| *key == name).map(|(_, value)| plain(value.unwrap_or_default()))
    }

    /// The tag with an attribute, '' for one without a value, or without it.
    fn with(&self, name: &str, value: Option<&str>) -> String {
        let written = |key: &str, value: Option<&str>| match value {
            Some(value) => format!(" {key}=\"{value}\""),
            None => format!(" {key}"),
        };
        let others = self.attributes().filter(|(key, _)| *key != name);
        let kept = others.map(|(key, kept)| written(key, kept)).collect::<Vec<_>>().concat();
        let set = match value {
            None => String::new(),
            Some("") if name != "value" => written(name, None),
            Some(value) => written(name, Some(&value.render().into_string())),
        };
        format!("<{}{kept}{set}>", self.name)
    }
}

/// What was escaped, as it was.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The form that posts to an address and whose hidden fields were sent: where it opens and closes.
fn find(tags: &[Tag<'_>], action: &str, sent: &Fields) -> Option<(usize, usize)> {
    let posts = |tag: &Tag<'_>| tag.name == "form" && tag.get("method").is_some_and(|method| method == "post");
    let hidden = |tag: &&Tag<'_>| tag.name == "input" && tag.get("type").is_some_and(|kind| kind == "hidden");
    let was_sent = |tag: &Tag<'_>| {
        let (name, value) = (tag.get("name").unwrap_or_default(), tag.get("value").unwrap_or_default());
        sent.all(&name).any(|text| text == value.trim())
    };
    (0..tags.len())
        .filter(|&place| posts(&tags[place]) && tags[place].get("action").is_some_and(|to| to == action))
        .find_map(|first| {
            let last = first + tags[first..].iter().position(|tag| tag.name == "/form")?;
            tags[first..last].iter().filter(hidden).all(was_sent).then_some((first, last))
        })
}

/// The parts that are folded away around what comes next.
fn open_around(before: &[Tag<'_>]) -> Vec<usize> {
    let mut around = Vec::new();
    for (place, tag) in before.iter().enumerate() {
        match tag.name {
            "details" => around.push(place),
            "/details" => _ = around.pop(),
            _ => {}
        }
    }
    around
}

/// A form on its way to be filled in.
struct Filling<'s> {
    sent: &'s Fields,
    /// How many fields of a name have been filled: fields of one name are sent in their order.
    taken: FxHashMap<String, usize>,
    /// What was chosen in the list that is open.
    choosing: Option<Vec<String>>,
}

impl Filling<'_> {
    /// What was sent of the next field of a name.
    fn next(&mut self, tag: &Tag<'_>) -> Option<String> {
        let name = tag.get("name")?;
        let taken = self.taken.entry(name.clone()).or_default();
        let typed = self.sent.all(&name).nth(*taken).map(str::to_owned);
        *taken += 1;
        typed
    }

    /// A tag of the form with what was sent in it.
    fn tag(&mut self, tag: &Tag<'_>, page: &str) -> String {
        match tag.name {
            "input" => self.input(tag),
            "select" => {
                let several = tag.get("multiple").is_some().then(|| tag.get("name")).flatten();
                self.choosing = match several {
                    Some(name) => Some(self.sent.all(&name).map(str::to_owned).collect()),
                    None => self.next(tag).map(|one| vec![one]),
                };
                tag.text.to_owned()
            }
            "/select" => {
                self.choosing = None;
                tag.text.to_owned()
            }
            "option" => {
                let Some(chosen) = &self.choosing else { return tag.text.to_owned() };
                let words = || plain(page[tag.end..].split('<').next().unwrap_or_default());
                let value = tag.get("value").unwrap_or_else(words);
                tag.with("selected", chosen.iter().any(|one| one == value.trim()).then_some(""))
            }
            _ => tag.text.to_owned(),
        }
    }

    fn input(&mut self, tag: &Tag<'_>) -> String {
        let (kind, name) = (tag.get("type").unwrap_or_default(), tag.get("name").unwrap_or_default());
        let code = tag.get("autocomplete").is_some_and(|what| what == "one-time-code");
        match kind.as_str() {
            "hidden" | "password" | "file" => tag.text.to_owned(),
            "checkbox" | "radio" => {
                let value = tag.get("value").unwrap_or_else(|| "on".into());
                tag.with("checked", self.sent.all(&name).any(|text| text == value).then_some(""))
            }
            _ if code => tag.text.to_owned(),
            _ => match self.next(tag) {
                Some(typed) => tag.with("value", Some(&typed)),
                None => tag.text.to_owned(),
            },
        }
    }

    /// What was typed into a larger field.
    fn area(&mut self, tag: &Tag<'_>) -> Option<String> {
        if tag.name == "textarea" { self.next(tag) } else { None }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]
    use super::*;
    use maud::Markup;

    fn sent(pairs: &[(&str, &str)]) -> Fields {
        serde_json::from_value(serde_json::json!(pairs)).unwrap()
    }

    fn page() -> Markup {
        html! {
            details { summary { "others" } }
            details.more { summary { "more" }
                form method="post" action="/a?x=1&y=2" {
                    input type="hidden" name="row" value="1";
                    input type="text" name="what" value="";
                }
                form method="post" action="/a?x=1&y=2" {
                    input type="hidden" name="row" value="2";
                    input type="text" name="what" value="old" required;
                    input type="text" name="what" value="";
                    input type="password" name="secret";
                    input type="text" name="code" autocomplete="one-time-code";
                    input type="file" name="file";
                    input type="checkbox" name="tick" value="7" checked;
                    input type="checkbox" name="tick" value="8";
                    input type="radio" name="way" value="up";
                    select name="kind" { option value="" selected { "none" } option value="a&b" { "both" } option { "x" } }
                    select name="other" { option value="1" selected { "one" } }
                    textarea name="why" rows="3" { "before" }
                }
            }
            input type="text" name="what" value="elsewhere";
        }
    }

    #[test]
    fn what_was_typed_comes_back_in_the_form_it_was_typed_in() {
        let typed = sent(&[
            ("row", "2"),
            ("what", "<b>\"first\"</b>"),
            ("what", "second"),
            ("secret", "hush"),
            ("code", "123456"),
            ("tick", "8"),
            ("way", "up"),
            ("kind", "a&b"),
            ("why", "</textarea><i>"),
        ]);
        let text = refill(&page().into_string(), "/a?x=1&y=2", &typed, "not <so>").unwrap();
        let (before, form) = text.split_once("not &lt;so&gt;</p>").unwrap();
        assert!(before.ends_with("<p class=\"warn\" role=\"alert\" tabindex=\"-1\" autofocus>"), "{before}");
        assert!(before.contains("name=\"row\" value=\"1\"><input type=\"text\" name=\"what\" value=\"\">"), "{before}");
        assert!(
            before.contains("<details class=\"more\" open>") && before.contains("<details><summary>others"),
            "{before}"
        );
        for said in [
            "name=\"what\" required value=\"&lt;b&gt;&quot;first&quot;&lt;/b&gt;\"",
            "name=\"what\" value=\"second\"",
            "<input type=\"password\" name=\"secret\"><input type=\"text\" name=\"code\" autocomplete=\"one-time-code\">",
            "name=\"tick\" value=\"7\"><input type=\"checkbox\" name=\"tick\" value=\"8\" checked>",
            "name=\"way\" value=\"up\" checked>",
            "<option value=\"\">none</option><option value=\"a&amp;b\" selected>both</option><option>x</option>",
            "<option value=\"1\" selected>one</option>",
            "rows=\"3\">&lt;/textarea&gt;&lt;i&gt;</textarea>",
            "name=\"what\" value=\"elsewhere\"",
        ] {
            assert!(form.contains(said), "{said} in {form}");
        }
        assert!(!text.contains("hush") && !text.contains("123456"), "{text}");
    }

    #[test]
    fn a_page_without_the_form_is_left_alone() {
        let page = page().into_string();
        assert_eq!(refill(&page, "/b", &sent(&[("row", "2")]), "no"), None);
        assert_eq!(refill(&page, "/a?x=1&y=2", &sent(&[("row", "3")]), "no"), None, "none of that row");
    }
}
