"""Who may write how something is done, and who may make it hold (R70)."""

from knowledge.models import ArticleVersion
from people.models import Team, User


def may_write(user: User) -> bool:
    """Everybody at the desk: whoever does it knows it best. Nothing that is written holds before another approves."""
    return user.is_active and user.is_agent


def is_veteran(user: User) -> bool:
    """A manager, or the lead of a team."""
    return may_write(user) and (user.is_manager or Team.objects.filter(lead=user).exists())


def may_approve(user: User, version: ArticleVersion) -> bool:
    """A veteran, of what another has written."""
    return version.author_id != user.pk and is_veteran(user)
