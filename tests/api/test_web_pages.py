"""The page of the web UI and its files: policy, caching, compression, what is not there."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from triptych.api import web_pages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.house import House

HOST = "http://triptych.test"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small build in place of the real one, which a test must not need."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<meta name="csp-nonce" content="__NONCE__">')
    (tmp_path / "assets" / "index-abc.js").write_text("console.log(1)\n" * 100)
    (tmp_path / "assets" / "inter.woff2").write_bytes(b"wOF2")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    monkeypatch.setattr(web_pages, "BUILT", tmp_path)
    web_pages._asset.cache_clear()
    yield tmp_path
    web_pages._asset.cache_clear()


@pytest.mark.parametrize("address", ["/", "/datasets", "/datasets/a%2Fb/view", "/add", "/jobs/1", "/sign-in"])
def test_every_address_of_a_page_is_the_page(house: House, address: str) -> None:
    answer = house.client().get(HOST + address)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_the_policy_names_the_nonce_of_this_answer_and_no_other_site(house: House) -> None:
    answers = [house.client().get(f"{HOST}/") for _ in range(2)]
    nonces = [re.search('content="(.+?)"', answer.text) for answer in answers]
    assert nonces[0] is not None
    assert nonces[1] is not None
    assert nonces[0][1] != nonces[1][1]
    policy = answers[0].headers["content-security-policy"]
    assert f"'nonce-{nonces[0][1]}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy
    assert answers[0].headers["cache-control"] == "no-cache"


def test_files_are_cached_for_ever_and_compressed_for_those_who_take_it(house: House) -> None:
    plain = house.client().get(f"{HOST}/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in plain.headers
    packed = house.client().get(f"{HOST}/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, 9, mtime=0))
    assert packed.content == plain.content
    font = house.client().get(f"{HOST}/assets/inter.woff2", headers={"Accept-Encoding": "gzip"})
    assert font.headers["content-type"] == "font/woff2"
    assert "content-encoding" not in font.headers


@pytest.mark.parametrize("address", ["/assets/other.js", "/assets/..%2Findex.html", "/elsewhere"])
def test_what_is_not_there_is_404(house: House, address: str) -> None:
    answer = house.client().get(HOST + address)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_an_installation_without_pages_says_so(house: House, built: Path) -> None:
    (built / "index.html").unlink()
    answer = house.client().get(f"{HOST}/datasets")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "pages_missing"
    assert "make web" in answer.json()["error"]["hint"]
