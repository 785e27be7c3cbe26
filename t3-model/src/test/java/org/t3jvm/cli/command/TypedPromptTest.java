package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.cli.Main;
import org.t3jvm.model.batch.BatchManifest;
import org.t3jvm.model.video.VideoTags;

/** The prompt that runs is the one that was typed. */
class TypedPromptTest {
  private static final List<String> SMALLEST =
      List.of(
          "--height",
          "16",
          "--width",
          "32",
          "--frames",
          "1",
          "--steps",
          "1",
          "--cfg",
          "1",
          "--attention",
          "full",
          "--threads",
          "1",
          "--text-cache",
          "off");

  private final Locale locale = Locale.getDefault();

  @TempDir Path dir;

  @AfterEach
  void restore() {
    Locale.setDefault(locale);
  }

  private static String t3(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(SMALLEST);
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            arguments.toArray(String[]::new));
    assertThat(status).as(err.toString()).isZero();
    return err.toString();
  }

  @Test
  void aPromptThatBeginsWithAnAtSignNamesNoFile() throws IOException {
    Path file = Files.writeString(dir.resolve("mona"), "secret text");
    Path video = dir.resolve("a.mp4");
    t3("generate", "--prompt", "@" + file, "--out", video.toString());
    assertThat(VideoTags.read(video)).containsEntry("title", "@" + file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "tr-TR"})
  void noLocaleChangesNamesOrNumbers(String tag) throws IOException {
    Path prompts = Files.writeString(dir.resolve("p.jsonl"), "{\"prompt\": \"I\", \"SEED\": 12}");
    Locale.setDefault(Locale.forLanguageTag(tag));
    t3("batch", prompts.toString(), "--out", dir.toString());
    assertThat(dir.resolve("p/16_32_1_0.mp4")).isRegularFile();
    t3("generate", "--prompt", "I", "--out", dir.resolve("frames") + "/");
    assertThat(dir.resolve("frames/frame_00000.png")).isRegularFile();
    List<BatchManifest.Entry> entries = new BatchManifest(dir.resolve("p/manifest.jsonl")).read();
    assertThat(entries).extracting(entry -> entry.job().sampling().seed()).containsExactly(12L);
  }

  @Test
  void whatTheModelDoesNotReadIsNamedAndListed() throws IOException {
    String prompt = "word ".repeat(600) + "dragon";
    Path prompts = Files.writeString(dir.resolve("p.txt"), prompt + "\na fox\n");
    String cut = "the model reads 512: from '";
    assertThat(t3("batch", prompts.toString(), "--out", dir.toString())).containsOnlyOnce(cut);
    List<BatchManifest.Entry> entries = new BatchManifest(dir.resolve("p/manifest.jsonl")).read();
    assertThat(entries.get(0).cut()).contains(cut);
    assertThat(entries.get(1).cut()).isNull();
  }
}
