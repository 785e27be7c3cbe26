package org.t3jvm.loaders.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing from a file may steer a terminal or break a line. */
class MessagesTest {
  @Test
  void whatSteersATerminalIsReplaced() {
    assertThat(Messages.printable("a\u001b[31mb\u0007\r\n\u009b\u202e\u2028\u2029\u200f\u007f"))
        .isEqualTo("a?[31mb?????????");
    assertThat(Messages.printable("tag \udb40\udc41, lone \ud800!")).isEqualTo("tag ?, lone ?!");
  }

  @Test
  void ordinaryTextStays() {
    String text = "gewicht \"\u00e9\u6f22\" \ud83d\ude00 a\u00a0b e\u0301";
    assertThat(Messages.printable(text)).isEqualTo(text);
  }

  @Test
  void namesAreShortenedAndListsCounted() {
    assertThat(Messages.quote("x".repeat(200))).isEqualTo("'" + "x".repeat(120) + "...'");
    assertThat(Messages.list(Collections.nCopies(23, "a\n"))).endsWith("a? and 3 more");
    assertThat(Messages.list(List.of("a", "b"))).isEqualTo("a, b");
  }
}
