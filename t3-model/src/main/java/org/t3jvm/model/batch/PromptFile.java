package org.t3jvm.model.batch;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of prompts: upstream's JSON, {@code [{"prompt_en": ..., "data_file": ...}]} (SPEC 13), or
 * plain text with one prompt a line.
 *
 * @param stem the file's name without its ending
 * @param prompts in the file's order; their places are the indices of the videos
 */
public record PromptFile(String stem, List<String> prompts) {
  private static final String PROMPT = "prompt_en";
  private static final String JSON = ".json";

  /** A copy, which is not changed any more. */
  public PromptFile {
    prompts = List.copyOf(prompts);
  }

  /**
   * Reads a file; one that ends with {@code .json} is JSON, any other is text, of which empty lines
   * do not count.
   *
   * @throws IOException naming the file, and the entry that is not as it should be
   */
  public static PromptFile read(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    boolean json = name.toLowerCase(Locale.ROOT).endsWith(JSON);
    List<String> prompts = json ? fromJson(file, text(file)) : fromLines(text(file));
    if (prompts.isEmpty()) {
      throw new IOException("'%s' holds no prompt".formatted(file));
    }
    int dot = name.lastIndexOf('.');
    return new PromptFile(dot > 0 ? name.substring(0, dot) : name, prompts);
  }

  private static String text(Path file) throws IOException {
    try {
      String text = Files.readString(file);
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IOException("'%s' is not UTF-8 text".formatted(file), e);
    }
  }

  private static List<String> fromLines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static List<String> fromJson(Path file, String text) throws IOException {
    JsonNode root;
    try {
      root = JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw new IOException("'%s' is not JSON: %s".formatted(file, e.getOriginalMessage()), e);
    }
    if (!root.isArray()) {
      throw new IOException("'%s' is no list of objects with \"%s\"".formatted(file, PROMPT));
    }
    List<String> prompts = new ArrayList<>();
    for (JsonNode entry : root) {
      JsonNode prompt = entry.get(PROMPT);
      if (prompt == null || !prompt.isString() || prompt.stringValue().isBlank()) {
        throw new IOException(
            "'%s': entry %d has no text under \"%s\"".formatted(file, prompts.size(), PROMPT));
      }
      prompts.add(prompt.stringValue());
    }
    return prompts;
  }
}
