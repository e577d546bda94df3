"""Plain YAML: the one way in which settings are read, without what lets a small file grow or steer a screen."""

import re
from typing import Any

import yaml

from mpr_lib.errors import UNSEEN, InputError, shown

LARGEST, DEEPEST, LONGEST_NUMBER = 256 * 1024, 20, 40
"""Bytes of a text, lists within lists, and characters of a number."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CUT = re.compile(r"[ \t]+#[^\s#][^\r\n\x85\u2028\u2029]*")
"""What follows a text without quotes, up to what YAML takes for a line's end, and most likely belongs to it: 'Team #1'
is read as 'Team'."""
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


def read_yaml(text: str, file: str, first_line: int = 1, *, ours: bool = False):
    """What YAML text says: lists, lines of key and value, texts, numbers, dates.

    Raises ``InputError`` with the place of a fault. A key given twice is one, and so are anchors and aliases, tags,
    characters that nobody can see, and what is larger or deeper than settings are. A file that is ``ours``, the
    library's own, may repeat parts of itself.
    """
    if len(text) > LARGEST:
        raise InputError(f"{file} has {len(text) // 1024} kB. Expected {LARGEST // 1024} kB or less of settings.")
    try:
        for mark, fault in () if ours else _faults(text):
            raise yaml.MarkedYAMLError(problem=fault, problem_mark=mark)
        return yaml.load(text, Loader=_Plain)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" line {mark.line + first_line}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or "it is not valid YAML"
        raise InputError(f"{file}{place}: cannot be read as YAML: {what}. Correct that line.") from None


def _faults(text):
    """Where a text is more than plain YAML, told from its events: nothing is made of it before."""
    found = re.search(UNSEEN, text)
    if found:
        before = text[: found.start()]
        mark = yaml.Mark("", 0, before.count("\n"), len(before) - before.rfind("\n") - 1, None, None)
        yield mark, f"found the character U+{ord(found[0]):04X}, which nobody can see"
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield event.start_mark, f"found lists and keys within each other, more than {DEEPEST} deep"
        if getattr(event, "anchor", None):
            yield event.start_mark, "found & or * before a name, which repeats another part. Write that part out"
        if getattr(event, "tag", None):
            yield event.start_mark, f"found the tag {shown(event.tag)}. Take it out, or put quotes around a text"
        cut = _CUT.match(text, event.end_mark.index) if _is_bare(event) else None
        if cut:
            whole = shown(event.value + cut[0].rstrip())
            said = f"found {shown(event.value)} and a # that begins a remark. Put quotes around the text, {whole}"
            yield event.end_mark, f"{said}, or a space after the # where a remark is meant"
        found = re.search(UNSEEN, getattr(event, "value", ""))
        if found:
            yield event.start_mark, f"found the character U+{ord(found[0]):04X}, which nobody can see, in a text"


def _is_bare(event):
    """Whether it is a text without quotes; an empty one is told of by whoever expects a text there."""
    return isinstance(event, yaml.ScalarEvent) and bool(event.value) and event.implicit[0] and not event.style


class _Plain(_Loader):
    """YAML that refuses a key given twice, where the last one would silently win, and says where no number can be."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                fault = f"{shown(key)} is given twice"
                raise yaml.constructor.ConstructorError(None, None, fault, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_object(self, node, deep=False):
        try:
            if node.tag in _NUMBERS and len(node.value) > LONGEST_NUMBER:
                raise ValueError
            return super().construct_object(node, deep)
        except (ValueError, OverflowError):
            fault = f"{shown(node.value)} is no date or number"
            raise yaml.constructor.ConstructorError(None, None, fault, node.start_mark) from None
