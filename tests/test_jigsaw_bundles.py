"""Whole masked bundles, invented, of the kinds that get published: which rules must speak of each, and that no other does.

Four of them are plain analogues of rulings of the press regulator (docs/design.md, "Jigsaw"): two combinations that were upheld
block, two that were not upheld do not. Nothing is taken from any real text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from redactor.case import Case, Known, Order, PublicFigure, Waiver
from redactor.cleartext import ClearText
from redactor.jigsaw import Copy, read
from redactor.model import Role
from redactor.policy import load_policy

FIRTH = PublicFigure(
    name=ClearText("Alan Firth"), aliases=(ClearText("Firth"),), basis="convicted at Lincoln Crown Court in 2016"
)
LEADER = PublicFigure(
    name=ClearText("Councillor Helen Marsh"), aliases=(ClearText("Helen Marsh"),), office="leader of the council"
)
LANE = Waiver(name=ClearText("Jo Lane"), basis="signed")
TARROW = Known(name=ClearText("Imogen Tarrow"), role=Role.SURVIVOR)
CASE = Case(public_figures=(FIRTH, LEADER), waivers=(LANE,), people=(TARROW,))
RELATION = CASE.model_copy(update={"either_or": "state_relationship"})


@dataclass(frozen=True)
class Masked:
    """One bundle: its copies, earlier publications, and every rule that must speak, at block and at warn level."""

    copies: tuple[str, ...]
    block: frozenset[str] = frozenset()
    warn: frozenset[str] = frozenset()
    priors: tuple[str, ...] = ()
    case: Case = field(default=CASE, repr=False)
    policy: str = "iopc-report"


def rules(*names: str) -> frozenset[str]:
    return frozenset(names)


REPORT = """Investigation into the response of Ashfell Constabulary

1. Summary

In early 2004 [Survivor 14] was a young teenager. She told [PC 31] that she was afraid. [PC 31] made no record. The strategy \
meeting of 4 May 2004 was chaired by Councillor Helen Marsh. Twelve officers attended.

[Survivor 14's mother] rang the force four times. She was told that somebody would call back. Nobody did.

[Survivor 22] was an older teenager when she met [DS 8] at the front desk in Lincoln. She “was not believed”.

2. Findings

Alan Firth was convicted in 2016 of offences against several girls. The offenders were mainly men of Pakistani heritage. The \
force received 14 reports between 2003 and 2006 and recorded two of them as crimes. One of the girls said that nothing changed.

| Year | Reports | Officers |
| --- | --- | --- |
| 2003 | 2 | 3 |
| 2004 | 12 | 1 |

3. Recommendations

The force should record every report within a day. The council should say by 1 March 2020 what it will do."""

MINUTES = """Minutes of the strategy meeting

Present: Councillor Helen Marsh (chair), [DS 8], [Social worker 5], [Youth worker 3]
Apologies: [PC 31]

1. [Social worker 5] said that [Survivor 14] had been missing from [a children's home] in early 2004. She was a young teenager.
2. [DS 8] said that no crime had been recorded. The meeting agreed to write to the council.
3. Next meeting: June 2004."""

COURT_REPORT = """A man of 51 was jailed for nine years yesterday.

Alan Firth met [the survivor] through her Saturday job. It began when she was 13 and went on until she was 16. She is now 24. \
The jury heard that it happened between spring 2009 and summer 2012."""

AGE_RANGE = """Alan Firth, 63, was jailed at Lincoln Crown Court.

[The survivor], who was between 13 and 15, got to know him at a riding club. The offending stopped in May 2011.

In a victim personal statement she said: “I want other people to know that none of it is their fault.”"""

FORMER_STREET = """Alan Firth, formerly of Acacia Road in Lincoln, was jailed for six years.

[The survivor], an adult, told the court that she had lost her career. Firth did not look up."""

HOLIDAY = """Alan Firth was jailed for four years.

[The survivor] was 14 when it happened, during a holiday in August 2010. The court ordered that the area was not to be given."""

BUNDLES: dict[str, Masked] = {
    "a report, minutes and a table, well masked": Masked((REPORT, MINUTES)),
    "upheld: how they met, ages at start and end and now, and when": Masked((COURT_REPORT,), rules("J09"), policy="newsroom"),
    "upheld: an age range, when it stopped, how they met, her statement": Masked(
        (AGE_RANGE,), rules("J09"), rules("J30"), policy="newsroom"
    ),
    "upheld, written as news copy is, a sentence a paragraph": Masked(
        (COURT_REPORT.replace(". ", ".\n\n"),), rules("J09"), policy="newsroom"
    ),
    "not upheld: his former street and her career": Masked((FORMER_STREET,), policy="newsroom"),
    "not upheld: a holiday, a month and an age, no area": Masked((HOLIDAY,), policy="newsroom"),
    "an article names him, a letter states whose uncle he is": Masked(
        (
            "Alan Firth was jailed for offences against [Survivor 14].",
            "To the council\n\n[Survivor 14] was abused by her uncle. I ask for help.\n\n[Survivor 14's mother]",
        ),
        rules("J05", "J06"),
    ),
    "an earlier article named him": Masked(
        ("[Survivor 14] was abused by her uncle for a long time.",),
        rules("J06"),
        priors=("Alan Firth was jailed for offences against [Survivor 14].",),
        case=CASE.model_copy(update={"public_figures": ()}),
    ),
    "an earlier article stated the relation": Masked(
        ("Alan Firth was jailed for offences against [Survivor 14].",),
        rules("J06"),
        priors=("[Survivor 14] was abused by her uncle for a long time.",),
        case=RELATION,
    ),
    "everything published states the relation and names nobody": Masked(
        (
            "[Survivor 14] was abused by her uncle. He was jailed in 2016.",
            "Her uncle was reported twice, [Survivor 14] said.",
        ),
        case=RELATION,
        priors=("A man was jailed in 2016 for offences against a relative.",),
    ),
    "offence by its title": Masked(
        (
            "Alan Firth was sentenced in 2016. He admitted five counts of sexual activity with a child family member.\n\n"
            "[Survivor 14] gave evidence.",
        ),
        rules("J05"),
    ),
    "a case review with schools, a home and a foster carer": Masked(
        (
            "Chronology\n\n"
            "• In early 2003 [Child 9], a young teenager, went to a Catholic primary school in Gainsborough.\n"
            "• In May 2003 [Child 9] was placed at Ferncroft House.\n"
            "• [Child 9]'s foster carer, Mary Quill, called the police.\n"
            "• [Child 12], a young teenager, went to a secondary school in Nottingham.\n"
            "• [Child 12]'s social worker, [Social worker 5], left in 2004.",
        ),
        rules("J27"),
        rules("J03", "J17"),
    ),
    "statistics of a service": Masked(
        (
            "Support for survivors in the year 2012\n\n"
            "| Area | Survivors | Staff |\n| --- | --- | --- |\n| North | 2 | 3 |\n| South | 19 | 4 |\n| Total | 21 | 7 |\n\n"
            "Survivors by service\n\n"
            "| Service | Girls |\n| --- | --- |\n| Police | 12 |\n| Health | fewer than 5 |\n| Schools | 9 |\n| Total | 24 |\n\n"
            "Of the 24 girls, 22 were white. The service has three workers.",
        ),
        frozenset(),
        rules("J25"),
    ),
    "a survivor who waived and one who did not": Masked(
        ("Jo Lane has waived her anonymity. She was in the car with her cousin, [Survivor 14] said.",),
        rules("J20"),
    ),
    "a waived survivor beside another who has nothing to do with her": Masked(
        ("Jo Lane has waived her anonymity. [Survivor 14] has not. Both told police in 2004, and neither was believed.",),
    ),
    "an inquiry's transcript with one boy among the girls": Masked(
        (
            "The inquiry heard from seven girls and one boy.\n\n"
            "[TI-A4] said that he was not asked again. He had told [PC 31] in early 2004.\n\n"
            "[TI-A7] said that she was not asked either.",
        ),
        frozenset(),
        rules("J24"),
        policy="inquiry",
    ),
    "notes with what a reporter had not yet masked": Masked(
        (
            "[The survivor] works at Brindle Bakery. Ring her on 07700 900123.\n\n"
            "Imogen Tarrow told me. Mr Tarrow is the uncle of [the survivor].",
        ),
        rules("J02", "J07", "J33", "J34"),
        policy="newsroom",
    ),
    "one label over many pages": Masked(
        (
            "[Survivor 14] has a twin and lived in Mansfield.\n\nHealth\n\n[Survivor 14] was in care and had overdosed.\n\n"
            "Home\n\nOn the day after her birthday [Survivor 14] moved.",
        ),
        rules("K"),
        rules("J11", "J12", "J29"),
    ),
    "a court order against a waiver": Masked(
        ("Jo Lane told police in 2004.",),
        rules("R-ORDER"),
        rules("R-ORDER"),
        case=Case(waivers=(LANE,), orders=(Order(id="ORD-1", persons=(ClearText("Jo Lane"),)),)),
    ),
    "live proceedings": Masked(
        ("Councillor Owen Quill was charged with two offences in May. [Survivor 14] has been told.",),
        rules("R-CONTEMPT"),
        rules("R-CONTEMPT"),
        case=Case(proceedings="active"),
    ),
}


@pytest.mark.parametrize("name", BUNDLES)
def test_what_must_speak_speaks_and_nothing_else_does(name: str) -> None:
    bundle = BUNDLES[name]
    copies = [Copy(f"d{n:02}", ClearText(text)) for n, text in enumerate(bundle.copies, 1)]
    priors = [Copy(f"pub{n}", ClearText(text)) for n, text in enumerate(bundle.priors, 1)]
    found = read(copies, bundle.case, load_policy(bundle.policy), priors)
    spoken = {level: {f.rule for f in found if f.level == level} for level in ("block", "warn", "info")}
    assert spoken == {"block": bundle.block, "warn": bundle.warn, "info": frozenset()}, [(f.rule, f.detail, f.doc) for f in found]
    assert all(f.places for f in found if f.rule not in ("R-ORDER", "R-CONTEMPT"))
