"""Claimed: what a sentence of a comment says has become of the indicator's own figures. It hears too little rather."""

import re
from itertools import groupby

from mpr_lib.files import packaged
from mpr_lib.words import names_no_action

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
_COMPARED = either(*(f"(?P<{kind}>{'|'.join(ways)})" for kind, ways in PHRASES["compared"].items()))
_RATED = either(*(f"(?P<{kind}>{'|'.join(ways)})" for kind, ways in PHRASES["rated"].items()))
_SHOWS, _AFTER, _MEANT, _NOT_ONLY, _PLAN, _LAST_YEAR = (
    either(*PHRASES[name]) for name in ("shows", "after", "meant", "not_only", "plan", "last_year")
)
_NOT_MET = either(rf"\b(?:{'|'.join(PHRASES['not_met'])})\b", "n['’]t\\b", whole_words=False)
_SINCE_LAST_YEAR = either(rf"since(?=\s+(?:the\s+)?(?:{'|'.join(PHRASES['last_year'])}))")
_CLAUSE, _MARKS = (either(*PHRASES[name], whole_words=False) for name in ("clause", "marks"))
_NOT_SO = either(rf"\b(?:{'|'.join(PHRASES['denied'])})\b", "n['’]t\\b", whole_words=False)
_NEUTRAL, _OWN = frozenset(PHRASES["beside"].split()), frozenset(PHRASES["subjects"].split())
_OF_TARGETS = frozenset(PHRASES["beside_targets"].split())
_STANDS = _OWN | _NEUTRAL | _OF_TARGETS | frozenset(PHRASES["stands"].split())
_PRAISE, _ADMITS, _LOW, _HIGH, _OTHERS, _AHEAD = (
    either(*PHRASES[name]) for name in ("praise", "admits", "admits_low", "admits_high", "others", "ahead")
)
_MAY = re.compile(r"\bMay\b")
_BAD_WAYS = {"MAXIMISE": (_LOW,), "MINIMISE": (_HIGH,)}


def claims(sentence: str, own=frozenset(), first: bool = True, last_year: bool = False) -> list[tuple[str, str]]:
    """What a sentence claims of the indicator's own figures, and in which words; nothing of plans, hopes and others.

    A claim is BETTER, WORSE, HIGH, LOW (much higher or lower) or STEADY. ``own`` are the ``beginnings`` of the words of
    the indicator's name; ``first`` says that the sentence is the first of its comment, where "it" means nothing else;
    ``last_year`` that it names last year, where "better than" and "higher than" are claims too.

    >>> claims("The rate has improved and staffing has stabilised.")
    [('BETTER', 'improved')]
    """
    known = _OWN | own | ({"it"} if first else set())
    sentence = _SINCE_LAST_YEAR.sub("from ", sentence)
    found = [*_VERBS.finditer(sentence), *_NOUNS.finditer(sentence)]
    compared = _COMPARED.finditer(sentence) if last_year else []
    found += [match for match in compared if not _LAST_YEAR.search(_clause(match, sentence)[0])]
    alone = first and last_year
    return [(_kind(match, sentence), match[0]) for match in found if _is_claim(match, sentence, known, alone)]


def ratings(sentence: str, own=frozenset(), first: bool = True) -> list[tuple[str, str]]:
    """What a sentence claims of the target, as ``claims`` does: MET, NEAR (within a tolerance), MISSED, ABOVE or BELOW.

    >>> ratings("The team met weekly; performance is on track."), ratings("The target will be met.")
    ([('NEAR', 'is on track')], [])
    """
    whole, sentence = sentence, _NOT_ONLY.sub(lambda said: " " * len(said[0]), sentence)
    sentence = _PLAN.sub(lambda said: "goal".rjust(len(said[0])), sentence)
    known, found = _OWN | own | _OF_TARGETS | ({"it"} if first else set()), []
    for match in _RATED.finditer(sentence):
        before, rest = _clause(match, sentence)
        after = _AFTER.split(rest)[0]
        inside = match["whose"] or " ".join(word for word in (match["of"] or "").split() if own and len(word) > 3)
        words = [_is_own(word, known) for word in _WORD.findall(f"{before} {inside} {after}".lower())]
        lead = [_is_own(word, known) for word in _WORD.findall(sentence[: match.start()].lower())]
        said = match[0].lower()
        named = first or "target" in said
        about = True in words or said.startswith("target") or (named and (None not in lead or True in lead))
        governing = _clause(match, sentence, within="that")[0]
        denying, where = (_NOT_SO, "") if match.lastgroup in ("MISSED", "BELOW") else (_NOT_MET, match[0])
        not_so = denying.search(governing + where) or _MEANT.search(sentence[: match.end()] + after)
        if about and None not in words and not not_so:
            found.append((str(match.lastgroup), whole[slice(*match.span())]))
    return found


def speaks_of(words: str, own=frozenset()) -> bool:
    """Whether words speak of the indicator's own figures and of nothing else.

    ``own`` are the ``beginnings`` of the words of the indicator's name.

    >>> speaks_of("This month the rate was"), speaks_of("The rate was 4% in the north")
    (True, False)
    """
    return {_is_own(word, _OWN | own) for word in _WORD.findall(words.lower())} in ({True}, {True, False})


def clause(before: str, after: str) -> str:
    """What its clause says around a place in a sentence, without causes and conditions after it.

    >>> clause("As agreed, the rate was ", " this month because of the snow")
    ' the rate was   this month '
    """
    return f"{_CLAUSE.split(before)[-1]} {_AFTER.split(_CLAUSE.split(after)[0])[0]}"


def beginnings(text: str) -> frozenset[str]:
    """The words of a text by what they share with their other forms: 'visits' and 'visited' are one.

    >>> sorted(beginnings("Visits to the libraries"))
    ['libra', 'visit']
    """
    return frozenset(map(_beginning, re.findall(r"[a-z]{4,}", text.lower())))


def _beginning(word):
    return _ENDING.sub("", word)[:5]


_ENDING = re.compile(r"(?<=\w{4})(?:ing|ed|es|s)$")


def praised(text: str, polarity: str = "", own=frozenset()) -> str:
    """The words in which a text is proud of something, where nothing in it admits that anything went otherwise.

    Empty where it praises nothing, where it admits something, and of plans, hopes, questions and others. ``polarity``
    says which way is bad; without one both are. The indicator's name admits nothing, of which ``own`` are the
    ``beginnings``, nor does it that something is done.

    >>> praised("A strong month."), praised("A strong month, but below target."), praised("We want a strong month.")
    ('strong month', '', '')
    """
    rest = _without_its_name(_MARKS.sub(" ", text), own)
    if any(each.search(rest) for each in (_ADMITS, *_BAD_WAYS.get(polarity, (_LOW, _HIGH)))):
        return ""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    own = (each for each in sentences if not (_MEANT.search(each) or _OTHERS.search(each) or each.endswith("?")))
    return next((found[0] for found in map(_PRAISE.search, own) if found), "")


def _without_its_name(text, own):
    """The text without the indicator's name: more than half of its words with nothing else between them."""
    words = [*_WORD.finditer(text.lower())]
    for is_other, run in groupby(words, lambda word: _is_own(word[0], own) is None):
        named = [] if is_other else [word for word in run if _is_own(word[0], own)]
        if len({_beginning(word[0]) for word in named}) * 2 > len(own):
            start, end = named[0].start(), named[-1].end()
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def only_stands(text: str, own=frozenset()) -> bool:
    """Whether a text says how the figure stands and nothing else: no word of it could be of a cause or an action.

    ``own`` are the ``beginnings`` of the words of the indicator's name.

    >>> only_stands("Performance is below target."), only_stands("Below target: two posts are vacant.")
    (True, False)
    """
    text = "\n".join(line for line in _MARKS.sub(" ", text).split("\n") if not names_no_action(line))
    said = [_is_own(word, _STANDS | own) for word in _WORD.findall(text.lower())]
    return bool(said) and None not in said and not (_MEANT.search(_MAY.sub("", text)) or _AHEAD.search(text))


def _kind(match, sentence):
    return match.lastgroup if match.lastgroup != "DIP" else "WORSE" if "performance" in sentence.lower() else "LOW"


def _clause(match, sentence, within=""):
    """What stands before and after a match in its clause; a clause that begins with ``within`` is part of another."""
    breaks = (each.end() for each in _CLAUSE.finditer(sentence) if each[0].lower() != within)
    start = max((end for end in breaks if end <= match.start()), default=0)
    end = next((each.start() for each in _CLAUSE.finditer(sentence, match.end())), len(sentence))
    return sentence[start : match.start()], sentence[match.end() : end]


def _is_claim(match, sentence, known, alone):
    """Whether all that its clause speaks of are the figures, and it neither denies what it says nor only intends it.

    ``alone`` says that a clause which names nothing speaks of them too.
    """
    before, rest = _clause(match, sentence)
    subjects = [_is_own(word, known) for word in _WORD.findall(before.lower())]
    about = alone or True in subjects or (match.re is _NOUNS and _SHOWS.search(before))
    others = None in subjects + [_is_own(word, known) for word in _WORD.findall(_AFTER.split(rest)[0].lower())]
    return bool(about) and not (others or _MEANT.search(sentence[: match.end()] + rest) or _NOT_SO.search(before))


_WORD = re.compile(r"\b[a-z][a-z'’-]*")


def _is_own(word, known):
    """Whether a word is one for the figures; None of one that is for something else."""
    if word in known or (len(word) > 3 and {_beginning(word), word.removesuffix("s")} & known):
        return True
    return False if word in _NEUTRAL or word.endswith("ly") else None
