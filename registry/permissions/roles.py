"""Which role may do what, as data (the access model)."""

from registry.permissions.verbs import Verb
from registry.terminology.roles import Role

# The software itself, in commands and tasks; nobody can be given it.
SYSTEM = "SYSTEM"

GRANTS: dict[Role, frozenset[Verb]] = {
    Role.DATA_MANAGER: frozenset(
        {
            Verb.VIEW_CASES,
            Verb.ENROLL,
            Verb.RECORD,
            Verb.IMPORT,
            Verb.VIEW_OWN_REFERENCE,
            Verb.EXPORT_CASES,
            Verb.VIEW_HISTORY,
            Verb.MANAGE_LABREFS,
        }
    ),
    Role.INVESTIGATOR: frozenset(
        {
            Verb.VIEW_CASES,
            Verb.ENROLL,
            Verb.RECORD,
            Verb.IMPORT,
            Verb.VIEW_OWN_REFERENCE,
            Verb.EXPORT_CASES,
            Verb.VIEW_HISTORY,
            Verb.MANAGE_LABREFS,
            Verb.VIEW_REPORTS,
        }
    ),
    Role.MONITOR: frozenset({Verb.VIEW_CASES, Verb.VIEW_HISTORY, Verb.RAISE_QUERY}),
    # Pooled results, never rows: those only by break-glass.
    Role.COORDINATOR: frozenset(
        {
            Verb.VIEW_REPORTS,
            Verb.VIEW_RELEASES,
            Verb.PROPOSE_RELEASE,
            Verb.APPROVE_RELEASE,
            Verb.MANAGE_RULES,
            Verb.VIEW_AUDIT,
        }
    ),
    Role.STATISTICIAN: frozenset(
        {Verb.VIEW_REPORTS, Verb.VIEW_RELEASES, Verb.PROPOSE_RELEASE, Verb.DOWNLOAD_RELEASE}
    ),
    Role.ADMINISTRATOR: frozenset({Verb.MANAGE_PEOPLE, Verb.MANAGE_CENTERS}),
    Role.AUDITOR: frozenset({Verb.VIEW_AUDIT}),
}
