package org.t3jvm.model.train.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One record of comma-separated values (RFC 4180): a field in quotes may have commas, doubled
 * quotes and line breaks.
 *
 * @param line where it begins, from 1
 */
record CsvRecord(int line, List<String> fields) {
  /**
   * All records of a text; empty lines are passed over.
   *
   * @throws IOException naming the file and line if a quoted field does not end
   */
  static List<CsvRecord> parse(Path file, String text) throws IOException {
    List<CsvRecord> records = new ArrayList<>();
    Parser parser = new Parser(text.startsWith("\uFEFF") ? text.substring(1) : text);
    while (parser.more()) {
      CsvRecord each = parser.next(file);
      if (each.fields.size() > 1 || !each.fields.getFirst().isEmpty()) {
        records.add(each);
      }
    }
    return records;
  }

  private static final class Parser {
    private final String text;
    private int at;
    private int line = 1;

    Parser(String text) {
      this.text = text;
    }

    boolean more() {
      return at < text.length();
    }

    CsvRecord next(Path file) throws IOException {
      int start = line;
      List<String> fields = new ArrayList<>();
      do {
        fields.add(more() && text.charAt(at) == '"' ? quoted(file, start) : plain());
      } while (more() && text.charAt(at++) == ',');
      line++;
      return new CsvRecord(start, List.copyOf(fields));
    }

    /** Up to a comma or the end of the line; a return before the line's end is dropped. */
    private String plain() {
      int start = at;
      while (more() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
        at++;
      }
      int end = at > start && text.charAt(at - 1) == '\r' ? at - 1 : at;
      return text.substring(start, end);
    }

    private String quoted(Path file, int start) throws IOException {
      StringBuilder field = new StringBuilder();
      for (at++; more(); at++) {
        char c = text.charAt(at);
        if (c != '"') {
          line += c == '\n' ? 1 : 0;
          field.append(c);
        } else if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
          field.append(c);
          at++;
        } else {
          at++;
          return field + plain();
        }
      }
      throw new IOException("'%s' line %d: a quoted field does not end".formatted(file, start));
    }
  }
}
