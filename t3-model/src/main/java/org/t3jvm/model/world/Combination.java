package org.t3jvm.model.world;

import java.util.ArrayList;
import java.util.List;

/** One object's colour, shape and motion, and the ground below it. */
public record Combination(Colour colour, Figure figure, Ground ground, Motion motion) {
  /** All that can be seen: 1,677. */
  static final List<Combination> ALL = all();

  private static List<Combination> all() {
    List<Combination> all = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      for (Figure figure : Figure.values()) {
        for (Ground ground : Ground.values()) {
          for (Motion motion : Motion.values()) {
            Combination each = new Combination(colour, figure, ground, motion);
            if (each.visible()) {
              all.add(each);
            }
          }
        }
      }
    }
    return List.copyOf(all);
  }

  /** True if the object stands out from the ground, and its motion shows. */
  private boolean visible() {
    boolean hidden =
        switch (ground) {
          case GRASS -> colour == Colour.GREEN;
          case SKY, SNOW -> colour == Colour.WHITE;
          case SAND -> colour == Colour.YELLOW;
          case WATER -> colour == Colour.BLUE;
          case NIGHT -> false;
        };
    return !hidden && !(figure == Figure.RING && motion == Motion.SPINS);
  }
}
