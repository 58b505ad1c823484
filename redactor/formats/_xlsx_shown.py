"""A stored number as its cell shows it: dates, percentages, thousands, the words a number format adds.

Does not follow conditions ("[<100]"), fractions and locales: such a number is shown plainly. Where Excel asks the computer's
settings (format 14), the day comes first.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

BRITISH = {14: "dd/mm/yyyy", 22: "dd/mm/yyyy hh:mm"}
_PART = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]')
_DATE = re.compile(r"(?i)(?<![a-z])(?:y+|m+|d+|h+|s+)(?![a-z])")
_TOKEN = re.compile(r"(?i)\"([^\"]*)\"|\\(.)|_.|\*.|\[(h+|m+|s+)\]|\[[^\]]*\]|(am/pm|a/p)|(y+|m+|d+|h+|s+(?:\.0+)?)")
_DIGITS = re.compile(r"[#0?](?:,*[#0?])*(?:\.[#0?]*)?(,*)")


def show(value: float, code: str, base_1904: bool = False) -> str:
    """`value` under the number format `code`; "" where the format shows nothing."""
    parts = _sections(code)
    if any(re.search(r"\[[<>=]", part) for part in parts) or re.search(r"[#0?] *\?*/", code):
        return _general(value)
    part = parts[0]
    if value < 0 and len(parts) > 1:
        part, value = parts[1], -value
    elif value == 0 and len(parts) > 2:
        part = parts[2]
    if not part:
        return ""
    bare = _PART.sub(" ", part)
    if "general" in bare.lower():
        return _literal(part.lower().replace("general", "\0")).replace("\0", _general(value))
    if _DATE.search(bare) and not re.search(r"[#0?](?!\d*$)", re.sub(r"(?i)s\.0+", "s", bare)):
        try:
            return _date(value, part, base_1904)
        except (OverflowError, ValueError):
            return "#" * 8
    if "@" in bare:
        return _literal(part).replace("@", _general(value))
    return _number(value, part)


def show_text(text: str, code: str) -> str:
    """A text under a number format: only a fourth section, or one with "@", changes it."""
    parts = _sections(code)
    part = parts[3] if len(parts) > 3 else parts[0] if "@" in _PART.sub("", parts[0]) and len(parts) == 1 else None
    return text if part is None else _literal(part).replace("@", text) if part else ""


def _sections(code: str) -> list[str]:
    return re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", code)


def _literal(part: str) -> str:
    """A section's own words: quotation marks, escapes and colours taken away."""

    def plain(match: re.Match[str]) -> str:
        if match[1] is not None or match[2] is not None:
            return match[1] or match[2] or ""
        currency = re.match(r"\$([^-]*)", match[3] or "")
        return currency[1] if currency else " " if match[0].startswith("_") else ""

    return _PART.sub(plain, part)


def _general(value: float) -> str:
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}".replace("e", "E")


def _number(value: float, part: str) -> str:
    marks: list[str] = []  # literals step aside, so that a digit in one is no place of the number

    def aside(match: re.Match[str]) -> str:
        marks.append(_literal(match[0]))
        return chr(0xE000 + len(marks) - 1)

    bare = _PART.sub(aside, part)
    digits = _DIGITS.search(bare)
    if digits is None:
        out = bare
    else:
        value *= 100 ** bare.count("%")
        value /= 1000 ** len(digits[1])
        places = re.sub(r"[^#0?]", "", digits[0].partition(".")[2])
        if re.match(r"E[+-]", bare[digits.end() :]):
            shown = f"{value:.{len(places)}E}"
            bare = re.sub(r"E[+-][0#?]+", "", bare)
        else:
            comma = "," if re.search(r",[#0?]", digits[0]) else ""
            shown = f"{abs(value):{comma}.{len(places)}f}"
            spare = len(places) - len(places.rstrip("#"))
            if spare and "." in shown:
                shown = re.sub(rf"0{{1,{spare}}}$", "", shown).rstrip(".")
            least = digits[0].partition(".")[0].count("0")
            whole, dot, rest = shown.partition(".")
            shown = whole.zfill(least) + dot + rest
            shown = ("-" if value < 0 and shown.strip("0.,") else "") + shown
        out = bare[: digits.start()] + shown + bare[digits.end() :]
    return re.sub(r"[\ue000-\uf8ff]", lambda m: marks[ord(m[0]) - 0xE000] if ord(m[0]) - 0xE000 < len(marks) else "", out).strip()


def _date(value: float, part: str, base_1904: bool) -> str:
    seconds = round(value * 86400)
    when = datetime(1904, 1, 1) if base_1904 else datetime(1899, 12, 30)
    when += timedelta(seconds=seconds)
    half_day = re.search(r"(?i)am/pm|a/p", part) is not None
    tokens = list(_TOKEN.finditer(part))
    out, at = "", 0
    for number, match in enumerate(tokens):
        out += part[at : match.start()]
        at = match.end()
        if match[5] is None:
            if match[3]:
                unit = {"h": 3600, "m": 60, "s": 1}[match[3][0].lower()]
                out += str(seconds // unit).zfill(len(match[3]))
            elif match[4]:
                out += "AM" if when.hour < 12 else "PM"
            else:
                out += _literal(match[0])
            continue
        code = match[5].lower()
        near = [t[5] or t[3] for t in (*tokens[:number][::-1][:1], *tokens[number + 1 :][:1]) if t[5] or t[3]]
        before = next((t[5] or t[3] for t in tokens[:number][::-1] if t[5] or t[3]), "")
        after = next((t[5] or t[3] for t in tokens[number + 1 :] if t[5] or t[3]), "")
        minutes = code[0] == "m" and len(code) < 3 and (before[:1].lower() == "h" or after[:1].lower() == "s") and bool(near)
        out += _unit(when, code, minutes, half_day)
    return (out + part[at:]).replace("@", "").strip()


def _unit(when: datetime, code: str, minutes: bool, half_day: bool) -> str:
    if minutes:
        return str(when.minute).zfill(len(code))
    if code[0] == "y":
        return f"{when.year:04}" if len(code) > 2 else f"{when.year % 100:02}"
    if code[0] == "m":
        return (str(when.month), f"{when.month:02}", f"{when:%b}", f"{when:%B}", f"{when:%B}"[0])[min(len(code), 5) - 1]
    if code[0] == "d":
        return (str(when.day), f"{when.day:02}", f"{when:%a}", f"{when:%A}")[min(len(code), 4) - 1]
    if code[0] == "h":
        return str((when.hour % 12 or 12) if half_day else when.hour).zfill(min(len(code), 2))
    return str(when.second).zfill(min(len(code.partition(".")[0]), 2))
