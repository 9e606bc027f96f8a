//! What a file says of persons and must not leave a trace: whatever stands in a column where it does not belong. A row whose
//! columns slipped puts a phone or a street where an amount should be; its reason and its evidence are kept, so neither
//! may repeat it.

/// Longest run of digits that is shown: a mobile number has eleven, an identity card eighteen.
const MOST_DIGITS: usize = 10;

/// True for what cannot be about a person: digits and signs of amounts and times, no number long enough to call.
pub fn is_plain(cell: &str) -> bool {
    let longest = cell.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    longest <= MOST_DIGITS && cell.chars().all(|c| c.is_ascii_digit() || " .,:/+-¥￥TEe".contains(c))
}

/// A cell as a reason may quote it.
pub fn quoted(cell: &str) -> String {
    if is_plain(cell) { format!("“{cell}”") } else { "（内容不显示 / not shown）".to_owned() }
}

/// A cell as the evidence of a row that was set aside may keep it.
pub fn kept(cell: &str) -> &str {
    if is_plain(cell) { cell } else { "" }
}

/// True for what a platform could have numbered an order by: letters, digits and hyphens, and no mobile number.
pub fn is_number_of_a_record(cell: &str) -> bool {
    let is_mobile = cell.len() == 11 && cell.starts_with('1') && cell.bytes().all(|b| b.is_ascii_digit());
    !is_mobile && cell.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_times_are_shown_and_people_are_not() {
        for plain in ["", "38.00", "-1,024.50", "2020-02-31 10:00:00", "6.91E+18", "¥ 12"] {
            assert!(is_plain(plain), "{plain}");
        }
        for personal in ["13800001234", "张三", "ten", "360827199001011234", "门口 3 号"] {
            assert!(!is_plain(personal), "{personal}");
            assert!(!quoted(personal).contains(personal) && kept(personal).is_empty());
        }
    }

    #[test]
    fn an_order_is_not_numbered_by_a_phone() {
        assert!(
            is_number_of_a_record("6917000000000000001") && is_number_of_a_record("1") && is_number_of_a_record("A-7")
        );
        assert!(!is_number_of_a_record("13800001234") && !is_number_of_a_record("张三"));
    }
}
