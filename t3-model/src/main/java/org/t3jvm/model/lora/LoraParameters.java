package org.t3jvm.model.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tasks;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.TensorType;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.quantize.WeightRows;

/**
 * A DiT's weights with LoRA laid over them: {@code W + scale * B A} for the weights that a LoRA
 * changes, all others as they are stored. Changed weights are computed in float32, rounded once to
 * their stored dtype, and made when they are asked for first, each once unless they are not to be
 * kept; the same bits come out whatever the number of threads.
 */
public final class LoraParameters implements Parameters {
  private static final int ROWS_AT_ONCE = 64;

  private final Parameters base;
  private final Checkpoint dit;
  private final Map<String, List<LoraDelta>> deltas;
  private final List<String> notes;
  private final Map<String, Tensor> merged = new ConcurrentHashMap<>();
  private final boolean kept;
  private final int threads;
  private final long bytes;

  /**
   * A LoRA file that stays open as long as the parameters are used.
   *
   * @param scale what its change is multiplied by
   * @param config what its alpha is, where its tensors do not say so
   */
  public record Opened(Checkpoint checkpoint, float scale, AdapterConfig config) {
    /** A file that says all of itself by its tensors. */
    public Opened(Checkpoint checkpoint, float scale) {
      this(checkpoint, scale, AdapterConfig.NONE);
    }
  }

  private LoraParameters(
      Parameters base,
      Checkpoint dit,
      Map<String, List<LoraDelta>> deltas,
      List<String> notes,
      boolean kept,
      int threads,
      long bytes) {
    this.base = base;
    this.dit = dit;
    this.deltas = deltas;
    this.notes = List.copyOf(notes);
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
    List<String> notes = new ArrayList<>();
    for (Opened file : files) {
      LoraFile.Changes changes = LoraFile.changes(file, dit);
      notes.add(changes.note());
      changes
          .deltas()
          .forEach(
              (name, more) -> deltas.computeIfAbsent(name, key -> new ArrayList<>()).addAll(more));
    }
    long bytes = 0;
    for (String name : deltas.keySet()) {
      TensorInfo info = dit.info(name);
      bytes += mergedType(info) == info.type() ? info.bytes() : 2 * info.shape().elements();
    }
    return new LoraParameters(base, dit, deltas, notes, kept, threads, bytes);
  }

  /** Codes take no change: weights that are stored as such are merged to BF16. */
  private static StoredType mergedType(TensorInfo stored) {
    DType dtype = stored.type().dtype();
    return dtype != null && dtype.isFloating() ? stored.type() : StoredType.BF16;
  }

  /** How each file was read, a line each: what it changes, by which factors, and what it skips. */
  public List<String> notes() {
    return notes;
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
    return kept ? merged.computeIfAbsent(name, key -> merge(key, changes)) : merge(name, changes);
  }

  /** As stored, or BF16 for codes; a graph can be traced before any weight is made. */
  @Override
  public TensorType type(String name) {
    TensorType stored = base.type(name);
    return deltas.containsKey(name) && !stored.dtype().isFloating()
        ? new TensorType(DType.BF16, stored.shape())
        : stored;
  }

  private WeightRows values(String name, Tensor stored) {
    boolean codes =
        !stored.dtype().isFloating() && dit.entries().containsKey(Quantization.scaleName(name));
    return codes
        ? WeightRows.of(stored, base.tensor(Quantization.scaleName(name)))
        : WeightRows.of(stored);
  }

  private Tensor merge(String name, List<LoraDelta> changes) {
    Tensor tensor = base.tensor(name);
    WeightRows stored = values(name, tensor);
    Tensor result = Tensor.allocate(type(name).dtype(), tensor.shape());
    List<LoraDelta.Rows> opened = changes.stream().map(change -> change.open(stored)).toList();
    int rows = Math.toIntExact(stored.count());
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
      WeightRows stored, List<LoraDelta.Rows> changes, Tensor result, int from, int to) {
    int columns = stored.width();
    float[] base = new float[columns];
    float[] scratch = new float[columns];
    for (int row = from; row < to; row++) {
      stored.read(row, base);
      float[] sum = base.clone();
      for (LoraDelta.Rows change : changes) {
        change.addTo(row, base, sum, scratch);
      }
      write(sum, row, result);
    }
  }

  private static void write(float[] values, int row, Tensor result) {
    for (int j = 0; j < values.length; j++) {
      result.setDouble((long) row * values.length + j, values[j]);
    }
  }
}
