"""What the audit trail tells of: every kind of deed and how it ended, with the words pages show for them."""

from enum import Enum


class Deed(Enum):
    """A kind of audit entry, as it is kept; entries are never changed, so no value ever is either."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    PASSWORD_CONFIRMED = "password_confirmed"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_UNLOCKED = "account_unlocked"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_DEMANDED = "password_demanded"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_CHANGED = "account_changed"
    LINK_GIVEN = "link_given"
    LINK_USED = "link_used"
    AUDIT_EXPORTED = "audit_exported"
    DRAFT_STARTED = "draft_started"
    BATCH_SENT = "batch_sent"
    BATCH_TAKEN_IN = "batch_taken_in"
    FILE_ADDED = "file_added"
    FILE_REMOVED = "file_removed"
    FILE_DOWNLOADED = "file_downloaded"
    SUBMITTED = "submitted"
    KEPT_FLAGGED = "kept_flagged"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"
    REVIEW_PASSED = "review_passed"
    REVIEW_RETURNED = "review_returned"
    CASE_WRITTEN = "case_written"
    REVISION_STARTED = "revision_started"
    CORRECTION_REPORTED = "correction_reported"
    CORRECTION_ANSWERED = "correction_answered"
    REFERENCE_CHANGED = "reference_changed"
    ADOPTION_RECORDED = "adoption_recorded"
    ADOPTION_REPORTED = "adoption_reported"
    ADOPTION_CONFIRMED = "adoption_confirmed"
    LEDGER_IMPORTED = "ledger_imported"
    LEDGER_EXPORTED = "ledger_exported"
    PLAN_CHANGED = "plan_changed"
    SUPERVISION_NOTED = "supervision_noted"
    WANTED_FILED = "wanted_filed"
    WANTED_CHANGED = "wanted_changed"
    WANTED_ANSWERED = "wanted_answered"
    UNIT_SHEET_CHANGED = "unit_sheet_changed"
    REPORT_MADE = "report_made"
    REMINDED = "reminded"
    THEME_CHANGED = "theme_changed"
    PIECE_MADE = "piece_made"
    LAYOUT_CHANGED = "layout_changed"

    @property
    def label(self) -> str:
        return LABELS[self]


class Outcome(Enum):
    """How a deed ended."""

    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return {Outcome.DONE: "成功", Outcome.FAILED: "失败"}[self]


LABELS = {
    Deed.SIGNED_IN: "登录", Deed.SIGNED_OUT: "退出", Deed.PASSWORD_CONFIRMED: "核对密码", Deed.ACCOUNT_LOCKED: "锁定",
    Deed.ACCOUNT_UNLOCKED: "解锁", Deed.PASSWORD_CHANGED: "改密码", Deed.PASSWORD_DEMANDED: "要求改密码",
    Deed.ACCOUNT_ADDED: "新建账号", Deed.ACCOUNT_CHANGED: "改账号", Deed.LINK_GIVEN: "给设置链接",
    Deed.LINK_USED: "用设置链接", Deed.AUDIT_EXPORTED: "导出审计记录", Deed.DRAFT_STARTED: "起草",
    Deed.BATCH_SENT: "批量上传", Deed.BATCH_TAKEN_IN: "批量成稿", Deed.FILE_ADDED: "加文件", Deed.FILE_REMOVED: "去掉文件",
    Deed.FILE_DOWNLOADED: "下载文件", Deed.SUBMITTED: "送审", Deed.KEPT_FLAGGED: "保留个人信息或错敏词",
    Deed.WITHDRAWN: "撤回", Deed.HANDED_OVER: "转交", Deed.REVIEW_PASSED: "审核通过", Deed.REVIEW_RETURNED: "审核退回",
    Deed.CASE_WRITTEN: "写入案例", Deed.REVISION_STARTED: "开始修订", Deed.CORRECTION_REPORTED: "报告纠错",
    Deed.CORRECTION_ANSWERED: "答复纠错", Deed.REFERENCE_CHANGED: "改类型与词典",
    Deed.ADOPTION_RECORDED: "登记采用",
    Deed.ADOPTION_REPORTED: "报采用进展",
    Deed.ADOPTION_CONFIRMED: "确认落地",
    Deed.LEDGER_IMPORTED: "导入台账",
    Deed.LEDGER_EXPORTED: "导出台账",
    Deed.PLAN_CHANGED: "定推广计划",
    Deed.SUPERVISION_NOTED: "办督导督查",
    Deed.WANTED_FILED: "提待征集问题",
    Deed.WANTED_CHANGED: "办理待征集问题",
    Deed.WANTED_ANSWERED: "答复待征集问题",
    Deed.UNIT_SHEET_CHANGED: "改单位表",
    Deed.REPORT_MADE: "编年度报告",
    Deed.REMINDED: "催报",
    Deed.THEME_CHANGED: "改专题",
    Deed.PIECE_MADE: "编稿件",
    Deed.LAYOUT_CHANGED: "换文件版式",
}  # fmt: skip
