"""Run the pipeline: ``python -m pipeline run``, or show its last summary."""

import sys

try:
    from pipeline.cli import main
except KeyboardInterrupt:  # Ctrl-C before `main` takes the signals in hand
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
