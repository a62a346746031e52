"""The named cast and small makers. Everything is made through the actions, as the desk itself would."""
