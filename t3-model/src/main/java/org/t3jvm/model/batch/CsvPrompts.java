package org.t3jvm.model.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * Prompts in a table whose first row names the columns (RFC 4180). Values are divided by commas, or
 * by what divides the first row where it has no comma: semicolons or tabs.
 */
final class CsvPrompts {
  private CsvPrompts() {}

  static List<PromptEntry> of(String text) throws PromptException {
    List<List<String>> rows = rows(text);
    if (rows.isEmpty()) {
      return List.of();
    }
    List<String> names = rows.getFirst();
    if (names.stream().noneMatch(name -> Field.of(name).filter(Field.PROMPT::equals).isPresent())) {
      throw new PromptException(": its first row names no column \"prompt\"");
    }
    List<PromptEntry> prompts = new ArrayList<>();
    for (int row = 1; row < rows.size(); row++) {
      List<String> values = rows.get(row);
      String place = ": row " + (row + 1);
      prompts.add(PromptEntry.of(() -> prompt(names, values, place)));
    }
    return prompts;
  }

  private static Prompt prompt(List<String> names, List<String> values, String place)
      throws PromptException {
    if (values.size() != names.size()) {
      throw new PromptException(
          "%s has %d values for %d columns; put a text with commas in quotes"
              .formatted(place, values.size(), names.size()));
    }
    PromptBuilder prompt = new PromptBuilder(place);
    for (int column = 0; column < names.size(); column++) {
      if (!values.get(column).isBlank()) {
        prompt.set(names.get(column), values.get(column));
      }
    }
    return prompt.build();
  }

  private static char separator(String text) {
    String header = text.strip().lines().findFirst().orElse("");
    return header.indexOf(',') >= 0
        ? ','
        : header.indexOf(';') >= 0 ? ';' : header.indexOf('\t') >= 0 ? '\t' : ',';
  }

  /**
   * The rows that are not empty. A quote that does not begin a value is one of its characters, as
   * in {@code a 6" nail}.
   */
  private static List<List<String>> rows(String text) throws PromptException {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    boolean closed = false;
    char separator = separator(text);
    String all = text.replace("\r\n", "\n").replace('\r', '\n') + "\n";
    for (int at = 0; at < all.length(); at++) {
      char c = all.charAt(at);
      boolean ends = c == separator || c == '\n';
      if (quoted && c == '"' && all.charAt(at + 1) == '"') {
        value.append(c);
        at++;
      } else if (quoted && c == '"') {
        quoted = false;
        closed = true;
      } else if (c == '"' && !quoted && !closed && value.toString().isBlank()) {
        quoted = true;
        value.setLength(0);
      } else if (closed && !ends && !Character.isWhitespace(c)) {
        throw new PromptException(
            ": row %d has text behind a closing quote; a quote within quotes is written twice"
                .formatted(rows.size() + 1));
      } else if (quoted || !ends) {
        value.append(c);
      } else {
        row.add(value.toString().strip());
        value.setLength(0);
        closed = false;
        if (c == '\n') {
          if (!row.equals(List.of(""))) {
            rows.add(List.copyOf(row));
          }
          row.clear();
        }
      }
    }
    if (quoted) {
      throw new PromptException(": a quote is not closed");
    }
    return rows;
  }
}
