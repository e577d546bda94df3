"""Claimed: what a sentence of a comment says has become of the indicator's own figures. It hears too little rather."""

import re

_MUCH = "(?:significant|substantial|considerable|dramatic|marked|sharp)"
_UP = "increased|increasing|risen|rising|rose|grown"
_DOWN = "decreased|decreasing|fallen|falling|fell|dropped|dropping|declined|declining|reduced"
_SAID = {
    "BETTER": "improved|improving",
    "WORSE": "deteriorated|deteriorating|worsened|worsening",
    "DIP": "dipped|dipping",
    "HIGH": rf"{_MUCH}ly (?:{_UP})|(?:{_UP}) {_MUCH}ly",
    "LOW": rf"{_MUCH}ly (?:{_DOWN})|(?:{_DOWN}) {_MUCH}ly",
    "STEADY": r"stabili[sz]ed|stabili[sz]ing|steady|stable|static|plateaued|levelled (?:off|out)",
}
_SHOWN = {
    "BETTER": "improvement|(?:improved|improving) (?:performance|trend|rates?|figures?|results?)",
    "WORSE": "deterioration|(?:deteriorating|worsening) (?:performance|trend|rates?|figures?|results?)",
    "DIP": "dip",
    "HIGH": f"{_MUCH} (?:increase|rise|growth)",
    "LOW": f"{_MUCH} (?:decrease|fall|drop|decline|reduction)",
}
"""What can be claimed, as verbs and as nouns have it: better, worse, much higher or lower, steady; a dip is either."""


def _either(*patterns):
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_VERBS, _NOUNS = (_either(*(f"(?P<{kind}>{way})" for kind, way in each.items())) for each in (_SAID, _SHOWN))
_SHOWS = _either(
    "there (?:is|was|has been|have been)", "shows?|showed|saw|seen", "this (?:is|was|represents?|reflects?)"
)
_SUBJECTS = (
    "performance rate rates figure figures number numbers percentage proportion level levels result results outturn "
    "indicator measure trend score volume cases"
)
"""What people call the figures of any indicator."""
_ASIDE = (
    "a an the our this these its we there in of for to at on by from against over target per overall general current "
    "latest recent month monthly months year last previous same time in-month total actual reported recorded council's "
    "local shows show showed saw see seen has have been is are was were does do appear appears seem seems remain "
    "remains remained stay stayed continues continue continued be now also again and yet so still further slight small "
    "real good steady encouraging more very much point points percent compared ago before significant substantial "
    "considerable dramatic marked sharp represents reflects"
)
"""Words that may stand beside the figures in a claim and do not make it one about something else."""
_NEUTRAL, _OWN = frozenset(_ASIDE.split()), frozenset(_SUBJECTS.split())
_AFTER = _either(
    "and|due|because|following|as|since|thanks|owing|after|with|when|despite|so|than|through|partly|mainly"
)
_CLAUSE = re.compile(
    r"[,;:()–—]|\s-\s|\b(?:but|however|although|though|whilst|while|that|which|where)\b", re.IGNORECASE
)
_MEANT = _either(
    "will|would|should|could|may|might|shall|must|can|if|once|until|unless|whether|likely|needs?|wants?|plan(?:s|ned)?",
    r"expect\w*|anticipat\w*|forecast\w*|predict\w*|project(?:ed|ions?)|hop(?:e|es|ed|ing|eful)|aim\w*|intend\w*",
    r"planning|ensur\w*|seek\w*",
)
_NOT_SO = re.compile(r"\b(?:not|never|no|nor|neither|without|had|towards?|little|any)\b|n['’]t\b", re.IGNORECASE)


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
