package org.t3jvm.job;

import java.io.IOException;
import java.nio.file.Path;
import org.t3jvm.model.json.RecordJson;

/**
 * A video to make: everything that decides a pixel of it. Fields that are null have the model's
 * defaults; a job that {@code T3.complete} gives has none of those, and gives the same bits on
 * every machine of a kind.
 *
 * @param version of the JSON that it is written as, {@link #VERSION}
 */
public record VideoJob(
    int version,
    Text text,
    Size size,
    Sampling sampling,
    Attention attention,
    Start start,
    Decoding decoding,
    Compute compute) {
  /** The version of jobs that this program reads and writes. */
  public static final int VERSION = 1;

  /** Groups that a JSON document leaves out have their defaults. */
  public VideoJob {
    JobException.require(version == VERSION, "version", version, String.valueOf(VERSION));
    if (text == null) {
      throw new JobException("text is missing, must be an object with a prompt");
    }
    size = size == null ? Size.DEFAULT : size;
    sampling = sampling == null ? Sampling.DEFAULT : sampling;
    attention = attention == null ? Attention.DEFAULT : attention;
    start = start == null ? Start.NOISE : start;
    decoding = decoding == null ? Decoding.EXACT : decoding;
    compute = compute == null ? Compute.DEFAULT : compute;
  }

  /** Begins a job of a prompt, in which all else is the model's default. */
  public static VideoJobBuilder of(String prompt) {
    return new VideoJobBuilder(prompt);
  }

  /** Begins a job like this one. */
  public VideoJobBuilder with() {
    return new VideoJobBuilder(this);
  }

  /** The same with paths that are good from any folder. */
  public VideoJob absolute() {
    return with()
        .start(start.absolute())
        .compute(compute.withLoraFiles(Path::toAbsolutePath))
        .build();
  }

  /**
   * Denoising steps of all passes.
   *
   * @throws IllegalStateException if the job leaves their number to the model
   */
  public int allSteps() {
    Integer steps = sampling.steps();
    if (steps == null) {
      throw new IllegalStateException("the job leaves the number of its steps to the model");
    }
    Hires hires = start.hires();
    return hires == null ? steps : steps + hires.stepsDone(steps);
  }

  /** The job as JSON, in one line. */
  public String toJson() {
    return RecordJson.mapper().writeValueAsString(this);
  }

  /**
   * A job from JSON.
   *
   * @throws IOException if it is no job, naming the field
   */
  public static VideoJob fromJson(String json) throws IOException {
    return RecordJson.read(json, VideoJob.class);
  }
}
