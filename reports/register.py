"""Every report that there is, in the order in which its tabs stand."""

from reports.source import Source

SOURCES: tuple[Source, ...] = ()

REPORTS: dict[str, Source] = {source.key: source for source in SOURCES}
