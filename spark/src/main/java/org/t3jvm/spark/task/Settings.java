package org.t3jvm.spark.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.ModelSource;
import org.t3jvm.tensor.backend.DeviceRuntime;

/**
 * What all tasks of a rendering share.
 *
 * @param job settings of all videos, as JSON
 * @param model its parts by their names in full
 * @param out folder of the videos, by its name in full
 * @param scratch folder at one path on all nodes in which videos for another file system than the
 *     local one are made; null for one beside the copies of the model
 * @param cache folder of a node's disk for copies of the model
 * @param attempts after which a task is given up
 * @param machine what of the executor is used
 */
public record Settings(
    String job,
    ModelSource.Uris model,
    String out,
    @Nullable String scratch,
    String cache,
    int attempts,
    Machine machine)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * How an executor's machine is used, as {@link org.t3jvm.job.RunOptions} has it; what is 0
   * follows from Spark's settings.
   *
   * @param textCache folder that keeps encoded negative prompts; null to keep none
   */
  public record Machine(
      int threads,
      int device,
      long deviceMemory,
      @Nullable DeviceRuntime runtime,
      long memory,
      @Nullable String textCache)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }
}
