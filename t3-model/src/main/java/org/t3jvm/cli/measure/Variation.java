package org.t3jvm.cli.measure;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.databind.node.ObjectNode;

/**
 * Values of one option to compare.
 *
 * @param name of the option without dashes, or {@code size}
 * @param values as they are typed
 */
record Variation(String name, List<String> values) {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  /** What other choices follow from a field, and are made anew where it is varied. */
  private static final Map<String, List<String>> FOLLOW =
      Map.of(
          "size.height", List.of("computedHeight", "computedWidth"),
          "size.width", List.of("computedHeight", "computedWidth"),
          "attention.kind", List.of("windows"),
          "compute.backend", List.of("precision", "kernels"));

  /**
   * A variation as it is typed.
   *
   * @throws UsageException if it is none, or of no option
   */
  static Variation parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 1 || equals == text.length() - 1) {
      throw new UsageException(
          "--vary '%s' must be an option and its values, such as attention=t3,full"
              .formatted(text));
    }
    String name = text.substring(0, equals);
    if (!name.equals("size") && FieldOptions.field("--" + name).isEmpty()) {
      throw new UsageException(
          "--vary '%s': no job has a field of this name; such are size, attention, precision, steps, seed"
              .formatted(name));
    }
    List<String> values = List.of(text.substring(equals + 1).split(",", -1));
    if (values.stream().anyMatch(String::isBlank)
        || values.stream().distinct().count() < values.size()) {
      throw new UsageException("--vary '%s': every value must be given, and once".formatted(text));
    }
    return new Variation(name, values);
  }

  /** Every combination of the values of each, the last changing fastest; one empty one of none. */
  static List<Map<String, String>> grid(List<Variation> variations) {
    List<Map<String, String>> cells = List.of(Map.of());
    for (Variation variation : variations) {
      List<Map<String, String>> wider = new ArrayList<>();
      for (Map<String, String> cell : cells) {
        for (String value : variation.values()) {
          Map<String, String> more = new LinkedHashMap<>(cell);
          more.put(variation.name(), value);
          wider.add(more);
        }
      }
      cells = wider;
    }
    return cells;
  }

  /**
   * A job with the values of a cell.
   *
   * @throws UsageException if a value cannot be, naming the option
   */
  static VideoJob apply(VideoJob base, Map<String, String> cell) {
    ObjectNode job = RecordJson.mapper().valueToTree(base);
    cell.forEach((name, value) -> set(job, name, value));
    try {
      return RecordJson.read(job.toString(), VideoJob.class);
    } catch (IOException e) {
      throw new UsageException(
          "--vary %s: %s".formatted(cell, FieldOptions.spell(String.valueOf(e.getMessage()))));
    }
  }

  private static void set(ObjectNode job, String name, String value) {
    if (name.equals("size")) {
      Matcher sides = SIZE.matcher(value);
      if (!sides.matches()) {
        throw new UsageException("--vary size: '%s' is no size, such as 832x480".formatted(value));
      }
      setField(job, "size.width", sides.group(1));
      setField(job, "size.height", sides.group(2));
    } else {
      setField(job, FieldOptions.field("--" + name).orElseThrow(), value);
    }
  }

  private static void setField(ObjectNode job, String field, String value) {
    String[] path = field.split("\\.", -1);
    ObjectNode group = job.withObject("/" + path[0]);
    if (NUMBER.matcher(value).matches()) {
      group.put(path[1], new BigDecimal(value));
    } else {
      group.put(path[1], value);
    }
    group.remove(FOLLOW.getOrDefault(field, List.of()));
  }
}
