from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("rankings", "0004_copy_kept"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="uploadtoken",
            name="expires_at",
        ),
    ]
