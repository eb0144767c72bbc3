#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2024.4.15"]
# ///
"""The checks one by one: `nox -s tests`, `nox -s lint`, ... ; `.ci/run` does all of them in a fresh clone."""

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv|virtualenv"

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


@nox.session
def tests(session: nox.Session) -> None:
    """The default suite; `nox -s tests -- -m slow` for the heavy one."""
    session.install(".[test]")
    session.run("python", "-m", "pytest", "-q", "-n", "2", *session.posargs, env=ONE_THREAD)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types, import contracts, file sizes."""
    session.install(".[dev]")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("python", ".ci/file_sizes.py")


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """The documentation site, into build/site/html/."""
    session.install(".[docs]")
    session.run("python", "docs/site/build.py", *session.posargs, env=ONE_THREAD)


@nox.session(default=False)
def planted(session: nox.Session) -> None:
    """Errors planted one by one: each has to be noticed by a test."""
    session.install(".[test]")
    session.run("python", "-m", "tests.mutations", *session.posargs, env=ONE_THREAD)


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Source distribution and wheel, into dist/."""
    session.install("build")
    session.run("python", "-m", "build")


@nox.session(default=False)
def benchmarks(session: nox.Session) -> None:
    """Times of whole answers."""
    session.install(".[bench]")
    session.run("pytest", "benchmarks", "--benchmark-only", "-m", "", *session.posargs, env=ONE_THREAD)


if __name__ == "__main__":
    nox.main()
