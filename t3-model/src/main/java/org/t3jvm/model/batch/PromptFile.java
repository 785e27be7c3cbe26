package org.t3jvm.model.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.t3jvm.loaders.io.TextFile;

/**
 * A file of prompts, whose form its name says: upstream's JSON, {@code [{"prompt_en": ...,
 * "data_file": ...}]} (SPEC 13), JSON lines, CSV with a header, or text with one prompt a line.
 *
 * @param name the file's name
 * @param prompts in the file's order; their places are the indices of the videos
 */
public record PromptFile(String name, List<Prompt> prompts) {
  private static final int MAX_BYTES = 64 << 20;

  /** A copy, which is not changed any more. */
  public PromptFile {
    prompts = List.copyOf(prompts);
  }

  /**
   * Reads a file: {@code .json}, {@code .jsonl}, {@code .csv}, or any other name for text, of which
   * empty lines and those that begin with {@code #} do not count.
   *
   * @throws IOException naming the file, and the entry or line that is not as it should be
   */
  public static PromptFile read(Path file) throws IOException {
    List<Prompt> prompts = new ArrayList<>();
    for (PromptEntry entry : entries(file.toString(), TextFile.bytes(file, MAX_BYTES))) {
      prompts.add(entry.orThrow());
    }
    return new PromptFile(String.valueOf(file.getFileName()), prompts);
  }

  /**
   * The entries of a file, broken ones among them.
   *
   * @param file its name, for messages and for its form
   * @throws IOException if the file as a whole cannot be read, naming it
   */
  public static List<PromptEntry> entries(String file, byte[] bytes) throws IOException {
    requireSize(file, bytes.length);
    String text = TextFile.text(file, bytes);
    String lower = file.toLowerCase(Locale.ROOT);
    if (lower.matches(".*\\.(yaml|yml|toml|xml|tsv)")) {
      throw new IOException(
          "'%s' is no list of prompts that is read; give .txt, .json, .jsonl or .csv"
              .formatted(file));
    }
    List<PromptEntry> entries;
    try {
      if (lower.endsWith(".json")) {
        entries = JsonPrompts.ofList(text);
      } else if (lower.endsWith(".jsonl")) {
        entries = JsonPrompts.ofLines(text);
      } else {
        entries = lower.endsWith(".csv") ? CsvPrompts.of(text) : TextPrompts.of(text);
      }
    } catch (PromptException e) {
      throw new IOException("'%s'%s".formatted(file, e.getMessage()), e);
    }
    if (entries.isEmpty()) {
      throw new IOException("'%s' holds no prompt".formatted(file));
    }
    return entries.stream().map(entry -> entry.in(file)).toList();
  }

  /** The file's name without its ending, which its folder of videos has. */
  public String stem() {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static void requireSize(String file, long bytes) throws IOException {
    if (bytes > MAX_BYTES) {
      throw new IOException(
          "'%s' has more than %d bytes, which no file of prompts has".formatted(file, MAX_BYTES));
    }
  }
}
