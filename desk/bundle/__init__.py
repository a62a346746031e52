"""The desk's set-up as one text: written, read back, and shown before it is taken over (docs/settings.md).

`text` is the form, `rows` how a row of any table is told and kept, `tables` which tables there are.
"""
