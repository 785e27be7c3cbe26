#!/bin/sh
# The GPUs of this machine, as Spark's discoveryScript has to print them; their addresses are numbers for --device.
list=$(nvidia-smi --query-gpu=index --format=csv,noheader) || exit 1
addresses=
for index in $list; do
  addresses="$addresses${addresses:+, }\"$index\""
done
printf '{"name": "gpu", "addresses": [%s]}\n' "$addresses"
