package org.t3jvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees, and may press, while a video is made. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "pseudo-terminals by Linux's numbers")
@Tag("process")
class OnTerminalTest {
  private static final char CTRL_C = 3;
  private static final String COLOUR = "\u001b\\[[0-9;]*m";

  private static final List<String> SMALL = List.of("--height=64", "--width=96", "--steps=30");

  @TempDir Path dir;

  private List<String> generate(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--prompt", "a red ball"));
    args.addAll(List.of("--attention", "full", "--threads", "1", "--frames", "5"));
    args.addAll(List.of("--out", dir.resolve(out).toString()));
    args.addAll(more.length > 0 ? List.of(more) : SMALL);
    return args;
  }

  /** Everything that was drawn over itself; lines that scrolled by end with a line feed. */
  private static List<String> drawn(String shown) {
    return Arrays.stream(shown.split("\r(?!\n)", -1))
        .skip(1)
        .map(text -> text.split("\r?\n", 2)[0].stripTrailing())
        .filter(text -> text.matches("(text|denoise|decode) .*"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 120})
  void progressFitsTheTerminal(int columns) throws Exception {
    try (PseudoTerminal terminal = new PseudoTerminal(columns, Map.of(), generate("a.mp4"))) {
      assertThat(terminal.status()).as(terminal.shown()).isZero();
      List<String> drawn = drawn(terminal.shown());
      assertThat(drawn).allMatch(text -> text.length() <= columns - 3, "shorter than the terminal");
      String last = drawn.stream().filter(text -> text.startsWith("denoise")).toList().getLast();
      assertThat(last).startsWith("denoise ").contains("step 30 of 30", "0 s left");
      assertThat(last.contains("B")).as("memory in '%s'", last).isEqualTo(columns > 40);
      assertThat(last.contains("[===") || columns < 120).as("a bar in '%s'", last).isTrue();
      assertThat(terminal.shown()).doesNotContainPattern(COLOUR);
    }
  }

  @Test
  void progressFollowsTheTerminalsSize() throws Exception {
    try (PseudoTerminal terminal =
        new PseudoTerminal(
            120, Map.of(), generate("a.mp4", "--height=64", "--width=96", "--steps=60"))) {
      terminal.await(shown -> shown.contains("step 5 of 60"));
      terminal.resize(40);
      int before = terminal.await(shown -> shown.contains("\u001b[J")).lastIndexOf("\u001b[J");
      assertThat(terminal.status()).as(terminal.shown()).isZero();
      assertThat(drawn(terminal.shown().substring(before)))
          .isNotEmpty()
          .allMatch(text -> text.length() <= 37, "shorter than the terminal");
    }
  }

  @Test
  void ctrlCStopsAtTheBlocksEndAndSaysHowToResume() throws Exception {
    try (PseudoTerminal terminal = new PseudoTerminal(80, Map.of(), generate("a.mp4"))) {
      terminal.await(shown -> shown.contains("step 3 of 30"));
      terminal.type(CTRL_C);
      assertThat(terminal.status()).as(terminal.shown()).isEqualTo(130);
      assertThat(terminal.shown())
          .contains("\rt3: stopping at the end of this block; once more to leave at once\r\n")
          .containsPattern(
              "t3: stopped at step \\d+ of 30; resume with: ./t3 resume \\S*a\\.mp4\\.t3state\r\n"
                  + "$");
    }
    assertThat(dir.resolve("a.mp4.t3state/state.json")).isRegularFile();
    ChildT3.run(List.of("resume", "--quiet", dir.resolve("a.mp4").toString()));
    assertThat(dir.resolve("a.mp4")).isRegularFile();
  }

  @Test
  void ctrlCTwiceLeavesAtOnce() throws Exception {
    // Plain loops on this size take long for a block, so that the second one finds it on.
    String[] slow = {"--backend=reference", "--height=256", "--width=384"};
    Path state = dir.resolve("a.mp4.t3state/state.json");
    try (PseudoTerminal terminal = new PseudoTerminal(80, Map.of(), generate("a.mp4", slow))) {
      terminal.await(shown -> shown.contains("denoise needs"));
      while (!Files.readString(state).contains("latents-0000")) {
        Thread.onSpinWait();
      }
      terminal.type(CTRL_C);
      terminal.await(shown -> shown.contains("stopping at the end of this block"));
      terminal.type(CTRL_C);
      assertThat(terminal.status()).as(terminal.shown()).isEqualTo(130);
      assertThat(terminal.shown())
          .containsPattern("t3: left at once; resume with: ./t3 resume \\S*a\\.mp4\\.t3state\r\n$");
    }
  }

  @Test
  void aDumbTerminalGetsLines() throws Exception {
    Map<String, String> dumb = Map.of("TERM", "dumb");
    try (PseudoTerminal terminal = new PseudoTerminal(80, dumb, generate("a.mp4"))) {
      assertThat(terminal.status()).as(terminal.shown()).isZero();
      assertThat(terminal.shown())
          .contains("denoise step 1 of 30")
          .doesNotContain("\u001b")
          .doesNotContainPattern("\r(?!\n)");
    }
  }

  @Test
  void noColourIsEverShown() throws Exception {
    Map<String, String> plain = Map.of("NO_COLOR", "1");
    for (List<String> command : List.of(generate("a.mp4"), List.of("generate", "--help"))) {
      try (PseudoTerminal terminal = new PseudoTerminal(80, plain, command)) {
        assertThat(terminal.status()).as(terminal.shown()).isZero();
        assertThat(terminal.shown()).doesNotContainPattern(COLOUR);
      }
    }
  }
}
