"""Pictures of a page for the README: ``python -m tests.browser.pictures outputs/2018-05/report.html docs/pictures``."""

import io
import os
import shutil
import sys
from pathlib import Path

WIDE, PHONE = (1440, 900), (390, 844)
SHOTS = {
    "first-screen": (WIDE, "", "light"),
    "table": (WIDE, "#corporate?outcome=AT_RISK", "light"),
    "detail": ((1440, 980), "#cp-5-4", "light"),
    "dark": ((1440, 980), "#cp-3-4", "dark"),
}
PHONES = ("", "#corporate-cp-3-2", "#cp-3-4")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(page: Path, folder: Path) -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("MPR_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name, (size, address, scheme) in SHOTS.items():
            _save(_shot(browser, page, size, address, scheme), folder / f"{name}.png")
        phones = [_shot(browser, page, PHONE, address, "light") for address in PHONES]
        side_by_side = Image.new("RGB", (len(phones) * (PHONE[0] + 30) - 30, PHONE[1]), "#d5dbe1")
        for place, phone in enumerate(phones):
            side_by_side.paste(phone, (place * (PHONE[0] + 30), 0))
        _save(side_by_side, folder / "phone.png")
        browser.close()


def _shot(browser, page, size, address, scheme):
    from PIL import Image

    tab = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    tab.goto(page.resolve().as_uri() + address)
    tab.evaluate("document.fonts.ready")
    tab.wait_for_timeout(300)
    taken = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    tab.close()
    return taken


def _save(picture, path):
    """Few colours are enough, and the file is a third as large."""
    picture.quantize(128, dither=0).save(path, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
