"""Records: what each indicator is, how its figure is made, who owns it, and when that was checked last."""

PRIVATE = ("data/records.csv",)
OPENS = {
    "reads": "mpr_lib.records.records:read_records",
    "checks": "mpr_lib.records.records",
    "card": "mpr_lib.records.showing:card",
    "notes": "mpr_lib.records.showing:notes",
    "sheets": "mpr_lib.records.showing:sheets",
    "publishes": "mpr_lib.records.showing:write_csv",
    "files": "mpr_lib.records.showing:files",
    "private": "mpr_lib.records:PRIVATE",
    "waits": "mpr_lib.records.records:waits",
    "begins": "mpr_lib.records.records:begins",
}
