"""Faults that no single table shows: between tables, and between files.

Takes everything gathered and the sources; adds faults. Never changes what it checks.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from demandsim.labels import NEEDS, PAYERS
from demandsim.parameters.belief import ASSUMED, Belief
from demandsim.parameters.descriptors import Cost, Descriptor, Effect, Need, Service, Shock, Stream
from demandsim.parameters.gathering import Gathered
from demandsim.parameters.provider_checks import check_paid_by_results
from demandsim.parameters.purse_checks import check_purses
from demandsim.parameters.reading import did_you_mean
from demandsim.parameters.sources import Source
from demandsim.parameters.stream_checks import check_streams
from demandsim.parameters.vocabulary import (
    ALWAYS_LEVERS,
    NEED_LABELS,
    SERVICE_BOUGHT,
    SERVICE_STAFFED,
    STAFFED_REQUIRED,
)

_TOLERANCE: Final = 1e-6


def check_across(found: Gathered, sources: Mapping[str, Source]) -> None:
    """Every cross-file check, all faults gathered. Without any source, the sources file itself was at fault."""
    if sources:
        _check_sources(found, sources)
    _check_addresses(found)
    _check_labels(found)
    _check_services(found)
    _check_effects(found)
    _check_needs(found)
    _check_shocks(found)
    check_streams(found)
    check_purses(found)
    _check_homes(found)
    _check_nulls(found)
    for name, belief in found.beliefs.items():
        if name.endswith(".payers"):
            _check_payers(found, name, belief)


def _check_sources(found: Gathered, sources: Mapping[str, Source]) -> None:
    for name, belief in found.beliefs.items():
        if belief.source != ASSUMED and belief.source not in sources:
            found.faults.add(
                f"{found.where(name)}, `source`",
                f"`{belief.source}` is not in sources.toml.",
                did_you_mean(belief.source, sources) or 'Add it there, or set source = "assumed".',
            )


def _check_addresses(found: Gathered) -> None:
    """A belief is drawn at the hash of its name, so no two may share one."""
    seen: dict[int, str] = {}
    for name in found.beliefs:
        address = zlib.crc32(name.encode())
        if address in seen:
            found.faults.add(
                found.where(name), f"would share its draws with `{seen[address]}`.", "Rename one of the two."
            )
        seen[address] = name


def _check_labels(found: Gathered) -> None:
    for descriptors in found.described.values():
        for descriptor in descriptors.values():
            for key, allowed in descriptor.labels.items():
                for given in _names(getattr(descriptor, key)):
                    if given not in allowed:
                        found.faults.add(
                            f"{found.where(descriptor.path)}, `{key}`",
                            f"`{given}` is not a label.",
                            did_you_mean(given, allowed) or f"Labels: {', '.join(allowed)}.",
                        )


def _names(entry: Any) -> Iterable[str]:
    if isinstance(entry, str):
        return (entry,)
    return (*entry, *entry.values()) if isinstance(entry, Mapping) else entry


def _of(found: Gathered, kind: type[Descriptor]) -> list[Any]:
    return list(found.described[kind.family].values())


def _check_services(found: Gathered) -> None:
    codes: dict[int, str] = {}
    for service in _of(found, Service):
        where = found.where(service.path)
        if service.code in codes:
            found.faults.add(
                f"{where}, `code`",
                f"{service.code} is already the code of `{codes[service.code]}`.",
                "Give a new code; codes are never reused.",
            )
        codes.setdefault(service.code, service.name)
        if (
            not found.is_partial
            and service.persons_per_case
            and f"conversion.{service.persons_per_case}" not in found.files
        ):
            conversions = [name.split(".", 1)[1] for name in found.files if name.startswith("conversion.")]
            found.faults.add(
                f"{where}, `persons_per_case`",
                f"`{service.persons_per_case}` is not in conversion.toml.",
                did_you_mean(service.persons_per_case, conversions) or "Add the conversion.",
            )
        _check_delivery(found, service, where)
        _check_route(found, service, where)
        for key in ALWAYS_LEVERS:
            belief = found.beliefs.get(f"{service.path}.{key}")
            if belief is not None and belief.role != "lever":
                found.faults.add(
                    f"{where}.{key}, `role`", f"is `{belief.role}`.", 'Set role = "lever": scenarios move it.'
                )


def _check_route(found: Gathered, service: Service, where: str) -> None:
    """Which beliefs follow from how a household comes to the service, and how a case ends."""
    if service.route == "front_door":
        _require(found, service, where, "p_referred", "a service behind the front door")
    else:
        _require(found, service, where, "p_eligible", "an automatic service")
    if service.is_staffed and not service.duty:
        _require(found, service, where, "patience", "a service with a waiting list")
    check_paid_by_results(found, service, where)
    if not service.until_state_ends:
        _require(found, service, where, "length", "a service whose cases run their length")
    elif f"{service.path}.length" in found.files:
        found.faults.add(
            f"{where}.length",
            "is stated, yet cases last `until_state_ends`.",
            "Remove the length, or until_state_ends.",
        )


def _check_delivery(found: Gathered, service: Service, where: str) -> None:
    path = service.path
    forbidden = SERVICE_BOUGHT if service.is_staffed else SERVICE_STAFFED
    given = [key for key in forbidden if f"{path}.{key}" in found.files]
    if given:
        found.faults.add(
            where,
            f"is {service.delivery}, yet states {', '.join(f'`{key}`' for key in given)}.",
            "A service is staffed (posts) or bought (unit cost), never both.",
        )
    if service.is_staffed:
        for key in STAFFED_REQUIRED:
            _require(found, service, where, key, "a staffed service")
        if service.duty:
            _require(found, service, where, "spot_price", "a duty service with limited staff")
    else:
        _require(found, service, where, "unit_cost", "a bought service")


def _require(found: Gathered, service: Service, where: str, key: str, because: str) -> None:
    name = f"{service.path}.{key}"
    if name not in found.files:
        found.faults.add(f"{where}.{key}", "is missing.", f"Add the belief [{name}]: {because} needs it.")


def _check_effects(found: Gathered) -> None:
    services = found.described["services"]
    for effect in _of(found, Effect):
        where = found.where(effect.path)
        if effect.service not in services and not found.is_partial:
            found.faults.add(
                f"{where}, `service`",
                f"`{effect.service}` is not a service.",
                did_you_mean(effect.service, services) or "Name a table of services/*.toml.",
            )
        for entry, reason in effect.unknown_moves():
            found.faults.add(f"{where}, `acts_on`", f"`{entry}`: {reason}.", "Name an existing need, state and move.")
        for entry in effect.acts_on:
            parts = entry.split(".")
            need = found.described["needs"].get(parts[0])
            if parts[-1] == "exit" and isinstance(need, Need) and len(parts) == 3 and parts[1] not in need.exit_to:
                found.faults.add(
                    f"{where}, `acts_on`", f"`{entry}`: that need has no exit there.", "See its `exit_to`."
                )


def _check_needs(found: Gathered) -> None:
    for name in NEEDS if found.described["needs"] and not found.is_partial else ():
        if name not in found.described["needs"]:
            found.faults.add(f"needs.{name}", "the need is missing.", f"Add [needs.{name}].")
    for need in _of(found, Need):
        if need.name not in NEEDS:
            found.faults.add(
                found.where(need.path),
                f"`{need.name}` is not a need.",
                did_you_mean(need.name, NEEDS) or f"Needs: {', '.join(NEEDS)}.",
            )
        for key, labels in NEED_LABELS.items():
            _check_keys(found, f"{need.path}.{key}", labels)
        if need.exit_to or f"{need.path}.exit" in found.beliefs:
            _check_keys(found, f"{need.path}.exit", tuple(need.exit_to), must_exist=True)


def _check_keys(found: Gathered, name: str, labels: tuple[str, ...], must_exist: bool = False) -> None:
    """A belief by label holds every label and no other."""
    belief = found.beliefs.get(name)
    if belief is None:
        if must_exist and name not in found.files:
            found.faults.add(name, "is missing, and the need has `exit_to`.", f"Add the belief [{name}].")
        return
    for _, value in belief.dated:
        given = value if isinstance(value, Mapping) else {}
        missing = [label for label in labels if label not in given]
        if missing:
            found.faults.add(
                f"{found.where(name)}, `value`", f"has no {', '.join(missing)}.", "Give every label a value."
            )
        for label in given:
            if label not in labels:
                remedy = did_you_mean(label, labels) or f"Labels: {', '.join(labels)}."
                found.faults.add(f"{found.where(name)}, `value`", f"`{label}` is not a label here.", remedy)


def _check_shocks(found: Gathered) -> None:
    for shock in _of(found, Shock):
        if (shock.until or date.max) <= shock.from_:
            found.faults.add(f"{found.where(shock.path)}, `until`", "is not after `from`.", "Mend one of the dates.")
        strength = found.beliefs.get(f"{shock.path}.strength")
        if strength is not None and strength.role != "circumstance":
            found.faults.add(
                f"{found.where(shock.path)}.strength, `role`",
                f"is `{strength.role}`.",
                'Set role = "circumstance": futures move it, and no policy does.',
            )


def _check_homes(found: Gathered) -> None:
    """A published component is posted once, whole or in parts, never both."""
    homes: dict[str, list[str]] = defaultdict(list)
    for holder in (*_of(found, Service), *_of(found, Cost), *_of(found, Stream)):
        posted = holder.components or ((holder.component_of,) if holder.component_of else ())
        for component in posted:
            homes[component].append(holder.path)
    for component, holders in homes.items():
        whole = [path for other, paths in homes.items() if component.startswith(f"{other}.") for path in paths]
        if len(holders) > 1 or whole:
            others = [*holders, *whole]
            found.faults.add(
                found.where(others[-1]),
                f"the published component `{component}` is posted in {' and '.join(f'`{path}`' for path in others)}.",
                "Give each component one home, or its money is counted twice.",
            )


def _check_nulls(found: Gathered) -> None:
    """A null given as a name takes the other belief's value."""
    for name, belief in found.beliefs.items() if not found.is_partial else ():
        null = belief.null
        if isinstance(null, str) and not belief.is_categorical and null not in found.beliefs:
            found.faults.add(
                f"{found.where(name)}, `null`",
                f"`{null}` is not a belief.",
                did_you_mean(null, found.beliefs) or "Give a number.",
            )


def _check_payers(found: Gathered, name: str, belief: Belief) -> None:
    where = found.where(name)
    if belief.role == "uncertainty":
        found.faults.add(f"{where}, `role`", "payer shares cannot be drawn: they sum to 1.", 'Set role = "constant".')
    for _, value in belief.dated:
        if not isinstance(value, Mapping):
            found.faults.add(f"{where}, `value`", "is not by payer.", "Write value = { nhs = 0.4, dwp = 0.6 }.")
            continue
        for payer in value:
            if payer not in PAYERS:
                remedy = did_you_mean(payer, PAYERS) or f"Payers: {', '.join(PAYERS)}."
                found.faults.add(f"{where}, `value`", f"`{payer}` is not a payer.", remedy)
        total = sum(value.values())
        if abs(total - 1.0) > _TOLERANCE:
            found.faults.add(f"{where}, `value`", f"the shares sum to {total:g}.", "Payer shares sum to 1.")
