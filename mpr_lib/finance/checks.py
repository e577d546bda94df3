"""Expectations of a month's finance report, and the tables they stand on: lines, amounts, totals, what is given."""

from decimal import Decimal

import pandas as pd

from mpr_lib.checks.declaration import Expectation
from mpr_lib.checks.located import located
from mpr_lib.finance.amounts import MoneyStyle
from mpr_lib.finance.parts import AMOUNTS, PARTS, is_total, summed
from mpr_lib.words import any_of, rows_text

_NOTHING_SAID = "ExpectColumnValuesToBeNull"

EXPECTATIONS = (
    Expectation(
        name="finance_service_is_known",
        table="finance_lines",
        severity="critical",
        characteristic="validity",
        gx=_NOTHING_SAID,
        arguments={"column": "unknown"},
        column="service",
        found="unknown",
        means="Every service in a finance file is one of finance_services in params/report.yml, where it lists any.",
        message="{file} row {row}, column service: '{found}' is not a known service. Expected {services}.",
        action="Correct the name in {file}, or add the service to finance_services in params/report.yml.",
    ),
    Expectation(
        name="finance_line_is_unique",
        table="finance_lines",
        severity="critical",
        characteristic="accuracy",
        gx=_NOTHING_SAID,
        arguments={"column": "repeated"},
        column="",
        found="line",
        one_per=("file", "line"),
        means="Every line of a finance file has a name, and each name stands there once.",
        message="{place}: {repeated} Expected a name that stands there once.",
        action="Keep the row that is right, or give the lines names that tell them apart.",
    ),
    Expectation(
        name="finance_amount_is_given",
        table="finance_amounts",
        severity="critical",
        characteristic="completeness",
        gx="ExpectColumnValuesToNotBeNull",
        arguments={"column": "given"},
        column="",
        found="text",
        means="Every line of a finance file has the amounts that its table needs.",
        message="{place}: {line} has no amount. Expected an amount in pounds, 0 where there is none.",
        action="Fill in the cell in {file}.",
    ),
    Expectation(
        name="finance_total_adds_up",
        table="finance_totals",
        severity="critical",
        characteristic="accuracy",
        gx=_NOTHING_SAID,
        arguments={"column": "off"},
        column="",
        found="text",
        means="A total that a finance file states is what its lines add up to, but for rounding.",
        message="{place}: {off} Expected them to agree.",
        action="Find the line that is wrong or missing in {file}, or leave the total out: the report works it out.",
    ),
    Expectation(
        name="finance_variance_is_forecast_less_plan",
        table="finance_lines",
        severity="critical",
        characteristic="accuracy",
        gx=_NOTHING_SAID,
        arguments={"column": "off_variance"},
        column="variance",
        found="off_variance",
        means="A variance that a finance file states is the forecast less the budget or target: above 0 for an "
        "overspend.",
        message="{file} row {row}, column variance ({line}): {off_variance} Expected them to agree.",
        action="Correct the amount that is wrong in {file}, or leave the variance out: the report works it out.",
    ),
    Expectation(
        name="finance_reserve_adds_up",
        table="finance_lines",
        severity="critical",
        characteristic="accuracy",
        gx=_NOTHING_SAID,
        arguments={"column": "off_balance"},
        column="forecast",
        found="off_balance",
        means="A reserve's opening balance and its movement come to its forecast closing balance.",
        message="{file} row {row}, column forecast ({line}): {off_balance} Expected them to agree.",
        action="Correct the amount that is wrong in {file}, or leave the movement out: the report works it out.",
    ),
    Expectation(
        name="finance_amount_has_its_sign",
        table="finance_amounts",
        severity="warning",
        characteristic="validity",
        gx=_NOTHING_SAID,
        arguments={"column": "odd_sign"},
        column="",
        found="text",
        means="Capital, savings, reserves and treasury amounts are not below 0, and a service's spending has the sign "
        "of its budget.",
        message="{place}: '{found}' of {line} {odd_sign}. Expected an amount with the usual sign.",
        action="Ask whoever sent the figure whether the sign is meant; correct it in {file} if it is not.",
    ),
    Expectation(
        name="finance_report_is_given",
        table="finance_reports",
        severity="warning",
        characteristic="completeness",
        gx=_NOTHING_SAID,
        arguments={"column": "absent"},
        column="",
        found="absent",
        means="A month that is one of finance_months has a finance report.",
        message="{file} ({month}): there is {absent}, though this month's report has a finance section. Expected at "
        "least revenue.csv.",
        action="Put the finance tables there, or correct finance_months in params/report.yml.",
    ),
    Expectation(
        name="finance_file_is_reported",
        table="finance_reports",
        severity="warning",
        characteristic="relevance",
        gx=_NOTHING_SAID,
        arguments={"column": "unread"},
        column="",
        found="unread",
        means="Finance files lie only in months that are among finance_months, for no other report shows them.",
        message="{file} ({month}) is not shown: this month's report has no finance section. Expected files only for "
        "the months of finance_months.",
        action="Move the file to its month, or add the month to finance_months in params/report.yml.",
    ),
    Expectation(
        name="finance_exception_has_commentary",
        table="finance_reports",
        severity="warning",
        characteristic="completeness",
        gx=_NOTHING_SAID,
        arguments={"column": "uncommented"},
        column="",
        found="uncommented",
        means="A finance table with an overspend, a shortfall, or a balance beyond its minimum or limit has "
        "commentary.",
        message="{file} ({month}): nothing is said about {uncommented}, beyond budget, target, minimum or limit. "
        "Expected commentary.",
        action="Write {file}: why it is so, and what is done about it.",
    ),
)


_POUNDS = MoneyStyle("pounds")
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
    for part in finance.tables:
        lines = finance.lines(part)
        serious = lines.loc[lines["status"].isin(_SERIOUS), "line"].tolist()
        silent = serious and part not in finance.commentary
        said = f"{', '.join(serious[:3])}{' …' if len(serious) > 3 else ''}" if silent else None
        rows.append({**nothing, "file": f"{folder}/{part}.md", "uncommented": said, "part": part})
    rows += [{**nothing, "file": file, "unread": file, "part": ""} for file in finance.unread]
    return _table(rows, [*nothing, "file", "part"])


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
    made = _POUNDS.words(forecast - plan)
    return f"the stated variance is {_POUNDS.words(stated)}, the forecast less the plan is {made}.{turned}"


def _off_balance(part, line):
    opening, moved, closing = (line.get(name) for name in ("opening", "movement", "forecast"))
    if part != "reserves" or None in (opening, moved, closing):
        return None
    if abs(opening + moved - closing) <= _rounding(opening, moved, closing):
        return None
    made = _POUNDS.words(opening + moved)
    return f"the opening balance and the movement come to {made}, not to {_POUNDS.words(closing)}."


def _off_total(amounts, stated):
    added = summed(amounts)
    if added is None or abs(added - stated) <= _rounding(stated, *amounts):
        return None
    return f"the stated total is {_POUNDS.words(stated)}, the lines add up to {_POUNDS.words(added)}."


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
        return f"has another sign than the budget, {_POUNDS.words(line['budget'])}"
    return None


TABLES = (finance_lines, finance_amounts, finance_totals, finance_reports)
