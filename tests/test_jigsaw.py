"""Jigsaw rules on invented masked texts: for every rule one that trips it and a look-alike that does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from redactor.case import EMPTY_CASE, Case, Known, Publication, PublicFigure, Waiver
from redactor.cleartext import ClearText
from redactor.jigsaw import RULES, Card, Copy, JigsawFinding, Secrets, cards, read
from redactor.jigsaw.cues import data
from redactor.model import Kind, Role
from redactor.policy import load_policy
from redactor.wording_ages import soften_age

BASE = load_policy("base")
S = "[Survivor 4]"
HOUSE = "Knowle House was opened. Knowle House was run by the council.\n\nKnowle House was closed.\n\n"

# The case of most tests: one convicted man, one survivor who waived, one protected person, all invented.
CASE = Case(
    public_figures=(PublicFigure(name=ClearText("Alan Firth"), basis="convicted in open court"),),
    waivers=(Waiver(name=ClearText("Jo Lane"), basis="signed"),),
    people=(Known(name=ClearText("Imogen Tarrow"), aliases=("Immy",), role=Role.SURVIVOR),),  # type: ignore[arg-type]
)


def copies(*texts: str) -> list[Copy]:
    return [Copy(f"d{n:02}", ClearText(text)) for n, text in enumerate(texts, 1)]


def rules(*texts: str, case: Case = CASE, policy: str = "base", priors: Sequence[str] = (), level: str | None = None) -> set[str]:
    found = read(copies(*texts), case, load_policy(policy), [Copy(f"p{n}", ClearText(t)) for n, t in enumerate(priors)])
    return {f.rule for f in found if level in (None, f.level)}


CASES: list[tuple[str, str, str]] = [
    (
        "K",
        f"{S} lived in Mansfield. She was 13 and in care.",
        f"{S} lived in Mansfield. She was a young teenager and asked for help.",
    ),
    ("J02", f"{S} was a pupil at Oakmere Comprehensive.", f"{S} was a pupil at [a secondary school]."),
    ("J02", f"{S} told police. She worked at Brindle Bakery on Saturdays.", f"{S} told police. She worked at [a shop]."),
    ("J02", f"{S} lived at 14 Acacia Road with her mother.", f"{S} lived in Rotherham with her mother."),
    ("J02", f"{S} attended Oakmere High School.", f"Officers told {S} that staff of Oakmere High School had been trained."),
    (
        "J03",
        f"{S}, a young teenager, went to a Catholic secondary school in Rotherham.",
        f"{S}, a young teenager, went to [a secondary school] in Rotherham.",
    ),
    ("J03b", f"{HOUSE}In May 2003 " + S + " was placed at Knowle House.", f"{HOUSE}Knowle House failed " + S + "."),
    ("J04", f"{S} had a job at the only bakery in Rotherham.", f"{S} had a job at [a shop] in Rotherham."),
    (
        "J05",
        f"Alan Firth, her stepfather, was jailed. {S} gave evidence.",
        f"Alan Firth was jailed. {S} and her stepfather gave evidence.",
    ),
    ("J05", f"{S} gave evidence against Firth. He was her uncle.", f"{S} gave evidence against Firth. He was 52."),
    (
        "J05",
        f"{S} was abused by her uncle. Alan Firth was jailed.",
        f"{S} was abused by [someone known to them]. Alan Firth was jailed.",
    ),
    ("J05", f"Firth was an uncle of {S}.", f"Firth was a customer of {S}."),
    (
        "J05",
        f"{S} told police about Alan Firth. He was a friend to {S}'s family. He was the lodger of {S}.",
        f"{S} told police of Firth.",
    ),
    (
        "J05",
        f"{S} told police. Alan Firth was jailed. He admitted five counts of sexual activity with a child family member.",
        f"{S} told police. Alan Firth was jailed. He admitted five counts of sexual activity with a child.",
    ),
    ("J05", f"{S}'s stepfather, Alan Firth, was jailed.", f"{S}'s stepfather told Firth that he would call the police."),
    (
        "J05",
        f"Alan Firth admitted offences against {S}, among them incest.",
        f"A review of familial abuse was published. Alan Firth admitted offences against {S}.",
    ),
    ("J05", f"Firth was {S}'s teacher.", f"{S}'s teacher told police about Firth."),
    (
        "J05",
        f"Alan Firth lodged with her family. {S} told police.",
        f"{S} told police about Alan Firth, who lodged with friends.",
    ),
    ("J07", f"{S} was collected by Mr Tarrow.", f"{S} was collected by Mr Quill."),
    ("J07", f"{S} was seen with Owen Tarrow.", "Owen Tarrow chaired the committee.\n\n" + S + " was not asked."),
    (
        "J08",
        f"Firth, of Acacia Road, was jailed. {S} lived next door to him.",
        f"Firth, of Acacia Road, was jailed. {S} gave evidence.",
    ),
    (
        "J09",
        f"{S} met Firth at a youth club. It began when she was 13 and continued until she was 16.",
        f"{S} was 13 when it began. Alan Firth was jailed.",
    ),
    (
        "J09",
        f"{S} first met Firth through a friend. It began when she was a young teenager and went on until she was an older "
        "teenager. It ended in summer 2008.",
        f"{S} was a young teenager when it began. It went on for several years. Alan Firth was jailed.",
    ),
    ("J10", f"On 14 February 2003 {S} was 13. On 20 March 2003 she was 14.", f"In 2003 {S} was 13. In 2004 she was 14."),
    (
        "J10",
        f"In March 2003 {S} was a young teenager. In April 2003 she was an older teenager.",
        f"In early 2003 {S} was a young teenager. In late 2003 she was an older teenager.",
    ),
    ("J11", f"{S} reported it on the day after her birthday.", f"{S} reported it in early 2003."),
    ("J11", f"{S} was at home the night before the cup final.", f"{S} was at home the night before the meeting."),
    ("J12", f"{S} lived in Rotherham. She is the second of six siblings.", f"{S} lived in Rotherham. She has siblings."),
    ("J12", f"{S} lived in Rotherham with her twin.", f"{S} lived in Rotherham. The officer had a twin room."),
    (
        "J13",
        f"{S}, who is Slovak Roma, lived in Rotherham.",
        f"{S} lived in Rotherham. The offenders were mainly men of Pakistani heritage.",
    ),
    ("J14", f"{S} has Turner syndrome and lived in Rotherham.", f"{S} has [a health matter] and lived in Rotherham."),
    ("J14", f"In 2009 {S} was a trainee farrier.", f"In 2009 {S} was [an employee]."),
    ("J15", f"{S} gave birth in August 2004.", f"{S} had [a health matter] in August 2004."),
    (
        "J16",
        f"Alan Firth was jailed. A DNA test showed who fathered {S}'s child.",
        f"Alan Firth was jailed. DNA evidence linked him to the car in which {S} was found.",
    ),
    ("J17", f"In May 2003 {S} was placed at Ferncroft House.", f"In May 2003 {S} was placed at [a children's home]."),
    ("J18", f"In May 2003 {S} was seen at Bluebell Kebab House.", f"In early 2003 {S} was seen at [a takeaway]."),
    ("J19", f"{S} was interviewed by the Daily Beacon.", f"{S} was interviewed by officers."),
    (
        "J19",
        f"Firth was sentenced at Sheffield Crown Court on 24 February 2016 for offences against {S}.",
        f"Firth was sentenced at Sheffield Crown Court in 2016 for offences against {S}.",
    ),
    (
        "J20",
        "Jo Lane, who has waived anonymity, and her cousin were in the car.",
        "Jo Lane, who has waived anonymity, and another child were in the car.",
    ),
    ("J20", f"{S}, a friend of Jo Lane, told police.", f"{S} and Jo Lane both told police."),
    ("J24", f"{S} was the only boy.", f"{S} was the only one who replied."),
    ("J24", "One of the survivors was the youngest of the girls.", "She was the only woman on the committee."),
    (
        "J24",
        f"Eleven girls and one boy gave evidence.\n\n{S} told police. He was not believed.",
        f"Eleven girls and one boy gave evidence.\n\n{S} told police. She was not believed.",
    ),
    ("J25", "Of the 12 girls, 10 were in care.", "Of the 51 complainants, 44 were survivors."),
    ("J25", "Of the 12 girls, 2 were in care.", "Of the 12 girls, a small number were in care."),
    ("J25", "Three of the nine survivors were in care.", "One of the girls said that nobody came."),
    (
        "J26",
        "In 2010 [DI 2], head of the exploitation unit, closed the file.",
        "In 2010 [DI 2] of the exploitation unit closed the file.",
    ),
    ("J27", f"{S}'s foster carer, Mary Quill, called police.", f"{S}'s foster carer, [Professional 2], called police."),
    (
        "J29",
        f"{S} is autistic, has pink hair, was in care and has a twin.",
        f"{S} was in care. She told [PC 3], and nothing was done.",
    ),
    (
        "J30",
        f"{S} told the court: “Nothing that he says now can give me those years back.” Firth was jailed.",
        f"{S} told the court: “I was not believed.” Firth was jailed.",
    ),
    ("J31", f"{S} was the only girl in her year.", "This was the first report of the unit."),
    ("J31", f"{S}, a daughter of the imam, told police.", "The councillor told police."),
    ("J32", f"Mrs {S} and {S} Begum were asked.", f"{S} was asked."),
    ("J33", "Imogen Tarrow told police.", "The Tarrow report was published."),
    ("J33", "Police called Immy back.", "Immyliss Ltd was called."),
    ("J34", "Call 07700 900123.", "Call 101 or 0800 555 0100."),
    ("J34", "Exhibit AK/1 was lost.", "[exhibit reference] was lost on 12/03/2010."),
    ("J34", "The reference was 14/12345/03.", "See [2013] EWHC 1234 and section 12/3."),
    ("J34", "PC 1234 attended.", "[PC 12] attended."),
]


@pytest.mark.parametrize(("rule", "trips", "alike"), CASES, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(CASES)])
def test_each_rule_is_tripped_and_not_by_its_look_alike(rule: str, trips: str, alike: str) -> None:
    assert rule in rules(trips)
    assert rule not in rules(alike)


def settled(of: Sequence[Copy], finding: JigsawFinding) -> list[Copy]:
    """The copies with every proposal of a finding carried out."""
    texts = {copy.doc: copy.text.reveal() for copy in of}
    for p in sorted(finding.proposals, key=lambda p: p.place, reverse=True):
        text, span = texts[p.place.doc], p.place.span
        texts[p.place.doc] = text[: span.start] + p.words + text[span.end :]
    return [Copy(doc, ClearText(text)) for doc, text in texts.items()]


@pytest.mark.parametrize(("rule", "trips", "_alike"), CASES, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(CASES)])
def test_what_is_proposed_settles_the_finding(rule: str, trips: str, _alike: str) -> None:
    before = copies(trips)
    found = [f for f in read(before, CASE, BASE) if f.rule == rule]
    for finding in found:
        assert finding.proposals
        left = [f for f in read(settled(before, finding), CASE, BASE) if f.rule == rule]
        assert len(left) < len(found)


def test_a_masked_offender_may_have_his_relation_stated() -> None:
    assert "J05" not in rules(f"Alan Firth was jailed. [Person 2], {S}'s uncle, was convicted elsewhere.")


def test_list_items_are_read_apart() -> None:
    assert "J19" not in rules(f"• {S} called police.\n• Firth was sentenced at Derby Crown Court on 9 June 2016.")


def test_every_rule_has_a_text_that_trips_it() -> None:
    apart = {"J01", "J06", "J22", "J21", "J23", "J28", "R-ORDER", "R-CONTEMPT"}  # test_jigsaw_labels, test_jigsaw_orders
    assert {rule for rule, _, _ in CASES} | apart == RULES


def test_every_kind_of_fact_can_be_settled_and_every_rule_says_how() -> None:
    kinds = {*data()["attributes"], "place", "female", "male"}
    assert kinds <= data()["instead"].keys()
    assert set(data()["fixes"]) == RULES
    for row in data()["instead"].values():
        assert Kind(row["kind"]) and row["action"] in ("mask", "soften", "relabel")


def test_bands_are_those_of_the_wording() -> None:
    for words, (low, high) in data()["bands"].items():
        style = "teenager" if words == "a teenager" else "words"
        assert {soften_age(f"{years} years old", "", "", style).text for years in (low, min(high, 99))} == {words}


# Invented, plain analogues of four rulings of the press regulator (docs/design.md, "Jigsaw").
UPHELD = [
    f"Alan Firth, 51, was jailed for nine years. The court heard that he met {S} through her Saturday job. It began when she "
    "was 13 and continued until she was 16. She is now 24. It happened between spring 2009 and summer 2012.",
    f"Alan Firth was jailed. {S}, who was between 13 and 15, got to know him at a riding club. The offending stopped in May "
    "2011. In a victim personal statement she said: “I want other people to know that it is not their fault.”",
]
NOT_UPHELD = [
    f"Alan Firth, formerly of Acacia Road in Rotherham, was jailed. {S}, an adult, told the court that she had lost her career.",
    f"Alan Firth was jailed. {S} was 14 when it happened during a holiday in August 2010. The area was not given.",
]


@pytest.mark.parametrize("policy", ["newsroom", "iopc-report"])
@pytest.mark.parametrize("text", UPHELD, ids=["court-report", "age-range"])
def test_combinations_a_regulator_upheld_block(text: str, policy: str) -> None:
    assert "J09" in rules(text, policy=policy, level="block")


@pytest.mark.parametrize("policy", ["newsroom", "iopc-report"])
@pytest.mark.parametrize("text", NOT_UPHELD, ids=["former-street", "holiday"])
def test_combinations_a_regulator_did_not_uphold_do_not_block(text: str, policy: str) -> None:
    assert not rules(text, policy=policy, level="block")


REPORT = """Investigation into the response to reports of exploitation

Summary

In early 2003 [Survivor 4] was a young teenager and a pupil at [a secondary school]. She told [PC 3] that she was afraid. [PC 3] \
did not record what she said. South Yorkshire Police held no record of a further visit.

[Survivor 4's mother] called the force in spring 2004. She was told that an officer would call back. Nobody did.

[Survivor 7] told the investigation that she “was not believed”. She met [DS 2] twice in Sheffield. [Social worker 1] wrote to \
the council in 2004 and asked for a meeting.

Findings

Alan Firth was convicted in 2016. ACC Margaret Dunmore chaired the meeting on 4 May 2004, and 12 officers attended. The \
offenders were mainly men of Pakistani heritage. One of the girls said that the meeting changed nothing. The force \
has 14 days to reply.

| Year | Reports | Officers |
| --- | --- | --- |
| 2003 | 2 | 3 |
| 2004 | 14 | 1 |

[Survivor 4] was an older teenager when [DI 5] closed the file. She was not told. The council should have asked why."""


@pytest.mark.parametrize("policy", ["base", "iopc-report", "newsroom", "inquiry", "strict"])
def test_a_well_masked_report_gives_no_finding(policy: str) -> None:
    assert rules(REPORT, policy=policy) == set()


def test_a_sentence_of_one_document_and_a_name_in_another_fit_together() -> None:
    naming, stating = f"Alan Firth was jailed for offences against {S}.", f"{S} was abused by her uncle."
    found = read(copies(naming, stating), CASE, BASE)
    assert [(f.rule, f.doc, f.level) for f in found] == [("J05", "d02", "block"), ("J06", "d02", "block")]


@pytest.mark.parametrize(
    ("text", "prior", "expected"),
    [
        ("[Survivor 4] was abused by her uncle.", "Alan Firth was jailed for offences against [Survivor 4].", True),
        ("Alan Firth was jailed for offences against [Survivor 4].", "[Survivor 4] was abused by her uncle.", True),
        ("[Survivor 4] was abused by her uncle.", "A man was jailed.", False),
        ("Alan Firth was jailed for offences against [Survivor 4].", "[Survivor 4] was visited by her uncle.", False),
        ("Alan Firth was jailed in 2016.", "Colin Maddern was jailed. He was the uncle of the girl.", False),
    ],
    ids=["prior-names", "prior-states", "nobody-named", "no-relation-of-his", "another-man"],
)
def test_either_or_holds_against_earlier_publications(text: str, prior: str, expected: bool) -> None:
    assert ("J06" in rules(text, priors=[prior])) is expected


def test_a_relation_of_one_accused_is_not_laid_at_the_door_of_another() -> None:
    case = Case(public_figures=(*CASE.public_figures, PublicFigure(name=ClearText("Colin Maddern"), basis="convicted")))
    text = f"Alan Firth and Colin Maddern were jailed.\n\n{S} told police. She was abused by her uncle."
    assert "J05" not in rules(text, case=case)
    assert "J05" in rules(text + f" {S} gave evidence against Maddern.", case=case)


def test_an_accused_is_known_from_the_text_where_the_case_is_silent() -> None:
    assert "J05" in rules(f"Colin Maddern was convicted in 2016. Maddern was {S}'s stepfather.", case=EMPTY_CASE)
    assert "J05" not in rules(f"Colin Maddern chaired the meeting. Maddern was {S}'s stepfather.", case=EMPTY_CASE)


def test_what_earlier_publications_said_of_the_same_label_is_added() -> None:
    now, before = (
        f"{S} was 13 when it began. Alan Firth was jailed.",
        f"{S} got to know him at a riding club. It ended in May 2011.",
    )
    assert "J22" not in rules(now)
    assert "J22" in rules(now, priors=[before])
    assert "J22" not in rules(now, priors=[before.replace("4", "9")])


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("| Area | Survivors |\n| North | 2 |\n| South | 9 |", {"table"}),
        ("| Area | Survivors |\n| North | fewer than 5 |\n| South | 9 |\n| Total | 12 |", {"subtraction"}),
        ("| Area | Survivors |\n| North | <5 |\n| South | <5 |\n| East | 9 |\n| Total | 17 |", set()),
        ("| Area | Survivors |\n| North | 12 |\n| South | 9 |\n| Total | 21 |", set()),
        ("| Area | Officers |\n| North | 2 |\n| South | 9 |", set()),
        ("| No. | Survivor |\n| 1 | [Survivor 4] |\n| 2 | [Survivor 7] |", set()),
    ],
    ids=["small", "one-hidden", "two-hidden", "large", "officers", "list"],
)
def test_small_counts_in_tables(table: str, expected: set[str]) -> None:
    found = read(copies(f"What happened.\n\n{table}"), EMPTY_CASE, BASE)
    assert {f.detail for f in found if f.rule == "J25"} == expected


def test_the_limit_of_counts_is_the_policys() -> None:
    text = "Of the 12 girls, 7 were in care."
    assert "J25" not in rules(text)
    assert "J25" in rules(text, policy="strict")


def test_registered_waived_and_dual_role_names_may_stay() -> None:
    dual = Case(
        people=(Known(name=ClearText("Vera Quill"), role=Role.SURVIVOR), Known(name=ClearText("Ann Firth"), role=Role.SURVIVOR)),
        public_figures=(PublicFigure(name=ClearText("Vera Quill"), office="MP"), *CASE.public_figures),
    )
    assert not {"J07", "J33"} & rules(
        f"Vera Quill asked the question. Alan Firth was jailed for offences against {S}.", case=dual
    )


def test_an_entry_narrowed_to_a_document_counts_there_alone() -> None:
    known = Known(name=ClearText("Vera Quill"), role=Role.SURVIVOR, documents=(ClearText("d02"),))
    found = read(copies("Vera Quill spoke.", "Vera Quill spoke."), Case(people=(known,)), BASE)
    assert [(f.rule, f.doc) for f in found] == [("J33", "d02")]


def test_changed_names_are_labels_under_the_policy_that_gives_them() -> None:
    labels = BASE.labels.model_copy(update={"style": "changed_name", "names": ("Wren",)})
    changing = type(BASE)(BASE.settings.model_copy(update={"labels": labels}))
    found = read(copies("Wren was a pupil at Oakmere Comprehensive."), EMPTY_CASE, changing)
    assert ("J02", "Wren") in {(f.rule, f.label) for f in found}
    assert not read(copies("A wren sang. Wren spoke to [PC 3]."), EMPTY_CASE, changing)


CHANGING = type(BASE)(
    BASE.settings.model_copy(
        update={"labels": BASE.labels.model_copy(update={"style": "changed_name", "names": ("Wren", "Isla", "Morgan")})}
    )
)


def test_a_convicted_relative_under_a_changed_name_is_nobody_who_is_named() -> None:
    text = "Firth was jailed at Leeds.\n\nWren asked us in. Isla, her uncle, was convicted in another county."
    assert {f.rule for f in read(copies(text), EMPTY_CASE, CHANGING)} & {"J05", "J06"} == set()
    named = text.replace("Isla", "Len Carrow")
    assert "J05" in {f.rule for f in read(copies(named), EMPTY_CASE, CHANGING)}


def test_a_name_of_the_pool_that_was_not_drawn_is_no_label() -> None:
    known = Secrets({"Wren": (ClearText("Ada Quill"),)})
    found = read(copies("Morgan was a pupil at Oakmere Comprehensive. Wren rang."), EMPTY_CASE, CHANGING, secrets=known)
    assert {f.label for f in found if f.rule == "J02"} <= {"Wren"}


def test_unlinked_labels_are_not_added_up() -> None:
    text = "[Survivor] met Firth at a riding club. It began when she was 13.\n\n[Survivor] was in it until she was 16."
    assert "J09" not in rules(text)
    assert "J09" in rules(text.replace("[Survivor]", S))


def test_a_rule_the_policy_does_not_know_is_not_run() -> None:
    silent = BASE.settings.model_copy(
        update={"jigsaw": BASE.jigsaw.model_copy(update={"block": frozenset(), "warn": frozenset()})}
    )
    assert read(copies("Call 07700 900123."), CASE, type(BASE)(silent)) == []


def test_a_finding_says_where_and_how_to_settle_it_without_words_of_the_text() -> None:
    text = f"Intro.\n\n{S} was a pupil at Oakmere Comprehensive."
    (finding,) = [f for f in read(copies(text), CASE, BASE) if f.rule == "J02"]
    assert isinstance(finding, JigsawFinding)
    assert (finding.label, finding.doc, finding.level, finding.detail) == (S, "d01", "block", "school_named")
    assert "Oakmere" in text[finding.spans[0].start : finding.spans[0].end]
    assert "Oakmere" not in repr(finding)
    assert finding.fix.endswith(".")


def test_facts_belong_to_the_label_their_pronoun_means() -> None:
    text = f"{S} told [PC 3]. She was 13.\n\n[Survivor 7] spoke to Firth. He was 51."
    card = next(card for card in cards(copies(text), BASE) if card.label == S)
    assert isinstance(card, Card)
    assert [said.sentence for said in card.facts["age"]] == ["She was 13."]


@pytest.mark.parametrize(
    ("between", "hers"),
    [
        ("", True),
        ("The council said nothing.\n\n", True),
        ("The council said nothing.\n\nThe force said nothing.\n\n", False),
        ("What the council did\n\n", False),
        ("[PC 3] came back. ", False),
        ("Alan Firth was jailed. ", False),
        ("• ", False),
    ],
)
def test_a_pronoun_is_followed_into_the_next_paragraph_of_prose(between: str, hers: bool) -> None:
    (card,) = cards(copies(f"{S} told police, aged 14.\n\n{between}She lived at 14 Acacia Road."), BASE, CASE)
    assert ("address" in card.facts) is hers


def test_earlier_publications_are_never_a_finding_of_their_own() -> None:
    prior = Publication(text=ClearText("Call 07700 900123."))
    assert rules("Nothing.", priors=[prior.text.reveal()]) == set()
