"""“Sign-in and security”: one's second factors, password and sign-ins, for everybody who has signed in."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import clock
from desk.answers import DeskRequest, show
from desk.looks.profile import factor_looks, sign_in_looks
from desk.pages.profile import own_page
from people import factors, recovery, sign_ins


@never_cache
@require_safe
@own_page
def sign_in(request: DeskRequest) -> HttpResponse:
    """Whoever must have a second factor and has none finds the way to one here, and nothing else."""
    user, now = request.user, clock.now()
    if factors.is_due(request.session):
        return show(request, "account/factor_due.html", {})
    rows = factors.factors_of(user)
    context = {
        "frame": "desk/base.html" if user.is_agent else "portal/base.html",
        "factors": factor_looks(rows),
        "has_app": any(row.type == factors.APP for row in rows),
        "codes_left": recovery.codes_left(user),
        "is_required": factors.is_required(user.role),
        "sign_ins": sign_in_looks(sign_ins.living(user, now=now), request.session.session_key),
    }
    return show(request, "profile/sign_in.html", context)
