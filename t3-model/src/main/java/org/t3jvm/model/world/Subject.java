package org.t3jvm.model.world;

import java.util.List;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * One object on its way through a clip; lengths in frame heights.
 *
 * @param start where and how it begins
 * @param path how far it goes
 * @param turn how far it turns about itself, clockwise in radians
 */
record Subject(Combination kind, Size size, Pose start, double path, double turn) {
  /** Frames that are narrower have smaller objects. */
  private static final double USUAL_ASPECT = 1.6;

  private static final double START_OF_GROWTH = 0.55;
  private static final double GROWTH = 0.7;

  /**
   * An object somewhere in a frame of {@code aspect} times its height, which it does not leave.
   *
   * @param sizes what its size is drawn from
   * @param spread see {@link WorldSettings#spread}
   * @param scale of its size
   */
  static Subject draw(
      TorchRandom random,
      Combination kind,
      List<Size> sizes,
      double aspect,
      double spread,
      double scale) {
    Motion motion = kind.motion();
    double narrow = Math.min(1, aspect / USUAL_ASPECT);
    Size size = sizes.get((int) (random.nextUniform() * sizes.size()));
    double radius = size.radius() * uniform(random, 0.93, 1.07) * narrow * scale;
    double angle =
        kind.figure().round() ? uniform(random, 0, 2 * Math.PI) : uniform(random, -0.25, 0.25);
    double largest = motion == Motion.GROWS ? START_OF_GROWTH + GROWTH : 1;
    double reach = radius * kind.figure().reach() * largest;
    double wide = aspect - 2 * reach;
    double high = 1 - 2 * reach;
    double across = motion.sideways() ? Math.min(uniform(random, 0.75, 0.95) * narrow, wide) : 0;
    double down = motion.vertical() ? Math.min(uniform(random, 0.42, 0.52), high) : 0;
    double left = reach + around(random, spread) * (wide - across);
    double top = reach + around(random, spread) * (high - down);
    double sense = random.nextUniform() < 0.5 ? -1 : 1;
    double turn = motion == Motion.SPINS ? sense * 1.5 * Math.PI : 0;
    Pose start =
        new Pose(
            motion == Motion.LEFT ? left + across : left,
            motion == Motion.FALLS ? top : top + down,
            radius,
            angle);
    return new Subject(kind, size, start, across + down, turn);
  }

  /** A share of the room that is left, in [0, 1]. */
  private static double around(TorchRandom random, double spread) {
    return 0.5 * (1 - spread) + spread * random.nextUniform();
  }

  private static double uniform(TorchRandom random, double from, double to) {
    return from + (to - from) * random.nextUniform();
  }

  /** Where it is at time {@code u} in [0, 1]. */
  Pose at(double u) {
    double angle = start.angle() + turn * u;
    return switch (kind.motion()) {
      case RIGHT -> start.moved(path * u, 0, angle);
      case LEFT -> start.moved(-path * u, 0, angle);
      case FALLS -> start.moved(0, path * (0.3 * u + 0.7 * u * u), angle);
      case RISES -> start.moved(0, -path * u, angle);
      case BOUNCES -> start.moved(0, -path * Math.abs(StrictMath.sin(2 * Math.PI * u)), angle);
      case SPINS, STAYS -> start.moved(0, 0, angle);
      case GROWS ->
          new Pose(start.x(), start.y(), start.radius() * (START_OF_GROWTH + GROWTH * u), angle);
    };
  }

  /** True if it and another keep clear of each other during {@code steps} steps of time. */
  boolean clearOf(Subject other, double distance, int steps) {
    for (int i = 0; i <= steps; i++) {
      double u = (double) i / steps;
      Pose mine = at(u);
      Pose its = other.at(u);
      double dx = mine.x() - its.x();
      double dy = mine.y() - its.y();
      double reach =
          mine.radius() * kind.figure().reach() + its.radius() * other.kind.figure().reach();
      if (Math.sqrt(dx * dx + dy * dy) < reach + distance) {
        return false;
      }
    }
    return true;
  }
}
