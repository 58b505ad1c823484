"""Protected forms, and how often each stands in a text: one pass for all of them (Aho-Corasick), whole words only.

Not found: a form nobody listed (inflected, misspelt, "Deans"), initials without their dots where the form has dots, a joined name
in running text ("deanprice"; a capital tells "DeanPrice"), names run together with other letters, prefixes written on to the
word (Arabic, Hebrew).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]  # a C module without stubs

from ..cleartext import ClearText
from ..model import Kind
from .plain import REVERSED, SPACED, Reading, read, readings

_NAMES = frozenset({Kind.NAME, Kind.ALIAS})
_NUMBERED = frozenset({Kind.PHONE, Kind.ID, Kind.POSTCODE, Kind.VEHICLE, Kind.DOB})
_TOKEN = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[^\W\d_A-Z][A-Z]")
_BETWEEN = frozenset(" ./():,'")  # what may part the groups of one number
# Thai and Lao, Burmese, Hangul letters, Khmer, then kana and Han.
_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1100", "\u11ff"), ("\u1780", "\u17ff"), ("\u2e80", "\U0003ffff"))
_BIDI = re.compile("[\u200f\u202a-\u202e\u2066-\u2069]|\\bbdo\\b|\\brtl\\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Probe:
    """One form to look for. `allowed`: how often it may stand in the copy's visible text, counted as `tally` counts."""

    person: str
    kind: Kind
    form: ClearText
    allowed: int = 0


class Mode(IntEnum):
    """How strictly a hit must stand alone, from words in prose to bytes."""

    VISIBLE = 0  # whole words, and short forms in their own case
    WORDS = 1  # whole words, short forms left out: markup is full of them
    CLOSED_UP = 2  # and "deanprice", where spaced-out letters were closed up
    HIDDEN = 3  # and at a change of case: "DeanPrice"; nobody reads this text, so no prose can be meant
    BYTES = 4  # and anywhere: length fields beside a word look like letters


@dataclass(frozen=True, slots=True)
class Count:
    """How often each form stands in one reading: `net` without those inside a longer form's hit, `gross` with them."""

    label: str
    net: Counter[int]
    gross: Counter[int]


class Forms:
    """The distinct forms of many probes, ready to be counted. Forms that fold alike ("Zoë", "zoe") are one, allowed the least.

    A bundle's forms are made ready once: `allowing` gives the same forms with what one document allows.
    """

    def __init__(self, probes: Sequence[Probe]) -> None:
        self.probes: list[list[Probe]] = []
        self._numbers_of: list[list[int]] = []  # for each form the places of its probes
        self._given: Mapping[int, int] | None = None
        self.of_probe: list[int | None] = []  # for each probe its form's index; None: no letter or digit to look for
        index: dict[str, int] = {}
        words: dict[str, int] = {}
        short: dict[str, int] = {}
        for number, probe in enumerate(probes):
            form = read(probe.form.reveal())
            if not any(char.isalnum() for char in form.folded):
                self.of_probe.append(None)
                continue
            patterns, text = (short, form.cased) if _is_short(probe.kind, form.folded) else (words, form.folded)
            key = index.setdefault(("=" if patterns is short else "") + text, len(self.probes))
            if key == len(self.probes):
                self.probes.append([])
                self._numbers_of.append([])
            self.probes[key].append(probe)
            self._numbers_of[key].append(number)
            self.of_probe.append(key)
            patterns[text] = key
        self.probed = sum(key is not None for key in self.of_probe)  # of the probes; counted once for all copies
        self._short = _automaton(short)
        self._numbers = _automaton(_variants(words, self.probes, _NUMBERED, _squeezed))
        words |= {text: key for text, key in _variants(words, self.probes, _NAMES, _surname_first).items() if text not in words}
        self._words = _automaton(words)
        joined = {text: key for text, key in _variants(words, self.probes, _NAMES, _joined).items() if text not in words}
        long = {text: key for text, key in joined.items() if len(text) > 5}
        self._joined, self._glued = _automaton(words | long), _automaton(joined)
        self._again = lru_cache(maxsize=512)(self._every_count)

    def allowed(self, key: int) -> int:
        """How often the form may stand in visible text."""
        if self._given is not None:
            return min(self._given.get(number, 0) for number in self._numbers_of[key])
        return min(probe.allowed for probe in self.probes[key])

    @property
    def sought(self) -> int:
        """How many people and facts are looked for; the number of forms would tell how a name is written (the log)."""
        every = ((key, probe) for key, probes in enumerate(self.probes) for probe in probes)
        return len({probe.person if probe.person and probe.kind in _NAMES else key for key, probe in every})

    def allowing(self, given: Mapping[int, int]) -> Forms:
        """The same forms where each probe, by its place, may stand as often as `given` says; the others never."""
        same = copy(self)
        same._given = given
        return same

    def count(self, text: str, mode: Mode, turned: bool = False) -> Iterator[Count]:
        """The counts in each reading of `text`, the plain one first. `turned`: something in the copy turns text round."""
        bidi = turned or turns_round(text)
        for reading in readings(text):
            backwards = reading.label == REVERSED
            hits = self._hits(reading, max(mode, Mode.CLOSED_UP) if reading.label == SPACED else mode)
            yield _counted(reading.label, (hit for hit in hits if not backwards or _surely_reversed(reading, hit, bidi)))

    def counts(self, text: str, mode: Mode, deep: bool, again: bool) -> Sequence[Count]:
        """The same; `deep`: in each reading, else in the plain one alone; `again`: many copies have this text, and it is read
        once for all of them: what a document allows is no part of a count."""
        return (self._again if again else self._every_count)(text, mode, deep)

    def _every_count(self, text: str, mode: Mode, deep: bool) -> Sequence[Count]:
        return tuple(self.count(text, mode)) if deep else (self.count_plain(text, mode),)

    def count_plain(self, text: str, mode: Mode) -> Count:
        """The counts in the plain reading alone."""
        return _counted("", self._hits(read(text), mode))

    def _hits(self, reading: Reading, mode: Mode) -> Iterator[tuple[int, int, int]]:
        """(start, end, form) of every hit that stands as a word, nested ones too; one span may be reported twice."""
        found = self._joined if mode >= Mode.CLOSED_UP else self._words
        for start, end, key in _search(found, reading.folded):
            if (mode is Mode.BYTES and end - start > 3) or _alone(reading, start, end, mode >= Mode.HIDDEN):
                yield start, end, key
        if mode < Mode.CLOSED_UP:
            for start, end, key in _search(self._glued, reading.folded):
                if _HUMP.search(reading.cased, start, end) and _alone(reading, start, end, False):
                    yield start, end, key
        if self._numbers is not None:
            yield from self._number_hits(reading)
        if mode is Mode.VISIBLE and not reading.label:
            for start, end, key in _search(self._short, reading.cased):
                if not reading.cased[max(0, start - 1) : start].isalnum() and not reading.cased[end : end + 1].isalnum():
                    yield start, end, key

    def _number_hits(self, reading: Reading) -> Iterator[tuple[int, int, int]]:
        """Hits of numbers whatever parts their groups."""
        text = reading.folded
        joined = "".join(_TOKEN.findall(text))
        found = list(_search(self._numbers, joined))
        if not found:  # nearly always: no need to say where each token began
            return
        starts, offsets, size = [], [], 0
        for token in _TOKEN.finditer(text):
            starts.append(token.start())
            offsets.append(size)
            size += len(token.group())

        def place(offset: int) -> int:
            token = bisect_right(offsets, offset) - 1
            return starts[token] + offset - offsets[token]

        for first, last, key in found:
            start, end = place(first), place(last - 1) + 1
            between = [char for char in text[start:end] if not char.isalnum()]
            if _BETWEEN.issuperset(between) and len(between) <= last - first and _alone(reading, start, end, False):
                yield start, end, key


def tally(text: ClearText, probes: Sequence[Probe]) -> tuple[int, ...]:
    """How often each probe's form stands in `text`, in the order of `probes`, counted as `prove` counts the visible text.

    Give it what may stay (the source with every masked span taken out, and the words put in) to get `Probe.allowed`.
    """
    forms = Forms(probes)
    most = most_of(count.net for count in forms.count(text.reveal(), Mode.VISIBLE) if count.label != REVERSED)
    return tuple(0 if key is None else most[key] for key in forms.of_probe)


def turns_round(text: str) -> bool:
    """Whether a bidi control, or markup that does the same, stands in `text`."""
    return _BIDI.search(text) is not None


def most_of(counts: Iterable[Counter[int]]) -> Counter[int]:
    """For each form the largest of its counts."""
    most: Counter[int] = Counter()
    for count in counts:
        most |= count
    return most


def _counted(label: str, hits: Iterable[tuple[int, int, int]]) -> Count:
    """Sorted so that a longer hit comes before those inside it: they explain nothing of their own."""
    net: Counter[int] = Counter()
    gross: Counter[int] = Counter()
    reach = 0
    for _start, end, key in sorted(set(hits), key=lambda hit: (hit[0], -hit[1], hit[2])):
        gross[key] += 1
        if end > reach:
            net[key] += 1
            reach = end
    return Count(label, net, gross)


def _automaton(patterns: dict[str, int]) -> ahocorasick.Automaton | None:
    if not patterns:
        return None
    automaton = ahocorasick.Automaton()
    for text, key in patterns.items():
        automaton.add_word(text, (len(text), key))
    automaton.make_automaton()
    return automaton


def _search(automaton: ahocorasick.Automaton | None, text: str) -> Iterator[tuple[int, int, int]]:
    if automaton is not None:
        for last, (length, key) in automaton.iter(text):
            yield last + 1 - length, last + 1, key


def _alone(reading: Reading, start: int, end: int, case_parts: bool) -> bool:
    """Whether the hit is not part of a longer word or number. Letters beside digits part: a note's "Dean³" reads "dean3"."""
    return _parted(reading, start, case_parts) and _parted(reading, end, case_parts)


def _parted(reading: Reading, at: int, case_parts: bool) -> bool:
    if at in (0, len(reading.folded)):
        return True
    left, right = reading.cased[at - 1], reading.cased[at]
    if left.isalpha() and right.isalpha():
        return (case_parts and left.islower() and right.isupper()) or _unspaced(left) or _unspaced(right)
    return not (left.isdigit() and right.isdigit())


def _unspaced(char: str) -> bool:
    """Letters of scripts that write words without blanks."""
    return any(low <= char <= high for low, high in _UNSPACED)


def _surely_reversed(reading: Reading, hit: tuple[int, int, int], bidi: bool) -> bool:
    """A lone word counts if its capital is where a reversed name has it, or something turns text round: "mail" is no "Liam"."""
    start, end, _ = hit
    folded, cased = reading.folded[start:end], reading.cased[start:end]
    if folded == folded[::-1]:
        return False
    if bidi or " " in folded or sum(char.isdigit() for char in folded) > 5:
        return True
    return cased[0].isupper() and not cased.isupper()


def _is_short(kind: Kind, folded: str) -> bool:
    """Initials, one or two letters, numbers under four digits: they stand everywhere, so only as they are, in visible text."""
    letters = [char for char in folded if char.isalnum()]
    if all(char.isdigit() for char in letters):
        return len(letters) < 4
    return kind is Kind.INITIALS or (len(letters) < 3 and not any(_unspaced(char) for char in letters))


def _variants(
    words: dict[str, int], probes: list[list[Probe]], kinds: frozenset[Kind], vary: Callable[[str], list[str]]
) -> dict[str, int]:
    chosen = {text: key for text, key in words.items() if any(probe.kind in kinds for probe in probes[key])}
    return {variant: key for text, key in chosen.items() for variant in vary(text)}


def _surname_first(name: str) -> list[str]:
    given, _, last = name.rpartition(" ")
    return [f"{last}, {given}"] if given and "," not in name and last.isalpha() else []


def _joined(name: str) -> list[str]:
    """A name of several words as one, either end first, with and without its apostrophe."""
    given, _, last = name.rpartition(" ")
    whole = [(given + last).replace(" ", ""), (last + given).replace(" ", "")]
    letters = [text.replace("'", "") for text in whole]
    return [*dict.fromkeys((*letters, *whole))] if given and len(letters[0]) > 3 and letters[0].isalpha() else []


def _squeezed(number: str) -> list[str]:
    """The number without separators, and as a British telephone number is written at home and from abroad."""
    digits = "".join(_TOKEN.findall(number))
    if len(digits) < 4 or not any(char.isdigit() for char in digits):
        return []
    home = re.fullmatch(r"(?:0044|44|0)0?(\d{9,10})", digits)
    return [digits] + [prefix + home[1] for prefix in ("0", "44", "0044", "440", "00440")] if home else [digits]
