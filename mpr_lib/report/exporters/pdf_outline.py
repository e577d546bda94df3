"""Headings and link targets of a PDF: no level skipped, no target twice."""

import re

DEEPEST = 6


def claim(wanted, targets: set[str]) -> str:
    """Return the id as a link target, or "" if it is empty or taken already."""
    name = re.sub(r"\s+", "-", str(wanted or "").strip())
    if not name or name in targets:
        return ""
    targets.add(name)
    return name


def set_depths(blocks: list[dict], outer: int, targets: set[str]) -> int:
    """Number headings and articles so that no level is skipped; return the depth of the last heading."""
    depth = outer
    for block in blocks:
        kind = block.get("kind")
        if kind == "heading":
            depth = block["depth"] = bounded(block.get("level", 3) - 1, outer, depth)
        elif kind == "article":
            block["depth"] = min(depth + 1, DEEPEST)
            set_depths(block.get("children", []), block["depth"], targets)
            for child in block.get("children", []):
                child["inner"] = True
        elif kind == "prose":
            set_prose_depths(block.get("prose", []), depth)
        elif kind == "group":
            depth = set_depths(block.get("children", []), depth, targets)
        if kind in ("heading", "article", "table"):
            block["id"] = claim(block.get("id"), targets)
        for row in block.get("rows", []):
            row["id"] = claim(row.get("id"), targets)
        if kind == "article" and not block["id"]:
            block["id"] = claim(f"article-{len(targets)}", targets)
    return depth


def set_prose_depths(prose: list[dict], outer: int) -> None:
    """Number the headings of commentary below the heading that it stands under."""
    last = outer
    for item in prose:
        if item.get("type") == "heading":
            last = item["depth"] = bounded(outer + item.get("level", 1), outer, last)


def bounded(wanted: int, outer: int, last: int) -> int:
    """Keep a heading's depth below its container, at most one deeper than the heading before it."""
    return min(max(wanted, outer + 1), max(last, outer) + 1, DEEPEST)
