"""Mailboxes looked into by IMAP: one connection and one thread for each."""
