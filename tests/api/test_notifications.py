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
