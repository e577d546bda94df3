"""Finance in words: what a part's figures come to, and what its chart shows."""

from mpr_lib.report import words
from mpr_lib.rules.finance import LIMITS, PLAN, STATUSES, summed
from mpr_lib.rules.values import format_number


def lead_words(lines, style) -> str:
    """The revenue forecast in a sentence."""
    gap = summed(lines["variance"])
    if gap is None or lines.empty:
        return "The revenue forecast is not complete."
    if abs(gap) < style.nothing:
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
    plan, forecast = summed(lines[PLAN[part]]), summed(lines["forecast"])
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
    if abs(gap) < style.nothing:
        return ", just as planned"
    size = f"{style.words(abs(gap))}{_share(gap, plan)}"
    if savings:
        return f", {size} {'above target' if gap > 0 else 'short of it'}"
    return f", an {'overspend' if gap > 0 else 'underspend'} of {size}"


def _share(gap, plan):
    return f" ({format_number(abs(gap) / abs(plan) * 100, 1)}%)" if plan else ""


def _counted(part, lines):
    bad = "SHORTFALL" if part == "savings" else "OVERSPEND"
    name = {"revenue": "service", "capital": "scheme", "savings": "saving"}[part]
    count = int(lines["status"].isin([bad, f"SLIGHT_{bad}"]).sum())
    what = "fall short" if part == "savings" else "overspend"
    if not count:
        return f" No {name} is forecast to {what}."
    return f" {count} of {words.counted(len(lines), name)} {'is' if count == 1 else 'are'} forecast to {what}."


def _reserves(part, lines, style):
    opening, closing = summed(lines["opening"]), summed(lines["forecast"])
    if opening is None or closing is None:
        return "Some reserves lack an amount, so there is no total."
    moved = "stay at" if abs(closing - opening) < style.nothing else "rise to" if closing > opening else "fall to"
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
        said = "not known" if gap is None else f"{style.words(abs(gap))} {status_words(line)}"
        return f"{line.line} {status_words(line) if gap is not None and abs(gap) < style.nothing else said}"
    now = line.balance if part == "treasury" else line.forecast
    then = getattr(line, LIMITS[part], None) if part == "treasury" else getattr(line, PLAN[part])
    pair = [style.words(amount) for amount in (then, now) if amount is not None]
    joined = " and ".join(pair) if part == "treasury" else " to ".join(pair)
    if part == "treasury" and then is not None:
        joined = f"{style.words(now)} of a limit of {style.words(then)}"
    return f"{line.line} {joined or 'not known'}"
