#!/bin/sh
# Trains the primer from nothing: train.sh STATE-FOLDER
#
# Every step resumes where it was stopped, so that the script can be killed and started again at any
# time. The folder keeps clips, encoded clips and the states of the trainings, about 3 GB; what is
# finished is copied beside this file. The same weights come out on machines of one kind.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
t3=$here/../../t3
state=${1:?the folder for clips and states, such as ~/primer-state}
mkdir -p "$state"
cd "$state"

# OUT train ARGS: begins a training, resumes it, or leaves it alone when it is finished.
train() {
  out=$1
  shift
  if [ -e "$out/training/done" ]; then
    return
  elif [ -e "$out/training/job.json" ]; then
    "$t3" train --resume "$out"
  else
    "$t3" train "$@" --out "$out" --cache encoded
  fi
  : >"$out/training/done"
}

# DIR: writes its text encoder and transformer beside this file, as BF16.
publish() {
  for part in diffusion_pytorch_model models_t5_umt5-xxl-enc; do
    "$t3" convert "$1/$part.safetensors" "$here/$part.safetensors" --dtype bf16 --force
  done
  cp -R "$1/config.json" "$1/google" "$here"
}

# 1. The autoencoder: images, then 5 and 9 frames, pieces of clips of two sizes.
"$t3" make-clips clips80 --clips 500 --seed 11 --height 80 --width 128 --format png
"$t3" make-clips clips144 --clips 160 --seed 12 --height 144 --width 256 --format png
train vae vae --config "$here/vae.json" --data clips80 --data clips144

# 2. Text encoder and transformer on it: first frames, then whole clips with objects near the middle, and in it.
"$t3" make-clips middle --clips 1800 --seed 31 --spread 0.25 --height 64 --width 96 --format png
train dit dit --config "$here/dit.json" --data middle --model vae
"$t3" make-clips centre --clips 1200 --seed 33 --spread 0 --height 64 --width 96 --format png
train further dit --config "$here/further.json" --data centre --start dit

# From here on the world is smaller: big objects, and neither bouncing nor spinning.
clips() {
  "$t3" make-clips "$@" --sizes big --motions right,left,falls,rises,grows,stays --format png
}

# 3. The autoencoder further, on big objects.
clips big64 --clips 300 --seed 41 --spread 0.25 --height 64 --width 96
clips big144 --clips 150 --seed 42 --spread 0.5 --height 144 --width 256
train vae-big vae --config "$here/vae-big.json" --start vae --data big64 --data big144
"$t3" convert vae-big/Wan2.1_VAE.safetensors "$here/Wan2.1_VAE.safetensors" --dtype bf16 --force

# 4. Text encoder and transformer on its latents: images, clips, then clips of a larger size.
clips images --clips 12000 --seed 51 --spread 0 --height 64 --width 96 --frames 1
train still dit --config "$here/images.json" --start further --model vae-big --data images
clips moving --clips 3200 --seed 61 --spread 0 --height 64 --width 96
train motion dit --config "$here/motion.json" --start still --data moving
clips larger --clips 1500 --seed 63 --spread 0 --height 80 --width 128
train motion80 dit --config "$here/motion80.json" --start motion --data larger

# 5. The same at the final size: images, then clips.
clips images144 --clips 6000 --seed 71 --spread 0 --height 144 --width 256 --frames 1
train still144 dit --config "$here/images144.json" --start motion80 --data images144
clips moving144 --clips 1200 --seed 62 --spread 0 --height 144 --width 256
train motion144 dit --config "$here/motion144.json" --start still144 --data moving144
train further144 dit --config "$here/further144.json" --start motion144 --data moving144
publish further144

# 6. Other clips of that size, from the rounded weights.
clips other144 --clips 800 --seed 64 --spread 0 --height 144 --width 256
clips more144 --clips 800 --seed 65 --spread 0 --height 144 --width 256
train again144 dit --config "$here/again144.json" --start "$here" --data other144 --data more144
train final dit --config "$here/final144.json" --start again144 --data other144 --data more144
publish final

# 7. T3 windows instead of full attention, from the rounded weights: the first half of the same clips.
clips windows64 --clips 400 --seed 64 --spread 0 --height 144 --width 256
clips windows65 --clips 400 --seed 65 --spread 0 --height 144 --width 256
train t3 dit --config "$here/retrofit.json" --start "$here" --data windows64 --data windows65
"$t3" convert t3/diffusion_pytorch_model.safetensors "$here/t3.safetensors" --dtype bf16 --force
