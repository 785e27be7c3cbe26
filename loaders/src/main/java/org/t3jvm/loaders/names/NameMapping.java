package org.t3jvm.loaders.names;

import java.util.ArrayList;
import java.util.List;

/**
 * Two-way renaming of tensors by the module they belong to. A rule pairs two dotted paths; it
 * renames the tensor of that path and every tensor below it, so {@code .weight}, {@code .bias} or
 * {@code .scale_weight} at a name's end stay as they are. A segment {@code #} stands for any
 * number, which is carried over. Names without a rule stay as they are.
 */
public final class NameMapping {
  /** Renames nothing. */
  public static final NameMapping NONE = new NameMapping(List.of());

  private static final String NUMBER = "#";

  private record Rule(List<String> ours, List<String> theirs) {}

  private final List<Rule> rules;

  private NameMapping(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Collects rules; the first that fits a name counts. */
  public static final class Builder {
    private final List<Rule> rules = new ArrayList<>();

    /**
     * Pairs two module paths.
     *
     * @throws IllegalArgumentException if they have not equally many {@code #}
     */
    public Builder rule(String ours, String theirs) {
      Rule rule = new Rule(segments(ours), segments(theirs));
      if (numbers(rule.ours) != numbers(rule.theirs)) {
        throw new IllegalArgumentException(ours + " and " + theirs + " differ in their numbers");
      }
      rules.add(rule);
      return this;
    }

    public NameMapping build() {
      return new NameMapping(rules);
    }

    private static long numbers(List<String> path) {
      return path.stream().filter(NUMBER::equals).count();
    }
  }

  /** A mapping without rules, to be filled. */
  public static Builder builder() {
    return new Builder();
  }

  /** A name of the other naming in ours. */
  public String toOurs(String theirs) {
    List<String> name = segments(theirs);
    for (Rule rule : rules) {
      if (fits(rule.theirs, name)) {
        return renamed(rule.theirs, rule.ours, name);
      }
    }
    return theirs;
  }

  /** A name of ours in the other naming. */
  public String toTheirs(String ours) {
    List<String> name = segments(ours);
    for (Rule rule : rules) {
      if (fits(rule.ours, name)) {
        return renamed(rule.ours, rule.theirs, name);
      }
    }
    return ours;
  }

  private static List<String> segments(String name) {
    return List.of(name.split("\\.", -1));
  }

  private static boolean fits(List<String> path, List<String> name) {
    if (path.size() > name.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      String segment = path.get(i);
      boolean same = segment.equals(NUMBER) ? isNumber(name.get(i)) : segment.equals(name.get(i));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String segment) {
    return !segment.isEmpty() && segment.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static String renamed(List<String> from, List<String> to, List<String> name) {
    List<String> result = new ArrayList<>();
    int number = 0;
    for (String segment : to) {
      if (segment.equals(NUMBER)) {
        while (!from.get(number).equals(NUMBER)) {
          number++;
        }
        result.add(name.get(number++));
      } else {
        result.add(segment);
      }
    }
    result.addAll(name.subList(from.size(), name.size()));
    return String.join(".", result);
  }
}
