//! Words of buttons that lead to documents and tables; what stands in them is in the templates.

words! {
    /// What is taken away.
    Papers {
        xlsx: "下载 Excel 表（合计是公式）" | "Download XLSX (sums are formulas)",
        csv: "CSV" | "CSV",
        year_tables: "Excel 表" | "XLSX",
        town_sheet: "乡镇一张纸（PDF）" | "Town sheet (PDF)",
        town_note: "只含已锁定的月份，从全县各月存下的月报摘出；没选日期就是最近 12 个月。" | "Locked months only, taken from the county's stored reports; without dates, the last twelve.",
        stream_review: "复盘（PDF）" | "Review (PDF)",
        training_summary: "培训小结（PDF）" | "Training summary (PDF)",
    }
}
