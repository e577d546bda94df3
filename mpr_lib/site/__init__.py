"""The archive: one page and one feed over every month that is published. It reads nothing but ``outputs``."""

from mpr_lib.site.building import build_site

__all__ = ["build_site"]
