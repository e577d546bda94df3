"""Check tables of a month's finance report: its lines, amounts, totals, and what was given at all."""

from decimal import Decimal

import pandas as pd

from mpr_lib.checks.located import located
from mpr_lib.checks.words import any_of, rows_text
from mpr_lib.finance.amounts import AMOUNTS, MoneyStyle, is_total, lines_of, money_words, summed
from mpr_lib.finance.files import PARTS

_NEVER_NEGATIVE = ("capital", "savings", "treasury")
_SERIOUS = ("OVERSPEND", "SHORTFALL", "BELOW_MINIMUM", "ABOVE_LIMIT")


def finance_lines(book) -> pd.DataFrame:
    """Every line of every part, in words what is wrong with it, missing where nothing is: unknown (its service),
    repeated, off_variance, off_balance.
    """
    rows = []
    for part, frame in book.annexes["finance"].tables.items():
        alike = frame.groupby(frame["line"].str.casefold())["row"].transform(lambda found: rows_text(list(found)))
        repeated = frame.duplicated("line", keep=False) | (frame["line"] == "")
        for line, twice, where in zip(frame.to_dict("records"), repeated, alike, strict=True):
            name = line["line"]
            said = f"'{name}' is given more than once, in {where}." if name else "the line has no name."
            rows.append(
                {
                    **_where(book, line),
                    "column": PARTS[part].line,
                    "line": name or "the line",
                    "unknown": _unknown_service(book, part, line),
                    "services": any_of(book.settings.finance_services),
                    "service": line.get("service", ""),
                    "repeated": said if twice else None,
                    "off_variance": _off_variance(part, line),
                    "off_balance": _off_balance(part, line),
                }
            )
    return _table(rows, ["unknown", "services", "service", "repeated", "off_variance", "off_balance", "line", "column"])


def finance_amounts(book) -> pd.DataFrame:
    """Every amount: given is missing where a line lacks one that it needs, odd_sign says what is odd about its sign."""
    rows = []
    for part, frame in book.annexes["finance"].tables.items():
        for line in frame.to_dict("records"):
            for column in (*PARTS[part].required, *PARTS[part].amounts):
                key = "stated_variance" if column == "variance" else column
                if key not in line:
                    continue
                needed = column in PARTS[part].required
                rows.append(
                    {
                        **_where(book, line),
                        "column": column,
                        "line": line["line"] or "the line",
                        "text": line[f"{column}_text"],
                        "given": None if line[key] is None and needed else "given",
                        "odd_sign": _odd_sign(part, column, line, key),
                    }
                )
    return _table(rows, ["column", "line", "text", "given", "odd_sign"])


def finance_totals(book) -> pd.DataFrame:
    """Every amount of a stated total: off is missing where the lines add up to it, or would but for rounding."""
    rows = []
    for part, frame in book.annexes["finance"].tables.items():
        totals = is_total(frame["line"]) if part != "treasury" else pd.Series(False, frame.index)
        for stated in frame[totals].to_dict("records"):
            for key in (*AMOUNTS, "movement", "stated_variance"):
                if isinstance(stated.get(key), Decimal):
                    off = _off_total(frame.loc[~totals, key], stated[key])
                    column = key.removeprefix("stated_")
                    cell = {"column": column, "text": stated[f"{column}_text"], "off": off}
                    rows.append({**_where(book, stated), **cell})
    return _table(rows, ["column", "text", "off"])


def finance_reports(book) -> pd.DataFrame:
    """Whether the month has the finance report that it should have, and which files lie there unread.

    absent and unread are missing where all is well; uncommented names a part with a serious line and no words about it.
    """
    finance, folder = book.annexes["finance"], f"data/finance/{book.month}"
    nothing = dict.fromkeys(("row", "absent", "unread", "uncommented")) | {"indicator_code": "", "month": book.month}
    rows = []
    if finance.is_due:
        rows.append({**nothing, "file": folder, "absent": None if finance.tables else "no finance table", "part": ""})
    for part, frame in finance.tables.items():
        lines = lines_of(part, frame, Decimal(str(book.settings.finance_tolerance)), _style(book).nothing)
        serious = lines.loc[lines["status"].isin(_SERIOUS), "line"].tolist()
        silent = serious and part not in finance.commentary
        said = f"{', '.join(serious[:3])}{' …' if len(serious) > 3 else ''}" if silent else None
        rows.append({**nothing, "file": f"{folder}/{part}.md", "uncommented": said, "part": part})
    rows += [{**nothing, "file": file, "unread": file, "part": ""} for file in finance.unread]
    return _table(rows, [*nothing, "file", "part"])


def _style(book):
    return MoneyStyle(book.settings.finance_unit, book.settings.finance_decimals)


def _where(book, line):
    return {"indicator_code": "", "month": book.month, "file": line["file"], "row": line["row"]}


def _table(rows, columns):
    return located(pd.DataFrame(rows, columns=None if rows else columns))


def _unknown_service(book, part, line):
    known, service = book.settings.finance_services, line.get("service", "")
    total = part == "revenue" and is_total(pd.Series([line["line"]])).iloc[0]
    return None if not known or total or not service or service in known else service


def _off_variance(part, line):
    stated, forecast = line.get("stated_variance"), line.get("forecast")
    plan = line.get("target" if part == "savings" else "budget")
    if None in (stated, forecast, plan) or _rounding(stated, forecast, plan) >= abs(forecast - plan - stated):
        return None
    turned = " It has the opposite sign." if stated and stated == plan - forecast else ""
    made = money_words(forecast - plan)
    return f"the stated variance is {money_words(stated)}, the forecast less the plan is {made}.{turned}"


def _off_balance(part, line):
    opening, moved, closing = (line.get(name) for name in ("opening", "movement", "forecast"))
    if part != "reserves" or None in (opening, moved, closing):
        return None
    if abs(opening + moved - closing) <= _rounding(opening, moved, closing):
        return None
    made = money_words(opening + moved)
    return f"the opening balance and the movement come to {made}, not to {money_words(closing)}."


def _off_total(amounts, stated):
    added = summed(amounts)
    if added is None or abs(added - stated) <= _rounding(stated, *amounts):
        return None
    return f"the stated total is {money_words(stated)}, the lines add up to {money_words(added)}."


def _rounding(*amounts) -> Decimal:
    """How far amounts may be out together because each is rounded to the last place that it is given with."""
    return sum((Decimal(5).scaleb(amount.as_tuple().exponent - 1) for amount in amounts), Decimal(0))


def _odd_sign(part, column, line, key):
    amount = line[key]
    if amount is None or column in ("variance", "movement"):
        return None
    if part in _NEVER_NEGATIVE and amount < 0:
        return "is below nothing"
    if part == "reserves" and amount < 0:
        return "is overdrawn"
    if part == "revenue" and column != "budget" and line["budget"] is not None and amount * line["budget"] < 0:
        return f"has another sign than the budget, {money_words(line['budget'])}"
    return None


FINANCE_TABLES = (finance_lines, finance_amounts, finance_totals, finance_reports)
