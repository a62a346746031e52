"""All that the desk holds of one person, in one archive, for that person (docs/settings.md)."""
