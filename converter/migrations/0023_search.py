import django.db.models.deletion
from django.db import migrations, models

FTS5 = (
    """
    CREATE VIRTUAL TABLE converter_searchindex USING fts5(
        cells, beside, content='converter_searchtext', content_rowid='image_id',
        tokenize='ascii', detail='none'
    )
    """,
    """
    CREATE TRIGGER converter_search_added AFTER INSERT ON converter_searchtext BEGIN
        INSERT INTO converter_searchindex (rowid, cells, beside)
        VALUES (new.image_id, new.cells, new.beside);
    END;
    """,
    """
    CREATE TRIGGER converter_search_removed AFTER DELETE ON converter_searchtext BEGIN
        INSERT INTO converter_searchindex (converter_searchindex, rowid, cells, beside)
        VALUES ('delete', old.image_id, old.cells, old.beside);
    END;
    """,
    """
    CREATE TRIGGER converter_search_changed AFTER UPDATE ON converter_searchtext BEGIN
        INSERT INTO converter_searchindex (converter_searchindex, rowid, cells, beside)
        VALUES ('delete', old.image_id, old.cells, old.beside);
        INSERT INTO converter_searchindex (rowid, cells, beside)
        VALUES (new.image_id, new.cells, new.beside);
    END;
    """,
)
NO_FTS5 = (
    "DROP TRIGGER converter_search_changed",
    "DROP TRIGGER converter_search_removed",
    "DROP TRIGGER converter_search_added",
    "DROP TABLE converter_searchindex",
)
GIN = """
CREATE INDEX converter_searchindex ON converter_searchtext
USING gin (array_to_tsvector(string_to_array(btrim(cells || ' ' || beside), ' ')))
"""


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GIN)
        return
    for statement in FTS5:
        schema_editor.execute(statement, params=None)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX converter_searchindex")
        return
    for statement in NO_FTS5:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('converter', '0022_steps_of_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('image', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search', serialize=False, to='converter.batchimage')),
                ('cells', models.TextField(blank=True)),
                ('beside', models.TextField(blank=True)),
            ],
        ),
        migrations.RunPython(add_index, drop_index),
    ]
