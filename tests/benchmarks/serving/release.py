"""A release of many customers, grown from one of few."""

import json
from pathlib import Path

from release.layout import (
    CUSTOMERS_FILE,
    MANIFEST_FILE,
    SCORECARD_FILE,
    current_release_id,
    point_to,
    sha256_of,
)
from tests.benchmarks.warehouse import connect
from tests.benchmarks.workbench import Json


def grow(*, source: str, releases_dir: str, customers: int, memory_limit: str) -> Json:
    """Publish the release of a DATA_DIR again, its customers repeated under new ids.

    Parameters
    ----------
    source
        Folder of releases with one in force.
    releases_dir
        Folder to write to; the grown release becomes its current one.
    customers
        How many customers it shall have: CustomerId_0 and following.

    memory_limit
        Of DuckDB.

    Returns
    -------
    dict
        ``customers`` and ``bytes`` of their file.
    """
    original = Path(source) / (current_release_id(Path(source)) or "")
    folder = Path(releases_dir) / f"{original.name}-{customers}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / CUSTOMERS_FILE
    path.unlink(missing_ok=True)
    with connect(str(path), memory_limit) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"attach '{original / CUSTOMERS_FILE}' as few (read_only)")
        counted = connection.execute("select count(*) from few.customers").fetchone()
        few = counted[0] if counted else 0
        connection.execute(
            f"""
            create table customers (
                customer_id varchar not null using compression uncompressed,
                status varchar not null,
                not_scored_reason varchar,
                features blob
            );
            insert into customers
            select 'CustomerId_' || id, status, not_scored_reason, features
            from (
                select *, row_number() over (order by customer_id) - 1 as place
                from few.customers
            )
            join (select id, id % {few} as place from range({customers}) as ids(id))
                using (place)
            order by 'CustomerId_' || id;
            create unique index customers_by_id on customers (customer_id);
            detach few
            """
        )
    (folder / SCORECARD_FILE).write_bytes((original / SCORECARD_FILE).read_bytes())
    manifest = json.loads((original / MANIFEST_FILE).read_bytes())
    manifest |= {"release_id": folder.name, "customers": customers}
    for name, entry in manifest["files"].items():
        entry["sha256"] = sha256_of(folder / name)
        entry["bytes"] = (folder / name).stat().st_size
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    point_to(Path(releases_dir), folder.name)
    return {"customers": customers, "bytes": path.stat().st_size}
