package org.t3jvm.model.batch;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prompts in JSON: texts, or objects with a text under {@code prompt_en} or {@code prompt}. */
final class JsonPrompts {
  private JsonPrompts() {}

  /** Those of one list. */
  static List<PromptEntry> ofList(String text) throws PromptException {
    JsonNode root = parse(text, "");
    if (!root.isArray()) {
      throw new PromptException(" is no list of texts, or of objects with \"prompt_en\"");
    }
    List<PromptEntry> prompts = new ArrayList<>();
    for (JsonNode entry : root) {
      String place = ": entry " + prompts.size();
      prompts.add(PromptEntry.of(() -> prompt(entry, place)));
    }
    return prompts;
  }

  /** One a line. */
  static List<PromptEntry> ofLines(String text) {
    List<PromptEntry> prompts = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank()) {
        String place = ": line " + number;
        prompts.add(PromptEntry.of(() -> prompt(parse(line, place), place)));
      }
    }
    return prompts;
  }

  private static JsonNode parse(String text, String place) throws PromptException {
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      String reason = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      throw new PromptException("%s is not JSON: %s".formatted(place, reason));
    }
  }

  private static Prompt prompt(JsonNode entry, String place) throws PromptException {
    PromptBuilder prompt = new PromptBuilder(place);
    if (entry.isString()) {
      prompt.set("prompt", entry.stringValue());
    } else if (entry.isObject()) {
      for (String name : entry.propertyNames()) {
        JsonNode value = entry.get(name);
        if (value.isString() || value.isNumber()) {
          prompt.set(name, value.asString());
        } else if (Field.of(name).isPresent() && !value.isNull()) {
          throw new PromptException("%s has no text under \"%s\"".formatted(place, name));
        }
      }
    }
    return prompt.build();
  }
}
