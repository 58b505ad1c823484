"""How a run of a Word file looks: its toggles, and whether its reader can see it at all.

Does not catch: text behind a picture or shape, off the page, or in the colour of a filled shape or a table's own style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._docx_numbers import Styles, W, number_of, on, value

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


_NAMED = {  # ECMA-376 part 1, §17.18.40
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
_CLOSE = 48  # of 255: colours that differ less in every channel cannot be told apart on a page
_TINY = 4  # half-points: two points high is a line of dust


class Look:
    """Answers for one run: its own property, else its character style's, else its paragraph style's."""

    def __init__(self, run: Element, style: str, styles: Styles) -> None:
        self._run, self._style, self._styles = run, style, styles
        self._own = run.find(f"{W}rPr")

    def on(self, name: str, *, by_paragraph: bool = True) -> bool:
        """A toggle ("b", "i", "caps", "vanish"); `by_paragraph`: whether the paragraph's style has a say."""
        return bool(on(self._found(name, self._style if by_paragraph else "")))

    def _found(self, name: str, style: str) -> Element | None:
        if self._own is not None:
            direct = self._own.find(W + name)
            if direct is not None:
                return direct
            own = value(self._own.find(f"{W}rStyle"))
            from_style = self._styles.find(own, f"rPr/{name}") if own else None
            if from_style is not None:
                return from_style
        return self._styles.find(style, f"rPr/{name}")

    def covered(self) -> bool:
        """Whether a bar of the text's own colour lies over it: black highlight on black text, as people redact by hand.

        Word turns text of automatic colour white on dark shading, but leaves it black under a highlight.
        """
        highlight = _NAMED.get(value(self._found("highlight", self._style)))
        ink = self._ink()
        if highlight is not None:
            return _alike(ink or "000000", highlight)
        shading = self._found("shd", self._style)
        fill = str(shading.get(f"{W}fill", "auto")) if shading is not None else "auto"
        return ink is not None and fill != "auto" and _alike(ink, fill)

    def white(self, properties: Element | None) -> bool:
        """Whether it is white, or too small to be seen, with nothing dark behind it that the run or paragraph tells of."""
        size = self._found("sz", self._style)
        if size is not None and 0 < number_of(size, 99) <= _TINY:
            return True
        behind = self._found("highlight", self._style) is not None or any(
            shading is not None and str(shading.get(f"{W}fill", "auto")).upper() not in ("AUTO", "FFFFFF")
            for shading in (
                self._found("shd", self._style),
                properties.find(f"{W}shd") if properties is not None else None,
                self._styles.find(self._style, "pPr/shd"),
            )
        )
        ink = self._ink()
        return ink is not None and _alike(ink, "FFFFFF", 8) and not behind

    def _ink(self) -> str | None:
        found = self._found("color", self._style)
        ink = value(found, "auto")
        return None if ink == "auto" else ink


def _alike(one: str, other: str, close: int = _CLOSE) -> bool:
    try:
        pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4)]
    except ValueError:
        return False
    return all(abs(a - b) < close for a, b in pairs)
