"""What the API takes and gives of people: sessions, users, teams, tokens, registered folders."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from triptych.core.access import Role

_ID = "0193a5c0f1e2a1b2c3d4e5f6"
_TIME = 1795000000.5


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": values})


def _shown(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": values})


class SignIn(BaseModel):
    """Either an e-mail with its password, or the secret of a one-time sign-in link."""

    model_config = _example(email="ada@example.org", password="correct horse battery")

    email: str | None = Field(default=None, max_length=254)
    password: str | None = Field(default=None, max_length=1000)
    link: str | None = Field(default=None, max_length=200)


class TeamOfUser(BaseModel):
    """A team as one of its members sees it."""

    model_config = _shown(id=_ID, name="Radiology", manages=False)

    id: str
    name: str
    manages: bool


class UserView(BaseModel):
    """A user. Times are seconds since 1970, UTC."""

    model_config = _shown(
        id=_ID,
        email="ada@example.org",
        name="Ada Lovelace",
        role="member",
        teams=[{"id": _ID, "name": "Radiology", "manages": False}],
        active=True,
        created_at=_TIME,
    )

    id: str
    email: str
    name: str
    role: Role
    teams: list[TeamOfUser]
    active: bool
    created_at: float


class SessionView(BaseModel):
    """Who is signed in. `expires_at` is null for tokens and the local command line; `warnings` say what is
    weak about this session."""

    model_config = _shown(
        user={
            "id": _ID,
            "email": "ada@example.org",
            "name": "Ada Lovelace",
            "role": "administrator",
            "teams": [],
            "active": True,
            "created_at": _TIME,
        },
        organization="home",
        expires_at=_TIME,
        warnings=[],
    )

    user: UserView
    organization: str
    expires_at: float | None
    warnings: list[str]


class NewUser(BaseModel):
    """A user to add. Without a password the answer holds a one-time sign-in link for them."""

    model_config = _example(email="ada@example.org", name="Ada Lovelace", role="member")

    email: str = Field(max_length=254)
    name: str = Field(max_length=200)
    role: Role = Role.MEMBER
    password: str | None = Field(default=None, max_length=1000)


class AddedUser(UserView):
    """A new user, and the path of their one-time sign-in link; null when they have a password."""

    sign_in_link: str | None


class UserChange(BaseModel):
    """What to change of a user; what is absent stays."""

    model_config = _example(role="dataset_manager")

    name: str | None = Field(default=None, max_length=200)
    role: Role | None = None
    active: bool | None = None


class PasswordChange(BaseModel):
    """A new password. Who changes their own and has one gives the current one too."""

    model_config = _example(password="a longer sentence is better", current="correct horse battery")

    password: str = Field(max_length=1000)
    current: str | None = Field(default=None, max_length=1000)


class SignInLink(BaseModel):
    """The path of a one-time sign-in link, shown once; it follows the address of the server."""

    model_config = _shown(sign_in_link="/sign-in#q3VnL0x5b2ZkT0p1Z2hZb2tRZ1pQd0xhUjZ2c0E2d1U")

    sign_in_link: str


class NewTeam(BaseModel):
    """A team to add, or its new name."""

    model_config = _example(name="Radiology")

    name: str = Field(max_length=200)


class MemberView(BaseModel):
    """A member of a team."""

    model_config = _shown(id=_ID, name="Ada Lovelace", email="ada@example.org", manages=True)

    id: str
    name: str
    email: str
    manages: bool


class TeamView(BaseModel):
    """A team with its members."""

    model_config = _shown(
        id=_ID,
        name="Radiology",
        created_at=_TIME,
        members=[{"id": _ID, "name": "Ada Lovelace", "email": "ada@example.org", "manages": True}],
    )

    id: str
    name: str
    created_at: float
    members: list[MemberView]


class Membership(BaseModel):
    """How a user is in a team."""

    model_config = _example(manages=False)

    manages: bool = False


class NewToken(BaseModel):
    """An API token to make. `days` is how long it works, null until it is revoked."""

    model_config = _example(name="training on the cluster", days=90)

    name: str = Field(max_length=200)
    days: float | None = Field(default=None, gt=0, le=3660, allow_inf_nan=False)


class TokenView(BaseModel):
    """An API token, by its first letters; the token itself is shown once, when it is made."""

    model_config = _shown(
        id=_ID,
        name="training on the cluster",
        prefix="tri_Ab3xY9",
        created_at=_TIME,
        expires_at=None,
        revoked_at=None,
        last_used_at=None,
    )

    id: str
    name: str
    prefix: str
    created_at: float
    expires_at: float | None
    revoked_at: float | None
    last_used_at: float | None


class AddedToken(TokenView):
    """A new token; `token` is shown this once."""

    token: str


class NewRoot(BaseModel):
    """A folder of the server to register."""

    model_config = _example(name="scans", path="/srv/scans")

    name: str = Field(max_length=200)
    path: str = Field(max_length=4000)


class RootView(BaseModel):
    """A registered folder. `path` is null for who may not administer."""

    model_config = _shown(id=_ID, name="scans", path="/srv/scans", created_at=_TIME)

    id: str
    name: str
    path: str | None
    created_at: float


_NOTIFICATION = {
    "id": 812,
    "at": _TIME,
    "kind": "dataset_ready",
    "title": "“Blood cells” is ready",
    "text": "364 items.",
    "dataset": {"id": _ID, "name": "blood_cells"},
    "job": _ID,
    "read": False,
}


class DatasetLink(BaseModel):
    """A dataset, to lead to."""

    id: str
    name: str


class NotificationView(BaseModel):
    """Something that happened to a dataset of the caller's, or that a job came to which they began. `dataset` is
    null when it is gone, `job` when it was no job. New kinds may come: show `title` and `text` of any."""

    model_config = _shown(**_NOTIFICATION)

    id: int
    at: float
    kind: str
    title: str
    text: str
    dataset: DatasetLink | None
    job: str | None
    read: bool


class NotificationPage(BaseModel):
    """One page of notifications, newest first; `unread` counts all of them."""

    model_config = _shown(items=[_NOTIFICATION], next=None, unread=1)

    items: list[NotificationView]
    next: str | None
    unread: int


class ReadUntil(BaseModel):
    """The newest notification that was seen: it and all older ones are read."""

    model_config = _example(until=812)

    until: int = Field(ge=0, lt=2**63)
