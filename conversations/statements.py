"""The statements that go up and down the tree of messages; no column of theirs is anybody's words."""

_UPWARDS = """
    WITH RECURSIVE branch(id, parent_id, height) AS (
        SELECT id, parent_id, 0 FROM conversations_message WHERE id = %s
        UNION ALL
        SELECT m.id, m.parent_id, branch.height + 1
        FROM conversations_message m JOIN branch ON m.id = branch.parent_id
        WHERE branch.height + 1 < %s
    )
"""
_MESSAGES = "SELECT {} FROM branch JOIN conversations_message m ON m.id = branch.id ORDER BY branch.height DESC"
BRANCH = f"{_UPWARDS} {_MESSAGES}"
BRANCH_IDS = f"{_UPWARDS} SELECT id FROM branch ORDER BY branch.height DESC"  # noqa: S608 - nothing of anybody's

NEWEST_BELOW = """
    WITH RECURSIVE below(id, height) AS (
        SELECT id, 0 FROM conversations_message WHERE id = %s
        UNION ALL
        SELECT m.id, below.height + 1 FROM conversations_message m JOIN below ON m.parent_id = below.id
        WHERE m.deleted_at IS NULL
    )
    SELECT {} FROM below JOIN conversations_message m ON m.id = below.id
    ORDER BY m.created_at DESC, below.height DESC LIMIT 1
"""

# A message and all that hangs below it, deleted or not.
_BELOW = """
    WITH RECURSIVE below(id) AS (
        SELECT id FROM conversations_message WHERE id = %s
        UNION ALL SELECT m.id FROM conversations_message m JOIN below ON m.parent_id = below.id
    ) SELECT id FROM below
"""
COUNT_BELOW = f"SELECT COUNT(*) FROM conversations_message WHERE deleted_at IS NULL AND id IN ({_BELOW})"  # noqa: S608
DELETE_BELOW = f"UPDATE conversations_message SET deleted_at = %s WHERE deleted_at IS NULL AND id IN ({_BELOW})"  # noqa: S608
RESTORE_BELOW = f"UPDATE conversations_message SET deleted_at = NULL WHERE deleted_at = %s AND id IN ({_BELOW})"  # noqa: S608
WRITTEN_BELOW = f"SELECT 1 FROM conversations_run WHERE status IN (%s, %s) AND message_id IN ({_BELOW}) LIMIT 1"  # noqa: S608

COST = """
    SELECT SUM(cost) FROM (
        SELECT cost FROM conversations_run WHERE conversation_id = %s
        UNION ALL SELECT cost FROM conversations_titlecall WHERE conversation_id = %s
    ) AS calls
"""

IS_RUNNING = "SELECT 1 FROM conversations_run WHERE conversation_id = %s AND status IN (%s, %s) LIMIT 1"
