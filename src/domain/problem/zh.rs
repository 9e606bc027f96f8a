//! Every [`Problem`] in Chinese.

use super::{Problem, faults};
use crate::domain::admin::RegionFault;
use crate::domain::lang::Lang;

impl Problem {
    pub(super) fn zh(&self) -> String {
        match self {
            Self::NoDatabase { path } => {
                format!("没有找到数据库 {path}。请先运行 red-anchor init --county 县级代码，或检查 --database。")
            }
            Self::DatabaseUnreachable { why } => format!("连接不上数据库：{why}。请检查地址和服务是否启动。"),
            Self::NewerDatabase { version } => {
                format!("数据库的版本（{version}）比程序新。请换用更新的程序，数据没有改动。")
            }
            Self::NoCounty => "数据库里还没有县。请先运行 red-anchor init --county 县级代码。".into(),
            Self::SeveralCounties { codes } => format!("数据库里有多个县（{codes}）。请用 --county 指定一个。"),
            Self::UnknownCounty { code } => format!("没有代码为 {code} 的县。请检查六位县级代码。"),
            Self::UnknownRegion { code } => {
                format!("没有代码为 {code} 的地区。请用 2、4、6、9 或 12 位统计用区划代码。")
            }
            Self::UnknownShop { key, known } => {
                format!("没有店铺“{key}”。已有店铺：{known}。可用 red-anchor shop add 添加。")
            }
            Self::ShopExists { key } => format!("店铺“{key}”已经有了。请换一个名字，或直接使用它。"),
            Self::UnknownPlatform { name } => {
                format!("不认识平台“{name}”。可用：douyin kuaishou wechat_channels taobao pinduoduo jd xiaohongshu。")
            }
            Self::UnknownProfile { name, known } => format!("不认识文件格式“{name}”。可用：{known}。"),
            Self::UnknownLine { shop, line } => {
                format!("店铺“{shop}”没有订单行“{line}”。请用 red-anchor lines 查看行号。")
            }
            Self::UnknownGrouping { name } => format!(
                "不能按“{name}”分组。可用：total month day town village product listing room anchor stream farmer shop platform class。"
            ),
            Self::BadDay { text } => format!("“{text}”不是有效日期。请写成 2026-01-31 这样。"),
            Self::BadMonth { text } => format!("“{text}”不是有效月份。请写成 2026-01 这样。"),
            Self::BackwardsRange => "开始日期在结束日期之后。请把 --from 和 --to 对调。".into(),
            Self::FileUnreadable { path, why } => format!("读不了文件 {path}：{why}。请检查路径和权限。"),
            Self::NotText { path } => format!("文件 {path} 不是 UTF-8 或 GB18030 文本。请从平台后台重新导出 CSV。"),
            Self::MissingColumns { path, profile, missing } => {
                format!(
                    "文件 {path} 不是“{profile}”格式：缺少列 {missing}。请检查是否选错文件或格式，没有写入任何数据。"
                )
            }
            Self::WebPageFile { path } => {
                format!("文件 {path} 其实是网页。请用表格软件打开，另存为 .xlsx 后再导入。")
            }
            Self::FileTooLarge { path } => {
                format!("文件 {path} 超出上限（200 万行，压缩包 100 个文件）。请按月份分次导出。")
            }
            Self::LockedFile { path } => format!(
                "文件 {path} 有密码。压缩包请先用平台给的密码解压，再导入里面的文件；表格请在软件里打开，清除密码后另存再导入。"
            ),
            Self::BrokenFile { path, why } => {
                format!("文件 {path} 不完整或已损坏（{why}）。请重新下载，下载完成后再导入。")
            }
            Self::ArchiveInArchive { path } => format!("{path} 是压缩包里的压缩包。请先解压，再导入里面的文件。"),
            Self::UnknownFile { path, seen, nearest } => format!(
                "认不出文件 {path} 是哪个平台的什么表。看到的列：{seen}。最接近的格式（−缺少的列）：{nearest}。请检查是否选错文件；确实是新格式时，在网站的“导入文件 › 列对应”里做一个模板，或按 docs/FILES.md 写一个，用 --profile 文件.json 导入。"
            ),
            Self::AmbiguousFile { path, profiles } => {
                format!("文件 {path} 同时符合几种格式。请选定其中一种（命令行用 --profile）：{profiles}。")
            }
            Self::OtherPlatformFile { path, title, platform } => {
                format!("文件 {path} 是“{title}”，而这个店铺的平台是 {platform}。请检查店铺是否选错。")
            }
            Self::OtherKindFile { path, title, command } => {
                format!(
                    "文件 {path} 是“{title}”。请改用 red-anchor import {command}，或用 red-anchor import files 自动识别。"
                )
            }
            Self::BadProfile { path, why } => format!("导入模板 {path} 有错误：{why}。写法见 docs/FILES.md。"),
            Self::ShippedProfile { name } => format!("“{name}”是自带模板的名字，不能覆盖。请换一个名字保存。"),
            Self::BadRegion { path, row, fault } => {
                let why = match fault {
                    RegionFault::NotACode => "不是区划代码：请写 2、4、6、9 或 12 位数字",
                    RegionFault::NoName => "没有名称",
                    RegionFault::Elsewhere => "不在 --county 的县里",
                    RegionFault::NoParent => "所在的乡镇或县不在表里，也还不知道：请补上那一行",
                    RegionFault::Twice => "重复了：请只留一行",
                };
                format!("{path} 第 {row} 行{why}。没有写入任何内容。")
            }
            Self::NoRows { path } => format!("文件 {path} 里没有数据行。请重新导出。"),
            Self::AllRowsBad { path, first } => {
                format!("文件 {path} 没有一行能用，第一个问题：{}。没有写入任何数据。", Lang::Zh.of_both(first))
            }
            Self::BadDocument { path, why } => {
                format!("县域文件 {path} 有错误：{why}。没有写入任何数据，改好后再导入。")
            }
            Self::FaultyCounty { faults, more } => {
                let lines = faults::lines(faults, *more, Lang::Zh);
                format!("县域文件有错误，没有写入任何数据，改好后再导入：{lines}")
            }
            Self::DemoOnReal { path } => {
                format!("{path} 是真实数据库，不能写入演示数据。请用 --database 指定另一个文件。")
            }
            Self::RealOnDemo => "这是演示数据库，不能写入真实数据。请用 --database 指定另一个文件。".into(),
            Self::MonthNotOver { month } => format!("{month} 还没有结束，不能锁定。请在月底之后再锁定。"),
            Self::MonthLocked { month } => format!("{month} 已经锁定，不再改动。之后的变化会记入下一个未锁定的月份。"),
            Self::NothingInMonth { month } => format!("{month} 没有任何账目，不需要锁定。请检查月份。"),
            Self::LowCoverage { month, percent } => {
                format!(
                    "{month} 只有 {percent} 的已结算收入有基准价（低于 95%）。请补基准价，或用 --reason 写明原因后锁定。"
                )
            }
            Self::MonthHasGap { month, shop, from, to } => format!(
                "{month} 有一段没有取到数：店铺“{shop}”，{from} 至 {to}。请导入这一段的导出文件，并在原因里写明；确实补不上的，也写明原因（--reason）。"
            ),
            Self::ShopTaken { shop } => format!("店铺“{shop}”正在由网站取数。请等它取完再试。"),
            Self::MissingKeys => "没有应用密钥。请设置环境变量 RED_ANCHOR_APP_KEY 和 RED_ANCHOR_APP_SECRET，或先用 red-anchor shop credentials 存下来。".into(),
            Self::NoSealingKey => {
                "没有加密钥匙，平台密钥和两步验证都存不了。请在服务器上运行 red-anchor key new（或用 --key-file 指定钥匙文件），再重启网站。".into()
            }
            Self::KeyFileOpen { path, mode } => {
                format!("钥匙文件 {path} 别人也能读（权限 {mode}），不能使用。请运行 chmod 600 {path}。")
            }
            Self::KeyFileBad { path } => {
                format!("{path} 不是钥匙：每把是 64 个十六进制数字，一行一把。请找回原来的钥匙文件。")
            }
            Self::KeyFileExists { path } => {
                format!("{path} 已经有了，没有改动。要换钥匙请运行 red-anchor key rotate。")
            }
            Self::SealingKeyMissing { key_id } => {
                format!("存下的密钥是用钥匙 {key_id} 加密的，手头没有这把。请把它加进钥匙文件，或用 red-anchor shop credentials 重新存。")
            }
            Self::SealingKeyUsed { key_id } => {
                format!("还有密钥是用钥匙 {key_id} 加密的，不能丢掉它。请先运行 red-anchor key rotate。")
            }
            Self::SealingKeyFixed => {
                "钥匙来自环境变量，程序改不了它。请在变量里把新钥匙写在前面、旧的写在后面，再运行 key rotate。".into()
            }
            Self::SecretUnreadable { shop, field } => {
                format!("店铺“{shop}”存下的 {field} 解不开：它被改过，或者来自别处。请用 red-anchor shop credentials 重新存。")
            }
            Self::UnknownFarmer { key } => format!("没有农户“{key}”。请用县域文件里的 key。"),
            Self::ReasonNamesHousehold => "理由里写了这户的姓名，会永远留在操作记录里。请换一个不点名的说法。".into(),
            Self::NothingToPull { shop } => {
                format!("店铺“{shop}”没有平台店铺号，不能拉取。请在县域文件里填写 platform_shop_id。")
            }
            Self::PlatformNotSupported { platform } => {
                format!("平台“{platform}”还不能用接口拉取。请用 red-anchor import orders 导入文件。")
            }
            Self::UnknownSubject { role, known } => format!("“{role}”的链接需要 --for，可用：{known}。"),
            Self::BadOption { why } => format!("参数有误：{why}。用 --help 查看用法。"),
            Self::BadLoginName { name } => {
                format!("登录名“{name}”不能用。请用 2 到 40 个字、字母、数字，中间可以有 . - _。")
            }
            Self::LoginNameTaken { name } => format!("登录名“{name}”已经有人用了。请换一个。"),
            Self::UnknownAccount => "没有这个账号。请用 red-anchor user list 查看，或刷新账号页。".into(),
            Self::UnknownRole { name } => format!(
                "不认识角色“{name}”。可用：branch_admin branch anchor farmer village_contact official auditor。"
            ),
            Self::RoleNeeds { role } => format!(
                "角色“{role}”要说明范围：主播和农户填各自的编号（命令行用 --anchor、--farmer），村联络员填村的十二位代码（--village），县级和审计填地区代码（--region）。"
            ),
            Self::RoleElsewhere { region } => {
                format!("地区 {region} 不在本县里，这里给不了。市级账号请用命令行 red-anchor user add 建立。")
            }
            Self::LastAdministrator => {
                "这是最后一个能登录的支部管理员，不能停用也不能去掉角色。请先给另一个账号管理员角色。".into()
            }
            Self::PasswordTooShort { least } => {
                format!("密码至少要 {least} 个字符，并且不能含登录名。一句自己记得住的话就很好。")
            }
            Self::Mistaken(mistake) => mistake.zh(),
            Self::PasswordsDiffer => "两次输入的密码不一样。请再输一遍。".into(),
            Self::PasswordWrong => "现在的密码不对。请再输一遍；忘了请向支部管理员要一个重设链接。".into(),
            Self::CodeWrong => "验证码不对，或者已经用过了。请等验证器换一个新的再输。".into(),
            Self::Refused(refusal) => refusal.text(Lang::Zh),
            Self::Asking(asking) => asking.text(Lang::Zh),
            Self::Planning(planning) => planning.text(Lang::Zh),
            Self::Doubling(doubling) => doubling.text(Lang::Zh),
            Self::Paying(paying) => paying.text(Lang::Zh),
            Self::Teaching(teaching) => teaching.text(Lang::Zh),
        }
    }
}
