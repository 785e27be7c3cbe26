package org.t3jvm.model.batch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.csv.CsvRow;

/** Prompts in a table whose first row names the columns, see {@link CsvRow}. */
final class CsvPrompts {
  private CsvPrompts() {}

  static List<PromptEntry> of(String text) throws PromptException {
    List<CsvRow> rows = rows(text);
    if (rows.isEmpty()) {
      return List.of();
    }
    List<String> names = rows.getFirst().values();
    if (names.stream().noneMatch(name -> Field.of(name).filter(Field.PROMPT::equals).isPresent())) {
      throw new PromptException(": its first row names no column \"prompt\" or \"text\"");
    }
    List<PromptEntry> prompts = new ArrayList<>();
    for (CsvRow row : rows.subList(1, rows.size())) {
      String place = ": line " + row.line();
      prompts.add(PromptEntry.of(() -> prompt(names, row.values(), place)));
    }
    return prompts;
  }

  private static List<CsvRow> rows(String text) throws PromptException {
    try {
      return CsvRow.parse(text);
    } catch (IOException e) {
      throw new PromptException(": " + e.getMessage());
    }
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
}
