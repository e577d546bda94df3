"""The template: the Word file that a report begins as, a council's own or a plain one, with every style it needs."""

import zipfile
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from mpr_lib.errors import InputError, RunError
from mpr_lib.files import LARGEST, packaged
from mpr_lib.report.palette import branded
from mpr_lib.report.rendering import render

STYLES: dict[str, dict] = packaged("word/styles.yml")
NEEDED = ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number", "Caption")
"""The styles that a template must have. What else of ``STYLES`` it lacks is added."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_START = "Begin with a report.docx of 'mpr run MONTH --docx', which has every style, and change them there."
_KEPT = {"officeDocument", "core-properties", "styles", "settings", "webSettings", "fontTable", "theme", "numbering"}
"""The parts of a template that are its look, beside the page's header and footer; all else is its writers'."""
_UNSET = (
    "attachedTemplate", "savePreviewPicture", "rsids", "documentProtection", "trackRevisions", "footnotePr",
    "endnotePr",
)  # fmt: skip
"""What a template's settings say of itself, and not of its look."""


def read_template(reader, month, settings) -> bytes:
    """The council's template as bytes, empty without one; raises ``InputError`` for one that cannot be used."""
    name = settings.word_template
    if not name:
        return b""
    raw = reader.raw(reader.workspace.root / name, "Put it there, or correct word_template in params/report.yml.")
    try:
        with zipfile.ZipFile(BytesIO(raw)) as package:
            faults = _faults(package)
        if find_spec("docx") and not faults:
            _opened(raw)
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of those who read it
        faults = ["it is no whole Word document (.docx)"]
    if faults:
        raise InputError(f"{name} cannot be a template for Word: {'; '.join(faults)}. {_START}")
    return raw


def _faults(package):
    """What makes a Word document no template: its size, what it would fetch when it is opened, styles that it lacks."""
    if sum(each.file_size for each in package.infolist()) > LARGEST:
        return [f"it holds more than {LARGEST // 1024**2} MB"]
    parts = {name: package.read(name) for name in package.namelist() if name.endswith((".rels", "/styles.xml"))}
    if any(b"<!" in part for part in parts.values()):
        return ["it is not as Word writes it"]
    faults, known = [], set()
    for name, part in parts.items():
        for each in ElementTree.fromstring(part).iter():
            kind = each.get("Type", "").rpartition("/")[2]
            if each.get("TargetMode") == "External" and kind not in ("hyperlink", "attachedTemplate"):
                faults.append(f"it would fetch '{each.get('Target')}' when it is opened")
            if name == "word/styles.xml" and each.tag == f"{W}name":
                known.add(each.get(f"{W}val", "").lower())
    missing = [f"'{name}'" for name in NEEDED if name.lower() not in known]
    return faults + ([f"it lacks the style{'s' * (len(missing) > 1)} {', '.join(missing)}"] if missing else [])


def _opened(raw: bytes):
    # Loaded when needed: only who asks for Word has the package.
    import docx

    return docx.Document(BytesIO(raw) if raw else None)


def begun(template: bytes, look: dict, language: str):
    """An empty document with every style of ``STYLES``, and the styles' ids by their names in small letters.

    Styles are the template's, and ours where it lacks one; ``look`` may have a council's colour. Raises ``RunError``
    where python-docx is not installed.
    """
    if not find_spec("docx"):
        raise RunError(
            "This installation makes no Word documents: it lacks the package python-docx. Install it with: pip install "
            "'monthly-performance-report[word]'. Or run it without --docx, and without docx in params/report.yml."
        )
    made = _opened(template)
    for each in list(made.element.body)[:-1]:
        made.element.body.remove(each)
    settings, styles = made.settings.element, made.styles.element
    on_page = set(made.element.body[-1].xpath(".//@r:id"))
    for part in (made.part.package, made.part, made.part._settings_part):
        for key, each in list(part.rels.items()):
            if each.reltype.rpartition("/")[2] not in _KEPT and not (part is made.part and key in on_page):
                del part.rels[key]
    for each in [each for name in _UNSET for each in settings.findall(f"{W}{name}")]:
        settings.remove(each)
    for each in settings.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']"):
        each.set(f"{W}val", "15")
    for each in [*styles.xpath("w:docDefaults//w:lang"), *settings.findall(f"{W}themeFontLang")]:
        each.set(f"{W}val", language)
    return made, _styled(styles, branded(look)[0], bool(template))


def _styled(styles, colours, is_own):
    """Put our styles in the place of a plain template's, and beside those of a council's own; the ids of all."""
    there = {each.find(f"{W}name").get(f"{W}val").lower(): each for each in styles.findall(f"{W}style")}
    wanted = {name: look for name, look in STYLES.items() if not (is_own and name.lower() in there)}
    given = []
    for name, look in wanted.items():
        old, known = there.get(name.lower()), {"colour", "fill", "edge"} & set(look)
        id = name.replace(" ", "") if old is None else old.get(f"{W}styleId")
        lists = () if old is None else old.findall(f"{W}pPr/{W}numPr/{W}numId")
        shown = look | {key: colours[look[key]][1:] for key in known}
        given.append((name, shown, id, next((each.get(f"{W}val") for each in lists), "")))
    for name, each in zip(wanted, as_xml("styles", styles=given), strict=True):
        old = there.get(name.lower())
        styles.append(each) if old is None else styles.replace(old, each)
        there[name.lower()] = each
    return {name: each.get(f"{W}styleId") for name, each in there.items()}


def as_xml(template: str, **context):
    """One of our templates, filled, as the element of Word's that it makes."""
    # Loaded when needed: only who asks for Word has the package.
    from docx.oxml import parse_xml

    return parse_xml(render(f"{template}.xml.j2", own=Path(__file__).parent / "templates", **context).strip())
