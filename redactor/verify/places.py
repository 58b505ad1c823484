"""Every place of a text, Markdown or HTML copy where words can stand, by the standard library alone.

Does not see: what a style sheet or script puts on the page (their bodies are searched as text), pictures behind links.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .plain import decodings


class UnreadableError(Exception):
    """The copy, or a part of it, cannot be looked into; the message is a cause without words of the copy."""


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """Somewhere in a copy words can stand. `label` is ours and holds nothing of the copy, `key` pairs it with the baseline's.

    `shares`: holds the visible text too, so that what is seen accounts for it. `structural`: the markup in it that is known.
    `raw`: bytes as they lie, where words may touch length fields. `deep`: encodings and the like are worth undoing in it.
    """

    key: str
    label: str
    text: str
    shares: bool = False
    structural: str = ""
    raw: bool = False
    deep: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Extract:
    """A copy taken apart. `visible`: the text a reader sees, in each way it may be read; `unchecked`: parts no check can read."""

    visible: tuple[str, ...]
    places: tuple[Place, ...] = ()
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Vocabulary:
    """What a copy of empty content is made of: markup names, attribute values, words of addresses, members of a package."""

    names: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    members: dict[str, bytes] = field(default_factory=dict)

    def has_value(self, name: str, value: str) -> bool:
        """Whether this attribute is markup alone: a known name, and a value that is known, a measure or a switch."""
        if name not in self.names:
            return False
        address = "/" in value or value.endswith(".xml")
        return (
            value in self.values
            or _LAYOUT.fullmatch(value) is not None
            or (address and self.words.issuperset(address_words(value)))
        )


_LAYOUT = re.compile(r"-?\d{0,6}(?:\.\d+)?(?:%|px|em|pt)?|(?=.*\d)[0-9A-F]{8}|true|false|on|off|auto|preserve|rId\d+")


def address_words(value: str) -> list[str]:
    """The words of a link, path or media type."""
    return re.findall(r"[A-Za-z]+", value)


def text_places(data: bytes, _known: Vocabulary) -> Extract:
    """Plain text is all visible, in each way its bytes may be decoded."""
    texts = decodings(data)
    entities = tuple(plain for text in texts if (plain := html.unescape(text)) != text)
    return Extract(texts + entities)


_MD_TAG = re.compile(r"</?(strong|em|b|i|u|s|del|sub|sup)>", re.IGNORECASE)
_MD_BREAK = re.compile(r"<br\s*/?>|\\?\r?\n", re.IGNORECASE)
_MD_MARK = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\*+|`+|~~+")


def markdown_places(data: bytes, _known: Vocabulary) -> Extract:
    """Markdown as it is shown (marks, escapes and inline tags taken away), and as it lies."""
    visible, places = [], []
    for index, text in enumerate(decodings(data)):
        tags = [tag.group() for tag in _MD_TAG.finditer(text)] + [tag for tag in _MD_BREAK.findall(text) if tag[0] == "<"]
        shown = _MD_MARK.sub("", _MD_TAG.sub("", _MD_BREAK.sub("\n", text)))
        visible.append(html.unescape(shown))
        places.append(Place(f"source {index}", "source text", text, shares=True, structural="\n".join(tags)))
    return Extract(tuple(visible), tuple(places))


# Names a writer may use for content, beyond those of its empty copy (HTML standard, sections 4.3 to 4.9).
_HTML_MARKUP = (
    "html head body main header footer section article aside nav div span p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd a b i u s "
    "em strong sub sup small mark blockquote pre code table caption thead tbody tfoot tr th td colgroup col title meta style "
    "link charset name content lang dir class id href rel colspan rowspan scope start type value"
)
_HTML_NAMES = frozenset(_HTML_MARKUP.split())
_HTML_VALUES = frozenset({"col", "row", "colgroup", "rowgroup", "list-style-type:none", "utf-8", "en", "en-GB"})
_INLINE_TAGS = "a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strong sub sup u var wbr"
_INLINE = frozenset(_INLINE_TAGS.split())
_NOT_SHOWN = frozenset({"script", "style", "title", "template", "textarea", "noscript", "head"})


class _Page(HTMLParser):
    """Sorts a page's tokens into what is shown, what is not, and known markup."""

    def __init__(self, known: Vocabulary) -> None:
        super().__init__(convert_charrefs=True)
        self.known = Vocabulary(known.names | _HTML_NAMES, known.values | _HTML_VALUES, known.words)
        self.shown: list[str] = []
        self.texts: list[str] = []  # every text node, shown or not, and where blocks end
        self.parts: dict[str, list[str]] = {"attribute": [], "comment or declaration": [], "markup name": []}
        self.structural: list[str] = []
        self.names: list[str] = []
        self.values: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag)
        for name, value in attrs:
            self._name(name)
            self.values.append(value or "")
            if self.known.has_value(name, value or ""):
                self.structural.append(value or "")
            else:
                self.parts["attribute"].append(value or "")
        if tag in _NOT_SHOWN:
            self._hidden.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._hidden[-1:] == [tag]:
            self._hidden.pop()

    def handle_endtag(self, tag: str) -> None:
        self._tag(tag)
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        hidden = [tag for tag in self._hidden if tag != "head"]
        if hidden:
            self.parts.setdefault(hidden[-1], []).append(data)
        else:
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        self.parts["comment or declaration"].append(data)

    def handle_pi(self, data: str) -> None:
        self.parts["comment or declaration"].append(data)

    def unknown_decl(self, data: str) -> None:
        self.parts["comment or declaration"].append(data)

    def handle_decl(self, decl: str) -> None:
        if decl.lower() == "doctype html":
            self.structural.append(decl)
        else:
            self.parts["comment or declaration"].append(decl)

    def _tag(self, tag: str) -> None:
        self._name(tag)
        if tag not in _INLINE:
            end = "\n" if tag == "br" else "\n\n"
            self.shown.append(end)
            self.texts.append(end)

    def _name(self, name: str) -> None:
        self.names.append(name)
        if name in self.known.names:
            self.structural.append(name)
        else:
            self.parts["markup name"].append(name)


def _parsed(text: str, known: Vocabulary) -> _Page:
    page = _Page(known)
    try:
        page.feed(text)
        page.close()
    except AssertionError:  # how html.parser gives up on a marked section it does not know
        raise UnreadableError("the page holds a declaration no parser knows") from None
    return page


def html_vocabulary(data: bytes) -> Vocabulary:
    """The markup of an empty page."""
    page = _parsed(decodings(data)[0], Vocabulary())
    return Vocabulary(frozenset(page.names), frozenset(page.values))


def html_places(data: bytes, known: Vocabulary) -> Extract:
    """A page as it is shown; its titles, scripts, styles, attributes, comments and unknown names; and as it lies."""
    visible, places = [], []
    for index, text in enumerate(decodings(data)):
        page = _parsed(text, known)
        visible.append("".join(page.shown))
        places += [Place(f"{label} {index}", label, "\n".join(words)) for label, words in page.parts.items()]
        places.append(Place(f"spaced {index}", "text with tags taken out", " ".join(page.texts), shares=True, deep=False))
        structural = "\n".join(page.structural)
        source = html.unescape(text)
        places.append(Place(f"source {index}", "source text", source, shares=True, structural=structural, deep=False))
    return Extract(tuple(visible), tuple(places))
