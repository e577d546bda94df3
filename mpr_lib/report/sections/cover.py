"""Cover: what the month says at a glance, what changed, and who to ask."""

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book import scorecard_of
from mpr_lib.book.book import earlier_books
from mpr_lib.report import blocks
from mpr_lib.report.sections.about import correction_words, revised_words
from mpr_lib.report.sections.cells import counts_block, exceptions_of
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import changes, furthest_from_target, is_highlighted_green

FURTHEST = 5


def cover(report) -> list:
    """Title, lead sentence, counts, what changed, the furthest from target, greens with a comment, contacts."""
    corporate = report.corporate_rows if report.has_own else report.scorecard
    notes = [revised_words(report), *report.month_settings.notes]
    if not report.committee:
        notes += [note for write in brought("notes").values() for note in write(report)]
    return [
        _title(report, [note for note in notes if note]),
        blocks.sentence(words.lead_sentence(corporate, report.settings.outcomes)),
        counts_block("Indicators by expected outcome", corporate),
        *_changes(report),
        *_side_by_side(_furthest(report, corporate) + _greens(report, corporate)),
    ]


def _title(report, notes):
    settings = report.settings
    title = {
        **report.document,
        "kind": "cover",
        "title": settings.title,
        "generated_label": report.generated_label,
        "corrections": correction_words(report),
        "contacts": [contact.model_dump() for contact in settings.contacts],
        "alternative_format": settings.alternative_format,
        "notes": notes,
    }
    return title | ({"logo": report.book.logo} if report.book.logo else {})


def _side_by_side(lists):
    return [blocks.group(*lists)] if lists else []


def _changes(report):
    before = (scorecard_of(book) for book in earlier_books(report.book))
    earlier = [rows[rows["section"] != "PARTNERSHIP"] for rows in before]
    if not earlier or report.corporate_rows.empty:
        return []
    found = changes(report.corporate_rows, earlier)
    month = words.month_words(earlier[0]["reporting_month"].iloc[0])
    newly, worrying = words.worrying_words(report.settings.outcomes)
    titles = {
        "newly": f"{newly} since {month}",
        "recovered": f"No longer {worrying} since {month}",
        "unknown": f"{worrying[:1].upper()}{worrying[1:]} in {month}, and not known now",
        "still": f"Still {worrying} since {month} or earlier",
    }

    def since(row):
        """How an exception stands, and for how many months: at least as many as were looked back on."""
        if row.change in ("recovered", "unknown"):
            return row.outcome_short
        months = words.counted(int(row.months_running), "month")
        months = f"at least {months}" if row.months_running > len(earlier) else months
        return f"{row.outcome_short}, for {months}" if row.change == "still" else row.value_text

    lists = []
    for kind, title in titles.items():
        lists += _links(report, title, found[found["change"] == kind], since)
    return _side_by_side(lists) or [blocks.text(_others(report.corporate_rows, earlier[0], month))]


def _others(now, before, month):
    """What became of the outcomes where nothing became or ceased to be an exception: those not rated any more too."""
    both = now.merge(before[["indicator_code", "expected_outcome"]], on="indicator_code", suffixes=("", "_before"))
    changed = both[both["expected_outcome"] != both["expected_outcome_before"]]
    if changed.empty:
        return f"No expected outcome has changed since {month}."
    labels = dict(zip(now["expected_outcome"], now["outcome_short"], strict=True))
    found = changed["expected_outcome"].value_counts()
    said = words.joined([f"{count} now '{labels[outcome]}'" for outcome, count in found.items()])
    have = f"{words.counted(len(changed), 'expected outcome')} {'has' if len(changed) == 1 else 'have'}"
    return f"{have} changed since {month}: {said}."


def _furthest(report, corporate):
    rows = furthest_from_target(exceptions_of(corporate)).head(FURTHEST)
    return _links(report, "Furthest from target", rows, lambda row: f"{_against(row)}, {words.distance_words(row)}")


def _greens(report, corporate):
    title = f"{report.settings.outcomes.names(words.OUTCOMES_SHORT, short=True)['ON_COURSE']}, with a comment"
    return _links(report, title, corporate[is_highlighted_green(corporate)], _against, "#exceptions-")


def _against(row):
    return f"{row.value_text} against {row.target_text}"


def _links(report, title, rows, detail, anchor=""):
    """A list of indicators with a detail to each, leading to where they are shown at length; nothing without any."""
    items = []
    for row in rows.itertuples():
        code, outcome = row.indicator_code, row.expected_outcome
        href = anchor + slug(code) if anchor else report.anchor_of(code)
        items.append({"href": href, "text": f"{code} {row.short_name}", "detail": detail(row), "outcome": outcome})
    return [blocks.links(title, items)] if items else []
