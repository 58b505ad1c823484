"""Word's styles and numbering: what a style says of a paragraph, and the number a reader sees before it.

Does not catch: numbers in words or in other scripts (shown in digits).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .html import roman

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def value(element: Element | None, default: str = "") -> str:
    """An element's w:val."""
    return default if element is None else str(element.get(f"{W}val", default))


def on(element: Element | None) -> bool | None:
    """A toggle property: None where it is absent."""
    return None if element is None else value(element, "1") not in ("0", "false", "off")


def number_of(element: Element | None, default: int = 0) -> int:
    """An element's w:val as a small whole number."""
    text = value(element)
    return int(text) if text.lstrip("-").isdigit() and len(text) < 8 else default


class Styles:
    """The style sheet: each question is answered by the style or the first of those it is based on."""

    def __init__(self, root: Element | None) -> None:
        styles = root.findall(f"{W}style") if root is not None else []
        self._found: dict[tuple[str, str], Element | None] = {}
        self._headings: dict[str, int] = {}
        self._styles = {s.get(f"{W}styleId", ""): s for s in styles}
        self._default = next(
            (
                s.get(f"{W}styleId", "")
                for s in styles
                if s.get(f"{W}type") == "paragraph" and s.get(f"{W}default") in ("1", "true")
            ),
            "",
        )

    def paragraph(self, properties: Element | None) -> str:
        """The style id of a paragraph with these properties."""
        return value(properties.find(f"{W}pStyle") if properties is not None else None) or self._default

    def find(self, style: str, path: str) -> Element | None:
        """The first element at `path` (of w: names) in the style's chain."""
        if (style, path) not in self._found:  # asked for every run, and a document has a few styles
            steps = "/".join(W + step for step in path.split("/"))
            self._found[style, path] = next((e for link in self._chain(style) if (e := link.find(steps)) is not None), None)
        return self._found[style, path]

    def name(self, style: str) -> str:
        """Its name in small letters."""
        return value(self._styles[style].find(f"{W}name")).lower() if style in self._styles else ""

    def heading(self, style: str) -> int:
        """1 to 6 for a heading style, 0 for any other: by its outline level, or by its name."""
        if style not in self._headings:
            self._headings[style] = self._heading(style)
        return self._headings[style]

    def _heading(self, style: str) -> int:
        for link in self._chain(style):
            name = value(link.find(f"{W}name")).lower()
            if name == "title":
                return 1
            if name.startswith("heading ") and name[8:].isdigit():
                return min(max(int(name[8:]), 1), 6)
        outline = number_of(self.find(style, "pPr/outlineLvl"), 9)
        return min(outline + 1, 6) if 0 <= outline < 9 else 0

    def _chain(self, style: str) -> list[Element]:
        out: list[Element] = []
        while style in self._styles and self._styles[style] not in out:
            out.append(self._styles[style])
            style = value(self._styles[style].find(f"{W}basedOn"))
        return out


class Numbers:
    """Counts the numbered paragraphs of a document in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract = {
            a.get(f"{W}abstractNumId", ""): a for a in (root.findall(f"{W}abstractNum") if root is not None else [])
        }
        self._nums = {n.get(f"{W}numId", ""): n for n in (root.findall(f"{W}num") if root is not None else [])}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def next(self, properties: Element | None, style: str) -> tuple[int, str] | None:
        """The list depth and the number of the next paragraph, None if it has none."""
        direct = properties.find(f"{W}numPr") if properties is not None else None
        from_style = self._styles.find(style, "pPr/numPr")
        num_id = value(direct.find(f"{W}numId") if direct is not None else None) or value(
            from_style.find(f"{W}numId") if from_style is not None else None
        )
        if num_id not in self._nums:
            return None
        abstract_id = self._abstract_of(num_id)
        if abstract_id is None:
            return None
        source = direct if direct is not None and direct.find(f"{W}ilvl") is not None else from_style
        depth = number_of(source.find(f"{W}ilvl") if source is not None else None)
        if direct is None:  # a level may say which paragraph style it numbers
            depth = next((d for d in range(9) if value(self._part(num_id, abstract_id, d, "pStyle")) == style), depth)
        depth = min(max(depth, 0), 8)
        counts = self._counts.setdefault(abstract_id, {})
        self._restart(num_id, counts)
        counts[depth] = counts[depth] + 1 if depth in counts else self._start(num_id, abstract_id, depth)
        for deeper in [d for d in counts if d > depth and self._restarts(num_id, abstract_id, d, depth)]:
            del counts[deeper]
        return depth, self._shown(num_id, abstract_id, depth, counts)

    def _abstract_of(self, num_id: str) -> str | None:
        for _ in range(4):  # a list style points on to the num that defines it
            abstract_id = value(self._nums[num_id].find(f"{W}abstractNumId")) if num_id in self._nums else ""
            abstract = self._abstract.get(abstract_id)
            if abstract is None:
                return None
            link = value(abstract.find(f"{W}numStyleLink"))
            if not link:
                return abstract_id
            num_id = value(self._styles.find(link, "pPr/numPr/numId"))
        return None

    def _part(self, num_id: str, abstract_id: str, depth: int, name: str) -> Element | None:
        for parent in (f"{W}lvlOverride[@{W}ilvl='{depth}']/{W}lvl", f"{W}lvl[@{W}ilvl='{depth}']"):
            level = (self._nums[num_id] if "lvlOverride" in parent else self._abstract[abstract_id]).find(parent)
            if level is not None:
                return level.find(f"{W}{name}")
        return None

    def _start(self, num_id: str, abstract_id: str, depth: int) -> int:
        override = self._nums[num_id].find(f"{W}lvlOverride[@{W}ilvl='{depth}']/{W}startOverride")
        return number_of(override, -1) if override is not None else number_of(self._part(num_id, abstract_id, depth, "start"), 1)

    def _restart(self, num_id: str, counts: dict[int, int]) -> None:
        """A num met for the first time that says where to start begins its levels anew."""
        if num_id not in self._begun:
            self._begun.add(num_id)
            for override in self._nums[num_id].findall(f"{W}lvlOverride"):
                if override.find(f"{W}startOverride") is not None:
                    counts.pop(int(override.get(f"{W}ilvl", "0")), None)

    def _restarts(self, num_id: str, abstract_id: str, deeper: int, depth: int) -> bool:
        restart = self._part(num_id, abstract_id, deeper, "lvlRestart")
        return restart is None or depth + 1 <= number_of(restart)

    def _shown(self, num_id: str, abstract_id: str, depth: int, counts: dict[int, int]) -> str:
        if value(self._part(num_id, abstract_id, depth, "numFmt"), "decimal") == "bullet":
            return "•"
        legal = on(self._part(num_id, abstract_id, depth, "isLgl"))
        text = value(self._part(num_id, abstract_id, depth, "lvlText"))
        for level in range(9):
            if f"%{level + 1}" in text:
                form = value(self._part(num_id, abstract_id, level, "numFmt"), "decimal")
                count = counts.get(level, self._start(num_id, abstract_id, level))
                text = text.replace(f"%{level + 1}", formatted(count, "decimal" if legal and level < depth else form))
        return text.strip()


def formatted(count: int, form: str) -> str:
    """A count in one of Word's number formats (ECMA-376 part 1, §17.18.59); those in words are given in digits."""
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 8)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < count < 5000:
        return roman(count) if form == "lowerRoman" else roman(count).upper()
    if form == "decimalZero":
        return f"{count:02d}"
    if form == "ordinal":
        return f"{count}{'th' if count % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"
    return "" if form == "none" else str(count)
