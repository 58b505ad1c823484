"""Rules tried only where they may match find what they find when tried everywhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from redactor.model import Kind
from redactor.recognizers.facts_rules import Sentences, rules
from redactor.recognizers.foresight import Foresight, Outlook, automaton, folded

GOLD = Path(__file__).resolve().parent.parent / "benchmarks" / "gold" / "operation-larkspur"


def matches(pattern: str, text: str, seen: Foresight | None = None) -> list[str]:
    seen = seen or Foresight.of(pattern)
    return [match[0] for match in Outlook(text, automaton([seen])).matches(re.compile(pattern, re.I), seen)]


def test_every_rule_finds_the_same_in_every_paper_of_a_case() -> None:
    for path in sorted(GOLD.rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        outlook = Sentences(text).outlook
        for kind in Kind:
            for rule in rules(kind) if kind in ("age", "date", "dob", "school", "kin", "health", "distinctive") else ():
                pattern = re.compile(rule.pattern, re.I)
                plain = [match.regs for match in pattern.finditer(text)]
                assert [match.regs for match in outlook.matches(pattern, rule.seen)] == plain, rule.id


@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(?:her|his) sisters?",
        r"(?:the )?(?-i:[A-Z])\w+ (?:lane|road)",
        r"(?<=of )kin|\bso",
        r"[^a]x|(?=is)i.",
        r"ſ\w|(?:(?:a|b)*c)?d",
        r"(s?)(?(1)i|k)\w",
        r"(?i:k)(?-i:i)s*",
        r".{2}\d|é|[\W_]s",
    ],
)
@pytest.mark.parametrize("text", ["Her ſister, hıs sisters of KİN so İsis", "The Kiln Lane aſx SI 12 é_s d cd abcd; K kiss, Kis"])
def test_the_same_matches_whatever_the_letters(pattern: str, text: str) -> None:
    assert matches(pattern, text) == [match[0] for match in re.finditer(pattern, text, re.I)]


def test_what_is_read_off_a_pattern_is_asked_for() -> None:
    assert matches("kin", "next of kin") == ["kin"]
    assert matches("kin", "next of kin", Foresight((frozenset({"aunt"}),))) == []
    assert matches("kin", "next of kin", Foresight(first=frozenset("a"))) == []
    assert matches("kin", "akin", Foresight(first=frozenset("k"), opens=True)) == []


def test_no_letter_is_one_of_a_to_z_to_a_pattern_and_another_when_folded() -> None:
    letters = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        assert {folded(same) for same in re.findall(letter, letters, re.I)} == {letter}
