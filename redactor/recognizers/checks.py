"""Checksums and consistency rules of British identifiers: each takes the text as it stands, says whether it can be one.

A check only moves confidence. A random ten-digit number passes `nhs` in 9 of 100 cases, a PNC shape its letter in 4:
where a label stands beside the number, a failed check changes nothing (a typing error still identifies).
Sources: NHS Data Dictionary (mod 11), Ministry of Justice hmpps test vectors (PNC, CRO), DfE UPN guide, HMRC via TIN rules.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import regex  # type: ignore[import-untyped]

from .wordlists import words

CJS = "ZABCDEFGHJKLMNPQRTUVWXY"  # letters of the police numbers: no I, O, S
UPN = "ABCDEFGHJKLMNPQRTUVWXYZ"
ORDINARY = words("ordinary")
HELPLINES = words("helplines")


def letters_and_digits(text: str) -> str:
    """`text` in capitals without spaces and punctuation."""
    return "".join(c for c in text.upper() if c.isalnum())


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def nhs(text: str) -> bool:
    """NHS, CHI and H&C numbers: ten digits, mod 11 (10 never occurs), not all the same."""
    d = _digits(text)
    if len(d) != 10 or len(set(d)) == 1:
        return False
    check = 11 - sum(int(x) * (10 - i) for i, x in enumerate(d[:9])) % 11
    return (0 if check == 11 else check) == int(d[9])


def chi(text: str) -> bool:
    """A Scottish CHI number: an NHS check, and a day and month in front."""
    d = _digits(text)
    return nhs(text) and 1 <= int(d[:2]) <= 31 and 1 <= int(d[2:4]) <= 12


def pnc(text: str) -> bool:
    """Police National Computer id: two or four digits of year, a slash, up to seven digits, the letter they give."""
    m = regex.fullmatch(r"(?:\d\d)?(\d\d)/(\d{1,7})([A-Z])", text.strip().upper())
    return m is not None and CJS[int(m[1] + m[2].zfill(7)) % 23] == str(m[3])


def cro(text: str) -> bool:
    """Criminal Records Office number: serial/year and letter, or SF year/serial (padded to five or six: both are in use)."""
    whole = text.strip().upper()
    if m := regex.fullmatch(r"(\d{1,6})/(\d\d)([A-Z])", whole):
        return CJS[int(m[2] + m[1].zfill(6)) % 23] == str(m[3])
    if m := regex.fullmatch(r"SF(\d\d)/(\d{1,6})([A-Z])", whole):
        return any(CJS[int(m[1] + m[2].zfill(width)) % 23] == m[3] for width in (5, 6))
    return False


def asn(text: str) -> bool:
    """Arrest/summons number: the letter over force (if numeric), system (if numeric), year and sequence."""
    s = letters_and_digits(text)
    m = regex.fullmatch(r"(\d\d)([A-Z0-9]{4})([A-Z0-9]{2,3}?)(\d{11})([A-Z])", s) or regex.fullmatch(
        r"(\d\d)([A-Z0-9]{2})(\d\d)(\d{11})([A-Z])", s
    )
    if not m:
        return False
    parts = "".join(p for p in (m[2][:2], m[3]) if p.isdigit())
    return CJS[int(parts + m[1] + m[4]) % 23] == str(m[5])


def upn(text: str) -> bool:
    """Unique pupil number: first letter from the other twelve characters. Digits 2-8 encode council and school."""
    s = letters_and_digits(text)
    if not regex.fullmatch(r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]", s):
        return False
    return UPN[sum(i * (int(c) if c.isdigit() else UPN.index(c)) for i, c in enumerate(s[1:], 2)) % 23] == s[0]


def uln(text: str) -> bool:
    """Unique learner number: ten digits, weights 10 to 2; a remainder of nought is never issued."""
    d = _digits(text)
    rest = sum(int(x) * (10 - i) for i, x in enumerate(d[:9])) % 11
    return len(d) == 10 and rest != 0 and 10 - rest == int(d[9])


def utr(text: str) -> bool:
    """Unique taxpayer reference: the first digit checks the other nine."""
    d = _digits(text)
    weights = (6, 7, 8, 9, 10, 5, 4, 3, 2)
    return len(d) == 10 and "21987654321"[sum(int(a) * w for a, w in zip(d[1:], weights, strict=True)) % 11] == d[0]


def luhn(text: str) -> bool:
    """The card and IMEI check; a random number passes in one case of ten."""
    d = [int(c) for c in reversed(_digits(text))]
    return len(set(d)) > 1 and (sum(d[::2]) + sum(sum(divmod(2 * x, 10)) for x in d[1::2])) % 10 == 0


def vehicle(text: str) -> bool:
    """A registration mark whose three letters are no ordinary word ("A12 AND"). Year codes never issued count: a mark that was
    read wrong or half changed still leads to its car."""
    s = letters_and_digits(text)
    return not (s[-3:] in ORDINARY or s[:3] in ORDINARY or s.rstrip("0123456789") in ORDINARY)


def postcode(text: str) -> bool:
    """No ordinal in disguise ("E1 1st") and not in mixed case."""
    return not regex.search(r"\d(?:st|nd|rd|th)$", text) and (text.isupper() or text.islower())


def phone(text: str) -> bool:
    """A British number long enough to reach one person, and no published helpline."""
    d = _digits(text.replace("(0)", ""))
    if d.startswith("0044"):
        d = "0" + d[4:]
    elif text.lstrip(" (").startswith("+44"):
        d = "0" + d[2:]
    return 9 <= len(d) <= 13 and d not in HELPLINES and d[:2] not in ("00", "04", "06")


def helpline(text: str) -> bool:
    """A published number anyone may ring."""
    return _digits(text) in HELPLINES


def not_a_date(text: str) -> bool:
    """Three pairs of digits that are no day, month and year (a sort code has a date's shape)."""
    parts = [int(p) for p in regex.findall(r"\d+", text)]
    try:
        date(2000 + parts[2] % 100, parts[1], parts[0])
    except (ValueError, IndexError):
        return True
    return False


def five_digits(text: str) -> bool:
    """A crime reference has five digits or more, and is no date."""
    return len(_digits(text)) >= 5 and not regex.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text.strip())


def reference(text: str) -> bool:
    """Three characters or more with two digits, no year, date, time or sum: what a label may call a reference."""
    bare = text.strip()
    if regex.fullmatch(
        r"(?:19|20)\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[.:]\d\d(?:am|pm)?|\d+(?:st|nd|rd|th|s|pm|am)", bare, regex.I
    ):
        return False
    return len(_digits(bare)) >= 2 and len(bare) >= 3


_ALL = (nhs, chi, pnc, cro, asn, upn, uln, utr, luhn, vehicle, postcode, phone, helpline, not_a_date, five_digits, reference)
CHECKS: dict[str, Callable[[str], bool]] = {check.__name__: check for check in _ALL}
