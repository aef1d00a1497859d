"""Sources behind a URL: few big reads, one state from first to last byte, downloads that go on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.archives import honest_zip
from tests.support.web_server import Web, serve
from triptych.core.errors import Refused, TriptychError, Unavailable
from triptych.storage import download as download_module
from triptych.storage import http_source
from triptych.storage.download import download
from triptych.storage.sources import SourceLimits, SourceRef, open_reader, open_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = SourceLimits()
FILES = {f"image/{number:03d}.png": os.urandom(40_000) for number in range(100)}


@pytest.fixture
def web() -> Iterator[Web]:
    with serve(Web(honest_zip(FILES, method=0))) as site:
        yield site


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_source, "_PAUSE", 0.001)
    monkeypatch.setattr(download_module, "_PAUSE", 0.001)


def test_a_zip_behind_a_url_is_opened_from_its_tail_alone(web: Web, tmp_path: Path) -> None:
    ref = SourceRef.of_url(web.url())
    with open_source(ref, LIMITS, private_networks=True, staging=tmp_path) as opened:
        assert len(opened.members) == 100
        assert len(web.asked) == 2  # are there ranges, and what is it; the tail
        assert web.sent <= 512 + 65_536
        assert opened.reader.read(opened.members[7]) == FILES["image/007.png"]
        assert opened.resolved.etag == '"one"'
        assert opened.resolved.size == len(web.data)
        worker = open_reader(opened.resolved, private_networks=True)
        assert worker.head(opened.members[9], 100) == FILES["image/009.png"][:100]
        assert web.connections == 2  # one for each reader, used again and again
        worker.close()
    assert list(tmp_path.iterdir()) == []


def test_heads_of_neighbours_come_in_few_reads(tmp_path: Path) -> None:
    files = {f"{number}.png": os.urandom(3_000) for number in range(200)}
    with (
        serve(Web(honest_zip(files))) as web,
        open_source(SourceRef.of_url(web.url()), LIMITS, private_networks=True, staging=tmp_path) as opened,
    ):
        before = len(web.asked)
        opened.reader.prefetch(opened.members, 64)  # type: ignore[attr-defined]
        assert [opened.reader.head(member, 64) for member in opened.members] == [
            data[:64] for data in files.values()
        ]
        assert len(web.asked) - before == 1


def test_a_file_that_changes_in_between_is_refused(web: Web, tmp_path: Path) -> None:
    ref = SourceRef.of_url(web.url())
    with open_source(ref, LIMITS, private_networks=True, staging=tmp_path) as opened:
        web.etag = '"two"'
        with pytest.raises(Refused) as refusal:
            opened.reader.read(opened.members[0])
        assert refusal.value.code == "source_changed"
        with pytest.raises(Refused) as refusal:
            open_reader(opened.resolved, private_networks=True)
        assert refusal.value.code == "source_changed"
        with pytest.raises(Refused) as refusal:
            download(opened.resolved, tmp_path / "x.zip", _ignore, LIMITS, private_networks=True)
        assert refusal.value.code == "source_changed"
    assert list(tmp_path.iterdir()) == []


def _ignore(got: int, size: int | None) -> None:
    pass


def test_without_ranges_the_file_is_fetched_first(web: Web, tmp_path: Path) -> None:
    web.ranges = False
    ref = SourceRef.of_url(web.url())
    with open_source(ref, LIMITS, private_networks=True, staging=tmp_path) as opened:
        assert opened.resolved.kind == "file"
        reader = open_reader(opened.resolved)
        assert {m.path: reader.read(m) for m in opened.members} == FILES
        reader.close()
    assert list(tmp_path.iterdir()) == []


def test_a_broken_download_goes_on_where_it_stopped(web: Web, tmp_path: Path) -> None:
    web.break_after = [1_000_000, 500_000]
    seen: list[tuple[int, int | None]] = []
    target = tmp_path / "sub" / "x.zip"
    local = download(
        SourceRef.of_url(web.url()),
        target,
        lambda got, size: seen.append((got, size)),
        LIMITS,
        private_networks=True,
    )
    assert target.read_bytes() == web.data
    assert [asked for _, asked in web.asked] == ["", "bytes=1000000-", "bytes=1500000-"]
    assert web.sent == len(web.data)
    assert seen[-1] == (len(web.data), len(web.data))
    assert [path.name for path in target.parent.iterdir()] == ["x.zip"]
    assert (local.kind, local.filename, local.size) == ("file", "data.zip", len(web.data))


def test_a_download_goes_on_after_the_process_died(web: Web, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    with pytest.raises(RuntimeError):
        download(SourceRef.of_url(web.url()), target, _die_at(1_000_000), LIMITS, private_networks=True)
    web.asked.clear()
    arrived = (tmp_path / "x.zip.part").stat().st_size
    assert arrived >= 1_000_000
    download(SourceRef.of_url(web.url()), target, _ignore, LIMITS, private_networks=True)
    assert target.read_bytes() == web.data
    assert web.asked == [("/data.zip", f"bytes={arrived}-")]


def _die_at(limit: int) -> download_module.Progress:
    def progress(got: int, _size: int | None) -> None:
        if got >= limit:
            raise RuntimeError("killed")

    return progress


def test_a_download_of_another_state_begins_again(web: Web, tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    with pytest.raises(RuntimeError):
        download(SourceRef.of_url(web.url()), target, _die_at(1_000_000), LIMITS, private_networks=True)
    web.etag, web.data = '"two"', honest_zip({"other.png": os.urandom(2_000_000)})
    download(SourceRef.of_url(web.url()), target, _ignore, LIMITS, private_networks=True)
    assert target.read_bytes() == web.data


def test_a_download_beyond_the_limit_is_refused_and_leaves_nothing(web: Web, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        download(
            SourceRef.of_url(web.url()),
            tmp_path / "x",
            _ignore,
            SourceLimits(source_bytes=1000),
            private_networks=True,
        )
    assert refusal.value.code == "over_limit"
    assert list(tmp_path.iterdir()) == []


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(web: Web, tmp_path: Path) -> None:
    web.statuses = [503, 429]
    with open_source(SourceRef.of_url(web.url()), LIMITS, private_networks=True, staging=tmp_path) as opened:
        assert len(opened.members) == 100
    web.asked.clear()
    with pytest.raises(Refused) as refusal:
        _open(web.url("/missing.zip"), tmp_path)
    assert (refusal.value.code, len(web.asked)) == ("source_not_found", 1)
    web.statuses = [500] * 9
    with pytest.raises(Unavailable) as absence:
        _open(web.url(), tmp_path)
    assert absence.value.code == "source_unreachable"


def _open(url: str, staging: Path) -> None:
    with open_source(SourceRef.of_url(url), LIMITS, private_networks=True, staging=staging):
        pass


def test_redirects_are_followed_five_times_and_no_more(web: Web, tmp_path: Path) -> None:
    web.redirects = {f"/{n}": f"/{n + 1}" for n in range(4)} | {"/4": "/data.zip"}
    _open(web.url("/0"), tmp_path)
    web.redirects["/4"] = "/5"
    web.redirects["/5"] = "/data.zip"
    with pytest.raises(Refused) as refusal:
        _open(web.url("/0"), tmp_path)
    assert refusal.value.code == "too_many_redirects"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://h/x.zip", "http://u:p@127.0.0.1/x.zip"])
def test_a_redirect_is_judged_like_the_address_itself(web: Web, location: str, tmp_path: Path) -> None:
    web.redirects = {"/go": location}
    with pytest.raises(TriptychError) as refusal:
        _open(web.url("/go"), tmp_path)
    assert refusal.value.code == "bad_address"


def test_messages_name_the_host_and_never_the_query(web: Web, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        _open(web.url("/missing.zip") + "?signature=secret", tmp_path)
    assert "secret" not in f"{refusal.value.message} {refusal.value.hint}"
