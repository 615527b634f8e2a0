"""Where the release reads and writes, taken from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from training.places import CHAMPION_ALIAS, Places


@dataclass(frozen=True)
class ReleaseSettings(Places):
    """Settings of one ``python -m release``.

    Attributes
    ----------
    model_alias
        Alias of the version to release (``MODEL_STAGE``).
    releases_kept
        How many of the newest releases stay on disk; None: all, so that every
        decision can be replayed.
    """

    model_alias: str = CHAMPION_ALIAS
    releases_kept: int | None = None

    @property
    def releases_dir(self) -> Path:
        """Folder of all releases and of the pointer file."""
        return self.data_dir / "releases"

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] = os.environ,
        *,
        releases_kept: int | None = None,
    ) -> "ReleaseSettings":
        """Read the settings; an empty variable counts as absent.

        Examples
        --------
        >>> settings = ReleaseSettings.from_environment({"MODEL_STAGE": "trial"})
        >>> settings.model_alias, settings.releases_kept
        ('trial', None)
        """
        places = Places.from_environment(environment)
        return cls(
            data_dir=places.data_dir,
            tracking_uri=places.tracking_uri,
            model_name=places.model_name,
            model_alias=environment.get("MODEL_STAGE") or CHAMPION_ALIAS,
            releases_kept=releases_kept,
        )
