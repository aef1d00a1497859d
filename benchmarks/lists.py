"""Pages, facets, searches and lists over a dataset of 1,000,000 items, through the application itself."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks import million
from benchmarks.homes import homes, make_dataset
from benchmarks.in_process import measure
from benchmarks.measuring import HEADER, Figures, row
from triptych.api.documents import encode_cursor

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from benchmarks.homes import Bench

ITEMS = 1_000_000
DATASETS = 1_000
CALLS = 20
MILLISECONDS = 100
KILOBYTES = 300
BASE = f"/datasets/{million.NAME}"
CLASSES = ["diagnosis:class0", "diagnosis:class1", "diagnosis:class2"]
COMMON = {"class": CLASSES, "part": ["train"], "size": ["512×512"], "bands": ["gray"]}


@dataclass(frozen=True, slots=True)
class Question:
    """A request: what it asks for, its path and its parameters."""

    what: str
    path: str
    query: dict[str, Any]


def main() -> None:
    """Print the tables."""
    print(f"wall and CPU: the median of {CALLS} requests to the application in this process, one at a time")
    for bench in homes():
        print(f"{bench.name}, {ITEMS:,} items")
        print(HEADER)
        fill(bench)
        for question in questions():
            print(ask(bench.client, question), flush=True)


def fill(bench: Bench) -> None:
    """Make the million items, and 1,000 datasets beside them."""
    database = bench.database
    made: list[str] = []
    figures = measure(lambda: made.append(million.add_rows(database, ITEMS)))
    print(row("  rows of items, layers and labels", figures, ""), flush=True)
    figures = measure(lambda: million.split_and_publish(database, made[0]))
    print(row("  split and published", figures, ""), flush=True)
    figures = measure(lambda: million.index_keys(database, made[0], ITEMS))
    print(row("  keys indexed for search", figures, ""), flush=True)
    with database.write() as connection:
        for number in range(DATASETS):
            make_dataset(connection, f"dataset {number}", created_at=float(number), tags=["bench"])
    bench.tidy()
    gc.collect()


def questions() -> Iterator[Question]:
    """Everything that a page of the web asks for."""

    def items(what: str, **query: Any) -> Question:
        return Question(what, f"{BASE}/items", {name.rstrip("_"): value for name, value in query.items()})

    def facets(what: str, **query: Any) -> Question:
        return Question(what, f"{BASE}/facets", {name.rstrip("_"): value for name, value in query.items()})

    study, middle = million.study_of(ITEMS // 2), encode_cursor((ITEMS // 2,))
    yield items("first page of 50")
    yield items("page from the middle", after=middle)
    yield facets("facets")
    yield items("class: common (40 %)", class_="diagnosis:class0")
    yield items("class: common, from the middle", class_="diagnosis:class0", after=middle)
    yield items("class: rare (50 items)", class_="diagnosis:class9")
    yield items("class: of boxes", class_="lesions:class1")
    yield items("class: rare, of boxes", class_="lesions:class2")
    yield items("class: in two sets", class_="class0")
    yield items("part", part="test")
    yield items("part, from the middle", part="test", after=middle)
    yield items("study", study=study)
    yield items("study and class", study=study, class_="diagnosis:class0")
    yield items("class and part", class_="diagnosis:class0", part="test")
    yield items("rare class and part", class_="diagnosis:class9", part="test")
    yield items("size: common", size="512×512")
    yield items("size: rare (100 items)", size="37×41")
    yield items("size: none has it", size="1×1")
    yield items("bit depth: 1 %", bit_depth=16)
    yield items("bit depth: none has it", bit_depth=12)
    yield items("bands: 1 %", bands="red green blue")
    yield items("bands: none has them", bands="alpha")
    yield items("series: none has it", series="Series2")
    yield items("duplicates", duplicates=True)
    yield items("flagged (100 items)", flagged=True)
    yield items("flagged and rare size", flagged=True, size="37×41")
    yield items("class and rare size", class_="diagnosis:class0", size="37×41")
    yield items("part and flagged", part="test", flagged=True)
    yield items("search: every key", search="image")
    yield items("search: every key, from the middle", search="image", after=middle)
    yield items("search: 100 keys", search="tient01234")
    yield items("search: one key", search=million.key_of(ITEMS - 1))
    yield items("search: no key", search="nowhere")
    yield items("search: two letters, every key", search="im")
    yield items("search: two letters, no key", search="qq")
    yield items("search and class, both common", search="image", class_="diagnosis:class0")
    yield items("rare search and common class", search="tient01234", class_="diagnosis:class0")
    yield items("common search and rare class", search="image", class_="diagnosis:class9")
    yield items("search and part", search="image", part="test")
    yield items("search and study", search="image", study=study)
    yield items("finding (100 items)", finding="exif_orientation")
    yield items("three classes of ten, two parts", class_=CLASSES, part=["train", "test"])
    yield items("ten studies", study=[million.study_of(10 * number) for number in range(10)])
    yield items("without duplicates", duplicates="none")
    yield facets("facets under a common class", class_="diagnosis:class0")
    yield facets("facets under three classes and two parts", class_=CLASSES, part=["train", "test"])
    yield facets("facets under class, part, size and bands", **COMMON)
    yield facets("facets under a rare class", class_="diagnosis:class9")
    yield facets("facets under a part", part="test")
    yield facets("facets under a study", study=study)
    yield facets("facets under a search", search="image")
    yield facets("facets under flagged", flagged=True)
    yield Question("milestones", f"{BASE}/items/milestones", {})
    yield Question("one item", f"{BASE}/item", {"key": million.key_of(ITEMS // 2)})
    yield Question("one item under a class", f"{BASE}/item", {"key": million.key_of(1), "class": CLASSES})
    yield Question("studies", f"{BASE}/studies", {})
    yield Question("studies, searched", f"{BASE}/studies", {"search": "01234"})
    yield Question("a series", f"{BASE}/series", {"study": study, "series": "Series1"})
    yield Question("the dataset", BASE, {})
    yield Question("statistics", f"{BASE}/statistics", {})
    yield Question("findings", f"{BASE}/findings", {})
    yield Question("duplicates, exact", f"{BASE}/duplicates", {"kind": "exact"})
    yield Question("duplicates, near", f"{BASE}/duplicates", {"kind": "near"})
    yield Question(f"list of {DATASETS:,} datasets", "/datasets", {})
    yield Question("list of datasets, searched", "/datasets", {"search": "dataset 77"})
    yield Question("list of datasets, none found", "/datasets", {"search": "nowhere"})


def ask(client: httpx.Client, question: Question) -> str:
    """The line of one question, asked several times."""
    walls: list[float] = []
    sizes: list[int] = []
    found: list[str] = []

    def call() -> None:
        for _ in range(CALLS):
            start = time.perf_counter()
            answer = client.get(question.path, params=question.query)
            walls.append(time.perf_counter() - start)
            answer.raise_for_status()
            sizes.append(len(answer.content))
            found[:] = [found_in(answer.json())]

    whole = measure(call)
    figures = Figures(statistics.median(walls), whole.cpu / CALLS, whole.peak)
    return row(
        f"  {question.what}: {found[0]}",
        figures,
        f"< {MILLISECONDS} ms, < {KILOBYTES} KB: {figures.wall * 1000:.1f}, worst {max(walls) * 1000:.1f} ms, "
        f"{max(sizes) / 1000:.1f} KB",
        missed=max(sizes) >= KILOBYTES * 1000,
    )


def found_in(document: dict[str, Any]) -> str:
    """How much an answer holds."""
    if "items" in document and isinstance(document["items"], list):
        return f"{len(document['items'])}{'' if document['next'] is None else ', more'}"
    if "facets" in document:
        exact = all(value["exact"] for facet in document["facets"] for value in facet["values"])
        parts = next(facet for facet in document["facets"] if facet["name"] == "part")
        total = sum(value["count"] for value in parts["values"])
        return f"{'' if exact else '≥ '}{total:,} in parts"
    if "cursors" in document:
        return f"{'' if document['exact'] else '≥ '}{document['total']:,}"
    return "one document"


if __name__ == "__main__":
    main()
