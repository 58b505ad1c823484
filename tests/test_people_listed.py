"""People the case lists, where the text adds to what the case says: waivers by scope, a public figure who is somebody's survivor,
an offender who is somebody's stepfather. An entry beats every general rule; what the text raises is asked."""

from __future__ import annotations

import pytest
import yaml

from redactor.case import Case
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.decide import decide
from redactor.model import Action, Decision, Document, Kind
from redactor.people import resolve
from redactor.policy import load_policy
from redactor.recognizers import Engine

POLICY = load_policy("iopc-report")


class Decided:
    """Texts decided on with the real recognizers."""

    def __init__(self, engine: Engine, case: str, *texts: str) -> None:
        self.texts = {f"d{n:02}": text for n, text in enumerate(texts, 1)}
        known = Case.model_validate(yaml.safe_load(case) or {})
        detections = {doc: engine.detect(doc, text) for doc, text in self.texts.items()}
        documents = [
            Document(d, ClearText(f"{d}.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(t)),)))
            for d, t in self.texts.items()
        ]
        self.found = resolve(documents, self.texts, detections, known, POLICY)
        self.rows = {d: decide(d, t, detections[d], self.found, known, POLICY) for d, t in self.texts.items()}

    def of(self, words: str, doc: str = "d01") -> list[Decision]:
        return [r for r in self.rows[doc] if self.texts[doc][r.span.start : r.span.end] == words]

    def action(self, words: str, doc: str = "d01") -> set[Action]:
        return {r.action for r in self.of(words, doc)}

    def asks(self, words: str, doc: str = "d01") -> bool:
        return any(r.asks for r in self.of(words, doc))


KEPT, MASKED = {Action.KEEP}, {Action.MASK}
STORY = "Isla Trewin told us what happened. Trewin was 14 and went to Oakmere School. Isla still lives in the town."


def waiver(scope: str, basis: str = "signed form of 6 September 2019") -> str:
    return f"waivers: [{{name: Isla Trewin, basis: '{basis}', scope: '{scope}'}}]"


def test_a_waiver_frees_the_name_and_nothing_else(engine: Engine) -> None:
    d = Decided(engine, waiver("her name only"), STORY)
    assert d.action("Isla Trewin") == d.action("Trewin") == d.action("Isla") == KEPT
    assert not d.asks("Isla Trewin")
    assert {r.action for r in d.rows["d01"] if r.kind in (Kind.SCHOOL, Kind.AGE)} <= {Action.MASK, Action.SOFTEN}


@pytest.mark.parametrize(
    ("scope", "basis"),
    [
        ("her name until 31 December 2019", "signed form"),
        ("her name", "signed form, withdrawn in May"),
        ("her name", "form signed at 15"),
        ("her name unless the appeal succeeds", "signed form"),
    ],
)
def test_a_waiver_that_does_not_hold_masks_and_asks(scope: str, basis: str, engine: Engine) -> None:
    d = Decided(engine, waiver(scope, basis), STORY)
    assert d.action("Isla Trewin") == d.action("Trewin") == d.action("Isla") == MASKED
    assert d.asks("Isla Trewin")
    assert {r.reason for r in d.of("Isla Trewin")} == {"R-SOAA"}


def test_a_scope_that_is_not_understood_keeps_and_asks(engine: Engine) -> None:
    d = Decided(engine, waiver("in connection with the regatta"), STORY)
    assert d.action("Isla Trewin") == KEPT and d.asks("Isla Trewin")


def test_a_first_name_alone(engine: Engine) -> None:
    d = Decided(engine, waiver("her first name only"), STORY)
    assert d.action("Isla Trewin") == d.action("Trewin") == MASKED
    assert d.action("Isla") == KEPT


def test_a_scope_that_names_the_school_frees_the_school(engine: Engine) -> None:
    d = Decided(engine, waiver("her name and school"), STORY)
    (school,) = [r for r in d.rows["d01"] if r.kind is Kind.SCHOOL]
    assert (school.action, school.reason) == (Action.KEEP, "K-WAIVER")
    assert all(r.action is not Action.KEEP for r in d.rows["d01"] if r.kind is Kind.AGE)


def test_an_order_is_never_lifted_by_a_waiver(engine: Engine) -> None:
    d = Decided(engine, waiver("her name") + "\norders: [{id: 2/2020, persons: [Isla Trewin]}]", STORY)
    assert d.action("Isla Trewin") == MASKED


# ---- a public figure who is a survivor ---------------------------------------------------------------------------

MP = "public_figures: [{name: Edna Arkle, office: Member of Parliament}]\n"


def test_a_public_figures_mention_as_a_survivor_is_no_public_mention(engine: Engine) -> None:
    text = "Edna Arkle MP asked for the file. Edna Arkle was abused at the home as a girl. Later Arkle spoke in the House."
    d = Decided(engine, MP, text)
    first, second = d.of("Edna Arkle")
    assert (first.action, second.action) == (Action.KEEP, Action.MASK)
    assert first.asks and second.asks
    assert d.action("Arkle") == KEPT


@pytest.mark.parametrize(
    "told",
    [
        "If Mrs Arkle is known to be a survivor, nobody will hear the rest.",
        "Arkle said that she was harmed at the home when she was in the fifth form.",
        "Ms Arkle had been abused as a girl.",
        "Arkle is herself a survivor.",
    ],
)
def test_a_note_that_tells_of_her_as_a_survivor_and_never_by_her_office_is_private_throughout(told: str, engine: Engine) -> None:
    note = f"The witness gave her name. She is Edna Arkle. {told} Arkle had a Saturday job at Oakmere Bakery when she was 14."
    d = Decided(engine, MP, "Edna Arkle MP asked for the file. Arkle left.", note)
    assert d.action("Edna Arkle") == d.action("Arkle") == KEPT
    assert d.action("Edna Arkle", "d02") == d.action("Arkle", "d02") == MASKED
    assert d.asks("Edna Arkle", "d02")
    assert all(r.action is not Action.KEEP for r in d.rows["d02"] if r.kind in (Kind.AGE, Kind.WORK))


def test_what_she_says_of_others_in_her_office_makes_nothing_private(engine: Engine) -> None:
    d = Decided(engine, MP, "Edna Arkle MP asked for it. Arkle said that a girl had been abused when she was 14. Arkle left.")
    assert d.action("Edna Arkle") == d.action("Arkle") == KEPT


def test_a_public_figures_word_that_she_disclosed_something_is_asked_about_and_kept(engine: Engine) -> None:
    d = Decided(engine, MP, "Edna Arkle disclosed the letter to the committee.")
    assert d.action("Edna Arkle") == KEPT and d.asks("Edna Arkle")


def test_a_public_figure_without_such_words_is_not_asked_about(engine: Engine) -> None:
    d = Decided(engine, MP, "Edna Arkle asked for the file. Arkle left.")
    assert d.action("Edna Arkle") == KEPT and not d.asks("Edna Arkle")


def test_the_documents_of_an_entry_say_where_she_is_the_survivor(engine: Engine) -> None:
    case = MP + "people: [{name: Edna Arkle, role: survivor, documents: [d02]}]"
    d = Decided(engine, case, "Edna Arkle MP asked for the file.", "Edna Arkle was abused at the home as a girl.")
    assert d.action("Edna Arkle", "d01") == KEPT and d.action("Edna Arkle", "d02") == MASKED


def test_an_unlisted_office_holder_who_is_a_survivor_is_masked_throughout(engine: Engine) -> None:
    d = Decided(engine, "", "The MP, Edna Arkle, asked for the file.", "Edna Arkle was abused at the home as a girl.")
    assert d.action("Edna Arkle", "d01") == d.action("Edna Arkle", "d02") == MASKED


# ---- an offender whose name identifies a relative -----------------------------------------------------------------

FIRTH = "public_figures: [{name: Alan Firth, office: convicted at Sheffield Crown Court in 2016}]\n"
OLA = "people: [{name: Ola Rusk, role: survivor}]\n"
KIN = [
    "Ola Rusk gave evidence. Her stepfather, Alan Firth, was jailed in 2016.",
    "Ola Rusk gave evidence. Alan Firth, her uncle, was jailed in 2016.",
    "Ola Rusk gave evidence against her father Alan Firth, who was jailed in 2016.",
    "Ola Rusk gave evidence. Alan Firth was her husband and was jailed in 2016.",
    "Ola Rusk gave evidence. Alan Firth, who is the girl's uncle, was jailed in 2016.",
]


@pytest.mark.parametrize("text", KIN)
def test_a_listed_offender_who_is_kin_stays_named_and_is_asked_about(text: str, engine: Engine) -> None:
    d = Decided(engine, FIRTH + OLA, text)
    assert d.action("Alan Firth") == KEPT and d.asks("Alan Firth")
    (person,) = [p for p in d.found.persons if p.role == "convicted"]
    assert person.doubt == "convicted-kin"
    assert d.action("Ola Rusk") == MASKED


def test_a_listed_offender_who_is_nobodys_kin_is_not_asked_about(engine: Engine) -> None:
    d = Decided(engine, FIRTH + OLA, "Ola Rusk gave evidence. Alan Firth was jailed in 2016.")
    assert d.action("Alan Firth") == KEPT and not d.asks("Alan Firth")


@pytest.mark.parametrize("text", KIN)
def test_an_offender_the_case_does_not_list_stays_masked(text: str, engine: Engine) -> None:
    d = Decided(engine, OLA, text)
    assert d.action("Alan Firth") == MASKED


@pytest.mark.parametrize("text", KIN)
def test_where_the_case_states_relationships_the_accused_who_is_kin_is_masked(text: str, engine: Engine) -> None:
    d = Decided(engine, FIRTH + OLA + "either_or: state_relationship\n", text)
    assert d.action("Alan Firth") == MASKED and d.asks("Alan Firth")


def test_where_the_case_states_relationships_an_accused_who_is_nobodys_kin_stays(engine: Engine) -> None:
    case = FIRTH + OLA + "either_or: state_relationship\n"
    assert Decided(engine, case, "Ola Rusk gave evidence. Alan Firth was jailed in 2016.").action("Alan Firth") == KEPT


def test_a_survivor_whom_the_team_lists_too_is_one_person_whom_the_waiver_frees(engine: Engine) -> None:
    people = "people: [{name: Isla Trewin, role: survivor}, {name: Nessa Trewin, role: family}]\n"
    d = Decided(engine, people + waiver("her name only"), STORY + " Her mother Nessa Trewin agreed.")
    assert d.action("Isla Trewin") == d.action("Isla") == KEPT
    assert d.action("Nessa Trewin") == MASKED
    narrowed = people.replace("role: survivor}", "role: survivor, documents: [d01]}", 1)
    assert Decided(engine, narrowed + waiver("her name only"), STORY).action("Isla Trewin") == MASKED, "said of this document"
    ended = waiver("her name only, until 1 May 2019")
    assert Decided(engine, people + ended, STORY).action("Isla Trewin") == MASKED


def test_a_listed_way_of_writing_is_his_and_not_that_of_one_whose_name_holds_it(engine: Engine) -> None:
    case = "public_figures: [{name: Tobias Garrick, aliases: [Garrick], office: convicted at Leeds Crown Court}]"
    text = (
        "Nia Garrick-Moss coaches there. Tobias Garrick was jailed. Garrick said nothing. The club thanked Garrick for the roof."
    )
    d = Decided(engine, case, text)
    assert d.action("Garrick") == KEPT and d.action("Nia Garrick-Moss") == MASKED


@pytest.mark.parametrize("town", ["Newport", "Blackburn"])
def test_a_large_town_that_models_take_for_somebody_stays_unless_somebody_is_called_so(engine: Engine, town: str) -> None:
    text = f"{town} Crown Court sat. Office: {town}\nAccounts: Janice Ellory\n\nShe wrote to {town} and Burnley licensing teams."
    assert MASKED != Decided(engine, "", text).action(town) != KEPT | MASKED
    people = f"people: [{{name: Ola {town}, role: survivor}}]"
    d = Decided(engine, people, f"{text}\n\nOla {town} rang. Then {town} left the house and {town} rang her mum.")
    assert Action.MASK in d.action(town)


def test_a_firm_written_as_one_word_is_nobody_and_two_names_are_somebody(engine: Engine) -> None:
    d = Decided(engine, "", "Craig Luddon rang for KestrelActive. KestrelActive wrote. Ask GraceMarsh, said Craig Luddon.")
    assert Action.MASK not in d.action("KestrelActive") and d.action("Craig Luddon") == MASKED
