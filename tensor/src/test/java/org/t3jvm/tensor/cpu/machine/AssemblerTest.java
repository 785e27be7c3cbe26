package org.t3jvm.tensor.cpu.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Every instruction, byte for byte, against what GNU as made of the same text: {@code
 * encodings.txt}, whose head says how it was made.
 */
class AssemblerTest {
  private static final int[] VECTORS = {0, 7, 8, 15, 16, 23, 24, 31};

  private final Map<String, byte[]> emitted = new LinkedHashMap<>();

  private void add(String text, Consumer<Assembler> instruction) {
    Assembler a = new Assembler();
    instruction.accept(a);
    emitted.put(text, a.code());
  }

  private static String name(Register r) {
    return r.name().toLowerCase(Locale.ROOT);
  }

  private static String name32(Register r) {
    String name = name(r);
    return r.high() == 1 ? name + "d" : "e" + name.substring(1);
  }

  private static String text(Address address) {
    Register index = address.index();
    return "[%s%s%s]"
        .formatted(
            name(address.base()),
            index == null ? "" : "+%s*%d".formatted(name(index), address.scale()),
            address.displacement() == 0 ? "" : "%+d".formatted(address.displacement()));
  }

  private static String vector(Address address) {
    return "ZMMWORD PTR " + text(address);
  }

  private static List<Address> addresses(int unit) {
    List<Address> addresses = new ArrayList<>();
    for (Register base : Register.values()) {
      addresses.add(Address.of(base, 0));
      for (int displacement : new int[] {unit, -128 * unit, 128 * unit, 1}) {
        addresses.add(Address.of(base, displacement));
      }
      addresses.add(Address.of(base, Register.RBP, 1 << base.low() % 4));
      addresses.add(Address.of(base, Register.R12, 4).plus(unit));
      addresses.add(Address.of(base, Register.R13, 8).plus(-5000));
    }
    return addresses;
  }

  private void addAll() {
    for (Register r : Register.values()) {
      add("push " + name(r), a -> a.push(r));
      add("pop " + name(r), a -> a.pop(r));
      add("mov %s, 7".formatted(name32(r)), a -> a.mov(r, 7));
      add("kmovw k%d, %s".formatted(1 + r.low() % 7, name32(r)), a -> a.kmovw(1 + r.low() % 7, r));
      add("shr %s, 16".formatted(name(r)), a -> a.shr(r, 16));
      for (int value : new int[] {1, 127, -128, 128, -640, 100000}) {
        add("add %s, %d".formatted(name(r), value), a -> a.add(r, value));
        add("sub %s, %d".formatted(name(r), value), a -> a.sub(r, value));
      }
      for (Register s : List.of(Register.RAX, Register.RSP, Register.RDI, Register.R12)) {
        add("mov %s, %s".formatted(name(r), name(s)), a -> a.mov(r, s));
        add("add %s, %s".formatted(name(r), name(s)), a -> a.add(r, s));
        add("test %s, %s".formatted(name(r), name(s)), a -> a.test(r, s));
      }
    }
    add("ret", Assembler::ret);
    add("cpuid", Assembler::cpuid);
    add("xgetbv", Assembler::xgetbv);
    add("vzeroupper", Assembler::vzeroupper);
    addJumps();
    addMemory();
    addVectors();
  }

  private void addJumps() {
    add(
        "1: {disp32} jnz 1b; {disp32} jz 1b; {disp32} jz 2f; {disp32} jnz 2f; ret; 2:",
        a -> {
          Assembler.Label start = new Assembler.Label();
          Assembler.Label end = new Assembler.Label();
          a.place(start);
          a.jnz(start);
          a.jz(start);
          a.jz(end);
          a.jnz(end);
          a.ret();
          a.place(end);
        });
  }

  private void addMemory() {
    List<Register> registers = List.of(Register.values());
    int next = 0;
    for (Address address : addresses(1)) {
      Register r = registers.get(next++ % registers.size());
      add("mov %s, %s".formatted(name(r), text(address)), a -> a.mov(r, address));
      add("mov %s, %s".formatted(text(address), name32(r)), a -> a.movd(address, r));
      add("lea %s, %s".formatted(name(r), text(address)), a -> a.lea(r, address));
    }
  }

  private void addVectors() {
    for (int x : VECTORS) {
      for (int y : VECTORS) {
        int z = (x + y + 5) % 32;
        add("vpxord zmm%d, zmm%d, zmm%d".formatted(x, y, z), a -> a.vpxord(x, y, z));
        add("vdpbf16ps zmm%d, zmm%d, zmm%d".formatted(x, y, z), a -> a.vdpbf16ps(x, y, z));
        add("vfmadd231ps zmm%d, zmm%d, zmm%d".formatted(x, y, z), a -> a.vfmadd231ps(x, y, z));
        add("vpdpbusd zmm%d, zmm%d, zmm%d".formatted(x, y, z), a -> a.vpdpbusd(x, y, z));
        add("vmulps zmm%d, zmm%d, zmm%d".formatted(x, y, z), a -> a.vmulps(x, y, z));
        add("vcvtdq2ps zmm%d, zmm%d".formatted(x, y), a -> a.vcvtdq2ps(x, y));
      }
    }
    int next = 0;
    for (Address at : addresses(Assembler.VECTOR)) {
      int x = next++ % 32;
      int k = 1 + x % 7;
      add("vmovups zmm%d, %s".formatted(x, vector(at)), a -> a.vmovups(x, at, 0));
      add("vmovups zmm%d{k%d}{z}, %s".formatted(x, k, vector(at)), a -> a.vmovups(x, at, k));
      add("vmovups %s, zmm%d".formatted(vector(at), x), a -> a.vmovups(at, x, 0));
      add("vmovups %s{k%d}, zmm%d".formatted(vector(at), k, x), a -> a.vmovups(at, x, k));
    }
    for (Address at : addresses(Integer.BYTES)) {
      int x = next++ % 32;
      add("vpbroadcastd zmm%d, DWORD PTR %s".formatted(x, text(at)), a -> a.vpbroadcastd(x, at));
    }
  }

  @Test
  void agreesWithGnuAs() throws IOException {
    addAll();
    String write = System.getProperty("t3.encodings.write");
    if (write != null) {
      try (PrintStream out = new PrintStream(write, StandardCharsets.UTF_8)) {
        out.println(".intel_syntax noprefix");
        emitted.keySet().forEach(out::println);
      }
      return;
    }
    Map<String, String> expected = expected();
    Map<String, String> actual = new LinkedHashMap<>();
    emitted.forEach((text, code) -> actual.put(text, HexFormat.of().formatHex(code)));
    assertThat(actual).containsExactlyInAnyOrderEntriesOf(expected);
  }

  private static Map<String, String> expected() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    try (InputStream in =
        Objects.requireNonNull(AssemblerTest.class.getResourceAsStream("encodings.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          String[] parts = line.split("\t", 2);
          expected.put(parts[1], parts[0]);
        }
      }
    }
    return expected;
  }

  @Test
  void refusesWhatCannotBeEncoded() {
    assertThatThrownBy(() -> Address.of(Register.RAX, Register.RSP, 1))
        .hasMessageContaining("RSP is no index");
    assertThatThrownBy(() -> Address.of(Register.RAX, Register.RAX, 3))
        .hasMessageContaining("not 3");
  }
}
