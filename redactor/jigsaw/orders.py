"""What a court or live proceedings demand (R-ORDER, R-CONTEMPT): spoken under every policy, whatever its lists say.

Orders: YJCEA 1999 ss45-46, CCA 1981 ss4(2) and 11, Inquiries Act 2005 s19. Proceedings: Contempt of Court Act 1981 s2. Masking is
done long before (case.py makes the person protected, decide.py masks); here it is looked for in the finished copies, and what a
date in a file cannot settle is asked. A person of an order whom its text tells by facts alone is not recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..model import Role
from .cast import forms
from .finding import JigsawFinding, at, found, propose
from .links import standing
from .reading import Reading

Found = Iterator[JigsawFinding]


def ordered(reading: Reading) -> Found:
    """R-ORDER: a person of an order stands in a copy; an order names nobody, is over, or overrules another entry of the case."""
    case = reading.case
    for number, order in enumerate(case.orders, 1):
        code = f"order-{number}"  # an id may be a name, or a number too long for the log
        also = [e for e in (*case.people, *case.waivers, *case.public_figures) if any(e.is_called(p) for p in order.persons)]
        names = {name.reveal() for name in order.persons} | {form for entry in also for form in forms(entry)}
        for page in reading.pages:
            if places := [place for name in sorted(names) for place in standing(name, page)]:
                yield found(reading, "R-ORDER", places, code, "", [propose("name", p) for p in places], level="block")
        if not order.persons:
            yield found(reading, "R-ORDER", [], f"{code}+no_persons", level="warn")
        if order.until is not None and reading.today is not None and order.until < reading.today:
            yield found(reading, "R-ORDER", [], f"{code}+over", level="warn")
        if any(entry.overruled == "order" for entry in case.people if entry in also):
            yield found(reading, "R-ORDER", [], f"{code}+overrules", level="warn")


def proceedings(reading: Reading) -> Found:
    """R-CONTEMPT: proceedings are active. The banner, what it overrules, and everybody who is named as charged and not tried."""
    if reading.case.proceedings != "active":
        return
    yield found(reading, "R-CONTEMPT", [], "active", level="warn")
    charged = [entry for entry in reading.case.people if entry.overruled == "proceedings"]
    if charged:
        yield found(reading, "R-CONTEMPT", [], "overrules", level="warn")
    convicted = {form.casefold() for e in reading.case.public_figures if e.role is Role.CONVICTED for form in forms(e)}
    for page in reading.pages:
        places = [place for entry in charged for form in forms(entry) for place in standing(form, page)]
        places += [at(page, m) for m in reading.cues.find("charged", page.text) if m["what"].casefold() not in convicted]
        for place in dict.fromkeys(places):
            yield found(reading, "R-CONTEMPT", [place], "named", "", [propose("name", place)], level="block")


RULES: dict[str, Callable[[Reading], Found]] = {"R-ORDER": ordered, "R-CONTEMPT": proceedings}
