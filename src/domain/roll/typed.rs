//! A household as it is typed: the columns of a list, and a phone.

/// Digits of a phone that a slip asks for.
const LAST: usize = 4;
/// Digits of a whole phone number, with or without an area code.
const WHOLE: std::ops::RangeInclusive<usize> = 7..=12;
/// What a filled-in example begins with: its row is no household.
pub const EXAMPLE: &str = "示例";

/// A household as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedHousehold {
    pub key: String,
    pub name: String,
    pub phone: String,
    pub town: String,
    pub village: String,
    pub category: String,
    pub category_from: String,
    pub consent_on: String,
    pub operator: String,
}

/// The columns of a list, in the order of the blank one: name in the form, and the headings it is recognised by, of which
/// the blank list has the first.
pub const FIELDS: [(&str, &[&str]); 9] = [
    ("key", &["编号", "户编号", "农户编号", "key"]),
    ("name", &["姓名", "户主", "户主姓名", "农户姓名", "农户", "name"]),
    ("phone", &["手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "phone"]),
    ("town", &["乡镇", "所在乡镇", "镇", "乡", "town"]),
    ("village", &["村", "村名", "行政村", "所在村", "村（社区）", "village"]),
    ("category", &["类别", "农户类别", "户类别", "户类型", "农户类型", "category"]),
    ("category_from", &["类别起始日", "类别日期", "认定日期", "纳入日期", "categoryfrom"]),
    ("consent_on", &["同意日期", "授权日期", "同意登记日期", "consent"]),
    ("operator", &["上级合作社", "合作社", "所属合作社", "所在合作社", "经营主体", "cooperative"]),
];

impl TypedHousehold {
    /// In the order of [`FIELDS`].
    pub fn of(values: [&str; 9]) -> Self {
        let [key, name, phone, town, village, category, category_from, consent_on, operator] =
            values.map(|v| v.trim().to_owned());
        Self { key, name, phone, town, village, category, category_from, consent_on, operator }
    }

    /// In the order of [`FIELDS`].
    pub fn values(&self) -> [&str; 9] {
        [
            &self.key,
            &self.name,
            &self.phone,
            &self.town,
            &self.village,
            &self.category,
            &self.category_from,
            &self.consent_on,
            &self.operator,
        ]
    }

    /// Puts a value into the field of a name; other names are nobody's.
    pub fn set(&mut self, field: &str, value: &str) {
        let place = match field {
            "key" => &mut self.key,
            "name" => &mut self.name,
            "phone" => &mut self.phone,
            "town" => &mut self.town,
            "village" => &mut self.village,
            "category" => &mut self.category,
            "category_from" => &mut self.category_from,
            "consent_on" => &mut self.consent_on,
            "operator" => &mut self.operator,
            _ => return,
        };
        value.trim().clone_into(place);
    }

    /// Nothing was typed, or it is the example of the blank list.
    pub fn is_none(&self) -> bool {
        self.values().iter().all(|v| v.is_empty()) || self.values().iter().any(|v| v.starts_with(EXAMPLE))
    }
}

/// A phone as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phone {
    None,
    /// Only its end was typed.
    Last4(String),
    Whole(String),
}

impl Phone {
    /// Reads digits with spaces, dashes or a country code; `None` for what is no phone.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '（' | '）')).collect();
        let plain = plain.strip_prefix("+86").unwrap_or(&plain);
        if plain.is_empty() {
            return Some(Self::None);
        }
        if !plain.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match plain.len() {
            LAST => Some(Self::Last4(plain.to_owned())),
            n if WHOLE.contains(&n) => Some(Self::Whole(plain.to_owned())),
            _ => None,
        }
    }

    /// The end of the number.
    pub fn last4(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Last4(digits) => Some(digits),
            Self::Whole(digits) => digits.get(digits.len() - LAST..),
        }
    }

    /// The whole number, where it was typed.
    pub fn whole(&self) -> Option<&str> {
        if let Self::Whole(digits) = self { Some(digits) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roll::sample::typed;

    #[test]
    fn the_example_of_the_blank_list_is_no_household() {
        assert!(TypedHousehold::default().is_none());
        assert!(TypedHousehold { name: "示例：张某".into(), ..typed() }.is_none());
        assert!(!typed().is_none());
    }
}
