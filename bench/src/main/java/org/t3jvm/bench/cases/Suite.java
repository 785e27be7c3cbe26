package org.t3jvm.bench.cases;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The groups that cases come in, in the order they run. */
public enum Suite {
  GEMM("gemm"),
  ATTENTION("attention"),
  CONV3D("conv3d"),
  ELEMENTWISE("elementwise"),
  LAUNCH("launch"),
  DIT_BLOCK("dit-block"),
  VAE("vae"),
  TEXT_ENCODER("text-encoder"),
  TOKENIZER("tokenizer"),
  CHECKPOINT("checkpoint"),
  TRAIN("train");

  private final String label;

  Suite(String label) {
    this.label = label;
  }

  /** The name on the command line and in reports. */
  public String label() {
    return label;
  }

  /** The suite of a label, if there is one. */
  public static Optional<Suite> labelled(String label) {
    return Arrays.stream(values()).filter(suite -> suite.label.equals(label)).findFirst();
  }

  /** All labels, in order. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(Suite::label).toList();
  }
}
