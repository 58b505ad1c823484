"""The small grammar every replacement needs: where a sentence begins, which article fits, which words must not come back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# Words that tell nothing of anybody: a softened text may hold them though its source did.
_FUNCTION = frozenset(
    re.findall(
        r"\w+",
        "the and for her his him she our own was were has had have been being who that this with from not but are "
        "its out you their them they one some then than into all any did does",
    )
)
DETERMINER = re.compile(r"(?i)\b(the|this|that|these|those|his|her|their|our|my|your|its|each|every|no|any|some|\w+[’']s)\s+$")
ARTICLE = re.compile(r"(?i)\b(an?)\s+$")


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands in place of a span. `left` and `right`: how many characters before and after it go too."""

    text: str
    left: int = 0
    right: int = 0


def begins(before: str) -> bool:
    """Whether what follows `before` opens a sentence, heading or field."""
    return re.search(r"(?:^|[.!?][”’\"')\]]*\s+|\n\s*)[“‘\"'(]*$", before) is not None


def capital(text: str) -> str:
    """`text` with its first letter (behind an opening bracket) in upper case."""
    return re.sub(r"^(\[?)(\w)", lambda m: m[1] + m[2].upper(), text, count=1)


def cased(words: Replacement, text: str, before: str) -> Replacement:
    """`words` with a capital where they open a sentence that what they replace (`text` and more) opened with one."""
    rest = before[: len(before) - words.left]
    first = (before[len(rest) :] + text).lstrip()[:1]
    return words if first.islower() or not begins(rest) else replace(words, text=capital(words.text))


def swallow(pattern: str, before: str) -> re.Match[str] | None:
    """A match of `pattern` (case ignored) that ends `before`, beginning at a word."""
    return re.search(rf"(?i)(?:(?<=^)|(?<=\W))(?:{pattern})$", before)


def noun(phrase: str, before: str) -> Replacement:
    """A bracketed noun phrase ("a takeaway") after `before`: articles are neither doubled nor wrong."""
    bare = re.sub(r"^an? ", "", phrase)
    if DETERMINER.search(before):
        return Replacement(f"[{bare}]")
    if article := ARTICLE.search(before):
        return Replacement(f"[{phrase if bare != phrase else with_article(bare)}]", left=len(article[0]))
    return Replacement(f"[{phrase}]")


def with_article(phrase: str) -> str:
    """`phrase` with its indefinite article."""
    return f"{'an' if phrase[:1].lower() in 'aeiou' else 'a'} {phrase}"


def repeats(result: str, source: str) -> bool:
    """Whether `result` brings back a word of substance (3 letters or more) or a number of `source`."""
    return bool(substance(result) & substance(source))


def substance(text: str) -> set[str]:
    """Words of 3 letters or more that tell something, and groups of digits."""
    return {w for w in re.findall(r"[^\W\d_]{3,}|\d+", text.casefold()) if w not in _FUNCTION}
