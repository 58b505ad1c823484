"""The patterns that offices.py reads with, built once from data/offices.yaml (the offices) and data/frames.yaml (the sentences).

A noun phrase of an office is: words that may stand before it (article, "then", "Marlow Council's"), one of its phrases, and
what may follow ("of Marlow Council", "at the time", "2012-2016"). In a pattern it is one group for each office code, with
`mods` and `comp` for what stands before and after.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..yamlfile import OnUse, packaged

_ANYTHING = "(?s:.*)"
_HOLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Grammar:
    """`frames` tie an office to a name; `plain` are the other patterns of frames.yaml; `codes` every office code; `outlines`
    are the frames that hold an office, with anything in its place.

    A frame with its office is 20,000 characters of pattern: it is made and tried only where its outline stands.
    """

    frames: Mapping[str, re.Pattern[str]]
    plain: Mapping[str, re.Pattern[str]]
    codes: frozenset[str]
    outlines: Mapping[str, re.Pattern[str]]

    def search(self, frame: str, text: str) -> re.Match[str] | None:
        """Where a frame stands in a text."""
        return self.frames[frame].search(text) if self._may_hold(frame, text) else None

    def match(self, frame: str, text: str) -> re.Match[str] | None:
        """The same for a frame with which the text begins."""
        return self.frames[frame].match(text) if self._may_hold(frame, text) else None

    def _may_hold(self, frame: str, text: str) -> bool:
        outline = self.outlines.get(frame)
        return outline is None or outline.search(text) is not None

    def code(self, match: re.Match[str]) -> str:
        """The office code of a match of a frame."""
        return next(code for code, words in match.groupdict().items() if words is not None and code in self.codes)


@cache
def grammar() -> Grammar:
    """The patterns, compiled on first use."""
    offices, frames = _data("offices"), _data("frames")
    words: dict[str, str] = {key: _choice(str(said)) for key, said in offices.items() if key != "offices"}
    words |= {"kin": re.sub(r"\s+(?=\w)(?<!\|)", "~", str(_data("roles")["kin"])), **frames["parts"]}
    phrases = "|".join(f"(?P<{code}>{'|'.join(_phrase(p) for p in rows)})" for code, rows in offices["offices"].items())
    words["office"] = rf"(?P<mods>(?:{{modifier}}){{0,8}})(?:{phrases})(?P<comp>(?:{{follow}}){{0,2}})"
    anything = words | {"office": _ANYTHING}
    tied = [name for name, said in frames["frames"].items() if "(?P<mods>" in _filled(said, words)]
    return Grammar(
        frames=OnUse(frames["frames"], lambda name: re.compile(_filled(frames["frames"][name], words), re.X)),
        plain=OnUse(frames["plain"], lambda name: re.compile(_filled(frames["plain"][name], words), re.X)),
        codes=frozenset(offices["offices"]),
        outlines=OnUse(tied, lambda name: re.compile(_filled(frames["frames"][name], anything).removeprefix(_ANYTHING), re.X)),
    )


def courtesy() -> str:
    """Courtesy titles that may stand before a name, as a pattern."""
    return f"(?x:{_filled('{court}', _data('frames')['parts'])})"


@cache
def _data(name: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = packaged(__package__, "data", f"{name}.yaml")
    return data


def _choice(listed: str) -> str:
    return "|".join(re.escape(w).replace("'", "['’]") for w in sorted(listed.split(), key=len, reverse=True))


def _phrase(written: str) -> str:
    """One phrase of the word list as a pattern, holes still open."""
    pattern = re.sub(r"(\w[\w'-]*|\([^()]*\))\? ", r"(?:\1 )?", written)
    pattern = re.sub(r" (\w[\w'-]*|\([^()]*\))\?$", r"(?: \1)?", pattern)
    pattern = re.sub(r"\((?!\?)", "(?:", pattern).replace(".", r"\.").replace("'", "['’]").replace(" ", r"\s+")
    return rf"\b{pattern}\b" if written.isupper() else rf"\b(?i:{pattern})(?<=\w)"


def _filled(said: str, words: Mapping[str, str]) -> str:
    """A verbose pattern with its holes filled and `~` read as white space."""
    pattern = said
    while _HOLE.search(pattern):
        pattern = _HOLE.sub(lambda hole: words[hole[1]], pattern)
    return pattern.replace("~", r"\s+")
