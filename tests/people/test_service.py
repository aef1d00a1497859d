"""Users: the first one, the others, and the last administrator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from triptych.core.access import Role, Subject
from triptych.core.errors import Conflict, InvalidInput, NotFound
from triptych.db.tables import events, grants, organizations, sign_in_links, tokens, users
from triptych.people import api_tokens, repository, roots, service, sessions, teams
from triptych.people.passwords import Passwords

if TYPE_CHECKING:
    from pathlib import Path

    from triptych.db.session import Database
    from triptych.settings import Settings

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def add(connection: sa.Connection, subject: Subject, email: str, role: Role = Role.MEMBER) -> str:
    row, _ = service.add_user(connection, subject, email=email, name="Somebody", role=role)
    return str(row.id)


def test_the_first_start_makes_one_organization_with_one_administrator(
    database: Database, settings: Settings
) -> None:
    first = service.ensure_first_start(database, settings)
    second = service.ensure_first_start(database, settings)
    assert first.administrator == second.administrator
    assert first.administrator.role is Role.ADMINISTRATOR
    with database.read() as connection:
        assert connection.scalars(sa.select(organizations.c.name)).all() == ["home"]
        assert connection.scalars(sa.select(users.c.email)).all() == ["admin@localhost"]
        assert service.first_administrator(connection) == first.administrator


def test_each_start_gives_a_link_until_somebody_has_signed_in(database: Database, settings: Settings) -> None:
    first = service.ensure_first_start(database, settings).sign_in_link
    second = service.ensure_first_start(database, settings).sign_in_link
    assert first
    assert second
    assert first != second
    with database.write() as connection:
        sessions.use_link(connection, first)
    assert service.ensure_first_start(database, settings).sign_in_link is None


def test_settings_make_the_first_administrator_without_a_person(
    database: Database, settings: Settings
) -> None:
    given = replace(settings, admin_email="Boss@Example.org", admin_password="pass")
    start = service.ensure_first_start(database, given, CHEAP)
    assert start.sign_in_link is None
    with database.read() as connection:
        row = repository.user_by_email(connection, "boss@example.org")
    assert row is not None
    assert CHEAP.matches(row.password_hash, "pass")


def test_settings_given_later_are_taken_over_only_before_the_first_sign_in(
    database: Database, settings: Settings
) -> None:
    service.ensure_first_start(database, settings)
    given = replace(settings, admin_email="boss@example.org", admin_password="pass")
    service.ensure_first_start(database, given, CHEAP)
    service.ensure_first_start(database, replace(given, admin_password="other"), CHEAP)
    with database.read() as connection:
        row = repository.user_by_email(connection, "boss@example.org")
    assert row is not None
    assert CHEAP.matches(row.password_hash, "pass")


def test_a_home_without_a_first_start_has_no_administrator(database: Database) -> None:
    with database.read() as connection, pytest.raises(NotFound) as caught:
        service.first_administrator(connection)
    assert caught.value.code == "no_administrator"


def test_the_last_administrator_stays(database: Database, administrator: Subject) -> None:
    assert administrator.user_id is not None
    boss = administrator.user_id
    with database.write() as connection:
        for change in ({"role": Role.MEMBER}, {"active": False}):
            with pytest.raises(Conflict) as caught:
                service.change_user(connection, administrator, boss, **change)
            assert caught.value.code == "last_administrator"
        other = add(connection, administrator, "b@example.org", Role.ADMINISTRATOR)
        service.change_user(connection, administrator, other, active=False)
        with pytest.raises(Conflict):
            service.change_user(connection, administrator, boss, role=Role.MEMBER)
        service.change_user(connection, administrator, other, active=True)
        service.change_user(connection, administrator, boss, role=Role.MEMBER)
        assert service.first_administrator(connection).user_id == other


def test_an_email_belongs_to_one_person_however_it_is_written(
    database: Database, administrator: Subject
) -> None:
    with database.write() as connection:
        add(connection, administrator, " Ada@Example.ORG ")
        with pytest.raises(Conflict) as caught:
            add(connection, administrator, "ada@example.org")
    assert caught.value.code == "email_taken"


@pytest.mark.parametrize(
    "email", ["", "ada", "@example.org", "ada@", "a da@example.org", "a\n@b", "x" * 260 + "@b"]
)
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        service.check_email(email)
    assert caught.value.code == "bad_email"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b", "a\nb", "\ud800"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        service.check_name(name)
    assert caught.value.code == "bad_name"


def test_names_are_kept_as_people_write_them() -> None:
    for name in ("Ada <script>", "👩‍🔬 Dr. O'Neill", "李小龍", "a/b"):
        assert service.check_name(f" {name} ") == name


def test_every_change_leaves_an_event_and_a_failed_one_leaves_none(
    database: Database, administrator: Subject
) -> None:
    with database.write() as connection:
        user = add(connection, administrator, "ada@example.org")
        service.change_user(connection, administrator, user, name="Ada", role=Role.TEAM_MANAGER)
        service.set_password(connection, administrator, user, "hash")
        service.invite(connection, administrator, user)

    def half() -> None:
        with database.write() as connection:
            service.change_user(connection, administrator, user, name="Grace")
            add(connection, administrator, "ada@example.org")

    with pytest.raises(Conflict):
        half()
    with database.read() as connection:
        actions = connection.scalars(sa.select(events.c.action).where(events.c.thing_id == user)).all()
        name = connection.scalar(sa.select(users.c.name).where(users.c.id == user))
    assert sorted(actions) == [
        "user.created",
        "user.invited",
        "user.password_changed",
        "user.renamed",
        "user.role_changed",
    ]
    assert name == "Ada"


def test_a_new_password_ends_every_other_session(database: Database, administrator: Subject) -> None:
    assert administrator.user_id is not None
    with database.write() as connection:
        kept, _ = sessions.begin_session(connection, administrator.user_id, 1)
        ended, _ = sessions.begin_session(connection, administrator.user_id, 1)
        service.set_password(connection, administrator, administrator.user_id, "hash", keep_session=kept)
        assert sessions.user_of_session(connection, kept) is not None
        assert sessions.user_of_session(connection, ended) is None


def test_a_session_ends_by_itself(database: Database, administrator: Subject) -> None:
    assert administrator.user_id is not None
    with database.write() as connection:
        secret, _ = sessions.begin_session(connection, administrator.user_id, -1)
        assert sessions.user_of_session(connection, secret) is None


def test_a_deactivated_person_gets_no_link(database: Database, administrator: Subject) -> None:
    with database.write() as connection:
        user = add(connection, administrator, "ada@example.org")
        service.change_user(connection, administrator, user, active=False)
        with pytest.raises(Conflict) as caught:
            service.invite(connection, administrator, user)
    assert caught.value.code == "user_deactivated"


def test_tokens_work_until_they_are_revoked_or_over(database: Database, administrator: Subject) -> None:
    with database.write() as connection:
        row, token = api_tokens.add_token(connection, administrator, "laptop")
        _, brief = api_tokens.add_token(connection, administrator, "brief", days=-1)
        found = api_tokens.user_of_token(connection, token)
        assert found is not None
        assert found.id == administrator.user_id
        assert api_tokens.user_of_token(connection, brief) is None
        assert api_tokens.user_of_token(connection, token[:-1] + "x") is None
        api_tokens.revoke_token(connection, administrator, row.id)
        api_tokens.revoke_token(connection, administrator, row.id)
        assert api_tokens.user_of_token(connection, token) is None
        assert token.encode() not in b"".join(connection.scalars(sa.select(tokens.c.token_hash)))
        assert connection.scalar(sa.select(tokens.c.prefix).where(tokens.c.id == row.id)) == token[:10]


def test_when_a_token_was_used_is_written_down_later(database: Database, administrator: Subject) -> None:
    with database.write() as connection:
        row, _ = api_tokens.add_token(connection, administrator, "laptop")
    use = api_tokens.TokenUse()
    use.note(row.id)
    assert use.last(row.id) is not None
    use.write(database)
    use.write(database)
    assert use.last(row.id) is None
    with database.read() as connection:
        assert connection.scalar(sa.select(tokens.c.last_used_at)) is not None


def test_teams_hold_members_and_managers(database: Database, administrator: Subject) -> None:
    with database.write() as connection:
        user = add(connection, administrator, "ada@example.org")
        team = teams.add_team(connection, administrator, "Radiology")
        teams.put_member(connection, administrator, team.id, user, manages=False)
        teams.put_member(connection, administrator, team.id, user, manages=True)
        row = repository.user(connection, administrator.organization_id, user)
        assert row is not None
        subject = service.subject_of(connection, row)
        assert subject.team_ids == subject.managed_team_ids == {team.id}
        teams.remove_member(connection, administrator, team.id, user)
        with pytest.raises(NotFound):
            teams.remove_member(connection, administrator, team.id, user)
        assert service.subject_of(connection, row).team_ids == frozenset()


def test_a_team_name_is_taken_once(database: Database, administrator: Subject) -> None:
    with database.write() as connection:
        teams.add_team(connection, administrator, "Radiology")
    with pytest.raises(Conflict) as caught, database.write() as connection:
        teams.add_team(connection, administrator, " Radiology ")
    assert caught.value.code == "name_taken"


def test_a_dissolved_team_takes_its_grants_along(database: Database, administrator: Subject) -> None:
    with database.write() as connection:
        team = teams.add_team(connection, administrator, "Radiology")
        connection.execute(
            sa.insert(grants).values(
                id="a" * 24,
                subject_kind="team",
                subject_id=team.id,
                thing_kind="dataset",
                thing_id="b" * 24,
                action="see",
                since=0.0,
            )
        )
        teams.remove_team(connection, administrator, team.id)
        assert connection.execute(sa.select(grants)).all() == []


def test_a_registered_folder_exists_and_lies_apart_from_the_home(
    database: Database, administrator: Subject, tmp_path: Path
) -> None:
    home, scans = tmp_path / "home", tmp_path / "scans"
    home.mkdir()
    scans.mkdir()
    (tmp_path / "link").symlink_to(scans)
    (tmp_path / "sneaky").symlink_to(home)
    (tmp_path / "file").touch()
    bad = [
        "scans",
        str(tmp_path / "absent"),
        str(tmp_path / "file"),
        str(home),
        str(tmp_path),
        "/",
        str(tmp_path / "sneaky"),
    ]
    for path in bad:
        with pytest.raises(InvalidInput) as caught, database.write() as connection:
            roots.add_root(connection, administrator, "scans", path, home=home)
        assert caught.value.code == "bad_root", path
    with database.write() as connection:
        row = roots.add_root(connection, administrator, "scans", str(tmp_path / "link"), home=home)
        assert row.path == str(scans.resolve())
    with pytest.raises(Conflict), database.write() as connection:
        roots.add_root(connection, administrator, "scans", str(scans), home=home)


def test_expired_links_are_cleared_away(database: Database, administrator: Subject) -> None:
    assert administrator.user_id is not None
    with database.write() as connection:
        connection.execute(sa.update(sign_in_links).values(expires_at=1.0))
        sessions.new_link(connection, administrator.user_id)
        assert len(connection.execute(sa.select(sign_in_links)).all()) == 1
