"""How a name is written: taking it apart, and telling whether two ways of writing may be one person.

Does not know who anyone is; `link.py` decides that with the whole bundle in view.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import JaroWinkler

from ..lexicon import Title, nicknames, plain, title_pattern, titles

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+(?:['’][^\W\d_]+)*)*")
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
PARTICLES = frozenset(
    "de da di du del della van von der den ter la le al el bin ibn bint ap ab ferch abu ben mac mc o st".split()
)
AFTER = frozenset("MP MSP MS MLA QC KC OBE CBE MBE QPM JP DL PhD MD FRCP BEM".split())
"""What stands behind a name and is no part of it: seats, silk, honours, degrees."""
_TRAILING_TITLE = re.compile(rf",?\s+(?:{'|'.join(sorted(AFTER))})\b\.?")


@dataclass(frozen=True, slots=True)
class Name:
    """One way of writing a name, in plain form. `given` from first to last, `surname` as one word (hyphens kept);
    a lone word is `lone` and nothing else. `initial_surname`: the surname is one letter ("Hope C.")."""

    given: tuple[str, ...] = ()
    surname: str = ""
    lone: str = ""
    titles: tuple[Title, ...] = ()

    @property
    def full(self) -> bool:
        """Whether both a given name and a surname (or their initials) are known."""
        return bool(self.given and self.surname)


def unpossessive(word: str) -> str:
    """The word without a possessive ending."""
    return re.sub(r"['’]s?$", "", word) if "'" in word or "’" in word else word


def title_before(text: str, start: int) -> tuple[tuple[Title, ...], int]:
    """The titles standing right before `start`, outermost first, and where the first of them begins."""
    found: list[Title] = []
    while True:
        window = text[max(0, start - 60) : start]
        match = title_pattern().search(window) if _may_end_so(window) else None
        if not match:
            return tuple(found), start
        key = plain(re.sub(r"\s+", " ", match.group(1)))
        if "." in match.group()[len(match.group(1)) :] and len(key) > 5:
            return tuple(found), start  # "... the council leader. Brenda": a sentence ended, no title
        if match.group().startswith("PS.") and window[: match.start()].rstrip(" \t")[-1:] in ("", "\n"):
            return tuple(found), start  # a postscript
        title = titles().get(key) or titles().get(key.rstrip("."))
        if title is None:
            return tuple(found), start
        found.insert(0, title)
        start = max(0, start - 60) + match.start(1)


def _may_end_so(window: str) -> bool:
    """Whether a text may end with a title and a blank: the pattern is slow, and hardly any text does."""
    words = window.casefold().split()[-2:] if window[-1:].isspace() else []
    return any(word.rstrip(".").endswith(_last_words()) for word in words)


@cache
def _last_words() -> tuple[str, ...]:
    return tuple(sorted({title.casefold().split()[-1].rstrip(".") for title in titles()}))


@lru_cache(maxsize=65536)
def parse(written: str) -> Name:
    """Take a written name apart: titles off, "SURNAME, Given" turned round, initials and particles understood."""
    text = _TRAILING_TITLE.sub("", re.sub(r"\s+", " ", written)).strip()
    padded = text + " "
    taken: tuple[Title, ...] = ()
    for match in re.finditer(r"\s", padded):  # the longest run of titles at the front
        found, begin = title_before(padded, match.end())
        if found and begin == 0 and WORD.search(padded[match.end() :]):  # "Mr Bishop" keeps a name
            taken, text = found, padded[match.end() :].strip()
    before, comma, after = text.partition(",")
    words = [plain(unpossessive(w)) for w in WORD.findall(text)]
    words = [w for w in words if w]
    if not words:
        return Name(titles=taken)
    if comma and WORD.search(after) and WORD.search(before):
        surname = [plain(unpossessive(w)) for w in WORD.findall(before)]
        given = [plain(unpossessive(w)) for w in WORD.findall(after)]
        return Name(tuple(given), " ".join(surname), titles=taken)
    if len(words) == 1:
        return Name(lone=words[0], titles=taken)
    shown = WORD.findall(text)
    if len(shown[0]) > 1 and shown[0].isupper() and not shown[-1].isupper():  # "MARLOWE Tessa", as forms and registers write
        return Name(tuple(words[1:]), words[0], titles=taken)
    cut = len(words) - 1
    while cut > 1 and words[cut - 1] in PARTICLES:
        cut -= 1
    return Name(tuple(words[:cut]), " ".join(words[cut:]), titles=taken)


def parts(word: str) -> tuple[str, ...]:
    """The pieces of a double-barrelled name, long enough to stand alone."""
    pieces = tuple(p for p in re.split(r"[-\s]", word) if len(p) > 2)
    return pieces if len(pieces) > 1 else ()


def alike(a: str, b: str) -> float:
    """How alike two words are as spellings of one name, 0 to 1; below four letters only equality counts."""
    if a == b:
        return 1.0
    if min(len(a), len(b)) < 4 or a[0] != b[0]:
        return 0.0
    return float(JaroWinkler.similarity(a, b))


def same_given(a: str, b: str) -> float:
    """Whether two given names may be one person's: equal, initial, part of a double name, nickname, misspelling."""
    if a == b:
        return 1.0
    if len(a) == 1 or len(b) == 1:
        return 0.6 if a[0] == b[0] else 0.0
    if a in parts(b) or b in parts(a) or (parts(b) and parts(b)[0] == a):
        return 0.9
    if b in nicknames().get(a, frozenset()) or a in nicknames().get(b, frozenset()):
        return 0.8
    short, long = sorted((a, b), key=len)
    if len(short) >= 3 and long.startswith(short) and len(long) - len(short) <= 4:
        return 0.75
    return 0.7 if alike(a, b) >= 0.88 else 0.0


def same_surname(a: str, b: str) -> float:
    """Whether two surnames may be one person's: equal, one half of a double name, initial, misspelling."""
    if a == b:
        return 1.0
    if len(a) == 1 or len(b) == 1:
        return 0.6 if a[0] == b[0] else 0.0
    if a in parts(b) or b in parts(a):
        return 0.8
    return 0.75 if alike(a, b) >= 0.9 else 0.0


def compatible(a: Name, b: Name) -> float:
    """How likely two full names are one person, from the names alone, 0 to 1."""
    if not (a.full and b.full):
        return 0.0
    surname = same_surname(a.surname, b.surname)
    given = max(same_given(x, y) for x in a.given[:2] for y in b.given[:2])
    if not surname or not given:
        return 0.0
    if given < 0.8 and surname < 0.8:
        return 0.0  # two guesses are not one fact
    return surname * given


def initials(name: Name) -> frozenset[str]:
    """The initials a document may use for this name, lower case without dots, two letters or more."""
    if not name.full:
        return frozenset()
    first, middle = name.given[0], name.given[1:]
    last = name.surname.split()[-1]
    ends = {last[0]}
    if "-" in last:
        ends |= {"".join(p[0] for p in last.split("-") if p)}
    if "'" in last:
        ends |= {last.split("'")[0] + "'" + last.split("'")[1][:1]}
    if (mac := re.match(r"ma?c(?=\w{3})", last)) and last not in ("mack", "macy", "macey"):
        ends.add(last[: mac.end() + 1])  # "EMacC"
    starts = {first[0]}
    if "-" in first:
        starts |= {"".join(p[0] for p in first.split("-") if p)}
    mids = {"", "".join(m[0] for m in middle)} if middle else {""}
    return frozenset(s + m + e for s in starts for m in mids for e in ends if len(s + m + e) > 1)


def dotted(name: Name) -> tuple[str, ...]:
    """The initials of a Welsh name as a Welsh hand writes them, a double letter being one: "F.Ll.P." of Ffion Llewelyn-Puw; ()
    where the name has none."""
    if not name.full:
        return ()
    words = [*name.given[:1], *name.surname.replace("-", " ").split()]
    letters = tuple(w[:2] if w[:2] in ("ll", "rh", "dd") else w[0] for w in words)
    return letters if any(len(letter) > 1 for letter in letters) else ()
