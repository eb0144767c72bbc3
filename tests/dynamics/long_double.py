"""The moment recursion and the cross moments of D01 and D24 as one affine map, raised to powers in long double.

None of the package's dynamics is in it: any number of steps is a product of repeated squares of the map of one step.
"""

from __future__ import annotations

import numpy as np

Real = np.longdouble


class Powers:
    """The map (x, c, a, tau) -> the same one step later, at one step size; a counts what was averaged before."""

    def __init__(self, modes, step_size, batch_size):
        scaled, count = Real(step_size) * modes.position.astype(Real), modes.position.size
        gain = Real(step_size) ** 2 / Real(batch_size) * modes.kernel.astype(Real)
        places, total = np.arange(count), 2 * count
        one = np.zeros((total + 2, total + 2), dtype=Real)
        one[:count, :count] = gain[:, None]
        one[places, places] += (1 - scaled) ** 2 + scaled**2 / Real(batch_size)
        one[:count, -1] = gain
        one[count + places, places] = one[count + places, count + places] = 1 - scaled
        one[total, :count], one[total, count:total] = 1, 2
        one[total, total] = one[-1, -1] = 1
        self._squares = [one]

    def apply(self, state, steps):
        for place in range(int(steps).bit_length()):
            if place == len(self._squares):
                self._squares.append(self._squares[-1] @ self._squares[-1])
            if steps >> place & 1:
                state = self._squares[place] @ state
        return state


def responses(modes, schedule, *, steps, horizon, batch_size, noise, averaging):
    """bias and variance at the recorded steps, shape (2, steps), of a schedule in stages of constant step size."""
    count, found, powers = modes.position.size, [], {}
    stages = schedule.stages(horizon=horizon)

    def walk(state, start, stop):
        for stage in stages:
            length = min(stop, stage.stop) - max(start, stage.start)
            if length > 0:
                size = stage.step_size
                powers.setdefault(size, Powers(modes, size, batch_size))
                state = powers[size].apply(state, length)
        return state

    for step in steps:
        state = np.zeros((2 * count + 2, 2), dtype=Real)
        state[:count, 0], state[-1, 1] = modes.signal, Real(noise) + Real(modes.floor)
        first = averaging.first(step)
        state = walk(state, 0, first)
        if first == step:
            found.append(state[:count].sum(axis=0))
        else:
            state[count:-1] = 0
            found.append(walk(state, first, step)[-2] / Real(step - first) ** 2)
    return np.stack(found, axis=1)


class Walk:
    """The same step by step, for any step sizes, several schedules at once."""

    def __init__(self, modes, *, batch_size, noise):
        self.position, self.kernel, self.signal = (
            np.asarray(values, dtype=Real) for values in (modes.position, modes.kernel, modes.signal)
        )
        self.batch_size, self.drive = Real(batch_size), Real(noise) + Real(modes.floor)

    def responses(self, step_sizes, steps, averaging):
        """bias and variance at the recorded steps, shape (schedules, 2, steps). step_sizes: (schedules, horizon)."""
        count = len(step_sizes)
        x = np.zeros((count, 2, self.position.size), dtype=Real)
        x[:, 0] = self.signal
        source = np.array([0, self.drive], dtype=Real)[:, None]
        # one sum for every recorded step, from the first of its iterates on
        sums = [(averaging.first(step), step, np.zeros_like(x), np.zeros((count, 2), dtype=Real)) for step in steps]
        found = np.empty((count, 2, len(steps)), dtype=Real)
        for step in range(steps[-1] + 1):
            for place, (first, last, _, total) in enumerate(sums):
                if step == last:
                    found[:, :, place] = x.sum(axis=2) if first == last else total / Real(last - first) ** 2
            if step == steps[-1]:
                return found
            size = step_sizes[:, step, None, None].astype(Real)
            scaled = size * self.position
            for first, last, cross, total in sums:
                if first <= step < last:
                    total += (2 * cross + x).sum(axis=2)
                    cross += x
                    cross *= 1 - scaled
            fed = (x.sum(axis=2, keepdims=True) + source) * (size**2 / self.batch_size * self.kernel)
            x = x * ((1 - scaled) ** 2 + scaled**2 / self.batch_size) + fed
        return found
