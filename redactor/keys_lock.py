"""A case key under a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM covers the secret with that.

The passphrase comes from whoever asks for it (a terminal), from REDACTOR_PASSPHRASE, or from the first line of the file that
REDACTOR_PASSPHRASE_FILE names. Not caught: a passphrase that others know; a lost one cannot be replaced, on purpose.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from .errors import KeyFault

VARIABLE, FILE = "REDACTOR_PASSPHRASE", "REDACTOR_PASSPHRASE_FILE"
MARK = b"redactor-key-under-a-passphrase-1\n"
SHORTEST = 12
_SALT, _NONCE, _COST = 16, 12, 2**15  # scrypt: 32 MiB, about a tenth of a second
_ASKER: ContextVar[Callable[[], str] | None] = ContextVar("asks for the passphrase of a case key", default=None)


@contextmanager
def asked_by(asker: Callable[[], str]) -> Iterator[None]:
    """Within this, a passphrase that neither the environment nor a file gives is asked for by `asker`."""
    before = _ASKER.set(asker)
    try:
        yield
    finally:
        _ASKER.reset(before)


def is_weak(passphrase: str) -> bool:
    """Whether a passphrase is too easily tried."""
    return len(passphrase.strip()) < SHORTEST or len(set(passphrase)) < SHORTEST // 2


def is_covered(data: bytes) -> bool:
    """Whether a key file is one under a passphrase."""
    return data.startswith(MARK)


def cover(secret: bytes, passphrase: str) -> bytes:
    """The secret under a passphrase. Raises KeyFault for one that is too easily tried."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if is_weak(passphrase):
        raise KeyFault(f"The passphrase is too short. Give at least {SHORTEST} characters; four or five random words are good")
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    return MARK + salt + nonce + AESGCM(_derived(passphrase, salt)).encrypt(nonce, secret, MARK)


def uncover(data: bytes, passphrase: str | None = None) -> bytes:
    """The secret of a covered key; without a passphrase the one of the environment or of whoever is asked.

    Raises KeyFault where there is none or it is wrong: nothing is ever half opened.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    said = passphrase if passphrase is not None else _given()
    salt, nonce = data[len(MARK) : len(MARK) + _SALT], data[len(MARK) + _SALT : len(MARK) + _SALT + _NONCE]
    try:
        return AESGCM(_derived(said, salt)).decrypt(nonce, data[len(MARK) + _SALT + _NONCE :], MARK)
    except (InvalidTag, ValueError):
        raise KeyFault("The passphrase is not that of this case key, or the key file was changed. Try again") from None


def _given() -> str:
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if FILE in os.environ:
        try:
            return (Path(os.environ[FILE]).read_text(encoding="utf-8").splitlines() or [""])[0]
        except (OSError, UnicodeDecodeError):
            raise KeyFault(f"The file that {FILE} names cannot be read. Check its name and rights") from None
    asker = _ASKER.get()
    if asker is None:
        raise KeyFault(f"The case key lies under a passphrase. Give it in {VARIABLE}, or in a file that {FILE} names")
    return asker()


def _derived(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    words = unicodedata.normalize("NFC", passphrase.strip())  # as it is typed on another keyboard
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(words.encode())
