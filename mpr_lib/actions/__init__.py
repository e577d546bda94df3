"""What was promised and asked, and what became of it: actions on indicators, members' questions, and likely ones."""

OPENS = {
    "reads": "mpr_lib.actions.recorded:read_recorded",
    "checks": "mpr_lib.actions.recorded",
    "acts": "mpr_lib.actions.recorded:acted_on",
    "card": "mpr_lib.actions.followup:card",
    "glance": "mpr_lib.actions.followup:glance",
    "notes": "mpr_lib.actions.followup:notes",
    "beside": "mpr_lib.actions.followup:beside",
    "asked": "mpr_lib.actions.followup:asked",
    "sheets": "mpr_lib.actions.followup:sheets",
    "waits": "mpr_lib.actions.recorded:waits",
    "asks": "mpr_lib.actions.likely:likely_mails",
    "private": "mpr_lib.actions.recorded:FILES",
    "begins": "mpr_lib.actions.recorded:begins",
    "commands": "mpr_lib.actions.commands:register",
}
