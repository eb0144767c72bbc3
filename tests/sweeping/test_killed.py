"""A worker killed with -9, then the client killed with -9, then resumed: the same bits, and what it cost, counted."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import xarray

from tests.sweeping import killed_client
from tests.sweeping.small import bits

POINTS = 200
LONGEST = 300  # seconds
ROOT = Path(__file__).parents[2]


def started(*words: object, begun: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "BEGUN": str(begun)}
    command = [sys.executable, killed_client.__file__, *map(str, words)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def kept(store: Path) -> int:
    if not store.exists():
        return 0
    try:
        return sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute("SELECT count(*) FROM answers").fetchone()[0]
    except sqlite3.OperationalError:  # it is being made
        return 0


def until(reached) -> None:
    end = time.monotonic() + LONGEST
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.05)


def lines(begun: Path) -> list[str]:
    return begun.read_text().splitlines() if begun.exists() else []


def alive(worker: int) -> bool:
    try:
        status = Path(f"/proc/{worker}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks processes up in /proc")
def test_a_killed_worker_and_a_killed_client_lose_running_chunks_only(tmp_path):
    store, begun = tmp_path / "kept.sqlite", [tmp_path / f"begun{turn}" for turn in range(4)]

    client = started(store, tmp_path / "none.nc", begun=begun[0])
    until(lambda: kept(store) >= 20)
    os.kill(int(lines(begun[0])[-1].split()[-1]), signal.SIGKILL)
    assert "a worker of the executor died" in client.communicate(timeout=LONGEST)[1]
    assert client.returncode == 1
    first = kept(store)

    client = started(store, tmp_path / "none.nc", begun=begun[1])
    until(lambda: kept(store) >= first + 20)
    client.kill()
    client.communicate(timeout=LONGEST)
    second = kept(store)
    workers = {int(line.split()[-1]) for line in lines(begun[1])}
    until(lambda: not any(map(alive, workers)))  # they end with their client

    client = started(store, tmp_path / "resumed.nc", begun=begun[2])
    assert client.communicate(timeout=LONGEST)[1] == ""
    assert client.returncode == 0
    resumed = Counter(line.rpartition(" ")[0] for line in lines(begun[2]))
    assert len(resumed) == resumed.total() == POINTS - second  # what was kept was not computed again
    assert kept(store) == POINTS

    client = started("serial", tmp_path / "serial.nc", begun=begun[3])
    client.communicate(timeout=LONGEST)
    together = [xarray.load_dataset(tmp_path / f"{name}.nc", engine="h5netcdf") for name in ("resumed", "serial")]
    assert bits(together[0]) == bits(together[1])
    assert together[0].identical(together[1])
    lost = sum(len(lines(place)) for place in begun[:3]) - POINTS
    print(f"kept after the worker {first}, after the client {second}; computed twice: {lost} of {POINTS}")
    assert lost < POINTS / 2
