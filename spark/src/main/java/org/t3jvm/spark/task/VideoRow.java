package org.t3jvm.spark.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What became of a prompt: a row of the manifest. What is null is not known, as the prompt failed
 * before.
 *
 * @param index of the prompt in its table
 * @param prompt its text
 * @param job every setting of the video, as JSON
 * @param output the video's name in full
 * @param seconds that its last attempt took; null if it was there already
 * @param host that made it
 * @param executor of Spark that made it
 * @param attempt of the task, from 1
 * @param device of the GPU backend
 * @param opened how many times its executor had opened a model by then
 * @param resumed denoising steps that an earlier attempt had done
 * @param cut what the model did not read of the prompt, in one line
 * @param error why there is no video, in one line; null if there is
 */
public record VideoRow(
    int index,
    @Nullable String prompt,
    @Nullable String job,
    @Nullable String output,
    Status status,
    @Nullable Double seconds,
    @Nullable String host,
    @Nullable String executor,
    @Nullable Integer attempt,
    @Nullable Integer device,
    @Nullable Integer opened,
    @Nullable Integer resumed,
    @Nullable String cut,
    @Nullable String error)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What became of it. */
  public enum Status {
    MADE,
    /** The video was there already. */
    SKIPPED,
    FAILED
  }

  /** A prompt that came to no executor, or back from none. */
  public static VideoRow failed(int index, @Nullable String prompt, @Nullable String error) {
    return new VideoRow(
        index,
        prompt,
        null,
        null,
        Status.FAILED,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        error);
  }
}
