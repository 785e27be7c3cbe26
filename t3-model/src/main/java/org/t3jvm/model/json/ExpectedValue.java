package org.t3jvm.model.json;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** What a field of JSON must be, in the words of its reader instead of the program's types. */
final class ExpectedValue {
  private static final Map<Class<?>, String> SCALARS =
      Map.ofEntries(
          Map.entry(int.class, "a whole number"),
          Map.entry(Integer.class, "a whole number"),
          Map.entry(long.class, "a whole number"),
          Map.entry(Long.class, "a whole number"),
          Map.entry(float.class, "a number"),
          Map.entry(Float.class, "a number"),
          Map.entry(double.class, "a number"),
          Map.entry(Double.class, "a number"),
          Map.entry(boolean.class, "true or false"),
          Map.entry(Boolean.class, "true or false"),
          Map.entry(String.class, "a text"),
          Map.entry(Path.class, "a text that names a file"));

  private ExpectedValue() {}

  /** Such as {@code a whole number}, {@code one of euler, unipc}, {@code an object of t, h, w}. */
  static String of(Class<?> type) {
    String scalar = SCALARS.get(type);
    if (scalar != null) {
      return scalar;
    }
    if (type.isEnum()) {
      return "one of " + joined(type.getEnumConstants());
    }
    if (type.isRecord()) {
      return "an object of "
          + joined(
              Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toArray());
    }
    return type.isArray() || Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static String joined(Object[] values) {
    return Arrays.stream(values).map(String::valueOf).collect(Collectors.joining(", "));
  }
}
