package org.t3jvm.model.golden;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of every entry, in a few lines for people: reports number dynamic tests only. */
final class GoldenSummary {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private static final class Entry {
    private final Map<String, int[]> passedAndFailed = new TreeMap<>();
    private final List<String> skipped = new ArrayList<>();
  }

  private Entry entry(String name) {
    return entries.computeIfAbsent(name, key -> new Entry());
  }

  /** Notes a comparison on a backend or the host. */
  void compared(String entry, String where, boolean passed) {
    int[] counts = entry(entry).passedAndFailed.computeIfAbsent(where, key -> new int[2]);
    counts[passed ? 0 : 1]++;
  }

  /** Notes a comparison that a backend cannot make. */
  void skipped(String entry, String reason) {
    entry(entry).skipped.add(reason);
  }

  /** One line for each entry and place, and for each part that was skipped. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    entries.forEach(
        (name, entry) -> {
          entry.passedAndFailed.forEach(
              (where, counts) ->
                  lines.add(
                      "%-13s %-10s %d passed, %d failed"
                          .formatted(name, where, counts[0], counts[1])));
          entry.skipped.forEach(reason -> lines.add("%-13s skipped    %s".formatted(name, reason)));
        });
    return lines;
  }
}
