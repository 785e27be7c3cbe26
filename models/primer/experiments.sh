#!/bin/sh
# Renders what docs/experiments.md shows and prints its scores: experiments.sh STATE-FOLDER PART...
#
# Parts: t3, retrofit, passes, speed. Videos that are there already are not made again,
# so that a part which was stopped resumes; the seconds of a batch are those of one that was not.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
t3=$root/t3
state=${1:?the folder for clips and videos, such as ~/primer-experiments}
shift
mkdir -p "$state"
cd "$state"
state=$(pwd)

clips() {
  "$t3" make-clips "$@" --spread 0 --sizes big --motions right,left,falls,rises,grows,stays
}

# NAME PROMPTS ARGS: renders the first prompts that are held out.
render() {
  name=$1
  prompts=$2
  shift 2
  begun=$(date +%s)
  "$t3" batch held-out/metadata.csv --end "$prompts" --out "$name" --quiet "$@"
  echo "$name: $prompts videos in $(($(date +%s) - begun)) s"
  rendered=$rendered,$state/$name/metadata
}

# STEPS: the embedded model with T3 windows and so many steps of training.
retrofit() {
  [ -e "t3-$1/training/done" ] && return
  sed "s/\"steps\": 1000/\"steps\": $1/" "$here/retrofit.json" >"retrofit-$1.json"
  if [ -e "t3-$1/training/job.json" ]; then
    "$t3" train --resume "t3-$1"
  else
    "$t3" train dit --config "retrofit-$1.json" --start "$here" --data clips64 --data clips65 --cache encoded --out "t3-$1"
  fi
  : >"t3-$1/training/done"
}

windows="1,1,2;6,1,1;1,3,1;2,1,1;3,1,1"
size2="--height 288 --width 512"

clips held-out --part held_out --clips 200 --seed 2001 --height 144 --width 256
for part; do
  rendered=
  case $part in
  t3)
    clips clips64 --clips 400 --seed 64 --height 144 --width 256 --format png
    clips clips65 --clips 400 --seed 65 --height 144 --width 256 --format png
    render full 16
    render windows 16 --attention t3 --windows "$windows"
    for steps in 50 200 1000; do
      retrofit $steps
      render t3-$steps-videos 16 --model t3-$steps
    done
    ;;
  retrofit)
    render t3-1000-videos 200 --model t3-1000
    ;;
  passes)
    render full-2 4 $size2
    render inward 4 $size2 --hires vibe --hires-pooling 1 --hires-shift 9
    render freeswim 4 $size2 --hires freeswim --hires-cache off
    render freeswim-2 4 $size2 --hires freeswim
    ;;
  speed)
    render f32 12
    render bf16 12 --precision bf16
    render int8 12 --precision int8
    render q8 12 --weights q8
    for steps in 4 8; do
      render steps-$steps 12 --steps $steps
    done
    render unipc-8 12 --sampler unipc --steps 8
    render dpm-8 12 --sampler dpm++ --steps 8
    render teacache 12 --cache teacache
    render easycache 12 --cache easycache
    ;;
  *)
    echo "experiments.sh: part '$part' is unknown; there are t3, retrofit, passes, speed" >&2
    exit 2
    ;;
  esac
  (
    cd "$root"
    mvn -q -pl t3-model -am test -Dtest='ModelScoresTest#rendered*' -Dsurefire.failIfNoSpecifiedTests=false \
      -Dt3.scores.clips="$state/held-out" -Dt3.scores.videos="${rendered#,}"
  ) | tee "scores-$part.txt" | grep "prompts,"
done
