//! Words of the list of households: adding one, reading a list, correcting.

use crate::domain::roll::Alike;

words! {
    /// One household by a form, many by a list.
    Roll {
        add_link: "加农户、导入花名册" | "Add households, import a list",
        new_title: "加农户" | "Add households",
        one_title: "加一户" | "Add one household",
        name: "姓名" | "Name",
        name_note: "屏幕上只显示姓，全名只在导出的资料里。" | "Screens show the family name only; the whole name stands in the data handed to the household.",
        phone: "手机（可以只填后 4 位）" | "Phone (its last 4 digits will do)",
        phone_note: "系统只留后 4 位的校验值和一个认重号，不存号码。" | "Only a check of the last 4 digits and a mark that recognises the number are kept, not the number.",
        town: "乡镇（村名不重复时可不填）" | "Town (needed only where villages share a name)",
        village: "村（村名或 12 位代码）" | "Village (name or 12-digit code)",
        category: "类别" | "Category",
        category_none: "不填" | "not stated",
        category_from: "类别从哪天起" | "In that category since",
        consent_on: "同意登记的日期" | "Day of the consent to keep records",
        operator: "上级合作社" | "Co-operative",
        operator_none: "没有" | "none",
        key: "编号（不填就自动编）" | "Key (given by the program where left empty)",
        save_button: "保存" | "Save",
        list_title: "导入花名册" | "Import a list",
        list_note: "表里要有“姓名”和“村”两列；手机、类别、类别起始日、同意日期、上级合作社认得出列名就读。先看一遍再导入，文件不保存。" | "The table needs the columns of name and village, headed as in the blank list; phone, category, its first day, consent and co-operative are read where their headings are known. It is shown before anything is imported, and the file is not kept.",
        list_download: "下载空白花名册（xlsx）" | "Download the blank list (xlsx)",
        list_file: "填好的花名册（CSV 或 xlsx）" | "The filled-in list (CSV or xlsx)",
        list_button: "先看一遍" | "Show it first",
        preview_title: "花名册里的农户" | "Households of the list",
        preview_counts: "共 {0} 行：新的 {1} 户，像是已有的 {2} 户，有错的 {3} 行。还没有导入。" | "{0} rows: {1} new, {2} that look like a household already here, {3} wrong. Nothing is imported yet.",
        preview_alike: "像是已有的，请一户一户选：不导入、更新那一户，或者确实是另一户。" | "For each that looks like one already here, choose: leave it out, update that household, or say that it is another.",
        preview_wrong: "有错的行不导入，其他行照常。改好表再传一次就行，已有的会认出来。" | "Wrong rows are left out and the others are not held up. Mend the table and send it again: known households are recognised.",
        import_button: "导入" | "Import",
        col_row: "行" | "Row",
        col_name: "姓名" | "Name",
        col_phone: "手机" | "Phone",
        col_village: "村" | "Village",
        col_category: "类别" | "Category",
        col_consent: "同意日期" | "Consent",
        col_operator: "合作社" | "Co-operative",
        col_standing: "是什么" | "What it is",
        standing_new: "新农户" | "new",
        alike_key: "编号和 {0} 相同" | "same key as {0}",
        alike_phone: "手机和 {0} 相同" | "same phone as {0}",
        alike_name: "同村同名：{0}" | "same name and village: {0}",
        alike_row: "和表里前面一行同村同名，或者手机相同" | "same name and village, or same phone, as a row above",
        choice_skip: "不导入" | "leave out",
        choice_update: "就是这一户，更新" | "it is this one: update",
        choice_new: "是另一户，新增" | "another one: add",
        since: "{0}（{1} 起）" | "{0} (since {1})",
        done_title: "已导入" | "Imported",
        done_new: "新增" | "Added",
        done_updated: "更新" | "Updated",
        done_skipped: "没有导入" | "Left out",
        done_wrong: "有错" | "Wrong",
        done_next: "看农户" | "See the households",
        done_again: "再导入一张" | "Import another list",
        edit_title: "改这一户" | "Change this household",
        edit_note: "留空的不改。类别按日期记，以前的不会变。" | "What is left empty stays. Categories are dated; earlier ones stay as they were.",
        edit_name: "新的姓名" | "New name",
        edit_village: "新的村" | "New village",
        edit_phone: "新的手机" | "New phone",
        categories: "类别" | "Categories",
        categories_none: "还没有登记类别。" | "No category is recorded.",
        category_span: "{0} 到 {1}" | "{0} to {1}",
        category_open: "{0} 起" | "since {0}",
        members: "上级合作社" | "Co-operative",
        member_since: "{0}，{1} 起" | "{0}, since {1}",
        cat_general: "一般户" | "General",
        cat_lifted: "脱贫户" | "Lifted out of poverty",
        cat_unstable: "脱贫不稳定户" | "Lifted, unstable",
        cat_marginal: "边缘易致贫户" | "At the margin",
        cat_hardship: "突发严重困难户" | "Sudden hardship",
    }
}

impl Roll {
    /// A category by its key.
    pub fn category_of(&self, key: &str) -> &'static str {
        match key {
            "lifted" => self.cat_lifted,
            "unstable" => self.cat_unstable,
            "marginal" => self.cat_marginal,
            "hardship" => self.cat_hardship,
            _ => self.cat_general,
        }
    }

    pub const fn alike(&self, why: Alike) -> &'static str {
        match why {
            Alike::Key => self.alike_key,
            Alike::Phone => self.alike_phone,
            Alike::Name => self.alike_name,
            Alike::Row => self.alike_row,
        }
    }
}
