package org.t3jvm.model.batch;

/**
 * Which prompts a run makes.
 *
 * @param start the first index
 * @param end one past the last
 */
public record PromptRange(int start, int end) {
  /**
   * The part of {@code count} prompts that one of several runs makes: [start, end) cut into {@code
   * groups} contiguous parts of equal length but for the last ones, as upstream's runner does (SPEC
   * 13).
   *
   * @param end one past the last, or -1 for all
   * @throws IllegalArgumentException naming the field that cannot be
   */
  public static PromptRange of(int count, int start, int end, int groups, int group) {
    int last = end == -1 ? count : end;
    require(start >= 0 && start < count, "prompts.start", start, "from 0 to " + (count - 1));
    require(
        last > start && last <= count,
        "prompts.end",
        end,
        "from %d to %d".formatted(start + 1, count));
    require(groups >= 1, "prompts.groups", groups, "at least 1");
    require(group >= 0 && group < groups, "prompts.group", group, "from 0 to " + (groups - 1));
    int each = Math.ceilDiv(last - start, groups);
    int from = (int) Math.min(last, start + (long) each * group);
    return new PromptRange(from, (int) Math.min(last, (long) from + each));
  }

  private static void require(boolean holds, String field, int value, String right) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %d, must be %s".formatted(field, value, right));
    }
  }

  /** Number of prompts. */
  public int size() {
    return end - start;
  }
}
