package org.t3jvm.bench.cases;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * A safetensors file of as many tensors as the 1.3B DiT has: the time until it is open, and the
 * rate at which all tensors are read through the map (from the system's cache).
 */
final class CheckpointCases {
  private static final int TENSORS = 825;
  private static final Shape SHAPE = Shape.of(256, 1536);
  private static final long BYTES = SHAPE.elements() * DType.BF16.byteSize();

  private CheckpointCases() {}

  static List<HostCase> all() {
    String shape = "%d BF16 tensors, %d MB".formatted(TENSORS, TENSORS * BYTES / 1_000_000);
    return List.of(
        new HostCase(
            Suite.CHECKPOINT,
            "open",
            shape,
            Metric.MILLISECONDS,
            1,
            () -> task(file -> Checkpoints.open(file).close())),
        new HostCase(
            Suite.CHECKPOINT,
            "read-all",
            shape,
            Metric.READ_GB_PER_SECOND,
            (double) TENSORS * BYTES,
            CheckpointCases::readAll));
  }

  private interface Action {
    void run(Path file) throws IOException;
  }

  private static HostCase.Task readAll() throws IOException {
    MemorySegment target = Arena.ofAuto().allocate(BYTES);
    return task(
        file -> {
          try (Checkpoint checkpoint = Checkpoints.open(file)) {
            for (String name : checkpoint.entries().keySet()) {
              target.copyFrom(checkpoint.tensor(name).segment());
            }
          }
        });
  }

  private static HostCase.Task task(Action action) throws IOException {
    Path file = Files.createTempFile("t3-bench-", ".safetensors");
    write(file);
    return new HostCase.Task() {
      @Override
      public void run() throws IOException {
        action.run(file);
      }

      @Override
      public void close() throws IOException {
        Files.delete(file);
      }
    };
  }

  private static void write(Path file) throws IOException {
    List<TensorInfo> layout = new ArrayList<>();
    for (int i = 0; i < TENSORS; i++) {
      layout.add(new TensorInfo("blocks.%d.weight".formatted(i), StoredType.BF16, SHAPE, BYTES));
    }
    Tensor values = Tensor.allocate(DType.BF16, SHAPE);
    for (long i = 0; i < SHAPE.elements(); i++) {
      values.setDouble(i, Math.sin((double) i));
    }
    SafetensorsWriter.write(file, layout, name -> values, Map.of());
  }
}
