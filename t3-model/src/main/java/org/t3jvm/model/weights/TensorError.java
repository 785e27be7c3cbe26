package org.t3jvm.model.weights;

import java.util.Arrays;
import org.t3jvm.tensor.Tasks;
import org.t3jvm.tensor.quantize.WeightRows;

/**
 * How far the values of one tensor, or of several, lie from those of others.
 *
 * @param values how many were compared
 * @param maxAbsolute the largest difference; NaN if a difference is NaN
 * @param squaredError sum of the squared differences
 * @param squaredValue sum of the squares of what they lie off from
 */
record TensorError(long values, double maxAbsolute, double squaredError, double squaredValue) {
  /** Of no values. */
  static final TensorError NONE = new TensorError(0, 0, 0, 0);

  private static final long TASK_VALUES = 1 << 18;

  /** Compares rows of one shape on some threads, whose number changes no sum. */
  static TensorError of(WeightRows actual, WeightRows expected, int threads) {
    long together = Math.max(1, TASK_VALUES / Math.max(1, expected.width()));
    int tasks = Math.toIntExact(Math.ceilDiv(expected.count(), together));
    TensorError[] parts = new TensorError[tasks];
    Tasks.run(
        threads,
        tasks,
        task ->
            parts[task] =
                ofRows(
                    actual,
                    expected,
                    task * together,
                    Math.min(expected.count(), (task + 1) * together)));
    return Arrays.stream(parts).reduce(NONE, TensorError::and);
  }

  private static TensorError ofRows(WeightRows actual, WeightRows expected, long from, long to) {
    float[] a = new float[expected.width()];
    float[] b = new float[expected.width()];
    double max = 0;
    double error = 0;
    double value = 0;
    for (long row = from; row < to; row++) {
      actual.read(row, a);
      expected.read(row, b);
      for (int i = 0; i < a.length; i++) {
        double difference = (double) a[i] - b[i];
        max = Math.max(max, Math.abs(difference));
        error += difference * difference;
        value += (double) b[i] * b[i];
      }
    }
    return new TensorError((to - from) * a.length, max, error, value);
  }

  /** Both together. */
  TensorError and(TensorError other) {
    return new TensorError(
        values + other.values,
        Math.max(maxAbsolute, other.maxAbsolute),
        squaredError + other.squaredError,
        squaredValue + other.squaredValue);
  }

  /** Root of the mean squared difference over that of the values; 0 if nothing differs. */
  double relativeRms() {
    return squaredError == 0 ? 0 : Math.sqrt(squaredError / squaredValue);
  }
}
