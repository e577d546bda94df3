"""Claimed: what a sentence of a comment says has become of the indicator's own figures. It hears too little rather."""

import re

from mpr_lib.files import packaged

PHRASES = packaged("checks/phrases.yml")


def either(*patterns: str, whole_words: bool = True) -> re.Pattern:
    """A pattern that finds any of these, whatever their capitals; ``whole_words`` alone."""
    found = "|".join(patterns)
    return re.compile(rf"\b(?:{found})\b" if whole_words else found, re.IGNORECASE)


def _kinds(said, moves, form):
    """A pattern with a group for each kind of claim; ``form`` says how a move is said to be much of one."""
    much = f"(?:{'|'.join(PHRASES['much'])})"
    found = {kind: "|".join(ways) for kind, ways in PHRASES[said].items()}
    found |= {kind: form.format(much=much, move=f"(?:{'|'.join(ways)})") for kind, ways in PHRASES[moves].items()}
    return either(*(f"(?P<{kind}>{way})" for kind, way in found.items()))


_VERBS = _kinds("verbs", "moves", "{much}ly {move}|{move} {much}ly")
_NOUNS = _kinds("nouns", "moves_as_nouns", "{much} {move}")
_SHOWS, _AFTER, _MEANT = (either(*PHRASES[name]) for name in ("shows", "after", "meant"))
_CLAUSE = either(*PHRASES["clause"], whole_words=False)
_NOT_SO = either(rf"\b(?:{'|'.join(PHRASES['denied'])})\b", "n['’]t\\b", whole_words=False)
_NEUTRAL, _OWN = frozenset(PHRASES["beside"].split()), frozenset(PHRASES["subjects"].split())


def claims(sentence: str, own: frozenset[str] = frozenset(), first: bool = True) -> list[tuple[str, str]]:
    """What a sentence claims of the indicator's own figures, and in which words; nothing of plans, hopes and others.

    A claim is BETTER, WORSE, HIGH, LOW (much higher or lower) or STEADY. ``own`` are the ``beginnings`` of the words of
    the indicator's name; ``first`` says that the sentence is the first of its comment, where "it" means nothing else.

    >>> claims("The rate has improved and staffing has stabilised.")
    [('BETTER', 'improved')]
    """
    known = _OWN | own | ({"it"} if first else set())
    found = [*_VERBS.finditer(sentence), *_NOUNS.finditer(sentence)]
    return [(_kind(match, sentence), match[0]) for match in found if _is_claim(match, sentence, known)]


def beginnings(text: str) -> frozenset[str]:
    """The words of a text by what they share with their other forms: 'visits' and 'visited' are one.

    >>> sorted(beginnings("Visits to the libraries"))
    ['libra', 'visit']
    """
    return frozenset(word[:5] for word in re.findall(r"[a-z]{4,}", text.lower()))


def _kind(match, sentence):
    dip = "WORSE" if "performance" in sentence.lower() else "LOW"
    return dip if match.lastgroup == "DIP" else match.lastgroup


def _is_claim(match, sentence, known):
    """Whether all that its clause speaks of are the figures, and it neither denies what it says nor only intends it."""
    start = max((each.end() for each in _CLAUSE.finditer(sentence, 0, match.start())), default=0)
    end = next((each.start() for each in _CLAUSE.finditer(sentence, match.end())), len(sentence))
    before, after = sentence[start : match.start()], _AFTER.split(sentence[match.end() : end])[0]
    subjects = [_is_own(word, known) for word in _WORD.findall(before.lower())]
    about = True in subjects or (match.re is _NOUNS and _SHOWS.search(before))
    others = None in subjects + [_is_own(word, known) for word in _WORD.findall(after.lower())]
    return bool(about) and not (others or _MEANT.search(sentence[:end]) or _NOT_SO.search(before))


_WORD = re.compile(r"[a-z][a-z'’-]*")


def _is_own(word, known):
    """Whether a word is one for the figures; None of one that is for something else."""
    if word in known or (len(word) > 3 and word[:5] in known):
        return True
    return False if word in _NEUTRAL or word.endswith("ly") else None
