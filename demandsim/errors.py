"""Everything that can go wrong in a way a user can mend, as one tree.

::

    DemandsimError
    ├── ConfigError        a config file says something that cannot be meant
    ├── BaselineMoved      a pinned scenario's baseline is no longer what it was pinned to
    ├── RequestError       a command or call asked for something impossible (zero households, an unknown name)
    ├── StoreError         results on disk are unreadable, unwritable or belong to another study
    └── BalanceError       the ledger's books do not balance: a defect of the model, never of the user's input

An error carries *faults*: where it is, what is wrong, what to do. All faults found are reported at once.
The command line prints them without a traceback and leaves with exit code 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong, with its place and its remedy.

    Parameters
    ----------
    where : str
        File and place in it, for instance ``configs/scenarios/x.toml, change 2, lever``.
    what : str
        What is wrong, as a sentence.
    remedy : str
        What to do about it, as a sentence; may be empty where ``what`` says it.
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" {self.remedy}" if self.remedy else "")


class DemandsimError(Exception):
    """Base of the tree. Raised with one sentence or with several faults."""

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            self.faults: tuple[Fault, ...] = ()
            super().__init__(faults)
            return
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type, tuple[object]]:
        return type(self), (self.faults or str(self),)


class ConfigError(DemandsimError):
    """A config file says something that cannot be meant."""


class BaselineMoved(DemandsimError):
    """A pinned scenario's baseline is no longer what it was pinned to."""


class RequestError(DemandsimError):
    """A command or call asked for something impossible."""


class StoreError(DemandsimError):
    """Results on disk are unreadable, unwritable or belong to another study."""


class BalanceError(DemandsimError):
    """The ledger's books do not balance."""
