package org.t3jvm.tensor.cases;

import java.util.Random;

/** What the elements of a tensor of a case are. */
@FunctionalInterface
interface Fill {
  /** Standard normal. */
  Fill NORMAL = normal(0, 1);

  /** Element {@code index} in row-major order; asked for in that order. */
  double element(Random random, long index);

  /** Normal of a mean and a standard deviation. */
  static Fill normal(double mean, double deviation) {
    return (random, index) -> mean + deviation * random.nextGaussian();
  }

  /** Uniform in [low, high). */
  static Fill uniform(double low, double high) {
    return (random, index) -> low + (high - low) * random.nextDouble();
  }

  /** Uniform whole numbers in [low, high). */
  static Fill whole(int low, int high) {
    return (random, index) -> low + random.nextInt(high - low);
  }

  /** The given elements, over and over. */
  static Fill cycle(double... elements) {
    return (random, index) -> elements[(int) (index % elements.length)];
  }

  /** One element everywhere. */
  static Fill constant(double element) {
    return (random, index) -> element;
  }
}
