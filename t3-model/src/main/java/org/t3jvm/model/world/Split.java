package org.t3jvm.model.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * Divides the combinations into those that are trained on and two kinds that are held out, by a
 * seed. Every value, and every pair of values except four of colour and shape, is trained on. A red
 * ball that rolls over grass is always trained on.
 */
public final class Split {
  /** The division that clips have unless another is asked for. */
  public static final long DEFAULT_SEED = 1;

  private static final int CLASSES = 8;
  private static final int UNSEEN_PAIRS = 4;

  /** The parts of the division. */
  public enum Part {
    /** What is trained on. */
    TRAINED,
    /** Combinations that are not trained on, of values that are trained on in every pair. */
    HELD_OUT,
    /** Combinations of a colour and a shape that are never trained on together. */
    UNSEEN_PAIR
  }

  private final int heldOut;
  private final Map<Colour, Figure> unseen = new EnumMap<>(Colour.class);

  /** The division of that seed. */
  public Split(long seed) {
    TorchRandom random = new TorchRandom(seed);
    // Class 0 holds the red ball that rolls right over grass, class 7 the one that rolls left.
    heldOut = 1 + below(random, CLASSES - 2);
    List<Colour> colours = new ArrayList<>(List.of(Colour.values()));
    colours.remove(Colour.RED);
    List<Figure> figures = new ArrayList<>(List.of(Figure.values()));
    for (int i = 0; i < UNSEEN_PAIRS; i++) {
      unseen.put(draw(random, colours), draw(random, figures));
    }
  }

  private static <T> T draw(TorchRandom random, List<T> from) {
    return from.remove(below(random, from.size()));
  }

  private static int below(TorchRandom random, int bound) {
    return (int) (random.nextUniform() * bound);
  }

  /** The part that a combination belongs to. */
  public Part of(Combination combination) {
    if (unseen.get(combination.colour()) == combination.figure()) {
      return Part.UNSEEN_PAIR;
    }
    int sum =
        index(Colour.values(), combination.colour())
            + 3 * index(Figure.values(), combination.figure())
            + 5 * index(Ground.values(), combination.ground())
            + 7 * index(Motion.values(), combination.motion());
    return sum % CLASSES == heldOut ? Part.HELD_OUT : Part.TRAINED;
  }

  private static <E> int index(E[] values, E value) {
    return Arrays.asList(values).indexOf(value);
  }

  /** All combinations of a part, in a fixed order. */
  public List<Combination> combinations(Part part) {
    return Combination.ALL.stream().filter(each -> of(each) == part).toList();
  }
}
