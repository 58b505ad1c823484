"""The tag of an allotment plot in the invented county of Trentmere: "heron~12~blue". It identifies the plot's tenant.

Not found: a tag in capitals, or broken over two lines.
"""

from __future__ import annotations

from typing import ClassVar

from presidio_analyzer import Pattern, PatternRecognizer


class PlotTags(PatternRecognizer):
    """A Presidio recognizer like any other. `kinds` tells redactor of which kind each entity is (docs/plugins.md lists them)."""

    kinds: ClassVar = {"PLOT_TAG": "id"}

    def __init__(self) -> None:
        pattern = Pattern("plot tag", r"\b[a-z]{3,12}~\d{1,3}~[a-z]{3,8}\b", 0.9)
        super().__init__(supported_entity="PLOT_TAG", patterns=[pattern], name="plot tags")
