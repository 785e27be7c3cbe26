#!/bin/sh
# Renders what docs/experiments.md shows and prints its scores: experiments.sh STATE-FOLDER PART...
#
# Parts: t3, retrofit, larger, enlarged, largest, freeswim, vibe, speed. Videos that are there already are not made again,
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

# OUT RECIPE STEPS START CLIPS CLIPS: a model that was trained further for so many steps, with T3 windows.
adapt() {
  [ -e "$1/training/done" ] && return
  sed "s/\"steps\": 1000/\"steps\": $3/" "$here/$2.json" >"$2-$3.json"
  if [ -e "$1/training/job.json" ]; then
    "$t3" train --resume "$1"
  else
    "$t3" train dit --config "$2-$3.json" --start "$4" --data "$5" --data "$6" --cache encoded --out "$1"
  fi
  : >"$1/training/done"
}

# STEPS: the embedded model with T3 windows, and so many steps of training at its own size.
retrofit() {
  clips clips64 --clips 400 --seed 64 --height 144 --width 256 --format png
  clips clips65 --clips 400 --seed 65 --height 144 --width 256 --format png
  adapt "t3-$1" retrofit "$1" "$here" clips64 clips65
}

# STEPS: that of 1,000 steps, and so many at twice the size.
enlarge() {
  retrofit 1000
  clips clips91 --clips 120 --seed 91 $size2 --format png
  clips clips92 --clips 120 --seed 92 $size2 --format png
  adapt "larger-$1" retrofit288 "$1" t3-1000 clips91 clips92
}

# OUT RATE ARGS: a LoRA for twice the size from images alone.
vibe() {
  out=$1
  rate=$2
  shift 2
  clips images82 --clips 200 --seed 82 $size2 --frames 1 --format png
  "$t3" train vibe --model "$here" --high images82 --steps 2000 --lr "$rate" --rank 16 --out "$out.safetensors" --quiet "$@"
}

windows="1,1,2;6,1,1;1,3,1;2,1,1;3,1,1"
size2="--height 288 --width 512"
windows2="1,2,4;6,1,1;1,6,2;2,2,2;3,2,2"
size4="--height 576 --width 1024"
windows4="1,4,8;6,1,1;1,12,4;2,4,4;3,4,4"

clips held-out --part held_out --clips 200 --seed 2001 --height 144 --width 256
for part; do
  rendered=
  case $part in
  t3)
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
  larger)
    render full-2 8 $size2
    render windows-2 8 $size2 --attention t3 --windows "$windows2"
    for steps in 50 200 1000; do
      retrofit $steps
      render t3-$steps-2 8 --model t3-$steps $size2
    done
    ;;
  enlarged)
    for steps in 50 200 1000; do
      enlarge $steps
      render larger-$steps-2 8 --model larger-$steps
    done
    ;;
  largest)
    enlarge 1000
    render full-4 2 $size4
    render windows-4 2 $size4 --attention t3 --windows "$windows4"
    render larger-1000-4 2 --model larger-1000 $size4
    ;;
  freeswim)
    render full-2 8 $size2
    render inward 8 $size2 --hires vibe --hires-pooling 1 --hires-shift 9
    render freeswim-both 8 $size2 --hires freeswim --hires-cache off
    render freeswim 8 $size2 --hires freeswim
    # FreeSwim's own strength and shift keep 5 % of the first pass; these keep 30 % and half of it.
    for strength in 0.7 0.5; do
      render inward-$strength 8 $size2 --hires vibe --hires-pooling 1 --hires-shift 1 --strength $strength
      render freeswim-$strength 8 $size2 --hires freeswim --hires-shift 1 --strength $strength
    done
    render freeswim-both-0.7 8 $size2 --hires freeswim --hires-cache off --hires-shift 1 --strength 0.7
    ;;
  vibe)
    clips images81 --clips 200 --seed 81 --height 144 --width 256 --frames 1 --format png
    vibe relay 1e-3 --low images81
    vibe one-stage 1e-3
    vibe velocities 1e-3 --low images81 --no-hfato
    vibe gentle 1e-4 --low images81
    render vibe-5 8 $size2 --hires vibe
    render vibe-1 8 $size2 --hires vibe --hires-shift 1
    for lora in relay one-stage velocities gentle; do
      render $lora-5 8 $size2 --hires vibe --lora $lora.safetensors
    done
    for lora in relay gentle; do
      render $lora-1 8 $size2 --hires vibe --lora $lora.safetensors --hires-shift 1
    done
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
    echo "experiments.sh: part '$part' is unknown; there are t3, retrofit, larger, enlarged, largest, freeswim, vibe, speed" >&2
    exit 2
    ;;
  esac
  (
    cd "$root"
    mvn -q -pl t3-model -am test -Dtest='ModelScoresTest#rendered*' -Dsurefire.failIfNoSpecifiedTests=false \
      -Dt3.scores.clips="$state/held-out" -Dt3.scores.videos="${rendered#,}"
  ) | tee "scores-$part.txt" | grep "prompts,"
done
