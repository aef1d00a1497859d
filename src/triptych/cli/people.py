"""user, token, root: who may come in, with what, and which folders of the server may be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from triptych.cli.context import Context, accept_globals, verb
from triptych.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triptych.client.connection import Connection

user_app = typer.Typer(
    callback=accept_globals, no_args_is_help=True, help="Add people, list them, change what they may do."
)
token_app = typer.Typer(callback=accept_globals, no_args_is_help=True, help="Tokens for programs.")
root_app = typer.Typer(
    callback=accept_globals, no_args_is_help=True, help="Folders on the server that datasets may come from."
)

RoleOption = Annotated[
    str, typer.Option("--role", help="administrator, dataset_manager, team_manager or member.")
]


@verb
def user_add(
    context: Context,
    email: Annotated[str, typer.Argument(help="Where the person is written to.", show_default=False)],
    name: Annotated[
        str | None, typer.Option("--name", help="What the person is called.", show_default=False)
    ] = None,
    role: RoleOption = "member",
) -> None:
    """Add a person; prints a sign-in link for them."""
    body = {"email": email, "name": name or email.partition("@")[0], "role": role}
    from triptych.cli.reach import reach
    from triptych.client.in_process import ADDRESS

    with reach(context) as connection:
        document = connection.post("/users", body)
        server = "" if connection.address == ADDRESS else connection.address
    if context.json:
        context.output.document(document)
        return
    context.output.show(f"{email} is a {role.replace('_', ' ')}.")
    link = document.get("sign_in_link")
    if link:
        context.output.show(f"Sign in once at: {server}{link}")
        if not server:
            context.output.say("The link begins with the server's address once `triptych serve` runs.")


@verb
def user_list(context: Context) -> None:
    """List the people of the organization."""
    _table(
        context,
        "/users",
        [("E-mail", "email"), ("Name", "name"), ("Role", "role"), ("Active", "active"), ("Id", "id")],
    )


@verb
def user_role(
    context: Context,
    user: Annotated[str, typer.Argument(help="E-mail or id.", show_default=False)],
    role: Annotated[
        str,
        typer.Argument(help="administrator, dataset_manager, team_manager or member.", show_default=False),
    ],
) -> None:
    """Change what a person may do."""
    from triptych.cli.reach import reach
    from triptych.client.connection import segment

    with reach(context) as connection:
        person = _person(connection, user)
        document = connection.patch(f"/users/{segment(person['id'])}", {"role": role})
    _done(context, document, f"{person['email']} is a {role.replace('_', ' ')}.")


@verb
def token_new(
    context: Context,
    name: Annotated[str, typer.Argument(help="What the token is for.", show_default=False)],
    days: Annotated[
        float | None, typer.Option("--days", min=0, help="Days that it is valid.", show_default="for good")
    ] = None,
) -> None:
    """Make a token; it is shown once."""
    from triptych.cli.reach import reach

    with reach(context) as connection:
        document = connection.post("/tokens", {"name": name, "days": days})
    if context.json:
        context.output.document(document)
        return
    context.output.show(str(document["token"]))
    context.output.say("The token is not shown again. Give it as TRIPTYCH_TOKEN.")


@verb
def token_list(context: Context) -> None:
    """List tokens by their first letters."""
    _table(
        context,
        "/tokens",
        [("Name", "name"), ("Begins with", "prefix"), ("Made", "created_at"), ("Used", "last_used_at"),
         ("Revoked", "revoked_at"), ("Id", "id")],
    )  # fmt: skip


@verb
def token_revoke(
    context: Context,
    token: Annotated[str, typer.Argument(help="Name, first letters or id.", show_default=False)],
) -> None:
    """Revoke a token; from then on it opens nothing."""
    from triptych.cli.reach import reach
    from triptych.client.connection import segment

    with reach(context) as connection:
        live = [entry for entry in connection.all("/tokens") if not entry.get("revoked_at")]
        found = _one(live, token, ("id", "name", "prefix"), "token")
        document = connection.delete(f"/tokens/{segment(found['id'])}")
    _done(context, document or {"id": found["id"], "revoked": True}, f"{found['name']} is revoked.")


@verb
def root_add(
    context: Context,
    name: Annotated[str, typer.Argument(help="What the folder is called: root:NAME.", show_default=False)],
    path: Annotated[Path, typer.Argument(help="The folder on the server.", show_default=False)],
) -> None:
    """Register a folder of the server."""
    from triptych.cli.reach import reach

    with reach(context) as connection:
        # A path on another machine means nothing here; it is sent as it was typed.
        folder = path.expanduser().absolute() if connection.reads_local_paths else path
        document = connection.post("/roots", {"name": name, "path": str(folder)})
    _done(context, document, f"root:{name} is {folder}.")


@verb
def root_list(context: Context) -> None:
    """List registered folders."""
    _table(context, "/roots", [("Name", "name"), ("Folder", "path"), ("Registered", "created_at")])


@verb
def root_rm(
    context: Context,
    name: Annotated[str, typer.Argument(help="Name of the root.", show_default=False)],
) -> None:
    """Forget a registered folder; its files stay."""
    from triptych.cli.reach import reach
    from triptych.client.connection import segment

    with reach(context) as connection:
        found = _one(list(connection.all("/roots")), name, ("name", "id"), "root")
        document = connection.delete(f"/roots/{segment(found['id'])}")
    _done(context, document or {"name": name}, f"root:{name} is no longer registered.")


user_app.command("add")(user_add)
user_app.command("list")(user_list)
user_app.command("role")(user_role)
token_app.command("new")(token_new)
token_app.command("list")(token_list)
token_app.command("revoke")(token_revoke)
root_app.command("add")(root_add)
root_app.command("list")(root_list)
root_app.command("rm")(root_rm)


def _done(context: Context, document: Any, message: str) -> None:
    if context.json:
        context.output.document(document)
    else:
        context.output.say(message)


def _table(context: Context, path: str, columns: Sequence[tuple[str, str]]) -> None:
    from triptych.cli.reach import reach

    with reach(context) as connection:
        rows = list(connection.all(path))
    if context.json:
        context.output.document({"items": rows, "next": None})
        return
    from triptych.cli.tables import Column, table

    made = [Column(title, flexible=number < 2) for number, (title, _) in enumerate(columns)]
    context.output.show(table(made, [[_cell(key, row.get(key)) for _, key in columns] for row in rows]))


def _cell(key: str, value: Any) -> str:
    from triptych.cli.words import moment

    if key.endswith("_at"):
        return moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _person(connection: Connection, user: str) -> dict[str, Any]:
    return _one(list(connection.all("/users")), user.casefold(), ("id", "email"), "person")


def _one(entries: Sequence[dict[str, Any]], text: str, keys: Sequence[str], noun: str) -> dict[str, Any]:
    for key in keys:
        found = [entry for entry in entries if entry.get(key) == text]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(
                f"{len(found)} {noun}s are called {text!r}.", code="ambiguous", hint="Give the id instead."
            )
    raise NotFound(f"There is no {noun} {text!r}.", hint=f"`triptych {_NOUN_VERB[noun]} list` lists them.")


_NOUN_VERB = {"person": "user", "token": "token", "root": "root"}
