package org.t3jvm.model.csv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectReader;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A row of a table of separated values (RFC 4180): a value in quotes may have separators, doubled
 * quotes and line breaks. A quote that does not begin a value is one of its characters, as in
 * {@code a 6" nail}.
 *
 * @param line where it begins, from 1
 * @param values without the blanks around them
 */
public record CsvRow(int line, List<String> values) {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final ObjectReader READER =
      CsvMapper.builder()
          .enable(
              CsvReadFeature.WRAP_AS_ARRAY,
              CsvReadFeature.TRIM_SPACES,
              CsvReadFeature.SKIP_EMPTY_LINES)
          .build()
          .readerForListOf(String.class);

  public CsvRow {
    values = List.copyOf(values);
  }

  /**
   * The rows of a text that are not empty. Values are divided by commas, or by what divides the
   * first row where it has no comma: semicolons or tabs.
   *
   * @throws IOException naming the line, if a quote is not closed or closed too early
   */
  public static List<CsvRow> parse(String text) throws IOException {
    String all = text.startsWith(String.valueOf(BYTE_ORDER_MARK)) ? text.substring(1) : text;
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator(all));
    List<CsvRow> rows = new ArrayList<>();
    int line = 1;
    try (MappingIterator<List<String>> found = READER.with(schema).readValues(all)) {
      while (found.hasNextValue()) {
        line = found.currentLocation().getLineNr();
        rows.add(new CsvRow(line, found.nextValue()));
      }
    } catch (StreamReadException e) {
      throw new IOException(
          "line %d: %s"
              .formatted(
                  line,
                  e.getOriginalMessage().startsWith("Missing closing quote")
                      ? "a quote is not closed"
                      : "text behind a closing quote; a quote within quotes is written twice"),
          e);
    } catch (JacksonException e) {
      throw new IOException("line %d: %s".formatted(line, e.getOriginalMessage()), e);
    }
    return rows;
  }

  private static char separator(String text) {
    String header = text.strip().lines().findFirst().orElse("");
    return header.indexOf(',') >= 0
        ? ','
        : header.indexOf(';') >= 0 ? ';' : header.indexOf('\t') >= 0 ? '\t' : ',';
  }
}
