"""Who administers the desk, and who else may set its rules (R30, R32)."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from common.errors import InvalidInput, NotAllowedNow, Refused
from common.models import ConfigurationChange
from people import administration
from people.enums import Role
from people.models import User
from tests.desk.helpers import signed_in
from tests.factories.people import make_user


def role(person: User) -> str:
    return User.objects.get(pk=person.pk).role


def test_r32_administration_is_handed_over_and_the_change_is_kept(adam, anna):
    administration.hand_over(by=adam, to=anna)

    assert (role(anna), role(adam)) == (Role.ADMIN, Role.MANAGER)
    kept = ConfigurationChange.objects.order_by("pk").values_list("by", "before", "after")
    assert list(kept) == [
        (adam.pk, {"role": "agent"}, {"role": "admin"}),
        (adam.pk, {"role": "admin"}, {"role": "manager"}),
    ]
    with pytest.raises(Refused):
        administration.hand_over(by=adam, to=adam)


def test_r32_the_last_administrator_is_neither_demoted_nor_shut_out(adam, anna):
    for change in (
        lambda: administration.set_role(by=adam, person=adam, role=Role.AGENT),
        lambda: administration.set_active(by=adam, person=adam, is_active=False),
    ):
        with pytest.raises(NotAllowedNow, match="Adam Berg is the last administrator"):
            change()
    assert not ConfigurationChange.objects.exists()

    administration.set_role(by=adam, person=anna, role=Role.ADMIN)
    administration.set_role(by=adam, person=adam, role=Role.AGENT)
    assert (role(anna), role(adam)) == (Role.ADMIN, Role.AGENT)


def test_r32_only_an_administrator_changes_who_is_one_and_only_to_a_colleague(adam, mona, anna, cora):
    with pytest.raises(Refused):
        administration.set_role(by=mona, person=mona, role=Role.ADMIN)
    for wrong in (cora, adam, make_user("Gregor Gone", is_active=False)):
        with pytest.raises(InvalidInput):
            administration.hand_over(by=adam, to=wrong)
    with pytest.raises(InvalidInput):
        administration.set_role(by=adam, person=anna, role="king")


def test_r32_the_maintenance_door_keeps_the_last_administrator_too(adam, anna):
    browser = signed_in(adam)
    address = reverse("admin:people_user_change", args=[adam.pk])
    given = {"email": adam.email, "name": adam.name, "language": "en", "time_zone": "UTC", "theme": ""}
    given["gravest_severity"] = "2"

    refused = browser.post(address, {**given, "role": "agent", "is_active": "on"})
    assert "is the last administrator" in refused.content.decode()
    assert browser.post(reverse("admin:people_user_delete", args=[adam.pk]), {"post": "yes"}).status_code == 403

    administration.set_role(by=adam, person=anna, role=Role.ADMIN)
    assert browser.post(address, {**given, "role": "agent", "is_active": "on"}).status_code == 302
    assert role(adam) == Role.AGENT


@pytest.mark.django_db(transaction=True)
def test_r32_two_administrators_who_demote_each_other_at_once_leave_one():
    adam, bea = make_user("Adam Berg", Role.ADMIN), make_user("Bea Boss", Role.ADMIN)
    start, ends = threading.Barrier(2), []

    def demote(by: User, person: User) -> None:
        start.wait()
        try:
            administration.set_role(by=by, person=person, role=Role.AGENT)
            ends.append("done")
        except (Refused, NotAllowedNow):
            ends.append("refused")
        connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((adam, bea), (bea, adam))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["done", "refused"]
    assert User.objects.admins().count() == 1
