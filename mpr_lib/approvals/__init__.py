"""Approvals: who approved a month's comments and figures, as they stood then; data/approvals.csv is only added to."""

OPENS = {
    "reads": "mpr_lib.approvals.approvals:read_approvals",
    "states": "mpr_lib.approvals.approvals:known",
    "approves": "mpr_lib.approvals.approvals:record",
    "checks": "mpr_lib.approvals.approvals",
    "explains": "mpr_lib.approvals.approvals:explain",
    "waits": "mpr_lib.approvals.approvals:waits",
    "begins": "mpr_lib.approvals.approvals:begins",
    "commands": "mpr_lib.approvals.commands:register",
}
