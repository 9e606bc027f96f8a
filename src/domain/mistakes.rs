//! What a person can get wrong at the pages of files, shops and goods: part of [`super::problem::Problem`], apart from it
//! for its length.

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
    /// A filled-in sheet without the column it is about.
    NotAMappingSheet {
        path: String,
    },
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
            Self::UnknownListing { key } => format!("没有货品“{key}”。请用县域文件里的货品编号。"),
            Self::NotAMappingSheet { path } => {
                format!("{path} 里没有“货品编号”这一列。请下载待归属的表格，填好后再传。")
            }
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
            Self::UnknownListing { key } => {
                format!("There is no listing \"{key}\". Use a key of the county document.")
            }
            Self::NotAMappingSheet { path } => {
                format!(
                    "{path} has no column \"货品编号 listing\". Download the table of unmatched goods and fill it in."
                )
            }
        }
    }
}
