"""A job that fails after it has published, or is begun anew, harms nothing that is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support import pictures

from triptych.core.errors import TriptychError, Unavailable
from triptych.onboarding import stages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.studio import Studio


def _last_job(studio: Studio) -> dict[str, Any]:
    job: dict[str, Any] = studio.connection.get("/jobs", limit=1)["items"][0]
    return job


@pytest.mark.parametrize("source_stays", [True, False])
def test_a_dataset_whose_index_could_not_be_made_is_there_and_stays_there_through_the_retry(
    plain_studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source_stays: bool
) -> None:
    name = f"indexed-{source_stays}"
    source = pictures.detection_zip(tmp_path / f"{name}.zip")

    def fail(*_: object) -> None:
        raise Unavailable("The database does not answer.", code="database_unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(stages, "index_keys", fail)
        with pytest.raises(TriptychError) as caught:
            plain_studio.add(source)
    assert caught.value.code == "database_unavailable"
    before = plain_studio.show(name)
    assert (before["state"], before["version"]) == ("ready", 1)
    if not source_stays:
        source.unlink()
    plain_studio.connection.post(f"/jobs/{_last_job(plain_studio)['id']}/retry")
    plain_studio.wait(_last_job(plain_studio)["id"])
    after = plain_studio.show(name)
    assert (after["state"], after["content_hash"]) == ("ready", before["content_hash"])
    assert [item["key"] for item in plain_studio.items(name, search="cell_003")] == ["cell_003.jpg"]
