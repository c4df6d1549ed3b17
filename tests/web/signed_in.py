"""Made-up accounts, signed in without a password: for tests of what comes after."""

from flask import Flask
from flask.testing import FlaskClient

from kb.bootstrap import Library
from kb.domain.accounts import Role
from kb.services.account_records import Account
from kb.web import create_app
from kb.web.acting import fill_session


def make_account(library: Library, name: str, *roles: Role, unit: str = "", steps: tuple[str, ...] = ()) -> Account:
    """A new account of these roles, or the one of this name if there is one already."""
    now = library.desk.now().isoformat(timespec="seconds")
    with library.desk.writing() as session:
        accounts = library.desk.accounts(session)
        return accounts.find(name) or accounts.add(
            Account(
                number=0,
                name=name,
                display_name=f"虚构的{name}",
                unit=unit,
                roles=frozenset(roles),
                steps=frozenset(steps),
                password_hash="",
                is_active=True,
                must_change=False,
                epoch=1,
                made_at=now,
                password_set_at=now,
                last_seen_at=now,
            )
        )


def sign_in(client: FlaskClient, library: Library, account: Account) -> FlaskClient:
    """The client, from now on signed in as this account."""
    with client.session_transaction() as held:
        fill_session(held, account, library.desk.now().timestamp())
    return client


def open_app(library: Library) -> Flask:
    """The application of a library, the same one each time; its forms need no token: tokens have tests of their own."""
    known = vars(library)  # kept by the library alone: both go together
    if "opened_app" not in known:
        known["opened_app"] = app = create_app(library)
        app.config.update(WTF_CSRF_ENABLED=False, API_LIMIT=100_000)
        app.config.update(PRINTED_LIMIT="100000 per minute", BROWSER_LIMIT="100000 per minute")
    opened: Flask = known["opened_app"]
    return opened


def signed_in(
    library: Library, name: str, *roles: Role, unit: str = "", steps: tuple[str, ...] = (), app: Flask | None = None
) -> FlaskClient:
    """A client of its own, signed in as an account of these roles; of `app`, if many are to share one."""
    client = (app or open_app(library)).test_client()
    return sign_in(client, library, make_account(library, name, *roles, unit=unit, steps=steps))
