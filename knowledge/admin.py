from django.contrib import admin

from common.admin import ReadOnlyAdmin
from knowledge.models import Article, ArticleVersion


@admin.register(Article)
class ArticleAdmin(ReadOnlyAdmin):
    """To look at: an article is written and approved on its own page, where nobody approves himself."""

    list_display = ["title", "slug", "current", "updated_at"]
    search_fields = ["title"]


@admin.register(ArticleVersion)
class ArticleVersionAdmin(ReadOnlyAdmin):
    list_display = ["article", "number", "author", "written_at", "approved_by", "approved_at"]
    list_filter = ["article"]
