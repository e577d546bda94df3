"""Inputs: what was there when a month was published and is gone now, which no report may pass over in silence.

What a set was made from stands in its manifest. It is compared when a month is checked and before it is published, and
never becomes part of a set: the same inputs give the same files, whatever was published before.
"""

import csv
import io
import json
import os
import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mpr_lib.book.workspace import MONTHS, SOURCES
from mpr_lib.errors import InputError, MprError
from mpr_lib.files import fingerprint, read_whole
from mpr_lib.run.publishing import SETS, no_folders
from mpr_lib.run.writing import rows_of

if TYPE_CHECKING:
    from mpr_lib.book import Book, Workspace
    from mpr_lib.book.settings import ReportSettings
    from mpr_lib.checks import Finding

_SHARED = re.compile(r"data/[^/]+\.csv|data/returns/[^/]+|params/(?:report|expectations)\.yml|notebooks/.+")
"""What every month reads, so that an earlier month's set tells too that it is gone."""


def vanished(place: "Workspace", month: str, outputs: Path, settings: "ReportSettings") -> "list[Finding]":
    """What became of the inputs of this month's set and of the newest before it, in ``outputs``, on the disk now.

    One that is gone is critical, unless ``withdrawn`` in the settings says why (info), or a comment has only another
    name (warning). An earlier month's return that says something else by now is a warning: what was published came
    from it. Where no set can tell, an info says so.
    """
    # Loaded when needed: the kernel starts before.
    from mpr_lib.words import counted

    own, before, damaged = _sets(outputs, month)
    said = "{} cannot be read, so it does not say what has vanished. Expected what a run wrote."
    found = [_finding("warning", name, said.format(name), _AGAIN) for name in damaged]
    if own is None and before is None and not found:
        return [_finding("info", outputs.name, "Nothing is published yet, so nothing says what has vanished.", "")]
    known = {name: digest for name, digest in (before or {}).items() if _SHARED.fullmatch(name)} | (own or {})
    sets = (outputs / name for name in (month, *_earlier(outputs, month)))
    rows: dict[str, str] = next(filter(None, (_explained(each, "rows") for each in sets)), {})
    withdrawn = {each.path: each for each in settings.withdrawn}
    for name, digest in sorted(known.items()):
        if (place.root / name).is_file():
            # The public edition's manifest is of copies without what is withheld.
            # Where a return was received from may still be noted: that adds rows, and changes no figure.
            as_sent = outputs == place.outputs and f"data/returns/{month}" > name > "data/returns/"
            as_sent = as_sent and not name.endswith(SOURCES)
            if as_sent and _digest(place, name) != (before or {}).get(name, digest):
                found.append(_finding("warning", name, _CHANGED.format(name), _AS_SENT, "published_return_stays"))
            elif outputs == place.outputs and (less := int(rows.get(name, 0)) - rows_of(place, name)) > 0:
                said = _SHORTER.format(name, counted(less, "row"))
                found.append(_finding("warning", name, said, "Put back what is lost.", "published_rows_stay"))
            continue
        other = _renamed(place, name, digest, known)
        if each := withdrawn.get(name):
            said = f"{name} was withdrawn on {each.date} ({each.role}): {each.reason}"
            found.append(_finding("info", name, said, "Nothing."))
        elif other:
            said = f"{name} is gone, and {other} has its words."
            found.append(_finding("warning", name, said, "Nothing, if that is the indicator which they are about."))
        else:
            said = f"{name} was there when the report was published, and is gone. Expected it, or why it was withdrawn."
            found.append(_finding("critical", name, said, _DO))
    return found


def changed_targets(book: "Book", outputs: Path) -> "list[Finding]":
    """Targets of this month's set and of the newest before it, in ``outputs``, that no row has for its report now.

    What was published stays on record, and another target comes below it with its reason. One that was overwritten is
    critical; of the month's own set, which may have been an attempt, a warning. A set without a scorecard that can be
    read tells nothing.
    """
    # Loaded when needed: the kernel starts before.
    from mpr_lib.book.book import as_at
    from mpr_lib.rules.months import read_month

    found: dict[str, Finding] = {}
    own, codes = str(book.month), set(book.indicators["indicator_code"])
    before = _earlier(outputs, own)[:1]
    for name, severity in (*((each, "critical") for each in before), (own, "warning")):
        stood = book.recorded_targets, book.recorded_stated_targets
        # The month's own report may be issued again with another target; an earlier one keeps those of then.
        if name != own:
            then = as_at(book, read_month(name))
            stood = then.targets, then.stated_targets
        recorded = _recorded(*stood, book.settings.years)
        for code, file, of, ends, text in _targets_of(outputs / name, book.settings.years):
            # A target to date that was not stated is worked out.
            known = recorded.get((code, of), set() if file == "data/targets.csv" else {ends})
            if code in codes and code not in found and ends not in known:
                said = _OVERWRITTEN.format(file, code, name, text)
                found[code] = _finding(severity, file, said, _APPEND, "published_target_stays", code)
    return list(found.values())


def changed_figures(book: "Book", scorecard, outputs: Path) -> "list[Finding]":
    """That this month's set in ``outputs`` has other figures under the same version, if so: readers cannot tell which.

    Needs of the scorecard indicator_code, latest_month, value_text. One that is new or gone is a difference too.
    """
    # Loaded when needed: the kernel starts before.
    from mpr_lib.words import counted

    month, version = str(book.month), book.month_settings.version
    if published_version(outputs / month) != version:
        return []
    columns = ["indicator_code", "latest_month", "value_text"]
    rows = [[row[name] for name in columns] for row in _scorecard_of(outputs / month, *columns)]
    then, now = ({code: f"{text} ({of})" * bool(text) or "none" for code, of, text in each}
                 for each in (rows, scorecard[columns].itertuples(index=False)))  # fmt: skip
    both = ((code, then.get(code, "none"), now.get(code, "none")) for code in then | now)
    moved = [f"{code} was {before} and is {after}" for code, before, after in both if before != after]
    if not then or not moved:
        return []
    named = "; ".join(moved[:5]) + f" and {len(moved) - 5:,} more" * (len(moved) > 5)
    count = counted(len(moved), "figure is", "figures are")
    said = _REPLACED.format(count, outputs.name, month, version, named)
    return [_finding("warning", f"params/{month}.yml", said, _NEW_VERSION, "published_figures_stay")]


def _recorded(targets, stated, years):
    """Both ends of each of these targets, by indicator and financial year or month."""
    found = defaultdict(set)
    for each in targets.itertuples():
        found[each.indicator_code, each.financial_year].add((each.annual_target_low, each.annual_target_high))
    for each in stated.dropna(subset=["month"]).itertuples():
        for of in (str(each.month), *[years.of(each.month)] * (years.month_number(each.month) == 12)):
            found[each.indicator_code, of].add((each.target_low, each.target_high))
    return found


def _targets_of(folder, years):
    """What a set's scorecard says of targets: indicator, file, year or month, both ends and the text."""
    # Loaded when needed: the kernel starts before.
    from mpr_lib.rules.months import read_month

    found = []
    columns = [f"{kind}_{part}" for kind in ("target", "annual_target") for part in ("low", "high", "text")]
    for row in _scorecard_of(folder, "indicator_code", "latest_month", *columns):
        with suppress(MprError, ValueError):
            kinds = {"annual_target": ("data/targets.csv", years.of(read_month(row["latest_month"])))}
            for kind, of in (kinds | {"target": ("data/stated_targets.csv", row["latest_month"])}).items():
                if row[f"{kind}_low"]:
                    ends = float(row[f"{kind}_low"]), float(row[f"{kind}_high"])
                    found.append((row["indicator_code"], *of, ends, row[f"{kind}_text"]))
    return found


def _scorecard_of(folder, *columns):
    """The rows of a set's scorecard that have these columns, as texts; none of a set without one that can be read."""
    with suppress(MprError, OSError, ValueError, csv.Error):
        raw = read_whole(folder.resolve() / "scorecard.csv", folder.name).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(raw, newline=""))
        return [row for row in rows if all(row.get(name) is not None for name in columns)]
    return []


_OVERWRITTEN = (
    "{} ({}): the report of {} was published with the target {}, which no row has for it now. Expected it to stay."
)
_APPEND = (
    "Put it back into its row. If it was to change, add a row below, reported_from a report to come, with the reason."
)
_AGAIN = "Publish that month again, or put it back from a copy: 'mpr verify' tells what else differs."
_CHANGED = "{} has changed since a report was made from it. Expected the rows that it had then."
_SHORTER = "{} has {} less than when a report was made from it. Expected them, unless they were taken out on purpose."
_REPLACED = "{} not as {}/{} was published with under the same version, {}: {}. Expected readers to be able to tell."
_NEW_VERSION = "If anybody has read it, set a new version, and say under corrections what has changed."
_AS_SENT = "Put back what is lost; a figure that turned out different belongs into a later return, as a revision."
_DO = "Put it back, or list it under 'withdrawn' in params/report.yml with path, reason, role and date."


def _finding(severity, file, said, do, expectation="input_is_still_there", code=""):
    # Loaded when needed: the kernel starts before.
    from mpr_lib.checks import Finding

    return Finding(expectation, severity, "completeness", code, "", file, None, "", "", said, do)


def unwritable(outputs: Path) -> "list[Finding]":
    """That a run cannot write where it publishes, if so; a folder that is not there yet is made in the one above."""
    do = "Remove it, or move it away: a run makes the folder."
    odd = [_finding("critical", "outputs", said, do, "outputs_can_be_written") for said in no_folders(outputs)]
    used = [path for path in (outputs, outputs / SETS, outputs / ".log") if path.is_dir()] or [outputs.parent]
    refused = next((path.name for path in used if not os.access(path, os.W_OK | os.X_OK)), "")
    said = f"{refused} may not be written to, so nothing could be published."
    do = "Ask whoever looks after the folder for the right to change it."
    return odd or [_finding("critical", refused, said, do, "outputs_can_be_written")] * bool(refused)


def published_version(folder: Path) -> str:
    """The version of the report that a folder of outputs holds, such as V1.0; empty where it holds none of ours."""
    return (_explained(folder, "report") or {}).get("version", "")


def _explained(folder, part):
    """A part of a set's manifest; None where there is no set of ours, or its manifest cannot be read."""
    try:
        within = Path(os.path.realpath(folder)).relative_to(os.path.realpath(folder.parent))
        found = json.loads(read_whole(folder.parent.resolve() / within / "manifest.json", folder.name))[part]
        return {str(name): str(said) for name, said in found.items()}
    except (InputError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _earlier(outputs, month):
    """The months before that have a folder, the newest first."""
    return sorted((path.name for path in outputs.glob(MONTHS) if path.name < month), reverse=True)


def _sets(outputs, month):
    """Inputs of a month's own set and of the newest before it that can be read, and damaged manifests on the way."""
    own, damaged = None, []
    for name in (month, *_earlier(outputs, month)):
        folder, inputs = outputs / name, _explained(outputs / name, "inputs")
        is_empty = folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())
        if inputs is None and os.path.lexists(folder) and not is_empty:
            damaged.append(f"{outputs.name}/{name}/manifest.json")
        if name == month:
            own = inputs
        elif inputs is not None:
            return own, inputs, damaged
    return own, None, damaged


def _digest(place, name):
    from mpr_lib.book.workspace import InputReader

    return fingerprint(InputReader(place).raw(place.root / name))


def _renamed(place, name, digest, known):
    """The file beside a comment that is gone which has its bytes, and was no input then."""
    if not name.startswith("data/commentary/"):
        return ""
    others = map(place.relative, sorted((place.root / name).parent.glob("*.md")))
    return next((each for each in others if each not in known and _digest(place, each) == digest), "")
