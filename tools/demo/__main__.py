"""Write the demo again, after its generator was changed: ``python -m tools.demo``."""

from tools.demo import MADE, demo_files, packed

MADE.write_text(packed(demo_files()), encoding="utf-8", newline="\n")
