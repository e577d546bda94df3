"""The data-quality section: what the checks found, in words an officer understands."""

from mpr_lib.report import blocks, words

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
