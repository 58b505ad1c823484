"""The second, independent look at a finished copy.

What it does NOT catch: a name nobody listed, misspelt or inflected beyond the listed forms; a person told by facts (jigsaw does
that); words in pictures that no engine reads (a Word copy that has a
picture is held unread); ciphers, compression within a text; a
paragraph in the wrong place; a name that begins in one paragraph or cell and ends in the next; one "Hope" that leaks while one
that may stay is lost, for it counts and cannot tell them apart; initials and numbers under four digits outside the visible text.
It shares no code with the readers and writers, but it does share the list of forms: a form missed there is missed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..cleartext import ClearText
from ..errors import LeakError
from ..model import Kind, Leak
from .expected import SHARE, found_words, words
from .forms import Forms, Mode, Probe, most_of, turns_round
from .mail import mail_places
from .package import docx_places, package_vocabulary
from .pdf import pdf_places, pdf_vocabulary
from .picture import picture_places
from .places import Extract, Place, UnreadableError, Vocabulary, html_places, html_vocabulary, markdown_places, text_places
from .plain import REVERSED
from .sheets import csv_places, tsv_places, xlsx_places

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOK: dict[str, Callable[[bytes, Vocabulary], Extract]] = {
    "text/plain": text_places,
    "text/markdown": markdown_places,
    "text/html": html_places,
    _DOCX: docx_places,
    _XLSX: xlsx_places,
    "image/png": picture_places,
    "application/pdf": pdf_places,
    "message/rfc822": mail_places,
    "text/csv": csv_places,
    "text/tab-separated-values": tsv_places,
}
_VOCABULARY: dict[str, Callable[[bytes], Vocabulary]] = {
    "text/html": html_vocabulary,
    "application/pdf": pdf_vocabulary,
    _DOCX: package_vocabulary,
    _XLSX: package_vocabulary,
}
_SHARE = {"image/png": 0.85}  # words read a second time in pixels; one in twenty comes out otherwise
_NEVER = "The copy stays held. Make it again; if this comes back, report it: the writer is at fault, not the document."


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at and found clean: the checks' names, how many probes, places and expected words. `sought`: how many
    people and facts the probes are of, which is what the log may have."""

    checks: tuple[str, ...]
    probes: int
    places: int
    words: int
    sought: int


def prove(
    copy: Path,
    media: str,
    probes: Sequence[Probe] | Forms,
    expected: ClearText,
    doc_id: str,
    name: ClearText | None = None,
    baseline: bytes | None = None,
) -> Proof:
    """The copy in a file, as `prove_data` has it; `name` None: its own name. Raises LeakError."""
    try:
        data = copy.read_bytes()
    except OSError:
        raise LeakError((), "the copy cannot be opened", _NEVER) from None
    return prove_data(data, media, probes, expected, doc_id, name or ClearText(copy.name), baseline)


def prove_data(
    data: bytes,
    media: str,
    probes: Sequence[Probe] | Forms,
    expected: ClearText,
    doc_id: str,
    name: ClearText,
    baseline: bytes | None = None,
) -> Proof:
    """Look for every probe in every place of a copy, and for the text it was made from. Raises LeakError.

    `probes` may be made ready before, for many copies.
    `expected` is the flat text of the masked content, `name` the relative path the copy will be published under,
    `baseline` a copy of empty content by the same writer: its markup and fixed words are nobody's name.

    (1) There is a check for this type, and something to check. (2) The copy is taken apart, down to the bytes no program shows.
    (3) In visible text, read every way, no form stands more often than allowed. (4) In every other place no form stands that
    visible text, known markup or the empty copy does not account for. (5) The copy holds the words it was made from.
    (6) No part was left unchecked.
    """
    # (1) a check for this type, and something to check
    if media not in _LOOK:
        raise LeakError(
            (), "there is no independent check for this type", "Save the source as .docx, .xlsx, .csv, .txt, .md or .html."
        )
    forms = probes if isinstance(probes, Forms) else Forms(probes)
    if not forms.probes and not words(expected.reveal()):
        raise LeakError((), "nothing to check: no protected form and no text", "Remove the document from the bundle, or fill it.")

    # (2) every place
    try:
        known, empty = _template(media, baseline) if baseline is not None else (Vocabulary(), Extract(()))
        extract = _LOOK[media](data, known)
    except UnreadableError as fault:
        raise LeakError((), str(fault), _NEVER) from None
    places = [place for place in (*extract.places, Place("name", "file name", name.reveal())) if place.text.strip()]
    seen = [text for text in extract.visible if text.strip()]
    if not seen:
        raise LeakError((), "the copy shows no text: nothing was checked", _NEVER)

    # (3) visible text
    leaks = _Leaks(forms, doc_id)
    turned = any(turns_round(place.text) for place in places if place.shares)
    visible = _visible_leaks(seen, turned, leaks, empty.visible)

    # (4) every other place
    template = {place.key: place for place in empty.places}
    for place in places:
        _place_leaks(place, template.get(place.key), visible, leaks)
    leaks.raise_any()

    # (5) the text it was made from
    found, total = max((found_words(expected.reveal(), text) for text in seen), key=lambda result: result[0])
    if found < _SHARE.get(media, SHARE) * total:
        raise LeakError((), "the copy does not hold the text it was made from", _NEVER)

    # (6) nothing left unchecked
    if extract.unchecked:
        raise LeakError((), f"no check can read part of the copy: {'; '.join(sorted(set(extract.unchecked)))}", _NEVER)
    checks = ("visible text", "hidden places", "file name", "expected text")
    return Proof(checks, forms.probed, len(places) + len(seen), total, forms.sought)


@lru_cache(maxsize=8)
def _template(media: str, baseline: bytes) -> tuple[Vocabulary, Extract]:
    """What an empty copy is made of; the same for every copy of a type."""
    known = _VOCABULARY[media](baseline) if media in _VOCABULARY else Vocabulary()
    return known, _LOOK[media](baseline, known)


class _Leaks:
    """The leaks found so far; each form once a place, with its largest count."""

    def __init__(self, forms: Forms, doc_id: str) -> None:
        self.forms = forms
        self._doc = doc_id
        self._worst: Counter[tuple[str, int]] = Counter()

    def add(self, place: str, key: int, count: int) -> None:
        """Form `key` stands `count` times too often in `place`."""
        self._worst[place, key] = max(self._worst[place, key], count)

    def raise_any(self) -> None:
        """Raises LeakError if anything was added."""
        counts: Counter[tuple[str, str, Kind]] = Counter()
        for (place, key), count in self._worst.items():
            for person, kind in {(probe.person, probe.kind) for probe in self.forms.probes[key]}:
                counts[place, person, kind] += count
        leaks = tuple(Leak(self._doc, person, kind, place, counts[place, person, kind]) for place, person, kind in sorted(counts))
        if leaks:
            places = len({leak.place for leak in leaks})
            raise LeakError(
                leaks,
                f"the copy holds {len(self._worst)} protected form(s) in {places} place(s)",
                "See in the review page where each stands; mask it, or record why it may stay.",
            )


def _visible_leaks(texts: Sequence[str], turned: bool, leaks: _Leaks, template: Sequence[str] = ()) -> Counter[int]:
    """Step 3. Returns how often each form stands in the visible text, within longer forms too.

    A single word that the empty copy shows (a house's letterhead: "Grace House") is accounted for by it; a full name never is.
    """
    forms = leaks.forms
    shown = most_of([count.net for text in template for count in forms.count(text, Mode.VISIBLE) if count.label != REVERSED])
    fixed = {key: n for key, n in shown.items() if all(len(probe.form.reveal().split()) == 1 for probe in forms.probes[key])}
    gross: list[Counter[int]] = []
    for text in texts:
        for count in forms.count(text, Mode.VISIBLE, turned):
            backwards = count.label == REVERSED
            for key, number in count.net.items():
                extra = number - (0 if backwards else forms.allowed(key) + fixed.get(key, 0))
                if extra > 0:
                    leaks.add("visible text" + (" (reversed)" if backwards else ""), key, extra)
            if not backwards:
                gross.append(count.gross)
    return most_of(gross)


def _place_leaks(place: Place, template: Place | None, visible: Counter[int], leaks: _Leaks) -> None:
    """Step 4, for one place: what it holds, less what is seen of it, less its known markup, less what the empty copy has."""
    forms = leaks.forms
    mode = Mode.BYTES if place.raw else Mode.WORDS if place.shares else Mode.HIDDEN
    fixed_text = template is not None and template.text == place.text
    fixed_markup = template is not None and template.structural == place.structural
    markup = _markup(forms, place, mode, fixed_markup)
    extra_of_template: dict[str, Counter[int]] = {}
    if template is not None:
        own = _markup(forms, template, mode, again=True)
        extra_of_template = {c.label: c.gross - own for c in forms.counts(template.text, mode, template.deep, again=True)}
    for count in forms.counts(place.text, mode, place.deep, fixed_text):
        backwards = count.label == REVERSED
        fixed = extra_of_template.get(count.label, extra_of_template.get("", Counter()) if not backwards else Counter())
        for key in count.net:
            accounted = fixed[key] + (0 if backwards else markup[key] + (visible[key] if place.shares else 0))
            extra = min(count.net[key], count.gross[key] - accounted)
            if extra > 0:
                leaks.add(place.label, key, extra)


def _markup(forms: Forms, place: Place, mode: Mode, again: bool) -> Counter[int]:
    return forms.counts(place.structural, mode, False, again)[0].gross if place.structural else Counter()
