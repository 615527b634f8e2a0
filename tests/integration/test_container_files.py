"""Container and CI files, read as their tools would read them.

No container engine runs here; `test_install.py` runs the commands of the
Dockerfile without one.
"""

import json
import os
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.server import ServerError, serve
from api.settings import Settings
from tests.integration.dockerfile import Stage, read_dockerfile

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {
    *("CMD", "COPY", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "USER", "WORKDIR"),
}
RUNNING = ("api", "mlflow")
TARGETS = ["lint", "test", "test-hard", "test-install"]


def stages() -> dict[str, Stage]:
    return {stage.name: stage for stage in read_dockerfile(ROOT / "Dockerfile")[1]}


def loaded(path: str) -> Any:  # noqa: ANN401 - any YAML
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def is_ignored(path: str) -> bool:
    """Say what .dockerignore does: the last pattern that matches decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        bare = pattern.removeprefix("!").removeprefix("**/")
        parents = [Path(path), *Path(path).parents]
        names = [str(p) if "**/" not in pattern else p.name for p in parents]
        if any(fnmatch(name, bare) for name in names):
            ignored = not pattern.startswith("!")
    return ignored


def test_every_instruction_is_one_that_is_known() -> None:
    for stage in stages().values():
        assert {one.keyword for one in stage.instructions} <= KNOWN


def test_the_stages_are_build_mlflow_and_last_the_api() -> None:
    arguments, found = read_dockerfile(ROOT / "Dockerfile")
    assert [stage.name for stage in found] == ["build", "mlflow", "api"]
    assert {stage.base for stage in found} == {"${PYTHON_IMAGE}"}
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", arguments["PYTHON_IMAGE"]), (
        "the base is a slim Python pinned by its full version"
    )


def test_every_copied_path_exists_and_reaches_the_engine() -> None:
    copied = [path for stage in stages().values() for path in stage.copied()]
    assert "requirements-api.lock" in copied
    for path in copied:
        assert (ROOT / path).exists(), f"{path} is copied but not there"
        assert not is_ignored(path), f"{path} is copied but in .dockerignore"


def test_nothing_else_reaches_the_engine() -> None:
    copied = {path for stage in stages().values() for path in stage.copied()}
    reaching = {path.name for path in ROOT.iterdir() if not is_ignored(path.name)}
    assert reaching == copied


@pytest.mark.parametrize(
    "path",
    [
        *("data/warehouse.duckdb", "data/raw/a.csv", "data/api_keys", ".git/config"),
        *(".venv/bin/python", "tests/conftest.py", "api/__pycache__/app.pyc"),
        "models_py/training/x.duckdb",
    ],
)
def test_data_secrets_and_caches_never_reach_the_engine(path: str) -> None:
    assert is_ignored(path)


def test_what_is_installed_is_locked_with_hashes() -> None:
    installs = [
        one.value
        for stage in stages().values()
        for one in stage.all("RUN")
        if "pip install" in one.value
    ]
    assert len(installs) == 4
    for command in installs:
        assert "--no-deps" in command
        assert "--require-hashes" in command or "--no-index" in command


def test_the_api_image_holds_the_api_extra_only() -> None:
    build, api = stages()["build"], stages()["api"]
    assert "requirements.lock" not in build.copied()
    assert api.copied() == []
    assert [one.value for one in api.all("COPY")] == [
        "--from=build /opt/venv /opt/venv"
    ]


def test_the_build_lock_satisfies_the_build_system() -> None:
    locked = (ROOT / "requirements-build.lock").read_text(encoding="utf-8")
    everything = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z-]+==\S+)", locked, flags=re.M)
    assert any(pin.startswith("hatchling==") for pin in pins)
    for pin in pins:
        # tomlkit is no dependency of the pinned environment on every platform.
        assert pin.startswith("tomlkit") or f"\n{pin} " in everything


@pytest.mark.parametrize("name", RUNNING)
def test_nothing_runs_as_root(name: str) -> None:
    instructions = stages()[name].instructions
    keywords = [one.keyword for one in instructions]
    user = next(one for one in instructions if one.keyword == "USER").value
    assert user.isdecimal()
    assert int(user) > 0
    assert keywords.index("USER") < keywords.index("CMD")
    assert "RUN" not in keywords[keywords.index("USER") :]


def test_the_health_check_asks_health_with_python_alone() -> None:
    (check,) = stages()["api"].all("HEALTHCHECK")
    words = json.loads(check.value[check.value.index("[") :])
    assert words[:2] == ["python", "-c"]
    assert "/health" in words[2]
    compile(words[2], "HEALTHCHECK", "exec")


def test_the_api_listens_where_a_published_port_reaches_it() -> None:
    api = stages()["api"]
    environment = api.environment()
    assert environment["HOST"] == "0.0.0.0"  # noqa: S104 - in a container
    assert environment["DATA_DIR"] == "/data"
    assert [one.value for one in api.all("EXPOSE")] == [environment["PORT"]]


@pytest.mark.parametrize("name", RUNNING)
def test_compose_builds_stages_that_exist(name: str) -> None:
    service = loaded("compose.yaml")["services"][name]
    assert service["build"]["target"] in stages()


def test_compose_publishes_to_this_machine_only() -> None:
    for name, service in loaded("compose.yaml")["services"].items():
        (exposed,) = stages()[name].all("EXPOSE")
        for port in service["ports"]:
            assert port.startswith("127.0.0.1:")
            assert port.endswith(f":{exposed.value}")


def test_the_api_can_write_decisions_alone() -> None:
    service = loaded("compose.yaml")["services"]["api"]
    writable = {v["target"]: not v.get("read_only") for v in service["volumes"]}
    assert writable == {
        "/data/releases": False,
        "/data/access": False,
        "/data/decisions": True,
    }
    assert service["read_only"] is True


def test_the_api_finds_its_keys_and_decisions_where_they_are_mounted() -> None:
    environment = stages()["api"].environment()
    settings = Settings.from_environment(environment)
    targets = [
        Path(volume["target"])
        for volume in loaded("compose.yaml")["services"]["api"]["volumes"]
    ]
    # The folder of the keys: a file mounted by itself would not follow a revocation.
    assert targets == [
        settings.releases_dir,
        settings.keys_path.parent,
        settings.decisions_dir,
    ]


def test_compose_passes_every_setting_through() -> None:
    asked = set()

    class Environment(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401
            asked.add(name)
            return default

    Settings.from_environment(Environment())
    passed = loaded("compose.yaml")["services"]["api"]["environment"]
    # Where it listens and reads is the image's, and that it needs a key follows.
    fixed = {"DATA_DIR", "HOST", "PORT", "REQUIRE_API_KEYS"}
    assert set(passed) == asked - fixed - {"API_KEYS_FILE", "DECISIONS_DIR"}
    for name, value in passed.items():
        assert value.startswith(f"${{{name}:-"), name


def test_in_a_container_without_a_key_the_api_refuses_to_start(tmp_path: Path) -> None:
    host = stages()["api"].environment()["HOST"]
    with pytest.raises(ServerError, match=r"without an API key.*keys create"):
        serve(Settings(data_dir=tmp_path, host=host))


def test_ci_runs_the_targets_on_every_python_that_is_supported() -> None:
    jobs = loaded(".github/workflows/ci.yml")["jobs"]
    versions = jobs["test"]["strategy"]["matrix"]["python-version"]
    assert versions == ["3.11", "3.12", "3.13"]
    commands = "\n".join(
        step.get("run", "") for job in jobs.values() for step in job["steps"]
    )
    for target in TARGETS:
        assert f"make {target} PYTHON=python" in commands
    assert "docker build --target api" in commands


def test_ci_gives_the_image_the_key_without_which_it_refuses_to_start() -> None:
    steps = loaded(".github/workflows/ci.yml")["jobs"]["image"]["steps"]
    text = "\n".join(step.get("run", "") for step in steps).replace("\\\n", "")
    creating, serving = (
        shlex.split(line) for line in text.splitlines() if "docker run" in line
    )
    assert "python -m api keys create" in " ".join(creating)
    access = f"{stages()['api'].environment()['DATA_DIR']}/access"
    assert f"$PWD/access:{access}" in creating
    assert f"$PWD/access:{access}:ro" in serving
    # The key file is its owner's alone.
    assert {"$as_me"} <= {*creating} & {*serving}


def test_ci_here_and_there_run_the_same_targets() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert (
        re.findall(r"^(?:HARD_SHARE=\S+ )?make (\S+)$", script, flags=re.M) == TARGETS
    )
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_every_make_target_that_a_file_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.M))
    for path in (
        *(".ci/run", ".github/workflows/ci.yml", ".pre-commit-config.yaml"),
        *("CONTRIBUTING.md", "CHANGELOG.md", "data/README.md", "compose.yaml"),
    ):
        text = (ROOT / path).read_text(encoding="utf-8")
        named = re.findall(r"(?:^|[`:]|run: |entry: )\s*make ([a-z][a-z-]*)", text)
        assert set(named) <= targets, path


def test_hooks_run_from_the_environment_of_the_project() -> None:
    hooks = loaded(".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]
    for hook in hooks[0]["hooks"]:
        assert hook["language"] == "system", "anything else is downloaded"
        assert re.match(r"(\.venv/bin/|make |sh -c )", hook["entry"]), hook["id"]
