package org.t3jvm.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;

/** The lines of a run that nobody watches on a terminal, by a clock that the test moves. */
class ConsoleProgressTest {
  private final StringWriter text = new StringWriter();
  private OptionalInt columns = OptionalInt.empty();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ConsoleProgress progress =
      new ConsoleProgress(
          new PrintWriter(text, true),
          new PrintWriter(text, true),
          () -> columns,
          () -> now,
          () -> 5_700_000_000L);

  private Stage stage = Stage.TEXT;
  private long blocks;

  private void begin(Stage begun, int steps, int blocksPerStep, int done) {
    stage = begun;
    blocks = (long) done * blocksPerStep;
    progress.accept(new RunEvent.StageStarted(begun, steps, blocksPerStep, done));
  }

  private void units(int count, Duration each) {
    for (int i = 0; i < count; i++) {
      now = now.plus(each);
      progress.accept(new RunEvent.BlockDone(stage, ++blocks));
    }
  }

  private String lines() {
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void aLineHasStageStepBlockRateTimeLeftAndMemory() {
    begin(Stage.DENOISE, 3, 4, 0);
    units(2, Duration.ofSeconds(40));
    assertThat(lines())
        .as("80 s into a step: a line within it")
        .isEqualTo(
            "denoise step 1 of 3, block 2 of 4, 2 min 40 s a step, 6 min 40 s left, 5.7 GB\n");
  }

  @Test
  void quickStepsShareALine() {
    begin(Stage.DECODE, 100, 2, 0);
    units(200, Duration.ofMillis(100));
    assertThat(lines().lines())
        .as("the first two, one every 5 s of 20 s, the last")
        .containsExactly(
            "decode step 1 of 100, 5.0 steps a second, 19 s left, 5.7 GB",
            "decode step 2 of 100, 5.0 steps a second, 19 s left, 5.7 GB",
            "decode step 27 of 100, 5.0 steps a second, 14 s left, 5.7 GB",
            "decode step 52 of 100, 5.0 steps a second, 9 s left, 5.7 GB",
            "decode step 77 of 100, 5.0 steps a second, 4 s left, 5.7 GB",
            "decode step 100 of 100, 5.0 steps a second, 0 s left, 5.7 GB");
  }

  @Test
  void stepsOfAnEarlierProcessDoNotCountForThePace() {
    begin(Stage.DENOISE, 10, 1, 8);
    units(1, Duration.ofSeconds(3));
    assertThat(lines()).isEqualTo("denoise step 9 of 10, 3.0 s a step, 3 s left, 5.7 GB\n");
  }

  /** What stands on a terminal that breaks lines anew when its width changes, as most do. */
  private static List<String> screen(String text, int columns) {
    return screen(List.of(""), text, columns);
  }

  /** Rows that are there, broken anew where they are too long, and text from their end on. */
  private static List<String> screen(List<String> before, String text, int columns) {
    List<StringBuilder> rows = new ArrayList<>();
    for (String line : before) {
      for (int at = 0; at < Math.max(1, line.length()); at += columns) {
        rows.add(new StringBuilder(line.substring(at, Math.min(at + columns, line.length()))));
      }
    }
    int row = rows.size() - 1;
    int column = rows.getLast().length();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\r') {
        column = 0;
      } else if (c == '\n') {
        row++;
        column = 0;
      } else if (c == '\u001b') {
        int end = at + 2;
        while (Character.isDigit(text.charAt(end))) {
          end++;
        }
        if (text.charAt(end) == 'A') {
          row -= Integer.parseInt(text.substring(at + 2, end));
        } else {
          assertThat(text.charAt(end)).isEqualTo('J');
          rows.subList(row, rows.size()).clear();
        }
        at = end;
      } else {
        if (column == columns) {
          row++;
          column = 0;
        }
        while (rows.size() <= row) {
          rows.add(new StringBuilder());
        }
        StringBuilder line = rows.get(row);
        line.append(" ".repeat(Math.max(0, column + 1 - line.length())));
        line.setCharAt(column++, c);
      }
      while (rows.size() <= row) {
        rows.add(new StringBuilder());
      }
    }
    return rows.stream().map(each -> each.toString().stripTrailing()).toList();
  }

  private ConsoleProgress terminal(int width) {
    columns = OptionalInt.of(width);
    return new ConsoleProgress(
        new PrintWriter(text, true),
        new PrintWriter(text, true),
        () -> columns,
        () -> now,
        () -> 5_700_000_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "40|denoise step 1 of 3, 5 min 20 s left",
        "80|denoise step 1 of 3, block 1 of 3, 2 min 00 s a step, 5 min 20 s left, 5.7 GB",
        "79|denoise step 1 of 3, 2 min 00 s a step, 5 min 20 s left, 5.7 GB",
        "120|denoise [====                                 ] step 1 of 3, block 1 of 3, 2 min 00 s"
            + " a step, 5 min 20 s left, 5.7 GB",
      })
  void aTerminalShowsWhatItHasRoomFor(int width, String line) {
    try (ConsoleProgress drawing = terminal(width)) {
      drawing.accept(new RunEvent.StageStarted(Stage.DENOISE, 3, 3, 0));
      now = now.plusSeconds(40);
      drawing.accept(new RunEvent.BlockDone(Stage.DENOISE, 1));
      assertThat(screen(lines(), width)).containsExactly(line);
      drawing.println("t3: a warning");
      assertThat(screen(lines(), width)).containsExactly("t3: a warning", "");
    }
  }

  @Test
  void aTerminalThatBecomesNarrowerKeepsNoPartsOfTheLine() {
    try (ConsoleProgress drawing = terminal(120)) {
      drawing.println("before");
      drawing.accept(new RunEvent.StageStarted(Stage.DENOISE, 3, 3, 0));
      now = now.plusSeconds(40);
      drawing.accept(new RunEvent.BlockDone(Stage.DENOISE, 1));
      List<String> before = screen(lines(), 120);
      text.getBuffer().setLength(0);
      columns = OptionalInt.of(40);
      now = now.plusSeconds(40);
      drawing.accept(new RunEvent.BlockDone(Stage.DENOISE, 2));
      assertThat(screen(before, lines(), 40))
          .containsExactly("before", "denoise step 1 of 3, 4 min 40 s left");
    }
  }

  @Test
  void theProcessKnowsItsMemory() {
    assertThat(ProcessMemory.bytes()).isBetween(10_000_000L, 1_000_000_000_000L);
  }
}
