"""Bring a desk's past along: from a CSV file or from django-helpdesk's own tables (docs/importing.md).

matters     what a source hands over, checked, and what it refuses
table       a CSV file as a source
helpdesk    django-helpdesk's tables as a source, read only
writing     stores matters in batches; a batch that fails is taken row by row

This stands on the top floor because it knows people, tickets and promises at once, and nothing below needs it.
"""
