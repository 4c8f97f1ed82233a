from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendees", "0010_erased_is_nobody"),
    ]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="state",
            field=models.CharField(
                choices=[("waiting", "Chờ xử lý"), ("done", "Đã sửa"), ("refused", "Không thực hiện")],
                default="waiting",
                max_length=10,
                verbose_name="tình trạng",
            ),
        ),
    ]
