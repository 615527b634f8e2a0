"""The open release that answers, and the store that holds it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Final, Self

from api.documents import Manifest, ScorecardDocument
from api.errors import NoReleaseError
from api.lookups import CustomerLookup, CustomerRow
from api.model_answer import model_answer
from api.release_files import (
    ReleaseRefusedError,
    open_customers,
    read_manifest,
    read_scorecard,
)
from api.retry import Retry
from api.schemas.fields import DISCLAIMER
from api.schemas.scores import Reason, Stamp
from api.scorer import Scorecard
from api.stop_switch import StopSwitch
from release.layout import (
    MANIFEST_FILE,
    POINTER_FILE,
    SCORECARD_FILE,
    current_release_id,
    sha256_of,
)

# A release is to be served within 2 s; most of them go into reading it through.
SECONDS_BETWEEN_LOOKS: Final = 0.25
Pointer = tuple[int, int] | None

logger = logging.getLogger(__name__)


class Release:
    """An open release: immutable, and used from one event loop, in a `with` block.

    Parameters
    ----------
    folder
        Release folder.

    Attributes
    ----------
    manifest
        Its manifest.
    scorecard
        Scores feature values.
    wording
        What to tell a customer, by reason code.
    policy_reasons
        Reason by ``not_scored_reason``.
    stamp
        What every score of it stands on.
    manifest_hash
        SHA-256 of the manifest, which holds those of the other files.
    model
        The scorecard, described for people.

    Raises
    ------
    ReleaseRefusedError
        If a file is missing, differs from the manifest, contradicts another or
        has a format or storage version that this process does not understand.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        document = read_scorecard(folder)
        if document.model.model_version != self.manifest.model_version:
            message = f"{SCORECARD_FILE} of {folder.name} holds another model version"
            raise ReleaseRefusedError(message)
        try:
            self.scorecard = Scorecard(document)
        except (KeyError, ValueError) as error:
            message = f"{SCORECARD_FILE} of {folder.name}: {error}"
            raise ReleaseRefusedError(message) from error
        self.wording = {
            row.reason_code: row.customer_wording for row in document.features
        }
        self.policy_reasons = {
            row.status: Reason(row.reason_code, row.customer_wording, None)
            for row in document.policy_reasons
        }
        self.stamp = _stamp(self.manifest, document)
        self.manifest_hash = sha256_of(folder / MANIFEST_FILE)
        self.model = model_answer(self.manifest, document, self.stamp)
        customers = open_customers(folder, self.manifest, self.policy_reasons)
        self._lookup = CustomerLookup(customers)
        self._in_flight = 0
        self._is_retired = False

    def find(self, customer_id: str) -> Awaitable[CustomerRow | None]:
        """Look a customer up by id; None when the release knows none."""
        return self._lookup.find(customer_id)

    async def find_many(self, customer_ids: Sequence[str]) -> dict[str, CustomerRow]:
        """Look many customers up by id; those that are not known are left out."""
        return await self._lookup.find_many(customer_ids)

    def find_in_turns(
        self, customer_ids: Sequence[str]
    ) -> AsyncIterator[list[tuple[str, CustomerRow | None]]]:
        """Look many customers up, some at a time, in their order."""
        return self._lookup.find_in_turns(customer_ids)

    def __enter__(self) -> Self:
        """Keep it open for as long as the block runs, though another replace it."""
        self._in_flight += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._in_flight -= 1
        if self._is_retired and not self._in_flight:
            self.close()

    def retire(self) -> None:
        """Close the file once the last request that has begun is answered."""
        self._is_retired = True
        if not self._in_flight:
            self.close()

    def close(self) -> None:
        """Close the file; no lookup may follow."""
        self._lookup.close()


class ReleaseStore:
    """Holds the release that is served, if any.

    Parameters
    ----------
    releases_dir
        Folder of releases with the pointer file ``CURRENT``.
    stop_switch
        What stops decisions.

    Attributes
    ----------
    problem
        Why the release that ``CURRENT`` names is not served, or None.
    """

    def __init__(
        self, releases_dir: Path, stop_switch: StopSwitch | None = None
    ) -> None:
        self._releases_dir = releases_dir
        self._stop_switch = stop_switch or StopSwitch()
        self._release: Release | None = None
        self._pointer: Pointer = None
        self.problem: str | None = "no release has been loaded"

    def load(self) -> None:
        """Open the current release; if it is refused, say why and keep the old."""
        self._pointer = _pointer(self._releases_dir)
        self._take(self._open())

    @asynccontextmanager
    async def following(
        self, seconds: float = SECONDS_BETWEEN_LOOKS
    ) -> AsyncIterator[None]:
        """Serve whatever release ``CURRENT`` names, for as long as the block runs.

        One that cannot be opened is tried again, as a file may come back or a disk
        recover: after 1, 2, 4 … 30 s.
        """
        following = asyncio.create_task(self._follow(seconds))
        try:
            yield
        finally:
            following.cancel()
            await asyncio.wait([following])

    async def _follow(self, seconds: float) -> None:
        retry = Retry(monotonic())
        while True:
            await asyncio.sleep(seconds)
            pointer = _pointer(self._releases_dir)
            if pointer != self._pointer:
                self._pointer = pointer
                retry.start(monotonic())
            elif self.problem is None or not retry.is_due(monotonic()):
                continue
            # Its files are read through; requests go on meanwhile.
            self._take(await asyncio.to_thread(self._open))

    def _open(self) -> "Release | Exception":
        try:
            return Release(_current_folder(self._releases_dir))
        except Exception as error:
            return error

    def _take(self, opened: "Release | Exception") -> None:
        if isinstance(opened, Exception):
            known = isinstance(opened, ReleaseRefusedError | OSError)
            problem = str(opened) if known else f"a defect: {type(opened).__name__}"
            if problem != self.problem:
                logger.warning("no release loaded: %s", problem)
            self.problem = problem
            return
        replaced, self._release = self._release, opened
        self.problem = None
        if replaced is not None:
            replaced.retire()

    @property
    def loaded(self) -> Release | None:
        """The release that is served, or None."""
        return self._release

    def current(self) -> Release:
        """Return the release that is served; who awaits needs a `lease`.

        Raises
        ------
        NoReleaseError
            If there is none.
        """
        if self._release is None:
            message = f"nothing to answer from: {self.problem}"
            raise NoReleaseError(message)
        return self._release

    def lease(self) -> Release:
        """Return the release that is served, to be used with `with`.

        Raises
        ------
        NoReleaseError
            If there is none.
        """
        return self.current()

    def refusal(self) -> str | None:
        """Return why nothing may be decided at the moment, or None.

        Raises
        ------
        NoReleaseError
            If there is no release.
        """
        return self._stop_switch.refusal(self.current().manifest.snapshot_date)

    def data_warning(self) -> str | None:
        """Return that old data are decided on as nothing limits their age, or None."""
        if self._release is None:
            return None
        days = self._release.scorecard.policy.stale_after_days
        taken = self._release.manifest.snapshot_date
        return self._stop_switch.data_warning(taken, days)

    def close(self) -> None:
        """Stop serving."""
        if self._release is not None:
            self._release.close()
            self._release = None


def _pointer(releases_dir: Path) -> Pointer:
    """Return what changes whenever the pointer file is replaced."""
    try:
        status = (releases_dir / POINTER_FILE).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _stamp(manifest: Manifest, document: ScorecardDocument) -> Stamp:
    model = document.model
    return Stamp(
        target=model.target_name,
        data=manifest.data,
        model_version=manifest.model_version,
        release_id=manifest.release_id,
        wording_version=document.wording_version,
        disclaimer=DISCLAIMER if model.label_source == "proxy" else None,
    )


def _current_folder(releases_dir: Path) -> Path:
    not_an_id = f"the pointer file in {releases_dir} does not hold a release id"
    try:
        release_id = current_release_id(releases_dir)
    except UnicodeDecodeError as error:
        raise ReleaseRefusedError(not_an_id) from error
    if release_id is None:
        message = (
            f"{releases_dir} has no release; make run (python -m release) writes one"
        )
        raise ReleaseRefusedError(message)
    if Path(release_id).name != release_id or not release_id.isprintable():
        raise ReleaseRefusedError(not_an_id)
    return releases_dir / release_id
