package org.t3jvm.loaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Damages valid files in seeded ways and reads what comes out. Each file gives tensors, or a {@link
 * CheckpointException} of one line, and takes no more memory than twice its size and a constant.
 */
public final class Mutations {
  /** Room for what does not grow with the file: parser buffers, the error and its stack trace. */
  private static final long CONSTANT = 128 << 10;

  private static final Duration HANG = Duration.ofMinutes(3);

  /** Numbers at which code that trusts a field breaks. */
  private static final long[] EDGES = {
    0,
    1,
    2,
    7,
    0x7F,
    0xFF,
    0x7FFF,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000L,
    0xFFFFFFFFL,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  private Mutations() {}

  /** One way to damage a file; may change {@code content}, which is a copy. */
  @FunctionalInterface
  public interface Mutation {
    byte[] apply(byte[] content, SplittableRandom random);
  }

  /** Mutations that know nothing of the format. */
  public static Map<String, Mutation> ofAnyFormat() {
    Map<String, Mutation> kinds = new LinkedHashMap<>();
    kinds.put("flip bits", Mutations::flipBits);
    kinds.put("truncate", (content, r) -> Arrays.copyOf(content, r.nextInt(content.length)));
    kinds.put(
        "insert bytes", (content, r) -> splice(content, r.nextInt(content.length), 0, junk(r)));
    kinds.put(
        "remove bytes", (content, r) -> splice(content, place(content, r), 1 + r.nextInt(16)));
    kinds.put("edge number", (content, r) -> edge(content, r.nextInt(content.length - 8), r));
    return kinds;
  }

  /** Reads {@code count} damaged files, each damaged one to three times. */
  public static void run(
      Path file, List<byte[]> valid, Map<String, Mutation> kinds, long seed, int count) {
    List<String> names = List.copyOf(kinds.keySet());
    Map<String, Integer> refused = new LinkedHashMap<>();
    int[] opened = {0};
    assertTimeoutPreemptively(
        HANG,
        () -> {
          for (int i = 0; i < count; i++) {
            String name = names.get(i % names.size());
            Mutation kind = Objects.requireNonNull(kinds.get(name));
            SplittableRandom random = new SplittableRandom(seed + i);
            byte[] content = valid.get(random.nextInt(valid.size())).clone();
            for (int times = 1 + random.nextInt(3); times > 0 && content.length > 16; times--) {
              content = kind.apply(content, random);
            }
            ReadProbe probe = read(file, content, "seed " + seed + " + " + i + ", " + name);
            if (probe.refusal() == null) {
              opened[0]++;
            } else {
              refused.merge(name, 1, Integer::sum);
            }
          }
        });
    assertThat(refused.keySet()).as("kinds that were refused").containsAll(names);
    assertThat(opened[0]).as("files that still opened").isGreaterThan(count / 50);
  }

  private static ReadProbe read(Path file, byte[] content, String what) throws IOException {
    try {
      Files.write(file, content);
      ReadProbe probe = ReadProbe.within(file, CONSTANT);
      if (probe.refusal() != null) {
        assertThat(probe.refusal().getMessage()).startsWith(file + ": ").hasLineCount(1);
      }
      return probe;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + ": " + e, e);
    }
  }

  private static byte[] flipBits(byte[] content, SplittableRandom random) {
    for (int bits = 1 + random.nextInt(4); bits > 0; bits--) {
      content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return content;
  }

  private static byte[] junk(SplittableRandom random) {
    byte[] bytes = new byte[1 + random.nextInt(16)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static int place(byte[] content, SplittableRandom random) {
    return random.nextInt(Math.max(1, content.length - 16));
  }

  /** An edge number of 1, 2, 4 or 8 bytes written at {@code at}. */
  public static byte[] edge(byte[] content, int at, SplittableRandom random) {
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    long value = number(random);
    switch (random.nextInt(4)) {
      case 0 -> buffer.put(at, (byte) value);
      case 1 -> buffer.putShort(at, (short) value);
      case 2 -> buffer.putInt(at, (int) value);
      default -> buffer.putLong(at, value);
    }
    return content;
  }

  /** An edge number, sometimes one beside it. */
  public static long number(SplittableRandom random) {
    return EDGES[random.nextInt(EDGES.length)] + random.nextInt(-1, 2);
  }

  /** {@code removed} bytes at {@code at} replaced by {@code inserted}. */
  public static byte[] splice(byte[] content, int at, int removed, byte... inserted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(content, 0, at);
    out.writeBytes(inserted);
    int rest = Math.min(content.length, at + removed);
    out.write(content, rest, content.length - rest);
    return out.toByteArray();
  }
}
