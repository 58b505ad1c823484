"""The key of somebody who signs: their own, in their own key folder, never in OUT; with a passphrase if they want one.

Not caught: one human who signs under two names on two machines. A key belongs to a name as its owner writes it.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import KeyFault, UsageError
from .keys import _write_new, key_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs: the name that everybody reads under the release, and their key."""

    name: str
    _key: Ed25519PrivateKey = field(repr=False)

    @property
    def public_key(self) -> str:
        """64 hex digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The Ed25519 signature of `message`, 128 hex digits."""
        return self._key.sign(message).hex()


def same_name(one: str, other: str) -> bool:
    """Whether two ways of writing are one signer's name."""
    return one.casefold().split() == other.casefold().split()


def signer(name: str, passphrase: str = "") -> Signer:
    """The signer of this name with their key, which is made on first use (under `passphrase` if one is given).

    Raises KeyFault if the key cannot be read or its passphrase is missing or wrong.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    words = " ".join(name.split())
    if not words or len(words) > 80 or not words.isprintable():
        raise UsageError("A signer's name is one line of up to 80 characters. Give it with --as")
    path = _path(words)
    secret = passphrase.encode() or None
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        cover = serialization.BestAvailableEncryption(secret) if secret else serialization.NoEncryption()
        pem = made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cover)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_new(path, pem, 0o600)
        except OSError as fault:
            raise KeyFault(f"The signer's key cannot be written: {path} ({fault.strerror}). Mend that and sign again") from None
        return Signer(words, made)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), secret)
    except TypeError:  # a passphrase is missing, or was given for a key that has none
        told = "has no passphrase. Sign without one" if secret else "lies under a passphrase. Give it with --passphrase"
        raise KeyFault(f"The key of this signer {told}") from None
    except (ValueError, OSError):
        raise KeyFault(
            "The signer's key does not open: a wrong passphrase, or a damaged file. Try the passphrase again"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault(f"The signer's key is of another kind: {path}. Put it back from a copy")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return Signer(words, key)


def _path(name: str) -> Path:
    """A file named by a digest: a key folder lists nobody."""
    mark = hashlib.sha256(" ".join(name.casefold().split()).encode()).hexdigest()[:16]
    return key_folder() / "signers" / f"{mark}.pem"
