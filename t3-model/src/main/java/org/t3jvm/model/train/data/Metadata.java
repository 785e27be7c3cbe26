package org.t3jvm.model.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.io.TextFile;
import org.t3jvm.model.csv.CsvRow;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads which files a data folder has and what they show: {@code metadata.csv} or {@code .jsonl}.
 */
final class Metadata {
  private static final int MAX_BYTES = 1 << 30;
  private static final String CSV = "metadata.csv";
  private static final String JSON_LINES = "metadata.jsonl";
  private static final List<String> FILE_FIELDS = List.of("file_name", "video", "image");
  private static final List<String> TEXT_FIELDS = List.of("text", "prompt");

  private Metadata() {}

  /**
   * All rows in their order.
   *
   * @throws IOException if the folder has no metadata, or they lack a column, naming the line
   */
  static List<DataRow> read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("data folder '%s' is not a folder".formatted(folder));
    }
    Path csv = folder.resolve(CSV);
    if (Files.exists(csv)) {
      return readCsv(folder, csv);
    }
    Path lines = folder.resolve(JSON_LINES);
    if (Files.exists(lines)) {
      return readJsonLines(folder, lines);
    }
    throw new IOException(
        "data folder '%s' has no %s or %s; give one with the columns %s and %s"
            .formatted(folder, CSV, JSON_LINES, FILE_FIELDS.getFirst(), TEXT_FIELDS.getFirst()));
  }

  private static List<DataRow> readCsv(Path folder, Path csv) throws IOException {
    List<CsvRow> table = table(csv);
    if (table.isEmpty()) {
      throw new IOException("'%s' is empty".formatted(csv));
    }
    List<String> header = table.getFirst().values();
    List<DataRow> rows = new ArrayList<>();
    for (CsvRow each : table.subList(1, table.size())) {
      if (each.values().size() != header.size()) {
        throw new IOException(
            "'%s' line %d has %d columns, the header %d"
                .formatted(csv, each.line(), each.values().size(), header.size()));
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < header.size(); i++) {
        fields.put(header.get(i), each.values().get(i));
      }
      rows.add(row(folder, csv, each.line(), fields));
    }
    return rows;
  }

  private static List<CsvRow> table(Path csv) throws IOException {
    String text = TextFile.read(csv, MAX_BYTES);
    try {
      return CsvRow.parse(text);
    } catch (IOException e) {
      throw new IOException("'%s' %s".formatted(csv, e.getMessage()), e);
    }
  }

  private static List<DataRow> readJsonLines(Path folder, Path file) throws IOException {
    List<DataRow> rows = new ArrayList<>();
    List<String> lines = TextFile.read(file, MAX_BYTES).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(row(folder, file, i + 1, fields(file, i + 1, lines.get(i))));
      }
    }
    return rows;
  }

  private static Map<String, String> fields(Path file, int line, String json) throws IOException {
    JsonNode node;
    try {
      node = JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      throw new IOException(
          "'%s' line %d is no JSON: %s".formatted(file, line, e.getOriginalMessage()), e);
    }
    Map<String, String> fields = new LinkedHashMap<>();
    node.properties()
        .forEach(
            field -> {
              if (field.getValue().isString()) {
                fields.put(field.getKey(), field.getValue().stringValue());
              }
            });
    return fields;
  }

  private static DataRow row(Path folder, Path metadata, int line, Map<String, String> fields)
      throws IOException {
    String name = first(fields, FILE_FIELDS);
    String text = first(fields, TEXT_FIELDS);
    if (name == null || text == null) {
      List<String> wanted = name == null ? FILE_FIELDS : TEXT_FIELDS;
      throw new IOException(
          "'%s' line %d has no column %s; it has %s"
              .formatted(metadata, line, String.join(", ", wanted), fields.keySet()));
    }
    String where = "%s line %d".formatted(metadata.getFileName(), line);
    return new DataRow(folder.resolve(name), text, where);
  }

  private static @Nullable String first(Map<String, String> fields, List<String> names) {
    return names.stream().map(fields::get).filter(each -> each != null).findFirst().orElse(null);
  }
}
