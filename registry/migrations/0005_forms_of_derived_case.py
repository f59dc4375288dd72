from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_question_and_effect"),
    ]

    operations = [
        migrations.AddField(
            model_name="derivedcase",
            name="forms",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="derivedcase",
            name="not_known",
            field=models.JSONField(default=dict),
        ),
        # Stored cases are derived again by the next tick, which fills both.
        migrations.RunSQL("UPDATE registry_derivedcase SET checked_on = NULL", migrations.RunSQL.noop),
    ]
