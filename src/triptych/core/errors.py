"""The errors of the product: one tree, each leaf with a stable code.

    TriptychError
    ├── InvalidInput          what was asked cannot be done as it was put
    ├── NotFound              it does not exist, or may not be seen (the two look alike)
    ├── NotAllowed            it may be seen, but this may not be done to it
    ├── NotSignedIn           nobody is signed in, or the token is not valid
    ├── Conflict              it clashes with what is there (a name taken, a state that does not fit)
    ├── Refused               an upload that is refused as a whole
    ├── TooLarge              over a limit or a quota
    ├── Cancelled             somebody cancelled the job
    └── Unavailable           a part of the installation does not answer (database, storage, disk)

`code` is part of the interface and never renamed; `message` says what happened and where, `hint` what to do.
The numbers of HTTP live in `triptych.api.errors` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triptych.core.findings import Finding


class TriptychError(Exception):
    """Root of all errors that a person may see. `code` is stable, `message` and `hint` are sentences."""

    code = "error"

    def __init__(
        self, message: str, *, code: str | None = None, hint: str = "", findings: Iterable[Finding] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.findings = tuple(findings)
        if code is not None:
            self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        # Errors travel between processes; the default would drop code, hint and findings.
        return _rebuild, (type(self), self.message, self.code, self.hint, self.findings)


def _rebuild(
    kind: type[TriptychError], message: str, code: str, hint: str, findings: tuple[Finding, ...]
) -> TriptychError:
    return kind(message, code=code, hint=hint, findings=findings)


class InvalidInput(TriptychError):
    """What was asked cannot be done as it was put: a bad name, option, ratio, address."""

    code = "invalid_input"


class NotFound(TriptychError):
    """It does not exist, or the subject may not see it; the two look alike on purpose."""

    code = "not_found"


class NotAllowed(TriptychError):
    """The subject sees the thing but may not do this to it."""

    code = "not_allowed"


class NotSignedIn(TriptychError):
    """No session and no token, or one that is unknown, expired or revoked."""

    code = "not_signed_in"


class Conflict(TriptychError):
    """It clashes with what is there: a name that is taken, a state in which this cannot be done."""

    code = "conflict"


class Refused(TriptychError):
    """The upload is refused as a whole; nothing of it is kept."""

    code = "refused"


class TooLarge(TriptychError):
    """Over a limit or a quota; the message names the limit."""

    code = "too_large"


class Cancelled(TriptychError):
    """Somebody cancelled the job."""

    code = "cancelled"


class Unavailable(TriptychError):
    """A part of the installation does not answer or is full: database, storage, disk."""

    code = "unavailable"
