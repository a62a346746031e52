def test_a_manager_reads_his_alerts_and_nobody_elses(breached, mona, anna, calling):
    escalation = breached()
    manager = calling(mona)

    alerts = manager.get("notifications/").json()["results"]

    assert [(alert["ticket"], alert["escalation"], alert["read_at"]) for alert in alerts if alert["escalation"]] == [
        (escalation.ticket_id, escalation.number, None)
    ]
    assert {"kind", "ticket", "escalation", "created_at", "read_at"} <= set(alerts[0])
    theirs = {alert["id"] for alert in calling(anna).get("notifications/").json()["results"]}
    assert not theirs & {alert["id"] for alert in alerts}


def test_reading_an_alert_twice_keeps_the_first_time(breached, mona, calling, time):
    breached()
    manager = calling(mona)
    alert = manager.get("notifications/").json()["results"][0]

    first = manager.post(f"notifications/{alert['id']}/read/").json()
    time.move_to(time.now.replace(minute=59))
    second = manager.post(f"notifications/{alert['id']}/read/").json()

    assert first["read_at"] is not None
    assert first == second


def test_somebody_elses_alert_is_not_there(breached, mona, adam, calling):
    breached()
    alert = calling(mona).get("notifications/").json()["results"][0]

    foreign = calling(adam).post(f"notifications/{alert['id']}/read/")
    missing = calling(adam).post("notifications/999999/read/")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert calling(mona).get("notifications/").json()["results"][0]["read_at"] is None


def test_preferences_are_read_and_changed_one_by_one(calling, mona):
    manager = calling(mona)

    changed = manager.patch(
        "notifications/preferences/", {"off": ["mention:email"], "quiet_from": "22:00", "quiet_until": "07:00"}
    )
    again = manager.patch("notifications/preferences/", {"digest_above": 3, "quiet_from": None, "quiet_until": None})

    assert (changed.status_code, changed.json()["quiet_from"]) == (200, "22:00")
    assert manager.get("notifications/preferences/").json() == again.json()
    assert again.json() == {
        "off": ["mention:email"],
        "calendar": None,
        "quiet_from": None,
        "quiet_until": None,
        "breaks_through": 2,
        "digest_above": 3,
        "digest_minutes": 10,
    }


def test_preferences_that_make_no_sense_are_named_and_change_nothing(calling, mona):
    manager = calling(mona)

    wrong = manager.patch("notifications/preferences/", {"quiet_from": "25:00", "off": ["breach:pigeon"]})
    half = manager.patch("notifications/preferences/", {"quiet_from": "22:00", "calendar": 999999})

    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"quiet_from", "off.0"})
    assert (half.status_code, set(half.json()["errors"])) == (400, {"calendar"})
    assert manager.get("notifications/preferences/").json()["quiet_from"] is None


def test_all_alerts_are_read_at_once(breached, calling, mona):
    breached()
    manager = calling(mona)

    assert manager.post("notifications/read/").json() == {"unread": 0}

    assert all(alert["read_at"] for alert in manager.get("notifications/").json()["results"])
