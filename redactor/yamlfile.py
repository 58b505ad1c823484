"""Reads the YAML a person writes (case.yaml, policies) and says what is wrong by line and key, never by content.

Every scalar is read as text: a surname "No" or initials "ON" must not become a truth value; pydantic turns text into the
numbers and dates a model asks for. Does not defend against a file that is changed while it is read.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import EnvironmentFault, RedactorError

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Lines = dict[tuple[str | int, ...], int]
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class Strict(BaseModel):
    """A frozen model that refuses unknown keys and whose repr shows no values (they are often personal text)."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


class OnUse(Mapping[str, T]):
    """Values by name, each made when it is first asked for: of several hundred patterns one short text wants a few."""

    def __init__(self, names: Iterable[str], make: Callable[[str], T]) -> None:
        self._names, self._make = tuple(names), make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def read(path: Path, error: type[RedactorError], what: str) -> str:
    """The text of a YAML file, at most `MAX_BYTES` long; `what` names it in errors ("case.yaml")."""
    try:
        return read_bytes(path, error, what, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise error(f"{what}: not UTF-8 text. Save it again with the encoding UTF-8") from None


def read_bytes(path: Path, error: type[RedactorError], what: str, most: int) -> bytes:
    """The bytes of a file that a person of the team wrote, `most` at most; `what` names it in errors."""
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= most else b""
    except FileNotFoundError:
        raise error(f"{what}: the file does not exist. Check the path you typed") from None
    except OSError:
        raise EnvironmentFault(f"{what}: the file cannot be read. Check that it is a file and that you may read it") from None
    if size > most:
        raise error(f"{what}: larger than {most:,} bytes. Put documents beside it, not in it")
    return raw


def packaged(package: str, *path: str) -> Any:
    """What a YAML file of our own says, as YAML 1.1 has it; `path` leads to it within the package."""
    from importlib.resources import files

    return yaml.load(files(package).joinpath(*path).read_text(encoding="utf-8"), Loader=_QUICK)  # noqa: S506 -- a safe loader


def parse(text: str, error: type[RedactorError], what: str, *, ours: bool = False) -> tuple[dict[str, Any], Lines]:
    """One YAML mapping as plain values (mappings, lists, text) and the line (from 1) of every key and list entry.

    Aliases (`*name`), tags, repeated keys and nesting deeper than `MAX_DEPTH` are refused. `ours`: the file is one of the
    package, and is read by libyaml, ten times as fast; errors are worded otherwise, and deep nesting is not guarded against.
    """
    loader = _QUICK if ours else yaml.SafeLoader
    lines: Lines = {}

    def fail(node: yaml.Node, cause: str) -> RedactorError:
        return error(f"{what}, line {node.start_mark.line + 1}: {cause}")

    def plain(node: yaml.Node, at: tuple[str | int, ...]) -> Any:
        if len(at) > MAX_DEPTH:
            raise fail(node, "nested too deeply")
        if isinstance(node, yaml.SequenceNode):
            values = []
            for index, child in enumerate(node.value):
                lines[(*at, index)] = child.start_mark.line + 1
                values.append(plain(child, (*at, index)))
            return values
        if isinstance(node, yaml.MappingNode):
            return mapping(node, at)
        empty = isinstance(node, yaml.ScalarNode) and not node.value and not node.style
        return None if empty else whole(node)

    def whole(node: yaml.Node) -> str:
        """Two escapes that make one character, as JSON writes them, are that character; half of one no file could hold."""
        try:
            return str(node.value).encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            raise fail(node, "an escape that is no character. Write the character itself") from None

    def mapping(node: yaml.MappingNode, at: tuple[str | int, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise fail(key, "a key must be one word")
            name = whole(key)
            if name in values:
                raise fail(key, f"{shown(name)} is given twice. Join the two")
            lines[(*at, name)] = key.start_mark.line + 1
            values[name] = plain(child, (*at, name))
        return {key: value for key, value in values.items() if value is not None}

    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=loader)):
            raise error(f"{what}: YAML aliases (*name) are not allowed. Write the value out")
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise error(f"{what}{where}: not valid YAML. Check the indent, quotes and colons there") from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError):  # the last two for escapes beyond all characters
        raise error(f"{what}: not valid YAML. Save it as plain UTF-8 text without control characters") from None
    if root is None or (isinstance(root, yaml.ScalarNode) and not root.value):
        return {}, lines
    if not isinstance(root, yaml.MappingNode):
        raise fail(root, "must be `key: value` lines")
    return mapping(root, ()), lines


def build(model: type[M], data: dict[str, Any], lines: Lines, error: type[RedactorError], what: str) -> M:
    """`data` as a `model`; the first thing wrong is told with its line and key, an unknown key with the nearest known one."""
    try:
        return model.model_validate(data)
    except ValidationError as wrong:
        first = min(wrong.errors(include_input=False, include_url=False), key=lambda e: line_of(lines, e["loc"]))
    at = line_of(lines, first["loc"])
    where = f"{what}, line {at}" if at else what
    key = first["loc"][-1] if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        raise error(f"{where}: {unknown(str(key), fields_at(model, first['loc'][:-1]))}")
    path = ".".join(str(p + 1) if isinstance(p, int) else shown(p) for p in first["loc"])
    cause = first["msg"].removeprefix("Value error, ")
    raise error(f"{where}: {path}: {cause}" if path else f"{where}: {cause}")


def line_of(lines: Lines, loc: tuple[str | int, ...]) -> int:
    """The line of the nearest enclosing key of `loc`, 0 if the file says nothing there."""
    for end in range(len(loc), 0, -1):
        if loc[:end] in lines:
            return lines[loc[:end]]
    return 0


def unknown(key: str, known: list[str]) -> str:
    """The sentence for a key nobody knows, with the nearest known ones."""
    near = difflib.get_close_matches(key.lower(), known, n=2, cutoff=0.6)
    offer = f"did you mean {' or '.join(near)}?" if near else f"known here: {', '.join(known)}"
    return f"unknown key {shown(key)}; {offer}"


def shown(key: str) -> str:
    """A key as an error may show it: one lower-case word; anything else might be a person's name."""
    return f"`{key}`" if re.fullmatch(r"[a-z][a-z0-9_-]{0,30}", key) else "(a key that is not one lower-case word)"


def fields_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys a model knows at `loc` (keys and list positions from its root)."""
    here = model
    for step in loc:
        field = here.model_fields.get(step) if isinstance(step, str) else None
        inner = _model_in(field.annotation) if field else None
        here = inner or here
    return list(here.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
