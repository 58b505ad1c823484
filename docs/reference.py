"""Writes commands.md and policy.md from the program itself: `python docs/reference.py [--write]`.

Without --write the exit code says whether the pages are as the program is (1 if not), as tests/test_docs.py does. A policy key
without a line in KEYS, or a command or option without help, stops it.
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
from pydantic import BaseModel

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from redactor.cli import cli  # noqa: E402
from redactor.errors import ExitCode  # noqa: E402
from redactor.model import Action  # noqa: E402
from redactor.policy import _Authority, _Settings, load_policy, policies, reasons  # noqa: E402

EXITS = {
    ExitCode.OK: "nothing is held or blocking",
    ExitCode.HELD: "a document is held, a finding blocks, or a sign-off is missing",
    ExitCode.USAGE: "the command, the policy or the case was used wrongly; nothing was done",
    ExitCode.ENVIRONMENT: "disk, permission, key, store, model or plug-in; or a fault of the program",
    ExitCode.AUDIT: "the log or a copy is not what was signed",
    ExitCode.INTERRUPTED: "interrupted; no copy is left half-written",
}

# What each key does, and which way is stricter (a child may go that way alone, unless somebody answers for the other).
KEYS = {
    "policy": ("its name: small letters, digits, dashes; rule ids in the log begin with it", ""),
    "extends": ("a policy by name, or a .yaml file beside this one, whose keys hold where this one is silent", ""),
    "version": ("a number of your own", ""),
    "description": ("one line, shown by `redactor policies`", ""),
    "jurisdiction": ("whose law: ew, sc, ni, ie. Kept; the rules are those of England and Wales", ""),
    "engine.names": ("name models; what any of them finds counts ([other models](plugins.md#another-name-model))", "more"),
    "engine.ask_below": ("evidence of a role weaker than this: somebody is asked", "higher"),
    **{
        f"engine.tagger.{kind}": (f"how sure the tagger must be of a word {of}", "lower")
        for kind, of in {
            "name": "of a name, where it is one of the name models",
            "health": "of a fact of health",
            "demographic": "of an origin or faith",
            "distinctive": "of what is one of a kind",
            "age": "of an age in words",
        }.items()
    },
    "roles.ROLE.action": ("whether such people are masked or named. Survivor, child and unknown cannot be lifted", "mask"),
    "roles.ROLE.reason": ("the reason code of it", ""),
    "roles.ROLE.label": ("what stands for the name: {n} number, {rank}, {of} somebody's label, {kin}, {inv}", ""),
    "roles.ROLE.otherwise": ("the label where one of these is unknown", ""),
    "roles.ROLE.descriptor": ("the noun for labels of style descriptor", ""),
    "roles.ROLE.asks": ("whether a question is put about each", "true"),
    "kinds.KIND.action": (
        "what happens to it where it is tied to a protected person. Tier 0 cannot be lifted",
        "mask, then soften",
    ),
    "kinds.KIND.untied": ("what happens where it is nobody's", "mask, then soften"),
    "kinds.KIND.reason": ("the reason code where it goes", ""),
    "kinds.KIND.kept": ("the reason code where it stays", ""),
    "kinds.KIND.details.DETAIL.action": ("the same for one sort of it (home, hospital, club, street …)", "mask, then soften"),
    "kinds.KIND.details.DETAIL.untied": ("the same where it is nobody's", "mask, then soften"),
    "name_from_rank": ("officers of this rank and above stay named", "higher"),
    "offices": ("offices whose holders stay named where the text states the office", "fewer"),
    "registers": ("registers of office-holders in use (`redactor policies registers`)", "fewer"),
    "plugins.recognizers": ("recognizers of [plug-ins](plugins.md) in use", "more"),
    "plugins.formats": ("formats of plug-ins in use", ""),
    "towns_from": ("settlements with as many inhabitants stay named", "higher"),
    "ages": ("how coarse an age becomes: words (four steps), teenager (three), adult_child (two)", "coarser"),
    "dates.day": ("what a date that names a day becomes", "coarser"),
    "dates.month": ("what a date that names a month becomes", "coarser"),
    "labels.style": ('numbered, descriptor ("[the survivor]"), changed_name, or unlinked (no numbers)', "unlinked"),
    "labels.investigation": ("up to four capitals that stand for {inv}", ""),
    "labels.names": ("changed names for whoever the text does not clearly call he or she", ""),
    "labels.female": ("changed names for whoever it calls she", ""),
    "labels.male": ("changed names for whoever it calls he", ""),
    "labels.note": ("the editor's note at the end of a copy with changed names", ""),
    "either_or": ("name the accused or state the relationship, never both; where case.yaml is silent", ""),
    "pictures": ("text: a picture is copied as its text alone. keep-painted: as pixels too, masked lines painted over", "text"),
    "jigsaw.block": ("rules that block a release", "more"),
    "jigsaw.warn": ("rules that warn", "more"),
    "jigsaw.info": ("rules that inform", "more"),
    "jigsaw.k_min": ("the estimated crowd below which somebody is asked", "higher"),
    "jigsaw.small_counts": ("counts of survivors below this are a finding", "higher"),
    "sign_offs": ("who signs before a release, in this order", "more"),
}

POLICY_PAGE = """\
<!-- Written by docs/reference.py from the schema: change that, not this page. -->
# Policy reference

A policy does not make a publication lawful: nobody has checked yours but you. It says what happens to each role and kind, in
one YAML file. One of your own extends one of ours and may be stricter; a key that is weaker is refused by name, unless somebody
answers for it, and then the public log says who. `redactor policies show NAME` prints what is in force, `redactor policies
check FILE` says whether yours can be used.

{packaged}

## Keys

The last column is what `base` says.

{rows}

## A weaker key

```yaml
towns_from: {{value: 20000, authority: {{who: The editor, when: 2026-05-01, why: the towns of this case are known}}}}
```

`authority` needs {authority}; it is published, so no names of protected people. No authority lifts the five facts of the Sexual
Offences (Amendment) Act 1992 s1(3A), nor that an unknown person is masked and asked about.

## Roles

{roles}

## Kinds

{kinds}

## Reason codes

In the schedule of redactions and the log. The sections are of the Freedom of Information Act 2000, from general knowledge of
it: the publishing body's information lawyer confirms them.

{codes}
"""


def schema(model: type[BaseModel] = _Settings, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of the schema, dotted, with its type; one row for all roles and one for all kinds."""
    for name, field in model.model_fields.items():
        inner = [t for t in (field.annotation, *get_args(field.annotation)) if isinstance(t, type) and issubclass(t, BaseModel)]
        key = f"{at}{name}"
        if not inner:
            yield key, field.annotation
            continue
        each = {"roles": ".ROLE", "kinds": ".KIND", "details": ".DETAIL"}.get(name, "")
        yield from schema(inner[0], f"{key}{each}.")


def _type(said: Any) -> str:
    found = [a for a in get_args(said) if a is not type(None)]
    if get_origin(said) is Literal:
        return ", ".join(map(str, found))
    if Action in (said, *found):
        return ", ".join(Action)
    if get_origin(said) in (tuple, frozenset):
        return "list"
    return {str: "text", int: "number", float: "0 to 1", bool: "true, false"}.get(said, "text")


def policy_page() -> str:
    """The policy reference."""
    base = load_policy("base").merged()
    rows = []
    for key, said in schema():
        if key not in KEYS:
            raise SystemExit(f"{key}: say in docs/reference.py what this key does")
        what, stricter = KEYS[key]
        rows.append(f"| `{key}` | {_type(said)} | {what} | {stricter or '–'} | {_value(base, key)} |")
    if stale := set(KEYS) - {key for key, _ in schema()}:
        raise SystemExit(f"{', '.join(sorted(stale))}: no such key")
    roles = [f"| `{r}` | {v['action']} | {v['reason']} | {v['label']} |" for r, v in base["roles"].items()]
    kinds = [
        f"| `{k}` | {v['action']} | {v['untied']} | {v['reason']} | {', '.join(v['details']) or '–'} |"
        for k, v in base["kinds"].items()
    ]
    codes = [
        f"| `{code}` | {'stays' if r.keeps else 'goes'} | {r.means} | {r.foia or '–'} |" for code, r in sorted(reasons().items())
    ]
    packaged = [f"| `{name}` | {text} | {', '.join(load_policy(name).sign_offs)} |" for name, text in policies()]
    return POLICY_PAGE.format(
        packaged=_table("policy | for | who signs", packaged),
        rows=_table("key | value | what it does | stricter is | base", rows),
        authority=", ".join(_Authority.model_fields),
        roles=_table("role | base | reason | label", roles),
        kinds=_table("kind | tied to a protected person | tied to nobody | reason | details", kinds),
        codes=_table("code | what it concerns | means | FOIA", codes),
    )


def _value(base: dict[str, Any], key: str) -> str:
    value: Any = base
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict):
        return "per role" if ".ROLE" in key else "per kind" if ".KIND" in key else "–"
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"`{said}`" if said else "–"


def _table(head: str, rows: list[str]) -> str:
    return "\n".join([f"| {head} |", "|" + "---|" * (head.count("|") + 1), *rows])


def commands(group: click.Command = cli, path: tuple[str, ...] = ("redactor",)) -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name."""
    yield " ".join(path), group
    if isinstance(group, click.Group):
        for name in group.commands:
            yield from commands(group.commands[name], (*path, name))


def commands_page() -> str:
    """The command reference."""
    lines = [
        "<!-- Written by docs/reference.py from the command itself: change that, not this page. -->",
        "# Commands",
        "",
        "The same is in `redactor COMMAND -h`. Shell completion: [set up](setup.md#shell-completion).",
        "",
        "## Exit codes",
        "",
        _table("code | means", [f"| {int(code)} | {EXITS[code]} |" for code in ExitCode]),
        "",
    ]
    for name, command in commands():
        ctx = click.Context(command, info_name=name, help_option_names=["-h", "--help"])  # click keeps the first it makes
        text = inspect.cleandoc((command.help or "").replace("\b\n", "\n"))
        if not text.strip():
            raise SystemExit(f"{name}: say what the command does")
        lines += [f"## {name}", "", "```text", f"{name} {' '.join(command.collect_usage_pieces(ctx))}", "```", ""]
        lines += [*_help(text), ""]
        rows = [_option(name, option) for option in command.params if isinstance(option, click.Option)]
        lines += [_table("option | what it does", rows), ""] if rows else []
    return "\n".join(lines).rstrip() + "\n"


def _help(text: str) -> list[str]:
    """The help text: prose as it is, "Examples:" and what is indented below as a block."""
    found: list[str] = []
    for part in re.split(r"\n{2,}", text.strip()):
        head, _, rest = part.partition("\n")
        if rest and all(line.startswith("  ") for line in rest.split("\n")):
            found += [head, "", "```text", textwrap.dedent(rest), "```", ""]
        else:
            found += [part.replace("<", "&lt;"), ""]
    return found[:-1]


def _option(name: str, option: click.Option) -> str:
    if not option.help:
        raise SystemExit(f"{name} {option.opts[-1]}: say what the option does")
    value = "" if option.is_flag else f" {option.metavar or option.type.name.upper()}"
    if isinstance(option.type, click.Choice):
        value = " " + "\\|".join(str(getattr(c, "value", c)) for c in option.type.choices)
    default = option.default if isinstance(option.default, str | int | float) and not option.is_flag else None
    said = option.help.replace("|", "\\|").replace("<", "&lt;")
    return f"| `{', '.join(option.opts)}{value}` | {said}{f' Default: {default}.' if default not in (None, '') else ''} |"


PAGES = {"policy.md": policy_page, "commands.md": commands_page}


def main(write: bool) -> int:
    """Write the pages, or say how many are not as the program is."""
    stale = 0
    for name, page in PAGES.items():
        fresh = page()
        if not (HERE / name).is_file() or (HERE / name).read_text(encoding="utf-8") != fresh:
            stale += 1
            if write:
                (HERE / name).write_text(fresh, encoding="utf-8")
    return 0 if write else min(stale, 1)


if __name__ == "__main__":
    raise SystemExit(main("--write" in sys.argv[1:]))
