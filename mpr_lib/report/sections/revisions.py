"""Revisions: which figures of earlier reports this month's return changed, why, and what that did to their ratings."""

from mpr_lib.report import blocks, words


def revisions(report) -> list:
    """A table of the revised figures, and one of ratings that follow them; nothing where nothing was revised."""
    listed, others = report.revised
    if listed.empty:
        return []
    shown = [blocks.heading(3, f"Revisions ({len(listed)})", "revisions"), blocks.text(_introduction(report, listed))]
    shown.append(_listed(report, listed))
    if len(others):
        shown.append(_others(report, others))
    return shown


def revised_words(report) -> str:
    """The cover's note that figures were revised; empty where none was."""
    count = len(report.revised[0])
    if not count:
        return ""
    verb = "was" if count == 1 else "were"
    return (
        f"{words.counted(count, 'figure')} of earlier reports {verb} revised with this return. "
        "Revised figures are marked [r]; the data-quality section lists them with the reasons."
    )


def correction_words(report) -> list[str]:
    """What each version puts right, for the cover, newest first."""
    return [
        f"Version {each.version} ({report.day_words(each.date.isoformat())}) corrects this report: {each.what}"
        for each in reversed(report.month_settings.corrections)
    ]


def corrections(report) -> list:
    """A table of the versions of this report and what each put right; nothing where there is only the first."""
    found = report.month_settings.corrections
    if not found:
        return []
    columns = [
        blocks.column("version", "Version"),
        blocks.column("date", "Date"),
        blocks.column("what", "What was corrected"),
    ]
    rows = [
        blocks.row(
            {
                "version": blocks.cell(each.version),
                "date": blocks.cell(report.day_words(each.date.isoformat())),
                "what": blocks.cell(each.what),
            }
        )
        for each in found
    ]
    caption = f"Corrections to the report of {words.month_words(report.month)}"
    return [
        blocks.heading(3, "Corrections", "corrections"),
        blocks.table("corrections-table", caption, columns, rows, "narrow"),
    ]


def _introduction(report, listed):
    changed = int((listed["rating"] != listed["rating_then"]).sum())
    said = f"The return for {words.month_words(report.month)} changes {words.counted(len(listed), 'figure')} that "
    said += "an earlier one gave. " if len(listed) == 1 else "earlier ones gave. "
    return said + (
        f"{words.counted(changed, 'rating')} {'is' if changed == 1 else 'are'} different for it."
        if changed
        else "No rating of a revised figure is different for it."
    )


def _listed(report, listed):
    columns = [
        blocks.column("indicator", "Indicator", "code"),
        blocks.column("name", "Short Name"),
        blocks.column("month", "Month"),
        blocks.column("was", "Was", "number", "end"),
        blocks.column("is", "Is", "number", "end"),
        blocks.column("then", "Rating then"),
        blocks.column("now", "Rating now"),
        blocks.column("reason", "Reason"),
    ]
    rows = [_row(report, each) for each in listed.itertuples()]
    caption = f"Figures revised with the return for {words.month_words(report.month)}"
    return blocks.table("revisions-table", caption, columns, rows)


def _row(report, each):
    unread = each.number != each.number
    return blocks.row(
        {
            **_indicator(report, each),
            "was": blocks.cell(each.was_text),
            "is": blocks.cell(words.value_words(each.value_text, ""), missing=unread or ""),
            **_ratings(each),
            "reason": blocks.cell(each.note or "No reason was given.", missing="" if each.note else True),
        }
    )


def _others(report, others):
    columns = [
        blocks.column("indicator", "Indicator", "code"),
        blocks.column("name", "Short Name"),
        blocks.column("month", "Month"),
        blocks.column("value", "Value", "number", "end"),
        blocks.column("target_then", "Target then", "number", "end"),
        blocks.column("target_now", "Target now", "number", "end"),
        blocks.column("then", "Rating then"),
        blocks.column("now", "Rating now"),
    ]
    rows = [
        blocks.row(
            {
                **_indicator(report, each),
                "value": blocks.cell(words.value_words(each.value_text, "")),
                "target_then": blocks.cell(each.target_then_text or "No target"),
                "target_now": blocks.cell(each.target_text or "No target"),
                **_ratings(each),
            }
        )
        for each in others.itertuples()
    ]
    caption = "Ratings that differ because their target follows a revised figure"
    return blocks.table("revisions-ratings", caption, columns, rows)


def _indicator(report, each):
    found = report.scorecard[report.scorecard["indicator_code"] == each.indicator_code]
    name = found["short_name"].iloc[0] if len(found) else ""
    return {
        "indicator": blocks.cell(each.indicator_code, href=report.anchor_of(each.indicator_code)),
        "name": blocks.cell(name or each.indicator_code),
        "month": blocks.cell(words.month_words(each.month)),
    }


def _ratings(each):
    same = each.rating == each.rating_then
    return {
        "then": blocks.cell(words.RATINGS.get(each.rating_then, "Not shown")),
        "now": blocks.cell(words.RATINGS.get(each.rating, "Not shown"), detail="" if same else "Changed"),
    }
