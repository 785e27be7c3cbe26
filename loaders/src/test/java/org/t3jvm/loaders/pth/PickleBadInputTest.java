package org.t3jvm.loaders.pth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.open.Checkpoints;

/** Pickles that ask for more than tensors, or describe impossible ones. */
class PickleBadInputTest {
  private static final int[] NONE = {};

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void isRefused(String what, PickleBuilder pickle, String[] parts) {
    Path path = folder.resolve("model.pth");
    assertThat(TestFiles.failure(path, pickle.file(24))).startsWith(path + ": ").contains(parts);
  }

  static Stream<Arguments> isRefused() {
    return Stream.of(
        value("os.system", p -> p.global("os", "system").text("ls").raw(0x85).ops("R"))
            .says("global 'os.system'", "nothing was executed"),
        value("eval by STACK_GLOBAL", p -> p.text("builtins").text("eval").raw(0x93))
            .says("global 'builtins.eval'"),
        value("NEWOBJ", p -> p.global("collections", "OrderedDict").ops(")").raw(0x81))
            .says("opcode 0x81", "refused"),
        value("INST", p -> p.ops("(ios\nsystem\n")).says("opcode 0x69", "refused"),
        value("long global", p -> p.ops("c" + "x".repeat(300))).says("more than 256 bytes"),
        value("BUILD on text", p -> p.text("t").ops("}b")).says("not an OrderedDict"),
        value("call of a dict", p -> p.ops("})R")).says("not a known function"),
        value("OrderedDict of pairs", p -> p.global("collections", "OrderedDict").ops("]\u0085R"))
            .says("OrderedDict built from arguments"),
        value("protocol 0", p -> p.raw(0x80, 0)).says("protocol 0 is not supported"),
        value("unset memo", p -> p.ops("h").raw(9)).says("memo 9, which it never set"),
        value("underflow", p -> p.ops("00000")).says("takes more from its stack"),
        value("pop across a mark", p -> p.ops("(0")).says("takes more from its stack"),
        value("no mark", p -> p.ops("tt")).says("closes a group that it never opened"),
        value("append to dict", p -> p.ops("}Na")).says("not a list"),
        value("dict key list", p -> p.ops("}]Ns")).says("dict key"),
        value("text too long", p -> p.ops("X").int32(1000)).says("truncated or damaged"),
        value("text of -1", p -> p.raw(0x8D).int64(-1)).says("truncated or damaged"),
        value("bytes of 2^62", p -> p.raw(0x8E).int64(1L << 62)).says("truncated or damaged"),
        value("LONG4 of 2^31", p -> p.raw(0x8B).int32(-1)).says("truncated or damaged"),
        value("not UTF-8", p -> p.ops("X").int32(1).raw(0xFF)).says("not UTF-8"),
        value("storage missing", p -> p.storage("FloatStorage", "7", 6))
            .says("tensor 'w'", "'m/data/7'", "lacks"),
        value("storage count", p -> p.storage("FloatStorage", "0", 5))
            .says("tensor 'w'", "5 F32 elements", "holds 24 bytes"),
        value("negative count", p -> p.storage("FloatStorage", "0", -6)).says("-6 F32"),
        value("count of floats", p -> p.storage("DoubleStorage", "0", 6)).says("6 F64 elements"),
        value("odd persistent id", p -> p.text("storage").ops("Q")).says("not a tuple"),
        value("short persistent id", p -> p.text("storage").raw(0x85).ops("Q"))
            .says("('storage', class, key, location, count)"),
        tensor(6, 0, new int[] {2, 4}, new int[] {4, 1}).says("tensor 'w'", "outside its storage"),
        tensor(6, 1, new int[] {2, 3}, new int[] {3, 1}).says("[2, 3], offset 1", "6 elements"),
        tensor(6, 6, NONE, NONE).says("outside its storage"),
        tensor(6, -1, new int[] {1}, new int[] {1}).says("outside its storage"),
        tensor(6, 0, new int[] {2}, new int[] {1 << 30}).says("outside its storage"),
        tensor(6, 0, new int[] {2}, new int[] {-1}).says("stride that is no non-negative"),
        tensor(6, 0, new int[] {-2}, new int[] {1}).says("size that is no non-negative"),
        tensor(6, 0, new int[] {2, 3}, new int[] {1}).says("2 sizes and 1 strides"),
        tensor(6, 0, new int[65], new int[65]).says("65 sizes"),
        tensor(6, 0, new int[] {1 << 30, 1 << 30, 1 << 30, 2}, new int[4]).says("2^63-1 elements"),
        root("list", p -> p.ops("]")).says("holds a list", "state_dict()"),
        root("tensor", p -> p.tensor(6, 0, new int[] {6}, new int[] {1})).says("a single tensor"),
        root("nothing", p -> p).says("takes more from its stack"),
        root("two values", p -> p.ops("}}")).says("unused values"),
        value("nested dict", p -> p.ops("}").text("k").ops("Ns"))
            .says("holds a dict under 'w'", "model_state or state_dict"),
        root("tensor under 3", p -> untitled(p.ops("}").raw('K', 3))).says("key that is not text"),
        value("dict in itself", p -> p.ops("}q").raw(9).text("k").ops("h").raw(9).ops("s"))
            .says("holds a dict under 'w'"),
        value("list in itself", p -> p.ops("]q").raw(9).ops("h").raw(9).ops("a"))
            .says("holds a list under 'w'"));
  }

  @Test
  void floatEightIsListedByNameAndRefusedByName() throws IOException {
    PickleBuilder pickle = new PickleBuilder().ops("}").text("w");
    pickle.global("torch._utils", "_rebuild_tensor_v3").ops("((").text("storage");
    pickle.global("torch.storage", "UntypedStorage").text("0").text("cpu").integer(24).ops("tQ");
    pickle.integer(4).tuple(2, 5).tuple(5, 1).raw(0x89).ops("}");
    pickle.global("torch", "float8_e8m0fnu").ops("tRs.");
    Path path = Files.write(folder.resolve("f8.pth"), pickle.file(24));
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.info("w")).hasToString("w F8_E8M0 [2, 5]");
      assertThat(file.info("w").type()).isEqualTo(StoredType.F8_E8M0);
      TestFiles.failure(() -> file.tensor("w"), List.of(path.toString(), "'w'", "F8_E8M0"));
    }
  }

  /** As distillation trainers save them: the model, and its moving average. */
  @Test
  void oneOfSeveralDictsIsChosenByName() throws IOException {
    PickleBuilder pickle = new PickleBuilder().ops("}");
    pickle.text("generator").ops("}").text("w");
    pickle.tensor(6, 0, new int[] {2}, new int[] {1}).ops("ss");
    pickle.text("generator_ema").ops("}").text("w");
    pickle.tensor(6, 2, new int[] {4}, new int[] {1}).ops("ss");
    pickle.text("critic").ops("}").text("state_dict").ops("}").text("v");
    pickle.tensor(6, 0, new int[] {3}, new int[] {1}).ops("sss.");
    Path path = Files.write(folder.resolve("self_forcing.pt"), pickle.file(24));
    assertThat(TestFiles.failure(path))
        .contains("3 dicts of tensors: generator, generator_ema, critic", "self_forcing.pt#critic");
    try (Checkpoint file = Checkpoints.open(folder.resolve("self_forcing.pt#generator_ema"))) {
      assertThat(file.info("w")).hasToString("w F32 [4]");
      assertThat(file.tensor("w").toFloats()).hasSize(4);
    }
    try (Checkpoint file = Checkpoints.open(folder.resolve("self_forcing.pt#critic"))) {
      assertThat(file.info("v")).hasToString("v F32 [3]");
    }
    TestFiles.failure(
        () -> Checkpoints.open(folder.resolve("self_forcing.pt#ema")),
        List.of(path.toString(), "no dict of tensors called 'ema'", "generator_ema"));
  }

  @Test
  void copiesOfViewsStayWithinTheFilesSize() throws IOException {
    PickleBuilder pickle = new PickleBuilder().ops("}").text("w");
    pickle.tensor(6, 0, new int[] {100, 1000}, new int[] {0, 0}).ops("s.");
    Path path = Files.write(folder.resolve("expanded.pth"), pickle.file(24));
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.info("w").bytes()).isEqualTo(400_000);
      TestFiles.failure(
          () -> file.tensor("w"), List.of(path.toString(), "'w'", "400000 bytes", ".contiguous()"));
    }
  }

  @Test
  void anExpandedViewThatFitsIsCopied() throws IOException {
    PickleBuilder pickle = new PickleBuilder().ops("}").text("w");
    pickle.tensor(6, 2, new int[] {3, 2}, new int[] {0, 1}).ops("s.");
    byte[] storage = new byte[24];
    ByteBuffer.wrap(storage).order(ByteOrder.LITTLE_ENDIAN).putFloat(8, 1.5f).putFloat(12, -2f);
    byte[] content =
        new ZipBuilder().add("m/data.pkl", pickle.bytes()).add("m/data/0", storage).build();
    Path path = Files.write(folder.resolve("view.pth"), content);
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.tensor("w").toFloats()).containsExactly(1.5f, -2f, 1.5f, -2f, 1.5f, -2f);
    }
  }

  private record Case(String what, PickleBuilder pickle) {
    Arguments says(String... parts) {
      return Arguments.of(what, pickle, parts);
    }
  }

  private interface Step {
    PickleBuilder apply(PickleBuilder pickle);
  }

  private static Case value(String what, Step value) {
    return new Case(what, value.apply(new PickleBuilder().ops("}").text("w")).ops("s."));
  }

  private static Case root(String what, Step root) {
    return new Case(what, root.apply(new PickleBuilder()).ops("."));
  }

  private static Case tensor(int count, int offset, int[] sizes, int[] strides) {
    String what = List.of(count, offset).toString() + Arrays.toString(sizes);
    return value(what, p -> p.tensor(count, offset, sizes, strides));
  }

  private static PickleBuilder untitled(PickleBuilder pickle) {
    return pickle.tensor(6, 0, new int[] {6}, new int[] {1}).ops("s");
  }
}
