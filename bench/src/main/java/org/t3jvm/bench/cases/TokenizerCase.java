package org.t3jvm.bench.cases;

import java.io.IOException;
import java.util.List;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;

/** Cleaning and tokenizing long prompts with the embedded tokenizer. */
final class TokenizerCase {
  private static final int MAX_TOKENS = 512;
  private static final List<String> PROMPTS =
      List.of(
          "A narrow mountain railway winds along a cliff at dawn. The camera starts far away, so"
              + " that the train is a thin red line between snow and fog, then glides closer until"
              + " drops of meltwater on the windows can be seen. Inside, a child in a green coat"
              + " draws circles on the misty glass while an old man folds a newspaper. The light"
              + " turns from blue to gold as the train leaves a tunnel, and the valley opens with"
              + " a river, wooden bridges, and smoke that rises straight up from small chimneys.",
          "Macro shot of a potter's hands on a spinning wheel, wet grey clay, soft window light"
              + " from the left, shallow depth of field. The walls of the bowl grow thinner with"
              + " each turn; water runs between the fingers; a thin wire cuts the finished bowl"
              + " free. In the background, out of focus, shelves with dozens of glazed jugs in"
              + " cobalt, ochre and white. Slow, steady camera, natural colours, 4K, 24 fps.",
          "Night market in the rain: neon signs mirrored in puddles, steam over noodle pots,"
              + " umbrellas seen from above like coloured lily pads. A delivery rider weaves"
              + " through the crowd; the camera follows at the height of the handlebars, passes"
              + " under hanging lanterns, and stops at a stall where an elderly cook tosses rice"
              + " in a flaming wok. Reflections tremble whenever a drop hits the lens.");

  private TokenizerCase() {}

  static HostCase of() {
    return new HostCase(
        Suite.TOKENIZER,
        "long-prompts",
        "%d prompts of about %d characters"
            .formatted(
                PROMPTS.size(), PROMPTS.stream().mapToInt(String::length).sum() / PROMPTS.size()),
        Metric.PROMPTS_PER_SECOND,
        PROMPTS.size(),
        TokenizerCase::open);
  }

  private static HostCase.Task open() throws IOException {
    Tokenizer tokenizer;
    try (EmbeddedModel model = EmbeddedModel.open()) {
      tokenizer = Tokenizer.load(model.folder().resolve("google/umt5-xxl/tokenizer.json"));
    }
    return new HostCase.Task() {
      @Override
      public void run() {
        for (String prompt : PROMPTS) {
          tokenizer.encode(PromptCleaner.clean(prompt), MAX_TOKENS);
        }
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }
}
