"""Open a source and say what it is: the one check that the pre-scan, the wizard and the job share."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from triptych.core.errors import Refused
from triptych.core.findings import FindingLog
from triptych.formats.base import ReaderOptions, SourceView, view_of
from triptych.formats.registry import choose, propose
from triptych.storage.sources import SourceLimits, open_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from triptych.core.dataset import Inventory
    from triptych.core.findings import Finding
    from triptych.formats.registry import Proposal
    from triptych.settings import Settings
    from triptych.storage.sources import OpenedSource, SourceRef


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asked for: nothing, or a format, a modality and options (`labels=ignore`, …)."""

    format: str | None = None
    modality: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str) -> str | None:
        """The value of an option, None when it was not given."""
        return dict(self.options).get(name)


@dataclass(frozen=True, slots=True)
class Checked:
    """An opened source and what was found in it."""

    root: OpenedSource
    view: SourceView
    proposals: tuple[Proposal, ...]
    inventory: Inventory
    findings: tuple[Finding, ...]


@contextmanager
def check_source(
    reference: SourceRef, wish: Wish, settings: Settings, staging: Path, most_headers: int | None = None
) -> Iterator[Checked]:
    """Open a source and read its inventory; no pixel is decoded.

    Raises Refused by the rule on refusing: names that leave the folder, containers that cannot be opened,
    nothing left to import, label files of which nothing can be used.
    """
    with open_source(
        wished(reference, wish),
        limits_of(settings),
        private_networks=settings.private_networks,
        staging=staging,
    ) as opened:
        yield check_opened(opened, wish, settings, most_headers)


def wished(reference: SourceRef, wish: Wish) -> SourceRef:
    """The source, opened with what the person wishes of its names."""
    encoding = wish.option("encoding")
    return reference if encoding is None else reference.with_option("encoding", encoding)


def limits_of(settings: Settings) -> SourceLimits:
    """The limits on a source."""
    return SourceLimits(
        file_bytes=settings.file_bytes, total_bytes=settings.job_bytes, source_bytes=settings.upload_bytes
    )


def check_opened(
    opened: OpenedSource, wish: Wish, settings: Settings, most_headers: int | None = None
) -> Checked:
    """The check under the encoding of names that makes most labels fit; usually there is but one candidate.

    Raises Refused as `check_source`.
    """
    candidates = [opened]
    if wish.option("encoding") is None:
        candidates += [opened.with_names(guess.encoding) for guess in opened.name_guesses[1:]]
    best: Checked | None = None
    fewest = -1
    refusal: Refused | None = None
    for candidate in candidates:
        try:
            checked = _check(candidate, wish, settings, most_headers)
        except Refused as error:
            refusal = refusal or error
            continue
        unmatched = sum(f.count for f in checked.findings if f.code == "label_without_image")
        if best is None or unmatched < fewest:
            best, fewest = checked, unmatched
        if unmatched == 0:
            break
    if best is None:
        assert refusal is not None
        raise refusal
    return best


def _check(opened: OpenedSource, wish: Wish, settings: Settings, most_headers: int | None) -> Checked:
    view = view_of(opened, most_headers)
    spec, chosen = choose(view, wish.format, wish.modality)
    wished_of_reader = reader_options(
        wish.options, class_min=settings.class_min, collections=settings.collections
    )
    inventory = spec.load_reader().inventory(view, wished_of_reader)
    if not inventory.items:
        raise Refused(
            "The upload holds no picture and no chip that can be imported.",
            code="nothing_to_import",
            hint="Put .jpg, .png or .dcm files into a folder called image, or GeoTIFF files with their masks; "
            "docs/formats lists every layout.",
            findings=inventory.findings,
        )
    log = FindingLog()
    for path, _, reason in opened.skipped:
        log.warn(
            "members_skipped",
            "Entries of the source are not files that can be kept, and are left out.",
            "Pack them as ordinary files with shorter names, where they matter.",
            f"{path}: {reason}",
        )
    for part in (opened.findings, view.findings, chosen, inventory.findings):
        log.extend(list(part))
    return Checked(opened, view, propose(view), inventory, log.all())


def reader_options(options: tuple[tuple[str, str], ...], **defaults: int | str) -> ReaderOptions:
    """What a person chose, over `defaults`; InvalidInput (`unknown_option`) names what is not known."""
    pairs = dict(options)
    names = pairs.pop("encoding", None)
    if names is not None:
        pairs.setdefault("csv_encoding", names)
    return ReaderOptions.of(pairs, **defaults)


def parse_options(options: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Options in a fixed order, so that equal wishes are equal values."""
    return tuple(sorted(options.items()))
