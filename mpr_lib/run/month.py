"""One month's run: read, execute, check, convert, publish. A function of its arguments, without global state."""

import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mpr_lib.annexes import brought
from mpr_lib.errors import CriticalFindings, InputError, MprError, RunError
from mpr_lib.files import sweep
from mpr_lib.run.execution import NotebookError, execute, import_when_used, read_notebook, running_kernel, valid
from mpr_lib.run.inputs import changed_figures, changed_targets, unwritable, vanished
from mpr_lib.run.progress import Report, Stages, in_background
from mpr_lib.run.publishing import (
    PUBLIC,
    disk_message,
    failure_log,
    near,
    publish,
    record_failure,
    run_log,
    staged,
)
from mpr_lib.run.unchanged import made_from, remember
from mpr_lib.run.writing import (
    COPY,
    as_exported,
    files_of,
    manifest,
    tidy,
    write_json,
    write_log,
    write_notebook,
    write_report,
)  # fmt: skip

if TYPE_CHECKING:
    from mpr_lib.book import Book, Workspace
    from mpr_lib.checks import Quality

NOTEBOOK = "monthly_report"


@dataclass(frozen=True)
class Published:
    """A month that readers can now open: where, which files, what the checks found, what each stage took."""

    month: str
    folder: Path
    files: tuple[str, ...]
    findings: dict[str, int]
    seconds: dict[str, float]
    vanished: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What readers will not see of what analysts added."""
    address: str = ""
    """Where readers find it, if that is no folder of this machine."""

    @property
    def where(self) -> str:
        """Where readers find it, as people are told."""
        return self.address or near(self.folder)

    @property
    def warnings(self) -> list[str]:
        """A line for each expectation that warns, of a public edition what readers are told; none where it has gone.

        What became of inputs comes first: it is no part of the set.
        """
        from mpr_lib.checks import Quality, grouped

        with suppress(OSError, ValueError, InputError):
            found = Quality.read(self.folder / "quality.json")
            warned = grouped(each for each in found.findings if each.severity == "warning")
            lines = [f"{lead}{each.message}" for lead, each in warned]
            return [*self.vanished, *self.notes, *(lines if found.findings else [each.text for each in found.readers])]
        return [*self.vanished, *self.notes]


def run_month(
    workspace: Path,
    month: str,
    *,
    pdf: bool = True,
    docx: bool = False,
    public: bool = False,
    committees: Sequence[str] = (),
    progress: Report | None = None,
) -> Published:
    """Make and publish the report of a month (``2018-05``); raise ``MprError`` and publish nothing if it cannot be.

    With ``public`` it is the edition without what is marked as not public, in ``outputs/public``. ``committees`` are
    those whose editions are in the set beside those that the settings want. ``docx`` adds each edition as a Word
    document. ``progress`` is told of each stage, from more than one thread.
    """
    # Loaded when needed: pandas, the exporters and Great Expectations take seconds, and the kernel is to start first.
    from mpr_lib.book.workspace import Workspace

    place = Workspace(Path(workspace).resolve())
    outputs = place.outputs / PUBLIC if public else place.outputs
    place.inside(outputs)
    name = f"{month}-{PUBLIC}" if public else month
    stages, options = Stages(progress), {"pdf": pdf, "docx": docx, "public": public, "committees": [*committees]}
    try:
        with staged(outputs, month, waiting=partial(_waiting, stages)) as folder:
            key = made_from(place.root, month, options)
            begun = [(place.data, "**/"), (place.params, "**/"), (place.outputs, ""), (place.outputs, ".*/**/")]
            sweep(path for where, below in begun for path in where.glob(f"{below}.*.part"))
            findings, warnings, gone, notes = _build(
                place, outputs, month, folder, stages, pdf, docx, public, committees
            )
            files = tuple(files_of(folder))
            write_log(run_log(place.outputs, name), month, stages, findings, gone, warnings)
            published = publish(folder, outputs, month)
            remember(place.root, month, options, key)
            failure_log(place.outputs, name).unlink(missing_ok=True)
        return Published(month, published, files, findings, stages.seconds, gone, tuple(notes))
    except NotebookError as error:
        log = record_failure(place.outputs, name, error.log)
        raise RunError(f"{error}\nNothing was published. The traceback is in {place.relative(log)}.") from error
    except OSError as error:
        message = disk_message(error, month)
        if message is None:
            raise
        raise message from error
    except MprError as error:
        # Whoever looks at nine in the morning may have no mail of what was said at six.
        with suppress(OSError, RunError):
            record_failure(place.outputs, name, str(error))
        raise


def check_month(workspace: Path, month: str, stages: Stages | None = None) -> "Quality":
    """The findings on a month's data and on inputs that have vanished; the notebook is looked at, not run."""
    from mpr_lib.book import Workspace, read_book

    place = Workspace(Path(workspace).resolve())
    place.inside(place.outputs)
    book = read_book(place, month)
    gone = vanished(place, month, place.outputs, book.settings) + changed_targets(book, place.outputs)
    gone += unwritable(place.outputs)
    _editions(book, ())
    _forms(book, False)
    valid(*_notebook(place, _parameters(month, "quality.json")))
    scorecard, *_, quality = _check(book, stages or Stages())
    return quality.beside(gone + changed_figures(book, scorecard, place.outputs))


def draft_month(workspace: Path, month: str, folder: Path, stages: Stages) -> None:
    """Write a month's page and PDF to ``folder`` as a draft, which critical findings do not stop."""
    from mpr_lib.book import Workspace, read_book

    place = Workspace(Path(workspace).resolve())
    parameters = {"workspace": ".", "month": month, "quality_file": str(folder / "quality.json"), "draft": True}
    notebook, name = _notebook(place, parameters)
    valid(notebook, name)
    with running_kernel(place.root) as manager:
        with stages.stage("read the data"):
            book = read_book(place, month)
        checks = in_background(lambda: _check(book, stages)[-1].write(folder / "quality.json"))
        # The notebook waits for what the checks have found.
        kernel: Any = manager.provisioner.process  # type: ignore[union-attr]
        checks.add_done_callback(lambda done: done.exception() and kernel.kill())
        try:
            with stages.stage("execute the notebook"):
                executed = execute(notebook, name, parameters, manager)
        except RunError:
            checks.result()
            raise
    from mpr_lib.report.document import read_document, settle

    settle(executed)
    one_page = {"pages": {"most_details": sys.maxsize}}
    write_report(read_document(as_exported(executed)) | one_page, folder, stages, True, {}).result()


def build_docs(workspace: Path, month: str) -> Path:
    """Build Great Expectations' own pages on a month's data; return the first.

    They are in ``outputs/.data-docs/MONTH``: beside the reports, never among them.
    """
    from mpr_lib.book import Workspace, history_of, read_book, scorecard_of
    from mpr_lib.checks import build_data_docs

    place = Workspace(Path(workspace).resolve())
    book = read_book(place, month)
    history = history_of(book)
    return build_data_docs(book, scorecard_of(book, history), history, place.beside_reports(".data-docs", month))


def _waiting(stages: Stages) -> None:
    with stages.stage("another run of this month is under way: waiting for it to end"):
        pass


def _build(
    place: "Workspace", outputs: Path, month: str, folder: Path, stages: Stages, pdf, docx, public: bool, committees
):
    """Put the whole set into the staging folder; return counts of findings, and what notebook and lost inputs warn of.

    The public edition is the same run over a workspace that lacks what is kept out. That workspace lies in the staging
    folder while it is needed, so that whatever ends the run removes it too.
    """
    source, edition = place, brought("edition").get(PUBLIC) if public else None
    if public and edition is None:
        raise RunError("This installation makes no public edition: it lacks mpr_lib/public. Run it without --public.")
    if edition:
        with stages.stage("leave out what is not public"):
            source, refuse_leaks = edition(place, month, folder / COPY)
    compare = partial(vanished, place, month, outputs)
    book, scorecard, quality, beside, notebook, parameters, editions, forms, gone = _execute(
        source, month, folder, stages, docx, public, committees, compare, outputs
    )
    # The notebook was given the staging folder's file, which readers find under the month's name.
    parameters["quality_file"] = f"outputs/{f'{PUBLIC}/' * public}{month}/quality.json"
    # Loaded when needed: the kernel starts before.
    from mpr_lib.report.document import read_document, settle

    notes = settle(notebook)
    warnings = notes + tidy(notebook, [source.root, place.root], parameters)
    # In the place of what it is a copy of, so that there is one when the PDF is set.
    notebook = as_exported(notebook)
    document = read_document(notebook)
    _same_data(document, book)
    try:
        setting = write_report(document, folder, stages, pdf, forms)
        for name, (own, make) in editions.items():
            setting.result()
            (folder / own).mkdir(parents=True)
            setting = write_report(make(notebook, document, quality), folder / own, stages, pdf, forms, f" of {name}")
        # While Typst is at work, so that the notebook is gone when that has taken its most.
        with stages.stage("write the notebook"):
            write_notebook(notebook, folder / "report.ipynb")
        setting.result()
    finally:
        wait([beside])
    beside.result()
    listed = {name: own for name, (own, _) in editions.items()}
    explained = manifest(book, scorecard, quality, parameters, PUBLIC if public else "internal", folder, listed)
    write_json(explained, folder / "manifest.json")
    for seal in brought("seals").values():
        seal(folder)
    if edition:
        refuse_leaks(folder)
        shutil.rmtree(source.root)
    return quality.counts, warnings, tuple(each.said for each in gone if each.severity == "warning"), notes


def _execute(
    place: "Workspace", month: str, folder: Path, stages: Stages, docx, public: bool, committees, compare, outputs
):
    """Run the notebook in its kernel while a thread of this process checks the data; then the gate."""
    parameters = _parameters(month, Path(os.path.relpath(folder / "quality.json", place.root)).as_posix())
    notebook, name = _notebook(place, parameters)
    with running_kernel(place.root) as manager:
        with stages.stage("read the data"):
            from mpr_lib.book import read_book
            from mpr_lib.checks import Quality

            book = read_book(place, month)
            gone = compare(book.settings) + changed_targets(book, outputs)
            _gate(Quality(month, gone), month)
        editions, forms = _editions(book, committees), _forms(book, docx)
        with stages.stage("load Papermill"):
            # Now and not in the thread's company: the kernel waits for its first cell.
            import papermill  # noqa: F401

            valid(notebook, name)
        if book.month_settings.generated:
            parameters["generated"] = book.month_settings.generated.isoformat()
        checks = in_background(partial(_check_for, folder, book, parameters["generated"], stages, public))
        # The manager forgets its process when the notebook has ended, which may be before the checks have.
        kernel: Any = manager.provisioner.process  # type: ignore[union-attr]
        checks.add_done_callback(lambda done: _refused(done) and kernel.kill())
        try:
            with stages.stage("execute the notebook"):
                executed = execute(notebook, name, parameters, manager)
        except RunError:
            # Data that must not be published may be why the notebook failed, and says more than the cell does.
            _gate(checks.result()[1], month)
            raise
    scorecard, quality, beside = checks.result()
    _gate(quality, month)
    gone += changed_figures(book, scorecard, outputs)
    return book, scorecard, quality, beside, executed, parameters, editions, forms, gone


def _parameters(month, quality_file):
    now = datetime.now().isoformat(timespec="minutes")
    return {"workspace": ".", "month": month, "quality_file": quality_file, "generated": now}


def _notebook(place, parameters):
    path = place.notebook(NOTEBOOK)
    return read_notebook(path, f"notebooks/{path.name}", parameters), f"notebooks/{path.name}"


def _editions(book: "Book", committees):
    """The committees' editions that the set holds; refused are names that no committee has."""
    made = brought("committees").get("committees")
    if made is None and committees:
        raise RunError(
            "This installation makes no committees' editions: it lacks mpr_lib/committees. Run it without --committee."
        )
    return made(book, committees) if made else {}


def _forms(book: "Book", docx: bool):
    """What makes the report's other forms, by their files' names: those asked for and those that the settings want."""
    if not (docx or book.settings.docx):
        return {}
    made = brought("forms").get("word")
    if made is None:
        raise RunError(
            "This installation makes no Word documents: it lacks mpr_lib/word. Run it without --docx, and without docx "
            "in params/report.yml."
        )
    return made(book)


def _refused(checks) -> bool:
    """Whether the checks that have ended broke, or found what must not be published: then nobody waits for a page."""
    return checks.exception() is not None or bool(checks.result()[1].critical)


def _check_for(folder: Path, book: "Book", generated: str, stages: Stages, public: bool):
    scorecard, history, points, quality = _check(book, stages)
    quality.write(folder / "quality.json", public)
    write = partial(_write_beside, folder, book, scorecard, history, points, quality, generated, stages, public)
    return scorecard, quality, None if quality.critical else in_background(write)


def _write_beside(folder: Path, book: "Book", scorecard, history, points, quality, generated, stages: Stages, public):
    """What does not need the notebook, while it is still drawing or Typst sets the PDF."""
    from mpr_lib.report.exporters import html, pdf  # noqa: F401

    # A run waits for Typst in the end, which takes no turn of this process's threads once it has begun.
    stages.wait_for("write the HTML", 0.5)

    with stages.stage("write the open data"):
        for write in brought("publishes").values():
            write(book, scorecard, history, points, generated, folder)
    if not public:
        from mpr_lib.report.quality_page import quality_page

        with stages.stage("write the list of findings"):
            page = quality_page(book, quality, generated, (history, scorecard, points))
            (folder / "quality.html").write_text(page, encoding="utf-8", newline="\n")


def _check(book: "Book", stages: Stages):
    from mpr_lib.book import history_of
    from mpr_lib.book.book import scored
    from mpr_lib.checks import run_checks

    with stages.stage("compute the scorecard"):
        history = history_of(book)
        scorecard, points = scored(book, history)
    with stages.stage("load Great Expectations"):
        load_checks()
    with stages.stage("check the data"):
        return scorecard, history, points, run_checks(book, scorecard, history)


def load_checks(whole: bool = False) -> None:
    """Import Great Expectations, and put off what it names; ``whole`` where an analyst's cells may ask it for more."""
    from mpr_lib.checks import load_engine

    # What expectations name that are not used here, sixty expectations themselves, and sources of data beside pandas.
    gathered = [f"great_expectations.{name}" for name in ("datasource.fluent", "expectations", "expectations.core")]
    for name in ("scipy.stats", *(["altair"] if whole else gathered)):
        import_when_used(name)
    load_engine()


def _gate(quality, month: str) -> None:
    """Refuse to go on while the data has critical findings."""
    if quality.critical:
        from mpr_lib.checks import grouped

        count = len(quality.critical)
        found = f"{count:,} critical finding{'s' if count > 1 else ''}"
        shown = "\n".join(f"{lead}{finding.said}" for lead, finding in grouped(quality.critical))
        raise CriticalFindings(
            f"The data for {month} has {found}, so nothing was published.\n{shown}\n"
            f"'mpr check {month} --all' lists all findings."
        )


def _same_data(document: dict, book: "Book") -> None:
    """Refuse a report that read other inputs than this run did: they were changed while it ran."""
    if document.get("data_hash", book.data_hash) != book.data_hash:
        raise RunError(
            f"the files in data or params were changed while {book.month} was being run. Nothing was published. "
            "Run it again when nobody is writing to them."
        )
