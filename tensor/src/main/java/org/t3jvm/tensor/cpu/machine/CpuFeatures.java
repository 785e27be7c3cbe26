package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What a processor of the x86-64 kind has, and the registers that the system saves.
 *
 * <p>Bits: Intel's manual, volume 2, CPUID, leaves 1 and 7, and volume 1, section 13.3 on XCR0.
 *
 * @param highestLeaf of CPUID
 * @param leaf1Ecx features of leaf 1
 * @param leaf7Ebx features of leaf 7, subleaf 0; {@code leaf7Ecx} and {@code leaf7Edx} likewise
 * @param leaf7Eax1 features of leaf 7, subleaf 1
 * @param xcr0 registers that the system saves, 0 if it does not say so
 */
record CpuFeatures(
    int highestLeaf,
    int leaf1Ecx,
    int leaf7Ebx,
    int leaf7Ecx,
    int leaf7Edx,
    int leaf7Eax1,
    int xcr0) {
  private static final int OSXSAVE = 27;
  private static final int AVX512F = 16;
  private static final int AVX512BW = 30;
  private static final int AVX512_BF16 = 5;
  private static final int AVX512_VNNI = 11;

  /** SSE, AVX, masks, upper halves of ZMM0 to 15, ZMM16 to 31. */
  private static final int SAVED_BY_512_BITS = 0xE6;

  private static final int LEAF_7 = 7;

  /** Asks the processor. Emitted code does, for Java has no such instruction. */
  static CpuFeatures read(Pages pages, CallingConvention convention) {
    Assembler a = new Assembler();
    emitCpuid(a, convention);
    int xgetbv = a.position();
    emitXgetbv(a, convention);
    FunctionDescriptor descriptor = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);
    try (ExecutableMemory code = ExecutableMemory.of(a.code(), pages);
        Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT, 7);
      call(code.function(0, descriptor), out);
      // Without this bit the instruction does not exist.
      if (has(out.getAtIndex(ValueLayout.JAVA_INT, 1), OSXSAVE)) {
        call(code.function(xgetbv, descriptor), out);
      }
      int[] words = out.toArray(ValueLayout.JAVA_INT);
      return new CpuFeatures(words[0], words[1], words[2], words[3], words[4], words[5], words[6]);
    }
  }

  private static void call(MethodHandle function, MemorySegment out) {
    try {
      function.invokeExact(out.address());
    } catch (Throwable e) {
      throw new IllegalStateException("reading the processor's features failed: " + e, e);
    }
  }

  /** {@code void f(int out[6])}. */
  private static void emitCpuid(Assembler a, CallingConvention convention) {
    Register out = Register.R10;
    a.push(Register.RBX);
    a.mov(out, convention.argument(0));
    leaf(a, 0, 0);
    a.movd(Address.of(out, 0), Register.RAX);
    leaf(a, 1, 0);
    a.movd(Address.of(out, 4), Register.RCX);
    leaf(a, LEAF_7, 0);
    a.movd(Address.of(out, 8), Register.RBX);
    a.movd(Address.of(out, 12), Register.RCX);
    a.movd(Address.of(out, 16), Register.RDX);
    leaf(a, LEAF_7, 1);
    a.movd(Address.of(out, 20), Register.RAX);
    a.pop(Register.RBX);
    a.ret();
  }

  private static void leaf(Assembler a, int leaf, int subleaf) {
    a.mov(Register.RAX, leaf);
    a.mov(Register.RCX, subleaf);
    a.cpuid();
  }

  /** {@code void f(int out[7])}, which sets the last. */
  private static void emitXgetbv(Assembler a, CallingConvention convention) {
    Register out = Register.R10;
    a.mov(out, convention.argument(0));
    a.mov(Register.RCX, 0);
    a.xgetbv();
    a.movd(Address.of(out, 24), Register.RAX);
    a.ret();
  }

  /** What the kernels of a kind need and is not there; nothing if all is. */
  List<String> missing(TileKind kind) {
    List<String> missing = new ArrayList<>();
    require(leaf7Ebx, AVX512F, "AVX512F", missing);
    require(leaf7Ebx, AVX512BW, "AVX512BW", missing);
    String feature = kind.kernel().feature();
    switch (kind) {
      case BF16 -> require(leaf7Eax1, AVX512_BF16, feature, missing);
      case INT8 -> require(leaf7Ecx, AVX512_VNNI, feature, missing);
    }
    if (missing.isEmpty() && (xcr0 & SAVED_BY_512_BITS) != SAVED_BY_512_BITS) {
      missing.add("registers of 512 bits, which the system does not save");
    }
    return missing;
  }

  private void require(int word, int bit, String name, List<String> missing) {
    if (highestLeaf < LEAF_7 || !has(word, bit)) {
      missing.add(name);
    }
  }

  private static boolean has(int word, int bit) {
    return (word >>> bit & 1) != 0;
  }
}
