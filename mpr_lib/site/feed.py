"""The feed: an Atom feed of the published months. It names no host unless it is told where it is served."""

from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mpr_lib.site.page import month_label, outcome_looks, sentence
from mpr_lib.site.published import PublishedMonth

_ATOM = "http://www.w3.org/2005/Atom"


def feed_xml(months: list[PublishedMonth], site_url: str = "") -> str:
    """The feed, the newest month first. An entry keeps its id when the month is published again, corrected.

    A time of generation is local and says no zone; Atom wants one, so it is given as UTC.
    """
    report = months[0].report
    base = f"{site_url.rstrip('/')}/" if site_url else ""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": report["language"]})
    name = f"{report['council']}: {report['title']}" if report["council"] else report["title"]
    _text(feed, "id", _id(report["council"], report["title"]))
    _text(feed, "title", name)
    _text(feed, "updated", max(_time(each) for each in months))
    _text(SubElement(feed, "author"), "name", report["publisher"] or report["council"] or report["title"])
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{base}index.html"})
    if base:
        SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"{base}feed.xml"})
    for each in months:
        _entry(feed, each, base)
    indent(feed, "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _entry(feed, each, base):
    report = each.report
    entry = SubElement(feed, "entry")
    _text(entry, "id", _id(report["council"], report["title"], each.month))
    version = "" if report["version"] == "V1.0" else f", {report['version']}"
    _text(entry, "title", f"{report['title']} {month_label(each.month)}{version}")
    _text(entry, "updated", _time(each))
    for kind, name in (("text/html", "report.html"), ("application/pdf", "report.pdf")):
        if name in each.sizes:
            relation = "alternate" if kind == "text/html" else "enclosure"
            link = {"rel": relation, "type": kind, "href": f"{base}{each.month}/{name}"}
            SubElement(entry, "link", link | ({"length": str(each.sizes[name])} if relation == "enclosure" else {}))
    _text(entry, "summary", sentence(each, outcome_looks(each)))


def _id(*parts):
    """An id that is the same on every machine and in every edition of the feed."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, 'monthly-performance-report/' + '/'.join(parts))}"


def _time(each):
    text = each.report["generated"][:19]
    return f"{text}Z" if len(text) == 19 else f"{text[:16]}:00Z"


def _text(parent, name, text):
    SubElement(parent, name).text = text
