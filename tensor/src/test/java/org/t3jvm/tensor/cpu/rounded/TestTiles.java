package org.t3jvm.tensor.cpu.rounded;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.cpu.machine.Machine;
import org.t3jvm.tensor.cpu.machine.TileCode;

/** Each kind of kernels that runs here. */
final class TestTiles {
  private TestTiles() {}

  static Map<String, Tiles> all() {
    Map<String, Tiles> all = new LinkedHashMap<>();
    all.put("vector", new VectorTiles());
    TileCode code = Machine.current().tiles();
    if (code == null) {
      System.out.println(Machine.current().description());
    } else {
      all.put("machine", new MachineTiles(code));
    }
    return all;
  }
}
