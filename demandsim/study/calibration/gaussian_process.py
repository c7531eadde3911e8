"""A Gaussian process for what a regression leaves: a little of every feature, straight, and a few of them smoothly.

Its four numbers (how much is straight, how much smooth and over what length, how much noise) are found by maximum
likelihood on at most a few hundred runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Runs that the four numbers are found from; all runs are used to predict.
_RUNS_TO_LEARN: Final = 300
_START: Final = np.log([2.0, 0.3, 0.2, 0.5])
_BOUNDS: Final = (
    (np.log(0.3), np.log(30.0)),
    (np.log(1e-3), np.log(10.0)),
    (np.log(1e-3), np.log(10.0)),
    (np.log(1e-2), np.log(10.0)),
)


@dataclass(frozen=True)
class Scales:
    """Length of the smooth part; variances of the smooth part, the straight part and noise, over that of values."""

    length: float
    smooth: float
    straight: float
    noise: float


@dataclass(frozen=True, eq=False)
class GaussianProcess:
    """A mean function through noisy values.

    Attributes
    ----------
    few : tuple of int
        Features of the smooth part.
    at : ndarray, shape (n, n_few)
    weights : ndarray, shape (n,)
        Of the smooth part, at each run.
    slopes : ndarray, shape (n_features,)
        The straight part.
    scales : Scales
    """

    few: tuple[int, ...]
    at: Floats
    weights: Floats
    slopes: Floats
    scales: Scales

    def predict(self, features: Floats) -> Floats:
        """Mean at features, shape (n,)."""
        near = np.exp(-0.5 * _squares(features[:, list(self.few)], self.at) / self.scales.length**2)
        return np.asarray(features @ self.slopes + near @ self.weights, np.float64)


def learn_scales(features: Floats, few: tuple[int, ...], values: Floats) -> Scales:
    """The four numbers that make the values likeliest."""
    from scipy.linalg import cho_solve, cholesky
    from scipy.optimize import minimize

    some = slice(None, None, max(1, -(-len(values) // _RUNS_TO_LEARN)))
    squares = _squares(features[some][:, list(few)], features[some][:, list(few)])
    straight = features[some] @ features[some].T / features.shape[1]
    known = values[some] / (float(values.std()) or 1.0)
    unit = np.eye(len(known))

    def cost(logs: Floats) -> float:
        length, smooth, slope, noise = np.exp(logs)
        covariance = smooth * np.exp(-0.5 * squares / length**2) + slope * straight + noise * unit
        factor = cholesky(covariance, lower=True, check_finite=False)
        return float(0.5 * known @ cho_solve((factor, True), known) + np.log(np.diag(factor)).sum())

    found = minimize(cost, _START, method="L-BFGS-B", bounds=_BOUNDS, options={"maxiter": 25})
    return Scales(*(float(one) for one in np.exp(found.x)))


def fit_process(features: Floats, few: tuple[int, ...], values: Floats, scales: Scales) -> GaussianProcess:
    """Fit a process of mean nought.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
        Of about unit spread.
    few : tuple of int
        Features of the smooth part.
    values : ndarray, shape (n,)
    scales : Scales
    """
    from scipy.linalg import cho_solve, cholesky

    at = features[:, list(few)]
    smooth = scales.smooth * np.exp(-0.5 * _squares(at, at) / scales.length**2)
    share = scales.straight / features.shape[1]
    covariance = smooth + share * (features @ features.T) + scales.noise * np.eye(len(values))
    weights = cho_solve((cholesky(covariance, lower=True, check_finite=False), True), values)
    return GaussianProcess(few, at.copy(), scales.smooth * weights, share * (features.T @ weights), scales)


def _squares(one: Floats, other: Floats) -> Floats:
    """Squared distances, shape (len(one), len(other))."""
    found = np.square(one).sum(1)[:, None] + np.square(other).sum(1)[None, :] - 2.0 * one @ other.T
    return np.asarray(np.maximum(found, 0.0), np.float64)
