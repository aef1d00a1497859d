"""The one list of formats, and which of them a source is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from triptych.core.dataset import Modality
from triptych.core.errors import InvalidInput, Refused
from triptych.core.findings import Finding, Severity
from triptych.formats.base import Match, Refusal
from triptych.formats.pictures.inventory import nothing_to_import
from triptych.formats.pictures.layout import layout_of

if TYPE_CHECKING:
    from triptych.formats.base import Reader, SourceView, Writer


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """A format: its stable name, its title for people, its modality, and where its code is.

    `reader` and `writer` are "module:Class", imported when first used; a format may have only one of them.
    """

    name: str
    title: str
    modality: Modality
    reader: str | None = None
    writer: str | None = None

    def load_reader(self) -> Reader:
        """The reader. InvalidInput (`format_without_reader`) where the format is only written."""
        if self.reader is None:
            raise InvalidInput(
                f"{self.name} is a format to export, not to add.", code="format_without_reader"
            )
        return cast("Reader", _load(self.reader))

    def load_writer(self) -> Writer:
        """The writer. InvalidInput (`format_without_writer`) where the format is only read."""
        if self.writer is None:
            known = ", ".join(spec.name for spec in FORMATS if spec.writer)
            raise InvalidInput(
                f"{self.name} is a format to add, not to export.",
                code="format_without_writer",
                hint=f"Formats to export: {known}.",
            )
        return cast("Writer", _load(self.writer))


def _load(place: str) -> object:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)()


FORMATS = (
    FormatSpec(
        "parquet",
        "Parquet tables and pictures, as exported",
        Modality.PLANAR,
        "triptych.formats.parquet_export.reader:ParquetReader",
        "triptych.formats.parquet_export.writer:ParquetWriter",
    ),
    FormatSpec(
        "dicom",
        "DICOM, in series by its tags",
        Modality.PLANAR,
        "triptych.formats.dicom.reader:DicomReader",
    ),
    FormatSpec(
        "class_folders",
        "One folder of pictures per class",
        Modality.PLANAR,
        "triptych.formats.class_folders.reader:ClassFoldersReader",
        "triptych.formats.class_folders.writer:ClassFoldersWriter",
    ),
    FormatSpec(
        "study_series",
        "Pictures in folders of studies and series",
        Modality.PLANAR,
        "triptych.formats.study_series.reader:StudySeriesReader",
    ),
    FormatSpec(
        "image_label",
        "Pictures and label files",
        Modality.PLANAR,
        "triptych.formats.image_label.reader:ImageLabelReader",
        "triptych.formats.image_label.writer:ImageLabelWriter",
    ),
    FormatSpec(
        "coco",
        "COCO: instances in JSON",
        Modality.PLANAR,
        "triptych.formats.coco.reader:CocoReader",
        writer="triptych.formats.coco.writer:CocoWriter",
    ),
    FormatSpec(
        "yolo",
        "YOLO: a text file for each picture",
        Modality.PLANAR,
        "triptych.formats.yolo.reader:YoloReader",
        writer="triptych.formats.yolo.writer:YoloWriter",
    ),
    FormatSpec(
        "voc",
        "Pascal VOC: an XML file for each picture",
        Modality.PLANAR,
        "triptych.formats.voc.reader:VocReader",
        writer="triptych.formats.voc.writer:VocWriter",
    ),
    FormatSpec(
        "labelme",
        "LabelMe: a JSON file for each picture",
        Modality.PLANAR,
        "triptych.formats.labelme.reader:LabelMeReader",
        writer="triptych.formats.labelme.writer:LabelmeWriter",
    ),
    FormatSpec(
        "mask_pairs",
        "Pictures, and masks called as they are",
        Modality.PLANAR,
        "triptych.formats.mask_pairs.reader:MaskPairsReader",
    ),
    FormatSpec(
        "geotiff_pairs",
        "GeoTIFF chips, and labels called as they are",
        Modality.GEOSPATIAL,
        "triptych.formats.geotiff_pairs.reader:GeotiffPairsReader",
        "triptych.formats.geotiff_pairs.writer:GeotiffPairsWriter",
    ),
    FormatSpec(
        "image_only",
        "Pictures alone",
        Modality.PLANAR,
        "triptych.formats.image_only.reader:ImageOnlyReader",
    ),
)
"""All formats. A new one is a folder and a line here."""


class Proposal(NamedTuple):
    """A format's answer about a source."""

    spec: FormatSpec
    answer: Match | Refusal


def find_format(name: str) -> FormatSpec:
    """The format of that name; InvalidInput (`unknown_format`) lists those that there are."""
    for spec in FORMATS:
        if spec.name == name:
            return spec
    known = ", ".join(spec.name for spec in FORMATS)
    raise InvalidInput(f"There is no format {name!r}.", code="unknown_format", hint=f"Formats: {known}.")


def propose(view: SourceView) -> tuple[Proposal, ...]:
    """The answers of all formats that read: matches first, surest first, then refusals."""
    proposals = [Proposal(spec, spec.load_reader().detect(view)) for spec in FORMATS if spec.reader]
    return tuple(sorted(proposals, key=lambda proposal: -_confidence(proposal.answer)))


def _confidence(answer: Match | Refusal) -> float:
    return answer.confidence if isinstance(answer, Match) else -1.0


def choose(
    view: SourceView, format: str | None = None, modality: str | None = None
) -> tuple[FormatSpec, list[Finding]]:
    """The format to read a source with, and what to tell about the choice.

    A `format` that is named must accept the source; without one the best proposal of the `modality` counts.
    Raises Refused: `nothing_to_import` where there is no picture, `layout_not_recognised` where no format
    accepts it, with the reason of each as a finding; InvalidInput for an unknown format or modality.
    """
    if modality is not None and modality not in set(Modality):
        known = ", ".join(Modality)
        raise InvalidInput(
            f"There is no modality {modality!r}.", code="unknown_modality", hint=f"Known: {known}."
        )
    wanted = find_format(format) if format is not None else None
    proposals = propose(view)
    accepted = [
        proposal
        for proposal in proposals
        if isinstance(proposal.answer, Match)
        and (wanted is None or proposal.spec == wanted)
        and (modality is None or proposal.spec.modality == modality)
    ]
    if not accepted:
        raise _refusal(view, proposals, wanted, modality)
    best = accepted[0]
    return best.spec, [_chosen(best, accepted[1:], asked=wanted is not None)]


def _chosen(best: Proposal, others: list[Proposal], *, asked: bool) -> Finding:
    message = f"It is read as {best.spec.name} ({best.spec.title}): {best.answer.why}"
    if others:
        message += f" Also possible: {', '.join(other.spec.name for other in others)}."
    hint = "" if asked else "Name another with --format."
    return Finding(Severity.NOTE, "format_chosen", message, hint, "", 1, (best.spec.name,))


def _refusal(
    view: SourceView, proposals: tuple[Proposal, ...], wanted: FormatSpec | None, modality: str | None
) -> Refused:
    reasons = [
        Finding(Severity.NOTE, "format_refused", f"{spec.name}: {answer.why}", answer.hint, spec.name)
        for spec, answer in proposals
        if isinstance(answer, Refusal) and (wanted is None or spec == wanted)
    ]
    others = [proposal.spec.name for proposal in proposals if isinstance(proposal.answer, Match)]
    if not others and not view.once(layout_of).pictures:
        refusal = nothing_to_import(view)
        return Refused(
            refusal.message, code=refusal.code, hint=refusal.hint, findings=[*view.findings, *reasons]
        )
    if wanted is not None and reasons:
        message = f"It cannot be read as {wanted.name}: {reasons[0].message.partition(': ')[2]}"
        hint = f"{reasons[0].hint} Or leave out --format{_read_as(others)}.".strip()
    elif modality is not None:
        message = f"No format of the modality {modality} reads it."
        hint = f"Leave out --modality{_read_as(others)}."
    else:
        message = "No format reads it."
        hint = "Pack the pictures into a folder called image, and label.csv beside it."
    return Refused(message, code="layout_not_recognised", hint=hint, findings=[*view.findings, *reasons])


def _read_as(names: list[str]) -> str:
    return f": it is then read as {names[0]}" if names else ""
