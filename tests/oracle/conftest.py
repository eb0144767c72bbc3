"""The oracle counts in 80-bit floats; where a long double is no longer than a float it has nothing to say."""

from tests.oracle.floats80 import ENOUGH

collect_ignore_glob = [] if ENOUGH else ["test_*.py"]
