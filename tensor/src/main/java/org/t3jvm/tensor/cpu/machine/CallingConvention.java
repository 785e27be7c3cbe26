package org.t3jvm.tensor.cpu.machine;

import java.util.List;
import java.util.Locale;

/**
 * Where a function called from C finds integer arguments, and which registers it must give back as
 * it found them.
 *
 * @param arguments registers of the first arguments
 * @param shadow bytes on the stack between the return address and further arguments
 * @param kept registers to give back
 * @param firstKeptVector first of the vectors up to 15 whose lower parts are to be given back
 */
record CallingConvention(
    List<Register> arguments, int shadow, List<Register> kept, int firstKeptVector) {
  /** Linux and other systems: System V ABI, AMD64 supplement, section 3.2. */
  static final CallingConvention SYSTEM_V =
      new CallingConvention(
          List.of(Register.RDI, Register.RSI, Register.RDX, Register.RCX, Register.R8, Register.R9),
          0,
          List.of(
              Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14, Register.R15),
          32);

  /** Windows: "x64 calling convention" of Microsoft's C++ reference. */
  static final CallingConvention WINDOWS =
      new CallingConvention(
          List.of(Register.RCX, Register.RDX, Register.R8, Register.R9),
          32,
          List.of(
              Register.RBX,
              Register.RBP,
              Register.RSI,
              Register.RDI,
              Register.R12,
              Register.R13,
              Register.R14,
              Register.R15),
          6);

  /** Vectors that no convention keeps, whatever the low ones do. */
  private static final int FIRST_HIGH_VECTOR = 16;

  /** The convention of this system. */
  static CallingConvention ofSystem() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return system.startsWith("windows") ? WINDOWS : SYSTEM_V;
  }

  /** Where the argument of a number is at entry, if a register holds it. */
  Register argument(int number) {
    return arguments.get(number);
  }

  /**
   * Starts a function that may use all registers, and puts its arguments where it wants them.
   *
   * @param targets a register for each argument, none of those that hold arguments at entry
   */
  void enter(Assembler a, List<Register> targets) {
    kept.forEach(a::push);
    int vectors = keptVectors();
    if (vectors > 0) {
      a.sub(Register.RSP, vectors * Assembler.VECTOR);
    }
    for (int i = 0; i < vectors; i++) {
      a.vmovups(Address.of(Register.RSP, i * Assembler.VECTOR), firstKeptVector + i, 0);
    }
    int pushed = kept.size() * Long.BYTES + vectors * Assembler.VECTOR;
    int onStack = pushed + Long.BYTES + shadow;
    for (int i = 0; i < targets.size(); i++) {
      if (i < arguments.size()) {
        a.mov(targets.get(i), arguments.get(i));
      } else {
        int place = onStack + (i - arguments.size()) * Long.BYTES;
        a.mov(targets.get(i), Address.of(Register.RSP, place));
      }
    }
  }

  /** Ends such a function. */
  void leave(Assembler a) {
    int vectors = keptVectors();
    for (int i = 0; i < vectors; i++) {
      a.vmovups(firstKeptVector + i, Address.of(Register.RSP, i * Assembler.VECTOR), 0);
    }
    if (vectors > 0) {
      a.add(Register.RSP, vectors * Assembler.VECTOR);
    }
    a.vzeroupper();
    kept.reversed().forEach(a::pop);
    a.ret();
  }

  /** Vectors whose lowest 128 bits are to be given back; whole ones are stored, for brevity. */
  private int keptVectors() {
    return Math.max(0, FIRST_HIGH_VECTOR - firstKeptVector);
  }
}
