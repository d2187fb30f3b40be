from django.db import migrations, models


def note_copies(apps, schema_editor):
    apps.get_model("rankings", "Board").objects.filter(is_copied=True).update(keeps_copy=True)


class Migration(migrations.Migration):

    dependencies = [
        ("rankings", "0003_boards"),
    ]

    operations = [
        migrations.AddField(
            model_name="board",
            name="keeps_copy",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(note_copies, migrations.RunPython.noop),
    ]
