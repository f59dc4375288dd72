"""Which memberships a person holds now. Read afresh per request: a lost role acts on the next one."""

from registry.models import Membership, User


def memberships(user: User) -> list[Membership]:
    """Memberships in force, read once per user object (one per request)."""
    if not user.is_authenticated or not user.is_active:
        return []
    held: list[Membership] | None = getattr(user, "_memberships_held", None)
    if held is None:
        held = list(user.memberships.filter(ended_at=None).select_related("center").order_by("since"))
        user._memberships_held = held  # type: ignore[attr-defined]  # noqa: SLF001 (a cache per request)
    return held


def roles_text(user: User) -> str:
    """A person's roles as the audit trail writes them: "DATA_MANAGER IT001, AUDITOR"."""
    return ", ".join(f"{m.role} {m.center}" if m.center else m.role for m in memberships(user))
