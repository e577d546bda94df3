"""``mpr site``: the archive of what is published, for a folder that is shared as it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Public = Annotated[bool, typer.Option("--public", help="The archive of the public edition, in outputs/public.")]


def register(app: typer.Typer, workspace_folder, messages: Callable, say: Callable) -> None:
    """Add the command. What names the workspace and speaks to people is the command line's."""

    @app.command()
    def site(workspace: workspace_folder = Path(), public: Public = False) -> None:
        """Make the archive: a page and a feed over every month that is published."""
        with messages(workspace, "site"):
            from mpr_lib.book.settings import ReportSettings, read_settings
            from mpr_lib.book.workspace import InputReader, Workspace
            from mpr_lib.run.publishing import near
            from mpr_lib.site import build_site

            place = Workspace(workspace)
            name = place.relative(place.report_settings)
            settings = read_settings(ReportSettings, InputReader(place).text(place.report_settings), name)
            url = f"{settings.site_url.rstrip('/')}/public" if public and settings.site_url else settings.site_url
            for path in build_site(place.outputs / "public" if public else place.outputs, url):
                say(f"Written {near(path)}")
