package org.t3jvm.train;

import java.util.Locale;

/** What a training changes. */
public enum TrainedModel {
  /** All weights of an autoencoder. */
  VAE,
  /** All weights of a diffusion transformer, and of its text encoder if asked for. */
  DIT,
  /** All weights of a diffusion transformer, towards T3 windows. */
  RETROFIT,
  /** A LoRA of a diffusion transformer. */
  LORA;

  /** True if the result is one file, not the folder of a model. */
  public boolean inOneFile() {
    return this == RETROFIT || this == LORA;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
