"""Step 4: related tickets, causes, analyses, praise (R49-R55)."""
