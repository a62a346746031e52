"""Step conditions at one look: by procedure, kind and severity, and step."""

from django.urls import reverse

from escalation.models import Procedure
from escalation.procedures.procedures import install_procedures
from tests.desk.helpers import get, words


def test_r16_what_each_step_asks_is_seen_by_procedure_kind_and_severity(adam, db):
    install_procedures()
    Procedure.objects.filter(name="Standard").update(conditions={"initiated": ["acknowleged"]})

    answer = get(adam, "desk:steps")

    page = words(answer)
    lines = {line.procedure.name: line for line in answer.context["lines"]}
    small = lines["Missed promise"]
    assert small.whose == "Automatic, severity 3 to 4"
    assert [(title, [one.sentence for one in asks]) for title, asks in small.steps] == [
        ("Initiate", ["Somebody has acknowledged it"]),
        ("Communicate", []),
        ("Resolve", ["The customer has an answer"]),
        ("Close", ["The cause is chosen"]),
    ]
    assert "chosen by hand, for what fits no other" in lines["Exception"].whose
    assert "The receiving team; of functional escalations only" in page
    assert "Nobody knows this condition: it is never met." in page
    assert reverse("desk:procedures_one", args=[small.procedure.pk]) in page
