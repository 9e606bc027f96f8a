//! Headings as they are compared: exports of one platform differ in spaces, brackets and characters that look alike.

use std::borrow::Cow;

/// A heading without white space (the invisible kinds too), with half-width brackets, `账` for `帐`, in lower case.
pub fn normalised(heading: &str) -> String {
    heading
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\''))
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '帐' => '账',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// A status word as it is compared: without white space, commas full-width, brackets half-width.
pub fn word(cell: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_whitespace() || matches!(c, ',' | '（' | '）');
    if !cell.contains(odd) {
        return Cow::Borrowed(cell);
    }
    Cow::Owned(
        cell.chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                ',' => '，',
                '（' => '(',
                '）' => ')',
                other => other,
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_that_look_alike_are_alike() {
        assert_eq!(normalised(" 动帐 流水号\u{200b}"), normalised("\u{feff}动账流水号"));
        assert_eq!(normalised("商家应收金额(元)（支付金额）"), normalised("商家应收金额（元）(支付金额)"));
        assert_eq!(normalised("商品id"), normalised("商品ID\u{3000}"));
        assert_eq!(word("买家已付款, 等待卖家发货"), "买家已付款，等待卖家发货");
    }
}
