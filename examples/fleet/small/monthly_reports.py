"""Airflow: a task for each council, which makes the month before the DAG run's own from the council's bucket."""

from datetime import datetime, timedelta

try:
    from airflow.sdk import dag, task
except ImportError:
    from airflow.decorators import dag, task

COUNCILS = ["southend", "eastmouth"]


@dag(
    schedule="0 6 15 * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_tasks=4,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=10)},
)  # fmt: skip
def monthly_reports():
    @task.bash
    def report(council: str) -> str:
        month = "{{ (logical_date.replace(day=1) - macros.timedelta(days=1)).strftime('%Y-%m') }}"
        return (
            f"/srv/performance/.venv-fleet/bin/mpr run {month} --if-changed --log-json "
            f"--workspace s3://councils/workspaces/{council}"
        )

    report.expand(council=COUNCILS)


monthly_reports()
