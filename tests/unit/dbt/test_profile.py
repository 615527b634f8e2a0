"""What profiles.yml sets can be set where and as often as dbt sets it."""

from pathlib import Path

import duckdb
import yaml
from dbt.config.renderer import ProfileRenderer
from dbt_common.context import set_invocation_context

from tests.conftest import ROOT


def test_models_that_spilled_let_others_connect(tmp_path: Path) -> None:
    """DuckDB refuses to set the folder of what spilled once there is something."""
    set_invocation_context({"DATA_DIR": str(tmp_path)})
    written = yaml.safe_load((ROOT / "profiles.yml").read_text(encoding="utf-8"))
    output = ProfileRenderer({}).render_data(written["bati"]["outputs"]["duckdb"])
    options = output["config_options"] | {"memory_limit": "60MB"}

    with duckdb.connect(output["path"], config=options) as connection:
        connection.execute(
            "create table many as select hash(n) as place, md5(n::varchar) as text "
            "from range(2_000_000) as numbers(n) order by place"
        )
        assert Path(output["config_options"]["temp_directory"]).exists()
        with connection.cursor() as another:
            for name, value in output["settings"].items():
                another.execute(f"set {name} = '{value}'")
