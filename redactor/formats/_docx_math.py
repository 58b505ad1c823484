"""A formula of Word as one line of text, as it would be typed: (a+b)/2, x^2, √(y)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

    Element = etree._Element

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def linear(node: Element) -> str:
    """Every word and sign of the formula in reading order; what stands above or below a line is told by / ^ and _."""
    kind = node.tag.rsplit("}", 1)[-1] if isinstance(node.tag, str) else ""
    if kind == "t":
        return node.text or ""
    if kind.endswith("Pr") or not kind:
        return ""
    if kind == "f":
        return f"{_held(node, 'num')}/{_held(node, 'den')}"
    if kind == "rad":
        return f"{_part(node, 'deg')}√{_held(node, 'e')}"
    if kind in ("sSup", "sSub", "sSubSup"):
        below, above = _held(node, "sub"), _held(node, "sup")
        return _part(node, "e") + (f"_{below}" if below else "") + (f"^{above}" if above else "")
    if kind == "d":
        return f"({', '.join(linear(e) for e in node.findall(f'{_M}e'))})"
    if kind == "mr":
        return " ".join(linear(e) for e in node) + "; "
    return "".join(linear(child) for child in node)


def _part(node: Element, name: str) -> str:
    found = node.find(_M + name)
    return linear(found) if found is not None else ""


def _held(node: Element, name: str) -> str:
    """A part in brackets, unless it is one word or number."""
    text = _part(node, name)
    return text if len(text) < 2 or text.isalnum() else f"({text})"
