//! What a person can get wrong at the pages of files, shops, goods and households: part of [`super::Problem`], apart from it
//! for its length.

use crate::domain::calendar::Day;
use crate::domain::lang::Lang;
use crate::domain::listings::TermsFault;
use crate::domain::photos::PhotoFault;
use crate::domain::proposals::ProposalFault;
use crate::domain::roll::RollFault;
use crate::domain::shelf::Hold;

/// Something chosen, typed or filled in that cannot be used as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    NoFileChosen,
    TooManyFiles {
        most: usize,
    },
    /// A key or a name that cannot be one.
    BadShop,
    UnknownOperator {
        key: String,
    },
    OperatorExists {
        key: String,
    },
    UnknownListing {
        key: String,
    },
    /// A decision about lines without any.
    NoLineChosen,
    DecisionWithoutReason {
        most: usize,
    },
    NoSuchStream,
    StreamOfAnotherShop {
        line: String,
    },
    /// A filled-in sheet without the column it is about.
    NotAMappingSheet {
        path: String,
    },
    /// A filled-in sheet longer than one is read.
    LongMappingSheet {
        path: String,
        most: usize,
    },
    /// No whole number of days, or too many.
    BadDays {
        text: String,
        most: i64,
    },
    /// Minutes between two pulls.
    BadPace {
        least: i64,
        most: i64,
    },
    /// A day from which an interface cannot be asked; the first it can.
    OutOfReach {
        first: Day,
    },
    /// A consent withdrawn before it was given.
    ConsentBackwards,
    /// A consent of that day that was withdrawn, given once more.
    ConsentEnded,
    /// A day that has not come.
    NotYet {
        day: Day,
    },
    /// One operator was chosen and another one typed.
    TwoOperators,
    /// The shop has no keys yet, or not all were typed.
    NoKeys,
    /// A sample that begins with data.
    NoHeadings {
        path: String,
    },
    BadProfileName,
    /// A heading that is about somebody; it is not said which.
    PersonalHeading,
    /// What is done for good is done for a reason.
    ReasonMissing,
    /// Columns without which a file of the kind says nothing; the kind as in a profile.
    ProfileNeeds {
        kind: &'static str,
    },
    /// Rows are lines, and no column has their number.
    ProfileNeedsLineNo,
    /// A column of directions, and no word for money going out.
    ProfileNeedsOutgoing,
    /// Nothing says what kind of money a movement is.
    ProfileNeedsParts,
    /// A word was put to two meanings.
    WordTwice {
        word: String,
    },
    ProfileExists {
        name: String,
    },
    /// An entered price that another person decided on meanwhile.
    PriceDecided,
    /// A filled-in table without the columns of prices.
    NotAPriceSheet {
        path: String,
    },
    /// A closed lot takes nothing in, gives nothing out and is not corrected.
    LotClosed,
    /// Goods of which a lot needs a certificate.
    CertificateMissing,
    /// More said to be lost than nobody bought.
    LostTooMuch {
        left_g: i64,
    },
    /// A weighing corrected below what was sold of it.
    BelowSold {
        sold_g: i64,
    },
    /// A price agreed for goods that are sold on commission.
    NotBought,
    /// Goods that are bought, and nothing says at what price.
    PriceNeeded,
    /// No weight, or a price that is none.
    BadWeight {
        text: String,
    },
    /// A filled-in list without the columns of households.
    NotARoll {
        path: String,
    },
    HouseholdTyped {
        fault: RollFault,
    },
    /// Goods need a short key and a name.
    BadGoods,
    GoodsExist {
        key: String,
    },
    /// Something in the typed terms of a listing.
    TermsTyped {
        fault: TermsFault,
    },
    /// Something in what a household proposes, or why nothing can be done about it.
    ProposalTyped {
        fault: ProposalFault,
    },
    PhotoWrong {
        fault: PhotoFault,
    },
    /// No whole number of parcels.
    BadCount,
    /// Stock that the lots tell is not typed.
    CountOfLots,
    /// A listing that is to be drafted has the key of another.
    ListingExists {
        key: String,
    },
    /// A draft that another person decided on meanwhile.
    DraftDecided,
    /// What keeps a listing off the shelf.
    OffShelf {
        holds: Vec<Hold>,
    },
    /// A certificate needs a number, and days in order.
    BadCertificate,
    /// A rule needs a source, and days in order.
    BadRule,
}

/// Grams as kilograms to the gram.
fn kg(grams: i64) -> String {
    format!("{}.{:03}", grams / 1_000, grams % 1_000)
}

impl Mistake {
    pub(super) fn zh(&self) -> String {
        match self {
            Self::NoFileChosen => "没有选文件。请选一个或几个文件，再按一次。".into(),
            Self::TooManyFiles { most } => format!("一次最多 {most} 个文件。请分几次，或者打成一个 zip。"),
            Self::BadShop => "店铺要有短编号（字母、数字、- 或 _，最多 40 个）和名称。请补上再保存。".into(),
            Self::UnknownOperator { key } => format!("没有经营主体“{key}”。请重新选一个。"),
            Self::OperatorExists { key } => {
                format!("经营主体编号“{key}”已经有了。请在县域文件里加这个经营主体，再来选它。")
            }
            Self::NoLineChosen => "请先勾选订单行。".into(),
            Self::DecisionWithoutReason { most } => format!("请写明为什么这样归属，最多 {most} 个字：操作记录里要看得到。"),
            Self::NoSuchStream => "没有这一场直播。请从列出的场次里选。".into(),
            Self::StreamOfAnotherShop { line } => {
                format!("订单行 {line} 不是这一场所在店铺的，一行也没有改。请只选同一家店的订单行。")
            }
            Self::UnknownListing { key } => format!("没有货品“{key}”。请用县域文件里的货品编号。"),
            Self::NotAMappingSheet { path } => {
                format!("{path} 里没有“货品编号”这一列。请下载待归属的表格，填好后再传。")
            }
            Self::LongMappingSheet { path, most } => {
                format!("{path} 超过 {most} 行，一行也没有用。请分成几个表格，一个一个传。")
            }
            Self::BadDays { text, most } => {
                format!("“{text}”不是天数。请填 0 到 {most} 的整数，例如 15；有动账文件的店留空。")
            }
            Self::BadPace { least, most } => format!("请填 {least} 到 {most} 之间的整数，单位是分钟。"),
            Self::OutOfReach { first } => {
                format!("请填 {first} 到今天之间的一天。接口给不出更早的订单：从平台后台下载订单导出文件，在“导入文件”里补。")
            }
            Self::ConsentBackwards => "撤回日期不能早于同意日期。请核对两个日期。".into(),
            Self::ConsentEnded => "这天的同意已经撤回了。重新同意的，请填重新签的那一天。".into(),
            Self::NotYet { day } => format!("{day} 还没到。请填今天或更早的日期。"),
            Self::TwoOperators => {
                "既选了经营主体，又填了新的名称。请只留一个：选现有的就把名称清空，要新建就选“还没定”。".into()
            }
            Self::NoKeys => "这个店的应用密钥还没有填全。请在店铺页的“应用密钥”里填好保存，再试一次。".into(),
            Self::NoHeadings { path } => {
                format!("{path} 的第一行像是数据，不是表头。请在最上面加一行表头（订单号、日期这样的列名），再传一次。")
            }
            Self::PersonalHeading => "有一列的名字像是姓名、电话或地址，不能存进格式里。请看样表第一行是不是列名，改好再传一次。".into(),
            Self::ReasonMissing => "请写明原因：这一步做了不能恢复，操作记录里要看得到为什么。".into(),
            Self::BadProfileName => {
                "模板编号只能用小写字母、数字和 -，例如 coop-desk。请返回上一页改好，再保存。".into()
            }
            Self::ProfileNeeds { kind } => {
                let columns = match *kind {
                    "after_sales" => "售后单号、订单号、状态、退款金额",
                    "settlements" => "订单号、结算时间、实际动账金额",
                    "live" => "开播时间、主播",
                    _ => "订单号、买家实付、付款时间",
                };
                format!("这些列一定要选：{columns}。请返回上一页选好，再保存。")
            }
            Self::ProfileNeedsLineNo => {
                "“一行是什么”选了子订单，就要选子订单号是哪一列。请返回上一页选好，或改选“一个订单”。".into()
            }
            Self::ProfileNeedsOutgoing => {
                "选了“收支方向”这一列，就要填哪些词是钱出去（支出），不然支出会算成收入。请返回上一页填好，再保存。"
                    .into()
            }
            Self::ProfileNeedsParts => {
                "这样说不清每一笔是什么钱：请选“动账场景”这一列并填好它的词，或者选货款、平台费这些分项的列。请返回上一页选好，再保存。".into()
            }
            Self::WordTwice { word } => format!("“{word}”填了两个意思。请返回上一页只留一个，再保存。"),
            Self::ProfileExists { name } => {
                format!("已经有编号为“{name}”的模板，内容不一样，没有覆盖。请换一个编号再保存。")
            }
            Self::PriceDecided => "这条基准价已经有人办过了。请回到基准价页再看。".into(),
            Self::NotAPriceSheet { path } => {
                format!("{path} 里没有基准价表的列。请下载空白表，填好后再传。")
            }
            Self::LotClosed => "这个批次已经结清，不能再改。新收的货请另开一个批次。".into(),
            Self::CertificateMissing => {
                "这种货要有承诺达标合格证，没有的批次不能上播。请填上合格证号再保存。".into()
            }
            Self::LostTooMuch { left_g } => {
                format!("这个批次没卖的只有 {} 公斤，损耗不能比它多。请核对后再填。", kg(*left_g))
            }
            Self::BelowSold { sold_g } => {
                format!("这一户已经卖出 {} 公斤，重量不能改得比它少。请核对过磅单。", kg(*sold_g))
            }
            Self::NotBought => {
                "这种货收货那天不是收购，是按结算给农户的，不能填议定单价。请把单价留空，卖出结算后再给农户。".into()
            }
            Self::PriceNeeded => {
                "这种货是收购的，约定里没有定下唯一的收购价。请给每一户填上议定单价，不然就不知道该给农户多少。".into()
            }
            Self::BadWeight { text } => format!("“{text}”不是重量或单价。请填数字，例如 105.5。"),
            Self::NotARoll { path } => {
                format!("{path} 里没有“姓名”和“村”这两列。请下载空白花名册，填好后再传。")
            }
            Self::HouseholdTyped { fault } => format!("{}。请改好再保存。", fault.text(Lang::Zh)),
            Self::BadGoods => "货品要有短编号（字母、数字、- 或 _，最多 40 个）和名称，采收期写成 10-15 这样的月-日。请补上再保存。".into(),
            Self::GoodsExist { key } => format!("编号“{key}”已经有货品了。请换一个编号，或者去改那个货品。"),
            Self::TermsTyped { fault } => format!("{}。请改好再保存。", fault.text(Lang::Zh)),
            Self::ProposalTyped { fault } => format!("{}。", fault.text(Lang::Zh)),
            Self::PhotoWrong { fault } => format!("{}。", fault.text(Lang::Zh)),
            Self::BadCount => "件数要填 0 或以上的整数。请改好再记。".into(),
            Self::CountOfLots => "这个商品的货从批次出，库存由批次算，不用清点。重量不对就去批次里改。".into(),
            Self::ListingExists { key } => format!("编号“{key}”已经有商品了。请换一个编号。"),
            Self::DraftDecided => "这份草案已经有人办过了。请回到货品页再看。".into(),
            Self::OffShelf { holds } => {
                let holds: Vec<String> = holds.iter().map(|hold| hold.text(Lang::Zh)).collect();
                format!("现在不能上架：{}。请先办好，再上架。", holds.join("；"))
            }
            Self::BadCertificate => "证照要有编号和发证日期，有效期不能早于发证日期，发证日期不能在今天以后。请核对再保存。".into(),
            Self::BadRule => "规定要写明依据，结束日期不能早于开始日期。请补上再保存。".into(),
        }
    }

    pub(super) fn en(&self) -> String {
        match self {
            Self::NoFileChosen => "No file was chosen. Choose one or several, then press again.".into(),
            Self::TooManyFiles { most } => {
                format!("At most {most} files at once. Send them in turns, or pack them into one zip.")
            }
            Self::BadShop => {
                "A shop has a short key (letters, digits, - or _, at most 40) and a name. Fill them in and save again."
                    .into()
            }
            Self::UnknownOperator { key } => format!("There is no operator \"{key}\". Choose one again."),
            Self::OperatorExists { key } => {
                format!("Operator key \"{key}\" is taken. Add the operator in the county document, then choose it.")
            }
            Self::NoLineChosen => "Tick the order lines first.".into(),
            Self::DecisionWithoutReason { most } => {
                format!("Say why in at most {most} letters: the audit trail has to tell.")
            }
            Self::NoSuchStream => "There is no such stream. Choose one of those listed.".into(),
            Self::StreamOfAnotherShop { line } => format!(
                "Line {line} was not sold by the shop of that stream; nothing was changed. Choose lines of one shop."
            ),
            Self::UnknownListing { key } => {
                format!("There is no listing \"{key}\". Use a key of the county document.")
            }
            Self::NotAMappingSheet { path } => {
                format!(
                    "{path} has no column \"货品编号 listing\". Download the table of unmatched goods and fill it in."
                )
            }
            Self::LongMappingSheet { path, most } => {
                format!("{path} has more than {most} rows; none was used. Cut it into several tables and send each.")
            }
            Self::BadDays { text, most } => format!(
                "\"{text}\" is no number of days. Write a whole number from 0 to {most}, such as 15; leave it empty for a shop with statements."
            ),
            Self::BadPace { least, most } => format!("Write a whole number of minutes from {least} to {most}."),
            Self::OutOfReach { first } => format!(
                "Write a day from {first} to today. Interfaces show no earlier orders: download the platform's export of orders and import it under \"Import files\"."
            ),
            Self::ConsentBackwards => "A consent is not withdrawn before it is given. Check the two days.".into(),
            Self::ConsentEnded => {
                "The consent of that day was withdrawn. Given again, it has the day on which it was signed again.".into()
            }
            Self::NotYet { day } => format!("{day} has not come yet. Write today or an earlier day."),
            Self::TwoOperators => "An operator was chosen and a new one typed. Keep one: clear the new name, or choose \"not named yet\" to add it.".into(),
            Self::NoKeys => "The app keys of this shop are not complete. Fill them in under \"App keys\" on the shop's page, store them, and try again.".into(),
            Self::NoHeadings { path } => {
                format!("{path} begins with data, not with headings. Put a row of headings (order number, date) at the top and send it again.")
            }
            Self::PersonalHeading => "A heading looks like a name, a phone or an address and cannot be kept in a profile. See that the first row of the sample holds headings, and send it again.".into(),
            Self::ReasonMissing => "Say why: this cannot be undone, and the audit trail has to tell the reason.".into(),
            Self::BadProfileName => {
                "A profile's name is small letters, digits and -, such as coop-desk. Go back, change it, and save again.".into()
            }
            Self::ProfileNeeds { kind } => {
                let columns = match *kind {
                    "after_sales" => "case number, order number, status, refund",
                    "settlements" => "order number, settled at, amount moved",
                    "live" => "starts at, anchor",
                    _ => "order number, paid by the buyer, paid at",
                };
                format!("These columns must be chosen: {columns}. Go back, choose them, and save again.")
            }
            Self::ProfileNeedsLineNo => {
                "Rows that are lines need the column of the line number. Go back and choose it, or say that a row is an order.".into()
            }
            Self::ProfileNeedsOutgoing => {
                "With a direction column, say which words mean money going out; otherwise it would count as coming in. Go back, fill them in, and save again.".into()
            }
            Self::ProfileNeedsParts => {
                "Nothing says what kind of money each row is. Go back and choose the column of the kind of movement and give its words, or choose columns of parts (goods, platform's fee), and save again.".into()
            }
            Self::WordTwice { word } => {
                format!("\"{word}\" was given two meanings. Go back, keep one, and save again.")
            }
            Self::ProfileExists { name } => {
                format!("There is another profile named \"{name}\"; it was not replaced. Choose another name and save again.")
            }
            Self::PriceDecided => "Somebody has decided on this price meanwhile. Look at the price book again.".into(),
            Self::NotAPriceSheet { path } => {
                format!("{path} has no columns of prices. Download the blank table, fill it in and send it again.")
            }
            Self::LotClosed => "This lot is closed and does not change. Weigh new goods in as another lot.".into(),
            Self::CertificateMissing => {
                "These goods need a certificate; a lot without one is not sold live. Write its number and save again.".into()
            }
            Self::LostTooMuch { left_g } => {
                format!("Only {} kg of this lot are unsold; no more can be lost. Check and write it again.", kg(*left_g))
            }
            Self::BelowSold { sold_g } => format!(
                "{} kg of this household are sold; its weight cannot be less. Check the weighing list.",
                kg(*sold_g)
            ),
            Self::NotBought => "These goods were not bought on that day, so no price can be agreed. Leave the price empty; \
                 the household is paid from what is settled."
                .into(),
            Self::PriceNeeded => "These goods are bought, and their terms do not fix one price. Write the agreed price of \
                 every household, or nobody knows what it is owed."
                .into(),
            Self::BadWeight { text } => format!("\"{text}\" is no weight or price. Write a number, such as 105.5."),
            Self::NotARoll { path } => {
                format!("{path} has no columns of names and villages. Download the blank list, fill it in and send it again.")
            }
            Self::HouseholdTyped { fault } => format!("{}. Mend it and save again.", fault.text(Lang::En)),
            Self::BadGoods => "Goods have a short key (letters, digits, - or _, at most 40) and a name; a harvest day is a month and a day, such as 10-15. Fill them in and save again.".into(),
            Self::GoodsExist { key } => format!("The key \"{key}\" is taken. Choose another, or change those goods."),
            Self::TermsTyped { fault } => format!("{}. Mend it and save again.", fault.text(Lang::En)),
            Self::ProposalTyped { fault } => format!("{}.", fault.text(Lang::En)),
            Self::PhotoWrong { fault } => format!("{}.", fault.text(Lang::En)),
            Self::BadCount => "Parcels are a whole number from 0 up. Mend it and record it again.".into(),
            Self::CountOfLots => {
                "These goods come from lots, which tell what is left: nothing is counted. Correct a weight in its lot.".into()
            }
            Self::ListingExists { key } => format!("The key \"{key}\" is another listing's. Choose another."),
            Self::DraftDecided => "Somebody has decided on this draft meanwhile. Look at the goods again.".into(),
            Self::OffShelf { holds } => {
                let holds: Vec<String> = holds.iter().map(|hold| hold.text(Lang::En)).collect();
                format!("It cannot be put on the shelf: {}. See to it first, then publish.", holds.join("; "))
            }
            Self::BadCertificate => "A certificate has a number and a day of issue that has come; it does not end before that day. Check and save again.".into(),
            Self::BadRule => "A rule names its source and does not end before it begins. Fill it in and save again.".into(),
        }
    }
}
