package org.t3jvm.model.world;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads what an object does from its outlines in the frames of a clip, two at least. */
final class MotionReader {
  private static final double SIDEWAYS = 0.25;
  private static final double UP_OR_DOWN = 0.18;
  private static final double BOUNCE_SPREAD = 0.07;
  private static final double BOUNCE_SLOPE = -0.12;
  private static final double GROWTH = 1.9;
  private static final double TURNED_OUTLINE = 0.13;
  private static final double TURNED_MARK = 0.36;
  private static final int ENDS = 3;

  private final List<Outline> outlines;
  private final int height;
  private final double narrow;

  MotionReader(List<Outline> outlines, int height, int width) {
    this.outlines = outlines;
    this.height = height;
    this.narrow = Math.min(1, width / (1.6 * height));
  }

  Motion read(@Nullable Figure figure) {
    double right = change(Outline::x) / height;
    if (Math.abs(right) > SIDEWAYS * narrow) {
      return right > 0 ? Motion.RIGHT : Motion.LEFT;
    }
    if (bounces()) {
      return Motion.BOUNCES;
    }
    double down = change(Outline::y) / height;
    if (Math.abs(down) > UP_OR_DOWN) {
      return down > 0 ? Motion.FALLS : Motion.RISES;
    }
    int ends = Math.min(ENDS, outlines.size());
    double first = mean(outlines.subList(0, ends), Outline::area);
    double last = mean(outlines.subList(outlines.size() - ends, outlines.size()), Outline::area);
    if (last / first > GROWTH) {
      return Motion.GROWS;
    }
    boolean spins =
        figure == Figure.BALL
            ? most(Outline::markMoved) > TURNED_MARK
            : most(Outline::differenceTo) > TURNED_OUTLINE;
    return spins ? Motion.SPINS : Motion.STAYS;
  }

  /** From the mean of the first frames to the mean of the last. */
  private double change(ToDoubleFunction<Outline> place) {
    int ends = Math.min(ENDS, outlines.size());
    return mean(outlines.subList(outlines.size() - ends, outlines.size()), place)
        - mean(outlines.subList(0, ends), place);
  }

  private static double mean(List<Outline> outlines, ToDoubleFunction<Outline> value) {
    return outlines.stream().mapToDouble(value).average().orElseThrow();
  }

  /** True if it leaves its straight way, upwards twice. */
  private boolean bounces() {
    int count = outlines.size();
    double[] time = new double[count];
    double[] jump = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      time[i] = (double) i / (count - 1);
      jump[i] = Math.abs(StrictMath.sin(2 * Math.PI * time[i]));
      y[i] = outlines.get(i).y() / height;
    }
    double trend = slope(y, time);
    double spread = 0;
    for (int i = 0; i < count; i++) {
      double off = y[i] - mean(y) - trend * (time[i] - 0.5);
      spread += off * off / count;
    }
    return Math.sqrt(spread) > BOUNCE_SPREAD && slope(y, jump) < BOUNCE_SLOPE;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Of the straight line through values over {@code x}. */
  private static double slope(double[] values, double[] x) {
    double meanX = mean(x);
    double meanValue = mean(values);
    double both = 0;
    double square = 0;
    for (int i = 0; i < x.length; i++) {
      both += (x[i] - meanX) * (values[i] - meanValue);
      square += (x[i] - meanX) * (x[i] - meanX);
    }
    return both / square;
  }

  /** The most that frames some time apart differ, in the median over their pairs. */
  private double most(ToDoubleBiFunction<Outline, Outline> difference) {
    int count = outlines.size();
    double most = 0;
    for (int lag = Math.ceilDiv(3 * (count - 1), 20); lag <= (count - 1) / 2; lag++) {
      int apart = lag;
      double[] differences =
          IntStream.range(0, count - apart)
              .mapToDouble(i -> difference.applyAsDouble(outlines.get(i), outlines.get(i + apart)))
              .sorted()
              .toArray();
      most = Math.max(most, differences[differences.length / 2]);
    }
    return most;
  }
}
