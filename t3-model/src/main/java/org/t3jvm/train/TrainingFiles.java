package org.t3jvm.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.JobException;

/**
 * What a training reads and writes.
 *
 * @param data folders of captioned clips
 * @param start model folder whose weights are trained further; null to start from nothing
 * @param model model folder of the parts that are not trained; null for {@code start}
 * @param out folder for the trained model, with the state of the training in it; of a retrofit and
 *     a LoRA a file, with the state beside it
 * @param cache folder for encoded clips; null for one within the state
 */
public record TrainingFiles(
    List<Path> data, @Nullable Path start, @Nullable Path model, Path out, @Nullable Path cache) {
  public TrainingFiles {
    if (data == null || data.isEmpty()) {
      throw new JobException("files.data is missing, must be folders of clips");
    }
    if (out == null) {
      throw new JobException("files.out is missing, must be a folder");
    }
    data = List.copyOf(data);
  }

  /** Where the parts lie that are not trained, if anywhere. */
  public Optional<Path> parts() {
    return Optional.ofNullable(model != null ? model : start);
  }
}
