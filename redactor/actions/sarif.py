"""Remarks as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines.

No snippet and no context is given, for these would be words of the draft. A remark of a file without lines has its place in words
(`logicalLocations`). A fix replaces exactly the region; none is offered where marks or line ends lie between the words.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..policy import reasons
from .checking import Checked, Place, Remark

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(checked: Checked) -> dict[str, Any]:
    """The log of one run as plain values, for JSON."""
    rules = sorted({_rule_id(r) for r in checked.remarks})
    told = {_rule_id(r): r for r in reversed(checked.remarks)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "redactor",
                        "version": __version__,
                        "rules": [{"id": rule, "shortDescription": {"text": _means(told[rule])}} for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(r, rules) for r in checked.remarks],
            }
        ],
    }


def _rule_id(remark: Remark) -> str:
    """The jigsaw rule, or the kind and the reason: lines of a policy are too many to switch on and off one by one."""
    return remark.rule if remark.kind == "jigsaw" or not remark.reason else f"{remark.kind}/{remark.reason}"


def _means(remark: Remark) -> str:
    code = remark.reason.partition(":")[0]
    known = reasons().get(code)
    return f"{remark.kind}: {known.means}" if known else remark.kind


def _result(remark: Remark, rules: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": _rule_id(remark),
        "ruleIndex": rules.index(_rule_id(remark)),
        "level": remark.level,
        "message": {"text": text_of(remark)},
        "locations": [_location(remark.file, remark.place)],
        "properties": {"kind": remark.kind, "rule": remark.rule, "suggestion": remark.suggestion},
    }
    if remark.related:
        result["relatedLocations"] = [_location(remark.file, place) for place in remark.related]
    if remark.place.line and remark.place.exact and remark.suggestion and remark.kind != "jigsaw":
        result["fixes"] = [
            {
                "description": {"text": "What the copy would say"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": _uri(remark.file)},
                        "replacements": [
                            {"deletedRegion": _region(remark.place), "insertedContent": {"text": remark.suggestion}}
                        ],
                    }
                ],
            }
        ]
    return result


def _location(file: str, place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    if place.line:
        physical["region"] = _region(place)
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.where:
        location["logicalLocations"] = [{"fullyQualifiedName": place.where}]
    return location


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _uri(file: str) -> str:
    """A path as a relative or absolute URI reference."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def text_of(remark: Remark) -> str:
    """The message and what the copy would say."""
    if not remark.suggestion:
        return remark.message
    if remark.kind == "jigsaw":
        return f"{remark.message} Here: {remark.suggestion}"
    return f"{remark.message}. The copy would say: {remark.suggestion}"


def github(remarks: Iterable[Remark]) -> list[str]:
    """Remarks as workflow commands of GitHub Actions, which it shows beside the lines of a change."""
    levels = {"error": "error", "warning": "warning", "note": "notice"}
    return [f"::{levels[r.level]} {_properties(r)}::{_escaped(text_of(r))}" for r in remarks]


def _properties(remark: Remark) -> str:
    place = remark.place
    said: dict[str, object] = {"file": remark.file}
    if place.line:
        said |= {"line": place.line, "col": place.column}
        said |= {"endLine": place.end_line, "endColumn": place.end_column} if place.line == place.end_line else {}
    said["title"] = f"redactor {_rule_id(remark)}" + (f", {place.where}" if place.where else "")
    return ",".join(f"{key}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}" for key, value in said.items())


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
