package org.t3jvm.tensor.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.backend.BackendException;

/** Which kernels are used, where, and what is said about it. */
class MachineTest {
  private static final CpuFeatures ZEN_4 =
      new CpuFeatures(16, 1 << 27, 1 << 16 | 1 << 30, 0, 0, 1 << 5, 0xE7);

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

  @Test
  void saysWhatItUses() {
    assertThat(Machine.current().description())
        .isEqualTo(
            Machine.current().tiles() == null
                ? Machine.current().description()
                : "emitted AVX512_BF16 code");
    System.out.println(Machine.current().description());
  }

  @Test
  void usesNothingWhereThePropertySaysSo() {
    Machine machine = Machine.of("off", Pages::ofSystem, pages -> ZEN_4);
    assertThat(machine.tiles()).isNull();
    assertThat(machine.description()).contains("-Dt3.machine=off");
    assertThatThrownBy(() -> Machine.of("no", Pages::ofSystem, pages -> ZEN_4))
        .isInstanceOf(BackendException.class)
        .hasMessage("system property t3.machine is 'no', it must be on or off");
  }

  @Test
  void usesNothingThatTheProcessorLacks() {
    CpuFeatures skylake = new CpuFeatures(22, 1 << 27, 1 << 16 | 1 << 30, 0, 0, 0, 0xE7);
    CpuFeatures old = new CpuFeatures(1, 0, -1, -1, -1, -1, 0);
    CpuFeatures unsaved = new CpuFeatures(16, 0, 1 << 16 | 1 << 30, 0, 0, 1 << 5, 0);
    assertThat(ZEN_4.missingForBFloat16()).isEmpty();
    assertThat(description(skylake)).endsWith("the processor has no AVX512_BF16");
    assertThat(description(old)).endsWith("no AVX512F, no AVX512BW, no AVX512_BF16");
    assertThat(description(unsaved)).endsWith("512 bits, which the system does not save");
  }

  private static String description(CpuFeatures features) {
    Machine machine = Machine.of(null, () -> new Refusing(Pages.ofSystem()), pages -> features);
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
