"""The monthly performance report as an Airflow DAG: the month before the run's own, then the archive."""

from datetime import timedelta

import pendulum
from airflow import DAG
from airflow.timetables.trigger import CronTriggerTimetable

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

WORKSPACE = "/srv/performance"
# Of the logical date and not of today, so that a run that is repeated later makes the same month.
MONTH = "{{ (logical_date.replace(day=1) - macros.timedelta(days=1)).strftime('%Y-%m') }}"

with DAG(
    dag_id="monthly_performance_report",
    schedule=CronTriggerTimetable("0 6 22 * *", timezone="Europe/London"),
    start_date=pendulum.datetime(2018, 5, 1, tz="Europe/London"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10), "execution_timeout": timedelta(minutes=45)},
    tags=["performance"],
):
    # MPR_SMTP_PASSWORD and MPR_WEBHOOK_URL come from the worker's own environment.
    run = BashOperator(task_id="run", cwd=WORKSPACE, bash_command=f".venv/bin/mpr run {MONTH} --log-json")
    site = BashOperator(task_id="site", cwd=WORKSPACE, bash_command=".venv/bin/mpr site")
    run >> site
