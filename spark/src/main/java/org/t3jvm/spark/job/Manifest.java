package org.t3jvm.spark.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.spark.files.VideoFolder;
import org.t3jvm.spark.task.VideoRow;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * What became of each prompt, beside the videos: {@code manifest.jsonl}, which is written while the
 * videos are made, and at the end the same as {@code manifest.parquet}.
 */
final class Manifest {
  private static final String LINES = "manifest.jsonl";
  private static final String TABLE = "manifest.parquet";

  private static final StructType COLUMNS =
      new StructType()
          .add("index", DataTypes.IntegerType)
          .add("prompt", DataTypes.StringType)
          .add("job", DataTypes.StringType)
          .add("output", DataTypes.StringType)
          .add("status", DataTypes.StringType)
          .add("seconds", DataTypes.DoubleType)
          .add("host", DataTypes.StringType)
          .add("executor", DataTypes.StringType)
          .add("attempt", DataTypes.IntegerType)
          .add("device", DataTypes.IntegerType)
          .add("opened", DataTypes.IntegerType)
          .add("resumed", DataTypes.IntegerType)
          .add("cut", DataTypes.StringType)
          .add("error", DataTypes.StringType);

  private final VideoFolder folder;

  /** Rows of videos that earlier runs made, by the videos' names. */
  private final Map<String, VideoRow> before = new HashMap<>();

  private final SortedMap<Integer, VideoRow> rows = new TreeMap<>();

  /**
   * A manifest that begins empty.
   *
   * @throws IOException if the folder holds one that cannot be read
   */
  Manifest(VideoFolder folder) throws IOException {
    this.folder = folder;
    byte[] text = folder.read(LINES).orElse(new byte[0]);
    for (String line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
      VideoRow row = parse(line);
      if (row.status() == VideoRow.Status.MADE && row.output() != null) {
        before.put(row.output(), row);
      }
    }
  }

  private VideoRow parse(String line) throws IOException {
    try {
      ObjectNode node = (ObjectNode) RecordJson.mapper().readTree(line);
      if (node.has("job")) {
        node.put("job", node.get("job").toString());
      }
      return RecordJson.mapper().treeToValue(node, VideoRow.class);
    } catch (JacksonException | ClassCastException e) {
      throw new IOException(
          "'%s' holds a line that is no row of a manifest; move the file away"
              .formatted(folder.uri(LINES)),
          e);
    }
  }

  /** Adds a row; of a video that was there, the row of the run that made it. */
  synchronized void add(VideoRow row) {
    VideoRow made = row.output() == null ? null : before.get(row.output());
    boolean known =
        row.status() == VideoRow.Status.SKIPPED
            && made != null
            && Objects.equals(made.job(), row.job());
    rows.put(row.index(), known && made != null ? made : row);
  }

  /** In the order of the prompts. */
  synchronized List<VideoRow> rows() {
    return new ArrayList<>(rows.values());
  }

  /** Writes the rows so far. */
  void writeLines() throws IOException {
    StringBuilder text = new StringBuilder();
    for (VideoRow row : rows()) {
      ObjectNode node = RecordJson.mapper().valueToTree(row);
      if (row.job() != null) {
        node.set("job", RecordJson.mapper().readTree(row.job()));
      }
      text.append(RecordJson.mapper().writeValueAsString(node)).append('\n');
    }
    folder.write(LINES, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes all rows in both forms, and gives them as a table. */
  Dataset<Row> write(SparkSession spark) throws IOException {
    writeLines();
    Dataset<Row> table =
        spark.createDataFrame(
            rows().stream()
                .sorted(Comparator.comparingInt(VideoRow::index))
                .map(Manifest::row)
                .toList(),
            COLUMNS);
    folder.writeFolder(
        TABLE, uri -> table.coalesce(1).write().mode(SaveMode.Overwrite).parquet(uri));
    return table;
  }

  private static Row row(VideoRow row) {
    return RowFactory.create(
        row.index(),
        row.prompt(),
        row.job(),
        row.output(),
        row.status().name(),
        row.seconds(),
        row.host(),
        row.executor(),
        row.attempt(),
        row.device(),
        row.opened(),
        row.resumed(),
        row.cut(),
        row.error());
  }
}
