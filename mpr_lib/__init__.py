"""Monthly Performance Report: from a council's monthly figures to a checked, published report.

Imports go one way: ``rules`` (what the numbers mean) ← ``book`` (what was returned) ← ``report`` (how it is
shown) ← ``run`` (how a month is produced).
"""

__version__ = "0.1.0"
