//! Words of people and their training: forms, classes, the ladder, papers, the gate.

use crate::domain::attribution::Stage;
use crate::domain::ladder::Standing;
use crate::domain::training::{AssessedBy, Attendance, Purpose};
use crate::domain::training_sheet::RowFault;

words! {
    /// People, curriculum, classes, steps, papers.
    Training {
        add_person: "添加主播或学员" | "Add an anchor or trainee",
        curriculum_link: "课程与上课" | "Curriculum and classes",
        edit: "改资料" | "Edit details",
        save: "保存" | "Save",
        counts: "今年培训 {0} 人次、{1} 人；持证主播（职业技能等级）{2} 人" | "Trained this year: {0} attendances, {1} people; holders of a national skill certificate: {2}",
        waiting_title: "等另一个人批准的阶段" | "Steps that wait for another person",
        waiting_row: "{0} → {1}，从 {2} 起，{3} 提出" | "{0} → {1} from {2}, put forward by {3}",
        today_step: "{0} 进级等另一个人批准，{1} 提出" | "A step of {0} waits for another person; {1} put it forward",
        today_step_why: "批准以前，新的阶段不算，证书也不发。" | "Until then the new stage does not count and no certificate is issued.",
        behind_title: "谁落下了" | "Who falls behind",
        behind_none: "没有人落下。" | "Nobody falls behind.",
        behind_missed: "连续缺课 {0} 次" | "missed the last {0} classes",
        behind_rate: "到课 {0} / {1}" | "attended {0} of {1}",
        behind_expired: "证书已过期" | "certificate has run out",
        measure_title: "培训以后怎样" | "What came of the training",
        measure_note: "认证前后各 90 天，每小时净销售额；正在观察的满 90 天才算。" | "Net sales per hour in the 90 days before and after certification; who was certified less than 90 days ago is still under way.",
        measure_none: "还没有认证的红色主播。" | "No certified Red Anchors yet.",
        col_person: "主播" | "Anchor",
        col_certified: "认证日" | "Certified",
        col_first_stream: "第一场" | "First stream",
        col_at_90: "90 天后还在播" | "Streaming at 90 days",
        col_before: "认证前（元/时）" | "Before (yuan/h)",
        col_after: "认证后（元/时）" | "After (yuan/h)",
        still: "还在播" | "yes",
        stopped: "没有再播" | "no",
        under_way: "未满 90 天" | "under way",
        measure_no_file: "这张图只在页面上看，不能下载：一位主播带的农户可能不足五户。" | "This picture stays on the page and has no file: an anchor may sell for fewer than five households.",
        name: "姓名" | "Name",
        born: "出生日期" | "Birth date",
        born_note: "未满 16 岁不能上播；16–17 岁要监护人同意。只有支部看得到。" | "Nobody under 16 goes live; 16 and 17 need a guardian's consent. Only the branch sees it.",
        guardian: "监护人同意日期（16–17 岁）" | "Guardian consented on (16–17)",
        identity: "身份核验日期" | "Identity checked on",
        skills: "特长" | "Skills",
        mentor: "带教导师" | "Mentor",
        mentor_none: "没有" | "nobody",
        accounts: "平台账号" | "Accounts on platforms",
        accounts_note: "一行一个：平台、空格、账号编号，例如 douyin 12345。用过的账号一直留着，过去的场次要靠它。" | "One a line: platform, a space, the account's number, such as douyin 12345. An account once used stays, for past streams need it.",
        account_link: "登录账号由管理员在“账号”页开通：角色选主播，填主播页上的编号。" | "An administrator makes the way to sign in under Accounts: the role of an anchor, and the key that stands on the anchor's page.",
        gate_title: "能不能上播" | "May this person go live",
        gate_open: "可以上播" | "May go live",
        gate_accompanied: "可以在导师陪同下见习" | "May stream beside a mentor",
        gate_closed: "还不能上播" | "May not go live yet",
        gate_waived: "{0} 放行到 {1}：{2}" | "{0} gave leave until {1}: {2}",
        gate_note: "年龄、身份、规则考核、产品知识、见习场次、没有未处理的违规，缺一样列一样。" | "Age, identity, rules quiz, product knowledge, supervised streams, no open violation: everything missing is named.",
        waive_title: "放行" | "Give leave",
        waive_note: "写明理由，记在您名下，最长 31 天；年龄不够、有没处理完的违规，都不能放行。" | "In your name, with a reason, for 31 days at most; neither age nor an open violation is ever waived.",
        waive_button: "放行" | "Give leave",
        from: "从" | "From",
        to: "到" | "To",
        reason: "理由" | "Reason",
        attendance: "到课（全部应到）" | "Attendance, of all planned",
        attendance_of: "{0} / {1}（{2}）" | "{0} / {1} ({2})",
        ladder_title: "走到哪一级" | "The ladder",
        ladder_none: "还没有登记阶段。" | "No stage is recorded yet.",
        ladder_lapse: "证书到期，未续" | "certificate runs out",
        col_since: "从哪天" | "Since",
        col_evidence: "依据" | "Evidence",
        met: "{0} 课时，见习 {1} 场，规则 {2}，产品 {3}" | "{0} class hours, {1} supervised streams, rules {2}, goods {3}",
        step_title: "登记下一级" | "Record the next stage",
        step_note: "学员、见习由经办人登记；红色主播和导师要另一个人批准，并发证书。锁了账的月份不回头改。" | "Trainee and supervised are recorded at once; Red Anchor and mentor wait for another person and come with a certificate. Locked months are not changed.",
        step_stage: "阶段" | "Stage",
        step_evidence: "依据文号" | "Number of the document",
        step_class: "班号" | "Class number",
        step_certificate: "证书号（认证、导师）" | "Certificate number (Red Anchor, mentor)",
        step_expires: "证书到期日（认证、导师）" | "Certificate's last day (Red Anchor, mentor)",
        step_button: "提交" | "Put forward",
        decide_title: "{0} → {1}" | "{0} → {1}",
        decide_by: "{0} 于 {1} 提出；从 {2} 起；依据 {3}" | "Put forward by {0} at {1}; from {2}; evidence {3}",
        decide_paper: "证书 {0}，班号 {1}，到 {2}" | "Certificate {0}, class {1}, until {2}",
        decide_met: "这一天达到了什么" | "What is met on that day",
        decide_lacks: "还缺" | "Missing",
        decide_complete: "都齐了" | "nothing",
        decide_incomplete: "还没有齐" | "something is missing",
        decide_own: "这一步是您提出的，等另一个人批准；您可以撤回。" | "You put this forward; another person approves it. You may take it back.",
        decide_done: "已经办结：{0}，{1}" | "Decided: {0}, {1}",
        outcome_waiting: "等批准" | "waiting",
        outcome_taken: "已进级" | "taken",
        outcome_rejected: "退回" | "turned down",
        outcome_withdrawn: "撤回" | "withdrawn",
        approve: "批准" | "Approve",
        turn_down: "退回" | "Turn down",
        withdraw: "撤回" | "Take back",
        stage_trainee: "学员" | "Trainee",
        stage_supervised: "见习" | "Supervised",
        stage_certified: "红色主播" | "Red Anchor",
        stage_mentor: "导师" | "Mentor",
        assess_title: "登记考核" | "Record an assessment",
        assess_list: "考核" | "Assessments",
        assess_none: "还没有考核。" | "No assessments yet.",
        module: "模块" | "Module",
        kind: "方式" | "Kind",
        quiz: "笔试" | "Quiz",
        practical: "实操" | "Practical",
        both: "笔试和实操" | "Quiz and practical",
        taken_on: "考核日期" | "Taken on",
        score: "得分" | "Score",
        pass_score: "及格分" | "Pass mark",
        assessor: "考官" | "Assessor",
        passed: "通过" | "passed",
        failed: "没有通过" | "not passed",
        violation_title: "违规" | "Violations",
        violation_none: "没有违规记录。" | "None on record.",
        violation_open: "没有处理完" | "open",
        violation_closed: "{0} 由 {1} 处理完" | "closed {0} by {1}",
        violation_what: "什么事" | "What happened",
        violation_day: "日期" | "Day",
        violation_button: "登记违规" | "Record a violation",
        violation_close: "处理完了" | "Close",
        national_title: "登记职业技能等级证书" | "Record a national skill certificate",
        national_note: "由评价机构发的证书，单独记，算持证主播，不改阶段。" | "Issued by an assessment body, kept apart; counts as a holder and moves no stage.",
        national_level: "等级（五级最低）" | "Level (five is the first)",
        national_number: "证书号" | "Number",
        level: "{0} 级" | "level {0}",
        revoke_title: "撤销协会证书" | "Revoke a certificate of the association",
        revoke_button: "撤销" | "Revoke",
        issued: "发证日" | "Issued",
        standing_valid: "有效" | "valid",
        standing_not_yet: "未到发证日" | "not issued yet",
        standing_expired: "已到期" | "run out",
        standing_revoked: "已撤销" | "revoked",
        col_standing: "状态" | "State",
        paper_print: "打印" | "Print",
        paper_code: "开通查验二维码" | "Give it a QR code to check",
        paper_letter: "聘书" | "Letter of appointment",
        paper_record: "培训证明" | "Training record",
        paper_letter_text: "兹聘请 {0} 为本协会红色主播，聘期自 {1} 至 {2}。" | "{0} is appointed Red Anchor of this association from {1} to {2}.",
        paper_record_text: "兹证明 {0} 参加本协会红色主播培训，累计 {1} 课时（每课时 45 分钟），通过 {2} 个模块的考核。" | "{0} took part in this association's training of Red Anchors: {1} class hours of 45 minutes, {2} modules passed.",
        paper_class: "班号 {0}" | "Class {0}",
        paper_number: "编号 {0}" | "Number {0}",
        paper_issued: "{0} 发" | "issued {0}",
        paper_sign: "签发人　　　　　　　　　　盖章" | "Signed by                    Seal",
        paper_scan: "扫码查验真伪" | "Scan to check",
        paper_screen: "A4 一页，可以从浏览器打印，也可以下载 PDF。" | "One A4 page: print it from the browser or take the PDF.",
        paper_pdf: "下载 PDF" | "Take the PDF",
        paper_none: "这个人没有协会的证书。" | "This person has no certificate of the association.",
        check_title: "证书查验" | "Checking a certificate",
        check_either: "聘书或培训证明（同一编号）" | "Letter of appointment or training record (of one number)",
        check_issuer: "发证：{0}的电子商务行业协会，{1}" | "Issued by the e-commerce association of {0} on {1}",
        check_until: "到 {0}" | "until {0}",
        check_unknown: "查无此证" | "No such certificate",
        check_unknown_do: "二维码不完整，或者不是本站的证书。请核对纸上的编号，问发证的协会。" | "The code is incomplete or not of this site. Compare the number on paper and ask the association.",
        curriculum_title: "课程与上课" | "Curriculum and classes",
        modules_title: "培训模块" | "Modules",
        modules_none: "还没有培训模块。" | "No modules yet.",
        module_add: "添加模块" | "Add a module",
        module_name_en: "英文名称" | "Name in English",
        module_hours: "计划课时" | "Planned class hours",
        module_purpose: "上播条件" | "For the gate",
        module_assessed: "怎样考核" | "Assessed by",
        purpose_none: "不是" | "no",
        purpose_rules: "规则考核" | "rules quiz",
        purpose_product: "产品知识" | "product knowledge",
        rule_title: "参考课时与认证条件" | "Reference hours and conditions",
        rule_note: "国家职业技能标准 4-01-02-07 直播销售员参考课时，五级到一级；见习场次、证书有效月数由支部定。从填的那天起用，过去的照旧。" | "Reference hours of the national standard 4-01-02-07, levels five to one; supervised streams and months of a certificate are the branch's own. They hold from the day written on; the past stays.",
        rule_now: "现在：{0}；见习 {1} 场；证书 {2} 个月；年度复训 {3} 课时" | "Now: {0}; {1} supervised streams; certificates hold {2} months; {3} hours of re-training a year",
        rule_change: "改参考课时和认证条件" | "Change hours and conditions",
        rule_from: "从哪天起" | "From",
        rule_hours: "参考课时，五级到一级，空格分开" | "Reference hours, level five to one, with spaces",
        rule_streams: "认证前见习场次" | "Supervised streams before certification",
        rule_months: "证书有效月数" | "Months a certificate holds",
        rule_retrain: "年度复训课时" | "Class hours of yearly re-training",
        lessons_title: "课" | "Classes",
        lessons_note: "过去 90 天和以后的课。" | "Of the last 90 days and to come.",
        lessons_none: "还没有排课。" | "No classes are planned.",
        lesson_plan: "排一次课" | "Plan a class",
        lesson_class: "班号" | "Class number",
        lesson_day: "上课日" | "Day",
        lesson_hours: "课时" | "Class hours",
        lesson_teacher: "老师" | "Teacher",
        lesson_place: "地点" | "Place",
        lesson_people: "应到" | "Planned",
        lesson_button: "排课" | "Plan",
        lesson_title: "{0} {1}" | "{0} {1}",
        lesson_facts: "班号 {0} · {1} 课时 · {2} · {3}" | "Class {0} · {1} class hours · {2} · {3}",
        sign_title: "签到" | "Sign-in",
        sign_note: "照纸上的签到表填。到课率按全部应到的课算。" | "Type it in from the paper list. Attendance counts over all planned classes.",
        sign_early: "还没到上课日。" | "The day has not come.",
        sign_button: "保存签到" | "Save the sign-in",
        sign_unsigned: "签到没填" | "sign-in not typed in",
        sign_done: "签到已填" | "sign-in typed in",
        sheet_title: "从表格导入人员和培训记录" | "People and training from a table",
        sheet_note: "一行一次课，姓名相同的算同一个人，没有的姓名会新建。先看一遍，再保存。" | "A row a class; a name that is known is that person, another is somebody new. It is shown before anything is entered.",
        sheet_download: "下载空白表" | "Download the blank table",
        sheet_file: "填好的表（CSV 或 Excel）" | "The filled-in table (CSV or Excel)",
        sheet_button: "看一遍" | "Show it",
        sheet_preview: "共 {0} 行，还没有录入。" | "{0} rows; nothing is entered yet.",
        sheet_faults: "有 {0} 行要改。在表里改好再传，整张一起录入。" | "{0} rows need mending. Mend them in the table and send it again; it is entered whole.",
        sheet_enter: "录入" | "Enter them",
        sheet_ok: "可以录入" | "fine",
        sheet_new: "新的人" | "somebody new",
        row_no_name: "没有姓名" | "no name",
        row_several: "有几个人同名，请在页面上登记" | "several people of that name; record it on the page",
        row_module: "没有这个模块" | "no such module",
        row_day: "日期不对，或者还没到" | "no day, or one that has not come",
        row_hours: "课时要填 0 到 24 的整数" | "class hours are a whole number from 0 to 24",
        att_planned: "没填" | "not typed in",
        att_present: "到" | "present",
        att_absent: "缺" | "absent",
        att_excused: "请假" | "excused",
    }
}

impl Training {
    pub const fn attendance_name(&self, attendance: Attendance) -> &'static str {
        match attendance {
            Attendance::Planned => self.att_planned,
            Attendance::Present => self.att_present,
            Attendance::Absent => self.att_absent,
            Attendance::Excused => self.att_excused,
        }
    }

    pub const fn assessed(&self, by: AssessedBy) -> &'static str {
        match by {
            AssessedBy::Quiz => self.quiz,
            AssessedBy::Practical => self.practical,
            AssessedBy::Both => self.both,
        }
    }

    pub const fn purpose(&self, purpose: Purpose) -> &'static str {
        match purpose {
            Purpose::None => self.purpose_none,
            Purpose::Rules => self.purpose_rules,
            Purpose::Product => self.purpose_product,
        }
    }

    pub const fn stage(&self, stage: Stage) -> &'static str {
        match stage {
            Stage::Trainee => self.stage_trainee,
            Stage::Supervised => self.stage_supervised,
            Stage::Certified => self.stage_certified,
            Stage::Mentor => self.stage_mentor,
        }
    }

    pub const fn standing(&self, standing: Standing) -> &'static str {
        match standing {
            Standing::Valid => self.standing_valid,
            Standing::NotYet => self.standing_not_yet,
            Standing::Expired => self.standing_expired,
            Standing::Revoked => self.standing_revoked,
        }
    }

    pub const fn row_fault(&self, fault: RowFault) -> &'static str {
        match fault {
            RowFault::NoName => self.row_no_name,
            RowFault::SeveralPeople => self.row_several,
            RowFault::UnknownModule => self.row_module,
            RowFault::BadDay => self.row_day,
            RowFault::BadHours => self.row_hours,
        }
    }

    /// What became of a step.
    pub fn outcome(&self, outcome: &str) -> &'static str {
        match outcome {
            "taken" => self.outcome_taken,
            "rejected" => self.outcome_rejected,
            "withdrawn" => self.outcome_withdrawn,
            _ => self.outcome_waiting,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::ladder::BARRED;

    #[test]
    fn no_paper_of_the_association_bears_a_barred_word() {
        let papers =
            Training::PAIRS.iter().filter(|(name, ..)| name.starts_with("paper_") || name.starts_with("check_"));
        for (name, zh, en) in papers {
            assert!(!BARRED.iter().any(|word| zh.contains(word)), "{name}");
            assert!(!en.to_lowercase().contains("national"), "{name}");
        }
    }
}
