"""Emulators: what a run would measure, from its beliefs, at once and with an error that was found by leaving runs out.

Takes runs; gives for each figure a regression on the beliefs that matter most (straight, squared, two together), and
a Gaussian process on what is left where that helps: a little of every belief, and what bends in a few. Its error is
what it misses of runs that were left out, the choice of beliefs made anew without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from demandsim.study.calibration.gaussian_process import GaussianProcess, Scales, fit_process, learn_scales

Floats = NDArray[np.float64]
Term = tuple[int, ...]

_FOLDS: Final = 5
#: Beliefs whose squares and products are tried, and beliefs that the Gaussian process sees.
_CURVED, _IN_PROCESS = 20, 5
#: A term is one belief (straight), the same twice (squared), or two (together).
_TERMS_A_RUN: Final = 1 / 6
#: About a hundredth of a figure.
_FELT: Final = 0.01


@dataclass(frozen=True, eq=False)
class Emulator:
    """One figure, from features.

    Attributes
    ----------
    terms : tuple of tuple of int
        Features of each regressor.
    coefficients : ndarray, shape (1 + n_terms,)
    process : GaussianProcess or None
        On what the regression leaves.
    variance : float
        Mean squared miss of runs that were left out.
    within_two : float
        Part of the runs left out that lie within two standard deviations.
    explained : float
        Part of the variance of runs left out that is explained.
    """

    terms: tuple[Term, ...]
    coefficients: Floats
    process: GaussianProcess | None
    variance: float = 0.0
    within_two: float = 0.0
    explained: float = 0.0
    n_runs: int = 0

    def predict(self, features: Floats) -> Floats:
        """The figure on its scale, shape (n,)."""
        found: Floats = self.coefficients[0] + regressors(features, self.terms) @ self.coefficients[1:]
        return found if self.process is None else found + self.process.predict(features)

    @property
    def active(self) -> tuple[int, ...]:
        """Features that move the figure by more than `_FELT` for a standard deviation of theirs."""
        found = {feature for term in self.terms for feature in term}
        if self.process is not None:
            found |= {*self.process.few, *np.flatnonzero(np.abs(self.process.slopes) > _FELT).tolist()}
        return tuple(sorted(found))

    @property
    def own_error(self) -> float:
        """Variance of its coefficients' making: the least that its error can be beside the luck of runs."""
        return self.variance * 2.0 * (1 + len(self.terms)) / max(self.n_runs, 1)


def regressors(features: Floats, terms: Sequence[Term]) -> Floats:
    """Columns of a regression, shape (n, n_terms)."""
    found = np.empty((len(features), len(terms)))
    for column, (first, *others) in enumerate(terms):
        found[:, column] = features[:, first]
        for other in others:
            found[:, column] *= features[:, other]
    return found


def fit_emulator(features: Floats, values: Floats, recent: NDArray[np.bool_], chance: np.random.Generator) -> Emulator:
    """Fit one figure.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
    values : ndarray, shape (n,)
    recent : ndarray of bool, shape (n,)
        Runs near the target, whose misses tell the error.
    chance : numpy.random.Generator
        Deals runs to folds.
    """
    fold = chance.permutation(np.arange(len(values)) % _FOLDS)
    whole = _regress(features, values)
    scales = learn_scales(features, whole.few, whole.left(features, values)) if whole.few else None
    plain, curved = np.empty_like(values), np.empty_like(values)
    for one in range(_FOLDS):
        kept, out = fold != one, fold == one
        fitted = _regress(features[kept], values[kept])
        plain[out] = fitted.predict(features[out])
        curved[out] = fitted.with_process(features[kept], values[kept], scales).predict(features[out])
    misses = {True: (values - curved)[recent], False: (values - plain)[recent]}
    helps = bool(np.mean(misses[True] ** 2) < np.mean(misses[False] ** 2))
    found, miss = whole.with_process(features, values, scales if helps else None), misses[helps]
    variance = float(np.mean(miss**2))
    spread = float(np.var(values[recent]))
    return replace(
        found,
        variance=variance,
        within_two=float(np.mean(np.abs(miss) <= 2.0 * np.sqrt(variance))),
        explained=1.0 - variance / spread if spread else 0.0,
        n_runs=len(values),
    )


@dataclass(frozen=True, eq=False)
class _Regression:
    """The part of an emulator that is a regression, and the features that the smooth part sees."""

    terms: tuple[Term, ...]
    coefficients: Floats
    few: tuple[int, ...]

    def predict(self, features: Floats) -> Floats:
        return Emulator(self.terms, self.coefficients, None).predict(features)

    def left(self, features: Floats, values: Floats) -> Floats:
        return values - self.predict(features)

    def with_process(self, features: Floats, values: Floats, scales: Scales | None) -> Emulator:
        if scales is None or not self.few:
            return Emulator(self.terms, self.coefficients, None)
        left = self.left(features, values)
        size = float(left.std()) or 1.0
        process = fit_process(features, self.few, left / size, scales)
        process = replace(process, weights=process.weights * size, slopes=process.slopes * size)
        return Emulator(self.terms, self.coefficients, process)


def _regress(features: Floats, values: Floats) -> _Regression:
    n, n_features = features.shape
    most = max(1, int(n * _TERMS_A_RUN))
    straight = [(one,) for one in range(n_features)]
    chosen = _select(features, values, straight, (), most)
    important = [term[0] for term in chosen]
    pairs = [(a, b) for position, a in enumerate(important[:_CURVED]) for b in important[position:_CURVED]]
    chosen = _select(features, values, pairs, chosen, most)
    return _Regression(chosen, _solve(regressors(features, chosen), values), tuple(important[:_IN_PROCESS]))


def _select(
    features: Floats, values: Floats, candidates: Sequence[Term], chosen: tuple[Term, ...], most: int
) -> tuple[Term, ...]:
    """Add the candidate that explains most of what is left, while it is more than the best of so many chances would.

    What is already chosen is projected out of the candidates, one after the other, so each step costs one product.
    """
    if not candidates:
        return chosen
    columns = regressors(features, candidates)
    columns = columns - columns.mean(axis=0)
    left = values - values.mean()
    for direction in _directions(regressors(features, chosen)):
        left = left - direction * (direction @ left)
        columns = columns - np.outer(direction, direction @ columns)
    found, whole = list(chosen), np.maximum(np.square(columns).sum(axis=0), 1e-12)
    norms = whole.copy()
    while len(found) < most:
        is_new = norms > 1e-6 * whole  # the others are made up of what is chosen
        gains = np.where(is_new, np.square(left @ columns) / np.where(is_new, norms, 1.0), 0.0)
        best = int(gains.argmax())
        remaining = float(left @ left) - gains[best]
        freedom = max(len(values) - len(found) - 2, 1)
        if gains[best] * freedom <= 2.0 * np.log(len(candidates) + 1.0) * max(remaining, 1e-12):
            break
        found.append(candidates[best])
        direction = columns[:, best] / np.sqrt(norms[best])
        left = left - direction * (direction @ left)
        columns = columns - np.outer(direction, direction @ columns)
        norms = np.square(columns).sum(axis=0)
        norms[best] = 0.0
    return tuple(found)


def _directions(columns: Floats) -> Floats:
    """Orthonormal directions of centred columns, one a row."""
    if not columns.shape[1]:
        return np.zeros((0, len(columns)))
    basis, _ = np.linalg.qr(columns - columns.mean(axis=0))
    return np.asarray(basis.T, np.float64)


def _solve(columns: Floats, values: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(np.column_stack([np.ones(len(values)), columns]), values, rcond=None)[0])
