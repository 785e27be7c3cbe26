package org.t3jvm.tensor.cpu.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Code can be executed and not written, until it is closed; a system may refuse. */
class ExecutableMemoryTest {
  @BeforeEach
  void requireLinuxOnX86() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        System.getProperty("os.name", "").startsWith("Linux")
            && System.getProperty("os.arch", "").equals("amd64"));
  }

  /** {@code long f(long a[2])}: their sum. */
  private static byte[] sum() {
    Assembler a = new Assembler();
    a.mov(Register.RCX, Address.of(Register.RDI, 8));
    a.mov(Register.RAX, Address.of(Register.RDI, 0));
    a.add(Register.RAX, Register.RCX);
    a.ret();
    return a.code();
  }

  @Test
  void runsAndIsNeverWritableAtOnce() throws Throwable {
    long[] place = {0};
    Pages watched =
        new Pages() {
          private final Pages pages = new LinuxPages();

          @Override
          public MemorySegment map(long bytes) {
            MemorySegment memory = pages.map(bytes);
            place[0] = memory.address();
            assertThat(permissions(place[0])).isEqualTo("rw-p");
            return memory;
          }

          @Override
          public void makeExecutable(MemorySegment memory) {
            pages.makeExecutable(memory);
            assertThat(permissions(place[0])).isEqualTo("r-xp");
          }

          @Override
          public void unmap(MemorySegment memory) {
            pages.unmap(memory);
          }
        };
    try (ExecutableMemory code = ExecutableMemory.of(sum(), watched);
        Arena arena = Arena.ofConfined()) {
      MethodHandle f = code.function(0, FunctionDescriptor.of(JAVA_LONG, ADDRESS));
      assertThat((long) f.invokeExact(arena.allocateFrom(JAVA_LONG, 40, 2))).isEqualTo(42);
    }
    assertThat(permissions(place[0])).isNotEqualTo("r-xp");
  }

  /** Of the mapping that an address lies in, as {@code r-xp}; empty if in none. */
  private static String permissions(long address) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
        int dash = line.indexOf('-');
        int space = line.indexOf(' ');
        long start = Long.parseUnsignedLong(line, 0, dash, 16);
        long end = Long.parseUnsignedLong(line, dash + 1, space, 16);
        if (Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0) {
          return line.substring(space + 1, space + 5);
        }
      }
      return "";
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A filter of system calls, for one thread, makes the system itself refuse. */
  @Test
  void givesTheReasonWhereTheSystemRefuses() throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    refuseExecution();
                    Machine machine =
                        Machine.of(
                            TileKind.BF16,
                            null,
                            Pages::ofSystem,
                            pages -> CpuFeatures.read(pages, CallingConvention.SYSTEM_V));
                    assertThat(machine.tiles()).isNull();
                    assertThat(machine.description()).endsWith("run: mprotect failed, errno 13");
                    assertThatThrownBy(() -> ExecutableMemory.of(sum(), new LinuxPages()))
                        .isInstanceOf(Pages.Refused.class);
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    thread.join();
    assertThat(failure.get()).isNull();
  }

  /** seccomp(2): mprotect with PROT_EXEC fails with EACCES in this thread from now on. */
  private static void refuseExecution() {
    int load = 0x20;
    int equal = 0x15;
    int anyOf = 0x45;
    int give = 0x06;
    int allow = 0x7FFF0000;
    int deny = 0x0005000D;
    int mprotect = 10;
    // struct seccomp_data: the number at 0, the third argument at 32.
    List<int[]> filter =
        List.of(
            new int[] {load, 0, 0, 0},
            new int[] {equal, 0, 3, mprotect},
            new int[] {load, 0, 0, 32},
            new int[] {anyOf, 0, 1, 4},
            new int[] {give, 0, 0, deny},
            new int[] {give, 0, 0, allow});
    SystemCall prctl =
        new SystemCall(
            Linker.nativeLinker().defaultLookup(),
            "prctl",
            "errno",
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = arena.allocate(8L * filter.size(), 8);
      for (int i = 0; i < filter.size(); i++) {
        int[] f = filter.get(i);
        program.set(JAVA_SHORT, 8L * i, (short) f[0]);
        program.set(JAVA_BYTE, 8L * i + 2, (byte) f[1]);
        program.set(JAVA_BYTE, 8L * i + 3, (byte) f[2]);
        program.set(JAVA_INT, 8L * i + 4, f[3]);
      }
      MemorySegment header = arena.allocate(16, 8);
      header.set(JAVA_SHORT, 0, (short) filter.size());
      header.set(ADDRESS, 8, program);
      assertThat((int) prctl.call(38, 1L, 0L, 0L, 0L).value()).as("no new privileges").isZero();
      assertThat((int) prctl.call(22, 2L, header.address(), 0L, 0L).value()).as("filter").isZero();
    }
  }
}
