package org.t3jvm.model.batch;

import java.util.ArrayList;
import java.util.List;

/** Prompts in a table whose first row names the columns (RFC 4180). */
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

  /** The rows that are not empty. */
  private static List<List<String>> rows(String text) throws PromptException {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    String all = text.endsWith("\n") ? text : text + "\n";
    for (int at = 0; at < all.length(); at++) {
      char c = all.charAt(at);
      if (c == '"' && quoted && at + 1 < all.length() && all.charAt(at + 1) == '"') {
        value.append(c);
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (quoted || (c != ',' && c != '\n')) {
        value.append(c);
      } else {
        row.add(value.toString().strip());
        value.setLength(0);
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
