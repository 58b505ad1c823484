"""A PDF under construction."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Dictionary, Name


class Builder:
    """The file under construction: pages of lines, and whatever else a place needs."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.fonts = Dictionary(F1=self.font("Helvetica"), F2=self.font("Times-Roman"))
        self.expected: list[str] = []
        self.page()

    def font(self, base: str) -> Any:
        return self.pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + base), Encoding=Name.WinAnsiEncoding)
        )

    def page(self) -> None:
        """Begin another page."""
        self.resources = Dictionary(Font=self.fonts, XObject=Dictionary(), Properties=Dictionary(), Pattern=Dictionary())
        self.content = b""
        self.y = 790.0
        page = Dictionary(Type=Name.Page, MediaBox=[0, 0, 595, 842], Resources=self.resources, Contents=self.pdf.make_stream(b""))
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))
        self.now = self.pdf.pages[-1].obj

    def put(self, code: str | bytes) -> None:
        """Instructions of the page."""
        self.content += (code.encode("latin-1") if isinstance(code, str) else code) + b"\n"
        self.now.Contents = self.pdf.make_stream(self.content)

    def next(self, step: float = 15) -> float:
        """Where the next line stands; a new page where this one is full."""
        self.y -= step
        if self.y < 80:
            self.page()
            self.y -= step
        return self.y

    def line(self, text: str, font: str = "F1", size: float = 11, x: float = 60) -> None:
        """A plain line of text."""
        self.put(f"BT /{font} {size} Tf {x} {self.next()} Td ({text}) Tj ET")

    def seen(self, text: str) -> None:
        """Words that a reader sees beside the name and must find in the copy."""
        self.expected.append(text)
