#!/bin/sh
# Judges this pod's part of the images in a folder: every COUNT-th, beginning with the index of the pod.
#   check-images.sh FOLDER REPORTS COUNT
set -eu
folder=$1 reports=$2 count=$3
index=${JOB_COMPLETION_INDEX:?is set by an indexed Job}
set -- "$folder"/*.wic*
[ -e "$1" ] || { echo "check-images.sh: no image in $folder" >&2; exit 3; }
exec check-image "$@" --shard "$((index + 1))/$count" --jobs auto \
    --output "json=$reports/part-$index.json" --output "junit=$reports/part-$index.xml"
