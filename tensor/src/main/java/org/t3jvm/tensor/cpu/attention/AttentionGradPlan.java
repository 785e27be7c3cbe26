package org.t3jvm.tensor.cpu.attention;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;
import org.t3jvm.tensor.graph.Value;

/**
 * Where the gradients of an attention lie, and how its work is divided; floats from the start of
 * the result, of the saved attention or of the temporary memory. The latter starts with what {@link
 * GradientMeans} leaves, [heads, Nq].
 *
 * @param tiles of the pass, with their keys in blocks
 * @param splits parts that a tile's key blocks are divided into
 */
record AttentionGradPlan(
    GradientOp.AttentionGrad grad, Value out, List<TileBlocks> tiles, int splits) {
  /**
   * A tile with its keys in blocks.
   *
   * @param queries rows of q
   * @param keys of the tile, in blocks that its tasks divide among them
   */
  record TileBlocks(RowBox queries, List<KeyBlocks> keys) {}

  /** Tasks of a head's single tile, where its keys suffice. */
  private static final int TASKS = 32;

  static AttentionGradPlan of(GradientOp.AttentionGrad grad, Value out, RowMap.Pass pass) {
    int most = GradBlocks.of(grad.attention().headDim()).keysAtMost();
    List<TileBlocks> tiles = new ArrayList<>();
    for (RowMap.Tile tile : pass.tiles()) {
      tiles.add(new TileBlocks(tile.queries(), KeyBlocks.of(tile, most)));
    }
    int wanted = Math.ceilDiv(TASKS, grad.attention().heads());
    int splits =
        tiles.size() == 1 ? Math.clamp(wanted, 1, Math.max(1, tiles.getFirst().keys().size())) : 1;
    return new AttentionGradPlan(grad, out, tiles, splits);
  }

  private long queryElements() {
    return grad.attention().q().shape().elements();
  }

  private long keyElements() {
    return grad.attention().k().shape().elements();
  }

  /** Start of the logarithms of the sums, in the saved attention. */
  long logSums() {
    return queryElements();
  }

  /** Start of the keys' gradients, in the result. */
  long atK() {
    return queryElements();
  }

  /** Start of the values' gradients, in the result. */
  long atV() {
    return atK() + keyElements();
  }

  /** Start of the scores' gradients, in the result. */
  long atScores() {
    return atV() + keyElements();
  }

  /** Start of the query gradients of a part, in the temporary memory. */
  long partial(int split) {
    return means() + split * queryElements();
  }

  private long means() {
    return grad.attention().heads() * grad.attention().q().shape().dim(0);
  }

  long temporaryBytes() {
    return (splits == 1 ? means() : partial(splits)) * Float.BYTES;
  }
}
