package org.t3jvm.model.train.data;

import java.io.IOException;
import java.util.List;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Encoded clips, ready to be trained on; they are read from disk when they are asked for. */
public final class Dataset {
  /** Where a clip's parts are kept, and its shape. */
  record Entry(String clip, String context, Shape shape) {}

  private final EncodedCache cache;
  private final List<Entry> entries;
  private final Tensor emptyContext;
  private final List<SkippedRow> skipped;

  Dataset(EncodedCache cache, List<Entry> entries, Tensor emptyContext, List<SkippedRow> skipped) {
    this.cache = cache;
    this.entries = List.copyOf(entries);
    this.emptyContext = emptyContext;
    this.skipped = List.copyOf(skipped);
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
    Entry entry = entries.get(index);
    return new Sample(cache.read(entry.clip()), cache.read(entry.context()));
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
