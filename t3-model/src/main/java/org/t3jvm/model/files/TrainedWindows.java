package org.t3jvm.model.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * The rule of the T3 windows that a file's weights were trained with, in the file's metadata: its
 * table, {@code t3.windows} such as "6,1,1;1,3,1", and the table's token grid, {@code t3.grid} such
 * as "6x9x16". Trained by a rule, at whatever size, weights carry that rule.
 */
public final class TrainedWindows {
  private static final String WINDOWS = "t3.windows";
  private static final String GRID = "t3.grid";

  private TrainedWindows() {}

  /** The metadata of a file whose weights were trained with such windows. */
  public static Map<String, String> metadata(T3WindowRule trained) {
    return Map.of(WINDOWS, trained.table().toString(), GRID, trained.grid().toString());
  }

  /**
   * What the weights of a file were trained with; empty if it does not say.
   *
   * @throws IOException if the file cannot be read, or its metadata is no windows of a grid
   */
  public static Optional<T3WindowRule> of(Path file) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(file, 1)) {
      String windows = checkpoint.metadata().get(WINDOWS);
      String grid = checkpoint.metadata().get(GRID);
      return windows == null && grid == null ? Optional.empty() : Optional.of(rule(windows, grid));
    } catch (IllegalArgumentException e) {
      throw new IOException("'%s': its metadata %s".formatted(file, e.getMessage()), e);
    }
  }

  private static T3WindowRule rule(@Nullable String windows, @Nullable String grid) {
    if (windows == null || grid == null) {
      throw new IllegalArgumentException(
          "has %s without %s; both are needed"
              .formatted(windows == null ? GRID : WINDOWS, windows == null ? WINDOWS : GRID));
    }
    return new T3WindowRule(grid(grid), T3Windows.parse(windows));
  }

  private static TokenGrid grid(String text) {
    String[] extents = text.split("x", -1);
    try {
      if (extents.length != 3) {
        throw new NumberFormatException();
      }
      return new TokenGrid(
          Integer.parseInt(extents[0]), Integer.parseInt(extents[1]), Integer.parseInt(extents[2]));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s '%s' is not three positive extents as in 6x9x16".formatted(GRID, text), e);
    }
  }
}
