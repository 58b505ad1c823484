"""Build the packaged name lists of redactor/lexicon from public sources (run by hand when they change).

    pip install faker names nicknames
    python benchmarks/make_lexicon.py

Sources: Faker's person providers (MIT), the `names` package (MIT; US Census 1990, public domain),
the `nicknames` package (Apache-2.0), and given_names_by_hand.txt. A list says "this word is used as a name", never who bears it.
"""

from __future__ import annotations

import csv
import importlib
import unicodedata
from pathlib import Path

LOCALES = """en_GB en_IE en_IN en_NG en_PK en_US en_KE ga_IE pl_PL ro_RO hu_HU sk_SK cs_CZ tr_TR yo_NG ha_NG ig_NG zu_ZA tw_GH
vi_VN az_AZ fr_FR es_ES it_IT pt_PT nl_NL tr_TR lt_LT lv_LV hr_HR sl_SI sw""".split()
# Words that stand in those lists but are above all ordinary words, months, titles or places in British documents.
NOT_NAMES = set(
    """an the he she her his in on at to of may march june july will can august january october december so do no my
lord lady mac van de da le la del der sir dame prince king queen major general london england britain scotland wales ireland
bradford leeds derby the many see said long best day love young little good new day case more""".split()
)
SURNAME_RANKS = 12_000  # of the census list, by frequency: rarer ones add words, hardly any bearer
TARGET = Path(__file__).resolve().parent.parent / "redactor" / "lexicon"


def plain(word: str) -> str:
    """Lower case without accents; "" unless one Latin word of two letters or more."""
    text = unicodedata.normalize("NFKD", word.replace("ł", "l").replace("Ł", "L").replace("ø", "o")).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return text if len(text) > 1 and all("a" <= c <= "z" or c in "'-" for c in text) else ""


def from_faker() -> tuple[set[str], set[str]]:
    given: set[str] = set()
    surnames: set[str] = set()
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if isinstance(values, (tuple, list, dict)) and attribute.startswith(("first_name", "last_name")):
                (given if attribute.startswith("first") else surnames).update(plain(str(v)) for v in values)
    return given, surnames


def from_census() -> tuple[set[str], set[str]]:
    folder = Path(str(importlib.import_module("names").__file__)).parent

    def rows(file: str) -> list[list[str]]:
        return [line.split() for line in (folder / file).read_text(encoding="ascii").splitlines()]

    given = {plain(row[0]) for file in ("dist.male.first", "dist.female.first") for row in rows(file)}
    last = rows("dist.all.last")
    return given, {plain(row[0]) for row in last if int(row[3]) <= SURNAME_RANKS}


def by_hand() -> set[str]:
    lines = Path(__file__).with_name("given_names_by_hand.txt").read_text(encoding="utf-8").splitlines()
    return {plain(word) for line in lines if not line.startswith("#") for word in line.split()}


def nickname_rows() -> list[str]:
    path = Path(str(importlib.import_module("nicknames").__file__)).parent / "names.csv"
    rows: dict[str, set[str]] = {}
    for row in csv.reader(path.open(encoding="utf-8")):
        words = [plain(w) for w in row if plain(w) and plain(w) != "has_nickname"]
        for word in words[1:]:
            rows.setdefault(words[0], set()).add(word)
    return [" ".join([head, *sorted(tail)]) for head, tail in sorted(rows.items())]


def main() -> None:
    given, surnames = (a | b for a, b in zip(from_faker(), from_census(), strict=True))
    TARGET.mkdir(exist_ok=True)
    for name, words in (("given_names.txt", given | by_hand()), ("surnames.txt", surnames)):
        (TARGET / name).write_text("\n".join(sorted(words - NOT_NAMES - {""})) + "\n", encoding="utf-8")
    (TARGET / "nicknames.txt").write_text("\n".join(nickname_rows()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
