"""The kinds of jobs of onboarding, as data."""

from __future__ import annotations

from triptych.jobs.runner import Runner, Stage
from triptych.onboarding import annotating_check, annotating_publish, endings, stages
from triptych.onboarding.annotating import ANNOTATE
from triptych.onboarding.service import KEEPING, ONBOARDING
from triptych.onboarding.session import close_source

ONBOARDING_RUNNER = Runner(
    kind=ONBOARDING,
    stages=(
        Stage("fetch", stages.fetch),
        Stage("check", stages.check),
        Stage("import", stages.import_pictures),
        Stage("labels", stages.labels),
        Stage("publish", stages.publish),
        Stage("index", stages.index),
    ),
    on_failure=endings.ended_badly,
    on_cancel=endings.ended_badly,
    on_leave=lambda context: close_source(context.job_id),
)

KEEPING_RUNNER = Runner(
    kind=KEEPING,
    stages=(Stage("publish", stages.publish_kept), Stage("index", stages.index_kept)),
    on_failure=endings.keeping_ended_badly,
    on_cancel=endings.keeping_ended_badly,
)

ANNOTATE_RUNNER = Runner(
    kind=ANNOTATE,
    stages=(
        Stage("fetch", annotating_check.fetch),
        Stage("check", annotating_check.check),
        Stage("labels", annotating_publish.labels),
        Stage("publish", annotating_publish.publish),
    ),
    on_failure=annotating_publish.ended_badly,
    on_cancel=annotating_publish.ended_badly,
    on_leave=annotating_check.forget_drafts,
)
