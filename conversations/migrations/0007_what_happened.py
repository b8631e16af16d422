"""What was sent and received for an answer, and how likely its tokens were."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0006_many_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Probabilities',
            fields=[
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='probabilities', serialize=False, to='conversations.run')),
                ('packed', models.BinaryField(help_text='As probabilities.py packs it.')),
            ],
            options={
                'verbose_name_plural': 'probabilities',
            },
        ),
        migrations.AddField(
            model_name='run',
            name='record',
            field=models.BinaryField(default=b'', help_text='What was sent and received (records.py), without secrets.'),
        ),
    ]
