package org.t3jvm.model.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tasks;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.Parameters;

/**
 * A DiT's weights with LoRA laid over them: {@code W + scale * B A} for the weights that a LoRA
 * changes, all others as they are stored. Changed weights are computed in float32, rounded once to
 * their stored dtype, and made when they are asked for first, each once unless they are not to be
 * kept; the same bits come out whatever the number of threads.
 */
public final class LoraParameters implements Parameters {
  private static final int ROWS_AT_ONCE = 64;

  private final Parameters base;
  private final Map<String, List<LoraDelta>> deltas;
  private final Map<String, Tensor> merged = new ConcurrentHashMap<>();
  private final boolean kept;
  private final int threads;
  private final long bytes;

  /**
   * A LoRA file that stays open as long as the parameters are used.
   *
   * @param scale what its change is multiplied by
   */
  public record Opened(Checkpoint checkpoint, float scale) {}

  private LoraParameters(
      Parameters base, Map<String, List<LoraDelta>> deltas, boolean kept, int threads, long bytes) {
    this.base = base;
    this.deltas = deltas;
    this.kept = kept;
    this.threads = threads;
    this.bytes = bytes;
  }

  /**
   * Lays LoRA files over a DiT; reads names, shapes and single numbers, and no weights yet.
   *
   * @param base the DiT's weights
   * @param dit where they come from
   * @param files the LoRA files
   * @param kept whether changed weights stay in memory; false where the reader keeps what it makes
   *     of them, and asks once
   * @param threads that compute a changed weight
   * @throws CheckpointException if a file has tensors that do not fit, naming the first five
   */
  public static LoraParameters over(
      Parameters base, Checkpoint dit, List<Opened> files, boolean kept, int threads)
      throws CheckpointException {
    Map<String, List<LoraDelta>> deltas = new LinkedHashMap<>();
    for (Opened file : files) {
      LoraFile.deltas(file.checkpoint(), file.scale(), dit)
          .forEach(
              (name, more) -> deltas.computeIfAbsent(name, key -> new ArrayList<>()).addAll(more));
    }
    long bytes = 0;
    for (String name : deltas.keySet()) {
      TensorInfo info = dit.info(name);
      bytes += info.bytes();
    }
    return new LoraParameters(base, deltas, kept, threads, bytes);
  }

  /** How many weights are changed. */
  public int changed() {
    return deltas.size();
  }

  /** Bytes that the changed weights take once all are made; 0 if they are not kept. */
  public long bytes() {
    return kept ? bytes : 0;
  }

  @Override
  public Tensor tensor(String name) {
    List<LoraDelta> changes = deltas.get(name);
    if (changes == null) {
      return base.tensor(name);
    }
    return kept
        ? merged.computeIfAbsent(name, key -> merge(base.tensor(key), changes))
        : merge(base.tensor(name), changes);
  }

  /** As stored, so that a graph can be traced before any weight is made. */
  @Override
  public TensorType type(String name) {
    return base.type(name);
  }

  private Tensor merge(Tensor stored, List<LoraDelta> changes) {
    Tensor result = Tensor.allocate(stored.dtype(), stored.shape());
    List<LoraDelta.Rows> opened = changes.stream().map(LoraDelta::open).toList();
    int rows = stored.shape().intDim(0);
    int blocks = (rows + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
    Tasks.run(
        threads,
        blocks,
        block -> {
          int from = block * ROWS_AT_ONCE;
          merge(stored, opened, result, from, Math.min(rows, from + ROWS_AT_ONCE));
        });
    return result;
  }

  private static void merge(
      Tensor stored, List<LoraDelta.Rows> changes, Tensor result, int from, int to) {
    int columns = Math.toIntExact(stored.shape().inner(0));
    float[] scratch = new float[columns];
    for (int row = from; row < to; row++) {
      float[] sum = stored.rows(row, 1).toFloats();
      for (LoraDelta.Rows change : changes) {
        change.addTo(row, sum, scratch);
      }
      write(sum, result.rows(row, 1));
    }
  }

  private static void write(float[] values, Tensor row) {
    if (row.dtype() == DType.F32) {
      row.copyFrom(Tensor.ofFloats(row.shape(), values));
      return;
    }
    for (int j = 0; j < values.length; j++) {
      row.setDouble(j, values[j]);
    }
  }
}
