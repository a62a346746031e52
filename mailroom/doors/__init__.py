"""Where mail is handed over to us: by mail servers (LMTP, SMTP) and by providers' webhooks."""
