package org.t3jvm.loaders.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.Mutations;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Blocks against a second reading of the published layouts, names and shapes, and damage. */
class GgufFileTest {
  private static final int SEED = 20;
  private static final int BLOCKS = 96;

  @TempDir Path dir;

  /** The layouts element by element, as their tables describe them; t is a block's bytes. */
  private static float reference(GgufType type, byte[] t, int i) {
    return switch (type) {
      case Q8_0 -> f16(t, 0) * t[2 + i];
      case Q4_0 -> f16(t, 0) * (nibble(t, 2 + i % 16, i / 16) - 8);
      case Q4_K ->
          kScale(t, i / 32, false) * nibble(t, 16 + i / 64 * 32 + i % 32, i / 32 % 2)
              - kScale(t, i / 32, true);
      case Q5_K -> {
        int code = nibble(t, 48 + i / 64 * 32 + i % 32, i / 32 % 2);
        int fifth = bit(t, 16 + i % 32, i / 32);
        yield kScale(t, i / 32, false) * (code + 16 * fifth) - kScale(t, i / 32, true);
      }
      case Q6_K -> {
        int half = i / 128;
        int within = i % 128;
        int code = nibble(t, half * 64 + within % 64, within / 64);
        int top = 128 + half * 32 + within % 32;
        int high = bit(t, top, within / 32 * 2) + 2 * bit(t, top, within / 32 * 2 + 1);
        yield f16(t, 208) * t[192 + i / 16] * (code + 16 * high - 32);
      }
      case F16 -> f16(t, 0);
      case BF16 -> Float.intBitsToFloat((t[0] & 0xFF) << 16 | t[1] << 24);
      default -> throw new AssertionError(type);
    };
  }

  private static float f16(byte[] t, int at) {
    int exponent = 0;
    int fraction = t[at] & 0xFF;
    for (int k = 9; k >= 8; k--) {
      fraction += bit(t, at + 1, k - 8) << k;
    }
    for (int k = 4; k >= 0; k--) {
      exponent = 2 * exponent + bit(t, at + 1, 2 + k);
    }
    double magnitude =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
    return (float) (bit(t, at + 1, 7) == 1 ? -magnitude : magnitude);
  }

  private static int bit(byte[] t, int at, int bit) {
    return t[at] >>> bit & 1;
  }

  private static int nibble(byte[] t, int at, int which) {
    int value = 0;
    for (int k = 3; k >= 0; k--) {
      value = 2 * value + bit(t, at, 4 * which + k);
    }
    return value;
  }

  /** The 6 bits of group j: the low 4 and, of the later four groups, 2 of the earlier's bytes. */
  private static float kScale(byte[] t, int j, boolean minimum) {
    int six = 0;
    for (int k = 5; k >= 0; k--) {
      int bit;
      if (j < 4) {
        bit = bit(t, 4 + j + (minimum ? 4 : 0), k);
      } else if (k < 4) {
        bit = bit(t, 4 + 8 + j - 4, minimum ? k + 4 : k);
      } else {
        bit = bit(t, 4 + j - 4 + (minimum ? 4 : 0), k + 2);
      }
      six = 2 * six + bit;
    }
    return f16(t, minimum ? 2 : 0) * six;
  }

  @ParameterizedTest
  @EnumSource(
      value = GgufType.class,
      names = {"F16", "BF16", "Q4_0", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
  void blocksAreDecodedBitForBit(GgufType type) throws IOException {
    byte[] bytes = new byte[BLOCKS * type.blockBytes()];
    new Random(SEED).nextBytes(bytes);
    int width = 2 * type.blockElements();
    Path file = dir.resolve("a.gguf");
    GgufBuilder builder = new GgufBuilder().tensor("w", id(type), bytes, BLOCKS / 2, width);
    Files.write(file, builder.bytes());
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertThat(checkpoint.info("w").type())
          .isEqualTo(type.quantised() ? StoredType.F32 : StoredType.valueOf(type.name()));
      assertThat(checkpoint.info("w").shape()).isEqualTo(Shape.of(BLOCKS / 2, width));
      float[] values = checkpoint.tensor("w").toFloats();
      for (int i = 0; i < values.length; i++) {
        int block = i / type.blockElements();
        byte[] one =
            Arrays.copyOfRange(bytes, block * type.blockBytes(), (block + 1) * type.blockBytes());
        float expected = reference(type, one, i % type.blockElements());
        assertThat(Float.floatToIntBits(values[i]))
            .as("%s, seed %d, element %d", type, SEED, i)
            .isEqualTo(Float.floatToIntBits(expected));
      }
      if (!type.quantised()) {
        return;
      }
      Tensor once = checkpoint.tensor("w");
      assertThat(checkpoint.tensor("w")).as("decoded once").isSameAs(once);
      assertThat(checkpoint.decodedBytes()).isEqualTo(once.byteSize());
      checkpoint.release("w");
      assertThat(once.segment().scope().isAlive()).as("memory of a released tensor").isFalse();
      assertThat(checkpoint.tensor("w").toFloats()).isEqualTo(values);
    }
  }

  private static int id(GgufType type) {
    for (int id = 0; id < 64; id++) {
      if (GgufType.of(id).filter(type::equals).isPresent()) {
        return id;
      }
    }
    throw new AssertionError(type);
  }

  /** Known numbers: 0x3C00 is 1 in F16. */
  @Test
  void floatingTensorsLieInTheFileAndShapesOfFiveAxesInItsMetadata() throws IOException {
    byte[] halves = new byte[64];
    halves[1] = 0x3C;
    Path file = dir.resolve("a.gguf");
    Files.write(
        file,
        new GgufBuilder()
            .text("general.architecture", "wan")
            .integers("comfy.gguf.orig_shape.patch_embedding.weight", 4, 2, 1, 2, 2)
            .tensor("patch_embedding.weight", 1, halves, 8, 4)
            .tensor("b", 30, new byte[] {(byte) 0x80, 0x3F, 0, 0}, 2)
            .bytes());
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertThat(checkpoint.metadata()).containsEntry("general.architecture", "wan");
      assertThat(checkpoint.info("patch_embedding.weight").shape())
          .isEqualTo(Shape.of(4, 2, 1, 2, 2));
      assertThat(checkpoint.tensor("patch_embedding.weight").getDouble(0)).isEqualTo(1);
      assertThat(checkpoint.tensor("b").toFloats()).containsExactly(1, 0);
      assertThat(checkpoint.tensor("b").segment().isMapped()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 | 'w' has the GGUF type Q2_K; supported are F32, F16, BF16",
        "99 | 'w' has the GGUF type 99; supported are F32, F16, BF16",
        "12 | 'w' of shape [2, 32] does not have rows of whole blocks of 256",
        "0 | runs past its"
      })
  void whatCannotBeReadIsNamed(int type, String message) {
    byte[] content = new GgufBuilder().tensor("w", type, new byte[36], 2, 32).bytes();
    assertThat(TestFiles.failure(dir.resolve("a.gguf"), content)).contains(message);
  }

  /** Data that the header places elsewhere would be read as other weights. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "general.alignment | 64 | 'b' begins at byte 32 of the data, must be a multiple of 64",
        "general.alignment | 0 | general.alignment is '0', must be from 1 to 1048576",
        "split.count | 3 | is one of '3' parts of a split GGUF"
      })
  void dataThatIsNotWhereItShouldBeIsNamed(String key, String value, String message) {
    byte[] content =
        new GgufBuilder()
            .text(key, value)
            .tensor("a", 0, new byte[16], 4)
            .tensor("b", 0, new byte[16], 4)
            .bytes();
    assertThat(TestFiles.failure(dir.resolve("a.gguf"), content)).contains(message);
  }

  @Test
  void tensorsThatShareBytesAreNamed() {
    byte[] content =
        new GgufBuilder().tensor("a", 0, new byte[64], 16).tensor("b", 0, new byte[64], 16).bytes();
    // The offset of b, the last number of the header.
    int offset = 4 + 4 + 8 + 8 + 2 * (8 + 1 + 4 + 8 + 4 + 8) - 8;
    assertThat(content[offset]).isEqualTo((byte) 64);
    content[offset] = 32;
    assertThat(TestFiles.failure(dir.resolve("a.gguf"), content))
        .contains("'b' begins at byte 32 of the data, must be a multiple of 32 from 64 on");
  }

  @Test
  void otherVersionsAreNamed() {
    byte[] content = new GgufBuilder().bytes();
    content[4] = 1;
    assertThat(TestFiles.failure(dir.resolve("a.gguf"), content)).contains("GGUF of version 1");
  }

  @Test
  @Tag("slow")
  void tensorsOrAClearError() {
    byte[] bytes = new byte[210 * 2];
    new Random(SEED).nextBytes(bytes);
    byte[] valid =
        new GgufBuilder()
            .text("general.architecture", "wan")
            .integers("comfy.gguf.orig_shape.w", 2, 2, 2, 8, 8)
            .integers("general.numbers", 1, 2, 3)
            .tensor("w", 14, bytes, 2, 256)
            .tensor("b", 0, new byte[12], 3)
            .bytes();
    Map<String, Mutations.Mutation> kinds = new LinkedHashMap<>(Mutations.ofAnyFormat());
    kinds.put("edge in the header", (c, r) -> Mutations.edge(c, 4 + r.nextInt(200), r));
    Mutations.run(dir.resolve("damaged.gguf"), List.of(valid), kinds, 30_000, 2000);
  }
}
