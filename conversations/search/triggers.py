"""What the database itself does for the index: it notes what is new, and takes out at once what goes.

A trigger sees every way in which a message or a title comes, changes or goes, whoever wrote the statement, and works in
its transaction: nothing is forgotten, and nothing that is deleted can be found (docs/decisions/0021).
"""

from typing import Any

from django.db import connections

_EVENTS = """
message_new        | AFTER INSERT ON conversations_message
    | NEW.parts {differs} '[]' AND NEW.deleted_at IS NULL
    | INSERT INTO search_queue (conversation_id, message_id) VALUES (NEW.conversation_id, NEW.id)
message_deleted    | AFTER UPDATE OF deleted_at ON conversations_message
    | NEW.deleted_at IS NOT NULL
    | DELETE FROM search_entry WHERE message_id = NEW.id
message_restored   | AFTER UPDATE OF deleted_at ON conversations_message
    | NEW.deleted_at IS NULL AND OLD.deleted_at IS NOT NULL
    | INSERT INTO search_queue (conversation_id, message_id) VALUES (NEW.conversation_id, NEW.id)
message_gone       | AFTER DELETE ON conversations_message
    |
    | DELETE FROM search_entry WHERE message_id = OLD.id
run_ended          | AFTER UPDATE OF status ON conversations_run
    | OLD.status IN ('queued', 'in_progress') AND NEW.status NOT IN ('queued', 'in_progress')
    | INSERT INTO search_queue (conversation_id, message_id) VALUES (NEW.conversation_id, NEW.message_id)
conversation_new   | AFTER INSERT ON conversations_conversation
    | NEW.title <> '' AND NEW.deleted_at IS NULL
    | INSERT INTO search_queue (conversation_id, message_id) VALUES (NEW.id, NULL)
conversation_named | AFTER UPDATE OF title ON conversations_conversation
    | NEW.title <> OLD.title
    | INSERT INTO search_queue (conversation_id, message_id) VALUES (NEW.id, NULL)
conversation_deleted | AFTER UPDATE OF deleted_at ON conversations_conversation
    | NEW.deleted_at IS NOT NULL
    | DELETE FROM search_entry WHERE conversation_id = NEW.id
conversation_restored | AFTER UPDATE OF deleted_at ON conversations_conversation
    | NEW.deleted_at IS NULL AND OLD.deleted_at IS NOT NULL
    | INSERT INTO search_queue (conversation_id, message_id) SELECT NEW.id, id FROM conversations_message
      WHERE conversation_id = NEW.id AND deleted_at IS NULL UNION ALL SELECT NEW.id, NULL
conversation_gone  | AFTER DELETE ON conversations_conversation
    |
    | DELETE FROM search_entry WHERE conversation_id = OLD.id
"""
# FTS5 has the words only as an index; it takes them out again when it is given the same ones.
_WORDS = """
entry_new  | AFTER INSERT ON search_entry
    |
    | INSERT INTO search_words (rowid, words) VALUES (NEW.id, NEW.words)
entry_gone | AFTER DELETE ON search_entry
    |
    | INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', OLD.id, OLD.words)
"""


def _parsed(text: str) -> list[list[str]]:
    """Name, event, condition and statement of each."""
    return [[part.strip() for part in one.split("|")] for one in _paragraphs(text)]


def _paragraphs(text: str) -> list[str]:
    found: list[str] = []
    for line in text.strip().splitlines():
        if line.startswith(" "):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def tables_there(using: str) -> bool:
    """Whether the tables of the index have been made."""
    return "search_queue" in connections[using].introspection.table_names()


def drop(using: str) -> None:
    """Before a migration: SQLite makes a table anew to change it, which triggers elsewhere that name it refuse."""
    if connections[using].vendor == "sqlite":
        with connections[using].cursor() as cursor:
            for name, *_ in _parsed(_EVENTS):
                cursor.execute(f"DROP TRIGGER IF EXISTS search_{name}")


def create(using: str) -> None:
    """Have all of them, as they are written here."""
    database = connections[using]
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            for name, event, condition, statement in _parsed(_EVENTS) + _parsed(_WORDS):
                when = f"WHEN {condition.format(differs='<>')}" if condition else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS search_{name}")
                cursor.execute(f"CREATE TRIGGER search_{name} {event} {when} BEGIN {statement}; END")
            return
        for name, event, condition, statement in _parsed(_EVENTS):
            _create_in_postgres(cursor, name, event, condition.format(differs="<>"), statement)


def _create_in_postgres(cursor: Any, name: str, event: str, condition: str, statement: str) -> None:
    """A function can be replaced without a lock; the trigger that calls it is made once."""
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION search_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {statement}; RETURN NULL; END $$"
    )
    cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s AND NOT tgisinternal", [f"search_{name}"])
    if cursor.fetchone() is None:
        when = f"WHEN ({condition})" if condition else ""
        cursor.execute(f"CREATE TRIGGER search_{name} {event} FOR EACH ROW {when} EXECUTE FUNCTION search_{name}()")


def note_missing(using: str) -> None:
    """Put into the queue what is not in the index: at first all of it, and what was written without triggers."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_queue (conversation_id, message_id) SELECT m.conversation_id, m.id "
            "FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id "
            "WHERE m.parts <> '[]' AND m.deleted_at IS NULL AND c.deleted_at IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM search_entry e WHERE e.message_id = m.id) ORDER BY m.created_at"
        )
        cursor.execute(
            "INSERT INTO search_queue (conversation_id, message_id) "
            "SELECT c.id, NULL FROM conversations_conversation c "
            "WHERE c.title <> '' AND c.deleted_at IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM search_entry e WHERE e.conversation_id = c.id AND e.message_id IS NULL)"
        )
