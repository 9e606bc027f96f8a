//! Every [`Problem`] in English.

use super::{Problem, faults};
use crate::domain::admin::RegionFault;
use crate::domain::lang::Lang;

impl Problem {
    pub(super) fn en(&self) -> String {
        match self {
            Self::NoDatabase { path } => {
                format!(
                    "There is no database at {path}. Run `red-anchor init --county CODE` first, or check --database."
                )
            }
            Self::DatabaseUnreachable { why } => {
                format!("Cannot connect to the database: {why}. Check the address and that the server runs.")
            }
            Self::NewerDatabase { version } => format!(
                "The database's version ({version}) is newer than this program. Use a newer program; nothing was changed."
            ),
            Self::NoCounty => "The database has no county yet. Run `red-anchor init --county CODE` first.".into(),
            Self::SeveralCounties { codes } => {
                format!("The database holds several counties ({codes}). Name one with --county.")
            }
            Self::UnknownCounty { code } => format!("There is no county with code {code}. Check the six-digit code."),
            Self::UnknownRegion { code } => {
                format!("There is no region with code {code}. Use a national code of 2, 4, 6, 9 or 12 digits.")
            }
            Self::UnknownShop { key, known } => {
                format!("There is no shop \"{key}\". Known shops: {known}. Add one with `red-anchor shop add`.")
            }
            Self::ShopExists { key } => format!("Shop \"{key}\" exists already. Choose another key, or use it."),
            Self::UnknownPlatform { name } => format!(
                "Unknown platform \"{name}\". Use one of: douyin kuaishou wechat_channels taobao pinduoduo jd xiaohongshu."
            ),
            Self::UnknownProfile { name, known } => format!("Unknown file profile \"{name}\". Use one of: {known}."),
            Self::UnknownLine { shop, line } => {
                format!("Shop \"{shop}\" has no order line \"{line}\". `red-anchor lines` lists them.")
            }
            Self::UnknownGrouping { name } => format!(
                "Cannot group by \"{name}\". Use one of: total month day town village product listing room anchor stream farmer shop platform class."
            ),
            Self::BadDay { text } => format!("\"{text}\" is not a date. Write it like 2026-01-31."),
            Self::BadMonth { text } => format!("\"{text}\" is not a month. Write it like 2026-01."),
            Self::BackwardsRange => "The range starts after it ends. Swap --from and --to.".into(),
            Self::FileUnreadable { path, why } => format!("Cannot read {path}: {why}. Check the path and permissions."),
            Self::NotText { path } => {
                format!("{path} is neither UTF-8 nor GB18030 text. Export the CSV from the platform again.")
            }
            Self::MissingColumns { path, profile, missing } => format!(
                "{path} is not a \"{profile}\" file: columns missing: {missing}. Check the file and the profile; nothing was written."
            ),
            Self::WebPageFile { path } => {
                format!("{path} is a web page. Open it in a spreadsheet, save it as .xlsx and import that.")
            }
            Self::FileTooLarge { path } => format!(
                "{path} is beyond the limits (2 million rows, 100 files in an archive). Export it month by month."
            ),
            Self::LockedFile { path } => format!(
                "{path} is under a password. Unpack an archive with the platform's password and import what is in it; open a workbook, take its password off, save it and import that."
            ),
            Self::BrokenFile { path, why } => {
                format!("{path} is cut short or damaged ({why}). Download it again and wait until it is complete.")
            }
            Self::ArchiveInArchive { path } => {
                format!("{path} is an archive within an archive. Unpack it and import what is in it.")
            }
            Self::UnknownFile { path, seen, nearest } => format!(
                "{path} is no export this program knows. Columns seen: {seen}. Nearest profiles (−missing columns): {nearest}. Check the file; for a new format make a profile on the site under Import files › Match columns, or write one (docs/FILES.md) and use --profile FILE.json."
            ),
            Self::AmbiguousFile { path, profiles } => {
                format!("{path} fits several profiles. Choose one of them (--profile on the command line): {profiles}.")
            }
            Self::OtherPlatformFile { path, title, platform } => {
                format!("{path} is \"{title}\", but the shop's platform is {platform}. Check which shop was chosen.")
            }
            Self::OtherKindFile { path, title, command } => format!(
                "{path} is \"{title}\". Use `red-anchor import {command}`, or `red-anchor import files`, which finds out."
            ),
            Self::BadProfile { path, why } => {
                format!("The import profile {path} has an error: {why}. docs/FILES.md describes the form.")
            }
            Self::ShippedProfile { name } => {
                format!("\"{name}\" is a profile that comes with the program. Save yours under another name.")
            }
            Self::BadRegion { path, row, fault } => {
                let why = match fault {
                    RegionFault::NotACode => "is no region code: write 2, 4, 6, 9 or 12 digits",
                    RegionFault::NoName => "has no name",
                    RegionFault::Elsewhere => "is not in the county of --county",
                    RegionFault::NoParent => "lies in a town or county that is neither in the table nor known: add its row",
                    RegionFault::Twice => "stands there a second time: keep one",
                };
                format!("{path}, row {row} {why}. Nothing was written.")
            }
            Self::NoRows { path } => format!("{path} has no rows. Export it again."),
            Self::AllRowsBad { path, first } => {
                let first = Lang::En.of_both(first);
                format!("No row of {path} can be used; the first problem: {first}. Nothing was written.")
            }
            Self::BadDocument { path, why } => {
                format!(
                    "The county document {path} has an error: {why}. Nothing was written; mend it and import again."
                )
            }
            Self::FaultyCounty { faults, more } => {
                let lines = faults::lines(faults, *more, Lang::En);
                format!("The county document has errors; nothing was written. Mend it and import again:{lines}")
            }
            Self::DemoOnReal { path } => {
                format!("{path} is a real database; demo data is not written there. Name another file with --database.")
            }
            Self::RealOnDemo => {
                "This is a demo database; real data is not written there. Name another file with --database.".into()
            }
            Self::MonthNotOver { month } => {
                format!("{month} is not over and cannot be locked yet. Lock it after its end.")
            }
            Self::MonthLocked { month } => {
                format!("{month} is locked and does not change. Later facts go to the first open month.")
            }
            Self::NothingInMonth { month } => {
                format!("{month} has no entries, there is nothing to lock. Check the month.")
            }
            Self::LowCoverage { month, percent } => format!(
                "In {month} only {percent} of settled income has a baseline (under 95 %). Add prices, or lock with --reason."
            ),
            Self::MonthHasGap { month, shop, from, to } => format!(
                "Part of {month} was never pulled: shop \"{shop}\" from {from} to {to}. Import the export file of that span and say so as the reason, or say why it cannot be had (--reason)."
            ),
            Self::ShopTaken { shop } => {
                format!("Shop \"{shop}\" is being pulled by a server just now. Try again when it is done.")
            }
            Self::MissingKeys => {
                "There is no app key. Set RED_ANCHOR_APP_KEY and RED_ANCHOR_APP_SECRET in the environment, or store them once with `red-anchor shop credentials`.".into()
            }
            Self::NoSealingKey => {
                "There is no key to seal platform keys and second steps with. Run `red-anchor key new` on the server (or name a key file with --key-file), then start the site again.".into()
            }
            Self::KeyFileOpen { path, mode } => {
                format!("Others may read the key file {path} (mode {mode}), so it is not used. Run `chmod 600 {path}`.")
            }
            Self::KeyFileBad { path } => {
                format!("{path} holds no keys: 64 hexadecimal digits each, a key a line. Find the key file as it was.")
            }
            Self::KeyFileExists { path } => {
                format!("{path} exists and was left alone. `red-anchor key rotate` changes the key.")
            }
            Self::SealingKeyMissing { key_id } => format!(
                "What is stored is sealed with key {key_id}, which is not at hand. Add it to the key file, or store the secrets again with `red-anchor shop credentials`."
            ),
            Self::SealingKeyUsed { key_id } => format!(
                "Something is still sealed with key {key_id}, so it cannot be dropped. Run `red-anchor key rotate` first."
            ),
            Self::SealingKeyFixed => {
                "The key comes from the environment, which this program cannot change. Put the new key before the old one in the variable and run `key rotate` again.".into()
            }
            Self::SecretUnreadable { shop, field } => format!(
                "The stored {field} of shop \"{shop}\" does not open: it was altered or comes from elsewhere. Store it again with `red-anchor shop credentials`."
            ),
            Self::UnknownFarmer { key } => {
                format!("There is no household \"{key}\". Use its key of the county document.")
            }
            Self::ReasonNamesHousehold => {
                "The reason names the household and would stay in the audit trail for good. Say it without the name.".into()
            }
            Self::NothingToPull { shop } => format!(
                "Shop \"{shop}\" has no platform shop number and cannot be pulled. Give platform_shop_id in the county document."
            ),
            Self::PlatformNotSupported { platform } => format!(
                "Platform \"{platform}\" cannot be pulled through its interface yet. Use `red-anchor import orders`."
            ),
            Self::UnknownSubject { role, known } => format!("A link for \"{role}\" needs --for; one of: {known}."),
            Self::BadOption { why } => format!("An option is wrong: {why}. See --help."),
            Self::BadLoginName { name } => format!(
                "The login name \"{name}\" cannot be used. Take 2 to 40 letters or digits, with . - _ between them."
            ),
            Self::LoginNameTaken { name } => format!("The login name \"{name}\" is taken. Choose another."),
            Self::UnknownAccount => {
                "There is no such account. `red-anchor user list` lists them, as does the page of accounts.".into()
            }
            Self::UnknownRole { name } => format!(
                "Unknown role \"{name}\". Use one of: branch_admin branch anchor farmer village_contact official auditor."
            ),
            Self::RoleNeeds { role } => format!(
                "The role \"{role}\" needs what it is over: --anchor or --farmer with a key, --village with twelve digits, --region with a region's code."
            ),
            Self::RoleElsewhere { region } => format!(
                "Region {region} does not lie in this county, so it cannot be given here. A prefecture's account is made with `red-anchor user add`."
            ),
            Self::LastAdministrator => {
                "This is the last administrator who can sign in; it can neither be disabled nor lose the role. Give another account the role first."
                    .into()
            }
            Self::PasswordTooShort { least } => format!(
                "A password has at least {least} characters and does not hold the login name. A sentence you remember is a good one."
            ),
            Self::Mistaken(mistake) => mistake.en(),
            Self::PasswordsDiffer => "The two passwords differ. Type them again.".into(),
            Self::PasswordWrong => {
                "The present password is wrong. Type it again, or ask an administrator for a reset link.".into()
            }
            Self::CodeWrong => "The code is wrong or was used before. Wait for the app's next one.".into(),
            Self::Refused(refusal) => refusal.text(Lang::En),
            Self::Asking(asking) => asking.text(Lang::En),
            Self::Planning(planning) => planning.text(Lang::En),
            Self::Doubling(doubling) => doubling.text(Lang::En),
            Self::Paying(paying) => paying.text(Lang::En),
            Self::Teaching(teaching) => teaching.text(Lang::En),
        }
    }
}
