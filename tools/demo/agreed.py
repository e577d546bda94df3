"""Agreed: Fernmouth's indicators, targets, judgements and steps, and its settings."""

import csv
import io

import pandas as pd

from mpr_lib.actions.recorded import ACTIONS, QUESTIONS
from mpr_lib.book import tables
from mpr_lib.rules.months import FROM_APRIL
from tools.demo import COUNCIL, FIRST, LAST
from tools.demo.measured import MONTHS, chance, usual_course

YEARS = range(FROM_APRIL.of(MONTHS[0]), FROM_APRIL.of(MONTHS[-1]) + 1)
REPORTS = pd.period_range(FIRST, LAST, freq="M")
FINANCE_MONTHS = (3, 6, 9, 12)
CORRECTED = pd.Period("2025-11", freq="M")
"""The report that was issued again."""

NOTE = "Fernmouth does not exist. Its name, people, figures and comments are invented to show what this report can do."


def files(measured: list[dict], figures: dict) -> dict[str, str]:
    """The tables that somebody agreed, and the settings, by their paths."""
    return {
        "README.md": f"# {COUNCIL}\n\n{NOTE}\n\nMade by `mpr init DIR --demo`: the same bytes each time.\n",
        "params/report.yml": _SETTINGS.format(council=COUNCIL),
        "data/indicators.csv": text_of(_INDICATORS, [_indicator(row) for row in measured]),
        "data/targets.csv": text_of([*tables.TARGETS, "reported_from", "reason"], _targets(measured)),
        "data/stated_targets.csv": text_of(tables.STATED_TARGETS, _stated_targets(measured)),
        "data/judgements.csv": text_of(tables.JUDGEMENTS, _JUDGED),
        "data/step_changes.csv": text_of(tables.STEP_CHANGES, _STEPS),
        "data/comparisons.csv": text_of(tables.COMPARISONS, _comparisons(measured, figures)),
        "data/officers.csv": text_of(["managed_by", "email"], _addresses(measured)),
        "params/calendar.yml": _CALENDAR,
        "data/actions.csv": text_of(ACTIONS, _ACTIONS),
        "data/questions.csv": text_of(QUESTIONS, _QUESTIONS),
        "data/abbreviations.csv": "abbreviation,meaning\nNHS,National Health Service\n",
        **{f"params/{month}.yml": _month(month) for month in REPORTS},
    }


def _addresses(measured):
    """An address of each officer, at a place that no mail ever reaches."""
    for name in sorted({name for row in measured for name in tables.officers(row["managed_by"])}):
        yield [name, f"{name.lower().replace(' ', '.')}@example.org"]


def text_of(columns, rows) -> str:
    """A CSV file's text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def text(value: float, row: dict) -> str:
    """A figure as officers send it: 1,544 or 83.4%."""
    return f"{value:,.{row['decimals']}f}{'%' if row['unit'] == '%' else ''}"


def has_target(row: dict) -> bool:
    return row["target_low"] != ""


def annual(row: dict, year: int) -> tuple[float, float]:
    """Both ends of a year's target."""
    step = float(row["target_step"]) * (year - YEARS[0])
    low = float(row["target_low"]) + step
    return low, float(row["target_high"]) + step if row["target_high"] else low


_INDICATORS = [*tables.INDICATORS, "source", "due_month", "public"]


def _indicator(row):
    section = "PARTNERSHIP" if row["indicator_code"].startswith("FP") else "CORPORATE"
    return [section if column == "section" else row[column] for column in _INDICATORS]


def _targets(measured):
    for row in measured:
        for year in YEARS if has_target(row) else ():
            low, high = annual(row, year)
            # Nothing is known of the year before the first, whose course the target would follow.
            profile = "LINEAR" if row["profile"] == "LAST_YEAR" and year == YEARS[0] else row["profile"]
            start = row["baseline"] and f"{float(row['baseline']) + float(row['target_step']) * (year - YEARS[0]):g}"
            moved = year > YEARS[0] and float(row["target_step"]) != 0
            reason = "The borough plan asks for a little more each year" * moved
            cells = [row["indicator_code"], year, text(low, row), text(high, row), profile, start, row["tolerance"]]
            yield [*cells, "", "", "", reason]
            if year == YEARS[-1] and row["indicator_code"] in _CHANGED:
                ends, reported_from, reason = _CHANGED[row["indicator_code"]]
                yield [*cells[:2], ends, ends, *cells[4:], "", "", reported_from, reason]


_CHANGED = {
    "FB 1.7": ("80%", "2025-12", "The new contract asks for repairs in five days of 80 % (Cabinet, 9 December 2025)"),
    "FB 2.4": ("2,600", "2025-10", "Reports through the new app count since October (Cabinet, 14 October 2025)"),
}
"""Targets that were changed within the last year: one stays red, and one is green by it."""


def _stated_targets(measured):
    for row in measured:
        if row["profile"] != "STATED":
            continue
        shares = usual_course(row)
        for year in YEARS:
            low, _ = annual(row, year)
            for place, month in enumerate(FROM_APRIL.months(year)):
                stated = text(low if place == 11 else low * sum(shares[: place + 1]), row)
                yield [row["indicator_code"], month, stated, stated]


def _comparisons(measured, figures):
    """England and boroughs like Fernmouth, for the partnership's rates: a little off its own figures, and steadier."""
    for row in measured:
        if row["unit"] not in ("%", "per 1,000", "per 100,000") or not row["source"]:
            continue
        for month, value in figures[row["indicator_code"]].items():
            for comparator, share in (("England", 0.93), ("Coastal boroughs like ours", 1.03)):
                draw = chance(row["indicator_code"], comparator, month).gauss(0, 0.006)
                steady = 0.5 * (row["level"] + value) * (share + draw)
                steady = min(steady, 99.0) if row["unit"] == "%" else steady
                yield [row["indicator_code"], month, comparator, text(steady, row), row["source"]]


_JUDGED = [
    ["FB 3.6", "2025-12", "2026-03", "ON_COURSE", "Six surgeries send their figures once a year, in January, and have "
     "helped more than a hundred people", "Director of Adults and Health", "2026-01-09"],
    ["FB 3.5", "2025-11", "2026-03", "AT_RISK", "The NHS trust has sent nothing since August; our own records show "
     "fewer people in settled homes than last year", "Director of Adults and Health", "2025-12-11"],
    ["FB 5.1", "2025-12", "", "SOME_SLIPPAGE", "Three large accounts that were paid are in dispute",
     "Head of Revenues", "2026-01-12"],
    ["FB 2.8", "2024-09", "2024-12", "ON_COURSE", "Two heat pumps run from October", "Energy Manager", "2024-10-09"],
]  # fmt: skip

_STEPS = [
    ["FB 2.4", "2024-04", "The recycling centre began to charge", "Head of Place", "2024-05-10", ""],
    ["FB 4.8", "2024-04", "A second repairs crew works on empty homes alone", "Head of Housing and Communities",
     "2024-05-14", ""],
    ["FB 5.4", "2024-10", "An evening line opened", "Head of Resources", "2024-11-12", ""],
    ["FB 4.2", "2024-10", "A new fund for deposits opened", "Head of Housing and Communities", "2025-02-11", "2025-02"],
    ["FB 2.3", "2025-06", "New routes began in all wards", "Head of Place", "2025-09-09", "2025-09"],
]  # fmt: skip
"""Changes of level that somebody recorded, some of them months after they had shown."""


_ACTIONS = [
    ["A-1", "FB 1.7", "A second crew of the contractor goes out after storms", "Head of Place", "2025-02-28",
     "Lights repaired within five days again by spring", "OPEN", "2024-12", "", ""],
    ["A-1", "FB 1.7", "", "", "", "", "DONE", "2025-03", "2025-02", "The crew began on 17 February"],
    ["A-2", "FB 3.6", "A bus with advisers visits the estates", "Director of Adults and Health", "2025-10-31",
     "Thirty more people a month", "OPEN", "2025-04", "", ""],
    ["A-3", "FB 1.2", "The edge-of-care team works at weekends", "Head of Children and Learning", "2025-09-30",
     "Five fewer children come into care each quarter", "OPEN", "2025-05", "", ""],
    ["A-4", "FB 2.4", "Cameras stand at the five worst places", "Head of Place", "2025-11-30",
     "A fifth fewer fly-tips there", "OPEN", "2025-06", "", ""],
    ["A-5", "FB 4.1", "The council buys twenty homes", "Head of Housing and Communities", "2025-10-31",
     "Twenty households leave temporary accommodation", "OPEN", "2025-07", "", ""],
    ["A-6", "FB 2.3", "Supervisors ride with the four crews that miss most", "Head of Place", "2026-02-28", "", "OPEN",
     "2025-10", "", ""],
    ["A-3", "FB 1.2", "", "", "2026-03-31", "", "", "2025-10", "", "Two posts could be filled only in September"],
    ["A-7", "FB 5.6", "One officer answers all complaints about bins", "Head of Resources", "2026-03-31",
     "Nine of ten complaints answered in time", "OPEN", "2025-11", "", ""],
    ["A-8", "FB 4.4", "The fire certificates of both conversions are asked for every week",
     "Head of Housing and Communities", "2026-01-31", "Fourteen homes", "OPEN", "2025-12", "", ""],
    ["A-4", "FB 2.4", "", "", "", "", "DONE", "2025-12", "2025-11", "All five stand since 24 November"],
    ["A-2", "FB 3.6", "", "", "", "", "DROPPED", "2025-12", "", "No driver was found; surgeries do it instead"],
]  # fmt: skip
"""What somebody promised, and by later rows what became of it: done, late, dropped, carried over, put off, new."""

_QUESTIONS = [
    ["Q-1", "Place Scrutiny", "2025-10-09", "FB 2.4", "Take the weigh-in charge away for small loads.",
     "RECOMMENDATION", "", "Head of Place", "2025-11-30", "", "", ""],
    ["Q-2", "People Scrutiny", "2025-11-06", "FB 1.2", "How many of the children who came into care this year live "
     "more than 20 miles from home?", "", "", "Director of Children and Learning", "2025-12-01", "", "", ""],
    ["Q-1", "Place Scrutiny", "2025-10-09", "FB 2.4", "", "", "Accepted: loads below 50 kg are free from February.", "",
     "", "2025-12-04", "", ""],
    ["Q-3", "Resources Scrutiny", "2025-12-11", "", "When does the customer service centre open on Saturdays?", "", "",
     "Head of Resources", "2026-02-12", "", "", ""],
]  # fmt: skip


def _month(month):
    made = month + 1
    lines = [f"month: {month}"]
    if month == CORRECTED:
        lines += [
            "version: V1.1",
            "corrections:",
            "  - version: V1.1",
            "    date: 2025-12-22",
            "    what: Calls answered (FB 5.4) were counted without those of the evening line.",
            "generated: 2025-12-22T09:30:00",
        ]
    else:
        lines += ["version: V1.0", f"generated: {made}-18T10:00:00"]
    return "\n".join([*lines, "notes:", f"  - {NOTE}", ""])


_CALENDAR = """\
# When scrutiny committees meet about each month's report, and by how many days before each step is done.
before: {return: 20, chase: 16, approve: 12, freeze: 9, publish: 7}
meetings:
  - {month: 2025-10, date: 2025-11-25, committee: People Scrutiny}
  - {month: 2025-10, date: 2025-11-26, committee: Place Scrutiny}
  - {month: 2025-10, date: 2025-11-27, committee: Resources Scrutiny}
  - {month: 2025-11, date: 2026-01-06, committee: People Scrutiny}
  - {month: 2025-11, date: 2026-01-07, committee: Place Scrutiny}
  - {month: 2025-11, date: 2026-01-08, committee: Resources Scrutiny}
  - {month: 2025-12, date: 2026-01-27, committee: People Scrutiny}
  - {month: 2025-12, date: 2026-01-28, committee: Place Scrutiny}
  - {month: 2025-12, date: 2026-01-29, committee: Resources Scrutiny}
  - {month: 2026-01, date: 2026-02-24, committee: People Scrutiny}
  - {month: 2026-01, date: 2026-02-25, committee: Place Scrutiny}
  - {month: 2026-01, date: 2026-02-26, committee: Resources Scrutiny}
"""

_SETTINGS = """\
# {council}: nothing here is real.
council: {council}
title: Monthly Performance Report
publisher: Performance and Insight Team
contacts:
  - name: Nia Trewin
    email: nia.trewin@fernmouth.example
    phone: "01632 960155"
  - name: Sam Bosanko
    email: sam.bosanko@fernmouth.example
    phone: "01632 960178"
alternative_format: If you need this report in another format, please ask one of the contacts named here.

aims:
  - name: A safe borough
    priorities:
      - Children and adults who need protection get it in time.
      - Streets, food and buildings are safe.
  - name: A green borough
    priorities:
      - Less waste, and more of it recycled.
      - Clean streets and beaches.
      - A council without carbon emissions by 2035.
  - name: Healthy lives
    priorities:
      - People live at home, independently, for as long as they wish.
      - Everybody can be active and well.
  - name: Homes and jobs
    priorities:
      - A decent home for everybody, and nobody without one.
      - Room for businesses to grow.
  - name: A council that works
    priorities:
      - Residents get an answer the first time.
      - Money is collected and spent with care.

departments:
  - Children and Learning
  - Adults and Health
  - Place
  - Housing and Communities
  - Resources
committees:
  - name: People Scrutiny
    spellings: [People Scrutiny Committee]
  - name: Place Scrutiny
    spellings: [Place Scrutiny Committee]
  - name: Resources Scrutiny
    spellings: [Policy and Resources Scrutiny]

sections:
  - code: CORPORATE
    name: Corporate Performance Indicators
  - code: PARTNERSHIP
    name: Partnership Indicators
    themes: [Health and Wellbeing, Local Economy, Community Safety]

default_tolerance: 0.05
finance_months: [3, 6, 9, 12]
keep_returns: true
trace: true
"""
