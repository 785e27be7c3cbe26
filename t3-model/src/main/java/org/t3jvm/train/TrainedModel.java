package org.t3jvm.train;

import java.util.Locale;

/** What a training changes. */
public enum TrainedModel {
  /** All weights of an autoencoder. */
  VAE,
  /** All weights of a diffusion transformer, and of its text encoder if asked for. */
  DIT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
