"""python -m tests.oracle; what it does is in `command`, which its processes can import."""

import sys

from tests.oracle.command import main

if __name__ == "__main__":
    sys.exit(main())
