package org.t3jvm.model.train.run;

import java.io.IOException;
import java.util.Map;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;

/** Which weights of a transformer are trained, where they come from, and where they go. */
interface DitWeights extends AutoCloseable {
  DitConfig config();

  /** Weights that the training starts from, F32, all that it changes. */
  Map<String, Tensor> initial() throws IOException;

  /** Parameters that stay as they are. */
  Parameters frozen();

  /** The parameters of a graph over the weights that are trained. */
  ParameterTypes types(Map<String, Tensor> weights);

  /** The graph that is trained, made of the transformer's with its loss. */
  Graph over(Graph traced);

  /** Writes what was trained; files that {@code --t3} takes get the metadata. */
  void write(Map<String, Tensor> weights, Map<String, String> metadata) throws IOException;

  @Override
  void close();
}
