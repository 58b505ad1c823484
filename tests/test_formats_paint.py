"""Which rows of a picture are painted over, and what their bands tell. No engine: rows are given by hand."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from redactor.content import Content, flatten
from redactor.errors import HeldError
from redactor.formats._layout import paragraphs, rows
from redactor.formats._ocr import Box, Line, Page
from redactor.formats._paint import Painted, Row, marked, paint
from redactor.model import Span

WIDTH, HEIGHT = 600, 240


def line(text: str, left: float, top: float, score: float = 0.99, second: str = "") -> Line:
    return Line(text, Box(left, top, left + len(text) * 9, top + 20), score, second)


def page(*lines: Line) -> Page:
    return Page(lines, 0, WIDTH, HEIGHT)


def content(*pages: Page) -> Content:
    return Content(tuple(block for block, _ in paragraphs([rows(p.lines) for p in pages])))


def spans(read: Content, words: dict[str, str]) -> dict[Span, str]:
    text = flatten(read).text.reveal()
    return {Span(text.index(word), text.index(word) + len(word)): put for word, put in words.items()}


def painted(one: Page, words: dict[str, str], unsafe: bool = False, codes: tuple[Box, ...] = ()) -> Painted | None:
    read = content(one)
    (page_rows,) = marked([one], read, spans(read, words))
    return paint(np.zeros((HEIGHT, WIDTH, 3), np.uint8) + 128, one, page_rows, codes, lambda row: unsafe and bool(row.second))


def pixels(made: Painted | None) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    assert made is not None
    with Image.open(io.BytesIO(made.data)) as picture:
        assert (picture.format, picture.mode, picture.info) == ("PNG", "RGB", {})
        return np.asarray(picture)


def test_a_row_is_marked_by_what_is_masked_in_it_wherever_lines_and_pages_break() -> None:
    first = page(
        line("The clerk of the panel met Wilmot Tarn-", 0, 0), line("beck at the office, and the letters she had", 0, 30)
    )
    second = page(line("kept were read aloud by the mayor.", 0, 0), line("(a) Una Tarnbeck", 0, 60), line("(b) nobody", 0, 90))
    read = content(first, second)
    found = marked([first, second], read, spans(read, {"Wilmot Tarnbeck": "[Survivor 3]", "Una Tarnbeck": "[Relative 2]"}))
    assert [[row.put for row in one] for one in found] == [[("[Survivor 3]",), ()], [None, ("[Relative 2]",), None]]


def test_text_that_is_not_that_of_the_rows_is_refused() -> None:
    with pytest.raises(HeldError):
        marked([page(line("one two", 0, 0))], content(page(line("one two three", 0, 0))), {})


@pytest.mark.parametrize("name", ["Wil", "Wilmot Tarnbeck-Penhaligon the Younger"])
def test_the_band_of_a_row_is_as_wide_as_the_page_whatever_stood_there(name: str) -> None:
    shown = pixels(
        painted(page(line("Signed by", 10, 20), line(name, 10, 60), line("of the council", 10, 100)), {name: "[Survivor 3]"})
    )
    band = pixels(
        painted(page(line("Signed by", 10, 20), line("Una", 10, 60), line("of the council", 10, 100)), {"Una": "[Survivor 3]"})
    )
    assert np.array_equal(shown, band)
    assert (shown[70, 400:590] == 255).all() and (shown[30] == 128).all()


def test_the_band_ends_at_the_next_column() -> None:
    left = [line(f"left {n} of the column", 10, 30 * n) for n in range(4)]
    right = [line(f"right {n} of the column", 320, 30 * n) for n in range(4)]
    shown = pixels(painted(page(*left, *right), {"left 2": "[Survivor 3]"}))
    assert (shown[70, 250:310] == 255).all() and (shown[70, 321:] == 128).all()


def test_rows_that_are_unsafe_and_codes_go_too() -> None:
    one = page(line("Signed by", 10, 20), line("of the counciI", 10, 60, second="of the Tarnbeck"))
    shown = pixels(painted(one, {}, unsafe=True, codes=(Box(200, 120, 260, 180),)))
    assert (shown[70, 300:590] == 255).all()
    assert (shown[115:185, 195:265] == 255).all() and (shown[115:185, 300] == 128).all()


def test_a_page_of_which_nothing_stays_is_not_made() -> None:
    assert painted(page(line("Wilmot Tarnbeck", 10, 20)), {"Wilmot Tarnbeck": "[Survivor 3]"}) is None


def test_the_words_that_stay_are_said() -> None:
    made = painted(page(line("Signed by", 10, 20), line("Una Tarnbeck", 10, 60)), {"Una Tarnbeck": "[Relative 2]"})
    assert made is not None and made.kept.reveal() == "Signed by"
    assert Row(line("x", 0, 0), None).put is None
