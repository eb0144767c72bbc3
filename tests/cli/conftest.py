"""The command line called in this process, and what it answered."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner

from riskcalc.cli.application import main


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Exit status, standard output and standard error of one call."""

    status: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        assert self.status == 0, self.err
        return json.loads(self.out)

    def refusal(self) -> str:
        """The one line that says why there is no answer."""
        assert self.status == 2, (self.out, self.err)
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("riskcalc: ")
        return line.removeprefix("riskcalc: ")


def call(*arguments: str) -> Answer:
    """Call `riskcalc`; a single argument is split as a shell would."""
    given = shlex.split(arguments[0]) if len(arguments) == 1 else list(arguments)
    result = CliRunner().invoke(main, given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Answer(status=result.exit_code, out=result.stdout, err=result.stderr)


@pytest.fixture
def riskcalc() -> Callable[..., Answer]:
    return call
