package org.t3jvm.model.measure;

/**
 * How much a line between two rows, columns or frames stands out: the mean square difference of the
 * slope across it and the mean of the slopes on either side (S. Minami, A. Zakhor: An optimization
 * approach for removing blocking effects in transform coding, IEEE TCSVT 5(2), 1995), in grey
 * levels squared. A step of one level in a flat picture has 1; a ramp has 0.
 */
final class SlopeDifference {
  private SlopeDifference() {}

  /** plane [H, W]: the line above row {@code y}, which has two rows on either side. */
  static double aboveRow(Plane plane, int y) {
    double sum = 0;
    for (int x = 0; x < plane.width(); x++) {
      sum += square(plane.at(y - 2, x), plane.at(y - 1, x), plane.at(y, x), plane.at(y + 1, x));
    }
    return sum / plane.width();
  }

  /** plane [H, W]: the line left of column {@code x}, which has two columns on either side. */
  static double leftOfColumn(Plane plane, int x) {
    double sum = 0;
    for (int y = 0; y < plane.height(); y++) {
      sum += square(plane.at(y, x - 2), plane.at(y, x - 1), plane.at(y, x), plane.at(y, x + 1));
    }
    return sum / plane.height();
  }

  /** Four frames [H, W] that follow each other: the moment between the second and the third. */
  static double inTime(Plane first, Plane second, Plane third, Plane fourth) {
    double sum = 0;
    for (int i = 0; i < first.values().length; i++) {
      sum += square(first.values()[i], second.values()[i], third.values()[i], fourth.values()[i]);
    }
    return sum / first.values().length;
  }

  private static double square(double before, double last, double next, double after) {
    double difference = next - last - ((last - before) + (after - next)) / 2;
    return difference * difference;
  }
}
