"""Cover: what the month says at a glance, what changed, and who to ask."""

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.report import blocks
from mpr_lib.report.sections.about import correction_words, revised_words
from mpr_lib.report.sections.cells import counts_block, exceptions_of
from mpr_lib.rules.codes import slug
from mpr_lib.rules.outcome import changes, furthest_from_target, is_highlighted_green

FURTHEST = 5


def cover(report) -> list:
    """Title, lead sentence, counts, what changed, the furthest from target, greens with a comment, contacts."""
    corporate = report.corporate_rows
    notes = [revised_words(report), *report.month_settings.notes]
    notes += [note for write in brought("notes").values() for note in write(report)]
    return [
        _title(report, [note for note in notes if note]),
        blocks.sentence(lead_sentence(corporate, report.settings.outcomes)),
        counts_block("Indicators by expected outcome", corporate),
        *_changes(report),
        *_side_by_side(_furthest(corporate) + _greens(corporate)),
    ]


def lead_sentence(rows, looks=None) -> str:
    """The month in a sentence or two, counted from the rows: '12 of 31 indicators are at risk or slipping: …'."""
    tally = rows["expected_outcome"].value_counts()
    if looks and looks.given:
        return _in_own_words(tally, looks, len(rows))
    at_risk, slipping = int(tally.get("AT_RISK", 0)), int(tally.get("SOME_SLIPPAGE", 0))
    rest = [
        (int(tally.get(outcome, 0)), said)
        for outcome, said in (
            ("ON_COURSE", "on course"),
            ("NO_VALUE", "without a figure"),
            ("NO_TARGET", "shown for information, without a target"),
        )
    ]
    others = words.joined([f"{count} {'is' if count == 1 else 'are'} {said}" for count, said in rest if count])
    total, worrying = len(rows), at_risk + slipping
    if not worrying:
        first = f"None of the {words.counted(total, 'indicator')} is at risk or slipping"
    else:
        verb = "is" if worrying == 1 else "are"
        first = f"{worrying} of {words.counted(total, 'indicator')} {verb} at risk or slipping: "
        parts = [f"{at_risk} at risk of missing target"] * bool(at_risk)
        parts += [f"{slipping} with some slippage"] * bool(slipping)
        first += words.joined(parts)
    return f"{first}. {others}." if others else f"{first}."


def _in_own_words(tally, looks, total):
    """The month counted under a council's own names, which no sentence can bend: '40 indicators. Off track: 8. …'."""
    names = looks.names(words.OUTCOMES_SHORT, short=True)
    parts = [f"{name}: {tally[code]}." for code, name in names.items() if tally.get(code, 0)]
    return " ".join([f"{words.counted(total, 'indicator')}.", *parts])


def _title(report, notes):
    settings = report.settings
    contacts = [contact.model_dump() for contact in settings.contacts]
    return {
        "kind": "cover",
        "council": settings.council,
        "title": settings.title,
        "month_label": words.month_words(report.month),
        "generated_label": report.generated_label,
        "version": report.month_settings.version,
        "corrections": correction_words(report),
        "publisher": settings.publisher,
        "contacts": contacts,
        "alternative_format": settings.alternative_format,
        "notes": notes,
        "draft": report.draft,
        **({"logo": report.book.logo} if report.book.logo else {}),
    }


def _side_by_side(lists):
    return [blocks.group(*lists)] if lists else []


def _changes(report):
    earlier = report.earlier_scorecards
    if not earlier:
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
    lists = [
        blocks.links(
            title, [_link(row, _since(row, len(earlier))) for row in found[found["change"] == change].itertuples()]
        )
        for change, title in titles.items()
        if (found["change"] == change).any()
    ]
    return [blocks.group(*lists)] if lists else [blocks.text(f"No expected outcome has changed since {month}.")]


def _since(row, months_back):
    """How an exception stands, and for how many months: at least as many as were looked back on."""
    if row.change in ("recovered", "unknown"):
        return row.outcome_short
    months = words.counted(int(row.months_running), "month")
    months = f"at least {months}" if row.months_running > months_back else months
    return f"{row.outcome_short}, for {months}" if row.change == "still" else row.value_text


def _furthest(corporate):
    rows = furthest_from_target(exceptions_of(corporate)).head(FURTHEST)
    if rows.empty:
        return []
    items = [
        _link(row, f"{row.value_text} against {row.target_text}, {words.distance_words(row)}")
        for row in rows.itertuples()
    ]
    return [blocks.links("Furthest from target", items)]


def _greens(corporate):
    rows = corporate[is_highlighted_green(corporate)]
    if rows.empty:
        return []
    items = [_link(row, f"{row.value_text} against {row.target_text}", "exceptions-") for row in rows.itertuples()]
    return [blocks.links(f"{rows['outcome_short'].iloc[0]}, with a comment", items)]


def _link(row, detail, anchor=""):
    outcome = row.expected_outcome
    text = f"{row.indicator_code} {row.short_name}"
    if not anchor and outcome not in ("AT_RISK", "SOME_SLIPPAGE"):
        anchor = "corporate-"
    return {"href": f"#{anchor}{slug(row.indicator_code)}", "text": text, "detail": detail, "outcome": outcome}
