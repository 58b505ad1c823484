"""What is asked, once each, in which order. Persons and decisions are made by hand; everybody is invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from redactor.ask import About, Question, ask, best_name, known_by, looks_like, names_of
from redactor.cleartext import ClearText
from redactor.model import Action, Decision, Evidence, Kind, Mention, Person, Resolution, Role, Span

TEXTS = {
    "d01": "Joan Marsh rang. Joan Marsh left. J. Marsh and Nils Berg came. Arkle spoke.",
    "d02": "Joan Marsh again; Edna Arkle and Ola Arkle. ARKLE stood. The gold brooch.",
    "d01/name": "call Joan Marsh",
}


def spans(words: str) -> list[tuple[str, Span]]:
    return [
        (doc, Span(at, at + len(words))) for doc, text in TEXTS.items() for at in range(len(text)) if text.startswith(words, at)
    ]


def person(number: str, *forms: str, role: Role = Role.UNKNOWN, listed: str = "", evidence: Sequence[Evidence] = ()) -> Person:
    mentions = tuple(Mention(doc, span, Kind.NAME, ClearText(form)) for form in forms for doc, span in spans(form))
    return Person(
        number, role, frozenset(map(ClearText, forms)), mentions, tuple(evidence), listed=listed, documents=frozenset({"d01"})
    )


def decided(who: Person, *, asks: bool, action: Action = Action.MASK) -> list[Decision]:
    return [Decision(m.doc, m.span, m.kind, action, "R-ART8", "x:y", who.id, who.role, asks=asks) for m in who.mentions]


def mixed(words: str) -> list[Decision]:
    """Mentions of a name that might be either of two people: nobody's, and asked about."""
    return [Decision(doc, span, Kind.NAME, Action.MASK, "R-ART8", "x:y", asks=True) for doc, span in spans(words)]


def asked(
    persons: Sequence[Person],
    decisions: Sequence[Decision],
    near: Mapping[str, Sequence[str]] | None = None,
    ask_below: float = 0.6,
) -> list[Question]:
    rows = [d for doc in TEXTS for d in decisions if d.doc == doc]
    return ask(Resolution(tuple(persons), {}, {}, {}, {}), rows, TEXTS, near or {}, ask_below)


MARSH, BERG = person("p001", "Joan Marsh"), person("p002", "Nils Berg")


def test_one_question_a_person_and_the_one_that_settles_most_first() -> None:
    found = asked([BERG, MARSH], [*decided(BERG, asks=True), *decided(MARSH, asks=True)])
    assert [(q.about, q.words.reveal(), len(q.places), q.documents, q.settles) for q in found] == [
        (About.PERSON, "Joan Marsh", 4, 2, 8),
        (About.PERSON, "Nils Berg", 1, 1, 1),
    ]


def test_facts_of_a_person_hang_on_the_answer_too() -> None:
    fact = Decision("d01", Span(0, 4), Kind.SCHOOL, Action.MASK, "R-SOAA", "x:y", BERG.id, asks=False)
    kept = Decision("d01", Span(5, 9), Kind.DATE, Action.KEEP, "K-UNTIED", "x:y", BERG.id, asks=False)
    assert asked([BERG], [*decided(BERG, asks=True), fact, kept])[0].settles == 2


def test_nobody_is_asked_about_who_is_known_or_never_mentioned() -> None:
    known = person("p003", "Edna Arkle", role=Role.SURVIVOR, listed="people")
    swept = [Decision("d01", Span(0, 4), Kind.NAME, Action.MASK, "R-SOAA", "x:y", known.id, known.role, asks=True)]
    nobody = Person("p004", Role.UNKNOWN, frozenset({ClearText("X Y")}), ())
    lost = [Decision("d01", Span(0, 4), Kind.NAME, Action.MASK, "R-ART8", "x:y", nobody.id, nobody.role, asks=True)]
    assert asked([known, nobody], [*decided(known, asks=True), *swept, *lost]) == []


@pytest.mark.parametrize(
    ("weight", "listed", "many"), [(0.5, "", 1), (0.6, "", 0), (0.9, "", 0), (0.5, "people", 0), (0.0, "", 0)]
)
def test_weak_evidence_of_a_role_is_asked_about(weight: float, listed: str, many: int) -> None:
    said = [Evidence(Role.WITNESS, "after:witness", weight)] if weight else []
    known = person("p002", "Nils Berg", role=Role.WITNESS, listed=listed, evidence=said)
    assert len(asked([known], decided(known, asks=False))) == many


def test_a_name_several_bear_is_one_question_a_form_however_it_is_written() -> None:
    edna = person("p003", "Edna Arkle", role=Role.PUBLIC_FIGURE, listed="public_figures")
    ola = person("p004", "Ola Arkle", role=Role.PROFESSIONAL)
    decisions = [*mixed("Arkle spoke"), *mixed("ARKLE")]
    decisions[0] = Decision("d01", Span(63, 68), Kind.NAME, Action.MASK, "R-ART8", "x:y", asks=True)
    (q,) = asked([ola, edna, BERG], decisions)
    assert (q.about, q.words.reveal().casefold(), len(q.places), q.documents) == (About.SHARED, "arkle", 2, 2)
    assert [p.id for p in q.persons] == ["p003", "p004"]  # who may be named first


def test_a_named_person_whose_mention_is_unsure_is_asked_about_by_form() -> None:
    edna = person("p003", "Edna Arkle", role=Role.PUBLIC_FIGURE, listed="public_figures")
    (q,) = asked([edna], decided(edna, asks=True))
    assert q.about is About.SHARED and q.key == {"edna arkle"}


def test_an_entry_in_doubt_is_asked_about_by_person_and_its_unsure_mentions_by_form() -> None:
    waived = replace(person("p003", "Edna Arkle", role=Role.WAIVED, listed="waivers"), doubt="waiver-scope")
    ended = replace(person("p004", "Ola Arkle", role=Role.SURVIVOR, listed="people"), doubt="waiver-expired")
    unsure = Decision("d01", Span(63, 68), Kind.NAME, Action.MASK, "R-ART8", "x:y", waived.id, waived.role, asks=True)
    found = asked([waived, ended], [*decided(waived, asks=True, action=Action.KEEP), *decided(ended, asks=True), unsure])
    assert [(q.about, q.persons[0].id) for q in found if q.about is About.DOUBT] == [(About.DOUBT, "p003"), (About.DOUBT, "p004")]
    assert [q.words.reveal() for q in found if q.about is not About.DOUBT] == ["Arkle"]
    (other,) = asked([replace(waived, doubt="dual-role")], [])
    assert found[0].key.isdisjoint(other.key)  # a new doubt is a new question


def test_facts_that_ask_are_asked_about_once() -> None:
    rows = [
        Decision(doc, span, Kind.DISTINCTIVE, Action.SOFTEN, "R-JIG", "x:y", "p002", asks=True)
        for doc, span in spans("gold brooch") * 2
    ]
    (q,) = asked([BERG], rows)
    assert (q.about, q.words.reveal(), q.persons, len(q.places)) == (About.FACT, "gold brooch", (BERG,), 2)


# ---- who may be whom ---------------------------------------------------------------------------------------------------

J = person("p005", "J. Marsh")


def both(*persons: Person) -> list[Decision]:
    return [d for p in persons for d in decided(p, asks=p.role is Role.UNKNOWN)]


def test_a_near_pair_is_asked_about_and_the_lesser_known_not_twice() -> None:
    found = asked([MARSH, J], both(MARSH, J), {"p001": ("p005",), "p005": ("p001",)})
    assert [(q.about, [p.id for p in q.persons]) for q in found] == [(About.PERSON, ["p001"]), (About.SAME, ["p005", "p001"])]
    assert len(found[1].places) == 1  # what hangs on it are the mentions of the lesser known


def test_near_somebody_known_only_the_pair_is_asked_about() -> None:
    known = person("p001", "Joan Marsh", role=Role.WITNESS, listed="people")
    found = asked([known, J], both(known, J), {"p001": ("p005",), "p005": ("p001",)})
    assert [q.about for q in found] == [About.SAME]


def test_near_several_it_is_one_question_that_names_them() -> None:
    jane = person("p006", "Jane Marsh")
    found = asked([MARSH, J, jane], both(MARSH, J), {"p005": ("p001", "p006"), "p001": ("p005",), "p006": ("p005",)})
    assert [q.about for q in found] == [About.PERSON, About.PERSON]
    assert {q.words.reveal(): [p.id for p in q.may_be] for q in found} == {"Joan Marsh": [], "J. Marsh": ["p001", "p006"]}


def test_a_person_with_two_misspellings_is_two_pairs() -> None:
    slips = person("p005", "J. Marsh"), person("p006", "Joan Marshe")
    found = asked([MARSH, *slips], both(MARSH, J), {"p001": ("p005", "p006"), "p005": ("p001",), "p006": ("p001",)})
    assert {(q.persons[0].id, q.persons[1].id) for q in found if q.about is About.SAME} == {("p005", "p001"), ("p006", "p001")}


# ---- words -------------------------------------------------------------------------------------------------------------


def test_a_question_shows_no_words_by_accident() -> None:
    (q,) = asked([MARSH], decided(MARSH, asks=True))
    assert "Marsh" not in repr(q) and "marsh" not in repr(q)


@pytest.mark.parametrize(
    ("forms", "best", "names"),
    [
        (("MARSH, Joan", "J. Marsh", "Joan Marsh", "Joanie", "Marsh"), "Joan Marsh", {"MARSH, Joan", "J. Marsh", "Joan Marsh"}),
        (("Ms Marsh", "Joan Marsh MP"), "Joan Marsh MP", {"Joan Marsh MP"}),
        (("Marsh", "MARSH"), "Marsh", {"Marsh", "MARSH"}),
        (("joan_marsh1", "Joan"), "Joan", {"joan_marsh1", "Joan"}),
        (("Joan\nMarsh",), "Joan Marsh", {"Joan Marsh"}),
    ],
)
def test_a_person_is_spoken_of_by_the_fullest_name(forms: tuple[str, ...], best: str, names: set[str]) -> None:
    known = Person("p001", Role.UNKNOWN, frozenset(map(ClearText, forms)), ())
    assert best_name(known).reveal() == best
    assert {n.reveal() for n in names_of(known)} == names and names_of(known)[0].reveal() == best


def test_somebody_never_written_has_no_name() -> None:
    assert names_of(Person("p001", Role.SURVIVOR, frozenset(), ())) == ()


def test_a_person_is_known_again_by_full_names() -> None:
    forms = {"p001": frozenset(map(ClearText, ("joan marsh", "marsh joan", "joan")))}
    assert known_by(MARSH, Resolution((MARSH,), {}, {}, {}, forms)) == {"joan marsh", "marsh joan"}
    assert known_by(MARSH, Resolution((MARSH,), {}, {}, {}, {})) == {"joan marsh"}


@pytest.mark.parametrize(
    ("role", "rules", "said"),
    [
        (Role.UNKNOWN, [], "nothing beside the name says who this is"),
        (Role.OFFICER, [(Role.OFFICER, "rank:pc")], "looks like an officer, PC (a rank before the name)"),
        (
            Role.OFFICER,
            [(Role.OFFICER, "before:officer"), (Role.OFFICER, "after:officer"), (Role.WITNESS, "after:witness")],
            "looks like an officer, PC (the words before the name and the words after the name)",
        ),
        (Role.UNKNOWN, [(Role.WITNESS, "after:witness")], "may be a witness, PC (the words after the name)"),
        (Role.FAMILY, [(Role.FAMILY, "new-rule:7")], "looks like family of somebody, PC (other words beside the name)"),
    ],
)
def test_what_a_person_looks_like_is_told_in_words(role: Role, rules: list[tuple[Role, str]], said: str) -> None:
    evidence = tuple(Evidence(r, rule, 0.4) for r, rule in rules)
    known = Person("p001", role, frozenset(), (), evidence, rank="PC" if rules else "")
    assert looks_like(known) == said
