package org.t3jvm.model.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.t3jvm.model.train.data.encode.ClipEncoder;
import org.t3jvm.model.train.data.encode.ClipFrames;
import org.t3jvm.model.train.data.encode.SizeRule;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Prepares a folder of clips before training starts: every row is checked and encoded, once and for
 * all runs. Preparing can be stopped at any time; what was encoded is found again.
 */
public final class DatasetBuilder {
  private final SizeRule rule;
  private final ClipEncoder encoder;
  private final EncodedCache cache;
  private final DatasetListener listener;
  private final List<Dataset.Entry> entries = new ArrayList<>();
  private final List<SkippedRow> skipped = new ArrayList<>();

  private DatasetBuilder(
      SizeRule rule, ClipEncoder encoder, EncodedCache cache, DatasetListener listener) {
    this.rule = rule;
    this.encoder = encoder;
    this.cache = cache;
    this.listener = listener;
  }

  /**
   * The clips of a folder at the sizes of a rule.
   *
   * @param cache folder for what is encoded
   * @throws IOException if the metadata cannot be read, nothing can be kept, or no row can be
   *     trained on
   */
  public static Dataset build(
      Path folder, SizeRule rule, ClipEncoder encoder, Path cache, DatasetListener listener)
      throws IOException {
    List<DataRow> rows = Metadata.read(folder);
    return new DatasetBuilder(rule, encoder, new EncodedCache(cache), listener).build(folder, rows);
  }

  /** As {@link #build(Path, SizeRule, ClipEncoder, Path, DatasetListener)}, of several folders. */
  public static Dataset build(
      List<Path> folders, SizeRule rule, ClipEncoder encoder, Path cache, DatasetListener listener)
      throws IOException {
    Dataset all = build(folders.getFirst(), rule, encoder, cache, listener);
    for (Path folder : folders.subList(1, folders.size())) {
      all = all.and(build(folder, rule, encoder, cache, listener));
    }
    return all;
  }

  private Dataset build(Path folder, List<DataRow> rows) throws IOException {
    Tensor empty = context("");
    for (int i = 0; i < rows.size(); i++) {
      add(folder, rows.get(i));
      listener.prepared(i + 1, rows.size());
    }
    if (entries.isEmpty()) {
      throw new IOException(
          "data folder '%s' has nothing to train on: %s"
              .formatted(
                  folder, skipped.isEmpty() ? "its metadata have no row" : skipped.getFirst()));
    }
    return new Dataset(cache, entries, empty, skipped);
  }

  private void add(Path folder, DataRow row) throws IOException {
    String name = folder.relativize(row.file()).toString();
    if (row.text().isBlank()) {
      skip(row, name, "its caption is empty");
    } else if (!Files.exists(row.file())) {
      skip(row, name, "there is no such file");
    } else {
      encode(row, name);
    }
  }

  private void skip(DataRow row, String name, String reason) {
    SkippedRow skip = new SkippedRow(row.where(), name, reason);
    skipped.add(skip);
    listener.skipped(skip);
  }

  private void encode(DataRow row, String name) throws IOException {
    String key =
        EncodedCache.key("clip", FileHash.of(row.file()), rule.key(), encoder.clipIdentity());
    Optional<Tensor> kept = cache.find(key);
    Shape shape;
    if (kept.isPresent()) {
      shape = kept.get().shape();
    } else {
      Tensor clip;
      try (ClipFrames frames = ClipFrames.open(row.file(), rule)) {
        clip = encoder.clip(frames);
      } catch (IOException e) {
        skip(row, name, String.valueOf(e.getMessage()));
        return;
      }
      cache.keep(key, clip);
      shape = clip.shape();
    }
    Tensor context = context(row.text());
    entries.add(new Dataset.Entry(key, shape, contextKey(row.text()), context.shape().intDim(0)));
  }

  /** The key under which a caption's context is kept. */
  private String contextKey(String text) {
    return EncodedCache.key("context", encoder.contextIdentity(), text);
  }

  private Tensor context(String text) throws IOException {
    String key = contextKey(text);
    Optional<Tensor> kept = cache.find(key);
    if (kept.isPresent()) {
      return kept.get();
    }
    Tensor context = encoder.context(text);
    cache.keep(key, context);
    return context;
  }
}
