"""The thread from a printed number to its source: where figures were received, what was made of them, by which rule."""

OPENS = {
    "commands": "mpr_lib.trace.commands:register",
    "reads": "mpr_lib.trace.sources:read_sources",
    "publishes": "mpr_lib.trace.shown:write_page",
    "card": "mpr_lib.trace.shown:card",
    "private": "mpr_lib.trace.sources:PRIVATE",
}
