package org.t3jvm.tensor.cpu.bf16;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.cpu.machine.Machine;

/** Each kind of kernels that runs here. */
final class TestTiles {
  private TestTiles() {}

  static Map<String, Tiles> all() {
    Map<String, Tiles> all = new LinkedHashMap<>();
    all.put("vector", new VectorTiles());
    if (Machine.current().tiles() == null) {
      System.out.println(Machine.current().description());
    } else {
      all.put("machine", Tiles.best());
    }
    return all;
  }
}
