"""The thread from a printed number to its source: where figures were received, what was made of them, by which rule."""

OPENS = {
    "reads": "mpr_lib.trace.sources:read_sources",
    "private": "mpr_lib.trace.sources:PRIVATE",
}
