"""Frames: what each suite looks at, a row for each thing received with what was read of it beside its texts.

Every frame has a RangeIndex and the columns indicator_code, month, file and row, so that a finding can say where it
stands. A text that is empty is missing, but for the code of an indicator. A column that no file has, such as
``is_revision``, is there only where an expectation needs what other returns or months say.
"""

import re
from functools import cache
from itertools import compress
from pathlib import Path

import numpy as np
import pandas as pd

from mpr_lib import words
from mpr_lib.annexes import brought
from mpr_lib.book.book import revisions_of
from mpr_lib.book.commentary import comment_before, comment_file
from mpr_lib.book.returns import later_corrections
from mpr_lib.book.tables import BASES, FREQUENCIES, committees, officers
from mpr_lib.book.workspace import MONTH
from mpr_lib.checks.agreed import of_months, of_years
from mpr_lib.checks.claimed import praised
from mpr_lib.checks.commentary import SAID_WRONGLY, comment_facts, said_wrongly
from mpr_lib.checks.series import is_change, scale
from mpr_lib.checks.suites import delivered, file_of
from mpr_lib.rules.comparing import COMPARED_WITH, decimals_of, follows_from_parts, made_of_parts
from mpr_lib.rules.months import at_months, is_among, is_due, last_due
from mpr_lib.rules.outcome import FROM_RATING, JUDGED, is_exception, standing_judgements
from mpr_lib.rules.owed import SETTLED, owed_values
from mpr_lib.rules.points import CHARTED
from mpr_lib.rules.rating import NEVER_WRONG, POLARITIES, RATINGS, beyond_target, rating_named, rule_of_each
from mpr_lib.rules.targets import PROFILES, targets_by_month, with_target
from mpr_lib.rules.values import figure_text, format_number, unit_of, units_agree

READ = re.compile(
    r"data/(indicators|targets|stated_targets|judgements|abbreviations|comparisons|step_changes|public_matches)\.csv"
    rf"|data/imports\.yml|data/returns/{MONTH.pattern}(\.v[\d.]+|\.sources)?\.csv|data/finance/.+"
    r"|data/received/[0-9a-f]{64}\.\w+"
    r"|data/(officers|sent)\.csv"
    rf"|data/commentary/{MONTH.pattern}/[^/]+\.md|params/(report|expectations|{MONTH.pattern})\.yml"
)
"""The files of a workspace that some month's report, or a command, reads."""
ABOUT = ("readme", "licence", "license", "changelog")
"""Files for people who look into the folder."""

PRINTED = ("council", "title", "language", "publisher", "contacts", "aims", "sections")
"""Settings that no report can do without."""

WORDS = {
    "indicators": ("polarity", "basis", "frequency", "section", "aim"),
    "targets": ("profile",),
    "judgements": ("expected_outcome",),
}
"""Columns whose word must be one of a set: an empty one stays a text there, for Great Expectations passes over what is
missing."""


def frames(book, scorecard: pd.DataFrame, history: pd.DataFrame, changes=()) -> dict:
    """Every batch by name, each as a function without arguments that makes its frame, so that one can fail alone.

    ``changes`` are what the workspace expects otherwise.
    """
    makers = {
        "indicators": lambda: indicators(book, scorecard),
        "targets": lambda: targets(book, history),
        "amber_limits": lambda: amber_limits(book),
        "stated_targets": lambda: stated_targets(book, history),
        "returns": lambda: returns(book, scorecard, history),
        "judgements": lambda: judgements(book, scorecard),
        "comments": lambda: comments(book, scorecard, history),
        "comparisons": lambda: comparisons(book),
        "step_changes": lambda: book.recorded_steps.assign(last_likely=book.last_likely),
        "scorecard": lambda: shown(book, scorecard, changes),
        "settings": lambda: settings(book, scorecard, changes),
    }
    for annex in brought("checks").values():
        makers |= annex.frames(book, scorecard, history)
    return {name: lambda name=name, make=make: _batch(make(), WORDS.get(name, ())) for name, make in makers.items()}


def parameters(book) -> dict:
    """What the suites' ``$names`` stand for: what only this book knows."""
    settings, shown_months = book.settings, months_shown(book)
    themes = [theme for section in settings.sections for theme in section.themes]
    departments = book.indicators["department"].unique()
    own = {
        "indicator_codes": [
            code for each in (book, book.others) for code in each.indicators["indicator_code"].unique() if code
        ],
        "polarities": list(POLARITIES),
        "bases": list(BASES),
        "frequencies": list(FREQUENCIES),
        "charted": list(CHARTED),
        "compared_with": list(COMPARED_WITH),
        "profiles": list(PROFILES),
        "sections": [section.code for section in settings.sections],
        "sections_with_themes": [section.code for section in settings.sections if section.themes],
        "aims": [aim.name for aim in settings.aims] + themes,
        # What the settings list, or where they list nothing whatever is found; empty is another's business.
        "departments": [*(settings.departments or departments), settings.no_single_department, ""],
        "last_likely_year": settings.years.of(book.month) + 1,
        "judged_outcomes": list(JUDGED),
        "no_single_department": [settings.no_single_department],
        "other_codes": sorted(set(book.others.indicators["indicator_code"]) - set(book.indicators["indicator_code"])),
        "years": _years_known(book),
        "later_months_shown": [str(month) for month in shown_months[1:]],
        "year": [settings.years.starts, settings.years.named],
        "own_words": dict(settings.no_value_words),
        "year_starts": settings.years.starts,
        "reporting_month": str(book.month),
        "unapproved": {"refuse": "critical", "mark": "warning", "allow": "info"}[settings.publish_unapproved],
    }
    return own | {name: value for annex in brought("checks").values() for name, value in annex.parameters(book).items()}


def _years_known(book):
    """The financial years that data/targets.csv has, those of figures, this one and the next five."""
    years, agreed = book.settings.years, book.targets[~_stated_alone(book)]
    received, now = years.of(book.returns["month"].dropna()), years.of(book.month)
    return sorted({*agreed["financial_year"].dropna().astype(int), *received, *range(now, now + 6)})


def _stated_alone(book):
    """Which of the targets stand in data/stated_targets.csv alone."""
    return book.targets["file"].isin(book.stated_targets["file"])


def months_shown(book) -> pd.PeriodIndex:
    """The 24 months that the report shows: last financial year and this one."""
    years = book.settings.years
    year = years.of(book.month)
    return years.months(year - 1).append(years.months(year))


def _batch(frame, words=()):
    """A frame with a RangeIndex and all that a finding needs, its empty texts missing but for the words of a set."""
    frame = frame.reset_index(drop=True)
    absent = {"indicator_code": "", "file": "", "row": np.nan, "month": pd.Series(pd.NaT, frame.index, "period[M]")}
    frame = frame.assign(**{name: value for name, value in absent.items() if name not in frame})
    texts = [name for name in frame.select_dtypes(["object", "str"]) if name not in ("indicator_code", *words)]
    return frame.assign(**{name: frame[name].astype(object).mask(frame[name].isin([""])) for name in texts})


def _with_described(frame, book, *columns):
    """The frame with columns of its indicators' first descriptions, missing where a code is no indicator's."""
    described = book.indicators.drop_duplicates("indicator_code")
    return frame.merge(described[["indicator_code", *columns]], on="indicator_code", how="left")


def indicators(book, scorecard) -> pd.DataFrame:
    """data/indicators.csv, how many officers each row names, and whether it had a target last year and has one now.

    What is due every two years had its last target two years ago. Of the indicators that are not in the report only
    those whose life makes no sense, or whose code is another's too. ``lowest`` and ``highest`` are the least and the
    greatest of the month's target and its amber limits, which a gauge is to hold.
    """
    years, year = book.settings.years, book.settings.years.of(book.month)
    now, before, earlier = (with_target(book.targets, book.stated_targets, year - back, years) for back in range(3))
    every = pd.concat([book.indicators, book.others.indicators]).sort_values("row")
    every = every.assign(end_year=years.of(every["last_month"]).where(every["last_month"].notna()))
    doubtful = every.duplicated("indicator_code", keep=False) | (every["end_year"] < every["year_introduced"])
    doubtful |= every["year_introduced"] > year + 1
    frame = every[doubtful | every["row"].isin(book.indicators["row"])]
    due = [is_due(frame, pd.Series(month, frame.index), years) for month in years.months(year)]
    since = frame["definition_break"].astype(str).where(frame["definition_break"].notna())
    codes, every_two = frame["indicator_code"], frame["frequency"] == "TWO_YEARLY"
    listed = {each.name for each in book.settings.committees}
    unlisted = [", ".join(each for each in committees(cell) if listed and each not in listed)
                for cell in frame["scrutiny_committee"]]  # fmt: skip
    bands = scorecard.set_index("indicator_code")[["target_low", "target_high", "amber_low", "amber_high"]]
    ends = pd.DataFrame({"lowest": bands.min(axis=1), "highest": bands.max(axis=1)})
    ends = ends[~ends.index.duplicated()].reindex(codes).set_axis(frame.index)
    for end in ("lowest", "highest"):
        pairs = zip(ends[end], frame["unit"], strict=True)
        ends[f"{end}_text"] = [format_number(number, None, unit) for number, unit in pairs]
    return frame.assign(
        **ends, unlisted_committees=unlisted, year_said=frame["year_introduced"].map("{:.0f}".format),
        officers=frame["managed_by"].map(lambda text: len(officers(text))), definition_since=since,
        had_target=codes.isin(before).where(~every_two, codes.isin(earlier)), has_target=codes.isin(now),
        is_due=np.any(due, axis=0), last_year=np.where(every_two, years.label(year - 2), years.label(year - 1)),
        year=years.label(year), this_year=year, targets_file="data/targets.csv",
    )  # fmt: skip


def _recorded(recorded, standing):
    """All targets that were recorded, which of them stand this month, and the row that these came in place of."""
    place = ["file", "row"]
    frame = recorded.merge(standing[[*place, "was_row"]].assign(stands=True), on=place, how="left")
    return frame.assign(
        stands=frame["stands"].eq(True), first_report=frame["reported_from"].astype(str).fillna("first")
    )


def targets(book, history) -> pd.DataFrame:
    """data/targets.csv, the unit beside its figures, and of a stated profile of this year how many months are stated.

    Of those in which a figure is due (``months_due``) ``silent`` names the ones that are not, ``first_silent`` the
    first of them from the reporting month on. Years that data/stated_targets.csv alone has are there too, without the
    annual target, which is checked as a stated one.
    ``profile_said`` is missing where the profile is one by default, ``doubt`` what of a target can hardly be meant.
    """
    years = book.settings.years
    this_year = years.of(book.month)
    alone = book.targets[_stated_alone(book) & book.targets["indicator_code"].isin(book.indicators["indicator_code"])]
    annual = [column for column in alone if column.startswith("annual_target")]
    alone = alone.assign(stands=True, **{name: "" if "text" in name else np.nan for name in annual})
    agreed = pd.concat([_recorded(book.recorded_targets, book.targets), alone], ignore_index=True)
    about = ("polarity", "basis", "charted", "accumulate", "unit", "managed_by", "definition_break")
    life = ("frequency", "due_month", "year_introduced", "last_month")
    frame = _with_described(agreed, book, *about, *life).assign(last_likely=book.last_likely)
    stated = book.stated_targets[book.stated_targets["target_low"].notna()].groupby("indicator_code")["month"]
    known = {code: set(months) for code, months in stated}
    twelve, said = list(years.months(this_year)), cache(words.months_text)
    is_asked = np.column_stack([is_due(frame, pd.Series(month, frame.index), years) for month in twelve])
    due = [list(compress(twelve, each)) for each in is_asked]
    silent = [
        tuple(month for month in months if month not in known.get(code, ()))
        for code, months in zip(frame["indicator_code"], due, strict=True)
    ]
    to_come = set(twelve) & {book.month + ahead for ahead in range(12)}
    ahead = [next((month for month in months if month in to_come), next(iter(months), pd.NaT)) for months in silent]
    begins = {year: years.months(int(year))[0] for year in frame["financial_year"].dropna().unique()}
    frame = _with_unit(frame, "annual_target_low", "annual_target_high", "baseline", "amber_low", "amber_high").assign(
        is_this_year=frame["stands"] & (frame["financial_year"] == this_year),
        is_shown=frame["stands"] & (frame["financial_year"] >= this_year - 1),
        accumulate=frame["accumulate"].eq(True),
        profile_said=frame["profile"].where(frame["profile_text"] != ""),
        profile_column=np.where(frame["file"].isin(book.stated_targets["file"]), "month", "profile"),
        year=years.label(this_year),
        year_begins=[begins.get(year, pd.NaT) for year in frame["financial_year"]],
        months_due=[len(months) for months in due],
        months_stated=[len(months) - len(missing) for months, missing in zip(due, silent, strict=True)],
        silent=[said(months) for months in silent],
        first_silent=pd.PeriodIndex(ahead, freq="M"),
        reporting_month=book.month,
    )
    return frame.join(of_years(frame, book, history))


def amber_limits(book) -> pd.DataFrame:
    """The amber limits that data/targets.csv states, each month by month beside the target that it belongs to.

    ``limit`` is its column, ``polarity_uses`` whether that side of target can be wrong, ``is_beyond`` whether it lies
    there.
    """
    years, limits = book.settings.years, ["amber_low", "amber_high"]
    is_shown = book.targets["financial_year"] >= years.of(book.month) - 1
    stated = book.targets[book.targets[limits].notna().any(axis=1) & is_shown]
    first = pd.Series(
        [years.months(int(year))[0] for year in stated["financial_year"]], stated.index, dtype="period[M]"
    )
    months = [stated.assign(month=first + n) for n in range(12)]
    known = ["indicator_code", "month", "file", "row", *(f"{limit}_text" for limit in limits)]
    grid = _with_described(pd.concat(months)[known], book, "polarity", "decimals", "unit").fillna({"unit": ""})
    grid = targets_by_month(grid, book.targets, book.stated_targets, book.values, years)
    beyond = beyond_target(grid)
    sides = [
        grid.assign(limit=limit, limit_text=grid[f"{limit}_text"], is_beyond=beyond[limit],
                    polarity_uses=grid["polarity"] != NEVER_WRONG[limit])[grid[limit].notna()]
        for limit in limits
    ]  # fmt: skip
    return pd.concat(sides)


def stated_targets(book, history) -> pd.DataFrame:
    """data/stated_targets.csv beside the annual targets of its indicators and years."""
    years = book.settings.years
    about = ("polarity", "basis", "charted", "unit", "managed_by", "definition_break")
    frame = _with_described(_recorded(book.recorded_stated_targets, book.stated_targets), book, *about)
    dated = frame["month"].notna()
    year = years.of(frame["month"].where(dated, book.month)).astype(float).where(dated)
    annual = ["annual_target_low", "annual_target_high", "annual_target_low_text"]
    agreed = book.targets.drop_duplicates(["indicator_code", "financial_year"], keep="last")
    agreed = agreed[["indicator_code", "financial_year", *annual]]
    frame = frame.assign(financial_year=year).merge(agreed, on=["indicator_code", "financial_year"], how="left")
    places = frame["target_low_text"].str.extract(r"\.(\d+)")[0].str.len().fillna(0)
    of_year = frame["stands"] & (frame["financial_year"] == years.of(book.month))
    known = frame["annual_target_low"].notna() | frame["annual_target_high"].notna()
    frame = _with_unit(frame, "target_low", "target_high").assign(
        is_this_year=of_year & known,
        **{column: frame[column].where(of_year) for column in annual},
        month_number=years.month_number(frame["month"].where(dated, book.month)),
        last_place=10.0 ** -places.groupby([frame["indicator_code"], of_year]).transform("max"),
        previous_month=frame["month"] - 1,
        last_likely=book.last_likely,
    )
    return frame.join(of_months(frame, book, history))


def returns(book, scorecard, history) -> pd.DataFrame:
    """Every figure received, which of them stand, which are new, which revise one that was published, what the parts of
    a rate make, and whether it is on the scale of its target and of its own history.
    """
    years, shown_months = book.settings.years, months_shown(book)
    described = ["basis", "unit", "decimals", "charted", "accumulate", "frequency", "due_month", "definition_break"]
    frame = _with_described(book.returns, book, *described, "managed_by")
    frame = frame.merge(scorecard[["indicator_code", "profile"]], on="indicator_code", how="left")
    frame["accumulate"] = frame["accumulate"].eq(True)
    ended = book.others.indicators.drop_duplicates("indicator_code").set_index("indicator_code")["last_month"]
    rows = pd.MultiIndex.from_frame(frame[["file", "row"]])
    revised = revisions_of(book)
    was = dict(zip(zip(revised["file"], revised["row"], strict=True), revised["was_text"], strict=True))
    dated = frame["month"].where(frame["month"].notna(), book.month)
    stands = is_among(frame, book.values, ["file", "row"])
    frame = _with_unit(frame, "value").assign(
        financial_year=years.of(dated),
        month_number=years.month_number(dated),
        definition=(frame["month"] >= frame["definition_break"]).astype(int),
        is_due=is_due(frame, dated, years),
        is_shown=frame["month"] >= shown_months[0],
        stands=stands,
        is_new=(frame["received"] > _last_report(book)) & (frame["month"] >= shown_months[0]),
        is_revision=[place in was for place in rows],
        was_text=[was.get(place) for place in rows],
        last_month=ended.reindex(frame["indicator_code"]).set_axis(frame.index),
        is_change=is_change(frame, book),
        **_of_parts(frame, stands & frame["frequency"].notna()),
    )
    known = frame[stands & frame["number"].notna()]
    return frame.join(scale(known, book, history)).join(_stated_ratings(known[known["is_new"]], scorecard, history))


def _stated_ratings(rows, scorecard, history):
    """The rating that came with each figure, the report's own, unless the first is what somebody judged, and its words.

    Missing where a figure came without one, or has none here; ``beside_target`` is how the figure stands.
    """
    rows = rows[rows["stated_rating"] != ""]
    of_card = scorecard.drop_duplicates("indicator_code").rename(columns={"latest_month": "month"})
    facts = ["rating", "value", "target_low", "target_high", "variance", "unit", "amber_low", "amber_high"]
    own = at_months(history, facts, rows["indicator_code"], rows["month"])
    judged = at_months(of_card, ["expected_outcome"], rows["indicator_code"], rows["month"])["expected_outcome"]
    stated = rows["stated_rating"].map(rating_named)
    rated = own["rating"].where(own["rating"].isin(RATINGS[:3]) & (stated.map(FROM_RATING) != judged))
    return pd.DataFrame({
        "rating_stated": stated, "rating_here": rated, "rating_words": rated.map(words.RATINGS),
        "beside_target": [words.rated_by(row) for row in own.itertuples()],
    })  # fmt: skip


def _last_report(book):
    """The month of the newest report before this one: a month with params of its own."""
    shown_months = months_shown(book)
    months = (book.month - back for back in range(1, len(shown_months)))
    place = book.workspace
    return next((month for month in months if place.has(place.month_settings(month))), shown_months[0] - 1)


def _of_parts(frame, known):
    """How many parts came with each figure, and what they make: the figure itself where it follows but for rounding.

    They are asked for too where nothing came but one of them, or two that make no figure.
    """
    known &= frame["number"].notna() | (frame["no_value_reason"] == "NOT_SUPPLIED")
    given = frame["numerator"].notna().astype(int) + frame["denominator"].notna()
    number = pd.Series(np.nan, frame.index)
    said = pd.Series(None, frame.index, dtype=object)
    for row in frame[known & (given == 2) & (frame["denominator"] != 0)].itertuples():
        places = decimals_of(figure_text(row.value_text))
        made = float(made_of_parts(row.numerator, row.denominator, row.unit) or 0)
        follows = follows_from_parts(row.number, row.numerator, row.denominator, row.unit, places)
        number[row.Index] = row.number if follows else made
        said[row.Index] = format_number(made, max(places, 1))
    return {"parts_given": given.where(known, 0), "number_of_parts": number, "parts_make": said}


def _with_unit(frame, *columns):
    """The unit beside each row's figures: ``unit_read`` is the indicator's own where they agree, missing without one.

    Of several columns the first tells whose unit is another, else the first with one: ``unit_text`` is the text that it
    stands in, ``unit_column`` its name.
    """
    unit = frame["unit"].replace("", "number")
    told = pd.concat([_beside(frame, column, unit) for column in columns])
    told = told.sort_values("says", ascending=False, kind="stable").drop(columns="says")
    return frame.assign(unit=unit, **told[~told.index.duplicated()].reindex(frame.index))


def _beside(frame, column, unit):
    """The unit beside the figures of one column; ``says``: 2 where it is another than the indicator's, 1 where not."""
    text = frame[f"{column}_text"]
    found = frame["unit_found"] if column == "value" else text.map(unit_of)
    pairs = found.tolist(), unit.fillna("").tolist()
    agrees = pd.Series(list(map(cache(units_agree), *pairs)), frame.index, bool)
    given = found.ne("") & unit.notna()
    read = unit.astype(object).where(agrees, found).where(given, None)
    says = given.astype(int) + (given & ~agrees)
    return pd.DataFrame({"unit_read": read, "unit_text": text, "unit_column": column, "says": says})


def judgements(book, scorecard) -> pd.DataFrame:
    """data/judgements.csv, which of them stand this month, and the outcome that the rating alone would give."""
    frame = book.judgements
    standing = standing_judgements(book.judgements, book.month)
    of_card = scorecard.drop_duplicates("indicator_code").set_index("indicator_code")
    outcome = frame["indicator_code"].map(of_card["expected_outcome"])
    rated = frame["indicator_code"].map(of_card["rating"].map(FROM_RATING))
    stands = is_among(frame, standing, ["file", "row", "indicator_code"]) & outcome.notna()
    until = frame["until"].fillna(frame["month"])
    now = frame[(frame["month"] <= book.month) & (until >= book.month) & (frame["date_text"] != "")]
    others = now.groupby(["indicator_code", "date_text"])["expected_outcome"].transform("nunique")
    return frame.assign(
        differs=(others > 1).reindex(frame.index, fill_value=False),
        outcome=outcome, rated=rated, stands=stands, reporting_month=book.month, last_likely=book.last_likely,
        outcome_words=outcome.map(_OUTCOMES), rated_words=rated.map(_OUTCOMES),
    )  # fmt: skip


def comments(book, scorecard, history) -> pd.DataFrame:
    """The month's comments with what their words get wrong of the figures, by kind (``SAID_WRONGLY``).

    ``previous_month`` is that of the comment before, ``stands`` how the figure stands against its target, in words.
    """
    commented = scorecard[scorecard["commentary"] != ""]
    rows = {row.indicator_code: row for row in commented.itertuples()}
    months = dict(tuple(history[history["indicator_code"].isin(rows)].groupby("indicator_code")))
    found, acted_on = [], {code for acts in brought("acts").values() for code in acts(book)}
    for comment in book.commentary.itertuples():
        code = comment.indicator_code
        said = {}
        if code in rows:
            row = rows[code]
            before = comment_before(book.workspace, code, book.month)
            facts = comment_facts(row, months[code], (), before, code in acted_on)
            said = {"managed_by": row.managed_by, "previous_month": facts.previous_month}
            said |= {"stands": words.distance_words(row), **said_wrongly(row.commentary, facts)}
        said |= {"unapproved": _UNAPPROVED.get(comment.unapproved)}
        found.append({"indicator_code": code, "month": book.month, "file": comment.file, **said})
    columns = ["indicator_code", "month", "file", "unapproved", "managed_by", "previous_month", "stands", *SAID_WRONGLY]
    return pd.DataFrame(found, columns=columns).astype({"previous_month": "period[M]"})


_OUTCOMES = {code: words.lowered(name) for code, name in words.OUTCOMES.items()}
_UNAPPROVED = {
    "DRAFT": "the comment is a draft (state: draft).",
    "CHANGED": "the comment was changed after its approval, which is void.",
    "NOT_APPROVED": "nobody has approved the comment, and approval is required.",
}


def comparisons(book) -> pd.DataFrame:
    """data/comparisons.csv with the units of its indicators."""
    return _with_unit(_with_described(book.comparisons, book, "unit"), "value")


def shown(book, scorecard, changes) -> pd.DataFrame:
    """The scorecard: the month for which a figure is due, and the newest that is owed beyond the one that is shown.

    Where nobody has settled the month, that figure is missing; else it is an earlier one that never came. ``waits_for``
    names the months without which a sum of months' own figures is not known.
    """
    owed = _owed(book, changes)
    sums = book.indicators.loc[book.indicators["accumulate"], "indicator_code"]
    parts = owed["indicator_code"].isin(sums) & (owed["month"] < owed["newest_month"])
    waits = {code: words.months_text(part["month"]) for code, part in owed[parts].groupby("indicator_code")}
    at = scorecard["latest_month"].where(scorecard["value"].notna()).set_axis(scorecard["indicator_code"])
    before = owed["month"].array < at.reindex(owed["indicator_code"]).array
    owed = owed[~before & ~parts].groupby("indicator_code")[["month", "newest_month"]].max()
    newest = owed.reindex(scorecard["indicator_code"]).set_axis(scorecard.index)
    folder = book.workspace
    return scorecard.assign(
        month=last_due(scorecard, scorecard["reporting_month"], book.settings.years),
        file=scorecard["file"].where(scorecard["file"] != "", f"data/returns/{book.month}.csv"),
        owed_month=newest["month"],
        newest_month=newest["newest_month"],
        waits_for=[waits.get(code) for code in scorecard["indicator_code"]],
        is_settled=scorecard["value"].isna() & scorecard["no_value_reason"].isin(SETTLED),
        reason_words=scorecard["no_value_reason"].map(words.REASON_WORDS).fillna("none is recent enough to show"),
        is_exception=is_exception(scorecard),
        outcome_words=scorecard["expected_outcome"].map(_OUTCOMES),
        comment_file=[folder.relative(comment_file(folder, book.month, code)) for code in scorecard["indicator_code"]],
    )


def _owed(book, changes):
    """The figures that are owed by the report's month, with the lag that the workspace allows (``rules.owed``)."""
    lagging = book.indicators.assign(allowed_lag=lag_allowed(changes, book.indicators))
    return owed_values(lagging, book.values, book.month, book.settings.years)


def lag_allowed(changes, described: pd.DataFrame) -> pd.Series:
    """How late each indicator may be: its own lag, unless the workspace allows it another."""
    lag = described["allowed_lag"].fillna(0)
    for each in changes:
        if each.allowed_lag is not None:
            wanted = described["indicator_code"].isin(each.indicator_codes) | (not each.indicator_codes)
            lag = lag.mask(wanted, each.allowed_lag)
    return lag


def settings(book, scorecard, changes) -> pd.DataFrame:
    """What params/ says, a row for each thing of one ``kind``: printed, targets, generated, code, rating rule, change;
    praise is of a month's notes that tell only what went well while a figure is red.

    And one for the month's return where it has no row and figures are owed.

    ``last_day`` is the reporting month's: the first on which its report can be generated.
    """
    report, here = book.settings, "params/report.yml"
    rows = [("printed", here, name, _given(getattr(report, name))) for name in PRINTED]
    rows += [("printed", f"params/{book.month}.yml", "version", _given(book.month_settings.version))]
    rows += [("printed", "data/indicators.csv", "indicator_code", _given(len(book.indicators)))]
    rows += [("targets", "data/targets.csv", report.years.label(report.years.of(book.month)), _given(_targeted(book)))]
    found = [dict(zip(("kind", "file", "setting", "text"), row, strict=True)) for row in rows]
    if not (book.returns["received"] == book.month).any() and len(owed := _owed(book, changes)):
        of_month = {"kind": "return", "file": f"data/returns/{book.month}.csv", "setting": "value"}
        found.append({**of_month, "says": words.counted(owed["indicator_code"].nunique(), "indicator")})
    if generated := book.month_settings.generated:
        of_report = {"kind": "generated", "file": f"params/{book.month}.yml", "setting": "generated"}
        found.append({**of_report, "text": str(generated.date()), "says": words.day_words(generated)})
    first = rule_of_each(book.indicators, report.rating_rules)
    for place, rule in enumerate(report.rating_rules):
        called = f"rule {place + 1}" + (f" ('{rule.name}')" if rule.name else "")
        found.append({"kind": "rating rule", "file": here, "text": called, "indicators": int((first == place).sum())})
        found += [_code(code, here, "rating_rules") for code in rule.indicator_codes]
    found += [{"kind": "unread", "file": name, "text": name, "says": meant} for name, meant in _unread(book)]
    file, setting = file_of(book), "expectations" if report.expectations else ""
    severities = {each.name: each.severity for each in delivered()}
    for each in changes:
        found += [_code(code, file, setting) for code in each.indicator_codes]
        of_all = {"kind": "change", "file": file, "setting": setting, "text": each.expectation, "says": each.says}
        of_all |= {"reason": each.reason.rstrip("."), "severity": each.severity}
        of_all |= {"delivered": severities[each.expectation]}
        found += [{**of_all, "indicator_code": code} for code in each.indicator_codes or [""]]
    notes, red = " ".join(book.month_settings.notes), int((scorecard["rating"] == "RED").sum())
    if red and (proud := praised(notes)):
        of_notes = {"kind": "praise", "file": f"params/{book.month}.yml", "setting": "notes", "text": proud}
        found.append(of_notes | {"says": f"{words.counted(red, 'figure')} {'is' if red == 1 else 'are'} red"})
    columns = ["kind", "file", "setting", "text", "indicator_code", "indicators", "says", "reason", "severity",
               "delivered"]  # fmt: skip
    return pd.DataFrame(found, columns=columns).assign(
        indicator_code=lambda frame: frame["indicator_code"].astype(object).fillna(""),
        last_day=str(book.month.end_time.date()),
        last_day_words=words.day_words(str(book.month.end_time.date())),
    )


def _unread(book):
    """Files and folders of the workspace that nothing reads, by their names, and what each may have been meant for."""
    place = book.workspace
    for path in sorted(each for part in (place.data, place.params) for each in part.rglob("*")):
        name, meant = place.relative(path), path.with_name(f"{path.stem.lower()}{path.suffix.lower()}").name
        if any(part.startswith((".", "~")) for part in path.relative_to(place.root).parts):
            continue
        is_known = READ.fullmatch(name) or name in book.inputs or path.stem.lower() in ABOUT
        if path.is_dir() and is_known and not name.startswith("data/finance/"):
            yield name, "It is a folder: expected a file."
        elif not path.is_dir() and not is_known:
            other = meant != path.name and READ.fullmatch(f"{Path(name).parent.as_posix()}/{meant}")
            yield name, f"Rename it to {meant}." if other else _MEANT.get(path.suffix.lower(), "")
    for name in later_corrections(place, book.month, book.month_settings):
        yield name, f"To count it, list its version under corrections in params/{book.month}.yml."


_MEANT = dict.fromkeys((".xlsx", ".xls", ".ods"), "A workbook is imported: mpr import.")


def _targeted(book):
    """Whether any indicator that can be rated has a target, this year or last: one that ended is said of each.

    So it is where none can be rated.
    """
    year, years = book.settings.years.of(book.month), book.settings.years
    rated = set(book.indicators.loc[book.indicators["polarity"] != "NONE", "indicator_code"])
    known = (with_target(book.targets, book.stated_targets, each, years) for each in (year - 1, year))
    return bool(rated.intersection(set().union(*known))) or (not rated and len(book.indicators) > 0)


def _given(value):
    return "given" if (value.strip() if isinstance(value, str) else value) else ""


def _code(code, file, setting):
    return {"kind": "code", "file": file, "setting": setting, "indicator_code": code}
