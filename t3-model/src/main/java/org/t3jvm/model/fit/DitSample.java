package org.t3jvm.model.fit;

import java.util.HashMap;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Region;

/** A pass of the DiT with as few blocks as have one of each sort, which stand for all. */
final class DitSample {
  /** On two paths the first block, the last one and those between differ. */
  private static final int SORTS_ON_TWO_PATHS = 3;

  private DitSample() {}

  /** How many blocks that takes. */
  static int layers(DitConfig config, SelfAttentionPlan plan, Dit.Job job) {
    int kinds = plan.kinds(config.layers());
    return switch (job.paths()) {
      case ONE, KEPT -> kinds;
      case TWO, TWO_KEPT -> Math.min(config.layers(), SORTS_ON_TWO_PATHS);
    };
  }

  /** The operations of a pass with all of its blocks, from shapes alone. */
  static Work work(DitConfig config, SelfAttentionPlan plan, ParameterTypes types, Dit.Job job) {
    Graph graph =
        Dit.graph(config.withLayers(layers(config, plan, job)), plan, types, job, Taps.NONE);
    Map<String, Work> blocks = new HashMap<>();
    Work work = Work.of(graph);
    for (Region region : graph.regions()) {
      Work block = Work.of(graph, region.first(), region.end());
      blocks.put(region.kind(), block);
      work = work.plus(block.times(-1));
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      work = work.plus(blocks.getOrDefault(kind(config, plan, job, layer), Work.NONE));
    }
    return work;
  }

  private static String kind(DitConfig config, SelfAttentionPlan plan, Dit.Job job, int layer) {
    return Dit.blockKind(plan, job, layer, config.layers());
  }
}
