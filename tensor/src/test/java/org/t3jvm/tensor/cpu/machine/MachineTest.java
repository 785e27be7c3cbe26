package org.t3jvm.tensor.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.tensor.backend.BackendException;

/** Which kernels are used, where, and what is said about it. */
class MachineTest {
  private static final CpuFeatures ZEN_4 =
      new CpuFeatures(16, 1 << 27, 1 << 16 | 1 << 30, 1 << 11, 0, 1 << 5, 0xE7);

  /** Pages that can be written and never executed. */
  private record Refusing(Pages pages) implements Pages {
    @Override
    public MemorySegment map(long bytes) {
      return pages.map(bytes);
    }

    @Override
    public void makeExecutable(MemorySegment memory) {
      throw new Refused("mprotect failed, errno 13");
    }

    @Override
    public void unmap(MemorySegment memory) {
      pages.unmap(memory);
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysWhatItUses(TileKind kind) {
    Machine machine = Machine.of(kind);
    String name = kind == TileKind.BF16 ? "AVX512_BF16" : "AVX512_VNNI";
    assertThat(machine.description())
        .isEqualTo(
            machine.tiles() == null ? machine.description() : "emitted %s code".formatted(name));
    System.out.println(machine.description());
  }

  @Test
  void usesNothingWhereThePropertySaysSo() {
    Machine machine = Machine.of(TileKind.BF16, "off", Pages::ofSystem, pages -> ZEN_4);
    assertThat(machine.tiles()).isNull();
    assertThat(machine.description()).contains("-Dt3.machine=off");
    assertThatThrownBy(() -> Machine.of(TileKind.BF16, "no", Pages::ofSystem, pages -> ZEN_4))
        .isInstanceOf(BackendException.class)
        .hasMessage("system property t3.machine is 'no', it must be on or off");
  }

  @Test
  void usesNothingThatTheProcessorLacks() {
    CpuFeatures skylake = new CpuFeatures(22, 1 << 27, 1 << 16 | 1 << 30, 0, 0, 0, 0xE7);
    CpuFeatures old = new CpuFeatures(1, 0, -1, -1, -1, -1, 0);
    CpuFeatures unsaved = new CpuFeatures(16, 0, 1 << 16 | 1 << 30, 0, 0, 1 << 5, 0);
    assertThat(ZEN_4.missing(TileKind.BF16)).isEmpty();
    assertThat(ZEN_4.missing(TileKind.INT8)).isEmpty();
    CpuFeatures iceLake = new CpuFeatures(27, 1 << 27, 1 << 16 | 1 << 30, 1 << 11, 0, 0, 0xE7);
    assertThat(description(skylake)).endsWith("the processor has no AVX512_BF16");
    assertThat(description(iceLake)).endsWith("the processor has no AVX512_BF16");
    assertThat(iceLake.missing(TileKind.INT8)).isEmpty();
    assertThat(skylake.missing(TileKind.INT8)).containsExactly("AVX512_VNNI");
    assertThat(description(old)).endsWith("no AVX512F, no AVX512BW, no AVX512_BF16");
    assertThat(description(unsaved)).endsWith("512 bits, which the system does not save");
  }

  private static String description(CpuFeatures features) {
    Machine machine =
        Machine.of(TileKind.BF16, null, () -> new Refusing(Pages.ofSystem()), pages -> features);
    assertThat(machine.tiles()).isNull();
    return machine.description();
  }

  @Test
  void usesNothingWhereMemoryCannotBeExecuted() {
    requireLinux();
    assertThat(description(ZEN_4))
        .isEqualTo(
            "Vector API kernels, emitted code is not used: the system does not let emitted code"
                + " run: mprotect failed, errno 13");
  }

  private static void requireLinux() {
    Assumptions.assumeTrue(System.getProperty("os.name", "").startsWith("Linux"));
  }
}
