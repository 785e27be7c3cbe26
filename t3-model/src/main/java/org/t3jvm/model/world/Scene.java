package org.t3jvm.model.world;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * What a clip shows, whatever its size in pixels and its number of frames.
 *
 * @param aspect width of a frame in heights
 */
record Scene(double aspect, Ground ground, Texture texture, List<Subject> subjects) {
  /** Between two objects, in frame heights. */
  private static final double CLEARANCE = 0.05;

  private static final int CHECKED_TIMES = 40;
  private static final double TWO_OBJECTS = 0.8;
  private static final double SMALLER = 0.97;

  Scene {
    subjects = List.copyOf(subjects);
  }

  /**
   * A scene of objects of these kinds, which have the same ground and never touch; see {@link
   * WorldSettings#spread}.
   */
  static Scene draw(
      TorchRandom random, double aspect, List<Combination> kinds, List<Size> sizes, double spread) {
    Ground ground = kinds.getFirst().ground();
    Texture texture = ground.texture(random, aspect);
    double scale = kinds.size() == 1 ? 1 : TWO_OBJECTS;
    List<Subject> subjects = place(random, aspect, kinds, sizes, spread, scale);
    while (!apart(subjects)) {
      scale *= SMALLER;
      subjects = place(random, aspect, kinds, sizes, spread, scale);
    }
    return new Scene(aspect, ground, texture, subjects);
  }

  private static List<Subject> place(
      TorchRandom random,
      double aspect,
      List<Combination> kinds,
      List<Size> sizes,
      double spread,
      double scale) {
    List<Subject> subjects = new ArrayList<>();
    for (Combination kind : kinds) {
      subjects.add(Subject.draw(random, kind, sizes, aspect, spread, scale));
    }
    return subjects;
  }

  private static boolean apart(List<Subject> subjects) {
    return subjects.size() == 1
        || subjects.getFirst().clearOf(subjects.getLast(), CLEARANCE, CHECKED_TIMES);
  }
}
