"""About the report: what the checks found, what was revised, and what it was made from."""

import platform

from mpr_lib import __version__, words
from mpr_lib.annexes import brought
from mpr_lib.report import blocks
from mpr_lib.report.prose import paragraph
from mpr_lib.report.sections.cells import linked, stated_cell
from mpr_lib.rules.values import printed

BESIDE = ("quality.json", "manifest.json")
"""Files that every report has beside it, after those that annexes publish."""


def quality(report) -> list:
    """What readers should know of the figures and comments: a sentence for each kind, its indicators linked."""
    critical, told = report.findings.counts["critical"], report.findings.readers
    first = "Every figure, target and comment was checked before this report was published."
    if critical:
        first = f"{words.counted(critical, 'fault')} must be put right before this report is published."
    rest = "Readers should know:" if told else "Nothing was found that readers should know."
    shown = [blocks.text(f"{first} {rest}")]
    if told:
        said = [[linked(report, each.text, [mark.indicator_code for mark in each.marks])] for each in told]
        shown.append(blocks.prose([{"type": "list", "ordered": False, "items": said}]))
    for name in _whole_list(report):
        shown.append(blocks.prose([paragraph("For analysts: ", ("all findings and what to do about them", name), ".")]))
    return shown


def _whole_list(report):
    """The page of all findings, where the run makes one: the file of a public edition tells of no expectation."""
    made = report.quality_file and not report.draft
    return ["quality.html"] if made and report.findings.expectations else []


def revisions(report) -> list:
    """A table of the revised figures, and one of ratings that follow them; nothing where nothing was revised."""
    listed, others = report.revised
    if listed.empty:
        return []
    month, changed = words.month_words(report.month), int((listed["rating"] != listed["rating_then"]).sum())
    ratings = f"{words.number_words(changed)} rating{'s' * (changed != 1)}"
    said = f"{_revised_words(report)}, and {ratings} changed with {'it' if len(listed) == 1 else 'them'}."
    shown = [blocks.heading(3, f"Revisions ({len(listed)})", "revisions"), blocks.text(said)]
    shown.append(_listed(report, listed, month))
    return shown + ([_others(report, others)] if len(others) else [])


def revised_words(report) -> str:
    """The cover's note that figures were revised; empty where none was."""
    if report.revised[0].empty:
        return ""
    return f"{_revised_words(report)}. Revised figures are marked [r]; Data quality lists them with the reasons."


def _revised_words(report):
    count = len(report.revised[0])
    said = f"{words.number_words(count).capitalize()} figure{'s' * (count != 1)} of earlier reports"
    return f"{said} {'was' if count == 1 else 'were'} revised in {words.month_words(report.month)}"


def correction_words(report) -> list[str]:
    """What each version puts right, for the cover, newest first."""
    return [
        f"Version {words.version_number(each.version)} ({words.day_words(each.date)}) corrects this report: {each.what}"
        for each in reversed(report.month_settings.corrections)
    ]


def corrections(report) -> list:
    """A table of the versions of this report and what each put right; nothing where there is only the first."""
    found = report.month_settings.corrections
    if not found:
        return []
    columns = {"version": "Version", "date": "Date", "what": "What was corrected"}
    rows = [(words.version_number(each.version), words.day_words(each.date), each.what) for each in found]
    table = blocks.plain_table("corrections-table", "What each version puts right", columns, rows)
    return [blocks.heading(3, "Corrections", "corrections"), table]


_REVISED = {"indicator": ("Indicator", "code"), "name": "Short Name", "month": "Month"}
_RATINGS = {"then": "Rating then", "now": "Rating now"}


def _listed(report, listed, month):
    headings = _REVISED | {"was": ("Was", "number"), "is": ("Is", "number")} | _RATINGS | {"reason": "Reason"}
    rows = []
    for each in listed.itertuples():
        now = blocks.cell(words.value_words(each.value_text, "", each.unit), missing=each.number != each.number)
        reason = stated_cell(each.note, "No reason was given.")
        rows.append((*_indicator(report, each), printed(each.was_text, each.unit), now, *_ratings(each), reason))
    caption = f"Figures revised in {month}"
    return blocks.plain_table("revisions-table", caption, headings, rows, "wide")


def _others(report, others):
    figures, what = {"value": "Value", "target_then": "Target then", "target_now": "Target now"}, "target"
    sums = (others["value_text"] != others["value_then_text"]).any()
    if sums:
        figures, what = {"value_then": "Value then", **figures, "value": "Value now"}, "target or sum"
    numbers = {key: (label, "number") for key, label in figures.items()}
    rows = []
    for each in others.itertuples():
        then, now = each.target_then_text, each.target_text
        targets = (printed(text, each.unit) or words.RATINGS["NO_TARGET"] for text in (then, now))
        known = (each.value_then_text, each.value_text)[not sums :]
        values = [words.value_words(text, "", each.unit) for text in known]
        rows.append((*_indicator(report, each), *values, *targets, *_ratings(each)))
    caption = f"Ratings that differ because their {what} follows a revised figure"
    return blocks.plain_table("revisions-ratings", caption, _REVISED | numbers | _RATINGS, rows, "wide")


def _indicator(report, each):
    code, row = each.indicator_code, report.rows.get(each.indicator_code)
    name = (row and row.short_name) or code
    return blocks.cell(code, href=report.anchor_of(code)), name, words.month_words(each.month)


def _ratings(each):
    then, now = (words.RATINGS.get(rating, "Not shown") for rating in (each.rating_then, each.rating))
    return then, blocks.cell(now, detail="" if each.rating == each.rating_then else "Changed")


def provenance(report) -> list:
    """Version, time, data hash, inputs, the files beside the report, and the accessibility statement."""
    named = (files(report.book) if callable(files) else files for files in brought("files").values())
    published = [name for files in named for name in files]
    beside = "the whole report" if report.committee else "this report"
    listed = [
        ("Report", f"{report.settings.title}, {words.month_words(report.month)}"),
        ("Version", words.version_number(report.month_settings.version)),
        ("Generated", report.generated_label),
        ("Data", blocks.cell(f"SHA-256 {report.book.data_hash}", detail=f"over {len(report.book.inputs)} input files")),
        ("Made with", f"mpr {__version__}, Python {platform.python_version()}"),
        ("Open data", f"{words.joined([*published, *_whole_list(report), *BESIDE])} are published beside {beside}"),
    ]
    accessibility = [paragraph(text) for text in _accessibility(report)]
    return [
        blocks.facts(listed), *corrections(report), blocks.heading(3, "Accessibility", "accessibility"),
        blocks.prose(accessibility),
    ]  # fmt: skip


def _accessibility(report):
    contacts = list(map(str, report.settings.contacts))
    more = [report.settings.alternative_format, f"Contact: {'; '.join(contacts)}." if contacts else ""]
    said = [
        "This report is made to meet the Web Content Accessibility Guidelines 2.2 at level AA: every table has "
        "headings, every chart has a text alternative with its numbers beside it, and nothing is said by colour alone.",
        " ".join(filter(None, more)),
    ]
    return filter(None, said)
