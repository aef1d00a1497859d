"""Work on the installation as a whole. FastAPI reads these annotations at run time."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from triptych.api.dependencies import Access, database_of, installation_of, needs
from triptych.api.job_routes import JobDocument, job_document
from triptych.core.access import Action
from triptych.jobs.repository import find
from triptych.jobs.view import describe
from triptych.maintenance.verification import VERIFYING
from triptych.people.events import record

router = APIRouter(tags=["maintenance"])


class BegunJob(BaseModel):
    """A job that was begun."""

    job: JobDocument


@router.post("/verify", status_code=202, response_model=BegunJob)
def verify(request: Request, access: Annotated[Access, needs(Action.ADMINISTER)]) -> Any:
    """Read every stored byte again and compare it with its hash; the job's result says what is damaged."""
    installation = installation_of(request)
    with installation.database.write() as connection:
        job_id = installation.jobs.submit(
            connection,
            kind=VERIFYING,
            title="Verify every stored byte",
            payload={"type": "verifying", "version": 1},
            organization_id=access.organization_id,
            user_id=access.user_id,
            dataset_id=None,
        )
        record(connection, access.subject, "began", "verification", job_id)
    installation.jobs.start(job_id)
    with database_of(request).read() as connection:
        row = find(connection, job_id)
    assert row is not None
    return {"job": job_document(describe(row))}
