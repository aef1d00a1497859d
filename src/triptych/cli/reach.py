"""One way to every installation: an HTTP server, the server that runs on the home, or none at all.

Without a server the application itself runs in this process and gets the same requests.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from triptych.cli.collecting import uncollected
from triptych.core.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triptych.cli.context import Context
    from triptych.client.connection import Connection
    from triptych.installation import Installation
    from triptych.settings import Settings

DECODING = ("triptych.onboarding.worker",)
"""What the processes that decode pictures import."""


@contextmanager
def reach(context: Context, *, work: bool = False) -> Iterator[Connection]:
    """A connection to the installation that the global options name.

    `work` says that the verb starts jobs: without a server they run in this process, which then must stay
    until they end.
    """
    from triptych.client.connection import Connection
    from triptych.client.home_server import LOCAL_HEADER, running_server

    address = context.server_address
    if address is not None:
        if context.home is not None:
            raise InvalidInput(
                "Both --home and --server are given.", code="two_places", hint="Leave one of them out."
            )
        with Connection(_complete(address), token=context.server_token) as connection:
            yield connection
        return
    settings = context.settings()
    server = running_server(settings.home)
    if server is not None:
        headers = {LOCAL_HEADER: server.secret}
        with Connection(server.address, headers=headers, reads_local_paths=True, trusted=True) as connection:
            yield connection
        return
    with in_process(settings, work=work) as connection:
        yield connection


@contextmanager
def in_process(settings: Settings, *, work: bool) -> Iterator[Connection]:
    """The application of a home in this process."""
    with ExitStack() as stack:
        with uncollected():
            from triptych.assembly import open_installation

            installation = stack.enter_context(open_installation(settings, work=work))
            if work:
                installation.compute.prepare(DECODING)
            connection = stack.enter_context(_connection(installation))
        yield connection


def _connection(installation: Installation) -> Connection:
    from triptych.api.app import create_app
    from triptych.client.connection import Connection
    from triptych.client.home_server import LOCAL_HEADER
    from triptych.client.in_process import ADDRESS, InProcessTransport

    return Connection(
        ADDRESS,
        headers={LOCAL_HEADER: installation.local_secret},
        transport=InProcessTransport(create_app(installation, on_demand=True)),
        reads_local_paths=True,
        pause=installation.jobs.pause,
    )


def _complete(address: str) -> str:
    return address if "://" in address else f"http://{address}"
