"""Which rows a role may write where a grant for the whole table goes too far."""

from __future__ import annotations

from dispatch.records import Role
from dispatch.store.grants import GRANTS, GROUPS

_READERS = ", ".join(GROUPS[role] for role, tables in GRANTS.items() if "outbox" in tables)
_OPERATOR, _SUPERVISOR, _MANAGER, _SYNC = (
    GROUPS[role] for role in (Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER, Role.SYNC)
)
_OF_A_HAND_OVER = "split_part(outbox_id, ':', 1) IN (SELECT escalation_id FROM public.escalation)"
# What a rule says is put only with the row that keeps it to once, and that one only while its rule is on.
_OF_A_RULE = "outbox_id IN (SELECT outbox_id FROM public.rule_sent)"
_IS_ON = """WITH CHECK (EXISTS (
    SELECT FROM public.rule WHERE rule.activation_id = rule_sent.activation_id AND rule.kind = rule_sent.kind
    AND rule.version = rule_sent.version AND rule.is_on = 1 AND NOT EXISTS (
        SELECT FROM public.rule later WHERE later.activation_id = rule.activation_id
        AND later.kind = rule.kind AND later.version > rule.version)))"""
# (table, name, for what, whose, condition). A policy binds everybody but the owner.
POLICIES = (
    ("outbox", "read", "SELECT", _READERS, "USING (true)"),
    ("outbox", "put", "INSERT", f"{_OPERATOR}, {_SUPERVISOR}", "WITH CHECK (true)"),
    ("outbox", "answer", "INSERT", f"{_MANAGER}, {_SYNC}", f"WITH CHECK ({_OF_A_HAND_OVER})"),
    ("outbox", "rule", "INSERT", _SYNC, f"WITH CHECK (kind = 'message' AND {_OF_A_RULE})"),
    ("rule_sent", "read", "SELECT", _READERS, "USING (true)"),
    ("rule_sent", "send", "INSERT", _SYNC, _IS_ON),
    ("outbox", "change", "UPDATE", f"{_OPERATOR}, {_SUPERVISOR}, {_SYNC}", "USING (true)"),
    # What somebody has confirmed nobody changes, and who comes can do no more to a pack than confirm it.
    ("shift_pack", "read", "SELECT", _READERS, "USING (true)"),
    ("shift_pack", "make", "INSERT", _SUPERVISOR, "WITH CHECK (state = 'draft')"),
    (
        *("shift_pack", "write", "UPDATE", _SUPERVISOR),
        "USING (state = 'draft') WITH CHECK (state <> 'confirmed')",
    ),
    (
        *("shift_pack", "confirm", "UPDATE", f"{_OPERATOR}, {_SUPERVISOR}"),
        "USING (state = 'handed_over') WITH CHECK (state = 'confirmed')",
    ),
    ("plan_step", "read", "SELECT", _READERS, "USING (true)"),
    (
        *("plan_step", "tick", "INSERT", _OPERATOR),
        "WITH CHECK (split_part(act, '_', 1) IN ('done', 'skipped', 'reopened'))",
    ),
    ("plan_step", "plan", "INSERT", f"{_SUPERVISOR}, {_MANAGER}", "WITH CHECK (true)"),
    ("notice", "read", "SELECT", _READERS, "USING (true)"),
    # An operator writes and hands in; what comes then is for who may approve. Which step follows which, and
    # that nobody approves their own, a trigger looks at.
    (
        *("notice", "draft", "ALL", _OPERATOR),
        "USING (state IN ('draft', 'discarded', 'submitted'))"
        " WITH CHECK (state IN ('draft', 'submitted', 'discarded'))",
    ),
    ("notice", "approve", "ALL", f"{_SUPERVISOR}, {_MANAGER}", "USING (true) WITH CHECK (true)"),
    ("notice", "expire", "UPDATE", _SYNC, "USING (state = 'live') WITH CHECK (state = 'expired')"),
    # What stands on the server only the syncing and who may publish say.
    ("notice_place", "read", "SELECT", _READERS, "USING (true)"),
    (
        *("notice_place", "tick", "ALL", _OPERATOR),
        "USING (place <> 'server') WITH CHECK (place <> 'server')",
    ),
    (
        *("notice_place", "publish", "ALL", f"{_SUPERVISOR}, {_MANAGER}, {_SYNC}"),
        "USING (true) WITH CHECK (true)",
    ),
    # An operator records what the crew calls in; where and what for is said by who plans it.
    ("sweep", "read", "SELECT", _READERS, "USING (true)"),
    ("sweep", "call_in", "INSERT", _OPERATOR, "WITH CHECK (body = '' AND state <> 'cancelled')"),
    ("sweep", "plan", "INSERT", f"{_SUPERVISOR}, {_MANAGER}", "WITH CHECK (true)"),
    # What is published stays, and so does what was discarded. Which step follows which a trigger looks at.
    ("snapshot_version", "read", "SELECT", _READERS, "USING (true)"),
    (
        *("snapshot_version", "keep", "INSERT", f"{_OPERATOR}, {_SUPERVISOR}, {_MANAGER}"),
        "WITH CHECK (state = 'working')",
    ),
    (
        *("snapshot_version", "put_away", "UPDATE", _OPERATOR),
        "USING (state = 'working') WITH CHECK (state = 'discarded')",
    ),
    (
        *("snapshot_version", "stand_for", "UPDATE", f"{_SUPERVISOR}, {_MANAGER}"),
        "USING (state IN ('working', 'reviewed')) WITH CHECK (true)",
    ),
)
