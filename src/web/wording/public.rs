//! Words of the pages anybody may open.

words! {
    /// Front page and the sign-in link's page.
    Public {
        title: "直播卖货，给农户增加了多少收入" | "How much livestream sales added to farmers' income",
        lead: "每一元都能从合计查到订单，看清谁卖的、卖给了谁的货、农户拿到多少。" | "Every yuan can be followed from the total down to the order: who sold it, whose goods they were, what the farmer got.",
        how_in: "怎么进来" | "How to get in",
        how_in_text: "支部、县里和主播用登录名和密码登录。农户扫支部给的纸条，输电话后四位。支部也可以给一个只能用一次的登录链接。" | "The branch, the county and anchors sign in with name and password. Farmers scan the slip the branch gave them and type the last four digits of their phone. The branch may also give a link that signs in once.",
        method: "口径说明" | "How it is counted",
        enter_title: "进入红播助农" | "Enter Red Anchor",
        enter_text: "这个链接只能用一次。按下面的按钮进入。" | "This link works once. Press the button to enter.",
        enter_button: "进入" | "Enter",
        spent_title: "这个链接不能用了" | "This link no longer works",
        spent_text: "它已经用过，或者过了期。请向支部再要一个。" | "It has been used or has run out. Ask the branch for another.",
    }
}
