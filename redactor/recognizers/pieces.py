"""What our models read: word pieces in small letters, and for each the shape of its word, so that "Hope" is not "hope".

The tagger's vocabulary is that of BERT uncased (Apache-2.0), one piece a line. Training and use cut text with this one function.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHAPES = 16  # eight ways to write a word, each at the start of a line or within one


@dataclass(frozen=True, slots=True)
class Pieces:
    """Word pieces of one text: vocabulary numbers, shapes, and where each stands."""

    ids: list[int]
    shapes: list[int]
    spans: list[tuple[int, int]]


class Cutter:
    """Cuts texts into pieces. `vocabulary` is the file of pieces."""

    def __init__(self, vocabulary: Path) -> None:
        from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

        words = vocabulary.read_text(encoding="utf-8").splitlines()
        self.size = len(words)
        numbers = {word: number for number, word in enumerate(words)}
        self._tokenizer: Any = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))  # noqa: S106 - a word of the vocabulary
        self._tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self.first, self.last, self.mask = (words.index(mark) for mark in ("[CLS]", "[SEP]", "[MASK]"))

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The vocabulary numbers alone, and where each stands."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets

    def cut(self, text: str) -> Pieces:
        """The pieces of a text, without the marks of its beginning and end."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        words: dict[int, list[int]] = {}
        for number, (start, end) in zip(encoding.word_ids, encoding.offsets, strict=True):
            at = words.setdefault(number, [start, end])
            at[0], at[1] = min(at[0], start), max(at[1], end)
        shapes = {number: shape(text, start, end) for number, (start, end) in words.items()}
        return Pieces(encoding.ids, [shapes[n] for n in encoding.word_ids], encoding.offsets)


def shape(text: str, start: int, end: int) -> int:
    """How a word is written (0 to 7), plus 8 if it opens a line."""
    word = text[start:end]
    before = text[:start].rstrip(" \t|-*•#>\"'“‘([") if start < 200 else text[start - 200 : start].rstrip(" \t|-*•#>\"'“‘([")
    opens = 8 if not before or before[-1] == "\n" else 0
    return opens + _case(word)


def _case(word: str) -> int:
    if not any(c.isalnum() for c in word):
        return 0
    if any(c.isdigit() for c in word):
        return 6 if word.isdigit() else 7
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 4
    return 2 if word[0].isupper() and word[1:].islower() else 5
