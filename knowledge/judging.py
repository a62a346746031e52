"""What readers make of an article: that it was read, and whether it helped. Counted on the desk's side."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from common.text import many_lines
from knowledge.models import Article, Judgement
from people.models import User

WORDS_LIMIT = 500
# So many who have not signed in judge one article within a minute: enough for people, too little for a program.
SPAN, MOST_STRANGERS = timedelta(minutes=1), 20


def count_reading(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(reads=F("reads") + 1)


@transaction.atomic
def judge(
    *,
    article: Article,
    helped: bool,
    reader: User | None,
    visit: str,
    now: datetime,
    words: str = "",
    spared: bool = False,
) -> Judgement:
    """Once for a reader, or for a visit without a sign-in; the last word holds.

    InvalidInput for words over 500; NotAllowedNow where strangers have said much about it within this minute.
    """
    said = many_lines(words, field="words", limit=WORDS_LIMIT) if words.strip() else ""
    Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    told = article.judgements.of(reader, visit).first()
    if told is None and reader is None:
        _check_pace(article, now)
    judgement = told or Judgement(article=article, reader=reader, visit="" if reader else visit)
    judgement.helped, judgement.words, judgement.at = helped, said, now
    judgement.spared = helped and (spared or judgement.spared)
    judgement.save()
    return judgement


def _check_pace(article: Article, now: datetime) -> None:
    lately = article.judgements.filter(reader=None, at__gt=now - SPAN, at__lte=now)
    if lately.count() >= MOST_STRANGERS:
        raise NotAllowedNow(_("That was much within a minute. Wait a minute, and send it again."))
