from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('converter', '0012_imports'),
    ]

    operations = [
        migrations.RenameModel(old_name='Allowance', new_name='RateLimitUsage'),
        migrations.RenameIndex(
            model_name='ratelimitusage',
            old_name='allowance_began',
            new_name='rate_limit_began',
        ),
        migrations.RenameModel(old_name='KeptAnswer', new_name='StoredResponse'),
        migrations.RenameIndex(
            model_name='storedresponse',
            old_name='answer_by_age',
            new_name='response_by_age',
        ),
        migrations.RemoveConstraint(
            model_name='storedresponse',
            name='answer_of_client_and_key',
        ),
        migrations.AddConstraint(
            model_name='storedresponse',
            constraint=models.UniqueConstraint(fields=('client', 'key'), name='response_of_client_and_key'),
        ),
    ]
