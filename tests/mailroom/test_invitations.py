import pytest

from mailroom.invitations import Invitation, invitations_in

HEAD = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
TAIL = "END:VEVENT\r\nEND:VCALENDAR\r\n"


def read(*lines: str) -> tuple[Invitation, ...]:
    return invitations_in(HEAD + "".join(f"{line}\r\n" for line in lines) + TAIL)


def test_what_when_where_and_by_whom_are_read():
    (found,) = read(
        "SUMMARY:Payouts\\, the next",
        "  steps",
        'DTSTART;TZID="America/Sao_Paulo":20261120T140000',
        "DTEND;TZID=America/Sao_Paulo:20261120T150000",
        "LOCATION:Room 4\\nsecond floor",
        'ORGANIZER;CN="Menezes; Cora":mailto:cora@livraria-aurora.example',
        "RRULE:FREQ=WEEKLY",
    )

    assert found == Invitation(
        title="Payouts, the next steps",
        starts="2026-11-20T17:00:00+00:00",
        ends="2026-11-20T18:00:00+00:00",
        where="Room 4 second floor",
        by="Menezes; Cora",
        method="request",
        repeats=True,
    )


@pytest.mark.parametrize(
    ("start", "starts", "zone"),
    [
        ("DTSTART:20261120T140000Z", "2026-11-20T14:00:00+00:00", ""),
        ("DTSTART;VALUE=DATE:20261120", "2026-11-20", ""),
        ("DTSTART;TZID=E. South America Standard Time:20261120T140000", "2026-11-20T17:00:00+00:00", ""),
        ("DTSTART;TZID=Customized Time Zone:20261120T140000", "2026-11-20T14:00:00", "Customized Time Zone"),
        ("DTSTART:20261120T140000", "2026-11-20T14:00:00", ""),
    ],
)
def test_times_are_read_with_the_zones_that_programs_name(start, starts, zone):
    (found,) = read("SUMMARY:x", start)

    assert (found.starts, found.zone) == (starts, zone)


@pytest.mark.parametrize("start", ["", "DTSTART:20261320T140000Z", "DTSTART:soon", "DTSTART;TZID=../../etc:x"])
def test_what_has_no_time_is_no_invitation(start):
    assert read("SUMMARY:x", start) == ()


def test_a_meeting_that_is_off_says_so():
    (found,) = read("DTSTART:20261120T140000Z", "STATUS:CANCELLED")

    assert found.method == "cancel"


def test_lines_without_end_are_no_burden():
    assert invitations_in("A;" * 200_000 + "\n" * 200_000) == ()
