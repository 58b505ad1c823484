"""The one engine: Presidio's AnalyzerEngine over one explicit registry; Presidio's types go no further than this file's room.

Nothing is downloaded and nothing is logged: no default registry, no decision log, no look-up of domain lists. What it does
not do: judge. Every finding is a candidate, and one span may have several of different kinds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import regex  # type: ignore[import-untyped]
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MacAddressRecognizer,
    PhoneRecognizer,
    UkDrivingLicenceRecognizer,
    UkNinoRecognizer,
    UkPassportRecognizer,
    UkPostcodeRecognizer,
    UrlRecognizer,
)

from ..lexicon import given_names, plain, surnames
from ..model import Detection, Finding, Kind, Span, capitalised
from .apart import apart, beside_names
from .base import ATTRIBUTES, KIND, WHY, chunks, segments
from .capitals import as_prose, calm, not_names, shouted, wanting, within_shouts
from .checks import phone, postcode
from .columns import in_columns
from .defined import unexplained
from .dependencies import DEFAULT, Chosen
from .facts import fact_recognizers
from .identifiers import Identifier, identifier_recognizers
from .institutions import institution_recognizer
from .names import SpacyNames, SpacyPeople
from .other_names import other_recognizer
from .outline import outline, questions
from .places import is_town, place_recognizer, population, settlement
from .plugged import Plugged
from .rampart import rampart_recognizer
from .serials import serial_recognizer
from .settled import settled
from .structure import structure_recognizer
from .tagger import tagger_recognizer
from .tagger_names import tagger_names_recognizer
from .wordlists import words

CHUNK = 100_000  # characters analysed in one call, always whole paragraphs; spaCy refuses a million

# Presidio's own recognizers: kind, detail code, score (None: as Presidio gives it).
# Not used: NhsRecognizer (takes every tenth bare ten-digit number, drops a labelled number with a typing error) and
# UkVehicleRegistrationRecognizer (ignores case, so that "was 14 a" is a mark): rows of identifiers.yaml stand for them.
PRESIDIO: dict[str, tuple[Kind, str, float | None]] = {
    "EMAIL_ADDRESS": (Kind.EMAIL, "address", 1.0),
    "PHONE_NUMBER": (Kind.PHONE, "number", 0.7),
    "UK_NINO": (Kind.ID, "nino", 0.9),
    "UK_POSTCODE": (Kind.POSTCODE, "unit", 0.9),
    "UK_PASSPORT": (Kind.ID, "passport", None),
    "UK_DRIVING_LICENCE": (Kind.ID, "driving_licence", 0.9),
    "CREDIT_CARD": (Kind.ID, "card", None),
    "IBAN_CODE": (Kind.ID, "iban", None),
    "IP_ADDRESS": (Kind.ID, "ip", None),
    "MAC_ADDRESS": (Kind.ID, "mac", None),
    "URL": (Kind.URL, "web", 0.8),
}
_DIGITS = 5  # of the shortest number anybody can ring inside an office
_VERBS = frozenset("asks says said told rang will went came took gave aware back here there says sent".split())
_OTHER_SCRIPT = regex.compile(r"(?:(?!\p{Latin})\p{L}\p{M}*){2,}(?:[ ·](?:(?!\p{Latin})\p{L}\p{M}*){2,})*")
_LONE_GIVEN = regex.compile(r"(?<![\p{L}\d@_./’'-]|\p{Lu}\p{Ll}+[ ])\p{Lu}\p{Ll}{2,}(?![\p{L}\d@_/’'-]|[ ]\p{Lu}|\.\p{L})")
_QUOTED_WORD = regex.compile(r"[\"“‘](?P<word>\p{Lu}\p{Ll}{2,})[\"”’](?!\p{L})")
_ONLY_WITH_CONTEXT = {"default": 0.3}  # two letters and seven digits are a passport only where "passport" is near


class Email(EmailRecognizer):
    """Presidio's e-mail pattern without its look-up of the domain.

    The look-up fetches a list from the network (tldextract), and would drop an address at a domain that list does not
    have ("council.local"): an address identifies whether or not it can be reached.
    """

    def validate_result(self, pattern_text: str) -> None:
        """Every match of the pattern counts."""


class Engine:
    """Every recognizer, loaded once. `ModelFault` if a name model is missing or altered, `PluginFault` if a plug-in fails.

    `chosen` says which name models (by default spaCy's small English pipeline and Rampart) and which plug-ins. A spaCy pipeline
    cuts texts into words whatever is chosen, and what it takes for names counts.
    """

    def __init__(self, chosen: Chosen = DEFAULT) -> None:
        self._names = SpacyNames(chosen.pipeline)
        self._names.load()
        self._is_word = self._names.vocabulary()
        self._prose = as_prose(self._is_word)
        rampart = [rampart_recognizer()] if "rampart" in chosen.names else []
        own = [tagger_names_recognizer(chosen.least)] if "tagger" in chosen.names else []
        self._models = (SpacyPeople(), *own, *rampart, *map(other_recognizer, chosen.others))
        plugged = [Plugged(plugin) for plugin in chosen.plugins]
        self._analyzer = AnalyzerEngine(
            registry=RecognizerRegistry(
                recognizers=[*self._models, *_recognizers(chosen.least), *plugged], supported_languages=["en"]
            ),
            nlp_engine=self._names,
            context_aware_enhancer=LemmaContextAwareEnhancer(context_matching_mode="whole_word"),
            supported_languages=["en"],
        )

    def detect(self, doc_id: str, text: str) -> Detection:
        """Findings in `text` sorted by start, and the start of every word tagged as a proper noun."""
        capitals = frozenset(wanting(text, self._known))
        text = capitalised(text, capitals)
        found: set[Finding] = set()
        proper: set[int] = set()
        for begin, end in chunks(text, CHUNK):
            part = text[begin:end]
            artifacts = self._names.process_text(part, "en")
            proper |= {begin + token.idx for token in artifacts.tokens if token.pos_ == "PROPN"}
            results = self._analyzer.analyze(part, "en", nlp_artifacts=artifacts, return_decision_process=True)
            results += self._in_capitals(part)
            found |= {f for result in results if (f := _finding(doc_id, part, begin, result))}
        found |= {*self._quoted(doc_id, text), *self._other_script(doc_id, text)}
        found |= set(self._listed(doc_id, text, found))
        found |= {Finding(doc_id, Span(f.start, f.end), f.kind, f.score, "title", f.why, f.attributes) for f in in_columns(text)}
        lettered = outline(text) | questions(text)
        found = {self._marked(_lettered(f, lettered), text) for f in found if not _letter_alone(f, lettered)}
        found = {_placed(f, text) for f in found}
        found = {g for f in found if (g := self._calmed(f, text))}
        found = unexplained(found, text, self._is_word)
        clear = settled(beside_names(apart(found, text), text), text)
        ordered = sorted(clear, key=lambda f: (f.span, f.kind, f.recognizer, f.why, f.attributes, f.score))
        small = {word.lower() for word in regex.findall(r"(?<!\p{L})\p{L}?\p{Ll}{2,}(?!\p{L})", text)}
        return Detection(doc_id, tuple(ordered), frozenset(proper), frozenset(w for w in small if self._is_word(w)), capitals)

    def _known(self, small: str) -> bool:
        return small in not_names() or self._is_word(small) or (small.endswith("in") and self._is_word(small + "g"))  # "drivin"

    def _marked(self, finding: Finding, text: str) -> Finding:
        """A name all of whose words are English words says so: people/ asks more of "Portfolio Holder" than of "Ola Rusk"."""
        if finding.kind not in (Kind.NAME, Kind.ALIAS):
            return finding
        finding = self._small(finding, text)
        said = regex.findall(r"\p{L}+", text[finding.span.start : finding.span.end].lower())
        if not said or not all(len(word) > 1 and self._is_word(word) for word in said):
            return finding
        return replace(finding, attributes=(*finding.attributes, "words"))

    def _calmed(self, finding: Finding, text: str) -> Finding | None:
        """A name in a line of capitals without the verb taken along ("CHURCH REVIEWS DETENTION"); no English word there is an
        alias for the capital it has ("THEY CALLED US LIARS")."""
        span = finding.span
        if finding.kind not in (Kind.NAME, Kind.ALIAS) or not within_shouts(text, span.start, span.end):
            return finding
        if finding.kind is Kind.ALIAS and finding.why.startswith("alias_") and "words" in finding.attributes:
            return None
        for word in list(regex.finditer(r"\p{L}+", text, pos=span.start, endpos=span.end))[1:]:
            small = word.group().lower()
            if small.endswith(("s", "ed", "ing")) and self._is_word(small) and small not in surnames() | given_names():
                return replace(finding, span=Span(span.start, span.start + len(text[span.start : word.start()].rstrip())))
        return finding

    def _small(self, finding: Finding, text: str) -> Finding:
        """A name without capitals, without the English words taken along ("llinos bevan aware", "pc garside attending")."""
        written = text[finding.span.start : finding.span.end]
        parts = written.split(" ")
        titled = finding.why == "title_small"
        while (
            written.islower() and len(parts) > 1 + (not titled) and self._taken_along(parts[-1], sure=titled and len(parts) == 2)
        ):
            parts.pop()
        return replace(finding, span=Span(finding.span.start, finding.span.start + len(" ".join(parts))))

    def _taken_along(self, word: str, *, sure: bool) -> bool:
        """Whether a word is none of a name; `sure`: only where its form says so, for many surnames are words ("tully")."""
        verb = word.endswith(("ing", "ed")) or word in words("function_words") or word in _VERBS
        return self._is_word(word) and (verb or not sure)

    def _quoted(self, doc_id: str, text: str) -> Iterator[Finding]:
        """A word in quotation marks, with a capital, that is no English word: somebody's nickname or slip ("Desteny")."""
        for match in _QUOTED_WORD.finditer(text):
            if not self._is_word(match["word"].lower()):
                span = Span(*match.span("word"))
                yield Finding(doc_id, span, Kind.ALIAS, 0.5, "structure", "quoted_word", ("quoted",))

    def _listed(self, doc_id: str, text: str, found: set[Finding]) -> Iterator[Finding]:
        """A given name that is no English word and no place, where nothing else was found ("Mass - Siobhan and")."""
        taken = {i for f in found for i in range(f.span.start, f.span.end) if f.recognizer != "spacy" or f.kind is Kind.NAME}
        for match in _LONE_GIVEN.finditer(text):
            small = match.group().lower()
            if (
                match.start() not in taken
                and plain(small) in given_names()
                and not (self._is_word(small) or population(small) is not None)
            ):
                yield Finding(doc_id, Span(*match.span()), Kind.NAME, 0.6, "structure", "listed_name", ("structure",))

    @staticmethod
    def _other_script(doc_id: str, text: str) -> Iterator[Finding]:
        """Words in another script than Latin: in an English text they are somebody's name as that somebody writes it."""
        for match in _OTHER_SCRIPT.finditer(text):
            yield Finding(doc_id, Span(*match.span()), Kind.NAME, 0.9, "structure", "other_script", ("other_script",))

    def _in_capitals(self, text: str) -> list[RecognizerResult]:
        """What the name models find in lines written in capitals once these are written as prose: they read no capitals."""
        found: list[RecognizerResult] = []
        for start, end in segments(text, CHUNK):
            lines = [(start + a, start + b) for a, b in shouted(text[start:end])]
            if not lines:
                continue
            calmed = calm(text[start:end], self._prose)
            artifacts = self._names.process_text(calmed, "en")
            for recognizer in self._models:
                for result in recognizer.analyze(calmed, [], artifacts):
                    result.start, result.end = start + result.start, start + result.end
                    if any(a <= result.start < b for a, b in lines):
                        found.append(result)
        return found


def _recognizers(least: Mapping[str, float]) -> list[EntityRecognizer]:
    """What the registry holds beside the name models, in words: nothing is registered by default."""
    passport = UkPassportRecognizer()
    passport.score_thresholds = _ONLY_WITH_CONTEXT
    return [
        structure_recognizer(),
        serial_recognizer(),
        institution_recognizer(),
        place_recognizer(),
        *identifier_recognizers(),
        Email(),
        PhoneRecognizer(supported_regions=("GB",)),
        UkNinoRecognizer(),
        UkPostcodeRecognizer(),
        passport,
        UkDrivingLicenceRecognizer(),
        CreditCardRecognizer(),
        IbanRecognizer(),
        IpRecognizer(),
        MacAddressRecognizer(),
        UrlRecognizer(),
        *fact_recognizers(is_town),
        tagger_recognizer(least),
    ]


def _lettered(finding: Finding, headings: Mapping[int, int]) -> Finding:
    """A name without the letter that numbers the heading it stands in."""
    begins = headings.get(finding.span.start)
    if begins is None or begins >= finding.span.end:
        return finding
    return replace(finding, span=Span(begins, finding.span.end))


def _placed(finding: Finding, text: str) -> Finding:
    """A small town that a model took for a person ("Saltash") as the place it is."""
    if finding.kind is not Kind.NAME or finding.recognizer not in ("spacy", "rampart", "tagger_names"):
        return finding
    if not settlement(text[finding.span.start : finding.span.end]):
        return finding
    large = is_town(text[finding.span.start : finding.span.end])
    kind, detail = (Kind.TOWN, "town") if large else (Kind.PLACE, "village")
    return replace(finding, kind=kind, score=0.6, recognizer="places", why="place_table", attributes=(detail,))


def _letter_alone(finding: Finding, lettered: Mapping[int, int]) -> bool:
    """Whether a name is nothing but the letter of a heading or question."""
    return finding.kind in (Kind.NAME, Kind.ALIAS, Kind.INITIALS) and lettered.get(finding.span.start, -1) >= finding.span.end


@cache
def _rows() -> dict[str, Identifier]:
    return {recognizer.supported_entities[0]: recognizer for recognizer in identifier_recognizers()}


def _finding(doc: str, text: str, offset: int, result: RecognizerResult) -> Finding | None:
    """One Presidio result in this package's terms; None where a check on the words says no."""
    data: dict[str, Any] = result.recognition_metadata or {}
    entity = result.entity_type
    said = text[result.start : result.end]
    if data.get(KIND) is Kind.PHONE and sum(c.isdigit() for c in said) < _DIGITS:
        return None  # "0800" is a time of day
    span = Span(offset + result.start, offset + result.end)
    source = str(data.get(RecognizerResult.RECOGNIZER_NAME_KEY, ""))
    if entity in PRESIDIO:
        kind, detail, score = PRESIDIO[entity]
        if (kind is Kind.POSTCODE and not postcode(said)) or (kind is Kind.PHONE and not phone(said)):
            return None
        if kind is Kind.URL and text[result.end : result.end + 1].isalnum():  # "notes_v2.do" of "notes_v2.docx"
            return None
        return Finding(doc, span, kind, result.score if score is None else score, "presidio", entity.lower(), (detail,))
    if entity in _rows():
        recognizer = _rows()[entity]
        row = recognizer.row
        attributes = (row.detail or row.name, "keep" if row.keep else "labelled" if recognizer.labelled else "shape")
        return Finding(doc, span, row.kind, result.score, "identifiers", row.name, attributes)
    kind = data[KIND] if KIND in data else Kind(entity.lower())
    if kind is Kind.NAME and "/" in said and text[: result.start].endswith("://"):  # the name in a link is after its domain
        span = Span(span.start + said.rindex("/") + 1, span.end)
    return Finding(doc, span, kind, result.score, source, str(data.get(WHY, entity)), tuple(data.get(ATTRIBUTES, ())))
