"""Building: the archive's two files, each put in its place by one rename."""

import os
from pathlib import Path
from secrets import token_hex

from mpr_lib.errors import RunError
from mpr_lib.site.feed import feed_xml
from mpr_lib.site.page import site_html
from mpr_lib.site.published import published_months

PAGE, FEED = "index.html", "feed.xml"


def build_site(outputs: Path, site_url: str = "") -> list[Path]:
    """Make index.html and feed.xml of what is published in ``outputs``; return both.

    ``site_url`` is where ``outputs`` is served; without it the feed names no host. The same published months give the
    same bytes. Raises ``RunError`` where nothing is published, or a published month cannot be read.
    """
    months = published_months(outputs)
    if not months:
        raise RunError(f"Nothing is published in {outputs.name} yet. Run a month first, such as: mpr run 2018-05")
    try:
        return [_write(outputs / FEED, feed_xml(months, site_url)), _write(outputs / PAGE, site_html(months))]
    except OSError as error:
        raise RunError(
            f"cannot write to {outputs.name}: {error.strerror}. The archive is as it was; free some space or ask for "
            "the right to write there, and make it again."
        ) from error


def _write(path, text):
    part = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
