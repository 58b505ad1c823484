"""When a register of office-holders speaks for a person: only with the office or its context in the text.

The registers here are invented, and so is everybody in them; the last tests look at the packaged ones.
"""

from __future__ import annotations

from functools import cached_property

import pytest
import yaml

from redactor.case import Case
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.decide import decide
from redactor.model import Action, Document, Resolution
from redactor.people import resolve
from redactor.policy import Policy, load_policy
from redactor.policy_registers import Office, Register, Row
from redactor.recognizers import Engine

REGISTER = Register.model_validate(
    yaml.safe_load("""
register: invented
description: invented holders
offices:
  - office: Home Secretary
    code: minister
    words: [home secretary]
    body: [Home Office, Home Affairs Committee]
    source: an invented list
    holders:
      - {name: Helen Marsden, aliases: [Nell Marsden], from: "2010", to: "2014"}
      - {name: April Crowe, from: "2014", to: "2016"}
      - {name: Peter Oakley, from: "2016"}
  - office: Chief Inspector of Homes
    code: inspectorate
    loose: [chief inspector]
    body: [Homes Inspectorate]
    source: an invented list
    holders: [{name: Martin Selwood, from: "2009-03", to: "2013-06-30"}]
  - office: Chair of the Harnsea Inquiry
    code: inquiry_chair
    loose: [chair of the inquiry, inquiry's chair]
    body: [Harnsea Inquiry]
    works: [report, inquiry]
    source: an invented list
    holders: [{name: Frances Albury, from: "2012", to: "2014"}]
  - office: Member of Parliament for Wexcombe
    code: mp
    loose: [MP]
    area: Wexcombe
    source: an invented list
    holders: [{name: Judith Farrow, from: "2010", to: "2015"}]
  - office: Senior judge
    code: judge
    words: [lord chief justice]
    source: an invented list
    holders: [{name: Edmund Thackeray, from: "2010", to: "2015"}]
""")
)


def _rows(offices: tuple[Office, ...]) -> tuple[Row, ...]:
    return tuple(Row("invented", o, h) for o in offices if o.code != "judge" for h in o.holders)


class Invented(Policy):
    """A policy with the invented register in place of the packaged ones."""

    @property
    def register_rows(self) -> tuple[Row, ...]:
        return _rows(REGISTER.offices)


BASE = load_policy("iopc-report")
POLICY = Invented(BASE.settings, BASE.weakened)


class Read:
    """Texts resolved with the real recognizers."""

    def __init__(self, engine: Engine, *texts: str, case: str = "", policy: Policy = POLICY) -> None:
        self.texts = {f"d{n:02}": text for n, text in enumerate(texts, 1)}
        self.case, self.policy = Case.model_validate(yaml.safe_load(case) or {}), policy
        self.detections = {doc: engine.detect(doc, text) for doc, text in self.texts.items()}

    @cached_property
    def found(self) -> Resolution:
        documents = [
            Document(d, ClearText(f"{d}.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(t)),)))
            for d, t in self.texts.items()
        ]
        return resolve(documents, self.texts, self.detections, self.case, self.policy)

    def kept(self, doc: str = "d01") -> set[str]:
        """Names that stay, and nothing that is masked in another place of the document."""
        rows = decide(doc, self.texts[doc], self.detections[doc], self.found, self.case, self.policy)
        names = [d for d in rows if d.kind in ("name", "initials", "alias")]
        stay = {self.texts[doc][d.span.start : d.span.end] for d in names if d.action is Action.KEEP}
        return stay - {self.texts[doc][d.span.start : d.span.end] for d in names if d.action is Action.MASK}


SPOKEN_FOR = [
    ("Helen Marsden told the committee as Home Secretary that the force had failed.", "Helen Marsden"),
    ("The then Home Secretary visited the town in 2013. Helen Marsden promised a review.", "Helen Marsden"),
    (
        "The then Home Secretary visited the town in 2013. It was May. Helen Marsden said that lessons had been learned.",
        "Helen Marsden",
    ),
    ("The Home Secretary visited the town.\n\nHelen Marsden announced a review.", "Helen Marsden"),
    ("Helen Marsden announced a review. The Home Secretary had been pressed for months.", "Helen Marsden"),
    ("In 2012 the Home Secretary wrote to the force. The reply, said Helen Marsden, was not good enough.", "Helen Marsden"),
    ("The Home Secretary's decision was criticised in 2011. Nell Marsden defended it.", "Nell Marsden"),
    ("The Home Secretary visited the town in 2015. April Crowe announced a review.", "April Crowe"),
    ("The Home Secretary visited the town in 2015. April Crowe announced a review.", "April Crowe"),
    ("The former Home Secretary gave evidence in 2019. Helen Marsden said that she had not been told.", "Helen Marsden"),
    (
        "Helen Marsden told the Home Affairs Committee that she would act. The Home Secretary was asked about it twice.",
        "Helen Marsden",
    ),
    (
        "The Homes Inspectorate reported in 2011. The chief inspector was blunt. Martin Selwood said that nobody had looked.",
        "Martin Selwood",
    ),
    ("Frances Albury's report was published in 2014. The Harnsea Inquiry had sat for two years.", "Frances Albury"),
    ("The Harnsea Inquiry reported in 2014. The report by Frances Albury found nineteen failings.", "Frances Albury"),
    ("Frances Albury led the Harnsea Inquiry into the home.", "Frances Albury"),
    ("The MP spoke in Wexcombe in 2012. Judith Farrow called for a public inquiry.", "Judith Farrow"),
]

SILENT = [
    # no office and no context
    ("Helen Marsden rang the helpline.", "no office at all"),
    ("Helen Marsden lives in the town and has two children.", "no office at all"),
    ("April Crowe was seen at the flat in 2013.", "no office at all"),
    ("Judith Farrow lives in Wexcombe.", "an area is no office"),
    ("Frances Albury's police report was lost.", "not the holder's work"),
    ("Frances Albury's report was lost.", "nothing says which inquiry"),
    ("Martin Selwood said that the chief inspector had called.", "the loose name of an office without its body"),
    ("The chief inspector came in 2011. Martin Selwood said that nobody had looked.", "a loose name without its body"),
    ("The Home Office replied in 2013. Helen Marsden announced nothing.", "a body without the office"),
    ("The Home Secretary visited the town in 2013. Marsden promised a review.", "a lone surname"),
    ("The Home Secretary visited the town in 2013. H. Marsden promised a review.", "an initial"),
    ("The Home Secretary visited the town in 2013. Helena Marsden promised a review.", "a name like it"),
    ("The Home Secretary visited the town in 2013. Helen Marsdon promised a review.", "a spelling like it"),
    # two people
    ("Helen Marsden wrote to the Home Secretary in 2013.", "two people in one sentence"),
    (
        "Helen Marsden wrote to the Home Secretary in 2013. Helen Marsden said she was still waiting.",
        "two people in one sentence",
    ),
    ("The Home Secretary wrote to Helen Marsden in 2013. Helen Marsden said she was glad.", "two people in one sentence"),
    ("The Home Secretary wrote back in 2013. Helen Marsden was pleased.", "no public act"),
    ("The Home Secretary, Peter Oakley, visited the town in 2017. Helen Marsden said she was glad.", "somebody else's office"),
    ("Home Secretary Peter Oakley visited in 2012. Helen Marsden said she was glad.", "somebody else's office"),
    ("Any Home Secretary would have acted in 2013. Helen Marsden said she was glad.", "no definite person"),
    ("Her MP wrote in 2012 from Wexcombe. Judith Farrow said she was glad.", "her own MP"),
    ("The shadow Home Secretary visited in 2013. Helen Marsden said she was glad.", "another office"),
    # the years
    ("The Home Secretary visited the town in 1998. Helen Marsden said she was there.", "long before"),
    ("In 2005 the Home Secretary ordered a review. Helen Marsden said she was there.", "before her time"),
    ("In 2018 the Home Secretary ordered a review. Helen Marsden said she was there.", "after her time"),
    # too far
    ("The Home Secretary came in 2013. It rained. Nobody spoke. The day was long. Helen Marsden said she was there.", "too far"),
    # other evidence
    ("The Home Secretary visited the home in 2013. Helen Marsden, 14, said she was there.", "a child's age"),
    ("The Home Secretary visited the home in 2013. Helen Marsden, 52, said she was there.", "any age"),
    ("The Home Secretary visited in 2013. Helen Marsden, a social worker, said she was there. Helen Marsden left.", "a job"),
    ("The Home Secretary visited in 2013. Her mother, Helen Marsden, said she was there.", "a kinship"),
    ("The Home Secretary visited in 2013. Helen Marsden said she was there. Helen Marsden was arrested in May.", "a suspect"),
    ("The Home Secretary visited in 2013. Helen Marsden said she was there. Helen Marsden was abused at the home.", "a survivor"),
    ("The Home Secretary visited in 2013. Helen Marsden said so. Witness Helen Marsden lived opposite.", "a witness"),
]


@pytest.mark.parametrize(("text", "name"), SPOKEN_FOR)
def test_a_row_speaks_where_the_text_gives_its_context(text: str, name: str, engine: Engine) -> None:
    assert name in Read(engine, text).kept()


@pytest.mark.parametrize(("text", "name"), SPOKEN_FOR)
def test_without_the_register_the_same_text_names_nobody(text: str, name: str, engine: Engine) -> None:
    assert Read(engine, text, policy=BASE).kept() == set()


@pytest.mark.parametrize("text", [text for text, _ in SILENT], ids=[f"{n}-{why}" for n, (_, why) in enumerate(SILENT)])
def test_a_row_alone_names_nobody(text: str, engine: Engine) -> None:
    assert (
        not {"Helen Marsden", "April Crowe", "Judith Farrow", "Frances Albury", "Martin Selwood", "Marsden"}
        & Read(engine, text).kept()
    )


SPEECH = "The then Home Secretary visited the town in 2013. Helen Marsden promised a review. Mrs Marsden left that night."


def test_a_surname_follows_the_full_name_in_its_document(engine: Engine) -> None:
    assert Read(engine, SPEECH).kept() == {"Helen Marsden", "Marsden"}


def test_a_kept_name_says_which_register_spoke(engine: Engine) -> None:
    for text, rule in (
        (SPEECH, "iopc-report:registers.invented"),
        ("The MP, Helen Marsden, rang.", "iopc-report:roles.public_figure"),
    ):
        read = Read(engine, text)
        rows = decide("d01", text, read.detections["d01"], read.found, read.case, POLICY)
        assert {d.rule for d in rows if d.action is Action.KEEP and d.kind == "name"} == {rule}


def test_a_namesake_in_another_document_stays_masked(engine: Engine) -> None:
    read = Read(engine, SPEECH, "Helen Marsden came to the drop-in on Tuesday. Marsden had a cold.")
    assert read.kept("d01") == {"Helen Marsden", "Marsden"} and read.kept("d02") == set()


@pytest.mark.parametrize("role", ["survivor", "family", "witness", "unknown"])
def test_a_listed_protected_person_beats_the_register(role: str, engine: Engine) -> None:
    assert Read(engine, SPEECH, case=f"people: [{{name: Helen Marsden, role: {role}}}]").kept() == set()


def test_a_protected_person_with_a_name_like_it_silences_the_row(engine: Engine) -> None:
    assert Read(engine, SPEECH, case="people: [{name: Helen J Marsden, role: survivor}]").kept() == set()


def test_an_order_beats_the_register(engine: Engine) -> None:
    assert Read(engine, SPEECH, case="orders: [{id: '1/2020', persons: [Helen Marsden]}]").kept() == set()


def test_evidence_in_one_document_protects_in_all(engine: Engine) -> None:
    assert Read(engine, SPEECH, "Her mother, Helen Marsden, rang the school.").kept("d01") == set()


def test_a_holders_name_that_a_model_halves_is_masked_whole(engine: Engine) -> None:
    read = Read(engine, "April Crowe bought milk. Then April Crowe went home.")
    rows = decide("d01", read.texts["d01"], read.detections["d01"], read.found, read.case, POLICY)
    masked = [read.texts["d01"][d.span.start : d.span.end] for d in rows if d.action is Action.MASK]
    assert masked == ["April Crowe", "April Crowe"]


def test_the_packaged_registers_speak_for_public_acts_only(engine: Engine) -> None:
    text = "Theresa May told the Home Affairs Committee in 2014, as Home Secretary, that an inquiry would be held. Mrs May left."
    assert Read(engine, text, policy=BASE).kept() == {"Theresa May", "May"}
    assert Read(engine, text, policy=load_policy("strict")).kept() == set()
