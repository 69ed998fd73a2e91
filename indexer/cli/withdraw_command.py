"""The command `withdraw`: keep articles out of the index, list what is kept out, let it in again.

broadsheet withdraw lens-7 --reason "court order" -> "withdrawn lens-7: 2 versions or copies removed" on standard error
"""

import getpass
import os
import sys
from datetime import UTC, date, datetime

import click

from indexer.cli.options import with_settings
from indexer.cli.output import json_bytes, no_article, print_line, say, visible
from search.engines.protocol import Engine, open_engine
from search.model.withdrawal import Withdrawal, utc, utc_now
from search.settings import Settings


@click.command("withdraw")
@click.argument("names", nargs=-1, metavar="[ID…]")
@click.option("--reason", metavar="TEXT", help="Why; kept with the withdrawal.")
@click.option("--public/--private", default=False, show_default=True, help="Show the reason to readers.")
@click.option("--until", metavar="DATE", help="End of an embargo: a day, which begins at local midnight, or a day and time.")
@click.option("--by", metavar="NAME", help="Who decided it; the login name if not given.")
@click.option("--undo", is_flag=True, help="Let the articles in again when their sources are indexed.")
@click.option("--list", "list_only", is_flag=True, help="List all withdrawals, those that have ended too.")
@click.option("--json", "as_json", is_flag=True, help="Print withdrawals as JSON, one per line.")
@with_settings
def withdraw(
    settings: Settings,
    names: tuple[str, ...],
    reason: str | None,
    public: bool,
    until: str | None,
    by: str | None,
    undo: bool,
    list_only: bool,
    as_json: bool,
) -> None:
    """Withdraw articles: remove them with all versions and copies, erase their text, and keep them from being indexed again.

    ID… are IDs of articles, or addresses, also of articles that are not indexed yet."""
    from indexer.load.withdraw import end_withdrawals
    from indexer.load.withdraw import withdraw as withdraw_articles

    _check(names, reason, undo, list_only)
    who = by or _login()
    end = _instant(until) if until else None
    with open_engine(settings.index) as engine:
        if list_only:
            _print(engine.reader().withdrawals(), as_json)
            return
        if undo:
            done, unknown = end_withdrawals(engine, names, who)
        else:
            done, unknown = withdraw_articles(engine, names, reason or "", by=who, public=public, until=end)
        for each in done:
            say(_undone(each, engine) if undo else _withdrawn(each))
    if as_json:
        _print(done, as_json)
    for name in unknown:
        no_article(name, "is withdrawn" if undo else "", "" if undo else "give the address of one that is not indexed")
    sys.exit(1 if unknown else 0)


def _check(names: tuple[str, ...], reason: str | None, undo: bool, list_only: bool) -> None:
    if list_only and (names or undo or reason):
        raise click.UsageError("--list takes no ID, --undo or --reason")
    if not list_only and not names:
        raise click.UsageError("Missing argument 'ID…'.")
    if not (list_only or undo or (reason or "").strip()):
        raise click.UsageError("Give the reason with --reason TEXT; it is kept with the withdrawal.")


def _instant(text: str) -> str:
    """In UTC. A day or time without a zone is that of this machine."""
    try:
        moment = datetime.fromisoformat(text)
        instant = utc(moment.astimezone() if moment.tzinfo is None else moment.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{text!r} is not a date; give one such as 2027-01-01", param_hint="--until") from error
    if instant <= utc_now():
        raise click.BadParameter(f"{text} is over; give a day after {date.today()}", param_hint="--until")
    return instant


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # of a user without a name, as in a container
        return f"user {os.getuid()}"


def _withdrawn(each: Withdrawal) -> str:
    count = len(each.sources)
    removed = f"{count:,} {'version or copy' if count == 1 else 'versions and copies'} removed" if count else "not indexed yet"
    return f"withdrawn {each.id}{f' until {_local(each.until)}' if each.until else ''}: {removed}"


def _undone(each: Withdrawal, engine: Engine) -> str:
    """Where the article comes from."""
    roots = {collection.name: collection.root for collection in engine.reader().collections()}
    again = (os.path.join(roots.get(s.partition("/")[0], "?"), s.partition("/")[2].partition("!/")[0]) for s in each.sources)
    files = ", ".join(sorted(set(again)))
    return f"no longer withdrawn: {each.id}; index its sources again: {files}" if files else f"no longer withdrawn: {each.id}"


def _print(withdrawals: tuple[Withdrawal, ...], as_json: bool) -> None:
    now = utc_now()
    for each in withdrawals:
        if as_json:
            print_line(json_bytes(_record(each, now)))
        else:
            click.echo(visible(_line(each, now)))
    if not withdrawals and not as_json:
        say("no article is withdrawn")


def _record(each: Withdrawal, now: str) -> dict[str, object]:
    return {
        "id": each.id,
        "address": each.address,
        "at": each.at,
        "by": each.by,
        "reason": each.reason,
        "public": each.public,
        "until": each.until,
        "state": _state(each, now),
        "ended": each.ended,
        "endedBy": each.ended_by or None,
        "sources": list(each.sources),
        "erased": each.erased,
    }


def _line(each: Withdrawal, now: str) -> str:
    until = f" until {_local(each.until)}" if each.until else ""
    ended = f" {each.ended} by {each.ended_by}" if each.ended_by else ""
    shown = "public" if each.public else "private"
    address = f" {each.address}" if each.address and each.address != each.id else ""
    return f"{_state(each, now)}{until}{ended}: {each.id}{address}; {each.at} by {each.by}, {shown}: {each.reason}"


def _state(each: Withdrawal, now: str) -> str:
    """ "ended": of an embargo; "undone": of any, by a person."""
    if each.holds(now):
        return "embargoed" if each.until else "withdrawn"
    return "undone" if each.ended_by else "ended"


def _local(instant: str | None) -> str:
    """As a clock here shows it, with its distance from UTC."""
    return datetime.fromisoformat(instant or "").astimezone().isoformat(" ", "minutes")
