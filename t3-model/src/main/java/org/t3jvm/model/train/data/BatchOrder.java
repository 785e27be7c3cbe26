package org.t3jvm.model.train.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * The order in which a run sees its data: every epoch has each clip once, in batches of one size,
 * shuffled by the seed and the epoch. The last batch of a size is filled from its first clips.
 */
public final class BatchOrder {
  private static final long EPOCH_STEP = 0x9E3779B1L;

  private final List<List<Integer>> buckets;
  private final int batchSize;
  private final long seed;
  private final int batches;
  private int shuffledEpoch = -1;
  private @Nullable List<List<Integer>> shuffled;

  /**
   * The order of clips.
   *
   * @param sizes of each clip; those that are equal can be in one batch
   */
  public BatchOrder(List<?> sizes, int batchSize, long seed) {
    if (sizes.isEmpty() || batchSize < 1) {
      throw new IllegalArgumentException(
          "batches of %d of %d clips: there must be one at least"
              .formatted(batchSize, sizes.size()));
    }
    Map<Object, List<Integer>> bySize = new LinkedHashMap<>();
    for (int i = 0; i < sizes.size(); i++) {
      bySize.computeIfAbsent(sizes.get(i), size -> new ArrayList<>()).add(i);
    }
    this.buckets = List.copyOf(bySize.values());
    this.batchSize = batchSize;
    this.seed = seed;
    this.batches =
        buckets.stream().mapToInt(bucket -> Math.ceilDiv(bucket.size(), batchSize)).sum();
  }

  /** Batches of an epoch. */
  public int batches() {
    return batches;
  }

  /** The indices of the clips at a position. */
  public List<Integer> at(DataPosition position) {
    if (shuffled == null || shuffledEpoch != position.epoch()) {
      shuffled = shuffle(position.epoch());
      shuffledEpoch = position.epoch();
    }
    return shuffled.get(position.batch());
  }

  /** The position after another. */
  public DataPosition next(DataPosition position) {
    return position.batch() + 1 < batches
        ? new DataPosition(position.epoch(), position.batch() + 1)
        : new DataPosition(position.epoch() + 1, 0);
  }

  private List<List<Integer>> shuffle(int epoch) {
    TorchRandom random = new TorchRandom(seed * EPOCH_STEP + epoch);
    List<List<Integer>> all = new ArrayList<>();
    for (List<Integer> bucket : buckets) {
      List<Integer> order = new ArrayList<>(bucket);
      shuffle(order, random);
      for (int start = 0; start < order.size(); start += batchSize) {
        List<Integer> batch = new ArrayList<>();
        for (int i = 0; i < batchSize; i++) {
          batch.add(order.get((start + i) % order.size()));
        }
        all.add(batch);
      }
    }
    shuffle(all, random);
    return all;
  }

  private static void shuffle(List<?> list, TorchRandom random) {
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, (int) (random.nextWord() % (i + 1)));
    }
  }
}
