"""Start: making workspaces, empty ones to fill in and an invented council that is complete."""

OPENS = {"commands": "mpr_lib.start.init:register"}
