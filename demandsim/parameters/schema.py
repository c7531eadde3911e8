"""JSON Schemas of the config files, so that an editor can help while they are written.

Takes a folder, and further models that upper layers bring; writes one ``.schema.json`` a kind of file.
Never the judge: the loaders check more than a schema can say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from demandsim.parameters.belief import Belief
from demandsim.parameters.descriptors import DESCRIPTORS, Descriptor
from demandsim.parameters.sources import Source
from demandsim.parameters.vocabulary import FAMILY_BELIEFS, FREE_DESCRIPTORS
from demandsim.quantities import UNITS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write_schema(folder: str | Path, others: Mapping[str, type[BaseModel]] | None = None) -> list[Path]:
    """Write the schemas.

    Parameters
    ----------
    folder : path
        Made if need be.
    others : mapping of name to pydantic model, optional
        Further kinds of file, such as ``{"scenario": Scenario}``.

    Returns
    -------
    list of Path
        The files written.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    schemas = {"parameters": parameter_schema(), "sources": _sources_schema()}
    schemas |= {name: model.model_json_schema(by_alias=True) for name, model in (others or {}).items()}
    written = []
    for name, schema in schemas.items():
        path = home / f"{name}.schema.json"
        path.write_text(json.dumps({"$schema": _DIALECT, **schema}, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written


def parameter_schema() -> dict[str, Any]:
    """The schema of any file under ``configs/parameters``."""
    belief = _without_name(Belief.model_json_schema(by_alias=True, ref_template="#/$defs/{model}"))
    belief["properties"]["unit"]["enum"] = list(UNITS)
    definitions = belief.pop("$defs", {})
    definitions["Belief"] = belief
    for model in DESCRIPTORS.values():
        definitions[model.__name__] = _family_member(model)
    definitions["Table"] = {
        "type": "object",
        "properties": {key: {"type": "string"} for key in FREE_DESCRIPTORS},
        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/Belief"}, {"$ref": "#/$defs/Table"}]},
    }
    families = {
        family: {
            "type": "object",
            "additionalProperties": {"anyOf": [{"$ref": f"#/$defs/{model.__name__}"}, {"$ref": "#/$defs/Belief"}]},
        }
        for family, model in DESCRIPTORS.items()
    }
    return {"title": "demandsim parameters", "$ref": "#/$defs/Table", "properties": families, "$defs": definitions}


def _family_member(model: type[Descriptor]) -> dict[str, Any]:
    schema = _without_name(model.model_json_schema(by_alias=True))
    for key, allowed in model.labels.items():
        entry = schema["properties"][key]
        target = entry.get("items") or entry.get("additionalProperties") or entry
        target["enum"] = list(allowed)
    schema["properties"] |= {key: {"$ref": "#/$defs/Belief"} for key in FAMILY_BELIEFS[model.family]}
    return schema


def _sources_schema() -> dict[str, Any]:
    return {"title": "demandsim sources", "type": "object", "additionalProperties": Source.model_json_schema()}


def _without_name(schema: dict[str, Any]) -> dict[str, Any]:
    """The name is the table's path and is not written in it."""
    schema["properties"].pop("name", None)
    schema["required"] = [key for key in schema.get("required", []) if key != "name"]
    return schema
