from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, Mark, Style, Table, flatten
from redactor.formats.markdown import MARKDOWN

SOURCE = """---
author: Órla Tarn
---

# Visit to *Luddbeck*

A **bold Fenwick** said
so. See [the note](https://orla-tarn.example "Tarn") and ![Jo Fenwick](jo-fenwick.png).[^1]

<!-- ask Tarn -->

- one
  - deeper

    still deeper
- two

3. third
4. fourth

| a | b |
|---|---|
| x<br>y | \\| |

Line one\\
line two <span title="Tarn">end</span>

[^1]: Said later.
"""


def flat(source: str) -> str:
    return flatten(MARKDOWN.read(source.encode()).content).text.reveal()


def test_reads_what_a_page_shows() -> None:
    assert flat(SOURCE) == (
        "Visit to Luddbeck\n\nA bold Fenwick said so. See the note and .[1]\n\n[picture]\n\n"
        "• one\n• deeper\nstill deeper\n• two\n3. third\n4. fourth\n\n"
        "| a | b | \n| x\ny | | | \n\nLine one\nline two end\n\n1 Said later."
    )


def test_what_is_not_shown_is_learnt_from() -> None:
    hidden = MARKDOWN.read(SOURCE.encode()).hidden
    assert {h.place for h in hidden} >= {"front matter", "link target", "alt text", "comment", "attribute"}
    assert "Tarn" not in flat(SOURCE) and b"Tarn" not in MARKDOWN.write(MARKDOWN.read(SOURCE.encode()).content)


def test_a_word_cut_at_a_line_end_is_whole_again() -> None:
    assert flat("it was Fen-\nwick and Fenwick-\nTarn who\nleft") == "it was Fenwick and Fenwick-Tarn who left"


def test_a_definition_that_nothing_uses_is_hidden() -> None:
    reading = MARKDOWN.read(b"Text.\n\n[x]: https://tarn.example 'Fenwick'\n")
    assert any("tarn.example" in h.text.reveal() for h in reading.hidden)


def item(text: str, number: str, level: int = 0) -> Block:
    return Block(BlockKind.ITEM, ClearText(text), (), level, ClearText(number))


@pytest.mark.parametrize(
    "items",
    [
        [item("a", "•"), item("b", "•", 1), item("c", "•")],
        [item("a", "1."), item("b", "2."), item("c", "3.")],
        [item("a", "7)"), item("b", "8)")],
        [item("a", "1."), item("b", "•", 1), item("c", "2.")],
    ],
    ids=range(4),
)
def test_lists_come_back(items: list[Block]) -> None:
    content = Content(tuple(items))
    assert flatten(MARKDOWN.read(MARKDOWN.write(content)).content) == flatten(content)


@pytest.mark.parametrize(
    "items",
    [
        [item("a", "(a)"), item("b", "(b)")],
        [item("a", "1."), item("b", "3."), item("c", "4.")],
        [item("a", "2.1"), item("b", "2.2", 1)],
        [item("a", "•", 4)],
    ],
    ids=range(4),
)
def test_numbers_that_markdown_cannot_count_stay_as_they_are(items: list[Block]) -> None:
    content = Content(tuple(items))
    assert flatten(MARKDOWN.read(MARKDOWN.write(content)).content).text.reveal().split() == flatten(content).text.reveal().split()


words = st.text('abcdeéXYZ ’-.,()*_#|[]<>&\\"1!`~=+:;\n', min_size=1, max_size=20).map(
    lambda t: "\n".join(x.strip() for x in t.split("\n")).strip()
)
kinds = st.sampled_from([BlockKind.PARAGRAPH, BlockKind.HEADING])


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    text = draw(words.filter(bool))
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    marks = (Mark(start, end, draw(st.sampled_from(list(Style)))),) if start < end else ()
    kind = draw(kinds)
    return Block(kind, ClearText(text), marks, 2 if kind is BlockKind.HEADING else 0)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(blocks(), min_size=1, max_size=4).map(lambda found: Content(tuple(found))))
def test_nothing_written_is_taken_for_a_mark(content: Content) -> None:
    back = MARKDOWN.read(MARKDOWN.write(content))
    assert flatten(back.content).text.reveal().split() == flatten(content).text.reveal().split()
    assert not back.hidden


def test_tables_come_back() -> None:
    source = MARKDOWN.read(b"| a | b |\n|---|---|\n| *x* `y` | 1\\|2 |\n")
    assert isinstance(source.content.body[0], Table)
    assert flatten(MARKDOWN.read(MARKDOWN.write(source.content)).content) == flatten(source.content)
