"""Run the pipeline: ``python -m pipeline run``, or show its last summary."""

import signal
import sys

if __name__ == "__main__":
    # Nothing is under way until `main` takes the signals in hand: Ctrl-C just ends it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from pipeline.cli import main

    sys.exit(main(sys.argv[1:]))
