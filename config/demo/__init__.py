"""Meridiano Pay, the company that a newcomer finds in demo mode; always the same month, counted back from now.

`cast`, `texts` and `scenes` are what is told. `story` and `scene` turn it into steps, each with its moment. `archive`
writes plain stories down as rows, `stage` plays the eventful ones through the actions and the engine. `loader` does
both once; `daily` is what each later start does; `signin` writes `var/demo.json`.
"""
