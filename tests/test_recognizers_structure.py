from __future__ import annotations

import pytest
import regex  # type: ignore[import-untyped]

from redactor.model import Kind
from redactor.recognizers import institutions, places, structure
from redactor.recognizers.tidy import name_spans, title_code

N, A, I = Kind.NAME, Kind.ALIAS, Kind.INITIALS  # noqa: E741 - three short words for three kinds

FOUND = [
    ("Mr Owen Hartwell's dog", N, ["Owen Hartwell"]),
    ("PC 6018 Okoro and Det Supt MARSDEN came", N, ["Okoro", "MARSDEN"]),
    ("Cllr Bea Okoro, Sir Keith Lamb and Uncle Sami", N, ["Bea Okoro", "Keith Lamb", "Sami"]),
    ("T/DC Lamb, A/PS O'Rourke, HHJ Moss, Prof. Una Lamb", N, ["Lamb", "O'Rourke", "Moss", "Una Lamb"]),
    ("so mr moss shouted", N, ["moss"]),
    ("HARTWELL, Maud was late", N, ["HARTWELL, Maud"]),
    ("From: Okoro, Bea <b@x.example>\nTo: Lamb, Tom; Moss, Una", N, ["Okoro, Bea", "Lamb, Tom", "Moss, Una"]),
    ("DETAINED: HARTWELL, MAUD   DOB UNKNOWN", N, ["HARTWELL, MAUD"]),
    ("the Revd Una Lamb and Maud's mum (Nia)", N, ["Una Lamb", "Nia"]),
    ("Dear Bea,", N, ["Bea"]),
    ("Child: Una Moss     DOB: 1 May", N, ["Una Moss"]),
    ("MR LAMB: Yes.\nTHE CHAIR: No.\nMR LAMB: Right.", N, ["LAMB", "LAMB", "LAMB", "LAMB"]),
    ("12/04/2017, 21:03 - Will: hi\n[12/04/2017 21:04] Tom: hiya", N, ["Will", "Tom"]),
    ("18.02 Tom: hi\n18.04 tiz: hiya", N, ["Tom", "tiz"]),
    ("Yours sincerely,\n\nT. Lamb", N, ["T. Lamb", "T. Lamb"]),
    ("Regards,\nT O'B", I, ["T O'B", "T O'B"]),
    ("a note by T.L. to us", I, ["T.L."]),
    ("W.D.C. Lamb; D.O.B. 1 May", I, []),
    ("Her name is T-O-R-V-Á-T-H, not A-B-C", N, ["T-O-R-V-Á-T-H"]),
    ("LCpl Lamb and SSgt Moss", N, ["Lamb", "Moss"]),
    ("MOSS, Una\nDC, CID Newport East", N, ["MOSS, Una"]),
    ("Rec'd: 28/02/22  by: JFW", I, ["JFW"]),
    ("Minute clerk: JLe   DDI 01632 960144", I, ["JLe"]),
    ("“No taxi.” Initialled GB", I, ["GB"]),
    ("RESOLVED. For: JT, DF, WHD. Agst: BS.", I, ["JT", "DF", "WHD", "BS"]),
    ("Action: NFA. Present: PC", I, []),
    ("Tom Lamb (TL) left. TL rang.", I, ["TL", "TL"]),
    ("we met Tiz B there", N, ["Tiz B"]),
    ("it was R. LAMB who", N, ["R. LAMB"]),
    ("also known as Tommo", A, ["Tommo"]),
    ("Una Lamb, known on the ward as Tommo", A, ["Tommo"]),
    ("the note gives him as “Tommo”", A, ["Tommo"]),
    ("her married name is Moss", A, ["Moss"]),
    ("known only as Girl V", A, ["Girl V"]),
    ("Una Lamb, née Moss", A, ["Moss"]),
    ("she calls herself “Tiz”", A, ["Tiz"]),
    ("spelt Lam, Lambe and, once, Lambb.", A, ["Lam", "Lambe", "Lambb"]),
    ('Thomas "Tommo" Lamb', A, ["Tommo"]),
    ("contact saved as 'tizzle b'", A, ["tizzle b"]),
    ("on insta: @tizzle.b9 or tizz_b99", A, ["@tizzle.b9", "@tizzle.b9", "tizz_b99"]),
    ("Child V and XY-A12", A, ["Child V", "XY-A12"]),
    ("the one that girls call Big Tiz", A, ["Big Tiz"]),
    ("my friends say Tiz", A, ["Tiz"]),
    ("a man known to all as Tommo", A, ["Tommo"]),
    ("He calls her only T.", A, ["T"]),
    ("recorded in force systems as “Tizz Lam”", A, ["Tizz Lam"]),
    ("the driver is thought to be “Biscuit”", A, ["Biscuit"]),
    ('do not tell her cousin "Dips", who waits', A, ["Dips"]),
    ("Can we ask them?\nTiz\n\nFrom: the ward", N, ["Tiz"]),
]


@pytest.mark.parametrize(("text", "kind", "words"), FOUND, ids=range(len(FOUND)))
def test_names_are_told_by_their_form(text: str, kind: Kind, words: list[str]) -> None:
    found = sorted((f.start, text[f.start : f.end]) for f in structure.find(text) if f.kind is kind)
    assert {w for _, w in found} == set(words)


LEFT = [
    "The Home Secretary and the Chief Constable met the Lord Chancellor.",
    "Dear Sir or Madam,",
    "PS. Joe's bicycle is here.",
    "TOM LAMB, Sworn\nUNA MOSS, Affirmed",
    "On Friday: CB, KSB, TB.",
    "CONDITIONS NOT TO CONTACT HOPE, SUMMER, GRACE OR CAL.",
    "PARISH OF ST GERMANUS, TAMARSIDE",
    "This is Plan B, in Annex C, under U.K. law.",
    "formerly the council's lead; known as the worst of years.",
    "Date: Monday 12 May\nSubject: Hello There",
    "| Date | Event |\n|---|---|\n| May | Meeting held |",
    "Rights given under PACE Code C. Detained people were told.",
    "LAMB, CareFolder 8830417",
    "It is thought to be The Best of them.",
]


@pytest.mark.parametrize("text", LEFT, ids=range(len(LEFT)))
def test_offices_and_labels_are_no_names(text: str) -> None:
    assert [text[f.start : f.end] for f in structure.find(text)] == []


def test_a_title_goes_with_its_name_as_a_code() -> None:
    (found,) = structure.find("We asked DCI Moss about it")
    assert found.attributes == ("title:dci",)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Mr", "mr"),
        ("Detective Chief Inspector", "dci"),
        ("Ch Supt", "chief_superintendent"),
        ("ACC", "chief_officer"),
        ("Prof.", "prof"),
        ("Detective Superintendent", "superintendent"),
        ("Councillor", "councillor"),
        ("PCSO", "pcso"),
        ("Table", ""),
    ],
)
def test_title_codes(words: str, code: str) -> None:
    assert title_code(words) == code


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Mr Owen Lamb's", ["Owen Lamb"]),
        ("DC OWEN MOSS", ["OWEN MOSS"]),
        ("Una Moss | Chair", ["Una Moss", "Chair"]),
        ("Dr.", []),
        ("...", []),
    ],
)
def test_a_stretch_is_bared_to_the_name(words: str, names: list[str]) -> None:
    assert [words[a:b] for a, b in name_spans(words, 0, len(words))] == names


TOWNS = [
    ("She moved to Leeds.", Kind.TOWN, "town", False),
    ("It began in Lancashire.", Kind.TOWN, "county", False),
    ("They flew to Pakistan.", Kind.TOWN, "country", False),
    ("Preston was late again.", Kind.TOWN, "town", True),
    ("He worked in Preston.", Kind.TOWN, "town", False),
    ("They lived in Skipton.", Kind.PLACE, "village", False),
]


@pytest.mark.parametrize(("text", "kind", "detail", "unsure"), TOWNS, ids=range(len(TOWNS)))
def test_places_by_size(text: str, kind: Kind, detail: str, unsure: bool) -> None:
    (found,) = places.find(text)
    assert (found.kind, found.attributes[0], "ambiguous" in found.attributes) == (kind, detail, unsure)


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("She was born in Kumasi.", "Kumasi"),
        ("From Košice, came by coach.", "Košice"),
        ("He came here from Benin City.", "Benin City"),
    ],
)
def test_a_city_abroad_that_somebody_comes_from_is_an_origin(text: str, city: str) -> None:
    found = [(f.kind, text[f.start : f.end]) for f in places.find(text)]
    assert (Kind.DEMOGRAPHIC, city) in found and (Kind.TOWN, city) in found


@pytest.mark.parametrize("text", ["She was born in Leeds.", "They met in Kumasi.", "The report from Leeds came."])
def test_a_british_town_or_a_visit_is_no_origin(text: str) -> None:
    assert not [f for f in places.find(text) if f.kind is Kind.DEMOGRAPHIC]


def test_population_is_known_for_settlements_only() -> None:
    assert (places.population("Leeds") or 0) > 400_000
    assert places.population("stoke on trent") == places.population("Stoke-on-Trent")
    assert places.population("Lancashire") is None
    assert places.population("Zennorville") is None
    assert places.is_town("Lancashire")
    assert not places.is_town("Skipton")
    assert not places.is_town("Zennorville")


@pytest.mark.parametrize("text", ["in Zennorville", "leeds", "the reading room", "Skipton rang"])
def test_what_is_no_known_place_is_not_found(text: str) -> None:
    assert list(places.find(text)) == []


INSTITUTIONS = [
    ("We asked Zedshire Police about it.", "force", "Zedshire Police"),
    ("Zedborough Metropolitan Borough Council agreed.", "council", "Zedborough Metropolitan Borough Council"),
    ("tried at Zedford Crown Court", "court", "Zedford Crown Court"),
    ("OPERATION LARKSPUR: FINAL REPORT", "operation", "OPERATION LARKSPUR"),
    ("section 47 of the Children Act 1989", "law", "Children Act 1989"),
    ("under Clare's Law", "law", "Clare's Law"),
    ("the Zedman report", "report", "the Zedman report"),
    ("the Independent Office for Police Conduct", "body", "Independent Office for Police Conduct"),
    ("the Police and Crime Commissioner", "office", "Police and Crime Commissioner"),
    ("a Detective Inspector", "office", "Detective Inspector"),
    ("the Director of Children's Services", "office", "Director of Children's Services"),
    ("a Labour councillor", "party", "Labour councillor"),
    ("in the Zedford Courier", "press", "the Zedford Courier"),
    ("on Remembrance Sunday", "day", "Remembrance Sunday"),
    ("Lamb & Moss LLP wrote", "company", "Lamb & Moss LLP"),
]


@pytest.mark.parametrize(("text", "detail", "words"), INSTITUTIONS, ids=[f"{n}-{row[1]}" for n, row in enumerate(INSTITUTIONS)])
def test_institutions_are_known(text: str, detail: str, words: str) -> None:
    assert (detail, words) in {(f.attributes[0], text[f.start : f.end]) for f in institutions.find(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Estyn came, then Barnardo’s Cymru and ChildLine.",
        "She was taken to Hull Royal Infirmary.",
        "City Hall and the University Hospital of Zedshire",
        "NHS Greater Glasgow and Clyde, Scottish Children's Reporter Administration",
        "a Fraser form and the Gillick test",
        "Rain came in off the Clyde.",
    ],
)
def test_bodies_that_everybody_knows_stay_whole(text: str) -> None:
    bodies = [f for f in institutions.find(text) if f.attributes[0] in ("national", "law", "body")]
    named = regex.findall(r"\p{Lu}[\p{L}’'-]*", text.removeprefix("She ").removeprefix("Rain "))
    assert all(any(word in text[f.start : f.end] for f in bodies) for word in named)


def test_a_person_before_a_force_is_no_part_of_it() -> None:
    text = "Sgt Lamb of Zedshire Police rang Uncle Bill."
    assert [text[f.start : f.end] for f in institutions.find(text) if f.attributes[0] in ("force", "law")] == ["Zedshire Police"]


@pytest.mark.parametrize(
    "text", ["She said the police came.", "Una Moss rang him.", "an act of kindness", "the operation went well"]
)
def test_ordinary_prose_is_no_institution(text: str) -> None:
    assert list(institutions.find(text)) == []
