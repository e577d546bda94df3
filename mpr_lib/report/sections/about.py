"""About the report: what the checks found, what was revised, and what it was made from."""

import platform

from mpr_lib import __version__, words
from mpr_lib.report import blocks

SEVERITIES = {"critical": "Critical", "warning": "Warning", "info": "For information"}


def quality(report) -> list:
    """How much was checked, and a table of findings for each severity."""
    found = report.findings
    checked = len(found.expectations)
    said = f"{words.counted(checked, 'expectation')} were checked. " + _summary(found)
    shown = [blocks.text(said)]
    for severity, title in SEVERITIES.items():
        findings = [finding for finding in found.findings if finding.severity == severity]
        if findings:
            shown.append(blocks.heading(3, f"{title} ({len(findings)})", f"quality-{severity}"))
            caption = f"{title}: {words.counted(len(findings), 'finding')}"
            shown.append(_table(report, f"quality-{severity}-table", caption, findings))
    return shown


def _summary(found):
    tally = {severity: sum(finding.severity == severity for finding in found.findings) for severity in SEVERITIES}
    critical = tally["critical"]
    first = (
        "Nothing critical was found"
        if not critical
        else f"{words.counted(critical, 'critical finding')} must be put right"
    )
    rest = [words.counted(tally["warning"], "warning")] * bool(tally["warning"])
    rest += [words.counted(tally["info"], "remark")] * bool(tally["info"])
    return f"{first}; {words.joined(rest)} follow." if rest else f"{first}."


def _table(report, id, caption, findings):
    columns = [
        blocks.column("indicator", "Indicator", "code"),
        blocks.column("month", "Month"),
        blocks.column("message", "What was found"),
        blocks.column("action", "What to do"),
        blocks.column("characteristic", "Concerns"),
    ]
    return blocks.table(id, caption, columns, [_row(report, finding) for finding in findings])


def _row(report, finding):
    return blocks.row(
        {
            "indicator": blocks.cell(
                finding.indicator_code or "The data as a whole", href=report.anchor_of(finding.indicator_code)
            ),
            "month": blocks.cell(report.month_text_words(finding.month)),
            "message": blocks.cell(finding.message),
            "action": blocks.cell(finding.action or "Nothing to do."),
            "characteristic": blocks.cell(finding.characteristic.capitalize()),
        }
    )


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
    rows = [_revision_row(report, each) for each in listed.itertuples()]
    caption = f"Figures revised with the return for {words.month_words(report.month)}"
    return blocks.table("revisions-table", caption, columns, rows)


def _revision_row(report, each):
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


def provenance(report) -> list:
    """Version, time, data hash, inputs, and the accessibility statement."""
    listed = [
        ("Report", blocks.cell(f"{report.settings.title}, {words.month_words(report.month)}")),
        ("Version", blocks.cell(report.month_settings.version)),
        ("Generated", blocks.cell(report.generated_label)),
        ("Data", blocks.cell(f"SHA-256 {report.book.data_hash}", detail=f"over {len(report.book.inputs)} input files")),
        ("Made with", blocks.cell(f"mpr {__version__}, Python {platform.python_version()}")),
        ("Open data", blocks.cell("scorecard.csv, quality.json and manifest.json are published beside this report")),
    ]
    accessibility = [blocks.heading(3, "Accessibility"), blocks.prose(_accessibility(report))]
    return [blocks.facts(listed), *corrections(report), *accessibility]


def _accessibility(report):
    said = [
        "This report is made to meet the Web Content Accessibility Guidelines 2.2 at level AA: every table has "
        "headings, every chart has a text alternative with its numbers beside it, and nothing is said by colour alone.",
        " ".join([report.settings.alternative_format, _contacts(report)]).strip(),
    ]
    return [{"type": "paragraph", "children": [{"type": "text", "text": text}]} for text in said if text]


def _contacts(report):
    named = [
        ", ".join(part for part in (each.name, each.email, each.phone) if part) for each in report.settings.contacts
    ]
    return f"Contact: {'; '.join(named)}." if named else ""
