"""Start: making workspaces, empty or invented, and in them what a new month and a new year begin with."""

OPENS = {"commands": "mpr_lib.start.commands:register"}
