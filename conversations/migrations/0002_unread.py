"""Whether an answer has ended that its owner has not seen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="unread",
            field=models.BooleanField(default=False, help_text="An answer ended that no tab of the owner's has shown."),
        ),
    ]
