package org.t3jvm.tensor.cpu.rounded;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.cpu.machine.Machine;
import org.t3jvm.tensor.cpu.machine.TileCode;
import org.t3jvm.tensor.cpu.machine.TileKind;

/** Each kind of kernels that runs here. */
final class TestTiles {
  private TestTiles() {}

  static Map<String, Tiles> all(TileKind kind) {
    Map<String, Tiles> all = new LinkedHashMap<>();
    all.put("vector", kind == TileKind.BF16 ? new VectorTiles() : new VectorBlocks());
    TileCode code = Machine.of(kind).tiles();
    if (code == null) {
      System.out.println(Machine.of(kind).description());
    } else {
      all.put("machine", new MachineTiles(code));
    }
    return all;
  }
}
