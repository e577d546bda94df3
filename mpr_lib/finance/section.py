"""Finance in words: what a part's figures come to, and what its chart shows."""

import pandas as pd

from mpr_lib import words
from mpr_lib.finance.amounts import MINUS, MoneyStyle
from mpr_lib.finance.charts import finance_chart
from mpr_lib.finance.parts import PARTS, STATUSES, summed
from mpr_lib.report import blocks
from mpr_lib.report.prose import read_prose
from mpr_lib.report.sections.cells import signed
from mpr_lib.rules.values import format_number


def lead_words(lines, style) -> str:
    """The revenue forecast in a sentence."""
    gap = summed(lines["variance"])
    if gap is None or lines.empty:
        return "The revenue forecast is not complete."
    if not gap:
        return "Services are forecast to spend their budget."
    verb = "overspend" if gap > 0 else "underspend"
    share = _share(gap, summed(lines["budget"]))
    return f"Services are forecast to {verb} their budget by {style.words(abs(gap))}{share}."


def part_words(part: str, lines, style) -> str:
    """What a part comes to, in a sentence or two."""
    return {"reserves": _reserves, "treasury": _treasury}.get(part, _spending)(part, lines, style)


def chart_words(part: str, title: str, lines, style) -> str:
    """The chart's figures, for those who do not see it."""
    each = "; ".join(_line_words(part, line, style) for line in lines.itertuples())
    what = "variance from budget" if part == "revenue" else "planned and forecast"
    what = {"reserves": "opening and forecast closing balance", "treasury": "balance and limit"}.get(part, what)
    return f"{title}, {what}: {each}."


def status_words(line) -> str:
    """A line's status in the middle of a sentence."""
    return STATUSES[line.status][0].lower()


def _spending(part, lines, style):
    plan, forecast = summed(lines[PARTS[part].against]), summed(lines["forecast"])
    if plan is None or forecast is None:
        return "Some lines lack an amount, so there is no total."
    savings = part == "savings"
    what, is_, against = ("Savings", "are", "a target") if savings else ("Spending", "is", "a budget")
    said = f"{what} of {style.words(forecast)} {is_} forecast against {against} of {style.words(plan)}"
    said += f"{_gap(forecast - plan, plan, style, savings)}."
    done = "delivered" if savings else "actual"
    if done in lines and summed(lines[done]) is not None:
        said += f" {style.words(summed(lines[done]))} {'has been delivered' if savings else 'was spent'} to date."
    return said + _counted(part, lines)


def _gap(gap, plan, style, savings):
    if not gap:
        return ", just as planned"
    size = f"{style.words(abs(gap))}{_share(gap, plan)}"
    if savings:
        return f", {size} {'above target' if gap > 0 else 'short of it'}"
    return f", an {'overspend' if gap > 0 else 'underspend'} of {size}"


def _share(gap, plan):
    return f" ({format_number(abs(gap) / abs(plan) * 100, 1)}%)" if plan else ""


def _counted(part, lines):
    bad = "SHORTFALL" if part == "savings" else "OVERSPEND"
    name = PARTS[part].line
    count = int(lines["status"].isin([bad, f"SLIGHT_{bad}"]).sum())
    what = "fall short" if part == "savings" else "overspend"
    if not count:
        return f" No {name} is forecast to {what}."
    return f" {count} of {words.counted(len(lines), name)} {'is' if count == 1 else 'are'} forecast to {what}."


def _reserves(part, lines, style):
    opening, closing = summed(lines["opening"]), summed(lines["forecast"])
    if opening is None or closing is None:
        return "Some reserves lack an amount, so there is no total."
    moved = "stay at" if closing == opening else "rise to" if closing > opening else "fall to"
    said = f"Reserves of {style.words(opening)} are forecast to {moved} {style.words(closing)} by the end of the year."
    return said + _beyond(lines, "BELOW_MINIMUM", "below its minimum", "below their minimum")


def _treasury(part, lines, style):
    limited = lines[lines["status"].isin(["ABOVE_LIMIT", "WITHIN_LIMIT"])]
    if limited.empty:
        return f"{words.counted(len(lines), 'balance')}, none with a limit."
    beyond = _beyond(limited, "ABOVE_LIMIT", "above its limit", "above their limit")
    return beyond.strip() or f"Balances with a limit are within it: {words.joined(limited['line'].tolist())}."


def _beyond(lines, status, one, many):
    names = lines.loc[lines["status"] == status, "line"].tolist()
    if not names:
        return ""
    return f" {words.joined(names)} {'is' if len(names) == 1 else 'are'} {one if len(names) == 1 else many}."


def _line_words(part, line, style):
    if part == "revenue":
        gap = line.variance
        return f"{line.line} {style.words(abs(gap)) + ' ' if gap else ''}{status_words(line)}"
    now, then = getattr(line, PARTS[part].now), getattr(line, PARTS[part].against, None)
    pair = [style.words(amount) for amount in (then, now) if amount is not None]
    joined = " and ".join(pair) if part == "treasury" else " to ".join(pair)
    if part == "treasury" and then is not None:
        joined = f"{style.words(now)} of a limit of {style.words(then)}"
    return f"{line.line} {joined or 'not known'}"


SIGNED = ("variance", "share")


def finance_table(report, part, lines, total, style):
    """One part's table; its total, worked out from the lines, comes last."""
    shown = {key: label for key, label in part.headings.items() if key in lines}
    columns = [blocks.column("line", part.line.capitalize())]
    for key, label in shown.items():
        money = "" if key in ("share", "rate") else f" ({style.label})"
        columns.append(blocks.column(key, label + money, "number"))
    columns.append(blocks.column("status", "Status", "outcome"))
    rows = [_row(line, shown, style) for line in lines.itertuples()]
    rows += [_row(total, shown, style, total=True)] if total else []
    caption = f"{part.title}: {words.counted(len(lines), 'line')}, {words.month_words(report.month)}"
    return blocks.table(f"finance-{part.name}-table", caption, columns, rows, upright=True)


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
    return ("" if nothing else "+" if share > 0 else MINUS) + f"{shown}%"


def _status(code):
    label, outcome = STATUSES[code]
    if outcome in ("NO_TARGET", "NO_VALUE"):
        return blocks.cell(label, missing=True)
    return blocks.cell(label, outcome=outcome)


def finance(report) -> list:
    """The month's finance report, or the note about the next."""
    found = report.book.annexes["finance"]
    if not found.is_due:
        return [blocks.note(finance_words(report))]
    if not found.tables:
        nothing = "No finance report was supplied for this month."
        return [blocks.note(nothing, "warning"), *_commentary(report, "summary")]
    style = MoneyStyle(report.settings.finance_unit, report.settings.finance_decimals)
    shown = [blocks.sentence(lead_words(found.lines("revenue"), style))] if "revenue" in found.tables else []
    shown += [blocks.text(_introduction(report, style)), *_commentary(report, "summary")]
    for name in found.tables:
        shown += [*_part(report, PARTS[name], style), *_commentary(report, name)]
    absent = [part.title.lower() for name, part in PARTS.items() if name not in found.tables]
    return shown + ([blocks.text(f"Not reported this month: {words.joined(absent)}.")] if absent else [])


def cover_notes(report) -> list[str]:
    """What the cover says of finance: when there are reports again."""
    return [finance_words(report)]


def finance_words(report) -> str:
    """'There are no finance reports this month. The next are due in the June 2018 report.', from the settings.

    Empty in a month that has them.
    """
    if report.month.month in report.settings.finance_months:
        return ""
    following = report.month_settings.finance_next
    if following is None and report.settings.finance_months:
        months = (report.month + ahead for ahead in range(1, 13))
        following = next(month for month in months if month.month in report.settings.finance_months)
    said = "There are no finance reports this month."
    if following is None:
        return said
    return f"{said} The next are due in the {words.month_words(pd.Period(following, freq='M'))} report."


def _introduction(report, style):
    year = report.settings.years.label(report.year)
    unit = {"pounds": "pounds", "thousands": "thousands of pounds", "millions": "millions of pounds"}[style.unit]
    share = f"{report.settings.finance_tolerance * 100:g}%"
    return (
        f"The forecast for {year} as at {words.month_words(report.month)}. Amounts are in {unit} ({style.label}), "
        "rounded; totals and differences are worked out before rounding. An overspend or a shortfall of up to "
        f"{share} of the budget or target is called slight."
    )


def _part(report, part, style):
    found, name = report.book.annexes["finance"], part.name
    lines, total = found.lines(name), found.total(name) if name != "treasury" else None
    shown = [blocks.heading(3, part.title, f"finance-{name}")]
    if lines.empty:
        return [*shown, blocks.note(f"{part.title}: no lines were supplied for {words.month_words(report.month)}.")]
    shown += [blocks.text(part_words(name, lines, style)), finance_table(report, part, lines, total, style)]
    if drawn := finance_chart(part, lines, style):
        said = chart_words(name, part.title, lines, style)
        shown.append(blocks.figure(drawn, said, "trend", "", f"finance-{name}-chart"))
    return shown


def _commentary(report, part):
    comment = report.book.annexes["finance"].commentary.get(part)
    if not comment:
        return []
    return signed(read_prose(comment["text"]), comment["role"], words.day_words(comment["date"]))
