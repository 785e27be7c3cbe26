package org.t3jvm.model.measure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures {@link SeamEnergy} of a video frame by frame. */
public final class SeamMeter {
  /** Frames that a line in time needs: two on either side. */
  private static final int FRAMES = 4;

  private final SeamLines seams;
  private final Map<SeamLines.Axis, Map<Integer, Double>> sums = new HashMap<>();
  private final Deque<Plane> last = new ArrayDeque<>();
  private int frames;

  public SeamMeter(SeamLines seams) {
    this.seams = seams;
  }

  /**
   * frame [H, W]: the next one.
   *
   * @throws IllegalArgumentException if it is not of the size that the lines are for
   */
  public void add(Plane frame) {
    if (frame.height() != seams.size().height() || frame.width() != seams.size().width()) {
      throw new IllegalArgumentException(
          "a frame of %dx%d has no lines of frames of %s"
              .formatted(frame.width(), frame.height(), seams.size()));
    }
    frames++;
    last.addLast(frame);
    if (last.size() > FRAMES) {
      last.removeFirst();
    }
    each(SeamLines.Axis.ROWS, y -> SlopeDifference.aboveRow(frame, y));
    each(SeamLines.Axis.COLUMNS, x -> SlopeDifference.leftOfColumn(frame, x));
    int between = frames - 2;
    if (last.size() == FRAMES && of(SeamLines.Axis.FRAMES).contains(between)) {
      Plane[] four = last.toArray(Plane[]::new);
      add(
          SeamLines.Axis.FRAMES,
          between,
          SlopeDifference.inTime(four[0], four[1], four[2], four[3]));
    }
  }

  private interface LineMeasure {
    double of(int line);
  }

  private void each(SeamLines.Axis axis, LineMeasure measure) {
    for (int line : of(axis)) {
      add(axis, line, measure.of(line));
    }
  }

  /** The lines of an axis, of any kind, seams or not. */
  private Set<Integer> of(SeamLines.Axis axis) {
    Set<Integer> lines = new HashSet<>();
    for (SeamLines.Lines kind : seams.kinds()) {
      if (kind.axis() == axis) {
        lines.addAll(kind.seams());
        lines.addAll(kind.shifted());
      }
    }
    return lines;
  }

  private Map<Integer, Double> sumsOf(SeamLines.Axis axis) {
    return sums.computeIfAbsent(axis, any -> new HashMap<>());
  }

  private void add(SeamLines.Axis axis, int line, double energy) {
    sumsOf(axis).merge(line, energy, Double::sum);
  }

  /** The energies over all frames so far. */
  public List<SeamEnergy> energies() {
    List<SeamEnergy> energies = new ArrayList<>();
    for (SeamLines.Lines lines : seams.kinds()) {
      int samples = lines.axis() == SeamLines.Axis.FRAMES ? 1 : frames;
      energies.add(
          new SeamEnergy(
              lines,
              mean(lines.axis(), lines.seams(), samples),
              mean(lines.axis(), lines.shifted(), samples)));
    }
    return energies;
  }

  private double mean(SeamLines.Axis axis, List<Integer> lines, int samples) {
    double sum = 0;
    for (int line : lines) {
      sum += sumsOf(axis).getOrDefault(line, 0.0);
    }
    return lines.isEmpty() ? Double.NaN : sum / ((double) samples * lines.size());
  }
}
