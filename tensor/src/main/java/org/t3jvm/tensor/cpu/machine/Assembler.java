package org.t3jvm.tensor.cpu.machine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes x86-64 instructions: those that the kernels here consist of, operands in the order of
 * Intel's manuals, in the shortest encoding. Vectors are ZMM registers by number, 0 to 31, and
 * masks are K registers, 0 for none.
 *
 * <p>Encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2.
 */
final class Assembler {
  /** Bytes of a vector. */
  static final int VECTOR = 64;

  /** Prefixes that opcodes contain, as VEX and EVEX number them. */
  private static final int NONE = 0;

  private static final int P66 = 1;
  private static final int PF3 = 2;

  /** Opcode maps, as VEX and EVEX number them. */
  private static final int MAP_0F = 1;

  private static final int MAP_0F38 = 2;

  private byte[] code = new byte[1024];
  private int size;

  /** A place in the code, and the jumps to it from before. */
  static final class Label {
    private int place = -1;
    private int[] jumps = {};
  }

  /** The code so far. */
  byte[] code() {
    return Arrays.copyOf(code, size);
  }

  /** Bytes so far: where the next instruction starts. */
  int position() {
    return size;
  }

  /** Puts a label before the next instruction. */
  void place(Label label) {
    label.place = size;
    for (int jump : label.jumps) {
      patch(jump, size);
    }
  }

  void push(Register r) {
    shortForm(0x50, r);
  }

  void pop(Register r) {
    shortForm(0x58, r);
  }

  void ret() {
    bytes(0xC3);
  }

  /** {@code target = source}. */
  void mov(Register target, Register source) {
    registers(0x89, source, target);
  }

  /** {@code target = value}, zero-extended. */
  void mov(Register target, int value) {
    shortForm(0xB8, target);
    int32(value);
  }

  /** 64 bits from memory. */
  void mov(Register target, Address source) {
    memory(1, 0x8B, target, source);
  }

  /** The lower 32 bits of a register to memory. */
  void movd(Address target, Register source) {
    memory(0, 0x89, source, target);
  }

  void lea(Register target, Address address) {
    memory(1, 0x8D, target, address);
  }

  void add(Register target, Register source) {
    registers(0x01, source, target);
  }

  void add(Register target, int value) {
    immediate(0, target, value);
  }

  void sub(Register target, int value) {
    immediate(5, target, value);
  }

  /** Unsigned shift right. */
  void shr(Register target, int bits) {
    rex(1, 0, 0, target.high());
    bytes(0xC1, modRegister(5, target.low()), bits);
  }

  /** Sets the flags of {@code a & b}. */
  void test(Register a, Register b) {
    registers(0x85, b, a);
  }

  /** Jumps if the last result was zero. */
  void jz(Label label) {
    bytes(0x0F, 0x84);
    jump(label);
  }

  /** Jumps if the last result was not zero. */
  void jnz(Label label) {
    bytes(0x0F, 0x85);
    jump(label);
  }

  void cpuid() {
    bytes(0x0F, 0xA2);
  }

  void xgetbv() {
    bytes(0x0F, 0x01, 0xD0);
  }

  void vzeroupper() {
    bytes(0xC5, 0xF8, 0x77);
  }

  /** Bits of a mask from the lower half of a register. */
  void kmovw(int mask, Register source) {
    int prefix = 0x78;
    if (source.high() == 0) {
      bytes(0xC5, 0x80 | prefix);
    } else {
      bytes(0xC4, 0xC0 | MAP_0F, prefix);
    }
    bytes(0x92, modRegister(mask, source.low()));
  }

  /** 16 floats of any alignment; lanes outside of the mask are neither read nor kept. */
  void vmovups(int target, Address source, int mask) {
    evex(MAP_0F, NONE, 0x10, target, 0, source, VECTOR, mask, mask != 0);
  }

  /** Stores the lanes of a mask; others are not touched. */
  void vmovups(Address target, int source, int mask) {
    evex(MAP_0F, NONE, 0x11, source, 0, target, VECTOR, mask, false);
  }

  /** One 32-bit number to all lanes. */
  void vpbroadcastd(int target, Address source) {
    evex(MAP_0F38, P66, 0x58, target, 0, source, Integer.BYTES, 0, false);
  }

  void vpxord(int target, int a, int b) {
    evex(MAP_0F, P66, 0xEF, target, a, b);
  }

  /**
   * Adds the products of pairs of BF16 numbers to floats: of each pair the upper one first, each
   * product and sum rounded once.
   */
  void vdpbf16ps(int sums, int a, int b) {
    evex(MAP_0F38, PF3, 0x52, sums, a, b);
  }

  /** Adds products of floats to floats, each product and sum rounded once. */
  void vfmadd231ps(int sums, int a, int b) {
    evex(MAP_0F38, P66, 0xB8, sums, a, b);
  }

  /** Adds the products of four unsigned bytes of each lane and signed ones to 32-bit numbers. */
  void vpdpbusd(int sums, int unsigned, int signed) {
    evex(MAP_0F38, P66, 0x50, sums, unsigned, signed);
  }

  void vmulps(int target, int a, int b) {
    evex(MAP_0F, NONE, 0x59, target, a, b);
  }

  /** 32-bit numbers as floats. */
  void vcvtdq2ps(int target, int source) {
    evex(MAP_0F, NONE, 0x5B, target, 0, source);
  }

  private void registers(int opcode, Register reg, Register rm) {
    rex(1, reg.high(), 0, rm.high());
    bytes(opcode, modRegister(reg.low(), rm.low()));
  }

  private void immediate(int operation, Register target, int value) {
    rex(1, 0, 0, target.high());
    if (isByte(value)) {
      bytes(0x83, modRegister(operation, target.low()), value);
    } else if (target == Register.RAX) {
      bytes(operation << 3 | 5);
      int32(value);
    } else {
      bytes(0x81, modRegister(operation, target.low()));
      int32(value);
    }
  }

  private void memory(int wide, int opcode, Register reg, Address address) {
    Register index = address.index();
    int rex =
        wide << 3
            | reg.high() << 2
            | (index == null ? 0 : index.high() << 1)
            | address.base().high();
    if (rex != 0) {
      bytes(0x40 | rex);
    }
    bytes(opcode);
    operand(reg.low(), address, 1);
  }

  private void shortForm(int opcode, Register r) {
    if (r.high() != 0) {
      bytes(0x41);
    }
    bytes(opcode | r.low());
  }

  private void rex(int w, int r, int x, int b) {
    bytes(0x40 | w << 3 | r << 2 | x << 1 | b);
  }

  private static int modRegister(int reg, int rm) {
    return 0xC0 | (reg & 7) << 3 | (rm & 7);
  }

  private void evex(int map, int prefix, int opcode, int reg, int second, int rm) {
    evexPrefix(map, prefix, reg, second, rm >> 3 & 1, rm >> 4 & 1, 0, false);
    bytes(opcode, modRegister(reg, rm));
  }

  private void evex(
      int map,
      int prefix,
      int opcode,
      int reg,
      int second,
      Address address,
      int unit,
      int mask,
      boolean zeroes) {
    Register index = address.index();
    int x = index == null ? 0 : index.high();
    evexPrefix(map, prefix, reg, second, address.base().high(), x, mask, zeroes);
    bytes(opcode);
    operand(reg & 7, address, unit);
  }

  /** The four bytes before an opcode; register numbers are in them inverted. */
  private void evexPrefix(
      int map, int prefix, int reg, int second, int b, int x, int mask, boolean zeroes) {
    int r = reg >> 3 & 1;
    int r2 = reg >> 4 & 1;
    int bits512 = 2;
    bytes(
        0x62,
        (1 - r) << 7 | (1 - x) << 6 | (1 - b) << 5 | (1 - r2) << 4 | map,
        (~second & 15) << 3 | 4 | prefix,
        (zeroes ? 0x80 : 0) | bits512 << 5 | (1 - (second >> 4 & 1)) << 3 | mask);
  }

  /**
   * The bytes of an operand in memory.
   *
   * @param unit bytes that a displacement of one byte counts in
   */
  private void operand(int reg, Address address, int unit) {
    int base = address.base().low();
    @Nullable Register index = address.index();
    int displacement = address.displacement();
    boolean small = displacement % unit == 0 && isByte(displacement / unit);
    // With these as base, no displacement at all would mean something else.
    boolean none = displacement == 0 && base != Register.RBP.low();
    int mod = none ? 0 : small ? 1 : 2;
    if (index == null && base != Register.RSP.low()) {
      bytes(mod << 6 | reg << 3 | base);
    } else {
      int noIndex = Register.RSP.low();
      int scale = Integer.numberOfTrailingZeros(address.scale());
      bytes(
          mod << 6 | reg << 3 | Register.RSP.low(),
          scale << 6 | (index == null ? noIndex : index.low()) << 3 | base);
    }
    if (mod == 1) {
      bytes(displacement / unit);
    } else if (mod == 2) {
      int32(displacement);
    }
  }

  private static boolean isByte(int value) {
    return value == (byte) value;
  }

  private void jump(Label label) {
    if (label.place < 0) {
      label.jumps = Arrays.copyOf(label.jumps, label.jumps.length + 1);
      label.jumps[label.jumps.length - 1] = size;
    }
    int32(0);
    if (label.place >= 0) {
      patch(size - Integer.BYTES, label.place);
    }
  }

  /** Makes the jump whose distance lies at {@code jump} lead to {@code place}. */
  private void patch(int jump, int place) {
    int distance = place - (jump + Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      code[jump + i] = (byte) (distance >> (8 * i));
    }
  }

  private void int32(int value) {
    bytes(value, value >> 8, value >> 16, value >> 24);
  }

  private void bytes(int... values) {
    if (size + values.length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
    for (int value : values) {
      code[size++] = (byte) value;
    }
  }
}
