"""Money: Fernmouth's finance report of each quarter."""

from mpr_lib.rules.months import FROM_APRIL
from tools.demo.agreed import FINANCE_MONTHS, REPORTS, text_of
from tools.demo.measured import chance

REVENUE = [
    # service, the year's budget in pounds, the share of it by which the year ends above or below
    ("Children and Learning", 48_200_000, 0.031),
    ("Adults and Health", 61_900_000, 0.012),
    ("Place", 22_450_000, -0.006),
    ("Housing and Communities", 9_800_000, 0.006),
    ("Resources", 14_350_000, -0.021),
    ("Planning fees and parking income", -6_400_000, -0.034),
]
CAPITAL = [
    ("School places", "Children and Learning", 11_200_000, -0.08),
    ("Harbour wall", "Place", 8_900_000, 0.002),
    ("Homes bought for families without one", "Housing and Communities", 6_500_000, -0.02),
    ("Heat pumps in public buildings", "Resources", 2_750_000, 0.045),
]
SAVINGS = [
    ("Fewer agency social workers", "Children and Learning", 1_400_000, -0.28),
    ("One contract for home care", "Adults and Health", 1_850_000, 0.0),
    ("LED street lights", "Place", 420_000, 0.05),
    ("Offices shared with the police", "Resources", 610_000, -0.01),
]
RESERVES = [
    ("General Fund balance", 11_200_000, -0.09, 10_000_000),
    ("Business rates reserve", 4_300_000, -0.12, None),
    ("Climate fund", 2_600_000, -0.31, 1_500_000),
]
TREASURY = [
    ("Investments", 38_500_000, 4.6, 60_000_000),
    ("Borrowing from the Public Works Loan Board", 96_400_000, 3.4, None),
    ("All external debt", 103_700_000, None, 135_000_000),
]
_SUMMARY = """\
---
role: Director of Finance (Section 151 officer)
---
Services are forecast to spend more than their budgets by the end of the year, most of all on
**children's placements**. Every director has a plan to bring spending back, and posts that can wait stay vacant. What
is still missing in March will come from the General Fund balance.
"""
_REVENUE = """\
The forecast for Children and Learning assumes that no more children need a place outside the borough. Income from
parking was better than expected over the summer.
"""
_CAPITAL = """\
The price of heat pumps in public buildings rose after the tender. The rest of the programme pays for it.
"""
_SAVINGS = """\
Fewer agency social workers: recruitment goes more slowly than planned, and the saving will be made a year later.
"""


def files() -> dict[str, str]:
    """The finance files of every report that has a finance section."""
    found = {}
    for month in REPORTS:
        if month.month in FINANCE_MONTHS:
            found |= {f"data/finance/{month}/{name}": text for name, text in _month(month).items()}
    return found


def _month(month):
    gone, growth = FROM_APRIL.month_number(month) / 12, 1.028 ** (FROM_APRIL.of(month) - 2022)
    draw = chance("finance", month)

    def pounds(amount):
        return f"{round(amount, -2):,.0f}"

    def lines(known):
        for *names, plan, share in known:
            year = round(plan * growth, -4)
            forecast = year * (1 + share * (0.6 + 0.4 * gone)) + draw.gauss(0, 0.0015) * abs(year)
            yield [*names, pounds(year), pounds(forecast * gone * draw.uniform(0.95, 1.0)), pounds(forecast)]

    revenue = list(lines(REVENUE))
    total = [sum(int(line[place].replace(",", "")) for line in revenue) for place in (1, 2, 3)]
    reserves = [
        [name, pounds(start), pounds(start * share), pounds(round(start, -2) + round(start * share, -2)),
         pounds(least) if least else ""]
        for name, start, share, least in RESERVES
    ]  # fmt: skip
    treasury = [
        [
            line,
            pounds(balance * draw.uniform(0.97, 1.03)),
            f"{rate:.2f}%" if rate else "",
            pounds(limit) if limit else "",
        ]
        for line, balance, rate, limit in TREASURY
    ]
    return {
        "revenue.csv": text_of(
            ["service", "budget", "actual", "forecast"], [*revenue, ["Total", *(f"{each:,}" for each in total)]]
        ),
        "capital.csv": text_of(["scheme", "service", "budget", "actual", "forecast"], lines(CAPITAL)),
        "savings.csv": text_of(["saving", "service", "target", "delivered", "forecast"], lines(SAVINGS)),
        "reserves.csv": text_of(["reserve", "opening", "movement", "forecast", "minimum"], reserves),
        "treasury.csv": text_of(["line", "balance", "rate", "limit"], treasury),
        "summary.md": _SUMMARY,
        "revenue.md": _REVENUE,
        "capital.md": _CAPITAL,
        "savings.md": _SAVINGS,
    }
