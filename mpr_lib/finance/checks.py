"""Checks of a month's finance report: its lines, its amounts, and what was given at all (``suites/finance_*.yml``)."""

from decimal import Decimal
from functools import partial

import pandas as pd

from mpr_lib.finance.amounts import MoneyStyle
from mpr_lib.finance.parts import AMOUNTS, PARTS, is_total, summed

_SERIOUS = ("OVERSPEND", "SHORTFALL", "BELOW_MINIMUM", "ABOVE_LIMIT")
_TOTALLED = (*AMOUNTS, "movement", "variance")


def frames(book, scorecard, history) -> dict:
    """The batches of a finance report by name, each as a function without arguments."""
    makers = {"finance_lines": _lines, "finance_amounts": _amounts, "finance_reports": _reports}
    return {name: partial(make, book) for name, make in makers.items()}


def parameters(book) -> dict:
    """What the suites need to know of the settings."""
    return {"finance_services": book.settings.finance_services}


def _lines(book):
    """Every line of every part; ``is_of_service`` where its service should be one of the settings'."""
    listed, found = bool(book.settings.finance_services), []
    for part, frame in book.annexes["finance"].tables.items():
        of_service = listed & ~(is_total(frame["line"]) & (part == "revenue"))
        known = frame[["line", "file", "row"]].assign(part=part, line_column=PARTS[part].line)
        found.append(known.assign(service=frame.get("service", ""), is_of_service=of_service))
    columns = ["line", "file", "row", "part", "line_column", "service", "is_of_service"]
    return _of_month(book, pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns))


def _amounts(book):
    """Every amount, in pounds, with what it should be.

    ``made`` is the forecast less the plan beside a stated variance, and opening balance and movement beside a closing
    one; ``added`` what the lines of a stated total add up to: the amount itself where they differ only by rounding.
    """
    found = []
    for part, frame in book.annexes["finance"].tables.items():
        totals = is_total(frame["line"]) & (part != "treasury")
        needed = PARTS[part].required
        for line, total in zip(frame.to_dict("records"), totals, strict=True):
            for column in (*needed, *PARTS[part].amounts):
                if column in line:
                    lines = frame.loc[~totals, column] if total and column in _TOTALLED else None
                    found.append(_amount(part, line, column, lines) | {"is_needed": column in needed})
    columns = ["part", "line", "column", "text", "amount", "is_needed", "file", "row", "made", "added", "times_budget",
               "amount_words", "budget_words", "made_words", "added_words", "opposite"]  # fmt: skip
    numbers = dict.fromkeys(("amount", "made", "added", "times_budget"), float)
    return _of_month(book, pd.DataFrame(found, columns=columns).astype(numbers))


def _amount(part, line, column, lines):
    amount, budget, (made, parts) = line[column], line.get("budget"), _made(part, line, column)
    added = summed(lines) if lines is not None else None
    amounts = {"amount": amount, "budget": budget, "made": made, "added": added}
    return {
        "part": part, "line": line["line"], "column": column, "file": line["file"], "row": line["row"],
        "text": line[f"{column}_text"], "amount": amount, "made": _but_for_rounding(made, amount, parts),
        "added": _but_for_rounding(added, amount, lines),
        "times_budget": None if None in (budget, amount) else amount * budget,
        "opposite": "opposite" if amount and column == "variance" and made == -amount else "",
        **{f"{name}_words": _words(each) for name, each in amounts.items()},
    }  # fmt: skip


def _made(part, line, column):
    """What an amount follows from, and the amounts that make it; None where it follows from nothing."""
    needs = ("forecast", PARTS[part].against) if column == "variance" else ()
    needs = ("opening", "movement") if (part, column) == ("reserves", "forecast") else needs
    parts = [line.get(need) for need in needs]
    if not parts or None in parts:
        return None, ()
    return parts[0] - parts[1] if column == "variance" else sum(parts), parts


def _but_for_rounding(made, amount, parts):
    """What was made, or the amount itself where each may be rounded to the last place that it is given with."""
    if made is None or not isinstance(amount, Decimal):
        return None
    places = (Decimal(5).scaleb(each.as_tuple().exponent - 1) for each in (amount, *parts) if each is not None)
    return amount if abs(made - amount) <= sum(places, Decimal(0)) else made


def _words(amount):
    return MoneyStyle("pounds").words(amount) if isinstance(amount, Decimal) else None


def _reports(book):
    """A row for the month's report, if it is to have one (``kind`` report), for each part of it, each unread file, and
    the next report that is announced (``following``).

    ``serious`` names lines beyond budget, target, minimum or limit.
    """
    finance, folder = book.annexes["finance"], f"data/finance/{book.month}"
    found = [{"kind": "report", "file": folder, "tables": len(finance.tables)}] * finance.is_due
    for part in finance.tables:
        lines = finance.lines(part)
        serious = lines.loc[lines["status"].isin(_SERIOUS), "line"].tolist()
        said = f"{', '.join(serious[:3])}{' …' if len(serious) > 3 else ''}"
        words = finance.commentary.get(part, {}).get("text")
        found.append({"kind": "part", "file": f"{folder}/{part}.md", "serious": said, "commentary": words})
    found += [{"kind": "unread", "file": file} for file in finance.unread]
    announced = book.month_settings.finance_next
    if announced and not finance.is_due:
        following = pd.Period(announced, freq="M")
        found.append({"kind": "next", "file": f"params/{book.month}.yml", "following": following})
    columns = ["kind", "file", "tables", "serious", "commentary", "following"]
    return _of_month(book, pd.DataFrame(found, columns=columns).astype({"following": "period[M]"}))


def _of_month(book, frame):
    return frame.assign(month=pd.Series(book.month, frame.index, dtype="period[M]"))
