package org.t3jvm.model.world;

import java.util.List;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * The clips of a seed: each follows from the settings and its number alone, and its scene only from
 * the aspect of the frames, not from their size or number.
 */
public final class World {
  /** Odd and large, so that the clips of neighbouring seeds do not repeat each other. */
  private static final long SEED_STEP = 0x9E3779B1L;

  private final WorldSettings settings;
  private final List<Combination> combinations;

  public World(WorldSettings settings) {
    this.settings = settings;
    this.combinations = settings.combinations();
  }

  /** Clip number {@code index}, from 0. */
  public Clip clip(int index) {
    TorchRandom random = new TorchRandom(settings.seed() * SEED_STEP + index);
    Combination first = choose(random, combinations);
    List<Combination> kinds =
        random.nextUniform() < settings.twoObjects()
            ? List.of(first, choose(random, beside(first)))
            : List.of(first);
    double aspect = (double) settings.width() / settings.height();
    Scene scene = Scene.draw(random, aspect, kinds, settings.choice().sizes(), settings.spread());
    // Objects that are all of one size are neither small nor big.
    String caption = Captions.draw(random, scene, settings.choice().sizes().size() > 1);
    return new Clip(
        scene,
        caption,
        new SceneRenderer(scene, settings.height(), settings.width()),
        settings.frames());
  }

  private static Combination choose(TorchRandom random, List<Combination> from) {
    return from.get((int) (random.nextUniform() * from.size()));
  }

  /** Those of another colour over the same ground. */
  private List<Combination> beside(Combination first) {
    return combinations.stream()
        .filter(each -> each.ground() == first.ground() && each.colour() != first.colour())
        .toList();
  }
}
