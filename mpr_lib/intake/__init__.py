"""Officers' files into a month's return: opened safely, understood by their headings, compared, then written."""

OPENS = {
    "commands": "mpr_lib.intake.commands:register",
    "templates": "mpr_lib.intake.template:officers_templates",
}
