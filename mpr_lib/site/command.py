"""``mpr site``: the archive's page and feed, each put in place by one rename, in a folder that is shared as it is."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from mpr_lib.annexes import brought
from mpr_lib.errors import RunError
from mpr_lib.run.console import AnyWorkspace, messages, opened, say

PAGE, FEED = "index.html", "feed.xml"
Public = Annotated[bool, typer.Option("--public", help="The archive of the public edition, in outputs/public.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(site)


def site(workspace: AnyWorkspace = Path(), public: Public = False) -> None:
    """Make the archive: a page and a feed over every month that is published."""
    with messages(workspace, "site"), opened(workspace) as found:
        from mpr_lib.book.settings import read_report_settings
        from mpr_lib.book.workspace import InputReader, Workspace

        place = Workspace(found.folder)
        settings = read_report_settings(InputReader(place))
        part = "public" if public else ""
        place.inside(place.outputs / part)
        url = f"{settings.site_url.rstrip('/')}/{part}" if settings.site_url else ""
        guards = brought("guards").values() if public else ()
        refuse = [partial(guard, place) for guard in guards]
        for where in found.put(build_site(place.outputs / part, url, refuse, found.archive(part))):
            say(f"Written {where}")


def build_site(outputs: Path, site_url: str = "", guards: Iterable[Callable] = (), folders: Mapping = {}) -> list[Path]:
    """Make index.html and feed.xml of what is published in ``outputs``; return both.

    ``folders`` has by month where its set lies from there, if not in the month's own folder, and its files' sizes.
    ``site_url`` is where ``outputs`` is served; without it the feed names no host. The same published months give the
    same bytes. Raises ``RunError`` where nothing is published, or a published month cannot be read.
    """
    # Loaded when needed: pandas and Jinja take half a second, which every other command would pay.
    from mpr_lib.files import refuse_links, write_whole
    from mpr_lib.site.archive import feed_xml, published_months, site_html

    months = published_months(outputs, folders)
    if not months:
        raise RunError(f"Nothing is published in {outputs.name} yet. Run a month first, such as: mpr run 2018-05")
    texts = {FEED: feed_xml(months, site_url), PAGE: site_html(months)}
    for guard in guards:
        guard(texts)
    refuse_links(*(outputs / name for name in texts))
    try:
        for name, text in texts.items():
            write_whole(outputs / name, text)
    except OSError as error:
        raise RunError(
            f"cannot write to {outputs.name}: {error.strerror}. The archive is as it was; free some space or ask for "
            "the right to write there, and make it again."
        ) from error
    return [outputs / name for name in texts]
