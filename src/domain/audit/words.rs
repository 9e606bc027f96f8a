//! The words of the audit trail: verbs, nouns, fields, each with the key it is stored by.

/// An enumeration that is stored as a text.
macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// All of them, in the order people read them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As stored.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// Reads [`Self::key`].
            pub fn parse(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.key() == key)
            }
        }
    };
}

keyed!(
    /// What was done.
    Verb {
        Add = "add",
        Change = "change",
        Remove = "remove",
        Import = "import",
        Pull = "pull",
        Reconcile = "reconcile",
        Lock = "lock",
        Issue = "issue",
        Renew = "renew",
        Rotate = "rotate",
        Export = "export",
        Anonymise = "anonymise",
        Expire = "expire",
        /// Somebody came in.
        SignIn = "sign_in",
        /// Sessions were ended by their owner.
        SignOut = "sign_out",
        /// Put forward for another person to decide.
        File = "file",
        Withdraw = "withdraw",
        /// Sent back to whoever put it forward, to be mended.
        Return = "return",
        Comment = "comment",
        /// A locked month was opened again.
        Open = "open",
        Pause = "pause",
        Resume = "resume",
        Retry = "retry",
        /// What another person put forward was agreed to.
        Approve = "approve",
        /// Money was handed over.
        Pay = "pay",
        /// A household said that its money has arrived.
        Confirm = "confirm",
        Close = "close",
        Reject = "reject",
        /// Put on the shelf.
        Publish = "publish",
    }
);

keyed!(
    /// What it was done to.
    Noun {
        /// The county document.
        County = "county",
        Shop = "shop",
        /// Orders, refunds and statements of a shop.
        Orders = "orders",
        Prices = "prices",
        /// A mapping of a file's headings.
        ImportProfile = "import_profile",
        Month = "month",
        /// A locked month somebody asked to open again.
        MonthOpening = "month_opening",
        Attribution = "attribution",
        Mapping = "mapping",
        Farmer = "farmer",
        Consent = "consent",
        /// A record that is another one's double.
        Double = "double",
        Link = "link",
        /// Somebody who signs in with a password.
        Account = "account",
        /// A household's printed way in.
        Slip = "slip",
        Credentials = "credentials",
        Token = "token",
        /// The key that seals secrets.
        SecretKey = "secret_key",
        BuyerHash = "buyer_hash",
        Session = "session",
        /// A table of figures that left the site.
        Figures = "figures",
        /// Money for households.
        Payout = "payout",
        /// What a household asks about a figure.
        Request = "request",
        /// Where a household's money goes.
        BankAccount = "bank_account",
        Lot = "lot",
        /// A listing's goods come from lots.
        Supply = "supply",
        Baseline = "baseline",
        /// A market's name for a product.
        MarketName = "market_name",
        /// A link that shows a stored report without signing in.
        SharedReport = "shared_report",
        /// A figure published before this program was used.
        PublishedFigure = "published_figure",
        Product = "product",
        Listing = "listing",
        /// What a household would like to sell.
        Proposal = "proposal",
        /// A photo of goods.
        Photo = "photo",
        /// What was counted of a listing.
        Stock = "stock",
        /// Which goods need which paper.
        CertificateRule = "certificate_rule",
        /// A paper of goods.
        GoodsCertificate = "goods_certificate",
        /// Somebody in front of the camera.
        Anchor = "anchor",
        Room = "room",
        /// A module of the curriculum, and its dated rules.
        Curriculum = "curriculum",
        /// A planned class and its sign-in.
        Lesson = "lesson",
        Assessment = "assessment",
        /// A step of an anchor's ladder.
        LadderStep = "ladder_step",
        Certificate = "certificate",
        Violation = "violation",
        /// Leave to go live although something is missing.
        Waiver = "waiver",
        PartyStep = "party_step",
        Contest = "contest",
        /// A broadcast and its plan.
        Stream = "stream",
        /// A phrase that may not be said on streams.
        BarredPhrase = "barred_phrase",
    }
);

keyed!(
    /// What is said of it, in the order people read it.
    Field {
        // who and what it is about
        PersonName = "person_name",
        Phone = "phone",
        BankAccount = "bank_account",
        HouseholdCategory = "household_category",
        Title = "title",
        TitleEn = "title_en",
        Village = "village",
        Key = "key",
        Kind = "kind",
        Platform = "platform",
        Number = "number",
        PriceFen = "price_fen",
        AmountFen = "amount_fen",
        Households = "households",
        Reference = "reference",
        Product = "product",
        Operator = "operator",
        Shop = "shop",
        Anchor = "anchor",
        Room = "room",
        Stage = "stage",
        Evidence = "evidence",
        Equipment = "equipment",
        /// Where a class is held.
        Place = "place",
        Views = "views",
        ClassHours = "class_hours",
        Role = "role",
        File = "file",
        From = "from",
        To = "to",
        Day = "day",
        Days = "days",
        Reason = "reason",
        PaceMinutes = "pace_minutes",
        Coverage = "coverage",
        Said = "said",
        KeyId = "key_id",
        /// By whom a month was put forward.
        FiledBy = "filed_by",
        Region = "region",
        CertificateNo = "certificate_no",
        FenPerKg = "fen_per_kg",
        WeightG = "weight_g",
        LostG = "lost_g",
        Parcels = "parcels",
        /// How somebody came in: password, link, slip.
        Way = "way",
        /// Wrong tries since the last success; never what was typed.
        WrongTries = "wrong_tries",
        // how much it was
        RowsRead = "rows_read",
        RowsNew = "rows_new",
        RowsChanged = "rows_changed",
        RowsUnchanged = "rows_unchanged",
        RowsRejected = "rows_rejected",
        OrdersNew = "orders_new",
        OrdersChanged = "orders_changed",
        RefundsNew = "refunds_new",
        RefundsChanged = "refunds_changed",
        StatementsNew = "statements_new",
        StatementsChanged = "statements_changed",
        OrdersAttributed = "orders_attributed",
        LedgerRows = "ledger_rows",
        Complete = "complete",
        MoreChanged = "more_changed",
        // sha256 of what was received
        FileSha256 = "file_sha256",
        OrdersSha256 = "orders_sha256",
        RefundsSha256 = "refunds_sha256",
        StatementsSha256 = "statements_sha256",
        // sha256 of the stored report of a month
        ReportSha256 = "report_sha256",
    }
);

impl Field {
    /// True for what shows that a row tells the truth and is no reading matter.
    pub const fn is_proof(self) -> bool {
        matches!(
            self,
            Self::FileSha256 | Self::OrdersSha256 | Self::RefundsSha256 | Self::StatementsSha256 | Self::ReportSha256
        )
    }

    /// True for what says something of a person: recorded as changed, never as its value.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::PersonName | Self::Phone | Self::BankAccount | Self::HouseholdCategory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_word_is_found_by_its_key() {
        assert!(Verb::ALL.iter().all(|v| Verb::parse(v.key()) == Some(*v)));
        assert!(Noun::ALL.iter().all(|n| Noun::parse(n.key()) == Some(*n)));
        assert!(Field::ALL.iter().all(|f| Field::parse(f.key()) == Some(*f)));
        assert_eq!(Field::ALL.iter().map(|f| f.key()).collect::<BTreeSet<_>>().len(), Field::ALL.len());
        assert!(Field::ALL.iter().all(|f| !f.key().contains('.')), "a dot parts item and field");
    }
}
