from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.cleartext import ClearText
from redactor.content import Block, BlockKind, Content, Style, flatten
from redactor.errors import HeldError
from redactor.formats.html import HTML


def flat(source: str) -> str:
    return flatten(HTML.read(source.encode()).content).text.reveal()


HIDING = [
    "<p>seen</p><!-- Tarn -->",
    "<p>seen</p><!--[if IE]><p>Tarn</p><![endif]-->",
    '<p>seen<span style="display: none">Tarn</span></p>',
    "<p>seen</p><p hidden>Tarn</p>",
    '<p>seen<b style="visibility:hidden">Tarn</b></p>',
    '<p>seen<i style="font-size:0">Tarn</i></p>',
    "<p>seen</p><script>var x='Tarn'</script>",
    "<p>seen</p><style>p::after{content:'Tarn'}</style>",
    "<p>seen</p><template>Tarn</template>",
    "<p>seen</p><noscript>Tarn</noscript>",
    "<p>seen</p><textarea>Tarn</textarea>",
    "<p>seen</p><select><option>Tarn</option></select>",
    "<p>seen</p><svg><text>Tarn</text></svg>",
    "<p>seen</p><math><mi>Tarn</mi></math>",
    "<p>seen</p><iframe srcdoc='Tarn'>Tarn</iframe>",
    "<title>Tarn</title><p>seen</p>",
    '<p title="Tarn">seen</p>',
    '<p><a href="mailto:Tarn@x.example">seen</a></p>',
    '<meta name="author" content="Tarn"><p>seen</p>',
    '<p data-x="Tarn" onclick="f(\'Tarn\')">seen</p>',
    '<p>seen</p><input value="Tarn">',
    "<p>seen</p><dialog><p>Tarn</p></dialog>",
    "<p>seen</p><object>Tarn</object>",
]


@pytest.mark.parametrize("source", HIDING, ids=range(len(HIDING)))
def test_hidden_words_are_dropped_and_learnt_from(source: str) -> None:
    reading = HTML.read(source.encode())
    assert flatten(reading.content).text.reveal() == "seen"
    assert b"Tarn" not in HTML.write(reading.content)
    assert any("Tarn" in h.text.reveal() for h in reading.hidden)


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("<p>Fen<b>wi</b>ck</p>", "Fenwick"),
        ("<p>Fen&shy;wick Fen<wbr>wick &Oacute;rla&nbsp;T</p>", "Fenwick Fenwick Órla T"),
        ('<p><bdo dir="rtl">kciwneF</bdo> said</p>', "Fenwick said"),
        ("<p>&#x202e;kciwneF&#x202c; said</p>", "Fenwick said"),
        ('<p><b style="direction:rtl;unicode-bidi:bidi-override">kciwneF</b> said</p>', "Fenwick said"),
        ('<p dir="RTL" style="unicode-bidi: isolate-override">kciwneF</p><p>said</p>', "Fenwick\n\nsaid"),
        ('<p dir="rtl">Fenwick</p>', "Fenwick"),
        ("<h2>Head</h2>text <em>goes</em>\n on<br>next<div>block</div>", "Head\n\ntext goes on\nnext\n\nblock"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ('<ol start="3"><li>x<li>y<ul><li>z</ul><li value="9">w</ol>', "3. x\n4. y\n• z\n9. w"),
        ('<ol type="a"><li>x</ol><ol type="I"><li>x<li>y</ol>', "a. x\nI. x\nII. y"),
        ("<table><tr><th>a<td>b<tr><td colspan=2>c<table><tr><td>in</table></table>", "| a | b | \n| c\nin | "),
        ("<p>see <img alt='x' src='y'> it</p>", "see\n\n[picture]\n\nit"),
        ("<details><summary>More</summary>text</details>", "More\n\ntext"),
        ("</body></html><p>after", "after"),
    ],
    ids=range(15),
)
def test_reads_what_a_browser_shows(source: str, seen: str) -> None:
    assert flat(source) == seen


def test_emphasis_is_kept() -> None:
    block = next(HTML.read(b"<p>a <strong>b <i>c</i></strong></p>").content.blocks())
    assert {(m.start, m.end, m.style) for m in block.marks} == {(2, 5, Style.BOLD), (4, 5, Style.ITALIC)}


def test_the_declared_charset_of_old_pages_is_believed() -> None:
    page = '<meta charset="iso-8859-2"><p>Příliš žluťoučký źdźbło</p>'
    assert flatten(HTML.read(page.encode("iso-8859-2")).content).text.reveal() == "Příliš žluťoučký źdźbło"


def test_a_page_nested_without_end_is_held() -> None:
    with pytest.raises(HeldError, match="damaged"):
        HTML.read(("<div>" * 5000 + "x").encode())


def test_the_page_is_accessible_and_says_nothing_of_its_source() -> None:
    page = HTML.write(HTML.read(b"<title>Tarn</title><p>x").content).decode()
    assert page.startswith("<!DOCTYPE html>") and '<html lang="en-GB">' in page and "<title>Document</title>" in page


words = st.text("abcé XYZ<>&\"'{}%-\\1\n", min_size=1, max_size=20).map(
    lambda t: "\n".join(" ".join(x.split()) for x in t.split("\n")).strip()
)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    kind = draw(st.sampled_from([BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.ITEM, BlockKind.HEADER, BlockKind.FOOTER]))
    number = draw(st.sampled_from(["•", "1.", "7.", "(a)", "2.1"])) if kind is BlockKind.ITEM else ""
    level = {BlockKind.HEADING: 2, BlockKind.ITEM: draw(st.integers(0, 3))}.get(kind, 0)
    return Block(kind, ClearText(draw(words.filter(bool))), (), level, ClearText(number))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(blocks(), min_size=1, max_size=6).map(lambda found: Content(tuple(found))))
def test_content_comes_back(content: Content) -> None:
    assert flatten(HTML.read(HTML.write(content)).content).text == flatten(content).text
