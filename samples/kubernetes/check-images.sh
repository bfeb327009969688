#!/bin/sh
# Judges this pod's part of the images in a folder: every COUNT-th, beginning with the index of the pod.
#   check-images.sh FOLDER REPORTS COUNT
set -eu
folder=$1 reports=$2 count=$3
index=${JOB_COMPLETION_INDEX:?is set by an indexed Job}
number=0
worst=0
for image in "$folder"/*.wic*; do
    [ -f "$image" ] || continue
    if [ $((number % count)) -eq "$index" ]; then
        name=$(basename "$image")
        code=0
        check-image "$image" --output "json=$reports/$name.json" --output "junit=$reports/$name.xml" || code=$?
        # A failure is worse than no verdict, anything else is worse than both.
        case $worst:$code in
            *:0) ;;
            0:* | 3:1) worst=$code ;;
            *:1 | *:3) ;;
            *) worst=$code ;;
        esac
    fi
    number=$((number + 1))
done
[ "$number" -gt 0 ] || { echo "check-images.sh: no image in $folder" >&2; exit 3; }
exit "$worst"
