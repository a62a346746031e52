"""Procedures ask for conditions by name (R16, R70): a name that means nothing is refused, told, and never met."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ValidationError

from common.errors import NotAllowedNow
from escalation import gates, services
from escalation.models import Escalation, Procedure
from escalation.procedures import conditions
from escalation.procedures.procedures import DEFAULTS


def test_every_name_that_a_procedure_may_use_has_its_rule():
    assert set(gates.NAMES) == set(conditions.RULES)
    assert not any(gates.mistake(fields["conditions"]) for fields in DEFAULTS)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"resolved": ["verifed"]}, "There is no condition “verifed”; did you mean verified?"),
        ({"resolved": [["verified"]]}, "There is no condition"),
        ({"resolve": ["verified"]}, "There is no step “resolve” to leave; the steps are resolved, resolving."),
        ({"resolved": "verified"}, "The conditions of “resolved” are a list of names."),
        (["verified"], "Give the names of the conditions for each step"),
    ],
)
def test_r16_a_condition_that_does_not_exist_is_refused_where_it_is_written(given, sentence):
    with pytest.raises(ValidationError) as refused:
        Procedure(name="Refunds", conditions=given).clean()

    assert sentence in refused.value.message_dict["conditions"][0]


def test_r16_a_stored_name_that_means_nothing_is_unmet_and_not_gone(resolving_one, mona, time):
    Procedure.objects.filter(pk=resolving_one.procedure_id).update(conditions={"resolving": ["plan_doen"]})

    with pytest.raises(NotAllowedNow) as refused:
        services.resolve(user=mona, number=resolving_one.number, now=time.now)

    assert [(line.name, line.met) for line in refused.value.conditions] == [("plan_doen", False)]
    (told,) = run_checks(tags=[Tags.database], databases=["default"])
    assert "There is no condition “plan_doen”; did you mean plan_done" in told.msg
    reason = "The name is misspelt; the plan is done."
    services.resolve(user=mona, number=resolving_one.number, now=time.now, override_reason=reason)
    assert Escalation.objects.get().overrides.filter(condition="plan_doen").exists()
