"""Meetings: the steps before a committee's meeting, how old figures are on its day, and reminders to officers."""

OPENS = {
    "begins": "mpr_lib.meetings.calendar:begins",
    "card": "mpr_lib.meetings.ages:card",
    "commands": "mpr_lib.meetings.remind:register",
    "explains": "mpr_lib.meetings.ages:explain",
    "notes": "mpr_lib.meetings.ages:cover_notes",
    "private": "mpr_lib.meetings.calendar:PRIVATE",
    "reads": "mpr_lib.meetings.calendar:read_meetings",
    "waits": "mpr_lib.meetings.calendar:waits",
}
