package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Value;

/**
 * Which steps run chunk by chunk of rows: each chain of {@link RowOps} over many rows, every step
 * the only reader of the one before. All but the last step's results exist for one chunk only, such
 * as the hidden tensor of a feed-forward network, which would be the largest of a model.
 */
public final class RowChunks {
  /** Rows of a chunk at most; so many that packing the weights for each is next to nothing. */
  public static final int ROWS = 8192;

  private final int rows;
  private final Map<Value, List<Value>> chains = new HashMap<>();
  private final Map<Value, Value> lasts = new HashMap<>();

  private RowChunks(int rows) {
    this.rows = rows;
  }

  /**
   * Finds the chains of a graph.
   *
   * @param needed by id, whether an output depends on a value
   * @param rows rows of a chunk at most; values of less than twice as many stay whole
   */
  static RowChunks of(Graph graph, Fusion fusion, boolean[] needed, int rows) {
    RowChunks chunks = new RowChunks(rows);
    int[] uses = Fusion.uses(graph, needed);
    for (Value value : graph.values()) {
      if (needed[value.id()] && !fusion.absorbed(value)) {
        chunks.extend(value, fusion, uses);
      }
    }
    chunks.chains.values().removeIf(chain -> chain.size() == 1);
    chunks.chains.forEach((last, chain) -> chain.forEach(step -> chunks.lasts.put(step, last)));
    return chunks;
  }

  /** Appends a step to the chain of a step that it reads by rows, or starts a chain with it. */
  private void extend(Value step, Fusion fusion, int[] uses) {
    for (Value member : fusion.chain(step)) {
      if (!RowOps.has(member) || member.shape().dim(0) < 2L * rows) {
        return;
      }
    }
    List<Value> chain = new ArrayList<>();
    for (Value member : fusion.chain(step)) {
      for (Value operand : RowOps.operands(member, true)) {
        if (chain.isEmpty() && uses[operand.id()] == 1 && chains.containsKey(operand)) {
          chain.addAll(chains.get(operand));
        }
      }
    }
    if (!chain.isEmpty()) {
      chains.remove(chain.getLast());
    }
    chain.add(step);
    chains.put(step, chain);
  }

  /**
   * Values of the last member's shape that a chain reads by rows only: when a chunk is done, no
   * later one reads its rows of them.
   */
  static List<Value> readByRows(List<Value> members) {
    Set<Value> whole = new HashSet<>();
    Set<Value> byRows = new LinkedHashSet<>();
    for (Value member : members) {
      whole.addAll(RowOps.operands(member, false));
      byRows.addAll(RowOps.operands(member, true));
    }
    Value last = members.getLast();
    return byRows.stream()
        .filter(v -> !members.contains(v) && !whole.contains(v))
        .filter(v -> v.shape().equals(last.shape()) && v.dtype() == last.dtype())
        .toList();
  }

  /** Rows of a chunk at most. */
  int rows() {
    return rows;
  }

  /** The step at which a step runs: itself, or the last of its chain. */
  Value last(Value step) {
    return lasts.getOrDefault(step, step);
  }

  /** The steps that run chunk by chunk and end with {@code last}; just itself if it runs whole. */
  List<Value> chain(Value last) {
    return chains.getOrDefault(last, List.of(last));
  }
}
