"""The tables of the index: they are the databases' own, and no models. Triggers come after every migration (apps.py)."""

from django.db import migrations

SQLITE = """
CREATE TABLE search_queue (
    id integer PRIMARY KEY AUTOINCREMENT, conversation_id char(32) NOT NULL, message_id char(32) NULL
);
CREATE TABLE search_entry (
    id integer PRIMARY KEY, owner_id integer NOT NULL, conversation_id char(32) NOT NULL, message_id char(32) NULL,
    start integer NOT NULL, words text NOT NULL
);
CREATE INDEX search_entry_of_owner ON search_entry (owner_id, id);
CREATE INDEX search_entry_of_conversation ON search_entry (conversation_id);
CREATE INDEX search_entry_of_message ON search_entry (message_id);
CREATE VIRTUAL TABLE search_words USING fts5 (
    words, content='search_entry', content_rowid='id', columnsize=0, tokenize="ascii tokenchars ':_=~'"
);
"""
POSTGRES = """
CREATE TABLE search_queue (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, conversation_id uuid NOT NULL, message_id uuid NULL
);
CREATE TABLE search_entry (
    id bigint PRIMARY KEY, owner_id bigint NOT NULL, conversation_id uuid NOT NULL, message_id uuid NULL,
    start integer NOT NULL, words tsvector NOT NULL
) WITH (toast_tuple_target = 128);
CREATE INDEX search_entry_of_owner ON search_entry (owner_id, id);
CREATE INDEX search_entry_of_conversation ON search_entry (conversation_id);
CREATE INDEX search_entry_of_message ON search_entry (message_id);
CREATE INDEX search_entry_words ON search_entry USING gin (words);
"""
TABLES = ("search_words", "search_entry", "search_queue")


def make(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in (SQLITE if sqlite else POSTGRES).split(";"):
        if statement.strip():
            schema_editor.execute(statement)


def unmake(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in TABLES if sqlite else TABLES[1:]:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0010_pinned_and_archived'),
    ]

    operations = [migrations.RunPython(make, unmake)]
