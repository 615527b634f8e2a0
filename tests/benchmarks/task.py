"""Run one function of the benchmark as a process of its own.

``python -m tests.benchmarks.task MODULE FUNCTION ARGUMENTS``: the arguments are JSON,
and so is the last line of the answer; of a failure the last line says why. What a
function measures then holds nothing that another one left in memory.
"""

import importlib
import json
import sys
import traceback

from pipeline.errors import one_line


def main(arguments: list[str]) -> int:
    """Call the function, print what it returns, and return the exit code."""
    module, function, keywords = arguments
    try:
        result = getattr(importlib.import_module(module), function)(
            **json.loads(keywords)
        )
    except Exception as error:
        traceback.print_exc()
        sys.stderr.write(f"{one_line(str(error)) or type(error).__name__}\n")
        return 1
    sys.stdout.write(f"{json.dumps(result)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
