"""News articles about public figures only, without a case: whose office the text gives stays named, nothing else is lost.

`national.txt` names real people in the offices they held and for what they did in them, from public record; the people, councils
and papers of the others are invented.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from redactor.case import EMPTY_CASE
from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content
from redactor.decide import decide
from redactor.model import Action, Decision, Document, Kind
from redactor.people import resolve
from redactor.policy import load_policy
from redactor.recognizers import Engine

ARTICLES = sorted((Path(__file__).parent / "articles").glob("*.txt"))
POLICIES = {name: load_policy(name) for name in ("iopc-report", "newsroom", "inquiry")}
each_article = pytest.mark.parametrize("article", ARTICLES, ids=[a.stem for a in ARTICLES])
NAMED = {
    "national": ["Theresa May", "May", "David Cameron", "Cameron", "Tom Watson", "Simon Danczuk", "Fiona Woolf", "Lowell Goddard",
        "Alexis Jay", "Jay", "Shaun Wright", "Louise Casey", "Eric Pickles", "Sarah Champion", "Champion", "Keith Vaz",
        "David Crompton", "Maggie Atkinson", "Amber Rudd", "Sajid Javid", "Helen Marsden"],
    "council": ["Martin Selwood", "Selwood", "Priya Dhanda", "Frances Albury", "Albury", "Graham Tollerton", "Rosalind Keane",
        "Keane", "Edmund Thackeray", "Thackeray", "Beatrice Holloway", "Adrian Castell", "Castell", "Nigel Ashcombe",
        "Moira Lindqvist", "Hugh Banister", "Banister", "Leonora Pike", "Imelda Frost", "Ruth Ellerby", "Simon Oduya",
        "Dev Malhotra", "Judith Farrow"],
    "watchdog": ["Catherine Amory", "Amory", "Rupert Lascelles", "Lascelles", "Olivia Strand", "Adrian Castell",
        "Moira Lindqvist", "Rosalind Keane", "Tobias Renwick", "Renwick", "Yolanda Price", "Haverthwaite", "Pauline Achterberg",
        "Stephen Yardling"],
    "committee": ["Joanna Brearley", "Harriet Ormesby", "Philippa Crane", "Crane", "Julian Westlake", "Margaret Ashdown",
        "Ashdown", "Gareth Lomax", "Lomax", "Tennick", "Aurora Finch", "Desmond Ackroyd", "Simone Harcourt", "Rowland Peake",
        "Elspeth Munro", "Munro", "Neil Garrow", "Garrow"],
    "hearing": ["Bernard Stiles", "Stiles", "Edmund Fairclough", "Gillian Hurst", "Hurst", "Peter Annand", "Annand",
        "Roy Bickerstaff", "Bickerstaff", "Lorna Petrie", "Keith Salter", "Andrew Tarn", "Tarn", "Susan Keighley", "Keighley",
        "Brockwell", "Anselm Doyle", "Parveen Akhtar"],
}  # fmt: skip


def decided(text: str, policy: str, engine: Engine) -> list[Decision]:
    document = Document("d01", ClearText("a.txt"), "text/plain", Content((Block(BlockKind.PARAGRAPH, ClearText(text)),)))
    detection = engine.detect("d01", text)
    found = resolve([document], {"d01": text}, {"d01": detection}, EMPTY_CASE, POLICIES[policy])
    return decide("d01", text, detection, found, EMPTY_CASE, POLICIES[policy])


@each_article
@pytest.mark.parametrize("policy", POLICIES)
def test_everyone_in_office_stays_named_and_nothing_else_is_lost(article: Path, policy: str, engine: Engine) -> None:
    text = article.read_text(encoding="utf-8")
    rows = decided(text, policy, engine)
    assert [text[d.span.start : d.span.end] for d in rows if d.action is not Action.KEEP] == []
    kept = {text[d.span.start : d.span.end] for d in rows if d.kind is Kind.NAME}
    assert set(NAMED[article.stem]) <= kept


PRIVATE = [
    ("A neighbour, Walter Pringle, said he had rung the council twice.", "Walter Pringle"),
    ("Social worker Denise Cartwright had left by then.", "Denise Cartwright"),
    ("The first to come forward was Shelley Bramhall, who had lived at the home.", "Shelley Bramhall"),
    ("PC Gordon Tranter took the first report.", "Gordon Tranter"),
    ("A letter to the council leader, signed by Doreen Fallowfield, was never answered.", "Doreen Fallowfield"),
]


@each_article
@pytest.mark.parametrize(("sentence", "name"), PRIVATE)
def test_a_private_person_in_the_same_article_is_the_only_one_masked(
    article: Path, sentence: str, name: str, engine: Engine
) -> None:
    text = article.read_text(encoding="utf-8") + f"\n{sentence}\n"
    masked = {text[d.span.start : d.span.end] for d in decided(text, "newsroom", engine) if d.action is Action.MASK}
    assert masked == {name}
