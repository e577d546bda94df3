#!/bin/sh
# Every council's report of the month before this one, four at a time, without an engine: names on standard input.
# GNU parallel's exit code is how many failed. xargs does the same: xargs -P4 -I{} mpr run previous --workspace s3://councils/workspaces/{} …
exec parallel --jobs 4 --joblog outputs.log \
  mpr run previous --workspace s3://councils/workspaces/{} --if-changed --quiet
