"""Cover: the month in a sentence, what is wrong and what is done about it in a table, what changed, and who to ask."""

import re

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book import scorecard_of
from mpr_lib.book.book import book_before, green_by_target
from mpr_lib.report import blocks
from mpr_lib.report.prose import action, first_sentence, read_prose
from mpr_lib.report.sections import cells
from mpr_lib.report.sections.about import correction_words, revised_words
from mpr_lib.report.sections.key import legend
from mpr_lib.report.sections.signals import news, story
from mpr_lib.rules.outcome import changes, distance_in_tolerances, months_off_target, worst_first


def cover(report) -> list:
    """Title, the month in a sentence, what that leaves out, counts, exceptions at a glance, the story, what changed."""
    corporate = report.corporate_rows if report.has_own else report.scorecard
    before = book_before(report.book)
    earlier = None if before is None else scorecard_of(before)
    return [
        _title(report),
        blocks.sentence(f"{words.headline(corporate, report.settings.outcomes)}."),
        *_told(report, [*words.behind_headline(corporate, report.settings.outcomes), *_beside(report)]),
        cells.counts_block("Indicators by expected outcome", corporate),
        *_glance(report, corporate, earlier),
        *story(report, corporate, earlier),
        *_recovered(report, corporate, earlier),
        *([] if before is None else _green_by_target(report, before, earlier)),
        *_asked(report),
        *news(report, corporate, earlier),
    ]


def _asked(report):
    """What a committee asked, in its own edition."""
    known = brought("asked").values() if report.committee else ()
    return [block for asked in known for block in asked(report, report.committee)]


def _beside(report):
    """How the partnership's indicators stand, which the headline does not count."""
    rows = report.partnership_rows
    if rows.empty or not report.has_own:
        return []
    return [(words.counts_words(rows, "partnership indicator"), [], "")]


def _title(report):
    notes = [revised_words(report), *report.month_settings.notes]
    notes += [note for write in brought("notes").values() for note in write(report)]
    settings = report.settings
    title = {
        **report.document,
        "kind": "cover",
        "title": settings.title,
        "generated_label": report.generated_label,
        "corrections": correction_words(report),
        "contacts": [contact.model_dump() for contact in settings.contacts],
        "alternative_format": settings.alternative_format,
        "notes": [note for note in notes if note],
    }
    return title | ({"logo": report.book.logo} if report.book.logo else {})


MOST_CODES = 6
"""So many codes a sentence lists; of more the table below tells."""


def _told(report, sentences):
    """Sentences as one paragraph, with links to the indicators that they count."""
    listed = [f" ({', '.join(codes)})" * (0 < len(codes) <= MOST_CODES) for _, codes, _ in sentences]
    shown = [f"{said}{codes}{more}." for (said, _, more), codes in zip(sentences, listed, strict=True)]
    counted = [code for _, codes, _ in sentences for code in codes]
    return [blocks.prose([cells.linked(report, " ".join(shown), counted)])] if shown else []


def _recovered(report, rows, earlier):
    """What is no exception any more: on course again, or not known now; without any exception what changed at all."""
    if earlier is None or rows.empty:
        return []
    changed, month = changes(rows, earlier), words.month_words(report.month - 1)
    if changed.empty:
        return _told(report, [(_others(rows, earlier, month), [], "")])
    worrying = words.worrying_words(report.settings.outcomes)[1]
    unknown = f"{words.capitalised(worrying)} in {month}, and not known now"
    told = {"recovered": f"No longer {worrying} since {month}", "unknown": unknown}
    found = [(said, list(changed["indicator_code"][changed["change"] == kind])) for kind, said in told.items()]
    return _told(report, [(said, codes, _judged_off(rows, codes)) for said, codes in found if codes])


def _judged_off(rows, codes):
    """Which of these are no exceptions by a judgement alone: their figures have not become better for that."""
    missing = rows["indicator_code"].isin(codes) & rows["rating"].isin(["RED", "AMBER"])
    off = list(rows["indicator_code"][missing])
    which = "whose figure still misses its target" if len(off) == 1 else "whose figures still miss their targets"
    return f"; by judgement alone {words.joined(off)}, {which}" * bool(off)


def _green_by_target(report, before, earlier):
    """What was red and is green only because its target was changed, whatever table it stands in."""
    codes = green_by_target(report.book, report.scorecard, before, earlier)
    cards = (words.as_printed(earlier), report.scorecard)
    then, now = (each.set_index("indicator_code")["annual_target_text"] for each in cards)
    told = [f"{code}, from {then[code]} to {now[code]}" if then[code] != now[code] else code for code in codes]
    said = f"Red in {words.month_words(report.month - 1)}, and green now only because the target was changed: "
    return [blocks.prose([cells.linked(report, f"{said}{'; '.join(told)}.", codes)])] if codes else []


MOST_ROWS = 15
"""So many exceptions are in sight at first; the others are one tap away."""


def _others(now, before, month):
    """What became of the outcomes where nothing became or ceased to be an exception: those not rated any more too."""
    both = now.merge(before[["indicator_code", "expected_outcome"]], on="indicator_code", suffixes=("", "_before"))
    changed = both[both["expected_outcome"] != both["expected_outcome_before"]]
    if changed.empty:
        return f"No expected outcome has changed since {month}"
    said = words.joined([f"{count} now '{label}'" for label, count in changed["outcome_short"].value_counts().items()])
    have = f"{words.counted(len(changed), 'expected outcome')} {'has' if len(changed) == 1 else 'have'}"
    return f"{have} changed since {month}: {said}"


GLANCE: dict[str, str | tuple[str, str]] = {
    "outcome": ("Outcome", "outcome"),
    "name": "Indicator",
    "value": ("Latest", "number"),
    "target": ("Target", "number"),
    "distance": "From target",
    "direction": ("Better or worse", "direction"),
    "trend": ("Trend", "trend"),
    "change": "How long",
    "doing": "What is being done",
}

LONGEST = 20
"""The most tolerances that a bar shows: of the usual 5 % the whole target."""


def _glance(report, rows, earlier):
    """The exceptions as one table: by outcome, the furthest from target first, each with what is done about it."""
    rows = worst_first(rows)
    if rows.empty:
        return []
    tolerances = distance_in_tolerances(rows)
    longest, than = min(LONGEST, -tolerances.min()), words.direction_heading(rows)
    changed = {} if earlier is None else {row.indicator_code: row for row in changes(rows, earlier).itertuples()}
    shown = []
    for row, distance in zip(rows.itertuples(), tolerances, strict=True):
        made = {
            **{key: cells.CELLS[key](report, row) for key in ("outcome", "target", "trend")},
            "name": _name(report, row),
            "value": _value(report, row),
            "distance": _distance(row, distance, longest),
            "direction": cells.direction_cell(row, with_than=not than),
            "change": _change(report, row, changed.get(row.indicator_code)),
            "doing": _doing(report, row),
        }
        shown.append(cells.indicator_row(row, made, "glance", distance))
    headings = GLANCE | {"direction": (than.strip().capitalize() or "Better or worse", "direction")}
    caption = f"{words.counted(len(rows), 'indicator')} {words.worrying_words(report.settings.outcomes)[1]}"
    table = blocks.table("glance", caption, blocks.columns(headings), shown, "glance", heads="name", most=MOST_ROWS)
    return [table, legend(rows, report.settings.outcomes.names(words.OUTCOMES), than)]


def _name(report, row):
    code, title = row.indicator_code, cells.title_of(row)
    return blocks.cell(f"{code} {title}", code=code, title=title, href=report.anchor_of(code))


def _value(report, row):
    """The latest figure, with remarks where it is not the month's own."""
    cell, marks = cells.value_cell(row), [words.PROXY] * row.is_proxy
    if row.is_proxy:
        cell["text"] = re.sub(rf"^{words.PROXY}\s+", "", cell["text"], flags=re.IGNORECASE)
    if row.value != row.value:
        marks += [words.lowered(words.NO_FIGURE)] if row.value_text not in ("", "-") else []
    elif row.latest_month < report.month:
        marks += [words.month_beside(row.latest_month, report.month)]
    return cell | ({"marks": marks} if marks else {})


def _distance(row, distance, longest):
    """How far a figure is off, as its card says it, beside a bar of its distance in tolerances, the longest a whole."""
    if row.variance != row.variance:
        return _nothing()
    said = words.short_distance_words(row)
    if row.variance >= 0:
        return blocks.cell(said)
    drawn = max(1, round(100 * min(1, -distance / longest)))
    return blocks.cell(said, bar={"outcome": row.expected_outcome, "share": drawn})


def _change(report, row, changed):
    """What is new of an exception since the report of the month before; otherwise how long it is off target."""
    said = "" if changed is None else words.change_words(changed, report.settings.outcomes)
    if not said:
        count, whole = months_off_target(report.months_of(row.indicator_code), row.latest_month)
        said = words.run_words(count, words.period(row.frequency), whole)
    return blocks.cell(said, tag=True) if said else _nothing()


def _nothing():
    """A cell of which another says why it holds nothing."""
    return blocks.cell(words.NO_DIRECTION, missing=True)


def _doing(report, row):
    """What is being done: what an annex knows of it, what the comment marks as such, otherwise how it begins."""
    known = [said for glance in brought("glance").values() if (said := glance(report, row))]
    if known:
        return blocks.cell(" ".join(known), brief=True)
    prose = read_prose(row.commentary)
    if not prose:
        return cells.stated_cell("", words.NO_COMMENT)
    done, mark = action(prose), "not yet approved" * bool(row.comment_mark)
    mark = ", ".join(filter(None, ("" if done else "comment", mark)))
    return blocks.cell(done or first_sentence(prose), mark=f"{mark.capitalize()}:" if mark else "", brief=True)
