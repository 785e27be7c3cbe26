package org.t3jvm;

import java.time.Duration;
import java.util.Optional;
import org.t3jvm.job.VideoJob;

/**
 * What a job takes, before anything of it is computed.
 *
 * @param job with every choice filled in
 * @param tokens of the DiT
 * @param operations floating-point, in all
 * @param memory bytes of the process at its peak, beside the weights
 * @param disk bytes while the video is made, at most
 * @param time of the operations on this machine, at rates that are measured when its backend is
 *     first planned for, or kept from such a measurement ({@link org.t3jvm.job.RunOptions#rates})
 * @param shortage why the job does not fit into the memory that it may take; empty if it does
 * @param text all of it, as {@code t3 plan} prints it
 */
public record JobPlan(
    VideoJob job,
    long tokens,
    double operations,
    long memory,
    long disk,
    Duration time,
    Optional<String> shortage,
    String text) {
  /** All of it, in lines for people. */
  @Override
  public String toString() {
    return text;
  }
}
