"""``python -m notebooks``."""

import sys

from notebooks.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
