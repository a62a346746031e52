"""What there has been with a customer, counted on the customer's row for the rules of lower floors (DESIGN §1)."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Case, F, Value, When

from people.models import Organisation


def count_for(counter: str, organisations: Iterable[int | None]) -> None:
    """Add to a counter of each organisation as often as it is named; two queries at most.

    The rows are locked in one order first: of two sweeps that count for the same customers in different orders,
    each would wait for the other. To be called last in a transaction, for until its end the other one waits.
    """
    named = Counter(key for key in organisations if key is not None)
    if not named:
        return
    rows = Organisation.objects.filter(pk__among=named)
    if len(named) > 1:
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for key, times in named.items():
        alike[times].append(key)
    more = [When(pk__among=keys, then=Value(times)) for times, keys in alike.items()]
    rows.update(**{counter: F(counter) + Case(*more, default=Value(0))})
