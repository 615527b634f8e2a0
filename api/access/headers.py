"""Headers that keep browsers from doing harm.

Each costs an answer one to two microseconds, so those of the API are the three that do
something for JSON: it is never taken for a page, never framed, never kept.
"""

import base64
import hashlib
from typing import Final

from api.docs_page import DOCS_PATH, PAGE_SCRIPT

RawHeaders = tuple[tuple[bytes, bytes], ...]
HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
ALWAYS: Final[RawHeaders] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
NO_STORE: Final = (b"cache-control", b"no-store")


class AnswerHeaders:
    """The headers of API answers and of the documentation.

    Parameters
    ----------
    is_behind_tls
        Whether people reach this process through HTTPS only. A browser that is told
        so refuses plain HTTP for a year.
    """

    def __init__(self, *, is_behind_tls: bool) -> None:
        always = (*ALWAYS, HSTS) if is_behind_tls else ALWAYS
        # Most answers are personal: no cache keeps one.
        self._api = (*always, NO_STORE)
        self._docs = (*always, (b"content-security-policy", _docs_policy()))

    def of(self, route: str) -> RawHeaders:
        """Return the headers of an answer of this route."""
        return self._docs if route.startswith(DOCS_PATH) else self._api


def _docs_policy() -> bytes:
    digest = hashlib.sha256(PAGE_SCRIPT.encode()).digest()
    script = f"'sha256-{base64.b64encode(digest).decode()}'"
    return (
        f"default-src 'none'; script-src 'self' {script}; "
        # Swagger UI sets styles on its elements, and draws icons from data: addresses.
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ).encode()
