"""Reads a Dockerfile: enough of its grammar for ours."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One instruction, its continuation lines joined."""

    keyword: str
    value: str

    def words(self) -> list[str]:
        """Split the value as a shell would, or as JSON where it is a list."""
        if self.value.startswith("["):
            return [str(word) for word in json.loads(self.value)]
        return shlex.split(self.value)


@dataclass
class Stage:
    """What stands between one FROM and the next."""

    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, keyword: str) -> list[Instruction]:
        """Give the instructions of a kind, in order."""
        return [one for one in self.instructions if one.keyword == keyword]

    def environment(self) -> dict[str, str]:
        """Give the variables that ENV sets, as they are written."""
        pairs = [word for one in self.all("ENV") for word in one.words()]
        return dict(pair.split("=", 1) for pair in pairs)

    def copied(self) -> list[str]:
        """Give the paths of the build context that COPY names."""
        return [
            word
            for one in self.all("COPY")
            if "--from=" not in one.value
            for word in one.words()[:-1]
        ]


def read_dockerfile(path: Path) -> tuple[dict[str, str], list[Stage]]:
    """Read the ARGs before the first FROM, and the stages in order."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(encoding="utf-8"), flags=re.M)
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        keyword, _, value = line.strip().partition(" ")
        if keyword == "FROM":
            base, _, name = value.partition(" AS ")
            stages.append(Stage(name=name, base=base))
        elif keyword == "ARG" and not stages:
            name, _, default = value.partition("=")
            arguments[name] = default
        elif keyword:
            stages[-1].instructions.append(Instruction(keyword, value.strip()))
    return arguments, stages
