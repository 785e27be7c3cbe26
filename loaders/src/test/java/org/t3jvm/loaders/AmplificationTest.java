package org.t3jvm.loaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.pth.TorchFiles;

/**
 * Well-formed files in which few bytes stand for many objects. Reading them takes at most twice
 * their size and {@link MappedFile#BASE_ALLOWANCE}, and ends soon, without deep recursion.
 */
@Tag("slow")
class AmplificationTest {
  private static final int SCALE = 3_000_000;
  private static final Duration HANG = Duration.ofMinutes(1);

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void staysWithinItsAllowance(String what, byte[] content) throws IOException {
    Path path = Files.write(folder.resolve("bomb"), content);
    ReadProbe probe =
        assertTimeoutPreemptively(
            HANG, () -> ReadProbe.within(path, MappedFile.BASE_ALLOWANCE + (256 << 10)));
    if (probe.refusal() != null) {
      assertThat(probe.refusal().getMessage()).startsWith(path + ": ").hasLineCount(1);
    }
  }

  static Stream<Arguments> staysWithinItsAllowance() {
    String empty = "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    String deep = empty.replace("[0]", "[" + "0,".repeat(63) + "0]");
    String text = "\"__metadata__\":{\"k\":\"";
    return Stream.of(
        header("tensors of no bytes", i -> "\"" + i + "\":" + empty, 300_000),
        header("long names", i -> "\"" + i + "n".repeat(9000) + "\":" + empty, 900),
        header("ranks of 64", i -> "\"" + i + "\":" + deep, 30_000),
        header("one long text", i -> text + "t".repeat(SCALE) + "\"}", 1),
        header("a text over the limit", i -> text + "t".repeat(3 * SCALE) + "\"}", 1),
        header("many texts", i -> (i == 0 ? text + "\"" : "\"" + i + "\":\"\""), 400_000),
        header("nested arrays", i -> "\"a\":{\"shape\":" + "[".repeat(SCALE), 1),
        header("nested objects", i -> "\"a\":{".repeat(SCALE / 5), 1),
        header("a long number", i -> "\"a\":{\"shape\":[" + "9".repeat(SCALE), 1),
        header("a long shape", i -> "\"a\":{\"shape\":[" + "1,".repeat(SCALE), 1),
        pickle("dicts", "}".repeat(SCALE)),
        pickle("lists", "]".repeat(SCALE)),
        pickle("marks", "(".repeat(SCALE)),
        pickle("nulls", "N".repeat(SCALE)),
        pickle("empty tuples", ")".repeat(SCALE)),
        pickle("nested tuples", "N" + "\u0085".repeat(SCALE)),
        pickle("nested lists", "]".repeat(SCALE) + "a".repeat(SCALE - 1)),
        pickle("doubling tuples", "N" + "2\u0086".repeat(SCALE / 2)),
        pickle("copies of one value", "}" + "2".repeat(SCALE)),
        pickle("a wide tuple", "(" + "N".repeat(SCALE) + "t"),
        pickle("one list, many items", "](" + "N".repeat(SCALE) + "e"),
        pickle("memo entries", "}" + memo(SCALE / 6)),
        pickle("small texts", "(" + "X\1\0\0\0t".repeat(SCALE / 6) + "t"),
        pickle("one long text", "X\u00c0\u00c6-\0" + "t".repeat(3_000_000)),
        pickle("a huge integer", "\u008b\u00c0\u00c6-\0" + "t".repeat(3_000_000)),
        pickle("small integers", "(" + "K\1".repeat(SCALE / 2) + "t"),
        pickle("many keys", "}(" + keys(SCALE / 12) + "u"),
        pickle("colliding keys", "}(" + collidingKeys(18) + "u"),
        pickle("ordered dicts", "ccollections\nOrderedDict\nq\0" + "h\0)R0".repeat(SCALE / 5)),
        Arguments.of("zip entries", TorchFiles.manyEntries(60_000)));
  }

  private static Arguments header(String what, IntFunction<String> part, int count) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",").append(part.apply(i));
    }
    return Arguments.of("safetensors: " + what, TestFiles.safetensorsBytes(text + "}", 0));
  }

  private static Arguments pickle(String what, String opcodes) {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.writeBytes(("\u0080\2" + opcodes + ".").getBytes(StandardCharsets.ISO_8859_1));
    return Arguments.of("pth: " + what, TorchFiles.ofPickle(pickle.toByteArray()));
  }

  private static String memo(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append('r').append((char) (i & 0xFF)).append((char) (i >> 8 & 0xFF));
      text.append((char) (i >> 16 & 0xFF)).append('\0');
    }
    return text.toString();
  }

  private static String keys(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("X\6\0\0\0").append("%06x".formatted(i)).append('N');
    }
    return text.toString();
  }

  /** 2^bits keys of one hash code: "Aa" and "BB" have the same, and so have their sequences. */
  private static String collidingKeys(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1 << bits; i++) {
      text.append('X').append((char) (2 * bits)).append("\0\0\0");
      for (int bit = 0; bit < bits; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append('N');
    }
    return text.toString();
  }
}
