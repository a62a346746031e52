"""Every report that there is, in the order in which its tabs stand."""

from reports.source import Source
from reports.sources import causes, escalations, experience, overview, pain, procedures, sla

SOURCES: tuple[Source, ...] = (
    overview.SOURCE,
    sla.SOURCE,
    escalations.SOURCE,
    causes.SOURCE,
    pain.SOURCE,
    experience.SOURCE,
    procedures.SOURCE,
)

REPORTS: dict[str, Source] = {source.key: source for source in SOURCES}
