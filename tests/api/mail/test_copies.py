"""Copies of messages by e-mail, with a real mail server and the real worker: who gets one, what it says, what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from api.jobs.bodies import BODIES, notify, send_mail
from api.jobs.enqueueing import Order, put
from api.jobs.kinds import NOTIFY, SEND_MAIL
from api.jobs.worker import at_work
from api.jobs.workshop import Workshop, open_workshop
from api.mail.posting import NotTaken
from api.people import accounts
from approvals.models import Message, MessageDelivery
from data.actors import Actor
from tests.api.jobs.world import BRISK, until
from tests.support import portal_world
from tests.support.databases import Database
from tests.support.mailbox import Mailbox, mailbox

BOSS, CLERK, WINDOW = "boss@oyster.example", "clerk@oyster.example", "window@rongcheng.example"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


@pytest.fixture
def sea(cluster: Any) -> Iterator[tuple[Database, dict[str, str]]]:
    with portal_world.cloned(cluster) as (database, cases):
        with database.sessions(pooled=False).begin() as session:
            for login, address in (("sample.oyster", BOSS), ("sample.window.371082", WINDOW)):
                accounts.set_email(session, accounts.by_login(session, login), address, actor=Actor.administrator())
        yield database, dict(cases)


@pytest.fixture
def shop(sea: tuple[Database, dict[str, str]], box: Mailbox) -> Iterator[Workshop]:
    given = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none"}
    settings = portal_world.settings_for(
        sea[0], smtp_sender="sea@haiyu.example", base_url="https://sea.example", **given
    )
    with open_workshop(settings, lambda: portal_world.NOW) as opened:
        yield opened


def order(case: str, addressee: str = "applicant", seq: int = 9_001) -> Order:
    return Order(NOTIFY, {"case": case, "seq": seq, "addressee": addressee, "code": "acceptance.accept"})


def waiting(database: Database, *kinds: str) -> list[str]:
    sql = "SELECT task_name FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = ANY(:kinds)"
    with database.sessions(pooled=False)() as session:
        return list(session.execute(text(sql), {"kinds": list(kinds)}).scalars())


def deliveries(database: Database) -> list[MessageDelivery]:
    with database.sessions(pooled=False)() as session:
        return list(session.scalars(select(MessageDelivery)))


def do(shop: Workshop, asked: Order) -> None:
    """Ask for a message, and let the worker do it and its copies."""
    with shop.sessions.begin() as session:
        put(session, [asked])
    with at_work(shop, BODIES, (), BRISK):
        until(lambda: not _unfinished(shop))


def _unfinished(shop: Workshop) -> bool:
    sql = "SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name IN ('notify', 'send_mail')"
    with shop.sessions() as session:
        return session.execute(text(sql)).first() is not None


def test_whoever_acts_for_the_applicant_gets_a_copy_in_both_languages(sea: Any, shop: Workshop, box: Mailbox) -> None:
    database, cases = sea
    do(shop, order(cases["in_review"]))
    (letter,) = box.letters
    assert (letter["To"], letter["From"].addresses[0].addr_spec) == (BOSS, "sea@haiyu.example")
    body = letter.get_content()
    assert f"办件 {cases['in_review']}" in body and f"Case {cases['in_review']}" in body
    assert body.count("https://sea.example/messages") == 2
    (copy,) = deliveries(database)
    assert copy.sent_at == copy.delivered_at == portal_world.NOW and copy.failure is None


def test_a_message_to_a_post_goes_to_who_holds_it_there(sea: Any, shop: Workshop, box: Mailbox) -> None:
    do(shop, order(sea[1]["in_review"], "window"))
    assert [letter["To"] for letter in box.letters] == [WINDOW]


def test_nobody_without_an_address_and_nobody_who_has_left(sea: Any, shop: Workshop, box: Mailbox) -> None:
    database, cases = sea
    with database.sessions(pooled=False).begin() as session:
        account = accounts.by_login(session, "sample.oyster")
        accounts.disable(session, account, now=portal_world.NOW, actor=Actor.administrator())
    do(shop, order(cases["in_review"]))
    do(shop, order(cases["submitted"]))
    assert box.letters == [] and deliveries(database) == []


def test_a_link_to_answer_by_is_never_mailed(sea: Any, shop: Workshop, box: Mailbox) -> None:
    database, cases = sea
    with database.sessions(pooled=False).begin() as session:
        question = session.execute(
            text(
                "SELECT q.id FROM case_question q JOIN approval_case c ON c.id = q.case_id"
                " WHERE c.number = :case AND q.step = 'consents'"
            ),
            {"case": cases["consents"]},
        ).scalar_one()
        # As if it had not been written yet: the sample world has no mail server.
        session.execute(text("UPDATE message SET once = NULL WHERE once = :once"), {"once": f"question/{question}"})
    do(shop, Order(NOTIFY, {"case": cases["consents"], "seq": 1, "addressee": f"question:{question}", "code": "-"}))
    (letter,) = box.letters
    with database.sessions(pooled=False)() as session:
        newest = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
        token = shop.keys.open_text("question_link", newest.sealed)
    assert len(token) > 20 and token not in letter.as_string() and "answers" not in letter.get_content().lower()


def test_sending_it_again_sends_nothing(sea: Any, shop: Workshop, box: Mailbox) -> None:
    do(shop, order(sea[1]["in_review"]))
    (copy,) = deliveries(sea[0])
    with shop.sessions.begin() as session:
        send_mail(session, shop, message=copy.message_id, account=copy.account_id)
        notify(session, shop, case=sea[1]["in_review"], seq=9_001, addressee="applicant", code="acceptance.accept")
    assert len(box.letters) == 1 and len(deliveries(sea[0])) == 1
    assert not waiting(sea[0], "send_mail")


def test_killed_after_the_server_took_it_the_copy_bears_the_same_mark(sea: Any, shop: Workshop, box: Mailbox) -> None:
    with shop.sessions.begin() as session:
        notify(session, shop, case=sea[1]["in_review"], seq=9_001, addressee="applicant", code="acceptance.accept")
    (copy,) = deliveries(sea[0])
    for _ in range(2):
        session = shop.sessions()
        send_mail(session, shop, message=copy.message_id, account=copy.account_id)
        session.rollback()
        session.close()
    marks = [letter["Message-ID"] for letter in box.letters]
    assert len(marks) == 2 and len(set(marks)) == 1


def test_an_address_refused_for_good_is_told_and_not_tried_again(sea: Any, shop: Workshop, box: Mailbox) -> None:
    box.refusals[BOSS] = f"550 5.1.1 <{BOSS}> no such user"
    do(shop, order(sea[1]["in_review"]))
    (copy,) = deliveries(sea[0])
    assert (copy.failure, copy.delivered_at) == ("mail.refused/550", None) and copy.sent_at is not None
    assert BOSS not in str(copy.failure)
    with shop.sessions.begin() as session:
        send_mail(session, shop, message=copy.message_id, account=copy.account_id)
    assert box.connections == 1


@pytest.mark.parametrize("answer", ["451 greylisted", "452 full"])
def test_a_server_that_cannot_now_is_tried_again_until_it_can(
    sea: Any, shop: Workshop, box: Mailbox, answer: str
) -> None:
    database, cases = sea
    box.data_answer = answer
    with shop.sessions.begin() as session:
        put(session, [order(cases["in_review"])])
    with at_work(shop, BODIES, (), BRISK):
        until(lambda: any(each.failure == f"mail.refused/{answer[:3]}" for each in deliveries(database)))
        box.data_answer = "250 taken"
        until(lambda: any(each.delivered_at for each in deliveries(database)))
    (copy,) = deliveries(database)
    assert copy.failure is None and len(box.letters) == 1


def test_a_server_that_is_away_raises_and_says_so(sea: Any, shop: Workshop) -> None:
    database, cases = sea
    with shop.sessions.begin() as session:
        notify(session, shop, case=cases["in_review"], seq=9_001, addressee="applicant", code="acceptance.accept")
    (copy,) = deliveries(database)
    gone = portal_world.settings_for(database, smtp_host="127.0.0.1", smtp_port=1, smtp_security="none")
    with (
        open_workshop(gone, lambda: portal_world.NOW) as other,
        pytest.raises(NotTaken),
        other.sessions.begin() as session,
    ):
        send_mail(session, other, message=copy.message_id, account=copy.account_id)
    (copy,) = deliveries(database)
    assert (copy.failure, copy.sent_at) == ("mail.unreachable", None)


def test_without_a_server_no_copy_is_asked_for(sea: Any) -> None:
    database, cases = sea
    with open_workshop(portal_world.settings_for(database), lambda: portal_world.NOW) as shop:
        do(shop, order(cases["in_review"]))
    assert deliveries(database) == []


def test_the_kind_is_one_of_the_queue() -> None:
    assert SEND_MAIL.lock_for({"message": 3, "account": 4}) == "mail:3:4"
