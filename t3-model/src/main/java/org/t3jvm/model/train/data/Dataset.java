package org.t3jvm.model.train.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Encoded clips, ready to be trained on. They are read from disk when they are asked for; as many
 * as fit into a part of the memory stay there. Any thread may ask.
 */
public final class Dataset {
  private static final long KEPT_BYTES = 2L << 30;

  /** Where a clip and the rows of its context are kept. */
  record Entry(String clip, Shape shape, String context, int rows) {}

  private final EncodedCache cache;
  private final List<Entry> entries;
  private final Tensor emptyContext;
  private final List<SkippedRow> skipped;
  private final Map<Integer, Sample> kept = new ConcurrentHashMap<>();
  private final AtomicLong keptBytes = new AtomicLong();

  Dataset(EncodedCache cache, List<Entry> entries, Tensor emptyContext, List<SkippedRow> skipped) {
    this.cache = cache;
    this.entries = List.copyOf(entries);
    this.emptyContext = emptyContext;
    this.skipped = List.copyOf(skipped);
  }

  /** The clips of this and then those of another, which are encoded alike. */
  Dataset and(Dataset other) {
    List<Entry> all = new ArrayList<>(entries);
    all.addAll(other.entries);
    List<SkippedRow> rows = new ArrayList<>(skipped);
    rows.addAll(other.skipped);
    return new Dataset(cache, all, emptyContext, rows);
  }

  /** Number of clips. */
  public int size() {
    return entries.size();
  }

  /** The shape of each clip; those that are equal can be in one batch. */
  public List<Shape> shapes() {
    return entries.stream().map(Entry::shape).toList();
  }

  /**
   * A clip.
   *
   * @throws IOException naming the file, if what was kept is gone or damaged
   */
  public Sample sample(int index) throws IOException {
    Sample known = kept.get(index);
    if (known != null) {
      return known;
    }
    Entry entry = entries.get(index);
    Sample read = new Sample(cache.read(entry.clip()), cache.read(entry.context()));
    long bytes = read.clip().segment().byteSize() + read.context().segment().byteSize();
    if (keptBytes.addAndGet(bytes) <= KEPT_BYTES) {
      kept.put(index, read);
    } else {
      keptBytes.addAndGet(-bytes);
    }
    return read;
  }

  /** The longest context, in rows. */
  public int longestContext() {
    int longest = emptyContext.shape().intDim(0);
    for (Entry entry : entries) {
      longest = Math.max(longest, entry.rows());
    }
    return longest;
  }

  /** The context of no caption, for guidance. */
  public Tensor emptyContext() {
    return emptyContext;
  }

  /** The rows that cannot be trained on. */
  public List<SkippedRow> skipped() {
    return skipped;
  }
}
