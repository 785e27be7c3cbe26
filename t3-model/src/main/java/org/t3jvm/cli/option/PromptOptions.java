package org.t3jvm.cli.option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import picocli.CommandLine.Option;

/** What a video is to show. */
public final class PromptOptions {
  /** Stands for the standard input. */
  private static final String INPUT = "-";

  private static final int MAX_BYTES = 1 << 20;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What to show; required unless --prompt-file is given.")
  private @Nullable String prompt;

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE|-",
      description = "UTF-8 text file that holds the prompt; - for the standard input.")
  private @Nullable String file;

  /**
   * The prompt.
   *
   * @throws UsageException if none, or more than one, is given
   * @throws IOException if the file cannot be read
   */
  public String prompt() throws IOException {
    if (prompt == null && file == null) {
      throw new UsageException("--prompt TEXT is missing, or --prompt-file FILE");
    }
    if (prompt != null && file != null) {
      throw new UsageException("--prompt and --prompt-file exclude each other; give one of them");
    }
    if (INPUT.equals(prompt)) {
      throw new UsageException("--prompt is '-'; --prompt-file - reads the standard input");
    }
    return prompt != null ? prompt : read(String.valueOf(file));
  }

  private static String read(String name) throws IOException {
    byte[] bytes;
    try (InputStream in = name.equals(INPUT) ? System.in : Files.newInputStream(Path.of(name))) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    }
    if (bytes.length > MAX_BYTES) {
      throw new IOException(
          "'%s' has more than %d bytes, a prompt has fewer".formatted(name, MAX_BYTES));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.replaceFirst("^\ufeff", "").strip();
    } catch (CharacterCodingException e) {
      throw new IOException("'%s' is not UTF-8 text".formatted(name), e);
    }
  }
}
