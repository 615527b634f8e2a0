"""The install and start commands of the Dockerfile, run without a container.

They are read out of it, with its folders moved under a temporary one. This
needs a package registry: `make test-install`.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.dockerfile import Stage, read_dockerfile

pytestmark = pytest.mark.install

ROOT = Path(__file__).resolve().parents[2]
ABSENT = ("mlflow", "dbt", "xgboost", "pandas", "sklearn", "optbinning", "numpy")


@dataclass(frozen=True)
class Image:
    """Where the folders of the image are on this machine."""

    root: Path

    def moved(self, text: str) -> str:
        """Move the folders that a command of the Dockerfile names."""
        for folder in ("/opt/", "/src", "/data"):
            text = text.replace(folder, f"{self.root}{folder}")
        return text

    def environment(self, stage: Stage) -> dict[str, str]:
        """Give what ENV sets over what pip needs of ours."""
        ours = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        inherited = {k: v for k, v in os.environ.items() if k.startswith(PIP_NEEDS)}
        environment = {**inherited, **ours, "HOME": str(self.root)}
        for name, value in stage.environment().items():
            environment[name] = self.moved(value).replace("$PATH", environment["PATH"])
        return environment


# Index, proxy and certificates of the machine that runs the test.
PIP_NEEDS = ("PIP_", "SSL_", "REQUESTS_", "HTTP", "http", "NO_PROXY", "no_proxy")


def run_stage(stage: Stage, image: Image) -> None:
    """Carry out WORKDIR, COPY and RUN of a stage."""
    workdir = image.root
    for one in stage.instructions:
        if one.keyword == "WORKDIR":
            workdir = Path(image.moved(one.value))
            workdir.mkdir(parents=True)
        elif one.keyword == "COPY":
            *sources, target = one.words()
            for source in sources:
                place = workdir / target
                if (ROOT / source).is_dir():
                    shutil.copytree(ROOT / source, place)
                else:
                    shutil.copy(ROOT / source, place)
        elif one.keyword == "RUN":
            done = subprocess.run(
                ["/bin/sh", "-c", image.moved(one.value)],
                cwd=workdir,
                env=image.environment(stage),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{one.value}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    built = Image(tmp_path_factory.mktemp("image"))
    run_stage(dockerfile_stage("build"), built)
    return built


def dockerfile_stage(name: str) -> Stage:
    stages = read_dockerfile(ROOT / "Dockerfile")[1]
    return next(stage for stage in stages if stage.name == name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(image: Image) -> Iterator[tuple[str, dict[str, str]]]:
    """Start the API by the image's CMD, on loopback; give its address."""
    api = dockerfile_stage("api")
    port = free_port()
    environment = image.environment(api) | {"HOST": "127.0.0.1", "PORT": str(port)}
    (command,) = api.all("CMD")
    program = shutil.which(command.words()[0], path=environment["PATH"])
    assert program == f"{image.root}/opt/venv/bin/python"
    with subprocess.Popen(
        [program, *command.words()[1:]],
        cwd=image.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}", environment
        finally:
            process.terminate()
            assert process.stdout is not None
            sys.stdout.write(process.stdout.read())


def answer_of(url: str, *, within_seconds: float = 20) -> dict[str, object]:
    """Ask until the server is up."""
    deadline = time.monotonic() + within_seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - ours
                return dict(json.load(answer))
        except ConnectionError:
            pass
        except OSError as error:
            if not isinstance(getattr(error, "reason", None), ConnectionError):
                raise
        assert time.monotonic() < deadline, f"no answer from {url}"
        time.sleep(0.05)


def test_the_image_starts_and_answers_without_a_release(
    server: tuple[str, dict[str, str]],
) -> None:
    address, _ = server
    health = answer_of(f"{address}/health")
    assert health["status"] == "degraded"
    assert health["model_loaded"] is False


def test_the_health_check_of_the_image_passes(
    server: tuple[str, dict[str, str]],
) -> None:
    address, environment = server
    answer_of(f"{address}/health")
    (check,) = dockerfile_stage("api").all("HEALTHCHECK")
    words = json.loads(check.value[check.value.index("[") :])
    done = subprocess.run(words, env=environment, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ABSENT)
def test_the_image_holds_the_api_extra_only(package: str, image: Image) -> None:
    python = image.root / "opt" / "venv" / "bin" / "python"
    done = subprocess.run(
        [python, "-c", f"import {package}"],
        cwd=image.root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert f"No module named '{package}'" in done.stderr


def test_every_package_of_the_image_has_what_it_needs(image: Image) -> None:
    python = image.root / "opt" / "venv" / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "check"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
