package org.t3jvm.server.engine;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Start;
import org.t3jvm.job.VideoJob;

/**
 * The files that a job starts from. Jobs of the server name them without folders; to be computed,
 * they get them.
 */
public final class Inputs {
  private Inputs() {}

  /**
   * The same job with its files where they lie.
   *
   * @param files where an image or a video of a name lies
   * @param loras folder of the LoRA files
   */
  static VideoJob placed(VideoJob job, UnaryOperator<Path> files, Path loras) {
    return with(job, files, name -> loras.resolve(name.toString()));
  }

  /** The same job with its files named without folders. */
  public static VideoJob bare(VideoJob job) {
    return with(job, Inputs::name, Inputs::name);
  }

  private static Path name(Path file) {
    Path name = file.getFileName();
    return name == null ? file : name;
  }

  private static VideoJob with(VideoJob job, UnaryOperator<Path> files, UnaryOperator<Path> lora) {
    Start start = job.start();
    return job.with()
        .start(
            new Start(
                applied(files, start.image()),
                start.imageFit(),
                applied(files, start.video()),
                start.strength(),
                start.hires()))
        .compute(job.compute().withLoraFiles(lora))
        .build();
  }

  private static @Nullable Path applied(UnaryOperator<Path> change, @Nullable Path path) {
    return path == null ? null : change.apply(path);
  }
}
