package org.t3jvm.model.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.job.VideoJob;

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
    assertThat(file.prompts()).extracting(Prompt::text).containsExactly("a red \"ball\"", "一 cat");
  }

  @Test
  void textHasOnePromptALine() throws IOException {
    PromptFile file =
        read("prompts.txt", "\ufeff one \r\n\n# notes\n  two, three\nfour - and -x-\n");
    assertThat(file.stem()).isEqualTo("prompts");
    assertThat(file.prompts())
        .containsExactly(Prompt.of("one"), Prompt.of("two, three"), Prompt.of("four - and -x-"));
  }

  @Test
  void captionsOfClipsArePrompts() throws IOException {
    assertThat(read("metadata.csv", "file_name,text\na.mp4,a red ball\n").prompts())
        .containsExactly(Prompt.of("a red ball"));
    assertThat(read("b.jsonl", "{\"text\": \"no\", \"prompt\": \"yes\"}\n").prompts())
        .containsExactly(Prompt.of("yes"));
    assertThat(read("c.jsonl", "{\"prompt\": \"yes\", \"text\": \"no\"}\n").prompts())
        .containsExactly(Prompt.of("yes"));
  }

  @Test
  void everyFormGivesSeedsAndNegativesOfPrompts() throws IOException {
    List<Prompt> expected =
        List.of(
            new Prompt("a, \"b\"", null, 5L, null, null, null, null),
            new Prompt("c", "blurry", null, null, null, null, null),
            Prompt.of("d"));
    assertThat(
            read(
                    "a.jsonl",
                    """
                    {"prompt": "a, \\"b\\"", "seed": 5}

                    {"prompt_en": "c", "negative_prompt": "blurry", "data_file": "x.mp4"}
                    "d"
                    """)
                .prompts())
        .isEqualTo(expected);
    assertThat(
            read(
                    "a.json",
                    "[{\"prompt\":\"a,"
                        + " \\\"b\\\"\",\"seed\":5},{\"prompt\":\"c\",\"negative\":\"blurry\"},\"d\"]")
                .prompts())
        .isEqualTo(expected);
    assertThat(
            read(
                    "a.csv",
                    "Prompt,Seed,Negative Prompt,file\r\n"
                        + "\"a, \"\"b\"\"\",5,,x\r\n\r\n"
                        + "c,,blurry,\r\n"
                        + "d,,,\r\n")
                .prompts())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"',', '\n'", "';', '\r\n'", "'\t', '\r'"})
  void tablesAreReadInEveryDialect(String separator, String end) throws IOException {
    String text =
        List.of(
                "prompt,seed,n_prompt",
                "a 6\" nail,5,",
                "b 7\" nail,6,grey",
                " \"c; \"\"d\"\", e\tf\" ,,\"x\"")
            .stream()
            .map(
                row ->
                    row.startsWith(" ")
                        ? row.replace(",,", "##").replace("#", separator)
                        : row.replace(",", separator))
            .collect(Collectors.joining(end));
    assertThat(read("a.csv", text).prompts())
        .containsExactly(
            new Prompt("a 6\" nail", null, 5L, null, null, null, null),
            new Prompt("b 7\" nail", "grey", 6L, null, null, null, null),
            new Prompt("c; \"d\", e\tf", "x", null, null, null, null, null));
  }

  @Test
  void ofTwoPromptsUpstreamsCounts() throws IOException {
    String first =
        "[{\"prompt\":\"a\",\"prompt_en\":\"b\"},{\"prompt_en\":\"b\",\"prompt\":\"a\"}]";
    assertThat(read("a.json", first).prompts()).containsExactly(Prompt.of("b"), Prompt.of("b"));
  }

  /** As a device or a pipe that never ends. */
  @Test
  void aFileWithoutAnEndIsNotReadToIt() {
    assumeTrue(Files.exists(Path.of("/dev/zero")));
    assertThatThrownBy(() -> PromptFile.read(Path.of("/dev/zero")))
        .hasMessage("'/dev/zero' has more than the 67108864 bytes that are read of such a file");
  }

  @Test
  void everyFormGivesSizesFramesAndImagesOfPrompts() throws IOException {
    List<Prompt> expected =
        List.of(
            new Prompt("a", null, null, 480, 832, 17, "a.png"),
            new Prompt("b", null, null, 32, null, null, null));
    assertThat(
            read(
                    "a.jsonl",
                    """
                    {"prompt": "a", "size": "832x480", "num_frames": 17, "image": "a.png"}
                    {"prompt": "b", "height": 32}
                    """)
                .prompts())
        .isEqualTo(expected);
    assertThat(
            read("a.csv", "prompt,width,height,frames,image\na,832,480,17,a.png\nb,,32,,\n")
                .prompts())
        .isEqualTo(expected);
  }

  @Test
  void aPromptsJobHasItsOwnValuesAndElseTheBatchs() {
    VideoJob batch = VideoJob.of("x").size(16, 32).frames(9).fps(8).seed(3).negative("n").build();
    VideoJob own = new Prompt("a", "blurry", 5L, 48, null, 1, "a.png").job(batch, dir::resolve);
    assertThat(own)
        .isEqualTo(
            VideoJob.of("a")
                .size(48, 32)
                .frames(1)
                .fps(8)
                .seed(5)
                .negative("blurry")
                .image(dir.resolve("a.png"))
                .build());
    assertThat(Prompt.of("a").job(batch, dir::resolve)).isEqualTo(batch.with().prompt("a").build());
    assertThat(Prompt.video(own, 7)).isEqualTo("48_32_1_7.mp4");
  }

  @Test
  void brokenEntriesStandAmongTheOthers() throws IOException {
    byte[] text = "{\"prompt\": \"a\"}\n{\n{\"prompt\": \"b\"}\n".getBytes(StandardCharsets.UTF_8);
    List<PromptEntry> entries = PromptFile.entries("hdfs://n/a.jsonl", text);
    assertThat(entries).hasSize(3);
    assertThat(entries.get(0).prompt()).isEqualTo(Prompt.of("a"));
    assertThat(entries.get(1).prompt()).isNull();
    assertThat(entries.get(1).error()).startsWith("'hdfs://n/a.jsonl': line 2 is not JSON");
    assertThat(entries.get(2).prompt()).isEqualTo(Prompt.of("b"));
  }

  @Test
  void damagedFilesGivePromptsOrOneLine() throws IOException {
    String whole = "prompt,seed\n{\"prompt\": \"a\"}\n[\"b\", \"c\"]\n--seed 5 # d\n\"e\"";
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
      for (int i = random.nextInt(12); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = bytes[random.nextInt(bytes.length)];
      }
      String ending = List.of("json", "jsonl", "csv", "txt").get(seed % 4);
      Path file =
          Files.write(
              dir.resolve("a." + ending),
              Arrays.copyOfRange(
                  bytes, random.nextInt(20), 20 + random.nextInt(bytes.length - 20)));
      try {
        assertThat(PromptFile.read(file).prompts()).as("seed %d", seed).isNotEmpty();
      } catch (IOException e) {
        assertThat(e).as("seed %d", seed).message().contains(file.toString()).doesNotContain("\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.json | {} | is no list of texts, or of objects with \"prompt_en\"",
        "a.json | [{ | is not JSON",
        "a.json | [] | holds no prompt",
        "a.json | [{\"prompt_en\": \"x\"}, {\"caption\": \"y\"}] | entry 1 has no text under"
            + " \"prompt_en\", \"prompt\" or \"text\"",
        "a.json | [{\"prompt_en\": null}] | entry 0 has no text",
        "a.json | [{\"prompt\": \"x\", \"steps\": 4}] | entry 0 has \"steps\", which is an option"
            + " of",
        "a.json | [{\"prompt\": \"x\", \"seed\": 1.5}] | entry 0 has the seed '1.5'",
        "a.jsonl | {\"prompt\": \"x\"} {} | line 1 is not JSON",
        "a.jsonl | {\"prompt\": \"x\", \"size\": \"480p\"} | line 1 has the size '480p', must be"
            + " width x height",
        "a.csv | `prompt,frames\na,many` | line 2 has \"frames\" 'many', which is no integer",
        "a.csv | `a cat,1` | first row names no column \"prompt\" or \"text\"",
        "a.csv | `prompt,seed\na, cat,1` | line 2 has 3 values for 2 columns",
        "a.csv | `prompt\n\"a cat` | line 2: a quote is not closed",
        "a.csv | `prompt\n\"a \"small\" cat\"` | line 2: text behind a closing quote",
        "a.csv | `prompt;guidance_scale\n"
            + "a;5` | line 2 has \"guidance_scale\", which is an option of",
        "a.jsonl | {\"prompt\": \"a \\ud83e\"} | line 1 has half a character",
        "a.txt | a cat <lora:style:0.8> | line 1 holds <lora:style:0.8>",
        "a.txt | {\"prompt\": \"a\"} | line 1 is JSON; name the file .jsonl",
        "a.txt | `prompt,seed\na cat,1` | line 1 is the header of a table; name the file .csv",
        "a.txt | a cat --seed 5 --steps 3 | line 1 holds the option --seed",
        "a.txt | -n blurry | line 1 holds the option -n",
        "a.txt | a cat -n blurry --w 832 | line 1 holds the option --w",
        "a.txt | // a cat | line 1 begins with //",
        "a.yaml | - prompt: a cat | is no list of prompts that is read",
        "a.txt | `a cat\nnegative: blurry` | line 2 sets \"negative\"",
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
    Files.write(file, new byte[] {'a', 0, 'b'});
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessageContaining("is not text");
  }
}
