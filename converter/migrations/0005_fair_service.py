from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('converter', '0004_lifecycle'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='batch',
            name='woken',
        ),
        migrations.AddField(
            model_name='batch',
            name='served',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='batchimage',
            name='begun',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
