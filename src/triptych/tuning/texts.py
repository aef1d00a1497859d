"""The document of a configuration as YAML for Lightning's command line, and as Python code."""

from __future__ import annotations

import pprint
import re
import textwrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH = 100

_MODULE = '''\
from terratorch.datamodules import {module}
from terratorch.tasks import {task}

DATA = {data}

MODEL = {model}
"""Of the task what follows from the data; add model_factory, model_args, the loss and the learning rate."""


def data_module() -> {module}:
    """The data module."""
    return {module}(**DATA)


def task(**arguments: object) -> {task}:
    """The task, with arguments of its own."""
    return {task}(**{{**MODEL, **arguments}})
'''

_REWRITING = '''

LABELS = {table}
"""Value in a label file -> value that the loss sees."""


def rewrite_labels(source: str, target: str) -> None:
    """Write the label files of a folder into another one, values by LABELS and all others {ignored}."""
    from pathlib import Path

    import numpy as np
    import rasterio

    Path(target).mkdir(parents=True, exist_ok=True)
    for path in sorted(Path(source).iterdir()):
        with rasterio.open(path) as file:
            values, profile = file.read(1), file.profile
        found = np.full(values.shape, {ignored}, np.int32)
        for value, index in LABELS.items():
            found[values == value] = index
        profile.update(driver="GTiff", dtype="int32", count=1, nodata={ignored})
        with rasterio.open(Path(target) / path.name, "w", **profile) as file:
            file.write(found, 1)
'''


def configuration_yaml(document: Mapping[str, Any]) -> str:
    """YAML with the sections of a Lightning configuration that the document has, notes as comments above them."""
    import yaml

    sections = ("seed_everything", "trainer", "data", "model", "optimizer", "lr_scheduler")
    body = {name: document[name] for name in sections if name in document}
    text: str = yaml.safe_dump(
        body, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
    )
    return f"{_comments(document)}\n{text}"


def configuration_python(document: Mapping[str, Any]) -> str:
    """Python code that makes the data module and the task of the document."""
    data, model, labels = document["data"], document["model"], document.get("labels")
    code = _MODULE.format(
        module=_last(data["class_path"]),
        task=_last(model["class_path"]),
        data=_literal(data["init_args"]),
        model=_literal(model["init_args"]),
    )
    if labels is not None and labels["rewrite"]:
        table = {each["id"]: each["value"] for each in labels["classes"]}
        code += _REWRITING.format(table=_literal(table), ignored=labels["ignore_index"])
    return f"{_comments(document)}\n{code}"


def _comments(document: Mapping[str, Any]) -> str:
    items = ", ".join(f"{part} {count}" for part, count in document["items"].items())
    layout = document["layout"]
    lines = [
        f"Data of {document['dataset']}: {items}.",
        f"Files lie in {', '.join(layout['folders'].values())}; the lists in "
        f"{', '.join(layout['lists'].values())} hold their names.",
        *(_label_lines(document.get("labels"))),
        *document["notes"],
    ]
    wrapped = [part for line in lines for part in textwrap.wrap(_one_line(line), WIDTH)]
    return "".join(f"# {line}\n" for line in wrapped)


def _label_lines(labels: Mapping[str, Any] | None) -> list[str]:
    if labels is None or all(each["id"] == each["value"] for each in labels["classes"]):
        return []
    table = ", ".join(f"{each['id']} -> {each['value']} ({each['name']})" for each in labels["classes"][:50])
    return [f"Labels, value in the file -> value that the loss sees: {table}."]


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)


def _literal(value: Any) -> str:
    return pprint.pformat(value, width=WIDTH, sort_dicts=False)


def _last(path: str) -> str:
    return path.rpartition(".")[2]
