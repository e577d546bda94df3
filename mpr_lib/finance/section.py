"""Finance in words: what a part's figures come to, and what its chart shows."""

import pandas as pd

from mpr_lib import words
from mpr_lib.finance.amounts import MoneyStyle
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
    return f"Services are forecast to {verb} their budget by {_size(gap, summed(lines['budget']), style)}."


def _size(gap, plan, style):
    """A difference without its sign, and its share of the plan."""
    return style.words(abs(gap)) + (f" ({percent_words(abs(gap / plan))})" if plan else "")


def chart_words(part: str, title: str, lines, style) -> str:
    """The chart's figures, for those who do not see it."""
    each = "; ".join(f"{line.line} {_line_words(part, line, style)}" for line in lines.itertuples())
    what = {
        "revenue": "variance from budget",
        "reserves": "opening and forecast closing balance",
        "treasury": "balance and limit",
    }
    return f"{title}, {what.get(part, 'planned and forecast')}: {each}."


def _line_words(part, line, style):
    if part == "revenue":
        return f"{style.words(abs(line.variance)) + ' ' if line.variance else ''}{STATUSES[line.status][0].lower()}"
    against, now = getattr(line, PARTS[part].against, None), getattr(line, PARTS[part].now)
    if part == "treasury":
        said = "not known" if now is None else style.words(now)
        return said if against is None else f"{said} of a limit of {style.words(against)}"
    return " to ".join(style.words(amount) for amount in (against, now) if amount is not None) or "not known"


def _spending(part, lines, style):
    plan, forecast = summed(lines[PARTS[part].against]), summed(lines["forecast"])
    if None in (plan, forecast):
        return "Some lines lack an amount, so there is no total."
    gap, size = forecast - plan, _size(forecast - plan, plan, style)
    amounts = style.words(forecast), style.words(plan)
    if part == "savings":
        said = "Savings of {} are forecast against a target of {}, ".format(*amounts)
        said += f"{size} {'above target' if gap > 0 else 'short of it'}" if gap else "just as planned"
        done, was_done, bad, fail = "delivered", "has been delivered", "SHORTFALL", "fall short"
    else:
        said = "Spending of {} is forecast against a budget of {}, ".format(*amounts)
        said += f"an {'overspend' if gap > 0 else 'underspend'} of {size}" if gap else "just as planned"
        done, was_done, bad, fail = "actual", "was spent", "OVERSPEND", "overspend"
    spent = summed(lines[done]) if done in lines else None
    to_date = f" {style.words(spent)} {was_done} to date." if spent is not None else ""
    name, count = PARTS[part].line, int(lines["status"].isin([bad, f"SLIGHT_{bad}"]).sum())
    if not count:
        return f"{said}.{to_date} No {name} is forecast to {fail}."
    of_all = f"{count} of {words.counted(len(lines), name)} {'is' if count == 1 else 'are'}"
    return f"{said}.{to_date} {of_all} forecast to {fail}."


def _reserves(part, lines, style):
    opening, closing = summed(lines["opening"]), summed(lines["forecast"])
    if None in (opening, closing):
        return "Some reserves lack an amount, so there is no total."
    moved = "stay at" if closing == opening else "rise to" if closing > opening else "fall to"
    said = f"Reserves of {style.words(opening)} are forecast to {moved} {style.words(closing)} by the end of the year."
    return f"{said} {_beyond(lines, 'BELOW_MINIMUM', 'below {} minimum')}".strip()


def _treasury(part, lines, style):
    limited = lines[lines["status"].isin(["ABOVE_LIMIT", "WITHIN_LIMIT"])]
    if limited.empty:
        return f"{words.counted(len(lines), 'balance')}, none with a limit."
    within = f"Balances with a limit are within it: {words.joined(limited['line'].tolist())}."
    return _beyond(limited, "ABOVE_LIMIT", "above {} limit") or within


def _beyond(lines, status, where):
    names = lines.loc[lines["status"] == status, "line"].tolist()
    is_, its = ("is", "its") if len(names) == 1 else ("are", "their")
    return f"{words.joined(names)} {is_} {where.format(its)}." if names else ""


def finance_table(report, part, lines, total, style):
    """One part's table; its total, worked out from the lines, comes last."""
    shown = {key: label for key, label in part.headings.items() if key in lines}
    headings = {"line": part.line.capitalize()}
    for key, label in shown.items():
        headings[key] = label if key in ("share", "rate") else f"{label} ({style.label})", "number"
    columns = blocks.columns(headings | {"status": ("Status", "outcome")})
    rows = [_row(line, shown, style) for line in lines.itertuples()]
    rows += [_row(total, shown, style, total=True)] if total else []
    caption, heading = f"{words.counted(len(lines), 'line')}, {words.month_words(report.month)}", f"finance-{part.name}"
    return blocks.table(f"{heading}-table", caption, columns, rows, upright=True, named_by=heading)


def _row(line, shown, style, total=False):
    service = getattr(line, "service", "")
    cells = {"line": blocks.cell(line.line or "Not named", detail="" if service == line.line else service)}
    cells |= {key: _amount(key, getattr(line, key, None), style, total) for key in shown}
    label, outcome = STATUSES[line.status]
    unknown = outcome in ("NO_TARGET", "NO_VALUE")
    cells["status"] = blocks.cell(label, outcome="" if unknown else outcome, missing=unknown)
    return blocks.row(cells, "quarter" if total else "plain")


def _amount(key, amount, style, total):
    if amount is None or amount != amount:
        return blocks.cell("No total" if total else "Not given", missing=True)
    if key == "rate":
        return blocks.cell(format_number(amount, None, "%"))
    if key == "share":
        return blocks.cell(percent_words(amount, sign=True))
    return blocks.cell(style.text(amount, sign=key == "variance"))


def percent_words(share, sign: bool = False) -> str:
    """A share as a percentage to one decimal.

    >>> from decimal import Decimal
    >>> [percent_words(Decimal(share), sign=True) for share in ("0.0282", "-0.0279", "0.0001")]
    ['+2.8%', '−2.8%', '0.0%']
    """
    return MoneyStyle("pounds", 1).text(share * 100, sign) + "%"


def finance(report) -> list:
    """The month's finance report, or the note about the next."""
    found = report.book.annexes["finance"]
    if not found.is_due:
        return [blocks.note(said) for said in cover_notes(report)]
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
    """'There are no finance reports this month. The next are due in the June 2018 report.', from the settings.

    Nothing in a month that has them, nor where none are ever due, nor in a committee's edition.
    """
    due, months = report.settings.finance_months, (report.month + ahead for ahead in range(13))
    if report.month.month in due or report.committee:
        return []
    following = report.month_settings.finance_next or next((month for month in months if month.month in due), None)
    if following is None:
        return []
    following = words.month_words(pd.Period(following, freq="M"))
    return [f"There are no finance reports this month. The next are due in the {following} report."]


def _introduction(report, style):
    year = report.settings.years.label(report.year)
    unit = "pounds" if style.unit == "pounds" else f"{style.unit} of pounds"
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
    comes_to = {"reserves": _reserves, "treasury": _treasury}.get(name, _spending)
    shown += [blocks.text(comes_to(name, lines, style)), finance_table(report, part, lines, total, style)]
    if drawn := finance_chart(part, lines, style):
        said = chart_words(name, part.title, lines, style)
        shown.append(blocks.figure(drawn, said, "trend", "", f"finance-{name}-chart"))
    return shown


def _commentary(report, part):
    comment = report.book.annexes["finance"].commentary.get(part)
    if not comment:
        return []
    return signed(read_prose(comment["text"]), comment["role"], comment["date"])
