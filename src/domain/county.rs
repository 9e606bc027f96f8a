//! The county document: everything a county sets up, as one JSON file (`red-anchor import county FILE.json`).
//!
//! Things refer to one another by `key`, a short text of the county's own choosing; importing the file again updates
//! what has changed and adds versions where a dated value differs, so a document can grow with the county.
//! The format is described in docs/COUNTY.md with the worked example of the ledger's rules.
//!
//! Units: `_fen` fen, `_g` grams, `_bp` basis points (10 000 = 100 %), days `YYYY-MM-DD` in Asia/Shanghai, instants
//! RFC 3339. A missing `to` means open.

use super::calendar::Day;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

/// The whole document; every part may be left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct CountyDoc {
    /// Six-digit county code; must be the database's.
    pub county: String,
    pub operators: Vec<OperatorDoc>,
    pub shops: Vec<ShopDoc>,
    pub farmers: Vec<FarmerDoc>,
    pub products: Vec<ProductDoc>,
    pub listings: Vec<ListingDoc>,
    pub mappings: Vec<MappingDoc>,
    pub rooms: Vec<RoomDoc>,
    pub modules: Vec<ModuleDoc>,
    pub anchors: Vec<AnchorDoc>,
    pub streams: Vec<StreamDoc>,
    pub baselines: Vec<BaselineDoc>,
    pub lots: Vec<LotDoc>,
}

/// 经营主体: whose shop it is and who pays the farmers.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OperatorDoc {
    pub key: String,
    pub name: String,
    /// The number farmers call (电话问).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Day of the month by which settled income of the month before is paid out; farmers are told this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pays_on_day: Option<u32>,
}

/// A shop on a platform.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ShopDoc {
    pub key: String,
    pub platform: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_shop_id: Option<String>,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// 推定结算 after this many days from completion, for shops without statements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_after_days: Option<i64>,
}

/// A household.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct FarmerDoc {
    pub key: String,
    pub name: String,
    /// Twelve-digit village code.
    pub village: String,
    /// Last four digits of the household's phone: what its slip asks for. Kept as a hash only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_last4: Option<String>,
    /// Dated categories: general, lifted, unstable, marginal, hardship.
    #[serde(default)]
    pub categories: Vec<CategoryDoc>,
    /// What the household agreed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<ConsentDoc>,
}

/// What a household can agree to: that its sales are kept and shown to officials, that the village contact prints its
/// statements, that it is named or pictured in public.
pub const CONSENT_KINDS: [&str; 3] = ["records", "contact", "showcase"];

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ConsentDoc {
    /// records, contact or showcase.
    pub kind: String,
    pub given_on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<Day>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct CategoryDoc {
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    pub category: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ProductDoc {
    pub key: String,
    pub name: String,
    /// English name for the English pages.
    #[serde(default)]
    pub name_en: String,
    /// 承诺达标合格证: whether a lot of it needs a certificate. Left out: as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot_certificate: Option<bool>,
}

/// What is sold: one product in one pack under dated terms.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ListingDoc {
    pub key: String,
    pub product: String,
    pub name: String,
    /// List price of one piece.
    pub price_fen: i64,
    #[serde(default)]
    pub terms: Vec<TermsDoc>,
    /// Supply by shares (at most 8 households a day, together at most 10 000 bp), or from lots.
    #[serde(default)]
    pub supply: Vec<SupplyDoc>,
}

/// Dated terms (see `ledger::book::Terms` for what each figure feeds).
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TermsDoc {
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// consignment, share or purchase.
    pub model: String,
    pub platform_bp: i64,
    pub anchor_bp: i64,
    #[serde(default)]
    pub operator_bp: i64,
    #[serde(default)]
    pub village_bp: i64,
    #[serde(default)]
    pub share_bp: i64,
    #[serde(default)]
    pub purchase_fen_per_kg: i64,
    pub freight_fen: i64,
    pub packaging_fen: i64,
    pub pack_g: i64,
    #[serde(default)]
    pub shrink_bp: i64,
    #[serde(default = "one_to_one")]
    pub conversion_bp: i64,
    #[serde(default)]
    pub extra_cost_fen_per_kg: i64,
    /// operator or farmer.
    #[serde(default = "operator")]
    pub loss_borne_by: String,
    /// moved or new (新增销量); a memo for the volume effect, no ledger column depends on it.
    #[serde(default = "moved")]
    pub volume: String,
}

fn one_to_one() -> i64 {
    super::money::BP
}

fn operator() -> String {
    "operator".into()
}

fn moved() -> String {
    "moved".into()
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct SupplyDoc {
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<ShareDoc>,
    /// The goods of these days come from lots and there are no shares.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lots: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the serializer hands in a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ShareDoc {
    pub farmer: String,
    pub share_bp: i64,
}

/// A shop's SKU and the listing it is.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct MappingDoc {
    pub shop: String,
    /// The platform's product number.
    pub product_no: String,
    /// The platform's SKU number; left out: every SKU of the product.
    #[serde(default)]
    pub sku_no: String,
    pub listing: String,
}

/// A Red Livestream Room 红色直播间.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct RoomDoc {
    pub key: String,
    pub name: String,
    /// Village code of its place.
    pub village: String,
    pub opened_on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Day>,
    /// What stands in it, for the room's page.
    #[serde(default)]
    pub equipment: String,
    #[serde(default)]
    pub accounts: Vec<AccountDoc>,
}

/// An account on a platform.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct AccountDoc {
    pub platform: String,
    /// The platform's author number of the account.
    pub author_no: String,
}

/// A training module with its planned class hours (45 minutes each).
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ModuleDoc {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    pub class_hours: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct AnchorDoc {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub accounts: Vec<AccountDoc>,
    /// trainee, supervised, certified, mentor; dated, with evidence.
    #[serde(default)]
    pub stages: Vec<StageDoc>,
    /// Modules attended and assessed.
    #[serde(default)]
    pub training: Vec<TrainingDoc>,
    #[serde(default)]
    pub certificates: Vec<CertificateDoc>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct StageDoc {
    pub from: Day,
    pub stage: String,
    /// Number of the document that shows it.
    pub evidence: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TrainingDoc {
    pub module: String,
    pub on: Day,
    /// Class hours attended.
    pub class_hours: i64,
    /// Day the module's assessment was passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_on: Option<Day>,
}

#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct CertificateDoc {
    /// association (聘书 / 培训证明) or national (职业技能等级).
    pub kind: String,
    pub certificate_no: String,
    pub issued_on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Day>,
}

/// A broadcast 场次.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct StreamDoc {
    pub key: String,
    pub shop: String,
    pub anchor: String,
    /// Left out: not in a Red Livestream Room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The platform's live-room number of this broadcast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_room_no: Option<String>,
    pub starts_at: DateTime<FixedOffset>,
    pub ends_at: DateTime<FixedOffset>,
    /// 观看人次, from the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<i64>,
    /// Listings on the shelf, in order.
    #[serde(default)]
    pub shelf: Vec<String>,
}

/// A dated farm-gate price, fen per kilogram, entered by one person and approved by another.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct BaselineDoc {
    pub product: String,
    /// Village, town or county code.
    pub region: String,
    pub from: Day,
    pub to: Day,
    pub low_fen_per_kg: i64,
    pub mid_fen_per_kg: i64,
    pub high_fen_per_kg: i64,
    /// What the goods would bring if nobody bought them fresh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salvage_fen_per_kg: Option<i64>,
    pub source: String,
    pub entered_by: String,
    pub approved_by: String,
}

/// Goods of one product weighed in together (供货批次).
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct LotDoc {
    pub key: String,
    pub product: String,
    /// The day they left the households: it prices them.
    pub intake_on: Day,
    /// Number of the certificate (承诺达标合格证).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate_no: String,
    /// The weighing list, in its order.
    pub tickets: Vec<TicketDoc>,
}

/// One household's weighing.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct TicketDoc {
    pub farmer: String,
    pub weight_g: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub grade: String,
    /// Purchase: what was agreed when it was weighed in; 0 = as the listing's terms say.
    #[serde(default)]
    pub agreed_fen_per_kg: i64,
}

#[cfg(test)]
mod tests {
    use super::CountyDoc;

    const EXAMPLE: &str = include_str!("../../docs/example-county.json");
    const FORMAT: &str = include_str!("../../docs/COUNTY.md");

    #[test]
    fn the_example_is_a_document_and_holds_the_worked_terms() {
        let doc: CountyDoc = serde_json::from_str(EXAMPLE).expect("the example is in the format");
        let terms = &doc.listings[0].terms[0];
        assert_eq!((terms.platform_bp, terms.anchor_bp, terms.operator_bp), (200, 1_000, 600));
        assert_eq!((terms.freight_fen, terms.packaging_fen, terms.pack_g, terms.shrink_bp), (550, 250, 2_500, 500));
        assert_eq!(
            (terms.conversion_bp, terms.loss_borne_by.as_str(), terms.volume.as_str()),
            (10_000, "operator", "moved")
        );
        let price = &doc.baselines[0];
        assert_eq!((price.low_fen_per_kg, price.mid_fen_per_kg, price.high_fen_per_kg), (576, 640, 704));
        assert_ne!(price.entered_by, price.approved_by);
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let misspelt = EXAMPLE.replace("\"anchor_bp\"", "\"anchor_pb\"");
        assert!(serde_json::from_str::<CountyDoc>(&misspelt).is_err());
    }

    #[test]
    fn the_description_names_every_field() {
        let fields = include_str!("county.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("    pub ")?.split_once(':'))
            .map(|(field, _)| format!("`{field}`"));
        let missing: Vec<String> = fields.filter(|field| !FORMAT.contains(field)).collect();
        assert_eq!(missing, Vec::<String>::new());
    }
}
