"""The page: how large it is and how soon a reader can use it, from 31 to 1,139 indicators, in headless Chromium."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import scale

REPOSITORY = Path(__file__).resolve().parents[1]
LARGE = (300, 1139)
ROUNDS = 5
SECTIONS = ("cover", "key", "exceptions", "corporate", "detail", "partnership", "finance", "provenance")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_WATCH = """window.busy = [0]; new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.busy.push(task.startTime + task.duration);
}).observe({ type: "longtask", buffered: true });"""
_TIMES = """() => {
  const [loading] = performance.getEntriesByType("navigation");
  const [painted] = performance.getEntriesByName("first-contentful-paint");
  const ready = Math.max(loading.domContentLoadedEventEnd, ...window.busy);
  return { painted: painted ? painted.startTime : NaN, ready };
}"""


def main() -> None:
    """Print bytes and milliseconds for each page, or why there are none."""
    browser = os.environ.get("MPR_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        print("the page is not measured: no Chromium here")
        return
    print(f"the page in headless Chromium, median of {ROUNDS}")
    print("  indicators  detail pages        size    laid out   first paint   interactive   filtered")
    with tempfile.TemporaryDirectory() as folder:
        for size in LARGE:
            scale.write_workspace(Path(folder) / str(size), size)
        for workspace in (REPOSITORY, *(Path(folder) / str(size) for size in LARGE)):
            page = Path(folder) / "report.html"
            counts, seconds = write_page(workspace, page)
            found = measure(browser, page)
            print(
                f"  {counts[0]:>10,}  {counts[1]:>12,}  {page.stat().st_size / 1000:>7,.0f} kB  {seconds:>8.2f} s"
                f"  {found['painted']:>9.0f} ms  {found['ready']:>9.0f} ms  {found['filtered']:>6.0f} ms"
            )


def document_of(report, sections=SECTIONS) -> dict:
    """A report's document without its data-quality section, of these of its sections."""
    from nbformat import v4

    from mpr_lib.report.document import MIME, read_document

    cells = []
    for name in sections:
        output = v4.new_output("display_data", {MIME: json.loads(json.dumps(getattr(report, name)().data))})
        cells += [v4.new_markdown_cell(f"## {name}")] * (name != "cover") + [v4.new_code_cell("", outputs=[output])]
    return read_document(v4.new_notebook(cells=cells))


def write_page(workspace: Path, path: Path) -> tuple[tuple[int, int], float]:
    """Write a workspace's page; returns how many indicators and cards it has, and seconds to lay it out."""
    from mpr_lib.report import open_report
    from mpr_lib.report.detail_pages import INDEX, pages_of
    from mpr_lib.report.document import page_html

    report = open_report(str(workspace), scale.MONTH)
    document = document_of(report)
    began = perf_counter()
    path.write_text(page_html(dict(pages_of(document))[INDEX]), encoding="utf-8")
    return (len(report.scorecard), len(report.detailed_codes)), perf_counter() - began


def measure(browser: str, page: Path) -> dict[str, float]:
    """Milliseconds until something is seen, until nothing keeps the reader waiting, and for one filter to apply."""
    from playwright.sync_api import sync_playwright

    found = []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(ROUNDS + 1):
            tab = opened.new_page(viewport={"width": 1440, "height": 900})
            tab.add_init_script(_WATCH)
            tab.goto(page.as_uri())
            tab.wait_for_timeout(300)
            times = tab.evaluate(_TIMES)
            found.append(times | {"filtered": tab.evaluate(_FILTER)})
            tab.close()
        opened.close()
    return {name: median(each[name] for each in found[1:]) for name in found[0]}


_FILTER = """() => {
  const field = document.getElementById("filter-outcome"), began = performance.now();
  field.value = "AT_RISK";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""


if __name__ == "__main__":
    main()
