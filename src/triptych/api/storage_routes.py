"""What is stored, and how much may be. FastAPI reads these annotations at run time."""

from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from triptych.api.access_things import visible_datasets
from triptych.api.dependencies import Access, installation_of, signed_in
from triptych.api.upload_rows import coming_bytes, quota_of, stored_bytes
from triptych.core.dataset import State
from triptych.db.tables import datasets
from triptych.storage.uploads import UploadFolder

router = APIRouter(tags=["storage"])


class StorageView(BaseModel):
    """What the caller's organization stores, and its quota, null for none; of datasets those that the caller may
    see are counted. `uploads_bytes` are of uploads that no dataset was made of yet, at their full length."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "stored_bytes": 52_000_000_000,
                "quota_bytes": 200_000_000_000,
                "datasets": 12,
                "trashed_datasets": 1,
                "uploads_bytes": 0,
            }
        }
    )

    stored_bytes: int
    quota_bytes: int | None
    datasets: int
    trashed_datasets: int
    uploads_bytes: int


@router.get("/storage", summary="What is stored, and how much may be", response_model=StorageView)
def storage(request: Request, access: Annotated[Access, signed_in()]) -> Any:
    installation, subject = installation_of(request), access.subject
    in_trash = datasets.c.state == State.TRASHED.value
    counts = sa.select(sa.func.count().filter(sa.not_(in_trash)), sa.func.count().filter(in_trash))
    with installation.database.read() as connection:
        lying, trashed = connection.execute(
            counts.select_from(datasets).where(visible_datasets(subject))
        ).one()
        return {
            "stored_bytes": stored_bytes(connection, subject),
            "quota_bytes": quota_of(connection, subject, installation.settings),
            "datasets": lying,
            "trashed_datasets": trashed,
            "uploads_bytes": coming_bytes(connection, subject, UploadFolder(installation.settings.home)),
        }
