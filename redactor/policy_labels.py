"""How a policy says that a masked person is called: by a label, or by a changed name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from .yamlfile import Strict


class Labels(Strict):
    """How a masked person is called. `names`, `female`, `male`: changed names to draw from, the first for whom the text does not
    clearly call he or she; `note`: the editor's note that says that names were changed;
    `investigation`: what stands for `{inv}` in a label."""

    style: Literal["numbered", "descriptor", "changed_name", "unlinked"]
    investigation: str = Field(default="", pattern=r"^[A-Z]{0,4}$")
    names: tuple[str, ...] = ()
    female: tuple[str, ...] = ()
    male: tuple[str, ...] = ()
    note: str = ""

    @property
    def changed_names(self) -> tuple[str, ...]:
        """Every name of the pools, none where people get labels alone."""
        return (*self.names, *self.female, *self.male) if self.style == "changed_name" else ()

    @model_validator(mode="after")
    def _says_so(self) -> Labels:
        if self.style == "changed_name" and not (self.names and self.note):
            raise ValueError("style changed_name needs names to draw from, and the note that tells a reader of them")
        return self
