package org.t3jvm.model.world;

import java.util.Collection;
import java.util.List;

/** What the objects of a set of clips are chosen from; each in the order of its values. */
public record Choice(List<Figure> figures, List<Motion> motions, List<Size> sizes) {
  /** All that there is. */
  public static final Choice ALL =
      new Choice(List.of(Figure.values()), List.of(Motion.values()), List.of(Size.values()));

  /**
   * @throws IllegalArgumentException if nothing is left of one of them
   */
  public Choice {
    figures = sorted("shapes", figures);
    motions = sorted("motions", motions);
    sizes = sorted("sizes", sizes);
  }

  private static <E extends Enum<E>> List<E> sorted(String name, Collection<E> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("clips of no %s: at least one".formatted(name));
    }
    return values.stream().sorted().distinct().toList();
  }

  /** True for objects of these shapes and motions. */
  boolean contains(Combination combination) {
    return figures.contains(combination.figure()) && motions.contains(combination.motion());
  }
}
