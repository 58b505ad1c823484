"""Every form of every draft, looked for in every text; each appearance is a person, or an ordinary word, and says which.

Does not see names that no recognizer found anywhere in the bundle and no case lists. Near linear: one pass over the words.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..lexicon import Title, gender, given_names, ordinary_words, plain, surnames, titles
from .collect import ABBREVIATED, NEVER
from .drafts import Draft
from .link import tokens
from .names import TOKEN, dotted, initials, parts, title_before, unpossessive

DECLARED, FULL, GLUED, ALIAS, GIVEN, SHORT, SURNAME, LONE, INITIALS, PLURAL, EXACT, OWNER = (
    "declared",
    "full",
    "glued",
    "alias",
    "given",
    "short",
    "surname",
    "lone",
    "initials",
    "plural",
    "exact",
    "owner",
)
_GAP = re.compile(r"(?:['’]s)?[ \t]*(?:[,\-–_/]|\r?\n)?[ \t]*")
_ENDS = re.compile(r"[ .\t]*(?:\n|\Z)")  # nothing more on the line
_DOTTED = re.compile(r"\.?[ \t]*(?:-|\r?\n[ \t]*)?")
ACRONYMS = ABBREVIATED | frozenset(
    """pm uk eu us usa gb ok nhs gp pc dc ds di dci ps mp mps tv it hr pr qc kc cc pa id no ie eg re st ha hq ip cp cs cse
    csa cps iopc ipcc hmic pcc acc dcc dcs mash marac mappa la lac tac pru sen ehcp camhs icu ae aa ba bsc ma msc phd mba
    ltd plc llp dob doh dfe ons icb ccg abe pace ni ninos upn vrm cctv sms im ft bbc itv pdf rtf doc docx xls jpg png fc
    afc utc cv ae asb ada dp hcp oic nb fp ht sr edt toil tbc tba nfa rk pob pnb wpc sat sun mon tue wed thu fri jan feb mar apr
    jun jul aug sep oct nov dec nyp gwp swp nwp tvp psni""".split()
)


_NOBODYS = NEVER - given_names() - surnames() - ordinary_words()  # of "Note 1 of the review", which a reviewer masks as a name


@dataclass(frozen=True, slots=True)
class Match:
    """One appearance of a form: offsets, the words as compared, which drafts it may be and how, and titles before it."""

    doc: str
    start: int
    end: int
    seq: tuple[str, ...]
    types: dict[int, str]
    titles: tuple[Title, ...] = ()
    exact: frozenset[int] = frozenset()


_HOWS = (DECLARED, FULL, GLUED, ALIAS, GIVEN, SHORT, SURNAME, LONE, INITIALS, PLURAL, EXACT, OWNER)
_NUMBER = {how: number for number, how in enumerate(_HOWS)}
_LATE = (SHORT, OWNER)  # added last


@dataclass(slots=True, repr=False)
class Index:
    """Every form to look for, which drafts each may mean, and how. Nothing else is larger while persons are resolved: a form is
    held as one string, a draft that it may mean and how as one number. `givens`: the first given names of each draft that
    initials may stand for. Personal text: no repr."""

    givens: dict[int, frozenset[str]] = field(default_factory=dict)
    _meant: dict[str, int | array[int]] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)  # by first word, a bit for each number of words

    def add(self, seq: tuple[str, ...], draft: int, how: str) -> None:
        """Enter one form; the first way of knowing it counts."""
        if not seq:
            return
        form, code = " ".join(seq), draft * len(_HOWS) + _NUMBER[how]
        known = self._meant.get(form)
        if known is None:
            self._meant[form] = code
            self._sizes[seq[0]] = self._sizes.get(seq[0], 0) | 1 << len(seq)
        elif isinstance(known, int):
            if known // len(_HOWS) != draft:
                self._meant[form] = array("I", (known, code))
        elif known[-1] // len(_HOWS) != draft and (how not in _LATE or draft not in self.bearing(seq)):
            known.append(code)

    def bearing(self, seq: tuple[str, ...]) -> dict[int, str]:
        """The drafts that a form may mean, and how, in the order in which they were entered."""
        known = self._meant.get(" ".join(seq), ())
        codes = (known,) if isinstance(known, int) else known
        return {code // len(_HOWS): _HOWS[code % len(_HOWS)] for code in codes}

    def sizes(self, word: str) -> tuple[int, ...]:
        """How many words the forms have that begin with this one, the most first."""
        return _bits(self._sizes.get(word, 0))

    def stem(self, word: str) -> int | None:
        """The draft that is called just by this word, where that is a long one and no ordinary word."""
        if len(word) < 5 or word in ordinary_words():
            return None
        return next(iter(self.bearing((word,))), None)

    def rows(self) -> Iterator[tuple[tuple[str, ...], int, str]]:
        """Every form with each draft and how: by first word, longer ones first, then by draft."""
        by_first: dict[str, list[str]] = {word: [] for word in self._sizes}
        for form in self._meant:
            by_first[form.partition(" ")[0]].append(form)
        for forms in by_first.values():
            seqs = [tuple(form.split(" ")) for form in forms]
            rows = [(seq, draft, how) for seq in seqs for draft, how in self.bearing(seq).items()]
            yield from sorted(rows, key=lambda row: (-len(row[0]), row[2] in _LATE, row[1]))


@lru_cache
def _bits(sizes: int) -> tuple[int, ...]:
    return tuple(size for size in range(sizes.bit_length(), 0, -1) if sizes >> size & 1)


def index(drafts: Sequence[Draft]) -> Index:
    """All the forms to look for."""
    found = Index()
    for d in drafts:
        for exact in sorted(d.exact):
            found.add(exact, d.id, EXACT)
        if d.listed == "pseudonyms":
            continue
        for letters in set().union(*d.declared.values()):
            found.add(tokens(letters), d.id, DECLARED)
        for name in d.names:
            given, surname = name.given, name.surname
            first, last = tokens(given[0]), tokens(surname)
            if not first or not last:
                continue
            every = tuple(t for g in given for t in tokens(g))
            for seq in (
                every + last,
                first + last,
                last + every,
                last + first,
                (first[0][:1], *last),
                (*first, last[0][:1]),
                (*last, first[0][:1]),
            ):
                if len("".join(seq)) > 2:
                    found.add(seq, d.id, FULL)
            for a, b in ((first, last), (last, first), (every, last), (last, every)):  # "GraceMarsh", "al-MarshGrace"
                for glued in {("".join(a + b),), (*a[:-1], a[-1] + b[0], *b[1:])}:
                    if len("".join(glued)) > 3:
                        found.add(glued, d.id, GLUED)
                        found.add(tuple(word.replace("'", "") for word in glued), d.id, GLUED)
            if len(surname) > 3:
                found.add((first[0][:1] + last[0], *last[1:]), d.id, GLUED)  # "GMarsh_notes"
                found.add((*last, first[0][:1]) if len(first[0]) == 1 else (*last[:-1], last[-1] + first[0][:1]), d.id, GLUED)
            for half in parts(surname):
                found.add((*first, half), d.id, FULL)
            if len(first[0]) > 1 and first[0] not in _NOBODYS:
                found.add(first, d.id, GIVEN)
                for half in parts(given[0])[:1]:
                    found.add((half,), d.id, GIVEN)
            if len(first) == 1 and len(first[0]) > 3 and not d.nameable:
                for pet in _pets(first[0]):
                    found.add((pet,), d.id, GIVEN)
            if len(surname) > 1 and last[-1] not in _NOBODYS:
                found.add(last, d.id, SURNAME)
                for half in parts(surname):
                    if half not in ordinary_words() and len(half) > 3:
                        found.add((half,), d.id, SURNAME)
                if len(last) == 1:
                    found.add((last[0] + ("es" if last[0].endswith(("s", "x", "z", "ch", "sh")) else "s"),), d.id, PLURAL)
            if d.role is None or d.role.protected:
                for short in initials(name):
                    found.add((short,), d.id, INITIALS)
                    found.add(tuple(short.replace("'", "")), d.id, INITIALS)
                    found.add((short.replace("'", ""),), d.id, INITIALS)
                    if "'" in short:  # "F O'H"
                        found.add((short[0], short[1:]), d.id, INITIALS)
                found.add(dotted(name), d.id, INITIALS)
        if d.role is None or d.role.protected:
            found.givens[d.id] = frozenset(n.given[0] for n in d.names)
        for word in d.lone:
            found.add(tokens(word), d.id, LONE)
            if len(word) > 3 and not d.nameable and word.isalpha():
                for pet in _pets(word):
                    found.add((pet,), d.id, GIVEN)
        for raw in d.raws:
            how = {"given": GIVEN, "surname": SURNAME}.get(raw.half, FULL if raw.name.full else LONE)
            found.add(tokens(raw.written), d.id, how)
    for d in drafts:  # last, for whatever is known otherwise counts first
        if d.nameable or d.listed == "pseudonyms":
            continue
        whole = {w for n in d.names for w in tokens(n.given[0])[:1]} | {plain(w) for w in d.lone}
        for owner in (word + "s" for word in whole & ordinary_words()):
            if not found.bearing((owner,)):
                found.add((owner,), d.id, OWNER)  # "joys aunt"
        for cut in {cut for word in whole for cut in _shorts(word)} - NEVER:
            begins = any(word.startswith(cut) for word in whole)
            if begins or all(how == SHORT for how in found.bearing((cut,)).values()):  # "Marie" is no Marek
                found.add((cut,), d.id, SHORT)
    return found


def _pets(given: str) -> Iterator[str]:
    """Pet forms that British speech makes of any given name: "Faithy", "Joysie"; never an ordinary word."""
    for ending in ("y", "ie", "sie", "sy", *([] if given[-1] in "aeiou" and given in ordinary_words() else ["s"])):
        pet = given + ending
        if not given.endswith(("y", "ie", "s")) and pet not in ordinary_words():
            yield pet


def _shorts(given: str) -> Iterator[str]:
    """A given name cut short as friends do, three letters or more, some with an ending: "Ffi", "Ails", "Shaz", "Dezzy"."""
    if given.isalpha() and len(given) > 4:
        yield from (given[:size] for size in range(3, len(given)))
        yield from (given[:size] + ending for size in (3, 4) for ending in ("s", "z", "zza", "zzy", "y", "ie", "i", "o", "a"))


def search(doc: str, text: str, forms: Index) -> Iterator[Match]:
    """Appearances of any form, longest first, in order and not overlapping; what they are is judged by `is_name`."""
    words = [(m.start(), m.end(), plain(unpossessive(m.group())), m.group()) for m in TOKEN.finditer(text)]
    plainly = tuple(word[2] for word in words)
    at = 0
    while at < len(words):
        size, types = 0, dict[int, str]()
        for size in forms.sizes(plainly[at]):  # the longest that fits; one sequence, however many bear it
            seq = plainly[at : at + size]
            bearers = forms.bearing(seq)
            fitting = {how for how in set(bearers.values()) if _fits(text, words, at, seq, how)} if len(seq) == size else set()
            if types := {draft: how for draft, how in bearers.items() if how in fitting}:
                break
        if not types:
            at += 1
            continue
        start, end = words[at][0], words[at + size - 1][1]
        raw_end = words[at + size - 1]
        end -= len(raw_end[3]) - len(unpossessive(raw_end[3]))
        if text[end : end + 1] == "." and re.search(r"(?:^|\W)\w$", text[start:end]):
            end += 1
        before, _ = title_before(text, start)
        seq = tuple(w[2] for w in words[at : at + size])
        yield Match(doc, start, end, seq, types, before, frozenset(d for d, how in types.items() if how == EXACT))
        at += size


def _fits(text: str, words: Sequence[tuple[int, int, str, str]], at: int, seq: tuple[str, ...], how: str) -> bool:
    if at + len(seq) > len(words):
        return False
    for offset, word in enumerate(seq):
        if words[at + offset][2] != word:
            return False
        if offset:
            gap = text[words[at + offset - 1][1] : words[at + offset][0]]
            # A dot follows an initial ("F.Ll.P."); after a word it ends a sentence
            short = len(words[at + offset - 1][2]) <= 1 + (how == INITIALS)
            if not _GAP.fullmatch(gap) and not (short and _DOTTED.fullmatch(gap)):
                return False
    written = [words[at + i][3] for i in range(len(seq))]
    if how == DECLARED:
        ahead = text[words[at][1] : words[at][1] + 24]
        rank = seq[0] in ("pc", "dc", "ps", "ds", "di", "cc") and re.match(r" (?:[A-Z][a-z'’]|\d{2})", ahead)
        return sum(c.isupper() for c in written[0]) > 1 and not rank
    if how == INITIALS:
        if len(seq) == 1:
            clock = seq[0] == "am" and re.search(r"\d[\d.:]*\s*$", text[max(0, words[at][0] - 8) : words[at][0]])
            letters = unpossessive(written[0])
            # Where a document writes "D.L." of somebody, "DL" is no deputy lieutenant.
            plainly = seq[0] not in ACRONYMS or "".join(f"{letter}." for letter in letters) in text
            plainly = plainly or _signs(text, words[at][0], words[at][1])
            # "DP" is the detained person of a custody record, and Dean Price in the minutes of a meeting
            plainly = plainly or (seq[0] == "dp" and not re.search(r"(?i)\bdetain|\bcustody", text))
            odd = re.match(r"[A-Z]*Ma?c[A-Z]$", letters)  # "EMacC"
            return (letters.isupper() or bool(odd)) and plainly and not clock
        dots = text[words[at][0] : words[at + len(seq) - 1][1] + 1]
        capitals = all((w.isupper() and (len(w) == 1 or re.search("['’]", w))) or w in ("Ll", "Rh", "Dd") for w in written)
        return capitals and bool(re.fullmatch(r"(?:[\w'’]{1,3}[. ]{1,2})+[\w'’]{0,3}\.?.?", dots))
    if how == EXACT and len(seq) == 1 and len(seq[0]) <= 3:  # listed initials ("MR") are not the title "Mr"
        likely = written[0][0].isupper() or (seq[0] in given_names() and seq[0] not in ordinary_words())
        return written[0].isupper() or (likely and seq[0] not in titles())
    if any(len(w) == 1 for w in seq) and len(seq) > 1 and not (how == EXACT and len(seq) > 2):
        return all(w.isupper() or w.isdigit() for w in written if len(w) == 1)  # "J Price", "Joy P": the lone letter is a capital
    if how == PLURAL:
        return written[0][0].isupper()
    return True


def _signs(text: str, start: int, end: int) -> bool:
    """Whether letters close an entry, as whoever wrote it signs: "... rang at six. GB"."""
    return bool(re.search(r"[.!?)\"”’'][ \t]+$", text[max(0, start - 4) : start])) and _ENDS.match(text, end) is not None


def title_agrees(title: Title, draft: Draft) -> int:
    """How a title before a lone name speaks for (+) or against (-) a draft."""
    if title in draft.titles:
        return 3
    same = [t for t in draft.titles if t.family == title.family]
    if title.family in ("rank", "office"):
        if any(t.code == title.code for t in same):
            return 3
        return 1 if same else -3
    if gender(title.code) and draft.genders and gender(title.code) not in draft.genders:
        return -3
    if title.code in ("dr", "prof") and not any(t.code in ("dr", "prof") for t in draft.titles):
        return -2
    return 1 if same else 0
