package org.t3jvm.cli.option;

import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import picocli.CommandLine.Option;

/** Options of {@code generate} that make pictures instead of a video. */
public final class SweepOptions {
  @Option(
      names = "--preview-only",
      description =
          "Stop after the first preview, at step N of --preview or a quarter of the steps; no video"
              + " is made.")
  private boolean previewOnly;

  @Option(
      names = "--sweep",
      paramLabel = "SETTING=VALUES",
      description =
          "With --preview-only: one preview for each value, such as seed=0..7, cfg=3,5,7 or"
              + " shift=3..8, on a contact sheet, <name>.png.")
  private @Nullable String sweep;

  /** True if no video is to be made. */
  public boolean previewOnly() {
    if (sweep != null && !previewOnly) {
      throw new UsageException("--sweep makes a contact sheet of previews: add --preview-only");
    }
    return previewOnly;
  }

  /** The values to go through, or null for one preview. */
  public @Nullable Sweep sweep() {
    return sweep == null ? null : Sweep.parse(sweep);
  }
}
