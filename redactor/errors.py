"""Every failure a user can mend, as one exception tree with the exit code of the command.

Messages say cause and remedy and never quote a document: ids, kinds, counts only.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command's exit code means; one meaning each (docs/design.md, "Exit codes")."""

    OK = 0
    HELD = 1
    USAGE = 2
    ENVIRONMENT = 3
    AUDIT = 4
    INTERRUPTED = 130


class RedactorError(Exception):
    """Root of every error this package raises on purpose; `exit_code` is what the command returns."""

    exit_code = ExitCode.USAGE


class UsageError(RedactorError):
    """The command or call was used wrongly: wrong path, wrong option, an OUT that is not ours."""


class CaseError(RedactorError):
    """case.yaml cannot be used; the message names the line or key."""


class PolicyError(RedactorError):
    """A policy cannot be used; the message names the key, or offers the nearest policy names."""


class EnvironmentFault(RedactorError):
    """Disk, permission, key, store or model: something of the machine, not of the documents."""

    exit_code = ExitCode.ENVIRONMENT


class KeyFault(EnvironmentFault):
    """The case key is missing, unreadable or not the one this output was made with."""


class ModelFault(EnvironmentFault):
    """A name model is missing or its file is not the one that was tested."""


class PluginFault(EnvironmentFault):
    """A plug-in that is named is not installed, cannot be loaded, or fails at its work."""


class StoreFault(EnvironmentFault):
    """The event store cannot be opened or written."""


class RefusedError(RedactorError):
    """Something may not go out yet: a sign-off is missing or void, or a blocking finding stands."""

    exit_code = ExitCode.HELD


class AuditError(RedactorError):
    """The public log or a copy is not what was signed; `findings` says where, one sentence each."""

    exit_code = ExitCode.AUDIT

    def __init__(self, findings: list[str]) -> None:
        self.findings = list(findings)
        super().__init__("; ".join(findings) or "the audit log does not verify")


class HeldError(RedactorError):
    """One document cannot be published. `cause` and `remedy` are sentences without document text.

    Never ends a batch: `actions` turns it into a held document.
    """

    exit_code = ExitCode.HELD

    def __init__(self, cause: str, remedy: str) -> None:
        self.cause = cause
        self.remedy = remedy
        super().__init__(f"{cause}. {remedy}")

    def __reduce__(self) -> tuple[type[HeldError], tuple[object, ...]]:
        """Goes from one process to another whole."""
        return type(self), (self.cause, self.remedy)


class LeakError(HeldError):
    """Verification found protected forms in a finished copy, or could not check it.

    `leaks` holds `redactor.model.Leak` values (person ids, places and counts, never the words).
    """

    def __init__(self, leaks: tuple[object, ...], cause: str, remedy: str) -> None:
        self.leaks = leaks
        super().__init__(cause, remedy)

    def __reduce__(self) -> tuple[type[HeldError], tuple[object, ...]]:
        """As of every HeldError."""
        return type(self), (self.leaks, self.cause, self.remedy)
