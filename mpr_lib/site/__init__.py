"""The archive: one page and one feed over every month that is published. It reads nothing but ``outputs``."""

OPENS = {"commands": "mpr_lib.site.command:register"}
