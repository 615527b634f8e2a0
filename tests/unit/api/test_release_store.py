"""A damaged release is refused; a good one answers many at once."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from litestar.testing import TestClient

from api.app import create_app
from api.errors import NoReleaseError
from api.lookups import CustomerRow
from api.release_store import Release, ReleaseStore
from api.settings import Settings
from tests.unit.api.conftest import write_manifest


def flip_a_byte(folder: Path) -> None:
    path = folder / "customers.duckdb"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def other_storage_version(folder: Path) -> None:
    path = folder / "customers.duckdb"
    content = bytearray(path.read_bytes())
    # The version follows the checksum and the letters DUCK.
    content[12:20] = (9_999).to_bytes(8, "little")
    path.write_bytes(content)
    write_manifest(folder)


def other_columns(folder: Path) -> None:
    with duckdb.connect(str(folder / "customers.duckdb")) as connection:
        connection.execute("drop table customers")
        connection.execute("create table customers (customer_id varchar)")
    write_manifest(folder)


def edit_scorecard(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "scorecard.json"
    document = json.loads(path.read_bytes())
    edit(document)
    path.write_text(json.dumps(document))
    write_manifest(folder)


def other_scorecard(folder: Path) -> None:
    edit_scorecard(folder, lambda document: document["points"].pop(1))


def scorecard_of_another_model(folder: Path) -> None:
    edit_scorecard(folder, lambda document: document["model"].update(model_version="x"))


def feature_without_reference(folder: Path) -> None:
    edit_scorecard(
        folder, lambda document: document["features"][0].update(reference_points=None)
    )


def incomplete_scorecard(folder: Path) -> None:
    (folder / "scorecard.json").write_text('{"format": 2}')
    write_manifest(folder)


def no_policy_reasons(folder: Path) -> None:
    edit_scorecard(folder, lambda document: document.update(policy_reasons=[]))


def customers_without_a_policy_reason(folder: Path) -> None:
    edit_scorecard(folder, lambda document: document["policy_reasons"].pop(0))


def unknown_action(folder: Path) -> None:
    edit_scorecard(
        folder, lambda document: document["rating_scale"][0].update(action="maybe")
    )


def too_many_reasons(folder: Path) -> None:
    edit_scorecard(folder, lambda document: document["model"].update(reasons_at_most=5))


def no_reasons(folder: Path) -> None:
    edit_scorecard(folder, lambda document: document["model"].update(reasons_at_most=0))


def truncated_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:100])


def pointer_outside(folder: Path) -> None:
    (folder.parent / "CURRENT").write_text(f"../releases/{folder.name}")


def pointer_of_noise(folder: Path) -> None:
    (folder.parent / "CURRENT").write_bytes(b"\xff\xfe")


def pointer_that_is_no_name(folder: Path) -> None:
    (folder.parent / "CURRENT").write_bytes(b"a\x00b")


def pointer_to_nothing(folder: Path) -> None:
    (folder.parent / "CURRENT").write_text("gone")


def open_current(data_dir: Path) -> Release:
    folder = data_dir / "releases"
    return Release(folder / (folder / "CURRENT").read_text().strip())


async def look_up(release: Release, customer_id: str) -> CustomerRow | None:
    return await release.find(customer_id)


DAMAGE: dict[Callable[[Path], object], str] = {
    flip_a_byte: "customers.duckdb is not the file that its manifest names",
    lambda folder: (folder / "scorecard.json").unlink(): "scorecard.json is not the",
    lambda folder: (folder / "manifest.json").unlink(): "manifest.json of",
    truncated_manifest: "manifest.json of",
    lambda folder: write_manifest(folder, format=1): "has format 1, expected 2",
    lambda folder: write_manifest(folder, release_id="x"): "describes another release",
    lambda folder: write_manifest(folder, files={}): "describes another release",
    other_storage_version: "cannot be opened by DuckDB",
    other_columns: "has other columns",
    other_scorecard: "do not partition the line",
    scorecard_of_another_model: "holds another model version",
    feature_without_reference: "recency_days is in the card without reference points",
    no_policy_reasons: "has no policy reason for stale_data, thin_file",
    customers_without_a_policy_reason: (
        "has customers without a score for 'no_recent_transactions', for which "
        "scorecard.json has no policy reason"
    ),
    unknown_action: "Invalid enum value 'maybe' - at `$.rating_scale[0].action`",
    lambda folder: write_manifest(folder, snapshot_date="soon"): "'soon', no date",
    lambda folder: write_manifest(folder, snapshot_date="20190214"): "no date as",
    too_many_reasons: "`int` <= 4 - at `$.model.reasons_at_most`",
    no_reasons: "`int` >= 1 - at `$.model.reasons_at_most`",
    pointer_of_noise: "does not hold a release id",
    pointer_that_is_no_name: "does not hold a release id",
    incomplete_scorecard: "missing required field `model`",
    pointer_outside: "does not hold a release id",
    pointer_to_nothing: "manifest.json of gone",
}


@pytest.mark.parametrize(("damage", "message"), DAMAGE.items())
def test_a_damaged_release_is_refused_and_said_so(
    release_copy: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(release_copy)
    settings = Settings(data_dir=release_copy.parents[1])
    with TestClient(create_app(settings)) as client:
        health = client.get("/health").json()
        assert (health["status"], health["model_loaded"]) == ("degraded", False)
        assert message in health["problem"]
        assert client.get("/ready").status_code == 503
        assert client.get("/customers/CustomerId_0/score").status_code == 503


def test_a_refused_release_leaves_the_old_one_serving(release_copy: Path) -> None:
    store = ReleaseStore(release_copy.parent)
    store.load()
    old = store.current()
    (release_copy.parent / "CURRENT").write_text("gone")
    store.load()
    assert store.current() is old
    assert asyncio.run(look_up(old, "CustomerId_0")) is not None
    assert "gone" in (store.problem or "")
    store.close()
    with pytest.raises(NoReleaseError):
        store.current()


def test_the_requests_of_a_moment_get_their_own_customers(published: Path) -> None:
    release = open_current(published)
    names = [f"CustomerId_{number}" for number in range(300)]

    async def all_ways() -> None:
        alone = {name: await release.find(name) for name in names}
        assert len({str(row) for row in alone.values()}) == 300
        asked = [*names[100:], "nobody", *names, *names[:100]]
        together = await asyncio.gather(*map(release.find, asked))
        assert together == [alone.get(name) for name in asked]
        assert await release.find_many(asked) == alone

    asyncio.run(all_ways())
    release.close()


def test_one_who_hangs_up_takes_no_answer_from_others(published: Path) -> None:
    release = open_current(published)

    async def hang_up() -> None:
        leaving, staying = (
            asyncio.create_task(look_up(release, "CustomerId_0")) for _ in range(2)
        )
        await asyncio.sleep(0)
        leaving.cancel()
        assert await staying is not None

    asyncio.run(hang_up())
    release.close()


def test_a_replaced_release_closes_after_its_last_request(release_copy: Path) -> None:
    store = ReleaseStore(release_copy.parent)
    store.load()

    async def replace_meanwhile() -> Release:
        with store.lease() as old, old:
            store.load()
            assert store.current() is not old
            assert await old.find("CustomerId_0") is not None
        with pytest.raises(duckdb.ConnectionException):
            await old.find("CustomerId_0")
        return old

    asyncio.run(replace_meanwhile())
    store.close()
