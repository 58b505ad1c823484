from __future__ import annotations

from itertools import pairwise

import pytest
from presidio_analyzer.nlp_engine import NlpArtifacts

from redactor.model import Kind
from redactor.recognizers.base import ATTRIBUTES, KIND, WHY, Found
from redactor.recognizers.facts import fact_recognizers
from redactor.recognizers.facts_dates import dates
from redactor.recognizers.facts_life import life
from redactor.recognizers.facts_places import places, short_forms

TOWNS = {"Aldersea", "Leeds"}


def facts(text: str) -> list[Found]:
    return [*dates(text), *places(text, TOWNS.__contains__), *life(text)]


def words(text: str, kind: Kind) -> list[str]:
    return [text[f.start : f.end] for f in facts(text) if f.kind is kind]


AGES = [
    ("She was 13 when it began.", ["13"]),
    ("Mia (aged 14 years 3 months) was seen.", ["aged 14 years 3 months"]),
    ("Kezia (14 yrs 2 mths) did not attend.", ["14 yrs 2 mths"]),
    ("He left care at the age of sixteen.", ["sixteen"]),
    ("From when he was twelve and a half he stayed out.", ["twelve and a half"]),
    ("T. Denholm (15) and M. Denholm (9) were at home.", ["15", "9"]),
    ("Ms Denholm, 34, of Aldersea, said so.", ["34"]),
    ("They were girls of 13 and 15.", ["13", "15"]),
    ("She is forty-one now.", ["forty-one"]),
    ("im 15 now n i dont care", ["15"]),
    ("A 16-year-old pupil told staff.", ["16-year-old"]),
    ("A Year 8 boy joined them.", ["Year 8"]),
    ("He is two years above me.", ["two years above me"]),
    ("Her son is four and starts soon.", ["four"]),
    ("A woman in her early thirties rang.", ["early thirties"]),
    ("Name: M. Denholm\nAge: 14\nCase: open", ["14"]),
    ("| Name | Age |\n|---|---|\n| M. D. | 12 |\n| T. D. | 9 |", ["12", "9"]),
    ("The baby will be two in October.", ["two in October"]),
]


@pytest.mark.parametrize(("text", "expected"), AGES)
def test_ages(text: str, expected: list[str]) -> None:
    assert words(text, Kind.AGE) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The panel made 14 recommendations under section 47.",
        "Attendance was 37 per cent.",
        "There were two in October.",
        "There is one, from a resident.",
        "She rang forty-three times on eleven occasions.",
        "They met in Room 3 at half past one.",
        "He arrived at 14 minutes past ten.",
        "He was sentenced to twelve years and six months.",
        "Year 2 of the programme cost £41,000.",
        "The Head of Year 9 chaired.",
        "Paragraph 6.14 and Schedule 2 (4) apply.",
        "Support is offered to people aged 16 and over.",
        "A ten-year-old policy was still in use.",
        "It took 15 minutes and 3 calls.",
    ],
)
def test_no_age_in_ordinary_prose(text: str) -> None:
    assert words(text, Kind.AGE) == []


BIRTHS = [
    ("She will be seventeen on 4 April, so ask.", "4 April", "day"),
    ("She was born the third of the eighth, 2016.", "the third of the eighth, 2016", "day"),
    ("DOB: 04/02/1988", "04/02/1988", "day"),
    ("d.o.b. 7 Feb 1999", "7 Feb 1999", "day"),
    ("She was born on the third of July 2001 at home.", "the third of July 2001", "day"),
    ("I was born on the 2nd day of May 1997.", "the 2nd day of May 1997", "day"),
    ("Her date of birth is 3.4.99.", "3.4.99", "day"),
    ("He was born in 1974.", "1974", "year"),
    ("| Date | Event |\n|---|---|\n| 3 March 1998 | MD born at home |", "3 March 1998", "day"),
    ("| Name | DOB |\n|---|---|\n| M. D. | 09/10/2001 |", "09/10/2001", "day"),
    ("She turned 14 on 6 May 2011.", "6 May 2011", "day"),
    ("19.06.96  Born at 33 weeks.\n3.9.07  Started school.", "19.06.96", "day"),
]


@pytest.mark.parametrize(("text", "expected", "detail"), BIRTHS)
def test_dates_of_birth(text: str, expected: str, detail: str) -> None:
    found = [f for f in dates(text) if f.kind is Kind.DOB]
    assert [text[f.start : f.end] for f in found] == [expected]
    assert found[0].attributes[0] == detail


DATES = [
    ("She went in on Shrove Tuesday 1986.", "Shrove Tuesday 1986", ("season",)),
    ("He was told on St David's Day 2010.", "St David's Day 2010", ("season",)),
    ("To be seen on Sat 14th, berth 3.", "Sat 14th", ("day",)),
    ("Nobody has met since Feb half-term.", "Feb half-term", ("season",)),
    ("She has an appointment on the 19th with a nurse.", "the 19th", ("day",)),
    ("On 12 August 2011 she rang.", "12 August 2011", ("day",)),
    ("On Friday 12 August 2011 she rang.", "Friday 12 August 2011", ("day",)),
    ("She rang on the 12th of August 2011.", "the 12th of August 2011", ("day",)),
    ("Seen 06/03/12 by the duty team.", "06/03/12", ("day",)),
    ("Seen 2012-03-06 by the duty team.", "2012-03-06", ("day",)),
    ("Seen on 6.3.2012 by the duty team.", "6.3.2012", ("day",)),
    ("Seen on 6 March and not again.", "6 March", ("day",)),
    ("She moved in March 2012.", "March 2012", ("month",)),
    ("She is getting married in October.", "October", ("month",)),
    ("From 3 to 9 May 2011 she was away.", "3 to 9 May 2011", ("range",)),
    ("She stayed from March 2012 to June 2013.", "March 2012 to June 2013", ("range",)),
    ("It was worst in autumn 2009.", "autumn 2009", ("season",)),
    ("The day after her fourteenth birthday she left.", "The day after her fourteenth birthday", ("relative",)),
    ("From: A\nSent: 12 August 2011 09:10\nTo: B", "12 August 2011", ("day", "ctx:header")),
    ("Dear Sir\n\n12 August 2011\n\nI write", "12 August 2011", ("day", "ctx:header")),
    ("Lee Thackray was jailed in May 2015.", "May 2015", ("month", "ctx:conviction")),
    ("The review was published in May 2015.", "May 2015", ("month", "ctx:publication")),
    ("The Act came into force on 1 May 2004.", "1 May 2004", ("day", "ctx:law")),
    ("He was acquitted in May 2015.", "May 2015", ("month",)),
]


@pytest.mark.parametrize(("text", "expected", "attributes"), DATES)
def test_dates(text: str, expected: str, attributes: tuple[str, ...]) -> None:
    found = [f for f in dates(text) if f.kind is Kind.DATE]
    assert [(text[f.start : f.end], f.attributes) for f in found] == [(expected, attributes)]


@pytest.mark.parametrize(
    "text",
    [
        "She may attend and they march on.",
        "See paragraph 5.4.12 of the report.",
        "The Children Act 1989 applies.",
        "Log AB-20111012-0044 was closed at 14.20.",
        "It happened between 2010 and 2013.",
        "Reference 14/03/97/A was opened.",
    ],
)
def test_no_date_in_ordinary_prose(text: str) -> None:
    assert words(text, Kind.DATE) == []


PLACES = [
    ("Arrested at the Zedley Arcade slot hall.", Kind.PLACE, ["the Zedley Arcade slot hall"]),
    ("Her parents kept Teal News and Wine.", Kind.WORK, ["Teal News and Wine"]),
    ("People at Zedware Kilns, where he had worked, knew.", Kind.WORK, ["Zedware Kilns"]),
    ("She works at the Blue Teal garden centre.", Kind.PLACE, ["the Blue Teal garden centre"]),
    ("Not on our roll, said to be at the Fernside Unit.", Kind.SCHOOL, ["the Fernside Unit"]),
    ("She attended Oakmere High School.", Kind.SCHOOL, ["Oakmere High School"]),
    ("He goes to Oakmere Primary now.", Kind.SCHOOL, ["Oakmere Primary"]),
    ("Now at the PRU at Sallow Green.", Kind.SCHOOL, ["the PRU at Sallow Green"]),
    ("On roll at Oakmere Comp. She left Oakmere early.", Kind.SCHOOL, ["Oakmere Comp", "Oakmere"]),
    ("St Brannoc's Grammar School.\n\n| Teacher | St Brannoc's |", Kind.SCHOOL, ["St Brannoc's Grammar School", "St Brannoc's"]),
    ("She moved to Fernleigh House, a children's home.", Kind.PLACE, ["Fernleigh House"]),
    ("She was a resident of The Willows then.", Kind.PLACE, ["The Willows"]),
    ("They met in the Jade Grill.", Kind.PLACE, ["the Jade Grill"]),
    ("Seen outside Sultan's Kebab House.", Kind.PLACE, ["Sultan's Kebab House"]),
    ("He plays for Ryecroft Youth Club.", Kind.PLACE, ["Ryecroft Youth Club"]),
    ("She was born at Aldersea General Hospital.", Kind.PLACE, ["Aldersea General Hospital"]),
    ("They live in Lower Sedge.", Kind.PLACE, ["Lower Sedge"]),
    ("They live in Aldersea.", Kind.PLACE, []),
    ("Wexcombe, a village near the coast, is small.", Kind.PLACE, ["Wexcombe"]),
    ("7 Tolver Lane\nLower Sedge\nZZ9 1AB", Kind.PLACE, ["Lower Sedge"]),
    ("She was seen on Canal Street.", Kind.PLACE, ["Canal Street"]),
    ("She lives at 71b Pendle Mount with him.", Kind.ADDRESS, ["71b Pendle Mount"]),
    ("of Flat 3, Tolver Court, Aldersea", Kind.ADDRESS, ["Flat 3, Tolver Court"]),
    ("The neighbour at number 18 heard it.", Kind.ADDRESS, ["18"]),
    ("Over the bakery at 40a they had two rooms.", Kind.ADDRESS, ["40a"]),
    ("Post to Farthing Cottage, Mill Lane.", Kind.ADDRESS, ["Farthing Cottage"]),
    ("He works for Farrow Haulage.", Kind.WORK, ["Farrow Haulage"]),
    ("Her brother runs Thornby Tyres Ltd.", Kind.WORK, ["Thornby Tyres Ltd"]),
    ("She works as a dental nurse.", Kind.WORK, ["a dental nurse"]),
    ("Seen by a doctor of the Larkfield Practice.", Kind.WORK, ["the Larkfield Practice"]),
]


@pytest.mark.parametrize(("text", "kind", "expected"), PLACES)
def test_places(text: str, kind: Kind, expected: list[str]) -> None:
    assert words(text, kind) == expected


@pytest.mark.parametrize(
    "text",
    [
        "He was tried at Leeds Crown Court.",
        "The High Court gave judgment.",
        "Councillor Green and Superintendent Hill of Wessex Police met.",
        "Detective Inspector Park wrote to the Home Office.",
        "It is not best practice. Primary Care was told.",
        "They met in Room 3 and in March.",
        "Number 10 said nothing, and the House of Commons rose.",
    ],
)
def test_institutions_and_officers_are_no_places(text: str) -> None:
    assert [f for f in facts(text) if f.kind in (Kind.SCHOOL, Kind.PLACE, Kind.ADDRESS, Kind.WORK)] == []


LIFE = [
    (Kind.KIN, "She is a niece of Lee Thackray.", "a niece of"),
    (Kind.KIN, "Lee Thackray is her godfather's cousin.", "her godfather's cousin"),
    (Kind.KIN, "It was my little brother who told.", "my little brother"),
    (Kind.KIN, "He is no relation of the inspector.", "no relation of"),
    (Kind.KIN, "They assumed I was family.", "assumed I was family"),
    (Kind.KIN, "She shares his surname with pride.", "shares his surname with"),
    (Kind.KIN, "Not even our Darren came.", "our Darren"),
    (Kind.KIN, "Ask LT niece about it.", "LT niece"),
    (Kind.HEALTH, "She is being treated for migraines.", "She is being treated for migraines"),
    (Kind.HEALTH, "He takes melatonin to sleep.", "takes melatonin to sleep"),
    (Kind.HEALTH, "She is sixteen weeks pregnant.", "is sixteen weeks pregnant"),
    (Kind.HEALTH, "A referral to a psychologist was made.", "A referral to a psychologist"),
    (Kind.HEALTH, "She is expecting her third child.", "is expecting her third child"),
    (Kind.HEALTH, "He has been diagnosed with epilepsy.", "epilepsy"),
    (Kind.HEALTH, "Medical: asthma, inhaler held", "asthma, inhaler held"),
    (Kind.DEMOGRAPHIC, "Her mother is of Slovak Roma heritage.", "of Slovak Roma heritage"),
    (Kind.DEMOGRAPHIC, "She is a Polish-speaking girl.", "a Polish-speaking girl"),
    (Kind.DEMOGRAPHIC, "The patient is a Jehovah's Witness.", "Jehovah's Witness"),
    (Kind.DEMOGRAPHIC, "They were the only Sikh family.", "the only Sikh family"),
    (Kind.DISTINCTIVE, "She is the third of six children.", "the third of six children"),
    (Kind.DISTINCTIVE, "He won a national chess title at 12.", "won a national chess title at 12"),
    (Kind.DISTINCTIVE, "She is the only deaf pupil in the school.", "the only deaf pupil in the school"),
    (Kind.DISTINCTIVE, "They are non-identical twins.", "non-identical twins"),
    (Kind.DISTINCTIVE, "He changed his name by deed poll.", "changed his name by deed poll"),
    (Kind.DISTINCTIVE, "She must not be confused with the mayor.", "must not be confused with"),
    (Kind.DISTINCTIVE, "She has a scar above her left eye.", "a scar above her left eye"),
    (Kind.DISTINCTIVE, "He was jailed for 12 years and 6 months.", "12 years and 6 months"),
    (Kind.DISTINCTIVE, "He is the imam's son.", "the imam's son"),
]


@pytest.mark.parametrize(("kind", "text", "expected"), LIFE)
def test_life(kind: Kind, text: str, expected: str) -> None:
    assert words(text, kind) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The only finding was upheld, one of the eight recommendations.",
        "There were two such meetings and one of four witnesses spoke.",
        "The offenders were men of Pakistani heritage.",
        "The economic depression and a pregnant pause.",
        "There was anxiety about the budget in our Council.",
        "Our Chair thanked the related parties; related documents follow.",
        "His application was lodged with the District Court.",
        "Records relating to the force fell on deaf ears.",
        "The Welsh Government and the French Embassy replied.",
        "The only man to have been convicted was the only person charged.",
    ],
)
def test_no_life_fact_in_ordinary_prose(text: str) -> None:
    assert life(text) == []


def test_a_short_form_is_the_name_without_its_type_word() -> None:
    assert short_forms("Oakmere Comprehensive School", Kind.SCHOOL) == ("Oakmere",)
    assert short_forms("Trinity High School", Kind.SCHOOL) == ()
    assert short_forms("12 Tolver Lane", Kind.ADDRESS) == ()


def test_facts_of_one_family_never_overlap() -> None:
    texts = [row[0] for row in AGES] + [row[0] for row in BIRTHS] + [row[0] for row in DATES] + [row[0] for row in PLACES]
    text = " ".join(texts + [row[1] for row in LIFE])
    for found in (dates(text), life(text), places(text, TOWNS.__contains__)):
        assert found
        assert all(a.end <= b.start for a, b in pairwise(found))


def test_presidio_results_carry_kind_rule_and_codes() -> None:
    text = "Lee was jailed in May 2015."
    found = [r for recognizer in fact_recognizers() for r in recognizer.analyze(text, [], NlpArtifacts.__new__(NlpArtifacts))]
    assert [(r.recognition_metadata[KIND], r.recognition_metadata[ATTRIBUTES], r.recognition_metadata[WHY]) for r in found] == [
        (Kind.DATE, ("month", "ctx:conviction"), "date_month_year")
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She is employed by Harnsea Council in the Children in Care team.", []),
        ("She worked as a packer at Lorne Bakery.", ["a packer at Lorne Bakery"]),
    ],
)
def test_who_works_for_a_council_is_one_of_thousands(text: str, words: list[str]) -> None:
    assert [text[f.start : f.end] for f in places(text, lambda _name: False) if f.kind is Kind.WORK] == words


@pytest.mark.parametrize(
    ("text", "words"), [("DOB 140394 IC3", "140394"), ("= RUSK 020595. NB", "020595"), ("JOB 140394 done", "")]
)
def test_a_date_of_birth_in_six_digits(text: str, words: str) -> None:
    assert "".join(text[f.start : f.end] for f in dates(text) if f.kind is Kind.DOB) == words
