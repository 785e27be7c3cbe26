package org.t3jvm.model.golden;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What an entry of {@code fixtures.json} allows: a text for the whole entry, or numbers and texts
 * by quantity.
 *
 * @param entry the entry's name, for messages
 * @param json the entry's {@code tolerance}
 */
record Tolerance(String entry, JsonNode json) {
  private static final Set<String> EXACT =
      Set.of("bit-exact", "exact", "exact ids", "exact integers");

  private static final Pattern LEVELS =
      Pattern.compile("at most (\\d+) levels? on at most ([\\d.]+) ?% of values");

  /**
   * How far integer values may be off.
   *
   * @param levels largest difference of a value
   * @param share share of the values that may differ at all
   */
  record Levels(int levels, double share) {}

  /** The number of a quantity, such as {@code out_abs}; 0 where the entry says it is exact. */
  double of(String quantity) {
    JsonNode value = json.isObject() ? json.get(quantity) : json;
    if (value != null && value.isNumber()) {
      return value.asDouble();
    }
    if (value != null && value.isString() && EXACT.contains(value.asString())) {
      return 0;
    }
    throw new AssertionError(
        "entry '%s' has no tolerance '%s' that is a number or one of %s: %s"
            .formatted(entry, quantity, EXACT, json));
  }

  /** True if the entry has its own word on a quantity. */
  boolean has(String quantity) {
    return json.has(quantity);
  }

  /** Fails unless the entry says that a quantity, or all of it, is exact. */
  void requireExact(String quantity) {
    if (of(quantity) != 0) {
      throw new AssertionError(
          "entry '%s': %s is checked exactly, its tolerance is %s"
              .formatted(entry, quantity, of(quantity)));
    }
  }

  /** The tolerance of a quantity of integers, such as {@code uint8}. */
  Levels levels(String quantity) {
    JsonNode value = json.get(quantity);
    if (value == null) {
      return new Levels((int) of(quantity + "_abs"), 1);
    }
    Matcher matcher = LEVELS.matcher(value.asString());
    if (matcher.matches()) {
      return new Levels(
          Integer.parseInt(matcher.group(1)), Double.parseDouble(matcher.group(2)) / 100);
    }
    requireExact(quantity);
    return new Levels(0, 0);
  }
}
