"""What a month's report still waits for, of whom, and the texts that ask for it."""

OPENS = {"chased": "mpr_lib.owed.wording:chased", "commands": "mpr_lib.owed.commands:register"}
