package org.t3jvm.model.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptFileTest {
  @TempDir Path dir;

  private PromptFile read(String name, String text) throws IOException {
    return PromptFile.read(Files.writeString(dir.resolve(name), text));
  }

  @Test
  void upstreamsJsonIsRead() throws IOException {
    PromptFile file =
        read(
            "4K-Tiny.v1.json",
            """
            [{"data_file": "vids/a.mp4", "prompt_en": "a red \\"ball\\""},
             {"data_file": "", "prompt_en": "\\u4e00 cat", "other": 3}]
            """);
    assertThat(file.stem()).isEqualTo("4K-Tiny.v1");
    assertThat(file.prompts()).containsExactly("a red \"ball\"", "一 cat");
  }

  @Test
  void textHasOnePromptALine() throws IOException {
    PromptFile file = read("prompts.txt", "\ufeff one \r\n\n  two, three\nfour");
    assertThat(file.stem()).isEqualTo("prompts");
    assertThat(file.prompts()).containsExactly("one", "two, three", "four");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.json | {} | is no list of objects with \"prompt_en\"",
        "a.json | [{ | is not JSON",
        "a.json | [] | holds no prompt",
        "a.json | [{\"prompt_en\": \"x\"}, {\"prompt\": \"y\"}] | entry 1 has no text under"
            + " \"prompt_en\"",
        "a.json | [{\"prompt_en\": 3}] | entry 0 has no text",
        "a.json | [\"x\"] | entry 0 has no text",
        "a.txt | `\n \n` | holds no prompt"
      })
  void whatCannotBeReadIsNamed(String name, String text, String message) {
    assertThatThrownBy(() -> read(name, text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(dir.resolve(name).toString())
        .hasMessageContaining(message);
  }

  @Test
  void bytesThatAreNoTextAreNamed() throws IOException {
    Path file = Files.write(dir.resolve("a.txt"), new byte[] {'a', (byte) 0xff, 'b'});
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessageContaining("is not UTF-8 text");
  }
}
