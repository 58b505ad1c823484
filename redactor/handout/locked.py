"""A page that opens with a passphrase alone: sealed here, opened in the browser by WebCrypto, with nothing from outside.

PBKDF2-HMAC-SHA256 with 600,000 rounds (OWASP Password Storage Cheat Sheet), 16 random bytes of salt; AES-256-GCM with 12 of
nonce. Not guarded against: a passphrase that can be guessed (whoever has the file can try for ever), whoever looks over the
shoulder or into the memory of an opened browser, and somebody who sends a changed page that asks for the passphrase.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from ..errors import UsageError
from ..keys_lock import SHORTEST, is_weak
from .pages import page, source

ROUNDS = 600_000
_SALT, _NONCE, _KEY = 16, 12, 32
_ABOUT = b"redactor restricted report 1"
_PAD = 64 * 1024  # the length of what is locked is told in steps


def check_passphrase(passphrase: str) -> None:
    """UsageError for one that is too easily tried."""
    if is_weak(passphrase):
        raise UsageError(f"The passphrase is too short. Give at least {SHORTEST} characters; four or five random words are good")


def locked(inside: str, passphrase: str) -> bytes:
    """A whole HTML page that shows a field for the passphrase and, with it, `inside`. Raises UsageError for a weak passphrase."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    check_passphrase(passphrase)
    clear = inside.encode()
    clear += b" " * (-len(clear) % _PAD)
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(derive(passphrase, salt)).encrypt(nonce, clear, _ABOUT)
    script = source("locked.js")
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return page(
        "locked.html",
        script=script,
        allowed=allowed,
        rounds=ROUNDS,
        about=_ABOUT.decode(),
        salt=base64.b64encode(salt).decode(),
        nonce=base64.b64encode(nonce).decode(),
        sealed=base64.b64encode(sealed).decode(),
    ).encode()


def derive(passphrase: str, salt: bytes) -> bytes:
    """The key that a passphrase gives; blanks at its ends do not count, composed and decomposed letters are one."""
    import unicodedata

    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    words = unicodedata.normalize("NFC", passphrase.strip()).encode()
    return PBKDF2HMAC(SHA256(), _KEY, salt, ROUNDS).derive(words)
