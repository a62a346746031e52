"""Backup and restore: one zip with the database, the attachments and, where it is ours, the secret key.

manifest.json   what the archive is: format, database, demo or desk, the migrations it has seen
database        an SQLite file, or pg_dump's custom format
attachments/    the files, under their stored names
secret_key      only when the desk made its own; without it, replies to old mail would find no ticket
"""
