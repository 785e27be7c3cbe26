package org.t3jvm.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.weights.CheckpointComparison;

/** How far one checkpoint's values lie from another's, as a table. */
public record ComparisonReport(CheckpointComparison.Result result) {
  private static final int MAX_UNMATCHED = 10;

  /**
   * Prints the errors by kind, or of every tensor, then of all, then what has no counterpart.
   *
   * @throws IOException if the checkpoints have no tensor in common
   */
  public void print(PrintWriter out, boolean everyTensor) throws IOException {
    List<String> unmatched = result.unmatched();
    if (result.tensors().isEmpty()) {
      throw new IOException(
          "the checkpoints have no tensor of the same name and shape: "
              + String.join(", ", unmatched.subList(0, Math.min(3, unmatched.size()))));
    }
    List<CheckpointComparison.Line> lines =
        new ArrayList<>(everyTensor ? result.tensors() : result.kinds());
    lines.add(result.total());
    int width = lines.stream().mapToInt(line -> line.name().length()).max().orElse(0);
    out.println(row(width, "tensor", "count", "types", "max abs", "relative RMS"));
    for (CheckpointComparison.Line line : lines) {
      out.println(
          row(
              width,
              line.name(),
              Integer.toString(line.tensors()),
              line.types(),
              number(line.maxAbsolute()),
              number(line.relativeRms())));
    }
    unmatched.stream().limit(MAX_UNMATCHED).map(Messages::printable).forEach(out::println);
    if (unmatched.size() > MAX_UNMATCHED) {
      out.println("and %d more without a counterpart".formatted(unmatched.size() - MAX_UNMATCHED));
    }
  }

  private static String row(
      int width, String name, String count, String types, String max, String rms) {
    return String.format(
        "%-" + width + "s %6s  %-12s %12s %12s", Messages.printable(name), count, types, max, rms);
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
  }
}
