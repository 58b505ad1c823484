"""Whether a text is in the language that the recognizers read; a file of its own, for it is asked where no model is loaded."""

from __future__ import annotations

import regex  # type: ignore[import-untyped]

from .wordlists import words

FUNCTION_WORDS = 0.2  # share of function words; English prose has 0.35 to 0.55, a table or list of names 0.1 to 0.3
ENGLISH_WORDS = 40  # fewer words than this tell nothing


def is_english(text: str) -> bool:
    """Whether these recognizers, which read English, can be relied on for a text; a text of few words tells nothing and is.

    English function words say so, or py3langid does (naive Bayes over byte n-grams, Lui and Baldwin 2012): shorthand in
    capitals has few of the first, a table of names is no language to the second. A foreign passage in an English text is not
    seen.
    """
    found = regex.findall(r"\p{L}+(?:['’]\p{L}+)?", text.lower())
    if len(found) < ENGLISH_WORDS:
        return True
    if sum(word in words("function_words") for word in found) >= FUNCTION_WORDS * len(found):
        return True
    from py3langid import classify  # type: ignore[import-untyped]  # a model of 5 MB, wanted by few texts

    return bool(classify(text.lower())[0] == "en")
