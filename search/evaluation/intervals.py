"""Bootstrap: how far a mean over queries would move, had other queries of the same kind been asked."""

from collections.abc import Mapping, Sequence

import numpy as np

ROUNDS = 1_000
SEED = 20_170_901  # fixed, so that the same figures give the same interval
COVERAGE = (2.5, 97.5)


def bootstrap_intervals(values: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, float]]:
    """95 % percentile interval of the mean of each measure; all measures over the same redrawn queries."""
    table = np.array(list(values.values()), dtype=np.float64)
    count = table.shape[1]
    drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), size=ROUNDS)
    lows, highs = np.percentile(drawn @ table.T / count, COVERAGE, axis=0)
    return {name: (float(low), float(high)) for name, low, high in zip(values, lows, highs, strict=True)}
