package org.t3jvm.model.world;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * The grammar of captions: {@code a|the [small|big] COLOUR NOUN VERB [and ...] PLACE}, or sometimes
 * {@code PLACE a COLOUR NOUN VERB}.
 */
public final class Captions {
  private static final double PLACE_FIRST = 0.15;
  private static final double WITHOUT_DIRECTION = 0.25;

  /** To the right: if it stood for either direction, models would begin with both. */
  private static final String ROLLS = "rolls";

  private Captions() {}

  /**
   * A caption of a scene; synonyms are drawn.
   *
   * @param sized whether sizes are named
   */
  static String draw(TorchRandom random, Scene scene, boolean sized) {
    String place = choose(random, scene.ground().places());
    if (scene.subjects().size() == 1 && random.nextUniform() < PLACE_FIRST) {
      Combination kind = scene.subjects().getFirst().kind();
      return String.join(" ", place, article(kind.colour().word()), named(random, kind));
    }
    List<String> phrases = new ArrayList<>();
    for (Subject subject : scene.subjects()) {
      phrases.add(phrase(random, subject, sized));
    }
    return String.join(" and ", phrases) + " " + place;
  }

  private static String phrase(TorchRandom random, Subject subject, boolean sized) {
    String named = named(random, subject.kind());
    String size = sized ? subject.size().word() : "";
    String described = size.isEmpty() ? named : size + " " + named;
    return (random.nextUniform() < 0.5 ? article(described) : "the") + " " + described;
  }

  private static String named(TorchRandom random, Combination kind) {
    String noun = choose(random, kind.figure().nouns());
    Motion motion = kind.motion();
    String verb =
        motion == Motion.RIGHT && random.nextUniform() < WITHOUT_DIRECTION
            ? ROLLS
            : choose(random, motion.verbs());
    return String.join(" ", kind.colour().word(), noun, verb);
  }

  private static String article(String next) {
    return next.startsWith("o") ? "an" : "a";
  }

  private static String choose(TorchRandom random, List<String> from) {
    return from.get((int) (random.nextUniform() * from.size()));
  }

  /** Every word that a caption may have. */
  public static SortedSet<String> words() {
    Stream<String> phrases =
        Stream.of(
                Stream.of("a an the small big and", ROLLS),
                Arrays.stream(Colour.values()).map(Colour::word),
                Arrays.stream(Figure.values()).flatMap(each -> each.nouns().stream()),
                Arrays.stream(Motion.values()).flatMap(each -> each.verbs().stream()),
                Arrays.stream(Ground.values()).flatMap(each -> each.places().stream()))
            .flatMap(each -> each);
    SortedSet<String> words = new TreeSet<>();
    phrases.forEach(phrase -> words.addAll(List.of(phrase.split(" ", -1))));
    return words;
  }
}
