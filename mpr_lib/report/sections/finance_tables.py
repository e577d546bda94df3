"""Finance tables: the lines of a part with their amounts, status and total."""

from mpr_lib.report import blocks, words
from mpr_lib.rules.finance import STATUSES, total_of
from mpr_lib.rules.values import format_number

COLUMNS = {
    "revenue": {"budget": "Budget", "actual": "Spent to date", "forecast": "Forecast outturn", "variance": "Variance",
                "share": "Variance, % of budget"},
    "capital": {"budget": "Budget", "actual": "Spent to date", "forecast": "Forecast outturn", "variance": "Variance"},
    "savings": {"target": "Target", "delivered": "Delivered to date", "forecast": "Forecast", "variance": "Variance"},
    "reserves": {"opening": "Opening balance", "variance": "Movement", "forecast": "Forecast closing balance",
                 "minimum": "Minimum"},
    "treasury": {"balance": "Balance", "rate": "Average rate", "limit": "Limit"},
}  # fmt: skip
HEADS = {"revenue": "Service", "capital": "Scheme", "savings": "Saving", "reserves": "Reserve", "treasury": "Line"}
SIGNED = ("variance", "share")


def finance_table(report, part: str, title: str, lines, tolerance, style):
    """One part's table; its total, worked out from the lines, comes last."""
    shown = {key: label for key, label in COLUMNS[part].items() if key in lines}
    columns = [blocks.column("line", HEADS[part])]
    for key, label in shown.items():
        money = "" if key in ("share", "rate") else f" ({style.label})"
        columns.append(blocks.column(key, label + money, "number", "end"))
    columns.append(blocks.column("status", "Status", "outcome"))
    rows = [_row(line, shown, style) for line in lines.itertuples()]
    if part != "treasury":
        rows.append(_row(total_of(part, lines, tolerance, style.nothing), shown, style, total=True))
    caption = f"{title}: {words.counted(len(lines), 'line')}, {words.month_words(report.month)}"
    return blocks.table(f"finance-{part}-table", caption, columns, rows, upright=True)


def _row(line, shown, style, total=False):
    service = "" if total else getattr(line, "service", "")
    cells = {"line": blocks.cell(line.line or "Not named", detail="" if service == line.line else service)}
    cells |= {key: _amount(key, getattr(line, key, None), style, total) for key in shown}
    cells["status"] = _status(line.status)
    return blocks.row(cells, "quarter" if total else "plain")


def _amount(key, amount, style, total):
    if amount is None or amount != amount:
        return blocks.cell("No total" if total else "Not given", missing=True)
    if key == "rate":
        return blocks.cell(format_number(amount, None, "%"))
    if key == "share":
        return blocks.cell(percent_words(amount))
    return blocks.cell(style.text(amount, sign=key in SIGNED))


def percent_words(share) -> str:
    """A share as a percentage with its sign, to one decimal.

    >>> from decimal import Decimal
    >>> percent_words(Decimal("0.0282")), percent_words(Decimal("-0.0279")), percent_words(Decimal("0.0001"))
    ('+2.8%', '−2.8%', '0.0%')
    """
    shown = format_number(abs(share) * 100, 1)
    nothing = not any(digit in "123456789" for digit in shown)
    return ("" if nothing else "+" if share > 0 else "\N{MINUS SIGN}") + f"{shown}%"


def _status(code):
    label, outcome = STATUSES[code]
    if outcome in ("NO_TARGET", "NO_VALUE"):
        return blocks.cell(label, missing=True)
    return blocks.cell(label, outcome=outcome)
