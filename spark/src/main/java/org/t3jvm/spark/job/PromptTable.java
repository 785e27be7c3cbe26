package org.t3jvm.spark.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.t3jvm.model.batch.Prompt;
import org.t3jvm.model.batch.PromptEntry;
import org.t3jvm.model.batch.PromptFile;
import org.t3jvm.spark.files.Uris;

/** Prompts, broken ones among them, in the order that gives their videos their names. */
record PromptTable(List<PromptEntry> entries) {
  private static final String PARQUET = ".parquet";

  /**
   * The prompts of a file or a folder of Parquet.
   *
   * @param uri its name in full, whose ending is that of its form
   * @throws IOException if it cannot be read as a whole
   */
  static PromptTable read(String uri, SparkSession spark, Configuration conf) throws IOException {
    PromptTable read =
        uri.toLowerCase(Locale.ROOT).endsWith(PARQUET)
            ? of("'%s': ".formatted(uri), spark.read().parquet(uri))
            : new PromptTable(PromptFile.entries(uri, Uris.read(uri, conf)));
    if (read.entries.isEmpty()) {
      throw new IOException("'%s' holds no prompt".formatted(uri));
    }
    List<PromptEntry> entries = new ArrayList<>();
    for (PromptEntry entry : read.entries) {
      entries.add(withImageBeside(uri, entry, conf));
    }
    return new PromptTable(entries);
  }

  /** The prompts of a table's rows. */
  static PromptTable of(Dataset<Row> rows) {
    return of("", rows);
  }

  private static PromptTable of(String place, Dataset<Row> rows) {
    String[] names = rows.columns();
    List<PromptEntry> entries = new ArrayList<>();
    for (Row row : rows.collectAsList()) {
      Map<String, String> values = new LinkedHashMap<>();
      for (int column = 0; column < names.length; column++) {
        if (!row.isNullAt(column)) {
          values.put(names[column], String.valueOf(row.get(column)));
        }
      }
      entries.add(PromptEntry.of(place + "row " + entries.size(), values));
    }
    return new PromptTable(entries);
  }

  /** Pictures are named as they lie beside their file. */
  private static PromptEntry withImageBeside(String uri, PromptEntry entry, Configuration conf)
      throws IOException {
    Prompt prompt = entry.prompt();
    if (prompt == null || prompt.image() == null) {
      return entry;
    }
    return new PromptEntry(prompt.withImage(Uris.beside(uri, prompt.image(), conf)), null);
  }
}
