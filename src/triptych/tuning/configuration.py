"""A tune as a whole Lightning configuration for TerraTorch: the data, the task, the trainer and the optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triptych.core.recipe import Purpose
from triptych.tuning.band_names import terratorch_name
from triptych.tuning.templates import LOSSES, settings_of
from triptych.tuning.terratorch import Wish, terratorch_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triptych.core.recipe import DataSource
    from triptych.tuning.base_models import BaseModel
    from triptych.tuning.facts import TrainingFacts
    from triptych.tuning.templates import Template

VISION_TRANSFORMERS = ("prithvi", "terramind", "clay")
OPTIMIZERS = {"Adam": "Adam", "SGD": "SGD", "AdamW": "AdamW", "RMSProp": "RMSprop"}
FLIP = [
    {"class_path": "albumentations.HorizontalFlip", "init_args": {"p": 0.5}},
    {"class_path": "albumentations.VerticalFlip", "init_args": {"p": 0.5}},
    {"class_path": "ToTensorV2"},
]


def tune_configuration(
    name: str, facts: TrainingFacts, template: Template, model: BaseModel, parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """The document of a tune, as `terratorch_document` makes it, with all sections of a Lightning configuration.

    InvalidInput `no_training_configuration` for a dataset that TerraTorch's data modules cannot read.
    """
    settings = settings_of(template, parameters)
    wish = Wish(
        weights=settings["decode_head"].get("class_weights", "none"),
        batch_size=settings["data"]["batch_size"],
        num_workers=settings["data"]["workers_per_gpu"],
    )
    document = terratorch_document(facts, wish)
    arguments = document["data"]["init_args"]
    _multiply(arguments, settings["data"]["constant_multiply"])
    if settings["data"]["augment"] and not arguments.get("expand_temporal_dimension"):
        arguments["train_transform"] = FLIP
    task = document["model"]["init_args"]
    document["model"]["init_args"] = {**_task(facts, model, settings, arguments), **task}
    return {
        **document,
        "seed_everything": 0,
        "trainer": _trainer(name, settings),
        "optimizer": {
            "class_path": f"torch.optim.{OPTIMIZERS[settings['optimizer']['type']]}",
            "init_args": {
                "lr": settings["optimizer"]["lr"],
                "weight_decay": settings["optimizer"]["weight_decay"],
            },
        },
        **_schedule(settings),
        "notes": [*document["notes"], *_band_notes(facts, model)],
    }


def _multiply(arguments: dict[str, Any], factor: float) -> None:
    for name in ("constant_scale", "means", "stds"):
        arguments[name] = _times(arguments[name], factor)


def _times(value: Any, factor: float) -> Any:
    if isinstance(value, dict):
        return {name: _times(each, factor) for name, each in value.items()}
    if isinstance(value, list):
        return [each * factor for each in value]
    return value * factor


def _trainer(name: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    runner = settings["runner"]
    folder = f"output/{name}"
    stopping = {"monitor": runner["monitor"], "patience": runner["early_stopping_patience"]}
    return {
        "accelerator": "auto",
        "strategy": "auto",
        "devices": "auto",
        "num_nodes": 1,
        "precision": "16-mixed",
        "logger": {"class_path": "TensorBoardLogger", "init_args": {"save_dir": folder, "name": name}},
        "callbacks": [
            {"class_path": "RichProgressBar"},
            {"class_path": "LearningRateMonitor", "init_args": {"logging_interval": "epoch"}},
            {"class_path": "EarlyStopping", "init_args": stopping},
        ],
        "max_epochs": runner["max_epochs"],
        "check_val_every_n_epoch": settings["evaluation"]["interval"],
        "enable_checkpointing": True,
        "default_root_dir": folder,
    }


def _schedule(settings: Mapping[str, Any]) -> dict[str, Any]:
    schedule = settings["lr_config"]
    if schedule["policy"] == "CosineAnnealing":
        epochs = settings["runner"]["max_epochs"]
        found = {"class_path": "torch.optim.lr_scheduler.CosineAnnealingLR", "init_args": {"T_max": epochs}}
    elif schedule["warmup_epochs"]:
        warm = {"start_factor": 0.01, "total_iters": schedule["warmup_epochs"]}
        found = {"class_path": "torch.optim.lr_scheduler.LinearLR", "init_args": warm}
    else:
        return {}
    return {"lr_scheduler": found}


def _task(
    facts: TrainingFacts, model: BaseModel, settings: Mapping[str, Any], arguments: Mapping[str, Any]
) -> dict[str, Any]:
    head, tiles = settings["decode_head"], settings["tiled_inference"]
    auxiliary = settings["auxiliary_head"]
    found = {
        "model_factory": "EncoderDecoderFactory",
        "model_args": {
            **_backbone(facts, model, settings, arguments),
            "necks": _necks(model),
            **_decoder(head),
            **({"num_classes": arguments["num_classes"]} if facts.purpose is Purpose.SEGMENTATION else {}),
        },
        "loss": LOSSES[facts.purpose][head["loss_decode"]],
        "freeze_backbone": settings["model"]["frozen_backbone"],
        "tiled_inference_parameters": dict(tiles),
    }
    if auxiliary["enabled"]:
        arguments_of_head = {
            "channels": auxiliary["channels"],
            "num_convs": auxiliary["num_convs"],
            "in_index": -1,
        }
        found["aux_heads"] = [
            {"name": "aux_head", "decoder": "FCNDecoder", "decoder_args": arguments_of_head}
        ]
        found["aux_loss"] = {"aux_head": auxiliary["loss_weight"]}
    return found


def _backbone(
    facts: TrainingFacts, model: BaseModel, settings: Mapping[str, Any], arguments: Mapping[str, Any]
) -> dict[str, Any]:
    sources = [each.source for each in facts.sources]
    found: dict[str, Any] = {
        "backbone": model.backbone,
        "backbone_pretrained": settings["model"]["pretrained"],
    }
    if model.model_category == "terramind":
        assert model.modalities is not None
        bands = {source.name: _bands_of(source, arguments) for source in sources}
        known = [name for name in bands if name in model.modalities]
        return found | {
            "backbone_modalities": [name if name in known else {name: len(bands[name])} for name in bands],
            "backbone_bands": {name: bands[name] for name in known},
        }
    (source,) = sources
    bands_of_source = _bands_of(source, arguments)
    if model.model_category == "prithvi":
        frames = len(source.dates) if arguments.get("expand_temporal_dimension") else 1
        return found | {"backbone_bands": bands_of_source, "backbone_num_frames": frames}
    if model.model_category == "clay":
        return found | {
            "backbone_bands": [_clay_name(name) for name in bands_of_source],
            "backbone_img_size": settings["model"]["backbone_img_size"],
        }
    return found | {"backbone_in_chans": len(bands_of_source)}


def _bands_of(source: DataSource, arguments: Mapping[str, Any]) -> list[str]:
    """TerraTorch's names for the bands that come out; bands of several dates keep their own."""
    if source.dates and not arguments.get("expand_temporal_dimension"):
        out = arguments["output_bands"]
        return list(out[source.name] if isinstance(out, dict) else out)
    return [terratorch_name(band, source.name) for band in source.bands]


def _clay_name(name: str) -> str:
    """Clay's names of bands: blue, rededge1, nir, nir08, swir16."""
    words = {"NIR_BROAD": "nir", "NIR_NARROW": "nir08", "SWIR_1": "swir16", "SWIR_2": "swir22"}
    return words.get(name, name.lower().replace("_", ""))


def _necks(model: BaseModel) -> list[dict[str, Any]]:
    necks: list[dict[str, Any]] = [{"name": "SelectIndices", "indices": list(model.feature_layers)}]
    if model.model_category in VISION_TRANSFORMERS:
        tokens: dict[str, Any] = {"name": "ReshapeTokensToImage"}
        if model.model_category == "terramind":
            tokens["remove_cls_token"] = False
        necks += [tokens, {"name": "LearnedInterpolateToPyramidal"}]
    return necks


def _decoder(head: Mapping[str, Any]) -> dict[str, Any]:
    channels = head["channels"]
    found: dict[str, Any] = {"decoder": head["decoder"], "decoder_channels": channels}
    if head["decoder"] == "UNetDecoder":
        found["decoder_channels"] = [channels * 2, channels, channels // 2, channels // 4]
    if head["decoder"] == "FCNDecoder":
        found["decoder_num_convs"] = head["num_convs"]
    return found


def _band_notes(facts: TrainingFacts, model: BaseModel) -> list[str]:
    """Which bands the base model was not trained on: their weights begin at random."""
    notes = []
    for source in (each.source for each in facts.sources):
        known = model.bands if model.modalities is None else model.modalities.get(source.name, ())
        names = {band.name: terratorch_name(band, source.name) for band in source.bands}
        strange = [name for name, standard in names.items() if standard not in known]
        if strange:
            notes.append(f"{source.name}: {model.title} was not trained on {', '.join(strange)}.")
    return notes
