//! A small strict reader: enough XML to tell whether a picture is well formed and to look inside it.

/// An element with its attributes and the text directly in it.
#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Element {
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }

    pub fn number(&self, attribute: &str) -> i64 {
        self.get(attribute).and_then(|v| v.parse().ok()).unwrap_or_else(|| panic!("{attribute} of {self:?}"))
    }
}

/// Reads a document into its elements, outermost first; panics where it is not well formed.
pub fn elements(document: &str) -> Vec<Element> {
    let mut done: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = document;
    while let Some(start) = rest.find('<') {
        let text = unescaped(&rest[..start]);
        match open.last() {
            Some(&at) => done[at].text.push_str(text.trim()),
            None => assert_eq!(text.trim(), "", "text outside the document"),
        }
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let at = open.pop().expect("an element is open");
            assert_eq!(done[at].name, name, "elements close in order");
            continue;
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        done.push(element(tag));
        if !is_empty {
            open.push(done.len() - 1);
        }
    }
    assert!(open.is_empty(), "every element is closed");
    assert_eq!(rest.trim(), "");
    done
}

fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()), "an element's name: {tag}");
    let mut attributes = Vec::new();
    while !rest.trim().is_empty() {
        let (name, after) = rest.trim_start().split_once("=\"").expect("attributes are quoted");
        let (value, after) = after.split_once('"').expect("a value ends");
        assert!(attributes.iter().all(|(n, _)| n != name), "{name} twice in {tag}");
        attributes.push((name.to_owned(), unescaped(value)));
        rest = after;
    }
    Element { name: name.to_owned(), attributes, text: String::new() }
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let (entity, after) = rest[at + 1..].split_once(';').expect("an entity ends");
        out.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            other => panic!("unknown entity {other}"),
        });
        rest = after;
    }
    out + rest
}
